"""Annuities after VDI 2067: yearly cost of an investment and of a payment whose price changes year by year."""

from __future__ import annotations

import math

from dhxl.core.checks import outside, require
from dhxl.core.finance import annuity_factor

__all__ = ["capital_annuity", "payment_annuity", "price_dynamic_factor"]

WHOLE_LIVES = 1e-9  # relative; a horizon of 3 lives that misses them by rounding has 2 replacements, not 3


def price_dynamic_factor(discount_rate: float, horizon_years: float, price_change: float) -> float:
    """Price-dynamic present value factor b: present value of yearly payments that begin with 1 and change in price.

    Parameters
    ----------
    discount_rate : float
        Fraction per year, above -1.
    horizon_years : float
        Number of yearly payments, at each year's end, a, above 0.
    price_change : float
        Rise of the price as a fraction per year, above -1; 0 leaves every payment the same.

    Returns
    -------
    float
        Present value over the payment of the first year.

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
    return _price_dynamic_factor(discount_rate, horizon_years, price_change)


def payment_annuity(payment_eur: float, discount_rate: float, horizon_years: float, price_change: float) -> float:
    """Annuity of a yearly payment whose price changes, after VDI 2067: the constant payment of the same present value.

    Parameters
    ----------
    payment_eur : float
        Payment of the first year, at its end, EUR/a; a cost or a revenue.
    discount_rate : float
        Fraction per year, above -1.
    horizon_years : float
        Years observed, a, above 0.
    price_change : float
        Rise of the price as a fraction per year, above -1.

    Returns
    -------
    float
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
    require(outside("payment_eur", payment_eur), *_faults(discount_rate, horizon_years, price_change))
    b = _price_dynamic_factor(discount_rate, horizon_years, price_change)
    return payment_eur * b * annuity_factor(discount_rate, horizon_years)


def capital_annuity(
    investment_eur: float, discount_rate: float, horizon_years: float, life_years: float, price_change: float
) -> float:
    """Capital cost per year after VDI 2067: annuity of an investment with its replacements, less the residual value.

    Parameters
    ----------
    investment_eur : float
        Investment at the start, EUR, at least 0; maintenance is not part of it.
    discount_rate : float
        Fraction per year, above -1.
    horizon_years : float
        Years observed, a, above 0.
    life_years : float
        Service life, a, above 0; where it ends within the horizon the investment is replaced.
    price_change : float
        Rise of the investment's price as a fraction per year, above -1.

    Returns
    -------
    float
        EUR/a.

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
        outside("investment_eur", investment_eur, at_least=0),
        outside("life_years", life_years, above=0),
        *_faults(discount_rate, horizon_years, price_change),
    )
    log_q, log_r = math.log1p(discount_rate), math.log1p(price_change)
    used = horizon_years / life_years
    lives = max(math.ceil(used * (1 - WHOLE_LIVES)), 1)
    bought = _geometric_sum(life_years * (log_r - log_q), lives)
    unused = max(lives - used, 0.0)
    residual = unused * math.exp((lives - 1) * life_years * log_r - horizon_years * log_q)
    return investment_eur * (bought - residual) * annuity_factor(discount_rate, horizon_years)


def _faults(discount_rate: float, horizon_years: float, price_change: float) -> tuple[list[str], ...]:
    return (
        outside("discount_rate", discount_rate, above=-1),
        outside("horizon_years", horizon_years, above=0),
        outside("price_change", price_change, above=-1),
    )


def _price_dynamic_factor(discount_rate: float, horizon_years: float, price_change: float) -> float:
    step = math.log1p(price_change) - math.log1p(discount_rate)
    return _geometric_sum(step, horizon_years) / (1.0 + discount_rate)


def _geometric_sum(step: float, count: float) -> float:
    """Sum of ``e^(k step)`` for k = 0 to count - 1, also for a count that is not whole; without a jump at step 0."""
    ratio = math.expm1(step)
    return math.expm1(step * count) / ratio if ratio else count
