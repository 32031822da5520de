"""The exact dispatch where steps depend on each other: a store, start costs, least times in operation and at rest."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.compiled import compiles
from dhxl.core.dispatch.curves import Steps, step_costs
from dhxl.core.dispatch.memory import states_of
from dhxl.core.dispatch.pieces import NARROW, WIDTH, Lists, value_at
from dhxl.core.dispatch.plant import Combinations, Plant
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.core.dispatch.programme import States, backward, forward
from dhxl.errors import NoSolutionError

__all__ = ["CostToGo", "Model", "Path", "best_path", "cost_to_go", "infeasible", "least_cost", "model_of", "pinned"]

Array = npt.NDArray[np.float64]
STEPS_WORTH_A_THREAD = 2000  # compiled code runs beside other threads
WORK_COMPILED, WORK_PLAIN = 300_000, 1000  # pairs of pieces between two looks at the clock: about 0.1 s
PIECES_HELD = 4_000_000  # of the cost to go, 128 MB; above, the backward pass is repeated block by block
PIECES_OF_BLOCK = 250_000  # least, from one saved place to the next


class Path(NamedTuple):
    """The best combination, discharge and level at the end (MWh) of every step; a lower bound of the cost, if known."""

    code: npt.NDArray[np.int64]
    discharge_mwh: Array
    level_mwh: Array
    bound_eur: float = -math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What the dynamic programme works on: cost of the steps, states of the units, store, and what it may take.

    Of a level before a step ``keep`` is left in it; where time is reversed, ``squeeze`` of the level after it counts.
    A model is ``linked`` to the steps before it by the state of the units there.
    ``pieces_held`` is how many pieces of the cost to go are held; above, they are computed again block by block.
    """

    problem: Problem
    budget: Budget
    steps: Lists
    may: States
    capacity: float
    keep: float
    squeeze: float = 1.0
    linked: bool = False
    pieces_held: int = PIECES_HELD

    @property
    def count(self) -> int:
        """Number of steps."""
        return (self.steps.at.size - 1) // self.may.levels


class CostToGo(NamedTuple):
    """Least cost to the end of the last step.

    ``begin`` holds the lists before the first step, ``base`` what was subtracted from them, ``parts`` the first and
    last step of every part that was worked on at once, in order of time. ``held`` are the lists of a part by its first
    step; those of the others are computed again from the next lists in ``saved``, by step, when they are needed.
    """

    begin: Lists
    base: float
    parts: tuple[tuple[int, int], ...]
    held: dict[int, Lists]
    saved: dict[int, Lists]


def _columns(values: tuple[Value, ...], order: list[int], steps: int, factor: float = 1.0) -> Array:
    table = np.empty((steps, len(order)))
    for column, g in enumerate(order):
        table[:, column] = np.multiply(values[g], factor)
    return table


def _row(value: Value, steps: int, factor: float = 1.0) -> Array:
    return np.array(np.broadcast_to(np.multiply(value, factor), (steps,)), dtype=np.float64)


def _step_lists(problem: Problem, plant: Plant, combined: Combinations, budget: Budget) -> Lists:
    """Least cost of every step over the discharge, for every pattern of the units that remember."""
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    coupled = [g for g, use in enumerate(plant.use) if np.any(np.not_equal(use, 0.0))]
    order = coupled + [g for g in range(len(plant.use)) if g not in coupled]
    data = Steps(
        _row(problem.demand_mw, n, h),
        _row(plant.buy, n),
        _row(plant.sell, n),
        _row(settings.import_limit_mw, n, h),
        _row(settings.export_limit_mw, n, h),
        _columns(plant.cost, order, n),
        _columns(plant.use, order, n),
        _columns(plant.low, order, n, h),
        _columns(plant.high, order, n, h),
    )
    on = np.ascontiguousarray(combined.on[:, order], dtype=np.float64)
    charge = float(min(settings.storage_charge_mw * h, settings.storage_mwh))
    discharge = float(min(settings.storage_discharge_mw * h, settings.storage_mwh))

    levels = len(combined.patterns)
    budget.check_pieces(n * levels)

    def part(first: int, last: int) -> Lists:
        budget.check_time()
        return Lists(
            *step_costs(
                Steps(*(values[first:last] for values in data)),
                on,
                combined.level_of,
                levels,
                len(coupled),
                charge,
                discharge,
                float(settings.storage_cycle_eur_per_mwh),
            )
        )

    threads = n >= STEPS_WORTH_A_THREAD and compiles()
    each = len(on) * max(1, len(order) * (2 + len(coupled) ** 2) // 16)  # prices at which the merit order can change
    size = max(1, min(-(-n // 2) if threads else n, _work() // each))
    ends = [*range(0, n, size), n]
    parts: list[Lists] = []
    pieces = 0
    with ThreadPoolExecutor(2) if threads else nullcontext() as pool:
        for found in (pool.map if pool else map)(part, ends[:-1], ends[1:]):
            pieces += int(found.at[-1])
            budget.check_pieces(pieces)
            parts.append(found)
    return _joined(parts)


def _work() -> int:
    return WORK_COMPILED if compiles() else WORK_PLAIN


def _joined(parts: list[Lists]) -> Lists:
    if len(parts) == 1:
        return parts[0]
    lengths = [int(lists.at[-1]) for lists in parts]
    begins = np.cumsum([0, *lengths[:-1]])
    rows = np.concatenate([lists.rows[:length] for lists, length in zip(parts, lengths, strict=True)])
    at = [lists.at[1:] + begin for lists, begin in zip(parts, begins, strict=True)]
    return Lists(rows, np.concatenate([np.zeros(1, dtype=np.int64), *at]))


def model_of(problem: Problem, plant: Plant, combined: Combinations, budget: Budget) -> Model:
    """Return what the dynamic programme works on."""
    settings = problem.settings
    return Model(
        problem,
        budget,
        _step_lists(problem, plant, combined, budget),
        states_of(problem, plant, combined),
        float(settings.storage_mwh),
        float((1 - settings.storage_loss_per_h) ** settings.step_h),
    )


def cost_to_go(model: Model, at_end: Array) -> CostToGo:
    """Return the least cost from the first step on over level and state, given what a level at the end is worth.

    Parameters
    ----------
    model : Model
    at_end : ndarray
        List of pieces: cost of the level after the last step.

    Returns
    -------
    CostToGo

    Raises
    ------
    NoSolutionError
        Heat that must be taken has nowhere to go, or no level allowed at the end is within reach.
    OverBudgetError
        The time or the memory is over.

    Notes
    -----
    ``V_t(s) = min over z of h_t(z) + V_t+1((1 - loss)^step s - z)``, with h_t the least cost of a step at discharge z.
    All functions are held exactly as lists of linear pieces, so that V_0 at the level of the start is the least cost.
    """
    states, n = model.may.level_of.size, model.count
    after = Lists(np.tile(at_end, (states, 1)), np.arange(states + 1, dtype=np.int64) * len(at_end))
    saved, held = {n: after}, {}
    parts: list[tuple[int, int]] = []
    base = 0.0
    last, block_ends = n, n
    pieces_held = pieces_of_block = 0
    pieces_saved = len(after.rows)
    least_block = math.isqrt(n)
    while last > 0:
        lists, after, first, shift = _part(model, 0, last, after)
        base += shift
        parts.append((first, last))
        held[first] = lists
        pieces_held += len(lists.rows)
        pieces_of_block += len(lists.rows)
        while pieces_held > model.pieces_held and len(held) > 1:
            pieces_held -= len(held.pop(next(iter(held))).rows)
        if pieces_of_block >= PIECES_OF_BLOCK and block_ends - first >= least_block:
            saved[first] = after
            pieces_saved += len(after.rows)
            block_ends, pieces_of_block = first, 0
        model.budget.check_pieces(pieces_held * NARROW // WIDTH + pieces_saved + len(model.steps.rows))
        last = first
    return CostToGo(after, base, tuple(reversed(parts)), held, saved)


class _Part(NamedTuple):
    """Cost to go of some steps, to be looked up; that before the first of them; this step; and what was subtracted."""

    lists: Lists
    before: Lists
    first: int
    base: float


def _part(model: Model, least: int, last: int, after: Lists) -> _Part:
    """Return the cost to go of some steps before the last one."""
    model.budget.check_time()
    rows, at, base, failed, first = backward(
        least, last, model.steps, model.may, model.capacity, model.keep, model.squeeze, after, model.linked, _work()
    )
    if failed >= 0:
        raise NoSolutionError(infeasible(model.problem, failed))
    begin, length = int(at[-1 - model.may.level_of.size]), int(at[-1])
    before = Lists(rows[begin:length].copy(), at[-1 - model.may.level_of.size :] - begin)
    return _Part(Lists(rows[:length, :NARROW].copy(), at.copy()), before, first, base)


def _computed_again(model: Model, costs: CostToGo, last: int) -> dict[int, Lists]:
    """Return the lists of the block in which a part ends, by the first step of each part."""
    end = min(step for step in costs.saved if step >= last)
    least = max((step for step in costs.saved if step < last), default=0)
    after, found = costs.saved[end], {}
    pieces = sum(len(lists.rows) for lists in costs.saved.values()) + len(model.steps.rows)
    pieces += sum(len(lists.rows) for lists in costs.held.values()) * NARROW // WIDTH
    while end > least:
        lists, after, end, _ = _part(model, 0, end, after)
        found[end] = lists
        pieces += len(lists.rows) * NARROW // WIDTH
        model.budget.check_pieces(pieces)
    return found


def least_cost(model: Model, costs: CostToGo, level: float) -> float:
    """Return the least cost from a level before the first step on, in any state of the units.

    Raises
    ------
    NoSolutionError
        No path begins at this level.
    """
    begin = costs.begin
    least = min(
        value_at(begin.rows[begin.at[k] : begin.at[k + 1]], begin.at[k + 1] - begin.at[k], level)
        for k in range(model.may.level_of.size)
    )
    if not np.isfinite(least):
        raise NoSolutionError(infeasible(model.problem, 0))
    return float(least) + costs.base


def best_path(model: Model, costs: CostToGo, level: float, state: int = -1, held: int = -1) -> Path:
    """Return the least-cost path from a level before the first step.

    Parameters
    ----------
    model : Model
    costs : CostToGo
    level : float
        MWh.
    state : int, optional
        That of the units before the first step; any.
    held : int, optional
        That of the units in the first step; any.

    Returns
    -------
    Path

    Raises
    ------
    NoSolutionError
        No path begins at this level.
    OverBudgetError
        The time or the memory is over.
    """
    n = model.count
    code = np.zeros(n, dtype=np.int64)
    discharge, levels = np.zeros(n), np.zeros(n)
    again: dict[int, Lists] = {}
    for first, last in costs.parts:
        model.budget.check_time()
        lists = costs.held.get(first) or again.get(first)
        if lists is None:
            again = _computed_again(model, costs, last)
            lists = again[first]
        level, state = forward(
            first,
            last,
            model.steps,
            model.may,
            model.keep,
            model.squeeze,
            lists,
            level,
            state,
            held if first == 0 else -1,
            discharge,
            levels,
            code,
        )
        if state < -1:
            raise NoSolutionError(infeasible(model.problem, -2 - state))
    return Path(code, discharge, levels)


def pinned(level: float) -> Array:
    """Return the list of pieces that allows one level only."""
    return np.array([[level, level, 0.0, 0.0, 0.0, 0.0]])


def infeasible(problem: Problem, step: int) -> str:
    """Return the sentence on a problem without a possible operation."""
    parts = [f"no operation is possible from step {step + 1} on (demand {problem.demand_mw[step]:.6g} MW)"]
    if any(unit.must_take for unit in problem.units):
        parts.append("heat that must be taken has nowhere to go: allow heat_rejection_mw")
    if problem.settings.storage_mwh > 0:
        parts.append("storage_end_mwh may be out of reach")
    return "; ".join(parts)
