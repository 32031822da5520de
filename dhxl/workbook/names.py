"""Sheets, references and defined names of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from xml.etree import ElementTree

from dhxl.errors import WorkbookError, shortened
from dhxl.workbook.xmltext import local_name, whole_number

__all__ = [
    "LAST_COLUMN",
    "LAST_ROW",
    "DefinedName",
    "Reference",
    "SheetEntry",
    "cell_address",
    "cell_position",
    "column_letters",
    "column_number",
    "defined_names",
    "quoted_sheet",
    "range_position",
    "reference_of",
]

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS: Final = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS: Final = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_QUALIFIED: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^\s!'\"\[\]:(),;+*/&=<>^%{}#@$-]+))!([^!]+)")
_BARE_SHEET: Final = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it.

    ``visibility`` is visible, hidden or veryHidden; ``kind`` is worksheet, chartsheet, dialogsheet or xlMacrosheet.
    """

    name: str
    part: str
    visibility: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A rectangle of cells on one sheet; rows and columns count from 1, the last ones are included."""

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.last_row - self.first_row + 1

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return self.last_col - self.first_col + 1

    @property
    def is_cell(self) -> bool:
        """Return whether it is one cell."""
        return self.rows == self.columns == 1

    @property
    def address(self) -> str:
        """Return the address as a formula would spell it.

        Examples
        --------
        >>> Reference("Bob's town", 1, 1, 3, 2).address
        "'Bob''s town'!A1:B3"
        """
        first, last = cell_address(self.first_row, self.first_col), cell_address(self.last_row, self.last_col)
        return f"{quoted_sheet(self.sheet)}!{first}" if self.is_cell else f"{quoted_sheet(self.sheet)}!{first}:{last}"

    def cells(self) -> Iterator[tuple[int, int]]:
        """Yield the row and column of each cell, row by row."""
        for row in range(self.first_row, self.last_row + 1):
            for col in range(self.first_col, self.last_col + 1):
                yield row, col


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name; ``sheet`` is None for one of the whole workbook, ``reference`` unless it is a plain range."""

    name: str
    text: str
    reference: Reference | None
    sheet: str | None
    hidden: bool

    @property
    def built_in(self) -> bool:
        """Return whether the spreadsheet program made the name itself, such as a print area."""
        return self.name.lower().startswith("_xlnm.")


@cache
def column_number(letters: str) -> int:
    """Return the number of a column; it may lie beyond the sheet's edge.

    Examples
    --------
    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


@cache
def column_letters(number: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> column_letters(1), column_letters(16384)
    ('A', 'XFD')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, col: int) -> str:
    """Return the address of a cell.

    Examples
    --------
    >>> cell_address(7, 28)
    'AB7'
    """
    return f"{column_letters(col)}{row}"


def cell_position(address: str) -> tuple[int, int]:
    """Return row and column of an address, with or without dollar signs.

    Raises
    ------
    WorkbookError
        If it is no cell of a sheet of 1,048,576 rows and 16,384 columns.

    Examples
    --------
    >>> cell_position("$AB$7")
    (7, 28)
    """
    found = _CELL.fullmatch(address)
    row, col = (int(found[2]), column_number(found[1])) if found else (0, 0)
    if not 0 < row <= LAST_ROW or not 0 < col <= LAST_COLUMN:
        raise _outside(address)
    return row, col


def range_position(text: str) -> tuple[int, int, int, int]:
    """Return first row, first column, last row and last column of a range such as ``B2:C9``, ``B:C`` or ``2:9``.

    Raises
    ------
    WorkbookError
        If it is no range of a sheet.

    Examples
    --------
    >>> range_position("C9:B2"), range_position("$2:$3")
    ((2, 2, 9, 3), (2, 1, 3, 16384))
    """
    if found := _COLUMNS.fullmatch(text):
        corners = [(1, column_number(found[1])), (LAST_ROW, column_number(found[2]))]
    elif found := _ROWS.fullmatch(text):
        corners = [(int(found[1]), 1), (int(found[2]), LAST_COLUMN)]
    else:
        first, colon, last = text.partition(":")
        corners = [cell_position(first), cell_position(last if colon else first)]
    (rows, cols) = zip(*corners, strict=True)
    if max(rows) > LAST_ROW or max(cols) > LAST_COLUMN:
        raise _outside(text)
    return min(rows), min(cols), max(rows), max(cols)


@lru_cache(maxsize=10_000)
def quoted_sheet(name: str) -> str:
    """Return a sheet's name as a formula spells it.

    Examples
    --------
    >>> quoted_sheet("Plant"), quoted_sheet("Bob's town"), quoted_sheet("A1"), quoted_sheet("2024")
    ('Plant', "'Bob''s town'", "'A1'", "'2024'")
    """
    looks_like_cell = _CELL.fullmatch(name) or re.fullmatch(r"[Rr]\d*([Cc]\d*)?|[Cc]\d*", name)
    if _BARE_SHEET.fullmatch(name) and name.isascii() and not looks_like_cell and name.upper() not in ("TRUE", "FALSE"):
        return name
    return "'" + name.replace("'", "''") + "'"


def reference_of(text: str) -> Reference | None:
    """Return the cells that a name's text refers to, or None where it is not one plain range on one sheet.

    Formulas, constants, unions, ranges over several sheets, other workbooks and ``#REF!`` give None.

    Examples
    --------
    >>> reference_of("'Bob''s town'!$B$2:$C$9")
    Reference(sheet="Bob's town", first_row=2, first_col=2, last_row=9, last_col=3)
    >>> reference_of("Plant!#REF!") is None
    True
    """
    found = _QUALIFIED.fullmatch(text.strip().removeprefix("="))
    if not found:
        return None
    quoted, bare, cells = found.groups()
    if quoted and re.search(r"[\[\]:\\/?*]", quoted):
        return None
    try:
        corners = range_position(cells)
    except WorkbookError:
        return None
    return Reference(quoted.replace("''", "'") if quoted else bare, *corners)


def defined_names(workbook: ElementTree.Element, sheets: tuple[str, ...]) -> tuple[DefinedName, ...]:
    """Return the defined names that a workbook's main part lists.

    Parameters
    ----------
    workbook : xml.etree.ElementTree.Element
        Root of the main part.
    sheets : tuple of str
        Names of all sheets in tab order; a name's own sheet is stored as a position in it.
    """
    found = []
    for parent in workbook:
        for element in parent if local_name(parent) == "definedNames" else ():
            place = whole_number(element.get("localSheetId", ""))
            own = sheets[place] if place is not None and place < len(sheets) else None
            text = "".join(element.itertext()).strip()
            hidden = element.get("hidden", "0") in ("1", "true")
            found.append(DefinedName(element.get("name", ""), text, reference_of(text), own, hidden))
    return tuple(found)


def _outside(address: str) -> WorkbookError:
    edge = f"{LAST_ROW:,} rows and {LAST_COLUMN:,} columns"
    return WorkbookError(f"{shortened(address, 40)!r} is no cell of a sheet, which has {edge} (A1 to XFD{LAST_ROW})")
