"""TRUE and FALSE."""

from __future__ import annotations

from collections.abc import Iterator

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import VALUE, Area, Areas, Grid, Value, Wrong, as_logical, scalars


def _conditions(values: tuple[Value, ...]) -> list[bool]:
    """Return the conditions among arguments: in cells and arrays texts and blanks are none.

    Raises
    ------
    Wrong
        There is an error value, a text given by itself that is no condition, or no condition at all.
    """
    found = [condition for value in values for condition in _of_one(value)]
    if not found:
        raise Wrong(VALUE)
    return found


def _of_one(value: Value) -> Iterator[bool]:
    if not isinstance(value, (Area, Areas, Grid)):
        yield as_logical(value)
        return
    for one in scalars(value):
        if isinstance(one, CellError):
            raise Wrong(one)
        if isinstance(one, (bool, float)):
            yield one != 0


@function("AND", "R+")
def _and(*values: Value) -> bool:
    return all(_conditions(values))


@function("OR", "R+")
def _or(*values: Value) -> bool:
    return any(_conditions(values))


@function("XOR", "R+")
def _xor(*values: Value) -> bool:
    return sum(_conditions(values)) % 2 == 1


@function("NOT", "L")
def _not(condition: bool) -> bool:
    return not condition


@function("TRUE")
def _true() -> bool:
    return True


@function("FALSE")
def _false() -> bool:
    return False
