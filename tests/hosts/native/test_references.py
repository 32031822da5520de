"""What references tell of themselves."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import Facts, value_of

CELLS = {"A1": 10, "A2": "text", "A4": True, "A5": "#N/A"}
FACTS = Facts(formulas={(1, 1): "SUM(B1:B9)", (2, 1): '_xlfn.CONCAT("_xlfn.",_xlfn._xlws.SORT(C1:C3))'})


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: ADDRESS, examples
        ("=ADDRESS(2,3)", "$C$2"),
        ("=ADDRESS(2,3,2)", "C$2"),
        ("=ADDRESS(2,3,2,FALSE)", "R2C[3]"),
        ('=ADDRESS(2,3,1,FALSE,"[Book1]Sheet1")', "'[Book1]Sheet1'!R2C3"),
        ('=ADDRESS(2,3,1,FALSE,"EXCEL SHEET")', "'EXCEL SHEET'!R2C3"),
        ("=ADDRESS(2,3,3)", "$C2"),
        ("=ADDRESS(2,3,4)", "C2"),
        ("=ADDRESS(2,3,,)", "$C$2"),
        ("=ADDRESS(2,3,3,0)", "R[2]C3"),
        ("=ADDRESS(2,3,4,0)", "R[2]C[3]"),
        ('=ADDRESS(1048576,16384,,,"Plant")', "Plant!$XFD$1048576"),
        ('=ADDRESS(1,1,1,1,"Bob\'s")', "'Bob''s'!$A$1"),
        ("=ADDRESS(0,1)", "#VALUE!"),
        ("=ADDRESS(1,16385)", "#VALUE!"),
        ("=ADDRESS(1,1,5)", "#VALUE!"),
        ("=ADDRESS({1,2},3)", [["$C$1", "$C$2"]]),
        ("=ROW()", 100.0),
        ("=ROW(A5)", 5.0),
        ("=ROW(A5:B7)", 5.0),
        ("=SUM(ROW(A5:B7))", 5.0),
        ("=SUMPRODUCT(ROW(A5:B7))", 18.0),
        ("=SUMPRODUCT(ROW(1:10)^2)", 385.0),
        ("=MAX(ROW(A1:A3)*COLUMN(A1:C1))", 1.0),
        ("=SUMPRODUCT(MAX(ROW(A1:A3)*COLUMN(A1:C1)))", 9.0),
        ("=ROW(7)", "#VALUE!"),
        ("=COLUMN()", 26.0),
        ("=COLUMN(C5)", 3.0),
        ("=COLUMN(C5:E9)", 3.0),
        ("=ROW(INDEX(A:A,9))", 9.0),
        # Microsoft: ROWS and COLUMNS, examples
        ("=ROWS(C1:E4)", 4.0),
        ("=ROWS({1,2,3;4,5,6})", 2.0),
        ("=COLUMNS(C1:E4)", 3.0),
        ("=COLUMNS({1,2,3;4,5,6})", 3.0),
        ("=ROWS(A:A)", 1048576.0),
        ("=COLUMNS(1:1)", 16384.0),
        ("=ROWS(7)", 1.0),
        ("=ROWS(1/0)", "#DIV/0!"),
        ("=ROWS(NOWHERE)", "#NAME?"),
        # Microsoft: AREAS, examples
        ("=AREAS(B2:D4)", 1.0),
        ("=AREAS((B2:D4,E5,F6:I9))", 3.0),
        ("=AREAS(B2:D4 B2)", 1.0),
        ("=AREAS(7)", "#VALUE!"),
        ("=ISREF(A1)", True),
        ("=ISREF(A1:B2)", True),
        ("=ISREF(INDEX(A1:A3,2))", True),
        ('=ISREF("A1")', False),
        ("=ISREF(A1+1)", False),
        ("=ISREF(NOWHERE)", False),
        ('=HYPERLINK("https://example.org","Plan")', "Plan"),
        ('=HYPERLINK("#S!A1")', "#S!A1"),
        ('=HYPERLINK("#S!A1",A1)', 10.0),
        ("=HYPERLINK(1/0,1)", "#DIV/0!"),
        ('=CELL("row",B7:C9)', 7.0),
        ('=CELL("COL",B7:C9)', 2.0),
        ('=CELL("address",B7:C9)', "$B$7"),
        ('=CELL("address",Costs!B7)', "[Town.xlsx]Costs!$B$7"),
        ("=CELL(\"address\",'Old costs'!B7)", "'[Town.xlsx]Old costs'!$B$7"),
        ('=CELL("address",INDEX(A:A,4))', "$A$4"),
        ('=CELL("contents",A2:A3)', "text"),
        ('=CELL("contents",A3)', 0.0),
        ('=CELL("type",A1)', "v"),
        ('=CELL("type",A2)', "l"),
        ('=CELL("type",A3)', "b"),
        ('=CELL("type",A4)', "v"),
        ('=CELL("filename",A1)', "/towns/[Town.xlsx]S"),
        ('=CELL("filename",Costs!A1)', "/towns/[Town.xlsx]Costs"),
        ('=CELL("row")', 100.0),
        ('=CELL("nothing",A1)', "#VALUE!"),
        ('=MID(CELL("filename",A1),FIND("]",CELL("filename",A1))+1,31)', "S"),
        ("=SHEET()", 1.0),
        ('=SHEET("S")', 1.0),
        ('=SHEET("none")', "#N/A"),
        ("=SHEET(A1)", 1.0),
        ("=SHEETS()", 1.0),
        ("=SHEETS(A1:B2)", 1.0),
        ("=ISFORMULA(A1)", True),
        ("=ISFORMULA(A3)", False),
        ('=ISFORMULA("A1")', "#VALUE!"),
        ("=SUMPRODUCT(--ISFORMULA(A1:A3))", 2.0),
        ("=FORMULATEXT(A1)", "=SUM(B1:B9)"),
        ("=FORMULATEXT(A2)", '=CONCAT("_xlfn.",SORT(C1:C3))'),
        ("=FORMULATEXT(A3)", "#N/A"),
        ("=IFERROR(FORMULATEXT(A1:A3),0)", [["=SUM(B1:B9)"], ['=CONCAT("_xlfn.",SORT(C1:C3))'], [0.0]]),
    ],
)
def test_a_reference_tells_what_excel_tells(formula: str, value: object) -> None:
    assert value_of(formula, CELLS, facts=FACTS) == value


def test_a_workbook_that_was_never_saved_has_no_file_name() -> None:
    assert value_of('=CELL("filename",A1)', facts=Facts(path="")) == ""


def test_rows_and_columns_of_a_range_are_several_in_an_array_formula() -> None:
    # entered as usual, SUM(N(INDIRECT("A"&ROW(1:2)))) takes A1 only (stackoverflow.com 11124173)
    assert value_of("=ROW(A5:B7)", array=True) == [[5.0], [6.0], [7.0]]
    assert value_of("=COLUMN(C5:E9)", array=True) == [[3.0, 4.0, 5.0]]
    assert value_of("=SUM(ROW(A5:B7))", array=True) == 18.0
    assert value_of("=MAX(ROW(A1:A3)*COLUMN(A1:C1))", array=True) == 9.0
