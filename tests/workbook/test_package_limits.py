from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from dhxl.errors import WorkbookError
from dhxl.workbook import container, package, xmltext
from dhxl.workbook.container import read_container
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from tests.workbook.books import PLANT, rezipped, small_book

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>&c;</sheets></workbook>'
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst>&b;</sst>'


def written(folder: Path, content: bytes) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(content)
    return path


def with_part(part: str, content: bytes) -> bytes:
    return rezipped(small_book(), lambda name, data: content if name == part else data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path, with_part(PLANT, bytes(40 * 2**20)))
    assert path.stat().st_size < 100_000
    with pytest.raises(WorkbookError, match=r"sheet1\.xml would unpack from .* to 41,943,040 bytes.*zip bomb"):
        Package.open(path)


def test_a_part_that_unpacks_to_more_than_it_says_is_cut_off_and_refused(tmp_path: Path) -> None:
    content = bytearray(with_part(PLANT, b"<worksheet>" + bytes(2**20)))
    place = content.index(PLANT.encode(), content.index(b"PK\1\2")) - 46
    assert content[place : place + 4] == b"PK\1\2"
    struct.pack_into("<I", content, place + 24, 100)
    book = Package.open(written(tmp_path, bytes(content)))
    with pytest.raises(WorkbookError, match=r"sheet1\.xml is damaged \(its checksum does not fit\)"):
        book.cells("Plant")


def test_overlapping_and_repeated_members_are_refused() -> None:
    content = small_book()
    start = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", start + 4)
    repeated = bytearray(content[:start] + content[start:second] + content[start:])
    end = repeated.rindex(b"PK\5\6")
    struct.pack_into("<2H", repeated, end + 8, *(2 * [struct.unpack_from("<H", content, len(content) - 12)[0] + 1]))
    struct.pack_into("<I", repeated, end + 12, end - start)
    with pytest.raises(WorkbookError, match=r"a part is listed twice"):
        read_container(bytes(repeated), "book.xlsx")
    longer = bytearray(content)
    struct.pack_into("<I", longer, start + 20, 2**20)
    with pytest.raises(WorkbookError, match="overlaps another"):
        read_container(bytes(longer), "book.xlsx")


def test_a_password_on_the_zip_file_gives_a_sentence() -> None:
    content = bytearray(small_book())
    content[content.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(WorkbookError, match="is encrypted; save it without a password first"):
        read_container(bytes(content), "book.xlsx")


def test_an_unknown_way_of_packing_gives_a_sentence(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("_rels/.rels", b"<Relationships/>" * 100)
    with pytest.raises(WorkbookError, match="packed by method 14, spreadsheets use 0 or 8"):
        Package.open(written(tmp_path, stream.getvalue()))


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", PLANT]
)
@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")])
def test_entities_and_document_types_are_refused_in_every_part(tmp_path: Path, part: str, xml: bytes) -> None:
    path = written(tmp_path, with_part(part, xml))
    with pytest.raises(WorkbookError, match=r"document type or entities|not written in UTF-8"):
        Package.open(path).cells("Plant")


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [
        ((package, "LARGEST_FILE"), 100, r"bytes, at most 100"),
        ((container, "LARGEST_PART"), 200, r"unpacks to .* bytes, at most 200"),
        ((container, "LARGEST_TOTAL"), 500, r"unpacks to .* bytes, at most 500"),
        ((container, "MOST_MEMBERS"), 3, r"parts, at most 3"),
        ((xmltext, "LARGEST_TREE"), 50, r"bytes, at most 50"),
    ],
)
def test_each_limit_of_size_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: tuple[object, str], value: int, sentence: str
) -> None:
    path = written(tmp_path, small_book())
    monkeypatch.setattr(*limit, value)
    with pytest.raises(WorkbookError, match=sentence) as caught:
        Package.open(path).cells("Plant")
    assert "book.xlsx" in str(caught.value)


def test_more_rows_than_a_sheet_has_give_a_sentence(tmp_path: Path) -> None:
    book = Package.open(written(tmp_path, small_book('<row r="1048577"><c r="A1048577"><v>1</v></c></row>')))
    with pytest.raises(
        WorkbookError, match=r"book\.xlsx, sheet 'Plant': has a row 1048577, a sheet has 1,048,576 rows"
    ):
        book.cells("Plant")


def test_a_range_of_a_whole_sheet_is_not_read_at_once(tmp_path: Path) -> None:
    book = Package.open(written(tmp_path, small_book()))
    with pytest.raises(WorkbookError, match="Plant!A1:XFD1048576 has more than 20,000,000 cells"):
        book.values(Reference("Plant", 1, 1, 1_048_576, 16_384))
