"""The macros of a new workbook whose template is a firm's own, made with an older dhxl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyopenvba import ExcelFile

from dhxl.cli import main
from dhxl.functions.stamp import functions_stamp
from dhxl.studies.new import new
from dhxl.workbook.package import Package
from dhxl.workbook.vba import as_macro_workbook, vba_modules
from dhxl.workbook.vba_project import macro_state
from tests.hosts.books import feasibility_book
from tests.studies.test_upgrade import aged, modules, signed


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A firm's template with current macros."""
    plain = feasibility_book(tmp_path / "plain.xlsx")
    template = tmp_path / "house.xlsm"
    as_macro_workbook(plain.read_bytes(), template)
    return template


def test_macros_of_an_older_template_are_renewed_in_the_new_workbook_and_that_is_told(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = aged(house).read_bytes()
    town = house.with_name("town.xlsm")
    assert main(["new", str(town), "--template", str(house), "--json"]) == 0
    state = macro_state(Package.open(town))
    assert state is not None
    assert (state.functions, state.xlwings) == (functions_stamp(), "0.37.8")
    assert "MyOwn" in modules(town)["MyModule"]
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [note for note in notes if "dhxl 0.0.1" in note and f"dhxl upgrade {house}" in note]
    assert house.read_bytes() == content


def test_a_template_with_current_macros_is_not_spoken_of(house: Path) -> None:
    report = new(house.with_name("town.xlsm"), str(house))
    assert not [note for note in report.run.notes if "upgrade" in note]


def test_macros_that_a_firm_has_signed_stay_as_they_are(house: Path) -> None:
    signed(aged(house))
    town = house.with_name("town.xlsm")
    report = new(town, str(house))
    part = "xl/vbaProject.bin"
    assert Package.open(town).part(part) == Package.open(house).part(part)
    assert "to be signed anew" in report.run.notes[0]


def test_a_template_of_a_newer_dhxl_keeps_its_macros(house: Path) -> None:
    with ExcelFile(house) as file:
        file.set_module("DhxlInfo", vba_modules()["DhxlInfo"].replace('"0.1.0"', '"9.0.0"'))
        file.save()
    report = new(house.with_name("town.xlsm"), str(house))
    assert "newer than the installed" in report.run.notes[0]


def test_macros_that_are_not_dhxls_are_not_touched(house: Path) -> None:
    with ExcelFile(house) as file:
        for name in vba_modules():
            file.vba_project().delete_module(name)
        file.save()
    town = house.with_name("town.xlsm")
    report = new(town, str(house))
    assert not [note for note in report.run.notes if "macros" in note]
    assert not set(vba_modules()) & set(modules(town))
