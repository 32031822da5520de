"""A CSV file as columns of cells: numbers become numbers, everything else stays text."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dhxl.errors import InputError, WorkbookError
from dhxl.workbook.csvtimes import TimeAxis, time_axis
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW
from dhxl.workbook.numerals import Mark, is_numeral, numbers, proven_mark, remedy, stands_for_none, unclear
from dhxl.workbook.storage import read_whole

__all__ = ["CsvColumn", "CsvFile", "Rows", "csv_file"]

LARGEST_FILE: Final = 256 * 2**20  # bytes; a year of quarter-hours with ten columns has some 5 MB
_SEPARATORS: Final = (",", ";", "\t")
_ONE_COLUMN: Final = "\x1f"  # in no file; a line is one field then
_LOOKED_AT: Final = 20  # lines that tell the separator
_TEXTS: Final = frozenset(("unit", "type", "name", "section", "fed_by", "source", "note", "label", "comment"))
_SERIES: Final = 24  # rows from which a column of numbers is no table of units, whose cells may be blank or names
_TOLD: Final = 3  # places in a sentence
_DECIDED: Final = "; one number with more or fewer decimals than three decides for the whole file"

Cell = float | str | None
Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """A column of a file below its title; ``lines`` are those of its rows in the file, ``fields`` what stands there.

    ``numbers`` are the fields that are numbers beyond doubt, None for all others.
    """

    path: Path
    title: str
    fields: Sequence[str]
    lines: Sequence[int]
    numbers: Sequence[float | None]
    mark: Mark = ""
    conflict: str = ""

    @property
    def cells(self) -> list[Cell]:
        """The numbers, other fields as they stand, and None for blank ones."""
        if None not in self.numbers:
            return list(self.numbers)
        return [
            field or None if number is None else number for number, field in zip(self.numbers, self.fields, strict=True)
        ]

    @property
    def is_text(self) -> bool:
        """Whether the column is one of texts: by its title, or since no field is, or is meant to be, a number."""
        if self.title.casefold() in _TEXTS:
            return True
        if any(number is not None for number in self.numbers):
            return False
        written = [field for field in self.fields if field and not stands_for_none(field)]
        return bool(written) and not any(map(is_numeral, written))

    def fault(self, *, free: bool = False) -> str:
        """Return a sentence on fields that are no numbers in a column of numbers, empty where there are none.

        ``free`` allows blank cells and texts, as tables for functions have them, but no numeral that is not read.
        """
        if None not in self.numbers or self.is_text:
            return ""
        places = [place for place, number in enumerate(self.numbers) if number is None]
        if free:
            places = [place for place in places if self._meant(self.fields[place])]
        if not places:
            return ""
        shown = [self._told(place) for place in places[:_TOLD]]
        rest = len(places) - len(shown)
        said = ", ".join(shown) + (f" and {rest:,} more" if rest else "")
        wanted = f"must have a number in each of its {len(self.fields):,} rows"
        return f"{self.path}: the column {self.title} {wanted}: {said}; {self._way_out(places)}"

    def _meant(self, field: str) -> bool:
        return bool(field) and (stands_for_none(field) or is_numeral(field))

    def _told(self, place: int) -> str:
        field = self.fields[place]
        shown = field if len(field) <= 40 else field[:37] + "..."
        return f"line {self.lines[place]} {f'has {shown!r}' if field else 'is blank'}"

    def _way_out(self, places: Sequence[int]) -> str:
        wrong = [self.fields[place] for place in places]
        found = []
        if numeral := next(filter(is_numeral, wrong), ""):
            found.append(self.conflict or remedy(numeral) + (_DECIDED if unclear(numeral) and not self.mark else ""))
        if any(not field or stands_for_none(field) for field in wrong):
            found.append("gaps are not filled in: write values there")
        if any(field and not stands_for_none(field) and not is_numeral(field) for field in wrong):
            found.append("write numbers in place of texts")
        return "; ".join(found)


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file of columns; ``titles`` is its first row, and ``notes`` tells how it was read where that may surprise."""

    path: Path
    titles: tuple[str, ...]
    columns: tuple[CsvColumn, ...]
    separator: str
    mark: Mark
    notes: tuple[str, ...]

    def column(self, name: str) -> CsvColumn:
        """Return a column by its title.

        Raises
        ------
        WorkbookError
            There is no such column, or several, or it has no rows.
        """
        if self.titles.count(name) != 1:
            close = difflib.get_close_matches(name, self.titles, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            missing = f"is missing (columns: {', '.join(self.titles)}){hint}"
            problem = "is there several times" if name in self.titles else missing
            raise WorkbookError(f"{self.path}: the column {name!r} {problem}")
        column = self.columns[self.titles.index(name)]
        if not column.fields:
            raise WorkbookError(f"{self.path}: the column {name!r} has no rows below its header")
        return column

    def times(self) -> TimeAxis | None:
        """Return what the first column of times says of the rows, None where there is none."""
        found = (time_axis(one.title, one.fields, one.lines) for one in self.columns if None in one.numbers)
        return next((axis for axis in found if axis), None)

    def timed(self) -> tuple[str, ...]:
        """Return notes on the times of the rows, such as a change of the clocks.

        Raises
        ------
        InputError
            Times are doubled, lacking, out of order or no times.
        """
        axis = self.times()
        if axis and axis.faults:
            raise InputError([f"{self.path}: {fault}" for fault in axis.faults])
        return tuple(f"{self.path}: {note}" for note in axis.notes) if axis else ()

    def strict_column(self, name: str) -> list[Cell]:
        """Return the cells of a column of which nothing is lost where numbers are added up.

        Raises
        ------
        WorkbookError
            As :meth:`column`.
        InputError
            A field in a column of numbers is none.
        """
        column = self.column(name)
        if fault := column.fault():
            raise InputError(fault)
        return column.cells

    def rows(self) -> Rows:
        """Return all rows with the titles: columns of numbers without gaps, or a table with names and free cells.

        A column is one of a table, whose cells may be blank or hold names, where it is short, and others of the file
        are texts or a whole row is blank.

        Raises
        ------
        InputError
            A field in a column of numbers is none.
        """
        axis = self.times()
        columns = [column for column in self.columns if axis is None or column.title != axis.title]
        slots = zip(*(column.fields for column in columns), strict=True) if len(columns) > 1 else ()
        table = any(column.is_text for column in columns) or any(not any(fields) for fields in slots)
        faults = [fault for one in columns if (fault := one.fault(free=table and not _is_series(one)))]
        if faults:
            raise InputError(faults)
        header: list[Cell] = []
        for title in self.titles:
            (number,) = numbers([title], self.mark)
            header.append((title or None) if number is None else number)
        return [header, *map(list, zip(*(column.cells for column in self.columns), strict=True))]


def csv_file(path: Path) -> CsvFile:
    """Return a CSV file.

    The separator is the one of comma, semicolon and tabulator that the first line has most of. A blank line is a row
    of blank fields, except at the end of the file. Text that looks like a formula stays text.

    Raises
    ------
    WorkbookError
        The file is missing, empty, too large, not UTF-8, not rectangular or has more cells than a sheet.
    """
    text = _read(path)
    lines = text.splitlines()
    separator = _separator(lines)
    rows, places = _rows(path, lines, separator)
    ended = len(lines) - len("\n".join(lines).rstrip().splitlines())
    titles, *body = rows
    if len(rows) > LAST_ROW or len(titles) > LAST_COLUMN:
        raise WorkbookError(
            f"{path}: a sheet has at most {LAST_ROW:,} rows and {LAST_COLUMN:,} columns, "
            f"got {len(rows):,} and {len(titles):,}"
        )
    names = tuple(title.strip() for title in titles)
    fields = [list(map(str.strip, column)) for column in zip(*body, strict=True)] if body else [[] for _ in names]
    proofs = (
        {".": ""}
        if separator == ","
        else proven_mark(
            ["\n".join(column) for name, column in zip(names, fields, strict=True) if name.casefold() not in _TEXTS]
        )
    )
    mark: Mark = "" if len(proofs) != 1 else "," if "," in proofs else "."
    conflict = ""
    if len(proofs) > 1:
        both = f"decimal points ({proofs['.']!r}) and decimal commas ({proofs[',']!r})"
        conflict = f"the file has {both}: write points throughout"
    columns = tuple(
        CsvColumn(path, name, column, places[1:], numbers(column, mark) if column else [], mark, conflict)
        for name, column in zip(names, fields, strict=True)
    )
    notes = []
    if mark == ",":
        proof = proofs[","]
        notes.append(f"{path}: decimal commas are read as such, {proof} as {proof.replace('.', '').replace(',', '.')}")
    if ended:
        notes.append(f"{path}: {ended} blank line{'s' * (ended > 1)} at the end of the file left out")
    return CsvFile(path, names, columns, separator, mark, tuple(notes))


def _rows(path: Path, lines: Sequence[str], separator: str) -> tuple[list[list[str]], Sequence[int]]:
    """Return the rows, header first, with the line of the file at which each begins."""
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise WorkbookError(f"{path}: line {reader.line_num} cannot be read ({error})") from error
    if len(set(map(len, rows))) == 1 and rows[0] and reader.line_num == len(rows):
        return rows, range(1, len(rows) + 1)
    return _uneven_rows(path, csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True), lines)


def _uneven_rows(path: Path, reader: Any, lines: Sequence[str]) -> tuple[list[list[str]], Sequence[int]]:
    """Return the same where there are blank lines, or fields of several lines."""
    rows: list[list[str]] = []
    places: list[int] = []
    line = 1
    for fields in reader:
        if fields and rows and len(fields) != len(rows[0]):
            wanted = f"{len(rows[0])} fields as the header has"
            raise WorkbookError(f"{path}: line {reader.line_num} must have {wanted}, got {len(fields)}")
        if fields or rows:
            rows.append(fields or [""] * len(rows[0]))
            places.append(line)
        line = reader.line_num + 1
    while rows and not any(rows[-1]) and not lines[places[-1] - 1].strip():
        rows.pop()
        places.pop()
    if not rows:
        raise WorkbookError(f"{path}: the file is empty")
    return rows, places


def _separator(lines: Sequence[str]) -> str:
    """Return the separator: what the header has most of, of several the one that gives all first lines its fields."""
    written = [line for line in lines if line.strip()][:_LOOKED_AT]
    if not written:
        return ","
    there = sorted((one for one in _SEPARATORS if one in written[0]), key=written[0].count, reverse=True)
    if not there:
        return next((one for one in _SEPARATORS[1:] if any(one in line for line in written)), _ONE_COLUMN)
    return next((one for one in there if _is_even(written, one)), there[0]) if len(there) > 1 else there[0]


def _is_even(lines: Iterable[str], separator: str) -> bool:
    try:
        return len({len(row) for row in csv.reader(lines, delimiter=separator)}) == 1
    except csv.Error:
        return False


def _is_series(column: CsvColumn) -> bool:
    count = sum(number is not None for number in column.numbers)
    return len(column.fields) >= _SERIES and 2 * count > len(column.fields)


def _read(path: Path) -> str:
    try:
        text = read_whole(path, LARGEST_FILE, "a csv file")[0].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"must be UTF-8 text, byte {error.start + 1} is not; save it as CSV UTF-8"
        raise WorkbookError(f"{path}: {problem}") from None
    if "\0" in text:
        raise WorkbookError(f"{path}: the file must be text, it holds zero bytes")
    return text
