"""Rules of input cells: W201 to W209 and W211."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dhxl.units import SUFFIXES, suffix_of, unit_fits
from dhxl.workbook.lint.formula_rules import NUMBERS
from dhxl.workbook.lint.reading import cells_read, column_runs, is_within
from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView, SheetView
from dhxl.workbook.names import range_position
from dhxl.workbook.validations import validations
from dhxl.workbook.values import CellValue
from dhxl.workbook.xmltext import plain

__all__ = ["input_spots"]

_NUMBER: Final = re.compile(r"[-+]?(?:\d{1,3}(?:[ ,.']\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?(?:\s*%)?")
_UNIT_IN_LABEL: Final = re.compile(r"[\[(][^\])]{1,20}[\])]\s*$|,\s*\S{1,15}$")
_LIMITED: Final = ("decimal", "whole", "list", "date", "time", "custom")
_NEWER: Final = re.compile(rb"<x14:dataValidation\s[^<>]*(?<!/)>.*?</x14:dataValidation>", re.DOTALL)
_NEWER_AREAS: Final = re.compile(rb"<xm:sqref>([^<]*)</xm:sqref>")
_UNITS: Final = frozenset(unit for units in SUFFIXES.values() for unit in units)

_Place = tuple[int, int]


def input_spots(book: BookView) -> Iterator[Spot]:
    """Yield what is wrong with the inputs of a workbook."""
    read = cells_read(book)
    for sheet in book.sheets:
        named = book.places_by_sheet.get(sheet.name, {})
        name_of = {(one.first_row, one.first_col): book.names[key].name for key, one in named.items() if one.is_cell}
        inputs = book.inputs[sheet.name]
        page = _Page(book, sheet)
        yield from _style_spots(book, sheet, read.get(sheet.name, frozenset()))
        for place in sorted(inputs):
            value, name = sheet.cells.value(*place), name_of.get(place, "")
            if book.style(sheet.cells.cells[place].style).locked:
                yield Spot("W203", sheet.name, *place, "is an input, but locked")
            if type(value) is float and place not in page.validated:
                yield Spot("W204", sheet.name, *place, "is an input without limits or a list of what is allowed")
            if value is not None and not page.label(place):
                yield Spot("W205", sheet.name, *place, "is an input without a label to its left or above it")
            if name and type(value) is float and place not in page.chosen:
                yield from page.description_spots(place, name)
        if book.is_dhxl:
            at_hand = read.get(sheet.name, frozenset())
            yield from _unnamed(
                book, sheet, (one for one in inputs if type(sheet.cells.value(*one)) is float or one in at_hand)
            )


def _style_spots(book: BookView, sheet: SheetView, read: frozenset[_Place]) -> Iterator[Spot]:
    inputs = book.inputs[sheet.name]
    for place, cell in sheet.cells.cells.items():
        style = book.style(cell.style)
        if cell.formula is not None or place in sheet.cells.children:
            if style.is_input:
                yield Spot("W201", sheet.name, *place, "holds a formula in the input style")
        elif isinstance(cell.value, str):
            if (place in read or place in inputs) and _is_number(cell.value):
                yield Spot("W209", sheet.name, *place, f"holds the number {cell.value.strip()} as text")
        elif place in read and not style.is_own and not style.is_input and not _is_count(sheet, place, cell.value):
            yield Spot("W202", sheet.name, *place, "holds a number that formulas read, but is not marked as an input")


def _is_number(text: str) -> bool:
    return any(mark.isdigit() for mark in text) and bool(_NUMBER.fullmatch(text.strip()))


def _is_count(sheet: SheetView, place: _Place, value: CellValue) -> bool:
    """Return whether a cell holds no number, one that a formula may hold as well, or counts on from its neighbour."""
    if type(value) is not float or abs(value) in NUMBERS:
        return True
    neighbours = ((place[0] - 1, place[1]), (place[0], place[1] - 1))
    return any(sheet.cells.value(*one) == value - 1 for one in neighbours)


def _unnamed(book: BookView, sheet: SheetView, inputs: Iterable[_Place]) -> Iterator[Spot]:
    named = book.places_by_sheet.get(sheet.name, {}).values()
    areas = {(one.first_row, one.first_col, one.last_row, one.last_col) for one in named}
    for table in book.tables:
        if table.sheet == sheet.name:
            areas.add((table.first_row, table.first_col, table.last_row, table.first_col + len(table.columns) - 1))
    places = sorted(inputs)
    covered = column_runs(areas, {col for _, col in places})
    for row, col in places:
        if not is_within(covered.get(col, []), row):
            yield Spot("W211", sheet.name, row, col, "is an input that no name covers")


@dataclass(frozen=True)
class _Page:
    """A sheet with what stands around its inputs."""

    book: BookView
    sheet: SheetView

    @cached_property
    def validated(self) -> frozenset[_Place]:
        """Return the cells that have limits or a list."""
        found = {place for rule in validations(self.sheet.cells) if rule.kind in _LIMITED and rule.first
                 for place in rule.positions(self.sheet.cells)}  # fmt: skip
        for entry in _NEWER.findall(self.sheet.tail):
            for areas in _NEWER_AREAS.findall(entry):
                for first_row, first_col, last_row, last_col in map(range_position, plain(areas).split()):
                    found.update(
                        (row, col)
                        for row, col in self.book.inputs[self.sheet.name]
                        if first_row <= row <= last_row and first_col <= col <= last_col
                    )
        return frozenset(found)

    @cached_property
    def chosen(self) -> frozenset[_Place]:
        """Return the cells whose value is one of a list: a switch needs neither unit nor source."""
        rules = (rule for rule in validations(self.sheet.cells) if rule.kind == "list")
        return frozenset(place for rule in rules for place in rule.positions(self.sheet.cells))

    @cached_property
    def _texts(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for (row, col), cell in self.sheet.cells.cells.items():
            if isinstance(cell.value, str) and cell.value.strip():
                found.setdefault(row, []).append(col)
        return found

    @cached_property
    def _headed(self) -> dict[_Place, bool]:
        return {}

    def text(self, row: int, col: int) -> str:
        """Return the text that a cell shows, nothing for numbers."""
        value = self.sheet.cells.value(row, col)
        return value.strip() if isinstance(value, str) else ""

    def label(self, place: _Place) -> bool:
        """Return whether there is a text to the left of a cell, or above the cells over it."""
        row, col = place
        return any(at < col for at in self._texts.get(row, ())) or self._is_headed(place) or self._is_counted(place)

    def _is_counted(self, place: _Place) -> bool:
        left = self.sheet.cells.cells.get((place[0], place[1] - 1))
        return left is not None and left.value is not None and self.book.style(left.style).worded

    def _is_headed(self, place: _Place) -> bool:
        """Return whether the cells above, as far as they are filled, end at a text."""
        row, col = place
        passed = []
        while (row, col) not in self._headed:
            passed.append((row, col))
            cell = self.sheet.cells.cells.get((row - 1, col))
            is_input = cell is not None and self.book.style(cell.style).is_input
            if cell is None or (cell.value is None and not is_input) or (self.text(row - 1, col) and not is_input):
                self._headed[row, col] = bool(cell and cell.value is not None)
            else:
                row -= 1
        for one in passed:
            self._headed[one] = self._headed[row, col]
        return self._headed[row, col]

    def description_spots(self, place: _Place, name: str) -> Iterator[Spot]:
        """Yield what lacks beside an input that has a name of its own."""
        row, col = place
        label = next((self.text(row, at) for at in sorted(self._texts.get(row, ()), reverse=True) if at < col), "")
        unit = self.text(row, col + 1)
        bare = self.book.is_dhxl and suffix_of(name) is None
        share = self.book.style(self.sheet.cells.cells[place].style).percent
        if not (unit or bare or share or _UNIT_IN_LABEL.search(label)):
            yield Spot("W206", self.sheet.name, *place, f"({name}) is an input without a unit")
        if unit in _UNITS and self.book.is_dhxl and not unit_fits(name, unit):
            yield Spot("W208", self.sheet.name, *place, f"is named {name}, but its unit reads {unit}")
        if not any(at > col + 1 for at in self._texts.get(row, ())) and place not in self.sheet.commented:
            yield Spot("W207", self.sheet.name, *place, f"({name}) is an input without a source")
