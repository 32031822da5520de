"""A workbook in, the calculated workbook out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dhxl.errors import InputError, WorkbookError
from dhxl.functions.cells import Cell
from dhxl.hosts.headless import Model, Unproven
from dhxl.hosts.headless.snapshot import take_snapshot
from dhxl.studies.arbitration import Arbitrated, arbitrate
from dhxl.studies.faults import faults, first_of
from dhxl.studies.inputs import input_problems
from dhxl.studies.log import log_entries, write_log
from dhxl.studies.outputs import TITLE, missing_outputs, published, solutions
from dhxl.studies.proving import Since, needed, obstacles, unchanged
from dhxl.studies.signature import signature_notes
from dhxl.studies.totals import ALERTS, CHECKS, labels
from dhxl.workbook.package import Package

__all__ = ["Progress", "RunReport", "SolutionResult", "run"]

Progress = Callable[[str, float], None]

_KINDS: Final = {True: ".xlsm", False: ".xlsx"}


@dataclass(frozen=True, slots=True)
class SolutionResult:
    """The published results of one solution, by name without its number; None where a result does not exist."""

    number: int
    title: str
    values: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run found and did.

    ``checks`` and ``alerts`` are the addresses and labels of those that are on; ``changed`` tells whether the file was
    written (a second run has nothing to write), ``notes`` what the user should know although the run succeeded.
    ``unproven`` are the cells whose stored results dhxl does not reproduce or cannot vouch for; they keep what the file
    says, as do the cells of ``unchanged``, whose new values would come through one of them. ``arbitrated`` are those
    that a second engine decided on.
    """

    solutions: tuple[SolutionResult, ...]
    checks_total: float
    alerts_total: float
    checks: tuple[tuple[str, str], ...]
    alerts: tuple[tuple[str, str], ...]
    engine_live: bool
    written: Path
    changed: bool
    notes: tuple[str, ...]
    unproven: tuple[Unproven, ...]
    unchanged: tuple[str, ...]
    arbitrated: tuple[Arbitrated, ...]
    seconds: float


def run(
    book: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    since: Since | None = None,
    second_engine: str | None = None,
    stale: bool = False,
) -> RunReport:
    """Calculate a workbook and write it back losslessly.

    A formula of the workbook's own gets another value only if something that it rests on has changed, or if it had
    none; and only if dhxl reproduces its stored value and those that it rests on, §11 of docs/convention.md.

    Parameters
    ----------
    book : path
        The workbook.
    out : path, optional
        Where to write; without it the workbook itself gets its new values.
    progress : callable, optional
        Called with what is being done and the share done.
    since : Since, optional
        The workbook that this one was made of by setting inputs, whose stored results still stand in it.
    second_engine : str, optional
        ``libreoffice``, ``ironcalc``, or empty for the one at hand: it decides on the cells that dhxl does not
        reproduce, see :func:`dhxl.studies.arbitration.arbitrate`.
    stale : bool
        Whether the stored results are from before inputs were changed by a program that does not calculate, so that
        none of them counts.

    Raises
    ------
    WorkbookError
        The file is no workbook of dhxl, lacks published names, or cannot be written; or a published result, a check or
        an argument of a worksheet function would come through a cell that dhxl does not reproduce.
    InputError
        An input is not allowed or a cell is in error; all problems at once, and nothing is written.
    """
    started = time.perf_counter()
    tell: Progress = progress or (lambda _step, _share: None)
    source = Path(book)
    target = Path(out) if out is not None else source
    tell("Reading", 0.0)
    package = Package.open(source)
    _refuse_other_kind(target, macros=package.macros)
    if problems := missing_outputs(package):
        raise WorkbookError(problems)
    if problems := input_problems(package):
        raise InputError(first_of(problems))
    before = since.proof() if since else None
    with Model(package, proof=before, changed=since.changed if since else (), stale=stale) as model:
        model.calculate(lambda done, calls: tell("Calculating", min(done / max(calls, 1), 1.0)))
        numbers = solutions(package)
        may_lack = [f"{output.name}_{number}" for number in numbers for output in published(package) if output.may_lack]
        decided: tuple[Arbitrated, ...] = ()
        if second_engine is not None and model.proof.unproven:
            tell("Second engine", 0.0)
            decided = arbitrate(model, second_engine or None)
        wanted = needed(model)
        if problems := faults(model, may_lack, needed=[*wanted.names, *wanted.calls]):
            raise InputError(problems)
        if problems := obstacles(model, wanted):
            raise WorkbookError(problems)
        tell("Saving results", 1.0)
        entries = log_entries(model, take_snapshot(model), decided)
        write_log(model, entries)
        report = [_solution(model, number) for number in numbers]
        totals = [_number(model, name) for name in (CHECKS, ALERTS)]
        checks, alerts = (labels(model, name) for name in (CHECKS, ALERTS))
        live = model.value("engine_live") is True
        tell("Writing", 1.0)
        changed = model.save(target)
        return RunReport(
            solutions=tuple(report),
            checks_total=totals[0],
            alerts_total=totals[1],
            checks=checks,
            alerts=alerts,
            engine_live=live,
            written=target,
            changed=changed,
            notes=(*signature_notes(package, target), *(entry.text for entry in entries)),
            unproven=model.proof.unproven,
            unchanged=unchanged(model),
            arbitrated=decided,
            seconds=time.perf_counter() - started,
        )


def _solution(model: Model, number: int) -> SolutionResult:
    title = f"Solution {number}"
    if model.package.defined_name(f"{TITLE}_{number}"):
        title = str(model.value(f"{TITLE}_{number}") or title)
    values: dict[str, float | None] = {}
    for output in published(model.package):
        name = f"{output.name}_{number}"
        value = model.value(name)
        values[output.name] = None if output.may_lack and not _is_number(value) else _number(model, name)
    return SolutionResult(number, title, values)


def _is_number(value: Cell) -> bool:
    return isinstance(value, float) and not isinstance(value, bool)


def _number(model: Model, name: str) -> float:
    value = model.value(name)
    if isinstance(value, float):
        return value
    raise InputError(f"{model.reference(name).address} ({name}): must be a number, got {_shown(value)}")


def _shown(value: Cell) -> str:
    return "a blank cell" if value is None else f"{value}"


def _refuse_other_kind(target: Path, *, macros: bool) -> None:
    if target.suffix.lower() != _KINDS[macros]:
        raise WorkbookError(
            f"{target}: must end in {_KINDS[macros]} as the workbook {'holds' if macros else 'holds no'} macros"
        )
