"""Whole years: the best level of a cyclic store, and the year on which the study's shares are attained."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch
from tests.conftest import REPOSITORY

GAS = 0.56 / 9.59 * 1000  # EUR/MWh: 0.56 EUR/Sm3 at 9.59 kWh/Sm3
BENCHMARK = REPOSITORY / "benchmarks" / "dispatch_benchmark.csv"
CALIBRATED = REPOSITORY / "templates" / "geothermal" / "year.csv"


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


def calibrated_year(solution: int, **settings: float) -> Dispatch:
    """Return the dispatch of one of the study's four plants."""
    data = np.genfromtxt(CALIBRATED, delimiter=",", names=True)
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
    given = Settings(**({"charges_eur_per_mwh": 20.0, "storage_mwh": 2.9 if solution == 2 else 0.0} | settings))
    return dispatch(Problem(tuple(units), data["demand_mw"], data["electricity_eur_per_mwh"], given))


def heat_of(found: Dispatch, kind: Kind) -> float:
    return sum(h for h, u in zip(found.units.heat_mwh, found.problem.units, strict=True) if u.kind is kind)


@pytest.mark.parametrize("solution", [1, 2, 3, 4])
def test_the_calibrated_year_gives_the_shares_it_was_made_for(
    reference: Callable[[str], dict[str, Any]], solution: int
) -> None:
    """Proves: four plants dispatched as an independent program dispatched them.

    Sensitivity: a CHP that may go down to 50 % changes solution 1 by several points.
    """
    expected = reference("dispatch")["calibrated"]
    found = calibrated_year(solution)
    produced = found.units.heat_mwh.sum()
    heat = [heat_of(found, kind) for kind in (Kind.HEAT_PUMP, Kind.CHP, Kind.BOILER)]
    geothermal = heat[0] - found.units.power_in_mwh.sum()
    percent = [100 * x / produced for x in (*heat, geothermal)]
    assert percent == pytest.approx(expected[f"solution{solution}"], abs=expected["tolerance"])
    if solution == 4:
        assert found.mwh(found.unserved_mw) == pytest.approx(expected["unserved_mwh_4"], abs=0.5)
        assert np.count_nonzero(found.unserved_mw > 1e-6) == expected["unserved_steps_4"]


def test_boilers_give_way_to_a_growing_store_until_a_knee_near_100_m3() -> None:
    """Proves: Fig. 3 of the study: boiler heat falls steeply with small stores, then stays about constant.

    Sensitivity: with heat pumps that go down to zero load the share of the boilers hardly changes with the store. At
    25 K 100 m3 hold 2.9 MWh.
    """
    volumes = [0, 25, 50, 75, 100, 125, 150, 175, 200]
    years = [calibrated_year(2, storage_mwh=volume * 0.029) for volume in volumes]
    share = {v: 100 * heat_of(y, Kind.BOILER) / y.units.heat_mwh.sum() for v, y in zip(volumes, years, strict=True)}
    assert all(year.gap < 1e-8 for year in years)
    assert all(share[a] > share[b] for a, b in itertools.pairwise(volumes))
    assert share[0] > 16 and share[50] > 12
    assert share[100] < 0.25 * share[0]
    assert share[0] - share[125] > 0.95 * (share[0] - share[200])
    assert share[125] - share[200] < 0.5
    costs = [year.objective_eur for year in years]
    assert costs == sorted(costs, reverse=True)


def test_a_tax_on_electricity_hits_the_plant_without_chp() -> None:
    """Proves: what the study says on Fig. 7, on the cost of operation.

    With the CHP (solution 1) the cost hardly depends on the tax, without it (4) it rises all the way, and it is the
    lower one at low taxes only. Sensitivity: a tax charged on the CHP's own use too would raise solution 1 by 30 %.
    """
    taxes = [0, 10, 20, 40, 60, 80]
    cost = {k: [calibrated_year(k, charges_eur_per_mwh=tax).objective_eur for tax in taxes] for k in (1, 4)}
    rise = {k: np.diff(values) / np.diff(taxes) for k, values in cost.items()}
    for values in rise.values():
        assert np.all(values >= 0)
        assert np.all(np.diff(values) <= 1e-3)  # the least of costs that are straight lines in the tax: concave
    assert cost[1][-1] < 1.05 * cost[1][0]
    assert cost[4][-1] > 1.4 * cost[4][0]
    assert np.ptp(rise[4]) < 1.0  # all power is bought
    assert cost[4][0] < cost[1][0]
    assert cost[4][-1] > cost[1][-1]
