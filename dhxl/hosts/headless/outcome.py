"""What calculating a workbook as it stands comes to, so that the same file need not be calculated again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dhxl.functions.cells import Cell, CellError
from dhxl.functions.dispatch_tables import rests_on_time
from dhxl.hosts.headless.engine import Engine, Message
from dhxl.hosts.headless.engine_copy import EngineCopy
from dhxl.hosts.headless.reading import Place
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["Outcome", "Standing", "outcome_of"]

_BY_PLACE: Final = re.compile(r"\b(?:CELL|INFO)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calculation gave: the cells whose values are not exactly what the file holds, and those with calls."""

    values: Mapping[Place, Cell]
    calls: tuple[Reference, ...]


def outcome_of(package: Package, copy: EngineCopy, engine: Engine) -> Outcome | None:
    """Return the outcome of a calculation without changes; None where another one of the same file may differ.

    That is so where it rests on the clock, on the place of the file, or on how much was found within a time limit;
    and where something is in error, of which more would be to tell.
    """
    if copy.plans or engine.messages or rests_on_time() or _tells_place(package):
        return None
    values: dict[Place, Cell] = {}
    for sheet, at in _filled(package):
        stored, value = cell_of(package.cells(sheet).value(*at)), engine.value(sheet, *at)
        if type(value) is not type(stored) or repr(value) != repr(stored):
            values[sheet, *at] = value
    return Outcome(values, tuple(copy.calls.values()))


@dataclass(frozen=True, slots=True)
class Standing:
    """The values of a workbook whose outcome is known, as the engine would give them."""

    package: Package
    outcome: Outcome

    @property
    def calls(self) -> Mapping[str, Reference]:
        """The cells of the formulas that call worksheet functions, by the address of the first."""
        return {
            replace(place, last_row=place.first_row, last_col=place.first_col).address: place
            for place in self.outcome.calls
        }

    @property
    def messages(self) -> Mapping[str, Message]:
        """The sentences of cells in error: none."""
        return {}

    def value(self, sheet: str, row: int, col: int) -> Cell:
        """Return the value of a cell."""
        new = self.outcome.values
        if new and (place := (self.package.sheet(sheet).name, row, col)) in new:
            return new[place]
        return cell_of(self.package.cells(sheet).value(row, col))

    def values(self, sheet: str, first_row: int, first_col: int, last_row: int, last_col: int) -> list[list[Cell]]:
        """Return the values of a rectangle of cells."""
        columns = range(first_col, last_col + 1)
        return [[self.value(sheet, row, col) for col in columns] for row in range(first_row, last_row + 1)]


def cell_of(value: CellValue) -> Cell:
    """Return a stored value as a calculated one."""
    return CellError(value.code) if isinstance(value, ErrorValue) else value


def _filled(package: Package) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the cells that may hold a value."""
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            cells = package.cells(sheet.name)
            of_arrays = (at for area in cells.arrays.values() for at in Reference(sheet.name, *area).cells())
            yield from ((sheet.name, at) for at in cells.cells)
            yield from ((sheet.name, at) for at in of_arrays if at not in cells.cells)


def _tells_place(package: Package) -> bool:
    """Return whether a formula may tell where the file lies."""
    texts = [one.text for one in package.names]
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            texts += [cell.formula for cell in package.cells(sheet.name).cells.values() if cell.formula]
    return bool(_BY_PLACE.search("\n".join(texts)))
