"""A lower bound of the cost from prices of heat alone, at once and for any problem."""

from __future__ import annotations

import numpy as np

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.plant import kinds_of
from dhxl.core.dispatch.problem import Problem

__all__ = ["price_bound"]

PRICES_TRIED = 41
AT_ONCE = 100_000  # numbers; so many are no matter of time


def price_bound(problem: Problem, budget: Budget | None = None) -> float:
    """Return a lower bound of the least objective: what heat is worth less what the units could earn at most.

    Parameters
    ----------
    problem : Problem
    budget : Budget, optional
        The time that it may take; without it all there is. Two prices of heat are tried in any case.

    Returns
    -------
    float
        EUR; minus infinity never.

    Notes
    -----
    With heat worth m EUR/MWh in every step, m at least 0, and power worth p between what it earns and what it costs,
    every operation costs at least ``m (demand + level at the end - level at the start) + sum over the units of
    min(cost + p use - m, 0) x most heat``: a store only loses heat, and power bought or sold costs at least p times
    what is taken less what is made. The best of some prices m counts, with p at what power earns and at what it
    costs; without a store every step has a price of its own.
    """
    plant, settings, h = kinds_of(problem), problem.settings, problem.settings.step_h
    units = len(plant.slot)
    change = 0.0 if settings.storage_cyclic else settings.level_at_end_mwh - settings.storage_start_mwh
    each_step, all_steps = np.full(problem.steps, -np.inf), -np.inf
    for power in (plant.sell, plant.buy):
        merit = [np.add(cost, np.multiply(power, use)) for cost, use in zip(plant.cost, plant.use, strict=True)]
        costs = np.concatenate([np.ravel(values) for values in merit[:units]] + [np.ravel(plant.cost[-1])])
        prices = np.unique(np.quantile(np.maximum(costs, 0.0), np.linspace(0, 1, PRICES_TRIED)))
        middle = len(prices) // 2
        for number, price in enumerate((*prices[middle:], *prices[:middle])):
            if number and budget is not None and budget.over and units * problem.steps > AT_ONCE:
                break
            bound = price * problem.demand_mw * h
            for g, values in enumerate(merit):
                if g == units:
                    continue  # heat that is thrown away costs nothing and earns nothing
                forced = g < units and problem.units[plant.slot[g]].must_take
                most = np.multiply(plant.high[g], plant.members[g] * h)
                bound += np.multiply(values - price if forced else np.minimum(values - price, 0.0), most)
            each_step = np.maximum(each_step, bound)
            all_steps = max(all_steps, float(bound.sum()) + price * change)
    return float(each_step.sum()) if settings.storage_mwh == 0 else all_steps
