"""Arguments: how cells become values, and the sentences where they do not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dhxl.errors import InputError
from dhxl.functions.arguments import Argument, PassedError, anything, number, table, text, vector, whole
from dhxl.functions.cells import LEFT_OUT, CellError, described, is_blank, is_range

LENGTH = number("trench_length_m", "Length", "m", above=0, at_most=100)
SHARE = number("share", "Share", "-", at_least=0, below=1)
FREE = number("flow_eur", "Flow", "EUR")
HOURS = whole("hours_h", "Hours", "h", at_least=8760, at_most=8784)
FLOWS = vector("flows_eur", "Flows", "EUR", at_least=-10)
MODE = text("mode", "Mode", ("Fast", "exact"))
UNITS = table("units", "Units")


def refusal(argument: Argument, cell: Any) -> str:
    with pytest.raises(InputError) as caught:
        argument.value(cell)
    return str(caught.value)


@pytest.mark.parametrize(
    ("argument", "cell", "sentence"),
    [
        (LENGTH, 0, "trench_length_m must be > 0 m and <= 100 m, got 0"),
        (LENGTH, "abc", "trench_length_m must be a number > 0 m and <= 100 m, got 'abc'"),
        (LENGTH, None, "trench_length_m must be a number > 0 m and <= 100 m, got a blank cell"),
        (LENGTH, LEFT_OUT, "trench_length_m is missing (a number > 0 m and <= 100 m)"),
        (LENGTH, [[1, 2]], "trench_length_m must be a number > 0 m and <= 100 m, got a range"),
        (LENGTH, True, "trench_length_m must be a number > 0 m and <= 100 m, got TRUE"),
        (LENGTH, math.nan, "trench_length_m must be a number > 0 m and <= 100 m, got nan"),
        (LENGTH, 1j, "trench_length_m must be a number > 0 m and <= 100 m, got '1j'"),
        (SHARE, 1, "share must be >= 0 and < 1, got 1"),
        (FREE, "5", "flow_eur must be a number in EUR, got '5'"),
        (HOURS, 8770.5, "hours_h must be a whole number >= 8760 h and <= 8784 h, got 8770.5"),
        (HOURS, 24, "hours_h must be >= 8760 h and <= 8784 h, got 24"),
        (MODE, "slow", "mode must be one of Fast, exact, got 'slow'"),
        (MODE, 3, "mode must be one of Fast, exact, got 3"),
        (MODE, LEFT_OUT, "mode is missing (one of Fast, exact)"),
        (text("item", "Item"), 3, "item must be a text, got 3"),
        (FLOWS, [[1], [-11]], "flows_eur (value 2 of 2) must be >= -10 EUR, got -11"),
        (FLOWS, [[1], [None]], "flows_eur (value 2 of 2) must be a number >= -10 EUR, got a blank cell"),
        (FLOWS, [["x"], [1]], "flows_eur (value 1 of 2) must be a number >= -10 EUR, got 'x'"),
        (FLOWS, "x", "flows_eur must be a number >= -10 EUR, got 'x'"),
        (FLOWS, [], "flows_eur must be a row or column of numbers >= -10 EUR, got a blank cell"),
        (FLOWS, LEFT_OUT, "flows_eur is missing (a row or column of numbers >= -10 EUR)"),
        (FLOWS, [[1, 2], [3, 4]], "flows_eur must be one row or one column, got 2 rows x 2 columns"),
        (FLOWS, [[1], [2, 3]], "flows_eur must have rows of equal length"),
        (FLOWS, [[1], 2], "flows_eur must have rows of equal length"),
        (FLOWS, [[[1]], [[2]]], "flows_eur (value 1 of 2) must be a number >= -10 EUR, got a range"),
        (UNITS, 5, "units must be a range, got 5"),
        (UNITS, None, "units must be a range, got a blank cell"),
        (UNITS, LEFT_OUT, "units is missing (a range)"),
        (UNITS, [["a"], ["b", "c"]], "units must have rows of equal length"),
        (UNITS, [["a"], [1j]], "units (row 2, column 1) must be a number or a text, got '1j'"),
    ],
)
def test_a_refusal_says_what_is_wanted_with_its_unit_and_what_came(
    argument: Argument, cell: Any, sentence: str
) -> None:
    assert refusal(argument, cell) == sentence


def test_a_number_that_looks_like_its_limit_is_shown_in_full() -> None:
    beyond = math.nextafter(100, math.inf)
    assert refusal(LENGTH, beyond) == f"trench_length_m must be > 0 m and <= 100 m, got {beyond!r}"


def test_all_values_of_a_table_that_are_not_finite_are_named() -> None:
    assert refusal(UNITS, [["a", math.nan], [math.inf, 1.0]]).split("\n") == [
        "units (row 1, column 2) must be a finite number, got nan",
        "units (row 2, column 1) must be a finite number, got inf",
    ]


def test_limits_in_words_leave_the_unit_of_a_fraction_away() -> None:
    assert LENGTH.limits == "> 0 m and <= 100 m"
    assert SHARE.limits == ">= 0 and < 1"
    assert MODE.limits == "one of Fast, exact"
    assert FREE.limits == UNITS.limits == ""


@pytest.mark.parametrize("blank", [LEFT_OUT, None, "", "  ", [[None]], [[""]], [None], np.array([[None]])])
@pytest.mark.parametrize("argument", [LENGTH, HOURS, FLOWS, MODE])
def test_left_out_and_every_kind_of_blank_take_the_default(argument: Argument, blank: Any) -> None:
    assert argument.with_default("the default").value(blank) == "the default"


def test_an_optional_argument_is_one_with_a_default_even_if_that_is_none() -> None:
    assert not LENGTH.optional
    assert LENGTH.with_default(None).optional


@pytest.mark.parametrize("cell", [7, 7.0, [[7]], [7], (7,), np.float64(7), np.int32(7), np.array(7), np.array([[7]])])
def test_one_number_may_come_in_many_forms(cell: Any) -> None:
    value = LENGTH.value(cell)
    assert type(value) is float
    assert value == 7


@pytest.mark.parametrize(
    "cells",
    [
        [[1], [2.5], [3]],
        [[1, 2.5, 3]],
        [1, 2.5, 3],
        ((1,), (2.5,), (3,)),
        np.array([1, 2.5, 3]),
        np.array([[1], [2.5], [3]], dtype=object),
        [np.float64(1), np.float64(2.5), np.int64(3)],
        [np.array([1.0]), np.array([2.5]), np.array([3.0])],
        pd.Series([1, 2.5, 3]),
        pd.DataFrame({"flow": [1, 2.5, 3]}),
    ],
)
def test_a_vector_may_come_in_many_forms(cells: Any) -> None:
    value = FLOWS.value(cells)
    assert value.dtype == np.float64
    assert value.tolist() == [1, 2.5, 3]


def test_a_single_number_is_a_vector_of_one() -> None:
    assert FLOWS.value(4).tolist() == [4.0]


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -10.5])
def test_a_wrong_value_is_found_wherever_it_stands_in_a_vector(position: int, value: float) -> None:
    flows = [[1.0], [1.0], [1.0]]
    flows[position] = [value]
    assert refusal(FLOWS, flows).startswith(f"flows_eur (value {position + 1} of 3) must be ")


@pytest.mark.parametrize(
    "cells",
    [
        [["unit", "heat_mw"], ["B", 4], [" ", None]],
        (("unit", "heat_mw"), ("B", 4.0), ("", LEFT_OUT)),
        np.array([["unit", "heat_mw"], ["B", 4], [None, ""]], dtype=object),
        [["unit", "heat_mw"], ["B", np.float64(4)], [np.str_(""), None]],
    ],
)
def test_a_table_comes_as_plain_rows_in_which_blank_is_none(cells: Any) -> None:
    rows = UNITS.value(cells)
    assert rows == (("unit", "heat_mw"), ("B", 4.0), (None, None))
    assert {type(value) for row in rows for value in row} == {str, float, type(None)}


def test_a_flat_table_is_one_row() -> None:
    assert UNITS.value([1, True, "a"]) == ((1.0, True, "a"),)


def test_a_sum_that_overflows_does_not_make_a_row_of_numbers_wrong() -> None:
    assert UNITS.value([[1e308, 1e308]]) == ((1e308, 1e308),)


@pytest.mark.parametrize("argument", [LENGTH, HOURS, FLOWS, MODE, UNITS])
def test_an_error_value_is_passed_on_with_its_code(argument: Argument) -> None:
    for cell in (CellError("#N/A"), [[CellError("#N/A")]]):
        with pytest.raises(PassedError, match=f"^{argument.name}( .*)? holds #N/A$") as caught:
            argument.value(cell)
        assert caught.value.code == "#N/A"


def test_an_error_value_in_a_range_comes_before_other_faults_and_is_located() -> None:
    with pytest.raises(PassedError, match=r"^flows_eur \(value 3 of 3\) holds #DIV/0!$"):
        FLOWS.value([["x"], [math.nan], [CellError("#DIV/0!")]])
    with pytest.raises(PassedError, match=r"^units \(row 2, column 1\) holds #DIV/0!$"):
        UNITS.value([[math.nan], [CellError("#DIV/0!")]])


@pytest.mark.parametrize("cell", [5.0, "a", True, CellError("#N/A"), [[1, 2]]])
def test_where_the_value_does_not_matter_everything_comes_as_it_is(cell: Any) -> None:
    assert anything("trigger", "Any cell").value(cell) is cell


@pytest.mark.parametrize(("choice", "value"), [("fast", "Fast"), (" EXACT ", "exact"), ([["Exact"]], "exact")])
def test_a_choice_is_found_in_any_case(choice: Any, value: str) -> None:
    assert MODE.value(choice) == value


def test_a_free_text_comes_as_it_is() -> None:
    assert text("item", "Item").value(" Heat pump ") == " Heat pump "


def test_what_came_is_quoted_shortly() -> None:
    assert described("x" * 50) == repr("x" * 37 + "...")
    assert described(1 / 3) == "0.333333333333"
    assert described(CellError("#REF!", "why")) == "#REF!"
    assert described([[1]]) == "a range"
    assert described("") == described(LEFT_OUT) == "a blank cell"


def test_zero_and_false_are_not_blank() -> None:
    assert not any(map(is_blank, (0.0, False, "0", CellError("#NULL!"), [[None]])))


@pytest.mark.parametrize(
    ("value", "expected"), [([], True), ((1,), True), (np.zeros(2), True), (np.float64(1), False), ("abc", False)]
)
def test_a_range_is_told_from_a_cell(value: Any, expected: bool) -> None:
    assert is_range(value) is expected
