"""Equal problems are solved once, and nobody notices but the clock."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, remembered_dispatch, solve
from dhxl.core.dispatch.budget import Budget
from dhxl.errors import NoSolutionError


def problem(price: float = 80.0) -> Problem:
    """Return a small problem, made anew."""
    heat_pump = Unit("Heat pump", Kind.HEAT_PUMP, 3.0, cop=np.array([4.0, 3.0]))
    return Problem((heat_pump,), np.array([1.0, 2.0]), np.array([price, 50.0]), Settings())


@pytest.fixture
def solutions(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """Return what has been solved, in the order of solving, from an empty memory."""
    seen: list[Problem] = []
    true = solve.optimal_dispatch

    def noted(asked: Problem, budget: Budget) -> Dispatch:
        seen.append(asked)
        return true(asked, budget)

    monkeypatch.setattr(solve, "optimal_dispatch", noted)
    monkeypatch.setattr(solve, "_remembered", type(solve._remembered)())
    return seen


def test_the_same_content_is_solved_once(solutions: list[Problem]) -> None:
    assert remembered_dispatch(problem()) is remembered_dispatch(problem())
    assert len(solutions) == 1


def test_any_other_content_is_solved_anew(solutions: list[Problem]) -> None:
    costs = [
        remembered_dispatch(asked).cost_eur
        for asked in (
            problem(),
            problem(81.0),
            replace(problem(), demand_mw=np.array([1.0, 2.5])),
            replace(problem(), settings=Settings(charges_eur_per_mwh=1.0)),
            replace(problem(), units=(replace(problem().units[0], cop=4.0),)),
        )
    ]
    assert len(solutions) == len(set(costs)) == 5


def test_a_remembered_result_cannot_be_written_to(solutions: list[Problem]) -> None:
    found = remembered_dispatch(problem())
    for array in (found.heat_mw, found.level_mwh, found.units.heat_mwh, found.problem.demand_mw):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_an_error_is_raised_again_and_not_remembered(solutions: list[Problem]) -> None:
    waste = Unit("Waste heat", Kind.SOURCE, 5.0, must_take=1)
    asked = replace(problem(), units=(waste,))
    for _ in range(2):
        with pytest.raises(NoSolutionError):
            remembered_dispatch(asked)
    assert len(solutions) == 2


def test_the_oldest_results_make_room(solutions: list[Problem], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "MOST_BYTES", 1)
    first = remembered_dispatch(problem())
    remembered_dispatch(problem(81.0))
    assert remembered_dispatch(problem()) is not first
    assert len(solve._remembered) == 1


def test_threads_that_ask_at_the_same_time_share_one_solution(solutions: list[Problem]) -> None:
    found: list[Dispatch] = []
    threads = [threading.Thread(target=lambda: found.append(remembered_dispatch(problem()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(solutions) == 1
    assert len({id(one) for one in found}) == 1
