"""Units that remember: start costs and least times in operation and at rest, as states between the steps."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.limits import least_steps
from dhxl.core.dispatch.plant import Combinations, Plant
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.programme import States

__all__ = ["count_states", "states_of"]

Counts = npt.NDArray[np.int64]


class _Kind(NamedTuple):
    """States of one kind of units: how many run, and the moves of every state, its begins and ends in ``at``."""

    running: Counts
    at: Counts
    to: Counts
    starts: Counts


def _kinds(problem: Problem, plant: Plant) -> list[tuple[int, int, int]]:
    """Return the number of equal units and of phases (at rest, in operation) of every row that remembers."""
    rows = zip(plant.slot, plant.members, plant.remembers, strict=False)
    units = [(problem.units[slot], members) for slot, members, remembers in rows if remembers]
    return [
        (members, least_steps(problem, unit.min_down_h), least_steps(problem, unit.min_up_h)) for unit, members in units
    ]


def count_states(problem: Problem, plant: Plant) -> int:
    """Return the number of states of all units together."""
    return math.prod(math.comb(members + rest + up - 1, members) for members, rest, up in _kinds(problem, plant))


def _kind(members: int, rest: int, operation: int) -> _Kind:
    """States of equal units: how many are in which phase, not which one of them; so the phases in order.

    A unit in phase 0 to rest - 1 is at rest, in the further phases in operation; only the last phase of either may
    switch. Where one of them could stop and another start, both can as well go on: these moves are left out.
    """
    last_at_rest, last = rest - 1, rest + operation - 1
    states = list(itertools.combinations_with_replacement(range(last + 1), members))
    number = {state: k for k, state in enumerate(states)}
    at, to, starts = [0], [], []
    for state in states:
        on = tuple(phase if phase in (last_at_rest, last) else phase + 1 for phase in state)
        to.append(number[tuple(sorted(on))])
        starts.append(0)
        for ready, first in ((last_at_rest, rest), (last, 0)):
            places = [place for place, phase in enumerate(state) if phase == ready]
            for switching in range(1, len(places) + 1):
                moved = list(on)
                for place in places[:switching]:
                    moved[place] = first
                to.append(number[tuple(sorted(moved))])
                starts.append(switching if ready == last_at_rest else 0)
        at.append(len(to))
    running = [sum(phase >= rest for phase in state) for state in states]
    return _Kind(*(np.array(values, dtype=np.int64) for values in (running, at, to, starts)))


def states_of(problem: Problem, plant: Plant, combined: Combinations) -> States:
    """States of all units together and how they follow each other.

    Parameters
    ----------
    problem : Problem
    plant : Plant
    combined : Combinations
        Whose patterns the states refer to.

    Returns
    -------
    States
        Before the first step every unit may have been in any phase, and no start is charged there.
    """
    known = _kinds(problem, plant)
    kinds = [_kind(*kind) for kind in known]
    shape = tuple(kind.running.size for kind in kinds)
    states = np.arange(math.prod(shape), dtype=np.int64)
    places = np.unravel_index(states, shape) if kinds else ()
    level_at = np.zeros(tuple(members + 1 for members, _, _ in known), dtype=np.int64)
    for level, pattern in enumerate(combined.patterns):
        level_at[pattern] = level
    level_of = level_at[tuple(kind.running[place] for kind, place in zip(kinds, places, strict=True))]
    at, to, starts = [np.zeros(1, dtype=np.int64)], [], []
    for d, (kind, place) in enumerate(zip(kinds, places, strict=True)):
        number = np.diff(kind.at)[place]
        from_state = np.repeat(states, number)
        ends = np.cumsum(number)
        move = np.arange(ends[-1]) - np.repeat(ends - number, number) + np.repeat(kind.at[place], number)
        to.append(from_state + (kind.to[move] - np.repeat(place, number)) * math.prod(shape[d + 1 :]))
        starts.append(kind.starts[move])
        at.append(at[-1][-1] + ends)
    start_eur = np.zeros((problem.steps, len(kinds)))
    rows = [slot for slot, remembers in zip(plant.slot, plant.remembers, strict=False) if remembers]
    for d, slot in enumerate(rows):
        start_eur[:, d] = problem.units[slot].start_eur
    none = np.zeros(0, dtype=np.int64)
    return States(
        np.array(level_of, dtype=np.int64).reshape(states.size),
        len(combined.patterns),
        np.concatenate(at),
        np.concatenate([none, *to]).astype(np.int64),
        np.concatenate([none, *starts]).astype(np.int64),
        start_eur,
    )
