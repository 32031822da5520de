"""Another engine's values of a workbook with some cells given: that it calculates, and what it cannot."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from dhxl.errors import WorkbookError
from dhxl.functions.cells import CellError
from dhxl.hosts import ironcalc, second
from dhxl.hosts.headless import Model
from dhxl.hosts.plain_formulas import plain_formulas
from dhxl.hosts.second import SecondOpinion, saved_results, second_values, with_cells
from dhxl.studies.agreement import compared
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.values import ErrorValue
from tests.conftest import REPOSITORY
from tests.libreoffice import programs
from tests.test_second_engine import inputs_of

ENGINES = (pytest.param("libreoffice", marks=pytest.mark.libreoffice), "ironcalc")
BOOK = REPOSITORY / "workbook.xlsm"
POISON = 666.0
Write = Callable[[Any, Any, Any], None]


def made(path: Path, write: Write) -> Package:
    """Return a workbook of the sheets Own and Bob's town."""
    with xlsxwriter.Workbook(str(path)) as book:
        own, town = book.add_worksheet("Own"), book.add_worksheet("Bob's town")
        own.write_column("A1", (1, 2, 3))
        town.write_column("A1", (10, 20, 30))
        write(book, own, town)
    return Package.open(path)


def asked(package: Package, engine: str, constants: Any = None, **more: Any) -> SecondOpinion:
    if engine == "libreoffice":
        programs()
    return second_values(package, engine=engine, constants=constants or {}, **more)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_poisoned_input_changes_every_result_that_rests_on_it_and_no_stored_one_is_echoed(
    engine: str, tmp_path: Path
) -> None:
    """Proves: values are calculated from what is given.

    Sensitivity: an echo of the stored results would give 666 in column C.
    """

    def write(book: Any, own: Any, town: Any) -> None:
        own.write_formula("C1", "=A1*2", None, POISON)
        own.write_formula("C2", "=SUM(A1:A3)", None, POISON)
        own.write_array_formula("C3:C5", "{=A1:A3*C1}", None, POISON)
        own.write("C4", POISON)
        own.write("C5", POISON)
        town.write_formula("C1", "=Own!C2+1", None, POISON)

    package = made(tmp_path / "own.xlsx", write)
    before = package.path.read_bytes()
    values = asked(package, engine).values
    assert [values["Own"][row, 3] for row in range(1, 6)] == [2.0, 6.0, 2.0, 4.0, 6.0]
    assert values["Bob's town"][1, 3] == 7.0
    values = asked(package, engine, {"Own": {(1, 1): 100.0}, "bob's town": {(9, 9): "new"}}).values
    assert [values["Own"][row, 3] for row in range(1, 6)] == [200.0, 105.0, 20000.0, 400.0, 600.0]
    assert values["Bob's town"][1, 3] == 106.0 and values["Bob's town"][9, 9] == "new"
    assert package.path.read_bytes() == before


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shipped_workbook_under_another_tariff_has_the_value_that_dhxl_calculates(engine: str) -> None:
    """Proves: a caller may give new inputs and new results of the DH_ functions, and these are calculated with."""
    package = Package.open(BOOK)
    tariff, npv = (package.resolve(name) for name in ("heat_tariff_eur_per_mwh", "npv_eur_1"))
    with Model(package) as model:
        model.set("heat_tariff_eur_per_mwh", 10.0)
        model.calculate()
        new = {sheet: {at: model.cell(sheet, *at) for at in cells} for sheet, cells in saved_results(package).items()}
        ours = model.value("npv_eur_1")
    constants: Any = new | {tariff.sheet: new[tariff.sheet] | {(tariff.first_row, tariff.first_col): 10.0}}
    found = asked(package, engine, constants)
    theirs = found.values[npv.sheet][npv.first_row, npv.first_col]
    assert theirs == pytest.approx(ours, rel=1e-9)
    assert theirs != pytest.approx(package.values(npv)[0][0], rel=1e-3)
    assert found.engine == second.ENGINES[engine] and not any(found.not_calculated.values())


def test_ironcalc_agrees_on_every_native_formula_under_inputs_drawn_at_random() -> None:
    """Proves: agreement is none of one set of inputs only. Sensitivity: the net present values are all different."""
    package, chance, npvs = Package.open(BOOK), random.Random(20260101), set()
    npv = package.resolve("npv_eur_1")
    with Model(package, registered=False) as model:
        inputs = inputs_of(model)
        for _ in range(2):
            edits: dict[str, dict[tuple[int, int], Any]] = {}
            for *at, value in inputs.drawn(chance):
                place = inputs.place((at[0], at[1], at[2]))
                edits.setdefault(place.sheet, {})[place.first_row, place.first_col] = value
            given = package.with_parts(
                {package.sheet(name).part: with_values(package.cells(name), cells) for name, cells in edits.items()}
            )
            found = compared(given, "ironcalc")
            assert [(place.address, ours, theirs) for place, ours, theirs in found.apart] == []
            assert found.counts["numbers"] > 28_000
            values = asked(given, "ironcalc").values
            npvs.add(values[npv.sheet][npv.first_row, npv.first_col])
    assert len(npvs) == 2


def test_given_cells_take_the_place_of_whatever_stood_there(tmp_path: Path) -> None:
    def write(book: Any, own: Any, town: Any) -> None:
        own.write_formula("C1", "=A1*2", None, 2)
        own.write_array_formula("D1:D3", "{=A1:A3*2}", None, 2)
        own.write("D2", 4)
        own.write("D3", 6)

    package = made(tmp_path / "own.xlsx", write)
    given = {(1, 1): None, (1, 3): "text", (2, 4): True, (7, 7): 5.0, (2, 1): CellError("#N/A", "why")}
    cells = with_cells(package, {"Own": given}).cells("Own")
    assert {at: cells.value(*at) for at in given} == {
        (1, 1): None, (1, 3): "text", (2, 4): True, (7, 7): 5.0, (2, 1): ErrorValue("#N/A"),
    }  # fmt: skip
    assert [cells.value(row, 4) for row in (1, 2, 3)] == [2.0, True, 6.0]
    assert not any(cell.formula for cell in cells.cells.values())
    assert package.cells("Own").cells[1, 3].formula == "A1*2"
    assert with_cells(package, {"Own": {}}) is package
    with pytest.raises(WorkbookError, match="there is no sheet 'Lost'"):
        with_cells(package, {"Lost": {(1, 1): 1.0}})
    with pytest.raises(WorkbookError, match="a cell holds finite numbers only, got nan"):
        with_cells(package, {"Own": {(1, 1): float("nan")}})


def test_saved_results_are_those_of_cells_that_call_a_function_of_dhxl(tmp_path: Path) -> None:
    def write(book: Any, own: Any, town: Any) -> None:
        own.write_formula("C1", "=IF(TRUE,DH_LHD(6000,3000),0)", None, 2)
        own.write_formula("C2", "=C1*2", None, 4)
        own.write_formula("C3", '="DH_LHD(1,2)"', None, "DH_LHD(1,2)")
        own.write_array_formula("D1:D3", "{=DH_LOAD_DURATION(A1:A3)}", None, 3)
        own.write("D2", 2)
        own.write("D3", 1)
        town.write_formula("C1", "=DH_LHD(1,0)", None, "#VALUE!")

    assert saved_results(made(tmp_path / "own.xlsx", write)) == {
        "Own": {(1, 3): 2.0, (1, 4): 3.0, (2, 4): 2.0, (3, 4): 1.0},
        "Bob's town": {(1, 3): ErrorValue("#VALUE!")},
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_cannot_calculate_holds_its_stored_result_or_what_stands_in(engine: str, tmp_path: Path) -> None:
    def write(book: Any, own: Any, town: Any) -> None:
        own.write_formula("C1", "=DH_LHD(6000,3000)", None, 2)
        own.write_formula("C2", "=RAND()+C1", None, 3)
        own.write_formula("C3", "=[1]Other!A1", None, 4)
        own.write_formula("C4", "=_xlfn.NOSUCHFUNCTION(A1)", None, 5)
        own.write_formula("C5", "=IFERROR(C4,0)+C1+C2+C3", None, POISON)

    package = made(tmp_path / "own.xlsx", write)
    found = asked(package, engine)
    assert [found.values["Own"][row, 3] for row in range(1, 6)] == [2.0, 3.0, 4.0, 5.0, 14.0]
    reasons = found.not_calculated["Own"]
    assert sorted(reasons) == [(1, 3), (2, 3), (3, 3), (4, 3)]
    assert reasons[1, 3] == "calls DH_LHD, which only dhxl calculates"
    assert "RAND" in reasons[2, 3] and "another workbook" in reasons[3, 3] and "NOSUCHFUNCTION" in reasons[4, 3]
    found = asked(package, engine, {"Own": {(1, 3): 20.0}}, stand_ins={"Own": {(4, 3): 50.0, (5, 3): POISON}})
    assert found.values["Own"][5, 3] == 50.0 + 20.0 + 3.0 + 4.0
    assert sorted(found.not_calculated["Own"]) == [(2, 3), (3, 3), (4, 3)]


FORMULAS = {
    "SUM(total)": 6.0, "one*2": 2.0, "local*2": 4.0, "'Bob''s town'!local*2": 40.0, "twice": 12.0, "vat*100": 19.0,
    "x.y+1": 4.0, "\\back+1": 4.0, "größe+1": 4.0, "SUM(moving)": 3.0, "left+0": 1.0, "[0]!one+1": 2.0, "deep+1": 13.0,
    "SUM(Tab[a])": 9.0, "SUM(Tab[[#All],[b c]])": 6.0, "Tab[[#Totals],[a]]": 7.0, "ROWS(Tab)": 3.0,
    "SUM('Bob''s town'!A1:A3)": 60.0, "SUM(Own!A:A)": 6.0, "SUMPRODUCT(--(LEN(A1:A3)=1))": 3.0,
    "SUM(A1:A3*{1;2;3})": 14.0,
    "SUMPRODUCT(A1:A3,'Bob''s town'!A1:A3)": 140.0, '"a ""<b>"" & "&A1': 'a "<b>" & 1', "A1=1": True, "A1/0": "#DIV/0!",
    "NA()": "#N/A", "gone+1": "#REF!", "lost+1": "#NAME?", "SUBTOTAL(109,B1:B3)": 4.0, "TRUE()": True,
    "_xlfn.XLOOKUP(2,A1:A3,B1:B3)": 2.0, "_xlfn.LET(_xlpm.q,2,_xlpm.q*one)": 2.0,
}  # fmt: skip


def everything(book: Any, own: Any, town: Any) -> None:
    """Write each of FORMULAS down column E, with all that they refer to."""
    names = {
        "total": "Own!$A$1:$A$3", "one": "Own!$A$1", "Own!local": "Own!$A$2",
        "'Bob's town'!local": "'Bob''s town'!$A$2",
        "twice": "SUM(Own!$A$1:$A$3)*2", "vat": "0.19", "x.y": "Own!$A$3", "\\back": "Own!$A$3", "größe": "Own!$A$3",
        "moving": "OFFSET(Own!$A$1,0,0,2,1)", "left": "Own!$A1", "deep": "twice", "gone": "#REF!",
    }  # fmt: skip
    for name, text in names.items():
        book.define_name(name, f"={text}")
    data = {"columns": [{"header": "a", "total_function": "sum"}, {"header": "b c"}], "name": "Tab", "total_row": True}
    own.add_table("G1:H5", data | {"data": [[2, 1], [3, 2], [4, 3]]})
    own.write_column("B1", (1, 2, 3))
    own.set_row(1, None, None, {"hidden": True})
    for row, text in enumerate(FORMULAS):
        own.write_formula(row, 4, f"={text}", None, POISON)
    own.write_formula("E11", "=$A1+0", None, POISON)  # "left" is relative: as it stands in row 1


def test_ironcalc_reads_names_tables_and_arrays_in_every_form(tmp_path: Path) -> None:
    package = made(tmp_path / "own.xlsm", everything)
    found = asked(package, "ironcalc")
    got = {text: found.values["Own"].get((row, 5)) for row, text in enumerate(FORMULAS, start=1)}
    got = {text: value.code if isinstance(value, ErrorValue) else value for text, value in got.items()}
    assert got == FORMULAS
    assert not any(found.not_calculated.values())


def test_a_relative_name_moves_with_its_cell_and_the_name_of_a_sheet_goes_first(tmp_path: Path) -> None:
    def write(book: Any, own: Any, town: Any) -> None:
        book.define_name("left", "=Own!$A1")
        book.define_name("rate", "=Own!$A$1")
        book.define_name("'Bob's town'!rate", "='Bob''s town'!$A$3")
        for row in (1, 2, 3):
            own.write_formula(f"C{row}", "=left*2", None, POISON)
        own.write_formula("D1", "=rate*2", None, POISON)
        town.write_formula("D1", "=rate*2", None, POISON)

    package = made(tmp_path / "own.xlsx", write)
    assert plain_formulas(package)["Own"][2, 3] == "Own!$A2*2"
    values = asked(package, "ironcalc").values
    assert [values["Own"][row, 3] for row in (1, 2, 3)] == [2.0, 4.0, 6.0]
    assert values["Own"][1, 4] == 2.0 and values["Bob's town"][1, 4] == 60.0


def test_ironcalc_says_what_it_cannot_read_and_why(tmp_path: Path) -> None:
    cells = {
        "=SUM(Own:'Bob''s town'!A1)": "IronCalc cannot read the formula",
        "=SUM((A1,A3))": "IronCalc cannot read the formula",
        "=_xlfn.AGGREGATE(9,6,A1:A3)": "IronCalc has no AGGREGATE",
        "=C5+1": "IronCalc does not iterate, and the cell depends on itself",
    }

    def write(book: Any, own: Any, town: Any) -> None:
        for row, text in enumerate(cells, start=2):
            own.write_formula(f"C{row}", text, None, 7)
        own.write_formula("C1", "=SUM(C2:C5)", None, POISON)

    found = asked(made(tmp_path / "own.xlsx", write), "ironcalc")
    assert found.not_calculated == {"Own": {(row, 3): reason for row, reason in enumerate(cells.values(), start=2)}}
    assert found.values["Own"][1, 3] == 28.0


@pytest.mark.parametrize(
    ("formula", "given"),
    [
        ("DAY(60)", "28"),
        ('CONVERT(68,"F","C")', "19.65"),
        ("IF(A:A>2,1,0)", "#VALUE!"),
        ("SUMPRODUCT(COUNTIF(r,r))", "0"),
        ("1-0.9-0.1", "-2.8e-17"),
    ],
)
def test_the_faults_of_ironcalc_that_the_documentation_tells_are_there(
    formula: str, given: str, tmp_path: Path
) -> None:
    """Proves: the table in docs/check.md is true of this IronCalc; a fault that is mended goes there and here."""
    rows = [line for line in (REPOSITORY / "docs" / "check.md").read_text(encoding="utf-8").split("\n")
            if f"`{formula}`" in line]  # fmt: skip
    assert len(rows) == 1 and rows[0].split("|")[3].replace("−", "-").split()[0] == given

    def write(book: Any, own: Any, town: Any) -> None:
        own.write_formula("C1", f"={formula.replace('r,r', 'A1:A3,A1:A3')}", None, POISON)

    value = asked(made(tmp_path / "own.xlsx", write), "ironcalc").values["Own"][1, 3]
    assert value == pytest.approx(float(given), rel=0.01) if type(value) is float else str(value) == given


def test_a_long_chain_of_cells_that_cannot_be_read_is_left_out_as_a_whole(tmp_path: Path) -> None:
    """Proves: no cell of it counts as calculated. Sensitivity: a pass for each would end at what only reads them."""

    def write(book: Any, own: Any, town: Any) -> None:
        for row in range(1, 13):
            own.write_formula(row, 2, f"=SUM((C{row},A1))", None, row)
        own.write_formula("E1", "=SUM(C2:C13)", None, POISON)

    found = asked(made(tmp_path / "own.xlsx", write), "ironcalc")
    assert sorted(found.not_calculated["Own"]) == [(row, 3) for row in range(2, 14)]
    assert [found.values["Own"][row, 3] for row in range(2, 14)] == [float(row) for row in range(1, 13)]
    assert found.values["Own"][1, 5] == 78.0


def test_ironcalc_takes_constants_of_every_kind_and_counts_days_from_1900_only(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "own.xlsx"), {"date_1904": True}) as book:
        sheet = book.add_worksheet("Own")
        sheet.write("A1", " a <b> & c\n\tä")
        sheet.write("A2", True)
        sheet.write("A3", 1 / 3)
        sheet.write_formula("B1", "=LEN(A1)", None, POISON)
        sheet.write_formula("B2", "=YEAR(A3)", None, 1904)
        sheet.write_formula("B3", "=A3*3", None, POISON)
        sheet.write_formula("B4", "=ISERROR(A4)", None, POISON)
    package = Package.open(tmp_path / "own.xlsx")
    found = asked(package, "ironcalc", {"Own": {(4, 1): ErrorValue("#NUM!")}})
    own = found.values["Own"]
    assert [own[row, 1] for row in range(1, 5)] == [" a <b> & c\n\tä", True, 1 / 3, ErrorValue("#NUM!")]
    assert [own[row, 2] for row in range(1, 5)] == [13.0, 1904.0, 1.0, True]
    assert found.not_calculated == {"Own": {(2, 2): "IronCalc does not count days from 1904"}}


def test_a_sheet_without_cells_and_a_chart_sheet_keep_their_places(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart", 0)
    book.create_sheet("Empty", 1)
    book["Sheet"]["A1"] = "=1+1"
    book["Sheet"]["A2"] = "=SHEETS()"
    book.save(tmp_path / "own.xlsx")
    found = asked(Package.open(tmp_path / "own.xlsx"), "ironcalc")
    assert found.values == {"Empty": {}, "Sheet": {(1, 1): 2.0, (2, 1): 3.0}}


def test_ironcalc_that_gives_up_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ironcalc as package_of_ironcalc

    class PanicException(BaseException):
        pass

    def broken(*_: object) -> None:
        raise PanicException("index out of bounds")

    def unreadable(*_: object) -> None:
        raise package_of_ironcalc.WorkbookError("no sheet")

    book = made(tmp_path / "own.xlsx", lambda *_: None)
    monkeypatch.setattr(package_of_ironcalc, "load_from_xlsx", broken)
    with pytest.raises(WorkbookError, match=r"own\.xlsx: IronCalc broke off \(index out of bounds\); use LibreOffice"):
        asked(book, "ironcalc")
    monkeypatch.setattr(package_of_ironcalc, "load_from_xlsx", unreadable)
    with pytest.raises(WorkbookError, match=r"own\.xlsx: IronCalc cannot read the workbook \(no sheet\)"):
        asked(book, "ironcalc")


def test_nothing_is_printed_on_the_screen_by_ironcalc(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked(made(tmp_path / "own.xlsx", everything), "ironcalc")
    assert capfd.readouterr() == ("", "")


def test_ironcalc_is_loaded_only_where_it_is_used() -> None:
    code = "import sys, dhxl.studies.check, dhxl.cli; sys.exit('ironcalc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_workbook_without_stored_results_is_calculated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = "=DH_LHD(6000,3000)", "=A1&A3", "=1+1"
    book.save(tmp_path / "own.xlsx")
    package = Package.open(tmp_path / "own.xlsx")
    found = asked(package, "ironcalc")
    assert found.values == {"Sheet": {(2, 1): "2", (3, 1): 2.0}}
    assert list(found.not_calculated["Sheet"]) == [(1, 1)]
    assert ironcalc.has_ironcalc()
    assert saved_results(package) == {"Sheet": {}}
    poisoned = with_values(package.cells("Sheet"), {(3, 1): POISON})
    package.save(package.path, {package.sheets[0].part: poisoned})
    assert asked(Package.open(package.path), "ironcalc").values["Sheet"][3, 1] == 2.0
