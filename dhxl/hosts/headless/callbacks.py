"""The engine's calls of dhxl's own rules, between the engine's kinds of value and those of formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from dhxl.functions.cells import CellError
from dhxl.hosts.headless.planning import A1_OF, CALC, OPERATORS
from dhxl.hosts.headless.shared_ranges import HAND_OVER, SharedRanges
from dhxl.hosts.headless.translate import cell, engine_value, rows_of_cells
from dhxl.hosts.native.evaluate import Code, Env, result
from dhxl.hosts.native.library import Here
from dhxl.hosts.native.operators import OPERATIONS, lifted
from dhxl.hosts.native.values import Grid, Scalar, Value, Wrong
from dhxl.workbook.names import column_letters

__all__ = ["native_calls"]


def native_calls(
    codes: Sequence[tuple[Code, Here]], shared: SharedRanges | None = None
) -> dict[str, Callable[..., Any]]:
    """Return the functions that planned formulas call, by name.

    Parameters
    ----------
    codes : sequence
        The compiled formulas with their cells, in the order of their numbers.
    shared : SharedRanges, optional
        What keeps the ranges that they share.
    """
    calls: dict[str, Callable[..., Any]] = {name: partial(_operation, OPERATIONS[s]) for s, name in OPERATORS.items()}
    calls[CALC] = partial(_calculated, codes)
    calls[A1_OF] = _usual_reference
    if shared:
        calls[HAND_OVER] = partial(_kept, shared)
    return calls


def _operation(operation: Callable[[Scalar, Scalar], Scalar], first: Any, second: Any) -> Any:
    if type(first) is not float or type(second) is not float:
        first, second = _value(first), _value(second)
        if isinstance(first, Grid) or isinstance(second, Grid):
            return _answer(lifted(operation, (first, second)))
    try:
        return _answer(operation(first, second))
    except Wrong as wrong:
        return engine_value(wrong.error)


def _calculated(codes: Sequence[tuple[Code, Here]], number: float, *arguments: Any) -> Any:
    code, here = codes[int(number)]
    return _answer(result(code, Env([_value(one) for one in arguments], here)))


def _kept(shared: SharedRanges, number: float, value: Any) -> float:
    return shared.hand_over(number, _value(value))


def _value(value: Any) -> Scalar | Grid:
    if isinstance(value, list):
        return Grid(rows_of_cells(value))  # type: ignore[arg-type]
    return cell(value)  # type: ignore[return-value]


def _answer(value: Value) -> Any:
    """Return what the engine gets; a blank is 0, as in a cell."""
    if type(value) is float or type(value) is bool:
        return value
    if isinstance(value, Grid):
        return [[0.0 if one is None else engine_value(one) for one in row] for row in value.rows]
    return 0.0 if value is None else engine_value(value)


def _usual_reference(text: Any, row: float, col: float) -> Any:
    """Return a reference such as ``R[-1]C2`` as seen from a cell in the usual spelling."""
    found = _R1C1.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return engine_value(CellError("#REF!"))
    sheet, *parts = found.groups()
    numbers = [_position(part, here) for part, here in zip(parts, (row, col) * 2, strict=True)]
    if any(number is not None and number < 1 for number in numbers):
        return engine_value(CellError("#REF!"))
    first = f"${column_letters(numbers[1] or 0)}${numbers[0]}"
    last = "" if numbers[2] is None else f":${column_letters(numbers[3] or 0)}${numbers[2]}"
    return f"{sheet or ''}{first}{last}"


_R1C1: Final = re.compile(r"(.+!)?[Rr](\d*|\[-?\d+\])[Cc](\d*|\[-?\d+\])(?::[Rr](\d*|\[-?\d+\])[Cc](\d*|\[-?\d+\]))?")


def _position(part: str | None, here: float) -> int | None:
    if part is None:
        return None
    if part.startswith("["):
        return int(here) + int(part[1:-1])
    return int(part) if part else int(here)
