"""Pairs of numbers out of two ranges, as the functions of paired data take them."""

from __future__ import annotations

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import flat
from dhxl.hosts.native.values import MISSING, NA, VALUE, Area, Areas, Value, Wrong, as_number

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
    if isinstance(first, Area) and isinstance(second, Area) and _fits(first, second):
        height = min(len(first.rows), len(second.rows))  # of whole columns, no cell that is blank at the end
        if errors := [
            one for part in (first, second) for row in part.rows for one in row if isinstance(one, CellError)
        ]:
            raise Wrong(errors[0])
        columns = zip(first.rows[:height], second.rows[:height], strict=True)
        return [pair for rows in columns for pair in zip(*rows, strict=False) if _both(pair)]  # type: ignore[misc]
    xs, ys = _values(first), _values(second)
    if len(xs) != len(ys):
        raise Wrong(NA)
    for one in (*xs, *ys):
        if isinstance(one, CellError):
            raise Wrong(one)
    return [pair for pair in zip(xs, ys, strict=True) if _both(pair)]  # type: ignore[misc]


def _fits(first: Area, second: Area) -> bool:
    return (first.height, first.width) == (second.height, second.width)


def _both(pair: tuple[object, ...]) -> bool:
    return type(pair[0]) is float and type(pair[1]) is float


def _values(value: Value) -> list[object]:
    values = flat(value)
    if len(values) == 1 and not isinstance(value, Area):
        # one value given by itself is turned into a number
        return [values[0] if isinstance(values[0], CellError) or values[0] is MISSING else as_number(values[0])]
    return list(values)
