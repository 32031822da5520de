"""Units of measure, number systems and other functions of engineers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dhxl.hosts.native.functions.strict_numbers import toolpak_number
from dhxl.hosts.native.functions.units_of_measure import converted
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import MISSING, NA, NUM, VALUE, Scalar, Wrong, as_text, finite

_FIGURES: Final = 10  # of a number in another system; of that many the first tells the sign
_BASES: Final = {"BIN": 2, "OCT": 8, "HEX": 16}
_BITS: Final = 2.0**48


@function("CONVERT", "N T T")
def _convert(number: float, of: str, to: str) -> float:
    result = converted(number, of, to)
    if result is None:
        raise Wrong(NA)
    return finite(result)


def _read(value: Scalar, base: int) -> int:
    """Return the number that figures of another system show; with ten of them it may be negative."""
    if isinstance(value, bool):
        raise Wrong(VALUE)
    figures = as_text(value).strip() if value is not None else "0"
    if len(figures) > _FIGURES:
        raise Wrong(NUM)
    try:
        number = int(figures or "0", base) if (figures.isalnum() and figures.isascii()) or not figures else -1
    except ValueError:
        raise Wrong(NUM) from None
    if number < 0:
        raise Wrong(NUM)
    whole = base**_FIGURES
    return number - whole if number >= whole // 2 else number


def _written(number: int, base: int, places: Scalar) -> str:
    """Return the figures of a number in another system; of a negative one there are ten."""
    half = base**_FIGURES // 2
    if not -half <= number < half:
        raise Wrong(NUM)
    figures, rest = "", number if number >= 0 else number + 2 * half
    while rest:
        rest, figure = divmod(rest, base)
        figures = "0123456789ABCDEF"[figure] + figures
    figures = figures or "0"
    if places is MISSING:
        return figures
    length = int(toolpak_number(places))
    if not 0 < length <= _FIGURES:
        raise Wrong(NUM)
    if number < 0:
        return figures
    if len(figures) > length:
        raise Wrong(NUM)
    return figures.rjust(length, "0")


def _declare_systems() -> None:
    def to_decimal(base: int) -> Callable[[Scalar], float]:
        return lambda value: float(_read(value, base))

    def from_decimal(base: int) -> Callable[..., str]:
        return lambda value, places=MISSING: _written(int(toolpak_number(value)), base, places)

    def between(of: int, to: int) -> Callable[..., str]:
        return lambda value, places=MISSING: _written(_read(value, of), to, places)

    for name, base in _BASES.items():
        function(f"{name}2DEC", "V")(to_decimal(base))
        function(f"DEC2{name}", "V V?")(from_decimal(base))
        for other, to in _BASES.items():
            if other != name:
                function(f"{name}2{other}", "V V?")(between(base, to))


_declare_systems()


def _bits(value: float) -> int:
    if not 0 <= value < _BITS or not value.is_integer():
        raise Wrong(NUM)
    return int(value)


@function("BITAND", "N N")
def _bit_and(first: float, second: float) -> float:
    return float(_bits(first) & _bits(second))


@function("BITOR", "N N")
def _bit_or(first: float, second: float) -> float:
    return float(_bits(first) | _bits(second))


@function("BITXOR", "N N")
def _bit_xor(first: float, second: float) -> float:
    return float(_bits(first) ^ _bits(second))


@function("BITLSHIFT", "N N")
def _bit_left(number: float, places: float) -> float:
    bits = _bits(number)
    if abs(places) > 53:
        raise Wrong(NUM)
    moved = bits << int(places) if places >= 0 else bits >> -int(places)
    if moved >= _BITS:
        raise Wrong(NUM)
    return float(moved)


@function("BITRSHIFT", "N N")
def _bit_right(number: float, places: float) -> float:
    return _bit_left(number, -places)  # type: ignore[no-any-return]


@function("DELTA", "V V?")
def _delta(first: Scalar, second: Scalar = 0.0) -> float:
    return float(toolpak_number(first) == toolpak_number(second))


@function("GESTEP", "V V?")
def _step(number: Scalar, step: Scalar = 0.0) -> float:
    return float(toolpak_number(number) >= toolpak_number(step))


@function("ERF", "V V?")
def _erf(lower: Scalar, upper: Scalar = MISSING) -> float:
    start = math.erf(toolpak_number(lower))
    return start if upper is MISSING else math.erf(toolpak_number(upper)) - start


@function("ERF.PRECISE", "V")
def _erf_precise(number: Scalar) -> float:
    return math.erf(toolpak_number(number))


@function("ERFC ERFC.PRECISE", "V")
def _erfc(number: Scalar) -> float:
    return math.erfc(toolpak_number(number))
