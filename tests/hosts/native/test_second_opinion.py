"""Three engines calculate the same everyday formulas; where they differ, docs/engines.md says who is right and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dhxl.hosts.headless import Model
from dhxl.hosts.libreoffice import recalculated
from dhxl.workbook.package import Package
from dhxl.workbook.patch import without_caches
from tests.hosts.native.second_opinion import (
    DOCUMENT,
    Answers,
    asked,
    differences,
    documented,
    left_to_the_engine,
    of_dhxl,
    of_ironcalc,
    of_libreoffice,
    of_model,
    row_of,
    same,
    shown,
    unknown,
    workbook,
)
from tests.libreoffice import programs

pytestmark = pytest.mark.libreoffice

_LEAST = 800  # formulas on which all three agree


@pytest.fixture(scope="module")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Answers]:
    programs()
    if not os.environ.get("CI"):
        pytest.importorskip("ironcalc")
    path: Path = tmp_path_factory.mktemp("opinions") / "everyday.xlsx"
    workbook(path)
    return of_libreoffice(recalculated(Package.open(path))["S"]), of_ironcalc(path)


def test_each_difference_between_the_engines_is_explained_and_each_explanation_is_of_one(
    opinions: tuple[Answers, Answers],
) -> None:
    found, told = differences(*opinions), documented()
    new = [row_of(one) for spelled, one in found.items() if told.get(spelled) != one]
    gone = [row_of(one) for spelled, one in told.items() if found.get(spelled) != one]
    assert not new and not gone, "\n".join(
        [f"not in {DOCUMENT.name}, or there otherwise:", *new, "in it and no longer so:", *gone]
    )


def test_most_everyday_formulas_come_out_alike_in_all_three_engines(opinions: tuple[Answers, Answers]) -> None:
    alike = [spelled for spelled, ours in of_dhxl().items() if all(same(ours, one[spelled]) for one in opinions)]
    assert len(alike) >= _LEAST
    assert not any(unknown(ours) for ours in of_dhxl().values() if ours != [["#NAME?"]])


def test_no_formula_is_asked_twice_and_dhxl_knows_them_all() -> None:
    spelled = [one.spelled for one in asked()]
    assert len(set(spelled)) == len(spelled)
    assert [one for one in spelled if of_dhxl()[one] == [["#NAME?"]]] == []


def test_a_workbook_is_calculated_headlessly_as_the_rules_say(tmp_path: Path) -> None:
    path = tmp_path / "everyday.xlsx"
    workbook(path)
    package = Package.open(path)
    entry = package.sheets[0]
    path.write_bytes(package.rebuilt({entry.part: without_caches(package.cells(entry.name))}))
    with Model.open(path) as model:
        model.calculate()
        assert model.kept == {}
        got = of_model(model)
    other = {spelled: shown(got[spelled]) for spelled, ours in of_dhxl().items() if not same(ours, got[spelled])}
    assert other == left_to_the_engine()
