"""A finding of the doctor: what was looked at, the verdict, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Verdict", "absent", "fine", "trouble", "warning"]

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
    """Return a finding that hinders something, not all."""
    return Finding(name, "warning", text, mend)


def trouble(name: str, text: str, mend: str) -> Finding:
    """Return a finding that keeps workbooks from working."""
    return Finding(name, "trouble", text, mend)


def absent(name: str, text: str, mend: str) -> Finding:
    """Return what is not on this machine."""
    return Finding(name, "not here", text, mend)
