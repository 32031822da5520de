"""Funding gap and the German programme for efficient heat networks: hand sums, limits and laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import funding
from dhxl.core.finance import net_present_value
from dhxl.errors import InputError

rates = st.floats(0, 0.2)
flows = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=25)


@given(rate=rates, project=flows, otherwise=flows)
def test_with_the_gap_as_a_grant_the_project_is_worth_what_else_would_be_done(
    rate: float, project: list[float], otherwise: list[float]
) -> None:
    gap = funding.funding_gap(rate, project, otherwise)
    granted = net_present_value(rate, [project[0] + gap, *project[1:]], 0)
    target = net_present_value(rate, otherwise, 0)
    scale = sum(map(abs, project + otherwise))
    assert granted >= target - 1e-9 * scale
    if gap > 0:
        assert granted == pytest.approx(target, abs=1e-9 * scale)


def test_without_a_counterfactual_nothing_would_be_done() -> None:
    assert funding.funding_gap(0.05, [-1000, 500]) == funding.funding_gap(0.05, [-1000, 500], [0.0])
    assert funding.funding_gap(0.0, [-1000, 1200]) == 0


def test_what_would_be_spent_in_any_case_is_not_funded() -> None:
    assert funding.funding_gap(0.0, [-1000, 300], [-400, 100]) == 400


def test_faults_of_the_counterfactual_are_told_by_its_name() -> None:
    with pytest.raises(InputError, match=r"counterfactual_eur \(value 2 of 2\) must be a finite number"):
        funding.funding_gap(0.05, [-1, 1], [0, math.nan])
    with pytest.raises(InputError, match=r"^flows_eur \(value 1 of 1\) must be a finite number"):
        funding.funding_gap(0.05, [math.inf], [0])


@pytest.mark.parametrize(
    ("renewable", "waste", "met"),
    [
        (0.75, 0.0, True),
        (0.0, 0.75, True),
        (0.45, 0.3, True),
        (0.1 + 0.2, 0.45, True),
        (0.749, 0.0, False),
        (0.0, 0.0, False),
        (1.0, 0.0, True),
        (0.9, 0.1, True),
    ],
)
def test_renewable_and_waste_heat_together_must_reach_three_quarters(renewable: float, waste: float, met: bool) -> None:
    assert funding.bew_check(renewable, waste) == ("threshold met" if met else "threshold missed")
    assert (funding.bew_grant(100, renewable, waste) > 0) is met


@given(
    cost=st.floats(0, 1e9),
    renewable=st.floats(0, 1),
    waste=st.floats(0, 1),
    gap=st.none() | st.floats(0, 1e9),
)
def test_a_grant_keeps_all_its_limits(cost: float, renewable: float, waste: float, gap: float | None) -> None:
    waste *= 1 - renewable
    grant = funding.bew_grant(cost, renewable, waste, gap)
    assert 0 <= grant <= min(0.4 * cost, 100e6, math.inf if gap is None else gap)
    if funding.bew_check(renewable, waste) == "threshold met":
        assert grant in (0.4 * cost, 100e6, gap)
    else:
        assert grant == 0


def test_shares_beyond_the_whole_and_other_faults_are_refused() -> None:
    with pytest.raises(InputError, match=r"at most 1 together, got 1.1"):
        funding.bew_check(0.8, 0.3)
    with pytest.raises(InputError, match="eligible_cost_eur must be >= 0 EUR, got -1"):
        funding.bew_grant(-1, 0.8, 0)
    with pytest.raises(InputError, match="funding_gap_eur must be >= 0 EUR, got -1"):
        funding.bew_grant(1, 0.8, 0, -1)
