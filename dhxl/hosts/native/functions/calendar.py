"""Dates and times."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from dhxl.hosts.native.dates import (
    moment_number,
    month_length,
    month_start,
    moved_months,
    ymd,
)
from dhxl.hosts.native.functions.day_counts import (
    basis_of,
    days_30_european,
    days_between,
    year_length,
)
from dhxl.hosts.native.functions.toolpak import day_of, number_of_day, toolpak
from dhxl.hosts.native.library import Here, function
from dhxl.hosts.native.values import NUM, VALUE, Wrong

_SECONDS: Final = 86_400
_GREATEST_TIME: Final = 32_767  # of hours, minutes and seconds in TIME


def _seconds(number: float) -> int:
    """Return a point of time in whole seconds: half a second is one."""
    if number < 0:
        raise Wrong(NUM)
    return math.floor(number * _SECONDS + 0.5)


def _parts(number: float, here: Here) -> tuple[int, int, int]:
    """Return year, month and day of a point of time, the next day's from half a second before midnight."""
    return ymd(day_of(_seconds(number) // _SECONDS, here))


@function("DATE", "N N N", needs_place=True)
def _date(here: Here, year: float, month: float, day: float) -> int:
    whole = math.floor(year)
    if whole < 0 or whole > 9999 or abs(month) > 1e6 or abs(day) > 1e7:
        raise Wrong(NUM)
    return number_of_day(
        month_start(whole + 1900 if whole < 1900 else whole, math.floor(month)) + math.floor(day) - 1, here
    )


@function("YEAR", "N", needs_place=True)
def _year(here: Here, number: float) -> int:
    return _parts(number, here)[0]


@function("MONTH", "N", needs_place=True)
def _month(here: Here, number: float) -> int:
    return _parts(number, here)[1]


@function("DAY", "N", needs_place=True)
def _day(here: Here, number: float) -> int:
    return _parts(number, here)[2]


@function("HOUR", "N")
def _hour(number: float) -> int:
    return _seconds(number) // 3600 % 24


@function("MINUTE", "N")
def _minute(number: float) -> int:
    return _seconds(number) // 60 % 60


@function("SECOND", "N")
def _second(number: float) -> int:
    return _seconds(number) % 60


@function("TIME", "N N N")
def _time(hour: float, minute: float, second: float) -> float:
    parts = [math.trunc(part) for part in (hour, minute, second)]
    if any(abs(part) > _GREATEST_TIME for part in parts):
        raise Wrong(NUM)
    total = parts[0] * 3600 + parts[1] * 60 + parts[2]
    if total < 0:
        raise Wrong(NUM)
    return total % _SECONDS / _SECONDS


def _moment(text: str) -> float:
    moment = moment_number(text.strip())
    if moment is None:
        raise Wrong(VALUE)
    return moment


@function("DATEVALUE", "T", needs_place=True)
def _date_of_text(here: Here, text: str) -> int:
    day = math.floor(_moment(text))
    return number_of_day(day, here) if day else 0


@function("TIMEVALUE", "T")
def _time_of_text(text: str) -> float:
    return _moment(text) % 1


def _serial(moment: datetime, here: Here) -> float:
    start = datetime(1904, 1, 1) if here.book.date1904 else datetime(1899, 12, 30)
    return (moment - start).total_seconds() / _SECONDS


@function("NOW", needs_place=True, volatile=True)
def _now(here: Here) -> float:
    return _serial(here.book.moment(), here)


@function("TODAY", needs_place=True, volatile=True)
def _today(here: Here) -> int:
    return math.floor(_serial(here.book.moment(), here))


@function("DAYS", "N N", needs_place=True)
def _days(here: Here, end: float, start: float) -> int:
    return day_of(end, here) - day_of(start, here)


@function("DAYS360", "N N L?", needs_place=True)
def _days_360(here: Here, start: float, end: float, european: bool = False) -> int:
    first, last = day_of(start, here), day_of(end, here)
    if european:
        return days_30_european(first, last)
    (year, month, day), (end_year, end_month, end_day) = ymd(first), ymd(last)
    if day == month_length(year, month):  # the last of February, too, is a 30th here
        day = 30
    if end_day == 31 and day == 30:
        end_day = 30
    return (end_year - year) * 360 + (end_month - month) * 30 + end_day - day


@toolpak("EDATE", "D N", gives_date=True)
def _months_later(start: int, months: float) -> int:
    return moved_months(start, _months(months))


@toolpak("EOMONTH", "D N", gives_date=True)
def _month_end(start: int, months: float) -> int:
    year, month, _ = ymd(start)
    return month_start(year, month + _months(months) + 1) - 1


def _months(number: float) -> int:
    if abs(number) > 120_000:
        raise Wrong(NUM)
    return math.trunc(number)


# Number of the day on which a week begins, Sunday is 0, by the kinds 11 to 17 of WEEKDAY and WEEKNUM
_WEEK_BEGINS: Final[dict[int, int]] = {kind: (kind - 10) % 7 for kind in range(11, 18)} | {1: 0, 2: 1}


@function("WEEKDAY", "N N?", needs_place=True)
def _weekday(here: Here, number: float, kind: float = 1.0) -> int:
    day, way = day_of(number, here), math.floor(kind)
    if way == 3:
        return (day - 2) % 7
    if way not in _WEEK_BEGINS:
        raise Wrong(NUM)
    return (day - 1 - _WEEK_BEGINS[way]) % 7 + 1


@toolpak("WEEKNUM", "D N?")
def _week(day: int, kind: float = 1.0) -> int:
    way = math.floor(kind)
    if way == 21:
        return _iso_week(day)
    if way not in _WEEK_BEGINS:
        raise Wrong(NUM)
    new_year = month_start(ymd(day)[0], 1)
    return (day - new_year + (new_year - 1 - _WEEK_BEGINS[way]) % 7) // 7 + 1


def _iso_week(day: int) -> int:
    thursday = day - (day - 2) % 7 + 3
    return (thursday - month_start(ymd(thursday)[0], 1)) // 7 + 1


@function("ISOWEEKNUM", "N", needs_place=True)
def _iso_week_number(here: Here, number: float) -> int:
    return _iso_week(day_of(number, here))


@toolpak("YEARFRAC", "D D N?")
def _years(start: int, end: int, basis: float = 0.0) -> float:
    first, last, way = min(start, end), max(start, end), basis_of(basis)
    return days_between(first, last, way) / year_length(first, last, way) if first != last else 0.0


@function("DATEDIF", "N N T", needs_place=True)
def _difference(here: Here, start: float, end: float, unit: str) -> int:
    first, last = day_of(start, here), day_of(end, here)
    if first > last:
        raise Wrong(NUM)
    (year, month, day), (end_year, end_month, end_day) = ymd(first), ymd(last)
    months = (end_year - year) * 12 + end_month - month - (end_day < day)
    match unit.upper():
        case "D":
            return last - first
        case "M":
            return months
        case "Y":
            return months // 12
        case "YM":
            return months % 12
        case "MD":  # from the same day of the month before, a 31 February counting on into March
            return last - (month_start(end_year, end_month - (end_day < day)) + day - 1)
        case "YD":  # in the years after the start, whatever years are leap years later on
            return month_start(year + ((end_month, end_day) < (month, day)), end_month) + end_day - 1 - first
        case _:
            raise Wrong(NUM)
