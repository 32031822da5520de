"""Primary energy, emissions and renewable share of heat: hand sums, limits and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import heat_mix
from dhxl.errors import InputError, NoSolutionError

amounts = st.floats(0.1, 1e6)
factors = st.floats(0, 3)


def test_gas_boilers_pass_on_the_factor_of_gas_with_their_losses() -> None:
    efficiency, loss = 0.92, 0.15
    assert heat_mix.primary_energy_factor(efficiency * (1 - loss), [1.0], [1.1]) == pytest.approx(
        1.1 / 0.92 / 0.85, rel=1e-12
    )


def test_a_heat_pump_counts_its_power_only() -> None:
    assert heat_mix.primary_energy_factor(4, [1, 3], [1.8, 0]) == pytest.approx(0.45, rel=1e-12)


def test_much_power_from_chp_makes_the_factor_negative_and_the_law_lifts_it() -> None:
    """Proves: the credit is not cut off on the way. Sensitivity: a floor of 0 inside would hide a wrong input."""
    factor = heat_mix.primary_energy_factor(450, [1000], [1.1], 420)
    assert factor == pytest.approx((1100 - 420 * 2.8) / 450, rel=1e-12)
    assert factor < 0
    assert heat_mix.usable_primary_energy_factor(factor, 0) == 0.3


@given(
    heat=amounts,
    carriers=st.lists(st.tuples(amounts, factors), min_size=1, max_size=6),
    power=amounts,
    power_factor=factors,
)
def test_primary_energy_in_is_that_of_the_heat_and_of_the_power(
    heat: float, carriers: list[tuple[float, float]], power: float, power_factor: float
) -> None:
    energy, weights = zip(*carriers, strict=True)
    factor = heat_mix.primary_energy_factor(heat, energy, weights, power, power_factor)
    total = sum(a * b for a, b in carriers)
    rounding = 1e-9 * power * power_factor + 1e-300
    assert factor * heat + power * power_factor == pytest.approx(total, rel=1e-9, abs=rounding)
    assert heat_mix.heat_emission_factor(heat, energy, weights, power, power_factor) == factor


@given(share=st.floats(0, 1), factor=st.floats(-2, 3))
def test_the_floor_of_the_law_lies_between_two_and_three_tenths(share: float, factor: float) -> None:
    usable = heat_mix.usable_primary_energy_factor(factor, share)
    assert usable >= 0.2 - 1e-15
    assert usable == (factor if factor >= 0.3 else max(factor, 0.3 - 0.1 * share))


@given(heat=amounts, power=amounts, hot=st.floats(20, 300), cold=st.floats(-20, 15))
def test_heat_and_power_share_the_fuel_by_the_work_they_are_worth(
    heat: float, power: float, hot: float, cold: float
) -> None:
    share = heat_mix.chp_heat_share(heat, power, hot, cold)
    carnot = 1 - (cold + 273.15) / (hot + 273.15)
    assert share / (1 - share) == pytest.approx(heat * carnot / power, rel=1e-6)
    assert heat_mix.chp_heat_share(heat, power, hot + 10, cold) > share


def test_heat_no_warmer_than_the_surroundings_bears_nothing() -> None:
    with pytest.raises(InputError, match=r"heat_degc must be > ambient_degc \(10 °C\), got 10"):
        heat_mix.chp_heat_share(1, 1, 10, 10)
    with pytest.raises(InputError, match="both be 0"):
        heat_mix.chp_heat_share(0, 0, 80, 10)
    assert heat_mix.chp_heat_share(1, 1, 10 + 1e-9, 10) == pytest.approx(0, abs=1e-11)


@given(sources=st.lists(st.tuples(amounts, st.floats(0, 1)), min_size=1, max_size=8))
def test_a_share_lies_between_the_least_and_the_largest_of_the_sources(sources: list[tuple[float, float]]) -> None:
    heat, shares = zip(*sources, strict=True)
    share = heat_mix.renewable_share(heat, shares)
    assert min(shares) * (1 - 1e-12) <= share <= max(shares) * (1 + 1e-12)
    rest = heat_mix.renewable_share(heat, [1 - s for s in shares])
    assert share + rest == pytest.approx(1, rel=1e-12)


def test_a_mix_without_heat_has_no_share() -> None:
    with pytest.raises(NoSolutionError, match="no heat to have a share"):
        heat_mix.renewable_share([0, 0], [1, 0])


@pytest.mark.parametrize(("cop", "share"), [(2.527, 0.0), (2.528, 1 - 1 / 2.528), (1.0, 0.0), (0.5, 0.0), (5.0, 0.8)])
def test_a_heat_pump_counts_from_the_least_performance_on(cop: float, share: float) -> None:
    assert heat_mix.heat_pump_renewable_share(cop) == pytest.approx(share, rel=1e-12)


def test_carriers_and_sources_need_a_value_each() -> None:
    with pytest.raises(InputError, match="energy_mwh and factors must cover the same carriers, got 2 and 1 values"):
        heat_mix.primary_energy_factor(1, [1, 2], [1.1])
    with pytest.raises(InputError, match=r"energy_mwh and factors_kg_per_mwh must cover .* got 1 and 2 values"):
        heat_mix.heat_emission_factor(1, [1], [240, 560])
    with pytest.raises(InputError, match="heat_mwh and shares must cover the same sources, got 2 and 1 values"):
        heat_mix.renewable_share([1, 2], [1])


@pytest.mark.parametrize("heat", [0.0, -1.0])
def test_heat_must_be_sold(heat: float) -> None:
    for call in (heat_mix.primary_energy_factor, heat_mix.heat_emission_factor):
        with pytest.raises(InputError, match="heat_sold_mwh must be > 0 MWh"):
            call(heat, [1], [1])
