"""dhxl check: a workbook of dhxl looked through, calculated, and compared with LibreOffice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhxl.cli import main
from dhxl.errors import InputError, WorkbookError
from dhxl.hosts import libreoffice as second
from dhxl.hosts.headless import Model
from dhxl.hosts.libreoffice import find_libreoffice
from dhxl.studies.check import CheckReport, check
from dhxl.studies.run import run
from dhxl.workbook.lint import lint
from dhxl.workbook.lint.portable import PORTABLE
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.conftest import REPOSITORY
from tests.hosts.books import feasibility_book
from tests.libreoffice import programs
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
    return check(BOOK, second_engine=find_libreoffice() is not None)


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
    run(tmp_path / "town.xlsx")
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
    run(path)
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


def test_without_libreoffice_the_second_engine_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second, "find_libreoffice", lambda: None)
    clean_book().save(tmp_path / "clean.xlsx")
    with pytest.raises(WorkbookError, match=r"needs LibreOffice \(soffice\).*install it"):
        check(tmp_path / "clean.xlsx", second_engine=True)


@pytest.mark.libreoffice
def test_libreoffice_agrees_on_every_number_of_the_shipped_workbook(shipped: CheckReport) -> None:
    programs()
    assert [(one.cell, one.text) for one in shipped.findings if one.rule == "W604"] == []
    assert shipped.compared and shipped.compared > 20_000


@pytest.mark.libreoffice
def test_a_formula_that_the_engines_calculate_apart_is_named(tmp_path: Path) -> None:
    """Proves: LibreOffice computes, since the poisoned result of B9 is not among the differences.

    Sensitivity: the headless engine does not lift MONTH over a range, LibreOffice does.
    """
    programs()
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 6):
        sheet[f"A{row}"] = 20 + row
    sheet["B7"] = "=SUMPRODUCT(--(MONTH(A1:A5)=1))"
    sheet["B9"] = "=SUM(A1:A5)"
    path = tmp_path / "apart.xlsx"
    book.save(path)
    package = Package.open(path)
    package.save(path, {package.sheets[0].part: with_values(package.cells("Sheet"), {(9, 2): 666.0})})
    report = check(path, second_engine=True)
    (finding,) = [one for one in report.findings if one.rule == "W604"]
    assert finding.cell == "Sheet!B7" and finding.text.endswith("in LibreOffice 5.0")
    assert report.compared == 1  # B7 is an error value in the headless engine


EXAMPLES = {
    "ABS": "ABS(-2.5)", "AND": "1*AND(A1>0,A2>0)", "AVERAGE": "AVERAGE(A1:A6)", "AVERAGEIF": 'AVERAGEIF(A1:A6,">2")',
    "CHOOSE": "CHOOSE(2,A1,A3,A5)", "COLUMN": "COLUMN(C1)", "COLUMNS": "COLUMNS(A1:D2)", "COUNT": "COUNT(A1:B6)",
    "COUNTA": "COUNTA(A1:B6)", "COUNTBLANK": "COUNTBLANK(A1:A8)", "COUNTIF": 'COUNTIF(A1:A6,">3")',
    "COUNTIFS": 'COUNTIFS(A1:A6,">1",A1:A6,"<5")', "CUMIPMT": "CUMIPMT(0.01,24,1000,1,12,0)", "DATE": "DATE(2024,2,29)",
    "DAY": "DAY(45292)", "DB": "DB(1000,100,6,2)", "DDB": "DDB(1000,100,6,2)", "EXP": "EXP(1.5)", "FALSE": "1*FALSE()",
    "FV": "FV(0.05,10,-100)", "HLOOKUP": "HLOOKUP(3,A3:D4,2,FALSE)", "HOUR": "HOUR(45292.75)", "IF": "IF(A1>0,3,4)",
    "IFERROR": "IFERROR(1/0,7)", "INDEX": "INDEX(A1:A6,4)", "INT": "INT(-2.5)", "IPMT": "IPMT(0.01,3,24,1000)",
    "IRR": "IRR(D1:D5)", "ISBLANK": "1*ISBLANK(A9)", "ISERROR": "1*ISERROR(1/0)", "ISNA": "1*ISNA(NA())",
    "ISNUMBER": "1*ISNUMBER(A1)", "ISTEXT": "1*ISTEXT(B1)", "LARGE": "LARGE(A1:A6,2)", "LEFT": "LEN(LEFT(B1,2))",
    "LEN": "LEN(B1)", "LN": "LN(3)", "LOG10": "LOG10(50)", "LOWER": 'IF(LOWER("Ab")="ab",1,0)',
    "MATCH": "MATCH(4,A1:A6,0)", "MAX": "MAX(A1:A6)", "MEDIAN": "MEDIAN(A1:A5)", "MID": 'LEN(MID("abcdef",2,3))',
    "MIN": "MIN(A1:A6)", "MIRR": "MIRR(D1:D5,0.05,0.06)", "MOD": "MOD(-7,3)", "MONTH": "MONTH(45350)", "N": "N(A2)",
    "NA": "IF(ISNA(NA()),1,0)", "NOT": "1*NOT(FALSE)", "NPER": "NPER(0.05,-100,700)", "NPV": "NPV(0.07,D1:D5)",
    "OR": "1*OR(A1>9,A2>1)", "PI": "PI()", "PMT": "PMT(0.05,10,1000)", "POWER": "POWER(2,0.5)",
    "PPMT": "PPMT(0.01,3,24,1000)", "PRODUCT": "PRODUCT(A1:A6)", "PV": "PV(0.05,10,-100)",
    "RATE": "RATE(10,-130,1000)", "RIGHT": "LEN(RIGHT(B1,3))", "ROUND": "ROUND(2.345,2)+ROUND(-2.5,0)",
    "ROUNDDOWN": "ROUNDDOWN(-2.57,1)", "ROUNDUP": "ROUNDUP(2.51,1)", "ROW": "ROW(A7)", "ROWS": "ROWS(A1:A6)",
    "SIGN": "SIGN(-3)", "SLN": "SLN(1000,100,6)", "SMALL": "SMALL(A1:A6,2)", "SQRT": "SQRT(2)", "SUM": "SUM(A1:A6)",
    "SUMIF": 'SUMIF(B1:B6,"x",A1:A6)', "SUMIFS": 'SUMIFS(A1:A6,B1:B6,"x",A1:A6,">1")',
    "SUMPRODUCT": "SUMPRODUCT(A1:A6,1*(A1:A6>2))", "TRIM": 'LEN(TRIM("  a  b "))', "TRUE": "1*TRUE()",
    "UPPER": 'IF(UPPER("Ab")="AB",1,0)', "VLOOKUP": "VLOOKUP(3,A1:C6,3,FALSE)", "WEEKDAY": "WEEKDAY(45292)",
    "XIRR": "XIRR(D1:D5,E1:E5)", "XNPV": "XNPV(0.08,D1:D5,E1:E5)", "YEAR": "YEAR(45292)",
}  # fmt: skip


def test_every_portable_function_is_compared_with_libreoffice() -> None:
    assert set(EXAMPLES) == PORTABLE


@pytest.mark.libreoffice
def test_both_engines_calculate_the_portable_functions_alike(tmp_path: Path) -> None:
    programs()
    book = openpyxl.Workbook()
    sheet = book.active
    for row, flow in enumerate((-1000, 200, 300, 400, 500), start=1):
        sheet[f"D{row}"], sheet[f"E{row}"] = flow, 45292 + 365 * row
    for row in range(1, 7):
        sheet[f"A{row}"], sheet[f"B{row}"], sheet[f"C{row}"] = row, "x" if row % 2 else "yyyy", row * 1.5
    for row, text in enumerate(EXAMPLES.values(), start=1):
        sheet[f"H{row}"] = f"={text}"
    path = tmp_path / "functions.xlsx"
    book.save(path)
    report = check(path, second_engine=True)
    names = list(EXAMPLES)
    apart = [(names[int(one.cell.rpartition("H")[2]) - 1], one.text) for one in report.findings if one.rule == "W604"]
    assert apart == []
    with Model.open(path) as model:
        model.calculate()
        values = {name: model.cell("Sheet", row, 8) for row, name in enumerate(EXAMPLES, start=1)}
    assert {name: value for name, value in values.items() if type(value) is not float} == {}
