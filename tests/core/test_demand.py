"""Heat demand, degree days and load duration: limits and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.core import demand
from dhxl.core.years import temperature_year
from dhxl.errors import InputError, NoSolutionError

MONTHS = [2.5, 5.0, 9.8, 13.8, 18.6, 22.9, 25.1, 24.4, 19.9, 14.3, 8.3, 3.6]
YEAR = temperature_year(MONTHS)
seasons = st.lists(st.floats(-20, 40), min_size=1, max_size=183)


def test_degree_days_count_days_below_the_limit_from_the_base() -> None:
    """Proves: a day at the limit does not count. Sensitivity: counting it would give 15."""
    assert demand.degree_days([10, 14, 15, 25], 18, 15) == 8 + 4


def test_degree_days_without_a_limit_count_every_positive_difference() -> None:
    assert demand.degree_days([10, 25, 19], 20) == 10 + 1


def test_hours_in_place_of_days_are_refused() -> None:
    with pytest.raises(InputError, match="at most 366, got 8760 values"):
        demand.degree_days(YEAR)


def test_a_limit_above_the_base_is_refused() -> None:
    with pytest.raises(InputError, match=r"limit_degc must be <= base_degc, 18 °C, got 20"):
        demand.degree_days([1.0], 18, 20)


@given(first=seasons, second=seasons)
def test_degree_days_of_two_seasons_add_up(first: list[float], second: list[float]) -> None:
    parts = demand.degree_days(first, 20, 12) + demand.degree_days(second, 20, 12)
    assert demand.degree_days(first + second, 20, 12) == pytest.approx(parts, rel=1e-12)


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
def test_a_duration_curve_keeps_the_values_and_falls(values: list[float]) -> None:
    curve = demand.load_duration(values)
    assert sorted(curve.tolist()) == sorted(values)
    assert (np.diff(curve) <= 0).all()
    assert curve.sum() == pytest.approx(np.sum(values), rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(base=st.floats(0, 2), loss_share=st.floats(0, 1), full_load_hours=st.floats(1900, 3300))
def test_annual_heat_base_load_and_peak_are_met_exactly_and_independently(
    base: float, loss_share: float, full_load_hours: float
) -> None:
    peak = 24.0
    annual = full_load_hours * (peak - base) + 8760 * base
    load = demand.heat_demand(YEAR, annual, base, peak, loss_mw=loss_share * base)
    assert load.sum() == pytest.approx(annual, rel=1e-11)
    assert load.max() == pytest.approx(peak, rel=1e-11)
    summer = load.reshape(365, 24)[YEAR.reshape(365, 24).mean(axis=1) >= 16]
    assert summer.mean() == pytest.approx(base, rel=1e-11, abs=1e-12)


def test_without_a_peak_heating_is_proportional_to_the_temperature_difference() -> None:
    once = demand.heat_demand(YEAR, 40000, 0)
    twice = demand.heat_demand(YEAR, 80000, 0)
    assert twice == pytest.approx(2 * once, rel=1e-12)
    assert demand.heat_demand(YEAR, 40000, 0, float(once.max())) == pytest.approx(once, rel=1e-9)


def test_without_smoothing_the_load_of_an_hour_follows_its_own_temperature() -> None:
    load = demand.heat_demand(YEAR, 40000, 0, smoothing_h=0)
    shape = np.array(demand.HEATING_BY_HOUR)
    heated = np.repeat(YEAR.reshape(365, 24).mean(axis=1) < 16, 24)
    expected = np.where(heated, np.maximum(0, 20 - YEAR) * np.tile(shape, 365), 0)
    assert load == pytest.approx(expected / expected.sum() * 40000, rel=1e-12)


def test_the_smoothed_temperature_starts_from_the_mean_of_the_last_two_days_of_the_year() -> None:
    """Proves: x(0) = a (-5) + (1 - a) 5 here. Sensitivity: a start from the first hour gives 15 K instead of 24.2 K."""
    year = np.full(8760, 5.0)
    year[-48:] = -5.0
    load = demand.heat_demand(year, 40000, 0)
    a = math.exp(-1 / 12)
    assert load[0] / load[24 * 180] == pytest.approx((20 - (a * -5 + (1 - a) * 5)) / 15, rel=1e-9)


def test_a_third_of_the_base_load_is_loss_unless_it_is_given() -> None:
    warm = np.full(8760, 25.0)
    load = demand.heat_demand(warm, 1.45 * 8760, 1.45)
    night = 0.474 + (1.45 - 0.474) * 0.15 / (sum(demand.HOT_WATER_BY_HOUR) / 24)
    assert load.min() == pytest.approx(night, rel=1e-12)
    assert demand.heat_demand(warm, 1.45 * 8760, 1.45, loss_mw=1.45) == pytest.approx(np.full(8760, 1.45), rel=1e-12)


@pytest.mark.parametrize("hours", [8760, 8784])
def test_quarter_hours_give_the_same_year_in_finer_steps(hours: int) -> None:
    year = temperature_year(MONTHS, hours_h=hours)
    by_hour = demand.heat_demand(year, 49075, 1.45, 24)
    by_quarter = demand.heat_demand(np.repeat(year, 4), 49075, 1.45, 24)
    assert by_quarter.sum() / 4 == pytest.approx(49075, rel=1e-11)
    assert by_quarter.max() == pytest.approx(24, rel=1e-11)
    assert by_quarter.reshape(-1, 4).mean(axis=1) == pytest.approx(by_hour, abs=0.5)


@pytest.mark.parametrize("count", [1, 8759, 8761, 17521])
def test_a_series_that_is_no_year_is_refused(count: int) -> None:
    with pytest.raises(InputError, match=rf"8760 or 8784 hourly values .* got {count} values"):
        demand.heat_demand(np.zeros(count), 49075, 1.45)


def test_a_peak_below_the_mean_load_is_refused_with_the_mean() -> None:
    with pytest.raises(InputError, match=r"peak_mw must be >= 5\.60217 MW, the mean load, got 5"):
        demand.heat_demand(YEAR, 49075, 1.45, 5)


def test_annual_heat_below_the_base_load_is_refused_with_the_limit() -> None:
    with pytest.raises(
        InputError, match=r"annual_mwh must be >= 12702 MWh, which the base load alone takes, got 10000"
    ):
        demand.heat_demand(YEAR, 10000, 1.45)


def test_energy_and_peak_that_do_not_go_together_are_answered_with_what_would() -> None:
    with pytest.raises(NoSolutionError, match=r"with this peak the year takes between [\d.]+ and [\d.]+ MWh"):
        demand.heat_demand(YEAR, 49075, 1.45, 6)


def test_a_peak_that_hot_water_alone_passes_is_refused() -> None:
    with pytest.raises(NoSolutionError, match="hot water and losses reach alone"):
        demand.heat_demand(YEAR, 13000, 1.45, 2.0)


def test_heat_that_no_cold_day_can_take_is_refused() -> None:
    with pytest.raises(NoSolutionError, match="nothing can take the 1000 MWh above the base load"):
        demand.heat_demand(np.full(8760, 25.0), 1000 + 8760, 1)


def test_a_peak_that_the_base_load_alone_cannot_have_is_refused() -> None:
    with pytest.raises(NoSolutionError, match="base load's alone"):
        demand.heat_demand(YEAR, 1.45 * 8760, 1.45, 3)


def test_all_faults_of_a_demand_are_found_at_once() -> None:
    with pytest.raises(InputError) as caught:
        demand.heat_demand(YEAR, -1, 1, 0, loss_mw=2)
    assert [problem.split()[0] for problem in caught.value.problems] == ["annual_mwh", "peak_mw", "loss_mw"]
