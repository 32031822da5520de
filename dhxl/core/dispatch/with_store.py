"""The exact dispatch where steps depend on each other: a store, start costs, least times in operation and at rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.curves import Steps, step_costs
from dhxl.core.dispatch.memory import states_of
from dhxl.core.dispatch.pieces import WIDTH, Lists, value_at
from dhxl.core.dispatch.plant import Combinations, Plant
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.core.dispatch.programme import backward, forward
from dhxl.errors import NoSolutionError

__all__ = ["Path", "optimal_path"]

Array = npt.NDArray[np.float64]
LISTS_AT_ONCE = 400_000  # value functions held in memory; above, the backward pass is repeated block by block


class Path(NamedTuple):
    """The best combination, discharge and level at the end (MWh) of every step, and the least cost as a bound."""

    code: npt.NDArray[np.int64]
    discharge_mwh: Array
    level_mwh: Array
    bound_eur: float


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
    rows, at = step_costs(
        data,
        np.ascontiguousarray(combined.on[:, order], dtype=np.float64),
        combined.level_of,
        len(combined.patterns),
        len(coupled),
        float(min(settings.storage_charge_mw * h, settings.storage_mwh)),
        float(min(settings.storage_discharge_mw * h, settings.storage_mwh)),
        float(settings.storage_cycle_eur_per_mwh),
    )
    return Lists(rows, at)


def optimal_path(problem: Problem, plant: Plant, combined: Combinations) -> Path:
    """Return the least-cost path through all steps, proven optimal by its bound.

    Parameters
    ----------
    problem : Problem
        With a store of a given level at the start and at the end, or none.
    plant : Plant
    combined : Combinations

    Returns
    -------
    Path

    Raises
    ------
    NoSolutionError
        Heat that must be taken has nowhere to go, or the level at the end is out of reach.

    Notes
    -----
    ``V_t(s) = min over z of h_t(z) + V_t+1((1 - loss)^step s - z)``, with h_t the least cost of a step at discharge z
    and V_n zero at the level wanted at the end and infinite elsewhere. All functions are held exactly as lists of
    linear pieces, so that V_0 at the level of the start is the least cost, and the forward pass must reach it.
    """
    settings = problem.settings
    may = states_of(problem, plant, combined)
    steps = _step_lists(problem, plant, combined)
    states = may.level_of.size
    capacity, keep = float(settings.storage_mwh), float((1 - settings.storage_loss_per_h) ** settings.step_h)
    end = np.zeros((states, WIDTH))
    end[:, :2] = settings.level_at_end_mwh
    after = Lists(end, np.arange(states + 1, dtype=np.int64))
    size = max(1, LISTS_AT_ONCE // states)
    firsts = list(range(0, problem.steps, size))
    saved = {problem.steps: after}
    bound = 0.0
    for first in reversed(firsts):
        last = min(first + size, problem.steps)
        rows, at, base, failed = backward(first, last, steps, may, capacity, keep, saved[last])
        if failed >= 0:
            raise NoSolutionError(_infeasible(problem, failed))
        bound += base
        begin = at[(last - first) * states]
        saved[first] = Lists(
            rows[begin : at[(last - first + 1) * states]].copy(), at[(last - first) * states :] - begin
        )
    lists = saved[0]
    level, state = float(settings.storage_start_mwh), -1
    bound += min(
        value_at(lists.rows[lists.at[k] : lists.at[k + 1]], lists.at[k + 1] - lists.at[k], level) for k in range(states)
    )
    if not np.isfinite(bound):
        raise NoSolutionError(_infeasible(problem, 0))
    code = np.zeros(problem.steps, dtype=np.int64)
    discharge, levels = np.zeros(problem.steps), np.zeros(problem.steps)
    for first in firsts:
        last = min(first + size, problem.steps)
        if first > 0:
            rows, at, _, _ = backward(first, last, steps, may, capacity, keep, saved[last])
        level, state = forward(
            first, last, steps, may, capacity, keep, Lists(rows, at), level, state, discharge, levels, code
        )
        if state < -1:
            raise NoSolutionError(_infeasible(problem, -2 - state))
    return Path(code, discharge, levels, float(bound))


def _infeasible(problem: Problem, step: int) -> str:
    parts = [f"no operation is possible from step {step + 1} on (demand {problem.demand_mw[step]:.6g} MW)"]
    if any(unit.must_take for unit in problem.units):
        parts.append("heat that must be taken has nowhere to go: allow heat_rejection_mw")
    if problem.settings.storage_mwh > 0:
        parts.append("storage_end_mwh may be out of reach")
    return "; ".join(parts)
