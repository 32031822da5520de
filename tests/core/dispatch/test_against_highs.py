"""Random problems are solved to the optimum that HiGHS finds at gap 0: at least 512 of 568 must have been compared."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, cyclic, dispatch
from dhxl.core.dispatch.problem import Problem
from dhxl.errors import NoSolutionError
from tests.core.dispatch.drawn import drawn_problem
from tests.core.dispatch.oracle import checked_least_objective

pytest.importorskip("highspy")


def agrees(problem: Problem) -> bool:
    """Return whether a proven optimum was compared; fail where it differs, or where a bound or a cost is wrong."""
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            found: Dispatch | None = dispatch(problem)
    except NoSolutionError:
        found = None
    try:
        least = checked_least_objective(problem, None if found is None else found.objective_eur)
    except TimeoutError:
        return False
    if found is None or least is None:
        assert found is None
        assert least is None
        return True
    if found.method == "optimal":
        assert found.gap <= 1e-8
        assert found.objective_eur == pytest.approx(least, rel=1e-8, abs=1e-6)
        return True
    assert found.note
    slack = 1e-6 * max(1.0, abs(least))
    assert found.bound_eur - slack <= least <= found.objective_eur + slack
    return False


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_steps_by_themselves_cost_as_little_as_highs_finds(first: int) -> None:
    """Proves: enumeration, duality over the power price and limits of power are exact for every kind of unit.

    Sensitivity: leaving out the swap prices between sell and buy loses up to some percent in these draws.
    """
    compared = [agrees(drawn_problem(seed, 12 + seed % 13)) for seed in range(first, first + 20)]
    assert all(compared)


@pytest.mark.parametrize("first", range(1000, 1180, 10))
def test_a_store_is_used_as_well_as_highs_finds(first: int) -> None:
    """Proves: the piecewise-linear programme is exact with losses, cycle costs, limits, step lengths and any end level.

    Sensitivity: keeping only left ends of pieces, or a grid of levels, misses optima by 1e-4 and more.
    """
    compared = [agrees(drawn_problem(seed, 10 + seed % 9, store=True)) for seed in range(first, first + 10)]
    assert sum(compared) >= 9


@pytest.mark.parametrize("first", range(2000, 2140, 10))
def test_start_costs_and_least_times_are_followed_as_highs_does(first: int) -> None:
    """Proves: the phases of units that remember are complete, with and without a store.

    Sensitivity: charging a start in the first step, or letting a unit switch one step early, shows at once.
    """
    compared = [
        agrees(drawn_problem(seed, 8 + seed % 6, store=seed % 3 > 0, memory=True)) for seed in range(first, first + 10)
    ]
    assert sum(compared) >= 9


@pytest.mark.parametrize("first", range(3000, 3048, 8))
def test_a_cyclic_store_finds_the_level_that_highs_finds(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the bound over all levels at the start is valid and met; where it is not met, that is said.

    Sensitivity: an empty store at both ends costs more in two thirds of these draws.
    """
    monkeypatch.setattr(cyclic, "MOST_BOUNDS", 60)
    problems = [drawn_problem(seed, 5 + seed % 4, store=True, cyclic=True) for seed in range(first, first + 8)]
    assert sum(map(agrees, problems)) >= 4
