"""Present value, payback and levelised cost of yearly cash flows; inflow is positive."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.errors import InputError, NoSolutionError

__all__ = [
    "annuity_factor",
    "discounted_payback",
    "levelised_cost_of_heat",
    "net_present_value",
    "payback",
]

ROUNDING = 1e-12  # cumulative flows closer to 0 than this share of all flows count as 0


def annuity_factor(discount_rate: float, years: float) -> float:
    """Annuity factor: constant yearly payment that repays an investment of 1 with interest over the years.

    Parameters
    ----------
    discount_rate : float
        Fraction per year, above -1; 0 gives 1/years.
    years : float
        Number of yearly payments, at each year's end, a, above 0.

    Returns
    -------
    float
        Fraction of the investment per year.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``a = r / (1 - (1 + r)^-n)``.

    References
    ----------
    .. [1] VDI 2067 Part 1 (2012): Economic efficiency of building installations, annuity factor.

    Examples
    --------
    >>> round(annuity_factor(0.02, 20), 12)
    0.061156718125
    >>> annuity_factor(0, 20)
    0.05
    """
    require(outside("discount_rate", discount_rate, above=-1), outside("years", years, above=0))
    repaid = -math.expm1(-years * math.log1p(discount_rate))
    return discount_rate / repaid if repaid != 0 else 1 / years


def net_present_value(discount_rate: float, flows_eur: npt.ArrayLike, first_period: float = 1.0) -> float:
    """Net present value: cash flows discounted to today and added up.

    Parameters
    ----------
    discount_rate : float
        Fraction per period, above -1.
    flows_eur : array_like
        Cash flow of each period, EUR, inflow positive.
    first_period : float, optional
        Periods from today to the first flow: 1, the default, is the end of the first period, as NPV of Excel has it;
        0 is today; 0.5 the middle of the first period.

    Returns
    -------
    float
        EUR.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``NPV = sum of F_k (1 + r)^-(k + first)``, k = 0, 1, 2, ...

    References
    ----------
    .. [1] Microsoft: NPV function, example 1 (10 %, flows -10000, 3000, 4200, 6800).

    Examples
    --------
    >>> round(net_present_value(0.10, [-10000, 3000, 4200, 6800]), 6)
    1188.443412
    """
    flows = vector_of("flows_eur", flows_eur)
    require(
        outside("discount_rate", discount_rate, above=-1),
        outside_anywhere("flows_eur", flows),
        outside("first_period", first_period, at_least=0),
    )
    return math.fsum(flows * discount_factors(discount_rate, flows.size, first_period))


def discount_factors(discount_rate: float, count: int, first_period: float = 0.0) -> Vector:
    """Discount factors of successive periods.

    Parameters
    ----------
    discount_rate : float
        Fraction per period, above -1.
    count : int
        Number of periods.
    first_period : float, optional
        Periods from today to the first flow.

    Returns
    -------
    ndarray
        Shape (count,): ``(1 + r)^-(k + first)``.

    Examples
    --------
    >>> discount_factors(1.0, 3)
    array([1.  , 0.5 , 0.25])
    """
    periods = np.arange(count, dtype=np.float64) + first_period
    return np.asarray(np.power(1.0 + discount_rate, -periods), dtype=np.float64)


def payback(flows_eur: npt.ArrayLike) -> float:
    """Payback time: years until the cumulative cash flow is no longer negative, counted from year 0.

    Parameters
    ----------
    flows_eur : array_like
        Cash flow of year 0, 1, 2, ..., EUR, inflow positive.

    Returns
    -------
    float
        Years, interpolated within the year in which the cumulative flow reaches zero, as if that year's flow came
        evenly; 0 if it is never negative. If it turns negative again later (an overhaul), the last return to zero
        counts: from then on the money stays paid back.

    Raises
    ------
    InputError
        A flow is not finite.
    NoSolutionError
        The cumulative flow is negative at the end: it never pays back.

    Notes
    -----
    With the cumulative flow ``C_t`` and T the last year with ``C_T < 0``: ``T + (-C_T) / F_(T+1)``. Cumulative flows
    within 1e-12 of the sum of all absolute flows count as zero, so that rounding does not delay a payback by a year.

    References
    ----------
    .. [1] VDI 6025 (2012): Economy calculation systems for capital goods and plants, static payback.

    Examples
    --------
    >>> payback([-100, 30, 40, 60])
    2.5
    """
    flows = vector_of("flows_eur", flows_eur)
    require(outside_anywhere("flows_eur", flows))
    return _years_until_positive(flows, "flows_eur never pay back: the cumulative flow ends")


def discounted_payback(discount_rate: float, flows_eur: npt.ArrayLike) -> float:
    """Discounted payback time: years until the cumulative discounted cash flow is no longer negative, from year 0.

    Parameters
    ----------
    discount_rate : float
        Fraction per year, above -1; 0 gives :func:`payback`.
    flows_eur : array_like
        Cash flow of year 0, 1, 2, ..., EUR, inflow positive; year 0 is not discounted.

    Returns
    -------
    float
        Years, interpolated within the year as if that year's discounted flow came evenly; the last return to zero
        counts, as in :func:`payback`.

    Raises
    ------
    InputError
        An argument is outside its limits.
    NoSolutionError
        The cumulative discounted flow is negative at the end.

    Notes
    -----
    :func:`payback` of ``F_t (1 + r)^-t``.

    References
    ----------
    .. [1] VDI 6025 (2012): Economy calculation systems for capital goods and plants, dynamic payback.

    Examples
    --------
    >>> round(discounted_payback(0.1, [-100, 60, 60]), 6)
    1.916667
    """
    flows = vector_of("flows_eur", flows_eur)
    require(outside("discount_rate", discount_rate, above=-1), outside_anywhere("flows_eur", flows))
    discounted = flows * discount_factors(discount_rate, flows.size)
    return _years_until_positive(discounted, "flows_eur never pay back: the cumulative discounted flow ends")


def _years_until_positive(flows: Vector, never: str) -> float:
    cumulative = np.cumsum(flows)
    negative = np.flatnonzero(cumulative < -ROUNDING * np.abs(flows).sum())
    if not negative.size:
        return 0.0
    last = int(negative[-1])
    if last + 1 == flows.size:
        raise NoSolutionError(f"{never} at {cumulative[-1]:.12g} EUR")
    return last + min(1.0, float(-cumulative[last] / flows[last + 1]))


def levelised_cost_of_heat(discount_rate: float, cost_eur: npt.ArrayLike, heat_mwh: npt.ArrayLike) -> float:
    """Levelised cost of heat: discounted costs per discounted MWh of heat.

    Parameters
    ----------
    discount_rate : float
        Fraction per period, above -1.
    cost_eur : array_like
        Cost of each period, EUR, positive; revenues other than from heat may be taken off.
    heat_mwh : array_like
        Heat sold in the same periods, MWh, at least 0; in some period above 0.

    Returns
    -------
    float
        EUR/MWh: the heat price at which the net present value is zero. It does not depend on the period from which
        one discounts.

    Raises
    ------
    InputError
        An argument is outside its limits, or cost and heat differ in length.
    NoSolutionError
        No heat is sold.

    Notes
    -----
    ``LCOH = sum of K_t (1 + r)^-t / sum of Q_t (1 + r)^-t``.

    References
    ----------
    .. [1] IEA and NEA (2020): Projected costs of generating electricity, chapter 2 (levelised cost, here of heat).

    Examples
    --------
    >>> levelised_cost_of_heat(0.0, [1000, 500, 500], [0, 10, 10])
    100.0
    """
    cost, heat = vector_of("cost_eur", cost_eur), vector_of("heat_mwh", heat_mwh)
    require(
        outside("discount_rate", discount_rate, above=-1),
        outside_anywhere("cost_eur", cost),
        outside_anywhere("heat_mwh", heat, at_least=0),
    )
    if cost.size != heat.size:
        raise InputError(f"cost_eur and heat_mwh must cover the same periods, got {cost.size} and {heat.size} values")
    factors = discount_factors(discount_rate, cost.size)
    discounted_heat = math.fsum(heat * factors)
    if discounted_heat == 0:
        raise NoSolutionError("heat_mwh is 0 in every period: there is no heat to bear the cost")
    return math.fsum(cost * factors) / discounted_heat
