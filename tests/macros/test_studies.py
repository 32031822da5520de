"""Buttons that calculate: results by name in the open workbook, and nothing left behind where one stops or fails."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings

from dhxl import macros
from dhxl.hosts.headless import remembered
from dhxl.macros import desk
from dhxl.macros.results import changed_constants
from dhxl.studies.renewal import write_presets
from dhxl.workbook.package import Package
from tests.excel_memory import ExcelRefuses
from tests.macros.conftest import Town, changes, named, told

STUDIES = ("run_sensitivity", "tornado", "storage_sweep")
every_calculation = pytest.mark.parametrize("name", ["recalculate", "run_sensitivity", "tornado"])


def with_store(book: Any, sheets: dict[str, Any]) -> None:
    sheets["Prices"].write("H30", 5.0)
    book.define_name("storage_mwh_1", "=Prices!$H$30")


def fresh(book: Any, sheets: dict[str, Any]) -> None:
    sheets["Saved"].write("B1", 7.0)


def test_a_study_stands_where_the_command_line_writes_it(town: Town) -> None:
    """Proves: the open workbook gets exactly the constants that write_presets puts into the file."""
    book, excel = town
    path = Path(book.fullname)
    macros.run_sensitivity(book)
    assert told(excel) == "Payback against electricity charges and break-even charges: written (0 s)."
    result = path.with_name("result.xlsx")
    write_presets(path, result, studies=("tax", "break_even"))
    wanted = changed_constants(Package.open(path), Package.open(result), "sensitivity_")
    assert {"sensitivity_tax", "sensitivity_break_even", "sensitivity_tax_at", "sensitivity_tax_hash"} <= wanted.keys()
    for name, rows in wanted.items():
        assert named(book, name) == rows
    assert named(book, "sensitivity_tax")[0][:2] == [0.0, "Low"]
    assert excel.shown == ["Bob's studies"]


def test_texts_stay_texts_where_excel_would_read_a_date_or_an_error_value(town: Town) -> None:
    """Proves: the time stamp and the code of an error are entered as texts.

    Sensitivity: entered without an apostrophe, the time stamp would be a date (45000 here).
    """
    book, excel = town
    macros.tornado(book)
    told(excel)
    assert named(book, "sensitivity_tornado_at") == [["2030-03-17 17:46"]]
    assert [row[3] for row in named(book, "sensitivity_tornado") if row[0] == "Capex"] == ["#VALUE!"]


def test_a_second_press_writes_nothing(town: Town) -> None:
    book, excel = town
    macros.tornado(book)
    told(excel)
    writes: list[Any] = []
    excel.on_write = writes.append
    macros.tornado(book)
    assert told(excel) == "Tornado of the NPV: these results stand there already."
    assert writes == []


def test_the_study_honours_what_was_typed_and_not_saved(town: Town) -> None:
    """Proves: the copy holds the present state of the workbook.

    Sensitivity: a study of the file on disk would give the NPV of a tariff of 114.
    """
    book, excel = town
    macros.tornado(book)
    told(excel)
    before = named(book, "sensitivity_tornado_base")[0][0]
    book.names["heat_tariff_eur_per_mwh"].refers_to_range.value = 100
    macros.tornado(book)
    told(excel)
    assert named(book, "sensitivity_tornado_base")[0][0] == pytest.approx(before - 6000 * 14 / 1.05)


def test_a_sweep_of_the_store_needs_a_store(town_with: Callable[..., Town]) -> None:
    book, excel = town_with()
    macros.storage_sweep(book)
    assert "No solution has a heat store" in told(excel)
    assert changes(book) == {}
    book, excel = town_with(with_store)
    macros.storage_sweep(book)
    assert told(excel) == "Size of the heat store: written (0 s)."
    assert named(book, "sensitivity_storage")[0] == [25.0 * number for number in range(9)]


def test_recalculating_renews_the_saved_results_that_a_workbook_without_functions_shows(
    town_with: Callable[..., Town],
) -> None:
    book, excel = town_with(fresh, calculated=False)
    macros.recalculate(book)
    message = told(excel)
    assert "The saved results are renewed." in message
    assert "Checks failed: 0   Alerts: 1" in message
    assert named(book, "saved_lhd") == [[2.0]]
    assert named(book, "saved_at") == [["2030-03-17 17:46"]]
    assert excel.calculations == 1
    assert {key[0] for key in changes(book)} == {"Saved", "My plant"}
    macros.recalculate(book)
    assert "The saved results were up to date." in told(excel)


def test_a_workbook_that_is_in_order_stays_as_it_is(town: Town) -> None:
    book, excel = town
    macros.recalculate(book)
    assert "up to date" in told(excel)
    assert changes(book) == {}


def test_progress_stands_in_the_status_bar_while_a_study_runs(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_TELL_S", 0.0)
    book, excel = town
    macros.run_sensitivity(book)
    told(excel)
    assert excel.texts[0] == "dhxl: ..."
    assert any(text.startswith("dhxl: Payback against electricity charges: case 9 of 27 33%") for text in excel.texts)
    assert excel.settings["status_bar"] is False


@every_calculation
@pytest.mark.parametrize("questions", [0, 1, 7])
def test_esc_stops_and_leaves_all_as_it_was(
    town_with: Callable[..., Town], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, questions: int
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(remembered, "_known", {})  # what is remembered is not calculated, and nobody asks then
    asked: list[int] = []

    def watch(_process: int) -> Callable[[], bool]:
        def pressed() -> bool:
            asked.append(1)
            return len(asked) > questions

        return pressed

    book, excel = town_with(fresh, calculated=False)
    monkeypatch.setattr(desk, "watch_escape", watch)
    getattr(macros, name)(book)
    assert told(excel) == "Stopped. The workbook is as it was."
    assert len(asked) > questions
    assert changes(book) == {}


@every_calculation
@pytest.mark.parametrize("good", [0, 1, 2])
def test_a_refused_write_is_one_message_and_all_settings_go_back(
    town_with: Callable[..., Town], name: str, good: int
) -> None:
    written: list[Any] = []

    def refuse(place: Any) -> None:
        if len(written) == good:
            raise ExcelRefuses("0x800A03EC")
        written.append(place)

    book, excel = town_with(fresh, calculated=False)
    excel.on_write = refuse
    settings: list[Any] = []
    excel.on_setting = lambda setting, value: settings.append((setting, value))
    getattr(macros, name)(book)
    message = told(excel, "critical")
    assert "is the sheet protected? (0x800A03EC)" in message
    assert settings.count(("screen_updating", False)) == settings.count(("screen_updating", True)) == 1
    assert len(written) == good


def test_what_was_written_is_put_back_range_by_range(town_with: Callable[..., Town]) -> None:
    """Proves: all ranges or none.

    Sensitivity: without putting back, three ranges of new results would remain.
    """
    count = 0

    def refuse_once(_place: Any) -> None:
        nonlocal count
        count += 1
        if count == 4:
            raise ExcelRefuses("busy")

    book, excel = town_with(fresh, calculated=False)
    excel.on_write = refuse_once
    macros.run_sensitivity(book)
    assert "(busy)" in told(excel, "critical")
    assert count == 4 + 4
    assert changes(book) == {}


@every_calculation
def test_a_copy_that_cannot_be_saved_is_told(town: Town, name: str) -> None:
    def refuse(_path: Path) -> None:
        raise ExcelRefuses("disk full")

    book, excel = town
    excel.on_copy = refuse
    getattr(macros, name)(book)
    assert told(excel, "critical") == "town.xlsx: Excel does not save a copy (disk full)"
    assert changes(book) == {}


def test_a_copy_that_the_button_saved_is_used_and_goes(town: Town, tmp_path: Path) -> None:
    """Proves: on macOS, where Excel saves no copy for Python, the file of the button is studied."""
    book, excel = town

    def never(_path: Path) -> None:
        raise AssertionError("a copy was saved")

    copy = tmp_path / "dhxl-copy.xlsx"
    excel.on_copy = never
    for name, kind, words in (("tornado", "info", "written"), ("why_red", "critical", "select the red cell")):
        copy.write_bytes(Path(book.fullname).read_bytes())
        getattr(macros, name)(book, copy=str(copy))
        assert words in told(excel, kind)
        assert not copy.exists()


def test_no_copy_is_left_behind(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    book, excel = town
    for name in STUDIES:
        getattr(macros, name)(book)
        told(excel)
    assert list(scratch.iterdir()) == []


def test_a_name_that_is_gone_is_told_before_anything_is_written(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    book, excel = town
    names = type(book.impl.names)
    monkeypatch.setattr(names, "contains", lambda _self, name: name != "sensitivity_tornado_at")
    macros.tornado(book)
    assert told(excel, "critical") == "town.xlsx: the name sensitivity_tornado_at is missing"
    assert changes(book) == {}


def test_an_input_that_is_not_allowed_is_told_with_its_cell(town: Town) -> None:
    book, excel = town
    book.names["heat_tariff_eur_per_mwh"].refers_to_range.value = -1
    for name in ("recalculate", "run_sensitivity"):
        getattr(macros, name)(book)
        assert "Prices!D4 (heat_tariff_eur_per_mwh): must be" in told(excel, "critical")


def test_messages_name_the_workbook_and_not_its_copy(town: Town) -> None:
    book, excel = town
    book.names["price_scenario"].refers_to_range.value = "Never"
    macros.run_sensitivity(book)
    assert tempfile.gettempdir() not in told(excel, "critical")


def test_settings_go_back_even_if_one_of_them_cannot(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    book, excel = town

    def refuse(name: str, value: Any) -> None:
        if name == "calculation" and value == "automatic":
            raise ExcelRefuses("no workbook")

    excel.on_setting = refuse
    macros.tornado(book)
    assert excel.settings["screen_updating"] is True
    assert excel.settings["enable_events"] is True
    assert excel.settings["status_bar"] is False
    assert "calculation of Excel cannot be put back" in caplog.text


def test_what_nobody_foresaw_is_one_message_too(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("out of order")

    book, excel = town
    monkeypatch.setattr("dhxl.macros.studies.write_presets", broken)
    macros.tornado(book)
    assert told(excel, "critical") == "RuntimeError: out of order (internal error, please report it)"
    assert "a macro" in caplog.text


def test_a_macro_works_on_the_workbook_whose_button_was_pressed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    book, excel = town
    monkeypatch.setattr(xlwings.Book, "caller", classmethod(lambda _cls: book))
    macros.tornado()
    assert "written" in told(excel)


@pytest.mark.parametrize("sub", macros.MACROS)
def test_the_statement_of_a_button_runs_its_macro(town: Town, monkeypatch: pytest.MonkeyPatch, sub: str) -> None:
    book, excel = town
    monkeypatch.setattr(xlwings.Book, "caller", classmethod(lambda _cls: book))
    exec(macros.MACROS[sub].statement(), {})
    assert len(excel.alerts) == 1
