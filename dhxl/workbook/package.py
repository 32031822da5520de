"""An .xlsx or .xlsm file: opened safely, read part by part, saved with every untouched byte kept."""

from __future__ import annotations

import difflib
import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree

from dhxl.errors import WorkbookError
from dhxl.workbook.cells import SheetCells, scan
from dhxl.workbook.container import LARGEST_FILE, Container, Member, read_container
from dhxl.workbook.names import DefinedName, Reference, SheetEntry, defined_names
from dhxl.workbook.storage import read_whole, refuse_if_open, write_whole
from dhxl.workbook.values import CellValue
from dhxl.workbook.xmltext import local_name, parsed_xml, unescaped_string

__all__ = ["MOST_CELLS", "Package"]

MOST_CELLS: Final = 20_000_000  # of one range read at once; a whole sheet has 17 thousand million

_MAIN: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": False,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": False,
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": True,
    "application/vnd.ms-excel.template.macroenabled.main+xml": True,
}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_Stamp = tuple[int, int, int]


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
        names = {_key(member.name): member for member in container.members}
        main = _main_part(container, names)
        types = parsed_xml(
            container.read(_found(container, names, "[Content_Types].xml")), f"{place}: [Content_Types].xml"
        )
        stated = {_key(one.get("PartName", "")): one.get("ContentType", "").lower() for one in types}
        kind = stated.get(_key(main), "")
        if kind not in _MAIN:
            raise WorkbookError(f"{place}: is no Excel workbook (.xlsx or .xlsm){_other_kind(kind, names)}")
        return cls(place, container, main, _MAIN[kind], stamp)

    @cached_property
    def _members(self) -> dict[str, Member]:
        return {_key(member.name): member for member in self.container.members}

    @cached_property
    def _parts(self) -> dict[str, bytes]:
        return {}

    @cached_property
    def _scanned(self) -> dict[str, SheetCells]:
        return {}

    @property
    def part_names(self) -> tuple[str, ...]:
        """Return the names of all parts as spelled in the file."""
        return tuple(member.name for member in self.container.members)

    def part(self, name: str) -> bytes:
        """Return the content of a part.

        Raises
        ------
        WorkbookError
            If it is missing, too large or damaged.
        """
        key = _key(name)
        if key not in self._parts:
            self._parts[key] = self.container.read(_found(self.container, self._members, name))
        return self._parts[key]

    @cached_property
    def _workbook(self) -> ElementTree.Element:
        return parsed_xml(self.part(self.main), f"{self.path}: {self.main}")

    @cached_property
    def sheets(self) -> tuple[SheetEntry, ...]:
        """Return the sheets in tab order."""
        targets = _relations(self, self.main)
        entries = []
        for element in _children_of(self._workbook, "sheets"):
            identity = next((text for name, text in element.items() if name.endswith("}id")), "")
            kind, target = targets.get(identity, ("", ""))
            name = unescaped_string(element.get("name", ""))
            if _key(target) not in self._members:
                raise WorkbookError(f"{self.path}: is damaged (the sheet {name!r} has no content)")
            entries.append(SheetEntry(name, target, element.get("state", "visible"), kind))
        return tuple(entries)

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
        targets = (target for one, target in _relations(self, self.main).values() if one == kind)
        return next((target for target in targets if _key(target) in self._members), None)

    def sheet(self, name: str) -> SheetEntry:
        """Return a sheet by its name; case does not matter, as in Excel.

        Raises
        ------
        WorkbookError
            If there is none.
        """
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        known = [sheet.name for sheet in self.sheets]
        raise WorkbookError(f"{self.path}: there is no sheet {name!r}{_meant(name, known)}")

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
            where = f"{self.path}, sheet {sheet.name!r}"
            found = scan(self.part(sheet.part), self.shared_strings, where, date1904=self.date1904)
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
            raise WorkbookError(f"{self.path}: the name {name} is missing{_meant(name, known)}")
        if found.reference is None:
            lost = (
                "its cells or sheet were deleted"
                if "#REF!" in found.text
                else "it must be one range of cells on one sheet"
            )
            raise WorkbookError(f"{self.path}: the name {name} refers to {found.text!r}; {lost}")
        if all(sheet.name.casefold() != found.reference.sheet.casefold() for sheet in self.sheets):
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

    def rebuilt(self, changed: Mapping[str, bytes], *, compress: bool = True) -> bytes:
        """Return the file's bytes with some parts replaced and all others as they are.

        Parameters
        ----------
        changed : mapping of str to bytes
            New content by part name; a part must exist already.
        compress : bool
            False stores the replaced parts unpacked, for copies that live in memory only.

        Raises
        ------
        WorkbookError
            If a part does not exist.
        """
        new = {}
        for name, content in changed.items():
            member = _found(self.container, self._members, name)
            if content != self.part(name):
                new[member.name] = content
        return self.container.rebuilt(new, compress=compress) if new else self.container.raw

    def with_parts(self, changed: Mapping[str, bytes]) -> Package:
        """Return the workbook in memory with the content of some sheets replaced; the others are not read again.

        Raises
        ------
        WorkbookError
            If a part does not exist.
        """
        content = self.rebuilt(changed, compress=False)
        fresh = replace(self, container=read_container(content, self.container.where))
        gone = set(map(_key, changed))
        fresh._parts.update({key: part for key, part in self._parts.items() if key not in gone})
        fresh._scanned.update({part: cells for part, cells in self._scanned.items() if _key(part) not in gone})
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


def _key(name: str) -> str:
    """Return a part's name for comparison: case does not matter, some writers use backslashes or a leading slash."""
    return name.replace("\\", "/").lstrip("/").lower()


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
    member = names.get(_key(name))
    if member is None:
        raise WorkbookError(f"{container.where}: has no part {name}{_other_kind('', names)}")
    return member


def _main_part(container: Container, names: Mapping[str, Member]) -> str:
    if "_rels/.rels" not in names:
        raise WorkbookError(f"{container.where}: is no Excel workbook (.xlsx or .xlsm){_other_kind('', names)}")
    root = parsed_xml(container.read(names["_rels/.rels"]), f"{container.where}: _rels/.rels")
    targets = _targets(root, "")
    main = next((target for kind, target in targets.values() if kind == "officeDocument"), "")
    return _found(container, names, main or "xl/workbook.xml").name


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part.replace("\\", "/"))
    relations = f"{folder}/_rels/{name}.rels"
    return _targets(parsed_xml(package.part(relations), f"{package.path}: {relations}"), folder)


def _targets(root: ElementTree.Element, folder: str) -> dict[str, tuple[str, str]]:
    """Return kind and part name of each relation by its identity; strict and transitional files differ in the rest."""
    found = {}
    for relation in root:
        if relation.get("TargetMode", "Internal") == "Internal":
            target = unquote(relation.get("Target", "")).replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
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
