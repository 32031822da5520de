"""The units of measure that CONVERT knows, with their prefixes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

__all__ = ["converted"]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit: of what it is, how many of the base unit it is, and to which power a prefix goes, 0 where none goes."""

    quantity: str
    size: Fraction
    power: int = 0


_INCH, _FOOT, _YARD, _MILE = Fraction("0.0254"), Fraction("0.3048"), Fraction("0.9144"), Fraction("1609.344")
_NAUTICAL: Final = Fraction(1852)
_LIGHT_YEAR: Final = Fraction(9_460_730_472_580_800)
_POINT: Final = _INCH / 72
_POUND: Final = Fraction("453.59237")  # g
_GRAVITY: Final = Fraction("9.80665")
_POUND_FORCE: Final = _POUND / 1000 * _GRAVITY
_HORSEPOWER: Final = 550 * _FOOT * _POUND_FORCE
_ATMOSPHERE: Final = 101_325
_GALLON, _IMPERIAL_GALLON = 231 * _INCH**3, Fraction("0.00454609")
_BTU: Final = Fraction("1055.05585262")  # of the international steam table
_SURVEY_FOOT: Final = Fraction(1200, 3937)

# As Excel has it, prefixes go with uk_pt and mph, too, but not with ly2 and ly3.
# quantity: unit with its other names, size in the base unit, power of a prefix
_TABLE: Final[dict[str, tuple[tuple[str, Fraction | int | str, int], ...]]] = {
    "mass": (
        ("g", 1, 1),
        ("sg", _POUND * _GRAVITY / _FOOT, 0),
        ("lbm", _POUND, 0),
        ("u", "1.660538782e-24", 1),
        ("ozm", _POUND / 16, 0),
        ("grain", _POUND / 7000, 0),
        ("cwt shweight", 100 * _POUND, 0),
        ("uk_cwt lcwt hweight", 112 * _POUND, 0),
        ("stone", 14 * _POUND, 0),
        ("ton", 2000 * _POUND, 0),
        ("uk_ton LTON brton", 2240 * _POUND, 0),
    ),
    "length": (
        ("m", 1, 1),
        ("mi", _MILE, 0),
        ("Nmi", _NAUTICAL, 0),
        ("in", _INCH, 0),
        ("ft", _FOOT, 0),
        ("yd", _YARD, 0),
        ("ang", "1e-10", 1),
        ("ell", "1.143", 0),
        ("ly", _LIGHT_YEAR, 1),
        ("parsec pc", "3.08567758128155e16", 1),
        ("Picapt Pica", _POINT, 0),
        ("pica", _INCH / 6, 0),
        ("survey_mi", 5280 * _SURVEY_FOOT, 0),
    ),
    "time": (
        ("yr", 31_557_600, 0),
        ("day d", 86_400, 0),
        ("hr", 3600, 0),
        ("mn min", 60, 0),
        ("sec s", 1, 1),
    ),
    "pressure": (
        ("Pa p", 1, 1),
        ("atm at", _ATMOSPHERE, 1),
        ("mmHg", "133.322", 1),
        ("psi", _POUND_FORCE / _INCH**2, 0),
        ("Torr", Fraction(_ATMOSPHERE, 760), 0),
    ),
    "force": (
        ("N", 1, 1),
        ("dyn dy", "1e-5", 1),
        ("lbf", _POUND_FORCE, 0),
        ("pond", _GRAVITY / 1000, 1),
    ),
    "energy": (
        ("J", 1, 1),
        ("e", "1e-7", 1),
        ("c", "4.184", 1),
        ("cal", "4.1868", 1),
        ("eV ev", "1.602176487e-19", 1),
        ("HPh hh", 3600 * _HORSEPOWER, 0),
        ("Wh wh", 3600, 1),
        ("flb", _FOOT * _POUND_FORCE, 0),
        ("BTU btu", _BTU, 0),
    ),
    "power": (
        ("HP h", _HORSEPOWER, 0),
        ("PS", 75 * _GRAVITY, 0),
        ("W w", 1, 1),
    ),
    "magnetism": (
        ("T", 1, 1),
        ("ga", "1e-4", 1),
    ),
    "temperature": (
        ("C cel", 1, 0),
        ("F fah", 1, 0),
        ("K kel", 1, 1),
        ("Rank", 1, 0),
        ("Reau", 1, 0),
    ),
    "volume": (
        ("tsp", _GALLON / 768, 0),
        ("tspm", "5e-6", 0),
        ("tbs", _GALLON / 256, 0),
        ("oz", _GALLON / 128, 0),
        ("cup", _GALLON / 16, 0),
        ("pt us_pt", _GALLON / 8, 0),
        ("uk_pt", _IMPERIAL_GALLON / 8, 1),
        ("qt", _GALLON / 4, 0),
        ("uk_qt", _IMPERIAL_GALLON / 4, 0),
        ("gal", _GALLON, 0),
        ("uk_gal", _IMPERIAL_GALLON, 0),
        ("l L lt", "0.001", 1),
        ("ang3 ang^3", "1e-30", 3),
        ("barrel", 42 * _GALLON, 0),
        ("bushel", Fraction("2150.42") * _INCH**3, 0),
        ("ft3 ft^3", _FOOT**3, 0),
        ("in3 in^3", _INCH**3, 0),
        ("ly3 ly^3", _LIGHT_YEAR**3, 0),
        ("m3 m^3", 1, 3),
        ("mi3 mi^3", _MILE**3, 0),
        ("yd3 yd^3", _YARD**3, 0),
        ("Nmi3 Nmi^3", _NAUTICAL**3, 0),
        ("Picapt3 Picapt^3 Pica3 Pica^3", _POINT**3, 0),
        ("GRT regton", 100 * _FOOT**3, 0),
        ("MTON", 40 * _FOOT**3, 0),
    ),
    "area": (
        ("uk_acre", 4840 * _YARD**2, 0),
        ("us_acre", 43_560 * _SURVEY_FOOT**2, 0),
        ("ang2 ang^2", "1e-20", 2),
        ("ar", 100, 1),
        ("ft2 ft^2", _FOOT**2, 0),
        ("ha", 10_000, 0),
        ("in2 in^2", _INCH**2, 0),
        ("ly2 ly^2", _LIGHT_YEAR**2, 0),
        ("m2 m^2", 1, 2),
        ("Morgen", 2500, 0),
        ("mi2 mi^2", _MILE**2, 0),
        ("Nmi2 Nmi^2", _NAUTICAL**2, 0),
        ("Picapt2 Pica2 Pica^2 Picapt^2", _POINT**2, 0),
        ("yd2 yd^2", _YARD**2, 0),
    ),
    "information": (
        ("bit", 1, 1),
        ("byte", 8, 1),
    ),
    "speed": (
        ("admkn", 6080 * _FOOT / 3600, 0),
        ("kn", _NAUTICAL / 3600, 0),
        ("m/h m/hr", Fraction(1, 3600), 1),
        ("m/s m/sec", 1, 1),
        ("mph", _MILE / 3600, 1),
    ),
}
_UNITS: Final = {
    name: _Unit(quantity, Fraction(size), power)
    for quantity, units in _TABLE.items()
    for names, size, power in units
    for name in names.split()
}
_TENS: Final = {"Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "e": 1, "da": 1, "d": -1,
                "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24}  # fmt: skip
_BINARY: Final = {"Yi": 80, "Zi": 70, "Ei": 60, "Pi": 50, "Ti": 40, "Gi": 30, "Mi": 20, "ki": 10}
# what is added to degrees, and by what the sum is multiplied, for kelvin
_KELVIN: Final = {
    "C": (Fraction("273.15"), Fraction(1)),
    "F": (Fraction("459.67"), Fraction(5, 9)),
    "K": (Fraction(0), Fraction(1)),
    "Rank": (Fraction(0), Fraction(5, 9)),
    "Reau": (Fraction("218.52"), Fraction(5, 4)),
}
_SAME: Final = {"cel": "C", "fah": "F", "kel": "K"}


def _unit(name: str) -> _Unit | None:
    """Return a unit with its prefix, None where there is none of the name."""
    if unit := _UNITS.get(name):
        return unit
    for length in (1, 2):
        prefix, rest = name[:length], name[length:]
        unit = _UNITS.get(rest)
        if unit is None or not unit.power:
            continue
        if prefix in _TENS:
            return _Unit(unit.quantity, unit.size * Fraction(10) ** (_TENS[prefix] * unit.power), 0)
        if prefix in _BINARY and unit.quantity == "information":
            return _Unit(unit.quantity, unit.size * 2 ** _BINARY[prefix], 0)
    return None


def _degrees(name: str) -> tuple[Fraction, Fraction]:
    bare = _SAME.get(name, name)
    if bare in _KELVIN:
        return _KELVIN[bare]
    unit = _unit(name)
    assert unit is not None  # with a prefix it is a kelvin
    return Fraction(0), unit.size


@lru_cache(maxsize=1024)
def _line(of: str, to: str) -> tuple[float, float, float] | None:
    """Return what is added to a number, by what it is multiplied then, and by what divided."""
    first, second = _unit(of), _unit(to)
    if first is None or second is None or first.quantity != second.quantity:
        return None
    before, ratio = Fraction(0), first.size / second.size
    if first.quantity == "temperature":
        (add, times), (take, over) = _degrees(of), _degrees(to)
        ratio = times / over
        before = add - take / ratio
    above, below = ratio.numerator, ratio.denominator
    if max(above, below) < 2**53:
        return float(before), float(above), float(below)
    return float(before), float(ratio), 1.0


def converted(number: float, of: str, to: str) -> float | None:
    """Return a number of one unit in another; None where one of them is unknown or they measure different things.

    Examples
    --------
    >>> converted(1, "MWh", "kWh"), converted(68, "F", "C"), converted(1, "km2", "ha"), converted(1, "ft", "sec")
    (1000.0, 20.0, 100.0, None)
    """
    line = _line(of, to)
    if line is None:
        return None
    before, above, below = line
    return (number + before) * above / below
