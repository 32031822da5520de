from __future__ import annotations

import io
import math
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.errors import WorkbookError
from dhxl.functions.cells import CellError
from dhxl.workbook.cells import SheetCells, scan
from dhxl.workbook.package import Package
from dhxl.workbook.patch import engine_copy, with_values, without_caches
from dhxl.workbook.values import ErrorValue
from tests.workbook.books import PLANT, reprefixed, sheet_xml, town_book

ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    [
        "_x000D_",
        "_x005F_",
        "a_x0041_b",
        " lead",
        "trail ",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "&<>\"'",
        "]]>",
        "=A1",
        "_x",
        "\ufffe",
    ]
)
VALUES = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | TEXTS
    | st.sampled_from(ERRORS).map(ErrorValue)
    | st.integers(-(10**15), 10**15)
)
ROWS = (
    '<row r="2" spans="1:5" s="3" customFormat="1"><c r="A2" s="4"><v>1</v></c><c r="C2" t="s" s="5"><v>0</v></c>'
    '<c r="D2"><f>A2*2</f><v>2</v></c><c r="E2"><f t="array" ref="E2:E3" aca="1">A2:A3</f><v>1</v></c></row>'
    '<row r="3"><c r="E3"><v>7</v></c></row><row r="7" ht="20"/>'
)
BEFORE = '<dimension ref="A2:E7"/><cols><col min="2" max="3" style="9"/><col min="10" max="10" width="9"/></cols>'


def rescanned(xml: bytes) -> SheetCells:
    return scan(xml, ("old",))


def sheet() -> SheetCells:
    return rescanned(sheet_xml(ROWS, BEFORE))


def cell_text(xml: bytes, row: int, col: int) -> str:
    cell = scan(xml, ("old",)).cells[row, col]
    return xml[cell.start : cell.end].decode()


@given(VALUES, st.sampled_from([(2, 1), (2, 3), (2, 4), (2, 5), (3, 5), (2, 2), (7, 1), (9, 9), (1, 1)]), st.booleans())
def test_every_value_comes_back_the_same_and_a_second_pass_changes_nothing(
    value: object, place: tuple[int, int], prefixed: bool
) -> None:
    before = scan(reprefixed(sheet().xml), ("old",)) if prefixed else sheet()
    after = scan(with_values(before, {place: value}), ("old",))
    found = after.value(*place)
    expected = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    assert found == expected and isinstance(found, type(expected))
    assert with_values(after, {place: value}) is after.xml
    assert {p: c.formula for p, c in after.cells.items() if p in before.cells} == {
        p: c.formula for p, c in before.cells.items()
    }
    untouched = [p for p in before.cells if p != place]
    assert all(
        before.xml[before.cells[p].start : before.cells[p].end] == after.xml[after.cells[p].start : after.cells[p].end]
        for p in untouched
    )
    assert list(after.cells) == sorted(after.cells)


@given(st.floats(-1e300, 1e300, allow_subnormal=False), st.integers(-4, 4))
def test_a_difference_in_the_last_bits_is_no_change(value: float, steps: int) -> None:
    near = value
    for _ in range(abs(steps)):
        near = math.nextafter(near, math.copysign(math.inf, steps))
    before = rescanned(with_values(sheet(), {(2, 1): value}))
    after = with_values(before, {(2, 1): near})
    if f"{value:.15g}" == f"{near:.15g}":
        assert after is before.xml
    elif after is before.xml:
        assert math.isclose(value, near, rel_tol=5e-16)


def test_a_difference_in_the_fifteenth_digit_is_a_change() -> None:
    before = rescanned(with_values(sheet(), {(2, 1): 0.123456789012345}))
    assert with_values(before, {(2, 1): 0.123456789012346}) is not before.xml


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ((2, 1), 0.1 + 0.2, '<c r="A2" s="4"><v>0.30000000000000004</v></c>'),
        ((2, 1), "x", '<c r="A2" s="4" t="inlineStr"><is><t>x</t></is></c>'),
        ((2, 1), None, '<c r="A2" s="4"/>'),
        ((2, 3), 5, '<c r="C2" s="5"><v>5</v></c>'),
        ((2, 3), "new", '<c r="C2" t="inlineStr" s="5"><is><t>new</t></is></c>'),
        ((2, 4), "x", '<c r="D2" t="str"><f>A2*2</f><v>x</v></c>'),
        ((2, 4), " x", '<c r="D2" t="str"><f>A2*2</f><v xml:space="preserve"> x</v></c>'),
        ((2, 4), "", '<c r="D2" t="str"><f>A2*2</f><v></v></c>'),
        ((2, 4), True, '<c r="D2" t="b"><f>A2*2</f><v>1</v></c>'),
        ((2, 4), ErrorValue("#N/A"), '<c r="D2" t="e"><f>A2*2</f><v>#N/A</v></c>'),
        ((2, 4), CellError("#NUM!", "no solution"), '<c r="D2" t="e"><f>A2*2</f><v>#NUM!</v></c>'),
        ((2, 4), ErrorValue("#SPILL!"), '<c r="D2" t="e"><f>A2*2</f><v>#VALUE!</v></c>'),
        ((2, 4), None, '<c r="D2"><f>A2*2</f></c>'),
        ((2, 5), 3, '<c r="E2"><f t="array" ref="E2:E3" aca="1">A2:A3</f><v>3</v></c>'),
        ((3, 5), "x", '<c r="E3" t="str"><v>x</v></c>'),
        ((2, 2), 1, '<c r="B2" s="3"><v>1</v></c>'),
        ((3, 2), 1, '<c r="B3" s="9"><v>1</v></c>'),
        ((3, 10), 1, '<c r="J3"><v>1</v></c>'),
        ((7, 3), "x", '<c r="C7" s="9" t="inlineStr"><is><t>x</t></is></c>'),
        ((5, 1), False, '<c r="A5" t="b"><v>0</v></c>'),
    ],
)
def test_a_cell_is_written_as_spreadsheets_do(place: tuple[int, int], value: object, expected: str) -> None:
    assert cell_text(with_values(sheet(), {place: value}), *place) == expected


def test_new_cells_and_rows_stand_in_order_and_widen_what_is_stated() -> None:
    values = {(9, 2): 1, (1, 8): 2, (2, 2): 3, (2, 9): 4, (7, 1): 5, (7, 3): 6, (3, 1): 7, (8, 1): 8}
    xml = with_values(sheet(), values)
    found = rescanned(xml)
    assert list(found.cells) == sorted(found.cells)
    assert {place: found.value(*place) for place in values} == {place: float(value) for place, value in values.items()}
    assert b'<dimension ref="A1:I9"/>' in xml
    assert b'<row r="2" spans="1:9" s="3" customFormat="1">' in xml
    assert b'<row r="7" ht="20"><c r="A7">' in xml
    assert with_values(found, values) is xml


def test_an_empty_sheet_takes_values() -> None:
    for data in ("<sheetData/>", "<sheetData></sheetData>", "<sheetData />"):
        empty = scan(b'<worksheet xmlns="u">' + data.encode() + b"<pageMargins/></worksheet>")
        xml = with_values(empty, {(3, 2): 1.5})
        row = b'<row r="3"><c r="B3"><v>1.5</v></c></row>'
        assert xml == b'<worksheet xmlns="u"><sheetData>' + row + b"</sheetData><pageMargins/></worksheet>"


def test_clearing_what_does_not_exist_changes_nothing() -> None:
    before = sheet()
    assert with_values(before, {(99, 99): None, (7, 1): None}) is before.xml
    assert with_values(before, {}) is before.xml


def test_metadata_of_the_old_value_goes_and_that_of_the_formula_stays() -> None:
    before = scan(
        sheet_xml('<row r="1"><c r="A1" t="e" vm="1" cm="1"><f t="array" ref="A1">X()</f><v>#VALUE!</v></c></row>')
    )
    assert (
        cell_text(with_values(before, {(1, 1): 2}), 1, 1)
        == '<c r="A1" cm="1"><f t="array" ref="A1">X()</f><v>2</v></c>'
    )


def test_pretty_printed_and_odd_spellings_keep_their_form() -> None:
    xml = sheet_xml("<row r='1' >\n  <c  t = 's' r = 'A1'  s='2' >\n    <v>0</v>\n  </c >\n</row >")
    after = with_values(scan(xml, ("x",)), {(1, 1): 3.5})
    assert after == xml.replace(b" t = 's'", b"").replace(
        b"s='2' >\n    <v>0</v>\n  </c >", b"s='2'><v>3.5</v>\n    \n  </c>"
    )


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ((2, 1), math.nan, "A2: a cell holds finite numbers only, got nan"),
        ((2, 1), -math.inf, "finite numbers only, got -inf"),
        pytest.param((2, 1), 10**400, "finite numbers only, got a larger one", id="huge"),
        ((2, 4), "x" * 32_768, "D2: a cell holds at most 32,767 characters, got 32,768"),
        ((9, 9), "\U0001f600" * 16_384, "at most 32,767 characters"),
        ((2, 1), [1], "a cell holds a number, text, TRUE/FALSE or an error value, got list"),
        ((1_048_577, 1), 1, "row 1048577, column 1 lies outside a sheet"),
        ((1, 16_385), 1, "lies outside a sheet"),
        ((0, 1), 1, "lies outside a sheet"),
    ],
)
def test_what_no_cell_can_hold_gives_a_sentence(place: tuple[int, int], value: object, sentence: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        with_values(sheet(), {place: value})
    assert sentence in str(caught.value)


def test_the_longest_text_fits() -> None:
    text = "x" * 32_767
    assert rescanned(with_values(sheet(), {(2, 4): text})).value(2, 4) == text


@pytest.mark.parametrize("ref", ["A1:ZZZZ99999999", "A1:A1048577", "nonsense", ""])
def test_an_absurd_dimension_gives_a_sentence_when_it_has_to_be_widened(ref: str) -> None:
    found = scan(sheet_xml(ROWS, f'<dimension ref="{ref}"/>'), ("old",))
    assert with_values(found, {(2, 1): 5}) != found.xml
    with pytest.raises(WorkbookError, match="its stated dimension is wrong"):
        with_values(found, {(99, 1): 5})


def test_the_engine_copy_has_every_formula_rewritten_and_no_cached_children() -> None:
    before = scan(
        sheet_xml(
            '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>'
            '<c r="B1"><f t="shared" ref="B1:B2" si="0">A1&lt;2</f><v>0</v></c>'
            '<c r="C1" cm="1"><f t="array" ref="C1:C2">D1:D2</f><v>1</v></c>'
            '<c r="E1"><f t="dataTable" ref="E1:E2" r1="A1"/><v>4</v></c><c r="F1"><f/><v>3</v></c></row>'
            '<row r="2"><c r="B2"><f t="shared" si="0"/><v>1</v></c><c r="C2"><v>2</v></c><c r="D2"><v>2</v></c></row>'
        )
    )
    seen: dict[tuple[int, int], str] = {}

    def rewrite(row: int, col: int, formula: str) -> str:
        seen[row, col] = formula
        return formula.replace("A", "$A")

    after = scan(engine_copy(before, rewrite))
    assert seen == {(1, 1): "1+1", (1, 2): "A1<2", (1, 3): "D1:D2", (2, 2): "A2<2"}
    assert {place: cell.formula for place, cell in after.cells.items()} == {
        (1, 1): "1+1",
        (1, 2): "$A1<2",
        (1, 3): "D1:D2",
        (1, 5): None,
        (1, 6): None,
        (2, 2): "$A2<2",
        (2, 4): None,
    }
    assert after.value(1, 5) == 4.0 and after.value(2, 4) == 2.0 and after.arrays == {(1, 3): (1, 3, 2, 3)}


def test_the_engine_copy_keeps_positions_that_follow_from_the_order() -> None:
    before = scan(sheet_xml('<row><c><f t="array" ref="A1:B1">X</f></c><c><v>2</v></c><c><v>3</v></c></row>'))
    after = scan(engine_copy(before, lambda row, col, formula: formula))
    assert [after.value(1, col) for col in (1, 2, 3)] == [None, None, 3.0]


def test_without_caches_formulas_stay_and_results_go() -> None:
    xml = without_caches(sheet())
    found = scan(xml, ("old",))
    assert [found.value(*place) for place in ((2, 4), (2, 5), (3, 5))] == [None] * 3
    assert [found.value(*place) for place in ((2, 1), (2, 3))] == [1.0, "old"]
    assert {p: c.formula for p, c in found.cells.items()} == {p: c.formula for p, c in sheet().cells.items()}
    assert found.children == {(3, 5): (2, 5)}


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_openpyxl_reads_back_what_was_set(tmp_path: Path) -> None:
    package = Package.open(town_book(tmp_path / "town.xlsm"))
    values: dict[tuple[int, int], object] = {
        (1, 1): 1 / 3,
        (1, 2): "text & <more>",
        (1, 4): 7,
        (2, 4): "plain",
        (3, 4): False,
        (4, 4): "",
        (5, 4): ErrorValue("#N/A"),
        (2, 6): "child",
        (60, 30): "new",
        (61, 2): -1e-300,
    }
    content = package.rebuilt({PLANT: with_values(package.cells("Plant"), values)})
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for (row, col), value in values.items():
        found = book["Plant"].cell(row, col).value
        expected = str(value) if isinstance(value, ErrorValue) else value
        assert found == expected or (found is None and expected == ""), (row, col)
    formulas = openpyxl.load_workbook(io.BytesIO(content))["Plant"]
    assert (
        formulas["B1"].value == "=A1*2"
        and formulas["B41"].value == "=A41*$A$40+A42"
        and formulas["D4"].value == "=A1>0"
    )


def test_values_in_a_sheet_do_not_touch_the_rest_of_its_xml(tmp_path: Path) -> None:
    package = Package.open(town_book(tmp_path / "town.xlsm"))
    before = package.cells("Plant")
    after = with_values(before, {(1, 2): 5.0})
    cell = before.cells[1, 2]
    assert after.startswith(before.xml[: cell.start]) and after.endswith(before.xml[cell.end :])
