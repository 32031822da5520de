"""A workbook as the rules look at it: cells with their styles, formulas taken apart, the set-up of the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dhxl.workbook.cells import SheetCells, column_span
from dhxl.workbook.formulas import shifted
from dhxl.workbook.lint.parts import Area, Formula, taken_apart
from dhxl.workbook.name_uses import NameUse
from dhxl.workbook.names import DefinedName, Reference, SheetEntry, cell_position, range_position
from dhxl.workbook.package import Package
from dhxl.workbook.tables import Table, tables
from dhxl.workbook.xmltext import attributes, local_name, parsed_xml, plain, without_remarks

__all__ = ["BookView", "SheetView", "Style"]

_EXCELS_INPUT: Final = "20"  # Excel's own style "Input", whatever its name in the user's language
_PERCENT: Final = ("9", "10")  # Excel's own number formats 0% and 0.00%
_WORDS: Final = re.compile(r'"[^"]*[A-Za-z]')
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*>")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_COMMENTS: Final = ("comments", "threadedComment")
_COMMENT: Final = re.compile(rb"""<(?:\w+:)?(?:comment|threadedComment)\s[^<>]*?\bref="([A-Z]+[0-9]+)\"""")
_TRUE: Final = (b"1", b"true")


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell format says about the cell's part.

    ``is_input`` and ``is_own`` tell that it belongs to a named style of inputs, to any style that the workbook made
    itself, ``is_dhxl`` to one that dhxl brings along; ``percent`` that it shows a share, ``worded`` that its number
    format has words ("Year 0").
    """

    is_input: bool
    is_own: bool
    locked: bool
    percent: bool
    worded: bool
    is_dhxl: bool = False


@dataclass(frozen=True)
class SheetView:
    """A worksheet; ``commented`` are the cells with a comment."""

    entry: SheetEntry
    cells: SheetCells
    commented: frozenset[tuple[int, int]]

    @property
    def name(self) -> str:
        """Return the sheet's name."""
        return self.entry.name

    @cached_property
    def forms(self) -> Mapping[tuple[int, int], str]:
        """Return each formula as it would read in A1, so that copies of one are equal, by row and column."""
        return {
            (row, col): shifted(cell.formula, 1 - row, 1 - col)
            for (row, col), cell in self.cells.cells.items()
            if cell.formula and cell.formula_kind != "table"
        }

    @cached_property
    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        """Return the merged areas."""
        tags = _MERGED.findall(self.tail)
        return tuple(range_position(attributes(tag).get(b"ref", b"").decode()) for tag in tags)

    @cached_property
    def head(self) -> bytes:
        """Return the XML before the cells."""
        return without_remarks(self.cells.xml[: self.cells.data[0]])

    @cached_property
    def tail(self) -> bytes:
        """Return the XML behind the cells."""
        return without_remarks(self.cells.xml[self.cells.data[1] :])

    @cached_property
    def hidden_columns(self) -> frozenset[int]:
        """Return the columns that are hidden, grouped or not."""
        marks = [attributes(tag) for tag in _COLUMN.findall(self.head)]
        spans = [column_span(one) for one in marks if one.get(b"hidden") in _TRUE]
        return frozenset(col for first, last in spans for col in range(first, last + 1))

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        """Return the rows that are hidden, grouped or not."""
        tags = {row: self.cells.xml[place.start : place.tag_end] for row, place in self.cells.rows.items()}
        return frozenset(row for row, tag in tags.items() if attributes(tag).get(b"hidden") in _TRUE)

    def tag(self, name: str) -> dict[bytes, bytes] | None:
        """Return the attributes of an element of the sheet's set-up, None where it is missing."""
        pattern = rb"<(?:\w+:)?" + name.encode() + rb"(\s[^<>]*|/?)>"
        found = re.search(pattern, self.head) or re.search(pattern, self.tail)
        return attributes(found[1]) if found else None


@dataclass(frozen=True)
class BookView:
    """A workbook with all that the rules ask for, each read once."""

    package: Package

    @cached_property
    def sheets(self) -> tuple[SheetView, ...]:
        """Return the worksheets from left to right."""
        entries = [entry for entry in self.package.sheets if entry.kind == "worksheet"]
        return tuple(
            SheetView(entry, self.package.cells(entry.name), _commented(self.package, entry.part)) for entry in entries
        )

    @cached_property
    def sheet_names(self) -> frozenset[str]:
        """Return the names of all sheets in lower case."""
        return frozenset(one.name.casefold() for one in self.package.sheets)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables of all sheets."""
        return tables(self.package)

    @cached_property
    def places_by_sheet(self) -> Mapping[str, Mapping[str, Reference]]:
        """Return the cells of the names by sheet and name in lower case."""
        found: dict[str, dict[str, Reference]] = {}
        for name, place in self.places.items():
            found.setdefault(place.sheet, {})[name] = place
        return found

    @cached_property
    def names(self) -> Mapping[str, DefinedName]:
        """Return the names of the whole workbook by their name in lower case, without the program's own."""
        return {one.name.casefold(): one for one in self.package.names if one.sheet is None and not one.built_in}

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Return the names that a formula may use, of the workbook, of sheets and of tables, in lower case."""
        found = [one.name for one in self.package.names] + [one.name for one in self.tables]
        return frozenset(name.casefold() for name in found)

    @cached_property
    def places(self) -> Mapping[str, Reference]:
        """Return the cells of the names that have some on an existing worksheet, by name in lower case."""
        placed = {key: self._placed(one) for key, one in self.names.items()}
        return {key: place for key, place in placed.items() if place}

    @cached_property
    def _of_sheets(self) -> Mapping[tuple[str, str], Reference | None]:
        """Return the cells of the names that belong to one sheet, by sheet and name in lower case."""
        names = [one for one in self.package.names if one.sheet is not None and not one.built_in]
        return {(str(one.sheet).casefold(), one.name.casefold()): self._placed(one) for one in names}

    @cached_property
    def _spelled(self) -> Mapping[str, str]:
        return {sheet.name.casefold(): sheet.name for sheet in self.sheets}

    def _placed(self, name: DefinedName) -> Reference | None:
        place = name.reference
        sheet = self._spelled.get(place.sheet.casefold()) if place else None
        return Reference(sheet, *_corners(place)) if place and sheet else None

    def place(self, use: NameUse, sheet: str) -> Reference | None:
        """Return the cells of a name in a formula on a sheet; a name of that sheet goes before one of the workbook."""
        key = use.name.casefold()
        own = ((use.sheet or sheet).casefold(), key)
        return self._of_sheets[own] if own in self._of_sheets else self.places.get(key)

    def areas_of(self, area: Area, sheet: str) -> list[Reference]:
        """Return the cells that a reference in a formula on a sheet takes, on each of the sheets that it spans."""
        first, several, last = (area.sheet or sheet).partition(":")
        start = self._spelled.get(first.casefold())
        if not several:
            return [Reference(start, *area.corners)] if start else []
        end = self._spelled.get(last.casefold())
        if start is None or end is None:
            return []
        names = [one.name for one in self.sheets]
        places = sorted((names.index(start), names.index(end)))
        return [Reference(one, *area.corners) for one in names[places[0] : places[1] + 1]]

    @cached_property
    def is_dhxl(self) -> bool:
        """Return whether the workbook publishes names of dhxl, so that its contract applies."""
        return "engine_live" in self.names or "checkstotal" in self.names

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        """Return what each cell format says, by its number."""
        part = self.package.main_relation("styles")
        if part is None:
            return ()
        root = parsed_xml(self.package.part(part), f"{self.package.path}: {part}")
        groups = {local_name(element): list(element) for element in root}
        named = groups.get("cellStyles", ())
        inputs = {one.get("xfId", "") for one in named if _is_input(one.get("builtinId"), one.get("name", ""))}
        own = {one.get("xfId", "") for one in named if one.get("builtinId") is None}
        dhxl = {one.get("xfId", "") for one in named if one.get("name", "").casefold().startswith("dhxl ")}
        formats = {one.get("numFmtId"): one.get("formatCode", "") for one in groups.get("numFmts", ())}
        found = []
        for entry in groups.get("cellXfs", ()):
            protection = next((one for one in entry if local_name(one) == "protection"), None)
            locked = protection is None or protection.get("locked", "1") in ("1", "true")
            base, number = entry.get("xfId", "0"), entry.get("numFmtId", "0")
            code = formats.get(number, "")
            percent = number in _PERCENT or "%" in code
            worded = bool(_WORDS.search(code))
            found.append(Style(base in inputs, base in own, locked, percent, worded, base in dhxl))
        return tuple(found)

    def style(self, number: int) -> Style:
        """Return what a cell format says."""
        return self.styles[number] if number < len(self.styles) else Style(False, False, True, False, False)

    @cached_property
    def _formulas(self) -> dict[str, Formula]:
        return {}

    def formula(self, text: str) -> Formula:
        """Return a formula taken apart."""
        if text not in self._formulas:
            self._formulas[text] = taken_apart(text)
        return self._formulas[text]

    def formulas(self, sheet: SheetView) -> Iterator[tuple[int, int, str, Formula]]:
        """Yield row, column and text of a sheet's formulas, and the formula as it would read in A1 taken apart."""
        for (row, col), form in sheet.forms.items():
            text = sheet.cells.cells[row, col].formula
            yield row, col, text or "", self.formula(form)

    @cached_property
    def inputs(self) -> Mapping[str, frozenset[tuple[int, int]]]:
        """Return the constants and blanks in the input style, by sheet."""
        return {
            sheet.name: frozenset(
                place
                for place, cell in sheet.cells.cells.items()
                if cell.formula is None and place not in sheet.cells.children and self.style(cell.style).is_input
            )
            for sheet in self.sheets
        }


def _commented(package: Package, part: str) -> frozenset[tuple[int, int]]:
    parts = [one.part for one in package.relations(part) if one.kind in _COMMENTS and package.has_part(one.part)]
    return frozenset(cell_position(plain(ref)) for one in parts for ref in _COMMENT.findall(package.part(one)))


def _is_input(built_in: str | None, name: str) -> bool:
    return built_in == _EXCELS_INPUT or "input" in name.casefold().split()


def _corners(place: Reference) -> tuple[int, int, int, int]:
    return place.first_row, place.first_col, place.last_row, place.last_col
