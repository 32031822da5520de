"""Cases that are solved by hand, one for every column of the units and every setting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch
from dhxl.errors import InputError, NoSolutionError


def boiler(heat_mw: Any = 10.0, name: str = "Boiler", **values: Any) -> Unit:
    """Return a boiler at 50 EUR/MWh heat unless told otherwise."""
    return Unit(name, Kind.BOILER, heat_mw, **({"heat_efficiency": 0.8, "fuel_eur_per_mwh": 40.0} | values))


def heat_pump(heat_mw: Any = 10.0, name: str = "Heat pump", **values: Any) -> Unit:
    """Return a heat pump of COP 4."""
    return Unit(name, Kind.HEAT_PUMP, heat_mw, **({"cop": 4.0} | values))


def chp(heat_mw: Any = 4.0, **values: Any) -> Unit:
    """Return a CHP with as much power as heat, fuel at 40 EUR/MWh, 100 EUR/MWh heat before power."""
    efficiencies = {"heat_efficiency": 0.4, "power_efficiency": 0.4, "fuel_eur_per_mwh": 40.0}
    return Unit("CHP", Kind.CHP, heat_mw, **(efficiencies | values))


def solved(units: Any, demand: Any, price: Any = 80.0, **settings: Any) -> Dispatch:
    """Return the dispatch of a few steps."""
    demand_mw = np.atleast_1d(np.array(demand, dtype=float))
    prices = np.broadcast_to(np.array(price, dtype=float), demand_mw.shape)
    return dispatch(Problem(tuple(units), demand_mw, prices, Settings(**settings)))


def test_cheaper_heat_runs_first_and_the_dearer_unit_fills_up() -> None:
    """Proves: merit order by cost of heat. Sensitivity: in order of rows the boiler would give all, 250 EUR."""
    found = solved([boiler(), heat_pump(3.0)], [5.0])
    assert found.heat_mw[:, 0] == pytest.approx([2.0, 3.0])
    assert found.cost_eur == pytest.approx(2 * 50 + 3 * 20)


def test_ties_go_to_the_unit_that_stands_first() -> None:
    """Proves: results are deterministic. Sensitivity: a split in equal parts would cost the same."""
    found = solved([boiler(4.0, "A"), boiler(4.0, "B")], [5.0])
    assert found.heat_mw[:, 0] == pytest.approx([4.0, 1.0])


def test_several_equal_units_run_one_after_the_other() -> None:
    """Proves: count, and the number of running units and their starts. Sensitivity: one block of 9 MW never starts."""
    found = solved([boiler(3.0, count=3)], [2.0, 8.0, 2.0, 5.0])
    assert found.running[0].tolist() == [1, 3, 1, 2]
    assert found.units.starts[0] == 3
    assert found.units.full_load_hours[0] == pytest.approx(17 / 9)


def test_minimum_loads_of_equal_units_leave_a_gap() -> None:
    """Proves: two units at 50 % cannot give less than one at 50 %. Sensitivity: as one block the minimum would be 4."""
    units = [boiler(4.0, "A", count=2, min_share=0.5), boiler(9.0, "B", fuel_eur_per_mwh=80.0)]
    assert solved(units, [1.0]).heat_mw[:, 0] == pytest.approx([0.0, 1.0])
    assert solved(units, [3.0]).heat_mw[:, 0] == pytest.approx([3.0, 0.0])
    assert solved(units, [5.0]).heat_mw[:, 0] == pytest.approx([5.0, 0.0])


def test_an_on_off_unit_runs_only_where_it_fits() -> None:
    """Proves: min_share 1. Sensitivity: relaxed to 0-100 % the heat pump would give 3 MW in step 1."""
    found = solved([heat_pump(4.0, min_share=1.0), boiler()], [3.0, 6.0])
    assert found.heat_mw.tolist() == [[0.0, 4.0], [3.0, 2.0]]


def test_heat_thrown_away_lets_the_on_off_unit_run() -> None:
    """Proves: heat_rejection_mw, as much as allowed. Sensitivity: without it step 1 costs 150 on the boiler."""
    found = solved([heat_pump(4.0, min_share=1.0), boiler()], [3.0, 2.0], heat_rejection_mw=1.5)
    assert found.heat_mw.tolist() == [[4.0, 0.0], [0.0, 2.0]]
    assert found.rejected_mw.tolist() == [1.0, 0.0]
    assert found.cost_eur == pytest.approx(4 * 20 + 2 * 50)


def test_availability_and_hourly_cop_follow_their_series() -> None:
    """Proves: numbers that change with the step. Sensitivity: with the mean COP of 3 step 2 would stay on heat pump."""
    found = solved(
        [heat_pump(4.0, cop=np.array([4.0, 1.5, 4.0]), available=np.array([1.0, 1.0, 0.5])), boiler()], [4.0] * 3
    )
    assert found.heat_mw[0].tolist() == [4.0, 0.0, 2.0]
    assert found.cost_eur == pytest.approx(80 + 200 + 40 + 100)


def test_a_unit_whose_minimum_is_not_available_stays_off() -> None:
    """Proves: the minimum load refers to full load. Sensitivity: scaled with availability it would run at 1.2 MW."""
    found = solved([heat_pump(4.0, min_share=0.5, available=0.3), boiler()], [4.0])
    assert found.heat_mw[:, 0] == pytest.approx([0.0, 4.0])


def test_own_power_feeds_the_heat_pump_before_it_is_sold() -> None:
    """Proves: the kink between buying and selling. Sensitivity: sold at 80 and bought at 110 costs 30 more."""
    found = solved([chp(min_share=1.0), heat_pump(8.0)], [8.0], charges_eur_per_mwh=30.0)
    assert found.heat_mw[:, 0] == pytest.approx([4.0, 4.0])
    assert (found.own_use_mw[0], found.sold_mw[0], found.bought_mw[0]) == pytest.approx((1.0, 3.0, 0.0))
    assert found.cost_eur == pytest.approx(4 * 100 - 3 * 80)


def test_the_swap_between_buying_and_selling_stops_where_power_balances() -> None:
    """Proves: the power price between sell and buy is found. Sensitivity: at either price alone one unit runs fully.

    CHP heat costs 100 less power. Sold at 60 it is 40, saving power at 140 it is -40; heat pump heat costs 15 or 35.
    Below balance CHP is worth more than the heat pump, above it less: 4 MW of CHP power feed 16 MW of the pump.
    """
    found = solved([chp(8.0), heat_pump(32.0)], [10.0], 60.0, charges_eur_per_mwh=80.0)
    assert found.heat_mw[:, 0] == pytest.approx([2.0, 8.0])
    assert (found.bought_mw[0], found.sold_mw[0]) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert found.cost_eur == pytest.approx(200.0)


def test_charges_on_own_use_fee_and_bonus_enter_the_cost() -> None:
    """Proves: own_use_charge_share, sale_fee and power_bonus. Sensitivity: each left out changes the sum below."""
    found = solved(
        [chp(min_share=1.0, power_bonus_eur_per_mwh=5.0), heat_pump(8.0, min_share=0.5)],
        [8.0],
        charges_eur_per_mwh=30.0,
        own_use_charge_share=0.4,
        sale_fee_eur_per_mwh=2.0,
    )
    assert found.costs.charges_eur == pytest.approx(1.0 * 0.4 * 30)
    assert found.costs.power_sold_eur == pytest.approx(-3 * 80)
    assert found.costs.sale_fee_eur == pytest.approx(3 * 2)
    assert found.costs.power_bonus_eur == pytest.approx(-4 * 5)
    assert found.cost_eur == pytest.approx(400 + 12 - 240 + 6 - 20)


def test_a_negative_price_is_paid_for_taking_power() -> None:
    """Proves: negative prices. Sensitivity: cut off at 0 the electric boiler would cost what the boiler does not."""
    electric = Unit("Electric boiler", Kind.ELECTRIC_BOILER, 3.0, heat_efficiency=0.75)
    found = solved([boiler(), electric], [5.0], -30.0, charges_eur_per_mwh=10.0)
    assert found.heat_mw[:, 0] == pytest.approx([2.0, 3.0])
    assert found.cost_eur == pytest.approx(2 * 50 - 4 * 20)


def test_the_export_limit_caps_the_chp_and_the_import_limit_the_heat_pump() -> None:
    """Proves: both limits. Sensitivity: without them 4 MW CHP at -20 and 10 MW heat pump would run."""
    found = solved([chp(), boiler()], [6.0], 120.0, export_limit_mw=2.5)
    assert found.heat_mw[:, 0] == pytest.approx([2.5, 3.5])
    found = solved([heat_pump(), boiler()], [6.0], import_limit_mw=1.0)
    assert found.heat_mw[:, 0] == pytest.approx([4.0, 2.0])


def test_a_power_limit_is_passed_by_feeding_the_heat_pump() -> None:
    """Proves: at the export limit own use goes on. Sensitivity: a cap on the CHP alone would leave 2 MW to the boiler.

    CHP power beyond 1 MW sold must be used: 4 heat pump MWh a CHP power MWh.
    """
    found = solved(
        [chp(8.0), heat_pump(32.0, om_eur_per_mwh=60.0), boiler(fuel_eur_per_mwh=800.0)],
        [11.0],
        300.0,
        export_limit_mw=1.0,
    )
    assert found.heat_mw[:, 0] == pytest.approx([3.0, 8.0, 0.0])
    assert found.sold_mw[0] == pytest.approx(1.0)


def test_carbon_is_priced_in_fuel_and_in_power_bought() -> None:
    """Proves: co2_eur_per_t on both. Sensitivity: on fuel alone the heat pump's 10 EUR would be missing."""
    found = solved(
        [boiler(5.0, fuel_co2_kg_per_mwh=200.0), heat_pump(4.0)],
        [9.0],
        co2_eur_per_t=50.0,
        electricity_co2_kg_per_mwh=200.0,
    )
    assert found.units.co2_t == pytest.approx([5 / 0.8 * 0.2, 0.0])
    assert found.grid_co2_t == pytest.approx(0.2)
    assert found.costs.co2_eur == pytest.approx(50 * (1.25 + 0.2))


def test_heat_that_lacks_is_shown_priced_apart_and_dated() -> None:
    """Proves: unserved heat is no cash cost. Sensitivity: with its price in it the cost is 10,000 more."""
    found = solved([boiler(4.0)], [3.0, 5.0])
    assert found.unserved_mw.tolist() == [0.0, 1.0]
    assert found.cost_eur == pytest.approx(7 * 50)
    assert found.objective_eur == pytest.approx(7 * 50 + 10000)
    assert found.first_unserved_step == 2
    assert found.gap == pytest.approx(0.0)


def test_heat_that_is_dearer_than_its_lack_is_not_made() -> None:
    """Proves: unserved_eur_per_mwh is a price like others. Sensitivity: served at any price it would cost 50."""
    found = solved([boiler()], [1.0], unserved_eur_per_mwh=49.0)
    assert found.unserved_mw[0] == pytest.approx(1.0)


def test_heat_that_must_be_taken_displaces_cheaper_heat() -> None:
    """Proves: must_take. Sensitivity: at 70 EUR O&M a free choice would leave it out."""
    waste = Unit("Waste heat", Kind.SOURCE, np.array([2.0, 5.0]), om_eur_per_mwh=70.0, must_take=1)
    found = solved([boiler(), waste], [6.0, 5.0])
    assert found.heat_mw.tolist() == [[4.0, 0.0], [2.0, 5.0]]


def test_heat_that_must_be_taken_and_has_nowhere_to_go_is_an_error_with_its_step() -> None:
    """Proves: surplus is never hidden. Sensitivity: silent rejection would return a cost of 0."""
    waste = Unit("Waste heat", Kind.SOURCE, np.array([2.0, 5.0]), must_take=1)
    with pytest.raises(NoSolutionError, match=r"step 2.*heat_rejection_mw"):
        solved([boiler(), waste], [6.0, 4.0])
    assert solved([boiler(), waste], [6.0, 4.0], heat_rejection_mw=1.0).rejected_mw.tolist() == [0.0, 1.0]


def test_a_store_moves_heat_from_cheap_to_dear_steps() -> None:
    """Proves: price arbitrage with the capacity as limit. Sensitivity: without a store it costs 20 x 3 + 50 x 3."""
    found = solved([heat_pump(6.0)], [3.0, 3.0], [80.0, 200.0], storage_mwh=2.0)
    assert found.heat_mw[0] == pytest.approx([5.0, 1.0])
    assert found.level_mwh == pytest.approx([2.0, 0.0])
    assert found.cost_eur == pytest.approx(5 * 20 + 1 * 50)


def test_charge_and_discharge_limits_are_powers() -> None:
    """Proves: limits in MW with steps of half an hour. Sensitivity: taken as MWh a step twice as much would move."""
    limits = {"storage_charge_mw": 1.0, "storage_discharge_mw": 0.5, "step_h": 0.5}
    found = solved([heat_pump(6.0)], [3.0] * 3, [80.0, 200.0, 200.0], storage_mwh=9.0, **limits)
    assert found.charge_mw == pytest.approx([1.0, -0.5, -0.5])
    assert found.level_mwh == pytest.approx([0.5, 0.25, 0.0])


def test_a_standing_loss_is_a_share_of_the_content_an_hour() -> None:
    """Proves: level (1 - loss)^step. Sensitivity: a linear loss over two hours would leave 8 and 6.4 MWh."""
    store = {"storage_mwh": 10.0, "storage_start_mwh": 10.0, "storage_end_mwh": 6.561, "storage_loss_per_h": 0.1}
    found = solved([boiler()], [0.0, 0.0], step_h=2.0, **store)
    assert found.level_mwh == pytest.approx([8.1, 6.561])
    assert found.cost_eur == pytest.approx(0.0)


def test_a_cycle_cost_keeps_small_gains_from_cycling_the_store() -> None:
    """Proves: the cost counts twice, in and out. Sensitivity: counted once, 2 x 14 < 30 would move heat."""
    prices = [80.0, 200.0]  # 20 and 50 EUR/MWh heat
    assert (
        solved([heat_pump(6.0)], [3.0, 3.0], prices, storage_mwh=2.0, storage_cycle_eur_per_mwh=16.0).level_mwh[0]
        == 0.0
    )
    found = solved([heat_pump(6.0)], [3.0, 3.0], prices, storage_mwh=2.0, storage_cycle_eur_per_mwh=14.0)
    assert found.level_mwh[0] == pytest.approx(2.0)
    assert found.costs.storage_cycle_eur == pytest.approx(14 * 4)


def test_the_level_at_the_end_is_met_and_by_default_that_at_the_start() -> None:
    """Proves: storage_end_mwh. Sensitivity: a free end would empty the store and save 50 EUR a MWh."""
    assert solved([boiler()], [3.0], storage_mwh=2.0, storage_start_mwh=1.0).cost_eur == pytest.approx(150.0)
    found = solved([boiler()], [3.0], storage_mwh=2.0, storage_start_mwh=1.0, storage_end_mwh=0.0)
    assert found.cost_eur == pytest.approx(100.0)


def test_a_level_out_of_reach_is_an_error() -> None:
    """Proves: heat that nobody makes does not fill the store. Sensitivity: unlimited unserved heat would."""
    with pytest.raises(NoSolutionError, match="storage_end_mwh"):
        solved([boiler(1.0)], [3.0], storage_mwh=9.0, storage_end_mwh=5.0)


def test_a_cyclic_store_starts_where_it_is_best() -> None:
    """Proves: the level is free and equal at both ends. Sensitivity: starting empty costs 50 x 3 + 20 x 5."""
    found = solved([heat_pump(6.0)], [3.0, 3.0], [200.0, 80.0], storage_mwh=2.0, storage_cyclic=True)
    assert found.level_mwh == pytest.approx([0.0, 2.0])
    assert found.cost_eur == pytest.approx(1 * 50 + 5 * 20)
    assert found.gap < 1e-8


def test_a_start_costs_and_is_avoided_where_running_on_is_cheaper() -> None:
    """Proves: start_eur, and no start in the first step. Sensitivity: without it the cheap unit stops in step 2."""
    units = [heat_pump(4.0, min_share=0.5, start_eur=100.0), boiler()]
    prices = [80.0, 240.0, 80.0]  # 20, 60 and 20 EUR/MWh heat against 50
    found = solved(units, [4.0] * 3, prices)
    assert found.running[0].tolist() == [1, 1, 1]
    assert found.cost_eur == pytest.approx(80 + (2 * 60 + 2 * 50) + 80)
    found = solved([heat_pump(4.0, min_share=0.5, start_eur=10.0), boiler()], [4.0] * 3, prices)
    assert found.running[0].tolist() == [1, 0, 1]
    assert found.costs.start_eur == pytest.approx(10.0)


def test_least_times_in_operation_and_at_rest_are_kept() -> None:
    """Proves: min_up_h and min_down_h in hours, not steps. Sensitivity: in steps the half hours would be doubled."""
    prices = [400.0, 80.0, 400.0, 400.0, 80.0, 80.0]
    up = solved([heat_pump(4.0, min_share=1.0, min_up_h=1.0), boiler()], [4.0] * 6, prices, step_h=0.5)
    assert up.running[0].tolist() == [0, 0, 0, 0, 1, 1]
    down = solved([heat_pump(4.0, min_share=1.0, min_down_h=1.5), boiler()], [4.0] * 6, prices, step_h=0.5)
    assert down.running[0].tolist() in ([0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1])


def test_all_faults_of_a_problem_are_named_at_once() -> None:
    """Proves: one error for all. Sensitivity: stopping at the first would hide the others."""
    with pytest.raises(InputError) as error:
        Problem(
            (boiler(-4.5), heat_pump(cop=None), heat_pump(name="C", fuel_eur_per_mwh=3.0)),
            np.array([1.0, -1.0]),
            np.array([1.0]),
            Settings(step_h=0.0, storage_mwh=1.0, storage_start_mwh=2.0),
        )
    assert error.value.problems == (
        "electricity_eur_per_mwh has 1 values for 2 of demand_mw",
        "demand_mw must be >= 0 MW, got -1 in step 2",
        "unit 1 (Boiler), heat_mw must be >= 0 MW, got -4.5",
        "unit 2 (Heat pump), cop is needed for a heat_pump",
        "unit 3 (C), fuel_eur_per_mwh has no meaning for a heat_pump and must be blank",
        "step_h must be > 0 h, got 0",
        "storage_start_mwh must be <= storage_mwh (1 MWh), got 2",
    )
