"""The method ``optimal``: the least cost of all, exactly, with its proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.accounts import checked_bound, dispatch_of
from dhxl.core.dispatch.budget import Budget, budget_of
from dhxl.core.dispatch.enumeration import cheapest_combination, split_heat
from dhxl.core.dispatch.memory import count_states
from dhxl.core.dispatch.merit import Grid
from dhxl.core.dispatch.plant import Combinations, Plant, combinations, count_combinations, kinds_of
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.result import Dispatch, NotProvenError
from dhxl.errors import NoSolutionError

if TYPE_CHECKING:
    from dhxl.core.dispatch.with_store import Path

__all__ = ["Schedule", "beyond_reach", "exact_schedule", "optimal_dispatch"]

MOST_COMBINATIONS = 4096
MOST_STATES = 4096
MOST_STATES_TIMES_STEPS = 40_000_000
CERTIFIED = 1e-8  # of the cost; the bound and the schedule found must agree to it


class Schedule(NamedTuple):
    """What the rows of a plant do: heat (MW) and running units [row, step], what the store does, and the proven bound.

    Where every step has been solved by itself, the bound is the sum of their costs, and the last two are None.
    """

    heat: npt.NDArray[np.float64]
    on: npt.NDArray[np.int64]
    bound_eur: float
    discharge_mwh: npt.NDArray[np.float64] | None = None
    level_mwh: npt.NDArray[np.float64] | None = None


def beyond_reach(problem: Problem, plant: Plant) -> str:
    """Return why a plant is outside the family that is solved exactly; an empty text if it is not."""
    number, states = count_combinations(plant), count_states(problem, plant)
    if number > MOST_COMBINATIONS:
        return f"{number} combinations of running units, at most {MOST_COMBINATIONS} are tried one by one"
    most = max(1, min(MOST_STATES, MOST_STATES_TIMES_STEPS // problem.steps))
    if states > most:
        return f"start_eur, min_up_h and min_down_h lead to {states} states of the units, at most {most} are followed"
    return ""


def optimal_dispatch(problem: Problem, budget: Budget | None = None) -> Dispatch:
    """Return the dispatch of least cost, proven.

    Parameters
    ----------
    problem : Problem
        Within reach of the method, see :func:`beyond_reach`.
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.

    Returns
    -------
    Dispatch
        Its gap is at most 1e-8, but for a cyclic store whose best level could not be proven.

    Raises
    ------
    NoSolutionError
        No operation meets the heat balance in every step.
    NotProvenError
        No schedule was found for a cyclic store, what was found contradicts its own bound, or the budget is over.
    """
    plant = kinds_of(problem)
    budget = budget or budget_of(problem.settings.time_limit_s)
    heat, on, bound_eur, discharge_mwh, level_mwh = exact_schedule(problem, plant, budget)
    found = dispatch_of(problem, plant, heat, on, "optimal", None, discharge_mwh, level_mwh)
    missing = found.objective_eur - bound_eur
    may_miss = problem.settings.storage_cyclic and missing > 0
    if not may_miss and not abs(missing) <= CERTIFIED * max(abs(found.objective_eur), 1.0):
        raise NotProvenError(
            f"the optimum could not be proven: cost {found.objective_eur:.6f} EUR, bound {bound_eur:.6f} EUR"
        )
    return found if discharge_mwh is None else replace(found, bound_eur=checked_bound(bound_eur, found.objective_eur))


def exact_schedule(problem: Problem, plant: Plant, budget: Budget) -> Schedule:
    """Return the schedule of least cost of a plant under the problem's demand, prices and store.

    Parameters
    ----------
    problem : Problem
    plant : Plant
        The problem's own, or one that is more or less free than that.
    budget : Budget
        The time and memory that it may take.

    Returns
    -------
    Schedule

    Raises
    ------
    NoSolutionError
        No operation meets the heat balance in every step.
    NotProvenError
        No level was found at which a cyclic store can begin and end, though one may exist, or the budget is over.
    """
    combined = combinations(plant)
    settings = problem.settings
    grid = Grid(plant.buy, plant.sell, settings.import_limit_mw, settings.export_limit_mw)
    if settings.storage_mwh == 0 and not any(plant.remembers):
        code, heat, rate = cheapest_combination(plant, grid, combined.on, problem.demand_mw, budget)
        if code.min() < 0:
            step = int(np.argmin(code))
            raise NoSolutionError(
                f"step {step + 1}: heat that must be taken exceeds the demand of {problem.demand_mw[step]:.6g} MW; "
                "allow heat_rejection_mw"
            )
        return Schedule(heat, combined.on[code].T, float(rate.sum()) * settings.step_h)
    path = _best_path(problem, plant, combined, budget)
    needed = problem.demand_mw - path.discharge_mwh / settings.step_h
    heat, _ = split_heat(plant, grid, combined.on, path.code, needed, budget)
    return Schedule(heat, combined.on[path.code].T, path.bound_eur, path.discharge_mwh, path.level_mwh)


def _best_path(problem: Problem, plant: Plant, combined: Combinations, budget: Budget) -> Path:
    from dhxl.core.dispatch.cyclic import cyclic_path
    from dhxl.core.dispatch.halves import path_between
    from dhxl.core.dispatch.with_store import model_of

    model = model_of(problem, plant, combined, budget)
    if problem.settings.storage_cyclic:
        return cyclic_path(model)
    return path_between(model, problem.settings.storage_start_mwh, problem.settings.level_at_end_mwh)
