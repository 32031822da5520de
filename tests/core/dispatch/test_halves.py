"""The least cost from both ends of time: the same as from one end, in every kind of problem."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch import halves
from dhxl.core.dispatch.budget import budget_of
from dhxl.core.dispatch.memory import states_of
from dhxl.core.dispatch.optimal import beyond_reach, optimal_dispatch
from dhxl.core.dispatch.plant import combinations, kinds_of, plant_of
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.programme import States
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


def test_who_comes_before_whom_is_who_follows_the_other_way_round() -> None:
    """Proves: every move is in the reversed moves once, with its starts. Sensitivity: a start lost on the way."""
    for seed in (1, 4, 7, 10, 13):
        problem = drawn_problem(40_000 + seed, 12, store=True, memory=True)
        plant = kinds_of(problem)
        may = states_of(problem, plant, combinations(plant))
        back = halves._reversed(may)

        def moves(of: States) -> list[tuple[int, int, int, int]]:
            states = of.level_of.size
            begin = np.repeat(np.arange(of.at.size - 1), np.diff(of.at))
            return list(zip(begin // states, begin % states, of.to, of.starts, strict=True))

        assert sorted(moves(may)) == sorted((d, k, j, starts) for d, j, k, starts in moves(back))


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
