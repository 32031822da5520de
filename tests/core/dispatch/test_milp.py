"""The method ``milp`` and the hand-over to it: what ``optimal`` cannot hold is solved visibly, with a valid bound."""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch, highs, milp, optimal
from dhxl.core.dispatch.commitment import committed_dispatch, improved_commitment, lower_bound
from dhxl.core.dispatch.milp import milp_dispatch
from dhxl.core.dispatch.priority import priority_dispatch
from dhxl.errors import InputError, NoSolutionError
from tests.conftest import REPOSITORY
from tests.core.dispatch.drawn import drawn_problem


def drawn(seed: int) -> Problem:
    """Return a small problem of one of four kinds, to be solved to the end."""
    kind = seed % 4
    problem = drawn_problem(seed, 8 + seed % 5, store=kind > 0, memory=kind in (0, 2), cyclic=kind == 3)
    return replace(problem, settings=replace(problem.settings, gap_target=0.0, time_limit_s=10.0))


def by_milp(problem: Problem, beyond: str = "") -> Dispatch | None:
    try:
        return milp_dispatch(problem, beyond)
    except NoSolutionError:
        return None


def by_optimal(problem: Problem) -> Dispatch | None:
    try:
        return dispatch(problem)
    except NoSolutionError:
        return None


@pytest.mark.parametrize("first", range(6000, 6060, 12))
def test_milp_finds_what_optimal_finds(first: int) -> None:
    """Proves: both methods hold the same problem: every kind of unit, limits, store, memory, cyclic level.

    Sensitivity: with HiGHS's rule for parallel rows and columns some of its optima are many times too dear; without the
    exact split of heat after it, costs differ by its tolerance.
    """
    for seed in range(first, first + 12):
        problem = drawn(seed)
        exact, found = by_optimal(problem), by_milp(problem)
        if exact is None or found is None:
            assert exact is found
            continue
        slack = 1e-6 * max(1.0, abs(exact.objective_eur))
        assert found.method == "milp"
        assert found.objective_eur == pytest.approx(exact.objective_eur, rel=1e-6, abs=1e-6)
        assert found.bound_eur <= exact.objective_eur + slack


@pytest.mark.parametrize("first", range(6100, 6148, 12))
def test_a_bound_is_never_above_the_optimum_and_part_by_part_never_dearer(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: the freer plant bounds the cost from below; units solved in turn keep what was reached.

    Sensitivity: a start of a unit that is held and forgotten in the cost would make the turn cheaper than the optimum.
    """
    monkeypatch.setattr("dhxl.core.dispatch.commitment.MOST_FREE_STATES", 8)
    monkeypatch.setattr("dhxl.core.dispatch.commitment.MOST_FREE_COMBINATIONS", 4)
    monkeypatch.setattr("dhxl.core.dispatch.commitment.MOST_COMBINATIONS", 6)
    for seed in range(first, first + 12):
        problem = drawn(seed)
        exact = by_optimal(problem)
        if exact is None or exact.method != "optimal":
            continue
        slack = 1e-7 * max(1.0, abs(exact.objective_eur))
        assert lower_bound(problem) <= exact.objective_eur + slack
        again = committed_dispatch(problem, exact.running, "", -np.inf)
        assert again.objective_eur == pytest.approx(exact.objective_eur, rel=1e-8, abs=1e-6)
        assert again.units.starts == pytest.approx(exact.units.starts)
        try:
            rule = committed_dispatch(problem, priority_dispatch(problem).running, "", -np.inf)
        except NoSolutionError:
            continue
        better = committed_dispatch(problem, improved_commitment(problem, rule.running), "", -np.inf)
        assert exact.objective_eur - slack <= better.objective_eur <= rule.objective_eur + slack


def three_boilers(hours: float, **settings: float) -> Problem:
    """Return three on/off boilers that must run and rest for some hours, and one that fills up."""
    units = [
        Unit(f"B{k}", Kind.BOILER, 1.0 + k, min_share=1.0, min_up_h=hours, min_down_h=hours, start_eur=30.0,
             heat_efficiency=0.9, fuel_eur_per_mwh=30.0 + 5 * k)
        for k in range(3)
    ]  # fmt: skip
    units.append(Unit("Peak", Kind.BOILER, 9.0, heat_efficiency=0.9, fuel_eur_per_mwh=70.0))
    demand = 4.0 + 3.0 * np.sin(np.arange(48) * np.pi / 12)
    return Problem(tuple(units), demand, np.zeros(48), Settings(**settings))


def test_what_optimal_cannot_hold_goes_to_milp_visibly() -> None:
    """Proves: nothing is left out silently, and the result says who solved it, why, and how well.

    Sensitivity: ignoring the least times would return method optimal and a lower cost.
    """
    found = dispatch(three_boilers(20.0))
    assert found.method == "milp"
    assert "64000 states" in found.note
    assert "milp, gap" in found.note
    assert 0.0 <= found.gap <= 1e-5
    for row in found.running[:3]:
        changes = np.flatnonzero(np.diff(row)) + 1
        assert np.all(np.diff(changes) >= 20)


def test_the_hand_over_reaches_the_optimum_that_more_states_prove(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: handed over or not, the same cost. Sensitivity: a poorer start left as it is would be dearer."""
    problem = three_boilers(4.0, storage_mwh=5.0, gap_target=0.0)
    exact = dispatch(problem)
    assert exact.method == "optimal"
    monkeypatch.setattr(optimal, "MOST_STATES", 10)
    handed_over = dispatch(problem)
    assert handed_over.method == "milp"
    assert handed_over.objective_eur == pytest.approx(exact.objective_eur, rel=1e-9)


def test_too_many_combinations_go_to_milp_too() -> None:
    """Proves: thirteen units with minimum loads are solved. Sensitivity: 8192 combinations were refused before."""
    units = tuple(
        Unit(f"B{k}", Kind.BOILER, 1.0 + 0.1 * k, min_share=0.6, heat_efficiency=0.9, fuel_eur_per_mwh=30.0 + k)
        for k in range(13)
    )
    found = dispatch(Problem(units, np.array([3.3, 7.7, 12.1, 0.9]), np.zeros(4), Settings(storage_mwh=1.0)))
    assert found.method == "milp"
    assert "8192 combinations" in found.note
    assert found.gap <= 1e-5


def test_a_long_time_is_improved_stretch_by_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: stretches begin and end at the levels and least times that stand, and close most of the distance.

    Sensitivity: without what runs before and after a stretch, least times would be broken where two meet.
    """
    data = np.genfromtxt(REPOSITORY / "benchmarks" / "dispatch_benchmark.csv", delimiter=",", names=True)[:240]
    chp = Unit("CHP", Kind.CHP, 4.3, min_share=0.5, heat_efficiency=0.44, power_efficiency=0.44, fuel_eur_per_mwh=58.0,
               min_up_h=5.0, min_down_h=4.0, start_eur=60.0)  # fmt: skip
    pump = Unit("Heat pump", Kind.HEAT_PUMP, 5.5, min_share=1.0, cop=4.0, min_up_h=3.0, min_down_h=3.0)
    boiler = Unit("Boiler", Kind.BOILER, 18.0, heat_efficiency=0.9, fuel_eur_per_mwh=58.0)
    settings = Settings(charges_eur_per_mwh=20.0, storage_mwh=6.0, gap_target=1e-3)
    problem = Problem((chp, pump, boiler), data["demand_MW"], data["price_EUR_MWh"], settings)
    exact, rule = dispatch(problem), priority_dispatch(problem)
    monkeypatch.setattr(milp, "AT_ONCE_H", 100.0)
    found = milp_dispatch(problem)
    assert found.objective_eur < rule.objective_eur
    assert exact.objective_eur - 1e-6 <= found.objective_eur <= exact.objective_eur * 1.002
    for row, up, down in ((found.running[0], 5, 4), (found.running[1], 3, 3)):
        edges = np.flatnonzero(np.diff(row)) + 1
        for a, b in itertools.pairwise(edges):
            assert b - a >= (up if row[a] else down)


def test_a_solver_that_contradicts_a_known_cost_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a bound above a cost that has been reached is dropped. Sensitivity: taken, the gap would be negative."""
    problem = replace(three_boilers(4.0), settings=Settings(method="milp"))
    true = milp.least_cost_commitment

    def wrong(*arguments: object) -> highs.Commitment:
        return true(*arguments)._replace(bound_eur=1e9, running=None)  # type: ignore[arg-type]

    monkeypatch.setattr(milp, "least_cost_commitment", wrong)
    found = dispatch(problem)
    assert found.bound_eur <= dispatch(three_boilers(4.0)).objective_eur + 1e-6
    assert found.gap >= 0.0


def test_without_the_solver_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the solver is only needed by milp. Sensitivity: imported at the top, nothing would run without it."""
    monkeypatch.setitem(sys.modules, "highspy", None)
    problem = three_boilers(4.0)
    assert dispatch(problem).method == "optimal"
    with pytest.raises(InputError, match="pip install highspy"):
        dispatch(replace(problem, settings=Settings(method="milp")))
