"""What calculating a workbook as it stands comes to, so that the same file need not be calculated again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dhxl.functions.cells import Cell, CellError
from dhxl.functions.dispatch_tables import rests_on_time
from dhxl.hosts.headless.engine import Engine, Message
from dhxl.hosts.headless.engine_copy import EngineCopy
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["Outcome", "Standing", "outcome_of"]

_BY_PLACE: Final = re.compile(r"\b(?:CELL|INFO)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calculation gave.

    ``values`` are those that are not exactly what the file holds, by sheet, row and column; ``calls`` the cells of the
    formulas that call worksheet functions.
    """

    values: Mapping[str, Mapping[tuple[int, int], Cell]]
    calls: tuple[Reference, ...]


def outcome_of(package: Package, copy: EngineCopy, engine: Engine) -> Outcome | None:
    """Return the outcome of a calculation without changes; None where another one of the same file may differ.

    That is so where it rests on the clock, on the place of the file, or on how much was found within a time limit;
    and where something is in error, of which more would be to tell.
    """
    if copy.plans or engine.messages or rests_on_time() or _tells_place(package):
        return None
    values: dict[str, dict[tuple[int, int], Cell]] = {}
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            known = Standing(package, Outcome({}, ())).values_at(sheet.name, places := _filled(package, sheet.name))
            pairs = zip(places, known, engine.values_at(sheet.name, places), strict=True)
            values[sheet.name] = {at: value for at, stored, value in pairs if not _same(stored, value)}
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
        return self.values_at(sheet, [(row, col)])[0]

    def values(self, sheet: str, first_row: int, first_col: int, last_row: int, last_col: int) -> list[list[Cell]]:
        """Return the values of a rectangle of cells."""
        area = Reference(sheet, first_row, first_col, last_row, last_col)
        flat = self.values_at(sheet, area.cells())
        return [flat[at : at + area.columns] for at in range(0, len(flat), area.columns)]

    def values_at(self, sheet: str, places: Iterable[tuple[int, int]]) -> list[Cell]:
        """Return the values of some cells of a sheet."""
        cells, new = self.package.cells(sheet).cells, self.outcome.values.get(self.package.sheet(sheet).name, {})
        asked = list(places)
        stored = [found.value if (found := cells.get(at)) else None for at in asked]
        if new:
            return [new[at] if at in new else cell_of(value) for at, value in zip(asked, stored, strict=True)]
        return list(map(cell_of, stored))


def cell_of(value: CellValue) -> Cell:
    """Return a stored value as a calculated one."""
    return CellError(value.code) if isinstance(value, ErrorValue) else value


def _same(stored: Cell, value: Cell) -> bool:
    """Return whether two values are the same to the last bit."""
    return type(stored) is type(value) and stored == value and (value != 0 or repr(stored) == repr(value))


def _filled(package: Package, sheet: str) -> list[tuple[int, int]]:
    """Return the cells of a sheet that may hold a value."""
    cells = package.cells(sheet)
    of_arrays = (at for area in cells.arrays.values() for at in Reference(sheet, *area).cells())
    return [*cells.cells, *(at for at in of_arrays if at not in cells.cells)]


def _tells_place(package: Package) -> bool:
    """Return whether a formula may tell where the file lies."""
    texts = [one.text for one in package.names]
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            texts += [cell.formula for cell in package.cells(sheet.name).cells.values() if cell.formula]
    return bool(_BY_PLACE.search("\n".join(texts)))
