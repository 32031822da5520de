"""Parts of cells and arrays: one row, one column, a block."""

from __future__ import annotations

from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.values import VALUE, Area, Areas, Grid, Scalar, Value, Wrong

__all__ = ["CALC", "block", "column", "line", "table", "vector"]

CALC: Final = CellError("#CALC!")  # an array without any element


def table(value: Value) -> Area | Grid:
    """Return cells or an array, of one value an array of one.

    Raises
    ------
    Wrong
        The value is an error value or a reference to several areas.
    """
    if isinstance(value, (Area, Grid)):
        return value
    if isinstance(value, Areas):
        raise Wrong(VALUE)
    if isinstance(value, CellError):
        raise Wrong(value)
    return Grid([[value]])


def column(of: Area | Grid, place: int) -> list[Scalar]:
    """Return the values of a column, counted from 0; blanks at its end may be missing."""
    if not of.rows or len(of.rows[0]) <= place:  # all rows are of the same length
        return []
    return [row[place] for row in of.rows]


def line(of: Area | Grid, place: int) -> list[Scalar]:
    """Return the values of a row, counted from 0; blanks at its end may be missing."""
    return list(of.rows[place]) if place < len(of.rows) else []


def vector(of: Area | Grid) -> list[Scalar] | None:
    """Return the values of a single row or column, None where there are several; blanks at its end may be missing."""
    if of.width == 1:
        return column(of, 0)
    return line(of, 0) if of.height == 1 else None


def block(of: Area | Grid, top: int, left: int, height: int, width: int) -> Area | Grid:
    """Return a part, its first row and column counted from 0: of cells it is cells again.

    Examples
    --------
    >>> block(Grid([[1.0, 2.0], [3.0, 4.0]]), 0, 1, 2, 1).rows
    [[2.0], [4.0]]
    """
    rows = [row[left : left + width] for row in of.rows[top : top + height]]
    if isinstance(of, Grid):
        return Grid(rows)
    row, col = of.first_row + top, of.first_col + left
    return Area(of.sheet, row, col, row + height - 1, col + width - 1, rows)
