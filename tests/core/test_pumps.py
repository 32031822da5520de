"""Pumps: hand sums, the load curve by integration, and a year by hours against the year in one formula."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import pumps
from dhxl.core.hydraulics import volume_flow
from dhxl.core.pumps import mean_cube, pump_energy, pump_energy_of_loads, pump_power
from dhxl.errors import InputError

SETTINGS = (90, 50, 4.0, 0.5, 0.65)
shares = st.tuples(st.floats(0.02, 0.98), st.floats(0, 1)).map(lambda pair: (pair[0], pair[0] * pair[1]))


def curve(mean: float, base: float, steps: int) -> np.ndarray:
    """Return the load curve at the middle of equal steps."""
    t = (np.arange(steps) + 0.5) / steps
    return 1 - (1 - base) * t ** ((mean - base) / (1 - mean))


def test_power_is_flow_times_pressure() -> None:
    """1 m³ a second against 100,000 Pa is 100 kW."""
    assert pump_power(3600, 1, 1) == pytest.approx(100, rel=1e-12)
    assert pump_power(3600, 1, 0.5) == pytest.approx(200, rel=1e-12)
    assert pump_power(0, 5) == pump_power(5, 0) == 0


def test_a_constant_load_takes_the_pumps_full_power_all_year() -> None:
    full = pump_power(volume_flow(10, 90, 50), 4.5, 0.65)
    assert pump_energy(10, 87600, *SETTINGS) == pytest.approx(full * 8.76, rel=1e-12)
    assert pump_energy_of_loads(np.full(8760, 10.0), *SETTINGS) == pytest.approx(full * 8.76, rel=1e-12)


def test_no_heat_needs_no_pump() -> None:
    assert pump_energy(10, 0, *SETTINGS) == pump_energy(0, 0, *SETTINGS) == 0
    assert pump_energy_of_loads([0.0, 0.0], *SETTINGS) == 0


@given(share=shares)
def test_the_load_curve_has_the_given_mean_and_the_mean_cube_is_its_integral(share: tuple[float, float]) -> None:
    mean, base = share
    x = curve(mean, base, 20_000)
    assert x.mean() == pytest.approx(mean, abs=2e-3)
    assert mean_cube(mean, base) == pytest.approx((x**3).mean(), abs=3e-3)
    assert mean**3 - 1e-12 <= mean_cube(mean, base) <= mean + 1e-12


def test_half_the_load_takes_an_eighth_of_the_friction_and_half_of_the_constant_pressure() -> None:
    flow = volume_flow(10, 90, 50)
    friction = pump_energy_of_loads([5.0], 90, 50, 4, 0, 1, 10)
    constant = pump_energy_of_loads([5.0], 90, 50, 0, 0.5, 1, 10)
    assert friction == pytest.approx(pump_power(flow, 4, 1) / 8 / 1000, rel=1e-12)
    assert constant == pytest.approx(pump_power(flow, 0.5, 1) / 2 / 1000, rel=1e-12)


def test_the_year_in_one_formula_is_that_of_the_hours_of_its_load_curve() -> None:
    loads = 10 * curve(0.3, 0.05, 87_600)
    by_hours = pump_energy_of_loads(loads, *SETTINGS, 10, 0.1)
    assert pump_energy(10, loads.sum() / 10, *SETTINGS, 0.05) == pytest.approx(by_hours, rel=1e-3)


def test_the_load_curve_is_as_near_to_hourly_years_as_is_said(reference_series: Callable[[str], Path]) -> None:
    """Sensitivity: without a base load it would be 31 % too high for one of them."""
    with reference_series("dh_load_prices_2019.csv").open(encoding="utf-8") as file:
        town = np.array([float(line.split(";")[1]) for line in list(file)[1:]])
    year = np.genfromtxt(reference_series("calibrated_year.csv"), delimiter=",", names=True)["demand_MW"]
    deviations = [
        mean_cube(x.mean(), pumps.BASE_SHARE) / (x**3).mean() - 1 for x in (town / town.max(), year / year.max())
    ]
    assert deviations == pytest.approx([0.174, -0.224], abs=0.001)


def test_half_hours_weigh_half() -> None:
    loads = np.array([3.0, 5.0, 8.0])
    hourly = pump_energy_of_loads(loads, *SETTINGS, 10)
    assert pump_energy_of_loads(np.repeat(loads, 2), *SETTINGS, 10, 0.5) == pytest.approx(hourly, rel=1e-12)


def test_more_heat_than_the_peak_gives_is_refused() -> None:
    with pytest.raises(InputError, match=r"heat_mwh must be <= peak_mw times hours_h, 87600 MWh, got 90000"):
        pump_energy(10, 90000, *SETTINGS)
    with pytest.raises(InputError, match=r"base_share must be >= 0 and <= 0\.01"):
        pump_energy(10, 876, *SETTINGS)
