"""The hidden sheets that xlwings and Excel-DNA IntelliSense read, and that no licence key is asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dhxl.functions.spec import REGISTRY
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue
from tests.conftest import REPOSITORY

BOOKS = ("workbook.xlsm", "templates/biomass.xlsm")


def rows(package: Package, sheet: str, columns: int) -> list[list[CellValue]]:
    last = max(row for row, _ in package.cells(sheet).cells)
    return package.values(Reference(sheet, 1, 1, last, columns))


@pytest.fixture(params=BOOKS)
def package(request: pytest.FixtureRequest) -> Package:
    return Package.open(REPOSITORY / request.param)


def test_settings_stand_in_one_block_from_the_first_cell(package: Package) -> None:
    """xlwings reads down to the first empty cell; a key that is missing makes it search for files."""
    settings = dict(rows(package, "xlwings.conf", 2))  # type: ignore[arg-type]
    assert None not in settings
    assert settings["INTERPRETER_WIN"] == "%DHXL_PYTHON%"
    assert settings["UDF MODULES"] == "dhxl.hosts.excel"
    assert (settings["USE UDF SERVER"], settings["ADD_WORKBOOK_TO_PYTHONPATH"]) == ("True", "False")
    assert settings["PYTHONPATH"] is None
    assert "INTERPRETER_MAC" not in settings  # a Mac knows it from the file that dhxl setup writes


def test_truth_values_are_words_that_no_language_of_windows_changes(package: Package) -> None:
    assert all(value is None or isinstance(value, str) for _, value in rows(package, "xlwings.conf", 2))


def test_help_while_typing_has_every_function_with_its_arguments(package: Package) -> None:
    """Excel-DNA IntelliSense reads name, text and help topic, then name and text of each argument."""
    most = max(len(function.arguments) for function in REGISTRY.values())
    table = rows(package, "_IntelliSense_", 3 + 2 * most)
    assert table[0][0] == "FunctionInfo"
    told = {row[0]: [cell for cell in row[3::2] if cell] for row in table[1:]}
    assert told == {name: [one.name for one in function.arguments] for name, function in REGISTRY.items()}


def test_both_stand_last_and_cannot_be_shown_by_accident(package: Package) -> None:
    """Excel-DNA IntelliSense wants its sheet to be the very last."""
    assert [(sheet.name, sheet.visibility) for sheet in package.sheets[-2:]] == [
        ("xlwings.conf", "veryHidden"),
        ("_IntelliSense_", "veryHidden"),
    ]


def test_nothing_needs_the_paid_part_of_xlwings() -> None:
    for path in sorted((REPOSITORY / "dhxl").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            assert not [name for name in names if name.startswith(("xlwings.pro", "xlwings_server"))], path


def test_a_licence_key_of_the_user_is_not_read(package: Package) -> None:
    assert dict(rows(package, "xlwings.conf", 2))["LICENSE_KEY"] is None  # type: ignore[arg-type]


def test_the_sheets_keep_their_code_names() -> None:
    package = Package.open(REPOSITORY / Path(BOOKS[0]))
    for name, code in (("xlwings.conf", "Settings"), ("_IntelliSense_", "IntelliSense"), ("Cover", "Cover")):
        assert f'codeName="{code}"'.encode() in package.part(package.sheet(name).part)
