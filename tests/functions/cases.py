"""Cells for every worksheet function, made from its first example."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dhxl.functions import REGISTRY
from dhxl.functions.arguments import Argument
from dhxl.functions.cells import LEFT_OUT, CellError, is_blank, is_range
from dhxl.functions.spec import WorksheetFunction

__all__ = [
    "FUNCTIONS",
    "NUMERIC",
    "example_cells",
    "faults",
    "given_cell",
    "non_finite",
    "replaced",
    "rows_of",
    "with_cell",
    "with_entry",
]

FUNCTIONS = tuple(REGISTRY.values())
NUMERIC = ("number", "whole", "vector")


def rows_of(cell: Any) -> list[list[Any]]:
    """Return a range as lists; a flat one is a column."""
    return [list(row) if is_range(row) else [row] for row in cell]


def example_cells(function: WorksheetFunction) -> list[Any]:
    """Return one cell or range for every argument: those of the first example, the others left out."""
    cells = [rows_of(cell) if is_range(cell) else cell for cell in function.examples[0].cells]
    return cells + [LEFT_OUT] * (len(function.arguments) - len(cells))


def given_cell(function: WorksheetFunction, argument: Argument) -> Any:
    """Return the example's cell or range for an argument, its default where the example has none or one cell only.

    None where neither is there.
    """
    cell = example_cells(function)[function.arguments.index(argument)]
    if is_blank(cell) or (is_range(argument.default) and not is_range(cell)):
        cell = argument.default
    return rows_of(cell) if is_range(cell) else cell


def with_cell(function: WorksheetFunction, argument: Argument, cell: Any) -> list[Any]:
    """Return the example's cells with another one for an argument."""
    cells = example_cells(function)
    cells[function.arguments.index(argument)] = cell
    return cells


def replaced(rows: Sequence[Sequence[Any]], row: int, column: int, value: Any) -> list[list[Any]]:
    """Return a range with another value in one cell."""
    changed = [list(entry) for entry in rows]
    changed[row][column] = value
    return changed


def with_entry(function: WorksheetFunction, argument: Argument, value: Any) -> list[Any]:
    """Return the example's cells with a value for an argument, of a vector for its last entry."""
    given = given_cell(function, argument)
    if argument.shape == "vector" and is_range(given):
        value = replaced(given, -1, -1, value)
    return with_cell(function, argument, value)


def faults(function: WorksheetFunction, answer: Any, code: str = "#VALUE!") -> list[str]:
    """Return the sentences of an error value, without the function's name before each."""
    assert isinstance(answer, CellError), answer
    assert answer.code == code, answer
    lines = answer.message.split("\n")
    assert all(line.startswith(f"{function.name}: ") for line in lines), lines
    return [line.removeprefix(f"{function.name}: ") for line in lines]


def non_finite(answer: Any) -> list[Any]:
    """Return what must never come out: numbers that are not finite, and anything that is no cell."""
    if isinstance(answer, CellError):
        return [] if answer.message else [answer]
    if isinstance(answer, list):
        return [fault for row in answer for value in row for fault in non_finite(value)]
    if isinstance(answer, float):
        return [] if math.isfinite(answer) else [answer]
    return [] if isinstance(answer, (str, bool)) else [answer]
