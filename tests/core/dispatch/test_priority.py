"""The operation strategy of rules: days worked by hand, its laws, and that it never beats the optimum."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, cyclic
from dhxl.core.dispatch.optimal import optimal_dispatch
from dhxl.core.dispatch.priority import priority_dispatch
from dhxl.core.dispatch.result import NotProvenError
from dhxl.errors import DhxlError, InputError, NoSolutionError
from tests.core.dispatch.drawn import drawn_problem

GAS = 0.56 / 9.59 * 1000  # EUR/MWh: 0.56 EUR/Sm3 at 9.59 kWh/Sm3
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "dispatch_benchmark.csv"


def boiler(heat_mw: Any = 10.0, cost: Any = 50.0, name: str = "Boiler", **values: Any) -> Unit:
    """Return a boiler of 50 EUR/MWh heat unless told otherwise."""
    return Unit(name, Kind.BOILER, heat_mw, heat_efficiency=0.8, fuel_eur_per_mwh=0.8 * cost, **values)


def heat_pump(heat_mw: Any = 10.0, name: str = "Heat pump", **values: Any) -> Unit:
    """Return a heat pump of COP 4: a quarter of the power price is the cost of its heat."""
    return Unit(name, Kind.HEAT_PUMP, heat_mw, **({"cop": 4.0} | values))


def chp(heat_mw: Any = 4.0, **values: Any) -> Unit:
    """Return a CHP with as much power as heat, 100 EUR/MWh heat before power."""
    efficiencies = {"heat_efficiency": 0.4, "power_efficiency": 0.4, "fuel_eur_per_mwh": 40.0}
    return Unit("CHP", Kind.CHP, heat_mw, **(efficiencies | values))


def problem_of(units: Any, demand: Any, price: Any = 80.0, **settings: Any) -> Problem:
    """Return a problem of a few steps."""
    demand_mw = np.atleast_1d(np.array(demand, dtype=float))
    prices = np.broadcast_to(np.array(price, dtype=float), demand_mw.shape)
    return Problem(tuple(units), demand_mw, prices, Settings(**settings))


def ruled(units: Any, demand: Any, price: Any = 80.0, **settings: Any) -> Dispatch:
    """Return what the rules give for a few steps."""
    return priority_dispatch(problem_of(units, demand, price, **settings))


def test_the_cheap_unit_carries_the_base_and_the_dear_one_the_peak() -> None:
    """Proves: a day of base and peak. Sensitivity: in order of rows the peak boiler would give all."""
    found = ruled([boiler(9.0), boiler(5.0, 20.0, "Wood")], [3.0, 6.0, 8.0, 4.0])
    assert found.heat_mw.tolist() == [[0.0, 1.0, 3.0, 0.0], [3.0, 5.0, 5.0, 4.0]]
    assert found.cost_eur == pytest.approx(17 * 20 + 4 * 50)
    assert found.method == "priority"


def test_priority_numbers_override_cost_and_come_before_units_without() -> None:
    """Proves: order by number, then by cost. Sensitivity: by cost alone the heat pump would run first."""
    units = [heat_pump(2.0), boiler(3.0, 60.0, "A", priority=2.0), boiler(2.0, 90.0, "B", priority=1.0)]
    found = ruled([*units, boiler(9.0, 10.0, "C")], [4.0, 6.0, 8.0])
    assert found.heat_mw.tolist() == [[0.0, 0.0, 0.0], [2.0, 3.0, 3.0], [2.0, 2.0, 2.0], [0.0, 1.0, 3.0]]


def test_units_of_one_number_run_in_order_of_rows() -> None:
    """Proves: ties. Sensitivity: by cost the second one would run first."""
    found = ruled([boiler(3.0, 60.0, "A", priority=1.0), boiler(3.0, 40.0, "B", priority=1.0)], [4.0])
    assert found.heat_mw[:, 0].tolist() == [3.0, 1.0]


def test_a_chp_runs_in_hours_of_high_price_only() -> None:
    """Proves: heat costs 100 less the price of power. Sensitivity: at the mean price of 65 it would run in all."""
    found = ruled([chp(), boiler()], [4.0] * 4, [40.0, 90.0, 60.0, 70.0])
    assert found.heat_mw.tolist() == [[0.0, 4.0, 4.0, 4.0], [4.0, 0.0, 0.0, 0.0]]
    found = ruled([chp(), boiler()], [4.0] * 4, [40.0, 90.0, 60.0, 70.0], sale_fee_eur_per_mwh=15.0)
    assert found.running[0].tolist() == [0, 1, 0, 1]


def test_cheap_night_power_fills_the_store_through_the_heat_pump() -> None:
    """Proves: tariff periods, and that the store is filled as late as possible in the night.

    Heat of the heat pump costs 20 at night and 60 by day, the boiler's 50; 5 MWh of the day's 12 come from the night.
    Sensitivity: a rule without store leaves 12 MWh to the boiler, which costs 150 EUR more.
    """
    found = ruled([heat_pump(6.0), boiler()], [3.0] * 8, [80.0] * 4 + [240.0] * 4, storage_mwh=5.0)
    assert found.heat_mw[0].tolist() == [3.0, 3.0, 5.0, 6.0, 0.0, 0.0, 0.0, 0.0]
    assert found.level_mwh.tolist() == [0.0, 0.0, 2.0, 5.0, 2.0, 0.0, 0.0, 0.0]
    assert found.heat_mw[1].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 3.0, 3.0]
    assert found.cost_eur == pytest.approx(17 * 20 + 7 * 50)


def test_stored_heat_is_kept_for_the_hours_that_are_dearest() -> None:
    """Proves: a later offer displaces stored heat to later. Sensitivity: hour by hour step 2 empties the store."""
    prices = [80.0, 120.0, 400.0]  # 20, 30 and 100 EUR/MWh heat against 50
    found = ruled([heat_pump(6.0), boiler()], [2.0, 3.0, 4.0], prices, storage_mwh=3.0)
    assert found.level_mwh.tolist() == [3.0, 3.0, 0.0]
    assert found.cost_eur == pytest.approx(5 * 20 + 3 * 30 + 1 * 50)


def test_a_unit_that_cannot_modulate_runs_only_where_it_fits() -> None:
    """Proves: on/off without a store. Sensitivity: relaxed to 0-100 % it would give 3 MW in step 1."""
    found = ruled([heat_pump(4.0, min_share=1.0), boiler()], [3.0, 6.0])
    assert found.heat_mw.tolist() == [[0.0, 4.0], [3.0, 2.0]]
    assert ruled([heat_pump(4.0, min_share=1.0), boiler()], [3.0], heat_rejection_mw=2.0).rejected_mw[0] == 0.0


def test_surplus_of_a_unit_that_cannot_modulate_fills_the_store() -> None:
    """Proves: it runs where demand and store take its whole output. Sensitivity: without store the boiler gives all."""
    found = ruled([heat_pump(4.0, min_share=1.0), boiler()], [3.0] * 4, storage_mwh=1.0)
    assert found.heat_mw.tolist() == [[4.0, 0.0, 4.0, 0.0], [0.0, 2.0, 0.0, 2.0]]
    assert found.level_mwh.tolist() == [1.0, 0.0, 1.0, 0.0]
    slow = ruled([heat_pump(4.0, min_share=1.0), boiler()], [3.0] * 4, storage_mwh=1.0, storage_charge_mw=0.9)
    assert not slow.running[0].any()


def test_equal_units_begin_one_after_the_other() -> None:
    """Proves: count with a least load. Sensitivity: as one block of 8 MW the least load would be 4."""
    found = ruled([boiler(4.0, 20.0, "A", count=2, min_share=0.5), boiler()], [1.0, 3.0, 5.0, 7.0])
    assert found.heat_mw[0].tolist() == [0.0, 3.0, 4.0, 7.0]
    assert found.running[0].tolist() == [0, 1, 1, 2]


def test_own_power_feeds_the_heat_pump_and_moves_it_forward() -> None:
    """Proves: cost of power depends on what is planned. Sensitivity: bought at 110 the heat pump is dearer than 25."""
    units = [chp(min_share=1.0), boiler(9.0, 25.0), heat_pump(8.0)]
    found = ruled(units, [8.0], charges_eur_per_mwh=30.0)
    assert found.heat_mw[:, 0].tolist() == [4.0, 0.0, 4.0]
    assert found.cost_eur == pytest.approx(4 * 100 - 3 * 80)
    assert ruled(units[1:], [8.0], charges_eur_per_mwh=30.0).heat_mw[:, 0].tolist() == [8.0, 0.0]


def test_power_limits_hold_and_own_power_widens_them() -> None:
    """Proves: import and export limits. Sensitivity: unlimited the heat pump gives all 9 MW of step 1."""
    units = [heat_pump(9.0), boiler(9.0, 90.0), chp(2.0, priority=1.0)]
    found = ruled(units[:2], [9.0], import_limit_mw=1.0)
    assert found.heat_mw[:, 0].tolist() == [4.0, 5.0]
    found = ruled(units, [9.0, 2.0], import_limit_mw=0.0, export_limit_mw=0.5)
    assert found.heat_mw.tolist() == [[7.0, 1.5], [0.0, 0.0], [2.0, 0.5]]
    assert found.sold_mw.tolist() == [0.25, 0.125]


def test_heat_that_must_be_taken_comes_first_is_stored_and_else_thrown_away() -> None:
    """Proves: demand, then store, then rejection. Sensitivity: rejection first would leave 2 MWh more to the boiler."""
    waste = Unit("Waste heat", Kind.SOURCE, np.array([5.0, 9.0, 1.0]), om_eur_per_mwh=70.0, must_take=1)
    found = ruled([boiler(), waste], [4.0, 5.0, 4.0], storage_mwh=2.0, heat_rejection_mw=9.0)
    assert found.rejected_mw.tolist() == [0.0, 3.0, 0.0]
    assert found.level_mwh.tolist() == [1.0, 2.0, 0.0]
    assert found.heat_mw[0].tolist() == [0.0, 0.0, 1.0]


def test_heat_is_thrown_away_earlier_where_a_limit_binds_later() -> None:
    """Proves: rejection looks back. Sensitivity: hour by hour step 2 has 1 MWh too much and no operation."""
    waste = Unit("Waste heat", Kind.SOURCE, np.array([5.0, 7.0, 0.0]), must_take=1)
    store = {"storage_mwh": 2.0, "heat_rejection_mw": 1.0}
    found = ruled([boiler(), waste], [4.0, 4.0, 2.0], **store)
    assert found.rejected_mw == pytest.approx([1.0, 1.0, 0.0])
    with pytest.raises(NoSolutionError, match=r"step 2: .*what the store can hold; allow heat_rejection_mw"):
        ruled([boiler(), waste], [4.0, 4.0, 2.0], **(store | {"heat_rejection_mw": 0.5}))
    with pytest.raises(NoSolutionError, match=r"step 1: heat that must be taken exceeds the demand of 4 MW; allow"):
        ruled([boiler(), waste], [4.0, 4.0, 2.0])


def test_quarter_hours_are_quarters_of_the_energy() -> None:
    """Proves: limits in MW, content in MWh. Sensitivity: taken as MWh a step four times as much would move."""
    limits = {"storage_charge_mw": 2.0, "storage_discharge_mw": 1.0, "step_h": 0.25, "storage_mwh": 9.0}
    found = ruled([heat_pump(6.0), boiler()], [3.0] * 4, [80.0, 400.0, 400.0, 400.0], **limits)
    assert found.charge_mw == pytest.approx([2.0, -1.0, -1.0, 0.0])
    assert found.level_mwh == pytest.approx([0.5, 0.25, 0.0, 0.0])
    assert found.cost_eur == pytest.approx(0.25 * (5 * 20 + (2 + 2 + 3) * 50))


def test_heat_lost_in_the_store_counts_in_its_cost() -> None:
    """Proves: what is stored must arrive, and costs 20 / 0.9 a MWh. Sensitivity: at 20 it would displace 22 too."""
    store = {"storage_mwh": 9.0, "storage_loss_per_h": 0.1}
    found = ruled([heat_pump(6.0), boiler(9.0, 23.0)], [3.0, 3.0], [80.0, 400.0], **store)
    assert found.heat_mw.tolist() == [[6.0, 0.0], pytest.approx([0.0, 0.3])]
    assert found.level_mwh == pytest.approx([3.0, 0.0])
    found = ruled([heat_pump(6.0), boiler(9.0, 22.0)], [3.0, 3.0], [80.0, 400.0], **store)
    assert not found.level_mwh.any()


def test_a_cycle_cost_keeps_small_gains_from_cycling_the_store() -> None:
    """Proves: the cost counts in and out. Sensitivity: counted once, 20 + 16 < 50 would move heat."""
    for cycle, level in ((16.0, 0.0), (14.0, 2.0)):
        store = {"storage_mwh": 2.0, "storage_cycle_eur_per_mwh": cycle}
        assert ruled([heat_pump(6.0)], [3.0, 3.0], [80.0, 200.0], **store).level_mwh[0] == level


def test_the_level_at_the_end_is_met_and_by_default_that_at_the_start() -> None:
    """Proves: content at the end is a demand. Sensitivity: a free end would save 50 EUR a MWh."""
    store = {"storage_mwh": 2.0, "storage_start_mwh": 1.0}
    found = ruled([boiler()], [3.0, 3.0], **store)
    assert found.level_mwh[-1] == pytest.approx(1.0)
    assert found.cost_eur == pytest.approx(300.0)
    assert ruled([boiler()], [3.0, 3.0], storage_end_mwh=0.0, **store).cost_eur == pytest.approx(250.0)


def test_demand_gives_way_to_the_level_at_the_end_which_may_be_out_of_reach() -> None:
    """Proves: heat of the last steps is kept, and an error else. Sensitivity: unserved heat does not fill the store."""
    found = ruled([boiler(1.0)], [3.0, 3.0], storage_mwh=9.0, storage_end_mwh=1.5)
    assert found.unserved_mw.tolist() == [2.5, 3.0]
    with pytest.raises(NoSolutionError, match=r"3 MWh are lacking to storage_end_mwh"):
        ruled([boiler(1.0)], [3.0, 3.0], storage_mwh=9.0, storage_end_mwh=5.0)
    with pytest.raises(NoSolutionError, match=r"content at the start of 5 MWh cannot be used up to 1 MWh"):
        ruled([boiler(1.0)], [1.0], storage_mwh=9.0, storage_start_mwh=5.0, storage_end_mwh=1.0)


def test_a_cyclic_store_carries_heat_from_the_last_step_to_the_first() -> None:
    """Proves: the level at both ends follows from the rules. Sensitivity: begun empty it costs 50 x 3 + 20 x 3."""
    found = ruled([heat_pump(6.0)], [3.0, 3.0], [200.0, 80.0], storage_mwh=2.0, storage_cyclic=True)
    assert found.level_mwh.tolist() == [0.0, 2.0]
    assert found.cost_eur == pytest.approx(1 * 50 + 5 * 20)


def test_least_times_are_kept_at_their_mean_cost() -> None:
    """Proves: min_up_h and min_down_h in hours. Sensitivity: in steps of their own, steps 2 and 5 would run alone."""
    prices = [400.0, 80.0, 400.0, 400.0, 80.0, 80.0]  # 100 and 20 EUR/MWh heat against 50
    found = ruled([heat_pump(4.0, min_share=1.0, min_up_h=1.0), boiler()], [4.0] * 6, prices, step_h=0.5)
    assert found.running[0].tolist() == [0, 0, 0, 0, 1, 1]
    rest = heat_pump(4.0, min_share=1.0, min_down_h=1.0)
    found = ruled([rest, boiler()], [4.0] * 4, [80.0, 240.0, 80.0, 80.0], step_h=0.5)
    assert found.running[0].tolist() == [1, 1, 1, 1]  # 60 and 20 are 40 on the average
    found = ruled([rest, boiler()], [4.0] * 4, [80.0, 400.0, 80.0, 80.0], step_h=0.5)
    assert found.running[0].tolist() == [1, 0, 0, 1]


def test_starts_are_paid_but_do_not_matter_for_the_order() -> None:
    """Proves: start_eur. Sensitivity: a rule that avoids starts would run through step 2 at 10 EUR/MWh more."""
    found = ruled([heat_pump(4.0, start_eur=100.0), boiler()], [4.0] * 3, [80.0, 240.0, 80.0])
    assert found.running[0].tolist() == [1, 0, 1]
    assert found.costs.start_eur == pytest.approx(100.0)


def test_a_least_load_that_is_too_much_makes_others_give_way_before_demand_lacks() -> None:
    """Proves: no heat lacks that a unit could give. Sensitivity: by offers alone 1 MW lacks, at 10,000 EUR."""
    units = [boiler(4.0, 20.0, "A", min_share=0.5), boiler(4.0, 50.0, "B", min_share=0.5)]
    found = ruled(units, [5.0])
    assert found.heat_mw[:, 0].tolist() == [3.0, 2.0]
    stiff = [boiler(4.0, 20.0, "A", min_share=1.0), boiler(4.0, 50.0, "B", min_share=0.5)]
    assert ruled(stiff, [5.0]).unserved_mw[0] == 1.0
    assert ruled(stiff, [5.0], heat_rejection_mw=1.0).rejected_mw[0] == 1.0
    assert ruled(units, [5.0], unserved_eur_per_mwh=79.0).unserved_mw[0] == 1.0  # the change costs 80 EUR


def test_heat_that_lacks_is_shown_and_heat_dearer_than_its_lack_is_not_made() -> None:
    """Proves: unserved heat is the last in order. Sensitivity: served at any price it would cost 50."""
    found = ruled([boiler(4.0)], [3.0, 5.0])
    assert found.unserved_mw.tolist() == [0.0, 1.0]
    assert found.objective_eur == pytest.approx(7 * 50 + 10000)
    assert ruled([boiler()], [1.0], unserved_eur_per_mwh=49.0).unserved_mw[0] == 1.0


def test_a_bound_of_another_method_tells_what_the_rules_cost() -> None:
    """Proves: bound and gap; without a bound there is none. Sensitivity: a gap of 0 would claim an optimum."""
    problem = problem_of([heat_pump(4.0, min_share=1.0), boiler()], [3.0], heat_rejection_mw=1.0)
    found = priority_dispatch(problem, optimal_dispatch(problem).bound_eur)
    assert (found.cost_eur, found.bound_eur) == pytest.approx((150.0, 80.0))
    assert found.gap == pytest.approx(70 / 150)
    assert priority_dispatch(problem).bound_eur == -math.inf


def check_laws(problem: Problem, found: Dispatch) -> None:
    """Assert what holds for every dispatch: balances, limits, least times, content of the store."""
    settings, h = problem.settings, problem.settings.step_h
    demand = found.heat_mw.sum(axis=0) + found.unserved_mw - found.rejected_mw - found.charge_mw
    assert demand == pytest.approx(problem.demand_mw, abs=1e-7)
    begin = found.level_mwh[-1] if settings.storage_cyclic else settings.storage_start_mwh
    before = np.concatenate(([begin], found.level_mwh[:-1]))
    kept = before * (1 - settings.storage_loss_per_h) ** h
    assert found.level_mwh == pytest.approx(kept + found.charge_mw * h, abs=1e-7)
    if settings.storage_mwh > 0 and not settings.storage_cyclic:
        assert found.level_mwh[-1] == pytest.approx(settings.level_at_end_mwh, abs=1e-7)
    assert np.all((found.level_mwh >= -1e-7) & (found.level_mwh <= settings.storage_mwh + 1e-7))
    assert np.all(found.charge_mw <= settings.storage_charge_mw + 1e-7)
    assert np.all(-found.charge_mw <= settings.storage_discharge_mw + 1e-7)
    assert np.all(found.bought_mw <= np.asarray(settings.import_limit_mw) + 1e-7)
    assert np.all(found.sold_mw <= np.asarray(settings.export_limit_mw) + 1e-7)
    assert np.all(found.rejected_mw <= np.asarray(settings.heat_rejection_mw) + 1e-7)
    assert found.rejected_mw.min() >= -1e-9
    assert np.all((found.unserved_mw >= 0.0) & (found.unserved_mw <= problem.demand_mw + 1e-9))
    assert found.heat_mw.min(initial=0.0) >= -1e-9
    for unit, heat, running in zip(problem.units, found.heat_mw, found.running, strict=True):
        full = np.asarray(unit.heat_mw) * unit.available
        assert np.all(heat <= running * full + 1e-7)
        assert np.all(running <= unit.count)
        if unit.must_take:
            assert heat == pytest.approx(full * unit.count + np.zeros(problem.steps))
        else:
            assert np.all(heat >= running * np.asarray(unit.min_share) * unit.heat_mw - 1e-7)
        if unit.count == 1:
            changes = np.flatnonzero(np.diff(running)) + 1
            for first, last in pairwise(changes):
                assert (last - first) * h >= (unit.min_up_h if running[first] else unit.min_down_h) - 1e-9


@pytest.mark.parametrize("first", range(7140, 7340, 20))
def test_the_rules_keep_every_law_and_never_beat_the_optimum(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what the rules plan can be done, and costs no less than the least cost.

    Sensitivity: heat put into the store without looking ahead overfills it within a few draws, and levels that go on
    falling below zero cost less than the optimum.
    """
    monkeypatch.setattr(cyclic, "MOST_BOUNDS", 20)
    compared = 0
    for seed in range(first, first + 20):
        ring = seed % 10 == 6
        problem = drawn_problem(seed, 6 + seed % 9, store=seed % 4 != 0 or ring, memory=seed % 2 == 1, cyclic=ring)
        if seed % 5 == 0:
            units = [replace(u, priority=float(k % 3)) if k % 2 else u for k, u in enumerate(problem.units)]
            problem = replace(problem, units=tuple(units))
        try:
            least = optimal_dispatch(problem)
        except (InputError, NotProvenError):
            continue
        except NoSolutionError:
            with pytest.raises(NoSolutionError):
                priority_dispatch(problem)
            continue
        found = priority_dispatch(problem)
        check_laws(problem, found)
        proven = least.gap < 1e-8
        assert found.objective_eur >= (least.objective_eur if proven else least.bound_eur) - 1e-7
        compared += proven
    assert compared >= 14


def test_free_modulation_without_losses_is_dispatched_at_least_cost() -> None:
    """Proves: placing the cheapest heat first is optimal where every unit goes down to 0 and power is not shared.

    Sensitivity: a rule that goes hour by hour, or that keeps stored heat for no later hour, misses the optimum.
    """
    for seed in range(60):
        rng = np.random.default_rng(seed)
        units = [boiler(float(rng.uniform(1, 6)), rng.uniform(10, 90, 24), f"B{k}") for k in range(4)]
        limits = {"storage_charge_mw": 3.0, "storage_discharge_mw": float(rng.choice([2.0, 9.0]))}
        problem = problem_of(units, rng.uniform(0, 12, 24), storage_mwh=float(rng.uniform(0, 12)), **limits)
        assert priority_dispatch(problem).objective_eur == pytest.approx(optimal_dispatch(problem).objective_eur)


def test_the_rules_cost_a_few_percent_in_the_benchmark_year() -> None:
    """Proves: a year is planned, all of it served, near the optimum. Sensitivity: without store it costs 24 % more."""
    data = np.genfromtxt(BENCHMARK, delimiter=",", names=True)
    efficiency: dict[str, Any] = {"heat_efficiency": 0.4433, "power_efficiency": 0.4433, "fuel_eur_per_mwh": GAS}
    units = (
        Unit("CHP", Kind.CHP, 4.3, min_share=0.5, om_eur_per_mwh=10.0, **efficiency),
        Unit("Heat pump 1", Kind.HEAT_PUMP, 5.5, min_share=1.0, cop=4.0),
        Unit("Heat pump 2", Kind.HEAT_PUMP, 5.5, min_share=0.5, cop=4.0),
        Unit("Boilers", Kind.BOILER, 4.5, count=2, heat_efficiency=0.9, fuel_eur_per_mwh=GAS),
    )
    store: dict[str, Any] = {"storage_mwh": 2.9, "storage_charge_mw": 10.0, "storage_discharge_mw": 10.0}
    problem = Problem(units, data["demand_MW"], data["price_EUR_MWh"], Settings(charges_eur_per_mwh=20.0, **store))
    found = priority_dispatch(problem, bound_eur=1309905.3405)
    check_laws(problem, found)
    assert found.first_unserved_step is None
    assert 0.0 < found.gap < 0.03


def test_every_error_of_the_rules_is_one_of_the_tree() -> None:
    """Proves: no stray exception over kinds of problem that have no operation. Sensitivity: an index out of range."""
    problems = [drawn_problem(seed, 2 + seed % 3, store=True, cyclic=seed % 2 == 0) for seed in range(60)]
    for problem in problems:
        try:
            check_laws(problem, priority_dispatch(problem))
        except DhxlError as error:
            assert isinstance(error, NoSolutionError)
