"""Loans and savings with equal payments."""

from __future__ import annotations

import math
from typing import Final

from dhxl.hosts.native.functions.solving import rate_of_zero
from dhxl.hosts.native.functions.toolpak import toolpak
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import DIV0, NUM, Wrong, finite

_MOST_PERIODS: Final = 100_000  # of CUMIPMT and CUMPRINC, which go through them one by one


def _growth(rate: float, periods: float) -> float:
    """Return to what 1 grows."""
    try:
        return math.pow(1 + rate, periods)
    except (OverflowError, ValueError):
        raise Wrong(NUM) from None


def _payments_grown(rate: float, periods: float, due: float) -> float:
    """Return to what payments of 1 in each period grow."""
    if rate == 0:
        return periods
    try:
        # of small rates the power less 1 would lose digits
        small = abs(rate) < 0.1
        grown = math.expm1(periods * math.log1p(rate)) if small else math.pow(1 + rate, periods) - 1
    except (OverflowError, ValueError):
        raise Wrong(NUM) from None
    return (1 + rate * due) * grown / rate


def _due(kind: float) -> float:
    """Return 1 for payments at the beginning of a period; any number other than 0 means that."""
    return float(kind != 0)


def _future(rate: float, periods: float, payment: float, present: float, due: float) -> float:
    if rate == -1 and periods <= 0:
        raise Wrong(NUM)
    if rate == -1:
        return -payment * (1 - due)
    return -(present * _growth(rate, periods) + payment * _payments_grown(rate, periods, due))


def _payment(rate: float, periods: float, present: float, future: float, due: float) -> float:
    if rate == -1:
        if periods <= 0 or due:
            raise Wrong(NUM)
        return -future
    payments = _payments_grown(rate, periods, due)
    if payments == 0:
        raise Wrong(NUM)
    return -(present * _growth(rate, periods) + future) / payments


@function("FV", "N N N N? N?")
def _fv(rate: float, periods: float, payment: float, present: float = 0.0, kind: float = 0.0) -> float:
    return finite(_future(rate, periods, payment, present, _due(kind)))


@function("PV", "N N N N? N?")
def _pv(rate: float, periods: float, payment: float, future: float = 0.0, kind: float = 0.0) -> float:
    growth = _growth(rate, periods)
    if growth == 0 or rate == -1:
        raise Wrong(NUM)
    return finite(-(future + payment * _payments_grown(rate, periods, _due(kind))) / growth)


@function("PMT", "N N N N? N?")
def _pmt(rate: float, periods: float, present: float, future: float = 0.0, kind: float = 0.0) -> float:
    return finite(_payment(rate, periods, present, future, _due(kind)))


@function("NPER", "N N N N? N?")
def _nper(rate: float, payment: float, present: float, future: float = 0.0, kind: float = 0.0) -> float:
    if rate == 0:
        if payment == 0:
            raise Wrong(NUM)
        return finite(-(present + future) / payment)
    if rate <= -1:
        raise Wrong(NUM)
    each = payment * (1 + rate * _due(kind))
    below = present * rate + each
    if below == 0:
        raise Wrong(NUM)
    share = (each - future * rate) / below
    if share <= 0:
        raise Wrong(NUM)
    return finite(math.log(share) / math.log1p(rate))


@function("RATE", "N N N N? N? N?")
def _rate(
    periods: float, payment: float, present: float, future: float = 0.0, kind: float = 0.0, guess: float = 0.1
) -> float:
    if periods <= 0 or guess <= -1:
        raise Wrong(NUM)
    due = _due(kind)

    def curve(rate: float) -> tuple[float, float]:
        if abs(rate) < 1e-5:  # the slope's closed form loses its digits here: the first terms of its series
            half = (periods - 1) / 2
            grown = periods * (1 + half * rate * (1 + (periods - 2) / 3 * rate))
            growth = math.exp(periods * math.log1p(rate))
            grown_slope = periods * half * (1 + (periods - 2) * 2 / 3 * rate)
        else:
            growth = math.exp(periods * math.log1p(rate))
            grown = math.expm1(periods * math.log1p(rate)) / rate
            grown_slope = (periods * growth / (1 + rate) - grown) / rate
        begins = 1 + rate * due
        value = present * growth + payment * begins * grown + future
        slope = present * periods * growth / (1 + rate) + payment * (due * grown + begins * grown_slope)
        return value / growth, (slope - value * periods / (1 + rate)) / growth

    return finite(rate_of_zero(curve, guess))


def _interest(rate: float, period: float, periods: float, present: float, future: float, due: float) -> float:
    if not 1 <= period <= periods:
        raise Wrong(NUM)
    if due and period == 1:
        return 0.0
    payment = _payment(rate, periods, present, future, due)
    # what is owed after the periods before, with the payment due at the beginning of this one
    owed = _future(rate, period - 1 - due, payment, present, due) - due * payment
    return rate * owed


@function("IPMT", "N N N N N? N?")
def _ipmt(rate: float, period: float, periods: float, present: float, future: float = 0.0, kind: float = 0.0) -> float:
    return finite(_interest(rate, period, periods, present, future, _due(kind)))


@function("PPMT", "N N N N N? N?")
def _ppmt(rate: float, period: float, periods: float, present: float, future: float = 0.0, kind: float = 0.0) -> float:
    due = _due(kind)
    interest = _interest(rate, period, periods, present, future, due)
    return finite(_payment(rate, periods, present, future, due) - interest)


def _span(rate: float, periods: float, present: float, start: float, end: float, kind: float) -> range:
    """Return the periods from ``start`` to ``end``."""
    if rate <= 0 or periods <= 0 or present <= 0 or not 1 <= start <= end <= periods or kind not in (0, 1):
        raise Wrong(NUM)
    span = range(math.ceil(start), math.floor(end) + 1)
    if len(span) > _MOST_PERIODS:
        raise Wrong(NUM)
    return span


@toolpak("CUMIPMT", "N N N N N N")
def _cumulated_interest(rate: float, periods: float, present: float, start: float, end: float, kind: float) -> float:
    span = _span(rate, periods, present, start, end, kind)
    return finite(math.fsum(_interest(rate, period, periods, present, 0.0, kind) for period in span))


@toolpak("CUMPRINC", "N N N N N N")
def _cumulated_principal(rate: float, periods: float, present: float, start: float, end: float, kind: float) -> float:
    span = _span(rate, periods, present, start, end, kind)
    payment = _payment(rate, periods, present, 0.0, kind)
    interest = math.fsum(_interest(rate, period, periods, present, 0.0, kind) for period in span)
    return finite(payment * len(span) - interest)


@function("ISPMT", "N N N N")
def _interest_of_equal_repayments(rate: float, period: float, periods: float, present: float) -> float:
    if periods == 0:
        raise Wrong(DIV0)
    return finite(present * rate * (period / periods - 1))


@toolpak("EFFECT", "N N")
def _effective(rate: float, count: float) -> float:
    times = math.floor(count)
    if rate <= 0 or times < 1:
        raise Wrong(NUM)
    return finite(_growth(rate / times, times) - 1)


@toolpak("NOMINAL", "N N")
def _nominal(rate: float, count: float) -> float:
    times = math.floor(count)
    if rate <= 0 or times < 1:
        raise Wrong(NUM)
    return finite((_growth(rate, 1 / times) - 1) * times)
