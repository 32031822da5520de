"""Hot water, diversity, full-load hours and peak of consumers: limits and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.core import consumers
from dhxl.core.demand import heat_demand
from dhxl.core.years import MONTH_DAYS, month_of_hours, temperature_year
from dhxl.errors import InputError, NoSolutionError

YEAR = temperature_year([2.5, 5.0, 9.8, 13.8, 18.6, 26.9, 28.1, 27.4, 19.9, 14.3, 8.3, 3.6], noise_k=0)
WINTERS = [300.0, 280, 220, 160, 80, 30, 31, 31, 73, 139, 200, 281]  # 1 MWh a day from June to August, 1825 in all


def test_the_share_of_hot_water_is_the_summer_load_over_the_year() -> None:
    """Proves: months weigh by their days. Sensitivity: three of twelve months would give 4 x 92 / 1825 = 0.2016."""
    assert consumers.hot_water_share(WINTERS) == 365 / 1825


def test_losses_are_neither_hot_water_nor_heat_of_customers() -> None:
    assert consumers.hot_water_share(WINTERS, 146) == pytest.approx((365 - 146) / (1825 - 146), rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(base=st.floats(0.5, 3), loss_share=st.floats(0, 0.9))
def test_the_hot_water_that_made_a_load_is_found_again(base: float, loss_share: float) -> None:
    load = heat_demand(YEAR, 40000, base, loss_mw=loss_share * base)
    assert (YEAR.reshape(365, 24).mean(axis=1)[151:243] >= 16).all()
    loss = 8760 * loss_share * base
    expected = (8760 * base - loss) / (40000 - loss)
    assert consumers.hot_water_share(load, loss) == pytest.approx(expected, rel=1e-9)


def test_hours_quarter_hours_and_months_tell_the_same() -> None:
    hours = heat_demand(YEAR, 40000, 1.5)
    months = np.bincount(month_of_hours(8760), weights=hours)
    share = consumers.hot_water_share(hours)
    assert consumers.hot_water_share(months) == pytest.approx(share, rel=1e-12)
    assert consumers.hot_water_share(np.repeat(hours / 4, 4)) == pytest.approx(share, rel=1e-12)


def test_a_leap_year_counts_its_own_days() -> None:
    assert consumers.hot_water_share(np.ones(8784)) == pytest.approx(1)


def test_months_may_run_over_the_turn_of_the_year() -> None:
    south = np.array(MONTH_DAYS) * np.array([1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1.0])
    assert consumers.hot_water_share(south, 0, 12, 2) == pytest.approx(365 / south.sum(), rel=1e-12)


def test_a_constant_load_is_all_hot_water() -> None:
    assert consumers.hot_water_share(np.array(MONTH_DAYS) * 2.0) == pytest.approx(1, rel=1e-12)
    assert consumers.hot_water_share(WINTERS, 0, 1, 12) == 1


def test_no_summer_load_is_no_hot_water() -> None:
    assert consumers.hot_water_share([9.0] * 5 + [0.0] * 3 + [9.0] * 4) == 0


def test_a_load_that_gives_no_share_says_why() -> None:
    with pytest.raises(NoSolutionError, match="nothing is left for customers"):
        consumers.hot_water_share([0.0] * 12)
    with pytest.raises(NoSolutionError, match="loss_mwh 400 MWh is more than 365 MWh, the load of months 6 to 8"):
        consumers.hot_water_share(WINTERS, 400)
    with pytest.raises(NoSolutionError, match="months 12 to 2 use more heat than the mean of the year"):
        consumers.hot_water_share(WINTERS, 0, 12, 2)


def test_another_number_of_values_is_refused() -> None:
    with pytest.raises(InputError, match=r"must hold 12 months, or the hours .* got 365 values"):
        consumers.hot_water_share(np.ones(365))


def test_hot_water_without_volume_or_without_warming_takes_no_heat() -> None:
    assert consumers.hot_water_heat(0) == 0
    assert consumers.hot_water_heat(100, 10, 10) == 0
    with pytest.raises(InputError, match=r"cold_degc must be <= hot_degc, 40 °C, got 50"):
        consumers.hot_water_heat(100, 40, 50)


def test_losses_of_hot_water_raise_its_heat() -> None:
    assert consumers.hot_water_heat(100, efficiency=0.5) == 2 * consumers.hot_water_heat(100)


@pytest.mark.parametrize("method", consumers.DIVERSITY_METHODS)
def test_one_consumer_peaks_alone_and_more_peak_together_less(method: str) -> None:
    factors = [consumers.diversity(n, method) for n in (1, 2, 5, 10, 50, 100, 1000, 10**6)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert all(0 < factor <= 1 for factor in factors)


@given(n=st.integers(1, 10**5), method=st.sampled_from(consumers.DIVERSITY_METHODS))
def test_a_consumer_more_never_lowers_the_peak_of_all(n: int, method: str) -> None:
    together = consumers.diversity(n, method) * n
    assert consumers.diversity(n + 1, method) * (n + 1) >= together * (1 - 1e-12)


def test_no_consumer_and_no_such_method_are_refused() -> None:
    with pytest.raises(InputError, match="consumers must be >= 1, got 0"):
        consumers.diversity(0)
    with pytest.raises(InputError, match="method must be one of danish, winter, got 'din'"):
        consumers.diversity(1, "din")


def test_a_year_at_full_load_is_the_most() -> None:
    assert consumers.full_load_hours(8784, 1) == 8784
    assert consumers.full_load_hours(0, 1) == 0
    with pytest.raises(InputError, match=r"annual_mwh must be <= 8784 MWh, a year at 1 MW, got 8785"):
        consumers.full_load_hours(8785, 1)


@given(annual=st.floats(1e-6, 1e6), hours=st.floats(1, 8784))
def test_peak_and_full_load_hours_are_each_others_inverse(annual: float, hours: float) -> None:
    assert consumers.full_load_hours(annual, consumers.peak_load(annual, hours)) == pytest.approx(hours, rel=1e-9)


def test_diversity_lowers_the_peak_of_consumers_but_not_the_loss() -> None:
    assert consumers.peak_load(1000, 2000, 0.6, 0.05) == pytest.approx(0.6 * 0.5 + 0.05)
    assert consumers.peak_load(0, 2000, 0.6, 0.05) == 0.05
