"""A workbook looked through: the linter's rules, its own checks once calculated, and a second engine's opinion."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dhxl.errors import DhxlError, InputError
from dhxl.hosts.headless import Model
from dhxl.hosts.second import ENGINES, engine_at_hand
from dhxl.studies.agreement import Comparison, Differing, compared, differing, listed, told
from dhxl.studies.faults import faults
from dhxl.studies.fingerprint import outdated_studies
from dhxl.studies.inputs import unmet_validations
from dhxl.studies.outputs import missing_outputs, published, solutions
from dhxl.studies.totals import ALERTS, CHECKS, labels, lit, total
from dhxl.workbook.lint import RULES, Finding, lint
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.names import reference_of
from dhxl.workbook.package import Package

__all__ = ["CheckReport", "check"]

_ADDRESSED: Final = re.compile(r"((?:'(?:[^']|'')+'|[^\s!']+)![A-Z]+\d+(?::[A-Z]+\d+)?)(.*?): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a workbook.

    ``checks_total`` and ``alerts_total`` are None where it has no such totals or could not be calculated; ``alerts``
    are the addresses and labels of those that are on; ``second`` is what a second engine makes of it, None without one.
    """

    findings: tuple[Finding, ...]
    is_dhxl: bool
    checks_total: float | None
    alerts_total: float | None
    alerts: tuple[tuple[str, str], ...]
    second: Comparison | None
    notes: tuple[str, ...]
    seconds: float


def check(
    book: str | Path,
    *,
    second_engine: str | None = None,
    ignored: Iterable[str] = (),
    progress: Callable[[str, float], None] | None = None,
) -> CheckReport:
    """Look a workbook through; nothing is written.

    Parameters
    ----------
    book : path
        Any .xlsx or .xlsm workbook. One of dhxl is also calculated, to look at its checks and alerts.
    second_engine : str, optional
        ``libreoffice`` or ``ironcalc`` calculates it, too, and must agree on every value; an empty text means the one
        that is at hand, see :func:`dhxl.hosts.second.engine_at_hand`.
    ignored : iterable of str
        Rules that do not apply.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The file is no workbook, or a second engine is wanted and not there.
    InputError
        An ignored rule or a second engine does not exist.
    """
    started = time.perf_counter()
    tell = progress or (lambda _step, _share: None)
    left_out = {rule.upper() for rule in ignored}
    if unknown := left_out - RULES.keys():
        raise InputError(f"there is no rule {', '.join(sorted(unknown))}; the rules are {', '.join(RULES)}")
    engine = None if second_engine is None else engine_at_hand(second_engine or None)
    tell("Reading", 0.0)
    package = Package.open(book)
    found = list(lint(package, lambda share: tell("Rules", share)))
    found += [_addressed("W210", problem) for problem in unmet_validations(package)]
    is_dhxl = BookView(package).is_dhxl
    results = _Results()
    if is_dhxl:
        missing = missing_outputs(package)
        found += [Finding("W501", "", "", problem.removeprefix(f"{package.path}: ")) for problem in missing]
        if not missing:
            results = _calculated(package, lambda share: tell("Calculating", share))
            found = _joined(found, results.findings)
    second = None
    if engine:
        tell(ENGINES[engine], 0.0)
        second = compared(package, engine)
        found += second.findings()
    if results.outdated:
        places = listed(place.address for place, _, _ in results.outdated)
        text = f"stored results are not those that calculating gives: {places}{told(results.outdated, second, package)}"
        found.append(Finding("W603", "", "", text))
    order = {sheet.name: number for number, sheet in enumerate(package.sheets)}
    kept = [finding for finding in found if finding.rule not in left_out]
    return CheckReport(
        findings=tuple(sorted(kept, key=lambda finding: order.get(finding.sheet, -1))),
        is_dhxl=is_dhxl,
        checks_total=results.checks_total,
        alerts_total=results.alerts_total,
        alerts=results.alerts,
        second=second,
        notes=(*results.notes, *(second.notes() if second else ()), *outdated_studies(package)),
        seconds=time.perf_counter() - started,
    )


@dataclass(frozen=True, slots=True)
class _Results:
    """What a calculated workbook says of itself."""

    findings: tuple[Finding, ...] = ()
    checks_total: float | None = None
    alerts_total: float | None = None
    alerts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    outdated: tuple[Differing, ...] = ()


def _calculated(package: Package, tell: Callable[[float], None]) -> _Results:
    try:
        with Model(package, stale=True) as model:
            model.calculate(lambda done, calls: tell(min(done / max(calls, 1), 1.0)))
            may_lack = [f"{one.name}_{k}" for k in solutions(package) for one in published(package) if one.may_lack]
            found = [_addressed("W602", sentence) for sentence in faults(model, may_lack)]
            found += [
                Finding("W601", place.sheet, place.address, f"the check '{label}' fails")
                for place, label in lit(model, CHECKS)
            ]
            return _Results(
                tuple(found),
                total(model, CHECKS),
                total(model, ALERTS),
                labels(model, ALERTS),
                tuple(f"{address}: {reason}; not calculated" for address, reason in model.kept.items()),
                _outdated(model),
            )
    except DhxlError as error:
        return _Results(tuple(Finding("W602", "", "", problem) for problem in error.problems))


def _outdated(model: Model) -> tuple[Differing, ...]:
    """Return the formulas whose stored results are not the calculated ones, with both."""
    package = model.package
    names = [sheet.name for sheet in package.sheets if sheet.kind == "worksheet"]
    stored = {name: {at: cell.value for at, cell in package.cells(name).cells.items()} for name in names}
    return tuple(
        (place, new, was)
        for place, new, was in differing(model, stored)
        if was is not None and place.address not in model.kept
    )


def _joined(linted: list[Finding], calculated: tuple[Finding, ...]) -> list[Finding]:
    """Return both; sentences on calculated errors take the place of the stored error values."""
    if any(finding.rule == "W602" for finding in calculated):
        linted = [finding for finding in linted if finding.rule != "W117"]
    return [*linted, *calculated]


def _addressed(rule: str, sentence: str) -> Finding:
    """Return a finding of a sentence that begins with the address of its cell."""
    found = _ADDRESSED.fullmatch(sentence)
    place = reference_of(found[1]) if found else None
    if not found or place is None:
        return Finding(rule, "", "", sentence)
    more = found[2].strip()
    return Finding(rule, place.sheet, place.address, f"{more} {found[3]}".strip())
