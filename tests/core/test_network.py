"""Key figures of a network: limits, published values and laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import network
from dhxl.errors import InputError

densities = st.floats(0.05, 20.0)


def test_a_network_without_length_has_no_density() -> None:
    with pytest.raises(InputError, match=r"^trench_length_m must be > 0 m, got 0$"):
        network.linear_heat_density(6000, 0)


def test_every_wrong_argument_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        network.linear_heat_density(-1, math.nan)
    assert caught.value.problems == (
        "heat_sold_mwh must be >= 0 MWh, got -1",
        "trench_length_m must be a finite number, got nan",
    )


@pytest.mark.parametrize(
    ("density", "rating"),
    [
        (0.0, "critical"),
        (math.nextafter(0.5, 0), "critical"),
        (0.5, "sufficient"),
        (math.nextafter(1.0, 0), "sufficient"),
        (1.0, "good"),
        (1.5, "good"),
        (math.nextafter(1.5, 2), "very good"),
    ],
)
def test_a_rating_holds_its_lower_limit_and_very_good_begins_above_one_and_a_half(density: float, rating: str) -> None:
    assert network.linear_heat_density_rating(density) == rating


def test_loss_share_is_one_without_sales_and_undefined_without_heat() -> None:
    assert network.loss_share(0, 0.1) == 1.0
    assert network.loss_share(2, 0) == 0.0
    with pytest.raises(InputError, match="both be 0"):
        network.loss_share(0, 0)


def test_a_network_that_the_ground_warms_has_a_negative_loss_share() -> None:
    assert network.loss_share(0.5, -0.1) == pytest.approx(-0.25, rel=1e-12)
    with pytest.raises(InputError, match=r"loss_mwh_per_m must be > -0.5 MWh/\(m·a\), got -0.5: the pipes gain all"):
        network.loss_share(0.5, -0.5)


@given(density=densities, loss=st.floats(-0.04, 5))
def test_heat_sold_and_heat_lost_are_the_heat_fed_in(density: float, loss: float) -> None:
    share = network.loss_share(density, loss)
    fed_in = density + loss
    assert share * fed_in == pytest.approx(loss, rel=1e-12)


@given(density=densities, cost=st.floats(0, 5000), years=st.floats(1, 60))
def test_network_cost_times_heat_sold_over_life_is_the_investment_without_interest(
    density: float, cost: float, years: float
) -> None:
    assert network.network_cost(density, cost, years) * density * years == pytest.approx(cost, rel=1e-12)


def test_interest_makes_the_network_dearer() -> None:
    assert network.network_cost(2, 800, 30, 0.04) > network.network_cost(2, 800, 30, 0.0)
    assert network.network_cost(2, 800, 30, 1e-12) == pytest.approx(network.network_cost(2, 800, 30), rel=1e-9)


def test_the_smallest_diameter_holds_below_one_and_a_half_gigajoule_per_metre() -> None:
    assert network.average_diameter(0) == 0.02
    assert network.average_diameter(math.nextafter(1.5 / 3.6, 0)) == 0.02
    assert network.average_diameter(1.5 / 3.6) == pytest.approx(0.0486 * math.log(1.5) + 0.0007, rel=1e-12)


@given(density=densities)
def test_distribution_cost_without_a_diameter_term_is_the_network_cost(density: float) -> None:
    assert network.distribution_cost(density, 800, 0, 0.03, 30) == pytest.approx(
        network.network_cost(density, 800, 30, 0.03), rel=1e-12
    )


def test_effective_width_has_no_step_at_its_limit() -> None:
    assert network.effective_width(0) == 5.0
    assert network.effective_width(0.4) == pytest.approx(60.0)
    assert network.effective_width(math.nextafter(0.4, 1)) == 60.0
