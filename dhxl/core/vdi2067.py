"""Annuities after VDI 2067: yearly cost of an investment and of a payment whose price changes year by year."""

from __future__ import annotations

import numpy as np

from dhxl.core.checks import Values, outside_broadcast, plain, require

__all__ = ["capital_annuity", "payment_annuity", "price_dynamic_factor"]

WHOLE_LIVES = 1e-9  # relative; a horizon of 3 lives that misses them by rounding has 2 replacements, not 3


def price_dynamic_factor(discount_rate: Values, horizon_years: Values, price_change: Values) -> Values:
    """Price-dynamic present value factor b: present value of yearly payments that begin with 1 and change in price.

    Parameters
    ----------
    discount_rate : float or ndarray
        Fraction per year, above -1.
    horizon_years : float or ndarray
        Number of yearly payments, at each year's end, a, above 0.
    price_change : float or ndarray
        Rise of the price as a fraction per year, above -1; 0 leaves every payment the same.

    Returns
    -------
    float or ndarray
        Years: present value over the payment of the first year; all three may be arrays that broadcast.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    With ``q = 1 + discount_rate`` and ``r = 1 + price_change``: ``b = (1 - (r/q)^T) / (q - r)``, and ``T / q`` where
    r = q. The first payment, at the end of year 1, is not yet raised. Times the annuity factor it is the price-dynamic
    annuity factor, which :func:`payment_annuity` of a payment of 1 gives.

    References
    ----------
    .. [1] VDI 2067 Part 1 (2012): Economic efficiency of building installations, price-dynamic cash value factor.

    Examples
    --------
    >>> round(price_dynamic_factor(0.02, 20, 0.02), 10)
    19.6078431373
    >>> price_dynamic_factor(0.0, 20, 0.0)
    20.0
    """
    require(*_faults(discount_rate, horizon_years, price_change))
    return plain(_price_dynamic_factor(discount_rate, horizon_years, price_change))


def payment_annuity(payment_eur: Values, discount_rate: Values, horizon_years: Values, price_change: Values) -> Values:
    """Annuity of a yearly payment whose price changes, after VDI 2067: the constant payment of the same present value.

    Parameters
    ----------
    payment_eur : float or ndarray
        Payment of the first year, at its end, EUR/a; a cost or a revenue.
    discount_rate : float or ndarray
        Fraction per year, above -1.
    horizon_years : float or ndarray
        Years observed, a, above 0.
    price_change : float or ndarray
        Rise of the price as a fraction per year, above -1.

    Returns
    -------
    float or ndarray
        EUR/a, of the payment's sign; the payment itself where its price does not change.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``A_N = A_1 b a`` with the annuity factor ``a`` and :func:`price_dynamic_factor` ``b``.

    References
    ----------
    .. [1] VDI 2067 Part 1 (2012): Economic efficiency of building installations, demand-related and operation-related
       costs.

    Examples
    --------
    >>> round(payment_annuity(1000, 0.02, 20, 0.02), 6)
    1199.151336
    >>> round(payment_annuity(1000, 0.02, 20, 0.0), 6)
    1000.0
    """
    require(outside_broadcast("payment_eur", payment_eur), *_faults(discount_rate, horizon_years, price_change))
    b = _price_dynamic_factor(discount_rate, horizon_years, price_change)
    return plain(payment_eur * b * _annuity_factor(discount_rate, horizon_years))


def capital_annuity(
    investment_eur: Values, discount_rate: Values, horizon_years: Values, life_years: Values, price_change: Values
) -> Values:
    """Capital cost per year after VDI 2067: annuity of an investment with its replacements, less the residual value.

    Parameters
    ----------
    investment_eur : float or ndarray
        Investment at the start, EUR, at least 0; maintenance is not part of it.
    discount_rate : float or ndarray
        Fraction per year, above -1.
    horizon_years : float or ndarray
        Years observed, a, above 0.
    life_years : float or ndarray
        Service life, a, above 0; where it ends within the horizon the investment is replaced.
    price_change : float or ndarray
        Rise of the investment's price as a fraction per year, above -1.

    Returns
    -------
    float or ndarray
        EUR/a. Columns of investments and lives give a column; the scalar call gives the same numbers.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    With ``q = 1 + discount_rate``, ``r = 1 + price_change``, horizon T and life T_N there are
    ``n = ceil(T / T_N) - 1`` replacements, the k-th after ``k T_N`` years at ``A_k = A_0 (r/q)^(k T_N)``. What the last
    one has left at the horizon is its price times the unused part of its life, discounted:
    ``R = A_0 r^(n T_N) ((n + 1) T_N - T) / T_N q^-T``. Then ``A_NK = (A_0 + A_1 + ... + A_n - R) a`` with the annuity
    factor ``a``. A life beyond the horizon means no replacement and a residual value of ``A_0 (T_N - T) / T_N q^-T``.

    References
    ----------
    .. [1] VDI 2067 Part 1 (2012): Economic efficiency of building installations, capital-related costs.

    Examples
    --------
    >>> round(capital_annuity(10000, 0.02, 20, 15, 0.015), 6)
    836.640588
    >>> capital_annuity(10000, 0.0, 20, 40, 0.0)
    250.0
    """
    require(
        outside_broadcast("investment_eur", investment_eur, at_least=0),
        outside_broadcast("life_years", life_years, above=0),
        *_faults(discount_rate, horizon_years, price_change),
    )
    log_q, log_r = np.log1p(discount_rate), np.log1p(price_change)
    lives = np.maximum(np.ceil(np.divide(horizon_years, life_years) * (1 - WHOLE_LIVES)), 1.0)
    bought = _geometric_sum(np.multiply(life_years, log_r - log_q), lives)
    unused = np.maximum(lives - np.divide(horizon_years, life_years), 0.0)
    residual = unused * np.exp((lives - 1) * life_years * log_r - horizon_years * log_q)
    return plain(investment_eur * (bought - residual) * _annuity_factor(discount_rate, horizon_years))


def _faults(discount_rate: Values, horizon_years: Values, price_change: Values) -> tuple[list[str], ...]:
    return (
        outside_broadcast("discount_rate", discount_rate, above=-1),
        outside_broadcast("horizon_years", horizon_years, above=0),
        outside_broadcast("price_change", price_change, above=-1),
    )


def _price_dynamic_factor(discount_rate: Values, horizon_years: Values, price_change: Values) -> Values:
    step = np.log1p(price_change) - np.log1p(discount_rate)
    return _geometric_sum(step, horizon_years) / np.add(1.0, discount_rate)


def _annuity_factor(discount_rate: Values, years: Values) -> Values:
    repaid = -np.expm1(-np.multiply(years, np.log1p(discount_rate)))
    flat = repaid == 0
    return np.where(flat, np.divide(1.0, years), discount_rate / np.where(flat, 1.0, repaid))


def _geometric_sum(step: Values, count: Values) -> Values:
    """Sum of ``e^(k step)`` for k = 0 to count - 1, also for a count that is not whole; without a jump at step 0."""
    ratio = np.expm1(step)
    flat = ratio == 0
    return np.where(flat, count, np.expm1(np.multiply(step, count)) / np.where(flat, 1.0, ratio))
