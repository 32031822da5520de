"""The shipped workbook after a user has inserted rows and columns and renamed sheets in LibreOffice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dhxl.cli import main
from dhxl.hosts.headless import Model
from dhxl.workbook.package import Package
from tests.libreoffice import Office
from tests.shipped import BOOK, cell_of

pytestmark = pytest.mark.libreoffice

Capture = pytest.CaptureFixture[str]
RENAMED = {"Plant": "Anlage & Kessel", "Prices": "Bob's prices"}


@pytest.fixture(scope="module")
def moved(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook with rows above inputs, inside the pipe sections and the line items, and a column before prices."""
    path = tmp_path_factory.mktemp("moved") / "moved.xlsm"
    rows = [cell_of("heat_demand_mwh"), cell_of("supply_degc"), cell_of("network_sections", 4), cell_of("line_name", 5)]
    libreoffice.run(
        """
        book = opened(arguments["path"])
        for sheet_name, row in arguments["rows"]:
            insert_rows(book, sheet_name, row, 2)
        insert_columns(book, *arguments["column"])
        for old, new in arguments["renamed"].items():
            rename_sheet(book, old, new)
        saved(book, arguments["out"])
        """,
        path=str(libreoffice.copy(BOOK)),
        out=str(path),
        rows=sorted(((one.sheet, one.first_row) for one in rows), reverse=True),
        column=[cell_of("heat_tariff_eur_per_mwh").sheet, cell_of("heat_tariff_eur_per_mwh").first_col],
        renamed=RENAMED,
    )
    return path


def report(capsys: Capture, *arguments: str) -> dict[str, Any]:
    assert main(["run", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_moved_workbook_gives_the_same_results_and_a_second_run_writes_nothing(
    moved: Path, tmp_path: Path, capsys: Capture
) -> None:
    before = report(capsys, str(BOOK), "-o", str(tmp_path / "out.xlsm"))
    after = report(capsys, str(moved))
    assert (after["checks_total"], after["alerts_total"], after["engine_live"]) == (0, before["alerts_total"], True)
    assert after["notes"] == []
    for old, new in zip(before["solutions"], after["solutions"], strict=True):
        assert new.pop("title") == old.pop("title")
        assert new == pytest.approx(old, rel=1e-9, abs=1e-9)
    content, stamp = moved.read_bytes(), moved.stat().st_mtime_ns
    assert report(capsys, str(moved))["changed"] is False
    assert (moved.read_bytes(), moved.stat().st_mtime_ns) == (content, stamp)


def test_the_names_followed_their_cells(moved: Path) -> None:
    old, new = Package.open(BOOK), Package.open(moved)
    assert {sheet.name for sheet in new.sheets} == {RENAMED.get(sheet.name, sheet.name) for sheet in old.sheets}
    for name, rows in (("heat_demand_mwh", 4), ("network_sections", 0), ("line_name", 0), ("units_1", 0)):
        assert new.resolve(name).first_row == old.resolve(name).first_row + rows
    assert new.resolve("heat_tariff_eur_per_mwh").first_col == old.resolve("heat_tariff_eur_per_mwh").first_col + 1
    assert [new.resolve(name).rows - old.resolve(name).rows for name in ("network_sections", "line_name")] == [2, 2]
    assert new.resolve("units_1").sheet == RENAMED["Plant"]


def test_what_a_user_writes_into_an_inserted_row_counts(moved: Path) -> None:
    with Model.open(moved) as model:
        inserted = Package.open(BOOK).resolve("line_name").first_row + 4
        model.calculate()
        npv = model.value("npv_eur_2")
        for name, value in (("line_name", "Land"), ("line_category", "Capex"), ("line_eur_2", 250_000.0)):
            place = model.reference(name)
            area = type(place)(place.sheet, inserted, place.first_col, inserted, place.first_col)
            model.put(area, [[value]], name)
        model.calculate()
        after, checks = model.value("npv_eur_2"), model.value("ChecksTotal")
    assert isinstance(npv, float)
    assert after == pytest.approx(npv - 250_000, rel=1e-12)
    assert checks == 0
