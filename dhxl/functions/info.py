"""DH Info: what calculates here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

from dhxl.functions.arguments import anything
from dhxl.functions.cells import CellError, is_range
from dhxl.functions.spec import Result, example, worksheet_function

__all__ = ["WHY", "CellNote", "sentence", "version"]

WHY = "DH_WHY"


@dataclass(frozen=True, slots=True)
class CellNote:
    """The note on a cell whose value is right but worth a look; a host that keeps notes asks DH_WHY with it."""

    sentence: str


@cache
def _installed() -> str:
    return metadata.version("dhxl")


@worksheet_function(
    "DH_VERSION",
    category="DH Info",
    arguments=(anything("trigger", "Any cell: its changes make the function answer anew; its value does not matter"),),
    result=Result("text"),
    examples=(example(metadata.version("dhxl"), source="version of the installed package"),),
)
def version(trigger: Any = None) -> str:
    """Version of the dhxl that calculates; without dhxl the cell shows an error, so a workbook can tell.

    Parameters
    ----------
    trigger : any, optional
        Its changes make a spreadsheet ask again; its value does not matter.

    Returns
    -------
    str
        As in ``0.1.0``.

    Notes
    -----
    Answers whatever it is given, an error value too: a workbook asks by it whether dhxl is at
    hand (``=IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)``), and an error among its inputs must not look like dhxl
    missing, which would show saved results in place of the error.

    Examples
    --------
    >>> version() == metadata.version("dhxl")
    True
    """
    return _installed()


@worksheet_function(
    WHY,
    category="DH Info",
    arguments=(anything("cell", "The cell that shows an error value, of a range the first"),),
    result=Result("text"),
    examples=(example("no error", 2.0, source="a number is no error"),),
)
def sentence(cell: Any) -> str:
    """Sentence behind an error value of a DH_ function: what was wrong, what is allowed, and what came.

    Parameters
    ----------
    cell : any
        The cell that shows an error value, of a range the first one.

    Returns
    -------
    str
        ``no error`` where there is none. In headless runs a right answer that is worth a look has its note: the other
        rates where ``DH_IRR`` or ``DH_XIRR`` found several.

    Notes
    -----
    ``=DH_WHY(D12)`` beside a cell that shows an error says what is wrong with it. An error that a cell got from other
    cells has no sentence of its own: ask the cell where it began. So has a note only the cell that shows the answer
    as it is.

    Examples
    --------
    >>> sentence(CellError("#NUM!", "DH_IRR: flows_eur never change sign"))
    'DH_IRR: flows_eur never change sign'
    >>> sentence(CellError("#DIV/0!"))
    'no sentence: the error comes from a cell that this one refers to, or from a function that is not of dhxl'
    """
    while is_range(cell) and len(cell):
        cell = cell[0]
    if isinstance(cell, CellNote):
        return cell.sentence
    if not isinstance(cell, CellError):
        return "no error"
    return cell.message or (
        "no sentence: the error comes from a cell that this one refers to, or from a function that is not of dhxl"
    )
