"""Units: a name's suffix tells its unit, and every quantity has one unit."""

from __future__ import annotations

import pytest

from dhxl.units import FRACTION, SUFFIXES, suffix_of, unit_fits


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("heat_sold_mwh", "mwh"),
        ("peak_load_mw", "mw"),
        ("connected_load_kw", "kw"),
        ("supply_degc", "degc"),
        ("delta_t_k", "k"),
        ("loss_mwh_per_m", "mwh_per_m"),
        ("lambda_soil_w_per_mk", "w_per_mk"),
        ("flow_m3_per_h", "m3_per_h"),
        ("storage_m3", "m3"),
        ("storage_loss_per_h", "per_h"),
        ("c2_eur_per_m2", "eur_per_m2"),
        ("gas_price_eur_per_sm3_low", "eur_per_sm3"),
        ("charges_eur_per_mwh", "eur_per_mwh"),
        ("gas_kg_per_mwh", "kg_per_mwh"),
        ("npv_eur_4", "eur"),
        ("payback_years", "years"),
        ("years", "years"),
        ("mwh", "mwh"),
        ("efficiency", None),
        ("discount_rate", None),
        ("rank", None),
        ("bank", None),
        ("item", None),
        ("mwh_total", None),
        ("", None),
    ],
)
def test_the_longest_suffix_after_an_underscore_tells_the_unit(name: str, suffix: str | None) -> None:
    assert suffix_of(name) == suffix


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_is_found_and_fits_each_of_its_spellings(suffix: str) -> None:
    assert suffix_of(f"any_{suffix}") == suffix
    for unit in SUFFIXES[suffix]:
        assert unit_fits(f"any_{suffix}", unit)
    assert not unit_fits(f"any_{suffix}", FRACTION)


def test_no_two_suffixes_share_a_unit() -> None:
    spelled = [unit for units in SUFFIXES.values() for unit in units]
    assert len(spelled) == len(set(spelled))


@pytest.mark.parametrize(
    ("name", "unit"), [("power_mw", "kW"), ("power_mw", "MWh"), ("share", "MW"), ("heat_mwh", "mwh"), ("heat_mwh", "")]
)
def test_another_unit_does_not_fit(name: str, unit: str) -> None:
    assert not unit_fits(name, unit)


@pytest.mark.parametrize("ending", ["_low", "_medium", "_high", "_1", "_9"])
def test_a_scenario_or_the_number_of_a_solution_may_follow_the_suffix(ending: str) -> None:
    assert suffix_of(f"price_eur_per_mwh{ending}") == "eur_per_mwh"
    assert suffix_of(f"share{ending}") is None


def test_a_yearly_amount_may_say_so() -> None:
    assert unit_fits("heat_mwh", "MWh/a")
    assert unit_fits("cost_eur", "EUR/a")
    assert unit_fits("co2_t", "t CO2e/a")
