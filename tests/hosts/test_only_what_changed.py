"""The law of a run, convention §11: what rests on nothing that changed keeps every byte, whatever it holds."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy_financial
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhxl.errors import WorkbookError
from dhxl.hosts.native.library import LIBRARY
from dhxl.studies.outputs import OUTPUTS
from dhxl.studies.run import run
from dhxl.workbook.package import Package

ROWS = 5
NUMBERS = st.lists(st.integers(1, 9999).map(lambda n: n / 8), min_size=ROWS, max_size=ROWS)
KEYS = st.lists(st.sampled_from(["x", "y", "wärme", "Wärme", "Zz"]), min_size=ROWS, max_size=ROWS)


@dataclass(frozen=True)
class Data:
    """Column A numbers, column B texts, of the sheet Own; F1 of it is twice the result of a DH_ function."""

    numbers: list[float]
    keys: list[str]
    density: float

    def total(self, *wanted: str) -> float:
        folded = [key.upper() for key in wanted]
        return sum(n for n, key in zip(self.numbers, self.keys, strict=True) if key.upper() in folded)


@dataclass(frozen=True)
class Kind:
    """A construct of other people's workbooks; ``rests`` tells that it rests on the DH_ function."""

    formula: str
    value: Callable[[Data], object]
    array: bool = False
    rests: bool = False


KINDS = {
    "sum": Kind("=SUM(A1:A5)", lambda d: sum(d.numbers)),
    "shared arithmetic": Kind("=A1*2+A2", lambda d: d.numbers[0] * 2 + d.numbers[1]),
    "several criteria": Kind('=SUMPRODUCT(SUMIF(B1:B5,{"x","y"},A1:A5))', lambda d: d.total("x", "y")),
    "criterion beyond ASCII": Kind('=SUMIF(B1:B5,"WÄRME",A1:A5)', lambda d: d.total("wärme")),
    "condition over a range": Kind('=SUMPRODUCT((B1:B5="x")*A1:A5)', lambda d: d.total("x")),
    "one function over a range": Kind("=SUMPRODUCT(LEN(B1:B5))", lambda d: float(sum(map(len, d.keys)))),
    "array formula": Kind("{=MAX(IF(A1:A5>99,A1:A5,1))}", lambda d: max(n if n > 99 else 1.0 for n in d.numbers), True),
    "own row of a column": Kind("=A:A*3", lambda d: 3 * d.numbers[2]),
    "own row of a name": Kind("=Amounts+1", lambda d: d.numbers[2] + 1),
    "name over a formula": Kind("=Doubled", lambda d: 2 * sum(d.numbers)),
    "relative name": Kind("=beside*1", lambda d: 7.0),
    "union": Kind("=SUM((A1:A2,A4))", lambda d: d.numbers[0] + d.numbers[1] + d.numbers[3]),
    "intersection": Kind("=SUM(A1:A3 A2:A9)", lambda d: d.numbers[1] + d.numbers[2]),
    "text of a number": Kind('="Cost "&1/3', lambda d: "Cost 0.333333333333333"),
    "equal to 15 digits": Kind('=IF(0.1+0.2=0.3,"equal","not")', lambda d: "equal"),
    "last difference": Kind("=1-0.9-0.1+5", lambda d: 1 - 0.9 - 0.1 + 5),
    "text comparison": Kind('=IF("WÄRME"="wärme",1,2)', lambda d: 1.0),
    "exact lookup": Kind("=VLOOKUP(A3,A1:B5,2,FALSE)", lambda d: d.keys[d.numbers.index(d.numbers[2])]),
    "index and match": Kind("=INDEX(B1:B5,MATCH(A4,A1:A5,0))", lambda d: d.keys[d.numbers.index(d.numbers[3])]),
    "offset": Kind("=SUM(OFFSET(A1,1,0,2,1))", lambda d: d.numbers[1] + d.numbers[2]),
    "indirect": Kind('=INDIRECT("A"&2)*1', lambda d: d.numbers[1]),
    "indirect by numbers": Kind('=INDIRECT("Own!R2C1",FALSE)', lambda d: d.numbers[1]),
    "several sheets": Kind("=SUM(Own:Results!A1)", lambda d: d.numbers[0] + d.density, rests=True),
    "error value": Kind("=1/0", lambda d: "#DIV/0!"),
    "error caught": Kind('=IFERROR(VLOOKUP("none",B1:B5,1,FALSE),"no")', lambda d: "no"),
    "clock": Kind("=TODAY()-1", lambda d: 40000.0),
    "chance": Kind("=RAND()", lambda d: 0.25),
    "function that nothing here has": Kind('=GETPIVOTDATA("x",A1)', lambda d: 12.5),
    "function that does not exist": Kind("=IFERROR(SUMM(A1:A5),3)", lambda d: 3.0),
    "other workbook": Kind("='[1]Prices'!A1*2", lambda d: 84.0),
    "payment": Kind("=PMT(0.05,20,-A1)", lambda d: float(-numpy_financial.pmt(0.05, 20, d.numbers[0]))),
    "rate over blanks": Kind("=IRR(H1:H5)", lambda d: 0.1),
    "hidden rows": Kind("=SUBTOTAL(109,A1:A5)", lambda d: sum(d.numbers) - d.numbers[1]),
    "month of dates": Kind("=SUMPRODUCT((MONTH(I1:I3)=2)*1)", lambda d: 1.0),
    "unit of measure": Kind('=CONVERT(A1,"kWh","MJ")', lambda d: d.numbers[0] * 3.6),
    "trend of logarithms": Kind("{=INDEX(LINEST(LN(J1:J3),I4:I6),1)}", lambda d: 1.0, True),
    "sheet's title": Kind('=MID(CELL("filename",A1),FIND("]",CELL("filename",A1))+1,31)', lambda d: "Own"),
    "named steps": Kind("=LET(n,A1,n+n)", lambda d: 2 * d.numbers[0]),
    "long sum": Kind("=" + "+".join(["A1"] * 300), lambda d: 300 * d.numbers[0]),
    "on a DH_ function": Kind("=Results!A1*10", lambda d: 10 * d.density, rests=True),
    "on that": Kind('=IF(F1>0,TEXT(F1,"0.0"),"none")', lambda d: f"{2 * d.density + 1e-9:.1f}", rests=True),
}  # fmt: skip


def written(path: Path, data: Data) -> Path:
    """Write a workbook in which every formula has its stored result, as a spreadsheet program leaves it."""
    book = xlsxwriter.Workbook(path)
    own, results = book.add_worksheet("Own"), book.add_worksheet("Results")
    own.write_column("A1", data.numbers)
    own.write_column("B1", data.keys)
    own.write_column("H1", [-100, None, None, "none", 110])
    own.write_column("I1", [45292, 45323, 45352, 1, 2, 3])
    own.write_column("J1", [2.718281828459045, 7.38905609893065, 20.085536923187668])
    own.set_row(1, None, None, {"hidden": True})
    own.write_formula("F1", "=Results!A1*2", None, 2 * data.density)
    book.define_name("Amounts", "=Own!$A$1:$A$5")
    book.define_name("Doubled", "=2*SUM(Own!$A$1:$A$5)")
    book.define_name("beside", "=Own!XFC1")  # two cells to the left, as seen from A1
    for place, kind in enumerate(KINDS.values()):
        at = (2, 12 + 3 * place)
        own.write_number(at[0], at[1] - 2, 7)
        write = own.write_array_formula if kind.array else None
        if write:
            write(*at, *at, kind.formula, None, kind.value(data))
        else:
            own.write_formula(*at, kind.formula, None, kind.value(data))
    results.write_formula("A1", "=DH_LHD(D1,D2)", None, data.density)
    results.write_number("D1", 3000 * data.density)
    results.write_number("D2", 3000)
    for place, output in enumerate(OUTPUTS):
        results.write_number(place, 1, place + 1)
        book.define_name(f"{output.name}_1", f"=Results!$B${place + 1}")
    results.write_number("C1", 0)
    results.write_number("C2", 0)
    results.write_formula("C3", '=IFERROR(DH_VERSION(A1)<>"",FALSE)', None, True)
    for name, at in (("ChecksTotal", "$C$1"), ("AlertsTotal", "$C$2"), ("engine_live", "$C$3")):
        book.define_name(name, f"=Results!{at}")
    book.close()
    return path


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as file:
        parts = [(name, change(name, file.read(name))) for name in file.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, content)


def as_saved(name: str, content: bytes) -> bytes:
    """Return a part as a spreadsheet program writes it, which calculates: no calculation is asked for on opening."""
    return content.replace(b' fullCalcOnLoad="1"', b"") if name == "xl/workbook.xml" else content


def elements(path: Path) -> dict[str, bytes]:
    """Return the cells of the sheets as they stand in the file."""
    package = Package.open(path)
    return {
        f"{sheet.name}!{found[1].decode()}": found[0]
        for sheet in package.sheets
        for found in re.finditer(rb'<c r="([A-Z]+\d+)".*?(?:</c>|/>)', package.part(sheet.part))
    }


def address(kind: str) -> str:
    return "Own!" + xlsxwriter.utility.xl_rowcol_to_cell(2, 12 + 3 * list(KINDS).index(kind))


@given(NUMBERS, KEYS, st.integers(1, 40).map(lambda n: n / 8))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_changes_no_byte_where_nothing_changed_and_dependents_only_after_an_edit(
    tmp_path: Path, numbers: list[float], keys: list[str], density: float
) -> None:
    path = written(tmp_path / "book.xlsx", Data(numbers, keys, density))
    repacked(path, as_saved)
    before = path.read_bytes()
    report = run(path)
    assert not report.changed
    assert path.read_bytes() == before
    assert {one.address for one in report.unproven} == {
        address(kind) for kind in ("function that nothing here has", "function that does not exist", "other workbook")
    }

    def doubled(name: str, content: bytes) -> bytes:
        trench = b'<c r="D2"><v>3000</v></c>'
        return content.replace(trench, b'<c r="D2"><v>1500</v></c>') if name == "xl/worksheets/sheet2.xml" else content

    repacked(path, doubled)
    was = elements(path)
    assert run(path).changed
    found = elements(path)
    assert {at for at in was if found[at] != was[at]} == {
        "Results!A1", "Own!F1", *(address(name) for name, kind in KINDS.items() if kind.rests)
    }  # fmt: skip
    new = Data(numbers, keys, 2 * density)
    cells = Package.open(path).cells("Own")
    for name, kind in KINDS.items():
        if kind.rests:
            value = cells.value(3, 13 + 3 * list(KINDS).index(name))
            assert value == kind.value(new) or value == pytest.approx(kind.value(new)), name


def test_a_published_result_that_would_come_through_an_unproven_cell_stops_the_run(tmp_path: Path) -> None:
    path = written(tmp_path / "book.xlsx", Data([1.0, 2.0, 3.0, 4.0, 5.0], ["x"] * 5, 2.0))

    def wrong(name: str, content: bytes) -> bytes:
        content = as_saved(name, content)
        if name == "xl/worksheets/sheet1.xml":
            return content.replace(b"<f>Results!A1*2</f><v>4.0</v>", b"<f>Results!A1*2</f><v>5</v>")
        if name == "xl/worksheets/sheet2.xml":
            content = content.replace(b'<c r="D2"><v>3000</v></c>', b'<c r="D2"><v>1500</v></c>')
            return content.replace(b'<c r="B1"><v>1</v></c>', b'<c r="B1"><f>Own!F1+1</f><v>6</v></c>')
        return content

    repacked(path, wrong)
    before = path.read_bytes()
    with pytest.raises(WorkbookError) as caught:
        run(path)
    first, last = caught.value.problems[0], caught.value.problems[-1]
    assert first.startswith(f"{OUTPUTS[0].name}_1 (Results!B1) rests on Own!F1: holds =Results!A1*2; ")
    assert first.endswith("dhxl would calculate 4, the file says 5")
    assert last.startswith("nothing was written")
    assert path.read_bytes() == before


def off_by_one(name: str, content: bytes) -> bytes:
    """Return a part of a workbook in which the result of Own!F1 is not what its formula gives, and an input is new."""
    content = as_saved(name, content)
    if name == "xl/worksheets/sheet1.xml":
        content = content.replace(b"<f>Results!A1*2</f><v>4.0</v>", b"<f>Results!A1*2</f><v>5</v>")
        return re.sub(rb"(none[^<]*</f><v>)4\.0", rb"\g<1>5.0", content)  # what rests on it was calculated with 5
    return content.replace(b'<c r="D2"><v>3000</v></c>', b'<c r="D2"><v>1500</v></c>')


FEW = Data([1.0, 2.0, 3.0, 4.0, 5.0], ["x", "y", "x", "Zz", "Zz"], 2.0)


def test_an_unproven_cell_and_what_rests_on_it_keep_what_the_file_says(tmp_path: Path) -> None:
    path = written(tmp_path / "book.xlsx", FEW)
    repacked(path, off_by_one)
    report = run(path)
    cells = Package.open(path).cells("Own")
    assert cells.value(1, 6) == 5.0
    assert cells.value(3, 13 + 3 * list(KINDS).index("on that")) == "5.0"
    assert cells.value(3, 13 + 3 * list(KINDS).index("on a DH_ function")) == 40.0  # 10 times the new density
    assert "Own!F1" in {one.address for one in report.unproven}
    may_read_it = ("offset", "indirect", "indirect by numbers")  # references that are calculated may mean any cell
    assert set(report.unchanged) == {address(kind) for kind in ("on that", *may_read_it)}
    assert any(note.startswith("Own!F1: holds =Results!A1*2; dhxl would calculate 4, ") for note in report.notes)


def test_a_second_engine_that_reproduces_the_stored_result_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(name: str, content: bytes) -> bytes:
        content = as_saved(name, content)
        if name == "xl/worksheets/sheet1.xml":
            return content.replace(b"<f>Results!A1*2</f><v>4.0</v>", b"<f>SQRT(Results!A1*8)</f><v>4</v>")
        return content.replace(b'<c r="D2"><v>3000</v></c>', b'<c r="D2"><v>1500</v></c>')

    path = written(tmp_path / "book.xlsx", FEW)
    repacked(path, change)
    monkeypatch.setitem(LIBRARY, "SQRT", replace(LIBRARY["SQRT"], body=lambda _number: 7.0))  # dhxl gets it wrong
    report = run(path, tmp_path / "kept.xlsx")
    assert "Own!F1" in {one.address for one in report.unproven}
    report = run(path, second_engine="ironcalc")
    assert [(one.cell.address, one.engine) for one in report.arbitrated] == [("Own!F1", "IronCalc")]
    cells = Package.open(path).cells("Own")
    assert cells.value(1, 6) == pytest.approx(32**0.5)
    assert cells.value(3, 13 + 3 * list(KINDS).index("on that")) == "5.7"


def test_results_that_are_said_to_be_old_do_not_count(tmp_path: Path) -> None:
    path = written(tmp_path / "book.xlsx", FEW)
    repacked(path, off_by_one)
    report = run(path, stale=True)
    assert Package.open(path).cells("Own").value(1, 6) == 8.0
    assert "Own!F1" not in {one.address for one in report.unproven}
