"""What is asked of Windows itself, run against a registry in memory: elsewhere that code is never imported."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from dhxl.doctor import machine

SZ, EXPAND, BINARY, DWORD = 1, 2, 3, 4
VIEW_64 = 0x0100


class Winreg(ModuleType):
    """Keys as a table of path, each a table of name, value and type; asks for the view of 64 bits are counted."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "HKCU", "HKLM"
    KEY_READ, KEY_WRITE, KEY_WOW64_64KEY = 1, 2, VIEW_64
    REG_SZ, REG_EXPAND_SZ, REG_DWORD = SZ, EXPAND, DWORD
    HKEYType = object

    def __init__(self) -> None:
        super().__init__("winreg")
        self.stored: dict[str, dict[str, tuple[Any, int]]] = {
            "HKCU\\Environment": {"DHXL_PYTHON": ("%HOME%\\python.exe", EXPAND), "N": (7, DWORD)},
            "HKCU\\Environment\\Sub": {},
            "HKCU\\Items": {"1A": (b"\1\0", BINARY)},
        }
        self.closed = "HKLM\\Closed"

    @contextmanager
    def OpenKey(self, root: str, rest: str, _reserved: int, access: int) -> Iterator[str]:
        assert access & VIEW_64
        path = f"{root}\\{rest}"
        if path == self.closed:
            raise PermissionError(13, "Access is denied")
        if path not in self.stored:
            raise FileNotFoundError(2, "not found")
        yield path

    @contextmanager
    def CreateKeyEx(self, root: str, rest: str, _reserved: int, access: int) -> Iterator[str]:
        assert access & VIEW_64
        path = f"{root}\\{rest}"
        self.stored.setdefault(path, {})
        yield path

    def QueryValueEx(self, key: str, name: str) -> tuple[Any, int]:
        if name not in self.stored[key]:
            raise FileNotFoundError(2, "not found")
        return self.stored[key][name]

    def QueryInfoKey(self, key: str) -> tuple[int, int, int]:
        return len(self._below(key)), len(self.stored[key]), 0

    def EnumKey(self, key: str, number: int) -> str:
        return self._below(key)[number]

    def EnumValue(self, key: str, number: int) -> tuple[str, Any, int]:
        name, (value, kind) = list(self.stored[key].items())[number]
        return name, value, kind

    def SetValueEx(self, key: str, name: str, _reserved: int, kind: int, value: str) -> None:
        self.stored[key][name] = (value, kind)

    def DeleteValue(self, key: str, name: str) -> None:
        if name not in self.stored[key]:
            raise FileNotFoundError(2, "not found")
        del self.stored[key][name]

    def ExpandEnvironmentStrings(self, text: str) -> str:
        return text.replace("%HOME%", "C:\\Users\\ann")

    def _below(self, key: str) -> list[str]:
        return [path[len(key) + 1 :] for path in self.stored if path.startswith(f"{key}\\")]


@pytest.fixture
def winreg() -> Winreg:
    return Winreg()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch, winreg: Winreg) -> Any:
    """The module as Windows would import it."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    spec = importlib.util.spec_from_file_location("machine_on_windows", machine.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "machine_on_windows", module)
    spec.loader.exec_module(module)
    return module


def test_a_text_with_variables_is_read_with_these_put_in(windows: Any) -> None:
    registry = windows._registry()
    assert registry.value("HKCU\\Environment", "DHXL_PYTHON") == "C:\\Users\\ann\\python.exe"
    assert registry.values("HKCU\\Environment") == {"DHXL_PYTHON": "C:\\Users\\ann\\python.exe", "N": 7}


def test_what_is_not_there_is_none_and_what_may_not_be_read_is_an_error(windows: Any) -> None:
    registry = windows._registry()
    assert registry.value("HKCU\\Environment", "other") is None
    assert (registry.value("HKCU\\Nowhere", "x"), registry.values("HKCU\\Nowhere")) == (None, {})
    assert registry.keys("HKCU\\Nowhere") == ()
    for ask in (lambda: registry.value("HKLM\\Closed", "x"), lambda: registry.keys("HKLM\\Closed")):
        with pytest.raises(PermissionError):
            ask()


def test_keys_and_blocks_of_bytes_are_listed(windows: Any) -> None:
    registry = windows._registry()
    assert registry.keys("HKCU\\Environment") == ("Sub",)
    assert registry.values("HKCU\\Items") == {"1A": b"\1\0"}
    assert registry.value("HKCU\\Items", "1A") is None


def test_a_text_is_written_and_taken_away(windows: Any, winreg: Winreg) -> None:
    registry = windows._registry()
    registry.put("HKCU\\Environment", "DHXL_PYTHON", "D:\\python.exe")
    assert winreg.stored["HKCU\\Environment"]["DHXL_PYTHON"] == ("D:\\python.exe", SZ)
    registry.remove("HKCU\\Environment", "DHXL_PYTHON")
    registry.remove("HKCU\\Environment", "DHXL_PYTHON")
    registry.remove("HKCU\\Nowhere", "DHXL_PYTHON")
    assert "DHXL_PYTHON" not in winreg.stored["HKCU\\Environment"]


def test_running_programs_are_told_without_waiting_for_a_hung_one(
    windows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[object, ...]] = []
    user32 = SimpleNamespace(SendMessageTimeoutW=lambda *told: sent.append(told))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    windows._tell_all()
    assert sent[0][:5] == (0xFFFF, 0x001A, 0, "Environment", 0x0002)


def test_the_mark_of_a_file_stands_in_a_stream_of_its_own(windows: Any, tmp_path: Path) -> None:
    book = tmp_path / "town.xlsm"
    Path(f"{book}:Zone.Identifier").write_text("[ZoneTransfer]\r\nZoneId=3\r\n", encoding="utf-8")
    assert "ZoneId=3" in windows._zone(book)
    assert windows._zone(tmp_path / "other.xlsm") == ""


@pytest.mark.parametrize(("attributes", "online"), [(0x20, False), (0x20 | 0x400000, True), (0x1000, True)])
def test_files_on_demand_are_known_by_their_attributes(
    windows: Any, monkeypatch: pytest.MonkeyPatch, attributes: int, online: bool
) -> None:
    monkeypatch.setattr(Path, "stat", lambda _path: SimpleNamespace(st_file_attributes=attributes))
    assert windows._online(Path("town.xlsm")) is online


def test_this_machine_can_be_asked_for_everything() -> None:
    this = machine.this_machine()
    assert this.exists(this.python)
    assert this.head(this.python)
    assert (this.head(Path("/nowhere")), this.exists(Path("a\0b")), this.online(Path("/nowhere"))) == (
        b"",
        False,
        False,
    )
    assert this.has("dhxl")
