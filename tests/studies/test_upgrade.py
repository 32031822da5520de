"""dhxl upgrade: new macros into an older workbook, all else as it was."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from pyopenvba import ExcelFile

from dhxl.cli import main
from dhxl.errors import WorkbookError
from dhxl.functions.stamp import functions_stamp
from dhxl.studies.upgrade import upgrade
from dhxl.workbook.package import Package
from dhxl.workbook.vba import vba_modules
from dhxl.workbook.vba_project import macro_state
from tests.conftest import REPOSITORY
from tests.workbook.books import members
from tests.workbook.vba_books import small_book

OWN = "Option Explicit\r\nPublic Sub MyOwn()\r\nEnd Sub\r\n"


def older(path: Path, *, own_events: bool = False) -> Path:
    """A workbook of an older dhxl: one function fewer, another xlwings, a module of the user's own."""
    small_book(path)
    with ExcelFile(path) as file:
        current = vba_modules()
        first = current["DhxlFunctions"].index("Public Function DH_LHD_RATING")
        last = current["DhxlFunctions"].index("Public Function DH_CONNECTION_DENSITY")
        file.set_module("DhxlFunctions", current["DhxlFunctions"][:first] + current["DhxlFunctions"][last:])
        file.set_module("DhxlInfo", current["DhxlInfo"].replace(functions_stamp(), "0" * 12).replace("0.1.0", "0.0.1"))
        file.set_module("xlwings", current["xlwings"].replace("0.37.8", "0.30.0"))
        file.vba_project().add_module("MyModule", OWN)
        if own_events:
            file.set_module("ThisWorkbook", "Private Sub Workbook_Open()\r\n    MyOwn\r\nEnd Sub\r\n")
        file.save()
    return path


def modules(path: Path) -> dict[str, str]:
    with ExcelFile(path) as file:
        return dict(file.vba_modules())


def test_only_the_vba_part_changes(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    before = members(book)
    report = upgrade(book)
    after = members(book)
    assert set(report.modules) == {"DhxlFunctions", "DhxlInfo", "xlwings"}
    assert [name for name in before if before[name] != after[name]] == ["xl/vbaProject.bin"]
    assert list(before) == list(after)


def test_the_macros_are_then_the_current_ones_and_the_users_own_stay(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    upgrade(book)
    found = modules(book)
    assert "DH_LHD_RATING" in found["DhxlFunctions"]
    assert "MyOwn" in found["MyModule"]
    state = macro_state(Package.open(book))
    assert state is not None
    assert (state.functions, state.xlwings, state.events) == (functions_stamp(), "0.37.8", True)


def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    upgrade(book)
    content, moment = book.read_bytes(), book.stat().st_mtime_ns
    assert not upgrade(book).changed
    assert (book.read_bytes(), book.stat().st_mtime_ns) == (content, moment)


def test_a_workbook_as_it_is_built_needs_no_upgrade(tmp_path: Path) -> None:
    assert upgrade(REPOSITORY / "workbook.xlsm", tmp_path / "copy.xlsm").modules == ()
    assert (tmp_path / "copy.xlsm").read_bytes() == (REPOSITORY / "workbook.xlsm").read_bytes()


def test_words_in_the_case_that_excels_editor_gives_them_are_no_change(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    with ExcelFile(book) as file:
        file.set_module("DhxlMacros", vba_modules()["DhxlMacros"].replace("missing As String", "Missing As String"))
        file.save()
    assert not upgrade(book).changed


def test_events_of_the_users_own_are_left_alone_and_told(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm", own_events=True)
    report = upgrade(book)
    assert "MyOwn" in modules(book)["ThisWorkbook"]
    assert any("ThisWorkbook" in note for note in report.notes)


def test_the_original_stays_where_a_copy_is_asked_for(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    content = book.read_bytes()
    upgrade(book, tmp_path / "new.xlsm")
    assert book.read_bytes() == content
    assert zipfile.is_zipfile(tmp_path / "new.xlsm")


def test_a_workbook_without_macros_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    book = tmp_path / "plain.xlsx"
    with xlsxwriter.Workbook(book) as plain:
        plain.add_worksheet()
    with pytest.raises(WorkbookError, match="holds no macros"):
        upgrade(book)


def test_a_workbook_that_is_open_in_excel_is_refused(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    content = book.read_bytes()
    (tmp_path / "~$old.xlsm").write_bytes(b"\x03Ann")
    with pytest.raises(WorkbookError, match="is open in Excel by Ann"):
        upgrade(book)
    assert book.read_bytes() == content


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = older(tmp_path / "old.xlsm")
    assert main(["upgrade", str(book), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["changed"], told["before"]["dhxl"], told["before"]["xlwings"]) == (True, "0.0.1", "0.30.0")
    assert main(["upgrade", str(book)]) == 0
    assert "current" in capsys.readouterr().out
