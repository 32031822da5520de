"""Lists, rows and csv files put into the named ranges of a workbook."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from dhxl.errors import InputError
from dhxl.functions.cells import described
from dhxl.studies.filling import Desk, put
from dhxl.studies.given import Given, Record, Scalar, Value
from dhxl.studies.readings import meant
from dhxl.workbook.csvfile import CsvColumn, CsvFile, csv_file
from dhxl.workbook.names import Reference

__all__ = ["put_range", "split_by_column"]

_SERIES: Final = "series"
_LABELS: Final = ("hour", "time", "date", "datetime", "timestamp", "month", "day")  # of rows; they set nothing
_CSV: Final = re.compile(r"(?P<file>.+\.csv)(?::(?P<column>[^:\\/]+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Table:
    """A range whose columns have names; ``keyed`` tells that its first column names the rows."""

    name: str
    place: Reference
    columns: dict[str, int]
    first_row: int
    keyed: bool

    @property
    def title(self) -> str:
        """Return the name of the first column."""
        return next(iter(self.columns))

    def cell(self, row: int, column: str) -> Reference:
        """Return a cell by its row on the sheet and the name of its column."""
        col = self.columns[column]
        return Reference(self.place.sheet, row, col, row, col)


def split_by_column(desk: Desk, given: Given) -> tuple[Given, ...]:
    """Return a given csv file of series column by column, each for the input of its name; anything else as it is.

    Columns that only label the rows (hour, time, date) are left out; times that do not follow each other are refused.

    Raises
    ------
    WorkbookError
        The file cannot be read, or has no rows.
    """
    found = _CSV.fullmatch(given.value) if isinstance(given.value, str) else None
    if given.name.casefold() != _SERIES or not found or found["column"]:
        return (given,)
    path = given.folder / found["file"]
    file = _timed_file(desk, path)
    axis = file.times()
    labels = {*_LABELS, axis.title.casefold()} if axis else _LABELS
    return tuple(
        replace(given, name=title, value=file.column(title), origin=path.name)
        for title in file.titles
        if title.casefold() not in labels
    )


def _timed_file(desk: Desk, path: Path) -> CsvFile:
    """Return a file of series, with what is to be said of it and of its times on the desk."""
    file = csv_file(path)
    desk.notes.extend(file.notes)
    try:
        desk.notes.extend(file.timed())
    except InputError as error:
        desk.problems.extend(error.problems)
    return file


def put_range(desk: Desk, given: Given, name: str, place: Reference) -> str:
    """Put several values into a range; return in words how many there were."""
    where = f"{place.address} ({name})"
    table = _table(desk, name, place)
    if given.source:
        desk.refuse(where, "has no cell for a source; leave the source out")
    try:
        value = _from_text(desk, given, name, place) if isinstance(given.value, str) else given.value
    except InputError as error:
        desk.refuse(where, str(error))
        return ""
    if isinstance(value, CsvColumn):
        return _put_column(desk, given, name, place, value)
    if not isinstance(value, tuple):
        desk.refuse(where, f"must be {_shape(place)}, got {described(value)}")
        return ""
    records = [row for row in value if isinstance(row, Mapping)]
    if records:
        if table is None:
            desk.refuse(where, "has no column titles; give rows of values")
        else:
            _put_records(desk, given, table, records)
        return _counted(len(records), "row")
    if table and table.keyed:
        desk.refuse(where, f"takes rows by column name: {', '.join(table.columns)}")
        return ""
    return _put_values(desk, given, name, place, value)


def _put_column(desk: Desk, given: Given, name: str, place: Reference, column: CsvColumn) -> str:
    """Put a column of a file into a range; its number of rows and its gaps are told together."""
    fault, rows = column.fault(), len(column.fields)
    if rows != place.rows * place.columns:
        hint = " (a leap year has a day more: leave one out)" if rows - place.rows in (24, 96) else ""
        gaps = f"; {fault}" if fault else ""
        desk.refuse(f"{place.address} ({name})", f"must be {_shape(place)}, got {rows:,} rows{hint}{gaps}")
        return ""
    if fault:
        desk.problems.append(fault)
        return ""
    return _put_values(desk, given, name, place, column.cells)


def _put_values(desk: Desk, given: Given, name: str, place: Reference, value: Sequence[object]) -> str:
    rows = [row if isinstance(row, tuple) else (row,) for row in value]
    if place.rows == 1 and all(len(row) == 1 for row in rows):
        rows = [tuple(row[0] for row in rows)]
    line = place.rows == 1 or place.columns == 1
    short = len(rows) < place.rows if line else False
    wrong = next((row for row in rows if len(row) != place.columns), None)
    if short or len(rows) > place.rows or wrong is not None:
        count = sum(map(len, rows)) if line else len(rows)
        got = f"a row of {len(wrong)}" if wrong is not None and not line else f"{count:,}"
        desk.refuse(f"{place.address} ({name})", f"must be {_shape(place)}, got {got}")
        return ""
    for row, values in enumerate(rows, start=place.first_row):
        for col, one in enumerate(values, start=place.first_col):
            put(desk, given, name, Reference(place.sheet, row, col, row, col), one)
    _empty(desk, given, name, replace(place, first_row=place.first_row + len(rows)))
    return _counted(len(rows), "row") if not line else _counted(place.rows * place.columns, "value")


def _put_records(desk: Desk, given: Given, table: _Table, records: Sequence[Record]) -> None:
    where = f"{table.place.address} ({table.name})"
    room = table.place.last_row - table.first_row + 1
    if not table.keyed and len(records) > room:
        desk.refuse(where, f"has room for {room} rows, got {len(records)}; insert rows in the template")
        return
    entries = [{_plain(key): value for key, value in record.items()} for record in records]
    if problems := [problem for problem in map(partial(_row_problem, table), count(1), entries) if problem]:
        for problem in problems:
            desk.refuse(where, problem)
        return
    rows = _rows_by_key(desk, table) if table.keyed else {}
    free = iter(_free_rows(desk, table) if table.keyed else _body(table))
    given_keys = Counter(_key(entry[table.title]) for entry in entries) if table.keyed else Counter()
    for entry in entries:
        title = entry[table.title]
        row = rows.get(_key(title)) or next(free, None)
        if given_keys[_key(title)] > 1:
            desk.refuse(where, f"{table.title} {described(title)} is given {given_keys[_key(title)]} times")
        elif row is None:
            desk.refuse(where, f"there is no free row for {described(title)}; it has room for {room}")
        else:
            for column in [one for one in entry if one != table.title or _key(title) not in rows]:
                put(desk, given, f"{table.name}, {column}", table.cell(row, column), entry[column])
    if not table.keyed:
        _empty(desk, given, table.name, replace(table.place, first_row=table.first_row + len(records)))


def _row_problem(table: _Table, number: int, entry: Record) -> str:
    """Return what is wrong with the columns of a row, nothing where they are known and complete."""
    columns = ", ".join(table.columns)
    if unknown := [column for column in entry if column not in table.columns]:
        return f"row {number}: there is no column {unknown[0]}{meant(unknown[0], table.columns)} (columns: {columns})"
    lacking = [column for column in table.columns if column not in entry]
    if table.keyed:
        lacking = [column for column in lacking if column == table.title]
    return f"row {number} lacks {', '.join(lacking)}" if lacking else ""


def _key(title: Scalar) -> str:
    return str(title).strip().casefold()


def _empty(desk: Desk, given: Given, name: str, place: Reference) -> None:
    for at in place.cells():
        put(desk, given, name, Reference(place.sheet, *at, *at), None)


def _rows_by_key(desk: Desk, table: _Table) -> dict[str, int]:
    keys = {row: desk.value(table.place.sheet, (row, table.place.first_col)) for row in _body(table)}
    return {_key(key): row for row, key in keys.items() if isinstance(key, str) and key.strip()}


def _free_rows(desk: Desk, table: _Table) -> list[int]:
    sheet = table.place.sheet
    return [
        row
        for row in _body(table)
        if not any(
            desk.is_formula(sheet, (row, col)) or desk.value(sheet, (row, col)) for col in table.columns.values()
        )
    ]


def _body(table: _Table) -> range:
    return range(table.first_row, table.place.last_row + 1)


def _table(desk: Desk, name: str, place: Reference) -> _Table | None:
    """Return a range with the names of its columns: its own first row, or the row above it."""
    for row in (place.first_row, place.first_row - 1):
        inside = row == place.first_row
        titles = [desk.value(place.sheet, (row, col)) for col in range(place.first_col, place.last_col + 1)]
        texts = [_plain(title) for title in titles if isinstance(title, str)]
        if place.columns == 1 or place.rows == 1 or len(set(texts)) < place.columns or "" in texts:
            continue
        if any(desk.is_formula(place.sheet, (row, col)) for col in range(place.first_col, place.last_col + 1)):
            continue
        columns = dict(zip(texts, range(place.first_col, place.last_col + 1), strict=True))
        keys = [desk.value(place.sheet, (at, place.first_col)) for at in range(row + 1, place.last_row + 1)]
        keyed = inside and all(key is None or isinstance(key, str) for key in keys)
        return _Table(name, place, columns, row + 1, keyed)
    return None


def _plain(title: str) -> str:
    """Return a column's title as a name: ``Heat sold MWh/a`` and ``heat_sold_mwh`` are the same.

    Examples
    --------
    >>> _plain("Heat sold MWh/a"), _plain("Length m"), _plain("heat_mw")
    ('heat_sold_mwh', 'length_m', 'heat_mw')
    """
    return re.sub(r"[^0-9a-z]+", "_", title.strip().casefold().removesuffix("/a")).strip("_")


def _from_text(desk: Desk, given: Given, name: str, place: Reference) -> Value | CsvColumn:
    """Return the values that a text stands for: those of a csv file, or some separated by commas."""
    assert isinstance(given.value, str)  # the caller asked
    found = _CSV.fullmatch(given.value)
    if not found:
        return tuple(entry.strip() for entry in next(csv.reader([given.value], skipinitialspace=True)))
    path = given.folder / found["file"]
    if place.rows > 1 and place.columns > 1 and not found["column"]:
        file = csv_file(path)
        desk.notes.extend(file.notes)
        rows = zip(*(column.cells for column in file.columns), strict=True)
        return tuple(fields for row in rows if (fields := dict(_fields(file.titles, row))))
    file = _timed_file(desk, path)
    wanted = (found["column"] or "").strip()
    return file.column(wanted or (name if name in file.titles or len(file.titles) > 1 else file.titles[0]))


def _fields(header: Sequence[str], row: Sequence[Scalar | None]) -> Iterator[tuple[str, Scalar]]:
    return ((title, value) for title, value in zip(header, row, strict=True) if value is not None)


def _shape(place: Reference) -> str:
    if place.rows > 1 and place.columns > 1:
        return f"at most {place.rows} rows of {place.columns} values"
    return f"{place.rows * place.columns:,} values"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
