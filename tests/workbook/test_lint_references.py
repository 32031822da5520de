"""What a formula reads and what it does not: circles, ranges for single values, names, lost sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.workbook.lint import lint
from dhxl.workbook.lint.reading import cells_read
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.package import Package

RULES = ("W109", "W112", "W113", "W116")
NAMES = {
    "MONTH": "Own!$D$1:$D$3",
    "Buy": "Buy!$A$1:$B$5",
    "rate": "Own!$D$1",
    "Buy!rate": "Buy!$D$1:$D$3",
    "self": "Own!$H$1:$H$3",
    "Own!here": "Own!$H$1",
    "a.b": "Own!$D$1:$D$2",
    "\\back": "Own!$D$1:$D$2",
}


def book_with(path: Path, **formulas: str) -> Package:
    """Return a workbook of three sheets; formulas by cell of the sheet Own, ``Buy_A1`` for the sheet Buy."""
    book = xlsxwriter.Workbook(str(path))
    sheets = {name: book.add_worksheet(name) for name in ("Own", "Buy", "Last")}
    for row in range(3):
        sheets["Own"].write(row, 3, 45_000 + row)
        sheets["Buy"].write(row, 3, row)
    for name, place in NAMES.items():
        book.define_name(name, f"={place}")
    for cell, formula in formulas.items():
        sheet, _, address = cell.rpartition("_")
        sheets[sheet or "Own"].write_formula(address, f"={formula}", None, 1)
    book.close()
    return Package.open(path)


def found(path: Path, **formulas: str) -> list[tuple[str, str]]:
    return [(one.rule, one.cell) for one in lint(book_with(path, **formulas)) if one.rule in RULES]


@pytest.mark.parametrize(
    "formula",
    [
        "+'[1]Other sheet'!H1",
        "[1]Plain!H1+SUM([1]Plain!H1:H3)",
        "'C:\\folder\\[other.xlsx]Own'!$H$1",
        "[1]!self",
        "'[1]Own'!self",
        'MID(CELL("filename",H1),2,5)',
        'CELL("row",H1)+CELL("width",self)',
        "ROW(H1)+ROWS(H1:H3)+COLUMN(H1)+COLUMNS(G1:H1)",
        "ROW(self)+ROWS(here)",
        "AREAS(H1)+SHEET(H1)+SHEETS(H1)",
        "IF(ISREF(H1),1,0)",
        "IF(ISFORMULA(H1),FORMULATEXT(H1),0)",
        "OFFSET(H1,MATCH(2,D1:D3,0),0)",
        "OFFSET(self,0,-4)",
        "SUM(Buy:Last!H1)",
        "LET(self,2,self*3)",
        "Buy!rate",
    ],
)
def test_a_formula_that_does_not_read_its_own_value_is_no_circle(formula: str, tmp_path: Path) -> None:
    assert ("W116", "Own!H1") not in found(tmp_path / "own.xlsx", H1=formula)


@pytest.mark.parametrize(
    "formula",
    [
        "H1",
        "[0]!self",
        "SUM(self)",
        "Own!here",
        "here",
        "Own!self",
        "SUM(Own:Last!H1)",
        "SUM('Own:Last'!H1)",
        "SUM(Buy:Own!G1:H1)",
        "OFFSET(D1,H1,0)",
        "ROW(D1)+H1",
        'CELL("contents",H1)',
        'CELL("type",self)',
        "LET(x,self,SUM(x))",
        "LET(other,2,other)+SUM(self)",
    ],
)
def test_a_formula_that_reads_its_own_value_is_a_circle(formula: str, tmp_path: Path) -> None:
    assert ("W116", "Own!H1") in found(tmp_path / "own.xlsx", H1=formula)


def test_a_circle_goes_through_a_range_over_several_sheets_and_a_name_of_one_sheet(tmp_path: Path) -> None:
    assert found(tmp_path / "own.xlsx", H1="Last!A1", Last_A1="SUM(Own:Buy!H1)") == [("W116", "Own!H1")]
    assert found(tmp_path / "two.xlsx", A1="Buy!A1", Buy_A1="Own!here", H1="A1") == [("W116", "Own!A1")]


@pytest.mark.parametrize(
    "formula",
    [
        "DATE(YEAR(D1)-1,MONTH(D1),DAY(D1))",
        "LEFT(Buy!H8,3)",
        "LEFT('Buy'!H8,3)",
        "LEN(rate)",
        "LEN([1]Other!rate)",
        "LEN('[1]Other'!A1:A3)",
        "LET(MONTH,D1,YEAR(MONTH))",
        "SUM(LEN(INDEX(a.b,1)))",
    ],
)
def test_a_single_value_is_no_range(formula: str, tmp_path: Path) -> None:
    assert found(tmp_path / "own.xlsx", A1=formula) == []


@pytest.mark.parametrize(
    ("formula", "argument"),
    [
        ("SUM(YEAR(MONTH))", "MONTH"),
        ("SUM(LEN(Buy))", "Buy"),
        ("SUM(LEN(Buy!rate))", "Buy!rate"),
        ("SUM(LEN([0]!Buy))", "[0]!Buy"),
        ("SUM(ABS(a.b))", "a.b"),
        ("SUM(ABS(\\back))", "\\back"),
        ("SUM(ABS(Buy!D1:D3))", "Buy!D1:D3"),
    ],
)
def test_a_range_for_a_single_value_is_named_as_the_formula_spells_it(
    formula: str, argument: str, tmp_path: Path
) -> None:
    (finding,) = [one for one in lint(book_with(tmp_path / "own.xlsx", A1=formula)) if one.rule == "W109"]
    assert finding.text.endswith(f"takes a single value, got the range {argument}")


def test_a_name_of_the_formulas_own_sheet_goes_before_one_of_the_workbook(tmp_path: Path) -> None:
    assert found(tmp_path / "own.xlsx", A1="LEN(rate)", Buy_A1="LEN(rate)") == [("W109", "Buy!A1")]


def test_variables_are_no_unknown_names_and_lost_sheets_are_found(tmp_path: Path) -> None:
    assert found(tmp_path / "own.xlsx", A1="LET(x,2,x+lost)", A3="SUM(Own:Last!D1)") == [("W113", "Own!A1")]
    assert found(tmp_path / "two.xlsx", A1="SUM(Own:Gone!D1)+1", A3="Gone!D1+Own!D1") == [
        ("W112", "Own!A1"),
        ("W112", "Own!A3"),
    ]


def test_what_a_range_over_several_sheets_takes_counts_as_read(tmp_path: Path) -> None:
    def read(**formulas: str) -> dict[str, Any]:
        return dict(cells_read(BookView(book_with(tmp_path / "own.xlsx", **formulas))))

    assert read(A1="SUM(Own:Buy!D1:D2)") == {
        "Own": {(1, 4), (2, 4)},
        "Buy": {(1, 4), (2, 4)},
        "Last": frozenset(),
    }
    assert read(Buy_A1="SUM(rate)")["Buy"] == {(1, 4), (2, 4), (3, 4)}
    assert read(A1="SUM('[1]Own'!D1:D3)+[1]Own!D1")["Own"] == frozenset()
