"""The workbook of a new town: a template with other inputs, calculated."""

from __future__ import annotations

import dataclasses
import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dhxl.errors import InputError, WorkbookError
from dhxl.studies.faults import first_of
from dhxl.studies.filling import Constant, Desk, put, put_source
from dhxl.studies.filling_ranges import put_range, split_by_column
from dhxl.studies.freeze import refuse_overwriting
from dhxl.studies.given import Given
from dhxl.studies.outputs import missing_outputs, unit_of
from dhxl.studies.proving import Since
from dhxl.studies.run import Progress, RunReport, run
from dhxl.studies.signature import signature_notes
from dhxl.studies.templates import DEFAULT, TEMPLATES, located
from dhxl.studies.upgrade import renew_macros
from dhxl.units import FRACTION
from dhxl.workbook.csvfile import CsvColumn
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.print_headers import with_header_text
from dhxl.workbook.storage import refuse_if_open, settled
from dhxl.workbook.values import CellValue, same_value
from dhxl.workbook.xmltext import escaped

__all__ = ["NewReport", "SetInput", "new"]

_TITLES: Final = ("project_title", "case_title")  # texts that printed headers repeat
_NOTE: Final = "study_note"  # on the cover, of the template's own town
_TITLE: Final = re.compile(rb"(<dc:title(?:\s[^<>]*)?>)[^<]*(?=</)")
_TYPES: Final = "[Content_Types].xml"
_AS_WORKBOOK: Final = (
    (b"template.main+xml", b"sheet.main+xml"),
    (b"template.macroEnabled.main", b"sheet.macroEnabled.main"),
)


@dataclass(frozen=True, slots=True)
class SetInput:
    """An input that was set: what the template holds, what the new workbook holds.

    Of several cells ``old`` is None and ``new`` says in words how many were given.
    """

    name: str
    address: str
    old: CellValue
    new: Constant
    unit: str


@dataclass(frozen=True, slots=True)
class NewReport:
    """The template, the inputs that were set, and what the run of the new workbook found."""

    template: str
    inputs: tuple[SetInput, ...]
    run: RunReport
    seconds: float


def new(
    out: str | Path,
    template: str = DEFAULT,
    given: Iterable[Given] = (),
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> NewReport:
    """Write a calculated copy of a template with other inputs; all else of the template stays as it is.

    Macros of an older dhxl are renewed in the copy.

    Parameters
    ----------
    out : path
        The new workbook.
    template : str
        Name of a standard workbook, or path of any workbook with the published names, such as a firm's own.
    given : iterable of Given
        The inputs; later ones win over earlier ones of another origin.
    replace : bool
        Whether an existing file may be replaced.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The template is none, or the new workbook cannot be written.
    InputError
        A name is no input or a value is not allowed (all problems at once), or a cell of the new workbook is in
        error. Nothing is left behind.
    """
    started = time.perf_counter()
    target = Path(out)
    if progress:
        progress("Reading", 0.0)
    with located(template) as source:
        package = Package.open(source)
        _refuse(target, package, replace=replace)
        filling = _filled(package, given)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / f"{source.stem}{target.suffix.lower()}"  # the name stands in messages
            package.save(copy, filling.parts)
            note = renew_macros(copy, template) if package.macros else ""
            report = run(copy, target, progress, since=Since(package, filling.changed))
        another = _of_another_town(package, filling.inputs) if filling.inputs else ""
        notes = ["" if template in TEMPLATES else note, another, *filling.notes]
        told = dict.fromkeys((*signature_notes(package, target), *filter(None, notes), *report.notes))
        report = dataclasses.replace(report, notes=tuple(told))
    return NewReport(template, filling.inputs, report, time.perf_counter() - started)


def _refuse(target: Path, package: Package, *, replace: bool) -> None:
    wanted = ".xlsm" if package.macros else ".xlsx"
    if target.suffix.lower() != wanted:
        raise WorkbookError(
            f"{target}: must end in {wanted} as the template {'holds' if package.macros else 'holds no'} macros"
        )
    refuse_overwriting(target, package.path)
    if target.is_dir():
        raise WorkbookError(f"{target}: is a folder")
    if target.exists() and not replace:
        raise WorkbookError(f"{target}: exists already; --force replaces it")
    if not (folder := settled(target).parent).is_dir():
        raise WorkbookError(f"{target}: the folder {folder} does not exist")
    refuse_if_open(target)
    if problems := missing_outputs(package):
        raise WorkbookError(problems)


@dataclass(frozen=True, slots=True)
class _Filling:
    """The parts of a template that given values change, the inputs that they are, their cells, and notes on files."""

    parts: dict[str, bytes]
    inputs: tuple[SetInput, ...]
    changed: frozenset[tuple[str, int, int]]
    notes: tuple[str, ...]


def _filled(package: Package, given: Iterable[Given]) -> _Filling:
    """Return a template with given values."""
    desk = Desk(package)
    inputs: dict[str, SetInput] = {}
    for one in given:
        desk.notes.extend(one.notes)
        try:
            for entry in split_by_column(desk, one):
                if found := _set_input(desk, entry):
                    inputs[found.name] = found
        except (InputError, WorkbookError) as error:
            desk.problems.extend(error.problems)
    if desk.problems:
        raise InputError(first_of(list(dict.fromkeys(desk.problems))))
    by_sheet: dict[str, dict[tuple[int, int], object]] = {}
    if _named(inputs, _TITLES) and not _named(inputs, (_NOTE,)) and package.defined_name(_NOTE):
        place = package.resolve(_NOTE)
        by_sheet[place.sheet] = {(place.first_row, place.first_col): None}
    for (sheet, row, col), (value, _) in {**desk.sources, **desk.taken}.items():
        by_sheet.setdefault(sheet, {})[row, col] = value
    parts = {package.sheet(name).part: with_values(package.cells(name), values) for name, values in by_sheet.items()}
    parts |= _titled(package, parts, inputs.values())
    types = package.part(_TYPES)
    for template, workbook in _AS_WORKBOOK:
        types = types.replace(template, workbook)
    changed = frozenset((package.sheet(name).name, *at) for name, values in by_sheet.items() for at in values)
    return _Filling({**parts, _TYPES: types}, tuple(inputs.values()), changed, tuple(dict.fromkeys(desk.notes)))


def _titled(package: Package, parts: Mapping[str, bytes], inputs: Iterable[SetInput]) -> dict[str, bytes]:
    """Return the parts that repeat a title that was set: printed headers of sheets, and the properties of the file."""
    found: dict[str, bytes] = {}
    for title in (one for one in inputs if one.name.casefold() in _TITLES):
        for sheet in (one for one in package.sheets if one.part):
            xml = found.get(sheet.part) or parts.get(sheet.part) or package.part(sheet.part)
            found[sheet.part] = with_header_text(xml, str(title.old or ""), str(title.new))
        if title.name.casefold() == _TITLES[0] and (core := _properties(package)):
            text = escaped(str(title.new)).encode()
            found[core] = _TITLE.sub(lambda old: old[1] + text, package.part(core))  # noqa: B023 - called here
    return found


def _properties(package: Package) -> str | None:
    return package.spelled("docProps/core.xml") if package.has_part("docProps/core.xml") else None


def _named(inputs: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return which of some names are among those of the inputs."""
    known = {name.casefold() for name in inputs}
    return [name for name in names if name in known]


def _of_another_town(package: Package, inputs: Iterable[SetInput]) -> str:
    """Return a note where a new workbook still bears the names of the template's town."""
    left = [one for one in _TITLES if one not in _named((given.name for given in inputs), _TITLES)]
    kept = [f"{one} ({package.values(package.resolve(one))[0][0]})" for one in left if package.defined_name(one)]
    return f"the workbook keeps {' and '.join(kept)} of the template; give others with --set" if kept else ""


def _set_input(desk: Desk, given: Given) -> SetInput | None:
    found = desk.cells_of(given)
    if found is None:
        return None
    name, place = found
    unit = "" if unit_of(name) == FRACTION else unit_of(name)
    if not place.is_cell:
        return SetInput(name, place.address, None, put_range(desk, given, name, place), unit)
    if isinstance(given.value, (tuple, CsvColumn)):
        count = len(given.value.fields if isinstance(given.value, CsvColumn) else given.value)
        desk.refuse(f"{place.address} ({name})", f"must be one value, got {count:,}")
        return None
    problems = len(desk.problems)
    old = desk.value(place.sheet, (place.first_row, place.first_col))
    value = put(desk, given, name, place, given.value)
    if len(desk.problems) == problems:
        put_source(desk, given, name, place, changed=not same_value(old, value))
    return SetInput(name, place.address, old, value, unit)
