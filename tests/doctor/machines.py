"""Machines that are not this one, for tests of what depends on Excel, Windows and macOS."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from dhxl.doctor.examine import examine
from dhxl.doctor.findings import Finding
from dhxl.doctor.interpreter import ENVIRONMENT, VARIABLE
from dhxl.doctor.machine import MAC, WINDOWS, Machine, NoRegistry
from dhxl.doctor.trial import Trial
from dhxl.functions.stamp import functions_stamp

PYTHON = "C:/Users/ann/dhxl/Scripts/python.exe"
EXCEL = "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE"
APP_PATH = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
SECURITY = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Security"
POLICY = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Excel\\Security"
RULES = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
LOCAL_RULES = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
INTUNE = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Policy Manager"
CLOUD_POLICY = "HKCU\\Software\\Policies\\Microsoft\\Cloud"
COMMON_LOCATIONS = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Common\\Security\\Trusted Locations"
COMMAND_WINDOW = "HKCU\\Software\\Policies\\Microsoft\\Windows\\System"
DISABLED = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Resiliency\\DisabledItems"
PACKAGES = (
    "HKCU\\Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppModel\\"
    "Repository\\Packages"
)
PLATFORM = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"
LIBRARIES = ("C:/Users/ann/dhxl/xlwings64-0.37.8.dll", "C:/Users/ann/dhxl/xlwings32-0.37.8.dll")


class FakeRegistry:
    """The registry as a table of path and name; paths are compared as Windows does, without their case."""

    def __init__(self, values: Mapping[tuple[str, str], str | int | bytes]) -> None:
        self.stored = {self._key(*key): value for key, value in values.items()}

    @staticmethod
    def _key(path: str, name: str) -> tuple[str, str]:
        return path.casefold(), name.casefold()

    def value(self, path: str, name: str) -> str | int | None:
        found = self.stored.get(self._key(path, name))
        return None if isinstance(found, bytes) else found

    def values(self, path: str) -> Mapping[str, str | int | bytes]:
        return {name: value for (key, name), value in self.stored.items() if key == path.casefold()}

    def keys(self, path: str) -> tuple[str, ...]:
        start = path.casefold() + "\\"
        return tuple(
            dict.fromkeys(key[len(start) :].partition("\\")[0] for key, _ in self.stored if key.startswith(start))
        )

    def put(self, path: str, name: str, value: str) -> None:
        self.stored[self._key(path, name)] = value

    def remove(self, path: str, name: str) -> None:
        self.stored.pop(self._key(path, name), None)


def sound(python: str = "3.12.4", **changes: Any) -> Trial:
    """Return the answer of a Python that has all that workbooks need, but for what is changed."""
    told = {"dhxl": metadata.version("dhxl"), "xlwings": "0.37.8", "functions": functions_stamp()}
    return Trial(python, **{**told, **changes})


def program(kind: int) -> bytes:
    """Return the header of a Windows program for a kind of processor."""
    return b"MZ".ljust(0x3C, b"\0") + (0x40).to_bytes(4, "little") + b"PE\0\0" + kind.to_bytes(2, "little")


def windows(registry: Mapping[tuple[str, str], str | int | bytes] | None = None, **changes: Any) -> Machine:
    """Return a Windows machine on which all is well, but for what is changed."""
    values: dict[tuple[str, str], str | int | bytes] = {
        (APP_PATH, ""): EXCEL,
        (PLATFORM, "Platform"): "x64",
        (ENVIRONMENT, VARIABLE): PYTHON,
        **(registry or {}),
    }
    files = {PYTHON, EXCEL, *LIBRARIES}
    facts: dict[str, Any] = {
        "system": WINDOWS,
        "python": Path(PYTHON),
        "origin": Path("C:/Python312"),
        "home": Path("C:/Users/ann"),
        "environment": {VARIABLE: PYTHON},
        "registry": FakeRegistry(values),
        "xlwings": "0.37.8",
        "has": lambda _name: True,
        "zone": lambda _path: "",
        "exists": lambda path: path.as_posix() in files,
        "head": lambda path: b"" if path.suffix == ".EXE" else b"MZ",
        "online": lambda _path: False,
        "tried": lambda *_: sound(),
        "tell_all": lambda: None,
    }
    return Machine(**{**facts, **changes})


def mac(home: Path, **changes: Any) -> Machine:
    """Return a Mac whose files are the real ones below a folder."""
    facts: dict[str, Any] = {
        "system": MAC,
        "python": Path("/usr/local/bin/python3"),
        "origin": Path("/usr/local"),
        "home": home,
        "environment": {},
        "registry": NoRegistry(),
        "xlwings": "0.37.8",
        "has": lambda _name: True,
        "zone": lambda _path: "",
        "exists": Path.exists,
        "head": lambda _path: b"",
        "online": lambda _path: False,
        "tried": lambda *_: sound(),
        "tell_all": lambda: None,
    }
    return Machine(**{**facts, **changes})


def found(machine: Machine, name: str, book: Path | None = None) -> Finding:
    """Return the finding of a name."""
    return next(finding for finding in examine(machine, book) if finding.name == name)


def location(folder: str, key: str = SECURITY, **values: int) -> dict[tuple[str, str], str | int | bytes]:
    """A trusted location in the registry."""
    place = f"{key}\\Trusted Locations\\Location7"
    return {(place, "Path"): folder, **{(place, name): value for name, value in values.items()}}
