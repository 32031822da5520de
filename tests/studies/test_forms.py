"""Whatever form a writer gives a workbook, it calculates to the same numbers, and what is not touched stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.errors import WorkbookError
from dhxl.hosts.headless import Model
from dhxl.studies.check import check
from dhxl.studies.freeze import freeze
from dhxl.studies.given import Given
from dhxl.studies.names import published_names
from dhxl.studies.new import new
from dhxl.studies.run import run
from dhxl.workbook.container import part_key
from dhxl.workbook.package import Package
from dhxl.workbook.values import ErrorValue
from tests.forms import FORMS, in_form, zipped
from tests.hosts.books import feasibility_book
from tests.workbook.books import members

NPV = 6000 * 114 / 1.05 - 600000  # heat sold, tariff, discount rate and capital cost of the small workbook


def own_sheet(_: Any, sheets: dict[str, Any]) -> None:
    """Put texts and formulas of a user beside the results; column Z of sheet Prices is no table of dhxl."""
    sheet = sheets["Prices"]
    sheet.write("F1", "Fernwärme <&> Nahwärme")
    sheet.write_formula("F2", "=LEN(F1)", None, 0)
    sheet.write_formula("F3", '=INDIRECT("D"&2)+1', None, 0)
    sheet.write_column("G1", (1, 2, 3))
    for row in range(3):
        sheet.write_formula(row, 7, f"=G{row + 1}*2", None, 0)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return feasibility_book(tmp_path_factory.mktemp("plain") / "book.xlsx", own_sheet).read_bytes()


@pytest.fixture(params=FORMS)
def book(request: pytest.FixtureRequest, plain: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "town.xlsx"
    path.write_bytes(in_form(request.param, plain))
    return path


def stored(path: Path, name: str) -> Any:
    package = Package.open(path)
    return package.values(package.resolve(name))[0][0]


def test_a_run_gives_the_same_numbers_and_leaves_every_other_part_as_it_is(book: Path, tmp_path: Path) -> None:
    report = run(book, tmp_path / "out.xlsx")
    assert report.solutions[0].values["npv_eur"] == pytest.approx(NPV, rel=1e-12)
    assert stored(tmp_path / "out.xlsx", "npv_eur_1") == pytest.approx(NPV, rel=1e-12)
    cells = Package.open(tmp_path / "out.xlsx").cells("Prices")
    assert [cells.value(row, 6) for row in (2, 3)] == [22, 6001]
    assert [cells.value(row, 8) for row in (1, 2, 3)] == [2, 4, 6]
    before, after = members(book), members(tmp_path / "out.xlsx")
    assert list(before) == list(after)
    sheets = {part_key(sheet.part) for sheet in Package.open(book).sheets if sheet.kind == "worksheet"}
    assert {part_key(name) for name in before if before[name] != after[name]} <= sheets
    assert not run(tmp_path / "out.xlsx").changed


def test_every_command_reads_it(book: Path, tmp_path: Path) -> None:
    names = {one.name: one.value for one in published_names(book)}
    assert (names["heat_tariff_eur_per_mwh"], names["price_scenario"]) == (114, "Medium")
    looked = check(book)
    assert looked.checks_total == 0
    assert not [finding for finding in looked.findings if finding.rule in ("W602", "W116", "W113")]
    made = new(tmp_path / "new.xlsx", str(book), [Given("heat_tariff_eur_per_mwh", 100.0, "--set")])
    assert made.run.solutions[0].values["npv_eur"] == pytest.approx(6000 * 100 / 1.05 - 600000, rel=1e-12)
    freeze(book, tmp_path / "frozen.xlsx")
    assert stored(tmp_path / "frozen.xlsx", "npv_eur_1") == pytest.approx(NPV, rel=1e-12)
    kinds = {sheet.kind for sheet in Package.open(tmp_path / "frozen.xlsx").sheets}
    assert kinds == {"worksheet"}


def with_cell(plain: bytes, path: Path, cell: bytes) -> Path:
    """Return the small workbook with another element for cell G1 of sheet Prices, which holds 1."""
    parts = members(plain)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b'<c r="G1"><v>1</v></c>' in sheet
    path.write_bytes(zipped({**parts, "xl/worksheets/sheet1.xml": sheet.replace(b'<c r="G1"><v>1</v></c>', cell)}))
    return path


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="G1" t="d"><v>2024-01-01T12:00:00</v></c>', 45292.5),
        (b'<c r="G1" t="d"><v>18:00:00</v></c>', 0.75),
        (b'<c r="G1"><v> 5 </v></c>', 5),
        (b'<c r="G1"><!-- <v>9</v> --><v>5</v></c>', 5),
        (b'<c r="G1"><v>5</v><extLst><ext uri="u"/></extLst></c>', 5),
        (b'<c r="G1"><v><![CDATA[5]]></v></c>', 5),
        (b'<c r="G1"><f><![CDATA[IF(1<2,5,6)]]></f><v>5</v></c>', 5),
        (b'<c r="G1" t="e"><f>2+3</f><v>#SPILL!</v></c>', 5),
        (b'<c r="G1" t="e"><f>IFERROR(1/0,5)</f><v>Err:502</v></c>', 5),
        (b'<c r="G1" t="d"><f>2+3</f><v>2024-01-01</v></c>', 5),
        (b'<c t="n" r="G1"\n><f ca="1"\n>2+3</f\n><v\n>5</v\n></c\n>', 5),
        (b'<c r="g1"><v>5</v></c>', 5),
    ],
)  # fmt: skip
def test_a_cell_of_any_spelling_counts(plain: bytes, tmp_path: Path, cell: bytes, value: float) -> None:
    with Model.open(with_cell(plain, tmp_path / "book.xlsx", cell), stale=True) as model:
        model.calculate()
        assert model.cell("Prices", 1, 8) == 2 * value


def test_texts_with_escapes_have_the_same_length_wherever_they_are_stored(plain: bytes, tmp_path: Path) -> None:
    for cell in (b't="str"><v>a_x000D_b</v>', b't="inlineStr"><is><t>a_x000D_b</t></is>'):
        element = b'<c r="G1" ' + cell + b"</c>" + b'<c r="H1"><f>LEN(G1)</f></c>'
        sheet = members(plain)["xl/worksheets/sheet1.xml"]
        assert b'<c r="H1"><f>G1*2</f><v>0</v></c>' in sheet
        path = with_cell(plain, tmp_path / "book.xlsx", element)
        parts = members(path)
        xml = parts["xl/worksheets/sheet1.xml"].replace(b'<c r="H1"><f>G1*2</f><v>0</v></c>', b"")
        path.write_bytes(zipped({**parts, "xl/worksheets/sheet1.xml": xml}))
        with Model.open(path) as model:
            model.calculate()
            assert model.cell("Prices", 1, 8) == 3


def test_newer_error_values_stay_what_they_are(plain: bytes, tmp_path: Path) -> None:
    path = with_cell(plain, tmp_path / "book.xlsx", b'<c r="G1" t="e"><v>#SPILL!</v></c>')
    assert Package.open(path).cells("Prices").value(1, 7) == ErrorValue("#SPILL!")


@pytest.mark.parametrize("first", ["sheet1", "SHEET1", "Sheet1", "sHEET1"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_sheet_may_be_called_sheet1_in_any_spelling(tmp_path: Path, first: str, place: int) -> None:
    names = ["Other", "Third"]
    names.insert(place, first)
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as file:
        sheets = {name: file.add_worksheet(name) for name in names}
        for row in range(5):
            sheets[first].write(row, 1, row + 1)
            sheets[first].write_formula(row, 0, f"=B{row + 1}*2")
        sheets["Other"].write_formula("A1", f"=SUM({first}!A1:A5)")
        sheets["Other"].write_formula("A2", "=own+1")
        sheets["Other"].write_formula("A3", "=local+1")
        file.define_name("own", f"={first.swapcase()}!$A$2")
        file.define_name("Other!local", f"={first}!$A$3")
    with Model.open(tmp_path / "book.xlsx") as model:
        model.calculate()
        assert [model.cell(first, row, 1) for row in range(1, 6)] == [2, 4, 6, 8, 10]
        assert [model.cell("Other", row, 1) for row in (1, 2, 3)] == [30, 5, 7]
        model.save(tmp_path / "out.xlsx")
    assert [Package.open(tmp_path / "out.xlsx").cells(first).value(row, 1) for row in range(1, 6)] == [2, 4, 6, 8, 10]


def test_the_order_of_sheets_counts_those_without_cells(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(in_form("dialog sheet", plain))
    path = with_cell(path.read_bytes(), path, b'<c r="G1"><f>SHEETS()*10+SHEET()</f></c>')
    with Model.open(path) as model:
        model.calculate()
        assert model.cell("Prices", 1, 7) == 62  # five worksheets behind a dialog


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"<v>1</v>", b"<v>1_000</v>", "Prices', G1: holds '1_000', which is no finite number"),
        (b"<v>1</v>", b"<v>nan</v>", "Prices', G1: holds 'nan', which is no finite number"),
        (b"<v>1</v>", b"<v>Infinity</v>", "Prices', G1: holds 'Infinity', which is no finite number"),
        (b"<v>1</v>", "<v>\u0661\u0662</v>".encode(), "Prices', G1: holds '\u0661\u0662', which is no finite number"),
        (b"<v>1</v>", b"<v>0x10</v>", "Prices', G1: holds '0x10', which is no finite number"),
    ],
)
def test_a_number_of_another_spelling_is_none(
    plain: bytes, tmp_path: Path, old: bytes, new: bytes, sentence: str
) -> None:
    path = with_cell(plain, tmp_path / "book.xlsx", b'<c r="G1">' + new + b"</c>")
    with pytest.raises(WorkbookError) as caught:
        run(path)
    assert sentence in str(caught.value)


SIGNED = "town.xlsx is digitally signed; its signature does not hold for what was written, sign it anew"


def signed(plain: bytes, path: Path) -> Path:
    """Return the small workbook with the parts of a digital signature."""
    parts = members(plain)
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    relation = (
        b'<Relationship Id="rId99" Type="%b/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>' % space
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", relation + b"</Relationships>")
    kind = space + b"/digital-signature/signature"
    relations = b'<Relationships xmlns="%b"><Relationship Id="rId1" Type="%b" Target="sig1.xml"/></Relationships>'
    origin = {
        "_xmlsignatures/origin.sigs": b"",
        "_xmlsignatures/_rels/origin.sigs.rels": relations % (space, kind),
    }
    path.write_bytes(zipped({**parts, **origin, "_xmlsignatures/sig1.xml": b"<Signature/>"}))
    return path


def test_a_run_that_changes_a_signed_workbook_says_that_its_signature_does_not_hold(
    plain: bytes, tmp_path: Path
) -> None:
    book = signed(plain, tmp_path / "town.xlsx")
    assert run(book).notes == (SIGNED,)
    assert "_xmlsignatures/sig1.xml" in members(book)
    assert run(book).notes == ()
    assert run(book, tmp_path / "copy.xlsx").notes == ()
    made = new(tmp_path / "new.xlsx", str(book), [Given("heat_tariff_eur_per_mwh", 100.0, "--set")])
    assert [note for note in made.run.notes if "sign" in note] == [SIGNED]


def test_a_frozen_copy_of_a_signed_workbook_bears_no_signature(plain: bytes, tmp_path: Path) -> None:
    freeze(signed(plain, tmp_path / "town.xlsx"), tmp_path / "frozen.xlsx")
    assert not [name for name in members(tmp_path / "frozen.xlsx") if "signature" in name]
