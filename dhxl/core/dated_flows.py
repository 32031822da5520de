"""Present value and rate of return of cash flows on given days; inflow is positive."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.core.rates import GUESS, rate_nearest_to, rates_in_words, rates_of_return
from dhxl.errors import InputError, NoSolutionError

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "dated_net_present_value",
    "dated_rate_of_return",
    "several_dated_rates_of_return",
]

DAYS_OF_YEAR = 365.0  # leap years too, as XNPV and XIRR of Excel count
FIRST_DAY = 1.0  # 1 January 1900
LAST_DAY = 2_958_465.0  # 31 December 9999


def dated_net_present_value(discount_rate: float, flows_eur: npt.ArrayLike, dates: npt.ArrayLike) -> float:
    """Net present value of cash flows on given days, discounted to the earliest of them.

    Parameters
    ----------
    discount_rate : float
        Fraction per year, above -1; zero and negative rates are allowed, which XNPV of Excel refuses.
    flows_eur : array_like
        Cash flows, EUR, inflow positive.
    dates : array_like
        Day of each flow as the day number that Excel stores for a date, 1 to 2958465, in any order; a time of day is
        cut off. Several flows may fall on one day.

    Returns
    -------
    float
        EUR, of the value of money on the earliest day.

    Raises
    ------
    InputError
        An argument is outside its limits, or flows and dates differ in number.

    Notes
    -----
    ``XNPV = sum of F_k (1 + r)^-((d_k - d_first) / 365)``. Where the first date is the earliest, as Excel requires, it
    is Excel's XNPV. The year counts 365 days, so a flow exactly n years later is discounted by a little more than n
    years where leap days lie between.

    References
    ----------
    .. [1] Microsoft: XNPV function, example (9 %, five flows of 2008 and 2009).
    .. [2] Microsoft Tech Community: XIRR not working, November 2023 (XNPV takes no rates of zero or less).

    Examples
    --------
    >>> flows, dates = [-10000, 2750, 4250, 3250, 2750], [39448, 39508, 39751, 39859, 39904]
    >>> round(dated_net_present_value(0.09, flows, dates), 6)
    2086.647602
    """
    flows, days = _dated(flows_eur, dates, outside("discount_rate", discount_rate, above=-1))
    years = (days - days.min()) / DAYS_OF_YEAR
    return math.fsum(flows * np.power(1.0 + discount_rate, -years))


def dated_rate_of_return(flows_eur: npt.ArrayLike, dates: npt.ArrayLike, guess: float = GUESS) -> float:
    """Rate of return of cash flows on given days: yearly discount rate at which their present value is zero.

    Parameters
    ----------
    flows_eur : array_like
        Cash flows, EUR, inflow positive; inflow and outflow must both occur.
    dates : array_like
        Day of each flow as the day number that Excel stores for a date, 1 to 2958465, in any order; a time of day is
        cut off.
    guess : float, optional
        Fraction per year, above -1: of several rates of return the one nearest to it is given. Left out it is 0.1.

    Returns
    -------
    float
        Fraction per year, above -1. Of several such rates the one nearest to the guess, as
        :func:`internal_rate_of_return` gives for yearly flows; without one there is no number.

    Raises
    ------
    InputError
        A flow is not finite, a date is none, they differ in number, or the guess is not above -1.
    NoSolutionError
        After flows of the same day are added up none, or only flows of one sign, are left; or no rate makes their
        present value zero.

    Notes
    -----
    ``sum of F_k (1 + r)^-((d_k - d_first) / 365) = 0``, solved like :func:`internal_rate_of_return`: every rate is
    found, without a starting value. XIRR of Excel iterates from a guess of 10 %; where that fails it can return
    2.98E-09 as if it were a rate, notably when the true one is negative. That is why this function exists.

    References
    ----------
    .. [1] Microsoft: XIRR function, example (five flows of 2008 and 2009, 37.3 %).
    .. [2] Flock C. (2011): 11 financial calculations that you can't do in Excel, part 3: rely on the results of the
       XIRR function (nine flows at which XIRR returns 2.98E-09 in place of -59.2 %).

    Examples
    --------
    >>> round(dated_rate_of_return([-10000, 2750, 4250, 3250, 2750], [39448, 39508, 39751, 39859, 39904]), 10)
    0.3733625335
    """
    return rate_nearest_to(guess, _rates(flows_eur, dates, outside("guess", guess, above=-1)))


def several_dated_rates_of_return(flows_eur: npt.ArrayLike, dates: npt.ArrayLike, guess: float = GUESS) -> str:
    """Sentence on dated flows that have several rates of return; empty where they have one.

    Parameters
    ----------
    flows_eur, dates : array_like
        As for :func:`dated_rate_of_return`.
    guess : float, optional
        The same.

    Returns
    -------
    str
        All the rates, and which one is given.

    Raises
    ------
    InputError, NoSolutionError
        As for :func:`dated_rate_of_return`.

    Examples
    --------
    >>> several_dated_rates_of_return([-100, 230, -131.25], [45292, 45657, 46022])[:48]
    'the flows have 2 rates of return: 5 % and 25 %; '
    """
    return rates_in_words(guess, _rates(flows_eur, dates, outside("guess", guess, above=-1)))


def _rates(flows_eur: npt.ArrayLike, dates: npt.ArrayLike, faults: list[str]) -> list[float]:
    flows, days = _dated(flows_eur, dates, faults)
    each, day_of = np.unique(days, return_inverse=True)
    by_day = np.bincount(day_of, weights=flows).astype(np.float64)
    if not (by_day > 0).any() or not (by_day < 0).any():
        raise NoSolutionError(
            "flows_eur must hold an outflow (negative) and an inflow (positive) on different days to have a rate of "
            "return"
        )
    return rates_of_return(by_day, (each - each[0]) / DAYS_OF_YEAR)


def _dated(flows_eur: npt.ArrayLike, dates: npt.ArrayLike, *faults: list[str]) -> tuple[Vector, Vector]:
    flows, days = vector_of("flows_eur", flows_eur), vector_of("dates", dates)
    require(
        *faults,
        outside_anywhere("flows_eur", flows),
        outside_anywhere("dates", days, at_least=FIRST_DAY, at_most=LAST_DAY),
    )
    if flows.size != days.size:
        raise InputError(f"flows_eur and dates must belong together, got {flows.size} flows and {days.size} dates")
    return flows, np.floor(days)
