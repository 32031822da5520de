"""Worksheet functions as functions of Python: the same door, but errors are raised."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np

from dhxl.errors import InputError, NoSolutionError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import LEFT_OUT, CellError, CellOrRange

__all__ = ["function_of"]

DAY_ZERO: Final = date(1899, 12, 30)  # from which spreadsheets count days, right from March 1900


@cache
def function_of(name: str) -> Callable[..., Any]:
    """Return a worksheet function for use in Python, where dates may be dates.

    Raises
    ------
    AttributeError
        There is no such function.
    """
    if name not in REGISTRY:
        raise AttributeError(f"dhxl has no function {name}")
    function = REGISTRY[name]
    places = [argument.name for argument in function.arguments]

    def call(*cells: CellOrRange, **named: CellOrRange) -> Any:
        unknown = [key for key in named if key not in places[len(cells) :]]
        if unknown:
            raise TypeError(f"{name} has no further argument {unknown[0]}; it takes {', '.join(places)}")
        rest = [named.get(place, LEFT_OUT) for place in places[len(cells) :]]
        answer = function(*map(_as_cells, (*cells, *rest)))
        errors = _errors(answer)
        if errors:
            problems = [line for error in errors for line in (error.message or f"{name}: {error.code}").split("\n")]
            unsolved = all(error.code == NoSolutionError.code for error in errors)
            raise (NoSolutionError if unsolved else InputError)(problems)
        return answer

    call.__name__ = call.__qualname__ = name
    call.__doc__ = function.documentation
    return call


def _as_cells(value: Any) -> Any:
    """Return a cell or a range as a spreadsheet could hold it.

    Dates become the numbers that stand for them, whole numbers beyond the largest number infinite, which all arguments
    refuse.

    Examples
    --------
    >>> _as_cells([[date(2024, 1, 1)], ["a"], [10**400]])
    [[45292], ['a'], [inf]]
    """
    if isinstance(value, date):
        return (date(value.year, value.month, value.day) - DAY_ZERO).days
    if type(value) is int and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf
    if getattr(getattr(value, "dtype", None), "kind", "") == "M":
        return _as_cells(np.asarray(value).astype("datetime64[D]").tolist())
    if isinstance(value, (list, tuple)) and not {float, str}.issuperset(map(type, value)):
        return [_as_cells(entry) for entry in value]
    return value


def _errors(answer: Any) -> list[CellError]:
    """Return the error values of an answer, which may be rows of cells."""
    if isinstance(answer, list):
        return [cell for row in answer for cell in row if isinstance(cell, CellError)]
    return [answer] if isinstance(answer, CellError) else []
