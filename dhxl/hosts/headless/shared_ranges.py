"""Large ranges that many formulas read: the engine hands each over once, and dhxl's own rules share it.

To hand a range to Python takes the engine a microsecond a cell. A thousand formulas that look something up in the same
thousand rows would do so a million times. So such a range gets a cell of its own in the engine's copy, on a sheet that
the workbook does not have; its formula hands the range over, and the formulas that read it refer to that cell: so they
are calculated after it, and again whenever something in the range changes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from dhxl.hosts.native import syntax
from dhxl.hosts.native.library import Here
from dhxl.hosts.native.values import Value
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, cell_address, column_letters, quoted_sheet
from dhxl.workbook.xmltext import MAIN_SPACE, escaped

__all__ = ["HAND_OVER", "SharedRanges", "fixed_ranges"]

HAND_OVER: Final = "DHXL_SHARE"
LEAST_CELLS: Final = 64
# A range whose rows do not move when its formula is copied down: with a dollar sign before both, or whole columns.
_FIXED: Final = re.compile(
    r"(?<![\w.$\\])(?:\$?[A-Za-z]{1,3}\$[1-9][0-9]{0,6}:\$?[A-Za-z]{1,3}\$[1-9][0-9]{0,6}|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})"
    r"(?![\w.(!\\$])"
)
Corners = tuple[str, int, int, int, int]


def fixed_ranges(text: str) -> str:
    """Return the ranges of a formula whose rows are fixed, as they are spelled.

    Examples
    --------
    >>> fixed_ranges("MATCH(C5,A$1:A$900,0)+SUM(C1:C5)")
    'A$1:A$900'
    """
    return " ".join(_FIXED.findall(text)) if ":" in text else ""


@dataclass(slots=True, weakref_slot=True)
class SharedRanges:
    """The ranges that are handed over once, in the order of their cells, and what the engine has handed over."""

    sheet: str
    spelled: Mapping[str, str]
    values: list[Value] = field(default_factory=list)
    handed: int = 0
    _places: dict[Corners, int] = field(default_factory=dict)
    _seen: set[Corners] = field(default_factory=set)

    @classmethod
    def beside(cls, sheets: Collection[str]) -> SharedRanges:
        """Return a place for shared ranges beside the sheets of a workbook."""
        name, spelled = "dhxl ranges", {sheet.casefold(): sheet for sheet in sheets}
        while name.casefold() in spelled:
            name += "_"
        return cls(name, spelled)

    def place(self, node: syntax.Cells, here: Here) -> tuple[int, bool] | None:
        """Return the number of a range that is shared, and whether it is where the formula is copied to as well.

        None where it is not shared: it is small, holds the formula itself, or is the first of its kind.
        """
        rows, cols = node.last_row - node.first_row + 1, node.last_col - node.first_col + 1
        if node.single or rows * cols < LEAST_CELLS:
            return None
        corners = ((node.sheet or here.sheet).casefold(), node.first_row, node.first_col, node.last_row, node.last_col)
        if corners[0] not in self.spelled:
            return None
        inside = node.first_row <= here.row <= node.last_row and node.first_col <= here.col <= node.last_col
        if inside and corners[0] == here.sheet.casefold():
            return None
        fixed = _FIXED.fullmatch(node.text.rpartition("!")[2]) is not None
        if not fixed and corners not in self._seen:
            self._seen.add(corners)
            return None
        if corners not in self._places:
            self._places[corners] = len(self.values)
            self.values.append(None)
        return self._places[corners], fixed

    def reference(self, number: int) -> str:
        """Return the cell that hands a range over."""
        return f"{quoted_sheet(self.sheet)}!$A${number + 1}"

    def hand_over(self, number: float, value: Value) -> float:
        """Keep what the engine hands over, and return a number that is new."""
        self.values[int(number)] = value
        self.handed += 1
        return float(self.handed)

    def worksheet(self) -> bytes:
        """Return the sheet with the cells that hand ranges over."""
        rows = []
        for (sheet, *corners), number in self._places.items():
            formula = f"{HAND_OVER}({number},{quoted_sheet(self.spelled[sheet])}!{_area(*corners)})"
            rows.append(f'<row r="{number + 1}"><c r="A{number + 1}"><f>{escaped(formula)}</f></c></row>')
        return b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (MAIN_SPACE, "".join(rows).encode())


def _area(first_row: int, first_col: int, last_row: int, last_col: int) -> str:
    if (first_row, last_row) == (1, LAST_ROW):
        return f"${column_letters(first_col)}:${column_letters(last_col)}"
    if (first_col, last_col) == (1, LAST_COLUMN):
        return f"${first_row}:${last_row}"
    return f"{cell_address(first_row, first_col)}:{cell_address(last_row, last_col)}"
