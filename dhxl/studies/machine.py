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

from dhxl.workbook.vba import xlwings_version

__all__ = ["MAC", "WINDOWS", "Machine", "NoRegistry", "Registry", "this_machine"]

WINDOWS: Final = "Windows"
MAC: Final = "Darwin"
_SETTING_CHANGED: Final = 0x001A  # WM_SETTINGCHANGE, to all windows (HWND_BROADCAST), without waiting for a hung one
_EVERYBODY: Final = 0xFFFF
_ABORT_IF_HUNG: Final = 0x0002
_WAIT_MS: Final = 2000


class Registry(Protocol):
    r"""The settings of Windows, by path such as ``HKCU\Environment``."""

    def value(self, path: str, name: str) -> str | int | None:
        """Return a value, None where there is none or it may not be read."""

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

    ``has`` tells whether a module can be imported; ``zone`` reads the mark that Windows gives files from elsewhere;
    ``tell_all`` tells running programs that settings have changed.
    """

    system: str
    python: Path
    home: Path
    environment: Mapping[str, str]
    registry: Registry
    xlwings: str
    has: Callable[[str], bool]
    zone: Callable[[Path], str]
    exists: Callable[[Path], bool]
    tell_all: Callable[[], None]


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    return Machine(
        system=platform.system(),
        python=Path(sys.executable),
        home=Path.home(),
        environment=dict(os.environ),
        registry=_registry(),
        xlwings=xlwings_version(),
        has=lambda name: importlib.util.find_spec(name) is not None,
        zone=_zone,
        exists=Path.exists,
        tell_all=_tell_all,
    )


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
                    found = winreg.QueryValueEx(key, name)[0]
            except OSError:
                return None
            return found if isinstance(found, (str, int)) else None

        def keys(self, path: str) -> tuple[str, ...]:
            names = []
            with suppress(OSError), self._open(path, winreg.KEY_READ) as key:
                while True:
                    names.append(winreg.EnumKey(key, len(names)))
            return tuple(names)

        def put(self, path: str, name: str, value: str) -> None:
            root, _, rest = path.partition("\\")
            with winreg.CreateKeyEx(_ROOTS[root], rest, 0, winreg.KEY_WRITE) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

        def remove(self, path: str, name: str) -> None:
            with suppress(FileNotFoundError), self._open(path, winreg.KEY_WRITE) as key:
                winreg.DeleteValue(key, name)

        @staticmethod
        def _open(path: str, access: int) -> winreg.HKEYType:
            root, _, rest = path.partition("\\")
            return winreg.OpenKey(_ROOTS[root], rest, 0, access | winreg.KEY_WOW64_64KEY)
