"""The VBA project: what stands in it, and what its own code does, run by an interpreter of VBA."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from olefile import OleFileIO
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, Range
from pyopenvba.interpreter._values import NOTHING, NULL, VBAErrorValue
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from dhxl.functions.cells import LEFT_OUT, CellError
from dhxl.functions.spec import CATEGORIES, REGISTRY, VBA_WORDS
from dhxl.functions.stamp import functions_stamp
from dhxl.macros import MACROS
from dhxl.workbook.sheets.buttons import BUTTONS
from dhxl.workbook.vba import book_events, vba_modules
from dhxl.workbook.wrappers import function_texts
from tests.conftest import REPOSITORY
from tests.workbook.books import members
from tests.workbook.vba_books import Server, interpreted, place, python, small_book

with warnings.catch_warnings():  # oletools calls pyparsing by names that are going out of use
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser


@pytest.fixture
def server() -> Server:
    return Server(lambda _name, _given: 2.0)


@pytest.fixture
def excel(tmp_path: Path, server: Server) -> ExcelApplication:
    return interpreted(tmp_path / "small.xlsm", server)


def value(app: ExcelApplication, sheet: str, address: str) -> Any:
    return python(place(app, sheet, address).vba_value())


def why(app: ExcelApplication, address: str, sheet: str = "Model") -> str:
    """What DH_WHY says of a cell, which shows an error value."""
    place(app, sheet, address).vba_set("Value2", VBAErrorValue(2015))
    return str(app.evaluate(f'DH_WHY(Worksheets("{sheet}").Range("{address}"))'))


NOT_KEPT = "no sentence: the error comes from a cell that this one refers to, or from a function that is not of dhxl"


def extracted(path: Path) -> dict[str, str]:
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_all_macros()}
    finally:
        parser.close()


def body(source: str) -> str:
    """What follows the attributes of a module, which the editor hides and writes in its own way."""
    lines = source.replace("\r\n", "\n").split("\n")
    start = next(
        k for k, line in enumerate(lines) if line.strip() and not re.match(r"VERSION|BEGIN|END|Attribute| ", line)
    )
    return "\n".join(lines[start:]).strip()


@pytest.mark.parametrize("book", ["workbook.xlsm", "templates/biomass.xlsm"])
def test_the_sources_come_out_of_the_shipped_workbooks_as_they_went_in(book: str) -> None:
    found = extracted(REPOSITORY / book)
    wanted = {**vba_modules(), "ThisWorkbook": book_events()}
    assert {name: body(found[name]) == body(source) for name, source in wanted.items()} == dict.fromkeys(wanted, True)


def test_there_is_a_document_module_for_each_sheet_and_no_other_module(tmp_path: Path) -> None:
    found = extracted(small_book(tmp_path / "small.xlsm"))
    assert set(found) == {"ThisWorkbook", "Model", "Saved", "live_sheet", "Settings", *vba_modules()}


def test_the_project_holds_no_compiled_code(tmp_path: Path) -> None:
    """MS-OVBA 2.3.4.1: whoever writes sources only says version 0xFFFF and leaves the cache out."""
    project = OleFileIO(io.BytesIO(members(small_book(tmp_path / "small.xlsm"))["xl/vbaProject.bin"]))
    assert project.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000000")
    assert [name for name in project.listdir() if "__SRP" in name[-1]] == []


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    assert small_book(tmp_path / "a.xlsm").read_bytes() == small_book(tmp_path / "b.xlsm").read_bytes()


def test_a_static_analysis_finds_nothing_wrong_in_the_modules(tmp_path: Path) -> None:
    """Of xlwings' own modules only errors count."""
    command = [sys.executable, "-m", "pyvbaanalysis", "--format", "json", str(small_book(tmp_path / "small.xlsm"))]
    found = json.loads(subprocess.run(command, capture_output=True, check=False, timeout=120).stdout)
    told = [
        (name, one["line"], one["message"])
        for name, one in ((part["module"], one) for part in found[0]["modules"] for one in part["diagnostics"])
        if one["severity"] == "error" or (name.startswith("Dhxl") and one["severity"] == "warning")
    ]
    assert told == []


def test_sources_fit_every_code_page_and_the_lengths_that_vba_allows() -> None:
    for name, source in vba_modules().items():
        assert source.isascii(), name
        assert "\n" not in source.replace("\r\n", ""), name
        assert max(map(len, source.split("\r\n"))) <= 1023, name


def test_each_function_of_the_registry_has_a_wrapper_with_its_arguments() -> None:
    source = vba_modules()["DhxlFunctions"]
    assert re.findall(r"Public Function (\w+)", source) == list(REGISTRY)
    for name, function in REGISTRY.items():
        head = re.search(rf"Public Function {name}\((.*)\) As Variant", source)
        assert head
        declared = [part.split(" As ")[0] for part in head[1].split(", ")]
        assert declared == [f"Optional {one.name}" for one in function.arguments]
        assert not VBA_WORDS & {one.name for one in function.arguments}


def test_the_wizard_lists_no_function_but_those_of_the_sheet() -> None:
    shown = {name: source for name, source in vba_modules().items() if "Option Private Module" not in source}
    found = {name: re.findall(r"(?m)^(?:Public )?Function (\w+)", source) for name, source in shown.items()}
    assert found.pop("DhxlFunctions") == list(REGISTRY)
    del found["Dictionary"]  # a class
    assert found == {"DhxlInfo": [], "DhxlMacros": []}


def test_statements_are_continued_on_as_many_lines_as_vba_allows() -> None:
    for name, source in vba_modules().items():
        longest = max(len(run.split("\r\n")) for run in re.findall(r"(?:.* _\r\n)+", source + " _\r\n"))
        assert longest <= 24, name


def test_texts_of_the_wizard_are_complete_and_short_enough() -> None:
    texts = {text.name: text for text in function_texts()}
    assert set(texts) == set(REGISTRY)
    for text in texts.values():
        assert text.category in CATEGORIES
        assert all(0 < len(words) <= 255 for words in (text.summary, *(words for _, words in text.arguments)))


def test_the_modules_say_what_they_were_made_with() -> None:
    info = vba_modules()["DhxlInfo"]
    assert f'DHXL_FUNCTIONS As String = "{functions_stamp()}"' in info
    assert 'DHXL_XLWINGS As String = "0.37.8"' in info
    assert "Version: 0.37.8" in vba_modules()["xlwings"]


def test_a_function_passes_values_and_returns_the_answer(excel: ExcelApplication, server: Server) -> None:
    assert excel.evaluate("DH_LHD(6000, 3000)") == 2.0
    assert excel.evaluate('DH_LOAD_DURATION(Worksheets("Model").Range("A8:B8"))') == 2.0
    assert server.asked == [("DH_LHD", [6000.0, 3000.0]), ("DH_LOAD_DURATION", [[[6000.0, 3000.0]]])]


def test_an_optional_argument_that_is_left_out_stays_left_out(excel: ExcelApplication, server: Server) -> None:
    excel.evaluate("DH_NETWORK_COST(2, 800, 30)")
    assert server.asked == [("DH_NETWORK_COST", [2.0, 800.0, 30.0, LEFT_OUT])]


NUMBERS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}


MOST_CELLS = 400  # of a range that the interpreter passes without taking long


def size(cell: Any) -> int:
    return (
        sum(len(row) if isinstance(row, (list, tuple)) else 1 for row in cell) if isinstance(cell, (list, tuple)) else 1
    )


def marked(answer: Any) -> Any:
    """An answer of the registry as Python sends it to a wrapper."""
    if isinstance(answer, list):
        return [[marked(cell) for cell in row] for row in answer]
    return f"#DHERR|{NUMBERS[answer.code]}|{answer.message}" if isinstance(answer, CellError) else answer


def in_vba(app: ExcelApplication, cell: Any, row: int) -> tuple[str, int]:
    """A cell or range of an example as VBA writes it, and the next free row of the sheet that holds ranges."""
    if cell is LEFT_OUT:
        return "", row
    if isinstance(cell, (list, tuple)):
        rows = [list(one) if isinstance(one, (list, tuple)) else [one] for one in cell]
        for r, line in enumerate(rows):
            for c, one in enumerate(line):
                if one is not None:
                    app.sheet("Model").set_value(xl_rowcol_to_cell(row + r - 1, c), one)
        corners = xl_range(row - 1, 0, row + len(rows) - 2, max(map(len, rows)) - 1)
        return f'Worksheets("Model").Range("{corners}")', row + len(rows) + 1
    if cell is None:
        return "Empty", row
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"', row
    return (str(cell) if isinstance(cell, bool) else f"{float(cell)!r}#".replace(".0#", "#")), row


@pytest.mark.parametrize("name", REGISTRY)
def test_each_wrapper_gives_what_the_registry_answers(excel: ExcelApplication, server: Server, name: str) -> None:
    function = REGISTRY[name]
    server.answer = lambda called, given: marked(REGISTRY[called](*given))
    row = 100
    for example in function.examples[:2]:
        if any(isinstance(cell, CellError) or size(cell) > MOST_CELLS for cell in example.cells):
            continue
        told = []
        for cell in example.cells:
            text, row = in_vba(excel, cell, row)
            told.append(text)
        found = python(excel.evaluate(f"{name}({', '.join(told)})"))
        wanted = function(*example.cells)
        if isinstance(wanted, CellError):
            assert str(found) == f"Error {NUMBERS[wanted.code]}"
        elif isinstance(wanted, list):
            assert found == [[pytest.approx(one) if isinstance(one, float) else one for one in line] for line in wanted]
        else:
            assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


def test_the_function_wizard_does_not_make_the_dispatch_calculate(excel: ExcelApplication, server: Server) -> None:
    """An error, never a blank: the sheet would take it for 0, and a save would keep that."""
    excel.run("StubWizard", True)
    assert str(excel.evaluate("DH_DISPATCH(1, 2, 3)")) == "Error 2042"
    assert server.asked == []
    excel.evaluate("DH_LHD(1, 2)")
    assert server.asked == [("DH_LHD", [1.0, 2.0])]


def test_an_error_becomes_an_error_value_and_its_sentence_is_kept(excel: ExcelApplication, server: Server) -> None:
    server.answer = lambda _name, _given: "#DHERR|2036|DH_LHD: no way | at all"
    found = excel.evaluate("DH_LHD(1, 2)")
    assert isinstance(found, VBAErrorValue)
    assert str(found) == "Error 2036"
    assert why(excel, "A2") == "DH_LHD: no way | at all"
    server.answer = lambda _name, _given: 1.0
    assert excel.evaluate("DH_LHD(1, 2)") == 1.0
    assert why(excel, "A2") == NOT_KEPT


def test_an_error_is_kept_though_another_function_in_the_same_cell_answers(
    excel: ExcelApplication, server: Server
) -> None:
    server.answer = lambda name, _given: 1.0 if name == "DH_LHD" else "#DHERR|2036|DH_IRR: never"
    excel.evaluate("DH_IRR(1)")
    excel.evaluate("DH_LHD(1, 2)")
    assert why(excel, "A2") == "DH_IRR: never"


def test_a_missing_argument_is_named(excel: ExcelApplication, server: Server) -> None:
    """Were it a required one for VBA, Excel would show #VALUE! without calling the function."""
    server.answer = lambda called, given: marked(REGISTRY[called](*given))
    assert str(excel.evaluate("DH_LHD(6000)")) == "Error 2015"
    assert why(excel, "A2") == "DH_LHD: trench_length_m is missing (a number > 0 m)"


def test_a_cell_that_shows_no_error_has_no_sentence(excel: ExcelApplication, server: Server) -> None:
    server.answer = lambda _name, _given: "#DHERR|2036|old"
    excel.evaluate("DH_LHD(1, 2)")
    assert excel.evaluate('DH_WHY(Worksheets("Model").Range("A2"))') == "no error"
    place(excel, "Model", "C2").vba_set("Formula", "=DH_LHD()")
    assert str(excel.evaluate('DH_WHY(Worksheets("Model").Range("C2"))')).startswith("no sentence is kept: calculate")


def test_cells_that_await_their_calculation_are_waited_for(
    excel: ExcelApplication, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel calls a function before the cells it refers to are calculated, blank then, and once more after."""
    known = Range._vba_members["hasformula"]
    formulas = {(20, 1): True, (20, 3): NULL}  # by first row and number of rows
    told = replace(
        known, getter=lambda self: formulas.get((self.vba_get("Row"), self.vba_get("Rows").vba_get("Count")), False)
    )
    monkeypatch.setitem(Range._vba_members, "hasformula", told)
    for address in ("A20", "A20:A22"):
        assert str(excel.evaluate(f'DH_LOAD_DURATION(Worksheets("Model").Range("{address}"))')) == "Error 2042"
    assert server.asked == []
    assert "waits for cells" in why(excel, "A2")
    excel.sheet("Model").set_value("A20", 1.0)
    excel.sheet("Model").set_value("A22", 2.0)
    excel.evaluate('DH_LOAD_DURATION(Worksheets("Model").Range("A20:A22"))')
    assert server.asked == [("DH_LOAD_DURATION", [[[1.0], [None], [2.0]]])]


def test_a_whole_column_is_refused_with_a_sentence(excel: ExcelApplication, server: Server) -> None:
    assert str(excel.evaluate('DH_LOAD_DURATION(Worksheets("Model").Range("A:A"))')) == "Error 2015"
    assert server.asked == []
    assert "leave out whole columns" in why(excel, "A2")


def test_a_dead_python_is_started_anew(excel: ExcelApplication, server: Server) -> None:
    excel.evaluate("DH_LHD(1, 2)")
    server.dies = 1
    assert excel.evaluate("DH_LHD(3, 4)") == 2.0
    assert server.started == 2


def test_without_a_worksheet_in_front_python_is_looked_for_again(
    excel: ExcelApplication, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xlwings reads its settings through the sheet in front; a program that opens a workbook unseen has none."""
    with monkeypatch.context() as patch:
        unseen = replace(Application._vba_members["activesheet"], getter=lambda _self: NOTHING)
        patch.setitem(Application._vba_members, "activesheet", unseen)
        excel.run("StubPython", "gone")
        assert str(excel.evaluate("DH_LHD(1, 2)")) == "Error 2029"
        excel.run("DhxlOpened")
        assert excel.application.status_bar is False
    excel.run("StubPython", "")
    assert excel.evaluate("DH_LHD(1, 2)") == 2.0


def test_errors_inside_an_array_stand_in_their_own_cells(excel: ExcelApplication, server: Server) -> None:
    server.answer = lambda _name, _given: [[1.0, "#DHERR|2015|one"], ["text", "#DHERR|2042|two"]]
    found = python(excel.evaluate("DH_LOAD_DURATION(1)"))
    assert [[str(one) for one in row] for row in found] == [["1.0", "Error 2015"], ["text", "Error 2042"]]
    assert why(excel, "B2") == "one"
    assert why(excel, "B3") == "two"
    assert why(excel, "A2") == NOT_KEPT


def test_one_error_for_a_whole_array_explains_every_cell_of_it(excel: ExcelApplication, server: Server) -> None:
    server.caller = place(excel, "Model", "C3:D6")
    server.answer = lambda _name, _given: "#DHERR|2015|all of it"
    excel.evaluate("DH_LOAD_DURATION(1)")
    assert [why(excel, cell) for cell in ("C3", "D6", "E6", "B3")] == ["all of it"] * 2 + [NOT_KEPT] * 2


def test_a_new_answer_forgets_the_errors_of_the_old_one(excel: ExcelApplication, server: Server) -> None:
    server.answer = lambda _name, _given: [[1.0, "#DHERR|2015|one"]]
    excel.evaluate("DH_LOAD_DURATION(1)")
    server.answer = lambda _name, _given: [["#DHERR|2015|two", 1.0]]
    excel.evaluate("DH_LOAD_DURATION(1)")
    assert [why(excel, cell) for cell in ("A2", "B2")] == ["two", NOT_KEPT]


def test_without_python_a_function_is_unknown_and_python_is_looked_for_once(
    excel: ExcelApplication, server: Server
) -> None:
    excel.run("StubPython", "C:\\gone\\python.exe")
    assert str(excel.evaluate("DH_LHD(1, 2)")) == "Error 2029"
    assert "Python is no longer at C:\\gone" in why(excel, "A2")
    excel.run("StubPython", "C:\\python.exe")
    assert str(excel.evaluate("DH_LHD(1, 2)")) == "Error 2029"
    excel.run("DhxlRecalculate")
    assert excel.evaluate("DH_LHD(1, 2)") == 2.0


def test_an_interpreter_that_was_never_set_up_is_told_by_name(excel: ExcelApplication) -> None:
    excel.run("StubPython", "%DHXL_PYTHON%")
    assert "dhxl setup" in str(excel.run("DhxlMissing"))


def test_on_a_mac_buttons_reach_python_and_functions_do_not(excel: ExcelApplication, server: Server) -> None:
    """A copy of the workbook is saved before, since Python cannot ask Excel for one there."""
    server.system = "Macintosh (Intel) 14.5"
    assert str(excel.evaluate("DH_LHD(1, 2)")) == "Error 2029"
    assert "Windows" in why(excel, "A2")
    excel.run("DhxlTornado")
    wanted = "import dhxl.macros; dhxl.macros.tornado(copy='/Users/ann/dhxl-copy.xlsm')"
    assert excel.run("StubStatements") == wanted
    assert excel.application.enable_events is True
    excel.run("DhxlHelp")
    assert str(excel.run("StubStatements")).endswith("show_help()")


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.macro)
def test_a_button_runs_one_statement_of_python(excel: ExcelApplication, button: Any) -> None:
    excel.run(button.macro)
    assert excel.run("StubStatements") == MACROS[button.macro].statement()


def test_each_macro_of_python_has_its_button() -> None:
    assert {button.macro for button in BUTTONS} == set(MACROS)


def test_a_button_without_python_shows_one_message(excel: ExcelApplication) -> None:
    excel.run("StubPython", "C:\\gone\\python.exe")
    excel.run("DhxlTornado")
    assert len(excel.dialogs) == 1
    assert "dhxl doctor" in str(excel.dialogs[0])
    assert str(excel.run("StubStatements")) == ""


def test_what_python_leaves_behind_when_it_ends_in_a_button_is_put_back(excel: ExcelApplication) -> None:
    excel.run("StubBreaks", True)
    excel.run("DhxlTornado")
    found = excel.application
    assert (found.enable_events, found.display_alerts, found.screen_updating) == (True, True, True)
    assert (found.calculation, found.status_bar) == (-4105, False)


def test_recalculating_asks_anew_whether_the_functions_are_at_hand(excel: ExcelApplication) -> None:
    """Otherwise a workbook that was saved without Python would show saved results until an input changes."""
    place(excel, "Model", "A1").vba_set("Formula", "=A7=1")
    entered: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        spy = replace(Range._vba_members["formula"], setter=lambda self, text: entered.append(str(text)))
        patch.setitem(Range._vba_members, "formula", spy)
        excel.run("DhxlTornado")
        excel.run("DhxlRecalculate")
    assert entered == ["=A7=1"]


def test_opening_registers_the_texts_and_says_so_in_the_status_bar(excel: ExcelApplication) -> None:
    excel.run("DhxlOpened")
    told = str(excel.run("StubTold")).splitlines()
    assert len(told) == len(REGISTRY)
    assert told[0].startswith("'small.xlsm'!DH_LHD|DH Network|Linear heat density")
    assert any("·" in line for line in told)
    assert "functions are at hand" in str(excel.application.status_bar)
    assert excel.dialogs == []


def test_a_signed_workbook_keeps_its_signature(excel: ExcelApplication, server: Server) -> None:
    """Texts of the wizard are written into the project."""
    server.signed = True
    excel.run("DhxlOpened")
    assert str(excel.run("StubTold")) == ""
    assert "functions are at hand" in str(excel.application.status_bar)


def test_opening_without_python_falls_back_to_saved_results(excel: ExcelApplication) -> None:
    place(excel, "Model", "A1").vba_set("Formula", "=A7=0")
    excel.sheet("Model").set_value("A7", 0)
    entered: list[str] = []
    told = Range._vba_members["formula"]
    with pytest.MonkeyPatch.context() as patch:
        spy = replace(told, setter=lambda self, text: entered.append(str(text)))
        patch.setitem(Range._vba_members, "formula", spy)
        excel.run("StubPython", "C:\\gone\\python.exe")
        excel.run("DhxlOpened")
    assert entered == ["=A7=0"]
    assert "The saved results are shown" in str(excel.application.status_bar)


@pytest.mark.parametrize("clean", [True, False])
def test_opening_leaves_the_workbook_as_saved_or_unsaved_as_it_was(excel: ExcelApplication, clean: bool) -> None:
    """Texts of the function wizard are written into the workbook, which Excel then takes for changed."""
    excel.application.vba_get("ThisWorkbook").saved = clean
    excel.run("DhxlOpened")
    assert excel.run("StubTold")
    assert excel.application.vba_get("ThisWorkbook").saved is clean


def test_opening_asks_python_for_nothing(excel: ExcelApplication, server: Server) -> None:
    excel.run("DhxlOpened")
    assert server.asked == []


def test_a_workbook_of_other_functions_says_so_once(excel: ExcelApplication, server: Server) -> None:
    server.greeting = "dhxl: this workbook knows others"
    excel.evaluate("DH_LHD(1, 2)")
    excel.run("DhxlCalculated")
    assert excel.application.status_bar == server.greeting
    excel.run("DhxlQuiet")
    excel.run("DhxlCalculated")
    assert excel.application.status_bar is False


def test_saving_keeps_the_values_of_live_cells_as_constants(excel: ExcelApplication) -> None:
    assert excel.run("DhxlSnapshot") == ""
    assert value(excel, "Saved", "A2") == 2.5
    assert value(excel, "Saved", "A3") == "1-2"
    assert value(excel, "Saved", "A5") == "=text"
    assert value(excel, "Saved", "A1") == "2026-01-01 10:00"


def test_a_second_save_changes_nothing(excel: ExcelApplication, server: Server) -> None:
    excel.run("DhxlSnapshot")
    server.moment = "2026-01-01 11:00"
    assert excel.run("DhxlSnapshot") == ""
    assert value(excel, "Saved", "A1") == "2026-01-01 10:00"


def test_an_empty_text_is_saved_as_a_text(excel: ExcelApplication) -> None:
    """A blank cell would show as 0 where formulas fall back to the saved values."""
    place(excel, "Model", "A4").vba_set("Formula", '=""')
    excel.run("DhxlSnapshot")
    assert (value(excel, "Saved", "A4"), value(excel, "Saved", "A5")) == ("", "=text")


def test_a_copied_sheet_and_names_of_the_users_own_do_not_keep_results_from_being_saved(
    excel: ExcelApplication,
) -> None:
    """The small workbook has such names: a constant, one without a partner, and sheets' own ones."""
    assert excel.run("DhxlSnapshot") == ""
    assert value(excel, "Saved", "A2") == 2.5
    assert value(excel, "live_sheet", "B2") is None


def test_where_excel_saves_by_itself_results_are_saved_on_closing(excel: ExcelApplication, server: Server) -> None:
    """A snapshot every few seconds would empty the list of Undo each time."""
    server.autosaved = True
    excel.run("DhxlBeforeSave")
    assert value(excel, "Saved", "A2") is None
    excel.run("DhxlBeforeClose")
    assert value(excel, "Saved", "A2") == 2.5


def test_closing_saves_nothing_where_the_user_saves(excel: ExcelApplication) -> None:
    excel.run("DhxlBeforeClose")
    assert value(excel, "Saved", "A2") is None


def test_what_keeps_results_from_being_saved_stands_in_the_status_bar(excel: ExcelApplication) -> None:
    place(excel, "Model", "A4").vba_set("Value2", VBAErrorValue(2036))
    excel.run("DhxlBeforeSave")
    wanted = "dhxl: the saved results stay as they were: live_block is in error"
    assert excel.application.status_bar == wanted


def test_saving_without_python_says_nothing(excel: ExcelApplication) -> None:
    excel.sheet("Model").set_value("A1", False)
    excel.run("DhxlBeforeSave")
    assert excel.application.status_bar is False


def test_saving_puts_the_application_back_as_it_was(excel: ExcelApplication) -> None:
    excel.application.calculation = -4105
    excel.run("DhxlBeforeSave")
    assert (excel.application.calculation, excel.application.screen_updating, excel.application.enable_events) == (
        -4105,
        True,
        True,
    )


def test_what_was_saved_comes_back_as_it_was_where_saving_fails_half_way(tmp_path: Path, server: Server) -> None:
    """The name of the time is gone, so that the last write fails."""
    app = interpreted(tmp_path / "small.xlsm", server, lambda _, data: data.replace(b'"saved_at"', b'"saved_then"'))
    before = {"A2": 1.0, "A3": "3-4", "A4": None, "A5": "=old"}
    for address, one in before.items():
        if one is not None:
            place(app, "Saved", address).vba_set("Value2", f"'{one}" if isinstance(one, str) else one)
    assert app.run("DhxlSnapshot") != ""
    assert {address: value(app, "Saved", address) for address in before} == before
    assert (app.application.screen_updating, app.application.enable_events) == (True, True)


@pytest.mark.parametrize("obstacle", ["engine", "busy", "error", "python", "formula"])
def test_nothing_is_saved_while_results_are_not_whole(excel: ExcelApplication, obstacle: str) -> None:
    if obstacle == "engine":
        excel.sheet("Model").set_value("A1", False)
    elif obstacle == "busy":
        excel.run("StubBusy", True)
    elif obstacle == "error":
        place(excel, "Model", "A4").vba_set("Value2", VBAErrorValue(2036))
    elif obstacle == "formula":
        place(excel, "Saved", "A5").vba_set("Formula", "=Model!A5")
    else:
        excel.run("StubPython", "gone")
    excel.run("DhxlBeforeSave")
    assert value(excel, "Saved", "A2") is None
    assert value(excel, "Saved", "A1") is None
