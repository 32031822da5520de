"""The method ``optimal``: the least cost of all, exactly, with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dhxl.core.dispatch.accounts import dispatch_of
from dhxl.core.dispatch.enumeration import cheapest_combination, split_heat
from dhxl.core.dispatch.memory import count_states
from dhxl.core.dispatch.merit import Grid
from dhxl.core.dispatch.plant import Combinations, Plant, combinations, count_combinations, plant_of
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.result import Dispatch
from dhxl.errors import InputError, NoSolutionError

if TYPE_CHECKING:
    from dhxl.core.dispatch.with_store import Path

__all__ = ["optimal_dispatch"]

MOST_COMBINATIONS = 4096
MOST_STATES = 512
CERTIFIED = 1e-8  # of the cost; the bound and the schedule found must agree to it


def optimal_dispatch(problem: Problem) -> Dispatch:
    """Return the dispatch of least cost, proven.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Dispatch

    Raises
    ------
    InputError
        The problem is outside the family that is solved exactly.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    plant = plant_of(problem)
    number, states = count_combinations(plant), count_states(problem, plant)
    if number > MOST_COMBINATIONS:
        raise InputError(
            f"units have {number} combinations of running units, at most {MOST_COMBINATIONS} can be tried: "
            "let some units go down to 0 (min_share 0) or join equal units in one row (count)"
        )
    if states > MOST_STATES:
        raise InputError(
            f"start_eur, min_up_h and min_down_h lead to {states} states, at most {MOST_STATES} can be followed: "
            "shorten the times or leave them out for some units"
        )
    combined = combinations(plant)
    settings = problem.settings
    grid = Grid(plant.buy, plant.sell, settings.import_limit_mw, settings.export_limit_mw)
    if settings.storage_mwh == 0 and not any(plant.remembers):
        code, heat, _ = cheapest_combination(plant, grid, combined.on, problem.demand_mw)
        if code.min() < 0:
            step = int(np.argmin(code))
            raise NoSolutionError(
                f"step {step + 1}: heat that must be taken exceeds the demand of {problem.demand_mw[step]:.6g} MW; "
                "allow heat_rejection_mw"
            )
        return dispatch_of(problem, plant, heat, combined.on[code].T, "optimal")
    path = _best_path(problem, plant, combined)
    needed = problem.demand_mw - path.discharge_mwh / settings.step_h
    heat, _ = split_heat(plant, grid, combined.on, path.code, needed)
    found = dispatch_of(
        problem, plant, heat, combined.on[path.code].T, "optimal", path.bound_eur, path.discharge_mwh, path.level_mwh
    )
    if not abs(found.objective_eur - path.bound_eur) <= CERTIFIED * max(abs(path.bound_eur), 1.0):
        raise NoSolutionError(
            f"the optimum could not be proven: cost {found.objective_eur:.6f} EUR, bound {path.bound_eur:.6f} EUR"
        )
    return found


def _best_path(problem: Problem, plant: Plant, combined: Combinations) -> Path:
    from dhxl.core.dispatch.cyclic import cyclic_path
    from dhxl.core.dispatch.with_store import best_path, cost_to_go, model_of, pinned

    model = model_of(problem, plant, combined)
    if problem.settings.storage_cyclic:
        return cyclic_path(model)
    return best_path(
        model, cost_to_go(model, pinned(problem.settings.level_at_end_mwh)), problem.settings.storage_start_mwh
    )
