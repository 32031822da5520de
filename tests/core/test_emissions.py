"""Emissions: hand sums and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import emissions
from dhxl.errors import InputError

amounts = st.floats(0, 1e6)


def test_gas_and_electricity_are_added_in_tonnes() -> None:
    assert emissions.supply_emissions(1000, 100, 268, 494) == pytest.approx(268 + 49.4, rel=1e-12)


def test_a_net_export_earns_a_credit() -> None:
    assert emissions.supply_emissions(0, -100, 268, 494) == pytest.approx(-49.4, rel=1e-12)


@given(gas=amounts, power=amounts, factor=st.floats(0, 1000))
def test_emissions_of_parts_add_up(gas: float, power: float, factor: float) -> None:
    together = emissions.supply_emissions(gas, power, factor, 494)
    apart = emissions.supply_emissions(gas, 0, factor, 494) + emissions.supply_emissions(0, power, factor, 494)
    assert together == pytest.approx(apart, rel=1e-12)


@given(heat=amounts)
def test_perfect_boilers_emit_what_their_heat_as_gas_would(heat: float) -> None:
    assert emissions.individual_boiler_emissions(heat, 1.0, 268) == pytest.approx(
        emissions.supply_emissions(heat, 0, 268, 0), rel=1e-12
    )


@pytest.mark.parametrize("efficiency", [0.0, -0.1, 1.21])
def test_an_efficiency_outside_its_limits_is_refused(efficiency: float) -> None:
    with pytest.raises(InputError, match=r"efficiency must be > 0 and <= 1.2"):
        emissions.individual_boiler_emissions(100, efficiency, 268)
