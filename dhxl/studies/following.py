"""Which inputs a calculated cell of a workbook follows."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from dhxl.studies.names import is_plumbing
from dhxl.workbook.cells import SheetCells
from dhxl.workbook.lint.parts import taken_apart
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = ["followed_inputs"]

MOST_FORMULAS: Final = 2000  # that are followed; the nearest inputs come first anyway
_MOST_OF_RANGE: Final = 100  # formulas of one range, whose rows are mostly alike
_CONDITION: Final = re.compile(r"engine_live|stale", re.IGNORECASE)

_Place = tuple[str, int, int]


def followed_inputs(package: Package, place: Reference, most: int = 6) -> list[str]:
    """Return the names of the inputs that a cell's formula rests on, the nearest first.

    Parameters
    ----------
    package : Package
        The workbook.
    place : Reference
        The cell.
    most : int
        How many names suffice.
    """
    book = _Names(package)
    found: dict[str, None] = {}
    waiting: deque[_Place] = deque([(package.sheet(place.sheet).name, place.first_row, place.first_col)])
    seen = set(waiting)
    while waiting and len(found) < most and len(seen) < MOST_FORMULAS:
        for area, name in _sources(book, waiting.popleft()):
            if name:
                found.setdefault(name)
            new = [cell for cell in book.formulas_in(area) if cell not in seen]
            seen.update(new)
            waiting.extend(new)
    return list(found)[:most]


def _sources(book: _Names, at: _Place) -> Iterator[tuple[Reference, str]]:
    """Yield what the formula of a cell refers to, with the name of the input that stands there."""
    sheet, row, col = at
    cells = book.package.cells(sheet)
    anchor = cells.children.get((row, col), (row, col))
    cell = cells.cells.get(anchor)
    formula = taken_apart((cell.formula if cell else None) or "")
    for name in dict.fromkeys(use.name for use in formula.names):
        known = book.ranges.get(name.casefold())
        if known and not is_plumbing(name) and not _CONDITION.fullmatch(name):
            yield known[1], known[0] if book.has_constants(known[1]) else ""
    for area in formula.areas:
        if area.whole or (area.sheet and area.sheet.casefold() not in book.sheets):
            continue
        place = Reference(book.sheets.get(area.sheet.casefold(), sheet), *area.corners)
        yield place, book.name_over(place) if book.has_constants(place) else ""


@dataclass(frozen=True)
class _Names:
    """The names of a workbook and what stands in their cells."""

    package: Package

    @cached_property
    def _constant(self) -> dict[Reference, bool]:
        return {}

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Return the worksheets' names by their spelling in lower case."""
        return {one.name.casefold(): one.name for one in self.package.sheets if one.kind == "worksheet"}

    @cached_property
    def ranges(self) -> dict[str, tuple[str, Reference]]:
        """Return spelling and cells of the workbook's names, by name in lower case."""
        found = {}
        for one in self.package.names:
            place = one.reference
            if one.sheet is None and not one.built_in and place and place.sheet.casefold() in self.sheets:
                corners = (place.first_row, place.first_col, place.last_row, place.last_col)
                found[one.name.casefold()] = (one.name, Reference(self.sheets[place.sheet.casefold()], *corners))
        return found

    def name_over(self, area: Reference) -> str:
        """Return the name of the smallest range that covers an area, empty where there is none."""
        covering = [
            (place.rows * place.columns, name)
            for name, place in self.ranges.values()
            if place.sheet == area.sheet and _covers(place, area) and not is_plumbing(name)
        ]
        return min(covering)[1] if covering else ""

    def has_constants(self, area: Reference) -> bool:
        """Return whether a value that no formula gives stands in a cell, a number in a range."""
        if area not in self._constant:
            cells = self.package.cells(area.sheet)
            places = area.cells() if area.rows * area.columns <= len(cells.cells) else iter(cells.cells)
            self._constant[area] = any(
                (isinstance(value, float) or (area.is_cell and value is not None)) and not _is_formula(cells, at)
                for at in places
                if _holds(area, *at) and ((value := cells.value(*at)) is not None)
            )
        return self._constant[area]

    def formulas_in(self, area: Reference) -> list[_Place]:
        """Return the first cells of an area that hold formulas."""
        cells = self.package.cells(area.sheet)
        if area.is_cell:
            at = (area.first_row, area.first_col)
            return [(area.sheet, *at)] if _is_formula(cells, at) else []
        places = area.cells() if area.rows * area.columns <= len(cells.cells) else iter(cells.cells)
        found = ((area.sheet, *at) for at in places if _holds(area, *at) and _is_formula(cells, at))
        return list(islice(found, _MOST_OF_RANGE))


def _is_formula(cells: SheetCells, at: tuple[int, int]) -> bool:
    cell = cells.cells.get(at)
    return at in cells.children or (cell is not None and cell.formula is not None)


def _holds(area: Reference, row: int, col: int) -> bool:
    return area.first_row <= row <= area.last_row and area.first_col <= col <= area.last_col


def _covers(place: Reference, area: Reference) -> bool:
    return _holds(place, area.first_row, area.first_col) and _holds(place, area.last_row, area.last_col)
