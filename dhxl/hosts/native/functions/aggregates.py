"""Sums, counts and products over cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import mul

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.totals import mean, total
from dhxl.hosts.native.library import function, numbers
from dhxl.hosts.native.values import MISSING, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, finite, grid_of, scalars


@function("SUM", "R+")
def _sum(*values: Value) -> float:
    return finite(total(numbers(*values)))


@function("PRODUCT", "R+")
def _product(*values: Value) -> float:
    found = list(numbers(*(value for value in values if value is not MISSING)))
    return finite(math.prod(found)) if found else 0.0


@function("SUMSQ", "R+")
def _sum_of_squares(*values: Value) -> float:
    return finite(total(number * number for number in numbers(*values)))


@function("AVERAGE", "R+")
def _average(*values: Value) -> float:
    return mean(list(numbers(*values)))


@function("MIN", "R+")
def _least(*values: Value) -> float:
    return min(numbers(*values), default=0.0)


@function("MAX", "R+")
def _greatest(*values: Value) -> float:
    return max(numbers(*values), default=0.0)


@function("COUNT", "R+")
def _count(*values: Value) -> int:
    count = 0
    for value in values:
        if isinstance(value, (Area, Areas, Grid)):
            count += sum(type(one) is float for one in scalars(value))
        elif not isinstance(value, CellError):
            try:
                list(numbers(value))
            except Wrong:
                continue
            count += 1
    return count


@function("COUNTA", "R+")
def _count_filled(*values: Value) -> int:
    return sum(
        one is not None if isinstance(value, (Area, Areas, Grid)) else True
        for value in values
        for one in scalars(value)
    )


@function("SUMPRODUCT", "A+")
def _sum_of_products(*values: Value) -> float:
    grids = [value if isinstance(value, (Area, Grid)) else grid_of(value) for value in values]
    if any((grid.height, grid.width) != (grids[0].height, grids[0].width) for grid in grids):
        raise Wrong(VALUE)
    width = grids[0].width
    if width == grids[0].height == 1 and any(isinstance(one, str) for grid in grids for one in scalars(grid)):
        raise Wrong(VALUE)  # a text in a range counts as 0, a text alone as none
    columns = [_as_factors(_row_by_row(grid.rows, width)) for grid in grids]
    products: Iterable[float] = columns[0]
    for column in columns[1:]:  # what is blank at the end of one of the ranges counts as 0
        products = map(mul, products, column)
    return finite(total(products))


def _as_factors(column: list[Scalar]) -> list[float]:
    """Return numbers; what is none counts as 0, TRUE too."""
    if set(map(type, column)) == {float}:
        return column  # type: ignore[return-value]
    for one in column:
        if isinstance(one, CellError):
            raise Wrong(one)
    return [one if type(one) is float else 0.0 for one in column]


def _row_by_row(rows: Sequence[Sequence[Scalar]], width: int) -> list[Scalar]:
    if all(len(row) == width for row in rows):
        return [row[0] for row in rows] if width == 1 else [one for row in rows for one in row]
    return [one for row in rows for one in (*row, *[None] * (width - len(row)))]
