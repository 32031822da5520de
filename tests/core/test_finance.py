"""Value, return and payback: hand sums, laws, and numpy-financial as an oracle."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dhxl.core import finance
from dhxl.core.rates import internal_rate_of_return
from dhxl.core.roots import bisected, exponential_sum_roots
from dhxl.errors import InputError, NoSolutionError

rates = st.floats(-0.5, 1.0)
amounts = st.floats(-1e7, 1e7).map(lambda x: round(x, 2))
cash_flows = st.lists(amounts, min_size=2, max_size=30)
investments = st.tuples(st.floats(1e3, 1e8), st.lists(st.floats(1.0, 1e7), min_size=1, max_size=40)).map(
    lambda pair: [-pair[0], *pair[1]]
)


def test_a_flow_of_today_is_not_discounted_and_one_of_next_year_once() -> None:
    assert finance.net_present_value(0.25, [-100, 125], 0) == 0
    assert finance.net_present_value(0.25, [125]) == 100
    assert finance.net_present_value(0.21, [110], 0.5) == pytest.approx(100, rel=1e-12)


@given(rate=rates, flows=cash_flows)
def test_net_present_value_agrees_with_numpy_financial(rate: float, flows: list[float]) -> None:
    ours = finance.net_present_value(rate, flows, 0)
    scale = float(np.abs(np.array(flows) * (1 + rate) ** -np.arange(len(flows))).sum())
    assert ours == pytest.approx(float(numpy_financial.npv(rate, flows)), rel=1e-9, abs=1e-12 * scale)


@given(flows=cash_flows)
def test_without_interest_net_present_value_is_the_sum(flows: list[float]) -> None:
    assert finance.net_present_value(0, flows) == math.fsum(flows)


@given(flows=investments)
def test_net_present_value_at_the_rate_of_return_is_zero(flows: list[float]) -> None:
    rate = internal_rate_of_return(flows)
    scale = float(np.abs(np.array(flows) * (1 + rate) ** -np.arange(len(flows), dtype=float)).sum())
    steepness = max(1.0, len(flows) / (1 + rate))  # what the last bit of the rate is worth
    assert abs(finance.net_present_value(rate, flows, 0)) <= 1e-13 * steepness * scale


@given(flows=cash_flows)
def test_rate_of_return_is_that_of_numpy_financial_or_one_nearer_to_the_guess(flows: list[float]) -> None:
    """Eigenvalues can miss a nearly double rate, bisection cannot; a flat crossing has no sharp rate in either."""
    assume(min(flows) < 0 < max(flows))
    oracle = float(numpy_financial.irr(np.array(flows)))
    assume(math.isfinite(oracle) and -0.9 < oracle < 10)
    factors = (1 + oracle) ** -np.arange(len(flows), dtype=float)
    discounted = np.array(flows) * factors
    assume(abs(float(discounted @ np.arange(len(flows)))) > 1e-3 * float(np.abs(discounted).sum()))
    rate = internal_rate_of_return(flows)
    if abs(rate - oracle) > 1e-9 * max(1.0, abs(oracle)):
        assert abs(math.log((1 + rate) / 1.1)) < abs(math.log((1 + oracle) / 1.1))
        scale = float(np.abs(np.array(flows) * (1 + rate) ** -np.arange(len(flows), dtype=float)).sum())
        assert abs(finance.net_present_value(rate, flows, 0)) <= 1e-9 * scale


@given(flows=investments)
def test_rate_of_return_of_an_investment_agrees_with_numpy_financial(flows: list[float]) -> None:
    rate = internal_rate_of_return(flows)
    assume(-0.5 < rate < 10)
    assert rate == pytest.approx(float(numpy_financial.irr(flows)), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("flows", [[1.0, 2.0], [-1.0, -2.0], [0.0, 0.0], [5.0]])
def test_flows_of_one_sign_have_no_rate_of_return(flows: list[float]) -> None:
    with pytest.raises(NoSolutionError, match="must hold an outflow"):
        internal_rate_of_return(flows)


def test_flows_whose_value_never_reaches_zero_have_no_rate_of_return() -> None:
    with pytest.raises(NoSolutionError, match="not zero at any discount rate"):
        internal_rate_of_return([1, -2, 1.5])


def test_a_double_rate_of_return_is_found() -> None:
    """Proves: a value that touches zero counts. Sensitivity: looking for changes of sign alone finds nothing."""
    assert internal_rate_of_return([1, -2.2, 1.21]) == pytest.approx(0.1, abs=1e-7)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-1e-9, 1e6], 1e15 - 1),
        ([-1e6, 1e-9], 1e-15 - 1),
        ([-1, *[0] * 400, 2], 2 ** (1 / 401) - 1),
        ([0, 0, -10, 11], 0.1),
        ([-10, 11, 0, 0], 0.1),
        ([-100, 100], 0.0),
    ],
)
def test_extreme_rates_of_return_are_exact(flows: list[float], rate: float) -> None:
    assert internal_rate_of_return(flows) == pytest.approx(rate, rel=1e-12, abs=1e-15)


@given(rate=st.floats(-0.3, 0.5), count=st.integers(1, 40))
def test_an_annuity_repays_its_investment_at_its_own_rate(rate: float, count: int) -> None:
    assume(abs(rate) > 1e-6)
    flows = [-1.0] + [finance.annuity_factor(rate, count)] * count
    assert internal_rate_of_return(flows) == pytest.approx(rate, rel=1e-8)


def test_more_changes_of_sign_than_any_cash_flow_has_are_refused() -> None:
    with pytest.raises(NoSolutionError, match="more than 100 times"):
        internal_rate_of_return([1.0, -2.0] * 60)


@given(years=st.floats(0.5, 100))
def test_the_annuity_factor_has_no_step_at_zero_interest(years: float) -> None:
    assert finance.annuity_factor(0, years) == 1 / years
    for rate in (1e-300, 1e-16, 1e-12, -1e-12):
        assert finance.annuity_factor(rate, years) == pytest.approx(1 / years, rel=1e-9)


@given(rate=st.floats(0.001, 0.5), years=st.integers(1, 60))
def test_the_annuity_factor_agrees_with_numpy_financial(rate: float, years: int) -> None:
    assert finance.annuity_factor(rate, years) == pytest.approx(-float(numpy_financial.pmt(rate, years, 1)), rel=1e-9)


def test_payback_is_interpolated_within_the_year() -> None:
    assert finance.payback([-100, 40, 40, 40]) == 2.5
    assert finance.payback([-100, 0, 0, 0, 50, 50]) == 5.0


def test_payback_is_zero_where_nothing_is_ever_owed() -> None:
    assert finance.payback([0, 0]) == 0
    assert finance.payback([10, -5, 3]) == 0


def test_the_last_return_to_zero_counts_after_an_overhaul() -> None:
    """Proves: the money stays paid back. Sensitivity: the first crossing would give 2.0, an early subsidy 0.0."""
    assert finance.payback([-100, 50, 60, -50, 20, 40]) == 4.5
    assert finance.payback([20, -100, 50, 60]) == 2.5


@pytest.mark.parametrize("flows", [[-100.0, 50, 40], [-100.0, 150, -60], [-1.0]])
def test_flows_that_end_negative_never_pay_back(flows: list[float]) -> None:
    with pytest.raises(NoSolutionError, match="never pay back"):
        finance.payback(flows)


def test_rounding_does_not_delay_a_payback() -> None:
    flows = [-0.7, *[0.1] * 7, 5.0]
    assert sum(flows[:8]) < 0, "the cumulative flow is a rounding error below zero"
    assert finance.payback(flows) == pytest.approx(7.0, rel=1e-12)


@given(flows=investments)
def test_discounting_never_shortens_the_payback(flows: list[float]) -> None:
    assume(sum(flows) > 1.0)
    try:
        discounted = finance.discounted_payback(0.05, flows)
    except NoSolutionError:
        return
    assert discounted >= finance.payback(flows) * (1 - 1e-12)
    assert finance.discounted_payback(0, flows) == finance.payback(flows)


@given(flows=investments)
def test_at_the_rate_of_return_the_last_flow_pays_back(flows: list[float]) -> None:
    rate = internal_rate_of_return(flows)
    assume(rate > -0.9)
    try:
        assert finance.discounted_payback(rate - 1e-6, flows) <= len(flows) - 1
    except NoSolutionError as error:
        pytest.fail(str(error))


@given(
    rate=st.floats(0, 0.3),
    periods=st.lists(st.tuples(st.floats(0, 1e6), st.floats(1, 1e5)), min_size=1, max_size=30),
)
def test_selling_at_the_levelised_cost_leaves_a_net_present_value_of_zero(
    rate: float, periods: list[tuple[float, float]]
) -> None:
    cost, heat = np.array(periods).T
    price = finance.levelised_cost_of_heat(rate, cost, heat)
    left = finance.net_present_value(rate, price * heat - cost)
    assert abs(left) <= 1e-9 * max(1.0, float(cost.sum()))


def test_levelised_cost_needs_heat_and_equal_periods() -> None:
    with pytest.raises(NoSolutionError, match="no heat to bear the cost"):
        finance.levelised_cost_of_heat(0.05, [1, 1], [0, 0])
    with pytest.raises(InputError, match="got 2 and 3 values"):
        finance.levelised_cost_of_heat(0.05, [1, 1], [1, 1, 1])


@pytest.mark.parametrize("rate", [-1.0, -2.0, math.nan, math.inf])
def test_a_discount_rate_must_be_above_minus_one(rate: float) -> None:
    for call in (
        lambda: finance.annuity_factor(rate, 20),
        lambda: finance.net_present_value(rate, [1]),
        lambda: finance.discounted_payback(rate, [-1, 2]),
        lambda: finance.levelised_cost_of_heat(rate, [1], [1]),
    ):
        with pytest.raises(InputError, match="discount_rate must be"):
            call()


def test_flows_must_be_numbers_in_one_row_or_column() -> None:
    with pytest.raises(InputError, match=r"value 2 of 2\) must be a finite number, got nan"):
        internal_rate_of_return([-1, math.nan])
    with pytest.raises(InputError, match="row or column"):
        finance.payback([])
    with pytest.raises(InputError, match="row or column"):
        finance.net_present_value(0.1, [[1, 2], [3, 4]])


@given(zeros=st.lists(st.floats(0.2, 5.0), min_size=1, max_size=5, unique=True))
def test_every_zero_of_a_sum_of_exponentials_is_found(zeros: list[float]) -> None:
    zeros = sorted(zeros)
    assume(all(b / a > 1.05 for a, b in pairwise(zeros)))
    coefficients = np.array([1.0])
    for zero in zeros:
        coefficients = np.convolve(coefficients, [1.0, -zero])
    found = exponential_sum_roots(coefficients, np.arange(coefficients.size, dtype=float))
    assert np.exp(found) == pytest.approx(np.array(zeros), rel=1e-6)


@given(target=st.floats(-1, 1))
def test_bisection_ends_at_neighbouring_numbers(target: float) -> None:
    assert bisected(lambda x: target - x**3, -2.0, 2.0) == pytest.approx(math.cbrt(target), abs=1e-5)
