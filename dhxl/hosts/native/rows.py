"""Operations over arrays of plain numbers or texts all at once: the fast way, where every element is ordinary."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from itertools import repeat
from math import isfinite
from typing import Any, Final

from dhxl.hosts.native.values import Area, Areas, Grid, Scalar, Value, compared, equal_numbers, grid_of

__all__ = ["at_once"]

_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_NUMERIC: Final = {float, bool, type(None)}
_NEAR: Final = 1e-14


def at_once(sign: str, first: Value, second: Value) -> Grid | None:
    """Return an operation over two arrays of the same shape, or an array and one value; None where this is no case.

    Errors, texts that are numbers, overflow and division by zero are left to the operation of single values.

    Examples
    --------
    >>> at_once("*", Grid([[1.0], [2.0]]), 3.0).rows
    [[3.0], [6.0]]
    >>> at_once("=", Grid([["a", "B"]]), "b").rows
    [[False, True]]
    """
    if isinstance(first, Areas) or isinstance(second, Areas):
        return None
    a = grid_of(first) if isinstance(first, (Grid, Area)) else None
    b = grid_of(second) if isinstance(second, (Grid, Area)) else None
    shape = a or b
    if shape is None or (a and b and (a.height, a.width) != (b.height, b.width)):
        return None
    left = _flat(a) if a else first
    right = _flat(b) if b else second
    found = _arithmetic(sign, left, right) if sign in _ARITHMETIC else _comparison(sign, left, right)
    if found is None:
        return None
    width = shape.width
    if width == 1:
        return Grid([[one] for one in found])
    return Grid([found[at : at + width] for at in range(0, len(found), width)])


def _flat(grid: Grid) -> list[Scalar]:
    if grid.width == 1:
        return [row[0] for row in grid.rows]
    return [one for row in grid.rows for one in row]


def _arithmetic(sign: str, left: Any, right: Any) -> list[Scalar] | None:
    first, second = _numbers(left), _numbers(right)
    if first is None or second is None:
        return None
    try:
        found = list(map(_ARITHMETIC[sign], first, second))
    except (ZeroDivisionError, OverflowError):
        return None
    return found if all(map(isfinite, found)) else None


def _numbers(values: Any) -> Iterable[float] | None:
    """Return numbers of a list of plain values, or a number without end; None where one is no plain number."""
    if not isinstance(values, list):
        return repeat(float(values or 0)) if type(values) in _NUMERIC else None
    kinds = set(map(type, values))
    if kinds == {float}:
        return values
    return [float(one or 0) for one in values] if kinds <= _NUMERIC else None


def _comparison(sign: str, left: Any, right: Any) -> list[Scalar] | None:
    if sign not in ("=", "<>", "<", "<=", ">", ">="):
        return None
    kinds = _kinds(left) | _kinds(right)
    if kinds == {float}:
        pairs = zip(_repeated(left), _repeated(right), strict=False)
        if sign == "=":
            return [_equal(x, y) for x, y in pairs]
        if sign == "<>":
            return [not _equal(x, y) for x, y in pairs]
        if sign == "<":
            return [x < y and not _equal(x, y) for x, y in pairs]
        if sign == ">":
            return [x > y and not _equal(x, y) for x, y in pairs]
        if sign == "<=":
            return [x <= y or _equal(x, y) for x, y in pairs]
        return [x >= y or _equal(x, y) for x, y in pairs]
    if sign in ("=", "<>") and kinds == {str}:
        same = [x == y for x, y in zip(_upper(left), _upper(right), strict=False)]
        return [not one for one in same] if sign == "<>" else list(same)
    if not kinds <= {float, str, bool, type(None)}:
        return None
    test = _TESTS[sign]
    return [test(compared(x, y), 0) for x, y in zip(_repeated(left), _repeated(right), strict=False)]


_TESTS: Final[dict[str, Callable[[int, int], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _equal(first: float, second: float) -> bool:
    return first == second or (abs(first - second) <= _NEAR * abs(first) and equal_numbers(first, second))


def _kinds(values: Any) -> set[type]:
    return set(map(type, values)) if isinstance(values, list) else {type(values)}


def _repeated(values: Any) -> Iterable[Any]:
    return values if isinstance(values, list) else repeat(values)


def _upper(values: Any) -> Iterable[str]:
    return map(str.upper, values) if isinstance(values, list) else repeat(values.upper())
