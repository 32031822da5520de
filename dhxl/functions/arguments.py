"""One argument of a worksheet function: its unit, limits and shape, and how cells become its value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dhxl.errors import DhxlError, InputError
from dhxl.functions.cells import LEFT_OUT, Cell, CellError, CellOrRange, described, is_range
from dhxl.units import FRACTION

__all__ = ["Argument", "PassedError", "anything", "number", "table", "text", "vector", "whole"]

Shape = Literal["number", "whole", "text", "vector", "table", "anything"]
_MISSING: Any = object()


class PassedError(DhxlError):
    """An error value among the arguments: the result is the same error value."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code


@dataclass(frozen=True, slots=True)
class Argument:
    """A declared argument; made by :func:`number`, :func:`whole`, :func:`text`, :func:`vector`, :func:`table`.

    ``at_least`` and ``at_most`` are inclusive limits, ``above`` and ``below`` exclusive ones, all in ``unit``.
    ``default`` is taken from the function's signature when it is registered.
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

    def value(self, cell: CellOrRange) -> Any:
        """Return the value for the calculation that a cell or range stands for.

        Raises
        ------
        InputError
            Missing, of the wrong kind or outside the limits; without the function's name.
        PassedError
            The cell holds an error value.
        """
        if cell is LEFT_OUT or (cell is None and self.optional):
            if self.optional:
                return self.default
            raise InputError(f"{self.name} is missing ({self._wanted()})")
        return _READERS[self.shape](self, cell)

    def _wanted(self) -> str:
        kind = {"number": "a number", "whole": "a whole number", "vector": "a range of numbers", "table": "a range"}
        unit = "" if self.unit == FRACTION else f" in {self.unit}"
        limits = f", {self.limits}" if self.limits else ""
        return f"{kind.get(self.shape, 'text')}{unit}{limits}"

    def _wrong(self, got: object, where: str = "") -> InputError:
        return InputError(f"{self.name}{where} must be {self._wanted()}, got {described(got)}")

    def _outside(self, got: float, where: str = "") -> InputError:
        return InputError(f"{self.name}{where} must be {self.limits}, got {described(got)}")

    def holds(self, x: float) -> bool:
        """Return whether a number is within the limits."""
        return (
            (self.at_least is None or x >= self.at_least)
            and (self.at_most is None or x <= self.at_most)
            and (self.above is None or x > self.above)
            and (self.below is None or x < self.below)
        )


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


def table(name: str, text: str) -> Argument:
    """Return the declaration of a range that the function reads by itself (headers and cells of any kind)."""
    return Argument(name, text, "table")


def anything(name: str, text: str) -> Argument:
    """Return the declaration of an argument whose value does not matter."""
    return Argument(name, text, "anything")


def _single(argument: Argument, cell: CellOrRange) -> Cell:
    if is_range(cell):
        rows: Any = cell
        if len(rows) != 1 or len(rows[0]) != 1:
            raise argument._wrong(cell)
        cell = rows[0][0]
    if isinstance(cell, CellError):
        raise PassedError(cell.code, f"{argument.name} holds {cell.code}")
    return cell  # type: ignore[return-value]


def _number(argument: Argument, cell: CellOrRange) -> float:
    value = _single(argument, cell)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        raise argument._wrong(value)
    x = float(value)
    if not math.isfinite(x):
        raise argument._wrong(x)
    if not argument.holds(x):
        raise argument._outside(x)
    return x


def _whole(argument: Argument, cell: CellOrRange) -> int:
    x = _number(argument, cell)
    if x != int(x):
        raise argument._wrong(x)
    return int(x)


def _text(argument: Argument, cell: CellOrRange) -> str:
    value = _single(argument, cell)
    if not isinstance(value, str) or not value.strip():
        raise argument._wrong(value)
    if not argument.choices:
        return value
    for choice in argument.choices:
        if choice.casefold() == value.strip().casefold():
            return choice
    raise InputError(f"{argument.name} must be {argument.limits}, got {described(value)}")


def _vector(argument: Argument, cell: CellOrRange) -> npt.NDArray[np.float64]:
    if not is_range(cell):
        return np.array([_number(argument, cell)])
    rows: Any = cell
    if isinstance(rows, np.ndarray):
        flat: list[Any] = rows.ravel().tolist()
        wide = rows.ndim == 2 and min(rows.shape) > 1
    elif rows and is_range(rows[0]):
        flat = [value for row in rows for value in row]
        wide = len(rows) > 1 and len(rows[0]) > 1
    else:
        flat, wide = list(rows), False
    if wide:
        raise InputError(
            f"{argument.name} must be one row or one column, got {len(rows)} rows x {len(rows[0])} columns"
        )
    if not flat:
        raise argument._wrong(None)
    if not set(map(type, flat)) <= {float, int}:
        _refuse(argument, flat)
    values = np.array(flat, dtype=np.float64)
    fits = np.isfinite(values)
    for limit, test in (
        (argument.at_least, np.greater_equal),
        (argument.above, np.greater),
        (argument.at_most, np.less_equal),
        (argument.below, np.less),
    ):
        if limit is not None:
            fits &= test(values, limit)
    if not fits.all():
        first = int(np.argmin(fits))
        x = float(values[first])
        where = f" (value {first + 1} of {len(values)})"
        raise argument._outside(x, where) if math.isfinite(x) else argument._wrong(x, where)
    return values


def _refuse(argument: Argument, flat: list[Any]) -> None:
    for position, value in enumerate(flat, start=1):
        where = f" (value {position} of {len(flat)})"
        if isinstance(value, CellError):
            raise PassedError(value.code, f"{argument.name}{where} holds {value.code}")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise argument._wrong(value, where)


def _table(argument: Argument, cell: CellOrRange) -> tuple[tuple[Cell, ...], ...]:
    if not is_range(cell):
        raise InputError(f"{argument.name} must be a range, got {described(cell)}")
    rows: Any = cell.tolist() if isinstance(cell, np.ndarray) else cell
    for r, row in enumerate(rows, start=1):
        if CellError in set(map(type, row)):
            c, error = next((c, x) for c, x in enumerate(row, start=1) if isinstance(x, CellError))
            raise PassedError(error.code, f"{argument.name} (row {r}, column {c}) holds {error.code}")
    return tuple(map(tuple, rows))


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
