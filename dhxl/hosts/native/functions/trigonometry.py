"""Angles."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import DIV0, NUM, Wrong, finite

_LARGEST_ANGLE: Final = 2.0**27  # beyond it Excel gives no sine
_PI_ERROR: Final = (
    5.0165576126683320e-20  # by which pi of 64 binary digits, to which Excel reduces angles, is too large
)


def _of_angle(names: str, body: Callable[[float], float]) -> None:
    @function(names, "N")
    def _angle(angle: float) -> float:
        if abs(angle) >= _LARGEST_ANGLE:
            raise Wrong(NUM)
        return finite(body(angle))


def _sin(angle: float) -> float:
    """Return the sine as Excel has it: of PI() it is 1.22514845490862E-16."""
    return math.sin(angle) - math.cos(angle) * _shift(angle)


def _cos(angle: float) -> float:
    return math.cos(angle) + math.sin(angle) * _shift(angle)


def _shift(angle: float) -> float:
    return round(angle / (math.pi / 2)) * (_PI_ERROR / 2)


def _inverse(number: float) -> float:
    if number == 0:
        raise Wrong(DIV0)
    return 1 / number


def _in(names: str, body: Callable[[float], float]) -> None:
    @function(names, "N")
    def _number(number: float) -> float:
        try:
            return finite(body(number))
        except (ValueError, OverflowError):
            raise Wrong(NUM) from None


def _acot(number: float) -> float:
    # from 0 to pi, without a step at 0
    return math.atan2(1.0, number)


def _acoth(number: float) -> float:
    if abs(number) <= 1:
        raise Wrong(NUM)
    return math.copysign(math.log1p(2 / (abs(number) - 1)) / 2, number)


def _sech(number: float) -> float:
    return 0.0 if abs(number) > 709 else 1 / math.cosh(number)


def _csch(number: float) -> float:
    return 0.0 if abs(number) > 709 else _inverse(math.sinh(number))


_of_angle("SIN", _sin)
_of_angle("COS", _cos)
_of_angle("TAN", lambda angle: math.tan(angle) if abs(angle) < 0.75 else _sin(angle) / _cos(angle))
_of_angle("SEC", lambda angle: _inverse(_cos(angle)))
_of_angle("CSC", lambda angle: _inverse(_sin(angle)))
_of_angle("COT", lambda angle: _cos(angle) * _inverse(_sin(angle)))
_in("SECH", _sech)
_in("CSCH", _csch)
_in("COTH", lambda number: _inverse(math.tanh(number)))
_in("ASIN", math.asin)
_in("ACOS", math.acos)
_in("ATAN", math.atan)
_in("ACOT", _acot)
_in("SINH", math.sinh)
_in("COSH", math.cosh)
_in("TANH", math.tanh)
_in("ASINH", math.asinh)
_in("ACOSH", math.acosh)
_in("ATANH", math.atanh)
_in("ACOTH", _acoth)
_in("RADIANS", lambda degrees: degrees * (math.pi / 180))
_in("DEGREES", lambda radians: radians * (180 / math.pi))


@function("PI")
def _pi() -> float:
    return math.pi


@function("ATAN2", "N N")
def _angle_of_point(x: float, y: float) -> float:
    if x == 0 and y == 0:
        raise Wrong(DIV0)
    return math.atan2(y + 0.0, x)
