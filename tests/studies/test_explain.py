"""Why one cell shows what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dhxl.errors import WorkbookError
from dhxl.studies.explain import explained
from dhxl.workbook.names import Reference, reference_of
from tests.hosts.books import feasibility_book


def place(address: str) -> Reference:
    found = reference_of(address)
    assert found is not None
    return found


def failing(_book: Any, sheets: dict[str, Any]) -> None:
    sheets["Results"].write("A40", "Sold is at least planned")
    sheets["Results"].write_formula("B40", "=1*(heat_sold_mwh<7000)")
    sheets["Results"].write_formula("B30", "=SUM(B40:B41)")
    sheets["Results"].write_formula("B41", "=0")
    sheets["Results"].write_formula("D40", "=DH_IRR({1,2,3})")
    sheets["Results"].write_formula("D41", "=D40+1")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return feasibility_book(tmp_path / "town.xlsx", failing)


def test_a_check_that_fails_is_named_by_its_label(town: Path) -> None:
    assert explained(town, place("Results!B40")) == "Results!B40: the check 'Sold is at least planned' fails"
    assert explained(town, place("Results!B41")).startswith(
        "Results!B41 holds no error: it is 0.\nIn error elsewhere:\n"
    )


def test_a_rate_that_does_not_exist_is_explained_where_it_arises_and_where_it_is_used(town: Path) -> None:
    own = explained(town, place("Results!D40"))
    assert own.startswith("Results!D40 is #NUM!: DH_IRR: ")
    used = explained(town, place("Results!D41")).split("\n")
    assert used[0] == "Results!D41 is #NUM! because of"
    assert used[1].startswith("Results!D40: DH_IRR: ")


def test_the_sheet_may_be_spelled_in_small_letters(town: Path) -> None:
    assert explained(town, place("results!B41")).startswith("Results!B41 ")


def test_progress_is_told(town: Path) -> None:
    told: list[str] = []
    explained(town, place("Results!B41"), progress=lambda step, _share: told.append(step))
    assert {"Reading", "Calculating"} == set(told)


def test_a_sheet_that_is_missing_is_told(town: Path) -> None:
    with pytest.raises(WorkbookError, match="there is no sheet 'Nowhere'"):
        explained(town, place("Nowhere!A1"))
