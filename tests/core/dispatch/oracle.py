"""The same dispatch problem as a mixed-integer programme, written down independently and solved by HiGHS at gap 0."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch.fields import Kind
from dhxl.core.dispatch.highs import PARALLEL_ROWS_AND_COLUMNS
from dhxl.core.dispatch.problem import Problem, Unit


class Programme:
    """Variables and rows of a mixed-integer programme, collected one by one."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []

    def variable(self, low: float, high: float, cost: float = 0.0, whole: bool = False) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, terms: list[tuple[int, float]]) -> None:
        merged: dict[int, float] = {}
        for variable, factor in terms:
            merged[variable] = merged.get(variable, 0.0) + factor
        self.rows.append((low, high, merged))

    def least(self, presolve: str) -> float | None:
        """Return the least cost, None where nothing is possible; raise TimeoutError where that takes too long."""
        low, high = self.between(presolve, 3.0)
        if np.isfinite(low) and low < high - 1e-9 * max(abs(high), 1.0):
            raise TimeoutError
        return None if low == np.inf else high

    def between(self, presolve: str, seconds: float) -> tuple[float, float]:
        """Return a bound of the least cost and the cost of what was found in a time; both infinite if impossible."""
        highspy = pytest.importorskip("highspy")
        solver = highspy.Highs()
        solver.setOptionValue("presolve", presolve)
        solver.setOptionValue("presolve_rule_off", PARALLEL_ROWS_AND_COLUMNS)
        for option, value in (
            ("output_flag", False),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("threads", 1),
            ("time_limit", seconds),
        ):
            solver.setOptionValue(option, value)
        solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.rows)
        model.col_cost_, model.col_lower_, model.col_upper_ = map(np.array, (self.cost, self.low, self.high))
        model.row_lower_ = np.array([row[0] for row in self.rows])
        model.row_upper_ = np.array([row[1] for row in self.rows])
        kind = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        if any(self.whole):
            model.integrality_ = [kind[whole] for whole in self.whole]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0] + [len(row[2]) for row in self.rows])
        model.a_matrix_.index_ = np.array([v for row in self.rows for v in row[2]])
        model.a_matrix_.value_ = np.array([f for row in self.rows for f in row[2].values()])
        solver.passModel(model)
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return np.inf, np.inf
        objective = float(info.objective_function_value)
        if status == highspy.HighsModelStatus.kTimeLimit:
            found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
            return float(info.mip_dual_bound) if any(self.whole) else -np.inf, objective if found else np.inf
        assert status == highspy.HighsModelStatus.kOptimal
        return objective, objective


def _column(value: object, steps: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(value, dtype=float), (steps,))


def _unit_variables(
    programme: Programme, unit: Unit, problem: Problem, heat: list[list[int]], power: list[list[tuple[int, float]]]
) -> None:
    n, h = problem.steps, problem.settings.step_h
    heat_mw, available, min_share = (_column(x, n) for x in (unit.heat_mw, unit.available, unit.min_share))
    fuel = _column(0.0 if unit.fuel_eur_per_mwh is None else unit.fuel_eur_per_mwh, n)
    om, bonus, start_eur, co2 = (
        _column(x, n)
        for x in (unit.om_eur_per_mwh, unit.power_bonus_eur_per_mwh, unit.start_eur, unit.fuel_co2_kg_per_mwh)
    )
    co2_eur = _column(problem.settings.co2_eur_per_t, n)
    heat_efficiency = _column(1.0 if unit.heat_efficiency is None else unit.heat_efficiency, n)
    power_efficiency = _column(0.0 if unit.power_efficiency is None else unit.power_efficiency, n)
    cop = _column(1.0 if unit.cop is None else unit.cop, n)
    for _ in range(unit.count):
        was_on = -1
        starts: list[int] = []
        stops: list[int] = []
        for t in range(n):
            full = heat_mw[t] * available[t]
            least = full if unit.must_take else min_share[t] * heat_mw[t]
            fuel_per_heat = 1.0 / heat_efficiency[t] if unit.kind in (Kind.CHP, Kind.BOILER) else 0.0
            made = power_efficiency[t] / heat_efficiency[t] if unit.kind is Kind.CHP else 0.0
            taken = {Kind.HEAT_PUMP: 1 / cop[t], Kind.ELECTRIC_BOILER: 1 / heat_efficiency[t]}.get(unit.kind, 0.0)
            cost = fuel_per_heat * (fuel[t] + co2[t] * co2_eur[t] / 1000) + om[t] - made * bonus[t]
            q = programme.variable(0.0, full, cost * h)
            heat[t].append(q)
            power[t].append((q, taken - made))
            if unit.must_take:
                programme.low[q] = full
                continue
            on = programme.variable(0.0, 1.0 if least <= full else 0.0, whole=True)
            programme.row(0.0, np.inf, [(q, 1.0), (on, -least)])
            programme.row(-np.inf, 0.0, [(q, 1.0), (on, -full)])
            if t > 0:
                start = programme.variable(0.0, 1.0, start_eur[t], whole=True)
                stop = programme.variable(0.0, 1.0, whole=True)
                programme.row(0.0, 0.0, [(on, 1.0), (was_on, -1.0), (start, -1.0), (stop, 1.0)])
                programme.row(-np.inf, 1.0, [(start, 1.0), (stop, 1.0)])
                starts.append(start)
                stops.append(stop)
                up, down = (int(np.ceil(x / h - 1e-9)) for x in (unit.min_up_h, unit.min_down_h))
                if up > 1:
                    programme.row(-np.inf, 0.0, [(s, 1.0) for s in starts[-up:]] + [(on, -1.0)])
                if down > 1:
                    programme.row(-np.inf, 1.0, [(s, 1.0) for s in stops[-down:]] + [(on, 1.0)])
            was_on = on


def least_objective(problem: Problem, presolve: str = "on") -> float | None:
    """Least cost and price of unserved heat by HiGHS; None where no operation is possible.

    Without the rule for parallel rows and columns, with which presolve of HiGHS 1.13 and 1.15 returned dearer solutions
    as optimal.
    """
    return programme_of(problem).least(presolve)


def programme_of(problem: Problem) -> Programme:
    """Write a problem as a mixed-integer programme."""
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    programme = Programme()
    heat: list[list[int]] = [[] for _ in range(n)]
    power: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    for unit in problem.units:
        _unit_variables(programme, unit, problem, heat, power)
    charges, fee, export_mw, import_mw, reject, unserved, co2_eur, grid_co2 = (
        _column(x, n)
        for x in (
            settings.charges_eur_per_mwh,
            settings.sale_fee_eur_per_mwh,
            settings.export_limit_mw,
            settings.import_limit_mw,
            settings.heat_rejection_mw,
            settings.unserved_eur_per_mwh,
            settings.co2_eur_per_t,
            settings.electricity_co2_kg_per_mwh,
        )
    )
    level = programme.variable(0.0, settings.storage_mwh)
    first = level
    if not settings.storage_cyclic:
        programme.low[level] = programme.high[level] = settings.storage_start_mwh
    keep = (1 - settings.storage_loss_per_h) ** h
    for t in range(n):
        price = problem.electricity_eur_per_mwh[t]
        bought = programme.variable(0.0, import_mw[t], h * (price + charges[t] + grid_co2[t] * co2_eur[t] / 1000))
        sold = programme.variable(0.0, export_mw[t], h * (fee[t] - price))
        own = programme.variable(0.0, np.inf, h * settings.own_use_charge_share * charges[t])
        made = [(q, -x) for q, x in power[t] if x < 0]
        taken = [(q, x) for q, x in power[t] if x > 0]
        programme.row(0.0, 0.0, [*taken, (bought, -1.0), (own, -1.0)])
        programme.row(0.0, 0.0, [*made, (sold, -1.0), (own, -1.0)])
        charge = programme.variable(0.0, settings.storage_charge_mw, h * settings.storage_cycle_eur_per_mwh)
        discharge = programme.variable(0.0, settings.storage_discharge_mw, h * settings.storage_cycle_eur_per_mwh)
        rejected = programme.variable(0.0, reject[t])
        lacking = programme.variable(0.0, problem.demand_mw[t], h * unserved[t])
        demand = problem.demand_mw[t]
        given = [(q, 1.0) for q in heat[t]]
        programme.row(demand, demand, [*given, (charge, -1.0), (discharge, 1.0), (rejected, -1.0), (lacking, 1.0)])
        after = programme.variable(0.0, settings.storage_mwh)
        programme.row(0.0, 0.0, [(after, 1.0), (level, -keep), (charge, -h), (discharge, h)])
        level = after
    if settings.storage_cyclic:
        programme.row(0.0, 0.0, [(level, 1.0), (first, -1.0)])
    else:
        programme.low[level] = programme.high[level] = settings.level_at_end_mwh
    return programme


def checked_least_objective(problem: Problem, found: float | None) -> float | None:
    """Least objective by HiGHS, solved a second time without presolve where it differs or was not ended in time."""
    try:
        objective = least_objective(problem)
    except TimeoutError:
        return least_objective(problem, "off")
    if objective is None or found is None:
        agreed = objective is found
    else:
        agreed = objective == pytest.approx(found, rel=1e-9, abs=1e-6)
    return objective if agreed else least_objective(problem, "off")
