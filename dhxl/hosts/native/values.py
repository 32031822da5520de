"""Values in a formula, and how Excel turns one kind into another: numbers, texts, TRUE and FALSE, blanks, errors.

A blank cell is None, a left-out argument :data:`MISSING`, an array a :class:`Grid` of rows, cells on a sheet an
:class:`Area`. What ends in an error value raises :class:`Wrong`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dhxl.functions.cells import ERROR_CODES, CellError
from dhxl.hosts.native.dates import moment_number

__all__ = [
    "DIV0",
    "MISSING",
    "NA",
    "NAME",
    "NULL",
    "NUM",
    "REF",
    "VALUE",
    "Area",
    "Areas",
    "Grid",
    "Missing",
    "Scalar",
    "Value",
    "Wrong",
    "as_logical",
    "as_number",
    "as_text",
    "collation",
    "compared",
    "equal_numbers",
    "finite",
    "general_text",
    "grid_of",
    "number_in",
    "rank_of_type",
    "scalars",
]


class Missing:
    """The kind of the one value that stands for a left-out argument."""

    __slots__ = ()


MISSING: Final = Missing()

Scalar = float | str | bool | CellError | Missing | None
NULL, DIV0, VALUE, REF, NAME, NUM, NA = (CellError(code) for code in ERROR_CODES)

_LONGEST_FIXED: Final = 21  # characters of a small number that is not written with an exponent
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_SIGNS: Final = ' !"#$%&()*,./:;?@[\\]^_`{|}~+<=>'  # in the order of Microsoft's "Default sort orders"
_FRACTION: Final = re.compile(r"([+-]?)(\d+) (\d+)/(\d+)", re.ASCII)


class Wrong(Exception):  # noqa: N818 - it carries an error value, which need not be a fault
    """The error value in which a calculation ends."""

    def __init__(self, error: CellError) -> None:
        super().__init__(error.code)
        self.error = error


@dataclass(frozen=True, slots=True)
class Grid:
    """An array: at least one row, all rows of the same length."""

    rows: Sequence[Sequence[Scalar]]

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Area:
    """Cells on a sheet with their values; rows and columns count from 1.

    ``rows`` may have fewer rows and columns than the area, as the engine cuts off what is blank at its end.
    """

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int
    rows: Sequence[Sequence[Scalar]]

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return self.last_row - self.first_row + 1

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return self.last_col - self.first_col + 1

    def at(self, row: int, col: int) -> Scalar:
        """Return the value of a cell of the area, counted from 0."""
        return self.rows[row][col] if row < len(self.rows) and col < len(self.rows[row]) else None


@dataclass(frozen=True, slots=True)
class Areas:
    """Several areas as one reference, ``(A1:A2,B3)``."""

    parts: tuple[Area, ...]


Value = Scalar | Grid | Area | Areas


def grid_of(value: Value) -> Grid:
    """Return the values of an array, of cells, or of one value as an array.

    Raises
    ------
    Wrong
        The value is a reference to several areas.
    """
    if isinstance(value, Grid):
        return value
    if isinstance(value, Area):
        if len(value.rows) == value.height and len(value.rows[0]) == value.width:
            return Grid(value.rows)
        height = len(value.rows)
        blank = [None] * value.width
        full = [[*row, *[None] * (value.width - len(row))] for row in value.rows]
        return Grid([*full, *[blank] * (value.height - height)])
    if isinstance(value, Areas):
        raise Wrong(VALUE)
    return Grid([[value]])


def scalars(value: Value) -> Iterator[Scalar]:
    """Yield the values of an array or of cells, row by row; of cells, blanks at the end may be missing."""
    if isinstance(value, (Grid, Area)):
        for row in value.rows:
            yield from row
    elif isinstance(value, Areas):
        for part in value.parts:
            yield from scalars(part)
    else:
        yield value


def finite(number: float) -> float:
    """Return a number that a cell can hold.

    Raises
    ------
    Wrong
        It is infinite or none.
    """
    if not math.isfinite(number):
        raise Wrong(NUM)
    return number


def as_number(value: Scalar) -> float:
    """Return the number that Excel calculates with; text is read as if typed into a cell.

    Raises
    ------
    Wrong
        The value is an error value or text that is no number.

    Examples
    --------
    >>> as_number("1,000"), as_number(True), as_number(None), as_number("5%")
    (1000.0, 1.0, 0.0, 0.05)
    """
    if type(value) is float:
        return value
    if isinstance(value, (bool, int)):
        return float(value)
    if isinstance(value, str):
        number = number_in(value)
        if number is None:
            raise Wrong(VALUE)
        return number
    if isinstance(value, CellError):
        raise Wrong(value)
    return 0.0


def number_in(text: str) -> float | None:
    """Return the number, date or time that a text shows in an English Excel; None where it shows none.

    Examples
    --------
    >>> number_in(" 1,234.5 "), number_in("$5"), number_in("(3)"), number_in("1 1/2"), number_in("a")
    (1234.5, 5.0, -3.0, 1.5, None)
    >>> number_in("2024-01-10"), number_in("12:00"), number_in("1/2/2024 6:00 PM")
    (45301.0, 0.5, 45293.75)
    """
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return float(plain) if abs(float(plain)) < math.inf else None
    if not plain or len(plain) > 255:
        return None
    if plain.startswith("(") and plain.endswith(")"):
        inner = _plain_number(plain[1:-1].strip())
        return None if inner is None or inner < 0 else -inner
    number = _plain_number(plain)
    if number is not None:
        return number
    if found := _FRACTION.fullmatch(plain):
        sign, whole, upper, lower = found.groups()
        if int(lower) == 0:
            return None
        return (-1.0 if sign == "-" else 1.0) * (int(whole) + int(upper) / int(lower))
    return moment_number(plain) if plain == text else None  # Excel reads " 10 ", but no date with blanks around it


def _plain_number(text: str) -> float | None:
    sign, percent = 1.0, 1.0
    body = text
    if body[:1] in ("+", "-") and body[1:2] == "$":
        sign, body = (-1.0 if body[0] == "-" else 1.0), body[1:]
    if body.startswith("$"):
        body = body[1:].strip()
        if sign < 0 and body[:1] in ("+", "-"):
            return None
    if body.endswith("%"):
        body, percent = body[:-1].strip(), 100.0
    elif body.startswith("%"):
        body, percent = body[1:].strip(), 100.0
    if _NUMBER.fullmatch(body):
        number = float(body)
    elif _THOUSANDS.fullmatch(body):
        number = float(body.replace(",", ""))
    else:
        return None
    return sign * number / percent if math.isfinite(number) else None


def as_text(value: Scalar) -> str:
    """Return the text that Excel joins: numbers with at most 15 digits.

    Raises
    ------
    Wrong
        The value is an error value.

    Examples
    --------
    >>> as_text(1 / 3), as_text(0.1 * 3), as_text(True), as_text(1e21), as_text(None)
    ('0.333333333333333', '0.3', 'TRUE', '1E+21', '')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, int)):
        return general_text(float(value))
    if isinstance(value, CellError):
        raise Wrong(value)
    return ""


def general_text(number: float) -> str:
    """Return a number as the format General writes it where there is room.

    Examples
    --------
    >>> general_text(-1500.0), general_text(1e-5), general_text(1 / 3e5), general_text(1.5e300)
    ('-1500', '0.00001', '3.33333333333333E-06', '1.5E+300')
    """
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    digits, _, power = f"{number:.14e}".partition("e")
    exponent = int(power)
    digits = digits.rstrip("0").rstrip(".")
    sign, bare = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    figures = bare.replace(".", "")
    if 0 <= exponent <= 20:
        if len(figures) <= exponent + 1:
            return sign + figures + "0" * (exponent + 1 - len(figures))
        return f"{sign}{figures[: exponent + 1]}.{figures[exponent + 1 :]}"
    if exponent < 0 and 1 - exponent + len(figures) < _LONGEST_FIXED:
        return f"{sign}0.{'0' * (-exponent - 1)}{figures}"
    return f"{sign}{bare}E{'+' if exponent > 0 else '-'}{abs(exponent):02d}"


def as_logical(value: Scalar) -> bool:
    """Return whether a condition holds.

    Raises
    ------
    Wrong
        The value is an error value or a text other than TRUE and FALSE.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, (float, int)):
        return value != 0
    if isinstance(value, str):
        word = value.upper()
        if word not in ("TRUE", "FALSE"):
            raise Wrong(VALUE)
        return word == "TRUE"
    if isinstance(value, CellError):
        raise Wrong(value)
    return False


def equal_numbers(first: float, second: float) -> bool:
    """Return whether Excel takes two numbers as equal: it compares 15 digits.

    Examples
    --------
    >>> equal_numbers(0.1 + 0.2, 0.3), equal_numbers(1.0, 1.0000001), equal_numbers(1e-17, 0.0)
    (True, False, False)
    """
    if first == second:
        return True
    if abs(first - second) > 1e-14 * abs(first):
        return False
    return f"{first:.14e}" == f"{second:.14e}"


def rank_of_type(value: Scalar) -> int:
    """Return where a kind of value stands in Excel's order: numbers, texts, FALSE and TRUE."""
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


_EMPTY: Final[tuple[Callable[[], Scalar], ...]] = (lambda: 0.0, lambda: "", lambda: False)


def compared(first: Scalar, second: Scalar) -> int:
    """Return -1, 0 or 1 as the first value comes before the second, equals it or comes after it.

    Numbers come before texts and texts before TRUE and FALSE; a blank equals 0, an empty text and FALSE. Case does
    not matter.

    Raises
    ------
    Wrong
        One of them is an error value.

    Examples
    --------
    >>> compared(0.1 + 0.2, 0.3), compared("WÄRME", "Wärme"), compared("5", 5.0), compared(None, "")
    (0, 0, 1, 0)
    """
    if type(first) is float and type(second) is float:
        if equal_numbers(first, second):
            return 0
        return -1 if first < second else 1
    for value in (first, second):
        if isinstance(value, CellError):
            raise Wrong(value)
    if first is None or first is MISSING:
        first = 0.0 if second is None or second is MISSING else _EMPTY[rank_of_type(second)]()
    if second is None or second is MISSING:
        second = _EMPTY[rank_of_type(first)]()
    ranks = rank_of_type(first), rank_of_type(second)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(first, str) and isinstance(second, str):
        return _compared_texts(first, second)
    a, b = as_number(first), as_number(second)
    if equal_numbers(a, b):
        return 0
    return -1 if a < b else 1


def _compared_texts(first: str, second: str) -> int:
    a, b = first.upper(), second.upper()
    if a == b:
        return 0
    return -1 if collation(a) < collation(b) else 1


@lru_cache(maxsize=8192)
def collation(text: str) -> tuple[object, ...]:
    """Return a key by which texts in capitals stand as Excel sorts them: signs, digits, letters.

    Accents count only where the letters are the same, hyphens and apostrophes only where all else is.

    Examples
    --------
    >>> sorted(["ZEBRA", "ÄPFEL", "APFEL", "CO-OP", "COOP", "COP", "A1", "7", "_"], key=collation)
    ['_', '7', 'A1', 'APFEL', 'ÄPFEL', 'COOP', 'CO-OP', 'COP', 'ZEBRA']
    """
    apart = text if text.isascii() else unicodedata.normalize("NFD", text)
    bare = apart.replace("-", "").replace("'", "")
    letters = [_place_of(char) for char in bare if not unicodedata.combining(char)]
    return letters, bare, len(apart) - len(bare), text


def _place_of(char: str) -> tuple[int, int]:
    if char.isalpha():
        return 2, ord(char)
    if char.isdigit():
        return 1, ord(char)
    return 0, _SIGNS.find(char) if char in _SIGNS else ord(char) + len(_SIGNS)
