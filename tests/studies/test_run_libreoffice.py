"""Workbooks that went through LibreOffice, and LibreOffice as second engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.studies.run import run
from tests.hosts.books import feasibility_book
from tests.libreoffice import Office

pytestmark = pytest.mark.libreoffice


def test_a_workbook_with_inserted_rows_and_renamed_sheets_still_runs(libreoffice: Office, tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    before = run(book)
    libreoffice.run(
        """
        book = opened(arguments["path"])
        insert_rows(book, "Prices", 2)
        insert_rows(book, "My plant", 1)
        rename_sheet(book, "My plant", "Anlage & Netz")
        rename_sheet(book, "Saved", "Bob's copy")
        saved(book, arguments["out"])
        """,
        path=str(book),
        out=str(tmp_path / "edited.xlsx"),
    )
    after = run(tmp_path / "edited.xlsx")
    assert after.solutions == before.solutions
    assert after.engine_live
    assert not run(tmp_path / "edited.xlsx").changed


def test_libreoffice_without_the_engine_calculates_the_same_values(libreoffice: Office, tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    run(book)
    with Model.open(book, registered=False) as model:
        model.set("heat_tariff_eur_per_mwh", 77.0)
        model.calculate()
        ours = model.values()
        model.save(book)
    theirs = libreoffice.recalculated_values(book)
    for sheet, cells in ours.items():
        for place, value in cells.items():
            other = theirs[sheet].get(place)
            if isinstance(value, float) and not isinstance(value, bool):
                assert other == pytest.approx(value, rel=1e-9), (sheet, place)
            else:
                assert (value.code if isinstance(value, CellError) else value) == other, (sheet, place)
