"""What holds for every dispatch."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.core.dispatch import Dispatch, Kind, Problem, Unit, dispatch
from dhxl.errors import InputError, NoSolutionError
from tests.core.dispatch.drawn import drawn_problem

PROBLEMS = st.builds(
    drawn_problem,
    st.integers(0, 10**6),
    st.integers(2, 12),
    store=st.booleans(),
    memory=st.booleans(),
)


def solved(problem: Problem) -> Dispatch | None:
    """Return the dispatch, None where there is none or the problem is outside the family."""
    try:
        return dispatch(problem)
    except (InputError, NoSolutionError):
        return None


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(PROBLEMS)
def test_energy_and_money_balance_in_every_step(problem: Problem) -> None:
    found = solved(problem)
    if found is None:
        return
    given_settings, h = problem.settings, problem.settings.step_h
    demand = found.heat_mw.sum(axis=0) + found.unserved_mw - found.rejected_mw - found.charge_mw
    assert demand == pytest.approx(problem.demand_mw, abs=1e-7)
    assert found.bought_mw + found.power_out_mw == pytest.approx(found.sold_mw + found.power_in_mw, abs=1e-9)
    assert found.own_use_mw + found.sold_mw == pytest.approx(found.power_out_mw, abs=1e-9)
    before = np.concatenate(([given_settings.storage_start_mwh], found.level_mwh[:-1]))
    kept = before * (1 - given_settings.storage_loss_per_h) ** h
    assert found.level_mwh == pytest.approx(kept + found.charge_mw * h, abs=1e-7)
    assert found.cost_eur == pytest.approx(sum(getattr(found.costs, part.name) for part in fields(found.costs)))
    assert 0.0 <= found.gap <= (1e-8 if found.method == "optimal" else given_settings.gap_target)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(PROBLEMS)
def test_no_limit_is_broken(problem: Problem) -> None:
    found = solved(problem)
    if found is None:
        return
    given_settings = problem.settings
    assert found.heat_mw.min(initial=0.0) >= -1e-9
    assert np.all(found.bought_mw <= np.asarray(given_settings.import_limit_mw) + 1e-7)
    assert np.all(found.sold_mw <= np.asarray(given_settings.export_limit_mw) + 1e-7)
    assert np.all(found.rejected_mw <= np.asarray(given_settings.heat_rejection_mw) + 1e-7)
    assert np.all((found.unserved_mw >= -1e-9) & (found.unserved_mw <= problem.demand_mw + 1e-9))
    assert np.all((found.level_mwh >= -1e-7) & (found.level_mwh <= given_settings.storage_mwh + 1e-7))
    assert np.all(found.charge_mw <= given_settings.storage_charge_mw + 1e-7)
    assert np.all(-found.charge_mw <= given_settings.storage_discharge_mw + 1e-7)
    for unit, heat, running in zip(problem.units, found.heat_mw, found.running, strict=True):
        full = np.asarray(unit.heat_mw) * unit.available
        assert np.all(heat <= running * full + 1e-7)
        if not unit.must_take:
            assert np.all(heat >= running * np.asarray(unit.min_share) * unit.heat_mw - 1e-7)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(PROBLEMS)
def test_another_unit_or_a_store_that_is_empty_at_both_ends_never_raises_the_cost(problem: Problem) -> None:
    """Beyond the certified gap, which is 1e-8 wherever the method is optimal."""
    found = solved(problem)
    if found is None:
        return
    slack = 1e-8 * abs(found.objective_eur) + 1e-6
    boiler = Unit("another", Kind.BOILER, 2.0, min_share=0.3, heat_efficiency=0.8, fuel_eur_per_mwh=50.0)
    more = solved(replace(problem, units=(*problem.units, boiler)))
    assert more is None or more.bound_eur <= found.objective_eur + slack
    if problem.settings.storage_mwh == 0:
        stored = solved(replace(problem, settings=replace(problem.settings, storage_mwh=3.0)))
        assert stored is None or stored.bound_eur <= found.objective_eur + slack


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(PROBLEMS, st.sampled_from(["export_limit_mw", "import_limit_mw", "heat_rejection_mw"]))
def test_a_wider_limit_never_raises_the_cost(problem: Problem, limit: str) -> None:
    """Beyond the certified gap; a wider export limit is more of the option to sell."""
    found = solved(problem)
    if found is None:
        return
    wide = solved(replace(problem, settings=replace(problem.settings, **{limit: 1e3})))
    assert wide is not None
    assert wide.bound_eur <= found.objective_eur + 1e-8 * abs(found.objective_eur) + 1e-6
