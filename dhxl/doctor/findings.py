"""A finding of the doctor: what was looked at, the verdict, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from dhxl.errors import DhxlError

__all__ = ["Finding", "Verdict", "absent", "fine", "looked", "trouble", "warning"]

Verdict = Literal["ok", "warning", "trouble", "not here"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at (``name``), how it stands, and what mends it."""

    name: str
    verdict: Verdict
    text: str
    mend: str = ""


def fine(name: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(name, "ok", text)


def warning(name: str, text: str, mend: str) -> Finding:
    """Return a finding that hinders something, not all, or that may hinder."""
    return Finding(name, "warning", text, mend)


def trouble(name: str, text: str, mend: str) -> Finding:
    """Return a finding that keeps workbooks from working."""
    return Finding(name, "trouble", text, mend)


def absent(name: str, text: str, mend: str) -> Finding:
    """Return what is not on this machine."""
    return Finding(name, "not here", text, mend)


def looked(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield the findings of a check; where it may not look, a finding that says so."""
    try:
        yield from check()
    except (OSError, ValueError, DhxlError) as error:
        reason = getattr(error, "strerror", None) or error
        yield warning(name, f"this could not be looked at ({reason})", "ask IT, who may read the settings of Windows")
