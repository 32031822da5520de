"""Texts compared without regard to case, and with ``*`` and ``?`` for any characters."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["lowered", "pattern"]


def lowered(text: str) -> str:
    """Return a text in small letters, character by character, so that no place in it shifts.

    Examples
    --------
    >>> lowered("WÄRME"), len(lowered("İ")), lowered("ẞ")
    ('wärme', 1, 'ß')
    """
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str] | None:
    """Return what a text with wildcards matches, in small letters; None where it holds none.

    ``~`` makes the character behind it stand for itself.

    Examples
    --------
    >>> bool(pattern("A?~**").fullmatch("ab*cd")), pattern("plain")
    (True, None)
    """
    if not any(char in text for char in "*?~"):
        return None
    parts = [""]
    low = lowered(text)
    at = 0
    while at < len(low):
        char = low[at]
        if char == "*":
            parts.append("")
        elif char == "~" and at + 1 < len(low):
            at += 1
            parts[-1] += re.escape(low[at])
        else:
            parts[-1] += "." if char == "?" else re.escape(char)
        at += 1
    if len(parts) == 1:
        return re.compile(parts[0], re.DOTALL)
    # what was found between two stars need never be looked for again further on: no backtracking into it
    between = "".join(f"(?>.*?{part})" for part in parts[1:-1] if part)
    return re.compile(f"{parts[0]}{between}.*{parts[-1]}", re.DOTALL)
