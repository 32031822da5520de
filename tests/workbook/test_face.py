"""What every sheet shows of checks, alerts and the state of the results; banner, guide, weeks and print set-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pytest

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.workbook.names import SheetEntry
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "workbook.xlsm"
WEEK = 168
_STATUS = (3, 3)
_CHANGED = (
    "project_title",
    "case_title",
    "solution",
    "winter_week_first_step",
    "peak_load_mw",
    "heat_tariff_eur_per_mwh",
)


@pytest.fixture(scope="module")
def package() -> Package:
    return Package.open(BOOK)


@contextmanager
def unchanged(model: Model) -> Iterator[Model]:
    """Give a workbook to a test and put back the inputs that the test changes."""
    before = {name: model.value(name) for name in _CHANGED}
    try:
        yield model
    finally:
        for name, value in before.items():
            assert not isinstance(value, CellError)
            model.set(name, value)
        model.calculate()


@pytest.fixture(scope="module")
def with_functions() -> Iterator[Model]:
    with Model.open(BOOK) as model:
        model.calculate()
        yield model


@pytest.fixture(scope="module")
def without_functions() -> Iterator[Model]:
    with Model.open(BOOK, registered=False) as model:
        model.calculate()
        yield model


@pytest.fixture
def live(with_functions: Model) -> Iterator[Model]:
    """The workbook, calculated anew with all functions."""
    with unchanged(with_functions) as model:
        yield model


@pytest.fixture
def bare(without_functions: Model) -> Iterator[Model]:
    """The workbook without the functions."""
    with unchanged(without_functions) as model:
        yield model


def numbers(model: Model, name: str) -> npt.NDArray[np.float64]:
    """Return the numbers of a block below its header."""
    return np.array([row[1:] for row in model.range(name)[1:]], dtype=float)


def links(package: Package, sheet: str) -> dict[str, str]:
    """Return the sheets that the links of a sheet lead to, by their cells."""
    found = re.findall(rb"<hyperlink ref=\"(\w+)\" location=\"'?(\w+)'?!A1\"", package.cells(sheet).xml)
    return {cell.decode(): target.decode() for cell, target in found}


def shown(package: Package) -> list[SheetEntry]:
    """Return the sheets that people see."""
    return [sheet for sheet in package.sheets if sheet.visibility == "visible"]


def test_every_sheet_shows_checks_alerts_and_the_state_of_the_results(package: Package, live: Model) -> None:
    text = live.value("status_text")
    assert text == f"Checks 0 · Alerts {live.value('AlertsTotal'):.0f} · results fit the inputs"
    for sheet in shown(package):
        cells = package.cells(sheet.name)
        assert cells.cells[_STATUS].formula == "status_text", sheet.name
        assert live.cell(sheet.name, *_STATUS) == text
        assert links(package, sheet.name)["C3"] == "Checks", sheet.name
        assert links(package, sheet.name).get("B3") == (None if sheet.name == "Cover" else "Cover"), sheet.name


def test_the_status_of_every_sheet_is_coloured_and_stands_in_frozen_rows_that_each_page_repeats(
    package: Package,
) -> None:
    titles = {name.sheet: name.text for name in package.names if name.name == "_xlnm.Print_Titles"}
    for sheet in shown(package):
        xml = package.cells(sheet.name).xml
        rules = re.search(rb'<conditionalFormatting sqref="C3">.*?</conditionalFormatting>', xml, re.DOTALL)
        assert rules, sheet.name
        assert rules[0].index(b"status_red=1") < rules[0].index(b"status_amber=1")
        frozen = re.search(rb'<pane [^>]*ySplit="(\d+)"', xml)
        assert frozen and int(frozen[1]) >= 3, sheet.name
        assert titles[sheet.name].rpartition("!")[2] == "$1:$3"


def test_every_sheet_prints_on_landscape_a4_one_page_wide(package: Package) -> None:
    for sheet in shown(package):
        xml = package.cells(sheet.name).xml
        setup = re.search(rb"<pageSetup [^>]*>", xml)
        assert setup, sheet.name
        assert b'paperSize="9"' in setup[0]
        assert b'orientation="landscape"' in setup[0]
        assert b"fitToWidth" not in setup[0], "one page wide is the default"


def test_titles_are_inputs_that_all_sheets_show(package: Package, bare: Model) -> None:
    bare.set("project_title", "Oberdorf")
    bare.set("case_title", "Second draft")
    bare.calculate()
    assert (bare.cell("Cover", 1, 2), bare.cell("Cover", 2, 2)) == ("Oberdorf", "Second draft")
    for sheet in shown(package):
        first_row = [bare.cell(sheet.name, *at) for at in package.cells(sheet.name).cells if at[0] == 1]
        assert "Oberdorf" in first_row, sheet.name


def test_the_banner_says_when_the_results_are_from(live: Model, bare: Model) -> None:
    moment = live.value("saved_at")
    assert (
        live.value("results_banner") == f"Results fit the inputs: calculated by the functions, last saved {moment} UTC"
    )
    assert bare.value("results_banner") == f"Saved results from {moment} UTC fit the inputs"
    assert (bare.value("results_old"), bare.value("status_red")) == (0.0, 0.0)
    assert bare.cell("Cover", 4, 2) == bare.value("results_banner")


def test_the_banner_and_every_sheet_turn_red_once_an_input_of_the_functions_changes_without_them(bare: Model) -> None:
    moment = bare.value("saved_at")
    bare.set("heat_tariff_eur_per_mwh", 120.0)
    bare.calculate()
    assert bare.value("status_red") == 0.0, "a tariff needs no function"
    bare.set("peak_load_mw", 30.0)
    bare.calculate()
    assert bare.value("results_banner") == f"Inputs changed since {moment} UTC: results of the functions are old"
    assert str(bare.value("status_text")).endswith("inputs changed: results are old")
    assert (bare.value("results_old"), bare.value("status_red")) == (1.0, 1.0)


def test_weeks_are_those_of_the_whole_dispatch_and_the_winter_week_has_the_peak(live: Model) -> None:
    """Heat, store and unserved heat add up to the demand in every hour, and to the hours of the sheet Series."""
    demand = np.array(live.range("hourly_demand_mw"), dtype=float)[:, 0]
    for season in ("winter", "summer"):
        first = live.value(f"{season}_week_first_step")
        assert isinstance(first, float)
        block = numbers(live, f"live_week_{season}")
        hours = demand[int(first) - 1 : int(first) - 1 + WEEK]
        assert block[:, 0] == pytest.approx(hours, rel=1e-12)
        assert block[:, 1:13].sum(axis=1) == pytest.approx(hours, abs=1e-6)
    assert numbers(live, "live_week_winter")[:, 0].max() == pytest.approx(demand.max())


def test_weeks_follow_the_chosen_solution_and_the_first_hour(live: Model) -> None:
    before = numbers(live, "live_week_winter")
    live.set("solution", 2.0)
    live.set("winter_week_first_step", 601.0)
    live.calculate()
    after = numbers(live, "live_week_winter")
    assert live.value("week_solution") == 2.0
    assert live.value("winter_shown_step") == 601.0
    assert after[:-24, 0] == pytest.approx(before[24:, 0]), "a day later"
    assert after[:, 13].max() > 0 == before[:, 13].max(), "solution 2 has a store, solution 1 none"


def test_without_the_functions_the_saved_weeks_stay_whatever_is_chosen(live: Model, bare: Model) -> None:
    before = live.range("live_week_winter")
    bare.set("solution", 2.0)
    bare.set("winter_week_first_step", 1.0)
    bare.calculate()
    assert bare.range("live_week_winter") == before
    assert bare.value("week_solution") == 1.0, "the sheet says whose weeks they are"
    assert bare.value("results_old") == 0.0
    values = (value for cells in bare.values().values() for value in cells.values())
    assert not [value for value in values if isinstance(value, CellError) and value.code != "#N/A"]


def test_the_guide_is_of_no_particular_town(package: Package) -> None:
    cells = package.cells("Guide").cells.values()
    words = " ".join(str(cell.value) for cell in cells if isinstance(cell.value, str) and cell.formula is None)
    assert len(words) > 2000
    for word in ("geothermal", "Italy", "the study", "paper", "COP 2.18"):
        assert word.casefold() not in words.casefold(), word


def test_the_guide_and_the_cover_lead_to_every_sheet(package: Package) -> None:
    names = {sheet.name for sheet in shown(package)}
    for sheet in ("Guide", "Cover"):
        assert set(links(package, sheet).values()) >= names - {"Cover", "Guide"}


def test_the_log_is_blank_after_a_run_with_nothing_to_tell(package: Package) -> None:
    assert {value for row in package.values(package.resolve("log_messages")) for value in row} == {None}
