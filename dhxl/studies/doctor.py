"""What keeps workbooks from working in Excel on a machine: each trouble with a verdict and a remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import Final

from dhxl.core.dispatch.compiled import compiles
from dhxl.studies.doctor_book import book_findings
from dhxl.studies.findings import Finding, absent, fine, trouble, warning
from dhxl.studies.interpreter import ENVIRONMENT, VARIABLE, mac_script, recorded
from dhxl.studies.machine import MAC, WINDOWS, Machine

__all__ = ["examine"]

_OFFICE: Final = "Software\\Microsoft\\Office\\16.0\\Excel\\Security"
_POLICY: Final = "Software\\Policies\\Microsoft\\Office\\16.0\\Excel\\Security"
_EXCEL: Final = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
_PLATFORM: Final = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"
_BITNESS: Final = "HKLM\\SOFTWARE\\Microsoft\\Office\\16.0\\Outlook"
_RULES: Final = (
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules",
    "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules",
)
_CHILDREN: Final = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_CALLS: Final = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
_BLOCKS: Final = "1"
_STORE: Final = "windowsapps"
_SIGNED_ONLY, _NO_MACROS = 3, 4


def examine(machine: Machine, book: Path | None = None) -> tuple[Finding, ...]:
    """Return the findings on a machine, and on a workbook where one is given.

    Raises
    ------
    WorkbookError
        The workbook cannot be read.
    """
    found = [*_python(machine)]
    if machine.system == WINDOWS:
        found += [finding for check in _WINDOWS_CHECKS for finding in check(machine)]
    elif machine.system == MAC:
        found += _mac(machine)
    else:
        found.append(
            absent(
                "excel", f"Excel does not run on {machine.system}", "calculate workbooks with dhxl run, or LibreOffice"
            )
        )
    if book is not None:
        found += book_findings(machine, book)
    return tuple(found)


def _python(machine: Machine) -> Iterator[Finding]:
    yield fine("python", f"Python {sys.version.split()[0]} at {machine.python}")
    if machine.system in (WINDOWS, MAC) and not machine.xlwings:
        yield trouble("xlwings", "xlwings is not installed", "pip install dhxl[excel]")
    elif machine.xlwings:
        yield fine("xlwings", f"xlwings {machine.xlwings}")
    if compiles():
        yield fine("compiled", "the dispatch is compiled")
    else:
        yield warning("compiled", "the dispatch is not compiled: a year with a store takes seconds", "dhxl setup")


def _excel(machine: Machine) -> Iterator[Finding]:
    place = _excel_place(machine)
    if not place:
        yield absent(
            "excel",
            "Excel is not on this machine",
            "install the desktop version of Microsoft 365 or Excel 2016 to 2024",
        )
    elif _STORE in place.lower():
        yield trouble(
            "store_office",
            f"Excel comes from the Microsoft Store ({place}), which cannot start Python (Could not activate Python COM "
            "server)",
            "uninstall it and install Office from office.com",
        )
    else:
        yield fine("excel", f"Excel, {_bits(machine)} bits, at {place}")


def _store_python(machine: Machine) -> Iterator[Finding]:
    if _STORE in str(machine.python).lower():
        yield trouble(
            "store_python",
            f"this Python comes from the Microsoft Store ({machine.python}), whose programs Excel cannot start",
            "install Python from python.org, then pip install dhxl and dhxl setup there",
        )
    else:
        yield fine("store_python", "Python is not from the Microsoft Store")


def _com(machine: Machine) -> Iterator[Finding]:
    if all(map(machine.has, ("win32api", "pythoncom"))):
        yield fine("com", "pywin32 is installed")
    else:
        yield trouble(
            "com",
            "pywin32 is missing, so Python cannot answer Excel (Could not activate Python COM server)",
            "pip install --force-reinstall pywin32",
        )


def _library(machine: Machine) -> Iterator[Finding]:
    """Look for the library that xlwings' module loads: beside python.exe, or one folder up in a virtual environment."""
    if not machine.xlwings:
        return
    name = f"xlwings{_bits(machine)}-{machine.xlwings}.dll"
    folder = machine.python.parent
    if any(machine.exists(place / name) for place in (folder, folder.parent)):
        yield fine("library", f"{name} is beside Python")
    else:
        yield trouble(
            "library",
            f"{name} is not in {folder}, nor one folder up: pip install --user puts it elsewhere, and virus scanners "
            "remove it",
            "install into a virtual environment (py -m venv dhxl) or for all users; ask IT to release the file",
        )


def _recorded(machine: Machine) -> Iterator[Finding]:
    known = recorded(machine)
    if not known:
        yield trouble("interpreter", "workbooks do not know where Python is", "dhxl setup")
    elif not machine.exists(Path(known)):
        yield trouble("interpreter", f"workbooks look for Python at {known}, which is gone", "dhxl setup")
    elif PureWindowsPath(known) != PureWindowsPath(str(machine.python)):
        yield warning(
            "interpreter", f"workbooks use another Python: {known}", "dhxl setup in the one that they should use"
        )
    else:
        yield fine("interpreter", f"workbooks find Python at {known}")
    if known and machine.environment.get(VARIABLE) != known:
        yield warning(
            "restart",
            f"{VARIABLE} in {ENVIRONMENT} is newer than this window",
            "close all windows of Excel, and this one, and open them anew",
        )


def _macros(machine: Machine) -> Iterator[Finding]:
    registry = machine.registry
    for path, owner in ((f"HKCU\\{_POLICY}", "your firm's rules"), (f"HKCU\\{_OFFICE}", "Excel's settings")):
        state = registry.value(path, "VBAWarnings")
        if state is None:
            continue
        if state in (_SIGNED_ONLY, _NO_MACROS):
            allowed = "only signed macros" if state == _SIGNED_ONLY else "no macros"
            yield trouble(
                "macros",
                f"{owner} allow {allowed}",
                "put workbooks into a trusted location (File, Options, Trust Center, Trusted Locations)"
                + (", which IT has to allow" if owner.startswith("your") else "")
                + "; without macros dhxl run calculates",
            )
            return
    trusted = [
        str(registry.value(f"HKCU\\{_OFFICE}\\Trusted Locations\\{key}", "Path") or "")
        for key in registry.keys(f"HKCU\\{_OFFICE}\\Trusted Locations")
    ]
    yield fine("macros", f"macros run after Enable Content, without asking in {len(trusted)} trusted locations")


def _rules(machine: Machine) -> Iterator[Finding]:
    blocked = [
        rule
        for rule in (_CHILDREN, _CALLS)
        if any(str(machine.registry.value(path, one)) == _BLOCKS for path in _RULES for one in (rule, rule.upper()))
    ]
    words = {_CHILDREN: "Office may start no other programs", _CALLS: "macros may not call Windows"}
    if blocked:
        yield trouble(
            "defender",
            "rules of Microsoft Defender (attack surface reduction) block it: "
            + ", ".join(f"{words[rule]} ({rule})" for rule in blocked),
            f"ask IT for an exception for {machine.python}; dhxl run calculates workbooks without Excel meanwhile",
        )
    else:
        yield fine("defender", "no rule of Microsoft Defender against it is known here")


def _project_access(_machine: Machine) -> Iterator[Finding]:
    yield fine("project_access", "Trust access to the VBA project object model is not needed; leave it off")


def _mac(machine: Machine) -> Iterator[Finding]:
    if machine.exists(Path("/Applications/Microsoft Excel.app")):
        yield fine("excel", "Excel is in /Applications")
    else:
        yield absent("excel", "Excel is not in /Applications", "install it, or calculate with dhxl run")
    known = recorded(machine)
    if known == str(machine.python):
        yield fine("interpreter", f"workbooks find Python at {known}")
    else:
        yield trouble("interpreter", f"workbooks do not use this Python (recorded: {known or 'none'})", "dhxl setup")
    script = mac_script(machine)
    if machine.exists(script):
        yield fine("script", "Excel may start xlwings' script")
    else:
        yield trouble("script", f"{script.name} is not where Excel may start it", "dhxl setup")
    yield warning("functions", "DH_ functions in cells need Excel on Windows", "press Recalculate, or use dhxl run")


def _excel_place(machine: Machine) -> str:
    places = (machine.registry.value(f"{root}\\{_EXCEL}", "") for root in ("HKCU", "HKLM"))
    return next((str(place).strip('"') for place in places if place), "")


def _bits(machine: Machine) -> int:
    platform = machine.registry.value(_PLATFORM, "Platform") or machine.registry.value(_BITNESS, "Bitness")
    if platform is None and "(x86)" in _excel_place(machine):
        return 32
    return 32 if platform == "x86" else 64


_WINDOWS_CHECKS: Final[tuple[Callable[[Machine], Iterator[Finding]], ...]] = (
    _excel,
    _store_python,
    _com,
    _library,
    _recorded,
    _macros,
    _rules,
    _project_access,
)
