"""Looking values up."""

from __future__ import annotations

from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.searching import first_blank, first_equal, halved, nearest, order_against
from dhxl.hosts.native.functions.shapes import block, column, line, table, vector
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import MISSING, NA, REF, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number

_LONGEST: Final = 255  # characters of a text that the older functions look for


def _sought(wanted: Scalar) -> Scalar:
    """Return a value that MATCH and its like look for.

    Raises
    ------
    Wrong
        It is an error value or too long.
    """
    if isinstance(wanted, CellError):
        raise Wrong(wanted)
    if isinstance(wanted, str) and len(wanted) > _LONGEST:
        raise Wrong(VALUE)
    return wanted


def _found(place: int) -> int:
    if place < 0:
        raise Wrong(NA)
    return place


@function("MATCH", "V R N?")
def _match(wanted: Scalar, where: Value, kind: float = 1.0) -> int:
    wanted = _sought(wanted)
    of = table(where)
    values = vector(of)
    if values is None:
        raise Wrong(NA)
    if kind == 0:
        return _found(first_equal(values, wanted, wild=True)) + 1
    order = order_against(wanted)
    size = of.height * of.width
    if kind > 0:
        return _found(halved(values, size, order)) + 1

    def falling(one: Scalar) -> int | None:
        found = order(one)
        return None if found is None else -found

    return _found(halved(values, size, falling)) + 1


def _place(wanted: Scalar, values: list[Scalar], size: int, *, sorted_data: bool) -> int:
    wanted = _sought(wanted)
    if sorted_data:
        return _found(halved(values, size, order_against(wanted)))
    return _found(first_equal(values, wanted, wild=True))


def _chosen(number: float, count: int) -> int:
    if number < 1:
        raise Wrong(VALUE)
    if int(number) > count:
        raise Wrong(REF)
    return int(number) - 1


@function("VLOOKUP", "V R N L?")
def _vlookup(wanted: Scalar, where: Value, number: float, sorted_data: bool = True) -> Scalar:
    of = table(where)
    col = _chosen(number, of.width)
    row = _place(wanted, column(of, 0), of.height, sorted_data=sorted_data)
    return of.rows[row][col] if col < len(of.rows[row]) else None


@function("HLOOKUP", "V R N L?")
def _hlookup(wanted: Scalar, where: Value, number: float, sorted_data: bool = True) -> Scalar:
    of = table(where)
    row = _chosen(number, of.height)
    col = _place(wanted, line(of, 0), of.width, sorted_data=sorted_data)
    values = line(of, row)
    return values[col] if col < len(values) else None


@function("LOOKUP", "V A A?")
def _lookup(wanted: Scalar, where: Value, results: Value = MISSING) -> Scalar:
    of = table(where)
    across = of.width > of.height
    values = line(of, 0) if across else column(of, 0)
    place = _place(wanted, values, of.width if across else of.height, sorted_data=True)
    if results is MISSING:
        found = line(of, of.height - 1) if across else column(of, of.width - 1)
    else:
        to = table(results)
        single = vector(to)
        if single is None or place >= to.height * to.width:
            raise Wrong(NA)
        found = single
    return found[place] if place < len(found) else None


def _whole(value: Scalar, default: int) -> int:
    return default if value is MISSING else int(as_number(value))


def _searched(wanted: Scalar, of: Area | Grid, kind: int, direction: int) -> int:
    """Return where XMATCH finds a value, counted from 0, or -1."""
    values = vector(of)
    if values is None or kind not in (-1, 0, 1, 2) or direction not in (-2, -1, 1, 2):
        raise Wrong(VALUE)
    if isinstance(wanted, CellError):
        raise Wrong(wanted)
    size = of.height * of.width
    if abs(direction) == 2:
        return _searched_by_halves(wanted, values, size, kind, falling=direction < 0)
    if wanted is None or wanted is MISSING:
        if direction < 0:
            values = [*values, *[None] * (size - len(values))][::-1]
        at = first_blank(values, size)
        return size - 1 - at if direction < 0 and at >= 0 else at
    if kind in (0, 2):
        at = first_equal(values if direction > 0 else values[::-1], wanted, wild=kind == 2)
        return len(values) - 1 - at if direction < 0 and at >= 0 else at
    return nearest(range(len(values))[::direction], values, wanted, kind)


def _searched_by_halves(wanted: Scalar, values: list[Scalar], size: int, kind: int, *, falling: bool) -> int:
    if kind == 2:
        raise Wrong(VALUE)
    order = order_against(wanted)

    def along(one: Scalar) -> int | None:
        found = order(one)
        return found if found is None or not falling else -found

    at = halved(values, size, along)
    if at >= 0 and along(values[at]) == 0:
        return at
    if kind == 0:
        return -1
    if (kind > 0) == falling:
        return at
    return next((place for place in range(at + 1, len(values)) if along(values[place]) is not None), -1)


@function("XMATCH", "V R V? V?")
def _xmatch(wanted: Scalar, where: Value, kind: Scalar = MISSING, direction: Scalar = MISSING) -> int:
    return _found(_searched(wanted, table(where), _whole(kind, 0), _whole(direction, 1))) + 1


@function("XLOOKUP", "V R R V? V? V?")
def _xlookup(
    wanted: Scalar,
    where: Value,
    results: Value,
    otherwise: Scalar = MISSING,
    kind: Scalar = MISSING,
    direction: Scalar = MISSING,
) -> Value:
    of, to = table(where), table(results)
    down = of.width == 1 and (of.height > 1 or to.height == 1)
    if (of.height != to.height) if down else (of.width != to.width):
        raise Wrong(VALUE)
    place = _searched(wanted, of, _whole(kind, 0), _whole(direction, 1))
    if place < 0:
        if otherwise is MISSING:
            raise Wrong(NA)
        return otherwise
    found = block(to, place, 0, 1, to.width) if down else block(to, 0, place, to.height, 1)
    return found.rows[0][0] if isinstance(found, Grid) and found.height == found.width == 1 else found


@function("INDEX", "A N N? N?")
def _index(of: Value, row: float, col: float | None = None, number: float = 1.0) -> Value:
    if isinstance(of, Areas):
        of = of.parts[_chosen(number, len(of.parts))]
    elif _chosen(number, 1) == 0:
        of = table(of)
    assert isinstance(of, (Area, Grid))
    if col is None:
        col = 0.0
        if of.height == 1:
            row, col = (0.0, row) if of.width > 1 or row == 0 else (row, 0.0)
        elif of.width > 1 and isinstance(of, Area):
            raise Wrong(REF)
    top, left = int(row), int(col)
    if top < 0 or left < 0:
        raise Wrong(VALUE)
    if top > of.height or left > of.width:
        raise Wrong(REF)
    part = block(of, max(top - 1, 0), max(left - 1, 0), 1 if top else of.height, 1 if left else of.width)
    return part.rows[0][0] if isinstance(part, Grid) and part.height == part.width == 1 else part
