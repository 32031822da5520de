"""Day numbers: dates and times as spreadsheets count them, with the 29 February 1900 that never was."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

__all__ = [
    "LAST_DAY",
    "date_number",
    "day_number",
    "days_1904",
    "is_leap",
    "moment_number",
    "month_length",
    "month_start",
    "moved_months",
    "time_share",
    "ymd",
]

LAST_DAY: Final = 2_958_465  # 31 December 9999
_LEAP_DAY: Final = 60  # 29 February 1900
_ORIGIN: Final = date(1899, 12, 30)
_BEFORE_MONTH: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_AMERICAN: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})", re.ASCII)
_SHORT: Final = re.compile(r"(\d{1,2})[-/](\d{1,4})", re.ASCII)
_DAY_NAMED: Final = re.compile(r"(\d{1,2})[- /]([A-Za-z]{3,9})(?:[- /,]+(\d{4}|\d{2}))?", re.ASCII)
_NAMED_DAY: Final = re.compile(r"([A-Za-z]{3,9})[- /](\d{1,4})(?:,? ?(\d{4}))?", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?(?: ?([AaPp])[Mm]?)?", re.ASCII)
_HOUR: Final = re.compile(r"(\d{1,2}) ?([AaPp])[Mm]?", re.ASCII)


def day_number(year: int, month: int, day: int) -> int | None:
    """Return the day number of a date, None where there is no such day; 0 is the day before 1 January 1900.

    Examples
    --------
    >>> day_number(1900, 1, 1), day_number(1900, 2, 29), day_number(2024, 1, 10), day_number(2023, 2, 29)
    (1, 60, 45301, None)
    """
    if (year, month, day) == (1900, 2, 29):
        return _LEAP_DAY
    try:
        number = (date(year, month, day) - _ORIGIN).days
    except (ValueError, OverflowError):
        return None
    if number <= _LEAP_DAY:
        number -= 1
    return number if number >= 1 else None


def ymd(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day number from 0 to the end of 9999.

    Examples
    --------
    >>> ymd(0), ymd(60), ymd(61), ymd(45301)
    ((1900, 1, 0), (1900, 2, 29), (1900, 3, 1), (2024, 1, 10))
    """
    if number == 0:
        return 1900, 1, 0
    if number == _LEAP_DAY:
        return 1900, 2, 29
    day = _ORIGIN + timedelta(days=number + (number < _LEAP_DAY))
    return day.year, day.month, day.day


def days_1904(date1904: bool) -> int:
    """Return by how many days the numbers of the 1900 date system are greater than those of a workbook's own."""
    return 1462 if date1904 else 0


def is_leap(year: int) -> bool:
    """Return whether a year has 366 days, as 1900 has for spreadsheets."""
    return year == 1900 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return 28 + is_leap(year) if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def month_start(year: int, month: int) -> int:
    """Return the day number of the first day of a month; months beyond a year count on.

    Examples
    --------
    >>> month_start(1900, 1), month_start(1900, 3), month_start(2023, 13), month_start(2024, 0)
    (1, 61, 45292, 45261)
    """
    years, month0 = divmod(month - 1, 12)
    before = year + years - 1
    leap_days = before // 4 - before // 100 + before // 400 - 460  # since 1900
    number = (before - 1899) * 365 + leap_days + _BEFORE_MONTH[month0] + 1
    if month0 >= 2 and is_leap(before + 1):
        number += 1
    return number + (before >= 1900)


def moved_months(number: int, months: int) -> int:
    """Return the same day so many months later, or the last day of a month too short for it.

    Examples
    --------
    >>> ymd(moved_months(45322, 1)), ymd(moved_months(45322, -12)), moved_months(0, 1)
    ((2024, 2, 29), (2023, 1, 31), 31)
    """
    year, month, day = ymd(number)
    total = year * 12 + month - 1 + months
    year, month = total // 12, total % 12 + 1
    return month_start(year, month) - 1 + min(day, month_length(year, month))


def moment_number(text: str) -> float | None:
    """Return the day number with the share of the day that a text shows: a date, a time, or both.

    Examples
    --------
    >>> moment_number("1/2/2024 6:00 PM"), moment_number("12:00"), moment_number("5")
    (45293.75, 0.5, None)
    """
    day = date_number(text)
    if day is not None:
        return day
    share = time_share(text)
    if share is not None:
        return share
    cut = text.find(" ")
    while cut > 0:
        day, share = date_number(text[:cut]), time_share(text[cut + 1 :].strip())
        if day is not None and share is not None:
            return day + share
        cut = text.find(" ", cut + 1)
    return None


def date_number(text: str, this_year: int | None = None) -> float | None:
    """Return the day number that a text shows in an English Excel; None where it is no date.

    Examples
    --------
    >>> date_number("2024-01-10"), date_number("1/10/2024"), date_number("10-Jan-2024"), date_number("January 10, 2024")
    (45301.0, 45301.0, 45301.0, 45301.0)
    """
    parts = _date_parts(text.strip(), this_year or date.today().year)
    number = day_number(*parts) if parts else None
    return None if number is None else float(number)


def _date_parts(text: str, this_year: int) -> tuple[int, int, int] | None:
    if found := _ISO.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _AMERICAN.fullmatch(text):
        return _year(found[3]), int(found[1]), int(found[2])
    if found := _SHORT.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if len(found[2]) == 4:
            return second, first, 1
        return (this_year, first, second) if second <= 31 else (_year(found[2]), first, 1)
    if found := _DAY_NAMED.fullmatch(text):
        month = _month(found[2])
        return (_year(found[3]) if found[3] else this_year, month, int(found[1])) if month else None
    if found := _NAMED_DAY.fullmatch(text):
        month = _month(found[1])
        if not month:
            return None
        if found[3]:
            return int(found[3]), month, int(found[2])
        number = int(found[2])
        if number > 31:
            return _year(found[2]), month, 1
        return this_year, month, number
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) <= 2:
        return year + (2000 if year < 30 else 1900)
    return year


def _month(word: str) -> int:
    low = word.lower()
    if low in _MONTHS:
        return _MONTHS.index(low) + 1
    return _LONG.index(low) + 1 if low in _LONG else 0


def time_share(text: str) -> float | None:
    """Return the share of a day that a text such as ``6:30 PM`` or ``27:00`` shows; None where it is no time.

    Examples
    --------
    >>> time_share("6:30 PM"), time_share("27:00"), time_share("6 AM"), time_share("noon")
    (0.7708333333333334, 1.125, 0.25, None)
    """
    found = _TIME.fullmatch(text.strip())
    if found:
        hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3] or 0)
        half = found[4]
    elif short := _HOUR.fullmatch(text.strip()):
        hours, minutes, seconds, half = int(short[1]), 0, 0.0, short[2]
    else:
        return None
    if minutes > 59 or seconds >= 60 or (half and not 0 <= hours <= 12):
        return None
    if half:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return (hours * 3600 + minutes * 60 + seconds) / 86_400
