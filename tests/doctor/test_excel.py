"""dhxl doctor: which Excel is there, and what of it keeps Python away."""

from __future__ import annotations

import pytest

from dhxl.doctor.examine import examine
from dhxl.doctor.interpreter import VARIABLE
from tests.doctor.machines import (
    APP_PATH,
    DISABLED,
    EXCEL,
    PACKAGES,
    PLATFORM,
    PYTHON,
    found,
    program,
    windows,
)


def test_excel_that_is_missing_is_not_here() -> None:
    finding = found(windows({(APP_PATH, ""): ""}), "excel")
    assert (finding.verdict, "desktop version" in finding.mend) == ("not here", True)


def test_office_from_the_store_cannot_start_python() -> None:
    finding = found(windows({(APP_PATH, ""): "C:\\Program Files\\WindowsApps\\Excel\\EXCEL.EXE"}), "store_office")
    assert (finding.verdict, "office.com" in finding.mend) == ("trouble", True)


@pytest.mark.parametrize(("platform", "bits"), [("x86", 32), ("x64", 64)])
def test_the_library_is_the_one_for_excels_bits(platform: str, bits: int) -> None:
    finding = found(windows({(PLATFORM, "Platform"): platform}), "library")
    assert (finding.verdict, f"xlwings{bits}-0.37.8.dll" in finding.text) == ("ok", True)


def test_excel_of_32_bits_is_known_by_its_folder_where_nothing_else_tells() -> None:
    place = "C:\\Program Files (x86)\\Microsoft Office\\Office16\\EXCEL.EXE"
    machine = windows({(APP_PATH, ""): place}, exists=lambda _path: True)
    machine.registry.remove(PLATFORM, "Platform")
    assert "xlwings32" in found(machine, "library").text


@pytest.mark.parametrize("key", ["SOFTWARE\\Microsoft", "SOFTWARE\\WOW6432Node\\Microsoft"])
def test_office_installed_without_click_to_run_tells_its_bits_with_outlook(key: str) -> None:
    machine = windows({(f"HKLM\\{key}\\Office\\16.0\\Outlook", "Bitness"): "x86"})
    machine.registry.remove(PLATFORM, "Platform")
    assert "xlwings32" in found(machine, "library").text


@pytest.mark.parametrize(("kind", "bits"), [(0x014C, 32), (0x8664, 64), (0xAA64, 64)])
def test_excels_own_header_goes_before_settings_that_are_left_over(kind: int, bits: int) -> None:
    other = "x64" if bits == 32 else "x86"
    machine = windows({(PLATFORM, "Platform"): other}, head=lambda _path: program(kind))
    assert f"xlwings{bits}" in found(machine, "library").text
    assert f"Excel, {bits} bits" in found(machine, "excel").text
    assert bool([one for one in examine(machine) if one.name == "excel_arm"]) == (kind == 0xAA64)


def test_where_only_settings_tell_the_bits_that_is_said_to_be_probable() -> None:
    assert "probably 64 bits" in found(windows(), "excel").text


def test_excel_is_found_without_an_application_path() -> None:
    root = ("HKLM\\SOFTWARE\\Microsoft\\Office\\16.0\\Excel\\InstallRoot", "Path")
    folder = EXCEL.removesuffix("EXCEL.EXE")
    assert found(windows({(APP_PATH, ""): "", root: folder}), "excel").verdict == "ok"


def test_an_application_path_that_is_left_over_is_no_excel() -> None:
    assert found(windows({(APP_PATH, ""): "C:\\gone\\EXCEL.EXE"}), "excel").verdict == "not here"


def test_an_excel_older_than_2016_is_told() -> None:
    place = "C:\\Program Files\\Microsoft Office 15\\root\\Office15\\EXCEL.EXE"
    finding = found(windows({(APP_PATH, ""): place}, exists=lambda _path: True), "excel")
    assert (finding.verdict, "2016" in finding.text) == ("trouble", True)


def test_office_from_the_store_is_known_by_its_package_too() -> None:
    package = (f"{PACKAGES}\\Microsoft.Office.Desktop.Excel_16051.11231.20174.0_x86__8wekyb3d8bbwe", "DisplayName")
    assert found(windows({(APP_PATH, ""): "", package: "Excel"}), "store_office").verdict == "trouble"
    assert found(windows({package: "Excel"}), "store_office").verdict == "warning"


def test_the_release_of_excel_is_told_for_it() -> None:
    release = {(PLATFORM, "VersionToReport"): "16.0.17928.20114", (PLATFORM, "ProductReleaseIds"): "O365ProPlusRetail"}
    assert "16.0.17928.20114 (O365ProPlusRetail)" in found(windows(release), "excel").text


def test_excel_that_starts_as_administrator_may_not_reach_python() -> None:
    layers = "HKCU\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Layers"
    finding = found(windows({(layers, EXCEL): "~ RUNASADMIN"}), "administrator")
    assert (finding.verdict, "may" in finding.text) == ("warning", True)


def test_an_item_that_excel_has_disabled_is_told() -> None:
    item = b"\1\0\0\0" + "c:\\temp\\xlwings64-0.37.8.dll\0".encode("utf-16-le")
    finding = found(windows({(DISABLED, "1A2B"): item}), "disabled_items")
    assert (finding.verdict, "Disabled Items" in finding.mend) == ("warning", True)


def test_the_add_in_of_xlwings_is_said_to_be_harmless() -> None:
    machine = windows(environment={VARIABLE: PYTHON, "APPDATA": "C:"}, exists=lambda _path: True)
    assert found(machine, "add_in").verdict == "ok"
