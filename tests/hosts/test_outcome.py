"""A file that was calculated before is not calculated again, and nothing that is read or written differs for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dhxl.functions import dispatch_tables
from dhxl.functions.cells import Cell
from dhxl.hosts.headless import Model, remembered
from dhxl.hosts.headless.engine import Engine
from dhxl.studies.run import RunReport, run
from tests.hosts.books import Change, feasibility_book


@pytest.fixture(autouse=True)
def fresh_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(remembered, "_known", {})
    monkeypatch.setattr(dispatch_tables, "_within_time", [])


@pytest.fixture
def calculations(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """An entry for each calculation of the engine."""
    made: list[None] = []
    calculate = Engine.calculate
    monkeypatch.setattr(Engine, "calculate", lambda self, *given: (made.append(None), calculate(self, *given))[1])
    return made


def new_process() -> None:
    """Forget what only this process remembers."""
    remembered._known.clear()


def calculated(folder: Path, change: Change | None = None) -> Path:
    """Return a workbook that holds its results, and whose proof and outcome are remembered where they can be."""
    run(feasibility_book(folder / "new.xlsx", change), folder / "book.xlsx")
    run(folder / "book.xlsx")
    new_process()
    return folder / "book.xlsx"


def told(report: RunReport) -> RunReport:
    return replace(report, seconds=0.0, written=Path())


def values(path: Path, change: Callable[[Model], None] = lambda _: None) -> dict[str, Any]:
    with Model.open(path) as model:
        model.calculate()
        change(model)
        model.calculate()
        return model.values()


def other_tariff(model: Model) -> None:
    model.set("heat_tariff_eur_per_mwh", 200.0)


def damage(folder: Path, change: Callable[[str], str]) -> None:
    for place in (folder / "cache").rglob("*.json"):
        place.write_text(change(place.read_text("utf-8")), "utf-8")


def test_the_second_run_calculates_nothing_and_says_and_writes_the_same(
    tmp_path: Path, calculations: list[None]
) -> None:
    book = calculated(tmp_path)
    damage(tmp_path, lambda _: "")
    first = run(book, tmp_path / "first.xlsx")
    assert calculations
    calculations.clear()
    new_process()
    second = run(book, tmp_path / "second.xlsx")
    assert not calculations
    assert told(second) == told(first)
    assert (tmp_path / "second.xlsx").read_bytes() == (tmp_path / "first.xlsx").read_bytes() == book.read_bytes()


@pytest.mark.parametrize("change", [lambda _: None, other_tariff])
def test_values_with_and_without_memory_are_the_same(tmp_path: Path, change: Callable[[Model], None]) -> None:
    book = calculated(tmp_path)
    known = values(book, change)
    damage(tmp_path, lambda _: "")
    new_process()
    assert repr(known) == repr(values(book, change))


def test_an_input_set_before_the_first_calculation_counts_whatever_is_remembered(tmp_path: Path) -> None:
    """Sensitivity: a proof made with the new input would hold every cell that rests on it at the old value."""

    def twice(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Prices"].write_formula("B21", "=heat_tariff_eur_per_mwh*2", None, 228)
        book.define_name("twice", "=Prices!$B$21")

    book = calculated(tmp_path, twice)
    found: list[Cell] = []
    for memory in (True, False, True):
        if not memory:
            damage(tmp_path, lambda _: "")
        new_process()
        with Model.open(book) as model:
            other_tariff(model)
            model.calculate()
            found.append(model.value("twice"))
            assert not model.proof.unproven
    assert found == [400.0, 400.0, 400.0]


def test_only_the_first_calculation_of_a_file_as_it_stands_is_remembered(tmp_path: Path) -> None:
    """Sensitivity: what is typed over a formula behind the model's back would be taken for the file's own result."""
    book = calculated(tmp_path)
    right = values(book)
    with Model.open(book) as model:
        model.calculate()
        place = model.reference("npv_eur_1")
        model._engine.set_rows(place.sheet, place.first_row, place.first_col, [[7.0]])
        model.calculate()
        assert model.value("npv_eur_1") == 7.0
    assert values(book) == right
    new_process()
    assert values(book) == right


@pytest.mark.parametrize("wrong", ["", "{}", "[1", "\n{}"])
def test_a_damaged_memory_is_none(tmp_path: Path, wrong: str, calculations: list[None]) -> None:
    book = calculated(tmp_path)
    calculations.clear()
    right = values(book)
    assert not calculations
    damage(tmp_path, lambda _: wrong)
    new_process()
    assert values(book) == right
    assert calculations


def test_a_memory_with_another_digit_is_none(tmp_path: Path, calculations: list[None]) -> None:
    book = calculated(tmp_path)
    damage(tmp_path, lambda text: re.sub(r'"calls": \[\["My plant", \d', '"calls": [["My plant", 9', text))
    calculations.clear()
    values(book)
    assert calculations


@pytest.mark.parametrize("formula", ["=NOW()*0", '=LEN(CELL("filename"))*0'])
def test_what_may_be_another_at_another_time_or_place_is_calculated(
    tmp_path: Path, formula: str, calculations: list[None]
) -> None:
    book = calculated(tmp_path, lambda _, sheets: sheets["Prices"].write_formula(20, 1, formula))
    calculations.clear()
    run(book)
    assert calculations


def test_a_dispatch_that_more_time_may_better_is_calculated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calculations: list[None]
) -> None:
    monkeypatch.setattr(dispatch_tables, "_within_time", ["milp"])
    book = calculated(tmp_path)
    calculations.clear()
    run(book)
    assert calculations
