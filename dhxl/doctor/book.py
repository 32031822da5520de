"""What keeps one workbook from working in Excel: where it lies, its mark, its macros, settings and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath
from typing import Final

from dhxl.doctor.excel import disabled_items
from dhxl.doctor.findings import Finding, fine, trouble, warning
from dhxl.doctor.machine import WINDOWS, Machine
from dhxl.doctor.python import in_cloud
from dhxl.doctor.trust import marked_files_blocked, trusted
from dhxl.errors import WorkbookError
from dhxl.functions.stamp import functions_stamp
from dhxl.hosts.versions import is_newer
from dhxl.studies.freeze import AT
from dhxl.studies.outputs import missing_outputs
from dhxl.workbook.macro_free import custom_properties
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.sheets.hidden import INTERPRETER, SETTINGS
from dhxl.workbook.storage import refuse_if_open
from dhxl.workbook.vba_project import MacroState, macro_state, stale_modules

__all__ = ["book_findings"]

_FOREIGN_CALL: Final = re.compile(r"\]\s*'?!\s*DH_|\.xlam'?!\s*DH_", re.IGNORECASE)
_FROM_ELSEWHERE: Final = re.compile(r"ZoneId\s*=\s*[34]")  # the internet and restricted sites
_SERVER: Final = "USE UDF SERVER"  # without it a button starts Python anew each time
_MOST_SETTINGS: Final = 60


def book_findings(machine: Machine, book: Path, xlwings: str) -> Iterator[Finding]:
    """Yield the findings on a workbook; a damaged or missing one is a finding.

    Parameters
    ----------
    machine : Machine
        The machine.
    book : path
        The workbook.
    xlwings : str
        The version of xlwings that workbooks reach.
    """
    if machine.system == WINDOWS:
        yield from _place(machine, book)
    try:
        refuse_if_open(book)
    except WorkbookError as error:
        yield warning("book_open", str(error), "close it before dhxl run or dhxl upgrade; functions and buttons work")
    try:
        package = Package.open(book)
        state = macro_state(package)
    except WorkbookError as error:
        yield trouble("book", str(error), "name a workbook (.xlsx or .xlsm) that Excel opens without a repair")
        return
    if state is None:
        yield _without_macros(package, book)
    else:
        yield from _macros(xlwings, book, state, stale_modules(package) if state.dhxl else ())
    yield from _settings(package, book)
    yield from _calls(package)
    yield from _calculation(package)


def _without_macros(package: Package, book: Path) -> Finding:
    if AT in custom_properties(package):
        return fine("book_macros", f"{book.name} is a frozen copy for outsiders; dhxl thaw carries its inputs back")
    if missing_outputs(package):
        return warning(
            "book_macros",
            f"{book.name} is no workbook of dhxl: it lacks the names by which results are found",
            "dhxl new makes one; dhxl check looks any workbook through",
        )
    return warning(
        "book_macros",
        f"{book.name} holds no macros: it shows saved results, and native formulas are live",
        "calculate it with dhxl run, or make a workbook with macros with dhxl new",
    )


def _renewing(book: Path) -> str:
    return f'dhxl upgrade "{book}"' if " " in str(book) else f"dhxl upgrade {book}"


def _place(machine: Machine, book: Path) -> Iterator[Finding]:
    place = _spelled(book)
    by_trust = trusted(machine, place)
    if by_trust:
        yield fine("book_trusted", f"{book.name} lies in a trusted location: its macros run without asking")
    if by_trust or not _FROM_ELSEWHERE.search(machine.zone(book)):
        yield fine("mark_of_the_web", f"no mark of coming from elsewhere keeps macros of {book.name} from running")
    elif marked_files_blocked(machine):
        yield trouble(
            "mark_of_the_web",
            f"{book.name} came from the internet or by mail, so Excel blocks its macros",
            "in Explorer: right click, Properties, Unblock; files that dhxl new makes have no such mark",
        )
    else:
        yield warning(
            "mark_of_the_web",
            f"{book.name} came from the internet or by mail: Excel opens it in Protected View first",
            "Enable Editing, then Enable Content; or in Explorer: right click, Properties, Unblock",
        )
    server = place.drive.removeprefix("\\\\").partition("\\")[0] if place.drive.startswith("\\\\") else ""
    if "." in server and not by_trust:
        yield warning(
            "network",
            f"{book.name} lies on {server}, which Excel may take for a place in the internet (its name has dots) and "
            "block macros",
            "open it by the server's short name, keep it on this machine, or ask IT to list the server as intranet",
        )
    yield from _cloud(machine, book, place)
    if disabled_items(machine, book.name):
        yield trouble(
            "book_disabled",
            f"Excel has put {book.name} on its list of disabled items, after a crash perhaps",
            "File, Options, Add-ins, Manage: Disabled Items, Go: enable it",
        )


def _cloud(machine: Machine, book: Path, place: PureWindowsPath) -> Iterator[Finding]:
    if in_cloud(machine, place):
        yield warning(
            "cloud",
            f"{book.name} lies in OneDrive or SharePoint, which Excel knows by its web address",
            "functions and studies work there; frozen copies go to your documents. Else keep a copy on this machine",
        )
    if machine.online(book):
        yield warning(
            "online_only",
            f"the content of {book.name} is not on this machine, but in OneDrive",
            "in Explorer: right click, Always keep on this device",
        )


def _spelled(book: Path) -> PureWindowsPath:
    """Return where a workbook lies as Windows spells it, a server's name in place of the letter of its drive."""
    try:
        return PureWindowsPath(str(book.resolve()))
    except (OSError, RuntimeError):  # the latter where links lead in a circle, before Python 3.13
        return PureWindowsPath(str(book.absolute()))


def _macros(xlwings: str, book: Path, state: MacroState, stale: Sequence[str]) -> Iterator[Finding]:
    mend = _renewing(book)
    if not state.dhxl:
        yield trouble("book_macros", f"{book.name} holds no macros of dhxl", mend)
        return
    if is_newer(state.dhxl):
        mend = "pip install --upgrade dhxl"
    if xlwings and state.xlwings != xlwings:
        yield trouble(
            "book_xlwings",
            f"its macros are of xlwings {state.xlwings or '?'}, Python has {xlwings}; these must agree",
            mend,
        )
    else:
        yield fine("book_xlwings", f"the macros are of xlwings {state.xlwings}")
    if state.functions != functions_stamp():
        yield warning("book_functions", f"the macros know the functions of dhxl {state.dhxl}", mend)
    else:
        yield fine("book_functions", "the macros know all functions")
        if stale and state.xlwings == xlwings:
            yield warning(
                "book_modules",
                f"modules of dhxl differ from what it writes: {', '.join(stale)} (edited, or saved by LibreOffice)",
                mend,
            )
    yield fine("other_books", "each workbook reaches Python by itself, so opening another one does not disturb it")
    if not state.events:
        yield warning("book_events", "the workbook's own module does not call dhxl on opening and saving", mend)


def _settings(package: Package, book: Path) -> Iterator[Finding]:
    python_sheets = [sheet.name for sheet in package.sheets if sheet.name.endswith(".py")]
    if python_sheets:
        yield trouble(
            "book_sheets",
            f"the name of the sheet {python_sheets[0]} ends in .py, which xlwings takes for code that needs a licence",
            "rename the sheet",
        )
    if all(sheet.name.casefold() != SETTINGS for sheet in package.sheets):
        if package.macros:
            yield trouble(
                "book_settings",
                f"the hidden sheet {SETTINGS} is missing, so the macros do not know DHXL_PYTHON",
                _renewing(book),
            )
        return
    rows = package.values(Reference(SETTINGS, 1, 1, _MOST_SETTINGS, 2))
    known = {str(key).upper(): str(value or "") for key, value in rows if key is not None}
    python = known.get("INTERPRETER_WIN", "")
    if python.casefold() != INTERPRETER.casefold():
        told = f"names a Python of its own ({python})" if python else "names no Python"
        yield warning(
            "book_settings",
            f"the hidden sheet {SETTINGS} {told}, not the one of this machine",
            f"put {INTERPRETER} beside INTERPRETER_WIN there",
        )
    elif known.get(_SERVER, "").casefold() not in ("true", "1"):
        yield warning(
            "book_settings",
            f"the hidden sheet {SETTINGS} switches {_SERVER} off, so that each button starts Python anew",
            f"put True beside {_SERVER} there",
        )
    else:
        yield fine("book_settings", f"the hidden sheet {SETTINGS} names the Python of this machine")


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
