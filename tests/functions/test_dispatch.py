"""The dispatch functions as a sheet sees them: hand-worked plants, tables, and sentences for what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dhxl.functions import REGISTRY, dispatch_tables
from dhxl.functions.cells import CellError

HEADER = ["unit", "type", "heat_mw", "min_share", "cop", "heat_efficiency", "power_efficiency", "fuel_eur_per_mwh",
          "power_bonus_eur_per_mwh"]  # fmt: skip
PUMP = ["Pump", "heat_pump", 4.0, 0.0, 4.0, None, None, None, None]
CHP = ["CHP", "chp", 2.0, 1.0, None, 0.5, 0.4, 40.0, None]
BOILER = ["Boiler", "boiler", 10.0, 0.0, None, 0.8, None, 40.0, None]
BLANK: list[Any] = [None] * len(HEADER)


def units(*rows: list[Any]) -> list[list[Any]]:
    return [HEADER, *rows]


def series(*rows: tuple[float, float]) -> list[list[Any]]:
    return [["demand_mw", "electricity_eur_per_mwh"], *map(list, rows)]


def call(name: str, *cells: Any) -> Any:
    return REGISTRY[name](*cells)


def value(item: str, *ranges: Any) -> float:
    found = call("DH_DISPATCH_VALUE", *ranges, item)
    assert isinstance(found, float), getattr(found, "message", found)
    return found


def sentences(*ranges: Any) -> list[str]:
    found = call("DH_DISPATCH", *ranges)
    assert isinstance(found, CellError)
    assert found.code == "#VALUE!"
    return found.message.split("\n")


def test_own_power_feeds_the_heat_pump_before_any_is_sold() -> None:
    """Proves: CHP 2 MW heat, 1.6 MW power; pump 4 MW takes 1 MW of it; 0.6 MW sold at 100: fuel 160 - 60 = 100 EUR.

    Sensitivity: selling all CHP power and buying for the pump with 20 EUR/MWh charges costs 20 EUR more.
    """
    ranges = (units(PUMP, CHP), series((6.0, 100.0)), [["charges_eur_per_mwh", 20.0]])
    assert value("cost_eur", *ranges) == pytest.approx(100.0, rel=1e-12)
    assert value("sold_mwh", *ranges) == pytest.approx(0.6, rel=1e-12)
    assert value("own_use_mwh", *ranges) == pytest.approx(1.0, rel=1e-12)
    assert value("bought_mwh", *ranges) == 0


def test_a_unit_that_is_on_or_off_does_not_run_where_it_does_not_fit() -> None:
    """Proves: the CHP of 2 MW stays off at 1 MW demand although its heat is cheapest.

    Sensitivity: a unit that modulated down would run at 1 MW.
    """
    cheap = [*CHP[:8], 100.0]
    ranges = (units(cheap, BOILER), series((1.0, 50.0), (2.0, 50.0)), [["unserved_eur_per_mwh", 10000.0]])
    assert value("CHP:heat_mwh", *ranges) == 2.0
    assert value("Boiler:heat_mwh", *ranges) == 1.0


def test_heat_rejection_lets_it_run_all_the_same() -> None:
    """Proves: with 1 MW of rejection the CHP runs in both hours: 2 x (160 - 1.6 x 50 - 1.6 x 100) = -160 EUR."""
    cheap = [*CHP[:8], 100.0]
    ranges = (units(cheap, BOILER), series((1.0, 50.0), (2.0, 50.0)), [["heat_rejection_mw", 1.0]])
    assert value("CHP:heat_mwh", *ranges) == 4.0
    assert value("rejected_mwh", *ranges) == 1.0
    assert value("cost_eur", *ranges) == pytest.approx(-160.0, rel=1e-12)


def test_a_store_moves_heat_to_the_dear_hour() -> None:
    """Proves: pump heat costs 10/4 and 200/4 EUR/MWh; 1 MWh stored saves 47.5 EUR of 4 + 2 MWh.

    Sensitivity: without the store 2 x 2.5 + 2 x 50 = 105 EUR.
    """
    ranges = (units(PUMP), series((2.0, 10.0), (2.0, 200.0)))
    assert value("cost_eur", *ranges, [["storage_mwh", 0.0]]) == pytest.approx(105.0, rel=1e-12)
    with_store = [["storage_mwh", 1.0]]
    assert value("cost_eur", *ranges, with_store) == pytest.approx(57.5, rel=1e-12)
    levels = call("DH_DISPATCH_SERIES", *ranges, with_store, "storage_level")
    assert np.ravel(levels) == pytest.approx([1.0, 0.0], abs=1e-12)


def test_demand_above_all_units_is_unserved_and_named() -> None:
    """Proves: 14 MW of units against 16 MW: 2 MWh lack in step 2; the price of lacking heat is no cash cost."""
    ranges = (units(PUMP, BOILER), series((3.0, 80.0), (16.0, 80.0)), [["charges_eur_per_mwh", 0.0]])
    assert value("unserved_mwh", *ranges) == pytest.approx(2.0, rel=1e-12)
    assert value("first_unserved_step", *ranges) == 2
    assert value("cost_eur", *ranges) == pytest.approx(3 * 20 + 4 * 20 + 10 * 50, rel=1e-12)


def test_the_parts_of_the_cost_add_up() -> None:
    ranges = (
        units(PUMP, [*CHP[:8], 5.0], BOILER),
        series((3.0, 80.0), (9.0, 20.0), (6.0, -30.0), (12.0, 150.0)),
        [["charges_eur_per_mwh", 20.0], ["sale_fee_eur_per_mwh", 2.0], ["co2_eur_per_t", 50.0],
         ["electricity_co2_kg_per_mwh", 300.0], ["storage_mwh", 2.0], ["storage_cycle_eur_per_mwh", 0.2]],
    )  # fmt: skip
    parts = ("fuel_eur", "om_eur", "start_eur", "power_bought_eur", "charges_eur", "power_sold_eur", "sale_fee_eur",
             "power_bonus_eur", "co2_eur", "storage_cycle_eur")  # fmt: skip
    assert sum(value(part, *ranges) for part in parts) == pytest.approx(value("cost_eur", *ranges), rel=1e-12)
    assert value("gap", *ranges) == pytest.approx(0, abs=1e-10)


def test_the_table_has_a_row_a_slot_and_blank_slots_show_nothing() -> None:
    found = call("DH_DISPATCH", units(PUMP, BLANK, BOILER), series((6.0, 80.0)), [["step_h", 1.0]])
    assert [row[0] for row in found] == ["unit", "Pump", "", "Boiler", "store", "grid", "unserved", "total"]
    assert found[2][1:] == [0.0] * 9
    heat = dict(zip([row[0] for row in found], [row[1] for row in found], strict=True))
    assert heat["Pump"] == 4.0
    assert heat["Boiler"] == 2.0


def test_months_and_load_duration_keep_the_energy_of_the_table() -> None:
    hours = np.arange(8760)
    load = 5 + 4 * np.cos(hours / 8760 * 2 * np.pi)
    ranges = (units(PUMP, BOILER, BLANK), series(*((float(x), 60.0) for x in load)), [["storage_mwh", 3.0]])
    table = {row[0]: row[1] for row in call("DH_DISPATCH", *ranges)}
    months = call("DH_DISPATCH_MONTHLY", *ranges)
    curve = call("DH_DISPATCH_DURATION", *ranges, 50)
    assert months[0] == ["month", "Pump", "Boiler", "", "store", "unserved", "load_mwh"]
    ends = np.array([row[0] for row in curve[1:]])
    widths = np.diff(ends, prepend=0)
    for unit in ("Pump", "Boiler"):
        col = months[0].index(unit)
        assert sum(row[col] for row in months[1:]) == pytest.approx(table[unit], rel=1e-9)
        col = curve[0].index(unit)
        assert float(np.dot(widths, [row[col] for row in curve[1:]])) == pytest.approx(table[unit], rel=1e-9)
    loads = [row[-1] for row in curve[1:]]
    assert loads == sorted(loads, reverse=True)
    assert loads[0] == pytest.approx(load.max(), rel=1e-12)


def test_an_hourly_column_may_stand_in_any_numeric_cell() -> None:
    pump = [*PUMP]
    pump[4] = "cop_of_the_hour"
    rows = [["demand_mw", "electricity_eur_per_mwh", "cop_of_the_hour"], [4.0, 80.0, 4.0], [4.0, 80.0, 2.0]]
    assert value("cost_eur", units(pump), rows, [["step_h", 1.0]]) == pytest.approx(80 + 160, rel=1e-12)


def test_quarter_hours_count_a_quarter() -> None:
    ranges = (units(BOILER), series(*[(8.0, 0.0)] * 4))
    assert value("cost_eur", *ranges, [["step_h", 0.25]]) == pytest.approx(8 * 50, rel=1e-12)


def test_everything_wrong_is_told_at_once_with_row_limit_and_what_came() -> None:
    bad = ["Pump", "heat_pump", -4.0, 1.5, None, None, None, None, None]
    lines = sentences(units(bad), series((5.0, 80.0), (-1.0, 80.0)), [["charges_eur_per_mw", 20.0]])
    assert any("heat_mw" in line and ">= 0 MW" in line and "-4" in line and "Pump" in line for line in lines)
    assert any("min_share" in line and "1.5" in line for line in lines)
    assert any("cop" in line for line in lines)
    assert any("series row 3" in line and "demand_mw" in line and ">= 0 MW" in line and "-1" in line for line in lines)
    assert any("charges_eur_per_mw" in line and "charges_eur_per_mwh" in line for line in lines)
    assert all(line.startswith("DH_DISPATCH: ") for line in lines)


def test_a_misspelt_unit_column_lists_the_known_ones() -> None:
    lines = sentences([["unit", "type", "heat_mv"], ["A", "source", 1.0]], series((1.0, 1.0)), [["step_h", 1.0]])
    assert any("heat_mv" in line and "heat_mw" in line for line in lines)


def test_a_year_with_a_lost_hour_is_refused() -> None:
    lines = sentences(units(BOILER), series(*[(1.0, 50.0)] * 8759), [["step_h", 1.0]])
    assert any("8759" in line and "8760" in line for line in lines)


def test_a_gap_in_a_column_is_named_by_its_row() -> None:
    rows = series((1.0, 50.0), (2.0, 50.0), (3.0, 50.0))
    rows[2][0] = None
    assert any("series row 3" in line and "blank" in line for line in sentences(units(BOILER), rows, [["step_h", 1.0]]))


@pytest.mark.parametrize("extra", [("storage_mwh", 3.0), ("heat_rejection_mw", 2.0)])
def test_more_freedom_never_costs_more(extra: tuple[str, float]) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        rows = series(*zip(rng.uniform(0, 12, 24).tolist(), rng.uniform(-50, 200, 24).tolist(), strict=True))
        plant = units(PUMP, CHP, BOILER)
        without = value("objective_eur", plant, rows, [["charges_eur_per_mwh", 20.0]])
        freer = value("objective_eur", plant, rows, [["charges_eur_per_mwh", 20.0], list(extra)])
        assert freer <= without + 1e-7 * abs(without)
        fewer = value("objective_eur", units(PUMP, BOILER), rows, [["charges_eur_per_mwh", 20.0]])
        assert without <= fewer + 1e-7 * abs(fewer)


def test_months_may_be_given_as_a_column() -> None:
    """Proves: a heating year from October, and a month that begins an hour earlier by the legal clock.

    Sensitivity: by the calendar all three steps would be January.
    """
    data = [["demand_mw", "electricity_eur_per_mwh", "month"], [2.0, 80.0, 10.0], [3.0, 80.0, 10.0], [5.0, 80.0, 1.0]]
    months = call("DH_DISPATCH_MONTHLY", units(PUMP, BOILER), data, [])
    assert months[0] == ["month", "Pump", "Boiler", "store", "unserved", "load_mwh"]
    assert months[10] == [10.0, 5.0, 0.0, 0.0, 0.0, 5.0]
    assert months[1] == [1.0, 4.0, 1.0, 0.0, 0.0, 5.0]
    assert sum(row[-1] for row in months[1:]) == 10.0
    data[2][2] = 13.0
    wrong = call("DH_DISPATCH_MONTHLY", units(PUMP, BOILER), data, [])
    assert isinstance(wrong, CellError)
    assert "series row 3, month must be a whole number from 1 to 12, got 13" in wrong.message
    short = call("DH_DISPATCH_MONTHLY", units(PUMP, BOILER), series((1.0, 80.0)), [])
    assert "8760 or 8784 h, or have a column month; it has 1 h" in short.message


@pytest.mark.parametrize("method", ["optimal", "milp", "priority"])
def test_every_method_is_chosen_by_its_name(method: str) -> None:
    """Proves: one problem in, the same result out. Sensitivity: here all three must find the one merit order."""
    summary = dict(
        call("DH_DISPATCH_SUMMARY", units(PUMP, BOILER), series((6.0, 80.0), (3.0, 240.0)), [["method", method]])
    )
    assert summary["method"] == method
    assert summary["cost_eur"] == pytest.approx(4 * 20 + 2 * 50 + 3 * 50)
    assert summary["gap"] == pytest.approx(0.0, abs=1e-7)
    assert summary["note"] == ""


def test_a_hand_over_is_said_in_the_summary() -> None:
    """Proves: what optimal cannot hold is solved by milp, and that is said. Sensitivity: a blank note would hide it."""
    header = [*HEADER, "min_up_h", "min_down_h"]
    rows = [[f"B{k}", "boiler", 2.0, 1.0, None, 0.8, None, 40.0 + k, None, 20.0, 20.0] for k in range(4)]
    summary = dict(call("DH_DISPATCH_SUMMARY", [header, *rows], series(*[(4.0, 80.0), (6.0, 80.0)] * 12), []))
    assert summary["method"] == "milp"
    assert "method optimal cannot hold this problem" in summary["note"]
    assert "1000000 states" in summary["note"] or "2560000 states" in summary["note"]


def test_the_hours_shown_are_those_of_the_whole_dispatch() -> None:
    """Proves: steps 2 and 3 of three, with the store's level and a blank slot as 0.

    Sensitivity: solving only the steps shown would begin with an empty store, not with what step 1 put into it.
    """
    plant = [HEADER, PUMP, BLANK, BOILER]
    ranges = (
        plant,
        series((2.0, 10.0), (6.0, 300.0), (3.0, 200.0)),
        [["storage_mwh", 3.0], ["storage_loss_per_h", 0.1]],
    )
    header, *rows = call("DH_DISPATCH_HOURS", *ranges, 2, 2)
    assert header == ["step", "demand_mw", "Pump", "", "Boiler", "store", "unserved", "storage_level_mwh", "bought_mw",
                      "sold_mw"]  # fmt: skip
    for place, item in (
        (1, "demand"),
        (2, "Pump"),
        (4, "Boiler"),
        (6, "unserved"),
        (7, "storage_level"),
        (8, "bought"),
    ):
        column = call("DH_DISPATCH_SERIES", *ranges, item)
        assert [row[place] for row in rows] == [cells[0] for cells in column[1:]], item
    assert [row[0] for row in rows] == [2.0, 3.0]
    assert [row[3] for row in rows] == [0.0, 0.0]
    assert rows[0][5] > 0, "the store filled in step 1 serves step 2"
    for row in rows:
        assert sum(row[2:7]) == pytest.approx(row[1], abs=1e-9)


@pytest.mark.parametrize(
    ("first", "steps", "sentence"),
    [
        (1, 4, "DH_DISPATCH_HOURS: steps must be <= 3, the number of steps, got 4"),
        (3, 2, "DH_DISPATCH_HOURS: first_step must be <= 2 to show 2 of 3 steps, got 3"),
        (0, 2, "DH_DISPATCH_HOURS: first_step must be >= 1 and <= 35136, got 0"),
    ],
)
def test_hours_beyond_the_series_are_refused(first: int, steps: int, sentence: str) -> None:
    ranges = (units(BOILER), series((2.0, 10.0), (6.0, 300.0), (3.0, 20.0)), [["storage_mwh", 0.0]])
    found = call("DH_DISPATCH_HOURS", *ranges, first, steps)
    assert isinstance(found, CellError)
    assert found.message == sentence


@pytest.mark.parametrize(
    ("rows", "step_h"), [(8760, 1.0), (8784, 1.0), (17520, 0.5), (17568, 0.5), (35040, 0.25), (35136, 0.25)]
)
def test_a_year_is_recognised_by_its_rows(rows: int, step_h: float) -> None:
    """Proves: 1 MW all year is 8760 or 8784 MWh. Sensitivity: taken as hours, quarter-hours cost four times as much."""
    year = series(*[(1.0, 50.0)] * rows)
    without, given = (call("DH_DISPATCH", units(BOILER), year, s) for s in ([], [["step_h", step_h]]))
    assert without == given
    assert without[1][1] == pytest.approx(rows * step_h)
    months = call("DH_DISPATCH_MONTHLY", units(BOILER), year, [])
    assert sum(row[-1] for row in months[1:]) == pytest.approx(rows * step_h)
    assert months[2][-1] == pytest.approx((28 + (rows * step_h == 8784)) * 24)
    if rows == 35136:
        curve = call("DH_DISPATCH_DURATION", units(BOILER), year, [], 5)
        assert curve[-1][0] == pytest.approx(8784.0)


def test_a_step_that_does_not_fit_the_rows_is_an_error_with_both_numbers() -> None:
    """Proves: neither is preferred in silence. Sensitivity: the cost would be four times too large or too small."""
    lines = sentences(units(BOILER), series(*[(1.0, 50.0)] * 35040), [["step_h", 1.0]])
    assert lines == [
        "DH_DISPATCH: series has 35040 rows, the quarter-hours of a year; with step_h 1 they are 35040 h, so step_h "
        "must be 0.25 or blank"
    ]
    (line,) = sentences(units(BOILER), series(*[(1.0, 50.0)] * 8760), [["step_h", 0.25]])
    assert "has 8760 rows, the hours of a year; with step_h 0.25 they are 2190 h" in line


@pytest.mark.parametrize("rows", [8761, 8736, 17519, 35000, 35137])
def test_rows_that_are_nearly_a_year_are_refused(rows: int) -> None:
    (line,) = sentences(units(BOILER), series(*[(1.0, 50.0)] * rows), [])
    assert f"series has {rows} rows; a year of" in line


@pytest.mark.parametrize("rows", [1, 24, 168, 4380, 8760 * 2 + 4380])
def test_any_other_number_of_rows_are_hours(rows: int) -> None:
    year = series(*[(1.0, 50.0)] * rows)
    assert call("DH_DISPATCH", units(BOILER), year, [])[1][1] == pytest.approx(rows)


def test_a_cell_waits_shorter_than_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: 10 s in a cell, 60 s elsewhere, what is given counts. Sensitivity: a cell cannot be interrupted."""
    monkeypatch.setattr(dispatch_tables, "_defaults", {})
    ranges = (units(BOILER), series((1.0, 50.0)))
    assert dispatch_tables.problem_of(*ranges, []).settings.time_limit_s == 60.0
    dispatch_tables.limit_to_cells()
    assert dispatch_tables.problem_of(*ranges, []).settings.time_limit_s == 10.0
    assert dispatch_tables.problem_of(*ranges, [["time_limit_s", 30.0]]).settings.time_limit_s == 30.0
