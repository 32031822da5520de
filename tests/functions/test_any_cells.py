"""Whatever stands in the cells, no function raises and none lets NaN or infinity out."""

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

MOST_EXAMPLES = int(os.environ.get("DHXL_EXAMPLES", "40"))
HEAVY = {"DH Dispatch": 0.1, "DH Demand": 0.5}  # share of the examples where a call takes its time

ERRORS = st.sampled_from([CellError(code) for code in ERROR_CODES])
CELLS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=6), st.floats(), st.integers(-9, 9999), ERRORS, st.just(LEFT_OUT)
)
ROWS = st.integers(0, 3).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
RAGGED = st.recursive(CELLS, lambda entries: st.lists(entries, max_size=3) | st.tuples(entries, entries), max_leaves=8)
ANYTHING = st.one_of(CELLS, ROWS, RAGGED)


def allowed_numbers(argument: Argument) -> st.SearchStrategy[float]:
    """Return numbers within the limits of an argument, where one side has no limit mostly of a usual size."""
    low = argument.at_least if argument.at_least is not None else argument.above
    high = argument.at_most if argument.at_most is not None else argument.below
    numbers = st.floats(low, high, exclude_min=argument.above is not None, exclude_max=argument.below is not None)
    if argument.shape == "whole":
        return st.integers(int(low if low is not None else -99), int(high if high is not None else 9999)).map(float)
    usual = [x for x in (0.01, 0.5, 1.0, 7.0, 60.0, 900.0, -3.0) if argument.holds(x)]
    return st.sampled_from(usual) | numbers if usual else numbers


def cells_for(function: WorksheetFunction, argument: Argument) -> st.SearchStrategy[Any]:
    """Return what may stand for an argument: the example's cell as it is or with another entry, or anything."""
    given = example_cells(function)[function.arguments.index(argument)]
    kept = st.just(given)
    ways = [kept, kept, kept, ANYTHING]
    if argument.shape in NUMERIC:
        ways.append(allowed_numbers(argument))
    rows = given_cell(function, argument)
    if argument.shape in ("vector", "table") and is_range(rows):
        row, column = st.integers(0, len(rows) - 1), st.integers(0, len(rows[0]) - 1)
        entries = (allowed_numbers(argument) if argument.shape == "vector" else st.floats(0, 100)) | CELLS
        ways += [st.builds(replaced, st.just(rows), row, column, entries)] * 2
    return st.one_of(ways)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_any_cells_give_a_finite_result_or_an_error_value(function: WorksheetFunction) -> None:
    examples = max(4, int(MOST_EXAMPLES * HEAVY.get(function.category, 1.0)))
    near = st.tuples(*(cells_for(function, argument) for argument in function.arguments))
    far = st.lists(ANYTHING, max_size=len(function.arguments) + 1)

    @settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )
    @given(near | far)
    def holds(cells: Any) -> None:
        assert not non_finite(function(*cells))

    holds()
