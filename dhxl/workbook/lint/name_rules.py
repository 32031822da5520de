"""Rules of defined names (W301 to W303)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView

__all__ = ["name_spots"]

_FIXED: Final = re.compile(r"\$[A-Z]{1,3}\$\d+(?::\$[A-Z]{1,3}\$\d+)?|\$[A-Z]{1,3}:\$[A-Z]{1,3}|\$\d+:\$\d+")


def name_spots(book: BookView) -> Iterator[Spot]:
    """Yield what is wrong with the names of a workbook, those that the program made itself left out."""
    for one in book.package.names:
        if one.built_in or one.hidden:
            continue
        place = one.reference
        if "#REF!" in one.text or (place and place.sheet.casefold() not in book.sheet_names):
            yield Spot("W301", "", 0, 0, f"the name {one.name} refers to {one.text}, which was deleted")
            continue
        at = (place.sheet, place.first_row, place.first_col) if place else ("", 0, 0)
        if one.sheet is not None:
            yield Spot("W302", *at, f"the name {one.name} belongs to the sheet {one.sheet} only")
        if place and not _FIXED.fullmatch(one.text.rpartition("!")[2]):
            yield Spot("W303", *at, f"the name {one.name} refers to {one.text}, which moves with the cell that uses it")
