"""Worksheet functions as functions of Python: the same door, but errors are raised."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dhxl.errors import InputError, NoSolutionError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import LEFT_OUT, CellError, CellOrRange

__all__ = ["function_of"]


@cache
def function_of(name: str) -> Callable[..., Any]:
    """Return a worksheet function for use in Python.

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
        answer = function(*cells, *rest)
        errors = _errors(answer)
        if errors:
            problems = [line for error in errors for line in (error.message or f"{name}: {error.code}").split("\n")]
            unsolved = all(error.code == NoSolutionError.code for error in errors)
            raise (NoSolutionError if unsolved else InputError)(problems)
        return answer

    call.__name__ = call.__qualname__ = name
    call.__doc__ = function.documentation
    return call


def _errors(answer: Any) -> list[CellError]:
    """Return the error values of an answer, which may be rows of cells."""
    if isinstance(answer, list):
        return [cell for row in answer for cell in row if isinstance(cell, CellError)]
    return [answer] if isinstance(answer, CellError) else []
