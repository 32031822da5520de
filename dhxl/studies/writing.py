"""Results of studies written into their areas of a workbook, and nothing else in it touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from dhxl.errors import InputError, WorkbookError
from dhxl.functions.cells import Cell
from dhxl.hosts.headless import Constant, Model
from dhxl.hosts.headless.engine import fixed_clock
from dhxl.studies.fingerprint import inputs_checksum
from dhxl.studies.signature import signature_notes
from dhxl.studies.tables import Rows, StudyTable
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.storage import refuse_if_open
from dhxl.workbook.study_areas import INPUT_NAMES, INPUTS, RESULTS, area, kept
from dhxl.workbook.values import same_value

__all__ = ["WriteReport", "put_study", "refuse_unwritable", "write_studies"]

_PARTS = ("at", "sets", "hash")
_Values = Mapping[str, Mapping[tuple[int, int], Cell]]


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Where studies were written; ``changed`` is False where the file held exactly these results already.

    ``notes`` say what the user should know although it succeeded.
    """

    written: Path
    changed: bool
    notes: tuple[str, ...] = ()


def refuse_unwritable(package: Package, study: str, target: Path | None = None, size: tuple[int, int] = (0, 0)) -> None:
    """Refuse a workbook that cannot hold a study, before it is calculated.

    Parameters
    ----------
    package : Package
        The workbook.
    study : str
        One of the studies that have an area.
    target : path, optional
        The file that is to be written, the workbook itself without it.
    size : tuple of int
        Rows, without the header, and columns of the table.

    Raises
    ------
    WorkbookError
        The workbook lacks the study's area, or the file is open elsewhere or would be of another kind.
    InputError
        The table is larger than the area.
    """
    lacking = [name for name in _names(study) if package.defined_name(name) is None]
    if lacking:
        raise WorkbookError(
            f"{package.path}: --write needs the areas of sheet Sensitivity, {lacking[0]} is missing; without it, "
            "-o FILE.csv writes a table"
        )
    place = package.resolve(area(study))
    rows, columns = size
    if rows and (rows + 1 > place.rows or columns > place.columns):
        raise InputError(
            f"--write has room for {place.rows - 1} cases of {place.columns} inputs and outputs ({place.address}), "
            f"got {rows} of {columns}; without --write, -o FILE.csv takes them all"
        )
    if target is not None and target.suffix.lower() != package.path.suffix.lower():
        raise WorkbookError(f"{target}: must end in {package.path.suffix.lower()} as {package.path} does")
    refuse_if_open(target or package.path)


def write_studies(package: Package, tables: Iterable[StudyTable], out: str | Path | None = None) -> WriteReport:
    """Write studies of a workbook into it.

    Only cells of the studies' areas change, and those whose formula gives another value because of them. Results that
    are there already are left as they are, with their time stamp.

    Parameters
    ----------
    package : Package
        The workbook as it was read for the studies; its file must not have changed since.
    tables : iterable of StudyTable
        The studies.
    out : path, optional
        Write to this file instead.

    Raises
    ------
    WorkbookError
        The workbook lacks an area, was changed since it was read, or cannot be written.
    """
    target = Path(out) if out is not None else package.path
    several = tuple(tables)
    for table in several:
        refuse_unwritable(package, table.study, target)
    with Model(package) as model:
        model.calculate()
        before = model.values()
        constants: dict[tuple[str, int, int], Constant] = {}
        for table in several:
            constants |= put_study(model, table)
        parts = {}
        if constants:
            model.calculate()
            for sheet, values in _changed(before, model.values(), constants).items():
                entry, cells = package.sheet(sheet), package.cells(sheet)
                xml = with_values(cells, values)
                if xml is not cells.xml:
                    parts[entry.part] = xml
        changed = package.save(target, parts)
        return WriteReport(target, changed, signature_notes(package, target))


def put_study(model: Model, table: StudyTable) -> dict[tuple[str, int, int], Constant]:
    """Put a study into its area of a calculated workbook, with time stamp, checksum and the inputs it rests on.

    Returns
    -------
    dict
        The constants by sheet, row and column; none where the same results are there already.

    Raises
    ------
    WorkbookError
        The workbook lacks the area, or it is smaller than the study.
    """
    study = table.study
    places = {name: model.reference(name) for name in _names(study)}
    names = [str(row[0] or "") for row in model.range(INPUT_NAMES)]
    inputs, results = _constants(model, INPUTS), _constants(model, RESULTS)
    sets = tuple(table.sets)
    rows: dict[str, Rows] = {
        area(study, "sets"): [[", ".join(sets)]],
        area(study, "hash"): [[inputs_checksum(model.package, sets)]],
        kept("inputs", study): inputs,
        kept("results", study): results,
        kept("counts", study): _counts(model, table, names, inputs),
        **{name: _filled(name, model.reference(name), given) for name, given in table.cells.items()},
    }
    if all(_same(model.range(name), given) for name, given in rows.items()) and model.value(area(study, "at")):
        return {}
    moment = fixed_clock() or datetime.now(UTC)
    rows[area(study, "at")] = [[f"{moment:%Y-%m-%d %H:%M}"]]
    places |= {name: model.reference(name) for name in rows}
    for name, given in rows.items():
        model.put(places[name], given, name)
    return {
        (places[name].sheet, *at): value
        for name, given in rows.items()
        for at, value in zip(places[name].cells(), chain(*given), strict=True)
    }


def _names(study: str) -> tuple[str, ...]:
    own = (area(study), *(area(study, part) for part in _PARTS))
    return (*own, *(kept(what, study) for what in ("inputs", "counts", "results")), INPUT_NAMES, INPUTS, RESULTS)


def _counts(model: Model, table: StudyTable, names: list[str], inputs: Rows) -> Rows:
    """Return 1 for each input that counts for a study, 0 for those that it sets and what hangs on these alone.

    What hangs on them moves when the inputs get other values of the study.
    """
    own: dict[str, Constant] = {}
    for name, values in table.sets.items():
        if model.package.defined_name(name) is None:
            continue
        stored = model.value(name)
        other = [value for value in values if not same_value(_constant(stored), value)]
        if other:
            own[name] = _constant(stored)
            model.set(name, other[-1])
    moved = inputs
    if own:
        model.calculate()
        moved = _constants(model, INPUTS)
        for name, value in own.items():
            model.set(name, value)
        model.calculate()
    left_out = {name.casefold() for name in table.sets}
    return [
        [float(same_value(here[0], there[0]) and name.casefold() not in left_out)]
        for name, here, there in zip(names, inputs, moved, strict=True)
    ]


def _filled(name: str, place: Reference, rows: Rows) -> Rows:
    """Return rows enlarged by blanks to the size of a range."""
    if len(rows) > place.rows or any(len(row) > place.columns for row in rows):
        shape = f"{len(rows)} x {max(map(len, rows))}"
        raise WorkbookError(f"{name} ({place.address}) has room for {place.rows} x {place.columns} values, got {shape}")
    blanks: Rows = [[] for _ in range(place.rows - len(rows))]
    return [[*row, *[None] * (place.columns - len(row))] for row in (*rows, *blanks)]


def _changed(
    before: _Values, after: _Values, constants: Mapping[tuple[str, int, int], Constant]
) -> dict[str, dict[tuple[int, int], object]]:
    found: dict[str, dict[tuple[int, int], object]] = {}
    for sheet, cells in after.items():
        for at, value in cells.items():
            if value != before[sheet][at]:
                found.setdefault(sheet, {})[at] = value
    for (sheet, row, col), value in constants.items():
        found.setdefault(sheet, {})[row, col] = value
    return found


def _constants(model: Model, name: str) -> Rows:
    return [[_constant(value) for value in row] for row in model.range(name)]


def _constant(value: Cell) -> Constant:
    return value if isinstance(value, (float, bool, str)) else None


def _same(stored: list[list[Cell]], rows: Rows) -> bool:
    pairs = zip(chain(*stored), chain(*rows), strict=True)
    return all(same_value(_constant(old), new) for old, new in pairs)
