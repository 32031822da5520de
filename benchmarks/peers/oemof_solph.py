"""The problem in oemof.solph."""

from __future__ import annotations

import logging
import warnings

import highspy  # noqa: F401  imported by Pyomo at its first use
import numpy as np
import pandas as pd
from oemof import solph
from pyomo.contrib import appsi  # noqa: F401  imported by solph at its first use

from benchmarks import problem
from benchmarks.peers import Limits
from benchmarks.problem import Case, Schedule, Solution

PACKAGES = ("oemof.solph", "pyomo", "highspy")


def solve(case: Case, limits: Limits) -> Solution:
    """Return the schedule by oemof.solph: buses, converters, a storage; on and off as NonConvex flows."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    hours = case.hours
    index = solph.create_time_index(2019, number=hours)
    system = solph.EnergySystem(timeindex=index, infer_last_interval=False)
    gas, power, heat = (solph.Bus(label=name) for name in ("gas", "power", "heat"))
    flow = solph.Flow
    chp = solph.components.Converter(
        label="chp",
        inputs={gas: flow()},
        outputs={
            power: flow(),
            heat: flow(
                nominal_capacity=problem.CHP_HEAT_MW,
                min=problem.CHP_MIN_SHARE,
                variable_costs=problem.CHP_OM_EUR_PER_MWH,
                nonconvex=solph.NonConvex(),
            ),
        },
        conversion_factors={heat: problem.CHP_HEAT_EFFICIENCY, power: problem.CHP_POWER_EFFICIENCY},
    )
    pumps = [
        solph.components.Converter(
            label=label,
            inputs={power: flow()},
            outputs={
                heat: flow(nominal_capacity=problem.PUMP_HEAT_MW, min=least, nonconvex=solph.NonConvex())
                if least
                else flow(nominal_capacity=problem.PUMP_HEAT_MW)
            },
            conversion_factors={heat: problem.PUMP_COP},
        )
        for label, least in (("pump_1", 1.0), ("pump_2", case.pump_2_min_share))
    ]
    boilers = solph.components.Converter(
        label="boilers",
        inputs={gas: flow()},
        outputs={heat: flow(nominal_capacity=problem.BOILERS_HEAT_MW)},
        conversion_factors={heat: problem.BOILER_EFFICIENCY},
    )
    store = solph.components.GenericStorage(
        label="store",
        nominal_capacity=problem.STORE_MWH,
        inputs={heat: flow(nominal_capacity=problem.STORE_MW)},
        outputs={heat: flow(nominal_capacity=problem.STORE_MW)},
        initial_storage_level=0.0,
        balanced=True,
    )
    price = case.price_eur_per_mwh
    gas_grid = solph.components.Source(label="gas_grid", outputs={gas: flow(variable_costs=problem.GAS_EUR_PER_MWH)})
    purchase = solph.components.Source(
        label="purchase", outputs={power: flow(variable_costs=price + problem.CHARGES_EUR_PER_MWH)}
    )
    sale = solph.components.Sink(label="sale", inputs={power: flow(variable_costs=-price)})
    town = solph.components.Sink(label="town", inputs={heat: flow(fix=case.demand_mw, nominal_capacity=1.0)})
    system.add(gas, power, heat, chp, *pumps, boilers, store, gas_grid, purchase, sale, town)

    model = solph.Model(system)
    model.solve(solver="highs", allow_nonoptimal=True, cmdline_options=limits.highs_options())
    told = model.solver_results
    finished = told["termination_condition"] == "optimal"
    bound, seconds = told["best_objective_bound"], told["wallclock_time"]
    if told["best_feasible_objective"] is None:
        return Solution(None, None, bound, finished, seconds)
    results = solph.Results(model)
    flows: pd.DataFrame = results["flow"]
    level: pd.DataFrame = results["storage_content"]
    found = [np.asarray(flows[(node, heat)], dtype=float)[:hours] for node in (chp, *pumps, boilers)]
    found.append(np.asarray(level[store], dtype=float)[1 : hours + 1])
    return Solution(Schedule(*found), told["best_feasible_objective"], bound, finished, seconds)
