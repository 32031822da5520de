"""Working days between dates and after a date."""

from __future__ import annotations

import math
from typing import Final

from dhxl.hosts.native.dates import LAST_DAY
from dhxl.hosts.native.functions.toolpak import day_of, number_of_day, strict_number
from dhxl.hosts.native.library import Here, flat, function
from dhxl.hosts.native.values import MISSING, NUM, VALUE, Scalar, Value, Wrong

_SATURDAY_SUNDAY: Final = frozenset({5, 6})  # days of the week, Monday is 0


def _weekday(day: int) -> int:
    return (day - 2) % 7


def _holidays(holidays: Value, here: Here, weekend: frozenset[int]) -> list[int]:
    """Return the days of a list that would be working days, in order."""
    days = {day_of(strict_number(one), here) for one in flat(holidays) if one is not None and one is not MISSING}
    return sorted(day for day in days if _weekday(day) not in weekend)


def _weekend(kind: Scalar) -> frozenset[int]:
    """Return the days of the week that are free, by a number or a text of seven digits from Monday on."""
    if isinstance(kind, str):
        if len(kind) != 7 or set(kind) - {"0", "1"}:
            raise Wrong(VALUE)
        return frozenset(day for day, free in enumerate(kind) if free == "1")
    if kind is None or kind is MISSING:
        return _SATURDAY_SUNDAY
    number = math.floor(strict_number(kind))
    if 1 <= number <= 7:
        return frozenset({(number + 4) % 7, (number + 5) % 7})
    if 11 <= number <= 17:
        return frozenset({(number - 12) % 7})
    raise Wrong(NUM)


def _count(start: int, end: int, weekend: frozenset[int], holidays: list[int]) -> int:
    if start > end:
        return -_count(end, start, weekend, holidays)
    weeks, rest = divmod(end - start + 1, 7)
    count = weeks * (7 - len(weekend))
    count += sum(_weekday(day) not in weekend for day in range(end - rest + 1, end + 1))
    return count - sum(start <= day <= end for day in holidays)


def _moved(start: int, count: int, weekend: frozenset[int], holidays: list[int]) -> int:
    a_week = 7 - len(weekend)
    sign = 1 if count > 0 else -1
    left, day = abs(count), start
    while left:
        if left > 10 * LAST_DAY:
            raise Wrong(NUM)
        weeks = (left - 1) // a_week  # a whole week holds so many working days wherever it begins
        before = day
        day += sign * 7 * weeks
        left -= weeks * a_week
        while left:
            day += sign
            left -= _weekday(day) not in weekend
        left = sum(min(before + sign, day) <= one <= max(before + sign, day) for one in holidays)
    return day


@function("NETWORKDAYS", "V V R?", needs_place=True)
def _workdays(here: Here, start: Scalar, end: Scalar, holidays: Value = MISSING) -> int:
    first, last = day_of(strict_number(start), here), day_of(strict_number(end), here)
    return _count(first, last, _SATURDAY_SUNDAY, _holidays(holidays, here, _SATURDAY_SUNDAY))


@function("NETWORKDAYS.INTL", "N N V? R?", needs_place=True)
def _workdays_of(here: Here, start: float, end: float, kind: Scalar = MISSING, holidays: Value = MISSING) -> int:
    weekend = _weekend(kind)
    return _count(day_of(start, here), day_of(end, here), weekend, _holidays(holidays, here, weekend))


@function("WORKDAY", "V V R?", needs_place=True)
def _workday(here: Here, start: Scalar, count: Scalar, holidays: Value = MISSING) -> int:
    first, days = day_of(strict_number(start), here), math.trunc(strict_number(count))
    return number_of_day(_moved(first, days, _SATURDAY_SUNDAY, _holidays(holidays, here, _SATURDAY_SUNDAY)), here)


@function("WORKDAY.INTL", "N N V? R?", needs_place=True)
def _workday_of(here: Here, start: float, count: float, kind: Scalar = MISSING, holidays: Value = MISSING) -> int:
    weekend = _weekend(kind)
    if len(weekend) == 7:
        raise Wrong(VALUE)
    return number_of_day(
        _moved(day_of(start, here), math.trunc(count), weekend, _holidays(holidays, here, weekend)), here
    )
