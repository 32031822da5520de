"""Where workbooks find Python: recorded once on a machine, and taken back.

On Windows the workbook's settings name the environment variable DHXL_PYTHON, so one file fits every machine. On a Mac
xlwings reads a file of settings in the folder of Excel, which other workbooks may use, too; what stood there before is
kept and comes back.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from dhxl.errors import WorkbookError
from dhxl.studies.machine import MAC, WINDOWS, Machine

__all__ = ["ENVIRONMENT", "VARIABLE", "Recorded", "forget_interpreter", "mac_script", "record_interpreter", "recorded"]

T = TypeVar("T")

VARIABLE: Final = "DHXL_PYTHON"
ENVIRONMENT: Final = "HKCU\\Environment"
_MAC_FOLDER: Final = Path("Library/Containers/com.microsoft.Excel/Data")
_MAC_SCRIPTS: Final = Path("Library/Application Scripts/com.microsoft.Excel")
_MAC_KEY: Final = "INTERPRETER_MAC"
_KEPT: Final = "DHXL_FORMER_INTERPRETER_MAC"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was done: whether anything changed, where it stands, and what the user should do next."""

    changed: bool
    place: str
    advice: str


def recorded(machine: Machine) -> str:
    """Return the Python that workbooks find on a machine, nothing where none is recorded."""
    if machine.system == WINDOWS:
        return str(machine.registry.value(ENVIRONMENT, VARIABLE) or "")
    return _mac_settings(machine).get(_MAC_KEY, "") if machine.system == MAC else ""


def record_interpreter(machine: Machine) -> Recorded:
    """Record the Python that runs as the one that workbooks use.

    Raises
    ------
    WorkbookError
        The settings cannot be written.
    """
    python = str(machine.python)
    changed = recorded(machine) != python
    if machine.system == WINDOWS:
        if changed:
            _written(lambda: machine.registry.put(ENVIRONMENT, VARIABLE, python))
            machine.tell_all()
        return Recorded(
            changed,
            f"environment variable {VARIABLE} of your account = {python}",
            "Close all windows of Excel and start it anew. Then open a workbook and choose Enable Content "
            "(or put workbooks into a trusted location: File, Options, Trust Center, Trusted Locations).",
        )
    if machine.system == MAC:
        settings = _mac_settings(machine)
        former = settings.get(_MAC_KEY, "")
        if changed:
            kept = {_KEPT: former} if former and _KEPT not in settings else {}
            _written(lambda: _write_mac(machine, {**settings, **kept, _MAC_KEY: python}))
        return Recorded(
            _written(lambda: _put_mac_script(machine)) or changed,
            f"{_mac_file(machine)} = {python}",
            "Buttons work on a Mac, DH_ functions in cells do not: press Recalculate, or use dhxl run.",
        )
    return Recorded(False, "", f"Excel does not run on {machine.system}; workbooks are calculated with dhxl run.")


def forget_interpreter(machine: Machine) -> Recorded:
    """Take back what :func:`record_interpreter` recorded.

    Raises
    ------
    WorkbookError
        The settings cannot be written.
    """
    had = bool(recorded(machine))
    if machine.system == WINDOWS and had:
        _written(lambda: machine.registry.remove(ENVIRONMENT, VARIABLE))
        machine.tell_all()
    if machine.system == MAC and had:
        settings = _mac_settings(machine)
        former = settings.pop(_KEPT, "")
        settings.pop(_MAC_KEY, None)
        _written(lambda: _write_mac(machine, {**settings, **({_MAC_KEY: former} if former else {})}))
    if not had:
        return Recorded(False, "", "Nothing was recorded for workbooks.")
    place = f"environment variable {VARIABLE}" if machine.system == WINDOWS else str(_mac_file(machine))
    return Recorded(True, place, "Workbooks show their saved results once Excel is started anew.")


def mac_script(machine: Machine) -> Path:
    """Return where macOS lets Excel start a script of xlwings."""
    return machine.home / _MAC_SCRIPTS / f"xlwings-{machine.xlwings}.applescript"


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
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(settings.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.getvalue(), encoding="utf-8")


def _put_mac_script(machine: Machine) -> bool:
    target, place = mac_script(machine), importlib.util.find_spec("xlwings")
    if machine.exists(target) or place is None or place.origin is None:
        return False
    source = Path(place.origin).with_name(target.name)
    if not source.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return True


def _written(write: Callable[[], T]) -> T:
    try:
        return write()
    except OSError as error:
        raise WorkbookError(f"the settings for Excel cannot be written ({error.strerror or error})") from error
