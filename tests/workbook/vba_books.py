"""Small macro workbooks with a stand-in for xlwings' module, and an interpreter of VBA that runs them.

The interpreter (pyOpenVBA) lacks a few members of Excel and some spellings; those are put in, or taken out of the copy
that it runs. What runs otherwise is the source that goes into workbooks.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBAInt

from dhxl.functions.cells import LEFT_OUT
from dhxl.workbook import vba
from dhxl.workbook.sheets.hidden import SETTINGS, setting_rows
from dhxl.workbook.vba import vba_modules
from tests.workbook.books import rezipped

STUB = """\
Attribute VB_Name = "xlwings"
Public Statements As String
Public Told As String
Public Busy As Boolean
Public Asked As Boolean
Public Copied As String
Public Python As String
Public Breaks As Boolean
Public Function RunPython(PythonCommand As String)
    Statements = Statements & PythonCommand
    If Not Breaks Then Exit Function
    Application.EnableEvents = False
    Application.DisplayAlerts = False
    Application.ScreenUpdating = False
    Application.Calculation = xlCalculationManual
    Application.StatusBar = "dhxl: ..."
    RunPython = -1
End Function
Public Sub StubBreaks(ByVal state As Boolean)
    Breaks = state
End Sub
Public Function StubStatements() As String
    StubStatements = Statements
    Statements = ""
End Function
Public Sub StubPython(ByVal program As String)
    Python = program
End Sub
Public Sub StubBusy(ByVal state As Boolean)
    Busy = state
End Sub
Public Sub StubWizard(ByVal state As Boolean)
    Asked = state
End Sub
Public Function GetConfig(configKey As String, Optional default As String = "") As Variant
    GetConfig = Python
    If Python = "" Then GetConfig = "python.exe"
End Function
Public Function FileExists(ByVal FileSpec As String) As Boolean
    FileExists = InStr(FileSpec, "gone") = 0
End Function
"""
INTERPRETED = """\
Public Function XLPy()
    Set XLPy = Application.StubServer
End Function
Public Sub StubOptions(ByVal Macro As String, ByVal Description As String, ByVal Category As String, \
Optional ByVal ArgumentDescriptions As Variant)
    ThisWorkbook.Saved = False
    Told = Told & Macro & "|" & Category & "|" & Description & "|" & Join(ArgumentDescriptions, "|") & vbLf
End Sub
Public Function StubTold() As String
    StubTold = Told
End Function
"""
# LibreOffice forgets the variables of modules between calls, so a cell keeps what would run; its own FileExists wins.
IN_LIBREOFFICE = """\
Attribute VB_Name = "xlwings"
Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Worksheets(1).Range("H20").Value = PythonCommand
End Function
Public Function GetConfig(configKey As String, Optional default As String = "") As Variant
    GetConfig = "PYTHON"
End Function
Public Function XLPy()
    Err.Raise 1000, , "no server in this test"
End Function
""".replace("PYTHON", sys.executable)
NO_DICTIONARY = """\
Option Explicit
Public Function Exists(ByVal key As Variant) As Boolean
End Function
"""


@dataclass
class Server:
    """What stands in for the server of Python: what it was asked, and what it answers."""

    answer: Callable[[str, list[Any]], Any]
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)
    greeting: str = ""
    moment: str = "2026-01-01 10:00"
    started: int = 0
    autosaved: bool = False
    signed: bool = False
    dies: int = 0  # calls that find Python gone
    caller: Any = None
    system: str = "Windows (64-bit) NT 10.00"


class _ServerObject(VBAObject):
    vba_type_name = "Server"

    def __init__(self, server: Server) -> None:
        self.server = server
        server.started += 1

    @member(kind="method")
    def CallUDF(self, module: object, function: object, given: Any) -> object:
        assert str(module) == "dhxl.hosts.excel"
        if self.server.dies:
            self.server.dies -= 1
            raise VBARuntimeError(462, "The remote server machine does not exist or is unavailable")
        values = [python(value) for value in given.items]
        self.server.asked.append((str(function), values))
        return vba_value(self.server.answer(str(function), values))

    @member(kind="method")
    def Module(self, name: object) -> object:
        assert str(name) == "dhxl.hosts.versions"
        return name

    @member(kind="method", name="Tuple")
    def tuple_(self, *parts: object) -> object:
        return "tuple"

    @member(kind="method", name="Str")
    def text(self, one: object) -> object:
        return one

    @member(kind="method", name="Call")
    def call(self, module: object, function: object, given: object) -> object:
        return {"moment": self.server.moment, "greeting": self.server.greeting}[str(function)]


def small_book(path: Path, modules: dict[str, str] | None = None) -> Path:
    """Write a workbook with one live block, its saved block and an engine that is live; return its path.

    Among its names are some of a user's own, and those that copying a sheet makes.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    book.set_vba_name("ThisWorkbook")
    model, saved, other = (book.add_worksheet(name) for name in ("Model", "Saved", "live_sheet"))
    for sheet in (model, saved, other):
        sheet.set_vba_name(sheet.name)
    model.write_boolean(0, 0, True)
    model.write_number(1, 0, 2.5)
    for row, text in ((2, "1-2"), (4, "=text")):
        model.write_string(row, 0, text)
    model.write_row(7, 0, (6000, 3000))
    for name, place in (
        ("engine_live", "Model!$A$1"),
        ("live_block", "Model!$A$2:$A$5"),
        ("saved_block", "Saved!$A$2:$A$5"),
        ("saved_at", "Saved!$A$1"),
        ("live_own", "Model!$A$8:$B$8"),
        ("live_rate", "0.05"),
        ("saved_rate", "Model!$B$8"),
        ("live_sheet!engine_live", "live_sheet!$A$1"),
        ("live_sheet!live_block", "live_sheet!$A$2:$A$5"),
        ("live_sheet!saved_block", "live_sheet!$B$2:$B$5"),
        ("live_sheet!other", "live_sheet!$B$1"),
    ):
        book.define_name(name, "=" + place)
    settings = book.add_worksheet(SETTINGS)
    settings.set_vba_name("Settings")
    for row, told in enumerate(setting_rows()):
        settings.write_row(row, 0, told)
    settings.very_hidden()
    model.insert_button("D1", {"macro": "DhxlTornado", "caption": "Tornado"})
    book.close()
    vba.as_macro_workbook(stream.getvalue(), path)
    if modules:
        with ExcelFile(path) as file:
            for name, source in modules.items():
                file.set_module(name, crlf(source))
            file.save()
    return path


def interpreted(
    path: Path, server: Server, change: Callable[[str, bytes], bytes] = lambda _name, data: data
) -> ExcelApplication:
    """Return an Excel in memory with a small workbook open whose macros reach a stand-in for Python.

    ``change`` gets the name and the content of each part of the workbook and returns its content.
    """
    path.write_bytes(rezipped(_interpretable(), change))
    members: dict[str, tuple[type, Callable[[Any], Any]]] = {
        "StubServer": (Application, lambda _self: _ServerObject(server)),
        "Caller": (Application, lambda _self: server.caller),
        "OperatingSystem": (Application, lambda _self: server.system),
        "AutoSaveOn": (Workbook, lambda _self: server.autosaved),
        "VBASigned": (Workbook, lambda _self: server.signed),
    }
    for name, (owner, getter) in members.items():
        owner._vba_members[name.lower()] = MemberSpec(name=name, kind="property", getter=getter)
    app = ExcelApplication.open(path)
    server.caller = place(app, "Model", "A2")
    return app


@cache
def _interpretable() -> bytes:
    modules = {name: _spelled(source) for name, source in vba_modules().items()} | {"xlwings": STUB + INTERPRETED}
    with tempfile.TemporaryDirectory() as folder:
        return small_book(Path(folder) / "small.xlsm", modules).read_bytes()


def place(app: ExcelApplication, sheet: str, address: str) -> Any:
    """Return a range as VBA has it."""
    return app.interpreter.host.evaluate_bracket(f"{sheet}!{address}")


def python(value: Any) -> Any:
    """Return a value of the interpreter as Python has it: an array as rows."""
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            return [python(one) for one in value.items]
        (top, bottom), (left, right) = value.bounds
        return [
            [python(value.items[value.offset([r, c])]) for c in range(left, right + 1)] for r in range(top, bottom + 1)
        ]
    if value is MISSING:
        return LEFT_OUT
    if value is EMPTY:
        return None
    return float(value) if isinstance(value, VBAInt) else value


def vba_value(value: Any) -> Any:
    """Return a value as COM gives it to VBA: rows as an array of two dimensions from 0."""
    if not isinstance(value, list):
        return value
    array = VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)])
    for r, row in enumerate(value):
        for c, one in enumerate(row):
            array.items[array.offset([r, c])] = one
    return array


def crlf(source: str) -> str:
    """Return a source with the line ends that VBA needs."""
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


def _spelled(source: str) -> str:
    """Return a source without what the interpreter does not know."""
    source = re.sub(r"(?m)^Attribute \w+\.VB_.*\n", "", source.replace("\r\n", "\n"))
    source = re.sub(r"\bVBA\.", "", source)
    for unknown, stand_in in (
        ("Application.CalculationState <> xlDone", "Busy"),
        ("Application.MacroOptions", "StubOptions"),
        ('Not Application.CommandBars("Standard").Controls(1).Enabled', "Asked"),
        ('Environ$("HOME")', '"/Users/ann"'),
        ("ThisWorkbook.SaveCopyAs path", "Copied = path"),
    ):
        source = source.replace(unknown, stand_in)
    return source
