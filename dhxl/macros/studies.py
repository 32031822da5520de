"""Buttons that calculate: the whole workbook, and the studies that have an area on its sheet Sensitivity.

Each saves a copy of the open workbook, calculates the copy without Excel, and writes what is new into the open one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xlwings import Book

from dhxl.macros.desk import Desk, run_macro
from dhxl.macros.results import changed_constants
from dhxl.studies.outputs import solutions
from dhxl.studies.presets import solutions_with_store
from dhxl.studies.renewal import write_presets
from dhxl.studies.run import RunReport, run
from dhxl.workbook.package import Package
from dhxl.workbook.study_areas import BREAK_EVEN, PREFIX, STORAGE, TAX, TITLES, TORNADO, area

__all__ = ["recalculate", "run_sensitivity", "storage_sweep", "tornado"]

_SAVED: Final = ("saved_", "log_messages")


def recalculate(book: Book | None = None, copy: str | None = None) -> None:
    """Calculate the workbook; where Excel does not reach the functions, it then shows these results as saved ones."""

    def work(desk: Desk) -> str:
        with desk.copy() as path:
            result = _beside(path)
            report = run(path, result, desk.progress)
            rows = changed_constants(Package.open(path), Package.open(result), *_SAVED)
        desk.write(rows)
        desk.book.app.calculate()
        return _told(report, renewed=bool(rows))

    run_macro(work, book, copy)


def run_sensitivity(book: Book | None = None, copy: str | None = None) -> None:
    """Calculate payback against electricity charges and the break-even charges of two solutions."""

    def chosen(package: Package) -> tuple[str, ...]:
        return (TAX, BREAK_EVEN) if len(solutions(package)) > 1 else (TAX,)

    _run_presets(chosen, book, copy)


def tornado(book: Book | None = None, copy: str | None = None) -> None:
    """Calculate how far the NPV of each solution moves with each of the main drivers."""
    _run_presets(lambda _: (TORNADO,), book, copy)


def storage_sweep(book: Book | None = None, copy: str | None = None) -> None:
    """Calculate the boilers' share and the NPV against the size of the heat store."""
    _run_presets(lambda package: (STORAGE,) if solutions_with_store(package) else (), book, copy)


def _run_presets(chosen: Callable[[Package], tuple[str, ...]], book: Book | None, copy: str | None) -> None:
    def work(desk: Desk) -> str:
        started = time.perf_counter()
        with desk.copy() as path:
            package, result = Package.open(path), _beside(path)
            studies = chosen(package)
            if not studies:
                return "No solution has a heat store: give one a volume on sheet Plant first."
            write_presets(path, result, studies=studies, workers=None, progress=desk.progress)
            rows = changed_constants(package, Package.open(result), PREFIX)
            sheet = package.resolve(area(studies[0])).sheet
        desk.write(rows)
        desk.show(sheet)
        titles = " and ".join([TITLES[studies[0]], *(TITLES[one][:1].lower() + TITLES[one][1:] for one in studies[1:])])
        seconds = time.perf_counter() - started
        return f"{titles}: {f'written ({seconds:.0f} s).' if rows else 'these results stand there already.'}"

    run_macro(work, book, copy)


def _beside(path: Path) -> Path:
    return path.with_name(f"result{path.suffix}")


def _told(report: RunReport, *, renewed: bool) -> str:
    saved = "The saved results are renewed." if renewed else "The saved results were up to date."
    lines = [f"Calculated in {report.seconds:.0f} s. {saved}"]
    lines.append(f"Checks failed: {report.checks_total:.0f}   Alerts: {report.alerts_total:.0f} (sheet Checks)")
    if report.notes:
        lines.append(f"Messages on sheet Log: {len(report.notes)}")
    return "\n".join(lines)
