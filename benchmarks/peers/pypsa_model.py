"""The problem in PyPSA."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import dask.array  # noqa: F401  imported by linopy at its first use
import highspy
import numpy as np
import pandas as pd
import pypsa

from benchmarks import problem
from benchmarks.peers import Limits
from benchmarks.problem import Case, Schedule, Solution

PACKAGES = ("pypsa", "linopy", "highspy")


def solve(case: Case, limits: Limits) -> Solution:
    """Return the schedule by PyPSA: links from bus to bus, the CHP's with two outputs; committable for on and off."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    network = pypsa.Network()
    network.set_snapshots(pd.RangeIndex(case.hours, name="snapshot"))
    network.add("Bus", ["gas", "power", "heat"])
    network.add("Generator", "gas_grid", bus="gas", p_nom=np.inf, marginal_cost=problem.GAS_EUR_PER_MWH)
    price = case.price_eur_per_mwh
    network.add("Generator", "purchase", bus="power", p_nom=np.inf, marginal_cost=price + problem.CHARGES_EUR_PER_MWH)
    network.add("Generator", "sale", bus="power", p_nom=np.inf, sign=-1.0, marginal_cost=-price)
    network.add("Load", "town", bus="heat", p_set=case.demand_mw)
    network.add(
        "Link",
        "chp",
        bus0="gas",
        bus1="heat",
        bus2="power",
        p_nom=problem.CHP_HEAT_MW / problem.CHP_HEAT_EFFICIENCY,
        efficiency=problem.CHP_HEAT_EFFICIENCY,
        efficiency2=problem.CHP_POWER_EFFICIENCY,
        marginal_cost=problem.CHP_OM_EUR_PER_MWH * problem.CHP_HEAT_EFFICIENCY,
        committable=True,
        p_min_pu=problem.CHP_MIN_SHARE,
    )
    for name, least in (("pump_1", 1.0), ("pump_2", case.pump_2_min_share)):
        network.add(
            "Link",
            name,
            bus0="power",
            bus1="heat",
            p_nom=problem.PUMP_HEAT_MW / problem.PUMP_COP,
            efficiency=problem.PUMP_COP,
            committable=least > 0,
            p_min_pu=least,
        )
    network.add(
        "Link",
        "boilers",
        bus0="gas",
        bus1="heat",
        p_nom=problem.BOILERS_HEAT_MW / problem.BOILER_EFFICIENCY,
        efficiency=problem.BOILER_EFFICIENCY,
    )
    empty_at_end = np.ones(case.hours)
    empty_at_end[-1] = 0.0
    # a Store has no limit of power; the 10 MW of the case cannot bind, since it holds only 2.9 MWh
    network.add("Store", "store", bus="heat", e_nom=problem.STORE_MWH, e_initial=0.0, e_max_pu=empty_at_end)

    network.optimize(
        solver_name="highs",
        solver_options={**limits.highs_options(), "log_to_console": False},
        io_api="direct",
        include_objective_constant=False,
    )
    solver: Any = network.model.solver_model
    info = solver.getInfo()
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(None, None, info.mip_dual_bound, finished, solver.getRunTime())
    found = [-network.links_t.p1[name].to_numpy(dtype=float) for name in ("chp", "pump_1", "pump_2", "boilers")]
    found.append(network.stores_t.e["store"].to_numpy(dtype=float))
    schedule = Schedule(*found)
    return Solution(schedule, float(network.objective), info.mip_dual_bound, finished, solver.getRunTime())
