"""Time and memory: what is over them is said, and what is found within them is valid."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from dhxl.core.dispatch import Kind, Problem, Settings, Unit, dispatch, with_store
from dhxl.core.dispatch.budget import Budget, OverBudgetError, budget_of
from dhxl.core.dispatch.commitment import lower_bound
from dhxl.core.dispatch.optimal import optimal_dispatch
from dhxl.core.dispatch.price_bound import price_bound
from dhxl.errors import NoSolutionError
from tests.core.dispatch.drawn import drawn_problem


def plant_with_store(steps: int, **settings: float) -> Problem:
    """Return two engines that are on or off, with start costs, a boiler and a store."""
    rng = np.random.default_rng(3)
    hours = np.arange(steps)
    demand = np.maximum(0.3, 3 + 2.5 * np.cos(2 * np.pi * hours / steps) + rng.normal(0, 0.2, steps))
    price = 80 + 40 * np.sin(2 * np.pi * (hours - 9) / 24) + rng.normal(0, 25, steps)
    engines = tuple(
        Unit(f"C{k}", Kind.CHP, 1.5 - 0.7 * k, min_share=1.0, heat_efficiency=0.47, power_efficiency=0.39,
             fuel_eur_per_mwh=40.0, start_eur=20.0, min_up_h=2.0)
        for k in range(2)
    )  # fmt: skip
    boiler = Unit("B", Kind.BOILER, 6.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
    return Problem((*engines, boiler), demand, price, Settings(charges_eur_per_mwh=40.0, storage_mwh=12.0, **settings))


def test_lists_that_are_not_held_are_computed_again_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: parts, saved places and repetition change no schedule. Sensitivity: a part taken from the wrong place."""
    problem = plant_with_store(120)
    whole = dispatch(problem)
    monkeypatch.setattr(with_store, "WORK_PLAIN", 300)
    monkeypatch.setattr(with_store, "WORK_COMPILED", 300)
    monkeypatch.setattr(with_store, "PIECES_HELD", 900)
    monkeypatch.setattr(with_store, "PIECES_OF_BLOCK", 700)
    again = dispatch(problem)
    assert again.method == "optimal"
    assert again.objective_eur == whole.objective_eur
    assert again.level_mwh.tolist() == whole.level_mwh.tolist()
    assert again.bound_eur == pytest.approx(whole.bound_eur, rel=1e-12)


def test_a_budget_that_is_over_says_which_one() -> None:
    """Proves: neither time nor memory is passed over in silence. Sensitivity: without a look at them, a result."""
    problem = plant_with_store(60)
    with pytest.raises(OverBudgetError, match="within time_limit_s = 7 s"):
        optimal_dispatch(problem, Budget(time.perf_counter() - 1.0, 7.0, 10**9))
    with pytest.raises(OverBudgetError, match="within 500 MB of memory"):
        optimal_dispatch(problem, Budget(time.perf_counter() + 60.0, 60.0, 500))


@pytest.mark.parametrize("method", ["optimal", "milp", "priority"])
def test_every_method_ends_within_the_time_with_a_valid_bound(method: str) -> None:
    """Proves: bounds and preparation are in the time. Sensitivity: uncompiled, the exact bound alone takes a minute."""
    pytest.importorskip("highspy")
    problem = plant_with_store(2000, time_limit_s=2.0)
    problem = replace(problem, settings=replace(problem.settings, method=method))
    begun = time.process_time()
    found = dispatch(problem)
    assert time.process_time() - begun < 3.5
    assert found.bound_eur <= found.objective_eur
    assert found.gap < 0.3
    assert found.method == "optimal" or found.method == method or found.note


@pytest.mark.parametrize("seed", range(400, 440))
def test_what_prices_alone_bound_is_below_every_optimum(seed: int) -> None:
    """Proves: the bound that takes no time is one. Sensitivity: heat in the store at the start counted as made."""
    problem = drawn_problem(seed, 12, store=seed % 2 == 0, memory=seed % 3 == 0)
    try:
        found = dispatch(problem)
    except NoSolutionError:
        return
    bound = price_bound(problem)
    assert np.isfinite(bound)
    assert bound <= found.objective_eur + 1e-9 * abs(found.objective_eur)
    assert lower_bound(problem, Budget(time.perf_counter() - 1.0, 1.0, 10**9)) == bound
    assert bound <= lower_bound(problem, budget_of(20.0)) <= found.objective_eur + 1e-8 * abs(found.objective_eur)


def test_without_minimum_loads_prices_alone_come_near_the_optimum() -> None:
    """Proves: the bound is worth something. Sensitivity: without power in the merit, below half of the cost."""
    boiler = Unit("B", Kind.BOILER, 6.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
    pump = Unit("H", Kind.HEAT_PUMP, 2.0, cop=3.0)
    problem = Problem((boiler, pump), np.array([1.0, 5.0, 4.0]), np.array([90.0, 90.0, 90.0]))
    assert price_bound(problem) == pytest.approx(5 * 30 + 5 * 50)
