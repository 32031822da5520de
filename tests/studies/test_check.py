"""dhxl check: a workbook of dhxl looked through and calculated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dhxl.cli import main
from dhxl.errors import InputError
from dhxl.studies.check import CheckReport, check
from dhxl.studies.run import run
from dhxl.workbook.lint import lint
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.conftest import REPOSITORY
from tests.hosts.books import feasibility_book
from tests.workbook.books import rezipped
from tests.workbook.test_lint import clean_book, each, named

BOOK = REPOSITORY / "workbook.xlsm"
Capture = pytest.CaptureFixture[str]
Write = Callable[[Any, dict[str, Any]], None]


def calm(book: Any, sheets: dict[str, Any]) -> None:
    """Put right what the small workbook does against the rules of dhxl's own workbooks."""
    book.set_calc_mode("auto", 191029)
    book.calc_on_load = False
    sheets["My plant"].write_formula("B2", '=IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)')
    for row in (14, 15):
        for col in "BC":
            sheets["Results"].write_formula(f"{col}{row}", "=0.1")


def own_rules(report: CheckReport) -> list[tuple[str, str]]:
    """Return what was found against the rules that concern dhxl's names and results."""
    return [(one.rule, one.cell) for one in report.findings if one.rule.startswith(("W5", "W6")) or one.rule == "W210"]


def checked(path: Path, change: Write | None = None) -> CheckReport:
    def both(book: Any, sheets: dict[str, Any]) -> None:
        calm(book, sheets)
        if change:
            change(book, sheets)

    feasibility_book(path, both)
    return check(path)


def formula(sheet: str, place: str, text: str) -> Write:
    return lambda _book, sheets: sheets[sheet].write_formula(place, text)


@pytest.fixture(scope="module")
def shipped() -> CheckReport:
    return check(BOOK)


def test_the_shipped_workbook_has_no_finding(shipped: CheckReport) -> None:
    assert [(one.rule, one.cell, one.text) for one in shipped.findings] == []
    assert shipped.checks_total == 0
    assert shipped.is_dhxl


def test_the_alerts_of_the_shipped_workbook_are_told_by_their_labels(shipped: CheckReport) -> None:
    assert shipped.alerts_total == len(shipped.alerts) == 3
    assert "Unserved heat" in [text for _, text in shipped.alerts]


def test_a_small_workbook_of_dhxl_keeps_to_its_rules(tmp_path: Path) -> None:
    report = checked(tmp_path / "town.xlsx")
    assert own_rules(report) == [("W603", "")]  # XlsxWriter stores 0 as the result of every formula
    run(tmp_path / "town.xlsx", stale=True)
    assert own_rules(check(tmp_path / "town.xlsx")) == []


FAULTS: dict[str, tuple[Write, str]] = {
    "W210": (lambda _book, sheets: sheets["Prices"].write("D7", 2), "Prices!D7"),
    "W502": (formula("Results", "B14", "=DH_LHD(1,1)"), "Results!B14"),
    "W503": (formula("My plant", "B2", '=IFERROR(DH_VERSION()<>"",FALSE)'), "'My plant'!B2"),
    "W505": (lambda book, _sheets: book.define_name("live_prices", "=Prices!$D$2:$D$3"), "Prices!D2"),
    "W506": (lambda book, _sheets: setattr(book, "calc_on_load", True), ""),
    "W601": (
        lambda _book, sheets: (
            sheets["Results"].write("A33", "Heat balances"),
            sheets["Results"].write_formula("B33", "=1"),
            sheets["Results"].write_formula("B30", "=SUM(B32:B33)"),
        ),
        "Results!B33",
    ),
    "W602": (formula("Results", "B40", "=1/(heat_sold_mwh-heat_sold_mwh)"), "Results!B40"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_of_a_workbook_of_dhxl_is_found_under_its_rule(rule: str, tmp_path: Path) -> None:
    change, place = FAULTS[rule]
    got = [one for one in own_rules(checked(tmp_path / "town.xlsx", change)) if one[0] != "W603"]
    assert got == [(rule, place)]


def test_a_failed_check_is_named_by_its_label(tmp_path: Path) -> None:
    report = checked(tmp_path / "town.xlsx", FAULTS["W601"][0])
    assert report.checks_total == 1
    assert [one.text for one in report.findings if one.rule == "W601"] == ["the check 'Heat balances' fails"]


def test_a_missing_published_name_is_found_and_nothing_is_calculated(tmp_path: Path) -> None:
    path = feasibility_book(tmp_path / "town.xlsx", calm)
    path.write_bytes(rezipped(path, lambda _name, part: part.replace(b'name="npv_eur_1"', b'name="npv_eur_x"')))
    report = check(path)
    assert own_rules(report) == [("W501", "")]
    assert "npv_eur_1" in report.findings[0].text and report.checks_total is None


def test_an_old_result_is_found(tmp_path: Path) -> None:
    path = feasibility_book(tmp_path / "town.xlsx", calm)
    run(path, stale=True)
    package = Package.open(path)
    place = package.resolve("npv_eur_1")
    part = package.sheet(place.sheet).part
    old = with_values(package.cells(place.sheet), {(place.first_row, place.first_col): 5.0})
    package.save(path, {part: old})
    (finding,) = [one for one in check(path).findings if one.rule == "W603"]
    assert finding.text == "stored results are not those that calculating gives: Results!B13"


def test_more_than_four_calls_of_the_dispatch_of_a_solution_are_too_many(tmp_path: Path) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        calm(book, sheets)
        book.define_name("units_1", "=Prices!$A$1:$B$3")
        for row in range(50, 55):
            call = 'DH_DISPATCH_VALUE(units_1,demand,drivers_sum,"cost_eur")'
            sheets["Results"].write_formula(f"B{row}", f"=IF(engine_live,{call},Saved!B{row})")

    found = lint(Package.open(feasibility_book(tmp_path / "town.xlsx", change)))
    assert [one.cell for one in found if one.rule == "W504"] == ["Results!B54"]


def test_inputs_of_a_workbook_of_dhxl_have_names_with_the_right_unit(tmp_path: Path) -> None:
    book = clean_book()
    each(named("ChecksTotal", "Model!$C$7"))(book)
    book["Inputs"]["D4"] = "MW"
    book.save(tmp_path / "own.xlsx")
    found = [(one.rule, one.cell) for one in lint(Package.open(tmp_path / "own.xlsx"))]
    wrong = [("W208", "Inputs!C4"), ("W208", "Inputs!C5"), ("W211", "Inputs!B9:B12")]  # "tariff" lacks its unit
    assert [one for one in found if one[0] != "W506"] == wrong


def test_nothing_is_written(tmp_path: Path) -> None:
    path = feasibility_book(tmp_path / "town.xlsx")
    before = path.read_bytes()
    check(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_rule_can_be_left_out_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    book = clean_book()
    book["Notes"].freeze_panes = None
    book.save(tmp_path / "one.xlsx")
    assert [one.rule for one in check(tmp_path / "one.xlsx").findings] == ["W406"]
    assert check(tmp_path / "one.xlsx", ignored=["w406"]).findings == ()
    with pytest.raises(InputError, match="there is no rule W999"):
        check(tmp_path / "one.xlsx", ignored=["W999"])


def test_the_command_prints_findings_by_sheet_and_what_to_do(tmp_path: Path, capsys: Capture) -> None:
    book = clean_book()
    book["Notes"].freeze_panes = None
    book["Model"]["B22"] = "=heat_mwh*0.95"
    book.save(tmp_path / "two.xlsx")
    assert main(["check", str(tmp_path / "two.xlsx")]) == 1
    out = capsys.readouterr().out
    assert "Model (1)" in out and "Notes (1)" in out
    assert "W102  B22  holds the number 0.95" in out
    assert "What to do" in out and "Put the number into an input cell" in out
    assert "2 findings" in out and "\x1b" not in out


def test_the_command_as_json_has_rule_cell_sentence_and_fix(tmp_path: Path, capsys: Capture) -> None:
    clean_book().save(tmp_path / "clean.xlsx")
    assert main(["check", str(tmp_path / "clean.xlsx"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    book = clean_book()
    book["Model"]["B22"] = "=heat_mwh*0.95"
    book.save(tmp_path / "one.xlsx")
    assert main(["check", str(tmp_path / "one.xlsx"), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    (finding,) = answer["findings"]
    assert (finding["rule"], finding["sheet"], finding["cell"]) == ("W102", "Model", "Model!B22")
    assert finding["text"] and finding["fix"]
    assert answer["dhxl"] is False and answer["checks_total"] is None and answer["second_engine"] is None
