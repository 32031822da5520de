"""The calculation engine with worksheet functions in it: what goes in, what comes out, what is said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dhxl.errors import InputError, WorkbookError
from dhxl.functions.arguments import anything
from dhxl.functions.cells import LEFT_OUT, CellError
from dhxl.functions.spec import Result, WorksheetFunction
from dhxl.hosts.headless.built_in import is_built_in
from dhxl.hosts.headless.engine import Engine, fixed_clock
from dhxl.hosts.headless.translate import LEFT_OUT_FORMULA
from dhxl.workbook.formulas import located_calls

SHEET = "Sheet"


def declared(function: Callable[..., Any], shape: Any = "number") -> dict[str, WorksheetFunction]:
    """Return a registry of one function, DH_X, of up to three arguments of any kind."""
    arguments = tuple(anything(name, name).with_default(LEFT_OUT) for name in ("first", "second", "third"))
    return {"DH_X": WorksheetFunction("DH_X", "DH Info", arguments, Result(shape), (), function)}


def engine_with(function: Callable[..., Any], shape: Any = "number") -> Engine:
    engine = Engine(functions=declared(function, shape))
    engine.set_rows(SHEET, 1, 1, [[1.5, None], ["text", True]])
    return engine


def located(engine: Engine, row: int, formula: str) -> None:
    engine.set_formula(SHEET, row, 5, "=" + located_calls(formula, f"@{SHEET}!E{row}", LEFT_OUT_FORMULA))


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        ("DH_X(A1)", (1.5, LEFT_OUT, LEFT_OUT)),
        ("DH_X(A2,B2)", ("text", True, LEFT_OUT)),
        ("DH_X(1/0,NA())", (CellError("#DIV/0!"), CellError("#N/A"), LEFT_OUT)),
        ("DH_X(50,,1.2)", (50.0, LEFT_OUT, 1.2)),
        ("DH_X(50,)", (50.0, LEFT_OUT, LEFT_OUT)),
        ("DH_X()", (LEFT_OUT, LEFT_OUT, LEFT_OUT)),
        ("DH_X(0,,0)", (0.0, LEFT_OUT, 0.0)),
        ("DH_X(A1:B2)", ([[1.5, None], ["text", True]], LEFT_OUT, LEFT_OUT)),
        ("DH_X(B1:B3)", ([[None], [True], [None]], LEFT_OUT, LEFT_OUT)),
        ("DH_X(DATE(2024,1,1))", (45292.0, LEFT_OUT, LEFT_OUT)),
        ('DH_X("a ""b""")', ('a "b"', LEFT_OUT, LEFT_OUT)),
        ("_xll.dh_x(1)", (1.0, LEFT_OUT, LEFT_OUT)),
    ],
)
def test_cells_reach_a_function_as_what_they_are(formula: str, cells: tuple[Any, ...]) -> None:
    received: list[tuple[Any, ...]] = []
    engine = engine_with(lambda *values: received.append(values) or 0.0)
    located(engine, 1, formula)
    engine.calculate()
    assert received == [cells]


def test_an_error_inside_a_range_reaches_a_function_as_an_error() -> None:
    received: list[Any] = []
    engine = engine_with(lambda first, *_: received.append(first) or 0.0)
    engine.set_formula(SHEET, 1, 2, "=1/0")
    located(engine, 1, "DH_X(A1:B1)")
    engine.calculate()
    assert received == [[[1.5, CellError("#DIV/0!")]]]


@pytest.mark.parametrize(("answer", "cell"), [(2.5, 2.5), (3, 3.0)])
def test_a_number_comes_out_as_a_number(answer: Any, cell: Any) -> None:
    engine = engine_with(lambda *_: answer)
    located(engine, 1, "DH_X()")
    engine.calculate()
    assert engine.value(SHEET, 1, 5) == cell


def test_text_and_truth_values_come_out_as_they_are() -> None:
    engine = engine_with(lambda *_: [["a", True, 1.0, ""]], "table")
    located(engine, 1, "DH_X()")
    engine.calculate()
    assert engine.values(SHEET, 1, 5, 1, 8) == [["a", True, 1.0, ""]]


def test_nan_never_leaves_a_function() -> None:
    engine = engine_with(lambda *_: float("nan"))
    located(engine, 1, "DH_X()")
    engine.calculate()
    assert engine.value(SHEET, 1, 5) == CellError("#NUM!")


def fails(first: Any, *_: Any) -> float:
    if first == 0:
        raise InputError("first must be > 0, got 0")
    return 1.0


def test_a_message_tells_the_cell_the_code_and_the_sentence() -> None:
    engine = engine_with(fails)
    located(engine, 1, "DH_X(0)")
    engine.calculate()
    assert str(engine.messages["Sheet!E1"]) == "Sheet!E1: DH_X: first must be > 0, got 0"
    assert engine.messages["Sheet!E1"].code == "#VALUE!"


def test_a_cell_has_one_message_the_last_one_and_none_once_its_call_succeeds() -> None:
    engine = engine_with(lambda first, *_: fails(0 if first == 1.5 else 1))
    located(engine, 1, "DH_X(A1)+DH_X(2)")
    engine.calculate()
    assert list(engine.messages) == ["Sheet!E1"]
    engine.set_rows(SHEET, 1, 1, [[7.0]])
    engine.calculate()
    assert not engine.messages
    assert engine.value(SHEET, 1, 5) == 2.0


def test_an_unexpected_exception_is_a_sentence_and_a_log_entry_with_the_cell(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> float:
        raise KeyError("lost")

    engine = engine_with(broken)
    located(engine, 1, "DH_X(1)")
    with caplog.at_level(logging.ERROR, "dhxl"):
        engine.calculate()
    assert engine.value(SHEET, 1, 5) == CellError("#VALUE!")
    assert engine.messages["Sheet!E1"].sentence == "DH_X: KeyError: 'lost' (internal error, please report it)"
    assert caplog.messages == ["DH_X in Sheet!E1"]
    assert caplog.records[0].exc_info


def test_an_interruption_inside_a_function_ends_the_calculation() -> None:
    def interrupted(*_: Any) -> float:
        raise KeyboardInterrupt

    engine = engine_with(interrupted)
    for row in range(1, 4):
        located(engine, row, "DH_X(1)")
    with pytest.raises(KeyboardInterrupt):
        engine.calculate()


def test_a_function_that_is_not_offered_is_a_name_error_that_iferror_catches() -> None:
    engine = Engine(functions={})
    engine.set_rows(SHEET, 1, 1, [[1.0]])
    engine.set_formula(SHEET, 1, 2, "=DH_VERSION(A1)")
    engine.set_formula(SHEET, 1, 3, '=IFERROR(DH_VERSION(A1)<>"",FALSE)')
    engine.calculate()
    assert engine.value(SHEET, 1, 2) == CellError("#NAME?")
    assert engine.value(SHEET, 1, 3) is False


def test_the_clock_stands_still_where_source_date_epoch_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769868300")
    engine = Engine(functions={})
    engine.set_rows(SHEET, 1, 1, [[1.0]])
    engine.set_formula(SHEET, 1, 2, "=NOW()")
    engine.calculate()
    assert fixed_clock() == datetime(2026, 1, 31, 14, 5, tzinfo=UTC)
    assert engine.value(SHEET, 1, 2) == pytest.approx(46053 + (14 + 5 / 60) / 24, abs=1e-9)


def test_a_source_date_epoch_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(WorkbookError, match="SOURCE_DATE_EPOCH must be seconds since 1970"):
        Engine()


def test_the_engine_knows_which_functions_it_has() -> None:
    assert is_built_in("SUMPRODUCT")
    assert is_built_in("XLOOKUP")
    assert not is_built_in("GETPIVOTDATA")


def test_a_file_that_the_engine_cannot_read_is_a_sentence() -> None:
    with pytest.raises(WorkbookError, match="the calculation engine cannot read the workbook"):
        Engine(b"PK\x03\x04 nothing")
