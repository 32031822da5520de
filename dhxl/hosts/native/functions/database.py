"""Sums and counts over a table with headers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions import measures
from dhxl.hosts.native.functions.criterion import Test, criterion_of_table
from dhxl.hosts.native.functions.totals import mean, total
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import (
    NUM,
    VALUE,
    Area,
    Grid,
    Missing,
    Scalar,
    Value,
    Wrong,
    as_number,
    as_text,
    finite,
)


def _rows(value: Value) -> list[list[Scalar]]:
    """Return the rows of a table, as wide as its first; rows missing at its end are blank and meet nothing."""
    if not isinstance(value, (Area, Grid)):
        raise Wrong(value if isinstance(value, CellError) else VALUE)
    return [[*row, *[None] * (value.width - len(row))] for row in value.rows]


def _rows_with_records(table: Value) -> list[list[Scalar]]:
    if isinstance(table, (Area, Grid)) and table.height < 2:
        raise Wrong(VALUE)
    return _rows(table)


def _never(_cell: Scalar) -> bool:
    return False


def _name(header: Scalar) -> str:
    return "" if isinstance(header, CellError) else as_text(header).strip().lower()


def _column(headers: Sequence[Scalar], field: Scalar) -> int:
    """Return the column of a field, given by its header or its number."""
    if isinstance(field, CellError):
        raise Wrong(field)
    if isinstance(field, str):
        names = [_name(header) for header in headers]
        if _name(field) not in names:
            raise Wrong(VALUE)
        return names.index(_name(field))
    place = int(as_number(field))
    if not 1 <= place <= len(headers):
        raise Wrong(VALUE)
    return place - 1


def _alternatives(headers: Sequence[Scalar], conditions: Value) -> list[list[tuple[int, Test]]]:
    """Return the rows of conditions: columns and tests, of which one row must be met in whole."""
    rows = _rows(conditions)
    if isinstance(conditions, Area) and len(rows) < conditions.height:
        rows.append([None] * conditions.width)  # a row without a condition is met by all
    if len(rows) < 2:
        raise Wrong(VALUE)
    names = [_name(header) for header in headers]
    found = []
    for row in rows[1:]:
        tests: list[tuple[int, Test]] = []
        for header, condition in zip(rows[0], row, strict=True):
            if condition is None:
                continue
            if _name(header) not in names or not _name(header):
                if not isinstance(condition, str):
                    raise Wrong(VALUE)  # a formula as condition, of which there is its result for the first record only
                tests.append((0, _never))  # a text beside the headers is not true
                continue
            tests.append((names.index(_name(header)), criterion_of_table(condition)))
        found.append(tests)
    return found


def _chosen(table: Value, field: Scalar, conditions: Value) -> list[Scalar]:
    """Return the values of a field in the records that meet the conditions."""
    headers, *records = _rows_with_records(table)
    column = _column(headers, field)
    alternatives = _alternatives(headers, conditions)
    return [
        record[column]
        for record in records
        if any(all(test(record[place]) for place, test in tests) for tests in alternatives)
    ]


def _numbers(cells: list[Scalar]) -> list[float]:
    for cell in cells:
        if isinstance(cell, CellError):
            raise Wrong(cell)
    return [cell for cell in cells if type(cell) is float]


def _of_numbers(name: str, body: Callable[[list[float]], float]) -> None:
    @function(name, "R V R")
    def _measure(table: Value, field: Scalar, conditions: Value) -> float:
        return body(_numbers(_chosen(table, field, conditions)))


_of_numbers("DSUM", lambda found: finite(total(found)))
_of_numbers("DAVERAGE", mean)
_of_numbers("DMAX", lambda found: max(found, default=0.0))
_of_numbers("DMIN", lambda found: min(found, default=0.0))
_of_numbers("DPRODUCT", lambda found: finite(math.prod(found)) if found else 0.0)
_of_numbers("DSTDEV", lambda found: measures.spread(found, sample=True))
_of_numbers("DSTDEVP", lambda found: measures.spread(found, sample=False))
_of_numbers("DVAR", lambda found: measures.variance(found, sample=True))
_of_numbers("DVARP", lambda found: measures.variance(found, sample=False))


def _records(table: Value, conditions: Value) -> int:
    headers, *records = _rows_with_records(table)
    if isinstance(table, Area):
        records += [[None] * table.width] * (table.height - 1 - len(records))
    alternatives = _alternatives(headers, conditions)
    return sum(any(all(test(record[place]) for place, test in tests) for tests in alternatives) for record in records)


@function("DCOUNT", "R V R")
def _count(table: Value, field: Scalar, conditions: Value) -> int:
    if field is None or isinstance(field, Missing):
        return _records(table, conditions)
    return sum(type(cell) is float for cell in _chosen(table, field, conditions))


@function("DCOUNTA", "R V R")
def _count_filled(table: Value, field: Scalar, conditions: Value) -> int:
    if field is None or isinstance(field, Missing):
        return _records(table, conditions)
    return sum(cell is not None for cell in _chosen(table, field, conditions))


@function("DGET", "R V R")
def _only(table: Value, field: Scalar, conditions: Value) -> Scalar:
    found = _chosen(table, field, conditions)
    found = [cell for cell in found if cell is not None]  # a record with nothing in the field does not count
    if not found:
        raise Wrong(VALUE)
    if len(found) > 1:
        raise Wrong(NUM)
    return found[0]
