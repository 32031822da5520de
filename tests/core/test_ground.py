"""Temperature of the ground: limits, the equation of heat conduction, and means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core.ground import ground_temperature

DAY_S = 86400.0


def test_the_surface_is_coldest_and_warmest_on_its_days() -> None:
    assert ground_temperature(10, 12, 0, 35) == pytest.approx(-2)
    assert ground_temperature(10, 12, 0, 35 + 182.5) == pytest.approx(22)


def test_great_depth_and_whole_years_have_the_mean() -> None:
    assert ground_temperature(10, 12, 50, 35) == pytest.approx(10, abs=1e-7)
    assert ground_temperature(10, 12, 0.5, 100, 365) == pytest.approx(10, abs=1e-12)
    assert ground_temperature(10, 0, 0.5, 100) == 10


@given(depth=st.floats(0.2, 5), day=st.floats(2, 360), diffusivity=st.floats(2e-7, 2e-6))
def test_heat_is_conducted_as_fourier_says(depth: float, day: float, diffusivity: float) -> None:
    """Change in a second is diffusivity times curvature, by central differences."""
    dz, dt = 1e-3, 0.05

    def at(z: float, t: float) -> float:
        return ground_temperature(10, 12, z, t, 0, 35, diffusivity)

    change = (at(depth, day + dt) - at(depth, day - dt)) / (2 * dt * DAY_S)
    curvature = (at(depth + dz, day) - 2 * at(depth, day) + at(depth - dz, day)) / dz**2
    assert change == pytest.approx(diffusivity * curvature, rel=1e-3, abs=1e-10)


@given(depth=st.floats(0, 5), day=st.floats(50, 300), days=st.floats(1, 90))
def test_a_mean_over_days_is_the_mean_of_its_days(depth: float, day: float, days: float) -> None:
    middles = day - days / 2 + (np.arange(2000) + 0.5) / 2000 * days
    mean = np.mean([ground_temperature(10, 12, depth, t) for t in middles])
    assert ground_temperature(10, 12, depth, day, days) == pytest.approx(mean, abs=1e-5)


def test_the_wave_is_damped_and_late_by_its_depth() -> None:
    """At a depth of penetration, 2.24 m, the amplitude is 1/e and the coldest day 365/(2 pi) days later."""
    depth = math.sqrt(365 * DAY_S * 5e-7 / math.pi)
    assert depth == pytest.approx(2.24, abs=0.005)
    late = 35 + 365 / (2 * math.pi)
    assert ground_temperature(10, 12, depth, late) == pytest.approx(10 - 12 / math.e, rel=1e-12)
