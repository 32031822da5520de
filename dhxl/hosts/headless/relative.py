"""Formulas as seen from their cells: what is the same but for its place, and is calculated in the same way."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from dhxl.workbook.names import column_number

__all__ = ["relative"]

_REFERENCE: Final = re.compile(
    r"""("(?:[^"]|"")*"|'(?:[^']|'')*')
    |(?<![\w.$\\])(?:
        (\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})
        |(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})
        |(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})
    )(?![\w.(!\\])""",
    re.VERBOSE,
)
_CORNERS: Final = re.compile(r"(\$?)[A-Za-z]{1,3}(\$?)[0-9]{1,7}:(\$?)[A-Za-z]{1,3}(\$?)[0-9]{1,7}")


def _grows(first_col: str, first_row: str, last_col: str, last_row: str) -> bool:
    """Return whether a range with these dollar signs changes its size where it is moved."""
    return first_col != last_col or first_row != last_row


def relative(text: str, row: int, col: int) -> str:
    """Return a formula with its references as distances from its cell, so that moved copies of it are equal.

    A range such as A$1:A5 has another size in each cell: there the cell itself is added.

    Examples
    --------
    >>> relative("A1+B$1", 3, 3) == relative("A2+B$1", 4, 3), relative("A1", 3, 3) == relative("A1", 4, 3)
    (True, False)
    """
    found = _REFERENCE.sub(partial(_distance, row, col), text)
    if ":" in text and any(_grows(*corners.groups()) for corners in _CORNERS.finditer(text)):
        found += f"\0{row},{col}"
    return found


def _distance(row: int, col: int, found: re.Match[str]) -> str:
    quoted, fix_col, letters, fix_row, digits, *rest = found.groups()
    if quoted is not None:
        return quoted
    if letters is not None:
        across = column_number(letters)
        down = int(digits)
        return f"\1{fix_col}{across if fix_col else across - col};{fix_row}{down if fix_row else down - row}\1"
    fix_1, col_1, fix_2, col_2, fix_3, row_1, fix_4, row_2 = rest
    if col_1 is not None:
        first, last = column_number(col_1), column_number(col_2)
        return f"\2{fix_1}{first if fix_1 else first - col}:{fix_2}{last if fix_2 else last - col}\2"
    first, last = int(row_1), int(row_2)
    return f"\3{fix_3}{first if fix_3 else first - row}:{fix_4}{last if fix_4 else last - row}\3"
