"""What holds for every worksheet function, found by discovery: a new function is born tested."""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dhxl.functions.arguments import Argument
from dhxl.functions.cells import ERROR_CODES, LEFT_OUT, CellError, is_blank, is_range
from dhxl.functions.spec import CATEGORIES, WIZARD_TEXT_LENGTH, Example, WorksheetFunction
from dhxl.units import unit_fits
from tests.functions.cases import (
    FUNCTIONS,
    NUMERIC,
    example_cells,
    faults,
    given_cell,
    non_finite,
    replaced,
    with_cell,
    with_entry,
)

NOT_FINITE = (math.nan, math.inf, -math.inf)
EXTREMES = (1e308, -1e308, 5e-324, -5e-324, 1e-300, 0.0, -1.0, 1e15)
TABLE_CELLS = 12  # of each table, spread over it, that take extreme values; a quarter of them where calls are slow
LONG = 1000  # rows of a range that make a call slow

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)


def every_argument(fits: Callable[[Argument], bool] = lambda _: True) -> Any:
    cases = [
        pytest.param(function, argument, id=f"{function.name}-{argument.name}")
        for function in FUNCTIONS
        for argument in function.arguments
        if fits(argument)
    ]
    return pytest.mark.parametrize(("function", "argument"), cases)


def numeric(argument: Argument) -> bool:
    return argument.shape in NUMERIC


def required(argument: Argument) -> bool:
    return not argument.optional


def takes_errors_for_faults(argument: Argument) -> bool:
    return argument.shape != "anything"  # whose value does not matter, whatever it is


def every_example() -> Any:
    cases = [
        pytest.param(function, example, id=f"{function.name}-{number}")
        for function in FUNCTIONS
        for number, example in enumerate(function.examples, start=1)
    ]
    return pytest.mark.parametrize(("function", "example"), cases)


def every_limit() -> Any:
    """Return every limit of every numeric argument with the last value that it allows and the first that it refuses."""
    cases = []
    for function in FUNCTIONS:
        for argument in filter(numeric, function.arguments):
            for limit, outwards, inclusive in (
                (argument.at_least, -math.inf, True),
                (argument.above, -math.inf, False),
                (argument.at_most, math.inf, True),
                (argument.below, math.inf, False),
            ):
                if limit is None:
                    continue
                if argument.shape == "whole":
                    step = math.copysign(1, outwards)
                    inside, outside = (limit, limit + step) if inclusive else (limit - step, limit)
                elif inclusive:
                    inside, outside = limit, math.nextafter(limit, outwards)
                else:
                    inside, outside = math.nextafter(limit, -outwards), limit
                name = f"{function.name}-{argument.name}-{limit:g}"
                cases.append(pytest.param(function, argument, inside, outside, id=name))
    return pytest.mark.parametrize(("function", "argument", "inside", "outside"), cases)


def assert_same(answer: Any, expected: Any, rel: float = 0.0) -> None:
    if not is_range(expected):
        assert type(answer) is (
            float if isinstance(expected, int) and not isinstance(expected, bool) else type(expected)
        )
        assert answer == (pytest.approx(expected, rel=rel) if rel and isinstance(expected, float) else expected)
        return
    assert [len(row) for row in answer] == [len(row) for row in expected]
    for answered, wanted in zip(answer, expected, strict=True):
        for value, other in zip(answered, wanted, strict=True):
            assert_same(value, other, rel)


@every_function
def test_the_declaration_fits_the_function_wizard(function: WorksheetFunction) -> None:
    assert function.category in CATEGORIES
    assert 0 < len(function.summary) <= WIZARD_TEXT_LENGTH
    assert function.summary.endswith(".")
    for argument in function.arguments:
        assert 0 < len(argument.text) <= WIZARD_TEXT_LENGTH
        assert not argument.text.endswith(".")


@every_function
def test_the_syntax_shows_the_arguments_of_the_calculation_in_their_order(function: WorksheetFunction) -> None:
    parameters = inspect.signature(function.function).parameters.values()
    shown = [p.name if p.default is inspect.Parameter.empty else f"[{p.name}]" for p in parameters]
    assert function.syntax == f"{function.name}({', '.join(shown)})"


@every_argument(numeric)
def test_the_suffix_of_an_argument_tells_its_unit(function: WorksheetFunction, argument: Argument) -> None:
    assert unit_fits(argument.name, argument.unit)


@every_argument()
def test_every_argument_is_explained(function: WorksheetFunction, argument: Argument) -> None:
    explained = function.documentation.partition("Parameters\n---")[2].partition("Returns\n---")[0]
    names = [
        name.strip() for line in explained.splitlines() if " : " in line for name in line.split(" : ")[0].split(",")
    ]
    assert argument.name in names


@every_example()
def test_an_example_gives_its_result(function: WorksheetFunction, example: Example) -> None:
    assert example.source
    assert_same(function(*example.cells), example.result, example.rel)


@every_function
def test_a_call_leaves_its_cells_alone_and_gives_the_same_again(function: WorksheetFunction) -> None:
    cells = example_cells(function)
    before = copy.deepcopy(cells)
    answer = function(*cells)
    assert cells == before
    assert function(*cells) == answer


@every_limit()
def test_a_value_just_inside_its_limit_is_accepted(
    function: WorksheetFunction, argument: Argument, inside: float, outside: float
) -> None:
    assert np.array_equal(argument.value(inside), [inside] if argument.shape == "vector" else inside)
    answer = function(*with_entry(function, argument, inside))
    if isinstance(answer, CellError):
        assert f"must be {argument.limits}, got" not in answer.message
    assert not non_finite(answer)


@every_limit()
def test_a_value_just_outside_its_limit_is_refused_with_the_limit_and_what_came(
    function: WorksheetFunction, argument: Argument, inside: float, outside: float
) -> None:
    (sentence,) = faults(function, function(*with_entry(function, argument, outside)))
    place, _, came = sentence.partition(f" must be {argument.limits}, got ")
    assert place.split(" (value ")[0] == argument.name
    assert came
    assert not argument.holds(float(came))


@every_argument(lambda one: required(one) and one.shape != "anything")
def test_a_blank_cell_is_not_zero_but_missing(function: WorksheetFunction, argument: Argument) -> None:
    for blank in (None, "", " ") if argument.shape == "table" else (None, "", " ", [[None]]):
        (sentence,) = faults(function, function(*with_cell(function, argument, blank)))
        assert sentence.startswith(f"{argument.name} must be ")
        assert sentence.endswith(", got a blank cell")


@every_argument(required)
def test_a_left_out_argument_is_asked_for(function: WorksheetFunction, argument: Argument) -> None:
    (sentence,) = faults(function, function(*with_cell(function, argument, LEFT_OUT)))
    assert sentence.startswith(f"{argument.name} is missing (")
    assert argument.limits in sentence


@every_argument(lambda argument: argument.optional)
def test_left_out_blank_and_default_are_the_same(function: WorksheetFunction, argument: Argument) -> None:
    usual = function(*with_cell(function, argument, LEFT_OUT))
    position = function.arguments.index(argument)
    if all(map(is_blank, example_cells(function)[position:])):
        assert function(*example_cells(function)[:position]) == usual
    for blank in (None, "", [[None]]):
        assert function(*with_cell(function, argument, blank)) == usual
    if argument.default is not None:
        default = [[value] for value in argument.default] if is_range(argument.default) else argument.default
        assert function(*with_cell(function, argument, default)) == usual


@every_argument(numeric)
def test_text_and_truth_values_are_no_numbers(function: WorksheetFunction, argument: Argument) -> None:
    for value, shown in (("abc", "'abc'"), ("5", "'5'"), (True, "TRUE"), (False, "FALSE")):
        (sentence,) = faults(function, function(*with_entry(function, argument, value)))
        assert sentence.startswith(argument.name)
        assert " must be a " in sentence
        assert sentence.endswith(f", got {shown}")


@every_argument(numeric)
def test_what_is_not_finite_never_enters(function: WorksheetFunction, argument: Argument) -> None:
    for value in NOT_FINITE:
        (sentence,) = faults(function, function(*with_entry(function, argument, value)))
        assert sentence.startswith(argument.name)
        assert sentence.endswith(f", got {value}")


@every_argument(lambda argument: argument.shape == "whole")
def test_a_fraction_is_no_whole_number(function: WorksheetFunction, argument: Argument) -> None:
    value = (argument.at_least or 0) + 0.5
    (sentence,) = faults(function, function(*with_cell(function, argument, value)))
    assert sentence.startswith(f"{argument.name} must be a whole number")


@every_argument(lambda argument: argument.shape in ("number", "whole"))
def test_a_range_of_several_cells_is_no_number_where_the_function_takes_ranges_for_other_arguments(
    function: WorksheetFunction, argument: Argument
) -> None:
    if not function.elementwise:
        (sentence,) = faults(function, function(*with_cell(function, argument, [[1.0], [2.0]])))
        assert sentence.startswith(f"{argument.name} must be ")
        assert sentence.endswith(", got a range")


@every_argument(lambda argument: argument.shape == "vector")
def test_a_vector_is_one_row_or_one_column(function: WorksheetFunction, argument: Argument) -> None:
    (sentence,) = faults(function, function(*with_cell(function, argument, [[1.0, 2.0], [3.0, 4.0]])))
    assert sentence == f"{argument.name} must be one row or one column, got 2 rows x 2 columns"


@every_function
def test_a_choice_is_taken_in_any_case_and_the_others_are_named(function: WorksheetFunction) -> None:
    for argument in function.arguments:
        for choice in argument.choices:
            assert argument.value(f" {choice.swapcase()} ") == choice
        if argument.choices:
            told = faults(function, function(*with_cell(function, argument, "no such choice")))
            assert told == [f"{argument.name} must be one of {', '.join(argument.choices)}, got 'no such choice'"]


@every_argument(takes_errors_for_faults)
def test_an_error_value_comes_out_as_it_came(function: WorksheetFunction, argument: Argument) -> None:
    for code in ERROR_CODES:
        for cell in (CellError(code), [[CellError(code)]]):
            (sentence,) = faults(function, function(*with_cell(function, argument, cell)), code)
            assert sentence.startswith(argument.name)
            assert sentence.endswith(f" holds {code}")


@every_argument(lambda argument: argument.shape in ("vector", "table"))
def test_an_error_value_in_a_range_comes_out_before_all_other_faults(
    function: WorksheetFunction, argument: Argument
) -> None:
    given = given_cell(function, argument)
    for code in ERROR_CODES:
        flawed = replaced(replaced(given, 0, 0, math.nan), -1, -1, CellError(code))
        (sentence,) = faults(function, function(*with_cell(function, argument, flawed)), code)
        assert sentence.startswith(f"{argument.name} (")
        assert sentence.endswith(f") holds {code}")


@every_function
def test_an_error_value_comes_out_whatever_else_is_wrong(function: WorksheetFunction) -> None:
    fussy = [argument for argument in function.arguments if takes_errors_for_faults(argument)]
    if len(fussy) > 1:
        cells = with_cell(function, fussy[-1], CellError("#N/A"))
        cells[0] = LEFT_OUT
        assert faults(function, function(*cells), "#N/A") == [f"{fussy[-1].name} holds #N/A"]


@every_function
def test_all_faults_are_told_at_once(function: WorksheetFunction) -> None:
    wrong = [argument for argument in function.arguments if numeric(argument)]
    if wrong:
        cells = example_cells(function)
        for argument in wrong:
            cells[function.arguments.index(argument)] = "abc"
        told = faults(function, function(*cells))
        assert [sentence.split(" must be ")[0] for sentence in told] == [argument.name for argument in wrong]


@every_function
def test_one_argument_too_many_is_refused(function: WorksheetFunction) -> None:
    most = len(function.arguments)
    (sentence,) = faults(function, function(*example_cells(function), 1.0))
    assert sentence == f"takes at most {most} argument{'s' if most > 1 else ''}, got {most + 1}"


@every_argument(numeric)
def test_extreme_numbers_give_a_finite_result_or_an_error_value(
    function: WorksheetFunction, argument: Argument
) -> None:
    for value in EXTREMES:
        assert not non_finite(function(*with_entry(function, argument, value))), value


@every_argument(lambda argument: argument.shape == "vector")
def test_a_vector_of_extreme_numbers_gives_a_finite_result_or_an_error_value(
    function: WorksheetFunction, argument: Argument
) -> None:
    size = len(given_cell(function, argument))
    for value in EXTREMES:
        assert not non_finite(function(*with_cell(function, argument, [[value]] * size))), value
        alternating = [[value * (-1) ** row] for row in range(size)]
        assert not non_finite(function(*with_cell(function, argument, alternating))), value


@every_argument(lambda argument: argument.shape == "table")
def test_any_value_in_a_table_gives_a_finite_result_or_an_error_value(
    function: WorksheetFunction, argument: Argument
) -> None:
    given = given_cell(function, argument)
    places = [(row, column) for row in range(len(given)) for column in range(len(given[0]))]
    long = any(is_range(cell) and len(cell) > LONG for cell in example_cells(function))
    for row, column in places[:: max(1, len(places) // (TABLE_CELLS // 4 if long else TABLE_CELLS))]:
        for value in (*EXTREMES, "abc", True, None):
            answer = function(*with_cell(function, argument, replaced(given, row, column, value)))
            assert not non_finite(answer), (row, column, value)
        for value in NOT_FINITE:
            answer = function(*with_cell(function, argument, replaced(given, row, column, value)))
            place = f"{argument.name} (row {row + 1}, column {column + 1})"
            assert faults(function, answer) == [f"{place} must be a finite number, got {value}"]


@every_argument(lambda argument: argument.shape == "table")
def test_a_table_that_has_lost_its_titles_is_refused(function: WorksheetFunction, argument: Argument) -> None:
    titles, *rows = given_cell(function, argument)
    if all(isinstance(title, str) for title in titles):
        told = faults(function, function(*with_cell(function, argument, [[None] * len(titles), *rows])))
        assert any(sentence.startswith(argument.name) for sentence in told)


@every_function
def test_ranges_may_be_arrays_or_tuples(function: WorksheetFunction) -> None:
    cells = example_cells(function)
    usual = function(*cells)
    ranges = {position: cell for position, cell in enumerate(cells) if is_range(cell)}
    for form in (lambda rows: np.array(rows, dtype=object), lambda rows: tuple(map(tuple, rows))):
        assert function(*(form(cell) if i in ranges else cell for i, cell in enumerate(cells))) == usual
    scalars = [np.float64(cell) if isinstance(cell, (int, float)) else cell for cell in cells]
    assert function(*scalars) == usual
    assert function(*([[cell]] if isinstance(cell, (int, float)) else cell for cell in cells)) == usual


@every_argument(lambda argument: argument.shape == "vector")
def test_a_vector_may_be_a_row_a_column_a_flat_list_or_an_array(
    function: WorksheetFunction, argument: Argument
) -> None:
    values = [row[0] for row in given_cell(function, argument)]
    usual = function(*with_cell(function, argument, [[value] for value in values]))
    for form in ([values], values, np.array(values), np.array(values)[:, None], np.array([values])):
        assert function(*with_cell(function, argument, form)) == usual
