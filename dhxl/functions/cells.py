"""What a spreadsheet cell can hold when it reaches a function, and what a function gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from dhxl.errors import shortened

__all__ = [
    "ERROR_CODES",
    "LEFT_OUT",
    "Cell",
    "CellError",
    "CellOrRange",
    "LeftOut",
    "Range",
    "described",
    "is_blank",
    "is_range",
]

ERROR_CODES: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


_MOST_QUOTED: Final = 40  # characters of a text
_BEYOND: Final = 10**309


class LeftOut(Enum):
    """The one value that stands for an argument that was left out, as in ``DH_X(50,2,,1.2)``."""

    LEFT_OUT = "left out"


LEFT_OUT: Final = LeftOut.LEFT_OUT


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell's error value with the sentence behind it."""

    code: str
    message: str = ""

    def __str__(self) -> str:
        return self.code


Cell = float | str | bool | CellError | LeftOut | None
Range = Sequence[Sequence[Cell]]
CellOrRange = Cell | Range


def is_range(value: object) -> bool:
    """Return whether a value is a range (rows of cells) rather than one cell."""
    return isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) > 0


def is_blank(value: object) -> bool:
    """Return whether a cell counts as blank: nothing in it, or a text that shows nothing, as of ``=""``.

    Examples
    --------
    >>> is_blank(None), is_blank(" "), is_blank(0.0)
    (True, True, False)
    """
    return value is None or value is LEFT_OUT or (isinstance(value, str) and not value.strip())


def described(value: object) -> str:
    """Return how a message quotes what came: short, and with text in quotation marks.

    Examples
    --------
    >>> described("abc"), described(None), described(3.0), described(True), described(10**400)
    ("'abc'", 'a blank cell', '3', 'TRUE', 'a number beyond 1E+308')
    """
    if is_blank(value):
        return "a blank cell"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return "a number beyond 1E+308" if isinstance(value, int) and abs(value) >= _BEYOND else f"{float(value):.12g}"
    if isinstance(value, CellError):
        return value.code
    if is_range(value):
        return "a range"
    return repr(shortened(str(value), _MOST_QUOTED))
