"""Arrays sorted, filtered, and rid of what comes twice."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.shapes import CALC, table
from dhxl.hosts.native.functions.wildcards import lowered
from dhxl.hosts.native.library import flat, function
from dhxl.hosts.native.values import (
    MISSING,
    VALUE,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    collation,
    grid_of,
    rank_of_type,
)

_BLANK: Final = 9  # behind everything, whichever way is sorted
_ERROR: Final = 3

_Row = Sequence[Scalar]


def _sort_key(value: Scalar) -> tuple[int, Any]:
    if isinstance(value, CellError):
        return _ERROR, 0
    rank = rank_of_type(value)
    return rank, collation(value.upper()) if isinstance(value, str) else value


def _sorted(order: list[int], keys: Sequence[Scalar], direction: float) -> list[int]:
    """Return places in the order of their keys, equal keys in the order they had; blanks go last."""
    if direction not in (1, -1):
        raise Wrong(VALUE)
    filled = [place for place in order if keys[place] is not None]
    filled.sort(key=lambda place: _sort_key(keys[place]), reverse=direction < 0)
    return [*filled, *(place for place in order if keys[place] is None)]


def _result(rows: Sequence[_Row], *, turned: bool) -> Value:
    if not rows:
        raise Wrong(CALC)
    if turned:
        rows = list(zip(*rows, strict=True))
    return Grid(rows) if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0]


def _lines(value: Value, *, by_column: bool) -> Sequence[_Row]:
    """Return the rows of an argument, or its columns."""
    rows = grid_of(table(value)).rows
    return list(zip(*rows, strict=True)) if by_column else rows


def _flag(value: Scalar) -> bool:
    return value is not MISSING and as_logical(value)


@function("SORT", "R R? R? V?")
def _sort(value: Value, index: Value = MISSING, direction: Value = MISSING, across: Scalar = MISSING) -> Value:
    by_column = _flag(across)
    lines = _lines(value, by_column=by_column)
    places = [1.0] if index is MISSING else [as_number(one) for one in flat(index)]
    ways = [1.0] if direction is MISSING else [float(int(as_number(one))) for one in flat(direction)]
    if len(ways) == 1:
        ways *= len(places)
    if len(ways) != len(places) or any(not 1 <= int(place) <= len(lines[0]) for place in places):
        raise Wrong(VALUE)
    order = list(range(len(lines)))
    for place, way in reversed(list(zip(places, ways, strict=True))):
        order = _sorted(order, [line[int(place) - 1] for line in lines], way)
    return _result([lines[at] for at in order], turned=by_column)


def _by_column(of: Grid, by: Grid) -> bool:
    """Return whether a single row or column of keys stands for the columns of an array rather than its rows."""
    if by.width == 1 and by.height == of.height:
        return False
    if by.height == 1 and by.width == of.width:
        return True
    raise Wrong(VALUE)


@function("SORTBY", "R R R? R+")
def _sort_by(value: Value, *keys_and_ways: Value) -> Value:
    of = grid_of(table(value))
    grids = [grid_of(table(by)) for by in keys_and_ways[::2]]
    by_column = _by_column(of, grids[0])
    if any(_by_column(of, by) != by_column for by in grids):
        raise Wrong(VALUE)
    ways = [flat(way) for way in keys_and_ways[1::2]]
    ways += [[MISSING]] * (len(grids) - len(ways))
    lines = _lines(of, by_column=by_column)
    order = list(range(len(lines)))
    for by, way in reversed(list(zip(grids, ways, strict=True))):
        if len(way) != 1:
            raise Wrong(VALUE)
        order = _sorted(order, flat(by), 1.0 if way[0] is MISSING else float(int(as_number(way[0]))))
    return _result([lines[at] for at in order], turned=by_column)


def _identity(value: Scalar) -> Hashable:
    if isinstance(value, str):
        return 1, lowered(value)
    if isinstance(value, CellError):
        return _ERROR, value.code
    return (_BLANK, 0) if value is None else (rank_of_type(value), value)


@function("UNIQUE", "R V? V?")
def _unique(value: Value, across: Scalar = MISSING, once: Scalar = MISSING) -> Value:
    by_column = _flag(across)
    lines = _lines(value, by_column=by_column)
    found: dict[Hashable, list[int]] = {}
    for at, line in enumerate(lines):
        found.setdefault(tuple(map(_identity, line)), []).append(at)
    only_once = _flag(once)
    kept = [places[0] for places in found.values() if not only_once or len(places) == 1]
    return _result([lines[at] for at in kept], turned=by_column)


@function("FILTER", "R R R?")
def _filter(value: Value, including: Value, otherwise: Value = MISSING) -> Value:
    of, chosen = grid_of(table(value)), grid_of(table(including))
    if chosen.width == 1 and chosen.height == of.height:
        by_column = False
    elif chosen.height == 1 and chosen.width == of.width:
        by_column = True
    else:
        raise Wrong(VALUE)
    lines = _lines(of, by_column=by_column)
    kept = [line for line, one in zip(lines, flat(chosen), strict=True) if as_logical(one)]
    if not kept and otherwise is not MISSING:
        return otherwise
    return _result(kept, turned=by_column)
