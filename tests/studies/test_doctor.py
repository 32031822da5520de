"""dhxl doctor: each trouble is found on a machine that has it, named, and mended by what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import xlsxwriter

from dhxl.cli import main
from dhxl.studies.doctor import examine
from dhxl.studies.findings import Finding
from dhxl.studies.interpreter import ENVIRONMENT, VARIABLE
from dhxl.studies.machine import Machine, this_machine
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY
from tests.studies.machines import APP_PATH, PLATFORM, POLICY, PYTHON, RULES, SECURITY, mac, windows
from tests.studies.test_upgrade import older
from tests.workbook.vba_books import small_book

BOOK = REPOSITORY / "workbook.xlsm"


def found(machine: Machine, name: str, book: Path | None = None) -> Finding:
    return next(finding for finding in examine(machine, book) if finding.name == name)


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHXL_COMPILE", "1")


def test_a_sound_machine_has_no_findings_but_good_ones() -> None:
    assert {finding.verdict for finding in examine(windows())} == {"ok"}


def test_excel_that_is_missing_is_not_here() -> None:
    finding = found(windows({(APP_PATH, ""): ""}), "excel")
    assert (finding.verdict, "desktop version" in finding.mend) == ("not here", True)


def test_office_from_the_store_cannot_start_python() -> None:
    finding = found(windows({(APP_PATH, ""): "C:\\Program Files\\WindowsApps\\Excel\\EXCEL.EXE"}), "store_office")
    assert (finding.verdict, "office.com" in finding.mend) == ("trouble", True)


def test_python_from_the_store_cannot_be_started() -> None:
    python = Path("C:/Users/ann/AppData/Local/Microsoft/WindowsApps/python.exe")
    finding = found(windows(python=python), "store_python")
    assert (finding.verdict, "python.org" in finding.mend) == ("trouble", True)


def test_python_without_pywin32_cannot_answer() -> None:
    finding = found(windows(has=lambda name: name != "pythoncom"), "com")
    assert (finding.verdict, "pywin32" in finding.mend) == ("trouble", True)


def test_a_missing_xlwings_is_told() -> None:
    finding = found(windows(xlwings=""), "xlwings")
    assert (finding.verdict, finding.mend) == ("trouble", "pip install dhxl[excel]")


def test_a_missing_library_is_told_with_its_name() -> None:
    finding = found(windows(exists=lambda path: path.name == "python.exe"), "library")
    assert (finding.verdict, "xlwings64-0.37.8.dll" in finding.text) == ("trouble", True)
    assert "virtual environment" in finding.mend


@pytest.mark.parametrize(("platform", "bits"), [("x86", 32), ("x64", 64)])
def test_the_library_is_the_one_for_excels_bits(platform: str, bits: int) -> None:
    finding = found(windows({(PLATFORM, "Platform"): platform}), "library")
    assert (finding.verdict, f"xlwings{bits}-0.37.8.dll" in finding.text) == ("ok", True)


def test_excel_of_32_bits_is_known_by_its_folder_where_nothing_else_tells() -> None:
    place = "C:\\Program Files (x86)\\Microsoft Office\\Office16\\EXCEL.EXE"
    machine = windows({(APP_PATH, ""): place})
    machine.registry.remove(PLATFORM, "Platform")
    assert "xlwings32" in found(machine, "library").text


def test_python_that_was_never_recorded_is_told() -> None:
    machine = windows()
    machine.registry.remove(ENVIRONMENT, VARIABLE)
    finding = found(machine, "interpreter")
    assert (finding.verdict, finding.mend) == ("trouble", "dhxl setup")


def test_python_that_is_gone_is_told() -> None:
    finding = found(windows({(ENVIRONMENT, VARIABLE): "D:/old/python.exe"}), "interpreter")
    assert (finding.verdict, "gone" in finding.text) == ("trouble", True)


def test_another_python_than_this_one_is_a_warning() -> None:
    machine = windows(python=Path("C:/other/python.exe"))
    assert found(machine, "interpreter").verdict == "warning"


def test_a_window_from_before_the_setup_has_to_be_opened_anew() -> None:
    finding = found(windows(environment={}), "restart")
    assert (finding.verdict, "anew" in finding.mend) == ("warning", True)


@pytest.mark.parametrize("state", [3, 4])
@pytest.mark.parametrize("path", [SECURITY, POLICY])
def test_macros_that_are_switched_off_are_told(path: str, state: int) -> None:
    finding = found(windows({(path, "VBAWarnings"): state}), "macros")
    assert (finding.verdict, "trusted location" in finding.mend) == ("trouble", True)
    assert ("firm" in finding.text) == (path == POLICY)


def test_trusted_locations_are_counted() -> None:
    locations = {(f"{SECURITY}\\Trusted Locations\\Location{k}", "Path"): f"C:\\work{k}" for k in range(2)}
    finding = found(windows(locations), "macros")
    assert (finding.verdict, "2 trusted" in finding.text) == ("ok", True)


@pytest.mark.parametrize("rule", ["D4F940AB-401B-4EFC-AADC-AD5F3C50688A", "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"])
def test_a_rule_of_defender_that_blocks_is_told(rule: str) -> None:
    finding = found(windows({(RULES, rule): "1"}), "defender")
    assert (finding.verdict, rule.lower() in finding.text) == ("trouble", True)
    assert "dhxl run" in finding.mend


@pytest.mark.parametrize("state", ["0", "2", "6"])
def test_a_rule_of_defender_that_only_watches_is_none(state: str) -> None:
    assert found(windows({(RULES, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): state}), "defender").verdict == "ok"


def test_access_to_the_vba_project_is_said_to_be_not_needed() -> None:
    assert "not needed" in found(windows(), "project_access").text


def test_a_dispatch_that_is_not_compiled_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHXL_COMPILE", "0")
    assert found(windows(), "compiled").mend == "dhxl setup"


def test_a_file_from_the_internet_is_told(tmp_path: Path) -> None:
    machine = windows(zone=lambda _path: "[ZoneTransfer]\r\nZoneId=3\r\n")
    finding = found(machine, "mark_of_the_web", small_book(tmp_path / "small.xlsm"))
    assert (finding.verdict, "Unblock" in finding.mend) == ("trouble", True)


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
    with xlsxwriter.Workbook(tmp_path / "plain.xlsx") as plain:
        plain.add_worksheet()
    assert found(windows(), "book_macros", tmp_path / "plain.xlsx").verdict == "warning"


def test_a_missing_sheet_of_settings_is_told(tmp_path: Path) -> None:
    assert found(windows(), "book_settings", older(tmp_path / "old.xlsm")).verdict == "trouble"


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


def test_a_mac_without_setup_lacks_two_things(tmp_path: Path) -> None:
    verdicts = {finding.name: finding.verdict for finding in examine(mac(tmp_path))}
    assert (verdicts["interpreter"], verdicts["script"], verdicts["functions"]) == ("trouble", "trouble", "warning")


def test_on_this_machine_the_command_ends_well_and_says_where_excel_is(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    if this_machine().system == "Linux":
        assert code == 0
        assert [one["verdict"] for one in told["findings"] if one["name"] == "excel"] == ["not here"]
    assert code == int(told["troubles"] > 0)


def test_every_finding_that_is_not_good_says_what_mends_it(tmp_path: Path) -> None:
    everything_wrong = windows(
        {(RULES, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): 1, (SECURITY, "VBAWarnings"): 4},
        python=Path("C:/Users/ann/WindowsApps/python.exe"),
        has=lambda _name: False,
        exists=lambda _path: False,
        environment={},
        zone=lambda _path: "ZoneId=3",
    )
    findings = examine(everything_wrong, older(tmp_path / "old.xlsm"))
    assert sum(finding.verdict == "trouble" for finding in findings) >= 8
    assert all(finding.mend for finding in findings if finding.verdict != "ok")
