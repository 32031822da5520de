"""The problem in flixopt."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import dask.array  # noqa: F401  imported by linopy at its first use
import flixopt as fx
import highspy
import numpy as np
import pandas as pd

from benchmarks import problem
from benchmarks.peers import Limits
from benchmarks.problem import Array, Case, Schedule, Solution

PACKAGES = ("flixopt", "linopy", "highspy")


def solve(case: Case, limits: Limits) -> Solution:
    """Return the schedule by flixopt: its own CHP, heat pump and boiler; on and off as status of the heat flow."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    system = fx.FlowSystem(pd.date_range("2019-01-01", periods=case.hours, freq="h"))
    price = case.price_eur_per_mwh

    def heat(size: float, least: float = 0.0, **more: float) -> fx.Flow:
        status = fx.StatusParameters() if least else None
        return fx.Flow("heat", bus="heat", size=size, relative_minimum=least, status_parameters=status, **more)

    def pump(label: str, least: float) -> fx.linear_converters.HeatPump:
        return fx.linear_converters.HeatPump(
            label,
            cop=problem.PUMP_COP,
            electrical_flow=fx.Flow("power", bus="power"),
            thermal_flow=heat(problem.PUMP_HEAT_MW, least),
        )

    system.add_elements(
        fx.Bus("gas"),
        fx.Bus("power"),
        fx.Bus("heat"),
        fx.Effect("cost", "EUR", "cash cost", is_standard=True, is_objective=True),
        fx.Source("gas_grid", outputs=[fx.Flow("gas", bus="gas", effects_per_flow_hour=problem.GAS_EUR_PER_MWH)]),
        fx.Source(
            "purchase",
            outputs=[fx.Flow("power", bus="power", effects_per_flow_hour=price + problem.CHARGES_EUR_PER_MWH)],
        ),
        fx.Sink("sale", inputs=[fx.Flow("power", bus="power", effects_per_flow_hour=-price)]),
        fx.Sink("town", inputs=[fx.Flow("heat", bus="heat", size=1.0, fixed_relative_profile=case.demand_mw)]),
        fx.linear_converters.CHP(
            "chp",
            thermal_efficiency=problem.CHP_HEAT_EFFICIENCY,
            electrical_efficiency=problem.CHP_POWER_EFFICIENCY,
            fuel_flow=fx.Flow("gas", bus="gas"),
            electrical_flow=fx.Flow("power", bus="power"),
            thermal_flow=heat(
                problem.CHP_HEAT_MW, problem.CHP_MIN_SHARE, effects_per_flow_hour=problem.CHP_OM_EUR_PER_MWH
            ),
        ),
        pump("pump_1", 1.0),
        pump("pump_2", case.pump_2_min_share),
        fx.linear_converters.Boiler(
            "boilers",
            thermal_efficiency=problem.BOILER_EFFICIENCY,
            fuel_flow=fx.Flow("gas", bus="gas"),
            thermal_flow=heat(problem.BOILERS_HEAT_MW),
        ),
        fx.Storage(
            "store",
            charging=fx.Flow("charge", bus="heat", size=problem.STORE_MW),
            discharging=fx.Flow("discharge", bus="heat", size=problem.STORE_MW),
            capacity_in_flow_hours=problem.STORE_MWH,
            initial_charge_state=0.0,
            maximal_final_charge_state=0.0,
            prevent_simultaneous_charge_and_discharge=False,
        ),
    )
    options = {"io_api": "direct"}
    system.optimize(
        fx.solvers.HighsSolver(
            mip_gap=limits.gap,
            time_limit_seconds=limits.time_s,
            threads=limits.threads,
            log_to_console=False,
            extra_options=options,
        ),
        progress=False,
    )
    solver: Any = system.model.solver_model
    info = solver.getInfo()
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(None, None, info.mip_dual_bound, finished, solver.getRunTime())

    def found(name: str) -> Array:
        return np.asarray(system.solution[name].to_numpy(), dtype=float)

    series = [found(f"{unit}(heat)|flow_rate")[: case.hours] for unit in ("chp", "pump_1", "pump_2", "boilers")]
    series.append(found("store|charge_state")[1 : case.hours + 1])
    return Solution(
        Schedule(*series), info.objective_function_value, info.mip_dual_bound, finished, solver.getRunTime()
    )
