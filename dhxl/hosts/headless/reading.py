"""Which cells each formula of a workbook reads, as far as its text tells, and what rests on what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = ["Index", "Place", "Reading"]

Place = tuple[str, int, int]  # sheet as the workbook spells it, row, column
_WIDEST: Final = 64  # columns of a range that is looked up by column


class Index:
    """Cells by sheet and column, to find whether a range holds one."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._columns: dict[str, dict[int, list[int]]] = {}
        for sheet, row, col in sorted(places):
            self._columns.setdefault(sheet.casefold(), {}).setdefault(col, []).append(row)

    def any_in(self, area: Reference) -> bool:
        """Return whether one of the cells lies in a range."""
        columns = self._columns.get(area.sheet.casefold())
        if not columns:
            return False
        wanted: Iterable[int] = columns
        if area.columns < len(columns):
            wanted = range(area.first_col, area.last_col + 1)
        for col in wanted:
            if area.first_col <= col <= area.last_col and (rows := columns.get(col)):
                at = bisect_left(rows, area.first_row)
                if at < len(rows) and rows[at] <= area.last_row:
                    return True
        return False

    def within(self, area: Reference) -> Iterator[Place]:
        """Yield those of the cells that lie in a range, the sheet in small letters."""
        sheet = area.sheet.casefold()
        for col, rows in self._columns.get(sheet, {}).items():
            if area.first_col <= col <= area.last_col:
                for row in rows[bisect_left(rows, area.first_row) : bisect_right(rows, area.last_row)]:
                    yield sheet, row, col


@dataclass(slots=True)
class Reading:
    """What the formulas of a workbook read.

    Parameters
    ----------
    package : Package
        The workbook.
    read : callable
        Returns the cells and ranges that a formula reads, None where it may read any, by its first cell.
    """

    package: Package
    read: Callable[[Place], tuple[Reference, ...] | None]
    _known: dict[Place, tuple[Reference, ...] | None] = field(default_factory=dict)

    def of(self, place: Place) -> tuple[Reference, ...] | None:
        """Return the cells and ranges that a formula reads; None where it calculates which."""
        if place not in self._known:
            self._known[place] = self.read(place)
        return self._known[place]

    def reads_any(self, place: Place, others: Index) -> bool:
        """Return whether a formula reads one of some cells, or may do."""
        areas = self.of(place)
        return areas is None or any(map(others.any_in, areas))

    def resting_on(self, cells: Collection[Place]) -> set[Place]:
        """Return the formulas whose values rest on some cells, directly or through others, by their first cells."""
        if not cells:
            return set()
        readers = _Readers((place, self.of(place)) for place in self.formulas())
        found: set[Place] = set(readers.any)
        waiting = [(sheet.casefold(), row, col) for sheet, row, col in cells]
        for place in readers.any:
            waiting += self._cells(place)
        seen = set(waiting)
        while waiting:
            for place in readers.of(waiting.pop()):
                if place not in found:
                    found.add(place)
                    new = [cell for cell in self._cells(place) if cell not in seen]
                    seen.update(new)
                    waiting += new
        return found

    def formulas(self) -> Iterator[Place]:
        """Yield the first cells of all formulas."""
        for sheet in self.package.sheets:
            if sheet.kind == "worksheet":
                for at, cell in self.package.cells(sheet.name).cells.items():
                    if cell.formula is not None:
                        yield (sheet.name, *at)

    def area(self, place: Place) -> Reference:
        """Return the cells that a formula fills."""
        sheet, row, col = place
        cell = self.package.cells(sheet).cells.get((row, col))
        return Reference(sheet, *((cell and cell.array_ref) or (row, col, row, col)))

    def _cells(self, place: Place) -> list[Place]:
        sheet = place[0].casefold()
        return [(sheet, *at) for at in self.area(place).cells()]


class _Readers:
    """The formulas that read a cell, each range of several met once."""

    def __init__(self, reads: Iterable[tuple[Place, tuple[Reference, ...] | None]]) -> None:
        self.any: list[Place] = []
        self._of_cell: dict[Place, list[Place]] = {}
        areas: dict[Reference, list[Place]] = {}
        for place, read in reads:
            if read is None:
                self.any.append(place)
                continue
            for area in read:
                if area.is_cell:
                    self._of_cell.setdefault((area.sheet.casefold(), area.first_row, area.first_col), []).append(place)
                else:
                    areas.setdefault(area, []).append(place)
        self._by_column: dict[tuple[str, int], dict[Reference, list[Place]]] = {}
        self._wide: dict[Reference, list[Place]] = {}
        for area, places in areas.items():
            if area.columns > _WIDEST:
                self._wide[area] = places
                continue
            for col in range(area.first_col, area.last_col + 1):
                self._by_column.setdefault((area.sheet.casefold(), col), {})[area] = places

    def of(self, cell: Place) -> Iterator[Place]:
        """Yield the formulas that read a cell, but for those of ranges that were met before."""
        sheet, row, col = cell
        yield from self._of_cell.get(cell, ())
        for areas in (self._by_column.get((sheet, col)), self._wide):
            if areas:
                for area in _holding(areas, sheet, row, col):
                    yield from areas.pop(area)


def _holding(areas: Mapping[Reference, list[Place]], sheet: str, row: int, col: int) -> list[Reference]:
    return [
        area
        for area in areas
        if area.first_row <= row <= area.last_row
        and area.first_col <= col <= area.last_col
        and area.sheet.casefold() == sheet
    ]
