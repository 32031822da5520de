"""Bonds whose first or last coupon is for another time than the others."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dhxl.hosts.native.dates import month_length, moved_months, ymd
from dhxl.hosts.native.functions.coupons import coupon_period
from dhxl.hosts.native.functions.day_counts import days_30_us, days_between
from dhxl.hosts.native.functions.solving import rate_of_zero
from dhxl.hosts.native.functions.toolpak import toolpak
from dhxl.hosts.native.values import NUM, Wrong, finite


def _days(start: int, end: int, basis: int) -> int:
    """Return the days between two dates, 0 where they are out of order."""
    return max(days_between(start, end, basis), 0)


def _coupon_days(start: int, end: int, basis: int) -> int:
    """Return the same for a coupon's time, whose end may be a 30th whatever its begin is."""
    return max(days_30_us(start, end, both=True), 0) if basis == 0 else _days(start, end, basis)


def _last_coupon(settlement: int, maturity: int, last: int, frequency: float, basis: float) -> tuple[float, ...]:
    """Return, in coupons: the time from the last coupon to maturity, its part before and its part after settlement."""
    if not last < settlement < maturity:
        raise Wrong(NUM)
    bond = coupon_period(last, maturity, frequency, basis)
    whole = held = left = 0.0
    begin = last
    for number in range(1, bond.coupons + 1):
        end = moved_months(begin, 12 // bond.frequency)
        length = _coupon_days(begin, end, bond.basis)
        counted = length if number < bond.coupons else _coupon_days(begin, maturity, bond.basis)
        whole += counted / length
        if end < settlement:
            held += counted / length
        elif begin < settlement:
            held += _days(begin, settlement, bond.basis) / length
        left += _days(max(settlement, begin), min(maturity, end), bond.basis) / length
        begin = end
    return whole, held, left


@toolpak("ODDLPRICE", "D D D N N N N N?")
def _price_of_odd_last(
    settlement: int,
    maturity: int,
    last: int,
    rate: float,
    returned: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    whole, held, left = _last_coupon(settlement, maturity, last, frequency, basis)
    if rate < 0 or returned < 0 or redemption <= 0:
        raise Wrong(NUM)
    times = math.floor(frequency)
    coupon = 100 * rate / times
    return finite((redemption + whole * coupon) / (1 + left * returned / times) - held * coupon)


@toolpak("ODDLYIELD", "D D D N N N N N?")
def _yield_of_odd_last(
    settlement: int,
    maturity: int,
    last: int,
    rate: float,
    price: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    whole, held, left = _last_coupon(settlement, maturity, last, frequency, basis)
    if rate < 0 or price <= 0 or redemption <= 0 or left == 0:
        raise Wrong(NUM)
    times = math.floor(frequency)
    coupon = 100 * rate / times
    return finite(((redemption + whole * coupon) / (price + held * coupon) - 1) * times / left)


class _OddFirst:
    """Payments of a bond with an odd first coupon: amounts of 100 and when they come, in coupons from settlement on."""

    __slots__ = ("accrued", "frequency", "payments")

    def __init__(
        self,
        dates: tuple[int, int, int, int],
        rate: float,
        redemption: float,
        frequency: float,
        basis: float,
    ) -> None:
        settlement, maturity, issue, first = dates
        if not issue < settlement < first < maturity or rate < 0 or redemption <= 0:
            raise Wrong(NUM)
        bond = coupon_period(settlement, maturity, frequency, basis)
        if coupon_period(first, maturity, frequency, basis).begin != first:  # no date of a coupon
            raise Wrong(NUM)
        self.frequency, way = bond.frequency, bond.basis
        coupon = 100 * rate / bond.frequency
        to_first = coupon_period(settlement, first, frequency, basis)
        length = to_first.days
        if _days(issue, first, way) < length:
            share = _days(issue, first, way) / length
            held = _days(issue, settlement, way) / length
            wait = _days(settlement, first, way) / length
            regular = bond.coupons - 1
        else:
            share, held = _long_first(issue, settlement, first, length, frequency, way)
            until = (
                _days(settlement, to_first.end, way)
                if way in (2, 3)
                else length - days_between(to_first.begin, settlement, way)
            )
            wait = until / length + _whole_coupons(settlement, first, 12 // bond.frequency)
            regular = coupon_period(first, maturity, frequency, basis).coupons
        self.accrued = coupon * held
        self.payments = [
            (coupon * share, wait),
            *((coupon, wait + number) for number in range(1, regular + 1)),
            (redemption, wait + regular),
        ]

    def price_and_slope(self, returned: float) -> tuple[float, float]:
        """Return the price at a yield and its change with the yield."""
        growth = 1 + returned / self.frequency
        price = slope = 0.0
        for amount, wait in self.payments:
            present = amount * math.pow(growth, -wait)
            price += present
            slope -= wait * present
        return price - self.accrued, slope / growth / self.frequency


def _backwards(issue: int, first: int, frequency: float, basis: int) -> Iterator[tuple[int, int, int]]:
    """Yield the coupons' times from the first coupon back to the issue, each with its number from there."""
    months = 12 // math.floor(frequency)
    end = first
    for number in range(coupon_period(issue, first, frequency, basis).coupons, 0, -1):
        begin = moved_months(end, -months)
        yield number, begin, end
        end = begin


def _long_first(
    issue: int, settlement: int, first: int, length: float, frequency: float, basis: int
) -> tuple[float, float]:
    """Return the time of a long first coupon and its part before settlement, in coupons."""
    share = held = 0.0
    for number, begin, end in _backwards(issue, first, frequency, basis):
        days = float(_days(begin, end, basis)) if basis == 1 else length
        share += 1.0 if number > 1 else _days(issue, end, basis) / days
        held += _days(max(issue, begin), min(settlement, end), basis) / days
    return share, held


def _whole_coupons(settlement: int, first: int, months: int) -> int:
    """Return the whole coupons between settlement and the first coupon."""
    (year, month, day), (first_year, first_month, first_day) = ymd(settlement), ymd(first)
    length = month_length(first_year, first_month)
    at_end = first_day == length
    if not at_end and first_month != 2 and 28 < first_day < length:
        at_end = day == month_length(year, month)

    def stepped(date: int, by: int) -> int:
        moved = moved_months(date, by)
        return moved - ymd(moved)[2] + month_length(*ymd(moved)[:2]) if at_end else moved

    date = stepped(settlement, 0)
    count = int(settlement < date)
    date = stepped(date, months)
    while date < first:
        date = stepped(date, months)
        count += 1
    return count


@toolpak("ODDFPRICE", "D D D D N N N N N?")
def _price_of_odd_first(
    settlement: int,
    maturity: int,
    issue: int,
    first: int,
    rate: float,
    returned: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    if returned < 0:
        raise Wrong(NUM)
    bond = _OddFirst((settlement, maturity, issue, first), rate, redemption, frequency, basis)
    return finite(bond.price_and_slope(returned)[0])


@toolpak("ODDFYIELD", "D D D D N N N N N?")
def _yield_of_odd_first(
    settlement: int,
    maturity: int,
    issue: int,
    first: int,
    rate: float,
    price: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    if price <= 0:
        raise Wrong(NUM)
    bond = _OddFirst((settlement, maturity, issue, first), rate, redemption, frequency, basis)

    def curve(returned: float) -> tuple[float, float]:
        value, slope = bond.price_and_slope(returned)
        return value - price, slope

    return finite(rate_of_zero(curve, 0.05, bond.frequency))
