"""Where workbooks find Python: recorded once on a machine, and taken back.

On Windows the workbook's settings name the environment variable DHXL_PYTHON, so one file fits every machine. On a Mac
xlwings reads a file of settings in the folder of Excel, which other workbooks may use, too; what stood there before is
kept and comes back, and what was set or put there by somebody else stays.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Final, TypeVar

from dhxl.doctor.machine import MAC, WINDOWS, Machine
from dhxl.errors import WorkbookError

__all__ = [
    "ENVIRONMENT",
    "FOR_ALL",
    "VARIABLE",
    "Recorded",
    "everybodys",
    "forget_interpreter",
    "mac_script",
    "record_interpreter",
    "recorded",
]

T = TypeVar("T")

VARIABLE: Final = "DHXL_PYTHON"
ENVIRONMENT: Final = "HKCU\\Environment"
FOR_ALL: Final = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
_MAC_FOLDER: Final = Path("Library/Containers/com.microsoft.Excel/Data")
_MAC_SCRIPTS: Final = Path("Library/Application Scripts/com.microsoft.Excel")
_MAC_KEY: Final = "INTERPRETER_MAC"
_KEPT: Final = "DHXL_FORMER_INTERPRETER_MAC"
_OURS: Final = "DHXL_INTERPRETER_MAC"
_SCRIPT: Final = "DHXL_SCRIPT"  # names the script that was put for Excel, if it was not there before
_MACROS: Final = (
    "Open a workbook and choose Enable Content; or put workbooks into a trusted location (File, Options, Trust Center, "
    "Trusted Locations), where nothing is asked.\n"
    "Files from mail or the internet: right click, Properties, Unblock.\n"
    "'Trust access to the VBA project object model' is not needed.\n"
    "dhxl doctor looks for what else keeps workbooks from working."
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was done: whether anything changed, where it stands, and what the user should do next."""

    changed: bool
    place: str
    advice: str


def recorded(machine: Machine) -> str:
    """Return the Python that workbooks find on a machine, nothing where none is recorded.

    On Windows what the account has set goes before what is set for all users.
    """
    if machine.system == WINDOWS:
        return str(machine.registry.value(ENVIRONMENT, VARIABLE) or "") or everybodys(machine)
    return _mac_settings(machine).get(_MAC_KEY, "") if machine.system == MAC else ""


def everybodys(machine: Machine) -> str:
    """Return the Python that IT has recorded for all users of a Windows machine, nothing where there is none."""
    return str(machine.registry.value(FOR_ALL, VARIABLE) or "")


def record_interpreter(machine: Machine) -> Recorded:
    """Record the Python that runs as the one that workbooks use.

    Raises
    ------
    WorkbookError
        The settings cannot be written.
    """
    if machine.system == WINDOWS:
        return _record_windows(machine)
    if machine.system != MAC:
        return Recorded(
            False,
            "",
            f"Excel does not run on {machine.system}, so nothing was recorded for workbooks; calculate them with dhxl "
            "run.",
        )
    if not machine.exists(machine.home / _MAC_FOLDER):
        return Recorded(
            False,
            "",
            "Excel was never started here: start it once, close it, run dhxl setup again; or use dhxl run.",
        )
    python = str(machine.python)
    settings = _mac_settings(machine)
    former = settings.get(_MAC_KEY, "")
    wanted = dict(settings)
    if former != python:
        if former and former != settings.get(_OURS):
            wanted[_KEPT] = former
        wanted |= {_MAC_KEY: python, _OURS: python}
    if _written(lambda: _put_mac_script(machine)):
        wanted[_SCRIPT] = mac_script(machine).name
    if wanted != settings:
        _written(lambda: _write_mac(machine, wanted))
    return Recorded(
        wanted != settings,
        f"{_mac_file(machine)} = {python}",
        "Close Excel and start it anew. Buttons work on a Mac, DH_ functions in cells do not: press Recalculate, or "
        "use dhxl run. macOS may ask once whether Excel may start the script; allow it.",
    )


def forget_interpreter(machine: Machine) -> Recorded:
    """Take back what :func:`record_interpreter` recorded.

    Raises
    ------
    WorkbookError
        The settings cannot be written.
    """
    if machine.system == WINDOWS:
        return _forget_windows(machine)
    settings = _mac_settings(machine) if machine.system == MAC else {}
    ours = settings.get(_OURS, "")
    if not ours and _SCRIPT not in settings:
        return Recorded(False, "", "Nothing was recorded for workbooks.")
    left = {name: value for name, value in settings.items() if name not in (_OURS, _KEPT, _SCRIPT)}
    advice = "Workbooks show their saved results once Excel is started anew."
    if settings.get(_MAC_KEY, "") == ours:
        left.pop(_MAC_KEY, None)
        if _KEPT in settings:
            left[_MAC_KEY] = settings[_KEPT]
            advice = f"Workbooks use {settings[_KEPT]} again, as before."
    else:
        advice = f"Another Python was recorded since ({settings.get(_MAC_KEY, '')}); it stays."
    _written(lambda: _write_mac(machine, left))
    if _SCRIPT in settings:
        _written(lambda: _take_mac_script(machine, settings[_SCRIPT]))
    return Recorded(True, str(_mac_file(machine)), advice)


def mac_script(machine: Machine) -> Path:
    """Return where macOS lets Excel start a script of xlwings."""
    return machine.home / _MAC_SCRIPTS / f"xlwings-{machine.xlwings}.applescript"


def _record_windows(machine: Machine) -> Recorded:
    python, former = str(machine.python), _read(lambda: recorded(machine))
    changed = PureWindowsPath(former) != PureWindowsPath(python)
    if changed:
        _written(lambda: machine.registry.put(ENVIRONMENT, VARIABLE, python))
        machine.tell_all()
    before = f" (before: {former})" if changed and former else ""
    return Recorded(
        changed,
        f"environment variable {VARIABLE} of your account = {python}{before}"
        if changed or python != _read(lambda: everybodys(machine))
        else f"environment variable {VARIABLE} for all users = {python}",
        ("Close all windows of Excel and start it anew.\n" if changed else "") + _MACROS,
    )


def _forget_windows(machine: Machine) -> Recorded:
    own = str(_read(lambda: machine.registry.value(ENVIRONMENT, VARIABLE)) or "")
    left = _read(lambda: everybodys(machine))
    if not own:
        told = f"Nothing was recorded for your account; for all users it is {left}, which only IT changes."
        return Recorded(False, "", told if left else "Nothing was recorded for workbooks.")
    _written(lambda: machine.registry.remove(ENVIRONMENT, VARIABLE))
    machine.tell_all()
    shown = f"use {left}, which is recorded for all users," if left else "show their saved results"
    return Recorded(
        True,
        f"environment variable {VARIABLE} of your account (was {own})",
        f"Workbooks {shown} once Excel is started anew.",
    )


def _mac_file(machine: Machine) -> Path:
    return machine.home / _MAC_FOLDER / "xlwings.conf"


def _mac_settings(machine: Machine) -> dict[str, str]:
    """Return the settings in the form of xlwings: a name and a value in quotes on each line."""
    try:
        text = _mac_file(machine).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if len(row) == 2}


def _write_mac(machine: Machine, settings: dict[str, str]) -> None:
    file = _mac_file(machine)
    if not settings:
        file.unlink(missing_ok=True)
        return
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(settings.items())
    file.write_text(text.getvalue(), encoding="utf-8")


def _shipped_script(machine: Machine) -> Path | None:
    place = importlib.util.find_spec("xlwings")
    source = Path(place.origin).with_name(mac_script(machine).name) if place and place.origin else None
    return source if source and source.exists() else None


def _put_mac_script(machine: Machine) -> bool:
    target, source = mac_script(machine), _shipped_script(machine)
    if machine.exists(target) or source is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return True


def _take_mac_script(machine: Machine, name: str) -> None:
    """Remove a script that was put for Excel; a name is all that is believed of what the settings say."""
    place = machine.home / _MAC_SCRIPTS / Path(name).name
    if place.suffix == ".applescript" and place.name.startswith("xlwings-"):
        place.unlink(missing_ok=True)


def _read(look: Callable[[], T]) -> T:
    try:
        return look()
    except OSError as error:
        raise WorkbookError(f"the settings for Excel cannot be read ({error.strerror or error})") from error


def _written(write: Callable[[], T]) -> T:
    try:
        return write()
    except OSError as error:
        raise WorkbookError(f"the settings for Excel cannot be written ({error.strerror or error})") from error
