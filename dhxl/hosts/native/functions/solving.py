"""The rate at which a value becomes zero, to full precision, from a guess as Excel searches it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dhxl.hosts.native.values import NUM, Wrong

__all__ = ["rate_of_zero"]

_STEPS: Final = 100
_NEAR: Final = 1e-9  # a step of Newton's method below this share of 1 + rate; the next one is exact
_RINGS: Final = 50  # steps to either side of the guess in search of a change of sign
_RING: Final = 0.02  # the width of the first in the logarithm of 1 + rate
_WIDER: Final = 1.15  # how much wider each is than the one before
_GREATEST: Final = 700.0  # logarithm of a number still below infinity

Curve = Callable[[float], tuple[float, float]]


def rate_of_zero(of: Curve, guess: float, scale: float = 1.0) -> float:
    """Return the rate above -``scale`` at which a function is zero.

    Newton's method from the guess finds it, as in Excel; where that leads nowhere, the change of sign nearest to the
    guess.

    Parameters
    ----------
    of : callable
        Returns value and slope at a rate.
    guess : float
        Where the search begins.
    scale : float
        The payments a year, where the rate is one a year: the function has a pole at -``scale``.

    Raises
    ------
    Wrong
        There is no such rate (``#NUM!``).

    Examples
    --------
    >>> round(rate_of_zero(lambda r: (100 - 121 / (1 + r) ** 2, 242 / (1 + r) ** 3), 0.5), 12)
    0.1
    """
    found = _by_newton(of, guess, scale)
    if found is None:
        found = _by_bracket(of, guess, scale)
    if found is None:
        raise Wrong(NUM)
    return found


def _at(of: Curve, rate: float) -> tuple[float, float]:
    try:
        return of(rate)
    except (OverflowError, ZeroDivisionError, ValueError):
        return math.nan, math.nan


def _by_newton(of: Curve, guess: float, scale: float) -> float | None:
    rate = guess
    last = False
    for _ in range(_STEPS):
        value, slope = _at(of, rate)
        if value == 0:
            return rate
        if not math.isfinite(value) or not math.isfinite(slope) or slope == 0:
            return None
        new = rate - value / slope
        if new <= -scale:  # beyond the pole is no rate: half way to it
            new = (rate - scale) / 2
        elif last:
            return new if math.isfinite(new) else None
        else:
            last = abs(new - rate) <= _NEAR * (scale + rate)
        rate = new
    return None


def _by_bracket(of: Curve, guess: float, scale: float) -> float | None:
    start = math.log1p(guess / scale)
    middle = _at(of, guess)[0]
    edges = {1: (guess, middle), -1: (guess, middle)}
    for ring in range(1, _RINGS + 1):
        away = _RING * (_WIDER**ring - 1) / (_WIDER - 1)
        for side in (1, -1):
            rate = scale * math.expm1(min(start + side * away, _GREATEST))
            value = _at(of, rate)[0]
            before, value_before = edges[side]
            if math.isfinite(value) and math.isfinite(value_before) and value * value_before <= 0:
                return _bisected(of, before, rate, value_before)
            edges[side] = (rate, value)
    return None


def _bisected(of: Curve, one: float, other: float, value_of_one: float) -> float:
    for _ in range(200):
        middle = (one + other) / 2
        if middle in (one, other):
            break
        value = of(middle)[0]
        if value == 0:
            return middle
        if (value > 0) == (value_of_one > 0):
            one = middle
        else:
            other = middle
    return (one + other) / 2
