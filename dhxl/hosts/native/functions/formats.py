"""Numbers as texts in a format, and texts as numbers."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import Here, function
from dhxl.hosts.native.number_formats import NumberFormat, Section, number_format
from dhxl.hosts.native.shown_dates import moment_in_section
from dhxl.hosts.native.shown_numbers import decimal, general, in_section, rounded
from dhxl.hosts.native.values import VALUE, Scalar, Wrong, as_number, as_text, finite, number_in

_TESTS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MOST_PLACES: Final = 127  # decimals of FIXED and DOLLAR


@function("TEXT", "V T", needs_place=True)
def _text(here: Here, value: Scalar, code: str) -> str:
    if isinstance(value, CellError):
        raise Wrong(value)
    if not code:
        return ""
    form = number_format(code)
    if isinstance(value, bool):
        return _text_in_section(as_text(value), form.text)
    if isinstance(value, str):
        number = number_in(value)
        if number is None:
            return _text_in_section(value, form.text)
    else:
        number = as_number(value)
    section, bare = _chosen(number, form)
    if section is None:
        return general(number)
    if section.is_date:
        return moment_in_section(number, section, date1904=here.book.date1904)
    shown = in_section(abs(number), section)
    return "-" + shown if number < 0 and not bare else shown


def _text_in_section(text: str, section: Section | None) -> str:
    if section is None:
        return text
    return "".join(text if part.kind in ("@", "general") else part.text for part in section.parts)


def _chosen(number: float, form: NumberFormat) -> tuple[Section | None, bool]:
    """Return the section for a number, and whether it stands for negative numbers alone and shows no sign."""
    sections = form.numbers
    if not sections:
        return None, False
    first = sections[0].condition
    second = sections[1].condition if len(sections) > 1 else None
    if first is None and second is None:
        if len(sections) == 1:
            return sections[0], False
        if number < 0:
            return sections[1], True
        return sections[2 if number == 0 and len(sections) > 2 else 0], False
    if _holds(number, first or ((">" if len(sections) > 2 else ">="), 0.0)):
        return sections[0], first is not None and _is_negative_only(first)
    if len(sections) > 1:
        rest = ("<", 0.0) if len(sections) > 2 or first in ((">=", 0.0), (">", 0.0)) else None
        condition = second or rest
        if condition is None or (second is None and len(sections) == 2) or _holds(number, condition):
            return sections[1], condition is not None and _is_negative_only(condition)
    return (sections[2] if len(sections) > 2 else None), False


def _holds(number: float, condition: tuple[str, float]) -> bool:
    return _TESTS[condition[0]](number, condition[1])


def _is_negative_only(condition: tuple[str, float]) -> bool:
    sign, limit = condition
    return (sign == "<" and limit <= 0) or (sign in ("<=", "=") and limit < 0)


@function("VALUE", "V")
def _value(value: Scalar) -> float:
    if isinstance(value, bool):
        raise Wrong(VALUE)
    return as_number(value)


@function("NUMBERVALUE", "T T? T?")
def _number_of_text(text: str, point: str = ".", group: str = ",") -> float:
    point, group = (point or ".")[0], (group or ",")[0]
    plain = "".join(text.split())
    if not plain:
        return 0.0
    body = plain.rstrip("%")
    whole, dot, decimals = body.partition(point)
    if group in decimals:
        raise Wrong(VALUE)
    number = whole.replace(group, "") + ("." if dot else "") + decimals
    if not _PLAIN.fullmatch(number):
        raise Wrong(VALUE)
    return finite(float(number) / 100.0 ** (len(plain) - len(body)))


def _rounded(number: float, places: float) -> tuple[Decimal, int]:
    """Return a number rounded as FIXED and DOLLAR do, and how many decimals they show."""
    count = math.trunc(places)
    if count > _MOST_PLACES:
        raise Wrong(VALUE)
    return rounded(decimal(number), max(count, -400)), max(count, 0)


@function("FIXED", "N N? L?")
def _fixed(number: float, places: float = 2.0, plain: bool = False) -> str:
    shown, decimals = _rounded(number, places)
    return f"{shown or abs(shown):{'' if plain else ','}.{decimals}f}"


@function("DOLLAR", "N N?")
def _dollar(number: float, places: float = 2.0) -> str:
    shown, decimals = _rounded(number, places)
    text = f"${abs(shown):,.{decimals}f}"
    return f"({text})" if shown < 0 else text
