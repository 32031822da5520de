"""xlwings' own server for worksheet functions, run without Windows: only the modules of pywin32 are stand-ins.

``xlwings._xlwindows``, ``xlwings.udfs`` and ``xlwings.com_server`` are the installed ones.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import xlwings

MISSING = -2147352572  # DISP_E_PARAMNOTFOUND, what COM passes for an argument that was left out
RANGE_CLASS = "{00020846-0000-0000-C000-000000000046}"
SERVER_MODULES = ("xlwings._win32patch", "xlwings._xlwindows", "xlwings.udfs", "xlwings.com_server")
HOST = "dhxl.hosts.excel"


class ComTime(datetime):
    """A date as pywin32 passes it: the time on the sheet, stated to be UTC."""


def com_time(*parts: int) -> ComTime:
    return ComTime(*parts, tzinfo=UTC)


@dataclass
class ComRange:
    """What xlwings takes for a range of Excel, by its class identity; it holds values only."""

    Value2: Any

    Row = Column = 1
    Address = "$A$1"

    @property
    def Rows(self) -> Any:
        return types.SimpleNamespace(Count=len(self.Value2) if isinstance(self.Value2, tuple) else 1)

    @property
    def Columns(self) -> Any:
        return types.SimpleNamespace(Count=len(self.Value2[0]) if isinstance(self.Value2, tuple) else 1)

    @property
    def Worksheet(self) -> Any:
        book = types.SimpleNamespace(Application=types.SimpleNamespace(Hwnd=1))
        return types.SimpleNamespace(Parent=book)

    @property
    def _oleobj_(self) -> Any:
        attributes = types.SimpleNamespace(iid=RANGE_CLASS)
        information = types.SimpleNamespace(GetTypeAttr=lambda: attributes)
        return types.SimpleNamespace(GetTypeInfo=lambda: information)


@dataclass(frozen=True)
class Server:
    """The COM object that VBA calls, and its modules."""

    host: types.ModuleType
    udfs: types.ModuleType
    xlpython: Any

    def call(self, name: str, *arguments: Any) -> Any:
        """Return what VBA gets from ``server.CallUDF(module, name, Array(arguments))``, as DhxlCall asks it."""
        return self.xlpython.CallUDF(HOST, name, tuple(arguments))


def _module(name: str, **content: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(content)
    return module


def _class(name: str) -> type:
    return type(name, (), {})


def _itself(value: Any) -> Any:
    return value


class _ComError(Exception):
    hresult = 0


def _stand_ins() -> dict[str, types.ModuleType]:
    """Return modules of pywin32 with as much in them as the import of xlwings' Windows side asks for."""

    def unwrap(value: Any) -> Any:
        raise _ComError("no object of Python")

    client = _module(
        "win32com.client", CDispatch=_class("CDispatch"), CoClassBaseClass=_class("CoClassBaseClass"),
        DispatchBaseClass=_class("DispatchBaseClass"), Dispatch=_itself, DispatchEx=_itself,
    )  # fmt: skip
    util = _module("win32com.server.util", wrap=lambda value, *_: value, unwrap=unwrap)
    dispatcher, policy = _module("win32com.server.dispatcher"), _module("win32com.server.policy")
    server = _module("win32com.server", util=util, dispatcher=dispatcher, policy=policy)
    python_com = _module(
        "pythoncom", CoInitialize=lambda: None, IID_IDispatch="IDispatch",
        TypeIIDs={"IDispatch": _class("PyIDispatch")}, com_error=_ComError, __file__="pythoncom.dll",
    )  # fmt: skip
    stand_ins = [
        python_com, _module("pywintypes", TimeType=ComTime, com_error=_ComError, error=_ComError, IID=str),
        _module("win32api"), _module("win32con"), _module("win32event"), _module("win32gui"),
        _module("win32process", GetWindowThreadProcessId=lambda _hwnd: (1, 1)),
        _module("win32timezone"), _module("win32com", client=client, server=server), client, server, util, dispatcher,
        policy,
    ]  # fmt: skip
    return {module.__name__: module for module in stand_ins}


@contextmanager
def excel_server() -> Iterator[Server]:
    """Yield xlwings' server with dhxl's module for Excel imported through it, as it is on Windows."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in _stand_ins().items():
            patch.setitem(sys.modules, name, module)
        for library in ("windll", "oledll"):
            patch.setattr(ctypes, library, _AnyLibrary(), raising=False)
        patch.setattr(ctypes, "PyDLL", lambda *_: _AnyLibrary())
        for name in (*SERVER_MODULES, HOST):
            patch.delitem(sys.modules, name, raising=False)
        windows = importlib.import_module("xlwings._xlwindows")
        atexit.unregister(windows.cleanup)  # it would look for Excel when the tests end
        udfs = importlib.import_module("xlwings.udfs")
        for name, decorator in (("func", udfs.xlfunc), ("arg", udfs.xlarg), ("ret", udfs.xlret)):
            patch.setattr(xlwings, name, decorator)
        engines = xlwings.engines
        patch.setitem(engines.engines_by_name, "excel", xlwings.Engine(impl=windows.engine))
        host = importlib.import_module(HOST)
        server = importlib.import_module("xlwings.com_server")
        try:
            yield Server(host, udfs, server.XLPython())
        finally:
            server.loop.close()
            for name in (*SERVER_MODULES, HOST):
                sys.modules.pop(name, None)
                vars(xlwings).pop(name.removeprefix("xlwings."), None)


class _AnyLibrary:
    """A library of Windows in which every function can be found and none is called."""

    def __getattr__(self, name: str) -> Any:
        return _AnyLibrary()

    def __call__(self, *_: Any) -> Any:
        return 0


def retold(value: Any) -> Any:
    """Return a cell or a range of dhxl as COM would pass it: rows as tuples, errors and Missing as whole numbers."""
    from dhxl.functions.cells import LEFT_OUT, CellError, is_range
    from dhxl.hosts.excel import ERROR_NUMBERS

    if value is LEFT_OUT:
        return MISSING
    if isinstance(value, CellError):
        return -2146828288 + ERROR_NUMBERS[value.code]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if is_range(value):
        rows: Sequence[Any] = value.tolist() if hasattr(value, "ndim") else value
        nested = [row if is_range(row) else [row] for row in rows]
        return tuple(tuple(map(retold, row)) for row in nested)
    return value
