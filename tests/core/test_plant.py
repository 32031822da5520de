"""Heat pumps, sources and stores: limits and laws."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dhxl.core import plant
from dhxl.errors import InputError, NoSolutionError

degrees = st.floats(-20, 150)


@given(cold=degrees, hot=degrees)
def test_constant_temperatures_give_carnots_value(cold: float, hot: float) -> None:
    assume(hot > cold + 0.1)
    carnot = (hot + 273.15) / (hot - cold)
    assert plant.lorenz_cop(hot, hot, cold, cold, 1.0) == pytest.approx(carnot, rel=1e-9)


@given(first=degrees, second=degrees)
def test_the_log_mean_lies_between_its_temperatures_and_does_not_care_for_their_order(
    first: float, second: float
) -> None:
    forward = plant.lorenz_cop(first, second, -100, -100, 1.0)
    assert forward == pytest.approx(plant.lorenz_cop(second, first, -100, -100, 1.0), rel=1e-12)
    low, high = sorted((first, second))
    slack = 1 + 1e-12
    assert plant.lorenz_cop(high, high, -100, -100, 1.0) <= forward * slack
    assert forward <= plant.lorenz_cop(low, low, -100, -100, 1.0) * slack


def test_the_log_mean_is_continuous_where_its_temperatures_meet() -> None:
    exact = plant.lorenz_cop(80, 80, 40, 40, 1.0)
    for difference in (1e-3, 1e-6, 1e-9, 1e-12):
        assert plant.lorenz_cop(80, 80 + difference, 40, 40, 1.0) == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("source", [80.0, 95.0])
def test_a_source_as_warm_as_the_sink_needs_no_heat_pump(source: float) -> None:
    with pytest.raises(NoSolutionError, match="no heat pump is needed"):
        plant.lorenz_cop(80, 80, source, source, 0.5)


def test_a_source_that_starts_warmer_than_the_sink_ends_may_still_need_one() -> None:
    assert plant.lorenz_cop(30, 50, 60, 10, 1.0) > 1


def test_geothermal_heat_is_zero_without_cooling_and_refused_when_the_water_would_be_heated() -> None:
    assert plant.geothermal_heat(180, 60, 60) == 0
    with pytest.raises(InputError, match=r"out_degc must be <= in_degc, 60 °C, got 61"):
        plant.geothermal_heat(180, 60, 61)


@given(volume=st.floats(0, 1e6), difference=st.floats(0, 200))
def test_a_flow_that_empties_the_store_in_an_hour_delivers_its_content(volume: float, difference: float) -> None:
    content = plant.storage_capacity(volume, difference)
    assert plant.geothermal_heat(volume, difference, 0) == pytest.approx(content, rel=1e-12)


def test_a_store_has_no_negative_size() -> None:
    with pytest.raises(InputError) as caught:
        plant.storage_capacity(-1, 201)
    assert caught.value.problems == (
        "volume_m3 must be >= 0 m³, got -1",
        "delta_t_k must be >= 0 K and <= 200 K, got 201",
    )
