"""Sums and counts of what meets a criterion."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.criterion import Test, criterion, equality, places_of
from dhxl.hosts.native.functions.totals import mean, total
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import MISSING, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, finite


def _size(cells: Value) -> tuple[int, int]:
    if isinstance(cells, (Area, Grid)):
        return cells.height, cells.width
    if isinstance(cells, (Areas, CellError)):
        raise Wrong(cells if isinstance(cells, CellError) else VALUE)
    return 1, 1


def _rows_given(cells: Value) -> int:
    return len(cells.rows) if isinstance(cells, (Area, Grid)) else 1


def _column(cells: Value, height: int, width: int) -> list[Scalar]:
    """Return the values of cells row by row, as many rows as asked for; blanks stand where there are none."""
    if not isinstance(cells, (Area, Grid)):
        cells = Grid([[cells]])  # type: ignore[list-item]
    rows = cells.rows[:height]
    if all(len(row) == width for row in rows):
        values = [row[0] for row in rows] if width == 1 else list(chain.from_iterable(rows))
    else:
        values = [one for row in rows for one in (*row[:width], *[None] * (width - len(row)))]
    return values + [None] * (height * width - len(values))


def _met(pairs: tuple[Value, ...], least_rows: int = 0) -> tuple[list[int], int, int, int]:
    """Return the places where all criteria are met, up to which row cells were looked at, and what comes after it.

    The places count row by row within the rows looked at, at least ``least_rows`` if there are so many; behind them
    all cells are blank. The last of the four is the number of those, if blanks meet the criteria.
    """
    ranges, tests = pairs[::2], [criterion(one) for one in pairs[1::2]]  # type: ignore[arg-type]
    full_height, width = _size(ranges[0])
    if any(_size(one) != (full_height, width) for one in ranges):
        raise Wrong(VALUE)
    height = min(full_height, max(least_rows, *map(_rows_given, ranges)))
    places = _places(ranges[0], pairs[1], tests[0], height)
    for cells, test in zip(ranges[1:], tests[1:], strict=True):
        values = _column(cells, height, width)
        places = [place for place in places if test(values[place])]
    rest = (full_height - height) * width
    return places, height, width, rest if all(test(None) for test in tests) else 0


@dataclass(slots=True)
class _Recent:
    """The range asked last: how often it was asked in a row, and where its values stand once that pays."""

    rows: object = None
    height: int = 0
    times: int = 0
    places: dict[float | str, list[int]] | None = None


_RECENT: Final = _Recent()
_PAYS_AFTER: Final = 3


def _places(cells: Value, wanted: Value, test: Test, height: int) -> list[int]:
    """Return the places of the cells that meet a criterion.

    ``COUNTIF(range,range)`` asks the same range once for each of its values: then the places are looked up.
    """
    width = _size(cells)[1]
    key = equality(wanted) if isinstance(cells, (Area, Grid)) else None  # type: ignore[arg-type]
    if key is not None and isinstance(cells, (Area, Grid)):
        if _RECENT.rows is not cells.rows or _RECENT.height != height:
            _RECENT.rows, _RECENT.height, _RECENT.times, _RECENT.places = cells.rows, height, 0, None
        _RECENT.times += 1
        if _RECENT.times > _PAYS_AFTER:
            if _RECENT.places is None:
                _RECENT.places = places_of(_column(cells, height, width))
            return _RECENT.places.get(key, [])
    return [place for place, cell in enumerate(_column(cells, height, width)) if test(cell)]


def _chosen(target: Value, pairs: tuple[Value, ...]) -> list[float]:
    """Return the numbers of the target in the places where all criteria are met."""
    places, height, width, _ = _met(pairs, _rows_given(target))
    values = _column(target, height, width)
    return _numbers([values[place] for place in places])


def _numbers(cells: list[Scalar]) -> list[float]:
    for cell in cells:
        if isinstance(cell, CellError):
            raise Wrong(cell)
    return [cell for cell in cells if type(cell) is float]


def _chosen_beside(target: Value | None, cells: Value, wanted: Scalar) -> list[float]:
    """Return the numbers of the target in the places where cells meet a criterion, counted from its first cell.

    A formula comes with a target as large as the cells where it is written as a range
    (:mod:`dhxl.hosts.native.lowering`); only a calculated one can be too small, and what lies beyond it is unknown.
    """
    if target is None or target is MISSING:
        target = cells
    if _size(target) == _size(cells):
        return _chosen(target, (cells, wanted))
    places, _, width, _ = _met((cells, wanted), _rows_given(target))
    return _numbers([_at(target, *divmod(place, width)) for place in places])


def _at(cells: Value, row: int, col: int) -> Scalar:
    height, width = _size(cells)
    if row >= height or col >= width:
        raise Wrong(VALUE)
    if isinstance(cells, Area):
        return cells.at(row, col)
    return cells.rows[row][col] if isinstance(cells, Grid) else cells  # type: ignore[return-value]


def _same_size(target: Value, pairs: tuple[Value, ...]) -> None:
    if _size(target) != _size(pairs[0]):
        raise Wrong(VALUE)


@function("COUNTIF", "R V")
def _count_if(cells: Value, wanted: Scalar) -> int:
    places, _, _, rest = _met((cells, wanted))
    return len(places) + rest


@function("COUNTIFS", "R V (R V)+")
def _count_ifs(*pairs: Value) -> int:
    places, _, _, rest = _met(pairs)
    return len(places) + rest


@function("SUMIF", "R V R?")
def _sum_if(cells: Value, wanted: Scalar, target: Value | None = None) -> float:
    return finite(total(_chosen_beside(target, cells, wanted)))


@function("SUMIFS", "R R V (R V)+")
def _sum_ifs(target: Value, *pairs: Value) -> float:
    _same_size(target, pairs)
    return finite(total(_chosen(target, pairs)))


@function("AVERAGEIF", "R V R?")
def _average_if(cells: Value, wanted: Scalar, target: Value | None = None) -> float:
    return mean(_chosen_beside(target, cells, wanted))


@function("AVERAGEIFS", "R R V (R V)+")
def _average_ifs(target: Value, *pairs: Value) -> float:
    _same_size(target, pairs)
    return mean(_chosen(target, pairs))


@function("MAXIFS", "R R V (R V)+")
def _greatest_if(target: Value, *pairs: Value) -> float:
    _same_size(target, pairs)
    return max(_chosen(target, pairs), default=0.0)


@function("MINIFS", "R R V (R V)+")
def _least_if(target: Value, *pairs: Value) -> float:
    _same_size(target, pairs)
    return min(_chosen(target, pairs), default=0.0)


@function("COUNTBLANK", "R")
def _count_blank(cells: Value) -> int:
    height, width = _size(cells)
    given = min(_rows_given(cells), height)
    empty = sum(one is None or one == "" for one in _column(cells, given, width))
    return empty + (height - given) * width
