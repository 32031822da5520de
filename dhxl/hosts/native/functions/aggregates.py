"""Sums, counts and products over cells."""

from __future__ import annotations

import math
from typing import Any

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import function, numbers
from dhxl.hosts.native.values import DIV0, MISSING, VALUE, Area, Areas, Grid, Value, Wrong, finite, grid_of, scalars


@function("SUM", "R+")
def _sum(*values: Value) -> float:
    return finite(sum(numbers(*values)))


@function("PRODUCT", "R+")
def _product(*values: Value) -> float:
    found = list(numbers(*(value for value in values if value is not MISSING)))
    return finite(math.prod(found)) if found else 0.0


@function("SUMSQ", "R+")
def _sum_of_squares(*values: Value) -> float:
    return finite(sum(number * number for number in numbers(*values)))


@function("AVERAGE", "R+")
def _average(*values: Value) -> float:
    found = list(numbers(*values))
    if not found:
        raise Wrong(DIV0)
    return finite(sum(found) / len(found))


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
    grids = [grid_of(value) for value in values]
    if any((grid.height, grid.width) != (grids[0].height, grids[0].width) for grid in grids):
        raise Wrong(VALUE)
    plain = _plain_products(grids)
    if plain is not None:
        return finite(plain)
    total = 0.0
    for rows in zip(*(grid.rows for grid in grids), strict=True):
        for line in zip(*rows, strict=True):
            product = 1.0
            for one in line:
                if type(one) is float:
                    product *= one
                elif isinstance(one, CellError):
                    raise Wrong(one)
                else:
                    product = 0.0  # what is no number counts as 0, TRUE too
            total += product
    return finite(total)


def _plain_products(grids: list[Grid]) -> float | None:
    """Return the sum of products where every value is a number, None elsewhere."""
    lists: list[list[float]] = []
    for grid in grids:
        values: list[Any] = [one for row in grid.rows for one in row]
        if set(map(type, values)) != {float}:
            return None
        lists.append(values)
    return sum(lists[0]) if len(lists) == 1 else sum(map(math.prod, zip(*lists, strict=True)))
