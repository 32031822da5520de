"""One argument of a worksheet function: its unit, limits and shape, and how cells become its value."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import NoneType
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dhxl.errors import DhxlError, InputError
from dhxl.functions.cells import LEFT_OUT, Cell, CellError, CellOrRange, described, is_blank, is_range
from dhxl.units import FRACTION

__all__ = ["Argument", "PassedError", "anything", "number", "table", "text", "vector", "whole"]

Shape = Literal["number", "whole", "text", "vector", "table", "anything"]
_MISSING: Any = object()
_WANTED: Final = {
    "number": "a number",
    "whole": "a whole number",
    "text": "a text",
    "vector": "a row or column of numbers",
    "table": "a range",
    "anything": "a cell",
}


class PassedError(DhxlError):
    """An error value among the arguments: the result is the same error value."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code


@dataclass(frozen=True, slots=True)
class Argument:
    """A declared argument; made by :func:`number`, :func:`whole`, :func:`text`, :func:`vector`, :func:`table`.

    ``at_least`` and ``at_most`` are inclusive limits, ``above`` and ``below`` exclusive ones, all in ``unit``.
    ``default`` is taken from the function's signature when it is registered. ``entries`` are the columns, or the
    rows of name and value, that a table is read by.
    """

    name: str
    text: str
    shape: Shape
    unit: str = FRACTION
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = _MISSING
    entries: tuple[Argument, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether the argument may be left out."""
        return self.default is not _MISSING

    def with_default(self, default: Any) -> Argument:
        """Return the same argument with the default of the function's signature."""
        return replace(self, default=default)

    @property
    def limits(self) -> str:
        """The limits in words, as in ``> 0 m and <= 100 m``; empty if there are none."""
        unit = "" if self.unit == FRACTION else f" {self.unit}"
        signs = ((">=", self.at_least), (">", self.above), ("<=", self.at_most), ("<", self.below))
        parts = [f"{sign} {limit:.12g}{unit}" for sign, limit in signs if limit is not None]
        if self.choices:
            parts.append("one of " + ", ".join(self.choices))
        return " and ".join(parts)

    def holds(self, x: float) -> bool:
        """Return whether a number is within the limits."""
        return (
            (self.at_least is None or x >= self.at_least)
            and (self.at_most is None or x <= self.at_most)
            and (self.above is None or x > self.above)
            and (self.below is None or x < self.below)
        )

    def value(self, cell: CellOrRange) -> Any:
        """Return the value for the calculation that a cell or range stands for.

        Raises
        ------
        InputError
            Missing, of the wrong kind or outside the limits; without the function's name.
        PassedError
            The cell holds an error value.
        """
        cell = _plain(cell)
        if self.shape not in ("table", "anything"):
            while is_range(cell) and len(cell) == 1:  # type: ignore[arg-type]
                cell = _plain(cell[0])  # type: ignore[index]
        if is_blank(cell) and self.optional:
            return self.default
        if cell is LEFT_OUT:
            raise InputError(f"{self.name} is missing ({self._wanted()})")
        return _READERS[self.shape](self, cell)

    def _wanted(self) -> str:
        if self.choices:
            return self.limits
        unit = "" if self.unit == FRACTION else f" in {self.unit}"
        return _WANTED[self.shape] + (f" {self.limits}" if self.limits else unit)

    def _wrong(self, got: object, where: str = "") -> InputError:
        return InputError(f"{self.name}{where} must be {self._wanted()}, got {described(got)}")

    def _outside(self, got: float, where: str = "") -> InputError:
        short = described(got)
        shown = repr(got) if self.holds(float(short)) else short
        return InputError(f"{self.name}{where} must be {self.limits}, got {shown}")


def number(name: str, text: str, unit: str, **limits: float) -> Argument:
    """Return the declaration of a number."""
    return Argument(name, text, "number", unit, **limits)  # type: ignore[arg-type]


def whole(name: str, text: str, unit: str = FRACTION, **limits: float) -> Argument:
    """Return the declaration of a whole number."""
    return Argument(name, text, "whole", unit, **limits)  # type: ignore[arg-type]


def text(name: str, text: str, choices: Sequence[str] = ()) -> Argument:
    """Return the declaration of a text, free or one of several (case does not matter)."""
    return Argument(name, text, "text", choices=tuple(choices))


def vector(name: str, text: str, unit: str, **limits: float) -> Argument:
    """Return the declaration of a row or column of numbers; every one must be within the limits."""
    return Argument(name, text, "vector", unit, **limits)  # type: ignore[arg-type]


def table(name: str, text: str, entries: Sequence[Argument] = ()) -> Argument:
    """Return the declaration of a range that the function reads by itself (headers and cells of any kind)."""
    return Argument(name, text, "table", entries=tuple(entries))


def anything(name: str, text: str) -> Argument:
    """Return the declaration of an argument whose value does not matter."""
    return Argument(name, text, "anything")


def _plain(value: Any) -> Any:
    """Return what numpy or pandas holds as lists and numbers of Python, all else as it is."""
    return np.asarray(value).tolist() if hasattr(value, "ndim") else value


def _rows(argument: Argument, cells: Any) -> Sequence[Sequence[Any]]:
    """Return the rows of equal length that a range stands for; a flat list is one row."""
    if set(map(type, cells)) <= {list, tuple}:
        rows = cells
    elif any(map(is_range, cells)):
        rows = [list(row) if is_range(row) else [] for row in cells]
    else:
        return [cells]
    if len(set(map(len, rows))) > 1:
        raise InputError(f"{argument.name} must have rows of equal length")
    return rows  # type: ignore[no-any-return]


def _passed(argument: Argument, code: str, where: str = "") -> PassedError:
    return PassedError(code, f"{argument.name}{where} holds {code}")


def _number(argument: Argument, cell: CellOrRange, where: str = "") -> float:
    if isinstance(cell, CellError):
        raise _passed(argument, cell.code, where)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise argument._wrong(cell, where)
    x = math.inf if isinstance(cell, int) and abs(cell) > sys.float_info.max else float(cell)
    if not math.isfinite(x):
        raise argument._wrong(cell, where)
    if not argument.holds(x):
        raise argument._outside(x, where)
    return x


def _whole(argument: Argument, cell: CellOrRange) -> int:
    x = _number(argument, cell)
    if x != int(x):
        raise argument._wrong(x)
    return int(x)


def _text(argument: Argument, cell: CellOrRange) -> str:
    if isinstance(cell, CellError):
        raise _passed(argument, cell.code)
    if not isinstance(cell, str) or is_blank(cell):
        raise argument._wrong(cell)
    if not argument.choices:
        return cell
    for choice in argument.choices:
        if choice.casefold() == cell.strip().casefold():
            return choice
    raise argument._wrong(cell)


def _vector(argument: Argument, cell: CellOrRange) -> npt.NDArray[np.float64]:
    if not is_range(cell):
        return np.array([_number(replace(argument, shape="number"), cell)])
    rows = _rows(argument, cell)
    if len(rows) > 1 and len(rows[0]) > 1:
        raise InputError(
            f"{argument.name} must be one row or one column, got {len(rows)} rows x {len(rows[0])} columns"
        )
    flat = [value for row in rows for value in row]
    if not flat:
        raise argument._wrong(None)
    if set(map(type, flat)) <= {float, int}:
        try:
            values = np.array(flat, dtype=np.float64)
        except OverflowError:  # a whole number of Python, told below with its place
            values = np.array([math.inf])
        if _all_within(argument, values):
            return values
    flat = [_plain(value) for value in flat]
    where = [f" (value {position} of {len(flat)})" for position in range(1, len(flat) + 1)]
    for value, place in zip(flat, where, strict=True):
        if isinstance(value, CellError):
            raise _passed(argument, value.code, place)
    element = replace(argument, shape="number")
    return np.array([_number(element, value, place) for value, place in zip(flat, where, strict=True)])


def _all_within(argument: Argument, values: npt.NDArray[np.float64]) -> bool:
    """Return whether all are finite and within the limits, which their least and their largest tell."""
    least, largest = float(values.min()), float(values.max())  # either is NaN if any value is
    return math.isfinite(least) and math.isfinite(largest) and argument.holds(least) and argument.holds(largest)


def _table(argument: Argument, cell: CellOrRange) -> tuple[tuple[Cell, ...], ...]:
    if not is_range(cell):
        if isinstance(cell, CellError):
            raise _passed(argument, cell.code)
        raise argument._wrong(cell)
    rows = _rows(argument, cell)
    numbers = list(chain.from_iterable(rows[1:]))
    if set(map(type, numbers)) == {float} and math.isfinite(sum(numbers)) and set(map(type, rows[0])) == {str}:
        return (tuple(map(_cell, rows[0])), *map(tuple, rows[1:]))
    table: list[tuple[Cell, ...]] = []
    problems: list[str] = []
    for r, row in enumerate(rows, start=1):
        if set(map(type, row)) == {float} and math.isfinite(sum(row)):
            table.append(tuple(row))
            continue
        table.append(tuple(map(_cell, row)))
        for c, value in enumerate(table[-1], start=1):
            where = f" (row {r}, column {c})"
            if isinstance(value, CellError):
                raise _passed(argument, value.code, where)
            if isinstance(value, float) and not math.isfinite(value):
                problems.append(f"{argument.name}{where} must be a finite number, got {described(value)}")
            elif not isinstance(value, (float, str, bool, NoneType)):
                problems.append(f"{argument.name}{where} must be a number or a text, got {described(value)}")
    if problems:
        raise InputError(problems)
    return tuple(table)


def _cell(value: Any) -> Any:
    value = _plain(value)
    if is_blank(value):
        return None
    return float(value) if type(value) is int else value


def _anything(argument: Argument, cell: CellOrRange) -> CellOrRange:
    return cell


_READERS: dict[Shape, Callable[[Argument, CellOrRange], Any]] = {
    "number": _number,
    "whole": _whole,
    "text": _text,
    "vector": _vector,
    "table": _table,
    "anything": _anything,
}
