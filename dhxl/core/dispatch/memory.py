"""Units that remember: start costs and least times in operation and at rest, as states between the steps."""

from __future__ import annotations

import itertools
import math

import numpy as np

from dhxl.core.dispatch.limits import least_steps
from dhxl.core.dispatch.plant import Combinations, Plant
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.programme import States

__all__ = ["count_states", "states_of"]


def _phases(problem: Problem, plant: Plant) -> list[tuple[int, int]]:
    """Phases (at rest, in operation) of every row that remembers: the steps that the least times take."""
    units = [problem.units[slot] for slot, remembers in zip(plant.slot, plant.remembers, strict=False) if remembers]
    return [(least_steps(problem, unit.min_down_h), least_steps(problem, unit.min_up_h)) for unit in units]


def count_states(problem: Problem, plant: Plant) -> int:
    """Return the number of states of all units together."""
    return math.prod(rest + operation for rest, operation in _phases(problem, plant))


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
        A unit in phase 0 to rest - 1 is at rest, in the further phases in operation; only the last phase of either
        may switch. Before the first step every unit may have been in any phase, and no start is charged there.
    """
    phases = _phases(problem, plant)
    states = list(itertools.product(*(range(rest + operation) for rest, operation in phases)))
    number = {state: k for k, state in enumerate(states)}
    follow = np.zeros((len(phases), len(states)), dtype=np.int64)
    switch = np.full((len(phases), len(states)), -1, dtype=np.int64)
    starting = np.zeros((len(phases), len(states)), dtype=np.bool_)
    for k, state in enumerate(states):
        for d, (rest, operation) in enumerate(phases):
            phase = state[d]
            last = phase in (rest - 1, rest + operation - 1)
            follow[d, k] = number[(*state[:d], phase if last else phase + 1, *state[d + 1 :])]
            if last:
                switch[d, k] = number[(*state[:d], rest if phase < rest else 0, *state[d + 1 :])]
                starting[d, k] = phase < rest
    running = [tuple(int(p >= rest) for p, (rest, _) in zip(state, phases, strict=True)) for state in states]
    start_eur = np.zeros((problem.steps, len(phases)))
    rows = [slot for slot, remembers in zip(plant.slot, plant.remembers, strict=False) if remembers]
    for d, slot in enumerate(rows):
        start_eur[:, d] = problem.units[slot].start_eur
    return States(
        np.array([combined.patterns.index(pattern) for pattern in running], dtype=np.int64),
        len(combined.patterns),
        follow,
        switch,
        starting,
        np.zeros_like(starting),
        start_eur,
    )
