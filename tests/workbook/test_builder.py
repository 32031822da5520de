"""The builder: the shipped workbook is current, valid, reproducible and readable."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dhxl.studies.fingerprint import outdated_studies
from dhxl.workbook.package import Package
from dhxl.workbook.study_areas import BREAK_EVEN, STORAGE, TAX, TORNADO, area
from dhxl.workbook.styles_part import INPUT_STYLE
from dhxl.workbook.vba import vba_modules
from tests.conftest import REPOSITORY
from tests.libreoffice import Office
from tests.workbook.books import rezipped, validator_findings

BOOK = REPOSITORY / "workbook.xlsm"
SHEETS = (
    "Cover", "Guide", "Design", "Network", "Plant", "Prices", "Costs", "Finance", "Emissions", "Series", "Dispatch",
    "Operation", "Flows", "Cashflow", "Sensitivity", "Compare", "Checks", "Log", "Saved", "Functions",
)  # fmt: skip

WRITTEN = (TAX, BREAK_EVEN, STORAGE, TORNADO)
PUBLISHED = (
    "solution", "price_scenario", "heat_demand_mwh", "network_loss_share", "peak_load_mw", "supply_degc", "return_degc",
    "trench_length_m", "gas_price_eur_per_sm3_low", "gas_price_eur_per_sm3_medium", "gas_price_eur_per_sm3_high",
    "electricity_price_eur_per_mwh_low", "electricity_price_eur_per_mwh_medium", "electricity_price_eur_per_mwh_high",
    "charges_eur_per_mwh", "heat_tariff_eur_per_mwh", "discount_rate", "design_years", "operating_years", "storage_m3",
    "units_1", "units_2", "units_3", "units_4", "series", "settings_1", "settings_2", "settings_3", "settings_4",
    "linear_heat_density_mwh_per_m", "engine_live", "stale", "ChecksTotal", "AlertsTotal",
)  # fmt: skip
PER_SOLUTION = (
    "heat_share_heat_pump", "heat_share_chp", "heat_share_boiler", "heat_share_geothermal", "operating_cost_eur",
    "capex_eur", "npv_eur", "irr", "payback_years", "payback_from_operation_years", "lcoh_eur_per_mwh", "co2_t",
    "unserved_mwh", "npv_after_tax_eur", "irr_after_tax", "equity_npv_eur", "equity_irr", "dscr_least",
    "discounted_payback_years", "vdi_annual_cost_eur",
)  # fmt: skip


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all shipped workbooks built anew in a process of its own."""
    folder = tmp_path_factory.mktemp("build")
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    script = REPOSITORY / "templates" / "build.py"
    subprocess.run([sys.executable, script, folder], check=True, env=environment, capture_output=True, timeout=300)
    return folder


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def close(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= 1e-9 * max(abs(ours), abs(theirs), 1e-3)
    return ours == theirs


@pytest.mark.parametrize("book", ["workbook.xlsm", "templates/biomass.xlsm"])
def test_the_shipped_workbooks_are_what_their_sources_build(rebuilt: Path, book: str) -> None:
    """Byte for byte with the locked versions of the gate; elsewhere equal formulas and values to 1e-9.

    The studies on sheet Sensitivity are taken over, not calculated: their checksum proves that the inputs are theirs.
    """
    if os.environ.get("CI"):
        assert (rebuilt / book).read_bytes() == (REPOSITORY / book).read_bytes()
    ours, theirs = Package.open(REPOSITORY / book), Package.open(rebuilt / book)
    assert outdated_studies(theirs) == []
    assert all(theirs.values(theirs.resolve(area(study, "at")))[0][0] for study in WRITTEN)
    assert [sheet.name for sheet in ours.sheets] == [sheet.name for sheet in theirs.sheets]
    assert [(name.name, name.text) for name in ours.names] == [(name.name, name.text) for name in theirs.names]
    for sheet in ours.sheets:
        a, b = ours.cells(sheet.name).cells, theirs.cells(sheet.name).cells
        assert {at: cell.formula for at, cell in a.items()} == {at: cell.formula for at, cell in b.items()}
        assert [at for at, cell in a.items() if not close(cell.value, b[at].value)] == []


def test_sheets_stand_in_the_published_order() -> None:
    sheets = Package.open(BOOK).sheets
    assert tuple(sheet.name for sheet in sheets if sheet.visibility == "visible") == SHEETS
    assert [sheet.name for sheet in sheets[len(SHEETS) :]] == ["xlwings.conf", "_IntelliSense_"]


@pytest.mark.parametrize("book", ["workbook.xlsm", "templates/biomass.xlsm"])
def test_a_validator_of_office_files_finds_nothing(tmp_path: Path, book: str) -> None:
    assert validator_findings(REPOSITORY / book, tmp_path / "thinned.xlsm") == []


def test_the_validator_finds_a_fault_beyond_the_rows_that_all_stay(tmp_path: Path) -> None:
    def damaged(name: str, data: bytes) -> bytes:
        return re.sub(rb'(<row r="8730"[^>]*><c r="\w+")', rb'\1 t="zz"', data)

    (tmp_path / "damaged.xlsm").write_bytes(rezipped(BOOK.read_bytes(), damaged))
    found = validator_findings(tmp_path / "damaged.xlsm", tmp_path / "thinned.xlsm")
    assert found and all("Value 'zz' is not in allowed values" in one for one in found)


def test_excel_does_not_recalculate_on_opening() -> None:
    calculation = Package.open(BOOK).calculation
    assert calculation.get("calcId") == "191029"
    assert calculation.get("fullCalcOnLoad", "0") in ("0", "false")


def test_the_vba_project_has_a_module_for_every_sheet() -> None:
    from pyopenvba import ExcelFile

    with ExcelFile(BOOK) as file:
        assert set(file.module_names()) == {"ThisWorkbook", *SHEETS, "Settings", "IntelliSense", *vba_modules()}


def test_inputs_have_one_named_style_and_are_unlocked() -> None:
    import openpyxl

    with BOOK.open("rb") as file:
        book = openpyxl.load_workbook(file)
    for name in ("heat_demand_mwh", "gas_price_eur_per_sm3_low", "discount_rate", "solution", "price_scenario"):
        place = Package.open(BOOK).resolve(name)
        cell = book[place.sheet].cell(place.first_row, place.first_col)
        assert cell.style == INPUT_STYLE
        assert cell.protection.locked is False


def test_every_published_name_is_there_and_stands_for_cells() -> None:
    package = Package.open(BOOK)
    for name in PUBLISHED:
        assert package.resolve(name).rows >= 1
    for stem in PER_SOLUTION:
        for k in (1, 2, 3, 4):
            assert package.resolve(f"{stem}_{k}").is_cell
        assert package.resolve(stem).is_cell


@pytest.mark.libreoffice
def test_every_sheet_prints_without_cut_numbers(libreoffice: Office, tmp_path: Path) -> None:
    pdf = libreoffice.converted(BOOK, "pdf", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    assert "###" not in text
    assert "Err:" not in text
    assert "#NAME?" not in text
    pages = [page.strip().split("\n", 1)[0].split() for page in text.split("\f")[:-1]]
    assert {page[-1] for page in pages if page} >= set(SHEETS)
