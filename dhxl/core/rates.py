"""Rates of return of cash flows: all of them, and which one is given; inflow is positive."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.core.roots import exponential_sum_roots
from dhxl.errors import NoSolutionError

__all__ = [
    "GUESS",
    "internal_rate_of_return",
    "rate_nearest_to",
    "rates_in_words",
    "rates_of_return",
    "several_rates_of_return",
]

GUESS = 0.1  # from which IRR and XIRR of spreadsheet programs set out
_MOST_TOLD = 5  # rates in a sentence


def internal_rate_of_return(flows_eur: npt.ArrayLike, guess: float = GUESS) -> float:
    """IRR, the internal rate of return: discount rate at which the net present value of the flows is zero.

    Parameters
    ----------
    flows_eur : array_like
        Cash flow of each period, EUR, inflow positive; inflow and outflow must both occur.
    guess : float, optional
        Fraction per period, above -1: of several rates of return the one nearest to it is given. Left out it is 0.1,
        as for IRR of spreadsheet programs. It plays no part where there is one rate.

    Returns
    -------
    float
        Fraction per period, above -1. Flows that change their sign more than once, as those that end with a cost, can
        have several such rates. How near one is counts in ln(1 + r): doubling the money and halving it are equally
        far from keeping it.

    Raises
    ------
    InputError
        A flow is not finite, or the guess is not above -1.
    NoSolutionError
        The flows do not change their sign, or no rate makes their present value zero.

    Notes
    -----
    ``sum of F_k (1 + r)^-k = 0``. In ``x = ln(1 + r)`` the sum is ``f(x) = sum of F_k e^(-k x)``. All its zeros are
    isolated by Rolle's theorem: the derivative of ``f(x) e^(m x)``, with m between two flows of opposite sign, has one
    change of sign less, and between its zeros f has at most one zero, which bisection finds. No starting value is
    needed and none is missed. IRR of LibreOffice takes at most 20 steps of Newton's method from its guess, that of
    Excel an iteration that is not published; with several rates they mostly end at the nearest one, but may end at
    another one, or at none.

    References
    ----------
    .. [1] Laguerre E. (1883): Mémoire sur la théorie des équations numériques. Journal de mathématiques pures et
       appliquées 9, 99-146 (sign changes and zeros of sums of exponentials).
    .. [2] Microsoft: IRR function, examples and the guess of 10 %.
    .. [3] LibreOffice: ScInterpreter::ScIRR in sc/source/core/tool/interpr2.cxx (Newton's method, 20 steps).

    Examples
    --------
    >>> round(internal_rate_of_return([-70000, 12000, 15000, 18000, 21000, 26000]), 8)
    0.08663095
    >>> [round(internal_rate_of_return([-100, 230, -131.25], guess), 12) for guess in (0.1, 0.3)]
    [0.05, 0.25]
    """
    return rate_nearest_to(guess, _rates(flows_eur, outside("guess", guess, above=-1)))


def several_rates_of_return(flows_eur: npt.ArrayLike, guess: float = GUESS) -> str:
    """Sentence on flows that have several rates of return; empty where they have one.

    Parameters
    ----------
    flows_eur : array_like
        As for :func:`internal_rate_of_return`.
    guess : float, optional
        The same.

    Returns
    -------
    str
        All the rates, and which one is given.

    Raises
    ------
    InputError, NoSolutionError
        As for :func:`internal_rate_of_return`.

    Examples
    --------
    >>> several_rates_of_return([-100, 230, -131.25])[:48]
    'the flows have 2 rates of return: 5 % and 25 %; '
    >>> several_rates_of_return([-100, 110])
    ''
    """
    return rates_in_words(guess, _rates(flows_eur, outside("guess", guess, above=-1)))


def rates_in_words(guess: float, rates: list[float]) -> str:
    """Return the sentence of :func:`several_rates_of_return` for rates in ascending order.

    Examples
    --------
    >>> rates_in_words(0.1, [0.05])
    ''
    """
    if len(rates) < 2:
        return ""
    shown = [f"{100 * rate:.4g} %" for rate in rates[:_MOST_TOLD]]
    rest = len(rates) - len(shown)
    told = f"{', '.join(shown)} and {rest} more" if rest else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return (
        f"the flows have {len(rates)} rates of return: {told}; {100 * rate_nearest_to(guess, rates):.4g} % is given, "
        f"the one nearest to {100 * guess:.4g} %. Judge them by the net present value"
    )


def rates_of_return(flows_eur: Vector, years: Vector) -> list[float]:
    """All discount rates at which the present value of flows at given times is zero, in ascending order.

    Parameters
    ----------
    flows_eur : ndarray
        Shape (n,), EUR, of both signs.
    years : ndarray
        Shape (n,), time of each flow, a, ascending.

    Returns
    -------
    list of float
        Fractions per year, above -1; at least one.

    Raises
    ------
    NoSolutionError
        No such rate.

    Examples
    --------
    >>> [round(rate, 12) for rate in rates_of_return(np.array([-100.0, 230.0, -131.25]), np.arange(3.0))]
    [0.05, 0.25]
    """
    flowing = np.flatnonzero(flows_eur)
    roots = exponential_sum_roots(flows_eur[flowing], years[flowing] - years[flowing[0]])
    if not roots:
        raise NoSolutionError("flows_eur have no rate of return: their present value is not zero at any discount rate")
    rates = [rate for x in roots if x < math.log(np.finfo(np.float64).max) and (rate := math.expm1(x)) > -1]
    if not rates:
        raise NoSolutionError("flows_eur have no rate of return that is a number: it is too near to -1 or too large")
    return rates


def rate_nearest_to(guess: float, rates: list[float]) -> float:
    """Of several rates the one nearest to a guess in ln(1 + r); the smaller one of two that are equally near.

    Parameters
    ----------
    guess : float
        Fraction, above -1.
    rates : list of float
        Fractions, above -1, in ascending order, at least one.

    Returns
    -------
    float
        One of the rates.

    Examples
    --------
    >>> rate_nearest_to(0.1, [-0.7689, 1.8544])
    1.8544
    """
    return min(rates, key=lambda rate: abs(math.log1p(rate) - math.log1p(guess)))


def _rates(flows_eur: npt.ArrayLike, faults: list[str]) -> list[float]:
    flows = vector_of("flows_eur", flows_eur)
    require(faults, outside_anywhere("flows_eur", flows))
    if not (flows > 0).any() or not (flows < 0).any():
        raise NoSolutionError(
            "flows_eur must hold an outflow (negative) and an inflow (positive) to have a rate of return"
        )
    return rates_of_return(flows, np.arange(flows.size, dtype=np.float64))
