"""The least cost from both ends of time: the same as from one end, in every kind of problem."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch import halves
from dhxl.core.dispatch.budget import budget_of
from dhxl.core.dispatch.memory import states_of
from dhxl.core.dispatch.optimal import beyond_reach, optimal_dispatch
from dhxl.core.dispatch.plant import combinations, plant_of
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.with_store import model_of
from dhxl.errors import NoSolutionError
from tests.core.dispatch.drawn import drawn_problem


def outcome(problem: Problem) -> float | str:
    try:
        return optimal_dispatch(problem).objective_eur
    except NoSolutionError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(120))
def test_halves_that_meet_cost_what_the_whole_costs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: reversed time, its states, starts and losses are those of the problem, and infeasible is infeasible.

    Sensitivity: a start that is charged a step too late, or a loss taken twice, costs more or less in many of these.
    The optimum itself is checked against its bound on the way.
    """
    store, cyclic = seed % 8 != 0, seed % 11 == 5
    problem = drawn_problem(40_000 + seed, 8 + seed % 5, store=store, memory=seed % 3 != 0, cyclic=cyclic)
    if beyond_reach(problem, plant_of(problem)):
        return
    whole = outcome(problem)
    monkeypatch.setattr(halves, "LEAST_STEPS", 2)
    split = outcome(problem)
    assert split == (whole if isinstance(whole, str) else pytest.approx(whole, rel=1e-9, abs=1e-6))


def test_most_of_these_problems_are_halved() -> None:
    """Proves: the test above is about halves. Sensitivity: it would pass if none could be."""
    found = []
    for seed in range(1, 40):
        problem = drawn_problem(40_000 + seed, 12, store=True, memory=True)
        plant = plant_of(problem)
        if not beyond_reach(problem, plant):
            may = states_of(problem, plant, combinations(plant))
            found.append(halves._reversed(may) is not None)
    assert len(found) > 20
    assert all(found)


def test_time_reversed_twice_is_time() -> None:
    """Proves: the first half is the steps before the middle. Sensitivity: one list out of place."""
    problem = drawn_problem(40_001, 9, store=True, memory=True)
    plant = plant_of(problem)
    model = model_of(problem, plant, combinations(plant), budget_of(10.0))
    levels = model.may.levels
    rows, at = model.steps
    once = halves.reversed_lists(rows, at, levels)
    twice_rows, twice_at = halves.reversed_lists(*once, levels)
    assert np.array_equal(twice_at, at)
    assert np.array_equal(twice_rows, rows[: at[-1]])
    assert not np.array_equal(once[0], rows[: at[-1]])
