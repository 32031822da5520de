"""A zip file as its raw members: read within limits, rebuilt with every other byte kept."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from dhxl.errors import WorkbookError

__all__ = ["LARGEST_FILE", "LARGEST_PART", "Container", "Member", "part_key", "read_container"]

LARGEST_FILE: Final = 256 * 2**20  # bytes; a workbook of 8760 rows and 20 sheets has some 5 MB
LARGEST_PART: Final = 256 * 2**20  # bytes of one part unpacked
LARGEST_TOTAL: Final = 2**30  # bytes of all parts unpacked
MOST_MEMBERS: Final = 20_000
LARGE: Final = 16 * 2**20  # bytes; below this the ratio is not looked at
LARGEST_RATIO: Final = 400  # sheets of repeated numbers reach about 60, deflate's own limit is 1032

_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_ZIP64 = 0x0001
_FIRST_DATE = 0x21  # 1 January 1980, the first day that a zip file knows
_NO_32 = 0xFFFFFFFF
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a zip file; ``record`` is its entry in the central directory."""

    name: str
    record: bytes
    offset: int
    end: int
    data: int
    packed: int
    size: int
    crc: int
    method: int


@dataclass(frozen=True, slots=True)
class Container:
    """A zip file held in memory."""

    raw: bytes
    where: str
    members: tuple[Member, ...]
    comment: bytes

    def read(self, member: Member) -> bytes:
        """Return the unpacked bytes of a member, checked against its length and checksum.

        Raises
        ------
        WorkbookError
            If the part is too large, damaged or packed by a method that spreadsheets do not use.
        """
        if member.size > LARGEST_PART:
            raise WorkbookError(
                f"{self.where}: {member.name} unpacks to {member.size:,} bytes, at most {LARGEST_PART:,}"
            )
        packed = self.raw[member.data : member.data + member.packed]
        content = packed if member.method == _STORED else self._inflated(member, packed)
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise WorkbookError(f"{self.where}: {member.name} is damaged (its checksum does not fit)")
        return content

    def _inflated(self, member: Member, packed: bytes) -> bytes:
        if member.method != _DEFLATED:
            raise WorkbookError(
                f"{self.where}: {member.name} is packed by method {member.method}, spreadsheets use 0 or 8"
            )
        inflate = zlib.decompressobj(-15)
        try:
            return inflate.decompress(packed, member.size + 1)
        except zlib.error as error:
            raise WorkbookError(f"{self.where}: {member.name} is damaged ({error})") from error

    def rebuilt(
        self,
        changed: Mapping[str, bytes],
        *,
        compress: bool = True,
        removed: Collection[str] = (),
        added: Mapping[str, bytes] = MappingProxyType({}),
    ) -> bytes:
        """Return the zip file with some members' content replaced and all others as they are.

        Order, dates, attributes and the packed bytes of the other members are kept; a replaced member
        keeps its name, date and attributes; an added one stands last and is dated 1980.

        Parameters
        ----------
        changed : mapping of str to bytes
            New content by member name, as spelled in the file.
        compress : bool
            False stores the replaced members unpacked, for copies that live in memory only.
        removed : collection of str
            Names of the members to leave out, as spelled in the file.
        added : mapping of str to bytes
            Content of new members by name.
        """
        pieces: list[bytes] = []
        offsets: dict[int, int] = {}
        records: dict[int, bytes] = {}
        position = 0
        kept = [member for member in self.members if member.name not in removed]
        for member in sorted(kept, key=lambda one: one.offset):
            if member.name in changed:
                method = member.method if compress else _STORED
                piece, records[member.offset] = _packed(self.raw, member, changed[member.name], method)
            else:
                piece, records[member.offset] = self.raw[member.offset : member.end], member.record
            offsets[member.offset] = position
            pieces.append(piece)
            position += len(piece)
        entries = [_moved(records[one.offset], offsets[one.offset]) for one in kept]
        for name, content in added.items():
            piece, entry = _new_member(name, content, position)
            pieces.append(piece)
            entries.append(entry)
            position += len(piece)
        directory, count = b"".join(entries), len(entries)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), position, len(self.comment))
        return b"".join([*pieces, directory, end, self.comment])


def part_key(name: str) -> str:
    r"""Return a part's name for comparison.

    Case does not matter; some writers use backslashes or a leading slash, some write signs as ``%20``.

    Examples
    --------
    >>> part_key(r"\xl\Sheet%201.xml") == part_key("XL/sheet 1.xml")
    True
    """
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def read_container(raw: bytes, where: str) -> Container:
    """Return the members of a zip file.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        The file's name, for messages.

    Raises
    ------
    WorkbookError
        If the file is no zip file, cut off, encrypted, contradicts itself or would unpack to more than the limits.
    """
    directory, start, count, comment = _directory(raw, where)
    if count > MOST_MEMBERS:
        raise WorkbookError(f"{where}: holds {count:,} parts, at most {MOST_MEMBERS:,}")
    try:
        found = _records(raw, directory, count)
    except (struct.error, IndexError) as error:
        raise WorkbookError(f"{where}: is damaged or cut off (its list of parts cannot be read)") from error
    in_order = sorted(found, key=lambda one: one[2])
    ends = {one[2]: following[2] for one, following in pairwise(in_order)}
    members = tuple(_member(raw, where, one, ends.get(one[2], start)) for one in found)
    if len(ends) + bool(found) != len(found) or len({part_key(one.name) for one in members}) != len(members):
        raise WorkbookError(f"{where}: is damaged (a part is listed twice)")
    total = sum(one.size for one in members)
    if total > LARGEST_TOTAL:
        raise WorkbookError(f"{where}: unpacks to {total:,} bytes, at most {LARGEST_TOTAL:,}")
    return Container(raw, where, members, comment)


def _directory(raw: bytes, where: str) -> tuple[int, int, int, bytes]:
    cut = WorkbookError(f"{where}: is damaged or cut off (the end of the zip file is missing)")
    at = raw.rfind(b"PK\5\6", max(0, len(raw) - _END.size - 0xFFFF))
    if at < 0 or at + _END.size > len(raw):
        raise cut
    _, disk, _, _, count, size, start, length = _END.unpack_from(raw, at)
    comment = raw[at + _END.size :]
    end = at
    if count == 0xFFFF or _NO_32 in (size, start):
        locator = at - _LOCATOR_64.size
        if locator < 0 or raw[locator : locator + 4] != b"PK\6\7":
            raise cut
        end = _LOCATOR_64.unpack_from(raw, locator)[2]
        if raw[end : end + 4] != b"PK\6\6" or end + _END_64.size > locator:
            raise cut
        count, size, start = _END_64.unpack_from(raw, end)[7:]
    if disk or len(comment) != length or start + size != end:
        raise cut
    return start, start, count, comment


def _records(raw: bytes, at: int, count: int) -> list[tuple[str, bytes, int, int, int]]:
    """Return name, record, offset, packed length and length of every entry of the central directory."""
    found = []
    for _ in range(count):
        fields = _CENTRAL.unpack_from(raw, at)
        names, extras, comments = fields[10:13]
        end = at + _CENTRAL.size + names + extras + comments
        record = raw[at:end]
        if fields[0] != b"PK\1\2" or len(record) != end - at:
            raise IndexError
        packed, size, offset = fields[8], fields[9], fields[16]
        wide = iter(_wide_numbers(record))
        size = next(wide) if size == _NO_32 else size
        packed = next(wide) if packed == _NO_32 else packed
        offset = next(wide) if offset == _NO_32 else offset
        encoding = "utf-8" if fields[3] & 0x800 else "cp437"
        name = record[_CENTRAL.size : _CENTRAL.size + names].decode(encoding, errors="replace")
        found.append((name, record, offset, packed, size))
        at = end
    return found


def _wide_numbers(record: bytes) -> list[int]:
    """Return the 64-bit numbers of an entry, in the order of the fields that hold 0xFFFFFFFF."""
    fields = _CENTRAL.unpack_from(record)
    at = _CENTRAL.size + fields[10]
    end = at + fields[11]
    while at + 4 <= end:
        kind, length = struct.unpack_from("<2H", record, at)
        if kind == _ZIP64:
            return list(struct.unpack_from(f"<{min(length, 24) // 8}Q", record, at + 4)) + [_NO_32] * 3
        at += 4 + length
    return [_NO_32] * 3


def _member(raw: bytes, where: str, found: tuple[str, bytes, int, int, int], end: int) -> Member:
    name, record, offset, packed, size = found
    fields = _CENTRAL.unpack_from(record)
    if offset + _LOCAL.size > len(raw) or raw[offset : offset + 4] != b"PK\3\4":
        raise WorkbookError(f"{where}: is damaged or cut off (the part {name} is missing)")
    local = _LOCAL.unpack_from(raw, offset)
    data = offset + _LOCAL.size + local[9] + local[10]
    if data + packed > end:
        raise WorkbookError(f"{where}: is damaged (the part {name} overlaps another)")
    if fields[3] & _ENCRYPTED:
        raise WorkbookError(f"{where}: is encrypted; save it without a password first")
    if size > LARGE and size > LARGEST_RATIO * max(packed, 1):
        raise WorkbookError(
            f"{where}: {name} would unpack from {packed:,} to {size:,} bytes, "
            f"more than {LARGEST_RATIO} times; refused as a zip bomb"
        )
    return Member(name, record, offset, end, data, packed, size, fields[7], fields[4])


def _packed(raw: bytes, member: Member, content: bytes, method: int) -> tuple[bytes, bytes]:
    """Return the local piece and the directory entry of a member with new content."""
    if method == _DEFLATED:
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = deflate.compress(content) + deflate.flush()
    else:
        packed = content
    crc = zlib.crc32(content)
    local = list(_LOCAL.unpack_from(raw, member.offset))
    at = member.offset + _LOCAL.size
    name, extra = raw[at : at + local[9]], _without_zip64(raw[at + local[9] : member.data])
    local[2] &= ~_DESCRIPTOR
    local[3], local[6:9], local[10] = method, [crc, len(packed), len(content)], len(extra)
    entry = list(_CENTRAL.unpack_from(member.record))
    at = _CENTRAL.size + entry[10]
    kept, rest = _without_zip64(member.record[at : at + entry[11]]), member.record[at + entry[11] :]
    entry[3] &= ~_DESCRIPTOR
    entry[4], entry[7:10], entry[11], entry[16] = method, [crc, len(packed), len(content)], len(kept), 0
    record = _CENTRAL.pack(*entry) + member.record[_CENTRAL.size : at] + kept + rest
    return _LOCAL.pack(*local) + name + extra + packed, record


def _new_member(name: str, content: bytes, offset: int) -> tuple[bytes, bytes]:
    """Return the local piece and the directory entry of a member that the file did not have."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = deflate.compress(content) + deflate.flush()
    label = name.encode("ascii")
    sizes = (zlib.crc32(content), len(packed), len(content), len(label))
    local = _LOCAL.pack(b"PK\3\4", 20, 0, _DEFLATED, 0, _FIRST_DATE, *sizes, 0)
    entry = _CENTRAL.pack(b"PK\1\2", 20, 20, 0, _DEFLATED, 0, _FIRST_DATE, *sizes, 0, 0, 0, 0, 0, offset)
    return local + label + packed, entry + label


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _moved(record: bytes, offset: int) -> bytes:
    """Return a directory entry that points to another place; a 64-bit offset is the last of its wide numbers."""
    fields = list(_CENTRAL.unpack_from(record))
    if fields[16] != _NO_32:
        fields[16] = offset
        return _CENTRAL.pack(*fields) + record[_CENTRAL.size :]
    wide = 8 * sum(value == _NO_32 for value in (fields[8], fields[9]))
    at = _CENTRAL.size + fields[10]
    end = at + fields[11]
    while at + 4 <= end:
        kind, length = struct.unpack_from("<2H", record, at)
        if kind == _ZIP64:
            place = at + 4 + wide
            return record[:place] + struct.pack("<Q", offset) + record[place + 8 :]
        at += 4 + length
    return record
