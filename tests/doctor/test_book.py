"""dhxl doctor on a workbook: where it lies, its mark, its macros, settings and formulas."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

import pytest
import xlsxwriter
from pyopenvba import ExcelFile

from dhxl.cli import main
from dhxl.doctor.examine import examine
from dhxl.doctor.interpreter import VARIABLE
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.sheets.hidden import SETTINGS
from tests.conftest import REPOSITORY
from tests.doctor.machines import (
    DISABLED,
    POLICY,
    PYTHON,
    SECURITY,
    found,
    location,
    windows,
)
from tests.hosts.books import feasibility_book
from tests.studies.test_upgrade import older, without_settings
from tests.workbook.vba_books import small_book

BOOK = REPOSITORY / "workbook.xlsm"


def test_a_file_from_the_internet_is_told(tmp_path: Path) -> None:
    machine = windows(zone=lambda _path: "[ZoneTransfer]\r\nZoneId=3\r\n")
    finding = found(machine, "mark_of_the_web", small_book(tmp_path / "small.xlsm"))
    assert (finding.verdict, "Unblock" in finding.mend) == ("trouble", True)


def test_a_file_from_the_internet_in_a_trusted_location_runs(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    machine = windows(location(str(tmp_path)), zone=lambda _path: "ZoneId=3")
    assert found(machine, "mark_of_the_web", book).verdict == "ok"
    assert found(machine, "book_trusted", book).verdict == "ok"


@pytest.mark.parametrize(("below", "verdict"), [(0, "trouble"), (1, "ok")])
def test_a_trusted_location_holds_for_folders_below_where_that_is_set(tmp_path: Path, below: int, verdict: str) -> None:
    (tmp_path / "town").mkdir()
    book = small_book(tmp_path / "town" / "small.xlsm")
    machine = windows(location(str(tmp_path), AllowSubFolders=below), zone=lambda _path: "ZoneId=3")
    assert found(machine, "mark_of_the_web", book).verdict == verdict


def test_a_firm_that_does_not_block_files_from_the_internet_leaves_a_warning(tmp_path: Path) -> None:
    machine = windows({(POLICY, "blockcontentexecutionfrominternet"): 0}, zone=lambda _path: "ZoneId=3")
    finding = found(machine, "mark_of_the_web", small_book(tmp_path / "small.xlsm"))
    assert (finding.verdict, "Enable Editing" in finding.mend) == ("warning", True)


def test_a_file_on_a_server_whose_name_has_dots_may_be_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    place = PureWindowsPath("\\\\files.firm.example\\towns\\town.xlsm")
    monkeypatch.setattr("dhxl.doctor.book._spelled", lambda _book: place)
    assert found(windows(), "network", BOOK).verdict == "warning"
    trusted = location(str(place.parent)) | {(f"{SECURITY}\\Trusted Locations", "AllowNetworkLocations"): 1}
    assert not [one for one in examine(windows(trusted), BOOK) if one.name == "network"]


def test_a_file_whose_content_is_online_only_is_a_warning() -> None:
    assert found(windows(online=lambda _path: True), "online_only", BOOK).verdict == "warning"


def test_a_file_that_excel_has_disabled_is_told() -> None:
    item = b"\2\0\0\0" + "c:\\towns\\workbook.xlsm\0".encode("utf-16-le")
    finding = found(windows({(DISABLED, "1A2B"): item}), "book_disabled", BOOK)
    assert (finding.verdict, "Disabled Items" in finding.mend) == ("trouble", True)


def test_a_file_that_is_open_is_a_warning(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    (tmp_path / "~$small.xlsm").write_bytes(b"\x03Ann")
    assert "Ann" in found(windows(), "book_open", book).text


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 cut off"])
def test_a_workbook_that_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes | None) -> None:
    book = tmp_path / "town.xlsm"
    if content is not None:
        book.write_bytes(content)
    assert found(windows(), "book", book).verdict == "trouble"


def test_a_project_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    package = Package.open(small_book(tmp_path / "small.xlsm"))
    book = tmp_path / "broken.xlsm"
    book.write_bytes(package.rebuilt({"xl/vbaProject.bin": package.part("xl/vbaProject.bin")[:900]}))
    assert "VBA project" in found(windows(), "book", book).text


def test_a_file_in_onedrive_is_a_warning(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    machine = windows(environment={VARIABLE: PYTHON, "OneDriveCommercial": str(tmp_path)})
    assert found(machine, "cloud", book).verdict == "warning"
    assert not [finding for finding in examine(windows(), book) if finding.name == "cloud"]


def test_macros_of_another_xlwings_are_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    finding = found(windows(), "book_xlwings", book)
    assert (finding.verdict, finding.mend) == ("trouble", f"dhxl upgrade {book}")
    assert main(finding.mend.split()[1:]) == 0
    assert found(windows(), "book_xlwings", book).verdict == "ok"


def test_macros_that_know_other_functions_are_a_warning(tmp_path: Path) -> None:
    assert found(windows(), "book_functions", older(tmp_path / "old.xlsm")).verdict == "warning"


def test_a_workbook_without_macros_is_a_warning(tmp_path: Path) -> None:
    finding = found(windows(), "book_macros", feasibility_book(tmp_path / "plain.xlsx"))
    assert (finding.verdict, "holds no macros" in finding.text) == ("warning", True)


def test_a_workbook_of_others_is_told_apart(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "plain.xlsx") as plain:
        plain.add_worksheet()
    finding = found(windows(), "book_macros", tmp_path / "plain.xlsx")
    assert (finding.verdict, "is no workbook of dhxl" in finding.text) == ("warning", True)


def test_a_frozen_copy_is_as_it_should_be(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "frozen.xlsx") as plain:
        plain.add_worksheet()
        plain.set_custom_property("dhxl frozen at (UTC)", "2026-01-01 00:00")
    finding = found(windows(), "book_macros", tmp_path / "frozen.xlsx")
    assert (finding.verdict, "is a frozen copy" in finding.text) == ("ok", True)


def test_a_missing_sheet_of_settings_is_mended_by_an_upgrade(tmp_path: Path) -> None:
    book = without_settings(tmp_path / "old.xlsm")
    finding = found(windows(), "book_settings", book)
    assert finding.verdict == "trouble"
    assert main(finding.mend.split()[1:]) == 0
    assert found(windows(), "book_settings", book).verdict == "ok"


def with_setting(target: Path, at: tuple[int, int], value: str) -> Path:
    package = Package.open(BOOK)
    cells = package.cells(SETTINGS)
    target.write_bytes(package.rebuilt({package.sheet(SETTINGS).part: with_values(cells, {at: value})}))
    return target


@pytest.mark.parametrize(("row", "value"), [(1, "C:\\old\\python.exe"), (4, "False")])
def test_settings_in_the_workbook_that_lead_elsewhere_are_a_warning(tmp_path: Path, row: int, value: str) -> None:
    assert found(windows(), "book_settings", with_setting(tmp_path / "book.xlsm", (row, 2), value)).verdict == "warning"


def test_a_sheet_that_xlwings_takes_for_paid_code_is_told(tmp_path: Path) -> None:
    book = changed(tmp_path / "book.xlsm", "main", 'name="Model"', 'name="calc.py"')
    finding = found(windows(), "book_sheets", book)
    assert (finding.verdict, finding.mend) == ("trouble", "rename the sheet")


def test_a_module_that_was_edited_is_a_warning(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    with ExcelFile(book) as file:
        file.set_module("DhxlEvents", "Public Sub DhxlOpened()\r\nEnd Sub\r\n")
        file.save()
    finding = found(windows(), "book_modules", book)
    assert (finding.verdict, "DhxlEvents" in finding.text) == ("warning", True)
    assert main(finding.mend.split()[1:]) == 0
    assert not [one for one in examine(windows(), book) if one.name == "book_modules"]


def test_macros_of_a_newer_dhxl_are_mended_by_a_newer_dhxl(tmp_path: Path) -> None:
    book = older(tmp_path / "new.xlsm")
    with ExcelFile(book) as file:
        file.set_module("DhxlInfo", file.vba_modules()["DhxlInfo"].replace('"0.0.1"', '"9.0.0"'))
        file.save()
    assert found(windows(), "book_xlwings", book).mend == "pip install --upgrade dhxl"


def test_opening_a_second_workbook_is_said_to_be_harmless(tmp_path: Path) -> None:
    assert found(windows(), "other_books", small_book(tmp_path / "small.xlsm")).verdict == "ok"


def changed(target: Path, part: str, pattern: str, replacement: str) -> Path:
    package = Package.open(small_book(target))
    name = package.main if part == "main" else package.sheet(part).part
    text = re.sub(pattern, replacement, package.part(name).decode(), count=1)
    assert text.encode() != package.part(name)
    target.write_bytes(package.rebuilt({name: text.encode()}, compress=False))
    return target


def test_formulas_that_call_another_files_functions_are_told(tmp_path: Path) -> None:
    book = changed(
        tmp_path / "book.xlsm", "Model", r'<c r="A8"><v>6000</v>', '<c r="A8"><f>[1]!DH_LHD(B8,1)</f><v>1</v>'
    )
    finding = found(windows(), "add_in_paths", book)
    assert (finding.verdict, "Model!" in finding.text) == ("trouble", True)


@pytest.mark.parametrize("setting", ['calcMode="manual"', 'fullCalcOnLoad="1"'])
def test_a_workbook_that_would_calculate_all_or_nothing_is_a_warning(tmp_path: Path, setting: str) -> None:
    book = changed(tmp_path / "book.xlsm", "main", r"<calcPr [^>]*/>", f'<calcPr calcId="191029" {setting}/>')
    assert found(windows(), "calculation", book).verdict == "warning"


def test_the_shipped_workbook_has_only_good_findings() -> None:
    assert {finding.verdict for finding in examine(windows(), BOOK)} == {"ok"}
