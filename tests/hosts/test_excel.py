"""Every worksheet function through xlwings' own server, see tests/excel_com.py: cells in, what VBA gets out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.excel_host import HOURS, calls
from dhxl.functions import REGISTRY
from dhxl.functions.cells import LEFT_OUT, CellError, is_range
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts import excel
from tests.excel_com import MISSING, ComRange, Server, com_time, excel_server, retold
from tests.functions.cases import FUNCTIONS, example_cells

NUM, VALUE, DIV, NOT_AVAILABLE = -2146826252, -2146826273, -2146826281, -2146826246

PASSED = (None, "", "text", True, 0.0, -1.5, DIV, NOT_AVAILABLE, MISSING, Decimal("0.1"), com_time(2026, 3, 1, 6))

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with excel_server() as found:
        yield found


def as_vba_gets_it(answer: Any) -> Any:
    """Return an answer of the door in the shape that ``XLPython.CallUDF`` gives to VBA, by the published rule."""
    rows = answer if isinstance(answer, list) else [[answer]]
    told = [
        [
            f"#DHERR|{excel.ERROR_NUMBERS[cell.code]}|{cell.message}" if isinstance(cell, CellError) else cell
            for cell in row
        ]
        for row in rows
    ]
    if len(told) == 1:
        return told[0][0] if len(told[0]) == 1 else told[0]
    return told


def every_example() -> Any:
    cases = [
        pytest.param(function, example, id=f"{function.name}-{number}")
        for function in FUNCTIONS
        for number, example in enumerate(function.examples, start=1)
    ]
    return pytest.mark.parametrize(("function", "example"), cases)


@every_example()
def test_an_example_gives_what_the_door_gives_as_value_and_as_range(
    server: Server, function: WorksheetFunction, example: Any
) -> None:
    cells = [retold(cell) for cell in example.cells]
    wanted = as_vba_gets_it(function(*example.cells))
    assert server.call(function.name, *cells) == wanted
    as_objects = [ComRange(cell) if is_range(cell) else cell for cell in cells]
    assert server.call(function.name, *as_objects) == wanted


@every_function
def test_all_missing_arguments_are_left_out(server: Server, function: WorksheetFunction) -> None:
    missing = [MISSING] * len(function.arguments)
    wanted = function(*[LEFT_OUT] * len(function.arguments))
    assert server.call(function.name, *missing) == as_vba_gets_it(wanted)


@every_function
def test_blank_cells_and_texts_for_numbers_get_the_sentence_of_the_door(
    server: Server, function: WorksheetFunction
) -> None:
    for wrong in (None, "", "abc", True):
        wanted = function(*[wrong] * len(function.arguments))
        assert server.call(function.name, *[wrong] * len(function.arguments)) == as_vba_gets_it(wanted)


@every_function
def test_an_error_value_comes_out_as_it_came_in(server: Server, function: WorksheetFunction) -> None:
    for place, argument in enumerate(function.arguments):
        if argument.shape == "anything":
            continue
        cells = list(example_cells(function))
        cells += [LEFT_OUT] * (len(function.arguments) - len(cells))
        for code in ("#DIV/0!", "#N/A", "#SPILL!"):
            cells[place] = CellError(code)
            answer = server.call(function.name, *map(retold, cells))
            number = excel.ERROR_NUMBERS[code]
            assert answer == f"#DHERR|{number}|{function.name}: {argument.name} holds {code}"


def test_a_left_out_argument_in_the_middle_takes_its_default(server: Server) -> None:
    full = REGISTRY["DH_PIPE_U"](100.0, 2.0, LEFT_OUT, 1.2)
    assert isinstance(full, float)
    assert server.call("DH_PIPE_U", 100.0, 2.0, MISSING, 1.2, MISSING, MISSING) == full


def test_an_error_among_many_values_is_named_by_its_place(server: Server) -> None:
    prices = tuple((50.0,) if hour != 4000 else (DIV,) for hour in range(HOURS))
    answer = server.call("DH_LOAD_DURATION", prices)
    assert answer == "#DHERR|2007|DH_LOAD_DURATION: " + REGISTRY["DH_LOAD_DURATION"].arguments[0].name + (
        f" (value 4001 of {HOURS}) holds #DIV/0!"
    )


def test_errors_stand_in_their_places_in_a_range_of_answers(server: Server) -> None:
    """Proves: elements of an array carry code and sentence of their own.

    Sensitivity: an answer with one error for the whole range would lose 2.0.
    """
    answer = server.call("DH_LHD", ((6000.0,), (NUM,), (6000.0,)), ((3000.0,), (3000.0,), (0.0,)))
    assert answer == [
        [2.0],
        ["#DHERR|2036|DH_LHD (row 2): heat_sold_mwh holds #NUM!"],
        ["#DHERR|2015|DH_LHD (row 3): trench_length_m must be > 0 m, got 0"],
    ]


def test_an_array_of_one_dimension_is_a_row(server: Server) -> None:
    assert server.call("DH_LHD", (6000.0, 3000.0), 3000.0) == [2.0, 1.0]


def test_a_range_of_one_cell_is_that_cell(server: Server) -> None:
    assert server.call("DH_LHD", ((6000.0,),), ComRange(3000.0)) == 2.0


def test_no_solution_is_the_error_value_num(server: Server) -> None:
    assert server.call("DH_IRR", ((1.0, 2.0, 3.0),)).startswith("#DHERR|2036|DH_IRR: ")


@pytest.mark.parametrize(
    ("passed", "cell"),
    [
        (None, None),
        (True, True),
        ("text", "text"),
        (2.5, 2.5),
        (7, 7.0),
        (Decimal("12.3456"), 12.3456),
        (date(2024, 1, 1), 45292.0),
        (com_time(2024, 1, 1), 45292.0),
        (com_time(2024, 1, 1, 18, 0, 0), 45292.75),
        (MISSING, LEFT_OUT),
        (VALUE, CellError("#VALUE!")),
        (NOT_AVAILABLE, CellError("#N/A")),
        (((None,),), ((None,),)),
    ],
)
def test_what_com_passes_is_a_cell(passed: Any, cell: Any) -> None:
    found = excel.cells_of(passed)
    assert found == cell
    assert type(found) is type(cell)


def test_every_error_value_has_the_number_that_com_passes(server: Server) -> None:
    """Proves: against xlwings' own table of the numbers."""
    known = server.udfs.xlwings._xlwindows.cell_errors
    assert {number: excel.cells_of(number) for number in known} == {
        number: CellError(code) for number, code in known.items()
    }


@given(st.lists(st.lists(st.sampled_from(PASSED), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_range_is_its_cells_one_by_one(rows: list[list[Any]]) -> None:
    """Proves: the fast way for rows of plain values and the way for single cells are the same.

    Sensitivity: a number of an error value left in a row would come out as a number.
    """
    found = excel.cells_of(tuple(map(tuple, rows)))
    assert [list(row) for row in found] == [[excel.cells_of(value) for value in row] for row in rows]


def test_rows_of_plain_values_are_handed_on_without_a_copy() -> None:
    rows = tuple((float(hour), None) for hour in range(HOURS))
    assert excel.cells_of(rows) is rows


def test_dates_and_currencies_in_a_column_become_numbers() -> None:
    rows = (("hour", "eur"), (com_time(2024, 1, 1, 12), Decimal("1.5")), (com_time(2024, 1, 2), Decimal(2)))
    assert [list(row) for row in excel.cells_of(rows)] == [["hour", "eur"], [45292.5, 1.5], [45293.0, 2.0]]


@pytest.mark.parametrize("name", calls())
def test_a_year_of_hours_gives_what_the_door_gives(server: Server, name: str) -> None:
    cells = calls()[name]
    answer = server.call(name, *cells)
    assert answer == as_vba_gets_it(REGISTRY[name](*cells))
    assert not str(answer[0][0]).startswith("#DHERR|")
    assert len(answer) == HOURS or name == "DH_DISPATCH"


def test_what_goes_wrong_inside_is_an_error_value_with_a_sentence(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_self: WorksheetFunction, *_cells: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(WorksheetFunction, "__call__", broken)
    answer = server.call("DH_LHD", 6000.0, 3000.0)
    assert answer == "#DHERR|2015|DH_LHD: RuntimeError: out of order (internal error, please report it)"
    assert "DH_LHD in Excel" in caplog.text


@every_function
def test_xlwings_knows_texts_and_category(server: Server, function: WorksheetFunction) -> None:
    known = getattr(server.host, function.name).__xlfunc__
    assert known["category"] == function.category
    assert known["ret"]["doc"] == function.summary
    assert [one["name"] for one in known["args"]] == [argument.name for argument in function.arguments]
    for one, argument in zip(known["args"], function.arguments, strict=True):
        assert one["doc"].startswith(argument.text[:200])
        assert len(one["doc"]) <= 255
        assert one["optional"] is LEFT_OUT


def test_xlwings_writes_a_wrapper_for_each_function(server: Server, tmp_path: Any) -> None:
    """Proves: the module is fit for xlwings' own import of functions, too."""
    from types import SimpleNamespace

    module = tmp_path / "wrappers.bas"
    with module.open("w", encoding="utf-8") as file:
        server.udfs.generate_vba_wrapper("dhxl.hosts.excel", server.host, file, SimpleNamespace(Name="workbook.xlsm"))
    written = re.findall(r"^Function (DH_\w+)\(", module.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(written) == sorted(REGISTRY)
