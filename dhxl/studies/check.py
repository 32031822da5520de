"""A workbook looked through: the linter's rules, its own checks once calculated, and LibreOffice's second opinion."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from dhxl.errors import DhxlError, InputError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Model
from dhxl.hosts.libreoffice import recalculated
from dhxl.studies.faults import faults
from dhxl.studies.fingerprint import outdated_studies
from dhxl.studies.inputs import unmet_validations
from dhxl.studies.outputs import missing_outputs, published, solutions
from dhxl.studies.totals import ALERTS, CHECKS, labels, lit, read_cells, total
from dhxl.workbook.lint import RULES, Finding, lint
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.names import Reference, reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue

__all__ = ["CheckReport", "check"]

AGREEMENT: Final = 1e-9  # relative difference up to which two ways to the same number agree, §7 of docs/convention.md

_ADDRESSED: Final = re.compile(r"((?:'(?:[^']|'')+'|[^\s!']+)![A-Z]+\d+(?::[A-Z]+\d+)?)(.*?): (.*)", re.DOTALL)

_Values = Mapping[str, Mapping[tuple[int, int], Cell | CellValue]]
_Differing = tuple[Reference, Cell, Cell | CellValue]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a workbook.

    ``checks_total`` and ``alerts_total`` are None where it has no such totals or could not be calculated; ``alerts``
    are the addresses and labels of those that are on; ``compared`` counts the numbers that LibreOffice calculated
    too, None without it.
    """

    findings: tuple[Finding, ...]
    is_dhxl: bool
    checks_total: float | None
    alerts_total: float | None
    alerts: tuple[tuple[str, str], ...]
    compared: int | None
    notes: tuple[str, ...]
    seconds: float


def check(
    book: str | Path,
    *,
    second_engine: bool = False,
    ignored: Iterable[str] = (),
    progress: Callable[[str, float], None] | None = None,
) -> CheckReport:
    """Look a workbook through; nothing is written.

    Parameters
    ----------
    book : path
        Any .xlsx or .xlsm workbook. One of dhxl is also calculated, to look at its checks and alerts.
    second_engine : bool
        Whether LibreOffice calculates it too; every number must agree to 1e-9 of its size.
    ignored : iterable of str
        Rules that do not apply.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The file is no workbook, or LibreOffice is wanted and not there.
    InputError
        An ignored rule does not exist.
    """
    started = time.perf_counter()
    tell = progress or (lambda _step, _share: None)
    left_out = {rule.upper() for rule in ignored}
    if unknown := left_out - RULES.keys():
        raise InputError(f"there is no rule {', '.join(sorted(unknown))}; the rules are {', '.join(RULES)}")
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
    compared = None
    if second_engine:
        tell("LibreOffice", 0.0)
        compared, differing = _second_opinion(package)
        found += differing
    order = {sheet.name: number for number, sheet in enumerate(package.sheets)}
    kept = [finding for finding in found if finding.rule not in left_out]
    return CheckReport(
        findings=tuple(sorted(kept, key=lambda finding: order.get(finding.sheet, -1))),
        is_dhxl=is_dhxl,
        checks_total=results.checks_total,
        alerts_total=results.alerts_total,
        alerts=results.alerts,
        compared=compared,
        notes=(*results.notes, *outdated_studies(package)),
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


def _calculated(package: Package, tell: Callable[[float], None]) -> _Results:
    try:
        with Model(package) as model:
            model.calculate(lambda done, calls: tell(min(done / max(calls, 1), 1.0)))
            may_lack = [f"{one.name}_{k}" for k in solutions(package) for one in published(package) if one.may_lack]
            found = [_addressed("W602", sentence) for sentence in faults(model, may_lack)]
            found += [
                Finding("W601", place.sheet, place.address, f"the check '{label}' fails")
                for place, label in lit(model, CHECKS)
            ]
            found += _outdated(model)
            return _Results(
                tuple(found),
                total(model, CHECKS),
                total(model, ALERTS),
                labels(model, ALERTS),
                tuple(f"{address}: {reason}; not calculated" for address, reason in model.kept.items()),
            )
    except DhxlError as error:
        return _Results(tuple(Finding("W602", "", "", problem) for problem in error.problems))


def _outdated(model: Model) -> Iterator[Finding]:
    package = model.package
    names = [sheet.name for sheet in package.sheets if sheet.kind == "worksheet"]
    stored = {name: {at: cell.value for at, cell in package.cells(name).cells.items()} for name in names}
    old = [
        place for place, new, was in _differing(model, stored) if was is not None and place.address not in model.kept
    ]
    if old:
        shown = ", ".join(place.address for place in old[:3])
        rest = f" and {len(old) - 3} more" if len(old) > 3 else ""
        yield Finding("W603", "", "", f"stored results are not those that calculating gives: {shown}{rest}")


def _second_opinion(package: Package) -> tuple[int, list[Finding]]:
    """Return how many numbers LibreOffice calculated too, and where the two engines differ.

    Both calculate without the DH_ functions, so that saved results stand in for these on either side.
    """
    theirs = recalculated(package.container.raw, ".xlsm" if package.macros else ".xlsx")
    with Model(package, registered=False) as model:
        model.calculate()
        numbers = sum(type(value) is float for cells in model.values().values() for value in cells.values())
        found = []
        for place, ours, other in _differing(model, theirs):
            number = type(ours) is float or (type(other) is float and other != 0)  # a blank result counts as 0 there
            if number and place.address not in model.kept:
                text = f"is {_shown(ours)}, in LibreOffice {_shown(other)}"
                found.append(Finding("W604", place.sheet, place.address, text))
    return numbers, found


def _differing(model: Model, others: _Values) -> Iterator[_Differing]:
    """Yield the formulas' cells whose value is another than the calculated one, with both values.

    Numbers may differ by rounding: relative to the larger one, or to the largest number that the formula reads.
    """
    for sheet, cells in model.values().items():
        other_cells = others.get(sheet, {})
        for (row, col), ours in cells.items():
            other = other_cells.get((row, col))
            if not _agree(ours, other) and not _rounded(model, sheet, (row, col), ours, other):
                yield Reference(sheet, row, col, row, col), ours, other


def _agree(ours: Cell, other: Cell | CellValue) -> bool:
    if type(ours) is float and type(other) is float:
        return abs(ours - other) <= AGREEMENT * max(abs(ours), abs(other))
    if isinstance(ours, CellError):
        return getattr(other, "code", None) == ours.code
    return (ours in (None, "") and other in (None, "")) or (type(ours) is type(other) and ours == other)


def _rounded(model: Model, sheet: str, at: tuple[int, int], ours: Cell, other: Cell | CellValue) -> bool:
    if type(ours) is not float or type(other) is not float:
        return False
    areas = read_cells(model, sheet, *at)
    read = chain.from_iterable(chain.from_iterable(model.cells(area) for area in areas))
    largest = max((abs(value) for value in read if type(value) is float), default=0.0)
    return abs(ours - other) <= AGREEMENT * largest


def _shown(value: Cell | CellValue) -> str:
    if value is None:
        return "blank"
    if isinstance(value, str):
        return f"'{value}'"
    return value.code if isinstance(value, CellError) else f"{value}"


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
