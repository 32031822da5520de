"""Sheet Functions of the shipped workbook: every function as the registry declares it, reached from the list on top."""

from __future__ import annotations

import pytest

from dhxl.functions import REGISTRY
from dhxl.functions.pages import page
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY

HEAD = 3  # rows with title and state of the results
Texts = dict[tuple[int, int], str]


@pytest.fixture(scope="module")
def texts() -> Texts:
    cells = Package.open(REPOSITORY / "workbook.xlsm").cells("Functions").cells
    assert all(cell.formula is None for (row, _), cell in cells.items() if row > HEAD)
    return {at: cell.value for at, cell in cells.items() if isinstance(cell.value, str)}


def test_every_function_stands_there_once_with_its_syntax_and_its_summary(texts: Texts) -> None:
    for name, function in REGISTRY.items():
        rows = [row for (row, _), text in texts.items() if text == name]
        assert [texts.get((row, 3)) for row in rows] == [function.summary, function.syntax]


def test_every_argument_stands_below_its_function_with_unit_and_limits(texts: Texts) -> None:
    for name in REGISTRY:
        row = max(row for (row, _), text in texts.items() if text == name) + 2
        for line in page(name).arguments:
            row += 1
            shown = tuple(texts.get((row, col), "") for col in range(2, 7))
            assert shown == (line.name, line.text, line.unit, line.allowed, line.default)


def test_examples_are_shown_as_text_with_what_they_give(texts: Texts) -> None:
    assert any(text.startswith("=DH_LHD(6000, 3000) gives 2 ") for text in texts.values())
