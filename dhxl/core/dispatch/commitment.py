"""Which units run when, given or improved part by part: what is known of a problem beyond the reach of ``optimal``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.accounts import dispatch_of
from dhxl.core.dispatch.budget import Budget, OverBudgetError, budget_of
from dhxl.core.dispatch.memory import count_states
from dhxl.core.dispatch.optimal import MOST_COMBINATIONS, exact_schedule
from dhxl.core.dispatch.plant import Plant, clustered, count_combinations, kinds_of
from dhxl.core.dispatch.price_bound import price_bound
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.result import Dispatch, NotProvenError
from dhxl.errors import NoSolutionError

__all__ = ["Bound", "committed_dispatch", "improved_commitment", "lower_bound", "proven_bound"]

Counts = npt.NDArray[np.int64]

MOST_FREE_COMBINATIONS = 64  # of the units that are free while the others are as they were
MOST_FREE_STATES = 600
IMPROVED = 1e-9  # of the cost; less is no improvement


class Bound(NamedTuple):
    """A proven lower bound, EUR, and what has ended its search before the end, as a sentence names it."""

    eur: float
    ended_by: str = ""


def _held(plant: Plant, running: Counts, slots: Collection[int]) -> Plant:
    """Return the plant with a given number of running units in every step for some of its units."""
    plant = clustered(plant, slots)
    low, high = list(plant.low), list(plant.high)
    members, switched, remembers = list(plant.members), list(plant.switched), list(plant.remembers)
    for g, slot in enumerate(plant.slot):
        if slot in slots and switched[g]:
            low[g], high[g] = np.multiply(low[g], running[slot]), np.multiply(high[g], running[slot])
            members[g], switched[g], remembers[g] = 1, False, False
    return replace(
        plant,
        low=tuple(low),
        high=tuple(high),
        members=tuple(members),
        switched=tuple(switched),
        remembers=tuple(remembers),
    )


def _by_unit(problem: Problem, plant: Plant, on: Counts) -> Counts:
    """Return the running units of every unit and step; of units without a minimum load all."""
    running = np.zeros((len(problem.units), problem.steps), dtype=np.int64)
    for g, slot in enumerate(plant.slot):
        running[slot] += on[g]
    return running


def committed_dispatch(
    problem: Problem, running: Counts, method: str, bound_eur: float, budget: Budget | None = None
) -> Dispatch:
    """Return the dispatch of least cost for a given commitment.

    Parameters
    ----------
    problem : Problem
    running : ndarray
        Running units of every unit and step, shape (units, n), their least times observed; of units without minimum
        load, start cost or least times it is not used.
    method : str
        What found the commitment.
    bound_eur : float
        Proven lower bound of the problem's least objective.
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.

    Returns
    -------
    Dispatch

    Raises
    ------
    NoSolutionError
        These units cannot meet the heat balance in every step.
    OverBudgetError
        The time or the memory is over.
    """
    budget = budget or budget_of(problem.settings.time_limit_s)
    plant = kinds_of(problem)
    found = exact_schedule(problem, _held(plant, running, plant.slot), budget)
    on = found.on.copy()
    for g, slot in enumerate(plant.slot):
        if plant.switched[g]:
            on[g] = running[slot]
    return dispatch_of(problem, plant, found.heat, on, method, bound_eur, found.discharge_mwh, found.level_mwh)


def improved_commitment(problem: Problem, running: Counts, budget: Budget | None = None) -> Counts:
    """Return a commitment that is no dearer: part of the units is solved exactly while the others stay, in turn.

    Parameters
    ----------
    problem : Problem
    running : ndarray
        A commitment that is possible, shape (units, n).
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.

    Returns
    -------
    ndarray
        Shape (units, n).
    """
    plant = kinds_of(problem)
    budget = budget or budget_of(problem.settings.time_limit_s)
    if budget.over:
        return running
    parts = list(_parts(problem, plant))
    unchanged = 0
    try:
        best = committed_dispatch(problem, running, "", -np.inf, budget).objective_eur
        while unchanged < len(parts):
            free = parts.pop(0)
            parts.append(free)
            unchanged += 1
            part = _held(plant, running, set(plant.slot) - free)
            try:
                on = exact_schedule(problem, part, budget).on
            except OverBudgetError:
                raise
            except NoSolutionError:
                continue
            candidate = running.copy()
            for slot in free:
                candidate[slot] = _by_unit(problem, part, on)[slot]
            cost = committed_dispatch(problem, candidate, "", -np.inf, budget).objective_eur
            if cost < best - IMPROVED * max(abs(best), 1.0):
                best, running, unchanged = cost, candidate, 0
    except OverBudgetError:
        return running
    return running


def _parts(problem: Problem, plant: Plant) -> Iterator[frozenset[int]]:
    """Yield sets of units that can be free at once, but never all, neighbours together; none with too many states."""
    slots = sorted({slot for slot, switched in zip(plant.slot, plant.switched, strict=False) if switched})
    for begin in range(len(slots)):
        free: set[int] = set()
        for slot in slots[begin:] + slots[:begin]:
            held = _held(plant, np.ones((len(problem.units), 1), np.int64), set(slots) - free - {slot})
            few = count_states(problem, held) <= MOST_FREE_STATES
            if few and count_combinations(held) <= MOST_FREE_COMBINATIONS and len(free) < len(slots) - 1:
                free.add(slot)
        if free:
            yield frozenset(free)


def lower_bound(problem: Problem, budget: Budget | None = None) -> float:
    """Return a proven lower bound of the least objective, EUR, see :func:`proven_bound`.

    Parameters
    ----------
    problem : Problem
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.
    """
    return proven_bound(problem, budget).eur


def proven_bound(problem: Problem, budget: Budget | None = None) -> Bound:
    """Return a proven lower bound of the least objective: the optimum of a plant that is freer than the problem's.

    Parameters
    ----------
    problem : Problem
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on. What is known by then
        counts.

    Returns
    -------
    Bound

    Raises
    ------
    NoSolutionError
        Not even the freer plant meets the heat balance in every step.

    Notes
    -----
    Start costs and least times of some units are left out, and where the combinations are too many, the smallest
    minimum loads: both can only make the operation cheaper. Several choices of units are tried; the highest counts.
    Before that come two bounds that take little time: of :func:`price_bound`, and of the plant without any minimum.
    """
    budget = budget or budget_of(problem.settings.time_limit_s)
    bound = price_bound(problem, budget)
    for plant in _freer_plants(problem):
        try:
            bound = max(bound, exact_schedule(problem, plant, budget).bound_eur)
        except OverBudgetError as error:
            return Bound(bound, error.limit)
        except NotProvenError:
            continue
    return Bound(bound)


def _freer_plants(problem: Problem) -> Iterator[Plant]:
    """Yield plants in which some units have no memory, others in each, and as many minimum loads as can be held."""
    plant = kinds_of(problem)
    if any(plant.switched):
        yield _without_minimum(plant)
    memory = sorted({slot for slot, remembers in zip(plant.slot, plant.remembers, strict=False) if remembers})
    choices = [frozenset[int]()]
    for begin in range(len(memory)):
        kept: frozenset[int] = frozenset()
        for slot in memory[begin:] + memory[:begin]:
            if count_states(problem, _remembering(plant, kept | {slot})) <= MOST_FREE_STATES:
                kept |= {slot}
        choices.append(kept)
    for kept in dict.fromkeys(choices):
        freer = clustered(_remembering(plant, kept), set(plant.slot) - kept)
        while count_combinations(freer) > MOST_COMBINATIONS:
            freer = _without_smallest_minimum(freer)
        yield freer


def _without_minimum(plant: Plant) -> Plant:
    """Return the plant with units that run at any load, also where they cannot reach their least one."""
    plant = clustered(plant, set(plant.slot))
    while any(plant.switched):
        plant = _without_smallest_minimum(plant)
    return plant


def _remembering(plant: Plant, slots: Collection[int]) -> Plant:
    """Return the plant with only some of its units having start costs and least times."""
    remembers = (r and slot in slots for r, slot in zip(plant.remembers, plant.slot, strict=False))
    return replace(plant, remembers=(*remembers, False, False))


def _without_smallest_minimum(plant: Plant) -> Plant:
    low, switched, members = list(plant.low), list(plant.switched), list(plant.members)
    high = list(plant.high)
    free = [g for g, may in enumerate(switched) if may and not plant.remembers[g]] or [
        g for g, may in enumerate(switched) if may
    ]
    g = min(free, key=lambda row: float(np.max(low[row])))
    low[g], high[g], switched[g], members[g] = 0.0, np.multiply(high[g], members[g]), False, 1
    remembers = tuple(r and row != g for row, r in enumerate(plant.remembers))
    return replace(
        plant, low=tuple(low), high=tuple(high), switched=tuple(switched), members=tuple(members), remembers=remembers
    )
