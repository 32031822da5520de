"""Numbers written by the parts of a number format: places for digits, thousands, percent, exponents, fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from dhxl.hosts.native.number_formats import Part, Section
from dhxl.hosts.native.values import VALUE, Wrong

__all__ = ["decimal", "general", "in_section", "rounded"]

_EXACT: Final = Context(prec=800)
_LONGEST_DENOMINATOR: Final = 7  # digits
_GENERAL_WIDTH: Final = 11  # characters of a number in the format General


def decimal(number: float) -> Decimal:
    """Return the 15 digits of a number that Excel shows."""
    return Decimal(f"{number:.14e}")


def rounded(number: Decimal, places: int) -> Decimal:
    """Return a number with so many decimals, halves away from zero; negative places round before the point.

    Examples
    --------
    >>> rounded(decimal(1.005), 2), rounded(decimal(-2.5), 0), rounded(Decimal(1250), -2)
    (Decimal('1.01'), Decimal('-3'), Decimal('1.3E+3'))
    """
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


def general(number: float) -> str:
    """Return a number as the format General shows it in a cell, with at most 11 characters beside the sign.

    Examples
    --------
    >>> general(1 / 3), general(-1234567890123.0), general(0.00012345678), general(1e-5), general(1e10)
    ('0.333333333', '-1.23457E+12', '0.000123457', '0.00001', '10000000000')
    """
    sign, size = ("-" if number < 0 else ""), abs(number)
    if size == 0:
        return "0"
    power = math.floor(math.log10(size))
    if -4 <= power <= 10:
        places = min(_GENERAL_WIDTH - 2, 9 - power) if power >= 0 else 9
        text = f"{rounded(decimal(size), max(places, 0)):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text) <= _GENERAL_WIDTH:
            return sign + text
    elif power > -10:
        text = f"{decimal(size).normalize():f}"
        if len(text) <= _GENERAL_WIDTH:
            return sign + text
    digits, _, exponent = f"{rounded(decimal(size).scaleb(-power), 5):f}E{power}".partition("E")
    if digits.startswith("10."):
        digits, exponent = "1.0", str(power + 1)
    digits = digits.rstrip("0").rstrip(".")
    return f"{sign}{digits}E{'+' if int(exponent) >= 0 else '-'}{abs(int(exponent)):02d}"


def in_section(number: float, section: Section) -> str:
    """Return a number that is not negative as a section without dates shows it."""
    parts = section.parts
    if section.has("general"):
        return "".join(general(number) if part.kind == "general" else part.text for part in parts)
    if not section.has("digit"):
        return "".join(part.text for part in parts if part.kind != "E")
    layout = _layout(section)
    if layout.slash is not None:
        return _fraction(number, parts, layout.slash)
    value, places = decimal(number).scaleb(layout.shift, _EXACT), layout.places
    power = 0
    if layout.exponent:
        width = layout.width
        power = math.floor(value.adjusted() / width) * width if value else 0
        if rounded(value.scaleb(-power, _EXACT), places) >= 10**width:
            power += width
        value = value.scaleb(-power, _EXACT)
    before, _, after = f"{rounded(value, places):f}".partition(".")
    shown = _before_point(layout.whole, before.lstrip("0"), grouped=layout.grouped) + layout.point
    if layout.decimals:
        shown += _after_point(layout.decimals, after.rstrip("0"))
    if layout.exponent:
        sign = "-" if power < 0 else "+" if layout.exponent[0].text == "+" else ""
        shown += "E" + sign + _before_point(layout.exponent[1:], str(abs(power)) if power else "", grouped=False)
    return shown


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a section shows digits: where the stroke of a fraction stands, or else the parts around the point.

    ``shift`` is the power of ten by which percent signs and commas multiply, ``width`` the places before the point of
    a number with an exponent, ``places`` those behind it.
    """

    slash: int | None
    whole: Sequence[Part]
    point: str
    decimals: Sequence[Part]
    exponent: Sequence[Part]
    grouped: bool
    shift: int
    width: int
    places: int


@lru_cache(maxsize=512)
def _layout(section: Section) -> _Layout:
    slash = _slash(section.parts)
    if slash is not None:
        return _Layout(slash, (), "", (), (), False, 0, 0, 0)
    whole, point, decimals, exponent = _split(section.parts)
    grouped, thousands = _commas(whole, decimals)
    shift = 2 * sum(part.kind == "%" for part in section.parts) - 3 * thousands
    width = max(sum(part.kind == "digit" for part in whole), 1)
    places = sum(part.kind == "digit" for part in decimals)
    return _Layout(None, whole, point, decimals, exponent, grouped, shift, width, places)


def _split(parts: Sequence[Part]) -> tuple[list[Part], str, list[Part], list[Part]]:
    """Return the parts before the point, the point, those behind it, and the exponent's."""
    whole: list[Part] = []
    decimals: list[Part] = []
    exponent: list[Part] = []
    point = ""
    for part in parts:
        if exponent or part.kind == "E":
            exponent.append(part)
        elif part.kind == "." and not point:
            point = "."
        else:
            (decimals if point else whole).append(part)
    if exponent and not any(part.kind == "digit" for part in exponent):
        raise Wrong(VALUE)
    if not any(part.kind == "digit" for part in (*whole, *decimals)):
        raise Wrong(VALUE)
    return whole, point, decimals, exponent


def _commas(whole: Sequence[Part], decimals: Sequence[Part]) -> tuple[bool, int]:
    """Return whether thousands stand apart, and by how many thousands the number is divided."""
    places = [index for index, part in enumerate(whole) if part.kind == "digit"]
    commas = [index for index, part in enumerate(whole) if part.kind == ","]
    grouped = any(places and places[0] < comma < places[-1] for comma in commas)
    behind = sum(bool(places) and comma > places[-1] for comma in commas)
    return grouped, behind + sum(part.kind == "," for part in decimals)


def _before_point(parts: Sequence[Part], digits: str, *, grouped: bool) -> str:
    places = [index for index, part in enumerate(parts) if part.kind == "digit"]
    first = places[0] if places else -1
    backwards: list[str] = []
    left, count = list(digits), 0

    def put(char: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            backwards.append("," if char != " " else " ")
        backwards.append(char)
        count += 1

    if not places:
        backwards.append(digits)
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part.kind == "digit":
            if left:
                put(left.pop())
            elif part.text != "#":
                put("0" if part.text == "0" else " ")
            while index == first and left:
                put(left.pop())
        elif part.kind != "," or index < first:  # a comma before all digits is a sign like any other
            backwards.append(part.text)
    return "".join(reversed(backwards))


def _after_point(parts: Sequence[Part], digits: str) -> str:
    shown: list[str] = []
    at = 0
    for part in parts:
        if part.kind == "digit":
            if at < len(digits):
                shown.append(digits[at])
            elif part.text != "#":
                shown.append("0" if part.text == "0" else " ")
            at += 1
        elif part.kind != ",":
            shown.append(part.text)
    return "".join(shown)


def _slash(parts: Sequence[Part]) -> int | None:
    """Return where the stroke of a fraction stands, None where there is none."""
    found = [
        index
        for index, part in enumerate(parts)
        if part.kind == "/" and _is_place(parts, index, -1) and _is_place(parts, index, 1)
    ]
    if len(found) > 1:
        raise Wrong(VALUE)
    return found[0] if found else None


def _is_place(parts: Sequence[Part], index: int, step: int) -> bool:
    """Return whether a place for digits comes next to a part, texts aside."""
    index += step
    while 0 <= index < len(parts) and parts[index].kind == "text" and not _is_fixed(parts[index], step):
        index += step
    return 0 <= index < len(parts) and (parts[index].kind == "digit" or _is_fixed(parts[index], step))


def _is_fixed(part: Part, step: int) -> bool:
    """Return whether a part is a digit of a given denominator."""
    return step > 0 and part.kind == "text" and part.text.isdigit()


@dataclass(frozen=True, slots=True)
class _FractionParts:
    """A section with a fraction: places and texts of the whole number, of what is above and below the stroke."""

    whole: Sequence[Part]
    between: str
    above: Sequence[Part]
    stroke: str
    below: Sequence[Part]
    tail: str

    def has(self, place: str) -> bool:
        """Return whether one of the places next to the strokes is such a place."""
        return any(part.text == place for part in (*self.whole[-1:], *self.above, *self.below) if part.kind == "digit")


def _fraction_parts(parts: Sequence[Part], slash: int) -> _FractionParts:
    left, right = slash, slash + 1
    while parts[left - 1].kind != "digit":
        left -= 1
    while parts[right].kind != "digit" and not _is_fixed(parts[right], 1):
        right += 1
    begin, end = left, right
    while begin > 0 and parts[begin - 1].kind == "digit":
        begin -= 1
    while end < len(parts) and (parts[end].kind == "digit" or _is_fixed(parts[end], 1)):
        end += 1
    places = [index for index in range(begin) if parts[index].kind == "digit"]
    whole_end = places[-1] + 1 if places else 0
    return _FractionParts(
        parts[:whole_end] if places else (),
        _texts(parts[whole_end:begin]),
        parts[begin:left],
        _texts(parts[left:slash]) + "/" + _texts(parts[slash + 1 : right]),
        parts[right:end],
        _texts(parts[end:]),
    )


def _fraction(number: float, parts: Sequence[Part], slash: int) -> str:
    form = _fraction_parts(parts, slash)
    whole = math.floor(number) if form.whole else 0
    fixed = "".join(part.text for part in form.below)
    if any(part.kind == "text" for part in form.below):
        if not fixed.isdigit() or int(fixed) == 0:
            raise Wrong(VALUE)
        upper, lower, under = int(rounded(decimal((number - whole) * int(fixed)), 0)), int(fixed), fixed
    else:
        digits = min(len(fixed), _LONGEST_DENOMINATOR)
        upper, lower = _approximated(number - whole, 10**digits - 1)
        under = str(lower).zfill(fixed.count("0"))
        under = under.ljust(len(fixed) if "?" in fixed else 0)
    if form.whole and upper >= lower:
        whole, upper = whole + 1, 0
    over = _before_point(form.above, str(upper), grouped=False)
    if not form.whole:
        return form.between + over + form.stroke + under + form.tail
    if upper == 0 and not any(part.text == "0" for part in form.above):
        shown = _before_point([*form.whole[:-1], Part("digit", "0")], str(whole) if whole else "", grouped=False)
        hidden = len(form.between + form.stroke) + len(form.above) + len(form.below)
        return shown + " " * (hidden if form.has("?") else 0) + form.tail
    last = form.whole[-1].text
    shown = _before_point(form.whole, str(whole) if whole else "", grouped=False)
    between = form.between
    if whole == 0 and upper == 0 and last == "?":
        shown = shown[:-1] + "0"
    elif whole == 0 and last != "0":  # no whole number, and nothing to part it from the fraction
        blank = last == "?" or any(part.text == "?" for part in form.above)
        between = " " * len(between) if blank else ""
    return shown + between + over + form.stroke + under + form.tail


def _texts(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts if part.kind != "digit")


def _approximated(number: float, greatest: int) -> tuple[int, int]:
    """Return the last of the continued fraction's approximations whose denominator is not too great."""
    before, above = (0, 1), (1, 0)
    rest = number
    while True:
        whole = math.floor(rest)
        new = whole * above[0] + before[0], whole * above[1] + before[1]
        if new[1] > greatest:
            return above
        before, above = above, new
        if rest - whole < 5e-8:
            return above
        rest = 1 / (rest - whole)
