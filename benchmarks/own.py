"""The problem in dhxl."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks import problem
from benchmarks.problem import Schedule, read_year
from benchmarks.trials import Trial
from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch

__all__ = ["schedule_of", "series_of", "solve"]

PACKAGES = ("dhxl", "numba", "numpy")

Array = problem.Array


def series_of(trial: Trial, hours: int | None = None) -> tuple[Array, Array]:
    """Return demand and price of every step; quarter-hours lie on straight lines between the hours."""
    demand, price = (series[:hours] for series in read_year())
    if not trial.quarter_hours:
        return demand, price
    at, hour = np.arange(4 * demand.size) / 4, np.arange(demand.size)
    return np.interp(at, hour, demand), np.interp(at, hour, price)


def solve(trial: Trial, demand_mw: Array, price_eur_per_mwh: Array) -> Dispatch:
    """Return the dispatch, from the bare series on."""
    chp = Unit(
        "CHP",
        Kind.CHP,
        problem.CHP_HEAT_MW,
        min_share=problem.CHP_MIN_SHARE,
        heat_efficiency=problem.CHP_HEAT_EFFICIENCY,
        power_efficiency=problem.CHP_POWER_EFFICIENCY,
        fuel_eur_per_mwh=problem.GAS_EUR_PER_MWH,
        om_eur_per_mwh=problem.CHP_OM_EUR_PER_MWH,
    )
    pump_1 = Unit("Heat pump 1", Kind.HEAT_PUMP, problem.PUMP_HEAT_MW, min_share=1.0, cop=problem.PUMP_COP)
    pump_2 = replace(pump_1, name="Heat pump 2", min_share={"C": 0.0, "B": 0.5}[trial.case])
    if trial.starts:
        chp, pump_2 = (replace(unit, start_eur=50.0, min_up_h=3.0, min_down_h=3.0) for unit in (chp, pump_2))
    boilers = Unit(
        "Boilers",
        Kind.BOILER,
        problem.BOILERS_HEAT_MW / 2,
        count=2,
        heat_efficiency=problem.BOILER_EFFICIENCY,
        fuel_eur_per_mwh=problem.GAS_EUR_PER_MWH,
    )
    settings = Settings(
        step_h=0.25 if trial.quarter_hours else 1.0,
        charges_eur_per_mwh=problem.CHARGES_EUR_PER_MWH,
        storage_mwh=trial.storage_mwh,
        storage_charge_mw=problem.STORE_MW,
        storage_discharge_mw=problem.STORE_MW,
        storage_cyclic=trial.cyclic,
    )
    return dispatch(Problem((chp, pump_1, pump_2, boilers), demand_mw, price_eur_per_mwh, settings))


def schedule_of(found: Dispatch) -> Schedule:
    """Return the schedule of a dispatch."""
    chp, pump_1, pump_2, boilers = found.heat_mw
    return Schedule(chp, pump_1, pump_2, boilers, found.level_mwh)
