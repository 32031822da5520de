"""The rules of the workbook's formulas, held for every formula of every sheet of the shipped workbook."""

from __future__ import annotations

import pytest

from dhxl.workbook.lint import RULES, Finding, lint
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "workbook.xlsm"


@pytest.fixture(scope="module")
def package() -> Package:
    return Package.open(BOOK)


@pytest.fixture(scope="module")
def found(package: Package) -> tuple[Finding, ...]:
    return lint(package)


def test_there_are_formulas_to_look_at(package: Package) -> None:
    formulas = [cell for sheet in package.sheets for cell in package.cells(sheet.name).cells.values() if cell.formula]
    assert len(formulas) > 10_000


@pytest.mark.parametrize("rule", RULES)
def test_the_shipped_workbook_keeps_to_the_rule(found: tuple[Finding, ...], rule: str) -> None:
    assert [(finding.cell, finding.text) for finding in found if finding.rule == rule] == []


def test_engine_live_is_exactly_as_published(package: Package) -> None:
    place = package.resolve("engine_live")
    cell = package.cells(place.sheet).cells[place.first_row, place.first_col]
    assert cell.formula == 'IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)'


def test_dispatch_is_called_four_times_a_solution_and_twice_for_the_chosen_one(package: Package) -> None:
    cells = package.cells("Dispatch").cells.values()
    calls = [cell.formula for cell in cells if cell.formula and "DH_DISPATCH" in cell.formula]
    for k in range(1, 5):
        assert sum(f"units_{k}," in formula for formula in calls) == 4
    assert sum("DH_DISPATCH_HOURS(units_shown," in formula for formula in calls) == 2
    assert len(calls) == 18
