"""Sensitivities: other inputs into a workbook, its own outputs out, the workbook itself untouched."""

from __future__ import annotations

import contextlib
import math
import signal
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dhxl.errors import DhxlError, InputError, WorkbookError
from dhxl.functions.cells import CellError
from dhxl.hosts.headless.engine import Engine
from dhxl.studies import cases
from dhxl.studies.break_even import break_even
from dhxl.studies.cases import Cases
from dhxl.studies.presets import storage_preset, tax_preset, tornado
from dhxl.studies.run import run
from dhxl.studies.sensitivity import Vary, grid, one_by_one, sensitivity, vary
from dhxl.workbook.package import Package
from tests.hosts.books import feasibility_book
from tests.shipped import BOOK

ADDED = (
    ("charges_eur_per_mwh", 20, 0, 300),
    ("storage_m3", 100, 0, 1000),
    ("gas_price_eur_per_sm3_medium", 0.5, 0, 5),
    ("electricity_price_eur_per_mwh_medium", 90, 0, 500),
    ("capex_wells_eur", 500_000, 0, 550_000),
    ("capex_plant_eur", 100_000, 0, 1e9),
    ("other_maintenance_eur", 1000, 0, 1e9),
    ("heat_demand_mwh", 6000, 0, 1e9),
)
PAYBACKS = {
    1: "=10+0*charges_eur_per_mwh",
    2: '=IF(price_scenario="High",IF(charges_eur_per_mwh>90,"none",9),8+(charges_eur_per_mwh/50)^2)',
}
NPV = (
    "=heat_sold_mwh*heat_tariff_eur_per_mwh/(1+discount_rate)-capex_wells_eur-capex_plant_eur*{k}"
    "-other_maintenance_eur-charges_eur_per_mwh*10*{k}+0*heat_demand_mwh"
)
Numbers = list[float]


def with_names(book: Any, sheets: dict[str, Any]) -> None:
    """Add the names that the presets need; payback and NPV of both solutions follow the charges."""
    for row, (name, value, least, most) in enumerate(ADDED, start=20):
        sheets["Prices"].write(row, 3, value)
        rule = {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": most}
        sheets["Prices"].data_validation(row, 3, row, 3, rule)
        book.define_name(name, f"=Prices!$D${row + 1}")
    for k, formula in PAYBACKS.items():
        sheets["Results"].write_formula(14, k, formula)
        sheets["Results"].write_formula(12, k, NPV.format(k=k))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return feasibility_book(tmp_path / "town.xlsx", with_names)


def column(report: Any, k: int = 0) -> list[Any]:
    return [case.outputs[k] for case in report.cases]


def problems(call: Callable[[], object], kind: type[DhxlError]) -> tuple[str, ...]:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.problems


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("x=1,2.5,-3", (1.0, 2.5, -3.0)),
        ("x=0:80:20", (0.0, 20.0, 40.0, 60.0, 80.0)),
        ("x=0:1:0.1", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)),
        ("x=0:50:20", (0.0, 20.0, 40.0, 50.0)),
        ("x=80:0:-40", (80.0, 40.0, 0.0)),
        ("x=Low, High", ("Low", "High")),
        ('x="a, b",c', ("a, b", "c")),
    ],
)
def test_values_are_a_list_or_a_range_whose_end_belongs_to_it(entry: str, values: tuple[object, ...]) -> None:
    assert vary(entry) == Vary("x", values)


@pytest.mark.parametrize("entry", ["x", "x=", "=1", "x=1,,2", "x=0:10:0", "x=0:10:-1", "x=0:1e9:0.1", "x=0:10"])
def test_values_that_cannot_be_read_are_refused(entry: str) -> None:
    with pytest.raises(InputError):
        vary(entry)


@pytest.mark.parametrize("entry", ["x=500.000", "x=1,12.500", "x=0:12.500:2", "x=1.000:2:0.5"])
def test_values_with_two_meanings_are_refused_with_both_ways_to_write_them(entry: str) -> None:
    with pytest.raises(InputError, match=r"^x: '.*' may be thousands or decimals; write \d+ or \d+\.\d"):
        vary(entry)


def test_a_grid_has_all_combinations_and_one_by_one_each_value_alone() -> None:
    varied = [Vary("a", (1.0, 2.0)), Vary("b", ("x", "y"))]
    assert len(grid(varied)) == 4
    assert one_by_one(varied) == [{"a": 1.0}, {"a": 2.0}, {"b": "x"}, {"b": "y"}]


def test_a_tariff_step_changes_npv_by_the_heat_sold_discounted(town: Path) -> None:
    before = town.read_bytes()
    report = sensitivity(town, [vary("heat_tariff_eur_per_mwh=113:116:1")], ["npv_eur_1"])
    values: Numbers = column(report)
    steps = [b - a for a, b in pairwise(values)]
    assert steps == pytest.approx([6000 / 1.05] * 3, rel=1e-9)
    assert report.base.outputs[0] == values[1]
    assert town.read_bytes() == before
    assert (report.inputs[0].unit, report.outputs[0].unit, report.interrupted) == ("EUR/MWh", "EUR", False)


def test_one_by_one_leaves_the_other_inputs_as_in_the_workbook(town: Path) -> None:
    varied = [vary("heat_tariff_eur_per_mwh=0,200"), vary("charges_eur_per_mwh=50")]
    report = sensitivity(town, varied, ["npv_eur_1"], arrange=one_by_one)
    alone = sensitivity(town, varied[1:], ["npv_eur_1"])
    assert column(report)[2] == column(alone)[0]


def test_texts_take_the_spelling_of_the_list_and_names_that_of_the_workbook(town: Path) -> None:
    report = sensitivity(town, [vary("Price_Scenario=low,HIGH")], ["PAYBACK_years_2"])
    assert [dict(case.inputs) for case in report.cases] == [{"price_scenario": "Low"}, {"price_scenario": "High"}]
    assert column(report) == [pytest.approx(8.16), 9.0]
    assert report.outputs[0].name == "payback_years_2"


def test_all_problems_are_said_at_once_with_cell_limit_and_suggestion(town: Path) -> None:
    varied = [
        vary("heat_tarif_eur_per_mwh=1"),
        vary("heat_tariff_eur_per_mwh=600,abc"),
        vary("design_years=2.5"),
        vary("price_scenario=Hi"),
        vary("npv_eur_1=1"),
        vary("demand=1"),
    ]
    found = problems(lambda: sensitivity(town, varied, ["npv_eur_9"]), InputError)
    text = "\n".join(found)
    assert len(found) == 8
    assert "the name npv_eur_9 is missing; did you mean npv_eur_" in text
    assert "the name heat_tarif_eur_per_mwh is missing; did you mean heat_tariff_eur_per_mwh?" in text
    assert "Prices!D4 (heat_tariff_eur_per_mwh): must be a decimal between 0 and 500, got 600" in text
    assert "must be a decimal between 0 and 500, got 'abc'" in text
    assert "(design_years): must be a whole number between 0 and 10, got 2.5" in text
    assert "(price_scenario): must be one of Low, Medium, High, got 'Hi'" in text
    assert "(npv_eur_1): holds a formula, not an input" in text
    assert "demand must be one cell" in text


def test_nothing_varied_and_no_output_are_problems(town: Path) -> None:
    assert len(problems(lambda: sensitivity(town, [], []), InputError)) == 2
    twice = [vary("charges_eur_per_mwh=1"), vary("CHARGES_eur_per_mwh=2")]
    (sentence,) = problems(lambda: sensitivity(town, twice, ["npv_eur_1"]), InputError)
    assert sentence.startswith("charges_eur_per_mwh is varied 2 times")


def test_an_input_of_the_workbook_itself_that_is_not_allowed_is_refused_as_in_a_run(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "town.xlsx", lambda _, sheets: sheets["Prices"].write(3, 3, 900))
    run_says = problems(lambda: run(book, tmp_path / "out.xlsx"), InputError)
    assert problems(lambda: sensitivity(book, [vary("design_years=1")], ["npv_eur_1"]), InputError) == run_says


def test_a_case_that_fails_is_an_error_value_with_its_sentence_and_the_next_case_is_right_again(town: Path) -> None:
    varied = [vary("trench_length_m=3000,0,1500")]
    report = sensitivity(town, varied, ["linear_heat_density_mwh_per_m", "operating_cost_eur_1", "npv_eur_1"])
    density, cost = column(report), column(report, 1)
    assert (density[0], density[2]) == (2.0, 4.0)
    assert (cost[0], cost[2]) == (2000.0, 4000.0)
    sentence = "'My plant'!B3: DH_LHD: trench_length_m must be > 0 m, got 0"
    assert density[1] == CellError("#VALUE!", sentence)
    assert cost[1] == CellError("#VALUE!", sentence)
    assert column(report, 2)[1] == report.base.outputs[2]


def test_saved_results_are_no_results(tmp_path: Path) -> None:
    def change(_: object, sheets: dict[str, Any]) -> None:
        sheets["My plant"].write_formula("B2", "=trench_length_m<4000")

    book = feasibility_book(tmp_path / "town.xlsx", change)
    report = sensitivity(book, [vary("trench_length_m=3000,5000")], ["linear_heat_density_mwh_per_m"])
    live, saved = column(report)
    assert live == 2.0
    assert isinstance(saved, CellError)
    assert "saved results" in saved.message


def test_failing_checks_and_more_alerts_are_noted(tmp_path: Path) -> None:
    def change(_: object, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_formula("B30", "=1*(design_years>5)")
        sheets["Results"].write_formula("B31", "=1+(design_years>4)")

    book = feasibility_book(tmp_path / "town.xlsx", change)
    checks, alerts = sensitivity(book, [vary("design_years=4,5,6")], ["npv_eur_1"]).notes
    assert checks == "checks of the workbook fail in one case: design_years=6"
    assert alerts.startswith("more alerts than the 1 of the base case in 2 cases, the first: design_years=5")


def test_one_and_two_processes_give_the_same_in_the_same_order(town: Path) -> None:
    varied = [vary("trench_length_m=0:3000:1000"), vary("price_scenario=Low,High"), vary("charges_eur_per_mwh=0,100")]
    outputs = ["linear_heat_density_mwh_per_m", "npv_eur_1", "payback_years_2"]
    alone = sensitivity(town, varied, outputs, workers=1)
    shared = sensitivity(town, varied, outputs, workers=2)
    assert shared.cases == alone.cases
    assert (shared.base, shared.notes) == (alone.base, alone.notes)


@pytest.mark.parametrize("workers", [1, 2])
def test_after_ctrl_c_the_finished_cases_are_reported_and_the_book_is_whole(town: Path, workers: int) -> None:
    before = town.read_bytes()

    def interrupt(step: str, _: float) -> None:
        if step.startswith("Case 3 of"):
            raise KeyboardInterrupt

    varied = [vary("charges_eur_per_mwh=0:19:1")]
    report = sensitivity(town, varied, ["npv_eur_1"], workers=workers, progress=interrupt)
    assert report.interrupted
    assert (len(report.cases), report.asked) == (3, 20)
    whole = sensitivity(town, varied, ["npv_eur_1"])
    assert all(case in whole.cases for case in report.cases)
    assert town.read_bytes() == before
    assert list(town.parent.iterdir()) == [town]


def test_an_interruption_that_the_engine_swallows_is_no_result(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: Ctrl-C between two worksheet functions ends the study. Sensitivity: else a cell is #VALUE! for it."""

    original = Engine._answer

    def swallowing(*arguments: Any) -> object:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return original(*arguments)

    monkeypatch.setattr(Engine, "_answer", swallowing)
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
    try:
        with pytest.raises(KeyboardInterrupt):
            sensitivity(town, [vary("charges_eur_per_mwh=1")], ["npv_eur_1"])
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, outside)


def test_where_the_cases_take_long_further_processes_start(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(cases, "WORTH_PROCESSES_S", 0.0)
    monkeypatch.setattr(cases, "_cores", lambda: 2)
    original = Cases._start
    monkeypatch.setattr(Cases, "_start", lambda self, count: (started.append(count), original(self, count)))
    report = sensitivity(town, [vary("charges_eur_per_mwh=0:5:1")], ["npv_eur_1"], workers=None)
    assert started == [2]
    assert column(report) == column(sensitivity(town, [vary("charges_eur_per_mwh=0:5:1")], ["npv_eur_1"]))


def test_a_process_that_ends_before_its_time_is_a_sentence(town: Path) -> None:
    package = Package.open(town)
    with Cases(package, ("npv_eur_1",), 2) as bench:

        def kill(done: int, _: int) -> None:
            if done == 1:
                for process in bench._processes.values():
                    process.kill()

        many = [{"charges_eur_per_mwh": float(value)} for value in range(300)]
        with pytest.raises(WorkbookError, match="ended before its time"):
            bench.results(many, kill)


def test_the_tax_preset_varies_charges_and_scenarios_of_each_solution(town: Path) -> None:
    varied, outputs = tax_preset(Package.open(town))
    assert varied[0].values == tuple(float(value) for value in range(0, 81, 10))
    assert varied[1] == Vary("price_scenario", ("Low", "Medium", "High"))
    assert outputs == ("payback_years_1", "payback_years_2")


def test_a_preset_lists_the_names_that_a_workbook_lacks(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "town.xlsx")
    package = Package.open(book)
    (tax,) = problems(lambda: tax_preset(package), WorkbookError)
    assert tax.endswith("--preset tax needs names that are missing: charges_eur_per_mwh")
    (storage,) = problems(lambda: storage_preset(package), WorkbookError)
    assert storage.endswith("missing: storage_m3")
    (drivers,) = problems(lambda: tornado(book), WorkbookError)
    wanted = "heat_demand_mwh, capex_*_eur, gas_price_eur_per_sm3_medium, electricity_price_eur_per_mwh_medium, "
    assert wanted in drivers
    (equal,) = problems(lambda: break_even(book), WorkbookError)
    assert equal.endswith("missing: charges_eur_per_mwh")


def test_a_tornado_sorts_the_drivers_by_swing_and_says_which_change_is_not_allowed(town: Path) -> None:
    (npv,) = tornado(town, ["npv_eur_1"]).tornados
    base = 6000 * 114 / 1.05 - 600_000 - 1000 - 200
    assert npv.base == pytest.approx(base)
    bars = {bar.driver: bar for bar in npv.bars}
    assert len(bars) == 8
    assert [bar.driver for bar in npv.bars[:2]] == ["Heat tariff", "Discount rate"]
    assert bars["Heat tariff"].swing == pytest.approx(0.4 * 6000 * 114 / 1.05)
    assert bars["Maintenance"].low == pytest.approx(base + 200)
    assert bars["Electricity charges"].high == pytest.approx(base - 40)
    assert bars["Fuel prices"].swing == 0
    refused = bars["Capex"]
    assert refused.inputs == ("capex_plant_eur", "capex_wells_eur")
    assert refused.low == pytest.approx(base + 120_000)
    assert isinstance(refused.high, CellError)
    assert "(capex_wells_eur): must be a decimal between 0 and 550000, got 600000" in refused.high.message
    assert npv.bars[-1] == refused


def test_break_even_charges_are_found_by_the_workbooks_own_results(town: Path) -> None:
    """Proves: 8 + (x/50)² = 10 at x = 50 √2, a jump is told, and none within the bracket is said.

    Sensitivity: linear interpolation in the first bracket, 60 to 80, gives 70.57.
    """
    report = break_even(town)
    low, medium, high, *npv = report.found
    for one in (low, medium):
        assert one.charges_eur_per_mwh == pytest.approx(50 * math.sqrt(2), abs=0.005)
        assert (one.low, one.high, one.better_below, one.better_above, one.jump) == (60, 80, 2, 1, False)
        assert one.values == (10.0, pytest.approx(10.0, abs=1e-3))
    assert high.charges_eur_per_mwh == pytest.approx(90, abs=0.01)
    assert (high.better_below, high.better_above, high.jump) == (2, 1, True)
    assert [one.charges_eur_per_mwh for one in npv] == [None] * 3
    assert [(one.low, one.high, one.better_below, one.better_above) for one in npv] == [(0, 200, 1, 1)] * 3


def test_break_even_wants_two_solutions_that_exist(town: Path) -> None:
    (sentence,) = problems(lambda: break_even(town, (1, 4)), InputError)
    assert sentence == "--between must be two of the solutions 1, 2, got 1,4"


@pytest.fixture(scope="module")
def fig7() -> dict[tuple[str, float], Numbers]:
    package = Package.open(BOOK)
    (charges, scenarios), outputs = tax_preset(package)
    ends = Vary(charges.name, (charges.values[0], 20.0, charges.values[-1]))
    report = sensitivity(BOOK, [scenarios, ends], outputs)
    keys = [(str(case.inputs["price_scenario"]), float(case.inputs[charges.name] or 0)) for case in report.cases]
    return dict(zip(keys, [list(case.outputs) for case in report.cases], strict=True))


def test_the_statements_of_figure_7_that_the_workbook_bears_out(fig7: dict[tuple[str, float], Numbers]) -> None:
    for charges in (0.0, 20.0, 80.0):
        for solution in (0, 3):
            low, medium, high = (fig7[scenario, charges][solution] for scenario in ("Low", "Medium", "High"))
            assert high < medium < low
    for scenario in ("Low", "Medium", "High"):
        first, fourth = ([fig7[scenario, charges][k] for charges in (0.0, 20.0, 80.0)] for k in (0, 3))
        assert max(first) - min(first) < 0.05 * min(first)
        assert fourth[0] < fourth[1] < fourth[2]
        assert fourth[2] > 1.07 * fourth[0]


def test_the_base_case_is_what_a_run_reports(tmp_path: Path) -> None:
    names = ["npv_eur", "payback_years", "heat_share_boiler"]
    outputs = [f"{name}_{k}" for k in (1, 2, 3, 4) for name in names]
    report = sensitivity(BOOK, [vary("heat_tariff_eur_per_mwh=114,124")], outputs)
    ran = run(BOOK, tmp_path / "out.xlsm")
    wanted = [one.values[name] for one in ran.solutions for name in names]
    assert list(report.base.outputs) == wanted
    assert list(report.cases[0].outputs) == wanted


def test_boilers_give_less_heat_with_a_larger_store_up_to_a_knee() -> None:
    package = Package.open(BOOK)
    _, outputs = storage_preset(package)
    assert outputs == ("heat_share_boiler_2", "npv_eur_2")
    shares: Numbers = column(sensitivity(BOOK, [vary("storage_m3=0,100,125,200")], outputs))
    assert shares == sorted(shares, reverse=True)
    slopes = [(a - b) / m3 for (a, b), m3 in zip(pairwise(shares), (100, 25, 75), strict=True)]
    assert min(slopes[:2]) > 20 * slopes[2]
