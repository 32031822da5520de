"""DH Info: what calculates here."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

from dhxl.functions.arguments import anything
from dhxl.functions.spec import Result, example, worksheet_function


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
    The one function that answers whatever it is given, an error value too: a workbook asks by it whether dhxl is at
    hand (``=IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)``), and an error among its inputs must not look like dhxl
    missing, which would show saved results in place of the error.

    Examples
    --------
    >>> version() == metadata.version("dhxl")
    True
    """
    return _installed()
