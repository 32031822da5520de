"""The problem as a mixed-integer programme in plain arrays, handed to HiGHS."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from benchmarks import problem
from benchmarks.peers import Limits
from benchmarks.problem import Case, Schedule, Solution

PACKAGES = ("highspy",)

Columns = dict[str, npt.NDArray[np.int64]]
CHP_POWER_PER_HEAT = problem.CHP_POWER_EFFICIENCY / problem.CHP_HEAT_EFFICIENCY


def solve(case: Case, limits: Limits) -> Solution:
    """Return the schedule by HiGHS.

    A heat pump that is on or off only is a binary alone; fuel of CHP and boilers are costs of their heat; power sold
    is power made and bought less power used; what is charged is the difference of two levels.
    """
    switches = ("chp_on", "pump_1_on", "pump_2_on") if case.pump_2_min_share else ("chp_on", "pump_1_on")
    names = (*switches, "chp", "pump_2", "boilers", "bought", "level")
    n = case.hours
    columns = {name: n * k + np.arange(n) for k, name in enumerate(names)}
    model = highspy.HighsLp()
    model.num_col_ = n * len(names)
    _set_columns(model, case, columns)
    _set_rows(model, case, columns)
    kinds = [highspy.HighsVarType.kInteger] * (n * len(switches))
    model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (model.num_col_ - len(kinds))

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for name, value in limits.highs_options().items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    return _solution(solver, columns)


def _set_columns(model: Any, case: Case, columns: Columns) -> None:
    """Set cost and bounds; power costs its price, and the charges where it is bought."""
    cost, high = np.zeros(model.num_col_), np.full(model.num_col_, np.inf)
    price, gas = case.price_eur_per_mwh, problem.GAS_EUR_PER_MWH
    cost[columns["chp"]] = gas / problem.CHP_HEAT_EFFICIENCY + problem.CHP_OM_EUR_PER_MWH - price * CHP_POWER_PER_HEAT
    cost[columns["pump_1_on"]] = price * problem.PUMP_HEAT_MW / problem.PUMP_COP
    cost[columns["pump_2"]] = price / problem.PUMP_COP
    cost[columns["boilers"]] = gas / problem.BOILER_EFFICIENCY
    cost[columns["bought"]] = problem.CHARGES_EUR_PER_MWH
    most = {
        "chp": problem.CHP_HEAT_MW,
        "pump_2": problem.PUMP_HEAT_MW,
        "boilers": problem.BOILERS_HEAT_MW,
        "level": problem.STORE_MWH,
    }
    for name, column in columns.items():
        high[column] = 1.0 if name.endswith("_on") else most.get(name, np.inf)
    high[columns["level"][-1]] = 0.0
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(model.num_col_), high


def _set_rows(model: Any, case: Case, columns: Columns) -> None:
    """Set heat balance, power bought, and the loads of what is on; one row an hour of each."""
    full = problem.PUMP_HEAT_MW
    demand, none, any_size = case.demand_mw, np.zeros(case.hours), np.full(case.hours, np.inf)
    heat = {"chp": 1.0, "pump_1_on": full, "pump_2": 1.0, "boilers": 1.0, "level": -1.0}
    taken = {"pump_1_on": -full / problem.PUMP_COP, "pump_2": -1 / problem.PUMP_COP}
    rows = [
        (demand, demand, heat),
        (none, any_size, {"bought": 1.0, "chp": CHP_POWER_PER_HEAT, **taken}),
        (none, any_size, {"chp": 1.0, "chp_on": -problem.CHP_MIN_SHARE * problem.CHP_HEAT_MW}),
        (-any_size, none, {"chp": 1.0, "chp_on": -problem.CHP_HEAT_MW}),
    ]
    if case.pump_2_min_share:
        rows += [
            (none, any_size, {"pump_2": 1.0, "pump_2_on": -case.pump_2_min_share * full}),
            (-any_size, none, {"pump_2": 1.0, "pump_2_on": -full}),
        ]
    hour = np.arange(case.hours)
    parts = [
        (case.hours * k + hour, columns[name], np.full(case.hours, factor))
        for k, (_, _, terms) in enumerate(rows)
        for name, factor in terms.items()
    ]
    parts.append((hour[1:], columns["level"][:-1], np.ones(case.hours - 1)))  # what the store held before
    row, column, factor = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(column, kind="stable")
    model.num_row_ = case.hours * len(rows)
    model.row_lower_ = np.concatenate([low for low, _, _ in rows])
    model.row_upper_ = np.concatenate([high for _, high, _ in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(model.num_col_ + 1)).astype(np.int32)
    model.a_matrix_.index_ = row[order].astype(np.int32)
    model.a_matrix_.value_ = factor[order]


def _solution(solver: Any, columns: Columns) -> Solution:
    info = solver.getInfo()
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(None, None, info.mip_dual_bound, finished, solver.getRunTime())
    value = np.array(solver.getSolution().col_value)
    pump_1 = value[columns["pump_1_on"]] * problem.PUMP_HEAT_MW
    others = (value[columns[name]] for name in ("pump_2", "boilers", "level"))
    schedule = Schedule(value[columns["chp"]], pump_1, *others)
    return Solution(schedule, info.objective_function_value, info.mip_dual_bound, finished, solver.getRunTime())
