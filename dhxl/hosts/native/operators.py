"""Operations of one and of two values, over arrays element by element."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dhxl.hosts.native.values import (
    DIV0,
    NA,
    NUM,
    VALUE,
    Area,
    Areas,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_number,
    as_text,
    compared,
    equal_numbers,
    finite,
    grid_of,
)

__all__ = ["OPERATIONS", "lifted", "negative", "percent", "power", "snapped"]

_LONGEST: Final = 32_767  # characters in a cell


def power(base: float, exponent: float) -> float:
    """Return a power as Excel gives it: 0 to the power 0 and roots of negative numbers are ``#NUM!``.

    Raises
    ------
    Wrong
        There is no such number.
    """
    if base == 0:
        if exponent == 0:
            raise Wrong(NUM)
        if exponent < 0:
            raise Wrong(DIV0)
    try:
        result = math.pow(base, exponent)
    except OverflowError:
        raise Wrong(NUM) from None
    except ValueError:
        # Excel takes odd roots of negative numbers, (-8)^(1/3) = -2
        odd = round(1 / exponent) if exponent and abs(exponent) < 1 else 0
        if odd % 2 == 0 or abs(1 / exponent - odd) > 1e-9:
            raise Wrong(NUM) from None
        result = -math.pow(-base, exponent)
    return finite(result)


def _add(first: Scalar, second: Scalar) -> Scalar:
    return finite(as_number(first) + as_number(second))


def _subtract(first: Scalar, second: Scalar) -> Scalar:
    return finite(as_number(first) - as_number(second))


def _multiply(first: Scalar, second: Scalar) -> Scalar:
    return finite(as_number(first) * as_number(second))


def _divide(first: Scalar, second: Scalar) -> Scalar:
    above, below = as_number(first), as_number(second)
    if below == 0:
        raise Wrong(DIV0)
    return finite(above / below)


def _power(first: Scalar, second: Scalar) -> Scalar:
    return power(as_number(first), as_number(second))


def _joined(first: Scalar, second: Scalar) -> Scalar:
    text = as_text(first) + as_text(second)
    if len(text) > _LONGEST:
        raise Wrong(VALUE)
    return text


def snapped(sign: str, first: Scalar, second: Scalar) -> Scalar:
    """Return a sum or difference; where the operands cancel within 15 digits it is 0.

    Excel does so with the last operation of a formula only.

    Examples
    --------
    >>> snapped("-", 1 - 0.9, 0.1), snapped("+", 0.1, 0.2), snapped("-", 5.0, 4.0)
    (0.0, 0.30000000000000004, 1.0)
    """
    a, b = as_number(first), as_number(second)
    other = -b if sign == "+" else b
    return 0.0 if equal_numbers(a, other) else finite(a - other)


OPERATIONS: Final[dict[str, Callable[[Scalar, Scalar], Scalar]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "^": _power,
    "&": _joined,
    "=": lambda a, b: compared(a, b) == 0,
    "<>": lambda a, b: compared(a, b) != 0,
    "<": lambda a, b: compared(a, b) < 0,
    "<=": lambda a, b: compared(a, b) <= 0,
    ">": lambda a, b: compared(a, b) > 0,
    ">=": lambda a, b: compared(a, b) >= 0,
    "+0": lambda a, b: snapped("+", a, b),
    "-0": lambda a, b: snapped("-", a, b),
}


def negative(value: Scalar) -> Scalar:
    """Return the number with the other sign."""
    return -as_number(value)


def percent(value: Scalar) -> Scalar:
    """Return a hundredth of the number."""
    return as_number(value) / 100


def lifted(body: Callable[..., Value], arguments: tuple[Value, ...]) -> Value:
    """Return what a function of single values gives, element by element where arrays come.

    Single rows and columns repeat; beyond the end of a shorter array stands ``#N/A``. An error value stays in its
    place.

    Examples
    --------
    >>> lifted(OPERATIONS["+"], (Grid([[1.0, 2.0]]), Grid([[10.0], [20.0]]))).rows
    [[11.0, 12.0], [21.0, 22.0]]
    """
    for one in arguments:
        if isinstance(one, (Grid, Area, Areas)):
            break
    else:
        return body(*arguments)
    grids = [grid_of(one) for one in arguments]
    height = max(grid.height for grid in grids)
    width = max(grid.width for grid in grids)
    return Grid([[_element(body, grids, row, col) for col in range(width)] for row in range(height)])


def _element(body: Callable[..., Value], grids: list[Grid], row: int, col: int) -> Scalar:
    values: list[Scalar] = []
    for grid in grids:
        r = 0 if len(grid.rows) == 1 else row
        c = 0 if len(grid.rows[0]) == 1 else col
        values.append(grid.rows[r][c] if r < len(grid.rows) and c < len(grid.rows[0]) else NA)
    try:
        value = body(*values)
    except Wrong as wrong:
        return wrong.error
    if isinstance(value, (Grid, Area, Areas)):  # an array within an array shows its first value
        try:
            return grid_of(value).rows[0][0]
        except Wrong as wrong:
            return wrong.error
    return value if not isinstance(value, int) or isinstance(value, bool) else float(value)
