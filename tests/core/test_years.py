"""Synthetic years: exact statistics, and the same numbers everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.core import years
from dhxl.errors import InputError

MONTHS = [2.5, 5.0, 9.8, 13.8, 18.6, 22.9, 25.1, 24.4, 19.9, 14.3, 8.3, 3.6]
seeds = st.integers(0, 2**32 - 1)
hours_of_year = st.sampled_from([8760, 8784])


def monthly_means(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    months = years.month_of_hours(values.size)
    return np.bincount(months, weights=values) / np.bincount(months)


@settings(max_examples=25, deadline=None)
@given(means=st.lists(st.floats(-30, 35), min_size=12, max_size=12), seed=seeds, hours=hours_of_year)
def test_the_monthly_mean_temperatures_are_met_exactly(means: list[float], seed: int, hours: int) -> None:
    year = years.temperature_year(means, hours_h=hours, seed=seed)
    assert year.size == hours
    assert monthly_means(year) == pytest.approx(means, abs=1e-9)


def test_the_daily_swing_is_the_half_amplitude_and_warmest_at_fifteen_hours() -> None:
    year = years.temperature_year([10] * 12, 5, 0).reshape(365, 24)
    assert (year.argmax(axis=1) == 15).all()
    assert (year.max(axis=1) - year.min(axis=1)) == pytest.approx(np.full(365, 10.0), abs=0.02)


def test_without_noise_every_seed_gives_the_same_year() -> None:
    assert (
        years.temperature_year(MONTHS, noise_k=0, seed=1) == years.temperature_year(MONTHS, noise_k=0, seed=9)
    ).all()


def test_the_seed_picks_the_weather_and_the_price() -> None:
    for make in (lambda s: years.temperature_year(MONTHS, seed=s), lambda s: years.price_year(93, seed=s)):
        assert (make(1) == make(1)).all()
        assert (make(1) != make(2)).any()


def test_the_noise_has_the_stated_deviation_and_memory() -> None:
    days = np.concatenate(
        [years.temperature_year([10] * 12, 0, 3.0, 0.6, seed=s).reshape(365, 24)[:, 12] for s in range(20)]
    )
    assert days.std() == pytest.approx(3.0, rel=0.12)  # a little is taken by the exact monthly means
    assert np.corrcoef(days[:-1], days[1:])[0, 1] == pytest.approx(0.6, abs=0.08)


def test_seeded_numbers_are_normal() -> None:
    numbers = years.seeded_normals(2024, 100_000)
    assert numbers.mean() == pytest.approx(0, abs=0.01)
    assert numbers.std() == pytest.approx(1, abs=0.01)
    assert np.mean(np.abs(numbers) < 1.959964) == pytest.approx(0.95, abs=0.003)


def test_a_drawn_year_never_changes() -> None:
    """Values of this implementation, kept so that a seed means the same year in every version and on every platform."""
    year, price = years.temperature_year(MONTHS, seed=1), years.price_year(93, seed=1)
    assert year[[0, 4380, 8759]] == pytest.approx([2.331735814337, 29.448795606952, 2.752642974608], abs=1e-9)
    assert price[[0, 4380, 8759]] == pytest.approx([95.603441085111, 92.304836118247, 97.599772932544], abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(mean=st.floats(-50, 500), deviation=st.floats(0, 200), seed=seeds, hours=hours_of_year)
def test_mean_and_deviation_of_the_price_are_met_exactly(mean: float, deviation: float, seed: int, hours: int) -> None:
    year = years.price_year(mean, deviation, hours_h=hours, seed=seed)
    assert year.size == hours
    assert year.mean() == pytest.approx(mean, abs=1e-9)
    assert year.std() == pytest.approx(deviation, abs=1e-9)


def test_another_mean_moves_every_hour_by_the_same_amount() -> None:
    assert years.price_year(127) - years.price_year(93) == pytest.approx(np.full(8760, 34.0), abs=1e-9)


def test_the_default_price_is_spread_as_the_calibrated_one(reference: Callable[[str], dict[str, Any]]) -> None:
    case = reference("demand")["synthetic_price"]
    year = years.price_year(case["mean_eur_per_mwh"])
    assert year.std() == pytest.approx(case["deviation_eur_per_mwh"], rel=1e-9)
    low, high = np.percentile(year, [5, 95])
    assert low == pytest.approx(case["percentile_5"], abs=case["tolerance"])
    assert high == pytest.approx(case["percentile_95"], abs=case["tolerance"])


@pytest.mark.parametrize("first_weekday", range(1, 8))
def test_weekends_are_cheaper_and_fall_where_the_calendar_says(first_weekday: int) -> None:
    year = years.price_year(100, 5, [1.0] * 24, [1.0] * 12, 0.8, 0.0, first_weekday=first_weekday).reshape(365, 24)
    weekdays = (np.arange(365) + first_weekday - 1) % 7
    assert (year[weekdays >= 5] < 100).all()
    assert (year[weekdays < 5] > 100).all()


def test_only_the_proportions_of_factors_count() -> None:
    doubled = years.price_year(93, hourly_factors=[2 * x for x in years.HOURLY_FACTORS])
    assert doubled == pytest.approx(years.price_year(93), rel=1e-12)


def test_a_constant_shape_has_no_deviation_to_scale() -> None:
    with pytest.raises(InputError, match="deviation_eur_per_mwh must be 0 EUR/MWh"):
        years.price_year(93, 5, [1.0] * 24, [1.0] * 12, 1.0, 0.0)
    assert (years.price_year(93, 0, [1.0] * 24, [1.0] * 12, 1.0, 0.0) == 93).all()


def test_months_of_a_leap_year_have_a_day_more_in_february() -> None:
    assert np.bincount(years.month_of_hours(8784))[1] == 29 * 24
    assert years.month_of_hours(8760)[[0, 743, 744, 8759]].tolist() == [0, 0, 1, 11]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"monthly_degc": [1.0] * 11}, "monthly_degc must hold 12 values, got 11"),
        ({"diurnal_half_amplitude_k": [1.0] * 2}, "diurnal_half_amplitude_k must hold 12 or 1 values, got 2"),
        ({"noise_autocorrelation": 1.0}, "noise_autocorrelation must be >= 0 and < 1, got 1"),
        ({"hours_h": 8761}, "hours_h must be 8760 or 8784 h, got 8761"),
        ({"seed": -1}, "seed must be >= 0 and <= 4294967295, got -1"),
    ],
)
def test_a_wrong_argument_of_a_temperature_year_is_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        years.temperature_year(**{"monthly_degc": MONTHS, **arguments})
    assert caught.value.problems == (message,)
