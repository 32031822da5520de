"""Value and rate of return of cash flows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dhxl.hosts.native.functions.solving import rate_of_zero
from dhxl.hosts.native.functions.toolpak import strict_number, toolpak
from dhxl.hosts.native.library import flat, function, numbers
from dhxl.hosts.native.operators import power
from dhxl.hosts.native.values import DIV0, NUM, VALUE, Scalar, Value, Wrong, finite


def _flows(values: Value) -> list[float]:
    """Return the numbers among cash flows; there must be a positive and a negative one."""
    found = list(numbers(values))
    if not any(flow > 0 for flow in found) or not any(flow < 0 for flow in found):
        raise Wrong(NUM)
    return found


def _present(flows: Sequence[float], rate: float) -> float:
    """Return the value of flows one period before the first of them."""
    if rate == -1:
        raise Wrong(DIV0)
    factor, total, discount = 1 / (1 + rate), 0.0, 1.0
    for flow in flows:
        discount *= factor
        total += flow * discount
    return finite(total)


@function("NPV", "N R+")
def _npv(rate: float, *values: Value) -> float:
    return _present(list(numbers(*values)), rate)


@function("IRR", "R N?")
def _irr(values: Value, guess: float = 0.1) -> float:
    flows = _flows(values)
    if guess <= -1:
        raise Wrong(NUM)
    backwards = flows[::-1]

    def curve(rate: float) -> tuple[float, float]:
        factor = 1 / (1 + rate)
        value = slope = 0.0
        for flow in backwards:
            slope = slope * factor + value
            value = value * factor + flow
        return value, -slope * factor * factor

    return finite(rate_of_zero(curve, guess))


@function("MIRR", "R N N")
def _mirr(values: Value, finance_rate: float, reinvest_rate: float) -> float:
    flows = list(numbers(values))
    paid = _present([min(flow, 0.0) for flow in flows], finance_rate)
    earned = _present([max(flow, 0.0) for flow in flows], reinvest_rate)
    count = len(flows)
    if paid == 0 or earned == 0 or count < 2:
        raise Wrong(DIV0)
    share = -earned * power(1 + reinvest_rate, count) / (paid * (1 + finance_rate))
    if share < 0:
        raise Wrong(NUM)
    return finite(power(share, 1 / (count - 1)) - 1)


def _untyped(value: Scalar) -> float:
    if isinstance(value, str):
        raise Wrong(VALUE)
    return strict_number(value)


def _dated(values: Value, dates: Value) -> tuple[list[float], list[float]]:
    """Return flows and the years from the first of them; a blank counts as 0, a text is no date here."""
    flows, moments = ([_untyped(one) for one in flat(given)] for given in (values, dates))
    days = [math.trunc(moment) for moment in moments]
    if len(flows) != len(days) or min(days) < 0 or min(days) < days[0]:
        raise Wrong(NUM)
    return flows, [(day - days[0]) / 365 for day in days]


@toolpak("XNPV", "N R R")
def _xnpv(rate: float, values: Value, dates: Value) -> float:
    flows, years = _dated(values, dates)
    if rate < 0:  # Excel refuses negative rates, though XIRR may give one
        raise Wrong(NUM)
    return finite(sum(flow * power(1 + rate, -year) for flow, year in zip(flows, years, strict=True)))


@toolpak("XIRR", "R R N?")
def _xirr(values: Value, dates: Value, guess: float = 0.1) -> float:
    flows, years = _dated(values, dates)
    if guess <= -1 or not any(flow > 0 for flow in flows) or not any(flow < 0 for flow in flows):
        raise Wrong(NUM)

    def curve(rate: float) -> tuple[float, float]:
        growth = math.log1p(rate)
        value = slope = 0.0
        for flow, year in zip(flows, years, strict=True):
            present = flow * math.exp(-year * growth)
            value += present
            slope -= year * present
        return value, slope / (1 + rate)

    return finite(rate_of_zero(curve, guess))


@toolpak("FVSCHEDULE", "N R")
def _fv_schedule(principal: float, schedule: Value) -> float:
    for one in flat(schedule):
        principal *= 1 + _untyped(one)
    return finite(principal)


@function("PDURATION", "N N N")
def _periods_to_grow(rate: float, present: float, future: float) -> float:
    if rate <= 0 or present <= 0 or future <= 0:
        raise Wrong(NUM)
    return finite((math.log(future) - math.log(present)) / math.log1p(rate))


@function("RRI", "N N N")
def _rate_of_growth(periods: float, present: float, future: float) -> float:
    if periods <= 0:
        raise Wrong(NUM)
    if future == present:
        return 0.0
    if present == 0 or future / present < 0:
        raise Wrong(NUM)
    return finite(power(future / present, 1 / periods) - 1)
