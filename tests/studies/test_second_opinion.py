"""A second engine calculates a workbook, too, and `dhxl check` tells where it does not agree."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhxl.cli import arguments, main
from dhxl.errors import InputError, WorkbookError
from dhxl.hosts import libreoffice, second
from dhxl.hosts.native.library import LIBRARY
from dhxl.hosts.second import SecondOpinion
from dhxl.studies import agreement
from dhxl.studies.agreement import Comparison
from dhxl.studies.check import check
from dhxl.studies.run import run
from dhxl.workbook.lint.portable import PORTABLE
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.values import ErrorValue
from tests.conftest import REPOSITORY
from tests.hosts.books import feasibility_book
from tests.libreoffice import programs

BOOKS = (REPOSITORY / "workbook.xlsm", REPOSITORY / "templates" / "biomass.xlsm")
ENGINES = (pytest.param("libreoffice", marks=pytest.mark.libreoffice), "ironcalc")
Capture = pytest.CaptureFixture[str]


def own_book(path: Path, **cells: Any) -> Path:
    """Return a workbook of one sheet; formulas begin with an equals sign."""
    book = openpyxl.Workbook()
    for address, content in cells.items():
        book.active[address] = content
    book.save(path)
    return path


def opinion(path: Path, engine: str) -> Comparison:
    if engine == "libreoffice":
        programs()
    report = check(path, second_engine=engine)
    assert report.second
    return report.second


def apart(found: Comparison) -> dict[str, tuple[str, str]]:
    return {place.address: (agreement.shown(ours), agreement.shown(other)) for place, ours, other in found.apart}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_agree_on_every_value_of_the_shipped_workbooks(engine: str, book: Path) -> None:
    if engine == "libreoffice":
        programs()
    found = agreement.compared(Package.open(book), engine)
    assert apart(found) == {} and found.not_compared == ()
    assert found.engine == second.ENGINES[engine]
    assert found.counts["numbers"] > 28_000 and found.counts["texts"] > 800


@pytest.mark.parametrize("engine", ENGINES)
def test_a_formula_that_the_engines_calculate_apart_is_named(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: the other engine computes, since the poisoned result of B9 is not among the differences.

    Sensitivity: dhxl is given a root that is wrong.
    """
    monkeypatch.setitem(LIBRARY, "SQRT", replace(LIBRARY["SQRT"], body=lambda _number: 7.0))
    cells: dict[str, Any] = {f"A{row}": 20 + row for row in range(1, 6)}
    path = own_book(tmp_path / "apart.xlsx", **cells, A6=25, B7="=SQRT(A6)", B9="=SUM(A1:A5)")
    package = Package.open(path)
    package.save(path, {package.sheets[0].part: with_values(package.cells("Sheet"), {(9, 2): 666.0})})
    report = check(path, second_engine=engine)
    (finding,) = [one for one in report.findings if one.rule == "W604"]
    name = second.ENGINES[engine]
    assert finding.cell == "Sheet!B7" and finding.text.endswith(f"in {name} 5.0")
    assert report.second and report.second.counts == {"numbers": 2, "texts": 0, "truth values": 0, "errors": 0}


KINDS = {
    "A1": 3, "A2": "x", "B1": "=A1/0", "B2": "=NA()", "B3": "=SQRT(-A1)", "B4": "=A2+1", "B5": "=lost_name",
    "B6": "=A1>2", "B7": "=NOT(B6)", "B8": '=A2&"y"', "B9": '=IF(B6,"","z")', "B10": "=A9", "B11": "=A1/7",
    "B12": "=0.1*3-0.3",
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_texts_truth_values_and_kinds_of_error_are_compared(engine: str, tmp_path: Path) -> None:
    found = opinion(own_book(tmp_path / "kinds.xlsx", **KINDS), engine)
    assert apart(found) == {}
    assert found.counts == {"numbers": 3, "texts": 2, "truth values": 2, "errors": 5}


def doctored(monkeypatch: pytest.MonkeyPatch, other: Any, engine: str = "IronCalc") -> None:
    """Let a second engine give a certain value for the cell D1 of the first sheet and what dhxl has for all others."""

    def values(package: Package, *, engine: str | None, constants: Any, stand_ins: Any) -> SecondOpinion:
        first = package.sheets[0].name
        told = {sheet: dict(cells) for sheet, cells in stand_ins.items()}
        told[first][1, 4] = other
        return SecondOpinion(name, told, {})

    name = engine
    monkeypatch.setattr(agreement, "second_values", values)


@pytest.mark.parametrize(
    ("formula", "other", "engine", "agrees"),
    [
        ("A1/7", 3 / 7 * (1 + 1e-10), "IronCalc", True),
        ("A1/7", 3 / 7 * (1 + 1e-8), "IronCalc", False),
        ("A1/7", "0.428571428571429", "IronCalc", False),
        ("A1/7", None, "IronCalc", False),
        ("A1/7", ErrorValue("#VALUE!"), "IronCalc", False),
        ("A2", "X", "IronCalc", False),
        ("A2", ErrorValue("#N/A"), "IronCalc", False),
        ('IF(A1>2,"",1)', None, "IronCalc", True),
        ('IF(A1>2,"",1)', 0.0, "IronCalc", False),
        ("A1>2", False, "IronCalc", False),
        ("A1>2", 1.0, "IronCalc", False),
        ("A1>2", 1.0, "LibreOffice", True),
        ("A1>2", 0.0, "LibreOffice", False),
        ("A1>2", "TRUE", "LibreOffice", False),
        ("A1/0", ErrorValue("#DIV/0!"), "IronCalc", True),
        ("A1/0", ErrorValue("#VALUE!"), "IronCalc", False),
        ("A1/0", ErrorValue("#VALUE!"), "LibreOffice", False),
        ("A1/0", 0.0, "LibreOffice", False),
        ("SQRT(-A1)", ErrorValue("#VALUE!"), "IronCalc", False),
        ("SQRT(-A1)", ErrorValue("#VALUE!"), "LibreOffice", True),
        ("A3-A4", 1e-5, "IronCalc", True),
        ("A3-A4", 1e-2, "IronCalc", False),
        ("B1+0", 1e-5, "IronCalc", True),
        ("A3-A4-A1", -3 + 1e-7, "IronCalc", True),
        ("A3-A4-A1", -3 + 1e-3, "IronCalc", False),
        ("A3/A4", 1.0001, "IronCalc", False),
    ],
)
def test_what_counts_as_agreement(
    formula: str, other: Any, engine: str, agrees: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: where large numbers cancel, what remains may differ, and nowhere else.

    Sensitivity: with 1e-9 of the largest number read, the ratio of two numbers of a thousand million may be anything.
    """
    doctored(monkeypatch, other, engine)
    cells = {"A1": 3, "A2": "x", "A3": 1e9, "A4": 1e9, "B1": "=A3-A4", "D1": f"={formula}"}
    found = apart(opinion(own_book(tmp_path / "one.xlsx", **cells), "ironcalc"))
    assert list(found) == ([] if agrees else ["Sheet!D1"])


def test_cells_that_an_engine_cannot_calculate_are_not_compared_and_told(tmp_path: Path, capsys: Capture) -> None:
    """Proves: what rests on such a cell is compared all the same, with dhxl's value of it."""
    cells = {
        "A1": 1, "A2": 2, "B1": "=AGGREGATE(9,6,A1:A2)", "B2": "=IFERROR(B1,0)*2", "B3": "=TODAY()-40000>0",
        "B4": "=IF(B3,1,2)", "B5": "=SUM((A1,A2))", "B6": "=AGGREGATE(9,6,A1:A2)+1", "B7": '=CELL("row",A1)',
    }  # fmt: skip
    path = own_book(tmp_path / "own.xlsx", **cells)
    found = opinion(path, "ironcalc")
    assert apart(found) == {}
    assert {place.address for place, _ in found.not_compared} == {f"Sheet!B{row}" for row in (1, 3, 5, 6, 7)}
    assert found.counts == {"numbers": 2, "texts": 0, "truth values": 0, "errors": 0}
    notes = list(found.notes())
    assert "Sheet!B1, Sheet!B6: not compared with IronCalc: IronCalc has no AGGREGATE" in notes
    assert (
        "Sheet!B3: not compared with IronCalc: calls TODAY, whose result depends on the moment or the machine" in notes
    )
    main(["check", str(path), "--second-engine", "ironcalc", "--json"])
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer["second_engine"]["not_compared"][0] == {"cell": "Sheet!B1", "reason": "IronCalc has no AGGREGATE"}
    assert set(answer["notes"]) >= set(notes)
    assert "note: Sheet!B3: not compared with IronCalc" in err


@pytest.mark.parametrize("engine", ENGINES)
def test_stored_results_of_the_functions_are_given_to_the_other_engine(engine: str, tmp_path: Path) -> None:
    """Proves: what rests on a DH_ function is compared although only dhxl has it."""
    path = own_book(tmp_path / "own.xlsx", A1="=DH_LHD(6000,3000)", A2="=A1*10", A3='=IF(A1>1,"dense","thin")')
    package = Package.open(path)
    package.save(path, {package.sheets[0].part: with_values(package.cells("Sheet"), {(1, 1): 2.0})})
    found = opinion(path, engine)
    assert apart(found) == {} and found.not_compared == ()
    assert found.counts == {"numbers": 1, "texts": 1, "truth values": 0, "errors": 0}


def old_result(path: Path, value: float) -> Path:
    """Return a calculated workbook in which another value is stored for the net present value."""
    feasibility_book(path)
    run(path)
    package = Package.open(path)
    place = package.resolve("npv_eur_1")
    part = package.sheet(place.sheet).part
    old = with_values(package.cells(place.sheet), {(place.first_row, place.first_col): value})
    package.save(path, {part: old})
    return path


def test_a_second_engine_tells_that_stored_results_are_old(tmp_path: Path) -> None:
    report = check(old_result(tmp_path / "town.xlsx", 5.0), second_engine="ironcalc")
    (finding,) = [one for one in report.findings if one.rule == "W603"]
    assert finding.text == (
        "stored results are not those that calculating gives: Results!B13; IronCalc calculates as dhxl does, so the "
        "file was saved by a program that does not calculate"
    )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (5.0, "; LibreOffice gives the stored result of Results!B13, so dhxl calculates that otherwise"),
        (7.0, "; LibreOffice gives a third result in Results!B13"),
    ],
)
def test_a_second_engine_tells_that_dhxl_calculates_otherwise(
    other: float, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_result(tmp_path / "town.xlsx", 5.0)

    def values(package: Package, *, engine: str | None, constants: Any, stand_ins: Any) -> SecondOpinion:
        given = {sheet: dict(cells) for sheet, cells in stand_ins.items()}
        given["Results"][13, 2] = other
        return SecondOpinion("LibreOffice", given, {})

    monkeypatch.setattr(agreement, "second_values", values)
    report = check(path, second_engine="ironcalc")
    (finding,) = [one for one in report.findings if one.rule == "W603"]
    assert finding.text.endswith(told)
    assert "Results!B13" in [one.cell for one in report.findings if one.rule == "W604"]


def test_a_second_engine_cannot_tell_of_old_results_of_the_functions(tmp_path: Path) -> None:
    path = feasibility_book(tmp_path / "town.xlsx")
    run(path)
    package = Package.open(path)
    at, value = next((at, value) for at, value in second.saved_results(package)["My plant"].items() if value == 2.0)
    part = package.sheet("My plant").part
    package.save(path, {part: with_values(package.cells("My plant"), {at: value + 1})})
    (finding,) = [one for one in check(path, second_engine="ironcalc").findings if one.rule == "W603"]
    assert finding.text.endswith("; IronCalc does not calculate these cells")


def test_without_a_second_engine_both_causes_of_old_results_are_told(tmp_path: Path) -> None:
    (finding,) = [one for one in check(old_result(tmp_path / "town.xlsx", 5.0)).findings if one.rule == "W603"]
    assert finding.text == "stored results are not those that calculating gives: Results!B13"
    assert "edited by a program that does not calculate" in finding.fix
    assert "dhxl calculates this otherwise than the program that saved it" in finding.fix
    assert "dhxl check --second-engine" in finding.fix


def test_libreoffice_is_taken_where_it_is_at_hand_and_ironcalc_where_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: tmp_path)
    assert second.engine_at_hand() == "libreoffice"
    assert second.engine_at_hand("IronCalc") == "ironcalc"
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: None)
    assert second.engine_at_hand() == "ironcalc"
    report = check(own_book(tmp_path / "own.xlsx", A1="=1+1"), second_engine="")
    assert report.second and report.second.engine == "IronCalc" and report.second.counts["numbers"] == 1


def test_without_any_second_engine_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: None)
    path = own_book(tmp_path / "own.xlsx", A1="=1+1")
    with pytest.raises(WorkbookError, match=r"needs LibreOffice \(soffice\).*install it"):
        check(path, second_engine="libreoffice")
    monkeypatch.setitem(sys.modules, "ironcalc", None)
    for engine in ("", "ironcalc"):
        with pytest.raises(WorkbookError, match=r'IronCalc.* is not installed; pip install "dhxl\[second\]"'):
            check(path, second_engine=engine)
    with pytest.raises(InputError, match="there is no second engine 'excel'; there are libreoffice and ironcalc"):
        check(path, second_engine="excel")


def test_the_command_takes_the_engine_before_or_behind_the_workbook(tmp_path: Path, capsys: Capture) -> None:
    assert tuple(second.ENGINES) == arguments.ENGINES
    path = str(own_book(tmp_path / "own.xlsx", A1="=1+1", A2='="a"&"b"', A3="=A1>1"))
    for given in (["--second-engine", "ironcalc", path], [path, "--second-engine", "IronCalc"]):
        main(["check", *given, "--json"])
        assert json.loads(capsys.readouterr().out)["second_engine"] == {
            "engine": "IronCalc", "numbers": 1, "texts": 1, "truth_values": 1, "errors": 0, "differing": 0,
            "not_compared": [],
        }  # fmt: skip
    main(["check", path, "--second-engine", "ironcalc"])
    assert "IronCalc: 1 number, 1 text, 1 truth value compared, 0 differ" in capsys.readouterr().out


def test_the_option_alone_before_the_workbook_does_not_take_it_for_an_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: None)
    path = str(own_book(tmp_path / "own.xlsx", A1="=1+1"))
    main(["check", "--second-engine", path, "--json"])
    assert json.loads(capsys.readouterr().out)["second_engine"]["engine"] == "IronCalc"
    for wrong, sentence in (
        ([path, "--second-engine", "excel"], "must be libreoffice or ironcalc, got 'excel'"),
        (["--second-engine"], "the following arguments are required: BOOK"),
        ([], "the following arguments are required: BOOK"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(["check", *wrong])
        assert stopped.value.code == 2
        assert sentence in capsys.readouterr().err


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


def test_every_portable_function_is_compared_with_other_engines() -> None:
    assert set(EXAMPLES) == PORTABLE


@pytest.mark.parametrize("engine", ENGINES)
def test_the_engines_calculate_the_portable_functions_alike(engine: str, tmp_path: Path) -> None:
    cells: dict[str, Any] = {}
    for row, flow in enumerate((-1000, 200, 300, 400, 500), start=1):
        cells |= {f"D{row}": flow, f"E{row}": 45292 + 365 * row}
    for row in range(1, 7):
        cells |= {f"A{row}": row, f"B{row}": "x" if row % 2 else "yyyy", f"C{row}": row * 1.5}
    for row, text in enumerate(EXAMPLES.values(), start=1):
        cells[f"H{row}"] = f"={text}"
    path = own_book(tmp_path / "functions.xlsx", **cells)
    found = opinion(path, engine)
    assert apart(found) == {} and found.not_compared == ()
    assert found.counts["numbers"] == len(EXAMPLES)
