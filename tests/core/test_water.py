"""Water: the scientific formulation of IAPWS as oracle, limits, and what warming does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core.water import water_at
from dhxl.errors import InputError


def test_water_is_that_of_the_scientific_formulation(reference: Callable[[str], dict[str, Any]]) -> None:
    table = reference("hydraulics")["water"]
    for degc, kg_per_m3, kj_per_kg, micropascal_s in table["points"]:
        water = water_at(float(degc))
        assert water.kg_per_m3 == pytest.approx(kg_per_m3, rel=table["density_tolerance"])
        assert water.kj_per_kg == pytest.approx(kj_per_kg, abs=table["enthalpy_tolerance"])
        assert water.pa_s * 1e6 == pytest.approx(micropascal_s, rel=table["viscosity_tolerance"])


@given(degc=st.floats(5, 199), warmer=st.floats(0.01, 1))
def test_warmer_water_is_thinner_and_holds_more_heat(degc: float, warmer: float) -> None:
    cold, hot = water_at(degc), water_at(degc + warmer)
    assert hot.kg_per_m3 < cold.kg_per_m3
    assert hot.pa_s < cold.pa_s
    assert 4.1 * warmer < hot.kj_per_kg - cold.kj_per_kg < 4.5 * warmer


@pytest.mark.parametrize("degc", [math.nextafter(0, -1), math.nextafter(200, 300), math.nan])
def test_ice_and_steam_are_refused(degc: float) -> None:
    with pytest.raises(InputError, match="temperature_degc"):
        water_at(degc)
