"""A workbook that calculates without a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.engine import Engine, Message
from dhxl.hosts.headless.engine_copy import EngineCopy, engine_copy, reading_of
from dhxl.hosts.headless.outcome import Standing, cell_of, outcome_of
from dhxl.hosts.headless.proof import Proof, Unproven, has_results, proven, same_result, stored_result, unproven_as_kept
from dhxl.hosts.headless.reading import Index, Place, Reading
from dhxl.hosts.headless.remembered import remember, remembered
from dhxl.hosts.headless.verdict import Verdict, verdict
from dhxl.workbook import patch
from dhxl.workbook.names import Reference, SheetEntry, reference_of
from dhxl.workbook.package import MOST_CELLS, Package
from dhxl.workbook.values import CellValue, same_value

__all__ = ["Constant", "Model"]

Constant = float | str | bool | None


class Model:
    """An open workbook: named inputs go in, formulas are calculated, named outputs come out.

    Made by :meth:`open`; a context manager. Nothing is written before :meth:`save`.

    The first calculation proves the workbook as it stands: what the engine does not reproduce is held at its stored
    value, see :mod:`dhxl.hosts.headless.proof`. A file that was calculated before on this machine is not calculated
    again until something is put into it, see :mod:`dhxl.hosts.headless.outcome`.

    Parameters
    ----------
    package : Package
        The workbook.
    registered : bool
        False offers no worksheet function to the formulas, as on a machine without dhxl; nothing is proven then.
    proof : Proof, optional
        The proof of this workbook, or of one with the same formulas and other inputs.
    changed : collection of sheet, row, column
        The inputs that are others than at the proof.
    stale : bool
        Whether no stored result counts, as inputs were changed since by a program that does not calculate.
    """

    def __init__(
        self,
        package: Package,
        *,
        registered: bool = True,
        proof: Proof | None = None,
        changed: Collection[Place] = (),
        stale: bool = False,
    ) -> None:
        outcome = None
        untouched = registered and not stale and proof is None and not changed
        if proof is None and registered and not stale:
            proof, outcome = remembered(package)
        self._proving = proof is None and registered and not stale and has_results(package)
        self._stale = stale
        self.package = package
        self.proof = proof or Proof()
        self._registered = registered
        self._functions = REGISTRY if registered else {}
        self._given = frozenset(changed)
        self._released: set[Place] = set()
        self._verdict: Verdict | None = None
        self._constants: dict[str, dict[tuple[int, int], Constant]] = {}
        self._formulas: dict[str, frozenset[tuple[int, int]]] = {}
        self._reading: Reading | None = None
        self._standing = Standing(package, outcome) if outcome and untouched else None
        self._calculated_before = False
        self._untouched = untouched and not self._standing  # loaded here and not calculated yet
        self._loaded = None if self._standing else self._load(self.proof.held)
        if proof is None and registered and not self._proving:
            self.proof = Proof(unproven_as_kept(package, self._copy))

    def _load(self, hold: Collection[Place]) -> tuple[EngineCopy, Engine]:
        """Return what the engine loads, with some formulas at their stored results, and the engine."""
        copy = engine_copy(self.package, self._functions, hold_calls=self._proving, hold=hold, stale=self._stale)
        date1904 = self.package.date1904
        engine = Engine(
            copy.content, functions=self._functions, date1904=date1904, codes=copy.codes, shared=copy.shared
        )
        for key, place in enumerate(copy.arrays):
            if (place.sheet, place.first_row, place.first_col) not in copy.held:
                engine.fill_array(place, key)
        return copy, engine

    def _whole(self) -> tuple[EngineCopy, Engine]:
        """Return what the engine loaded, and the engine; what was calculated by memory is calculated first."""
        if self._loaded is None:
            self._loaded = self._load(self.proof.held)
            self._standing = None
            if self._calculated_before:
                self._engine.calculate()
        return self._loaded

    @property
    def _copy(self) -> EngineCopy:
        return self._whole()[0]

    @property
    def _engine(self) -> Engine:
        return self._whole()[1]

    @property
    def _values(self) -> Engine | Standing:
        return self._standing or self._engine

    @property
    def calls(self) -> Mapping[str, Reference]:
        """Return the cells of the formulas that call worksheet functions, by the address of the first."""
        return self._standing.calls if self._standing else self._copy.calls

    @property
    def kept(self) -> Mapping[str, str]:
        """Return which formulas are not calculated headlessly and why, by the address of their cells."""
        return {self._copy.reading.area(place).address: reason for place, reason in self._copy.kept.items()}

    @classmethod
    def open(cls, path: str | Path, *, registered: bool = True, stale: bool = False) -> Self:
        """Return a workbook, read and not yet calculated.

        Parameters
        ----------
        path : path
            An .xlsx or .xlsm file.
        registered : bool
            False offers no worksheet function to the formulas, as on a machine without dhxl.
        stale : bool
            Whether no stored result counts.

        Raises
        ------
        WorkbookError
            The file is no workbook or cannot be calculated headlessly.
        """
        return cls(Package.open(Path(path)), registered=registered, stale=stale)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget what was calculated."""
        self._constants.clear()

    def calculate(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Calculate all formulas.

        Parameters
        ----------
        progress : callable, optional
            Called with the number of worksheet functions called so far and the number of formulas that call one.
        """
        if self._standing:
            self._calculated_before = True
            return
        untouched, self._untouched = self._untouched, False
        self.prove()
        done = 0

        def on_call() -> None:
            nonlocal done
            done += 1
            if progress:
                progress(done, len(self.calls))

        self._verdict = None
        self._engine.calculate(on_call)
        while self._registered and (self._released_some() or self._resized_some()):
            self._engine.calculate(on_call)
        plain = untouched and not (self._constants or self.proof.held or self.overflowing())
        if plain and (outcome := outcome_of(self.package, self._copy, self._engine)):
            remember(self.package, self.proof, outcome)

    def prove(self) -> Proof:
        """Return the proof of the workbook as it stands; it is made before the first calculation.

        Worksheet functions are not called for it.
        """
        if self._proving:
            self.proof, self._loaded = proven(self.package, self._whole(), self._load)
            self._proving = False
            remember(self.package, self.proof)
            held = self.proof.held
            self._engine.set_live(live for place, live in self._copy.held.items() if place not in held)
        return self.proof

    def _released_some(self) -> bool:
        """Let formulas with the clock calculate where something else that they read has changed; return whether any."""
        held = self.proof.volatile - self._released
        if not held:
            return False
        index = Index(self._changed())
        found = [place for place in held if self._copy.reading.reads_any(place, index)]
        self._engine.set_live(self._copy.held.get(place) or self._copy.clocks[place] for place in found)
        self._released.update(found)
        return bool(found)

    def _resized_some(self) -> bool:
        """Hold spills that have another size than their cells in the file; return whether there were any."""
        found = []
        for key in sorted(self._copy.dynamic):
            area, size = self._copy.arrays[key], self._engine.size(key)
            place = area.sheet, area.first_row, area.first_col
            if size is None or size == (area.rows, area.columns) or place in self.proof.held:
                continue
            reason = (
                f"would spill over {size[0]} x {size[1]} cells in the place of {area.rows} x {area.columns}, "
                "which only a spreadsheet program can change"
            )
            found.append(Unproven(place, reason, None, stored_result(self.package, place[0], place[1:])))
            flat = [stored_result(self.package, at[0], at[1:]) for at in ((area.sheet, *at) for at in area.cells())]
            rows = [flat[at : at + area.columns] for at in range(0, len(flat), area.columns)]
            self._engine.hold(area, rows)
        if found:
            self.proof = replace(self.proof, unproven=(*self.proof.unproven, *found))
        return bool(found)

    def _changed(self) -> list[Place]:
        """Return the cells that hold another value than at the proof."""
        found = list(self._given)
        for sheet, constants in self._constants.items():
            cells = self.package.cells(sheet)
            found += [(sheet, *at) for at, value in constants.items() if not same_value(cells.value(*at), value)]
        for sheet, values in self._calculated().items():
            stored = self.package.cells(sheet)
            found += [
                (sheet, *at)
                for at, value in values.items()
                if not self._as_proven((sheet, *at), stored.value(*at), value)
            ]
        return found

    def _as_proven(self, place: Place, stored: CellValue, value: Cell) -> bool:
        """Return whether a formula's cell holds what it held at the proof: its stored value, but for rounding."""
        if same_result(stored, value):
            return True
        rounded = self.proof.rounded.get(place)
        return rounded is not None and same_value(rounded, value)

    def filled(self, place: Place) -> Reference:
        """Return the cells that the formula in a cell fills."""
        return self._copy.reading.area(place)

    def resting_on(self, places: Collection[Place]) -> set[Place]:
        """Return the formulas whose values rest on those of some others."""
        return self._copy.reading.resting_on([(place[0], *at) for place in places for at in self.filled(place).cells()])

    @property
    def constants(self) -> Mapping[str, Mapping[tuple[int, int], Constant]]:
        """Return the constants that were put into cells, by sheet, row and column."""
        return self._constants

    def accept(self, places: Collection[Place]) -> None:
        """Take unproven formulas as proven by other means; their values come by :meth:`take`."""
        left = tuple(one for one in self.proof.unproven if one.place not in set(places))
        self.proof = replace(self.proof, unproven=left)
        self._verdict = None

    def take(self, place: Place, rows: Sequence[Sequence[CellValue]]) -> None:
        """Put the values that another engine gives into the cells of a formula that is held; then calculate again."""
        self._engine.hold(self.filled(place), rows)
        self._verdict = None

    @property
    def verdict(self) -> Verdict:
        """Return which formulas keep their stored values, as their new ones would come through unproven cells."""
        if self._verdict is None:
            self._verdict = (
                verdict(self.proof, self._copy.reading, self._changed()) if self.proof.unproven else Verdict()
            )
        return self._verdict

    def reference(self, name: str) -> Reference:
        """Return the cells of a defined name."""
        place = self.package.resolve(name)
        return replace(place, sheet=self.package.sheet(place.sheet).name)

    def value(self, name: str) -> Cell:
        """Return the value of a defined name that stands for one cell.

        Raises
        ------
        WorkbookError
            There is no such name, or it stands for several cells.
        """
        place = self.reference(name)
        if not place.is_cell:
            raise WorkbookError(f"{name} must be one cell, got {place.address}")
        return self.cell(place.sheet, place.first_row, place.first_col)

    def range(self, name: str) -> list[list[Cell]]:
        """Return the values of a defined name, row by row."""
        return self.cells(self.reference(name))

    def cell(self, sheet: str, row: int, col: int) -> Cell:
        """Return the value of a cell, an error value with the sentence behind it."""
        value = self._values.value(sheet, row, col)
        if isinstance(value, CellError):
            message = self._values.messages.get(_address(sheet, row, col)) or self._message_in_range(sheet, row, col)
            if message and message.code == value.code:
                return CellError(value.code, message.sentence)
        return value

    def _message_in_range(self, sheet: str, row: int, col: int) -> Message | None:
        """Return the sentence of a cell within an array formula, for the error value in its place of the answer."""
        for address, message in self._values.messages.items():
            place = self.calls.get(address)
            if message.elements and place and place.sheet == sheet and _holds(place, row, col):
                error = message.elements.get((row - place.first_row, col - place.first_col))
                return Message(_address(sheet, row, col), error.code, error.message) if error else None
        return None

    def cells(self, place: Reference) -> list[list[Cell]]:
        """Return the values of a rectangle of cells.

        Raises
        ------
        WorkbookError
            It has more cells than fit into memory.
        """
        if place.rows * place.columns > MOST_CELLS:
            raise WorkbookError(f"{place.address} must have at most {MOST_CELLS:,} cells")
        return self._values.values(place.sheet, place.first_row, place.first_col, place.last_row, place.last_col)

    def set(self, name: str, value: Constant | list[list[Constant]]) -> None:
        """Put a constant, or rows of constants, into the cells of a defined name; takes effect at the next calculation.

        Raises
        ------
        WorkbookError
            There is no such name, it holds formulas, or the rows do not fit.
        """
        place = self.reference(name)
        rows = value if isinstance(value, list) else [[value]]
        if len(rows) != place.rows or any(len(row) != place.columns for row in rows):
            shape = f"{len(rows)} x {len(rows[0]) if rows else 0}"
            raise WorkbookError(f"{name} ({place.address}) must get {place.rows} x {place.columns} values, got {shape}")
        self.put(place, rows, name)

    def put(self, place: Reference, rows: list[list[Constant]], name: str) -> None:
        """Put constants into a rectangle of cells that hold no formulas; ``name`` is for messages."""
        if formula := self.formula_in(place):
            raise WorkbookError(f"{name}: {formula.address} holds a formula, not an input")
        sheet = self.package.cells(place.sheet)
        stored = self._constants.setdefault(place.sheet, {})
        new = {
            at: value
            for at, value in zip(place.cells(), chain(*rows), strict=True)
            if not same_value(stored.get(at, sheet.value(*at)), value)
        }
        if new:
            self.prove()  # of the workbook as it stands, so before anything in it is another
            stored.update(new)
            self._engine.set_rows(place.sheet, place.first_row, place.first_col, rows)

    def formulas(self, sheet: str) -> frozenset[tuple[int, int]]:
        """Return the positions of the cells of a sheet whose value a formula gives."""
        if sheet not in self._formulas:
            cells = self.package.cells(sheet)
            arrays = {position for area in cells.arrays.values() for position in Reference(sheet, *area).cells()}
            self._formulas[sheet] = frozenset(arrays.union(at for at, entry in cells.cells.items() if entry.formula))
        return self._formulas[sheet]

    def formula_in(self, place: Reference) -> Reference | None:
        """Return the first cell of a rectangle whose value a formula gives, None where there is none."""
        found = [at for at in self.formulas(place.sheet) if _holds(place, *at)]
        return Reference(place.sheet, *min(found), *min(found)) if found else None

    def values(self) -> dict[str, dict[tuple[int, int], Cell]]:
        """Return the values of all cells that formulas give, by sheet, row and column.

        What rests on unproven cells has its stored value.
        """
        found = self._calculated()
        for place in self.verdict.resting:
            area = self._copy.reading.area(place)
            for at in area.cells():
                found[area.sheet][at] = cell_of(self.package.cells(area.sheet).value(*at))
        return found

    def _calculated(self) -> dict[str, dict[tuple[int, int], Cell]]:
        found = {}
        for sheet in self._worksheets():
            places = sorted(self.formulas(sheet.name))
            found[sheet.name] = dict(zip(places, self._values.values_at(sheet.name, places), strict=True))
        return found

    def precedents(self, sheet: str, row: int, col: int) -> list[Reference]:
        """Return the cells and ranges that a cell's formula refers to."""
        self._reading = self._reading or reading_of(self.package)
        areas = self._reading.of((sheet, row, col))
        if areas is None:
            areas = tuple(filter(None, map(reference_of, self._engine.precedents(_address(sheet, row, col)))))
        return list(areas)

    def overflowing(self) -> list[Reference]:
        """Return the cells whose formula gives several values although it is no array formula."""
        if self._standing:
            return []
        found = []
        for sheet, cells in ((entry.name, self.package.cells(entry.name)) for entry in self._worksheets()):
            taken = {*self.formulas(sheet), *self._constants.get(sheet, {})}
            taken.update(place for place, cell in cells.cells.items() if cell.value is not None)
            for (row, col), cell in cells.cells.items():
                if cell.formula and (row, col) not in cells.arrays:
                    beside = ((row, col + 1), (row + 1, col))
                    if any(at not in taken and self._engine.value(sheet, *at) is not None for at in beside):
                        found.append(Reference(sheet, row, col, row, col))
        return found

    def messages(self) -> tuple[Message, ...]:
        """Return the sentences of the cells that are in error, in the order of sheets, rows and columns."""
        found = []
        for address, message in self._values.messages.items():
            place = self.calls.get(address)
            if place is None:
                continue
            value = self._engine.value(place.sheet, place.first_row, place.first_col)
            if isinstance(value, CellError) and value.code == message.code:
                found.append((self._order(place), message))
                continue
            for row, col in message.elements:
                at = (place.sheet, place.first_row + row, place.first_col + col)
                error = self.cell(*at) if _holds(place, *at[1:]) else None
                if isinstance(error, CellError) and error.message:
                    found.append(
                        (self._order(Reference(*at, *at[1:])), Message(_address(*at), error.code, error.message))
                    )
        return tuple(message for _, message in sorted(found, key=lambda entry: entry[0]))

    def save(self, path: str | Path) -> bool:
        """Write the workbook with its new values, everything else as it was; return whether the file changed.

        A formula's cell gets another value only if something that it rests on has changed, or if it had none.
        """
        parts = {}
        values = self.values()
        for sheet in self._worksheets():
            cells = self.package.cells(sheet.name)
            new: dict[tuple[int, int], object] = {
                at: value
                for at, value in values[sheet.name].items()
                if not self._as_proven((sheet.name, *at), cells.value(*at), value)
            }
            new |= self._constants.get(sheet.name, {})
            xml = patch.with_values(cells, new)
            if xml is not cells.xml:
                parts[sheet.part] = xml
        return self.package.save(Path(path), parts)

    def _worksheets(self) -> list[SheetEntry]:
        return [sheet for sheet in self.package.sheets if sheet.kind == "worksheet"]

    def _order(self, place: Reference) -> tuple[int, int, int]:
        names = [sheet.name for sheet in self.package.sheets]
        return names.index(place.sheet), place.first_row, place.first_col


def _holds(place: Reference, row: int, col: int) -> bool:
    return place.first_row <= row <= place.last_row and place.first_col <= col <= place.last_col


def _address(sheet: str, row: int, col: int) -> str:
    return Reference(sheet, row, col, row, col).address
