"""Which sheets of a workbook the results of dhxl rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from dhxl.studies.outputs import OUTPUTS, STATES, TITLE, solutions
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.package import Package

__all__ = ["HOURLY", "feeding_sheets"]

HOURLY: Final = ("outdoor_degc", "electricity_shape_eur_per_mwh")  # inputs of which no row may be missing
_SHEET: Final = re.compile(r"'((?:[^']|'')*)'(!?)|(?<![\w.])([^\W\d][\w.]*)!")
_WORD: Final = re.compile(r"[^\W\d][\w.\\]*")


def feeding_sheets(package: Package) -> frozenset[str]:
    """Return the sheets on which results of dhxl rest, in small letters.

    These are the sheets with inputs in dhxl's own style, with names that dhxl reads, or with calls of its functions,
    and all to which formulas of these refer, directly, by a name or by way of other sheets.
    """
    book = BookView(package)
    known = {sheet.name.casefold(): sheet for sheet in book.sheets}
    named = {key: place.sheet.casefold() for key, place in book.places.items()}
    found: set[str] = set()
    waiting = {named[name] for name in _read_names(package) if name in named}
    waiting |= {key for key, sheet in known.items() if _calls(sheet.cells.xml) or _has_inputs(book, sheet.name)}
    while waiting:
        found |= waiting
        formulas = {
            cell.formula for key in waiting for cell in known[key].cells.cells.values() if cell.formula is not None
        }
        waiting = set(chain.from_iterable(map(_sheets_named, formulas))) & known.keys()
        waiting |= {named[word] for formula in formulas for word in _words(formula) if word in named}
        waiting -= found
    return frozenset(found)


def _read_names(package: Package) -> Iterator[str]:
    yield from (name.casefold() for name in (*HOURLY, *STATES))
    for number in solutions(package):
        yield from (f"{name}_{number}" for name in (TITLE, *(output.name for output in OUTPUTS)))


def _calls(xml: bytes) -> bool:
    return b"DH_" in xml or b"dh_" in xml


def _has_inputs(book: BookView, sheet: str) -> bool:
    cells = book.package.cells(sheet).cells
    return any(book.style(cells[at].style).is_dhxl for at in book.inputs[sheet])


def _sheets_named(formula: str) -> Iterator[str]:
    for quoted, mark, bare in _SHEET.findall(formula):
        if mark or bare:
            yield (quoted.replace("''", "'") or bare).casefold()


def _words(formula: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(formula))
