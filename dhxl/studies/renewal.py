"""The preset studies of a workbook, calculated and written into its areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dhxl.studies.break_even import break_even
from dhxl.studies.outputs import solutions
from dhxl.studies.presets import solutions_with_store, storage_preset, tax_preset, tornado
from dhxl.studies.run import Progress
from dhxl.studies.sensitivity import SensitivityReport, checked_book, sensitivity
from dhxl.studies.shared import Opener, SharedCases
from dhxl.studies.tables import StudyTable, break_even_table, storage_table, tax_table, tornado_table
from dhxl.studies.writing import WriteReport, refuse_unwritable, write_studies
from dhxl.workbook.package import Package
from dhxl.workbook.study_areas import BREAK_EVEN, STORAGE, TAX, TITLES, TORNADO

__all__ = ["write_presets"]

_Preset = Callable[[Package, Opener, Progress], StudyTable]


def write_presets(
    book: str | Path,
    out: str | Path | None = None,
    *,
    studies: Sequence[str] = (TAX, BREAK_EVEN, STORAGE, TORNADO),
    workers: int | None = 1,
    progress: Progress | None = None,
) -> WriteReport:
    """Calculate preset studies of a workbook and write them into its areas, all or none.

    The size of the store is left out where no solution has one. Ctrl-C leaves the file as it was.

    Parameters
    ----------
    book : path
        The workbook.
    out : path, optional
        Write to this file instead.
    studies : sequence of str, optional
        Some of tax, break_even, storage and tornado.
    workers : int, optional
        Number of processes; None takes one a core where it pays.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The workbook lacks names or areas, was changed meanwhile, or cannot be written.
    InputError
        One of its inputs is not allowed.
    """
    tell: Progress = progress or (lambda _step, _share: None)
    package = checked_book(book)
    chosen = [study for study in studies if study != STORAGE or solutions_with_store(package)]
    for study in chosen:
        refuse_unwritable(package, study, Path(out) if out is not None else None)
    with SharedCases(package, _outputs(package), workers) as shared:
        tables = [_PRESETS[study](package, shared.view, _named(tell, TITLES[study])) for study in chosen]
    tell("Writing", 1.0)
    return write_studies(package, tables, out)


def _outputs(package: Package) -> list[str]:
    stems = ("payback_years", "npv_eur", "heat_share_boiler")
    names = [f"{stem}_{number}" for number in solutions(package) for stem in stems]
    return [name for name in names if package.defined_name(name)]


def _named(tell: Progress, title: str) -> Progress:
    return lambda step, share: tell(f"{title}: {step[:1].lower()}{step[1:]}", share)


def _tax(package: Package, opened: Opener, progress: Progress) -> StudyTable:
    return tax_table(_whole(sensitivity(package.path, *tax_preset(package), opened=opened, progress=progress)))


def _break_even(package: Package, opened: Opener, progress: Progress) -> StudyTable:
    report = break_even(package.path, opened=opened, progress=progress)
    if report.interrupted:
        raise KeyboardInterrupt
    return break_even_table(report)


def _storage(package: Package, opened: Opener, progress: Progress) -> StudyTable:
    report = sensitivity(package.path, *storage_preset(package), opened=opened, progress=progress)
    return storage_table(_whole(report))


def _tornado(package: Package, opened: Opener, progress: Progress) -> StudyTable:
    report = tornado(package.path, opened=opened, progress=progress)
    _whole(report.study)
    return tornado_table(report)


def _whole(report: SensitivityReport) -> SensitivityReport:
    if report.interrupted:
        raise KeyboardInterrupt
    return report


_PRESETS: Final[Mapping[str, _Preset]] = MappingProxyType(
    {TAX: _tax, BREAK_EVEN: _break_even, STORAGE: _storage, TORNADO: _tornado}
)
