"""Standard load profiles: what holds for any published numbers of a customer group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.core import slp
from dhxl.core.years import temperature_year
from dhxl.errors import InputError, NoSolutionError

YEAR = temperature_year([2.5, 5.0, 9.8, 13.8, 18.6, 22.9, 25.1, 24.4, 19.9, 14.3, 8.3, 3.6])
WEEKDAYS = np.array([1.1, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8])
SHAPES = np.random.default_rng(1).random((7, 24, slp.CLASSES))
SHOPS = slp.LoadProfile(3.0, -37.0, 5.7, 0.12, WEEKDAYS, SHAPES / SHAPES.sum(axis=1, keepdims=True))
degrees = st.floats(-70, 60)


def test_the_daily_load_of_the_published_class_is_reproduced(reference: Callable[[str], dict[str, Any]]) -> None:
    values = reference("demand")["bdew_h"]
    houses = slp.LoadProfile(*values["efh_class11_no_wind"], WEEKDAYS, SHAPES)
    cold = slp.daily_load([0, -10], houses)
    assert cold == pytest.approx([values["at_0_degc"], values["at_minus10"]], abs=values["tolerance"])


@given(degc=degrees)
def test_the_daily_load_is_finite_at_any_temperature_and_falls_to_hot_water_at_the_pole(degc: float) -> None:
    load = slp.daily_load([degc, degc + 1], SHOPS)
    assert np.isfinite(load).all()
    assert load[0] >= load[1] >= SHOPS.d
    if degc >= slp.POLE_DEGC:
        assert load[0] == SHOPS.d


def test_the_daily_load_approaches_its_value_at_the_pole() -> None:
    """Proves: the limit from below. Sensitivity: a negative number to the power of 5.7 would be NaN."""
    near = slp.daily_load([39.0, 39.9, 39.999, 40.0, 40.001, 60.0], SHOPS)
    assert near == pytest.approx(SHOPS.d, abs=1e-8)
    assert near[3:].tolist() == [SHOPS.d] * 3


@given(degc=degrees)
def test_the_parts_of_a_day_add_up(degc: float) -> None:
    parts = slp.daily_load([degc], SHOPS, "heating") + slp.daily_load([degc], SHOPS, "hot_water")
    assert parts == pytest.approx(slp.daily_load([degc], SHOPS), rel=1e-15)


def test_the_allocation_temperature_remembers_three_days_and_halves_them() -> None:
    """Proves: the weights 8, 4, 2 and 1 of 15. Sensitivity: equal weights would give 15 / 4 on all four days."""
    assert slp.allocation_temperature([15, 0, 0, 0, 0, 0]).tolist() == [8, 4, 2, 1, 0, 0]


def test_before_the_first_day_stands_the_last_one() -> None:
    assert slp.allocation_temperature([0, 0, 0, 0, 0, 15]).tolist() == [4, 2, 1, 0, 0, 8]


@given(days=st.lists(st.floats(-30, 40), min_size=4, max_size=50))
def test_the_allocation_temperature_keeps_the_mean_of_the_year(days: list[float]) -> None:
    assert slp.allocation_temperature(days).mean() == pytest.approx(np.mean(days), rel=1e-9, abs=1e-9)


def test_a_limit_of_temperature_classes_belongs_to_the_colder_one() -> None:
    limits = np.arange(-15, 30, 5)
    assert slp.temperature_class(limits).tolist() == list(range(9))
    assert slp.temperature_class(limits + 0.001).tolist() == list(range(1, 10))
    assert slp.temperature_class([-70, 60]).tolist() == [0, 9]


@settings(max_examples=25, deadline=None)
@given(annual=st.floats(1e-3, 1e6), part=st.sampled_from(slp.PARTS), weekday=st.integers(1, 7))
def test_the_annual_heat_is_met_and_no_hour_is_negative(annual: float, part: str, weekday: int) -> None:
    load = slp.slp_demand(YEAR, annual, SHOPS, part, weekday)
    assert load.sum() == pytest.approx(annual, rel=1e-12)
    assert load.min() >= 0


def test_a_day_takes_what_its_temperature_and_weekday_say() -> None:
    days = slp.slp_demand(YEAR, 1000, SHOPS, first_weekday=6).reshape(365, 24).sum(axis=1)
    weekdays = np.resize(np.roll(WEEKDAYS, -5), 365)
    expected = slp.daily_load(slp.allocation_temperature(YEAR.reshape(365, 24).mean(axis=1)), SHOPS) * weekdays
    assert days == pytest.approx(expected / expected.sum() * 1000, rel=1e-12)


def test_an_hour_takes_its_share_of_the_day() -> None:
    load = slp.slp_demand(YEAR, 1000, SHOPS).reshape(365, 24)
    allocation = slp.allocation_temperature(YEAR.reshape(365, 24).mean(axis=1))
    for day in (0, 100, 364):
        shares = SHOPS.hourly_factors[day % 7, :, slp.temperature_class(allocation)[day]]
        assert load[day] / load[day].sum() == pytest.approx(shares, rel=1e-12)


def test_heating_and_hot_water_of_their_own_heat_are_the_total() -> None:
    """Proves: parts are split day by day. Sensitivity: one split for all days would be a constant ratio."""
    daily = slp.allocation_temperature(YEAR.reshape(365, 24).mean(axis=1))
    factors = np.resize(WEEKDAYS, 365)
    share = (SHOPS.d * factors).sum() / (slp.daily_load(daily, SHOPS) * factors).sum()
    total = slp.slp_demand(YEAR, 1000, SHOPS)
    heating = slp.slp_demand(YEAR, 1000 * (1 - share), SHOPS, "heating")
    hot_water = slp.slp_demand(YEAR, 1000 * share, SHOPS, "hot_water")
    assert heating + hot_water == pytest.approx(total, rel=1e-9)


def test_a_holiday_is_a_sunday() -> None:
    """Proves: 2 January, a Tuesday, as a holiday. Sensitivity: without it the day would take 1.0 / 0.8 of that."""
    usual = slp.slp_demand(np.zeros(8760), 1000, SHOPS).reshape(365, 24)
    feast = slp.slp_demand(np.zeros(8760), 1000, SHOPS, holidays=[2]).reshape(365, 24)
    assert feast[1] == pytest.approx(feast[6], rel=1e-12)
    assert usual[1].sum() / usual[6].sum() == pytest.approx(1.0 / 0.8, rel=1e-12)
    assert feast[0] / feast[2] == pytest.approx(usual[0] / usual[2], rel=1e-12)


def test_quarter_hours_hold_the_load_of_their_hour() -> None:
    hours = slp.slp_demand(YEAR, 1000, SHOPS)
    quarters = slp.slp_demand(np.repeat(YEAR, 4), 1000, SHOPS)
    assert np.allclose(quarters, np.repeat(hours, 4), rtol=1e-12, atol=0)


def test_a_leap_year_has_a_day_more() -> None:
    load = slp.slp_demand(np.zeros(8784), 1000, SHOPS, holidays=[366])
    assert load.size == 8784
    assert load.sum() == pytest.approx(1000, rel=1e-12)
    with pytest.raises(InputError, match=r"holidays .* must be >= 1 and <= 365, got 366"):
        slp.slp_demand(YEAR, 1000, SHOPS, holidays=[366])


def test_heating_without_a_cold_day_has_no_answer_but_hot_water_has() -> None:
    hot = np.full(8760, 45.0)
    with pytest.raises(NoSolutionError, match="no day is cold enough"):
        slp.slp_demand(hot, 1000, SHOPS, "heating")
    assert slp.slp_demand(hot, 1000, SHOPS).sum() == pytest.approx(1000)


def test_a_day_of_the_year_is_a_whole_number() -> None:
    with pytest.raises(InputError, match="holidays must be whole numbers"):
        slp.slp_demand(YEAR, 1000, SHOPS, holidays=[1.5])


def test_an_unknown_part_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="part must be one of total, heating, hot_water, got 'gas'"):
        slp.slp_demand(YEAR, 1000, SHOPS, "gas")
