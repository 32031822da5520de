"""How a function of the spreadsheet is declared: its name, what kinds of arguments it takes, and its body.

A signature is a row of kinds, one for each argument:

``V``
    One value of any kind as it comes, blank (None), left out (MISSING) and error values too.
``N``, ``T``, ``L``
    One value turned into a number, a text, or TRUE or FALSE; an error value in it ends the call.
``R``
    A reference (:class:`Area`, :class:`Areas`), an array (:class:`Grid`) or one value, as it comes. What is calculated
    in its place is calculated as in any cell: of a range, each operation takes the cell of its own row or column.
``A``
    The same, but what is calculated in its place is calculated over whole ranges, as in ``SUMPRODUCT(a*b)``.
``P``
    A reference of which only the place counts, as in ``ROW(A5)``: its values are not there.

``?`` behind a kind makes the argument and those after it optional, ``+`` lets the last one repeat, ``(V R)+`` a group.
Where a ``V``, ``N``, ``T`` or ``L`` gets an array, the function is called for each of its elements. A left-out argument
between commas counts as blank: 0, an empty text, FALSE.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from dhxl.functions.cells import CellError
from dhxl.hosts.native.operators import lifted
from dhxl.hosts.native.values import (
    VALUE,
    Area,
    Areas,
    Grid,
    Missing,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    as_text,
    scalars,
)

__all__ = ["LIBRARY", "BookFacts", "Function", "Here", "called", "flat", "function", "numbers"]

_PART: Final = re.compile(r"\(([^)]*)\)\+|([VNTLRAP])([?+]*)")
_SINGLE: Final = frozenset("VNTL")


class BookFacts(Protocol):
    """What a few functions ask of the workbook beside values."""

    @property
    def date1904(self) -> bool:
        """Return whether days count from 1904."""

    @property
    def path(self) -> str:
        """Return folder and file as CELL("filename") shows them, the file in brackets."""

    def moment(self) -> datetime:
        """Return the time that NOW shows."""

    def is_hidden(self, sheet: str, row: int) -> bool:
        """Return whether a row is hidden, by hand or by a filter."""

    def is_filtered(self, sheet: str, row: int) -> bool:
        """Return whether a row is hidden by a filter."""

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        """Return the formula of a cell without ``=``, None where it holds none."""

    def sheet_number(self, sheet: str) -> int | None:
        """Return the place of a sheet in tab order from 1, None where there is none."""

    def sheet_count(self) -> int:
        """Return the number of sheets."""


@dataclass(frozen=True, slots=True)
class Here:
    """The cell whose formula is calculated, and its workbook."""

    sheet: str
    row: int
    col: int
    book: BookFacts


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the spreadsheet.

    ``kinds`` are those of the first arguments, ``repeated`` those that repeat after them. ``needs_place`` tells that
    the body gets the :class:`Here` first; ``volatile`` that the result may change with nothing else.
    """

    name: str
    kinds: str
    least: int
    repeated: str
    body: Callable[..., Any]
    needs_place: bool
    volatile: bool

    def kind(self, index: int) -> str:
        """Return the kind of an argument, counted from 0."""
        if index < len(self.kinds):
            return self.kinds[index]
        return self.repeated[(index - len(self.kinds)) % len(self.repeated)] if self.repeated else ""

    def takes(self, count: int) -> bool:
        """Return whether the function may have so many arguments."""
        rest = count - len(self.kinds)
        if rest <= 0:
            return count >= self.least
        return bool(self.repeated) and rest % len(self.repeated) == 0


LIBRARY: Final[dict[str, Function]] = {}


def function(
    names: str, signature: str = "", *, needs_place: bool = False, volatile: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function of the spreadsheet.

    Parameters
    ----------
    names : str
        Its name, or several for the same function, with spaces between.
    signature : str
        Kinds of the arguments as the module describes them.
    needs_place : bool
        Whether the body gets the calling cell and its workbook before the arguments.
    volatile : bool
        Whether the result may change with nothing else.
    """
    kinds, repeated, least, optional = "", "", 0, False
    for found in _PART.finditer(signature):
        group, kind, marks = found.groups()
        if group is not None:
            repeated = group.replace(" ", "")
            continue
        optional |= "?" in marks
        kinds += kind
        least += not optional
        if "+" in marks:
            repeated = kind

    def declared(body: Callable[..., Any]) -> Callable[..., Any]:
        for name in names.split():
            assert name not in LIBRARY, name
            LIBRARY[name] = Function(name, kinds, least, repeated, body, needs_place, volatile)
        return body

    return declared


def _number(value: Scalar) -> float:
    return value if type(value) is float else as_number(value)


_COERCIONS: Final[dict[str, Callable[[Scalar], Scalar]]] = {"N": _number, "T": as_text, "L": as_logical}


def called(of: Function, here: Here, arguments: tuple[Value, ...]) -> Value:
    """Return what a function gives for evaluated arguments.

    Raises
    ------
    Wrong
        The result is an error value.
    """
    if not of.takes(len(arguments)):
        raise Wrong(VALUE)
    kinds = [of.kind(index) for index in range(len(arguments))]
    first: tuple[Any, ...] = (here,) if of.needs_place else ()
    if not any(
        kind in _SINGLE and isinstance(value, (Grid, Area, Areas)) for kind, value in zip(kinds, arguments, strict=True)
    ):
        coerced = [
            _COERCIONS[kind](value) if kind in _COERCIONS else value  # type: ignore[arg-type]
            for kind, value in zip(kinds, arguments, strict=True)
        ]
        return _plain(of.body(*first, *coerced))
    single = [index for index, kind in enumerate(kinds) if kind in _SINGLE]

    def each(*values: Scalar) -> Value:
        given: list[Any] = list(arguments)
        for index, value in zip(single, values, strict=True):
            kind = kinds[index]
            given[index] = _COERCIONS[kind](value) if kind in _COERCIONS else value
        return _plain(of.body(*first, *given))

    return lifted(each, tuple(arguments[index] for index in single))


def _plain(value: Any) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, CellError):
        raise Wrong(value)
    return value  # type: ignore[no-any-return]


def numbers(*values: Value, everything: bool = False) -> Iterator[float]:
    """Yield the numbers in arguments as SUM counts them.

    In cells and arrays texts, TRUE, FALSE and blanks do not count; a value given by itself is turned into a number.

    Parameters
    ----------
    values : Value
        Arguments of kind ``R`` or ``A``.
    everything : bool
        As SUMA-like functions count: in cells and arrays TRUE is 1, FALSE and texts 0.

    Raises
    ------
    Wrong
        There is an error value, or a text given by itself that is no number.
    """
    for value in values:
        if isinstance(value, (Area, Areas, Grid)):
            for one in scalars(value):
                if type(one) is float:
                    yield one
                elif isinstance(one, CellError):
                    raise Wrong(one)
                elif everything and isinstance(one, bool):
                    yield float(one)
                elif everything and isinstance(one, str):
                    yield 0.0
        elif not isinstance(value, Missing) or not everything:
            yield as_number(value)


def flat(value: Value) -> list[Scalar]:
    """Return all values of a reference or array, row by row, blanks at its end too."""
    if isinstance(value, Areas):
        return [one for part in value.parts for one in flat(part)]
    if isinstance(value, Area):
        missing = value.height * value.width - sum(map(len, value.rows))
        if not missing:
            return [one for row in value.rows for one in row]
        return [value.at(row, col) for row in range(value.height) for col in range(value.width)]
    return list(scalars(value))
