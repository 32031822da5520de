"""Every combination of running units in every step: the exact least cost where steps do not depend on each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.merit import REACH_MW, Grid, Rows, least_cost
from dhxl.core.dispatch.plant import Plant

__all__ = ["cheapest_combination", "split_heat"]

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def _running(plant: Plant, on: Codes) -> tuple[list[int], Rows]:
    """Rows that can give or take heat in a combination: their numbers and their data."""
    numbers = [
        g
        for g in range(len(plant.low))
        if on[g] and np.any(np.not_equal(plant.low[g], 0.0) | np.not_equal(plant.high[g], 0.0))
    ]
    return numbers, Rows(
        tuple(on[g] * plant.low[g] for g in numbers),
        tuple(on[g] * np.maximum(np.subtract(plant.high[g], plant.low[g]), 0.0) for g in numbers),
        tuple(plant.cost[g] for g in numbers),
        tuple(plant.use[g] for g in numbers),
    )


def _rate(plant: Plant, grid: Grid, on: Codes, heat_mw: Array, budget: Budget) -> tuple[list[int], list[Array], Array]:
    """Least cost of a combination, EUR/h, infinite where it cannot run, with the heat of its rows."""
    numbers, rows = _running(plant, on)
    heat, rate = least_cost(rows, grid, heat_mw, budget)
    for g in np.flatnonzero(on):
        if plant.switched[g] and np.any(np.greater(plant.low[g], plant.high[g])):
            rate = np.where(np.greater(plant.low[g], np.add(plant.high[g], REACH_MW)), np.inf, rate)
    return numbers, heat, rate


def cheapest_combination(
    plant: Plant, grid: Grid, on: Codes, heat_mw: Array, budget: Budget
) -> tuple[Codes, Array, Array]:
    """Cheapest combination of running units in every step, each step by itself.

    Parameters
    ----------
    plant : Plant
    grid : Grid
    on : ndarray
        Running units of every combination and row, shape (combinations, rows); the first wins ties.
    heat_mw : ndarray
        Heat to be given, MW, shape (n,).
    budget : Budget
        The time that it may take.

    Returns
    -------
    code : ndarray
        Number of the combination, shape (n,); -1 where none can give that heat.
    heat : ndarray
        MW, shape (rows, n).
    rate : ndarray
        EUR/h, shape (n,).
    """
    code = np.full(heat_mw.shape, -1, dtype=np.int64)
    heat = np.zeros((len(plant.low), heat_mw.size))
    best = np.full(heat_mw.shape, np.inf)
    for u in range(len(on)):
        budget.check_time()
        numbers, found, rate = _rate(plant, grid, on[u], heat_mw, budget)
        better = np.flatnonzero(rate < best - 1e-9)
        code[better] = u
        best[better] = rate[better]
        heat[:, better] = 0.0
        for g, row in zip(numbers, found, strict=True):
            heat[g, better] = row[better]
    return code, heat, best


def split_heat(plant: Plant, grid: Grid, on: Codes, code: Codes, heat_mw: Array, budget: Budget) -> tuple[Array, Array]:
    """Heat of every row at least cost, given the combination of every step, and that cost.

    Parameters
    ----------
    plant : Plant
    grid : Grid
    on : ndarray
        Running units of every combination and row, shape (combinations, rows).
    code : ndarray
        Number of the combination of every step, shape (n,).
    heat_mw : ndarray
        Heat to be given, MW, shape (n,).
    budget : Budget
        The time that it may take.

    Returns
    -------
    heat : ndarray
        MW, shape (rows, n).
    rate : ndarray
        EUR/h, shape (n,).
    """
    heat = np.zeros((len(plant.low), heat_mw.size))
    rate = np.empty(heat_mw.shape)
    for u in np.unique(code):
        steps = np.flatnonzero(code == u)
        numbers, rows = _running(plant, on[u])
        found, rate[steps] = least_cost(rows.at(steps), grid.at(steps), heat_mw[steps], budget)
        for g, row in zip(numbers, found, strict=True):
            heat[g, steps] = row
    return heat, rate
