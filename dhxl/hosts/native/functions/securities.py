"""Securities at a discount or with interest at maturity, treasury bills, prices in fractions."""

from __future__ import annotations

import math

from dhxl.hosts.native.dates import moved_months
from dhxl.hosts.native.functions.day_counts import basis_of, days_between, year_length
from dhxl.hosts.native.functions.toolpak import toolpak
from dhxl.hosts.native.values import DIV0, NUM, Wrong, finite


def _share(start: int, end: int, basis: float, *among: float) -> float:
    """Return the time between two dates in years; what else a function takes must be greater than 0."""
    way = basis_of(basis)
    if start >= end or any(number <= 0 for number in among):
        raise Wrong(NUM)
    return days_between(start, end, way) / year_length(start, end, way)


def _over(above: float, below: float) -> float:
    if below == 0:
        raise Wrong(DIV0)
    return finite(above / below)


@toolpak("DISC", "D D N N N?")
def _discount(settlement: int, maturity: int, price: float, redemption: float, basis: float = 0.0) -> float:
    share = _share(settlement, maturity, basis, price, redemption)
    return _over(1 - price / redemption, share)


@toolpak("INTRATE", "D D N N N?")
def _interest_rate(settlement: int, maturity: int, paid: float, redemption: float, basis: float = 0.0) -> float:
    share = _share(settlement, maturity, basis, paid, redemption)
    return _over((redemption - paid) / paid, share)


@toolpak("RECEIVED", "D D N N N?")
def _received(settlement: int, maturity: int, paid: float, discount: float, basis: float = 0.0) -> float:
    rest = 1 - discount * _share(settlement, maturity, basis, paid, discount)
    if rest <= 0:
        raise Wrong(NUM)
    return finite(paid / rest)


@toolpak("PRICEDISC", "D D N N N?")
def _price_at_discount(settlement: int, maturity: int, discount: float, redemption: float, basis: float = 0.0) -> float:
    return finite(redemption * (1 - discount * _share(settlement, maturity, basis, discount, redemption)))


@toolpak("YIELDDISC", "D D N N N?")
def _yield_at_discount(settlement: int, maturity: int, price: float, redemption: float, basis: float = 0.0) -> float:
    share = _share(settlement, maturity, basis, price, redemption)
    return _over((redemption - price) / price, share)


def _times(settlement: int, maturity: int, issue: int, basis: float) -> tuple[float, float, float]:
    """Return the years from issue to maturity, from issue to settlement, and from settlement to maturity."""
    way = basis_of(basis)
    if not issue <= settlement < maturity:
        raise Wrong(NUM)
    length = year_length(issue, settlement, way)
    whole, held = days_between(issue, maturity, way), days_between(issue, settlement, way)
    return whole / length, held / length, (whole - held) / length


@toolpak("PRICEMAT", "D D D N N N?")
def _price_with_interest(
    settlement: int, maturity: int, issue: int, rate: float, returned: float, basis: float = 0.0
) -> float:
    if rate < 0 or returned < 0:
        raise Wrong(NUM)
    whole, held, left = _times(settlement, maturity, issue, basis)
    return finite(100 * ((1 + whole * rate) / (1 + left * returned) - held * rate))


@toolpak("YIELDMAT", "D D D N N N?")
def _yield_with_interest(
    settlement: int, maturity: int, issue: int, rate: float, price: float, basis: float = 0.0
) -> float:
    if rate < 0 or price <= 0:
        raise Wrong(NUM)
    whole, held, left = _times(settlement, maturity, issue, basis)
    return _over((1 + whole * rate) / (price / 100 + held * rate) - 1, left)


@toolpak("ACCRINTM", "D D N N? N?")
def _accrued_at_maturity(issue: int, settlement: int, rate: float, par: float = 1000.0, basis: float = 0.0) -> float:
    return finite(par * rate * _share(issue, settlement, basis, rate, par))


def _bill_days(settlement: int, maturity: int) -> int:
    """Return the days that a treasury bill runs, a year at most."""
    if settlement >= maturity or maturity > moved_months(settlement, 12):
        raise Wrong(NUM)
    return maturity - settlement


@toolpak("TBILLPRICE", "D D N")
def _bill_price(settlement: int, maturity: int, discount: float) -> float:
    price = 100 * (1 - discount * _bill_days(settlement, maturity) / 360)
    if discount <= 0 or price < 0:
        raise Wrong(NUM)
    return price


@toolpak("TBILLYIELD", "D D N")
def _bill_yield(settlement: int, maturity: int, price: float) -> float:
    days = _bill_days(settlement, maturity)
    if price <= 0:
        raise Wrong(NUM)
    return finite((100 - price) / price * 360 / days)


@toolpak("TBILLEQ", "D D N")
def _bill_equivalent(settlement: int, maturity: int, discount: float) -> float:
    days = _bill_days(settlement, maturity)
    price = 1 - discount * days / 360
    if discount <= 0 or price <= 0:
        raise Wrong(NUM)
    if days <= 182:
        return finite(365 * discount / (360 - discount * days))
    # more than half a year: as a bond with a coupon each half year
    share = days / (366 if days == 366 else 365)
    root = share * share - (2 * share - 1) * (1 - 1 / price)
    return finite(2 * (math.sqrt(root) - share) / (2 * share - 1))


def _in_fractions(price: float, factor: float) -> float:
    """Return a price whose decimals are multiplied."""
    whole = math.trunc(price)
    return finite(whole + (price - whole) * factor)


def _parts(fraction: float) -> tuple[int, float]:
    """Return the parts of one in a fraction, and the power of ten that they are written below."""
    if fraction < 0:
        raise Wrong(NUM)
    parts = math.floor(fraction)
    if parts == 0:
        raise Wrong(DIV0)
    return parts, 10.0 ** len(str(parts - 1)) if parts > 1 else 1.0


@toolpak("DOLLARDE", "N N")
def _decimal_price(price: float, fraction: float) -> float:
    parts, ten = _parts(fraction)
    return _in_fractions(price, ten / parts)


@toolpak("DOLLARFR", "N N")
def _fractional_price(price: float, fraction: float) -> float:
    parts, ten = _parts(fraction)
    return _in_fractions(price, parts / ten)
