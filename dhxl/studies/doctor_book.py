"""What keeps one workbook from working in Excel: where it lies, its mark, its macros and its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Final

from dhxl.functions.stamp import functions_stamp
from dhxl.studies.findings import Finding, fine, trouble, warning
from dhxl.studies.machine import WINDOWS, Machine
from dhxl.workbook.package import Package
from dhxl.workbook.vba_project import MacroState, macro_state

__all__ = ["book_findings"]

_CLOUDS: Final = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_FOREIGN_CALL: Final = re.compile(r"\]\s*'?!\s*DH_|\.xlam'?!\s*DH_", re.IGNORECASE)
_FROM_ELSEWHERE: Final = re.compile(r"ZoneId\s*=\s*[34]")  # the internet and restricted sites


def book_findings(machine: Machine, book: Path) -> Iterator[Finding]:
    """Yield the findings on a workbook.

    Raises
    ------
    WorkbookError
        It cannot be read.
    """
    package = Package.open(book)
    if machine.system == WINDOWS:
        yield from _mark(machine, book)
    yield from _cloud(machine, book)
    state = macro_state(package)
    if state is None:
        yield warning(
            "book_macros",
            f"{book.name} holds no macros: it shows saved results, and native formulas are live",
            "calculate it with dhxl run, or make a workbook with macros with dhxl new",
        )
    else:
        yield from _macros(machine, book, state)
    yield from _settings(package)
    yield from _calls(package)
    yield from _calculation(package)


def _mark(machine: Machine, book: Path) -> Iterator[Finding]:
    if _FROM_ELSEWHERE.search(machine.zone(book)):
        yield trouble(
            "mark_of_the_web",
            f"{book.name} came from the internet or by mail, so Excel blocks its macros",
            "in Explorer: right click, Properties, Unblock; files that dhxl new makes have no such mark",
        )
    else:
        yield fine("mark_of_the_web", f"{book.name} has no mark of coming from elsewhere")


def _cloud(machine: Machine, book: Path) -> Iterator[Finding]:
    place = str(book.absolute())
    folders = [machine.environment[name] for name in _CLOUDS if machine.environment.get(name)]
    if any(PureWindowsPath(place).is_relative_to(PureWindowsPath(folder)) for folder in folders):
        yield warning(
            "cloud",
            f"{book.name} lies in OneDrive or SharePoint, which Excel knows by its web address",
            "functions and studies work there; frozen copies go to your documents. Else keep a copy on this machine",
        )


def _macros(machine: Machine, book: Path, state: MacroState) -> Iterator[Finding]:
    mend = f"dhxl upgrade {book}"
    if not state.dhxl:
        yield trouble("book_macros", f"{book.name} holds no macros of dhxl", mend)
        return
    if machine.xlwings and state.xlwings != machine.xlwings:
        yield trouble(
            "book_xlwings",
            f"its macros are of xlwings {state.xlwings or '?'}, installed is {machine.xlwings}; these must agree",
            mend,
        )
    else:
        yield fine("book_xlwings", f"the macros are of xlwings {state.xlwings}")
    if state.functions != functions_stamp():
        yield warning("book_functions", f"the macros know the functions of dhxl {state.dhxl}", mend)
    else:
        yield fine("book_functions", "the macros know all functions")
    yield fine("other_books", "each workbook reaches Python by itself, so opening another one does not disturb it")
    if not state.events:
        yield warning("book_events", "the workbook's own module does not call dhxl on opening and saving", mend)


def _settings(package: Package) -> Iterator[Finding]:
    if any(sheet.name.casefold() == "xlwings.conf" for sheet in package.sheets):
        yield fine("book_settings", "the hidden sheet xlwings.conf is there")
    elif package.macros:
        yield trouble(
            "book_settings",
            "the hidden sheet xlwings.conf is missing, so the macros do not know DHXL_PYTHON",
            "copy it from a workbook made with dhxl new (Move or Copy), or start from such a workbook",
        )


def _calls(package: Package) -> Iterator[Finding]:
    wrong = [
        f"{sheet.name}!R{row}C{col}"
        for sheet in package.sheets
        if sheet.kind == "worksheet"
        for (row, col), cell in package.cells(sheet.name).cells.items()
        if cell.formula and _FOREIGN_CALL.search(cell.formula)
    ]
    if wrong:
        yield trouble(
            "add_in_paths",
            f"{len(wrong)} formulas call DH_ functions of another file, first {wrong[0]}",
            "replace the path before DH_ by nothing (Ctrl+H); functions live in the workbook",
        )
    else:
        yield fine("add_in_paths", "no formula calls functions of another file")


def _calculation(package: Package) -> Iterator[Finding]:
    settings = package.calculation
    if settings.get("calcMode") == "manual":
        yield warning(
            "calculation", "the workbook calculates only on demand", "Formulas, Calculation Options, Automatic"
        )
    elif settings.get("fullCalcOnLoad") in ("1", "true"):
        yield warning(
            "calculation",
            "the workbook calculates everything each time it is opened, every function included",
            "save it once from Excel, or with dhxl run",
        )
    else:
        yield fine("calculation", "opening the workbook calculates nothing anew")
