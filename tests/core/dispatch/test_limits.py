"""Whatever is asked, a valid schedule with its certificate comes within the time and the memory.

``DHXL_TRIALS=10`` in the environment tries ten times as many problems; by the thousand: tests/core/dispatch/trials.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, budget, dispatch, highs, portions
from dhxl.core.dispatch.budget import Budget, OverBudgetError
from dhxl.core.dispatch.by_step import charge_by_step
from dhxl.core.dispatch.completion import _runs_added
from dhxl.core.dispatch.enumeration import cheapest_combination
from dhxl.core.dispatch.limits import _sum_of_last
from dhxl.core.dispatch.merit import Grid
from dhxl.core.dispatch.milp import milp_dispatch
from dhxl.core.dispatch.plant import combinations, plant_of
from dhxl.core.dispatch.priority import priority_dispatch
from dhxl.errors import NoSolutionError
from tests.conftest import REPOSITORY
from tests.core.dispatch.drawn import drawn_problem
from tests.core.dispatch.recounted import recounted_objective
from tests.core.dispatch.trials import bound_trial, limit_trial, tried

TIMES = int(os.environ.get("DHXL_TRIALS", "1"))


@pytest.mark.parametrize("first", [0, 1004])
def test_a_second_is_a_second_and_what_comes_back_is_certified(first: int) -> None:
    """Proves: a year of quarter-hours and fifty equal units by every method, bounds and preparation included.

    Sensitivity: a planner that cannot be interrupted takes many seconds; of one of 30 units 17 were spent on one step.
    """
    pytest.importorskip("highspy")
    assert tried(limit_trial, range(first, first + 4 * TIMES)).faults == []


def test_a_second_is_a_second_uncompiled_too() -> None:
    """Proves: the same without machine code. Sensitivity: whole, the rules take minutes for a year of quarter-hours."""
    pytest.importorskip("highspy")
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.dispatch.trials", "--limits", str(3 * TIMES)],
        cwd=REPOSITORY,
        env=os.environ | {"DHXL_COMPILE": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 faults" in done.stdout, done.stdout + done.stderr


def test_bounds_and_gaps_hold_against_highs_without_presolve() -> None:
    """Proves: a sample of the thousand. Sensitivity: a bound above the optimum, or an optimum that is none."""
    pytest.importorskip("highspy")
    assert tried(bound_trial, range(30 * TIMES)).faults == []


def plan_stopped(problem: Problem, looks: int, monkeypatch: pytest.MonkeyPatch) -> Dispatch | None:
    """Return the plan by rules where the time is over at a look at the clock; looks come after every single place."""
    clock = iter(range(10**9))
    with monkeypatch.context() as patch:
        patch.setattr(budget, "time", SimpleNamespace(perf_counter=lambda: float(next(clock))))
        patch.setattr(portions, "portion_size", lambda: 1)
        patch.setattr("dhxl.core.dispatch.priority.portion_size", lambda: 1)
        try:
            # Planning ends after the share of 1; what is left of the plan may take all the rest
            return priority_dispatch(problem, None, Budget(float(looks + 1), 1e9, 10**7), 1.0)
        except NoSolutionError:
            return None


@pytest.mark.parametrize("first", range(7000, 7060, 20))
def test_a_plan_keeps_all_limits_wherever_the_time_ends_it(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: stop the planner anywhere: limits are kept, the cost adds up, and the note says what was not followed.

    Sensitivity: stopped between the heat and the store, or within a block of least times, a limit is broken.
    """
    stopped = 0
    for seed in range(first, first + 20):
        problem = drawn_problem(seed, 4 + seed % 12, store=seed % 3 > 0, memory=seed % 2 > 0, cyclic=seed % 9 == 1)
        try:
            whole = priority_dispatch(problem)
        except NoSolutionError:
            continue
        for looks in (1, 2, 3, 5, 9, 17, 40, 90):
            found = plan_stopped(problem, looks, monkeypatch)
            assert found is not None
            assert recounted_objective(found) == pytest.approx(found.objective_eur, rel=1e-9, abs=1e-6)
            if not found.note:
                assert found.heat_mw.tolist() == whole.heat_mw.tolist()
            else:
                assert "within time_limit_s" in found.note
                stopped += 1
    assert stopped >= 40


def boiler(name: str, heat_mw: float, eur: float, **values: Any) -> Unit:
    """Return a boiler without losses."""
    return Unit(name, Kind.BOILER, heat_mw, heat_efficiency=1.0, fuel_eur_per_mwh=eur, **values)


def test_what_is_not_planned_is_given_by_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no plan at all is a merit order with least loads and times. Sensitivity: left unserved, 10,000 a MWh."""
    units = (boiler("Dear", 9.0, 90.0), boiler("Slow", 2.0, 20.0, min_share=0.5, min_up_h=3.0, min_down_h=2.0),
             boiler("Cheap", 4.0, 40.0, min_share=0.5, count=2))  # fmt: skip
    problem = Problem(units, np.array([0.5, 2.0, 6.0, 9.0, 1.0, 1.0, 12.0]), np.zeros(7))
    found = plan_stopped(problem, 0, monkeypatch)
    assert found is not None
    assert found.unserved_mw.tolist() == [0.0] * 7
    assert found.heat_mw[1].tolist() == [0.0, 2.0, 2.0, 2.0, 1.0, 1.0, 2.0]
    assert found.heat_mw[2].tolist() == [0.0, 0.0, 4.0, 7.0, 0.0, 0.0, 8.0]
    assert found.heat_mw[0].tolist() == [0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]


def test_a_plan_that_memory_does_not_hold_is_completed_by_cost() -> None:
    """Proves: memory ends a plan as time does. Sensitivity: held whole, fifty units take some 400 MB for a year."""
    problem = Problem((boiler("B", 1.0, 30.0, count=50, start_eur=5.0, min_up_h=2.0),), np.full(60, 20.0), np.zeros(60))
    found = priority_dispatch(problem, None, Budget(budget.budget_of(60.0).ends, 60.0, 1000))
    assert "within 500 MB of memory" in found.note
    assert found.unserved_mw.max() == 0.0
    assert found.objective_eur == pytest.approx(60 * 20 * 30)


@pytest.mark.parametrize("seed", range(200))
def test_runs_that_are_added_keep_least_times(seed: int) -> None:
    """Proves: beside runs that are there. Sensitivity: a rest that is too short between an old and a new one."""
    rng = np.random.default_rng(seed)
    up, down = (int(x) for x in rng.integers(1, 5, 2))
    on = np.zeros(24, dtype=bool)
    for _ in range(int(rng.integers(0, 3))):
        begin = int(rng.integers(0, 24))
        trial = on.copy()
        trial[begin : begin + up + int(rng.integers(0, 4))] = True
        on = trial if kept(trial, up, down) else on
    possible = (rng.random(24) < 0.7) & ~on
    added = _runs_added(on, possible, up, down)
    assert not np.any(added & ~possible)
    assert kept(on | added, up, down)
    if up == down == 1:
        assert np.array_equal(added, possible)


def kept(on: np.ndarray, up: int, down: int) -> bool:
    running = on.astype(np.int64)
    change = np.diff(running, prepend=running[:1])
    begun, ended = _sum_of_last(np.maximum(change, 0), up), _sum_of_last(np.maximum(-change, 0), down)
    return bool(np.all(begun <= running) and np.all(ended <= 1 - running))


def test_step_by_step_the_store_does_what_it_must() -> None:
    """Proves: too much heat is stored for the demand that follows, and room is made before what would not fit.

    Sensitivity: hour by hour, the 2 MWh of the first step leave no room for the 3 of the last one.
    """
    limits = (3.0, 3.0, 4.0, 1.0)
    ahead = charge_by_step(
        np.array([4.0, 0.0, 4.0]), np.array([2.0, 0.0, 1.0]), np.array([2.0, 0.0, 0.0]), np.zeros(3), limits, (1.0, 4.0)
    )
    assert ahead is not None
    assert ahead[1].tolist() == [0.0, 0.0, 3.0]
    rejection, spare = np.zeros(4), np.zeros(4)
    none = charge_by_step(np.full(4, 4.0), np.full(4, 1.0), rejection, spare, limits, (0.0, 0.0))
    assert none is None
    filled = charge_by_step(np.zeros(4), np.full(4, 1.0), rejection, np.full(4, 2.0), limits, (0.0, 3.0))
    assert filled is not None
    assert filled[1].sum() == pytest.approx(3.0)
    cyclic = charge_by_step(np.array([5.0, 0.0]), np.array([2.0, 3.0]), np.zeros(2), np.zeros(2), limits, None)
    assert cyclic is not None
    assert cyclic[1].tolist() == pytest.approx([3.0, -3.0])


def test_one_combination_of_many_units_looks_at_the_clock() -> None:
    """Proves: within a step of the enumeration. Sensitivity: 30 units with power took 17 s for one combination."""
    units = tuple(Unit(f"H{k}", Kind.HEAT_PUMP, 1.0, cop=2.0 + 0.1 * k) for k in range(4))
    plant = plant_of(Problem(units, np.ones(3), np.ones(3)))
    grid = Grid(plant.buy, plant.sell, np.inf, np.inf)
    over = Budget(-1.0, 1.0, 10**6)
    with pytest.raises(OverBudgetError, match="time_limit_s = 1 s"):
        cheapest_combination(plant, grid, combinations(plant).on, np.ones(3), over)


@pytest.mark.parametrize("seed", range(7100, 7116))
def test_sums_of_starts_say_the_same_as_each_of_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: long least times are written short. Sensitivity: a sum that is a step too long forbids what may be."""
    pytest.importorskip("highspy")
    problem = drawn_problem(seed, 10, store=seed % 2 > 0, memory=True)
    problem = replace(problem, settings=replace(problem.settings, gap_target=0.0, time_limit_s=10.0))
    monkeypatch.setattr(highs, "LONG_TIME", 1)
    try:
        exact: float | None = dispatch(problem).objective_eur
    except NoSolutionError:
        exact = None
    if exact is None:
        with pytest.raises(NoSolutionError):
            milp_dispatch(problem)
    else:
        assert milp_dispatch(problem).objective_eur == pytest.approx(exact, rel=1e-6, abs=1e-6)


def test_a_model_of_long_least_times_is_no_larger_than_one_of_short_ones() -> None:
    """Proves: entries grow with steps alone. Sensitivity: a start in each of 700 lags made 2 million of them."""
    unit = boiler("Slow", 2.0, 20.0, min_share=0.5, min_up_h=700.0, min_down_h=700.0)
    problem = Problem((unit, boiler("Peak", 5.0, 60.0)), np.full(2000, 3.0), np.zeros(2000), Settings())
    free = np.zeros((2, 2000), dtype=np.int64)
    model = highs._Columns(2000)
    plant = plant_of(problem)
    highs._modelled(problem, plant, highs.Stretch(0, 2000, 0.0, 0.0, free, free + 1), model)
    assert sum(values.size for _, _, values in model.entries) < 30 * 2000
    assert len(model.cost) <= highs._columns_at_most(plant)
