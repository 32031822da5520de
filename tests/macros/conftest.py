"""A small workbook with areas for studies, open in an Excel in memory, see tests/excel_memory.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings

from dhxl.studies.run import run
from tests.excel_memory import SETTINGS, Excel, opened
from tests.hosts.books import Change, feasibility_book
from tests.studies.areas import with_areas
from tests.studies.test_sensitivity import with_names

Town = tuple[xlwings.Book, Excel]


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")


@pytest.fixture
def town_with(tmp_path: Path) -> Callable[..., Town]:
    """Return a function that opens a calculated workbook with a change."""

    def make(change: Change = lambda _book, _sheets: None, *, calculated: bool = True) -> Town:
        def changed(book: Any, sheets: dict[str, Any]) -> None:
            with_names(book, sheets)
            with_areas(book, sheets)
            change(book, sheets)

        path = feasibility_book(tmp_path / "town.xlsx", changed)
        if calculated:
            run(path)
        return opened(path)

    return make


@pytest.fixture
def town(town_with: Callable[..., Town]) -> Town:
    return town_with()


def told(excel: Excel, kind: str = "info") -> str:
    """Return the only message; the application is as it was before the macro."""
    ((shown, message),) = excel.alerts
    excel.alerts.clear()
    assert shown == kind, message
    assert excel.settings == SETTINGS
    return message


def named(book: xlwings.Book, name: str) -> Any:
    return book.names[name].refers_to_range.options(ndim=2).value


def changes(book: xlwings.Book) -> dict[tuple[str, int, int], Any]:
    """Return the cells that hold something else than the file, by sheet, row and column."""
    impl = book.impl
    return {
        key: value for key, value in impl.edits.items() if value != impl.package.cells(key[0]).value(key[1], key[2])
    }
