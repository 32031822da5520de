"""Matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import NUM, VALUE, Grid, Value, Wrong, finite, grid_of

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _rows(value: Value) -> list[list[float]]:
    """Return the numbers of a matrix; there must be nothing else in it."""
    rows = grid_of(value).rows
    for row in rows:
        for one in row:
            if isinstance(one, CellError):
                raise Wrong(one)
            if type(one) is not float:
                raise Wrong(VALUE)
    return rows  # type: ignore[return-value]


def _square(value: Value) -> Numbers:
    import numpy as np

    rows = _rows(value)
    if len(rows) != len(rows[0]):
        raise Wrong(VALUE)
    return np.array(rows, dtype=float)


def _grid(matrix: Numbers) -> Grid:
    return Grid([[finite(one) for one in row] for row in matrix.tolist()])


@function("MMULT", "A A")
def _product(first: Value, second: Value) -> Grid:
    import numpy as np

    left, right = _rows(first), _rows(second)
    if len(left[0]) != len(right):
        raise Wrong(VALUE)
    with np.errstate(all="ignore"):
        return _grid(np.array(left, dtype=float) @ np.array(right, dtype=float))


@function("MINVERSE", "A")
def _inverse(value: Value) -> Grid:
    import numpy as np

    matrix = _square(value)
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise Wrong(NUM) from None
    return _grid(inverse.astype(float) + 0.0)


@function("MDETERM", "A")
def _determinant(value: Value) -> float:
    import numpy as np

    matrix = _square(value)
    determinant = float(np.linalg.det(matrix))
    if abs(determinant) < 1e15 and (matrix == np.round(matrix)).all():
        # of whole numbers it is one; near to it only the last bits of divisions differ
        near = round(determinant)
        if near and abs(determinant - near) <= 1e-13 * abs(near):
            return float(near)
    return finite(determinant) + 0.0


@function("TRANSPOSE", "A")
def _transposed(value: Value) -> Grid:
    return Grid([list(column) for column in zip(*grid_of(value).rows, strict=True)])


@function("MUNIT", "N")
def _unit(size: float) -> Grid:
    count = int(size)
    if not 1 <= count <= 10_000:
        raise Wrong(VALUE)
    return Grid([[float(row == col) for col in range(count)] for row in range(count)])
