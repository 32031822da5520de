"""Whole years: the best level of a cyclic store, and the year on which the study's shares are attained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch

GAS = 0.56 / 9.59 * 1000  # EUR/MWh: 0.56 EUR/Sm3 at 9.59 kWh/Sm3
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "dispatch_benchmark.csv"


def benchmark_year(second_minimum: float, **settings: Any) -> Dispatch:
    """Return the dispatch of the benchmark year; the second heat pump runs from a minimum load to 100 %."""
    data = np.genfromtxt(BENCHMARK, delimiter=",", names=True)
    units = (
        Unit(
            "CHP",
            Kind.CHP,
            4.3,
            min_share=0.5,
            heat_efficiency=0.4433,
            power_efficiency=0.4433,
            fuel_eur_per_mwh=GAS,
            om_eur_per_mwh=10.0,
        ),
        Unit("Heat pump 1", Kind.HEAT_PUMP, 5.5, min_share=1.0, cop=4.0),
        Unit("Heat pump 2", Kind.HEAT_PUMP, 5.5, min_share=second_minimum, cop=4.0),
        Unit("Boilers", Kind.BOILER, 4.5, count=2, heat_efficiency=0.9, fuel_eur_per_mwh=GAS),
    )
    store = {"storage_mwh": 2.9, "storage_charge_mw": 10.0, "storage_discharge_mw": 10.0}
    given = Settings(charges_eur_per_mwh=20.0, **(store | settings))
    return dispatch(Problem(units, data["demand_MW"], data["price_EUR_MWh"], given))


def test_a_year_with_a_cyclic_store_begins_at_the_best_level(reference: Callable[[str], dict[str, Any]]) -> None:
    """Proves: the best common level at both ends, with its proof. Sensitivity: begun empty it costs 9 EUR more."""
    expected = reference("dispatch")["case_c_cyclic"]
    found = benchmark_year(0.0, storage_cyclic=True)
    assert found.cost_eur == pytest.approx(expected["value"], rel=expected["tolerance_rel"])
    assert 0.0 <= found.gap < 1e-8


def calibrated_year(path: Path, solution: int) -> Dispatch:
    """Return the dispatch of one of the study's four plants."""
    data = np.genfromtxt(path, delimiter=",", names=True)
    efficiency = {"heat_efficiency": 0.4433, "power_efficiency": 0.4433}
    units = [
        Unit("Heat pumps", Kind.HEAT_PUMP, 11.0, min_share=0.388, cop=2.18 if solution == 1 else 4.0),
        Unit("Boilers", Kind.BOILER, 4.5, count=2, heat_efficiency=0.9, fuel_eur_per_mwh=GAS),
    ]
    if solution != 4:
        bonus = {"power_bonus_eur_per_mwh": 5.7}
        units.append(Unit("CHP", Kind.CHP, 4.3, min_share=1.0, fuel_eur_per_mwh=GAS, **efficiency, **bonus))
    if solution == 3:
        units.append(Unit("Small heat pump", Kind.HEAT_PUMP, 1.5, min_share=0.5, cop=4.1))
    settings = Settings(charges_eur_per_mwh=20.0, storage_mwh=2.9 if solution == 2 else 0.0)
    return dispatch(Problem(tuple(units), data["demand_MW"], data["price_EUR_MWh"], settings))


@pytest.mark.parametrize("solution", [1, 2, 3, 4])
def test_the_calibrated_year_gives_the_shares_it_was_made_for(
    reference: Callable[[str], dict[str, Any]], reference_series: Callable[[str], Path], solution: int
) -> None:
    """Proves: four plants dispatched as an independent program dispatched them.

    Sensitivity: a CHP that may go down to 50 % changes solution 1 by several points.
    """
    expected = reference("dispatch")["calibrated"]
    found = calibrated_year(reference_series("calibrated_year.csv"), solution)
    produced = found.units.heat_mwh.sum()

    def share(kind: Kind) -> float:
        return sum(h for h, u in zip(found.units.heat_mwh, found.problem.units, strict=True) if u.kind is kind)

    geothermal = share(Kind.HEAT_PUMP) - found.units.power_in_mwh.sum()
    percent = [100 * x / produced for x in (*map(share, (Kind.HEAT_PUMP, Kind.CHP, Kind.BOILER)), geothermal)]
    assert percent == pytest.approx(expected[f"solution{solution}"], abs=expected["tolerance"])
    if solution == 4:
        assert found.mwh(found.unserved_mw) == pytest.approx(expected["unserved_mwh_4"], abs=0.5)
        assert np.count_nonzero(found.unserved_mw > 1e-6) == expected["unserved_steps_4"]
