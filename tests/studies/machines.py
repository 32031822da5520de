"""Machines that are not this one, for tests of what depends on Excel, Windows and macOS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dhxl.studies.interpreter import ENVIRONMENT, VARIABLE
from dhxl.studies.machine import MAC, WINDOWS, Machine, NoRegistry

PYTHON = "C:/Users/ann/dhxl/Scripts/python.exe"
EXCEL = "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE"
APP_PATH = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
SECURITY = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Security"
POLICY = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Excel\\Security"
RULES = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
PLATFORM = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"
LIBRARIES = ("C:/Users/ann/dhxl/xlwings64-0.37.8.dll", "C:/Users/ann/dhxl/xlwings32-0.37.8.dll")


class FakeRegistry:
    """The registry as a table of path and name; paths are compared as Windows does, without their case."""

    def __init__(self, values: Mapping[tuple[str, str], str | int]) -> None:
        self.values = {self._key(*key): value for key, value in values.items()}

    @staticmethod
    def _key(path: str, name: str) -> tuple[str, str]:
        return path.casefold(), name.casefold()

    def value(self, path: str, name: str) -> str | int | None:
        return self.values.get(self._key(path, name))

    def keys(self, path: str) -> tuple[str, ...]:
        start = path.casefold() + "\\"
        return tuple(dict.fromkeys(key[len(start) :] for key, _ in self.values if key.startswith(start)))

    def put(self, path: str, name: str, value: str) -> None:
        self.values[self._key(path, name)] = value

    def remove(self, path: str, name: str) -> None:
        self.values.pop(self._key(path, name), None)


def windows(registry: Mapping[tuple[str, str], str | int] | None = None, **changes: Any) -> Machine:
    """Return a Windows machine on which all is well, but for what is changed."""
    values: dict[tuple[str, str], str | int] = {
        (APP_PATH, ""): EXCEL,
        (PLATFORM, "Platform"): "x64",
        (ENVIRONMENT, VARIABLE): PYTHON,
        **(registry or {}),
    }
    files = {PYTHON, *LIBRARIES}
    facts: dict[str, Any] = {
        "system": WINDOWS,
        "python": Path(PYTHON),
        "home": Path("C:/Users/ann"),
        "environment": {VARIABLE: PYTHON},
        "registry": FakeRegistry(values),
        "xlwings": "0.37.8",
        "has": lambda _name: True,
        "zone": lambda _path: "",
        "exists": lambda path: path.as_posix() in files,
        "tell_all": lambda: None,
    }
    return Machine(**{**facts, **changes})


def mac(home: Path, **changes: Any) -> Machine:
    """Return a Mac whose files are the real ones below a folder."""
    facts: dict[str, Any] = {
        "system": MAC,
        "python": Path("/usr/local/bin/python3"),
        "home": home,
        "environment": {},
        "registry": NoRegistry(),
        "xlwings": "0.37.8",
        "has": lambda _name: True,
        "zone": lambda _path: "",
        "exists": Path.exists,
        "tell_all": lambda: None,
    }
    return Machine(**{**facts, **changes})
