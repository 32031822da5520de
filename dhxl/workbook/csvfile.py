"""A CSV file as rows of cells: numbers become numbers, everything else stays text."""

from __future__ import annotations

import csv
import difflib
import io
import re
from pathlib import Path
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW
from dhxl.workbook.storage import read_whole

__all__ = ["csv_column", "csv_rows"]

LARGEST_FILE: Final = 256 * 2**20  # bytes; a year of quarter-hours with ten columns has some 5 MB
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SEPARATORS: Final = (",", ";", "\t")

Rows = list[list[float | str | None]]


def csv_rows(path: Path) -> Rows:
    """Return all rows of a CSV file, its header first; empty fields are None.

    The separator is the one of comma, semicolon and tabulator that the first line has most of. Text that looks
    like a formula stays text.

    Raises
    ------
    WorkbookError
        The file is missing, empty, too large, not UTF-8, not rectangular or has more cells than a sheet.
    """
    lines = _read(path).splitlines()
    separator = max(_SEPARATORS, key=lines[0].count) if lines else ","
    rows: Rows = []
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True)
    try:
        for fields in reader:
            if not fields:
                continue
            if rows and len(fields) != len(rows[0]):
                wanted = f"{len(rows[0])} fields as the header has"
                raise WorkbookError(f"{path}: line {reader.line_num} must have {wanted}, got {len(fields)}")
            rows.append([_cell(field) for field in fields])
    except csv.Error as error:
        raise WorkbookError(f"{path}: line {reader.line_num} cannot be read ({error})") from error
    if not rows:
        raise WorkbookError(f"{path}: the file is empty")
    if len(rows) > LAST_ROW or len(rows[0]) > LAST_COLUMN:
        raise WorkbookError(
            f"{path}: a sheet has at most {LAST_ROW:,} rows and {LAST_COLUMN:,} columns, "
            f"got {len(rows):,} and {len(rows[0]):,}"
        )
    return rows


def csv_column(path: Path, column: str) -> Rows:
    """Return one column of a CSV file without its header, as rows of one cell.

    Raises
    ------
    WorkbookError
        There is no such column, or several; or as :func:`csv_rows`.
    """
    header, *rows = csv_rows(path)
    names = [str(name).strip() if name is not None else "" for name in header]
    if names.count(column) != 1:
        close = difflib.get_close_matches(column, names, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        missing = f"is missing (columns: {', '.join(names)}){hint}"
        problem = "is there several times" if column in names else missing
        raise WorkbookError(f"{path}: the column {column!r} {problem}")
    if not rows:
        raise WorkbookError(f"{path}: the column {column!r} has no rows below its header")
    place = names.index(column)
    return [[row[place]] for row in rows]


def _read(path: Path) -> str:
    try:
        text = read_whole(path, LARGEST_FILE, "a csv file")[0].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"must be UTF-8 text, byte {error.start + 1} is not; save it as CSV UTF-8"
        raise WorkbookError(f"{path}: {problem}") from None
    if "\0" in text:
        raise WorkbookError(f"{path}: the file must be text, it holds zero bytes")
    return text


def _cell(field: str) -> float | str | None:
    text = field.strip()
    if not text:
        return None
    number = float(text) if _NUMBER.fullmatch(text) else None
    return field if number is None or abs(number) == float("inf") else number
