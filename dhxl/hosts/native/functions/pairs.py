"""Pairs of numbers out of two ranges, as the functions of paired data take them."""

from __future__ import annotations

from collections.abc import Sequence

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import flat
from dhxl.hosts.native.values import MISSING, NA, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number

__all__ = ["pairs"]


def pairs(first: Value, second: Value) -> list[tuple[float, float]]:
    """Return the pairs of numbers; a pair with a blank, a text, TRUE or FALSE in it does not count.

    Raises
    ------
    Wrong
        The ranges differ in the number of cells, or hold an error value.

    Examples
    --------
    >>> from dhxl.hosts.native.values import Grid
    >>> pairs(Grid([[1.0, None, 3.0]]), Grid([[4.0], [5.0], [6.0]]))
    [(1.0, 4.0), (3.0, 6.0)]
    """
    if isinstance(first, Areas) or isinstance(second, Areas):
        raise Wrong(VALUE)
    if _count(first) != _count(second):
        raise Wrong(NA)
    if isinstance(first, Area) and isinstance(second, Area) and _fits(first, second):
        height = min(len(first.rows), len(second.rows))  # of whole columns, no cell that is blank at the end
        for part in (first, second):
            for row in part.rows[height:]:
                _checked(row)
        if {len(row) for part in (first, second) for row in part.rows[:height]} == {first.width}:
            xs, ys = ([one for row in part.rows[:height] for one in row] for part in (first, second))
            return _paired(xs, ys)
    return _paired(_values(first), _values(second))


def _paired(xs: list[Scalar], ys: list[Scalar]) -> list[tuple[float, float]]:
    if set(map(type, xs)) | set(map(type, ys)) == {float}:
        return list(zip(xs, ys, strict=True))  # type: ignore[arg-type]
    _checked(xs)
    _checked(ys)
    return [(x, y) for x, y in zip(xs, ys, strict=True) if type(x) is float and type(y) is float]


def _checked(cells: Sequence[Scalar]) -> None:
    for one in cells:
        if isinstance(one, CellError):
            raise Wrong(one)


def _count(value: Value) -> int:
    return value.height * value.width if isinstance(value, (Area, Grid)) else 1


def _fits(first: Area, second: Area) -> bool:
    return (first.height, first.width) == (second.height, second.width)


def _values(value: Value) -> list[Scalar]:
    values = flat(value)
    if len(values) == 1 and not isinstance(value, Area):
        # one value given by itself is turned into a number
        return [values[0] if isinstance(values[0], CellError) or values[0] is MISSING else as_number(values[0])]
    return values
