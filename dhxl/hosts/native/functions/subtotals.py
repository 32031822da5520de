"""Totals that leave out hidden rows and other totals."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions import measures
from dhxl.hosts.native.functions.totals import mean, total
from dhxl.hosts.native.library import Here, function
from dhxl.hosts.native.operators import lifted
from dhxl.hosts.native.values import VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number, finite, scalars

_QUOTED: Final = re.compile('"[^"]*"')
_TOTAL: Final = re.compile(r"(?<![A-Z0-9_.])(?:_XLFN\.)?(?:SUBTOTAL|AGGREGATE)\s*\(")
_ARRAYS: Final = 14  # from here on AGGREGATE takes an array and a place

_OF_NUMBERS: Final[dict[int, Callable[[Sequence[float]], float]]] = {
    1: mean,
    4: lambda numbers: max(numbers, default=0.0),
    5: lambda numbers: min(numbers, default=0.0),
    6: lambda numbers: finite(math.prod(numbers)) if numbers else 0.0,
    7: lambda numbers: measures.spread(numbers, sample=True),
    8: lambda numbers: measures.spread(numbers, sample=False),
    9: lambda numbers: finite(total(numbers)),
    10: lambda numbers: measures.variance(numbers, sample=True),
    11: lambda numbers: measures.variance(numbers, sample=False),
    12: measures.median,
    13: lambda numbers: measures.modes(numbers)[0],
}
_OF_PLACES: Final[dict[int, Callable[[Sequence[float], float], float]]] = {
    14: measures.greatest,
    15: measures.least,
    16: measures.quantile_inclusive,
    17: measures.quarter_inclusive,
    18: measures.quantile_exclusive,
    19: measures.quarter_exclusive,
}


def _is_total(here: Here, sheet: str, row: int, col: int) -> bool:
    formula = here.book.formula(sheet, row, col)
    return formula is not None and _TOTAL.search(_QUOTED.sub('""', formula.upper())) is not None


def _cells(
    here: Here, values: tuple[Value, ...], left_out: Callable[[str, int], bool] | None, *, with_totals: bool
) -> Iterator[Scalar]:
    """Yield the values of cells that are not blank, but for rows and totals that are left out."""
    for value in values:
        if not isinstance(value, (Area, Areas)):
            raise Wrong(value if isinstance(value, CellError) else VALUE)
        for area in value.parts if isinstance(value, Areas) else (value,):
            for row, line in enumerate(area.rows, area.first_row):
                if left_out is not None and left_out(area.sheet, row):
                    continue
                for col, cell in enumerate(line, area.first_col):
                    if cell is not None and (with_totals or not _is_total(here, area.sheet, row, col)):
                        yield cell


def _computed(number: int, cells: list[Scalar]) -> float:
    if number == 2:
        return float(sum(type(cell) is float for cell in cells))
    if number == 3:
        return float(len(cells))
    return _OF_NUMBERS[number](_numbers(cells))


def _numbers(cells: list[Scalar]) -> list[float]:
    for cell in cells:
        if isinstance(cell, CellError):
            raise Wrong(cell)
    return [cell for cell in cells if type(cell) is float]


@function("SUBTOTAL", "N R+", needs_place=True)
def _subtotal(here: Here, number: float, *values: Value) -> float:
    which = int(number)
    if not (1 <= which <= 11 or 101 <= which <= 111):
        raise Wrong(VALUE)
    # rows that a filter hides never count; those hidden by hand count below 100
    left_out = here.book.is_hidden if which > 100 else here.book.is_filtered
    return _computed(which % 100, list(_cells(here, values, left_out, with_totals=False)))


@function("AGGREGATE", "N N A A?+", needs_place=True)
def _aggregate(here: Here, number: float, option: float, *values: Value) -> Value:
    which, kept = int(number), int(option)
    if not (1 <= which <= 19 and 0 <= kept <= 7):
        raise Wrong(VALUE)
    hidden, errors, totals = kept in (1, 3, 5, 7), kept in (2, 3, 6, 7), kept < 4
    left_out = here.book.is_hidden if hidden else None
    areas = values[:1] if which >= _ARRAYS else values
    if which >= _ARRAYS and not isinstance(values[0], (Area, Areas)):
        cells: list[Scalar] = [cell for cell in scalars(values[0]) if cell is not None]
    else:
        cells = list(_cells(here, areas, left_out, with_totals=not totals))
    if errors:
        cells = [cell for cell in cells if not isinstance(cell, CellError)]
    if which < _ARRAYS:
        return _computed(which, cells)
    if len(values) != 2:
        raise Wrong(VALUE)
    found = _numbers(cells)
    return lifted(lambda place: _OF_PLACES[which](found, as_number(place)), (_one(values[1]),))


def _one(value: Value) -> Value:
    if isinstance(value, Area) and value.height == value.width == 1:
        return value.at(0, 0)
    return value if not isinstance(value, Grid) or len(value.rows) * len(value.rows[0]) > 1 else value.rows[0][0]
