"""The exact dispatch where steps depend on each other: a store, start costs, least times in operation and at rest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.compiled import compiles
from dhxl.core.dispatch.curves import Steps, step_costs
from dhxl.core.dispatch.memory import states_of
from dhxl.core.dispatch.pieces import Lists, value_at
from dhxl.core.dispatch.plant import Combinations, Plant
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.core.dispatch.programme import States, backward, forward
from dhxl.errors import NoSolutionError

__all__ = ["CostToGo", "Model", "Path", "best_path", "cost_to_go", "infeasible", "model_of", "pinned"]

Array = npt.NDArray[np.float64]
STEPS_WORTH_A_THREAD = 2000  # compiled code runs beside other threads
LISTS_AT_ONCE = 400_000  # value functions held in memory; above, the backward pass is repeated block by block


class Path(NamedTuple):
    """The best combination, discharge and level at the end (MWh) of every step, and the least cost as a bound."""

    code: npt.NDArray[np.int64]
    discharge_mwh: Array
    level_mwh: Array
    bound_eur: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What the dynamic programme works on: cost of the steps, states of the units, store."""

    problem: Problem
    steps: Lists
    may: States
    capacity: float
    keep: float


class CostToGo(NamedTuple):
    """Least cost to the end of the last step.

    ``saved`` holds the lists before the first step of every block of steps and after the last one, ``first_block`` all
    lists of the first block, ``base`` what was subtracted from them, ``block`` is the number of steps in a block.
    """

    saved: dict[int, Lists]
    first_block: Lists
    base: float
    block: int


def _columns(values: tuple[Value, ...], order: list[int], steps: int, factor: float = 1.0) -> Array:
    table = np.empty((steps, len(order)))
    for column, g in enumerate(order):
        table[:, column] = np.multiply(values[g], factor)
    return table


def _row(value: Value, steps: int, factor: float = 1.0) -> Array:
    return np.array(np.broadcast_to(np.multiply(value, factor), (steps,)), dtype=np.float64)


def _step_lists(problem: Problem, plant: Plant, combined: Combinations) -> Lists:
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

    def part(first: int, last: int) -> Lists:
        return Lists(
            *step_costs(
                Steps(*(values[first:last] for values in data)),
                on,
                combined.level_of,
                len(combined.patterns),
                len(coupled),
                charge,
                discharge,
                float(settings.storage_cycle_eur_per_mwh),
            )
        )

    if n < STEPS_WORTH_A_THREAD or not compiles():
        return part(0, n)
    with ThreadPoolExecutor(1) as other:
        second = other.submit(part, n // 2, n)
        begin, end = part(0, n // 2), second.result()
    length = begin.at[-1]
    return Lists(
        np.concatenate((begin.rows[:length], end.rows[: end.at[-1]])), np.concatenate((begin.at, end.at[1:] + length))
    )


def model_of(problem: Problem, plant: Plant, combined: Combinations) -> Model:
    """Return what the dynamic programme works on."""
    settings = problem.settings
    return Model(
        problem,
        _step_lists(problem, plant, combined),
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

    Notes
    -----
    ``V_t(s) = min over z of h_t(z) + V_t+1((1 - loss)^step s - z)``, with h_t the least cost of a step at discharge z.
    All functions are held exactly as lists of linear pieces, so that V_0 at the level of the start is the least cost.
    """
    states, n = model.may.level_of.size, model.problem.steps
    after = Lists(np.tile(at_end, (states, 1)), np.arange(states + 1, dtype=np.int64) * len(at_end))
    size = max(1, LISTS_AT_ONCE // states)
    saved = {n: after}
    base = 0.0
    lists = after
    for first in range((n - 1) // size * size, -1, -size):
        last = min(first + size, n)
        lists, shift = _block(model, first, last, saved[last])
        base += shift
        begin = int(lists.at[(last - first) * states])
        saved[first] = Lists(lists.rows[begin : lists.at[-1]].copy(), lists.at[(last - first) * states :] - begin)
    return CostToGo(saved, lists, base, size)


def _block(model: Model, first: int, last: int, after: Lists) -> tuple[Lists, float]:
    rows, at, base, failed = backward(first, last, model.steps, model.may, model.capacity, model.keep, after)
    if failed >= 0:
        raise NoSolutionError(infeasible(model.problem, failed))
    return Lists(rows, at), base


def best_path(model: Model, costs: CostToGo, level: float) -> Path:
    """Return the least-cost path from a level before the first step.

    Parameters
    ----------
    model : Model
    costs : CostToGo
    level : float
        MWh.

    Returns
    -------
    Path
        Its bound is the cost to go; the path must reach it.

    Raises
    ------
    NoSolutionError
        No path begins at this level.
    """
    n = model.problem.steps
    begin = costs.saved[0]
    bound = min(
        value_at(begin.rows[begin.at[k] : begin.at[k + 1]], begin.at[k + 1] - begin.at[k], level)
        for k in range(model.may.level_of.size)
    )
    if not np.isfinite(bound):
        raise NoSolutionError(infeasible(model.problem, 0))
    code = np.zeros(n, dtype=np.int64)
    discharge, levels = np.zeros(n), np.zeros(n)
    state = -1
    for first in range(0, n, costs.block):
        last = min(first + costs.block, n)
        lists = costs.first_block if first == 0 else _block(model, first, last, costs.saved[last])[0]
        level, state = forward(
            first,
            last,
            model.steps,
            model.may,
            model.capacity,
            model.keep,
            lists,
            level,
            state,
            discharge,
            levels,
            code,
        )
        if state < -1:
            raise NoSolutionError(infeasible(model.problem, -2 - state))
    return Path(code, discharge, levels, float(bound) + costs.base)


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
