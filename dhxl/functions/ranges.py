"""Ranges where a function takes single cells: which cells belong together, see §9 of docs/convention.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from dhxl.errors import InputError
from dhxl.functions.cells import is_range

__all__ = ["MOST_RESULTS", "Rows", "frame", "place_in", "several_rows"]

MOST_RESULTS: Final = 100_000  # of one call; two whole columns by mistake would take half a minute and tell nothing

Rows = Sequence[Sequence[Any]]


def several_rows(name: str, cell: Any) -> Rows | None:
    """Return the rows of a range of several cells, None for a single cell, also as a range of its own.

    A flat list, an array of one dimension and a series are a column.

    Raises
    ------
    InputError
        The rows are not equally long.

    Examples
    --------
    >>> several_rows("length_m", [1.0, 2.0])
    [[1.0], [2.0]]
    >>> several_rows("length_m", [[1.0]]) is None
    True
    """
    if not is_range(cell):
        return None
    entries = np.asarray(cell).tolist() if hasattr(cell, "ndim") else cell
    rows = [list(entry) if is_range(entry) else [entry] for entry in entries]
    if len(set(map(len, rows))) > 1:
        raise InputError(f"{name} must have rows of equal length")
    return rows if len(rows) * len(rows[0] if rows else ()) > 1 else None


def frame(ranges: Mapping[str, Rows]) -> tuple[int, int]:
    """Return the rows and columns that ranges cover together: all are of one size, one row or column is repeated.

    Raises
    ------
    InputError
        The sizes do not fit, or are too large.

    Examples
    --------
    >>> frame({"length_m": [[1.0], [2.0]], "cost_eur_per_m": [[500.0, 600.0, 700.0]]})
    (2, 3)
    """
    rows = max(map(len, ranges.values()))
    columns = max(len(of[0]) for of in ranges.values())
    if any(len(of) not in (1, rows) or len(of[0]) not in (1, columns) for of in ranges.values()):
        sizes = ", ".join(f"{name} has {len(of)} x {len(of[0])}" for name, of in ranges.items())
        raise InputError(f"ranges must have the same rows and columns, or one row or column that repeats: {sizes}")
    if rows * columns > MOST_RESULTS:
        raise InputError(f"ranges must give at most {MOST_RESULTS:,} results, got {rows:,} x {columns:,}")
    return rows, columns


def place_in(size: tuple[int, int], row: int, column: int) -> str:
    """Return how a message names a place in a range of a size; places count from 0, words from 1.

    Examples
    --------
    >>> place_in((3, 1), 2, 0), place_in((1, 3), 0, 2), place_in((2, 2), 1, 0)
    ('row 3', 'column 3', 'row 2, column 1')
    """
    rows, columns = size
    places = [f"row {row + 1}"] if rows > 1 else []
    return ", ".join(places + ([f"column {column + 1}"] if columns > 1 else []))
