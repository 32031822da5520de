"""Annuities after VDI 2067 against sums year by year, limits and laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import vdi2067
from dhxl.core.finance import annuity_factor
from dhxl.errors import InputError

rates = st.floats(-0.02, 0.15)
changes = st.floats(-0.1, 0.15)
horizons = st.integers(1, 50)


def present_value_of_purchases(rate: float, horizon: int, life: int, change: float) -> float:
    """Every purchase before the horizon, less what the last one has left, by a plain loop."""
    years = range(0, horizon, life)
    paid = sum(((1 + change) / (1 + rate)) ** year for year in years)
    unused = (years[-1] + life - horizon) / life
    return paid - (1 + change) ** years[-1] * unused / (1 + rate) ** horizon


@given(rate=rates, horizon=horizons, life=st.integers(1, 60), change=changes)
def test_the_capital_annuity_repays_all_purchases_less_what_is_left(
    rate: float, horizon: int, life: int, change: float
) -> None:
    expected = present_value_of_purchases(rate, horizon, life, change) * annuity_factor(rate, horizon)
    assert vdi2067.capital_annuity(1.0, rate, horizon, life, change) == pytest.approx(expected, rel=1e-9, abs=1e-11)


@given(rate=rates, horizon=horizons, change=changes)
def test_the_price_dynamic_factor_is_the_sum_of_the_discounted_payments(
    rate: float, horizon: int, change: float
) -> None:
    expected = math.fsum((1 + change) ** (year - 1) / (1 + rate) ** year for year in range(1, horizon + 1))
    assert vdi2067.price_dynamic_factor(rate, horizon, change) == pytest.approx(expected, rel=1e-10)


@given(rate=rates, horizon=st.floats(0.5, 60), change=changes)
def test_the_price_dynamic_factor_has_no_step_where_the_rates_are_equal(
    rate: float, horizon: float, change: float
) -> None:
    equal = vdi2067.price_dynamic_factor(rate, horizon, rate)
    assert equal == pytest.approx(horizon / (1 + rate), rel=1e-12)
    for near in (1e-15, 1e-12, -1e-12, 1e-10):
        assert vdi2067.price_dynamic_factor(rate, horizon, rate + near) == pytest.approx(equal, rel=1e-8)


@given(payment=st.floats(-1e6, 1e6), rate=rates, horizon=horizons)
def test_a_payment_whose_price_does_not_change_is_its_own_annuity(payment: float, rate: float, horizon: int) -> None:
    assert vdi2067.payment_annuity(payment, rate, horizon, 0) == pytest.approx(payment, rel=1e-9)


@given(horizon=st.floats(1, 60), life=st.floats(0.5, 80))
def test_without_interest_and_price_change_an_investment_is_written_off_evenly(horizon: float, life: float) -> None:
    """Proves: replacements and residual value fit together. Sensitivity: one life more or less changes the result."""
    assert vdi2067.capital_annuity(1000, 0, horizon, life, 0) == pytest.approx(1000 / life, rel=1e-7)


@given(rate=st.floats(0.001, 0.15), horizon=horizons)
def test_a_life_as_long_as_the_horizon_leaves_the_plain_annuity(rate: float, horizon: int) -> None:
    for change in (-0.05, 0.0, 0.05):
        assert vdi2067.capital_annuity(1, rate, horizon, horizon, change) == pytest.approx(
            annuity_factor(rate, horizon), rel=1e-12
        )


@pytest.mark.parametrize(
    ("horizon", "life", "purchases"), [(2.1, 0.7, 3), (0.7, 0.1, 7), (0.3, 0.1, 3), (20, 20 / 3, 3)]
)
def test_rounding_adds_no_replacement(horizon: float, life: float, purchases: int) -> None:
    """Proves: whole lives count as whole. Sensitivity: the bare ceil(2.1 / 0.7) is 4."""
    change, rate = 0.05, 0.02
    paid = sum(((1 + change) / (1 + rate)) ** (k * life) for k in range(purchases))
    expected = paid * annuity_factor(rate, horizon)
    assert vdi2067.capital_annuity(1, rate, horizon, life, change) == pytest.approx(expected, rel=1e-9)


def test_a_life_without_end_costs_the_interest() -> None:
    assert vdi2067.capital_annuity(1000, 0.04, 20, 1e12, 0) == pytest.approx(40, rel=1e-9)


def test_every_wrong_argument_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        vdi2067.capital_annuity(-1, -1, 0, 0, -2)
    assert caught.value.problems == (
        "investment_eur must be >= 0 EUR, got -1",
        "life_years must be > 0 a, got 0",
        "discount_rate must be > -1, got -1",
        "horizon_years must be > 0 a, got 0",
        "price_change must be > -1, got -2",
    )
    with pytest.raises(InputError, match="horizon_years must be a finite number, got nan"):
        vdi2067.price_dynamic_factor(0.02, math.nan, 0.0)
