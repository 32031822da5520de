"""Days and years between two dates by the five ways of counting them, of which the argument ``basis`` tells one.

0: months of 30 days, as in the USA; 1: true days over the length of the year; 2: true days over 360; 3: true days over
365; 4: months of 30 days, as in Europe. Dates are day numbers of the 1900 date system.
"""

from __future__ import annotations

import math

from dhxl.hosts.native.dates import is_leap, month_length, month_start, ymd
from dhxl.hosts.native.values import NUM, Wrong

__all__ = ["basis_of", "days_30_european", "days_30_us", "days_between", "year_length"]


def basis_of(number: float) -> int:
    """Return a way of counting days.

    Raises
    ------
    Wrong
        There is no such way.
    """
    basis = math.floor(number)
    if not 0 <= basis <= 4:
        raise Wrong(NUM)
    return basis


def days_30_us(start: int, end: int, *, both: bool = False) -> int:
    """Return the days between two dates with months of 30 days, as counted in the USA.

    Parameters
    ----------
    start, end : int
        The dates.
    both : bool
        Whether the end, too, is the 30th where it is the last of its month, whatever the start is.
    """
    (year, month, day), (end_year, end_month, end_day) = ymd(start), ymd(end)
    start_ends_february = month == 2 and day == month_length(year, 2)
    if end_month == 2 and end_day == month_length(end_year, 2) and (start_ends_february or both):
        end_day = 30
    if end_day == 31 and (day >= 30 or both):
        end_day = 30
    if day == 31 or start_ends_february:
        day = 30
    return (end_year - year) * 360 + (end_month - month) * 30 + end_day - day


def days_30_european(start: int, end: int) -> int:
    """Return the days between two dates with months of 30 days, as counted in Europe."""
    (year, month, day), (end_year, end_month, end_day) = ymd(start), ymd(end)
    return (end_year - year) * 360 + (end_month - month) * 30 + min(end_day, 30) - min(day, 30)


def days_between(start: int, end: int, basis: int) -> int:
    """Return the days between two dates.

    Examples
    --------
    >>> days_between(45322, 45382, 0), days_between(45322, 45382, 1)
    (60, 60)
    """
    if basis == 0:
        return days_30_us(start, end)
    return days_30_european(start, end) if basis == 4 else end - start


def year_length(start: int, end: int, basis: int) -> float:
    """Return the days of a year for the time between two dates; with basis 1 the mean of the years it touches.

    Examples
    --------
    >>> year_length(45322, 45382, 0), year_length(45322, 45382, 1), year_length(45322, 46053, 1)
    (360.0, 366.0, 365.3333333333333)
    """
    if basis != 1:
        return 365.0 if basis == 3 else 360.0
    (year, month, day), (end_year, end_month, end_day) = ymd(start), ymd(end)
    if year != end_year and not (end_year == year + 1 and (month, day) >= (end_month, end_day)):
        return (month_start(end_year + 1, 1) - month_start(year, 1)) / (end_year - year + 1)
    if year == end_year:
        leap = is_leap(year)
    else:  # not more than a year: what counts is a 29 February between
        leap = (is_leap(year) and month <= 2) or (is_leap(end_year) and (end_month, end_day) >= (2, 29))
    return 366.0 if leap else 365.0
