"""Cell values as they stand in a sheet's XML."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Protocol, runtime_checkable

from dhxl.errors import WorkbookError
from dhxl.workbook.xmltext import escaped_string

__all__ = [
    "ERROR_CODES",
    "LONGEST_TEXT",
    "CellValue",
    "ErrorLike",
    "ErrorValue",
    "date_serial",
    "number_text",
    "same_value",
    "value_xml",
]

LONGEST_TEXT: Final = 32_767  # characters of a cell, Excel's limit
ERROR_CODES: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")


_MARCH_1900: Final = 61  # from here on day numbers are right; Excel counts a 29 February 1900 before


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell's error value, such as ``#DIV/0!``."""

    code: str

    def __str__(self) -> str:
        return self.code


@runtime_checkable
class ErrorLike(Protocol):
    """Anything that stands for an error value: this module's or the worksheet functions' own."""

    @property
    def code(self) -> str:
        """Return the code as the cell shows it."""
        ...


CellValue = float | str | bool | ErrorValue | None


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number.

    Examples
    --------
    >>> number_text(3.0), number_text(0.1 + 0.2), number_text(1e21), number_text(-0.0)
    ('3', '0.30000000000000004', '1e+21', '0')
    """
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else float.__repr__(number)


def same_value(stored: CellValue, value: object) -> bool:
    """Return whether a value equals the stored one: numbers to 15 significant digits, as Excel compares.

    Examples
    --------
    >>> same_value(0.3, 0.1 + 0.2), same_value(1.0, True), same_value("1", 1.0), same_value(None, "")
    (True, False, False, False)
    """
    if isinstance(stored, bool) or isinstance(value, bool):
        return stored is value
    if isinstance(stored, float):
        if not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
            return False
        return stored == value or abs(stored - value) <= 5e-16 * abs(stored) or f"{stored:.15g}" == f"{value:.15g}"
    if isinstance(stored, ErrorValue):
        return isinstance(value, ErrorLike) and stored.code == _written_code(value.code)
    return type(stored) is type(value) and stored == value


def value_xml(value: object, *, constant: bool, prefix: str, where: str) -> tuple[str, str]:
    """Return the type attribute and the value element that store a value in a cell.

    Parameters
    ----------
    value : float, str, bool, error value or None
        What the cell is to hold; integers are taken as numbers.
    constant : bool
        Whether the cell holds an input; the text of a formula's result is stored in another way.
    prefix : str
        Namespace prefix of the sheet's elements with its colon, or nothing.
    where : str
        The cell, for messages.

    Raises
    ------
    WorkbookError
        For NaN, infinity, text longer than 32,767 characters and other kinds of value.

    Examples
    --------
    >>> value_xml(True, constant=False, prefix="", where="A1")
    ('b', '<v>1</v>')
    >>> value_xml(" a", constant=True, prefix="", where="A1")
    ('inlineStr', '<is><t xml:space="preserve"> a</t></is>')
    """
    element = f"{prefix}v"
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return "b", f"<{element}>{int(value)}</{element}>"
    if isinstance(value, (int, float)):
        if not abs(value) <= sys.float_info.max:
            shown = value if isinstance(value, float) else "a larger one"
            raise WorkbookError(f"{where}: a cell holds finite numbers only, got {shown}")
        return "", f"<{element}>{number_text(value)}</{element}>"
    if isinstance(value, str):
        return _text_xml(value, constant=constant, prefix=prefix, where=where)
    if isinstance(value, ErrorLike):
        return "e", f"<{element}>{_written_code(value.code)}</{element}>"
    raise WorkbookError(
        f"{where}: a cell holds a number, text, TRUE/FALSE or an error value, got {type(value).__name__}"
    )


def date_serial(text: str, *, date1904: bool = False) -> float | str:
    """Return the day number of an ISO 8601 date or time as strict OOXML files store it, or the text where it is none.

    Examples
    --------
    >>> date_serial("2024-01-01T12:00:00"), date_serial("18:00:00"), date_serial("1900-01-01")
    (45292.5, 0.75, 1.0)
    """
    try:
        if "-" not in text:
            moment = time.fromisoformat(text)
            return timedelta(
                hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
            ) / timedelta(days=1)
        day = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
    serial = (day - start) / timedelta(days=1)
    return serial if date1904 or serial >= _MARCH_1900 else serial - 1


def _text_xml(text: str, *, constant: bool, prefix: str, where: str) -> tuple[str, str]:
    if len(text.encode("utf-16-le", errors="surrogatepass")) > 2 * LONGEST_TEXT:
        raise WorkbookError(f"{where}: a cell holds at most {LONGEST_TEXT:,} characters, got {len(text):,}")
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() or "\n" in text or "\t" in text else ""
    content = escaped_string(text)
    if constant:
        return "inlineStr", f"<{prefix}is><{prefix}t{space}>{content}</{prefix}t></{prefix}is>"
    return "str", f"<{prefix}v{space}>{content}</{prefix}v>"


def _written_code(code: str) -> str:
    """Return the code to store; newer codes (``#SPILL!``, ``#CALC!``) need metadata and are stored as Excel does."""
    return code if code in ERROR_CODES else "#VALUE!"
