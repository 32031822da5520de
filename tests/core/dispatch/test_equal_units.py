"""Equal units count as one kind with a number: how many are in which phase, not which one of them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Kind, Problem, Settings, Unit, dispatch
from dhxl.core.dispatch.memory import _kind, count_states
from dhxl.core.dispatch.plant import kinds_of
from dhxl.errors import NoSolutionError
from tests.core.dispatch.drawn import drawn_problem
from tests.core.dispatch.oracle import checked_least_objective


def boilers(count: int, eur: float, **values: Any) -> Unit:
    """Return equal boilers of half a MW."""
    return Unit(f"B{eur}", Kind.BOILER, 0.5, count=count, min_share=0.4, heat_efficiency=0.9, fuel_eur_per_mwh=eur,
                **values)  # fmt: skip


@pytest.mark.parametrize(("members", "rest", "operation"), [*itertools.product((1, 2, 3), (1, 2, 3), (1, 2, 4))])
def test_the_moves_are_those_of_the_single_units(members: int, rest: int, operation: int) -> None:
    """Proves: each unit by itself leads to the same. Sensitivity: a unit that has just got ready may not yet."""
    found = _kind(members, rest, operation)
    last_at_rest, last = rest - 1, rest + operation - 1
    states = list(itertools.combinations_with_replacement(range(last + 1), members))
    for k, state in enumerate(states):
        single = [
            [(phase, 0)] + [(rest, 1)] * (phase == last_at_rest) + [(0, -1)] * (phase == last)
            if phase in (last_at_rest, last)
            else [(phase + 1, 0)]
            for phase in state
        ]
        expected = set()
        for choice in itertools.product(*single):
            switches = [way for _, way in choice]
            if not (1 in switches and -1 in switches):
                expected.add((tuple(sorted(phase for phase, _ in choice)), switches.count(1)))
        moves = range(found.at[k], found.at[k + 1])
        assert {(states[found.to[m]], int(found.starts[m])) for m in moves} == expected
        assert len(moves) == len(expected)
        assert found.running[k] == sum(phase >= rest for phase in state)


def test_states_are_counted_and_not_multiplied() -> None:
    """Proves: 17 states for 16 units with start costs, 120 for three of 8 phases. Sensitivity: 65536 and 512."""
    assert count_states(*planted(boilers(16, 40.0, start_eur=5.0))) == 17
    assert count_states(*planted(boilers(3, 40.0, min_up_h=4.0, min_down_h=4.0))) == 120


def planted(*units: Unit) -> tuple[Problem, Any]:
    problem = Problem(units, np.ones(24), np.ones(24))
    return problem, kinds_of(problem)


def test_two_kinds_of_sixteen_are_solved_to_the_optimum() -> None:
    """Proves: start costs of many equal units are within reach. Sensitivity: as a product, 4294967296 states."""
    demand = 3 + 2 * (np.arange(24) % 7) / 3
    units = (boilers(16, 40.0, start_eur=10.0), boilers(16, 60.0, start_eur=10.0))
    found = dispatch(Problem(units, demand, np.zeros(24), Settings(storage_mwh=1.0)))
    assert found.method == "optimal"
    assert found.gap <= 1e-8
    begun = np.maximum(np.diff(found.running, axis=1), 0).sum(axis=1)
    assert found.units.starts.tolist() == begun.tolist()


@pytest.mark.parametrize("first", range(8000, 8060, 10))
def test_equal_units_are_run_as_highs_runs_them(first: int) -> None:
    """Proves: one by one or as a number, the same optimum, with least times, start costs and a store.

    Sensitivity: a start cost of all where one starts, or a rest that is a step too short, shows at once.
    """
    pytest.importorskip("highspy")
    compared = 0
    for seed in range(first, first + 10):
        rng = np.random.default_rng(seed)
        problem = drawn_problem(seed, 6 + seed % 4, store=seed % 3 > 0, memory=True)
        units = [u if u.must_take else replace(u, count=int(rng.integers(1, 5))) for u in problem.units[:3]]
        problem = replace(problem, units=tuple(units))
        try:
            found = dispatch(problem)
        except NoSolutionError:
            continue
        try:
            least = checked_least_objective(problem, found.objective_eur)
        except TimeoutError:
            continue
        assert least is not None
        assert found.bound_eur - 1e-6 * max(1.0, abs(least)) <= least
        if found.method == "optimal":
            assert found.objective_eur == pytest.approx(least, rel=1e-8, abs=1e-6)
            compared += 1
    assert compared >= 5
