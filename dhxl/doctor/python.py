"""Which Python workbooks start on a machine, and whether it answers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import Final

from dhxl.doctor.excel import excel_bits, expanded
from dhxl.doctor.findings import Finding, fine, trouble, warning
from dhxl.doctor.interpreter import ENVIRONMENT, FOR_ALL, VARIABLE, everybodys, recorded
from dhxl.doctor.machine import WINDOWS, Machine
from dhxl.doctor.trial import Trial
from dhxl.functions.stamp import functions_stamp

__all__ = ["answer", "answer_finding", "called", "in_cloud", "python_findings"]

_CLOUDS: Final = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_STORE: Final = "windowsapps"
_MODULES: Final = ("dhxl.hosts.excel", "dhxl.macros")
_COM: Final = ("pythoncom", "pywintypes", "xlwings.com_server")  # by which Python answers Excel on Windows
_ACTIVATED: Final = ("PYTHON", "CONDA", "VIRTUAL_ENV", "_CONDA")  # variables of a window, which Excel does not know


def answer(machine: Machine) -> Trial | None:
    """Return what the Python answers that workbooks start; None where none is recorded or it is gone."""
    known = recorded(machine)
    if not known or not machine.exists(Path(known)):
        return None
    modules = _MODULES + _COM if machine.system == WINDOWS else _MODULES
    return machine.tried(known, modules, _excels_environment(machine))


def python_findings(machine: Machine, told: Trial | None) -> Iterator[Finding]:
    """Yield what is found of the Python that workbooks start on Windows.

    Parameters
    ----------
    machine : Machine
        The machine.
    told : Trial, optional
        What that Python answered.
    """
    known = recorded(machine)
    yield from _recorded(machine, known)
    yield from answer_finding(machine, known, told)
    yield from _store(machine, known)
    yield from _com(machine)
    yield from _library(machine, known, told)
    folder = PureWindowsPath(known or str(machine.python)).parent
    if in_cloud(machine, folder):
        yield warning(
            "python_cloud",
            f"Python lies in OneDrive ({folder}): it may start slowly, and be locked while files are compared",
            "make it anew outside: " + _anew(machine),
        )
    if not str(folder).isascii():
        yield warning(
            "python_letters",
            f"the path {folder} holds letters beyond plain ones, with which xlwings may not find its library",
            "if functions do not answer, make Python anew in a folder such as C:\\dhxl (py -m venv C:\\dhxl)",
        )


def answer_finding(machine: Machine, known: str, told: Trial | None) -> Iterator[Finding]:
    """Yield whether the Python that workbooks start has what they need."""
    if told is None:
        return
    if told.slow:
        yield warning(
            "answer",
            f"the Python of workbooks gave {told.problem}; a virus scanner may look at every file of it",
            "try again; if it stays so, ask IT to except the folder of that Python",
        )
    elif told.problem:
        yield trouble(
            "answer",
            f"the Python of workbooks does not start dhxl ({told.problem})",
            _mend(machine, known, told.problem),
        )
    elif told.functions != functions_stamp() or told.dhxl != metadata.version("dhxl"):
        yield warning(
            "answer",
            f"the Python of workbooks has dhxl {told.dhxl}, this one {metadata.version('dhxl')}",
            "dhxl setup, if workbooks should use this one",
        )
    else:
        yield fine(
            "answer", f"Python {told.python} starts as from Excel, with dhxl {told.dhxl} and xlwings {told.xlwings}"
        )


def called(python: object) -> str:
    """Return a program as a command line takes it."""
    return f'"{python}"' if " " in str(python) else str(python)


def in_cloud(machine: Machine, place: PureWindowsPath) -> bool:
    """Return whether a place lies in a folder that OneDrive keeps in step."""
    folders = [machine.environment[name] for name in _CLOUDS if machine.environment.get(name)]
    return any(place.is_relative_to(PureWindowsPath(folder)) for folder in folders)


def _recorded(machine: Machine, known: str) -> Iterator[Finding]:
    name = PureWindowsPath(known).name.lower()
    if not known:
        yield trouble("interpreter", "workbooks do not know where Python is", "dhxl setup")
    elif '"' in known or known != known.strip():
        yield trouble(
            "interpreter",
            f"{VARIABLE} is {known}; Excel takes the quotation marks or spaces around it for a part of the name",
            "dhxl setup",
        )
    elif not PureWindowsPath(known).is_absolute():
        yield trouble("interpreter", f"{VARIABLE} is {known}, which is no full path", "dhxl setup")
    elif not machine.exists(Path(known)):
        yield trouble("interpreter", f"workbooks look for Python at {known}, which is gone", "dhxl setup")
    elif not name.startswith("python"):
        yield trouble("interpreter", f"workbooks would start {known}, which is no Python", "dhxl setup")
    elif name.startswith("pythonw"):
        yield warning("interpreter", f"{known} shows no message of what goes wrong", "dhxl setup")
    elif PureWindowsPath(known) != PureWindowsPath(str(machine.python)):
        yield warning(
            "interpreter", f"workbooks use another Python: {known}", "dhxl setup in the one that they should use"
        )
    else:
        all_users = " (set for all users)" if known == everybodys(machine) else ""
        yield fine("interpreter", f"workbooks find Python at {known}{all_users}")
    if known and machine.environment.get(VARIABLE) != known:
        yield warning(
            "restart",
            f"{VARIABLE} in {ENVIRONMENT} is newer than this window",
            "close all windows of Excel, and this one, and open them anew",
        )


def _store(machine: Machine, known: str) -> Iterator[Finding]:
    here = str(machine.python)
    python = next((one for one in (known, here) if _STORE in one.lower()), "")
    if python:
        yield trouble(
            "store_python",
            f"Python at {python} comes from the Microsoft Store; Excel does not find xlwings' library there",
            "install Python from python.org, then: " + _anew(machine),
        )
    elif _STORE in str(machine.origin).lower():
        yield warning(
            "store_python",
            f"this environment was made of the Python of the Microsoft Store ({machine.origin}), which Excel may not "
            "be able to start",
            "if functions do not answer, install Python from python.org, then: " + _anew(machine),
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
            _pywin32(machine, str(machine.python)),
        )


def _library(machine: Machine, known: str, told: Trial | None) -> Iterator[Finding]:
    """Look for the library that xlwings' module loads: beside python.exe, or one folder up in a virtual environment."""
    version = (told.xlwings if told else "") or machine.xlwings
    if not version:
        return
    name = f"xlwings{excel_bits(machine)}-{version}.dll"
    python = Path(known) if known and machine.exists(Path(known)) else machine.python
    place = next((one / name for one in python.parents[:2] if machine.exists(one / name)), None)
    by_user = Path(machine.environment.get("APPDATA", "")) / "Python" / name
    if place is None and machine.exists(by_user):
        yield trouble(
            "library",
            f"{name} is in {by_user.parent}, where Excel does not look: pip has installed for you alone, as it does "
            "where Python's own folder is not yours to write into",
            "install into an environment of your own: " + _anew(machine),
        )
    elif place is None:
        yield trouble(
            "library",
            f"{name} is not in {python.parent}, nor one folder up; a virus scanner may have removed it",
            f"{called(python)} -m pip install --force-reinstall --no-deps xlwings=={version}; if it goes again, ask IT "
            "to release the file",
        )
    elif not machine.head(place):
        yield trouble(
            "library", f"{place} cannot be read; a virus scanner may hold it back", "ask IT to release the file"
        )
    elif "ZoneId=3" in machine.zone(place):
        yield warning(
            "library",
            f"{place} is marked as coming from the internet, for which Windows may not load it",
            f"in PowerShell: Unblock-File '{place}'",
        )
    else:
        yield fine("library", f"{name} is beside Python")


def _excels_environment(machine: Machine) -> dict[str, str]:
    """Return the variables that a program knows which is started from the desktop, not from an activated window."""
    if machine.system != WINDOWS:
        return dict(machine.environment)
    kept = {name: value for name, value in machine.environment.items() if not name.upper().startswith(_ACTIVATED)}
    stored: dict[str, str] = {}
    for path in (FOR_ALL, ENVIRONMENT):
        for name, value in machine.registry.values(path).items():
            text = expanded(machine, str(value))
            stored[name.upper()] = f"{stored['PATH']};{text}" if name.upper() == "PATH" and "PATH" in stored else text
    own = {name: value for name, value in stored.items() if name == "PATH" or name.startswith("PYTHON")}
    return {name: value for name, value in kept.items() if name.upper() not in own} | own


def _mend(machine: Machine, python: str, problem: str) -> str:
    low = problem.lower()
    if "no python at" in low:
        return f"the Python that this environment was made of is gone; make it anew: {_anew(machine)}"
    if "no module named 'dhxl'" in low:
        return f"{called(python)} -m pip install dhxl, or dhxl setup in the Python that has it"
    if "no module named 'dhxl." in low:
        return f"it holds an older dhxl: {called(python)} -m pip install --upgrade dhxl"
    if "gen_py" in low or "clsidto" in low:
        return "close Excel and delete the folder %TEMP%\\gen_py, which Python makes anew"
    if "no module named 'xlwings" in low:
        return f"{called(python)} -m pip install dhxl[excel]"
    if any(name in low for name in ("pywin32", "pywintypes", "pythoncom", "win32")):
        return _pywin32(machine, python)
    if "dll load failed" in low:
        return (
            "libraries of Python are missing or were removed: make Python anew "
            f"({_anew(machine)}); a virus scanner, or a missing Microsoft Visual C++ Redistributable, may be behind it"
        )
    return f"{called(python)} -m pip install --upgrade --force-reinstall dhxl; if Windows forbids the program, ask IT"


def _pywin32(machine: Machine, python: str) -> str:
    if machine.exists(machine.origin / "conda-meta"):
        return "conda install --force-reinstall pywin32"
    return f"{called(python)} -m pip install --force-reinstall pywin32"


def _anew(machine: Machine) -> str:
    """Return the commands that make a Python of the user's own, for which nobody's permission is needed."""
    folder = f"{machine.home}\\dhxl-python"
    python = f'"{folder}\\Scripts\\python"' if " " in folder else f"{folder}\\Scripts\\python"
    call = "& " if python.startswith('"') else ""
    return f'py -m venv "{folder}"; {call}{python} -m pip install dhxl; {call}{python} -m dhxl setup (in PowerShell)'
