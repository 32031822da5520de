"""dhxl upgrade: new macros into an older workbook, all else as it was."""

from __future__ import annotations

import json
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwings
from openxml_audit import OpenXmlValidator
from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB

from dhxl.cli import main
from dhxl.errors import WorkbookError
from dhxl.functions.stamp import functions_stamp
from dhxl.studies.upgrade import upgrade
from dhxl.workbook import storage
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.sheets.hidden import SETTINGS, TEXTS, setting_rows, text_rows
from dhxl.workbook.vba import book_events, vba_modules
from dhxl.workbook.vba_project import macro_state
from tests.conftest import REPOSITORY
from tests.libreoffice import Office
from tests.workbook.books import members, rezipped
from tests.workbook.vba_books import small_book

with warnings.catch_warnings():  # oletools calls pyparsing by names that are going out of use
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser

BOOK = REPOSITORY / "workbook.xlsm"
OWN = "Option Explicit\r\nPublic Sub MyOwn()\r\nEnd Sub\r\n"


def older(path: Path, *, own_events: bool = False) -> Path:
    """A workbook of an older dhxl: one function fewer, another xlwings, a module of the user's own."""
    return aged(small_book(path), own_events=own_events)


def aged(path: Path, *, own_events: bool = False) -> Path:
    """The same workbook with the macros of an older dhxl."""
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


def test_events_that_an_older_dhxl_wrote_are_renewed(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    known = book_events()
    with ExcelFile(book) as file:
        lines = known.split("\r\n\r\nPrivate Sub Workbook_BeforeClose")
        file.set_module(
            "ThisWorkbook", lines[0] + "\r\n\r\nPrivate Sub Workbook_Deactivate()\r\n    DhxlQuiet\r\nEnd Sub\r\n"
        )
        file.save()
    assert upgrade(book).modules == ("ThisWorkbook",)
    assert "DhxlBeforeClose" in modules(book)["ThisWorkbook"]
    assert not upgrade(book).changed


def without_settings(path: Path) -> Path:
    """A workbook of dhxl from the time before the hidden sheet of settings."""
    package = Package.open(small_book(path))
    content = package.part("xl/workbook.xml")
    entry = re.search(rb'<sheet name="xlwings.conf"[^>]*/>', content)
    assert entry
    path.write_bytes(package.rebuilt({"xl/workbook.xml": content.replace(entry[0], b"")}))
    return path


def test_a_missing_sheet_of_settings_is_added_and_nothing_else_changes(tmp_path: Path) -> None:
    book = without_settings(tmp_path / "old.xlsm")
    before = members(book)
    report = upgrade(book)
    after, package = members(book), Package.open(book)
    assert (report.changed, report.settings, report.modules) == (True, True, ())
    assert (package.sheets[-1].name, package.sheets[-1].visibility) == (SETTINGS, "veryHidden")
    cells = package.cells(SETTINGS)
    assert [(cells.value(row, 1), cells.value(row, 2) or "") for row in range(1, len(setting_rows()) + 1)] == list(
        setting_rows()
    )
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert len(set(after) - set(before)) == 1
    assert [str(one) for one in OpenXmlValidator().validate(str(book)).errors] == []
    assert openpyxl.load_workbook(book, keep_vba=True)[SETTINGS]["B1"].value == "%DHXL_PYTHON%"
    assert not upgrade(book).changed


@pytest.mark.libreoffice
def test_libreoffice_reads_the_added_sheet(libreoffice: Office, tmp_path: Path) -> None:
    book = without_settings(tmp_path / "old.xlsm")
    upgrade(book)
    source = 'book = opened(arguments["path"])\nresult = cell(book, "xlwings.conf", "B1").String\n'
    assert libreoffice.run(source, path=str(libreoffice.copy(book))) == "%DHXL_PYTHON%"


def test_a_workbook_without_buttons_is_told_so(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    assert not [note for note in upgrade(book).notes if "button" in note]
    content = rezipped(book.read_bytes(), lambda _, data: data.replace(b"FmlaMacro", b"FmlaTxbx"))
    book.write_bytes(content)
    assert [note for note in upgrade(book).notes if "no button runs a macro" in note]


def test_the_original_stays_where_a_copy_is_asked_for(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    content = book.read_bytes()
    upgrade(book, tmp_path / "new.xlsm")
    assert book.read_bytes() == content
    assert zipfile.is_zipfile(tmp_path / "new.xlsm")


def test_a_workbook_without_macros_is_refused(tmp_path: Path) -> None:
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


def sources(path: Path) -> dict[str, str]:
    """The modules as oletools finds them, by the name of the file that each would be."""
    parser = VBA_Parser(str(path))
    try:
        return {name: code for _, _, name, code in parser.extract_all_macros()}
    finally:
        parser.close()


def entries(path: Path) -> dict[str, tuple[object, ...]]:
    """What the zip file notes of each part, and its packed bytes."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for one in archive.infolist():
            file.seek(one.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            file.seek(one.header_offset + 30 + name + extra)
            noted = (one.compress_type, one.date_time, one.external_attr, one.create_system, one.extra)
            found[one.filename] = (*noted, file.read(one.compress_size))
    return found


def test_every_other_part_keeps_its_place_its_date_and_its_packed_bytes(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    packed = rezipped(book.read_bytes(), lambda _name, data: data, {"xl/unknown.bin": bytes(range(256))})
    book.write_bytes(packed)
    before = entries(book)
    upgrade(book)
    after = entries(book)
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/vbaProject.bin"]
    assert before["xl/vbaProject.bin"][:-1] == after["xl/vbaProject.bin"][:-1]


def form(path: Path, name: str) -> dict[str, bytes]:
    """The streams of a form's design."""
    project = CFB.from_bytes(members(path)["xl/vbaProject.bin"])
    return {stream: project.get_stream_at((name,), stream) for stream in project.list_streams_at((name,))}


def test_the_users_own_class_form_and_code_of_sheets_stay(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")
    with ExcelFile(book) as file:
        file.vba_project().add_module("Unit", "Public Heat As Double\r\n", kind=VBAModuleKind.other)
        file.set_module("Model", "Private Sub Worksheet_Activate()\r\n    MyOwn\r\nEnd Sub\r\n")
        file.add_form("Question", caption="Which town?")
        file.save()
    own = ("Unit.cls", "MyModule.bas", "Model.cls", "Question.frm")
    before, drawn = sources(book), form(book, "Question")
    upgrade(book)
    after = sources(book)
    assert [before[name] for name in own] == [after[name] for name in own]
    assert set(before) == set(after)
    assert form(book, "Question") == drawn
    assert b"Which town?" in drawn["\x03VBFrame"]


def test_a_project_that_excel_has_compiled_keeps_its_sources_only(tmp_path: Path) -> None:
    """The quickstart that xlwings ships was saved by Excel, compiled code included."""
    book = tmp_path / "quickstart.xlsm"
    shutil.copy(Path(xlwings.__file__).with_name("quickstart.xlsm"), book)
    before = sources(book)
    report = upgrade(book)
    after = sources(book)
    assert {name: after[name] for name in before} == {**before, "ThisWorkbook.cls": after["ThisWorkbook.cls"]}
    assert set(report.modules) == {*vba_modules(), "ThisWorkbook"}
    assert not upgrade(book).changed


@pytest.mark.libreoffice
def test_a_class_that_libreoffice_has_left_undeclared_is_declared_again(libreoffice: Office, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    book = libreoffice.converted(small_book(tmp_path / "small.xlsm"), "xlsm", tmp_path / "out")
    assert "Dictionary.cls" not in sources(book)
    assert upgrade(book).modules == ("Dictionary",)
    assert "Dictionary.cls" in sources(book)
    assert not upgrade(book).changed


def test_a_locked_project_is_refused_and_stays(tmp_path: Path) -> None:
    book = older(tmp_path / "old.xlsm")

    def locked(name: str, data: bytes) -> bytes:
        if name != "xl/vbaProject.bin":
            return data
        project = CFB.from_bytes(data)
        text = project.get_stream("PROJECT")
        start = text.index(b'DPB="')
        end = text.index(b'"', start + 5)
        project.write_stream("PROJECT", text[:start] + b'DPB="' + b"0E" * 36 + text[end:])
        return bytes(project.to_bytes())

    book.write_bytes(rezipped(book.read_bytes(), locked))
    content = book.read_bytes()
    with pytest.raises(WorkbookError, match="locked with a password"):
        upgrade(book)
    assert book.read_bytes() == content


def signed(book: Path) -> Path:
    """A workbook whose macros carry a signature, as Excel keeps it: a part beside the project."""
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature"
    relations = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
        'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{kind}" Target="vbaProjectSignature.bin"/></Relationships>'
    )
    override = (
        b'<Override PartName="/xl/vbaProjectSignature.bin" '
        b'ContentType="application/vnd.ms-office.vbaProjectSignature"/></Types>'
    )

    def stated(name: str, data: bytes) -> bytes:
        return data.replace(b"</Types>", override) if name == "[Content_Types].xml" else data

    extra = {"xl/_rels/vbaProject.bin.rels": relations.encode(), "xl/vbaProjectSignature.bin": b"signature"}
    book.write_bytes(rezipped(book.read_bytes(), stated, extra))
    return book


def test_a_signature_goes_with_the_macros_it_fitted_and_that_is_told(tmp_path: Path) -> None:
    book = signed(older(tmp_path / "old.xlsm"))
    before = members(book)
    report = upgrade(book)
    after = members(book)
    assert any("sign them anew" in note for note in report.notes)
    assert set(before) - set(after) == {"xl/_rels/vbaProject.bin.rels", "xl/vbaProjectSignature.bin"}
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/vbaProject.bin"}
    assert b"vbaProjectSignature" not in after["[Content_Types].xml"]


def test_a_signature_of_current_macros_stays(tmp_path: Path) -> None:
    book = signed(small_book(tmp_path / "small.xlsm"))
    content = book.read_bytes()
    report = upgrade(book)
    assert (report.changed, report.now.signed, book.read_bytes()) == (False, True, content)


@pytest.mark.parametrize("name", ["Dictionary", "xlwings"])
def test_a_module_of_the_users_own_by_a_name_of_dhxls_is_not_overwritten(tmp_path: Path, name: str) -> None:
    book = small_book(tmp_path / "small.xlsm")
    with ExcelFile(book) as file:
        file.set_module(name, f'Attribute VB_Name = "{name}"\r\nPublic Words As Collection\r\n')
        file.save()
    with pytest.raises(WorkbookError, match=f"a module {name} of your own"):
        upgrade(book)


def test_macros_of_a_newer_dhxl_are_not_taken_back(tmp_path: Path) -> None:
    book = small_book(tmp_path / "small.xlsm")
    with ExcelFile(book) as file:
        file.set_module("DhxlInfo", vba_modules()["DhxlInfo"].replace('"0.1.0"', '"9.0.0"'))
        file.save()
    with pytest.raises(WorkbookError, match=r"newer than the installed .*pip install --upgrade dhxl"):
        upgrade(book)


def with_texts(target: Path, change: Callable[[dict[tuple[int, int], object]], None]) -> Path:
    """The shipped workbook with another sheet of texts for help while typing."""
    package = Package.open(BOOK)
    cells = package.cells(TEXTS)
    values: dict[tuple[int, int], object] = {place: cells.value(*place) for place in cells.cells}
    change(values)
    target.write_bytes(package.rebuilt({package.sheet(TEXTS).part: with_values(cells, values)}))
    return target


def test_texts_for_help_while_typing_are_renewed_and_rows_of_the_users_own_stay(tmp_path: Path) -> None:
    last = len(text_rows()) + 1

    def older_texts(values: dict[tuple[int, int], object]) -> None:
        values[2, 2] = "An older text"
        values[5, 1] = "DH_GONE"
        values |= {(last, 1): "MY_OWN", (last, 2): "A function of the firm", (last, 4): "x"}

    book = with_texts(tmp_path / "book.xlsm", older_texts)
    before = entries(book)
    report = upgrade(book)
    package = Package.open(book)
    assert (report.texts, report.modules) == (True, ())
    assert [name for name in before if before[name] != entries(book)[name]] == [package.sheet(TEXTS).part]
    cells = package.cells(TEXTS)
    current = [[cells.value(row, col) for col in (1, 2, 4)] for row in range(1, last + 1)]
    assert current[1:-1] == [[row[0], row[1], row[3] if len(row) > 3 else None] for row in text_rows()[1:]]
    assert current[-1] == ["MY_OWN", "A function of the firm", "x"]
    content, moment = book.read_bytes(), book.stat().st_mtime_ns
    assert not upgrade(book).changed
    assert (book.read_bytes(), book.stat().st_mtime_ns) == (content, moment)


def test_a_sheet_of_texts_that_is_not_dhxls_stays(tmp_path: Path) -> None:
    def foreign(values: dict[tuple[int, int], object]) -> None:
        values[1, 1] = "Something else"

    assert not upgrade(with_texts(tmp_path / "book.xlsm", foreign)).changed


def test_a_template_of_excel_is_renewed_as_a_workbook_is(tmp_path: Path) -> None:
    def as_template(name: str, data: bytes) -> bytes:
        kind = b"macroEnabled.main+xml"
        return data.replace(b"sheet." + kind, b"template." + kind) if name == "[Content_Types].xml" else data

    book = tmp_path / "house.xltm"
    book.write_bytes(rezipped(older(tmp_path / "old.xlsm").read_bytes(), as_template))
    assert upgrade(book).modules
    assert b"template.macroEnabled" in members(book)["[Content_Types].xml"]


def test_a_result_by_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"must end in \.xlsm"):
        upgrade(older(tmp_path / "old.xlsm"), tmp_path / "new.xlsx")


def test_a_copy_that_is_there_already_is_not_touched(tmp_path: Path) -> None:
    book, copy = older(tmp_path / "old.xlsm"), tmp_path / "new.xlsm"
    upgrade(book, copy)
    before = copy.stat()
    upgrade(book, copy)
    assert (copy.stat().st_ino, copy.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_second_upgrade_by_another_spelling_of_its_path_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = older(tmp_path / "old.xlsm")
    upgrade(book)
    before = book.stat()
    monkeypatch.chdir(tmp_path)
    upgrade(book, "old.xlsm")
    assert (book.stat().st_ino, book.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = older(tmp_path / "old.xlsm")
    content = book.read_bytes()

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(storage, "_write_synced", refused)
    with pytest.raises(WorkbookError, match="not permitted"):
        upgrade(book)
    assert book.read_bytes() == content


class Killed(BaseException):
    """Stands for the end of the process: nothing that handles errors may catch it."""


def test_a_process_that_is_killed_while_writing_leaves_the_old_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = older(tmp_path / "old.xlsm")
    content = book.read_bytes()

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(storage.os, "fsync", killed)
    with pytest.raises(Killed):
        upgrade(book)
    assert book.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsm"]


def test_a_workbook_that_another_program_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = older(tmp_path / "old.xlsm")
    other = small_book(tmp_path / "other.xlsm").read_bytes()

    def saved_elsewhere(package: Package) -> dict[str, bytes]:
        book.write_bytes(other)
        return {}

    monkeypatch.setattr("dhxl.studies.upgrade._with_current_texts", saved_elsewhere)
    with pytest.raises(WorkbookError, match="was changed by another program"):
        upgrade(book)
    assert book.read_bytes() == other
