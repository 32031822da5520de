"""The benchmark's two problems, and the accounts that every program's schedule is put through.

Nothing here belongs to any of the programs: cost and feasibility are computed from the heat of the units and the level
of the store alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["CASES", "Case", "Schedule", "Solution", "case_of", "cash_cost_eur", "faults", "read_year"]

Array = npt.NDArray[np.float64]

SERIES = Path(__file__).parent / "dispatch_benchmark.csv"

GAS_EUR_PER_MWH = 0.56 / 9.59 * 1000  # 0.56 EUR/Sm3 at 9.59 kWh/Sm3
CHP_HEAT_MW = 4.3
CHP_MIN_SHARE = 0.5
CHP_HEAT_EFFICIENCY = 0.4433
CHP_POWER_EFFICIENCY = 0.4433
CHP_OM_EUR_PER_MWH = 10.0  # per MWh heat
PUMP_HEAT_MW = 5.5  # of each of the two heat pumps; the first runs at full load or not at all
PUMP_COP = 4.0
BOILERS_HEAT_MW = 9.0  # two of 4.5 MW, each from 0 to full load: together the same as one of 9 MW
BOILER_EFFICIENCY = 0.9
CHARGES_EUR_PER_MWH = 20.0  # on power bought
STORE_MWH = 2.9  # empty before the first and after the last hour, no losses
STORE_MW = 10.0  # in and out; more than the store can take in an hour, so it never binds

CASES = ("C", "B")
KNOWN_OPTIMUM_EUR = {"C": 1_304_865.2026, "B": 1_309_905.3405}  # of the whole year; tests/reference/dispatch.toml
TOLERANCE_MW = 1e-5  # of a schedule's feasibility; the solver's own is 1e-6


@dataclass(frozen=True, slots=True)
class Case:
    """A plant and its hours; the cases differ in the least load of the second heat pump."""

    name: str
    pump_2_min_share: float
    demand_mw: Array
    price_eur_per_mwh: Array

    @property
    def hours(self) -> int:
        return self.demand_mw.size


@dataclass(frozen=True, slots=True)
class Schedule:
    """Heat of the units in every hour, and the content of the store at the end of it."""

    chp_mw: Array
    pump_1_mw: Array
    pump_2_mw: Array
    boilers_mw: Array
    level_mwh: Array


@dataclass(frozen=True, slots=True)
class Solution:
    """What a program returned: its schedule, and what it says of it."""

    schedule: Schedule | None
    objective_eur: float | None
    bound_eur: float | None
    finished: bool  # it stopped because its gap was reached, not because time was up
    solver_s: float | None = None  # seconds in HiGHS, without the building of the model


def read_year() -> tuple[Array, Array]:
    """Return heat demand, MW, and price of power, EUR/MWh, of 8760 hours."""
    with SERIES.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        demand, price = header.index("demand_MW"), header.index("price_EUR_MWh")
        year = np.array([(float(row[demand]), float(row[price])) for row in rows])
    return np.ascontiguousarray(year[:, 0]), np.ascontiguousarray(year[:, 1])


def case_of(name: str, hours: int | None = None) -> Case:
    """Return case C or B on the first hours of the year, or all of it."""
    demand, price = read_year()
    return Case(name, {"C": 0.0, "B": 0.5}[name], demand[:hours], price[:hours])


def cash_cost_eur(case: Case, schedule: Schedule) -> float:
    """Return fuel, operation and power of a schedule; power is bought and sold net, hour by hour."""
    fuel = GAS_EUR_PER_MWH * (schedule.chp_mw / CHP_HEAT_EFFICIENCY + schedule.boilers_mw / BOILER_EFFICIENCY)
    net = (schedule.pump_1_mw + schedule.pump_2_mw) / PUMP_COP
    net = net - schedule.chp_mw * CHP_POWER_EFFICIENCY / CHP_HEAT_EFFICIENCY
    power = case.price_eur_per_mwh * net + CHARGES_EUR_PER_MWH * np.maximum(net, 0.0)
    return float(np.sum(fuel + CHP_OM_EUR_PER_MWH * schedule.chp_mw + power))


def faults(case: Case, schedule: Schedule) -> list[str]:
    """Return what a schedule violates by more than the tolerance, and by how much at most."""
    charge = np.diff(schedule.level_mwh, prepend=0.0)
    heat = schedule.chp_mw + schedule.pump_1_mw + schedule.pump_2_mw + schedule.boilers_mw
    least_pump_2 = case.pump_2_min_share * PUMP_HEAT_MW
    violations = {
        "heat balance": np.abs(heat - charge - case.demand_mw),
        "load of the CHP": _outside(schedule.chp_mw, CHP_MIN_SHARE * CHP_HEAT_MW, CHP_HEAT_MW),
        "load of heat pump 1": _outside(schedule.pump_1_mw, PUMP_HEAT_MW, PUMP_HEAT_MW),
        "load of heat pump 2": _outside(schedule.pump_2_mw, least_pump_2, PUMP_HEAT_MW),
        "load of the boilers": _outside(schedule.boilers_mw, 0.0, BOILERS_HEAT_MW),
        "content of the store": _outside(schedule.level_mwh, 0.0, STORE_MWH),
        "power of the store": np.maximum(np.abs(charge) - STORE_MW, 0.0),
        "content at the end": np.abs(schedule.level_mwh[-1:]),
    }
    return [
        f"{name} violated by up to {violation.max():.2g}"
        for name, violation in violations.items()
        if not violation.max() <= TOLERANCE_MW
    ]


def _outside(value: Array, least: float, most: float) -> Array:
    """Return the distance of a load from what is allowed: 0, or from least to most."""
    running = np.maximum(np.maximum(least - value, value - most), 0.0)
    return np.minimum(running, np.abs(value))
