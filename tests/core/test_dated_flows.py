"""Cash flows on given days: hand sums, several rates, and none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core.dated_flows import (
    dated_net_present_value,
    dated_rate_of_return,
    several_dated_rates_of_return,
)
from dhxl.core.finance import net_present_value
from dhxl.core.rates import internal_rate_of_return
from dhxl.errors import InputError, NoSolutionError

YEAR = 365
START = 45292  # 1 January 2024
flows_of_years = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=2, max_size=12)


@given(flows=flows_of_years, rate=st.floats(-0.3, 0.5))
def test_flows_of_every_365_days_have_the_value_of_yearly_flows(flows: list[float], rate: float) -> None:
    days = START + YEAR * np.arange(len(flows))
    scale = max(1.0, float(np.abs(flows).sum()) * (1 + abs(rate)) ** len(flows))
    assert dated_net_present_value(rate, flows, days) == pytest.approx(
        net_present_value(rate, flows, 0), rel=1e-9, abs=1e-9 * scale
    )


@given(flows=flows_of_years)
def test_flows_of_every_365_days_have_the_rate_of_yearly_flows_or_neither_has_one(flows: list[float]) -> None:
    days = START + YEAR * np.arange(len(flows))
    try:
        yearly = internal_rate_of_return(flows)
    except NoSolutionError:
        with pytest.raises(NoSolutionError):
            dated_rate_of_return(flows, days)
        return
    assert dated_rate_of_return(flows, days) == pytest.approx(yearly, rel=1e-9, abs=1e-12)


@given(flows=flows_of_years, seed=st.integers(0, 2**32 - 1), rate=st.floats(-0.2, 0.3))
def test_the_order_of_the_dates_does_not_matter(flows: list[float], seed: int, rate: float) -> None:
    random = np.random.default_rng(seed)
    days = START + random.integers(0, 3000, len(flows))
    order = random.permutation(len(flows))
    shuffled = [flows[i] for i in order]
    assert dated_net_present_value(rate, shuffled, days[order]) == dated_net_present_value(rate, flows, days)


def test_flows_of_one_day_are_added_up_and_a_time_of_day_is_cut_off() -> None:
    together = dated_rate_of_return([-100, 121], [START, START + 730])
    assert together == pytest.approx(0.1, rel=1e-12)
    assert dated_rate_of_return([-40, -60, 100, 21], [START, START, START + 730, START + 730]) == together
    assert dated_rate_of_return([-40, -60, 121], [START, START + 0.75, START + 730.9]) == together


def test_without_interest_the_present_value_is_the_sum() -> None:
    assert dated_net_present_value(0, [-100, 30, 40], [START, START + 10, START + 99]) == -30


def test_the_earliest_day_is_not_discounted_wherever_it_stands() -> None:
    assert dated_net_present_value(0.25, [125, -100], [START + YEAR, START]) == 0
    assert dated_net_present_value(-0.5, [50, -100], [START + YEAR, START]) == 0


def test_of_several_rates_the_one_nearest_to_the_guess_counts() -> None:
    days = START + YEAR * np.arange(3)
    flows = [-100, 230, -131.25]  # -100 (1 - 1.05/q)(1 - 1.25/q)
    assert dated_rate_of_return(flows, days) == pytest.approx(0.05, rel=1e-12)
    assert dated_rate_of_return(flows, days, 0.3) == pytest.approx(0.25, rel=1e-12)
    assert several_dated_rates_of_return(flows, days, 0.3).startswith(
        "the flows have 2 rates of return: 5 % and 25 %; 25 % is given, the one nearest to 30 %."
    )
    assert several_dated_rates_of_return([-100, 110], days[:2]) == ""


def test_flows_whose_value_never_reaches_zero_have_no_rate() -> None:
    with pytest.raises(NoSolutionError, match="not zero at any discount rate"):
        dated_rate_of_return([1, -2, 1.5], START + YEAR * np.arange(3))


@pytest.mark.parametrize(
    ("flows", "days"),
    [
        ([1.0, 2.0], [0, 1]),
        ([-1.0, -2.0], [0, 1]),
        ([-1.0, 2.0], [0, 0]),
        ([0.0, 0.0], [0, 5]),
        ([-5.0, 5.0, 1], [0, 0, 9]),
    ],
)
def test_flows_of_one_sign_after_adding_up_a_day_have_no_rate(flows: list[float], days: list[int]) -> None:
    with pytest.raises(NoSolutionError, match="must hold an outflow"):
        dated_rate_of_return(flows, START + np.array(days))


def test_a_gain_overnight_has_its_astronomical_rate_and_a_loss_of_everything_none_that_is_a_number() -> None:
    assert dated_rate_of_return([-100, 101], [START, START + 1]) == pytest.approx(1.01**365 - 1, rel=1e-10)
    for flows in ([-2, 1], [-100, 1e-9], [-1e-9, 100]):
        with pytest.raises(NoSolutionError, match="no rate of return that is a number"):
            dated_rate_of_return(flows, [START, START + 1])


@given(rate=st.floats(-0.9, 2.0), gaps=st.lists(st.integers(1, 900), min_size=1, max_size=30))
def test_an_investment_made_from_a_rate_has_that_rate(rate: float, gaps: list[int]) -> None:
    days = START + np.concatenate(([0], np.cumsum(gaps)))
    inflows = np.linspace(1, 2, len(gaps))
    outflow = math.fsum(inflows * (1 + rate) ** (-(days[1:] - START) / YEAR))
    assert dated_rate_of_return([-outflow, *inflows], days) == pytest.approx(rate, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("day", [0, -1, 2_958_466, math.nan, math.inf])
def test_what_is_no_date_is_refused(day: float) -> None:
    for call in (lambda: dated_rate_of_return([-1, 2], [START, day]), lambda: dated_net_present_value(0, [1], [day])):
        with pytest.raises(InputError, match=r"dates .* must be"):
            call()


def test_every_flow_needs_a_date() -> None:
    with pytest.raises(InputError, match="got 3 flows and 2 dates"):
        dated_rate_of_return([-1, 1, 1], [START, START + 9])
    with pytest.raises(InputError) as caught:
        dated_net_present_value(-1, [math.nan], [0])
    assert [sentence.split(" ")[0] for sentence in caught.value.problems] == ["discount_rate", "flows_eur", "dates"]
