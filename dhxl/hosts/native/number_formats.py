"""Number formats as read: sections with their conditions, each a row of parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dhxl.hosts.native.values import VALUE, Wrong

__all__ = ["NumberFormat", "Part", "Section", "number_format"]

_COLOURS: Final = frozenset({"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"})
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)")
_ELAPSED: Final = re.compile(r"hh?|mm?|ss?", re.IGNORECASE)
_CURRENCY: Final = re.compile(r"\$([^-\]]*)(?:-([0-9A-Fa-f]+))?")
_RUNS: Final = re.compile(r"y+|m+|d+|h+|s+|e+|b+", re.IGNORECASE)
_HALVES: Final = re.compile(r"am/pm|a/p", re.IGNORECASE)
_SYSTEM: Final = (0xF400, 0xF800)  # the long date and the time of the machine's settings


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section.

    ``kind`` is one of ``text`` (shown as it is), ``digit`` (``0``, ``#`` or ``?``), ``.``, ``,``, ``%``, ``/``, ``E``
    (with its sign), ``@``, ``general``, ``date`` (letters, in small ones), ``elapsed`` and ``half`` (AM/PM as typed).
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between semicolons: parts, the condition if any, and the language of months and days."""

    parts: tuple[Part, ...]
    condition: tuple[str, float] | None
    language: int

    @property
    def is_date(self) -> bool:
        """Return whether it shows a date or time."""
        return any(part.kind in ("date", "elapsed", "half") for part in self.parts)

    def has(self, kind: str) -> bool:
        """Return whether there is a part of a kind."""
        return any(part.kind == kind for part in self.parts)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Sections for numbers, and the one for texts if there is one."""

    numbers: tuple[Section, ...]
    text: Section | None


@lru_cache(maxsize=512)
def number_format(code: str) -> NumberFormat:
    """Return a number format.

    Raises
    ------
    Wrong
        Excel would not take it (``#VALUE!``).

    Examples
    --------
    >>> [len(section.parts) for section in number_format('0.00" EUR";[Red]-0').numbers]
    [5, 2]
    """
    sections: list[Section] = []
    at = 0
    while True:
        section, at = _section(code, at)
        sections.append(section)
        if at >= len(code):
            break
        at += 1
    if len(sections) > 4:
        raise Wrong(VALUE)
    if len(sections) == 4 or sections[-1].has("@"):
        return NumberFormat(tuple(sections[:-1]), sections[-1])
    return NumberFormat(tuple(sections), None)


def _section(code: str, at: int) -> tuple[Section, int]:
    """Return the section that begins in a place, and where it ends."""
    parts: list[Part] = []
    condition: tuple[str, float] | None = None
    language = 0
    while at < len(code) and code[at] != ";":
        char = code[at]
        if char == "[":
            end = code.find("]", at)
            if end < 0:
                raise Wrong(VALUE)
            inner = code[at + 1 : end]
            at = end + 1
            if found := _CONDITION.fullmatch(inner):
                condition = found[1], float(found[2])
            elif found := _CURRENCY.fullmatch(inner):
                language = int(found[2] or "0", 16) & 0xFFFF or language
                if language in _SYSTEM:
                    raise Wrong(VALUE)
                if found[1]:
                    parts.append(Part("text", found[1]))
            elif _ELAPSED.fullmatch(inner):
                parts.append(Part("elapsed", inner.lower()))
            elif inner.lower() not in _COLOURS and not re.fullmatch(r"color ?[0-9]{1,2}", inner.lower()):
                raise Wrong(VALUE)
            continue
        part, at = _part(code, at)
        if part is not None:
            parts.append(part)
    return Section(tuple(parts), condition, language), at


def _part(code: str, at: int) -> tuple[Part | None, int]:
    char = code[at]
    if char == '"':
        end = code.find('"', at + 1)
        if end < 0:
            raise Wrong(VALUE)
        return (Part("text", code[at + 1 : end]) if end > at + 1 else None), end + 1
    if char in "\\_*":
        if at + 1 >= len(code):
            raise Wrong(VALUE)
        # a space as wide as a character; what fills the width of a cell fills nothing in a text
        shown = {"\\": code[at + 1], "_": " ", "*": ""}[char]
        return (Part("text", shown) if shown else None), at + 2
    if char in "0#?":
        return Part("digit", char), at + 1
    if char in ".,%@":
        return Part(char, char), at + 1
    if code[at : at + 7].lower() == "general":
        return Part("general", ""), at + 7
    if found := _HALVES.match(code, at):
        return Part("half", found[0]), found.end()
    if char in "eE" and code[at + 1 : at + 2] in ("+", "-"):
        return Part("E", code[at + 1]), at + 2
    if re.match(r"[bB][12]", code[at : at + 2]):  # the calendars of Islam
        raise Wrong(VALUE)
    if found := _RUNS.match(code, at):
        return Part("date", found[0].lower()), found.end()
    if char == "/":
        return Part("/", "/"), at + 1
    # A letter twice is a day or year of another language, as in TT.MM.JJJJ: shown as it is, it would be a wrong date
    if char in "gGnN" or (char.isalpha() and code[at + 1 : at + 2].lower() == char.lower()):
        raise Wrong(VALUE)
    return Part("text", char), at + 1
