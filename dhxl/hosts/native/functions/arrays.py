"""Arrays made, cut, joined and shaped anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.shapes import CALC, block, table
from dhxl.hosts.native.library import flat, function
from dhxl.hosts.native.values import (
    MISSING,
    NA,
    NUM,
    VALUE,
    Area,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_number,
    finite,
    grid_of,
)

_MOST: Final = 1_048_576  # elements; a longer array than a column cannot be shown

_Rows = Sequence[Sequence[Scalar]]


def _whole(value: Scalar, default: int) -> int:
    return default if value is MISSING else int(as_number(value))


def _made(rows: _Rows) -> Value:
    """Return an array of rows, one value where it is the only one.

    Raises
    ------
    Wrong
        There is none.
    """
    if not rows or not rows[0]:
        raise Wrong(CALC)
    return Grid(rows) if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0]


def _turned(rows: _Rows) -> list[list[Scalar]]:
    return [list(col) for col in zip(*rows, strict=True)]


@function("SEQUENCE", "V V? V? V?")
def _sequence(rows: Scalar, cols: Scalar = MISSING, first: Scalar = MISSING, step: Scalar = MISSING) -> Value:
    height, width = _whole(rows, 1), _whole(cols, 1)
    if height < 0 or width < 0:
        raise Wrong(VALUE)
    if height == 0 or width == 0:
        raise Wrong(CALC)
    if height * width > _MOST:
        raise Wrong(VALUE)
    start = 1.0 if first is MISSING else as_number(first)
    by = 1.0 if step is MISSING else as_number(step)
    finite(start + by * height * width)
    return _made([[start + by * (row * width + col) for col in range(width)] for row in range(height)])


def _part(of: Area | Grid, top: int, left: int, height: int, width: int) -> Value:
    if height <= 0 or width <= 0:
        raise Wrong(CALC)
    part = block(of, top, left, height, width)
    return _made(part.rows) if isinstance(part, Grid) else part


def _taken(count: Scalar, size: int) -> tuple[int, int]:
    """Return the first place and the number of what TAKE leaves."""
    number = _whole(count, size)
    return (0, min(number, size)) if number >= 0 else (max(size + number, 0), min(-number, size))


def _dropped(count: Scalar, size: int) -> tuple[int, int]:
    number = _whole(count, 0)
    return (min(number, size), size - number) if number >= 0 else (0, size + number)


def _cut(way: Callable[[Scalar, int], tuple[int, int]], value: Value, rows: Scalar, cols: Scalar) -> Value:
    of = table(value)
    top, height = way(rows, of.height)
    left, width = way(cols, of.width)
    return _part(of, top, left, height, width)


@function("TAKE", "R V V?")
def _take(value: Value, rows: Scalar, cols: Scalar = MISSING) -> Value:
    return _cut(_taken, value, rows, cols)


@function("DROP", "R V V?")
def _drop(value: Value, rows: Scalar, cols: Scalar = MISSING) -> Value:
    return _cut(_dropped, value, rows, cols)


def _places(values: tuple[Value, ...], size: int) -> list[int]:
    """Return places counted from 0; those below 0 count from the end."""
    places = []
    for value in values:
        for one in flat(value):
            number = int(as_number(one))
            if number == 0 or abs(number) > size:
                raise Wrong(VALUE)
            places.append(number - 1 if number > 0 else size + number)
    return places


@function("CHOOSEROWS", "R R+")
def _choose_rows(value: Value, *numbers: Value) -> Value:
    rows = grid_of(table(value)).rows
    return _made([rows[place] for place in _places(numbers, len(rows))])


@function("CHOOSECOLS", "R R+")
def _choose_cols(value: Value, *numbers: Value) -> Value:
    of = grid_of(table(value))
    places = _places(numbers, of.width)
    return _made([[row[place] for place in places] for row in of.rows])


@function("VSTACK", "R+")
def _vstack(*values: Value) -> Value:
    grids = [grid_of(value) for value in values]
    width = max(grid.width for grid in grids)
    return _made([[*row, *[NA] * (width - len(row))] for grid in grids for row in grid.rows])


@function("HSTACK", "R+")
def _hstack(*values: Value) -> Value:
    grids = [grid_of(value) for value in values]
    height = max(grid.height for grid in grids)
    return _made(
        [
            [one for grid in grids for one in (grid.rows[row] if row < grid.height else [NA] * grid.width)]
            for row in range(height)
        ]
    )


def _listed(value: Value, skipping: Scalar, by_column: Scalar) -> list[Scalar]:
    of = grid_of(table(value))
    skips = _whole(skipping, 0)
    if not 0 <= skips <= 3:
        raise Wrong(VALUE)
    rows: _Rows = _turned(of.rows) if by_column is not MISSING and as_number(by_column) else of.rows
    found = [
        one
        for row in rows
        for one in row
        if not (skips & 1 and one is None) and not (skips & 2 and isinstance(one, CellError))
    ]
    if not found:
        raise Wrong(CALC)
    return found


@function("TOROW", "R V? V?")
def _to_row(value: Value, skipping: Scalar = MISSING, by_column: Scalar = MISSING) -> Value:
    return _made([_listed(value, skipping, by_column)])


@function("TOCOL", "R V? V?")
def _to_col(value: Value, skipping: Scalar = MISSING, by_column: Scalar = MISSING) -> Value:
    return _made([[one] for one in _listed(value, skipping, by_column)])


def _wrapped(value: Value, count: float, filler: Scalar) -> list[list[Scalar]]:
    of = grid_of(table(value))
    if of.height > 1 and of.width > 1:
        raise Wrong(VALUE)
    size = int(count)
    if size < 1:
        raise Wrong(NUM)
    values = [one for row in of.rows for one in row]
    rows = [values[at : at + size] for at in range(0, len(values), size)]
    if len(rows) > 1:
        rows[-1] += [filler] * (size - len(rows[-1]))
    return rows


@function("WRAPROWS", "R N V?")
def _wrap_rows(value: Value, count: float, filler: Scalar = NA) -> Value:
    return _made(_wrapped(value, count, filler))


@function("WRAPCOLS", "R N V?")
def _wrap_cols(value: Value, count: float, filler: Scalar = NA) -> Value:
    return _made(_turned(_wrapped(value, count, filler)))


@function("EXPAND", "R V V? V?")
def _expand(value: Value, rows: Scalar, cols: Scalar = MISSING, filler: Scalar = NA) -> Value:
    of = grid_of(table(value))
    height, width = _whole(rows, of.height), _whole(cols, of.width)
    if height < of.height or width < of.width:
        raise Wrong(VALUE)
    if height * width > _MOST:
        raise Wrong(NUM)
    full = [[*row, *[filler] * (width - of.width)] for row in of.rows]
    return _made([*full, *([filler] * width for _ in range(height - of.height))])
