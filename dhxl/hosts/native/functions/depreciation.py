"""Depreciation of assets."""

from __future__ import annotations

import math
from typing import Final

from dhxl.hosts.native.dates import is_leap, ymd
from dhxl.hosts.native.functions.day_counts import basis_of, days_between, year_length
from dhxl.hosts.native.functions.toolpak import toolpak
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import DIV0, NUM, Wrong, finite

_MOST_PERIODS: Final = 100_000  # of functions that go through them one by one


@function("SLN", "N N N")
def _straight_line(cost: float, salvage: float, life: float) -> float:
    if life == 0:
        raise Wrong(DIV0)
    return finite((cost - salvage) / life)


@function("SYD", "N N N N")
def _sum_of_years(cost: float, salvage: float, life: float, period: float) -> float:
    if salvage < 0 or life <= 0 or period <= 0 or period > life:
        raise Wrong(NUM)
    return finite((cost - salvage) * (life - period + 1) * 2 / (life * (life + 1)))


@function("DB", "N N N N N?")
def _fixed_declining(cost: float, salvage: float, life: float, period: float, months: float = 12.0) -> float:
    months = math.floor(months)
    if cost < 0 or salvage < 0 or life <= 0 or period <= 0 or not 1 <= months <= 12:
        raise Wrong(NUM)
    if period > life + (months < 12):  # a first part-year leaves one at the end
        raise Wrong(NUM)
    if cost == 0:
        return 0.0
    try:
        rate = math.floor((1 - math.pow(salvage / cost, 1 / life)) * 1000 + 0.5) / 1000
        first = cost * rate * months / 12
        number, years = math.floor(period), math.floor(life)
        if number <= 1:
            return finite(first)
        worn = (cost - first) * math.pow(1 - rate, min(number, years + 1) - 2) * rate
    except OverflowError:
        raise Wrong(NUM) from None
    return finite(worn if number <= years else worn * (12 - months) / 12)


def _declining(cost: float, salvage: float, life: float, period: float, factor: float) -> float:
    """Return the depreciation of a whole period, never below the salvage value."""
    rate = factor / life
    if rate >= 1:
        rate = 1.0
        before = cost if period == 1 else 0.0
    else:
        before = cost * math.pow(1 - rate, period - 1)
    after = cost * math.pow(1 - rate, period)
    return max(before - max(after, salvage), 0.0)


@function("DDB", "N N N N N?")
def _double_declining(cost: float, salvage: float, life: float, period: float, factor: float = 2.0) -> float:
    if cost < 0 or salvage < 0 or life <= 0 or period <= 0 or period > life or factor <= 0:
        raise Wrong(NUM)
    return finite(_declining(cost, salvage, life, max(period, 1.0), factor))


@function("VDB", "N N N N N N? L?")
def _variable_declining(
    cost: float,
    salvage: float,
    life: float,
    start: float,
    end: float,
    factor: float = 2.0,
    no_switch: bool = False,
) -> float:
    if cost < 0 or salvage < 0 or life <= 0 or factor < 0 or not 0 <= start <= end <= life or end > _MOST_PERIODS:
        raise Wrong(NUM)
    if no_switch:
        return finite(
            sum(
                _declining(cost, salvage, life, period + 1, factor) * (min(end, period + 1) - max(start, period))
                for period in range(math.floor(start), math.ceil(end))
            )
        )
    left = cost - _until(cost, salvage, life, life, start, factor)
    return finite(_until(left, salvage, life, life - start, end - start, factor))


def _until(cost: float, salvage: float, life: float, life_left: float, end: float, factor: float) -> float:
    """Return the depreciation from now on; it turns to straight line where that is more."""
    total, left, straight = 0.0, cost - salvage, -1.0
    for period in range(math.ceil(end)):
        if straight < 0:
            each = _declining(cost, salvage, life, period + 1, factor)
            evenly = left / (life_left - period) if life_left > period else 0.0
            if evenly > each:
                straight = each = evenly
            else:
                left -= each
        else:
            each = straight
        total += each * min(end - period, 1.0)
    return total


def _first_part_year(cost: float, bought: int, first_end: int, salvage: float, rate: float, basis: int) -> float:
    """Return the depreciation up to the end of the first period; a whole year's where that is none."""
    ends = [bought, first_end]
    if basis in (1, 3):  # a 29 February counts as the 28th
        ends = [day - 1 if ymd(day)[1:] == (2, 29) else day for day in ends]
    year = (366.0 if is_leap(ymd(bought)[0]) else 365.0) if basis == 1 else year_length(bought, bought, basis)
    part = days_between(ends[0], ends[1], basis) / year * rate * cost
    return min(part or cost * rate, cost - salvage)


def _checked(cost: float, bought: int, first_end: int, salvage: float, period: float, rate: float, basis: int) -> None:
    if (
        basis == 2
        or rate <= 0
        or period < 0
        or salvage < 0
        or salvage > cost
        or bought > first_end
        or period > _MOST_PERIODS
    ):
        raise Wrong(NUM)


@toolpak("AMORLINC", "N D D N N N N?")
def _french_linear(
    cost: float, bought: int, first_end: int, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    way = basis_of(basis)
    _checked(cost, bought, first_end, salvage, period, rate, way)
    if period > math.ceil(1 / rate) or cost == salvage:
        return 0.0
    first = _first_part_year(cost, bought, first_end, salvage, rate, way)
    if period == 0:
        return finite(first)
    each, number = cost * rate, math.floor(period)
    if number == 0:  # Excel takes any part of a period for a whole year
        return finite(each)
    return finite(max(min(each, cost - salvage - first - (number - 1) * each), 0.0))


@toolpak("AMORDEGRC", "N D D N N N N?")
def _french_declining(
    cost: float, bought: int, first_end: int, salvage: float, period: float, rate: float, basis: float = 0.0
) -> float:
    way = basis_of(basis)
    _checked(cost, bought, first_end, salvage, period, rate, way)
    life = 1 / rate
    if life <= 3 or 4 <= life <= 5:
        raise Wrong(NUM)
    years = math.ceil(life)
    if cost == salvage or period > years:
        return 0.0
    each = rate * (1.5 if years <= 4 else 2.0 if years <= 6 else 2.5)
    part = _first_part_year(cost, bought, first_end, salvage, each, way)
    first = _whole(part)
    if period == 0:
        return first
    if ymd(bought) != ymd(first_end):  # a part-year at the beginning leaves one at the end
        years += 1
    left, worn = cost - first, 0.0
    for count in range(1, math.floor(period) + 1):
        halves = years - count - 1 == 2  # half of what is left in the last but one, all in the last
        worn = 0.0 if left < salvage else left * (0.5 if halves else each)
        if halves:
            each = 1.0
        left -= worn
    return _whole(worn)


def _whole(number: float) -> float:
    """Return a whole number, halves up, of the digits that Excel shows."""
    return math.floor(round(number, 13) + 0.5)
