"""Ranges where a function takes single cells: the vector call equals the scalar calls, found by discovery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhxl.functions import REGISTRY
from dhxl.functions.arguments import Argument
from dhxl.functions.cells import LEFT_OUT, CellError
from dhxl.functions.ranges import MOST_RESULTS
from dhxl.functions.spec import WorksheetFunction
from tests.functions.cases import FUNCTIONS, example_cells, faults, with_cell
from tests.functions.test_any_cells import CELLS, allowed_numbers

ELEMENTWISE = tuple(function for function in FUNCTIONS if function.elementwise)
ODD = (None, "abc", True, -1e308, CellError("#DIV/0!"), CellError("#N/A"))

every_elementwise = pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.name)
every_argument = pytest.mark.parametrize(
    ("function", "argument"),
    [
        pytest.param(function, argument, id=f"{function.name}-{argument.name}")
        for function in ELEMENTWISE
        for argument in function.arguments
    ],
)


def placed(function: WorksheetFunction, answer: Any, place: str) -> Any:
    """Return the answer to single cells as it stands at a place of a range."""
    if not isinstance(answer, CellError):
        return answer
    lines = [f"{function.name} ({place}): {fault}" for fault in faults(function, answer, answer.code)]
    return CellError(answer.code, "\n".join(lines))


def column(*cells: Any) -> list[list[Any]]:
    return [[cell] for cell in cells]


def usual(function: WorksheetFunction, argument: Argument) -> Any:
    cell = example_cells(function)[function.arguments.index(argument)]
    return argument.default if cell is LEFT_OUT else cell


def test_single_arguments_and_a_single_result_make_a_function_elementwise() -> None:
    names = {function.name for function in ELEMENTWISE}
    assert names >= {
        "DH_LHD",
        "DH_LHD_RATING",
        "DH_LOSS_SHARE",
        "DH_NETWORK_COST",
        "DH_PIPE_U",
        "DH_PIPE_LOSS",
        "DH_COP_LORENZ",
        "DH_STORAGE_CAPACITY",
        "DH_ANNUITY_FACTOR",
        "DH_CO2",
    }
    assert not names & {"DH_NPV", "DH_DEGREE_DAYS", "DH_TEMPERATURE_YEAR", "DH_NETWORK_LOSS", "DH_VERSION"}


@every_elementwise
def test_a_column_of_examples_gives_a_column_of_their_results(function: WorksheetFunction) -> None:
    width = len(function.arguments)
    calls = [(*one.cells, *(LEFT_OUT,) * (width - len(one.cells))) for one in function.examples] * 2
    answer = function(*(column(*cells) for cells in zip(*calls, strict=True)))
    assert answer == [[function(*cells)] for cells in calls]


@every_argument
def test_what_is_wrong_with_one_cell_is_an_error_value_in_its_place_only(
    function: WorksheetFunction, argument: Argument
) -> None:
    cells = (usual(function, argument), *ODD, usual(function, argument))
    alone = [function(*with_cell(function, argument, cell)) for cell in cells]
    for answers, places in (
        (function(*with_cell(function, argument, column(*cells))), "row {}"),
        (zip(*function(*with_cell(function, argument, [list(cells)])), strict=True), "column {}"),
    ):
        wanted = [placed(function, answer, places.format(place)) for place, answer in enumerate(alone, start=1)]
        assert [answer for (answer,) in answers] == wanted


@every_argument
def test_a_range_of_one_cell_is_a_single_cell(function: WorksheetFunction, argument: Argument) -> None:
    cell = usual(function, argument)
    for form in ([[cell]], [cell], ((cell,),), np.array([[cell]], dtype=object)):
        assert function(*with_cell(function, argument, form)) == function(*with_cell(function, argument, cell))


@every_elementwise
def test_any_cells_in_ranges_give_what_they_give_one_by_one(function: WorksheetFunction) -> None:
    rows = [
        st.lists(allowed_numbers(argument) | CELLS if argument.shape != "text" else CELLS, min_size=3, max_size=3)
        for argument in function.arguments
    ]

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(st.tuples(*rows))
    def holds(columns: tuple[list[Any], ...]) -> None:
        alone = [function(*cells) for cells in zip(*columns, strict=True)]
        wanted = [[placed(function, answer, f"row {row}")] for row, answer in enumerate(alone, start=1)]
        assert function(*(column(*cells) for cells in columns)) == wanted

    holds()


LHD = REGISTRY["DH_LHD"]


@pytest.mark.parametrize(
    "lengths",
    [
        [[3000], [1500]],
        [3000, 1500],
        (3000, 1500),
        ((3000,), (1500,)),
        np.array([3000.0, 1500.0]),
        np.array([[3000], [1500]]),
        pd.Series([3000, 1500]),
        pd.DataFrame({"length_m": [3000, 1500]}),
        [np.float64(3000), np.int64(1500)],
    ],
)
def test_a_column_may_come_in_many_forms(lengths: Any) -> None:
    assert LHD(6000, lengths) == [[2.0], [4.0]]


def test_the_result_has_the_rows_and_columns_of_the_range() -> None:
    assert LHD(6000, [[3000, 1500]]) == [[2.0, 4.0]]
    assert LHD([[6000, 3000], [1500, 0]], [[3000, 3000], [3000, 3000]]) == [[2.0, 1.0], [0.5, 0.0]]


def test_a_row_and_a_column_give_a_table() -> None:
    assert LHD([[6000], [3000]], [[3000, 1500, 1000]]) == [[2.0, 4.0, 6.0], [1.0, 2.0, 3.0]]
    table = LHD([[6000, -1], [3000, 0]], [[3000, 0]])
    assert str(table[1][1].message) == "DH_LHD (row 2, column 2): trench_length_m must be > 0 m, got 0"
    assert table[0][1].message.split("\n") == [
        "DH_LHD (row 1, column 2): heat_sold_mwh must be >= 0 MWh/a, got -1",
        "DH_LHD (row 1, column 2): trench_length_m must be > 0 m, got 0",
    ]


def test_a_single_cell_that_is_wrong_is_told_once_with_all_the_others() -> None:
    assert LHD([[1], [None]], 0) == CellError("#VALUE!", "DH_LHD: trench_length_m must be > 0 m, got 0")
    assert LHD([[1], [None]], CellError("#REF!")) == CellError("#REF!", "DH_LHD: trench_length_m holds #REF!")
    assert LHD([[1], [2]]).message == "DH_LHD: trench_length_m is missing (a number > 0 m)"
    cost = REGISTRY["DH_NETWORK_COST"]([[1], [2]], -1, 0)
    assert cost.message.split("\n") == [
        "DH_NETWORK_COST: cost_eur_per_m must be >= 0 EUR/m, got -1",
        "DH_NETWORK_COST: life_years must be > 0 a, got 0",
    ]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            ([[1], [2], [3]], [[1], [2]]),
            "ranges must have the same rows and columns, or one row or column that repeats: "
            "heat_sold_mwh has 3 x 1, trench_length_m has 2 x 1",
        ),
        (([[1], [2, 3]], 1), "heat_sold_mwh must have rows of equal length"),
        (([1, [2, 3]], 1), "heat_sold_mwh must have rows of equal length"),
        (([], 1), "heat_sold_mwh must be a number >= 0 MWh/a, got a range"),
        (([[], []], 1), "heat_sold_mwh must be a number >= 0 MWh/a, got a range"),
        (([[1], [2]], 1, 1), "takes at most 2 arguments, got 3"),
        (([[1]] * (MOST_RESULTS + 1), 1), "ranges must give at most 100,000 results, got 100,001 x 1"),
        (([[1]] * 1000, [[1] * 1000]), "ranges must give at most 100,000 results, got 1,000 x 1,000"),
    ],
)
def test_ranges_that_do_not_fit_are_refused_as_a_whole(cells: tuple[Any, ...], sentence: str) -> None:
    assert LHD(*cells) == CellError("#VALUE!", f"DH_LHD: {sentence}")


def test_a_blank_cell_in_a_range_takes_the_default_of_an_optional_argument() -> None:
    cost = REGISTRY["DH_NETWORK_COST"]
    assert cost(2, 800, 30, [[None], [0.03]]) == [[cost(2, 800, 30)], [cost(2, 800, 30, 0.03)]]


def test_a_text_comes_out_for_every_cell() -> None:
    assert REGISTRY["DH_LHD_RATING"]([2.0, 1.0, 0.1]) == [["very good"], ["good"], ["critical"]]


def test_what_has_no_solution_is_so_in_its_place_only() -> None:
    answer = REGISTRY["DH_COP_LORENZ"](65, 90, [[60], [95]], [[20], [95]], 0.5)
    assert answer[0][0] == pytest.approx(9.278 / 2, rel=6e-5)
    assert answer[1][0].code == "#NUM!"
    assert answer[1][0].message.startswith("DH_COP_LORENZ (row 2): the source's mean temperature")
