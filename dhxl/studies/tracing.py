"""Which error values of a calculated workbook arise in their own cell, and which only pass on another's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from dhxl.workbook.values import CellValue

__all__ = ["Place", "Trace", "traced"]

LARGEST_RANGE = 100_000  # cells of a range that is searched for constants

Place = tuple[str, int, int]
_Index = dict[str, dict[int, list[int]]]  # of each sheet and column, the rows in order


@dataclass(frozen=True, slots=True)
class Trace:
    """The cells in error, in the order of sheets, rows and columns, and what their formulas refer to."""

    model: Model
    errors: Mapping[Place, CellError]
    _index: _Index
    _sources: dict[Place, list[Reference]] = field(default_factory=dict)
    _constants: dict[Reference, list[tuple[str, CellValue]]] = field(default_factory=dict)

    def anchor(self, place: Place) -> Place:
        """Return the cell whose formula gives a cell's value: itself, or the first cell of its array formula."""
        sheet, row, col = place
        for anchor, (first_row, first_col, last_row, last_col) in self.model.package.cells(sheet).arrays.items():
            if first_row <= row <= last_row and first_col <= col <= last_col:
                return sheet, *anchor
        return place

    def formula(self, place: Place) -> str:
        """Return the formula that gives a cell's value, empty where there is none."""
        sheet, row, col = self.anchor(place)
        cell = self.model.package.cells(sheet).cells.get((row, col))
        return (cell.formula if cell else None) or ""

    def sources(self, place: Place) -> list[Reference]:
        """Return the cells and ranges that the formula behind a cell refers to."""
        anchor = self.anchor(place)
        if anchor not in self._sources:
            self._sources[anchor] = self.model.precedents(*anchor) if self.formula(anchor) else []
        return self._sources[anchor]

    def constants(self, place: Place) -> Iterator[tuple[str, CellValue]]:
        """Yield address and value of the constants that the formula behind a cell refers to, but for huge ranges."""
        for source in self.sources(place):
            if source.rows * source.columns <= LARGEST_RANGE:
                if source not in self._constants:
                    self._constants[source] = self._constants_in(source)
                yield from self._constants[source]

    def _constants_in(self, area: Reference) -> list[tuple[str, CellValue]]:
        cells, formulas = self.model.package.cells(area.sheet), self.model.formulas(area.sheet)
        return [
            (Reference(area.sheet, *at, *at).address, cells.value(*at)) for at in area.cells() if at not in formulas
        ]

    def arising(self) -> list[Place]:
        """Return the cells in error whose error comes from no other cell."""
        return [place for place in self.errors if not self._passes_on(place)]

    def behind(self, names: Iterable[str | Reference]) -> set[Place]:
        """Return the cells in error that the named cells, or cells by their place, rest on."""
        places = (self.model.reference(one) if isinstance(one, str) else one for one in names)
        waiting = [(place.sheet, place.first_row, place.first_col) for place in places]
        found = {place for place in waiting if place in self.errors}
        left = _indexed(self.errors)
        followed = set()
        while waiting:
            anchor = self.anchor(waiting.pop())
            if anchor not in followed:
                followed.add(anchor)
                new = [place for source in self.sources(anchor) for place in _taken(left, source)]
                waiting += new
                found.update(new)
        return found

    def _passes_on(self, place: Place) -> bool:
        anchor = self.anchor(place)
        if anchor != place and anchor in self.errors:
            return True
        return any(other != anchor for source in self.sources(anchor) for other in _within(self._index, source))


def traced(model: Model, errors: Mapping[Place, CellError]) -> Trace:
    """Return the trace of a calculated workbook's cells in error."""
    return Trace(model, errors, _indexed(errors))


def _indexed(places: Iterable[Place]) -> _Index:
    index: _Index = {}
    for sheet, row, col in sorted(places):
        index.setdefault(sheet, {}).setdefault(col, []).append(row)
    return index


def _columns(index: _Index, area: Reference) -> Iterator[tuple[int, list[int], slice]]:
    """Yield the columns of an area that hold places, with all their rows and which of them lie in the area."""
    for col, rows in index.get(area.sheet, {}).items():
        if area.first_col <= col <= area.last_col:
            yield col, rows, slice(bisect_left(rows, area.first_row), bisect_right(rows, area.last_row))


def _within(index: _Index, area: Reference) -> Iterator[Place]:
    return ((area.sheet, row, col) for col, rows, inside in _columns(index, area) for row in rows[inside])


def _taken(index: _Index, area: Reference) -> list[Place]:
    """Return the places in an area and take them out of the index, so that each is met once."""
    found = list(_within(index, area))
    for _, rows, inside in _columns(index, area):
        del rows[inside]
    return found
