"""The data validations of input cells: which values a cell may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dhxl.workbook.cells import SheetCells
from dhxl.workbook.names import range_position
from dhxl.workbook.xmltext import attributes, plain, without_remarks

__all__ = ["Validation", "validations"]

_MARKS: Final = rb"""\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*"""  # some writers leave > in a text as it is
_ENTRY: Final = re.compile(
    rb"<(?:\w+:)?dataValidation(%b)(?:(?<=/)>|>(.*?)</(?:\w+:)?dataValidation\s*>)" % _MARKS, re.DOTALL
)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?formula([12])[^<>]*>([^<]*)</")
_EXTENSIONS: Final = re.compile(rb"<(?:\w+:)?extLst\b")
_SMALL: Final = 4096  # cells of an area that are looked up one by one


@dataclass(frozen=True, slots=True)
class Validation:
    """What cells may hold.

    ``kind`` is decimal, whole, list or another of Excel's; ``first`` and ``second`` are limits as formula texts;
    ``strict`` tells that Excel refuses other values instead of only warning.
    """

    kind: str
    operator: str
    first: str
    second: str
    areas: tuple[tuple[int, int, int, int], ...]
    allow_blank: bool
    strict: bool

    def covers(self, row: int, col: int) -> bool:
        """Return whether a cell belongs to the validation."""
        return any(area[0] <= row <= area[2] and area[1] <= col <= area[3] for area in self.areas)

    def positions(self, sheet: SheetCells) -> Iterator[tuple[int, int]]:
        """Yield the positions of the existing cells that belong to the validation."""
        for first_row, first_col, last_row, last_col in self.areas:
            if (last_row - first_row + 1) * (last_col - first_col + 1) <= _SMALL:
                area = ((r, c) for r in range(first_row, last_row + 1) for c in range(first_col, last_col + 1))
                yield from (place for place in area if place in sheet.cells)
            else:
                yield from ((r, c) for r, c in sheet.cells if first_row <= r <= last_row and first_col <= c <= last_col)


def validations(sheet: SheetCells) -> tuple[Validation, ...]:
    """Return the data validations of a sheet, without those that are stored as extensions.

    Raises
    ------
    WorkbookError
        A validation covers no proper cells.
    """
    tail = without_remarks(sheet.xml[sheet.data[1] :])
    end = _EXTENSIONS.search(tail)
    return tuple(_validation(entry) for entry in _ENTRY.finditer(tail, 0, end.start() if end else len(tail)))


def _validation(entry: re.Match[bytes]) -> Validation:
    marks = attributes(entry[1])
    formulas = {number: plain(text) for number, text in _FORMULA.findall(entry[2] or b"")}
    on = (b"1", b"true")
    return Validation(
        kind=marks.get(b"type", b"none").decode(),
        operator=marks.get(b"operator", b"between").decode(),
        first=formulas.get(b"1", ""),
        second=formulas.get(b"2", ""),
        areas=tuple(range_position(area) for area in marks.get(b"sqref", b"").decode().split()),
        allow_blank=marks.get(b"allowBlank") in on,
        strict=marks.get(b"showErrorMessage") in on and marks.get(b"errorStyle", b"stop") == b"stop",
    )
