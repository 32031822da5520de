"""The page of a worksheet function as data, from its declaration and the documentation of its calculation.

The command line, docs/functions.md and any help within a spreadsheet program show the same page.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final

import numpy as np

from dhxl import errors
from dhxl.functions.arguments import Argument
from dhxl.functions.cells import LEFT_OUT, CellError, is_blank, is_range
from dhxl.functions.docstrings import Block, Documentation, documentation_of
from dhxl.functions.spec import REGISTRY, Example, WorksheetFunction
from dhxl.units import FRACTION

__all__ = [
    "ArgumentLine",
    "ErrorLine",
    "ExampleLine",
    "Page",
    "SampleRange",
    "description",
    "page",
    "shown_number",
    "table_notes",
    "upright",
    "wrapped_call",
]

Rows = Sequence[Sequence[str]]

EXACT: Final = 1e-9  # an example within it shows the number of its source, any other the number that is calculated
INLINE_CELLS: Final = 12  # of a row or column that stands in a formula
SHOWN_ROWS: Final = 36  # of a range that stands beside a formula
SHOWN_WHEN_CUT: Final = 3
LONG_DEFAULT: Final = 3  # values of a default that are shown
CUT: Final = "..."
_SHAPES: Final = {
    "number": "",
    "whole": "whole number",
    "text": "text",
    "vector": "row or column, each",
    "table": "table",
    "anything": "anything",
}
_ARRAY_SHAPE: Final = re.compile(r", shape \([^)]*\)")


@dataclass(frozen=True, slots=True)
class ArgumentLine:
    """An argument, or a column or row of a table: ``default`` is empty where it is required.

    ``allowed`` is what may come, in the unit; ``details`` and ``entries`` tell what stands in a table.
    """

    name: str
    text: str
    shape: str
    unit: str
    allowed: str
    optional: bool
    default: str
    details: str
    entries: tuple[ArgumentLine, ...]


@dataclass(frozen=True, slots=True)
class SampleRange:
    """A range of an example, by the name that stands for it in the formula; long ones are cut."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """A formula with what it gives; the ranges that are too large to stand in it, and a result that is one."""

    formula: str
    result: str
    source: str
    ranges: tuple[SampleRange, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """An error value and when it comes."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that is to be said of a worksheet function."""

    name: str
    category: str
    syntax: str
    summary: str
    arguments: tuple[ArgumentLine, ...]
    elementwise: bool
    shape: str
    result: str
    calculation: tuple[Block, ...]
    sources: tuple[str, ...]
    examples: tuple[ExampleLine, ...]
    errors: tuple[ErrorLine, ...]


@cache
def page(name: str) -> Page:
    """Return the page of a registered function.

    Examples
    --------
    >>> page("DH_LHD").result
    'MWh/(m·a)'
    >>> page("DH_LHD").examples[0].formula, page("DH_LHD").examples[0].result
    ('=DH_LHD(6000, 3000)', '2')
    """
    function = REGISTRY[name]
    names = {one.function.__name__: one.name for one in REGISTRY.values()}
    said = documentation_of(function.documentation, names)
    return Page(
        name=function.name,
        category=function.category,
        syntax=function.syntax,
        summary=function.summary,
        arguments=tuple(_argument(one, said.parameters.get(one.name, "")) for one in function.arguments),
        elementwise=function.elementwise,
        shape=function.result.shape,
        result=_result(function, said),
        calculation=said.details + said.notes,
        sources=said.references,
        examples=tuple(_example(function, one) for one in function.examples),
        errors=tuple(ErrorLine(getattr(errors, error).code, text) for error, text in said.raises),
    )


def description(name: str) -> dict[str, Any]:
    """Return the page of a registered function for programs, fit for JSON."""
    function = REGISTRY[name]
    known = dataclasses.asdict(page(name))
    for line, argument in zip(known["arguments"], function.arguments, strict=True):
        line["unit"] = argument.unit
        line["limits"] = argument.limits
        line["default"] = _plain(argument.default) if argument.optional else None
    known["calculation"] = [block.text for block in page(name).calculation]
    known["result"] = {"shape": known.pop("shape"), "unit": function.result.unit, "text": known["result"]}
    return known


def table_notes(one: Page) -> list[tuple[str, tuple[ArgumentLine, ...]]]:
    """Return what is said of the tables among the arguments, with the tables of which it is said.

    What another function's page tells of their entries is left to it.
    """
    tables = [argument for argument in one.arguments if argument.details or argument.entries]
    notes = []
    for details, alike in groupby(tables, key=lambda argument: argument.details):
        elsewhere = details.startswith("As for DH_")
        notes.append((details, tuple(dataclasses.replace(line, entries=()) if elsewhere else line for line in alike)))
    return notes


def upright(rows: Rows, most: int) -> tuple[Rows, bool]:
    """Return a table that has more columns than fit with its columns as rows, and whether that was done.

    Examples
    --------
    >>> upright([["dn", "pipe", "length_m"], ["100", "twin", "500"]], 2)
    ([('dn', '100'), ('pipe', 'twin'), ('length_m', '500')], True)
    """
    turned = len(rows[0]) > max(most, len(rows))
    return (list(zip(*rows, strict=True)), True) if turned else (rows, False)


def wrapped_call(syntax: str, width: int) -> str:
    """Return a call on as many lines as it needs, broken between arguments."""
    lines = [""]
    for word in syntax.split(" "):
        if len(lines[-1]) + len(word) > width:
            lines.append(" " * (syntax.index("(") + 1))
        lines[-1] += word + " "
    return "\n".join(line.rstrip() for line in lines)


def shown_number(x: float) -> str:
    """Return a number with six significant digits, or all digits of a large one.

    Examples
    --------
    >>> shown_number(2.0), shown_number(1 / 3), shown_number(1234567.5), shown_number(1e-7)
    ('2', '0.333333', '1234567.5', '1e-07')
    """
    text = f"{x:.6g}"
    return text if "e" not in text else f"{x:.12g}"


def _argument(argument: Argument, details: str = "") -> ArgumentLine:
    return ArgumentLine(
        name=argument.name,
        text=argument.text,
        shape=argument.shape,
        unit="" if argument.unit == FRACTION else argument.unit,
        allowed=_allowed(argument),
        optional=argument.optional,
        default=_default(argument.default) if argument.optional else "",
        details=details if argument.shape == "table" else "",
        entries=tuple(_argument(entry) for entry in argument.entries),
    )


def _allowed(argument: Argument) -> str:
    """Return what an argument takes beside its unit, as in ``0 to 20`` or ``whole number > 0``."""
    if argument.choices:
        return ", ".join(argument.choices)
    if argument.at_least is not None and argument.at_most is not None:
        limits = f"{argument.at_least:.12g} to {argument.at_most:.12g}"
    else:
        signs = ((">=", argument.at_least), (">", argument.above), ("<=", argument.at_most), ("<", argument.below))
        limits = ", ".join(f"{sign} {limit:.12g}" for sign, limit in signs if limit is not None)
    words = f"{_SHAPES[argument.shape]} {limits}" if limits else _SHAPES[argument.shape].removesuffix(", each")
    return words.strip()


def _default(value: Any) -> str:
    if value is None or value == np.inf:
        return "none"
    if not is_range(value):
        return _cell(value)
    first = ", ".join(map(_cell, value[:LONG_DEFAULT]))
    return first if len(value) <= LONG_DEFAULT else f"{first}, {CUT} ({len(value)} values)"


def _result(function: WorksheetFunction, said: Documentation) -> str:
    """Return what comes out: unit and a sentence, of which the documentation has the fuller one."""
    unit = "" if function.result.unit == FRACTION else function.result.unit
    text = _ARRAY_SHAPE.sub("", said.returns or function.result.text).rstrip(".")
    if not unit or re.match(rf"{re.escape(unit)}(?!\w)", text):
        return text
    starts_small = text[1:2].islower() or text[1:2] == " "
    return f"{unit}: {text[0].lower() if starts_small else text[0]}{text[1:]}" if text else unit


def _example(function: WorksheetFunction, example: Example) -> ExampleLine:
    ranges = []
    arguments = []
    for argument, cell in zip(function.arguments, example.cells, strict=False):
        if is_range(cell) and not _is_inline(cell):
            ranges.append(SampleRange(argument.name, _sample(cell)))
            arguments.append(argument.name)
        else:
            arguments.append(_spelled(cell))
    exact = example.rel <= EXACT
    result = example.result if exact else function(*example.cells)
    rounded = not exact and not is_range(result) and _shown(result) != _shown(example.result)
    printed = f"; source: {_shown(example.result)}" if rounded else ""
    while arguments and not arguments[-1]:
        arguments.pop()
    return ExampleLine(
        formula=f"={function.name}({', '.join(arguments)})",
        result="" if is_range(result) and not _is_inline(result) else _shown(result),
        source=example.source + printed,
        ranges=tuple(ranges),
        rows=_sample(result) if is_range(result) and not _is_inline(result) else (),
    )


def _rows(cells: Any) -> list[list[Any]]:
    return [list(row) if is_range(row) else [row] for row in cells]


def _is_inline(cells: Any) -> bool:
    """Return whether a range is short enough to stand in a formula: a row or a column of a few cells."""
    rows = _rows(cells)
    return min(len(rows), len(rows[0])) == 1 and len(rows) * len(rows[0]) <= INLINE_CELLS


def _sample(cells: Any) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a range as text; of a long one the first few and how many there are."""
    rows = _rows(cells)
    if len(rows) <= SHOWN_ROWS:
        return tuple(tuple(map(_cell, row)) for row in rows)
    rest = [f"{CUT} {len(rows)} rows", *[""] * (len(rows[0]) - 1)]
    return (*(tuple(map(_cell, row)) for row in rows[:SHOWN_WHEN_CUT]), tuple(rest))


def _shown(value: Any) -> str:
    """Return a result as text, a range as an array constant."""
    if not is_range(value):
        return _cell(value)
    return "{" + "; ".join(", ".join(map(_cell, row)) for row in _rows(value)) + "}"


def _spelled(cell: Any) -> str:
    """Return an argument as it is typed into a formula."""
    if is_range(cell):
        rows = _rows(cell)
        text = "; ".join(", ".join(_spelled(one) or '""' for one in row) for row in rows)
        return f"{{{text}}}" if len(rows) * len(rows[0]) > 1 else text
    if is_blank(cell) or cell is LEFT_OUT:
        return ""
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"'
    return f"{cell:.12g}" if not isinstance(cell, (bool, CellError)) else _cell(cell)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return shown_number(value) if isinstance(value, (int, float)) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
