"""The rules of the workbook's formulas, held for every formula of every sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dhxl.functions import REGISTRY
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "workbook.xlsm"
LONGEST = 160
ALLOWED_CONSTANTS = {"0", "1", "12", "24", "100", "1000", "8760", "1000000"}
VOLATILE = {"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "INFO", "CELL"}
PORTABLE = {
    "ABS", "AVERAGE", "CHOOSE", "COUNT", "IF", "IFERROR", "IRR", "ISNUMBER", "ISTEXT", "MAX", "MIN", "N", "ROWS",
    "SUM", "SUMIF", "SUMPRODUCT",
}  # fmt: skip


@pytest.fixture(scope="module")
def package() -> Package:
    return Package.open(BOOK)


def formulas(package: Package) -> Iterator[tuple[str, str]]:
    for sheet in package.sheets:
        for (row, col), cell in package.cells(sheet.name).cells.items():
            if cell.formula:
                yield f"{sheet.name}!R{row}C{col}", cell.formula


def called(formula: str) -> list[str]:
    return re.findall(r"([A-Z][A-Z0-9_.]*)\(", without_texts(formula))


def without_texts(formula: str) -> str:
    return re.sub(r'"[^"]*"', '""', formula)


def test_there_are_formulas_to_look_at(package: Package) -> None:
    assert sum(1 for _ in formulas(package)) > 10_000


def test_no_formula_is_longer_than_a_person_can_read(package: Package) -> None:
    long = {where: len(formula) for where, formula in formulas(package) if len(formula) > LONGEST}
    assert long == {}


def test_formulas_call_only_portable_functions_and_ours(package: Package) -> None:
    unknown = {
        where: name
        for where, formula in formulas(package)
        for name in called(formula)
        if name not in PORTABLE and name not in REGISTRY
    }
    assert unknown == {}


def test_no_formula_is_volatile_or_nests_if(package: Package) -> None:
    faults = {}
    for where, formula in formulas(package):
        names = called(formula)
        if VOLATILE & set(names) or names.count("IF") > 1:
            faults[where] = formula
    assert faults == {}


def test_formulas_hold_no_constant_that_belongs_into_a_cell(package: Package) -> None:
    faults = {}
    for where, formula in formulas(package):
        numbers = re.findall(r"(?<![A-Za-z_0-9.$])\d+(?:\.\d+)?(?![A-Za-z_0-9.(!:])", without_texts(formula))
        if set(numbers) - ALLOWED_CONSTANTS:
            faults[where] = formula
    assert faults == {}


def test_every_dh_call_has_a_saved_value_beside_it(package: Package) -> None:
    bare = {
        where: formula
        for where, formula in formulas(package)
        if "DH_" in formula and not formula.startswith("IF(engine_live,") and "DH_VERSION(drivers_sum)" not in formula
    }
    assert bare == {}


def test_engine_live_is_exactly_as_published(package: Package) -> None:
    place = package.resolve("engine_live")
    cell = package.cells(place.sheet).cells[place.first_row, place.first_col]
    assert cell.formula == 'IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)'


def test_dispatch_is_called_at_most_four_times_a_solution(package: Package) -> None:
    calls = [formula for _, formula in formulas(package) if "DH_DISPATCH" in formula]
    for k in range(1, 5):
        assert sum(f"units_{k}," in formula for formula in calls) == 4
    assert len(calls) == 16
