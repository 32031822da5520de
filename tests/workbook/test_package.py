from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from dhxl.errors import WorkbookError
from dhxl.workbook.package import Package
from tests.workbook.books import MAIN, PLANT, members, reprefixed, rezipped, small_book, town_book

STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package.open(town_book(tmp_path_factory.mktemp("package") / "town.xlsm"))


def opened(folder: Path, content: bytes, name: str = "book.xlsx") -> Package:
    path = folder / name
    path.write_bytes(content)
    return Package.open(path)


def test_sheets_stand_in_tab_order_with_their_visibility(town: Package) -> None:
    assert [(sheet.name, sheet.visibility, sheet.kind) for sheet in town.sheets] == [
        ("Plant", "visible", "worksheet"),
        ("Bob's town", "visible", "worksheet"),
        ("Hidden", "hidden", "worksheet"),
    ]
    assert town.sheets[1].part == "xl/worksheets/sheet2.xml"
    assert town.macros


def test_parts_are_the_bytes_of_the_file(town: Package) -> None:
    parts = members(town.path)
    assert town.part_names == tuple(parts)
    assert {name: town.part(name) for name in town.part_names} == parts
    assert town.part("XL/Workbook.xml") == parts["xl/workbook.xml"]


def test_settings_of_the_calculation_are_read(town: Package, tmp_path: Path) -> None:
    assert town.calculation["calcId"] == "191029"
    assert not town.date1904
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"date_1904": True})
    workbook.add_worksheet()
    workbook.close()
    assert opened(tmp_path, stream.getvalue()).date1904


def test_a_sheet_is_found_in_any_case_and_a_misspelt_one_is_suggested(town: Package) -> None:
    assert town.sheet("BOB'S TOWN").name == "Bob's town"
    with pytest.raises(WorkbookError, match=r"town\.xlsm: there is no sheet 'Plan'; did you mean Plant\?"):
        town.cells("Plan")


def test_a_chart_sheet_has_no_cells(tmp_path: Path) -> None:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    workbook.add_worksheet("Plant").write_row(0, 0, [1, 2])
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Plant!$A$1:$B$1"})
    workbook.add_chartsheet("Picture").set_chart(chart)
    workbook.close()
    book = opened(tmp_path, stream.getvalue())
    assert [sheet.kind for sheet in book.sheets] == ["worksheet", "chartsheet"]
    with pytest.raises(WorkbookError, match="the sheet 'Picture' is a chartsheet and has no cells"):
        book.cells("Picture")


def test_other_writers_ways_to_spell_a_package_are_understood(tmp_path: Path) -> None:
    content = small_book()

    def absolute(name: str, data: bytes) -> bytes:
        if name == "xl/_rels/workbook.xml.rels":
            data = data.replace(b'Target="worksheets/', b'Target="/xl/Worksheets/../worksheets/')
        return reprefixed(data) if name in (PLANT, "xl/workbook.xml") and b"x:" not in data else data

    book = opened(tmp_path, rezipped(content, absolute))
    assert book.cells("Plant").value(1, 1) == 1.0

    def strict(name: str, data: bytes) -> bytes:
        data = data.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/", STRICT)
        return data.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")

    assert opened(tmp_path, rezipped(content, strict)).cells("Plant").value(1, 1) == 1.0
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members(content).items():
            archive.writestr(name.replace("/", "\\"), data)
    assert opened(tmp_path, stream.getvalue()).cells("Plant").value(1, 1) == 1.0


def _ole(kind: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + kind.encode("utf-16-le") + bytes(500)


def _open_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return stream.getvalue()


def _of_type(kind: bytes) -> bytes:
    old = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return rezipped(small_book(), lambda name, data: data.replace(old, kind) if name == "[Content_Types].xml" else data)


def _without(part: str) -> bytes:
    return rezipped(small_book(), lambda name, data: None if name == part else data)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"unit;heat_mw\npump;2\n", r"is no Excel workbook \(.xlsx or .xlsm\)"),
        (b"PK", "is damaged or cut off"),
        (b"PK\3\4 and nothing", "is damaged or cut off"),
        (small_book()[:-30], "is damaged or cut off"),
        (small_book()[:1000], "is damaged or cut off"),
        (b"PK\3\4" + small_book()[3000:], "is damaged"),
        (small_book() + b"trailing", "is damaged or cut off"),
        (_ole("EncryptedPackage"), "is encrypted; open it in Excel and save it without a password"),
        (_ole("Workbook"), r"is a file of an old program \(.xls or the like\)"),
        (_open_document(), "is no Excel workbook .*, but an OpenDocument file; save it as .xlsx"),
        (_of_type(b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "a binary one"),
        (
            _of_type(b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
            "another Office document",
        ),
        (_without("xl/workbook.xml"), "has no part xl/workbook.xml"),
        (_without("_rels/.rels"), "is no Excel workbook"),
        (_without("[Content_Types].xml"), r"has no part \[Content_Types\].xml"),
    ],
)
def test_what_is_no_workbook_gives_a_sentence_with_the_file(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(WorkbookError, match=sentence) as caught:
        opened(tmp_path, content)
    assert str(caught.value).startswith(str(tmp_path / "book.xlsx"))


def test_a_sheet_whose_part_is_missing_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"is damaged \(the sheet 'Plant' has no content\)"):
        _ = opened(tmp_path, _without(PLANT)).sheets


def test_missing_files_and_folders_give_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"none\.xlsx: does not exist"):
        Package.open(tmp_path / "none.xlsx")
    with pytest.raises(WorkbookError, match="is a folder"):
        Package.open(tmp_path)


def test_any_flipped_byte_is_survived(tmp_path: Path) -> None:
    content = small_book()
    for place in range(0, len(content), 37):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        try:
            book = opened(tmp_path, damaged)
            for sheet in book.sheets:
                book.cells(sheet.name)
        except WorkbookError as error:
            assert "book.xlsx" in str(error)
