"""The macros in LibreOffice: its compiler takes the modules, its buttons find them, and each runs up to Python.

xlwings' two modules do not compile there, so stand-ins take their place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyopenvba import ExcelFile

from dhxl.macros import MACROS
from dhxl.workbook.sheets.buttons import BUTTONS
from dhxl.workbook.vba import vba_modules
from tests.conftest import REPOSITORY
from tests.libreoffice import Office
from tests.workbook.vba_books import IN_LIBREOFFICE, NO_DICTIONARY, small_book

pytestmark = pytest.mark.libreoffice
OPENED = """
options = (_property("Hidden", True), _property("MacroExecutionMode", 4))
url = uno.systemPathToFileUrl(arguments["path"])
book = _running["desktop"].loadComponentFromURL(url, "_blank", 0, options)
_opened.append(book)
library = book.BasicLibraries.getByName("VBAProject")

def ran(macro):
    place = "vnd.sun.star.script:VBAProject." + macro + "?language=Basic&location=document"
    return book.getScriptProvider().getScript(place).invoke((), (), ())[0]
"""
LISTED = """
book = opened(arguments["path"])
found = []
for one in book.Sheets:
    for k in range(one.DrawPage.Count):
        shape = one.DrawPage.getByIndex(k)
        if shape.supportsService("com.sun.star.drawing.ControlShape"):
            control = shape.Control
            form = control.Parent
            place = [form.getByIndex(at).Name for at in range(form.Count)].index(control.Name)
            scripts = [event.ScriptCode for event in form.getScriptEvents(place)]
            found.append([one.Name, control.Label, scripts])
library = book.BasicLibraries.getByName("VBAProject")
result = {"buttons": found, "modules": {name: library.getByName(name) for name in library.ElementNames}}
"""


@pytest.fixture(scope="module")
def shown(libreoffice: Office) -> dict[str, Any]:
    """What LibreOffice shows of the shipped workbook: its buttons, and the modules behind them."""
    result: dict[str, Any] = libreoffice.run(LISTED, path=str(libreoffice.copy(REPOSITORY / "workbook.xlsm")))
    return result


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_book(tmp_path / "small.xlsm", {"xlwings": IN_LIBREOFFICE, "Dictionary": NO_DICTIONARY})


def test_all_buttons_stand_on_the_cover(shown: dict[str, Any]) -> None:
    assert [label for sheet, label, _ in shown["buttons"] if sheet == "Cover"] == [one.caption for one in BUTTONS]


def test_each_button_runs_a_macro_that_is_there(shown: dict[str, Any]) -> None:
    macros = {button.caption: button.macro for button in BUTTONS}
    for sheet, label, scripts in shown["buttons"]:
        (called,) = (re.match(r"vnd\.sun\.star\.script:VBAProject\.(\w+)\.(\w+)\?", script) for script in scripts)
        assert called is not None, (sheet, label)
        module, macro = called.groups()
        assert macro == macros[label]
        assert re.search(rf"^Public Sub {macro}\(\)", shown["modules"][module], re.MULTILINE), (sheet, label)


def test_the_statement_of_each_button_reaches_python(libreoffice: Office, small: Path) -> None:
    """Python answers without having been asked: LibreOffice knows no object with a method named Call."""
    call = vba_modules()["DhxlCall"]
    greeted = re.sub(r"(?s)    Set server = XLPy\(\)\r\n    notice = .*?\)\)\r\n", "", call)
    assert greeted != call
    with ExcelFile(small) as file:
        file.set_module("DhxlCall", greeted)
        file.save()
    source = OPENED + (
        "result = {}\n"
        'for macro in arguments["macros"]:\n'
        '    ran("DhxlMacros." + macro)\n'
        '    result[macro] = cell(book, "Model", "H20").String\n'
    )
    macros = [button.macro for button in BUTTONS]
    found = libreoffice.run(source, path=str(libreoffice.copy(small)), macros=macros)
    assert found == {macro: MACROS[macro].statement() for macro in macros}


def test_every_module_of_ours_compiles(libreoffice: Office, small: Path) -> None:
    """A function put at a module's end answers only where the whole module compiles."""
    source = OPENED + (
        "result = {}\n"
        'for name in arguments["modules"]:\n'
        '    text = library.getByName(name) + "\\nPublic Function Compiled()\\nCompiled = 1\\nEnd Function\\n"\n'
        "    library.replaceByName(name, text)\n"
        '    result[name] = ran(name + ".Compiled")\n'
    )
    ours = [name for name in vba_modules() if name.startswith("Dhxl")]
    assert libreoffice.run(source, path=str(libreoffice.copy(small)), modules=ours) == dict.fromkeys(ours, 1)
