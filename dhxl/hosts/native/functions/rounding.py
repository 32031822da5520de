"""Rounding.

Excel rounds the number that it shows, of 15 digits: 1.005 to two digits is 1.01, though the number stored is a little
less than that.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Final

from dhxl.hosts.native.functions.strict_numbers import toolpak_number
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import DIV0, MISSING, NUM, Scalar, Wrong, as_number, finite

__all__ = ["floor_of", "rounded"]

_SHOWN: Final = 15  # digits that Excel calculates with where it rounds
_WIDE: Final = Context(prec=700)  # room for the largest number with all of its digits
_EXACT: Final = 1e9  # below it a number times a power of ten is wrong by less than _NEAR
_NEAR: Final = 1e-6


def rounded(number: float, digits: float, mode: str = ROUND_HALF_UP) -> float:
    """Return a number rounded to decimal digits, to tens and hundreds where those are negative.

    Parameters
    ----------
    number : float
        What is rounded.
    digits : float
        Digits behind the point, cut off to a whole number.
    mode : str
        The way as :mod:`decimal` names it.

    Examples
    --------
    >>> rounded(1.005, 2), rounded(2.675, 2), rounded(-2.5, 0), rounded(1234.5, -2)
    (1.01, 2.68, -3.0, 1200.0)
    >>> rounded(2.5 * 1.15, 2), rounded(0.1 * 3 * 10, 0, ROUND_UP)
    (2.88, 3.0)
    """
    places = int(max(-400.0, min(400.0, digits)))
    if number == 0:
        return 0.0
    if 0 <= places <= 22:  # the usual case needs no decimal digits: a share not near to where it would matter
        scale = 10.0**places
        scaled = abs(number) * scale
        if scaled < _EXACT:
            whole = math.floor(scaled)
            share = scaled - whole
            if _NEAR < share < 1 - _NEAR and abs(share - 0.5) > _NEAR:
                if mode == ROUND_UP or (mode == ROUND_HALF_UP and share > 0.5):
                    whole += 1
                return math.copysign(whole / scale, number) if whole else 0.0
    first = math.floor(math.log10(abs(number)))
    if places + first >= _SHOWN:
        return number
    shown = Decimal(f"{number:.14e}")
    result = float(shown.quantize(Decimal(1).scaleb(-places), rounding=mode, context=_WIDE))
    return finite(result) + 0.0


def floor_of(number: float) -> float:
    """Return the greatest whole number not above the 15 digits of a number.

    Examples
    --------
    >>> floor_of(7.999999999999999), floor_of(123456789 - 0.0000004), floor_of(123456789 - 0.0000005), floor_of(-1.5)
    (8.0, 123456789.0, 123456788.0, -2.0)
    """
    whole = math.floor(number)
    gap = whole + 1 - number
    if gap < 0.51 and gap <= 0.5 * 10.0 ** (math.floor(math.log10(abs(number) or 1.0)) - _SHOWN + 1):
        whole += 1
    return float(whole)


def _multiple(count: float, step: float) -> float:
    """Return a multiple without the noise behind the 15th digit that a product of decimals has."""
    return finite(float(f"{count * step:.14e}")) + 0.0


def _steps(number: float, step: float) -> float:
    """Return how many steps make a number, a whole number where 15 digits say so."""
    ratio = finite(number / step)
    near = round(ratio)
    return float(near) if abs(ratio - near) <= 5e-15 * abs(ratio) else ratio


def _up(number: float, step: float) -> float:
    return _multiple(math.ceil(_steps(number, step)), step)


def _down(number: float, step: float) -> float:
    return _multiple(math.floor(_steps(number, step)), step)


@function("ROUND", "N N")
def _round(number: float, digits: float) -> float:
    return rounded(number, digits)


@function("ROUNDUP", "N N")
def _round_up(number: float, digits: float) -> float:
    return rounded(number, digits, ROUND_UP)


@function("ROUNDDOWN", "N N")
@function("TRUNC", "N N?")
def _round_down(number: float, digits: float = 0.0) -> float:
    return rounded(number, digits, ROUND_DOWN)


@function("INT", "N")
def _int(number: float) -> float:
    return floor_of(number)


@function("MROUND", "V V")
def _to_multiple(given: Scalar, multiple: Scalar) -> float:
    number, step = toolpak_number(given), toolpak_number(multiple)
    if number == 0 or step == 0:
        return 0.0
    if (number < 0) != (step < 0):
        raise Wrong(NUM)
    return _multiple(math.floor(finite(number / step) + 0.5), step)


@function("CEILING", "N N")
def _ceiling(number: float, step: float) -> float:
    if number == 0 or step == 0:
        return 0.0
    if number > 0 > step:
        raise Wrong(NUM)
    return _up(number, step)


@function("FLOOR", "N N")
def _floor(number: float, step: float) -> float:
    if number == 0:
        return 0.0
    if step == 0:
        raise Wrong(DIV0)
    if number > 0 > step:
        raise Wrong(NUM)
    return _down(number, step)


@function("CEILING.PRECISE ISO.CEILING", "N N?")
def _ceiling_precise(number: float, step: float = 1.0) -> float:
    return 0.0 if step == 0 else _up(number, abs(step))


@function("FLOOR.PRECISE", "N N?")
def _floor_precise(number: float, step: float = 1.0) -> float:
    return 0.0 if step == 0 else _down(number, abs(step))


@function("CEILING.MATH", "N V? N?")
def _ceiling_math(number: float, step: Scalar = 1.0, away: float = 0.0) -> float:
    size = _significance(step)
    if size == 0:
        return 0.0
    return _down(number, size) if number < 0 and away else _up(number, size)


@function("FLOOR.MATH", "N V? N?")
def _floor_math(number: float, step: Scalar = 1.0, towards: float = 0.0) -> float:
    size = _significance(step)
    if size == 0:
        return 0.0
    return _up(number, size) if number < 0 and towards else _down(number, size)


def _significance(step: Scalar) -> float:
    # left out between commas it is 1, as in CEILING.MATH(-5.5,,1); of a blank cell 0
    return 1.0 if step is MISSING else abs(as_number(step))


@function("EVEN", "N")
def _even(number: float) -> float:
    return math.copysign(_up(abs(number), 2.0), number) + 0.0


@function("ODD", "N")
def _odd(number: float) -> float:
    size = max(1.0, _up(abs(number) - 1, 2.0) + 1)
    return -size if number < 0 else size
