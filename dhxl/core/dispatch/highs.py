"""A stretch of steps as a mixed-integer programme for HiGHS: how many of each unit run."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.limits import least_steps
from dhxl.core.dispatch.plant import Plant, kinds_of
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.errors import InputError

__all__ = ["Commitment", "Stretch", "least_cost_commitment", "memory_steps"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# HiGHS 1.13.1 and 1.15.1 with their presolve rule for parallel rows and columns returned "optima" of such problems that
# were up to several hundred times too dear, with a bound to match (3 of 624 random problems of 8 to 24 steps); without
# that rule 918 of 918 agreed with HiGHS without presolve.
PARALLEL_ROWS_AND_COLUMNS = 1 << 13


MOST_COLUMNS = 300_000  # some 400 MB while HiGHS works; larger models are not handed over
COLUMNS_A_SECOND = 400_000  # that HiGHS reads and looks through before it looks at the clock, at least
LONG_TIME = 16  # steps; longer least times are written with sums of starts


class Stretch(NamedTuple):
    """Steps from first to last (excluded); level of the store before and after, None where the level is cyclic.

    ``least`` and ``most`` are limits of the running units [unit, step of the stretch].
    """

    first: int
    last: int
    before_mwh: float | None
    after_mwh: float | None
    least: Counts
    most: Counts


class Commitment(NamedTuple):
    """Running units [unit, step], level of the store at the end of every step, bound of the cost, seconds taken.

    ``running`` is None where nothing was found; ``bound_eur`` is -inf where there is none; ``ended`` says that the
    solver claims to have ended, not that the time was over.
    """

    running: Counts | None
    level_mwh: Array | None
    bound_eur: float
    seconds: float
    possible: bool = True
    ended: bool = False


@dataclass(slots=True)
class _Columns:
    """Variables and rows in blocks of one a step."""

    steps: int
    cost: list[Array] = field(default_factory=list)
    low: list[Array] = field(default_factory=list)
    high: list[Array] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_low: list[Array] = field(default_factory=list)
    row_high: list[Array] = field(default_factory=list)
    entries: list[tuple[Counts, Counts, Array]] = field(default_factory=list)

    def variable(self, low: Value, high: Value, cost: Value = 0.0, whole: bool = False) -> int:
        """Add one variable a step; return the number of the block."""
        for values, given in ((self.low, low), (self.high, high), (self.cost, cost)):
            values.append(np.array(np.broadcast_to(given, (self.steps,)), dtype=np.float64))
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: Value, high: Value) -> int:
        """Add one row a step; return the number of the block."""
        for values, given in ((self.row_low, low), (self.row_high, high)):
            values.append(np.array(np.broadcast_to(given, (self.steps,)), dtype=np.float64))
        return len(self.row_low) - 1

    def enter(self, row: int, variable: int, factor: Value, lag: int = 0) -> None:
        """Enter a variable of the same step, or of some steps before, into a row."""
        t = np.arange(lag, self.steps, dtype=np.int64)
        values = np.broadcast_to(factor, (self.steps,))[lag:]
        self.entries.append((row * self.steps + t, variable * self.steps + t - lag, values))


def memory_steps(problem: Problem) -> int:
    """Return the number of steps before and after a stretch on which the operation in it depends."""
    times = [max(unit.min_up_h, unit.min_down_h) for unit in problem.units if unit.remembers]
    return least_steps(problem, max(times)) if times else 0


def least_cost_commitment(
    problem: Problem,
    stretch: Stretch,
    start: Counts | None,
    gap: float,
    seconds: float,
    good_enough_eur: float | None = None,
    presolve: bool = True,
) -> Commitment:
    """Return which units run in a stretch of steps at least cost, as HiGHS finds it.

    Parameters
    ----------
    problem : Problem
    stretch : Stretch
    start : ndarray or None
        A possible commitment of the stretch to begin with, shape (units, steps of the stretch).
    gap : float
        Relative distance between cost and bound at which HiGHS stops.
    seconds : float
        Time after which HiGHS stops.
    good_enough_eur : float, optional
        Cost at which HiGHS stops.
    presolve : bool, optional
        Without, HiGHS takes longer, and fewer of its faults tell on the result.

    Returns
    -------
    Commitment

    Raises
    ------
    InputError
        HiGHS is not installed.
    """
    try:
        import highspy
    except ImportError:
        raise InputError("method milp needs the package highspy: pip install highspy") from None
    plant = kinds_of(problem)
    model = _Columns(stretch.last - stretch.first)
    if _columns_at_most(plant) * model.steps > min(MOST_COLUMNS, COLUMNS_A_SECOND * seconds):
        return Commitment(None, None, -np.inf, 0.0)
    running, level = _modelled(problem, plant, stretch, model)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "presolve": "choose" if presolve else "off",
        "presolve_rule_off": PARALLEL_ROWS_AND_COLUMNS,
        "mip_rel_gap": gap,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-7,
        "time_limit": seconds,
    }
    if good_enough_eur is not None:
        options["objective_target"] = good_enough_eur
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_lp(highspy, model))
    whole = [(u, block) for u, block in running.items() if model.whole[block]]
    if start is not None and whole:
        n = model.steps
        index = np.concatenate([block * n + np.arange(n) for _, block in whole]).astype(np.int32)
        solver.setSolution(index.size, index, np.concatenate([start[u] for u, _ in whole]).astype(np.float64))
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    spent = float(solver.getRunTime())
    impossible = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    if status in impossible:
        return Commitment(None, None, -np.inf, spent, possible=False, ended=True)
    if any(model.whole):
        bound = float(info.mip_dual_bound)
    else:
        bound = float(info.objective_function_value) if status == highspy.HighsModelStatus.kOptimal else -np.inf
    ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Commitment(None, None, bound, spent, ended=ended)
    values = np.array(solver.getSolution().col_value)[: len(model.cost) * model.steps].reshape(-1, model.steps)
    counts = np.ones((len(problem.units), model.steps), dtype=np.int64)
    for u, block in running.items():
        counts[u] = np.round(values[block])
    return Commitment(counts, None if level is None else values[level], bound, spent, ended=ended)


def _columns_at_most(plant: Plant) -> int:
    """Return how many variables a step has at most: heat, running, starts and stops with their sums, grid, store."""
    return len(plant.low) + sum(plant.switched) + 4 * sum(plant.remembers) + 5


def _part(value: Value, stretch: Stretch) -> Value:
    return value[stretch.first : stretch.last] if isinstance(value, np.ndarray) else value


def _modelled(problem: Problem, plant: Plant, stretch: Stretch, model: _Columns) -> tuple[dict[int, int], int | None]:
    """Write the stretch into the model; return the blocks of running units, by unit, and of the level."""
    settings, h = problem.settings, problem.settings.step_h
    part = partial(_part, stretch=stretch)
    heat = model.row(part(problem.demand_mw), part(problem.demand_mw))
    units = len(plant.slot)
    coupled = any(np.any(np.not_equal(use, 0.0)) for use in plant.use)
    power = model.row(0.0, 0.0) if coupled else -1
    running: dict[int, int] = {}
    for g in range(len(plant.low)):
        low, high, cost, use = (part(values[g]) for values in (plant.low, plant.high, plant.cost, plant.use))
        switched, members = plant.switched[g], plant.members[g]
        must = g < units and problem.units[plant.slot[g]].must_take
        q = model.variable(
            np.multiply(high, members) if must else low if g == units else 0.0,
            np.multiply(high, members),
            np.multiply(cost, h),
        )
        model.enter(heat, q, 1.0)
        if coupled:
            model.enter(power, q, use)
        if switched:
            running[plant.slot[g]] = _switching(problem, plant, g, q, (low, high), stretch, model)
    if coupled:
        imports, exports = part(settings.import_limit_mw), part(settings.export_limit_mw)
        bought = model.variable(0.0, imports, np.multiply(part(plant.buy), h))
        sold = model.variable(0.0, exports, np.multiply(part(plant.sell), -h))
        model.enter(power, bought, -1.0)
        model.enter(power, sold, 1.0)
    if settings.storage_mwh == 0:
        return running, None
    cycle = settings.storage_cycle_eur_per_mwh * h
    charge = model.variable(0.0, settings.storage_charge_mw, cycle)
    discharge = model.variable(0.0, settings.storage_discharge_mw, cycle)
    level = model.variable(0.0, settings.storage_mwh)
    model.enter(heat, charge, -1.0)
    model.enter(heat, discharge, 1.0)
    keep = (1 - settings.storage_loss_per_h) ** h
    balance = model.row(0.0, 0.0)
    for variable, factor, lag in ((level, 1.0, 0), (level, -keep, 1), (charge, -h, 0), (discharge, h, 0)):
        model.enter(balance, variable, factor, lag)
    if stretch.before_mwh is not None and stretch.after_mwh is not None:
        model.row_low[balance][0] = model.row_high[balance][0] = keep * stretch.before_mwh
        model.low[level][-1] = model.high[level][-1] = stretch.after_mwh
    else:
        last = np.array([level * model.steps + model.steps - 1])
        model.entries.append((np.array([balance * model.steps]), last, np.array([-keep])))
    return running, level


def _switching(
    problem: Problem, plant: Plant, g: int, q: int, limits: tuple[Value, Value], stretch: Stretch, model: _Columns
) -> int:
    """Write how the heat of a unit follows from how many of it run, and its memory; return the block of that number."""
    low, high = limits
    slot = plant.slot[g]
    can_run = np.less_equal(low, high)
    most = np.minimum(stretch.most[slot], np.where(can_run, plant.members[g], 0))
    k = model.variable(np.minimum(stretch.least[slot], most), most, whole=True)
    below, above = model.row(-np.inf, 0.0), model.row(0.0, np.inf)
    model.enter(below, q, 1.0)
    model.enter(below, k, np.negative(high))
    model.enter(above, q, 1.0)
    model.enter(above, k, np.negative(low))
    if not plant.remembers[g]:
        return k
    unit = problem.units[slot]
    start_eur = _part(unit.start_eur, stretch)
    started = model.variable(0.0, plant.members[g], start_eur)
    stopped = model.variable(0.0, plant.members[g])
    model.high[started][0] = model.high[stopped][0] = 0.0
    change = model.row(0.0, 0.0)
    for variable, factor, lag in ((k, 1.0, 0), (k, -1.0, 1), (started, -1.0, 0), (stopped, 1.0, 0)):
        model.enter(change, variable, factor, lag)
    model.row_low[change][0], model.row_high[change][0] = -np.inf, np.inf
    up, down = (least_steps(problem, hours) for hours in (unit.min_up_h, unit.min_down_h))
    if up > 1:
        row = model.row(-np.inf, 0.0)
        model.enter(row, k, -1.0)
        _enter_last(model, row, started, up)
    if down > 1:
        row = model.row(-np.inf, float(plant.members[g]))
        model.enter(row, k, 1.0)
        _enter_last(model, row, stopped, down)
    return k


def _enter_last(model: _Columns, row: int, variable: int, number: int) -> None:
    """Enter the sum of the last values of a variable into a row: each, or the difference of two sums of all so far."""
    if number <= LONG_TIME:
        for lag in range(min(number, model.steps)):
            model.enter(row, variable, 1.0, lag)
        return
    total = model.variable(0.0, np.inf)
    sums = model.row(0.0, 0.0)
    for block, factor, lag in ((total, 1.0, 0), (total, -1.0, 1), (variable, -1.0, 0)):
        model.enter(sums, block, factor, lag)
    model.enter(row, total, 1.0)
    if number < model.steps:
        model.enter(row, total, -1.0, number)


def _lp(highspy: Any, model: _Columns) -> Any:
    lp = highspy.HighsLp()
    rows, columns, values = (np.concatenate(parts) for parts in zip(*model.entries, strict=True))
    order = np.lexsort((columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    new = np.concatenate(([True], (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])))
    values = np.bincount(np.cumsum(new) - 1, values)  # a cyclic store over one step has two entries at one place
    rows, columns = rows[new], columns[new]
    lp.num_col_, lp.num_row_ = len(model.cost) * model.steps, len(model.row_low) * model.steps
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.concatenate(v) for v in (model.cost, model.low, model.high))
    lp.row_lower_, lp.row_upper_ = np.concatenate(model.row_low), np.concatenate(model.row_high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(rows, np.arange(lp.num_row_ + 1)).astype(np.int32)
    lp.a_matrix_.index_ = columns.astype(np.int32)
    lp.a_matrix_.value_ = values.astype(np.float64)
    if any(model.whole):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in model.whole for _ in range(model.steps)]
    return lp
