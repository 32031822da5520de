"""What a machine is like, as far as workbooks in Excel depend on it; a test puts another one in its place."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from dhxl.doctor.trial import Trial, tried
from dhxl.workbook.vba import xlwings_version

__all__ = ["MAC", "WINDOWS", "Machine", "NoRegistry", "Registry", "this_machine"]

WINDOWS: Final = "Windows"
MAC: Final = "Darwin"
_SETTING_CHANGED: Final = 0x001A  # WM_SETTINGCHANGE, to all windows (HWND_BROADCAST), without waiting for a hung one
_EVERYBODY: Final = 0xFFFF
_ABORT_IF_HUNG: Final = 0x0002
_WAIT_MS: Final = 2000
_HEAD: Final = 4096  # bytes, enough for the header that says what a program was built for
# of a file that OneDrive keeps online: offline, recall on open, recall on data access
_ONLINE: Final = 0x1000 | 0x40000 | 0x400000


class Registry(Protocol):
    r"""The settings of Windows, by path such as ``HKCU\Environment``; OSError where they may not be read."""

    def value(self, path: str, name: str) -> str | int | None:
        """Return a text or a number, None where there is none."""

    def values(self, path: str) -> Mapping[str, str | int | bytes]:
        """Return what stands under a key, by name."""

    def keys(self, path: str) -> tuple[str, ...]:
        """Return the names of the keys under one."""

    def put(self, path: str, name: str, value: str) -> None:
        """Write a text."""

    def remove(self, path: str, name: str) -> None:
        """Remove a value, if it is there."""


class NoRegistry:
    """The settings of a system that has none."""

    def value(self, path: str, name: str) -> str | int | None:
        """Return nothing."""

    def values(self, path: str) -> Mapping[str, str | int | bytes]:
        """Return nothing."""
        return {}

    def keys(self, path: str) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def put(self, path: str, name: str, value: str) -> None:
        """Do nothing."""

    def remove(self, path: str, name: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Machine:
    """A machine: its system, the Python that runs, where things stand, and what is installed.

    ``origin`` is the folder of the Python that a virtual environment was made of, else that of Python itself; ``has``
    tells whether a module can be imported; ``zone`` reads the mark that Windows gives files from elsewhere; ``head``
    reads the beginning of a file, nothing where it cannot; ``online`` tells whether OneDrive keeps a file's content
    elsewhere; ``tried`` starts a Python as Excel would and asks it for the modules that workbooks need; ``tell_all``
    tells running programs that settings have changed.
    """

    system: str
    python: Path
    origin: Path
    home: Path
    environment: Mapping[str, str]
    registry: Registry
    xlwings: str
    has: Callable[[str], bool]
    zone: Callable[[Path], str]
    exists: Callable[[Path], bool]
    head: Callable[[Path], bytes]
    online: Callable[[Path], bool]
    tried: Callable[[str, tuple[str, ...], Mapping[str, str]], Trial]
    tell_all: Callable[[], None]


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    return Machine(
        system=platform.system(),
        python=Path(sys.executable),
        origin=Path(sys.base_prefix),
        home=Path.home(),
        environment=dict(os.environ),
        registry=_registry(),
        xlwings=xlwings_version(),
        has=lambda name: importlib.util.find_spec(name) is not None,
        zone=_zone,
        exists=_exists,
        head=_head,
        online=_online,
        tried=tried,
        tell_all=_tell_all,
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe may never answer
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _online(path: Path) -> bool:
    try:
        return bool(getattr(path.stat(), "st_file_attributes", 0) & _ONLINE)
    except OSError:
        return False


def _zone(path: Path) -> str:
    """Return what Windows has noted of where a file came from; it stands in a stream of the file's own."""
    if sys.platform != "win32":
        return ""
    try:
        return Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _tell_all() -> None:
    """Tell running programs that environment variables have changed, so that Excel started next knows them."""
    if sys.platform == "win32":
        ctypes.windll.user32.SendMessageTimeoutW(
            _EVERYBODY, _SETTING_CHANGED, 0, "Environment", _ABORT_IF_HUNG, _WAIT_MS, None
        )


def _registry() -> Registry:
    if sys.platform == "win32":
        return _WindowsRegistry()
    return NoRegistry()


if sys.platform == "win32":
    import winreg
    from contextlib import suppress

    _ROOTS: Final = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}

    class _WindowsRegistry:
        """The registry, read as programs of 64 bits see it."""

        def value(self, path: str, name: str) -> str | int | None:
            try:
                with self._open(path, winreg.KEY_READ) as key:
                    found = self._filled(*winreg.QueryValueEx(key, name))
            except FileNotFoundError:
                return None
            return found if isinstance(found, (str, int)) else None

        def values(self, path: str) -> Mapping[str, str | int | bytes]:
            found: dict[str, str | int | bytes] = {}
            with suppress(FileNotFoundError), self._open(path, winreg.KEY_READ) as key:
                for number in range(winreg.QueryInfoKey(key)[1]):
                    name, stored, kind = winreg.EnumValue(key, number)
                    value = self._filled(stored, kind)
                    if isinstance(value, (str, int, bytes)):
                        found[name] = value
            return found

        def keys(self, path: str) -> tuple[str, ...]:
            with suppress(FileNotFoundError), self._open(path, winreg.KEY_READ) as key:
                return tuple(winreg.EnumKey(key, number) for number in range(winreg.QueryInfoKey(key)[0]))
            return ()

        def put(self, path: str, name: str, value: str) -> None:
            root, _, rest = path.partition("\\")
            with winreg.CreateKeyEx(_ROOTS[root], rest, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

        def remove(self, path: str, name: str) -> None:
            with suppress(FileNotFoundError), self._open(path, winreg.KEY_WRITE) as key:
                winreg.DeleteValue(key, name)

        @staticmethod
        def _filled(value: object, kind: int) -> object:
            """Return a value as programs get it, with the variables of a text put in that is stored with such."""
            if kind == winreg.REG_EXPAND_SZ and isinstance(value, str):
                return winreg.ExpandEnvironmentStrings(value)
            return value

        @staticmethod
        def _open(path: str, access: int) -> winreg.HKEYType:
            root, _, rest = path.partition("\\")
            return winreg.OpenKey(_ROOTS[root], rest, 0, access | winreg.KEY_WOW64_64KEY)
