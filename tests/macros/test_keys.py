"""Esc as the systems tell of it; their libraries are stand-ins here."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from dhxl.macros.keys import watch_escape

EXCEL, OTHER = 11, 12


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return what the user does: the process in front, and whether Esc was pressed since the last question."""
    user = SimpleNamespace(front=EXCEL, escape=False)

    def process_of(_window: int, answer: Any) -> int:
        answer._obj.value = user.front
        return 1

    def key(code: int) -> int:
        assert code == 0x1B
        pressed, user.escape = user.escape, False
        return 1 if pressed else 0

    user32 = SimpleNamespace(GetForegroundWindow=lambda: 1, GetWindowThreadProcessId=process_of, GetAsyncKeyState=key)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", {"user32": user32}.__getitem__, raising=False)
    return user


def test_esc_counts_on_windows_while_excel_is_in_front(windows: SimpleNamespace) -> None:
    pressed = watch_escape(EXCEL)
    assert not pressed()
    windows.escape = True
    assert pressed()
    assert not pressed()


def test_esc_in_another_program_does_not_count(windows: SimpleNamespace) -> None:
    pressed = watch_escape(EXCEL)
    windows.escape, windows.front = True, OTHER
    assert not pressed()


def test_esc_before_the_button_does_not_count(windows: SimpleNamespace) -> None:
    windows.escape = True
    assert not watch_escape(EXCEL)()


def test_esc_is_asked_for_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    def state(source: int, key: int) -> bool:
        return (source, key) == (0, 0x35)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: name)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(CGEventSourceKeyState=state))
    assert watch_escape(EXCEL)()


def test_a_system_that_cannot_tell_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not watch_escape(EXCEL)()
