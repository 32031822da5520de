from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from dhxl.errors import WorkbookError
from dhxl.workbook import cells as cells_module
from dhxl.workbook.cells import SheetCells, scan
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.values import CellValue, ErrorValue
from tests.workbook.books import reprefixed, sheet_xml, town_book


def first(cell: str, strings: tuple[str, ...] = ()) -> CellValue:
    """Return the value of a cell A1 written as given."""
    return scan(sheet_xml(f'<row r="1">{cell}</row>'), strings).value(1, 1)


def formulas(sheet: SheetCells) -> dict[tuple[int, int], str | None]:
    return {place: cell.formula for place, cell in sheet.cells.items()}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>1.5</v></c>', 1.5),
        ('<c r="A1" t="n"><v>-2e-3</v></c>', -0.002),
        ('<c r="A1" s="3"/>', None),
        ('<c r="A1"></c>', None),
        ('<c r="A1"><v></v></c>', None),
        ('<c r="A1"><v/></c>', None),
        ('<c r="A1" t="s"><v>1</v></c>', "b"),
        ('<c r="A1" t="str"><f>A2</f><v>x&amp;y</v></c>', "x&y"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="A1" t="str"><f>A2</f><v xml:space="preserve"> x </v></c>', " x "),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', ErrorValue("#DIV/0!")),
        ('<c r="A1" t="inlineStr"><is><t>a&lt;b</t></is></c>', "a<b"),
        (
            '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t xml:space="preserve"> b</t></r></is></c>',
            "a b",
        ),
        ('<c r="A1" t="inlineStr"><is><t>kanji</t><rPh sb="0" eb="1"><t>kana</t></rPh></is></c>', "kanji"),
        ('<c r="A1" t="inlineStr"><is/></c>', ""),
        ('<c r="A1" t="str"><f>A2</f><v>a_x000D_b_x005F_x0041_</v></c>', "a\rb_x0041_"),
        ('<c r="A1" t="str"><f>A2</f><v>_xD83D__xDE00_</v></c>', "\U0001f600"),
        ('<c r="A1" t="str"><f>A2</f><v>&#x41;&#66;&quot;&apos;</v></c>', "AB\"'"),
        ('<c r="A1" t="d"><v>2024-01-01T12:00:00</v></c>', 45292.5),
        ("<c t='str' s='1' r='A1'><v>x</v></c>", "x"),
        ('<c  r = "A1"  cm="1" t = "str" ><v>x</v></c >', "x"),
        ('<c r="a1"><v>1</v></c>', 1.0),
        ('<c r="A1">\n  <f>1+1</f>\n  <v>2</v>\n</c>', 2.0),
        ('<c r="A1"><!-- <v>9</v> --><v>1</v></c><!-- <c r="B1"><v>3</v></c> -->', 1.0),
        ('<c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c>', 1.0),
    ],
)
def test_every_kind_of_value_is_read(cell: str, value: CellValue) -> None:
    found = first(cell, ("a", "b"))
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('<row r="1"><c r="A1"><v>abc</v></c></row>', "A1: holds 'abc', which is no finite number"),
        ('<row r="1"><c r="A1"><v>NaN</v></c></row>', "which is no finite number"),
        ('<row r="1"><c r="A1"><v>1e999</v></c></row>', "which is no finite number"),
        (
            '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
            "A1: holds '7', which is no text of the workbook's string table",
        ),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "which is no text of the workbook's string table"),
        ('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>', "unknown type 'zz'"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "A2 stands in row 1"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "A1 stands twice"),
        ('<row r="1"/><row r="1"/>', "row 1 stands twice"),
        ('<row r="1048577"><c r="A1048577"/></row>', "has a row 1048577, a sheet has 1,048,576 rows"),
        ('<row r="0"/>', "has a row 0"),
        ('<row r="99999999999999999999"/>', "a sheet has 1,048,576 rows"),
        ('<row r="-1"/>', "has a row -1"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "beyond the last column"),
        ('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>', "is no cell of a sheet"),
        ('<row r="1"><c r="A1"><f t="shared" si="4"/></c></row>', "its shared formula 4 is missing"),
        ('<row r="1"><c r="A1"><f t="array">B1</f></c></row>', "its array formula fills no range"),
        ('<row r="1"><c r="A1"><f t="array" ref="A1:A1048577">B1</f></c></row>', "its array formula fills no range"),
        ('<row r="1"><c r="A1"><f t="array" ref="B1:B2">B1</f></c></row>', "which begins elsewhere"),
        (
            '<row r="1"><c r="A1"><f t="array" ref="A1:B2">1</f></c><c r="B1"><f t="array" ref="B1:B2">1</f></c></row>'
            '<row r="2"><c r="B2"><v>1</v></c></row>',
            "B2: belongs to two array formulas",
        ),
    ],
)
def test_a_damaged_sheet_gives_a_sentence_with_its_place(data: str, sentence: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        scan(sheet_xml(data), (), "book.xlsx, sheet 'Plant'")
    assert sentence in str(caught.value)
    assert "book.xlsx, sheet 'Plant'" in str(caught.value)


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        (b"<worksheet><sheetData></worksheet>", "no well-formed XML"),
        (b"<worksheet><sheetData><row>", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<chartsheet/>", "is no worksheet"),
        (b"<worksheet/>", "has no sheet data"),
        (b'<x:worksheet xmlns:x="u" xmlns="u"><sheetData/></x:worksheet>', "has no sheet data"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>', "document type or entities"),
        ("<worksheet><sheetData/></worksheet>".encode("utf-16"), "not written in UTF-8"),
        (b'<?xml version="1.0" encoding="cp037"?><worksheet/>', "not written in UTF-8"),
        (b"<worksheet><sheetData><row>\xff</row></sheetData></worksheet>", "no well-formed XML"),
    ],
)
def test_what_is_no_plain_worksheet_is_refused(xml: bytes, sentence: str) -> None:
    with pytest.raises(WorkbookError, match=sentence):
        scan(xml)


def test_positions_that_are_not_written_follow_from_the_order() -> None:
    sheet = scan(
        sheet_xml("<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c r='C5'/><c><v>3</v></c></row><row><c/></row>")
    )
    assert list(sheet.cells) == [(1, 1), (1, 2), (5, 3), (5, 4), (6, 1)]
    assert sheet.value(5, 4) == 3.0 and sheet.inferred


def test_spans_are_exactly_the_elements() -> None:
    sheet = scan(sheet_xml('<row r="1"><c r="A1"><v>1</v></c><!-- x --><c r="B1" s="2"/></row>'))
    assert [sheet.xml[cell.start : cell.end] for cell in sheet.cells.values()] == [
        b'<c r="A1"><v>1</v></c>',
        b'<c r="B1" s="2"/>',
    ]
    assert sheet.cells[1, 2].style == 2


def test_a_prefixed_namespace_is_read_like_a_bare_one(tmp_path: Path) -> None:
    package = Package.open(town_book(tmp_path / "town.xlsm"))
    for name in ("Plant", "Bob's town"):
        bare = package.cells(name)
        prefixed = scan(reprefixed(bare.xml), package.shared_strings)
        assert {p: (c.value, c.formula) for p, c in prefixed.cells.items()} == {
            p: (c.value, c.formula) for p, c in bare.cells.items()
        }
        assert prefixed.arrays == bare.arrays


def test_children_of_shared_formulas_get_their_own_text_also_before_their_master() -> None:
    sheet = scan(
        sheet_xml(
            '<row r="1"><c r="A1"><f t="shared" si="0"/></c>'
            '<c r="B1"><f t="shared" ref="A1:C2" si="0">C$1&amp;D2&amp;"D2"</f></c></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"></f></c><c r="B2"><f t="shared" si="0">own+1</f></c></row>'
            '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">Z1</f></c></row>'
            '<row r="4"><c r="A4"><f t="shared" si="0"/></c></row>'
        )
    )
    assert formulas(sheet) == {
        (1, 1): 'B$1&C2&"D2"',
        (1, 2): 'C$1&D2&"D2"',
        (2, 1): 'B$1&C3&"D2"',
        (2, 2): "own+1",
        (3, 1): "Z1",
        (4, 1): "Z2",
    }
    assert {cell.formula_kind for cell in sheet.cells.values()} == {"shared"}


def test_array_formulas_know_their_children_and_data_tables_are_told_apart() -> None:
    sheet = scan(
        sheet_xml(
            '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X</f><v>1</v></c>'
            '<c r="B1"><v>2</v></c><c r="C1"><v>9</v></c></row>'
            '<row r="2"><c r="A2"><v>3</v></c><c r="D2"><f t="array" ref="D2">Y</f></c></row>'
            '<row r="3"><c r="A3"><f t="dataTable" ref="A3:A4" dt2D="0" dtr="0" r1="C1"/><v>5</v></c></row>'
            '<row r="4"><c r="A4"><v>6</v></c></row>'
        )
    )
    assert sheet.arrays == {(1, 1): (1, 1, 2, 2), (2, 4): (2, 4, 2, 4)}
    assert sheet.children == {(1, 2): (1, 1), (2, 1): (1, 1)}
    assert sheet.cells[3, 1].formula_kind == "table" and sheet.cells[3, 1].formula == ""


def test_an_array_over_a_whole_sheet_costs_no_time() -> None:
    sheet = scan(sheet_xml('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">X</f></c><c r="B1"/></row>'))
    assert sheet.children == {(1, 2): (1, 1)}


def test_more_cells_than_the_limit_give_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "MOST_CELLS", 3)
    with pytest.raises(WorkbookError, match="the workbook has more than 3 cells"):
        scan(sheet_xml('<row r="1"><c/><c/><c/><c/></row>'))


def test_shared_formulas_that_expand_beyond_the_limit_give_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "MOST_SHARED_TEXT", 9)
    child = '<c><f t="shared" si="0"/></c>'
    with pytest.raises(WorkbookError, match="its shared formulas expand to more than 9 characters"):
        scan(sheet_xml(f'<row><c><f t="shared" ref="A1:C1" si="0">A9+B9</f></c>{child}{child}</row>'))


def test_long_runs_of_blanks_in_a_tag_cost_no_time() -> None:
    blank = " " * 200_000
    sheet = scan(
        sheet_xml(f'<row{blank}r="1"{blank}><c{blank}r="A1"{blank}s="1"{blank}><v{blank}>1</v></c{blank}></row>')
    )
    assert scan(with_values(sheet, {(1, 1): "x"})).value(1, 1) == "x"


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_openpyxl_reads_the_same_values_and_formulas(tmp_path: Path) -> None:
    path = town_book(tmp_path / "town.xlsm")
    package = Package.open(path)
    for values_only in (True, False):
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=values_only)
        for name in ("Plant", "Bob's town", "Hidden"):
            ours = package.cells(name)
            for row in book[name].iter_rows():
                for cell in row:
                    _same_as_openpyxl(ours, cell, values_only)


def _same_as_openpyxl(ours: SheetCells, cell: openpyxl.cell.cell.Cell, values_only: bool) -> None:
    found = ours.cells.get((cell.row, cell.column))
    theirs = cell.value
    if isinstance(theirs, (ArrayFormula, DataTableFormula)):
        theirs = theirs.text
    if values_only:
        value = found.value if found else None
        assert (str(value) if isinstance(value, ErrorValue) else value) == theirs, cell.coordinate
    elif isinstance(theirs, str) and theirs.startswith("="):
        assert found and f"={found.formula}" == theirs, cell.coordinate
    else:
        assert found is None or found.formula is None, cell.coordinate


def test_a_year_of_six_columns_is_scanned_in_well_under_half_a_second() -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="1"><v>{r}.25</v></c><c r="B{r}"><v>{r * 0.1}</v></c>'
        f'<c r="C{r}" t="s"><v>0</v></c>'
        f'<c r="D{r}"><f>A{r}*2</f><v>{r}</v></c><c r="E{r}"><f t="shared" si="0"/><v>1</v></c>'
        f'<c r="F{r}" t="str"><f>A{r}</f><v>x</v></c></row>'
        for r in range(2, 8762)
    )
    master = '<row r="1"><c r="E1"><f t="shared" ref="E1:E8761" si="0">A1*$B$1+SUM(C1:D1)</f></c></row>'
    xml = sheet_xml(master + rows)
    durations = []
    for _ in range(3):
        start = time.process_time()
        sheet = scan(xml, ("x",))
        durations.append(time.process_time() - start)
    assert len(sheet.cells) == 6 * 8760 + 1
    assert sheet.cells[8761, 5].formula == "A8761*$B$1+SUM(C8761:D8761)"
    assert min(durations) < 1.5, "about 0.3 s on two quiet cores"
