"""The three methods keep the same laws, at the edges of what may be asked too, and no solver is believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch, milp
from dhxl.core.dispatch.accounts import checked_bound
from dhxl.core.dispatch.limits import require_possible
from dhxl.core.dispatch.result import WrongResultError
from dhxl.errors import NoSolutionError
from tests.core.dispatch.edges import edge_problem
from tests.core.dispatch.oracle import checked_least_objective

METHODS = ("optimal", "milp", "priority")


def by(method: str, problem: Problem, **settings: Any) -> Dispatch:
    given = replace(problem.settings, method=method, **settings)
    return dispatch(replace(problem, settings=given))


@pytest.mark.parametrize("first", range(0, 160, 20))
def test_at_the_edges_every_method_is_at_the_optimum_or_within_its_gap(first: int) -> None:
    """Proves: units that are not there or not available, limits of zero, one step, high loss, no units, nothing asked.

    Sensitivity: a unit of count 0 that delivers heat costs less than the least there is.
    """
    pytest.importorskip("highspy")
    compared = 0
    for seed in range(first, first + 20):
        problem = edge_problem(seed)
        for method in METHODS:
            try:
                found = by(method, problem, gap_target=0.0, time_limit_s=20.0)
            except NoSolutionError:
                found = None
            try:
                least = checked_least_objective(problem, None if found is None else found.objective_eur)
            except TimeoutError:
                continue
            if found is None or least is None:
                assert least is None or method == "priority"
                assert found is None or least is not None
                continue
            slack = 1e-6 * max(1.0, abs(least))
            assert found.bound_eur - slack <= least <= found.objective_eur + slack
            if method != "priority":
                assert found.objective_eur == pytest.approx(least, rel=1e-6, abs=1e-6)
            compared += 1
    assert compared >= 45


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "values",
    [{}, {"min_share": 0.3}, {"start_eur": 50.0}, {"min_share": 0.3, "min_up_h": 2.0}, {"min_share": 1.0}],
    ids=str,
)
@pytest.mark.parametrize("absent", [{"count": 0}, {"available": 0.0}], ids=str)
def test_a_unit_that_is_not_there_delivers_nothing_and_costs_nothing(
    method: str, values: dict[str, float], absent: dict[str, Any]
) -> None:
    """Proves: off is off. Sensitivity: by priority it gave 11 MWh from a boiler that is not there."""
    off = Unit("Off", Kind.BOILER, 10.0, heat_efficiency=0.9, fuel_eur_per_mwh=20.0, **values, **absent)  # type: ignore[arg-type]
    other = Unit("Other", Kind.BOILER, 5.0, heat_efficiency=0.9, fuel_eur_per_mwh=60.0)
    found = by(method, Problem((off, other), np.array([1.0, 3.0, 8.0]), np.zeros(3)))
    assert found.heat_mw.tolist() == [[0.0, 0.0, 0.0], [1.0, 3.0, 5.0]]
    assert found.units.cost_eur[0] == 0.0
    assert found.cost_eur == pytest.approx(9 * 60 / 0.9)
    assert found.gap == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_without_units_all_heat_lacks(method: str) -> None:
    """Proves: an empty table is a plant. Sensitivity: milp ended with an error of its own."""
    found = by(method, Problem((), np.array([1.0, 2.0]), np.zeros(2)))
    assert found.objective_eur == pytest.approx(30_000.0)
    assert found.unserved_mw.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("loss", [0.5, 0.99, 0.999])
@pytest.mark.parametrize("step_h", [0.25, 1.0, 24.0])
def test_a_store_of_high_loss_without_units_is_solved(loss: float, step_h: float) -> None:
    """Proves: heat that decays to nothing is no contradiction. Sensitivity: no operation was called possible."""
    settings = Settings(storage_mwh=10.0, storage_start_mwh=5.0, storage_end_mwh=0.0, storage_loss_per_h=loss,
                        step_h=step_h, heat_rejection_mw=50.0)  # fmt: skip
    problem = Problem((), np.array([0.0, 2.0, 1.0]), np.zeros(3), settings)
    pytest.importorskip("highspy")
    exact, other = by("optimal", problem), by("milp", problem)
    assert exact.method == "optimal"
    assert other.objective_eur == pytest.approx(exact.objective_eur, rel=1e-6)


def good() -> Dispatch:
    """Return a dispatch of two boilers and a store over six steps."""
    slow = Unit("Slow", Kind.BOILER, 2.0, min_share=0.5, min_up_h=2.0, min_down_h=2.0, heat_efficiency=0.9,
                fuel_eur_per_mwh=30.0)  # fmt: skip
    peak = Unit("Peak", Kind.BOILER, 5.0, heat_efficiency=0.9, fuel_eur_per_mwh=70.0)
    demand = np.array([0.2, 1.0, 3.0, 2.0, 0.2, 1.0])
    return dispatch(Problem((slow, peak), demand, np.zeros(6), Settings(storage_mwh=1.5, heat_rejection_mw=0.1)))


def broken(**changes: Any) -> Dispatch:
    return replace(good(), **changes)


def raised(values: np.ndarray, place: Any, by_mw: float) -> np.ndarray:
    changed = values.copy()
    changed[place] += by_mw
    return changed


def test_the_one_place_that_evaluates_a_schedule_lets_a_good_one_pass() -> None:
    require_possible(good())


@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        ("the heat balance", lambda d: {"heat_mw": raised(d.heat_mw, (1, 2), 0.1)}),
        ("heat_mw of unit Slow", lambda d: {"heat_mw": d.heat_mw + np.array([[3.0], [-3.0]])}),
        ("count of unit Slow", lambda d: {"running": raised(d.running, (0, 1), 1)}),
        (
            "min_share of unit Slow",
            lambda d: {"heat_mw": d.heat_mw - d.heat_mw[0] * [[0.9], [-0.9]]},
        ),
        ("demand", lambda d: {"unserved_mw": d.unserved_mw - 0.1, "rejected_mw": d.rejected_mw - 0.1}),
        ("heat_rejection_mw", lambda d: {"unserved_mw": d.unserved_mw + 0.2, "rejected_mw": d.rejected_mw + 0.2}),
        ("storage_mwh", lambda d: {"level_mwh": d.level_mwh + 2.0}),
        ("the balance of the store", lambda d: {"level_mwh": raised(d.level_mwh, 3, 1e-4)}),
        ("min_up_h", lambda d: {"running": np.array([[0, 1, 0, 0, 0, 0], d.running[1]])}),
        ("min_down_h", lambda d: {"running": np.array([[1, 1, 1, 0, 1, 1], d.running[1]])}),
    ],
)
def test_a_schedule_that_breaks_a_limit_is_refused_whoever_made_it(limit: str, changes: Any) -> None:
    """Proves: each limit by itself. Sensitivity: a check left out lets its case pass."""
    found = good()
    with pytest.raises(WrongResultError, match="breaks"):
        require_possible(replace(found, **changes(found)))
    with pytest.raises(WrongResultError) as caught:
        only = replace(found, **changes(found))
        limits = dict(milp_limits(only))
        assert limits[limit] > 1e-6
        require_possible(only)
    assert "schedule of method optimal" in str(caught.value)


def milp_limits(found: Dispatch) -> list[tuple[str, float]]:
    """Return every limit, without the unit's name where it does not matter, and by how much it is broken."""
    from dhxl.core.dispatch.limits import _excesses

    told = []
    for name, excess in _excesses(found):
        most = float(np.max(excess, initial=0.0))
        told += [(name, most), (name.split(" (")[0].removeprefix("the ") if "(" in name else name, most)]
        if most > 1e-6:
            told.append((name.split(" of unit")[0], most))
    return told


def test_a_bound_above_a_cost_is_a_fault_and_no_gap_of_nothing() -> None:
    """Proves: what cannot be is told. Sensitivity: cut to the cost, a wrong bound looks like a proof."""
    assert checked_bound(99.0, 100.0) == 99.0
    assert checked_bound(100.0 + 1e-9, 100.0) == 100.0
    with pytest.raises(WrongResultError, match="above a cost"):
        checked_bound(101.0, 100.0)


@pytest.mark.parametrize("lie", ["dearer", "impossible"])
def test_a_solver_whose_result_does_not_hold_solves_again(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what HiGHS says is worked out. Sensitivity: believed, the cost is above the optimum, or there is none."""
    pytest.importorskip("highspy")
    problem = good().problem
    exact = dispatch(problem).objective_eur
    true = milp.least_cost_commitment
    asked: list[bool] = []

    def lying(*arguments: Any, presolve: bool = True) -> Any:
        found = true(*arguments, presolve=presolve)
        asked.append(presolve)
        if not presolve:
            return found
        if lie == "impossible":
            return found._replace(running=None, bound_eur=-np.inf, possible=False)
        worse = np.zeros_like(found.running)
        return found._replace(running=worse, bound_eur=exact, ended=True)

    monkeypatch.setattr(milp, "least_cost_commitment", lying)
    monkeypatch.setattr(milp, "_by_rule", lambda *_: None)
    found = by("milp", problem, gap_target=0.0)
    assert asked == [True, False]
    assert found.objective_eur == pytest.approx(exact, rel=1e-9)
