"""Several rates of return: flows made from known rates, by hand; which one is given, and what is said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dhxl.core.finance import net_present_value
from dhxl.core.rates import internal_rate_of_return, rate_nearest_to, rates_of_return, several_rates_of_return
from dhxl.errors import InputError, NoSolutionError


def flows_of(*rates: float) -> list[float]:
    """Return flows of -1000 (1 - (1 + a)/q)(1 - (1 + b)/q)..., whose rates of return are a, b, ..."""
    flows = np.array([-1000.0])
    for rate in rates:
        flows = np.convolve(flows, [1.0, -1.0 - rate])
    return flows.tolist()


@pytest.mark.parametrize(
    ("rates", "given"),
    [
        ((0.05, 0.25), 0.05),
        ((0.1, 0.2), 0.1),
        ((-0.4, -0.1), -0.1),
        ((-0.05, 0.3, 0.6), -0.05),
        ((0.25, 1 / 3, 3 / 7, 2 / 3), 0.25),  # IRR of Excel gives 25 %, by its users
        ((-0.99, 0.0), 0.0),
        ((-0.9, 50.0), -0.9),  # ln: 2.4 below, 3.8 above
        ((-0.99, 9.0), 9.0),  # ln: 4.7 below, 2.2 above; in plain rates -0.99 would be nearer
        ((1.0, 1e6), 1.0),
    ],
)
def test_all_rates_are_found_and_the_one_nearest_to_a_tenth_is_given(rates: tuple[float, ...], given: float) -> None:
    flows = flows_of(*rates)
    found = rates_of_return(np.array(flows), np.arange(len(flows), dtype=float))
    assert found == pytest.approx(sorted(rates), rel=1e-9, abs=1e-12)
    assert internal_rate_of_return(flows) == pytest.approx(given, rel=1e-9, abs=1e-12)
    for rate in rates:
        assert internal_rate_of_return(flows, rate) == pytest.approx(rate, rel=1e-9, abs=1e-12)


# rates of numpy-financial issues 28, 39 and 44 and of an overhaul in the last year; what IRR of LibreOffice gives
@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-50, -100, 600, 300, -100], 1.8544178284561779),
        ([-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1], 1.0042698487205581),
        ([-100, 60, 60, 60, 60, -80], 0.36625600163378835),
    ],
)
def test_flows_that_end_with_a_cost_have_the_rate_that_spreadsheets_give(flows: list[float], rate: float) -> None:
    """Sensitivity: the rate nearest to zero is negative for all three, at a present value far above 0."""
    assert internal_rate_of_return(flows) == pytest.approx(rate, rel=1e-9)
    assert net_present_value(0.05, flows, 0) > 0


def test_where_newtons_method_ends_at_a_farther_rate_the_nearest_one_is_given() -> None:
    flows = np.array(flows_of(-0.15, 0.44))
    periods = np.arange(flows.size)
    rate = 0.1
    for _ in range(20):
        rate -= (flows * (1 + rate) ** -periods).sum() / (-periods * flows * (1 + rate) ** (-periods - 1.0)).sum()
    assert rate == pytest.approx(0.44, rel=1e-9)
    assert internal_rate_of_return(flows) == pytest.approx(-0.15, rel=1e-9)


def test_one_rate_is_given_whatever_the_guess_and_nothing_is_said() -> None:
    flows = [-70000, 12000, 15000, 18000, 21000, 26000]
    (rate,) = {internal_rate_of_return(flows, guess) for guess in (-0.9, 0.0, 0.1, 5.0)}
    assert rate == pytest.approx(0.0866309480365316, rel=1e-9)
    assert several_rates_of_return(flows) == ""


def test_the_sentence_tells_every_rate_and_the_given_one() -> None:
    assert several_rates_of_return(flows_of(0.05, 0.25)) == (
        "the flows have 2 rates of return: 5 % and 25 %; 5 % is given, the one nearest to 10 %. "
        "Judge them by the net present value"
    )
    many = several_rates_of_return(flows_of(-0.5, -0.2, 0.1, 0.5, 1, 3, 9))
    assert many.startswith("the flows have 7 rates of return: -50 %, -20 %, 10 %, 50 %, 100 % and 2 more; 10 %")


def test_without_a_rate_there_is_no_number_whatever_the_guess() -> None:
    for guess in (-0.5, 0.1, 3.0):
        with pytest.raises(NoSolutionError, match="not zero at any discount rate"):
            internal_rate_of_return([1, -2, 1.5], guess)


@pytest.mark.parametrize("guess", [-1.0, -2.0, math.nan, math.inf])
def test_a_guess_must_be_a_rate(guess: float) -> None:
    with pytest.raises(InputError, match="guess must be"):
        internal_rate_of_return([-1, 2], guess)


def test_of_two_rates_equally_near_the_smaller_one_is_given() -> None:
    assert rate_nearest_to(0.0, [-0.5, 1.0]) == -0.5
