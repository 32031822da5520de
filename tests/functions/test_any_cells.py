"""Whatever stands in the cells, no function raises and none lets NaN or infinity out.

``DHXL_EXAMPLES=3000 python -m pytest tests/functions/test_any_cells.py`` looks longer.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhxl.functions.arguments import Argument
from dhxl.functions.cells import ERROR_CODES, LEFT_OUT, CellError, is_range
from dhxl.functions.spec import WorksheetFunction
from tests.functions.cases import FUNCTIONS, NUMERIC, example_cells, given_cell, non_finite, replaced

MOST_EXAMPLES = int(os.environ.get("DHXL_EXAMPLES", "60"))
HEAVY = {"DH Dispatch": 0.5, "DH Demand": 0.5}  # share of the examples where a call takes its time

ERRORS = st.sampled_from([CellError(code) for code in ERROR_CODES])
CELLS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=6), st.floats(), st.integers(-9, 9999), ERRORS, st.just(LEFT_OUT)
)
ROWS = st.integers(0, 3).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
RAGGED = st.recursive(CELLS, lambda entries: st.lists(entries, max_size=3) | st.tuples(entries, entries), max_leaves=8)
ANYTHING = st.one_of(CELLS, ROWS, RAGGED)


def allowed_numbers(argument: Argument) -> st.SearchStrategy[float]:
    """Return numbers within the limits of an argument, many of them of a usual size."""
    low = argument.at_least if argument.at_least is not None else argument.above
    high = argument.at_most if argument.at_most is not None else argument.below
    if argument.shape == "whole":
        low, high = (-99 if low is None else int(low)), (9999 if high is None else int(high))
        return (st.integers(low, min(high, low + 99)) | st.integers(low, high)).map(float)
    numbers = st.floats(
        low,
        high,
        allow_nan=False,
        allow_infinity=False,
        exclude_min=argument.above is not None,
        exclude_max=argument.below is not None,
    )
    usual = [x for x in (-3.0, 0.0, 0.01, 0.5, 1.0, 7.0, 20.0, 60.0, 900.0) if argument.holds(x)]
    return st.sampled_from(usual) | numbers if usual else numbers


def changed(rows: list[list[Any]], changes: list[tuple[int, int, Any]]) -> list[list[Any]]:
    for row, column, value in changes:
        rows = replaced(rows, row, column, value)
    return rows


def allowed_cells(function: WorksheetFunction, argument: Argument) -> st.SearchStrategy[Any]:
    """Return what an argument takes: the example's cell, a number within the limits, or a range with other numbers."""
    kept = st.just(example_cells(function)[function.arguments.index(argument)])
    rows = given_cell(function, argument)
    if argument.shape not in (*NUMERIC, "table"):
        return kept
    if not is_range(rows):
        return kept | allowed_numbers(argument)
    numeric = [(r, c) for r, row in enumerate(rows) for c, value in enumerate(row) if isinstance(value, (int, float))]
    number = allowed_numbers(argument) if argument.shape == "vector" else st.floats(0, 10) | st.sampled_from([0.0, 1.0])
    change = st.builds(lambda place, value: (*place, value), st.sampled_from(numeric), number)
    return kept | st.builds(changed, st.just(rows), st.lists(change, min_size=1, max_size=4))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_any_cells_give_a_finite_result_or_an_error_value(function: WorksheetFunction) -> None:
    examples = int(MOST_EXAMPLES * HEAVY.get(function.category, 1.0))
    usual = example_cells(function)
    allowed = st.tuples(*(allowed_cells(function, argument) for argument in function.arguments))
    one_odd = st.builds(
        lambda position, cell: [*usual[:position], cell, *usual[position + 1 :]],
        st.integers(0, len(usual) - 1),
        ANYTHING,
    )
    odd = st.lists(ANYTHING, max_size=len(usual) + 1)

    @settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )
    @given(allowed | allowed | one_odd | odd)
    def holds(cells: Any) -> None:
        assert not non_finite(function(*cells))

    holds()
