"""Loans: yearly debt service and how the debt is repaid."""

from __future__ import annotations

import math

import numpy as np

from dhxl.core.checks import Vector, outside, require
from dhxl.core.finance import annuity_factor

__all__ = [
    "MOST_YEARS",
    "SCHEDULE_COLUMNS",
    "annuity_loan_schedule",
    "linear_loan_schedule",
    "loan_annuity",
]

MOST_YEARS = 1000  # rows of a schedule
SCHEDULE_COLUMNS = ("year", "opening_eur", "interest_eur", "repayment_eur", "payment_eur", "closing_eur")


def loan_annuity(loan_eur: float, interest_rate: float, tenor_years: int, grace_years: int = 0) -> float:
    """Yearly debt service of an annuity loan: the constant payment of interest and repayment after the grace years.

    Parameters
    ----------
    loan_eur : float
        Amount paid out at the start of year 1, EUR, at least 0.
    interest_rate : float
        Fraction per year, above -1; 0 repays evenly.
    tenor_years : int
        Years until the debt is repaid, the grace years among them, at least 1.
    grace_years : int, optional
        Years at the beginning in which only interest is paid, at least 0 and fewer than the tenor.

    Returns
    -------
    float
        EUR/a, positive, at each year's end. In the grace years the interest on the whole loan is due instead.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``A = K i / (1 - (1 + i)^-(n - g))``; without grace years Excel's ``-PMT(i, n, K)``. Any period will do for a year
    if the rate is that of the period.

    References
    ----------
    .. [1] Microsoft: PMT function, example (8 % a year, 10 months, 10000: 1037.03 a month).

    Examples
    --------
    >>> round(loan_annuity(10000, 0.08 / 12, 10), 2)
    1037.03
    >>> loan_annuity(10000, 0.0, 12, 2)
    1000.0
    """
    require(*_faults(loan_eur, interest_rate, tenor_years, grace_years))
    return loan_eur * annuity_factor(interest_rate, tenor_years - grace_years)


def annuity_loan_schedule(
    loan_eur: float, interest_rate: float, tenor_years: int, grace_years: int = 0, years: int | None = None
) -> Vector:
    """Repayment schedule of an annuity loan: constant payments after the grace years.

    Parameters
    ----------
    loan_eur, interest_rate, tenor_years, grace_years
        As of :func:`loan_annuity`; at most 1000 years.
    years : int, optional
        Number of rows, at least the tenor, which is the default; rows after the tenor are 0.

    Returns
    -------
    ndarray
        Shape (years, 6), the columns of ``SCHEDULE_COLUMNS``: year from 1, EUR, all positive.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    With k of ``m = n - g`` payments made ``K (1 - (1 + i)^-(m - k)) / (1 - (1 + i)^-m)`` is left: exactly 0 at the end.

    Examples
    --------
    >>> annuity_loan_schedule(2100, 0.1, 2).round(9)
    array([[1.00e+00, 2.10e+03, 2.10e+02, 1.00e+03, 1.21e+03, 1.10e+03],
           [2.00e+00, 1.10e+03, 1.10e+02, 1.10e+03, 1.21e+03, 0.00e+00]])
    """
    require(*_faults(loan_eur, interest_rate, tenor_years, grace_years, years))
    repaying = tenor_years - grace_years
    to_come = np.arange(repaying, -1, -1, dtype=np.float64)
    owed = np.expm1(-to_come * math.log1p(interest_rate))
    share_left = owed / owed[0] if owed[0] else to_come / repaying
    return _schedule(loan_eur, interest_rate, grace_years, share_left, years or tenor_years)


def linear_loan_schedule(
    loan_eur: float, interest_rate: float, tenor_years: int, grace_years: int = 0, years: int | None = None
) -> Vector:
    """Repayment schedule of a loan repaid in equal parts after the grace years.

    Parameters
    ----------
    loan_eur, interest_rate, tenor_years, grace_years
        As of :func:`loan_annuity`; at most 1000 years.
    years : int, optional
        Number of rows, at least the tenor, which is the default; rows after the tenor are 0.

    Returns
    -------
    ndarray
        Shape (years, 6), the columns of ``SCHEDULE_COLUMNS``: year from 1, EUR, all positive.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Examples
    --------
    >>> linear_loan_schedule(2000, 0.1, 2)
    array([[1.0e+00, 2.0e+03, 2.0e+02, 1.0e+03, 1.2e+03, 1.0e+03],
           [2.0e+00, 1.0e+03, 1.0e+02, 1.0e+03, 1.1e+03, 0.0e+00]])
    """
    require(*_faults(loan_eur, interest_rate, tenor_years, grace_years, years))
    repaying = tenor_years - grace_years
    share_left = np.arange(repaying, -1, -1, dtype=np.float64) / repaying
    return _schedule(loan_eur, interest_rate, grace_years, share_left, years or tenor_years)


def _schedule(loan_eur: float, interest_rate: float, grace_years: int, share_left: Vector, years: int) -> Vector:
    balance = np.zeros(years + 1)
    balance[:grace_years] = loan_eur
    balance[grace_years : grace_years + share_left.size] = loan_eur * share_left
    opening, closing = balance[:-1], balance[1:]
    interest, repayment = opening * interest_rate, opening - closing
    year = np.arange(1.0, years + 1)
    return np.column_stack((year, opening, interest, repayment, interest + repayment, closing))


def _faults(
    loan_eur: float, interest_rate: float, tenor_years: int, grace_years: int, years: int | None = None
) -> list[list[str]]:
    faults = [
        outside("loan_eur", loan_eur, at_least=0),
        outside("interest_rate", interest_rate, above=-1),
        outside("tenor_years", tenor_years, at_least=1, at_most=MOST_YEARS),
        outside("grace_years", grace_years, at_least=0),
    ]
    if grace_years >= tenor_years:
        faults.append([f"grace_years must be < tenor_years ({tenor_years} a), got {grace_years}"])
    if years is not None:
        faults.append(outside("years", years, at_least=tenor_years, at_most=MOST_YEARS))
    return faults
