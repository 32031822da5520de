"""Bonds that pay a coupon once, twice or four times a year: coupon dates, price, yield, duration."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dhxl.hosts.native.dates import month_length, month_start, ymd
from dhxl.hosts.native.functions.day_counts import basis_of, days_30_us, days_between
from dhxl.hosts.native.functions.solving import rate_of_zero
from dhxl.hosts.native.functions.toolpak import toolpak
from dhxl.hosts.native.values import DIV0, NUM, Wrong, finite

__all__ = ["CouponPeriod", "coupon_period"]


@dataclass(frozen=True, slots=True)
class CouponPeriod:
    """The time between two coupons in which a bond is bought: its ends, and how many coupons are still to come."""

    begin: int
    end: int
    coupons: int
    basis: int
    frequency: int
    settlement: int

    @property
    def days(self) -> float:
        """Return its length."""
        if self.basis == 1:
            return float(self.end - self.begin)
        return (365 if self.basis == 3 else 360) / self.frequency

    @property
    def elapsed(self) -> int:
        """Return the days from its begin to the settlement."""
        return days_between(self.begin, self.settlement, self.basis)

    @property
    def left(self) -> float:
        """Return the days to its end as price and yield count them."""
        return self.days - self.elapsed


def coupon_period(settlement: int, maturity: int, frequency: float, basis: float) -> CouponPeriod:
    """Return the time between coupons in which a bond is bought.

    Raises
    ------
    Wrong
        The dates are out of order, or there is no such frequency or basis.
    """
    times, way = math.floor(frequency), basis_of(basis)
    if times not in (1, 2, 4) or settlement >= maturity:
        raise Wrong(NUM)
    (year, month, _), (end_year, end_month, end_day) = ymd(settlement), ymd(maturity)
    step = 12 // times
    at_month_end = end_day == month_length(end_year, end_month)

    def before(coupons: int) -> int:
        """Return the date so many coupons before the maturity; from the end of a month to the ends of months."""
        total = end_year * 12 + end_month - 1 - coupons * step
        length = month_length(total // 12, total % 12 + 1)
        return month_start(total // 12, total % 12 + 1) - 1 + (length if at_month_end else min(end_day, length))

    coupons = max(((end_year - year) * 12 + end_month - month) // step, 1)
    while before(coupons) > settlement:
        coupons += 1
    while coupons > 1 and before(coupons - 1) <= settlement:
        coupons -= 1
    return CouponPeriod(before(coupons), before(coupons - 1), coupons, way, times, settlement)


@toolpak("COUPDAYBS", "D D N N?")
def _days_since_coupon(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> int:
    return coupon_period(settlement, maturity, frequency, basis).elapsed


@toolpak("COUPDAYS", "D D N N?")
def _days_of_coupon(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> float:
    return coupon_period(settlement, maturity, frequency, basis).days


@toolpak("COUPDAYSNC", "D D N N?")
def _days_to_coupon(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> int:
    period = coupon_period(settlement, maturity, frequency, basis)
    if period.basis == 0:
        return days_30_us(period.begin, period.end, both=True) - period.elapsed
    return days_between(settlement, period.end, period.basis)


@toolpak("COUPNCD", "D D N N?", gives_date=True)
def _next_coupon(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> int:
    return coupon_period(settlement, maturity, frequency, basis).end


@toolpak("COUPPCD", "D D N N?", gives_date=True)
def _previous_coupon(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> int:
    return coupon_period(settlement, maturity, frequency, basis).begin


@toolpak("COUPNUM", "D D N N?")
def _coupons_left(settlement: int, maturity: int, frequency: float, basis: float = 0.0) -> int:
    return coupon_period(settlement, maturity, frequency, basis).coupons


def _flow(period: CouponPeriod, rate: float) -> tuple[float, float, float]:
    """Return the coupon, the interest accrued since the last one, and the periods to the next one."""
    coupon = 100 * rate / period.frequency
    return coupon, coupon * period.elapsed / period.days, period.left / period.days


def _price_and_slope(period: CouponPeriod, rate: float, redemption: float, returned: float) -> tuple[float, float]:
    """Return the price at a yield and its change with the yield."""
    coupon, accrued, first = _flow(period, rate)
    growth = 1 + returned / period.frequency
    if growth <= 0:
        raise Wrong(NUM)
    price = slope = 0.0
    for number in range(period.coupons):
        paid = coupon + (redemption if number == period.coupons - 1 else 0.0)
        present = paid * math.pow(growth, -(number + first))
        price += present
        slope -= (number + first) * present
    return price - accrued, slope / growth / period.frequency


@toolpak("PRICE", "D D N N N N N?")
def _price(
    settlement: int,
    maturity: int,
    rate: float,
    returned: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    period = coupon_period(settlement, maturity, frequency, basis)
    if rate < 0 or returned < 0 or redemption <= 0:
        raise Wrong(NUM)
    coupon, accrued, first = _flow(period, rate)
    if period.coupons == 1:  # simple interest up to the only coupon
        return finite((redemption + coupon) / (1 + first * returned / period.frequency) - accrued)
    return finite(_price_and_slope(period, rate, redemption, returned)[0])


@toolpak("YIELD", "D D N N N N N?")
def _yield(
    settlement: int,
    maturity: int,
    rate: float,
    price: float,
    redemption: float,
    frequency: float,
    basis: float = 0.0,
) -> float:
    period = coupon_period(settlement, maturity, frequency, basis)
    if rate < 0 or price <= 0 or redemption <= 0:
        raise Wrong(NUM)
    if period.coupons == 1:
        return _yield_of_last_coupon(period, rate, price, redemption)

    def curve(returned: float) -> tuple[float, float]:
        value, slope = _price_and_slope(period, rate, redemption, returned)
        return value - price, slope

    return finite(rate_of_zero(curve, 0.05, period.frequency))


def _yield_of_last_coupon(period: CouponPeriod, rate: float, price: float, redemption: float) -> float:
    """Return the simple yield up to the only coupon.

    Other than the price, Excel's yield counts the true days of the coupon with every basis of true days, and the days
    to the coupon from the settlement on.
    """
    length = 360 / period.frequency if period.basis in (0, 4) else float(period.end - period.begin)
    coupon = 100 * rate / period.frequency
    left = days_between(period.settlement, period.end, period.basis)
    gain = (redemption + coupon) / (price + coupon * period.elapsed / length) - 1
    if left == 0:
        raise Wrong(DIV0)
    return finite(gain * period.frequency * length / left)


def _mean_time(period: CouponPeriod, rate: float, returned: float) -> float:
    """Return the years until a bond's payments, weighted with their values."""
    if rate < 0 or returned < 0:
        raise Wrong(NUM)
    growth = 1 + returned / period.frequency
    first = period.left / period.days
    weighted = total = 0.0
    for number in range(period.coupons):
        paid = 100 * rate / period.frequency + (100 if number == period.coupons - 1 else 0)
        present = paid * math.pow(growth, -(number + first))
        total += present
        weighted += (number + first) * present
    if total == 0:
        raise Wrong(NUM)
    return weighted / total / period.frequency


@toolpak("DURATION", "D D N N N N?")
def _duration(
    settlement: int, maturity: int, rate: float, returned: float, frequency: float, basis: float = 0.0
) -> float:
    return finite(_mean_time(coupon_period(settlement, maturity, frequency, basis), rate, returned))


@toolpak("MDURATION", "D D N N N N?")
def _modified_duration(
    settlement: int, maturity: int, rate: float, returned: float, frequency: float, basis: float = 0.0
) -> float:
    period = coupon_period(settlement, maturity, frequency, basis)
    return finite(_mean_time(period, rate, returned) / (1 + returned / period.frequency))
