"""Dates and times written by the parts of a number format."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from dhxl.hosts.native.dates import LAST_DAY, days_1904, ymd
from dhxl.hosts.native.number_formats import Part, Section
from dhxl.hosts.native.values import VALUE, Wrong

__all__ = ["moment_in_section"]

_MONTHS: Final[dict[int, tuple[str, ...]]] = {  # by the primary language of the locale
    0x09: ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
    0x07: ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
    0x0C: ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    0x10: ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
           "novembre", "dicembre"),
}  # fmt: skip
_DAYS: Final[dict[int, tuple[str, ...]]] = {
    0x09: ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    0x07: ("Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
    0x0C: ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
    0x10: ("domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"),
}  # fmt: skip
_ENGLISH: Final = 0x09
_BUDDHIST: Final = 543  # years before the year 1


def moment_in_section(number: float, section: Section, *, date1904: bool) -> str:
    """Return a point of time as a section shows it.

    Parameters
    ----------
    number : float
        Days as the workbook counts them.
    section : Section
        The section.
    date1904 : bool
        Whether the workbook has the 1904 date system, which knows negative times.

    Raises
    ------
    Wrong
        There is no such point of time, or the format asks for what no date has (``#VALUE!``).
    """
    sign = ""
    if number < 0:
        if not date1904:
            raise Wrong(VALUE)
        sign, number = "-", -number
    pieces = _pieces(section.parts)
    scale = 10 ** max((len(piece.text) - 1 for piece in pieces if piece.kind == "."), default=0)
    ticks = math.floor(number * 86_400 * scale + 0.5)
    total, ticks = divmod(ticks, scale)
    day = total // 86_400 + days_1904(date1904)
    if day > LAST_DAY:
        raise Wrong(VALUE)
    language = section.language & 0x3FF or _ENGLISH
    halves = any(piece.kind == "half" for piece in pieces)
    elapsed = {piece.text[0] for piece in pieces if piece.kind == "elapsed"}
    fraction = f"{ticks:0{len(str(scale)) - 1}d}" if scale > 1 else ""
    shown = []
    for piece in pieces:
        if piece.kind == "text":
            shown.append(piece.text)
        elif piece.kind == ".":
            shown.append("." + fraction[: len(piece.text) - 1])
        elif piece.kind == "half":
            word = piece.text.upper() if len(piece.text) > 3 else piece.text
            half = word.split("/")[total // 43_200 % 2]
            shown.append(half)
        elif piece.kind == "elapsed" or piece.text[0].replace("n", "m") in elapsed & {"h", "s"}:
            unit = {"h": 3600, "m": 60, "s": 1}[piece.text[0]]
            shown.append(f"{total // unit:0{len(piece.text)}d}")
        else:
            shown.append(_letters(piece.text, total, day, language, halves=halves))
    return sign + "".join(shown)


def _pieces(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with minutes told from months (``n`` for minutes) and decimals of seconds in one piece."""
    pieces: list[Part] = []
    for part in parts:
        if part.kind == "digit":
            if part.text != "0" or not pieces or pieces[-1].kind != ".":
                raise Wrong(VALUE)
            pieces[-1] = Part(".", pieces[-1].text + "0")
        elif part.kind in ("date", "elapsed", "half", "text", "."):
            pieces.append(part)
        elif part.kind in (",", "/", "%"):
            pieces.append(Part("text", part.text))
        else:
            raise Wrong(VALUE)
    pieces = [Part("text", ".") if piece == Part(".", ".") else piece for piece in pieces]
    if any(piece.kind == "." and len(piece.text) > 4 for piece in pieces):
        raise Wrong(VALUE)
    lasting = any(piece.kind == "elapsed" for piece in pieces)  # a length of time has no months
    times = [index for index, piece in enumerate(pieces) if piece.kind in ("date", "elapsed")]
    for place, index in enumerate(times):
        text = pieces[index].text
        if pieces[index].kind == "elapsed" or text not in ("m", "mm"):
            continue
        before = pieces[times[place - 1]].text if place else ""
        after = pieces[times[place + 1]].text if place + 1 < len(times) else ""
        if before.startswith("h") or after.startswith("s") or lasting:
            pieces[index] = Part("date", "n" * len(text))
    return pieces


def _letters(text: str, total: int, day: int, language: int, *, halves: bool) -> str:
    letter, count = text[0], len(text)
    if letter in "hns":
        if count > 2:
            raise Wrong(VALUE)
        hour = total // 3600 % 24
        if halves:
            hour = (hour - 1) % 12 + 1
        value = {"h": hour, "n": total // 60 % 60, "s": total % 60}[letter]
        return f"{value:0{count}d}"
    year, month, of_month = ymd(day)
    if letter == "y":
        return f"{year % 100:02d}" if count <= 2 else f"{year:04d}"
    if letter == "e":
        return f"{year:04d}"
    if letter == "b":
        return f"{(year + _BUDDHIST) % 100:02d}" if count <= 2 else f"{year + _BUDDHIST:04d}"
    if count <= 2:
        return f"{month if letter == 'm' else of_month:0{count}d}"
    names = (_MONTHS if letter == "m" else _DAYS).get(language)
    if names is None or (count == 3 and language != _ENGLISH):
        raise Wrong(VALUE)  # abbreviations differ between versions of Windows
    name = names[month - 1 if letter == "m" else (day - 1) % 7]
    if count == 3:
        return name[:3]
    return name[0] if letter == "m" and count == 5 else name
