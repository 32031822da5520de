"""An .xlsx or .xlsm file: opened safely, read part by part, saved with every untouched byte kept."""

from __future__ import annotations

import difflib
import os
import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree

from dhxl.errors import WorkbookError, shortened
from dhxl.workbook.cells import SheetCells, scan
from dhxl.workbook.container import LARGEST_FILE, Container, Member, part_key, read_container
from dhxl.workbook.names import DefinedName, Reference, SheetEntry, defined_names
from dhxl.workbook.storage import read_whole, refuse_if_open, write_whole
from dhxl.workbook.values import CellValue
from dhxl.workbook.xmltext import local_name, parsed_xml, stored_xml, unescaped_string, utf8_xml

__all__ = ["MOST_CELLS", "Package", "Relation", "relations_name"]

MOST_CELLS: Final = 20_000_000  # of one range read at once; a whole sheet has 17 thousand million

_MAIN: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": False,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": False,
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": True,
    "application/vnd.ms-excel.template.macroenabled.main+xml": True,
}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_XML: Final = (".xml", ".rels", ".vml")
_MODULE: Final = "module"  # of Excel 5; Excel keeps the sheet's entry and nothing else of it

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part relates to.

    ``kind`` is the last word of its type, in which strict and transitional files agree; ``part`` is the name as
    spelled in the file, or as the relation states it where there is no such part.
    """

    identity: str
    kind: str
    part: str


@dataclass(frozen=True)
class Package:
    """A workbook file held in memory.

    ``macros`` tells whether its type is the macro-enabled one; ``main`` is the name of the workbook part.
    """

    path: Path
    container: Container = field(repr=False)
    main: str
    macros: bool
    stamp: _Stamp = field(repr=False)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Package:
        """Return a workbook file, read and checked.

        Raises
        ------
        WorkbookError
            If it is missing, no .xlsx or .xlsm workbook, encrypted, damaged, or beyond the limits.
        """
        place = Path(path)
        raw, stamp = _content(place)
        _refuse_other_formats(raw, place)
        container = read_container(raw, str(place))
        names = {part_key(member.name): member for member in container.members}
        main = _main_part(container, names)
        types = _root_of(container, names, "[Content_Types].xml")
        kind = _stated_type(types, main)
        if kind not in _MAIN:
            raise WorkbookError(f"{place}: is no Excel workbook (.xlsx or .xlsm){_other_kind(kind, names)}")
        return cls(place, container, main, _MAIN[kind], stamp)

    @cached_property
    def _members(self) -> dict[str, Member]:
        return {part_key(member.name): member for member in self.container.members}

    @cached_property
    def _parts(self) -> dict[str, bytes]:
        return {}

    @cached_property
    def _encodings(self) -> dict[str, str]:
        return {}

    @cached_property
    def _counted(self) -> list[int]:
        return [0]  # cells of the sheets read so far

    @cached_property
    def _scanned(self) -> dict[str, SheetCells]:
        return {}

    @property
    def part_names(self) -> tuple[str, ...]:
        """Return the names of all parts as spelled in the file."""
        return tuple(member.name for member in self.container.members)

    def part(self, name: str) -> bytes:
        """Return the content of a part, XML always in UTF-8.

        Raises
        ------
        WorkbookError
            If it is missing, too large or damaged.
        """
        key = part_key(name)
        if key not in self._parts:
            content = self.container.read(_found(self.container, self._members, name))
            self._parts[key], self._encodings[key] = utf8_xml(content) if key.endswith(_XML) else (content, "")
        return self._parts[key]

    def has_part(self, name: str) -> bool:
        """Return whether there is a part of this name, however it is spelled."""
        return part_key(name) in self._members

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Return what a part relates to inside the file."""
        name = relations_name(part)
        if not self.has_part(name):
            return ()
        folder = posixpath.dirname(part.replace("\\", "/"))
        found = _targets(parsed_xml(self.part(name), f"{self.path}: {name}"), folder)
        return tuple(Relation(one.identity, one.kind, self.spelled(one.part)) for one in found)

    def spelled(self, part: str) -> str:
        """Return a part's name as spelled in the file, or unchanged where there is no such part."""
        member = self._members.get(part_key(part))
        return member.name if member else part

    @cached_property
    def signed(self) -> bool:
        """Return whether the file bears a digital signature."""
        return any(name.startswith("_xmlsignatures/") for name in self._members)

    @cached_property
    def _workbook(self) -> ElementTree.Element:
        return parsed_xml(self.part(self.main), f"{self.path}: {self.main}")

    @cached_property
    def sheets(self) -> tuple[SheetEntry, ...]:
        """Return the sheets in tab order."""
        targets = {one.identity: one for one in self.relations(self.main)}
        entries = []
        for element in _children_of(self._workbook, "sheets"):
            identity = next((text for name, text in element.items() if name.endswith("}id")), "")
            name, shown = unescaped_string(element.get("name", "")), element.get("state", "visible")
            if not identity:
                entries.append(SheetEntry(name, "", shown, _MODULE))
                continue
            target = targets.get(identity)
            if target is None or not self.has_part(target.part):
                raise WorkbookError(f"{self.path}: is damaged (the sheet {shortened(name)!r} has no content)")
            entries.append(SheetEntry(name, target.part, shown, target.kind))
        return tuple(entries)

    @cached_property
    def _by_sheet(self) -> dict[str, SheetEntry]:
        return {sheet.name.casefold(): sheet for sheet in reversed(self.sheets)}

    @cached_property
    def names(self) -> tuple[DefinedName, ...]:
        """Return the defined names in the order of the file."""
        return defined_names(self._workbook, tuple(sheet.name for sheet in self.sheets))

    @cached_property
    def _by_name(self) -> dict[str, DefinedName]:
        return {one.name.casefold(): one for one in reversed(self.names) if one.sheet is None}

    @cached_property
    def calculation(self) -> Mapping[str, str]:
        """Return the attributes of the workbook's calculation settings, empty where there are none."""
        return next((dict(element.attrib) for element in self._workbook if local_name(element) == "calcPr"), {})

    @cached_property
    def date1904(self) -> bool:
        """Return whether the workbook counts days from 1904."""
        settings = (element for element in self._workbook if local_name(element) == "workbookPr")
        return any(element.get("date1904", "0") in ("1", "true") for element in settings)

    @cached_property
    def shared_strings(self) -> tuple[str, ...]:
        """Return the workbook's string table, rich text as plain text."""
        part = self.main_relation("sharedStrings")
        if part is None:
            return ()
        return tuple(_string(item) for item in parsed_xml(self.part(part), f"{self.path}: {part}"))

    def main_relation(self, kind: str) -> str | None:
        """Return the part that the workbook part relates to as its ``styles``, ``sharedStrings`` or the like."""
        found = (one.part for one in self.relations(self.main) if one.kind == kind)
        return next(filter(self.has_part, found), None)

    def sheet(self, name: str) -> SheetEntry:
        """Return a sheet by its name; case does not matter, as in Excel.

        Raises
        ------
        WorkbookError
            If there is none.
        """
        if found := self._by_sheet.get(name.casefold()):
            return found
        known = [sheet.name for sheet in self.sheets]
        raise WorkbookError(f"{self.path}: there is no sheet {shortened(name)!r}{_meant(name, known)}")

    def cells(self, sheet_name: str) -> SheetCells:
        """Return the scanned cells of a worksheet.

        Raises
        ------
        WorkbookError
            If there is no such sheet, it holds no cells (a chart sheet), or it is damaged.
        """
        sheet = self.sheet(sheet_name)
        if sheet.kind != "worksheet":
            raise WorkbookError(f"{self.path}: the sheet {sheet.name!r} is a {sheet.kind} and has no cells")
        if sheet.part not in self._scanned:
            where = f"{self.path}, sheet {shortened(sheet.name)!r}"
            already = self._counted[0]
            found = scan(self.part(sheet.part), self.shared_strings, where, date1904=self.date1904, already=already)
            self._counted[0] += len(found.cells)
            self._scanned[sheet.part] = found
        return self._scanned[sheet.part]

    def defined_name(self, name: str) -> DefinedName | None:
        """Return a name of the whole workbook, None where there is none; case does not matter."""
        return self._by_name.get(name.casefold())

    def resolve(self, name: str) -> Reference:
        """Return the cells that a name of the whole workbook refers to.

        Raises
        ------
        WorkbookError
            If the name is missing, belongs to one sheet only, lost its cells, or is no plain range.
        """
        found = self.defined_name(name)
        if found is None:
            local = [one.sheet for one in self.names if one.name.casefold() == name.casefold()]
            if local:
                raise WorkbookError(
                    f"{self.path}: the name {name} belongs to the sheet {local[0]!r} only; give it to the workbook"
                )
            known = [one.name for one in self.names if not one.built_in]
            raise WorkbookError(f"{self.path}: the name {shortened(name)} is missing{_meant(name, known)}")
        if found.reference is None:
            lost = (
                "its cells or sheet were deleted"
                if "#REF!" in found.text
                else "it must be one range of cells on one sheet"
            )
            raise WorkbookError(f"{self.path}: the name {name} refers to {shortened(found.text)!r}; {lost}")
        if found.reference.sheet.casefold() not in self._by_sheet:
            raise WorkbookError(
                f"{self.path}: the name {name} refers to the sheet {found.reference.sheet!r}, which is missing"
            )
        return found.reference

    def values(self, reference: Reference) -> list[list[CellValue]]:
        """Return the stored values of a range, row by row.

        Raises
        ------
        WorkbookError
            If the sheet is missing or the range has more than 20 million cells.
        """
        if reference.rows * reference.columns > MOST_CELLS:
            raise WorkbookError(f"{self.path}: {reference.address} has more than {MOST_CELLS:,} cells")
        sheet = self.cells(reference.sheet)
        columns = range(reference.first_col, reference.last_col + 1)
        return [
            [sheet.value(row, col) for col in columns] for row in range(reference.first_row, reference.last_row + 1)
        ]

    def rebuilt(
        self,
        changed: Mapping[str, bytes],
        *,
        compress: bool = True,
        removed: Collection[str] = (),
        added: Mapping[str, bytes] = MappingProxyType({}),
    ) -> bytes:
        """Return the file's bytes with some parts replaced and all others as they are.

        Parameters
        ----------
        changed : mapping of str to bytes
            New content by part name, XML in UTF-8; a part must exist already, and is stored in the encoding it had.
        compress : bool
            False stores the replaced parts unpacked, for copies that live in memory only.
        removed : collection of str
            Names of the parts to leave out, as spelled in the file.
        added : mapping of str to bytes
            Content of new parts by name.

        Raises
        ------
        WorkbookError
            If a part does not exist.
        """
        new = {}
        for name, content in changed.items():
            member = _found(self.container, self._members, name)
            if content != self.part(name):
                new[member.name] = stored_xml(content, self._encodings[part_key(name)])
        if not (new or removed or added):
            return self.container.raw
        return self.container.rebuilt(new, compress=compress, removed=removed, added=added)

    def with_parts(self, changed: Mapping[str, bytes]) -> Package:
        """Return the workbook in memory with the content of some sheets replaced; the others are not read again.

        Raises
        ------
        WorkbookError
            If a part does not exist.
        """
        content = self.rebuilt(changed, compress=False)
        fresh = replace(self, container=read_container(content, self.container.where))
        gone = set(map(part_key, changed))
        fresh._parts.update({key: part for key, part in self._parts.items() if key not in gone})
        fresh._encodings.update({key: name for key, name in self._encodings.items() if key not in gone})
        fresh._scanned.update({part: cells for part, cells in self._scanned.items() if part_key(part) not in gone})
        return fresh

    def save(self, target: str | os.PathLike[str], changed: Mapping[str, bytes]) -> bool:
        """Write the workbook with some parts replaced; return whether there was anything to write.

        A target that already holds exactly this content is not touched. After saving onto the file itself, open it
        again before changing it further.

        Raises
        ------
        WorkbookError
            If the target is open elsewhere, changed since it was read, protected, or the disk refuses; it then
            stands as it was.
        """
        place = Path(target)
        same = place.exists() and place.samefile(self.path) if self.path.exists() else False
        content = self.rebuilt(changed)
        if same and _stamp(place) != self.stamp:
            raise WorkbookError(f"{place}: was changed by another program since it was read; run again")
        if same and content is self.container.raw:
            return False
        if place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content:
            return False
        if same:
            refuse_if_open(self.path)
        write_whole(place, content)
        return True


def _stamp(path: Path) -> _Stamp:
    return _stamp_of(path.stat())


def _stamp_of(found: os.stat_result) -> _Stamp:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _content(place: Path) -> tuple[bytes, _Stamp]:
    raw, found = read_whole(place, LARGEST_FILE, "a workbook")
    return raw, _stamp_of(found)


def _refuse_other_formats(raw: bytes, place: Path) -> None:
    if not raw:
        raise WorkbookError(f"{place}: is empty")
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise WorkbookError(f"{place}: is encrypted; open it in Excel and save it without a password")
        raise WorkbookError(f"{place}: is a file of an old program (.xls or the like); save it as .xlsx or .xlsm")
    if not raw.startswith(b"PK"):
        raise WorkbookError(f"{place}: is no Excel workbook (.xlsx or .xlsm)")


def _other_kind(kind: str, names: Iterable[str]) -> str:
    if "sheet.binary" in kind:
        return ", but a binary one (.xlsb); save it as .xlsx or .xlsm"
    if "mimetype" in names:
        return ", but an OpenDocument file; save it as .xlsx"
    return ", but another Office document" if kind else ""


def _found(container: Container, names: Mapping[str, Member], name: str) -> Member:
    member = names.get(part_key(name))
    if member is None:
        raise WorkbookError(f"{container.where}: has no part {name}{_other_kind('', names)}")
    return member


def _root_of(container: Container, names: Mapping[str, Member], name: str) -> ElementTree.Element:
    xml, _ = utf8_xml(container.read(_found(container, names, name)))
    return parsed_xml(xml, f"{container.where}: {name}")


def _main_part(container: Container, names: Mapping[str, Member]) -> str:
    if "_rels/.rels" not in names:
        raise WorkbookError(f"{container.where}: is no Excel workbook (.xlsx or .xlsm){_other_kind('', names)}")
    targets = _targets(_root_of(container, names, "_rels/.rels"), "")
    main = next((one.part for one in targets if one.kind == "officeDocument"), "")
    return _found(container, names, main or "xl/workbook.xml").name


def _stated_type(types: ElementTree.Element, part: str) -> str:
    """Return the content type of a part: its own, or that of its suffix (ECMA-376 part 2, 10.1.2.4)."""
    own = {part_key(one.get("PartName", "")): one.get("ContentType", "") for one in types if one.get("PartName")}
    common = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in types if one.get("Extension")}
    return (own.get(part_key(part)) or common.get(part_key(part).rpartition(".")[2], "")).strip().lower()


def relations_name(part: str) -> str:
    """Return the name of the part that lists the relations of another.

    Examples
    --------
    >>> relations_name("xl/workbook.xml")
    'xl/_rels/workbook.xml.rels'
    """
    folder, name = posixpath.split(part.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _targets(root: ElementTree.Element, folder: str) -> list[Relation]:
    found = []
    for relation in root:
        if relation.get("TargetMode", "Internal") == "Internal":
            target = relation.get("Target", "").replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found.append(Relation(relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target))
    return found


def _children_of(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for parent in root if local_name(parent) == name for child in parent]


def _string(item: ElementTree.Element) -> str:
    texts = []
    for child in item:
        name = local_name(child)
        if name == "t":
            texts.append(child.text or "")
        elif name == "r":
            texts += [part.text or "" for part in child if local_name(part) == "t"]
    return unescaped_string("".join(texts)) if len(texts) == 1 else "".join(map(unescaped_string, texts))


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.casefold(), {one.casefold(): one for one in known}, 1)
    spelled = next((one for one in known if close and one.casefold() == close[0]), None)
    return f"; did you mean {spelled}?" if spelled else ""
