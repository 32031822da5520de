"""Whole years whose least cost is known from other programs."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch
from tests.conftest import REPOSITORY

Reference = Callable[[str], dict[str, Any]]
GAS = 0.56 / 9.59 * 1000  # EUR/MWh: 0.56 EUR/Sm3 at 9.59 kWh/Sm3


@pytest.fixture(scope="module")
def known(reference: Reference) -> dict[str, Any]:
    return reference("dispatch")


@pytest.fixture(scope="module")
def year() -> np.ndarray:
    """Demand, MW, and price, EUR/MWh, of a synthetic year made for benchmarks."""
    path = REPOSITORY / "benchmarks" / "dispatch_benchmark.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([[float(row["demand_MW"]), float(row["price_EUR_MWh"])] for row in csv.DictReader(file)]).T


def plant(second_minimum: float) -> tuple[Unit, ...]:
    """CHP, an on/off heat pump, a second one with a minimum load, and two boilers."""
    chp = Unit("CHP", Kind.CHP, 4.3, min_share=0.5, heat_efficiency=0.4433, power_efficiency=0.4433,
               fuel_eur_per_mwh=GAS, om_eur_per_mwh=10.0)  # fmt: skip
    fixed = Unit("Heat pump 1", Kind.HEAT_PUMP, 5.5, min_share=1.0, cop=4.0)
    modulating = Unit("Heat pump 2", Kind.HEAT_PUMP, 5.5, min_share=second_minimum, cop=4.0)
    boilers = Unit("Boilers", Kind.BOILER, 4.5, count=2, heat_efficiency=0.9, fuel_eur_per_mwh=GAS)
    return chp, fixed, modulating, boilers


STORE = Settings(charges_eur_per_mwh=20.0, storage_mwh=2.9, storage_charge_mw=10.0, storage_discharge_mw=10.0)


def solved(year: np.ndarray, second_minimum: float, settings: Settings) -> Dispatch:
    return dispatch(Problem(plant(second_minimum), year[0], year[1], settings))


@pytest.mark.parametrize(("case", "second_minimum"), [("case_c", 0.0), ("case_b", 0.5)])
def test_year_with_a_store_costs_its_proven_optimum(
    known: dict[str, Any], year: np.ndarray, case: str, second_minimum: float
) -> None:
    """Proves: cost and certificate of the exact programme on 8760 hours.

    Sensitivity: without the store, or with a second heat pump of another minimum load, 0.3 % dearer or more; HiGHS does
    not close case B in 240 s.
    """
    found = solved(year, second_minimum, STORE)
    assert found.objective_eur == pytest.approx(known[case]["value"], rel=known[case]["tolerance_rel"])
    assert abs(found.gap) < 1e-8
    assert found.unserved_mw.max() < 1e-9


def test_a_store_saves_cost_and_its_level_stays_inside(year: np.ndarray) -> None:
    with_store = solved(year, 0.5, STORE)
    without = solved(year, 0.5, Settings(charges_eur_per_mwh=20.0))
    assert with_store.cost_eur < without.cost_eur - 1000
    assert with_store.level_mwh.min() > -1e-9
    assert with_store.level_mwh.max() < 2.9 + 1e-9
    assert with_store.level_mwh[-1] == pytest.approx(0, abs=1e-9)


def test_every_step_balances_heat_and_power(year: np.ndarray) -> None:
    found = solved(year, 0.5, STORE)
    heat = found.heat_mw.sum(axis=0) - found.charge_mw + found.unserved_mw - found.rejected_mw
    assert heat == pytest.approx(year[0], abs=1e-9)
    power = found.power_out_mw + found.bought_mw - found.power_in_mw - found.sold_mw
    assert power == pytest.approx(np.zeros(8760), abs=1e-9)


def test_the_linear_year_of_a_german_town_costs_what_three_programs_say(
    known: dict[str, Any], reference_series: Callable[[str], Path]
) -> None:
    """Proves: standing loss, cycle cost, start and end level, hourly fuel prices in a unit's cell.

    Sensitivity: without the store 16,556 EUR dearer, without its loss 1,843, without the cycle cost 956, with a free
    end 911 EUR cheaper.
    """
    path = reference_series("dh_load_prices_2019.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    demand, gas, power = (
        np.array([float(row[name]) for row in rows]) for name in ("heat demand", "gas price", "el_spot_price")
    )
    boiler = Unit("Boiler", Kind.BOILER, 20.0, heat_efficiency=0.95, fuel_eur_per_mwh=gas, om_eur_per_mwh=1.1)
    pump = Unit("Heat pump", Kind.HEAT_PUMP, 6.0, cop=3.5, om_eur_per_mwh=1.2)
    settings = Settings(
        storage_mwh=100.0, storage_charge_mw=100 / 24, storage_discharge_mw=100 / 24, storage_loss_per_h=0.001,
        storage_start_mwh=50.0, storage_cycle_eur_per_mwh=0.1,
    )  # fmt: skip
    found = dispatch(Problem((boiler, pump), demand, power, settings))
    expected = known["linear_year"]
    assert found.cost_eur == pytest.approx(expected["value"], rel=expected["tolerance_rel"])
    assert abs(found.gap) < 1e-8
    assert found.level_mwh[-1] == pytest.approx(50.0, abs=1e-9)
    assert found.units.heat_mwh == pytest.approx(
        [expected["heat_boiler_mwh"], expected["heat_heat_pump_mwh"]], abs=0.01
    )
    assert found.mwh(np.maximum(found.charge_mw, 0)) == pytest.approx(expected["charged_mwh"], abs=0.01)
    assert found.mwh(np.maximum(-found.charge_mw, 0)) == pytest.approx(expected["discharged_mwh"], abs=0.01)
