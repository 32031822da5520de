from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dhxl.errors import WorkbookError
from dhxl.workbook.container import read_container
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.workbook.books import PLANT, TOWN, members, small_book, town_book

CHANGES = {PLANT: ("Plant", {(1, 2): 99.5, (3, 4): "new text", (2, 6): 77.0}), TOWN: ("Bob's town", {(2, 4): 14.25})}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return town_book(tmp_path / "town.xlsm")


def changed(package: Package) -> dict[str, bytes]:
    return {part: with_values(package.cells(sheet), values) for part, (sheet, values) in CHANGES.items()}


def described(content: bytes) -> list[tuple[Any, ...]]:
    """Return what the central directory tells of each member, apart from places and lengths."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            (m.filename, m.date_time, m.compress_type, m.external_attr, m.internal_attr, m.create_system, m.comment)
            for m in archive.infolist()
        ]


def packed(content: bytes) -> dict[str, bytes]:
    """Return the packed bytes of each member."""
    found = read_container(content, "file")
    return {one.name: found.raw[one.data : one.data + one.packed] for one in found.members}


def test_only_the_sheets_with_changed_cells_differ(town: Path, tmp_path: Path) -> None:
    before = town.read_bytes()
    package = Package.open(town)
    assert package.save(tmp_path / "out.xlsm", changed(package))
    after = (tmp_path / "out.xlsm").read_bytes()
    assert town.read_bytes() == before
    assert described(after) == described(before)
    old, new = packed(before), packed(after)
    assert {name for name in old if old[name] != new[name]} == set(CHANGES)
    kinds = {
        "vbaProject.bin",
        "drawing1.xml",
        "chart1.xml",
        "image1.png",
        "comments1.xml",
        "vmlDrawing1.vml",
        "table1.xml",
    }
    assert kinds <= {name.rpartition("/")[2] for name in old}
    assert b"x14:sparkline" in members(after)[PLANT] and b"x14:dataBar" in members(after)[PLANT]


def test_a_second_pass_is_byte_identical_and_touches_nothing(town: Path) -> None:
    package = Package.open(town)
    assert package.save(town, changed(package))
    once, stamp = town.read_bytes(), town.stat()
    again = Package.open(town)
    parts = changed(again)
    assert all(parts[part] is again.part(part) for part in parts)
    assert again.rebuilt(parts) is again.container.raw
    assert not again.save(town, parts)
    assert town.read_bytes() == once
    assert (town.stat().st_ino, town.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)


def test_the_same_result_written_twice_to_another_file_touches_it_once(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsm"
    assert Package.open(town).save(out, changed(Package.open(town)))
    stamp = out.stat()
    package = Package.open(town)
    assert not package.save(out, changed(package))
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)


def test_a_copy_without_changes_is_the_file(town: Path, tmp_path: Path) -> None:
    assert Package.open(town).save(tmp_path / "copy.xlsm", {})
    assert (tmp_path / "copy.xlsm").read_bytes() == town.read_bytes()


def test_a_round_trip_of_values_gives_the_first_file_again_apart_from_packing(town: Path) -> None:
    package = Package.open(town)
    sheet = package.cells("Plant")
    first = package.rebuilt({PLANT: with_values(sheet, {(1, 2): 123.0})})
    town.write_bytes(first)
    other = Package.open(town)
    second = other.rebuilt({PLANT: with_values(other.cells("Plant"), {(1, 2): sheet.value(1, 2)})})
    assert members(second) == members(package.container.raw)


def test_a_copy_for_memory_stores_what_changed(town: Path) -> None:
    package = Package.open(town)
    content = package.rebuilt(changed(package), compress=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {m.filename for m in archive.infolist() if m.compress_type == 0} >= set(CHANGES)
    assert members(content) == members(package.rebuilt(changed(package)))


def test_a_part_that_does_not_exist_is_not_added(town: Path) -> None:
    with pytest.raises(WorkbookError, match=r"has no part xl/worksheets/sheet9\.xml"):
        Package.open(town).rebuilt({"xl/worksheets/sheet9.xml": b"<worksheet/>"})


class _Pipe(io.RawIOBase):
    """A stream that cannot go back, which makes the zip writer add data descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.content += bytes(data)
        return len(data)


def _streamed(content: bytes, wide: bool) -> bytes:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.comment = b"made elsewhere"
        for name, data in members(content).items():
            info = zipfile.ZipInfo(name, (2020, 2, 29, 23, 59, 58))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.extra = b"\x99\x99\x04\x00abcd"
            info.comment = b"a member"
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=wide) as member:
                member.write(data)
    return bytes(pipe.content)


@pytest.mark.parametrize("wide", [False, True])
def test_files_of_other_zip_writers_keep_their_members_as_they_are(tmp_path: Path, wide: bool) -> None:
    """Data descriptors, 64-bit fields, extra fields, comments and attributes, as streaming writers make them."""
    content = _streamed(small_book(), wide)
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    package = Package.open(path)
    after = package.rebuilt({PLANT: with_values(package.cells("Plant"), {(1, 1): 2.5})})
    assert described(after) == described(content)
    old, new = packed(content), packed(after)
    assert {name for name in old if old[name] != new[name]} == {PLANT}
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert archive.comment == b"made elsewhere"
        assert archive.getinfo(PLANT).extra == b"\x99\x99\x04\x00abcd"
    path.write_bytes(after)
    assert Package.open(path).cells("Plant").value(1, 1) == 2.5


def test_members_that_stand_elsewhere_than_the_directory_lists_them_stay_in_their_order(tmp_path: Path) -> None:
    """The directory may list members in another order than they are stored; Excel itself lists the types first."""
    found = read_container(small_book(), "file")
    reversed_members = tuple(reversed(found.members))
    content = type(found)(found.raw, found.where, reversed_members, b"").rebuilt({})
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    package = Package.open(path)
    after = package.rebuilt({PLANT: with_values(package.cells("Plant"), {(1, 1): 2.5})})
    assert described(after) == described(content) == list(reversed(described(small_book())))
    path.write_bytes(after)
    assert Package.open(path).cells("Plant").value(1, 1) == 2.5
