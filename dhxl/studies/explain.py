"""Why one cell of a workbook shows what it shows: an error value, an input that is not allowed, a check that fails."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dhxl.functions.cells import CellError, described
from dhxl.hosts.headless import Model
from dhxl.studies.faults import faults
from dhxl.studies.inputs import unmet_validations
from dhxl.studies.outputs import published, solutions
from dhxl.studies.run import Progress
from dhxl.studies.totals import ALERTS, CHECKS, lit
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = ["explained"]

_TOTALS: Final = {CHECKS: "the check '{}' fails", ALERTS: "the alert '{}' is on"}

_MOST_ELSEWHERE: Final = 6


def explained(book: str | Path, place: Reference, shown: str = "", progress: Progress | None = None) -> str:
    """Return why a cell is in error or red, in sentences; the workbook is only read.

    Parameters
    ----------
    book : path
        The workbook.
    place : Reference
        The cell, on a sheet of the workbook.
    shown : str, optional
        The error value that a spreadsheet program shows in it, as text.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The file is no workbook, or has no such sheet.
    """
    tell: Progress = progress or (lambda _step, _share: None)
    tell("Reading", 0.0)
    package = Package.open(book)
    place = Reference(package.sheet(place.sheet).name, place.first_row, place.first_col, place.last_row, place.last_col)
    with Model(package) as model:
        model.calculate(lambda done, calls: tell("Calculating", min(done / max(calls, 1), 1.0)))
        value = model.cell(place.sheet, place.first_row, place.first_col)
        if isinstance(value, CellError):
            return "\n".join(_of_error(model, place, value))
        said = [
            problem
            for problem in unmet_validations(package)
            if problem.startswith((f"{place.address}:", f"{place.address} ("))
        ]
        said += [
            f"{place.address}: {text.format(label)}"
            for total, text in _TOTALS.items()
            if package.defined_name(total)
            for at, label in lit(model, total)
            if at == place
        ]
        if shown:
            said.append(
                f"{place.address} shows {shown}, but calculated afresh it is {described(value)}: the functions are not "
                "reached from the spreadsheet program, or it has not calculated since; try dhxl doctor"
            )
        return "\n".join(said) or f"{place.address} holds no error: it is {described(value)}{_elsewhere(model)}"


def _of_error(model: Model, place: Reference, value: CellError) -> list[str]:
    if value.code == "#N/A":
        return [f"{place.address} is #N/A: a gap, which charts leave out, or a value that was looked for and not found"]
    head = f"{place.address} is {value.code}"
    causes = faults(model, (), (place,))
    if not causes:  # a rate of return or a payback that need not exist
        return [f"{head}: {value.message or 'there is no result'}"]
    own = [cause.removeprefix(f"{place.address}: ") for cause in causes if cause.startswith(f"{place.address}: ")]
    if own and len(causes) == 1:
        return [f"{head}: {own[0]}"]
    return [f"{head} because of", *causes]


def _elsewhere(model: Model) -> str:
    """Return what else is in error, if anything is."""
    package = model.package
    may_lack = [f"{one.name}_{k}" for k in solutions(package) for one in published(package) if one.may_lack]
    causes = faults(model, may_lack)
    if not causes:
        return ""
    rest = len(causes) - _MOST_ELSEWHERE
    more = [f"and {rest} more; dhxl check lists all"] if rest > 0 else []
    return "\n".join([".\nIn error elsewhere:", *causes[:_MOST_ELSEWHERE], *more])
