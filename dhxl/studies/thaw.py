"""A frozen copy that came back: what was edited in it, carried into a copy of the workbook it was made of."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dhxl.errors import WorkbookError
from dhxl.studies.differences import Edit, differences, structure_changes
from dhxl.studies.faults import first_of
from dhxl.studies.freeze import INPUTS, frozen, refuse_overwriting, saved_cells
from dhxl.studies.proving import Since
from dhxl.studies.run import Progress, run
from dhxl.studies.signature import signature_notes
from dhxl.workbook.calling import Calling
from dhxl.workbook.macro_free import custom_properties
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.values import CellValue

__all__ = ["CarriedEdit", "ThawReport", "thaw"]


@dataclass(frozen=True, slots=True)
class CarriedEdit:
    """An input that was edited in a frozen copy; ``name`` is empty where the cell has none."""

    cell: str
    name: str
    old: CellValue
    new: CellValue


@dataclass(frozen=True, slots=True)
class ThawReport:
    """What a thaw carried over, and what the user should know."""

    written: Path
    changed: bool
    edits: tuple[CarriedEdit, ...]
    notes: tuple[str, ...]
    seconds: float


def thaw(
    frozen_book: str | Path, original: str | Path, out: str | Path, progress: Progress | None = None
) -> ThawReport:
    """Write a copy of a workbook with the inputs that were edited in its frozen copy, calculated.

    What was edited is found by freezing the original again, in memory, and comparing cell by cell: values as values
    and formulas by what they say, so that the copy may have been saved by any spreadsheet program. Formats, charts
    and comments are not compared; the original's stay.

    Parameters
    ----------
    frozen_book : path
        The frozen copy as it came back.
    original : path
        The workbook that it was made of; it is only read.
    out : path
        Where to write.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        Sheets, names, rows or formulas of the copy were changed, or values that formulas give were overwritten; all
        of it is told at once and nothing is written. Or a file cannot be read or written.
    InputError
        An edited input is not allowed.
    """
    started = time.perf_counter()
    copy, source, target = Path(frozen_book), Path(original), Path(out)
    refuse_overwriting(target, copy, source)
    edited, live = Package.open(copy), Package.open(source)
    _refuse_other_kinds(edited, live, target)
    made = frozen(source, progress)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "base.xlsx"
        place.write_bytes(made.content)
        base = Package.open(place)
        changed_since = custom_properties(edited).get(INPUTS, made.inputs) != made.inputs
        if problems := structure_changes(base, edited):
            raise _refused(copy, source, problems)
        saved = {sheet.name: saved_cells(base, sheet.name) for sheet in base.sheets}
        found = differences(base, edited, made.results, saved)
        if found.results and changed_since:
            when = "take the workbook as it was then"
            raise WorkbookError(f"{source}: was changed since {copy} was made of it, and gives other results; {when}")
        if problems := found.formulas + found.results:
            raise _refused(copy, source, problems)
        thawed = Path(folder) / f"thawed{target.suffix.lower()}"
        live.save(thawed, _patched(live, found.edits))
        edited_cells = frozenset((one.place.sheet, one.place.first_row, one.place.first_col) for one in found.edits)
        report = run(thawed, target, progress, since=Since(live, edited_cells))
    note = (f"{source} was changed since it was frozen; the inputs of {copy} were taken",) if changed_since else ()
    names = {one.reference: one.name for one in reversed(live.names) if one.reference and one.sheet is None}
    return ThawReport(
        written=target,
        changed=report.changed,
        edits=tuple(CarriedEdit(one.place.address, names.get(one.place, ""), one.old, one.new) for one in found.edits),
        notes=tuple(dict.fromkeys((*signature_notes(live, target), *note, *report.notes))),
        seconds=time.perf_counter() - started,
    )


def _refuse_other_kinds(edited: Package, live: Package, target: Path) -> None:
    calling = Calling(edited, lambda _name: False)
    if edited.macros or any(calling.cells(sheet.name) for sheet in edited.sheets if sheet.kind == "worksheet"):
        raise WorkbookError(f"{edited.path}: is no frozen copy, its functions are live")
    wanted = ".xlsm" if live.macros else ".xlsx"
    if target.suffix.lower() != wanted:
        raise WorkbookError(f"{target}: must end in {wanted} as {live.path} does")


def _refused(copy: Path, source: Path, problems: list[str]) -> WorkbookError:
    head = f"{copy}: cannot be turned back into {source}, only edited inputs can be carried over"
    return WorkbookError([head, *first_of(problems)])


def _patched(live: Package, found: list[Edit]) -> dict[str, bytes]:
    by_sheet: dict[str, dict[tuple[int, int], object]] = {}
    for edit in found:
        by_sheet.setdefault(edit.place.sheet, {})[edit.place.first_row, edit.place.first_col] = edit.new
    return {live.sheet(name).part: with_values(live.cells(name), values) for name, values in by_sheet.items()}
