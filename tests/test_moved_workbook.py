"""The shipped workbook after a user has inserted rows and columns, renamed sheets and added lines in LibreOffice."""

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
INSERTED_LINE, INSERTED_CAPEX, FREE_SLOT = (
    5,
    4,
    6,
)  # rows of the line items, the capex lines, the units with their header
COOLING_EUR, LAND_EUR = (100_000.0, 110_000.0, 120_000.0, 130_000.0), 250_000.0
UNIT = {"unit": "Boiler of the mill", "type": "boiler", "heat_mw": 2.0, "count": 1.0, "min_share": 0.0,
        "heat_efficiency": 0.9, "fuel_eur_per_mwh": 5.0}  # fmt: skip
UNIT_FUEL = "biomass"


@pytest.fixture(scope="module")
def moved(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook with rows above inputs and inside tables, a column before prices, and renamed sheets.

    Beside it stands grown.xlsm, in which the inserted rows and a free slot of the units are filled in as well.
    """
    path = tmp_path_factory.mktemp("moved") / "moved.xlsm"
    rows = [cell_of("heat_demand_mwh"), cell_of("supply_degc"), cell_of("network_sections", 4),
            cell_of("line_name", INSERTED_LINE), cell_of("capex_line_name", INSERTED_CAPEX)]  # fmt: skip
    header = Package.open(BOOK).values(Package.open(BOOK).resolve("units_1"))[0]
    years = [("line_first", "=first_operating_year"), ("line_last", "=last_operating_year")]
    filled = [
        ("line_name", INSERTED_LINE, "Cooling of the hospital"),
        ("line_category", INSERTED_LINE, "Heat revenue"),
        *((f"line_eur_{k}", INSERTED_LINE, eur) for k, eur in enumerate(COOLING_EUR, start=1)),
        ("line_escalation", INSERTED_LINE, 0.0),
        ("line_ramp", INSERTED_LINE, 0.0),
        ("capex_line_name", INSERTED_CAPEX, "Land"),
        ("capex_line_life_years", INSERTED_CAPEX, 0.0),
        ("capex_line_eur_2", INSERTED_CAPEX, LAND_EUR),
        ("capex_line_share", INSERTED_CAPEX, 1.0),
        ("unit_fuels_1", FREE_SLOT - 1, UNIT_FUEL),
    ]
    libreoffice.run(
        """
        book = opened(arguments["path"])
        for sheet_name, row in arguments["rows"]:
            insert_rows(book, sheet_name, row, 2)
        insert_columns(book, *arguments["column"])
        for old, new in arguments["renamed"].items():
            rename_sheet(book, old, new)
        saved(book, arguments["out"])
        for name, row, content in arguments["filled"]:
            set_named(book, name, content, row)
        for column, content in arguments["unit"]:
            set_named(book, "units_1", content, arguments["slot"], column)
        for name, formula in arguments["years"]:
            area = book.NamedRanges.getByName(name).getReferredCells()
            area.getCellByPosition(0, arguments["line"] - 1).Formula = formula
        saved(book, arguments["grown"])
        """,
        path=str(libreoffice.copy(BOOK)),
        out=str(path),
        grown=str(path.with_name("grown.xlsm")),
        filled=filled,
        unit=[(header.index(name) + 1, content) for name, content in UNIT.items()],
        slot=FREE_SLOT,
        years=years,
        line=INSERTED_LINE,
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
    report(capsys, str(moved))  # LibreOffice leaves cells calculated with and without the functions beside each other
    content, stamp = moved.read_bytes(), moved.stat().st_mtime_ns
    assert report(capsys, str(moved))["changed"] is False
    assert (moved.read_bytes(), moved.stat().st_mtime_ns) == (content, stamp)


def test_the_names_followed_their_cells(moved: Path) -> None:
    old, new = Package.open(BOOK), Package.open(moved)
    assert {sheet.name for sheet in new.sheets} == {RENAMED.get(sheet.name, sheet.name) for sheet in old.sheets}
    tables = ("network_sections", "line_name", "capex_line_name")
    for name, rows in (
        ("heat_demand_mwh", 4),
        ("network_sections", 0),
        ("capex_line_name", 0),
        ("line_name", 2),
        ("units_1", 0),
    ):
        assert new.resolve(name).first_row == old.resolve(name).first_row + rows
    assert new.resolve("heat_tariff_eur_per_mwh").first_col == old.resolve("heat_tariff_eur_per_mwh").first_col + 1
    assert [new.resolve(name).rows - old.resolve(name).rows for name in tables] == [2, 2, 2]
    assert new.resolve("units_1").sheet == RENAMED["Plant"]


@pytest.fixture(scope="module")
def grown(moved: Path) -> Path:
    """The moved workbook with a revenue line, a capex line and a fifth unit in solution 1, calculated by dhxl."""
    path = moved.with_name("grown.xlsm")
    assert main(["run", str(path)]) == 0
    return path


def present_value(eur: float) -> float:
    """Return what a yearly amount over the years of operation is worth at the start of the project."""
    package = Package.open(BOOK)
    rate, design, operating = (
        package.values(package.resolve(name))[0][0] for name in ("discount_rate", "design_years", "operating_years")
    )
    years = range(int(design) + 1, int(design) + int(operating) + 1)  # type: ignore[arg-type]
    return sum(eur / (1 + rate) ** year for year in years)  # type: ignore[operator, misc]


def studied(capsys: Capture, book: Path) -> list[dict[str, Any]]:
    """Return the NPV of all solutions at two heat tariffs, as dhxl sensitivity finds them."""
    outputs = [argument for k in (1, 2, 3, 4) for argument in ("--output", f"npv_eur_{k}")]
    vary = ["--vary", "heat_tariff_eur_per_mwh=100,114"]
    capsys.readouterr()
    assert main(["sensitivity", str(book), *vary, *outputs, "--workers", "1", "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["cases"]
    return found


def test_a_workbook_with_added_lines_and_a_fifth_unit_runs_and_its_checks_pass(grown: Path, capsys: Capture) -> None:
    capsys.readouterr()
    report(capsys, str(grown))
    after = report(capsys, str(grown))
    assert (after["checks_total"], after["engine_live"], after["changed"]) == (0, True, False)
    with Model.open(grown) as model:
        model.calculate()
        heat = {row[0]: row[1] for row in model.range("live_dispatch_1")}
        assert heat[UNIT["unit"]] > 1000  # type: ignore[operator, index]
        assert model.value("heat_share_boiler_1") > 0.23  # type: ignore[operator]
        with_lines = [model.value(f"npv_eur_{k}") for k in (1, 2, 3, 4)]
        for k, eur in enumerate(COOLING_EUR, start=1):
            place = model.reference(f"line_eur_{k}")
            at = type(place)(
                place.sheet, row := place.first_row + INSERTED_LINE - 1, place.first_col, row, place.first_col
            )
            assert model.cells(at) == [[eur]]
            model.put(at, [[0.0]], "line")
        model.calculate()
        for k, eur in enumerate(COOLING_EUR, start=1):
            assert with_lines[k - 1] - model.value(f"npv_eur_{k}") == pytest.approx(present_value(eur), rel=1e-9)  # type: ignore[operator]


def test_a_study_of_the_grown_workbook_includes_the_added_lines(moved: Path, grown: Path, capsys: Capture) -> None:
    """Proves: the study turns the user's workbook. Sensitivity: a second model in Python would not know the lines."""
    before, after = studied(capsys, moved), studied(capsys, grown)
    assert len(before) == len(after) == 2
    for old, new in zip(before, after, strict=True):
        gained = {k: new["outputs"][f"npv_eur_{k}"] - old["outputs"][f"npv_eur_{k}"] for k in (2, 3, 4)}
        assert gained[2] == pytest.approx(present_value(COOLING_EUR[1]) - LAND_EUR, rel=1e-9)
        assert gained[3] == pytest.approx(present_value(COOLING_EUR[2]), rel=1e-9)
        assert gained[4] == pytest.approx(present_value(COOLING_EUR[3]), rel=1e-9)
