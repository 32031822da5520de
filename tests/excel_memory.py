"""A workbook open in an Excel that lives in memory: an engine of xlwings' public base classes over a workbook file.

It holds values, names and formulas, reads what is entered as Excel does (an apostrophe makes a text of it), saves
copies of its present state and keeps every message. It does not calculate. Anything can be made to fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings
from xlwings import base_classes

from dhxl.workbook.names import Reference, reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values, without_caches
from dhxl.workbook.values import ERROR_CODES, ErrorValue

_ENTERED_NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?%?", re.IGNORECASE)
_ENTERED_DATE = re.compile(r"\d+[-/.]\d+([-/.]\d+)?( \d+:\d+)?")
NATIVE = SimpleNamespace()  # what stands for an object of the spreadsheet program
SETTINGS = {
    "screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic",
    "status_bar": False,
}  # fmt: skip


class ExcelRefuses(Exception):
    """What a COM error is elsewhere."""


@dataclass
class Excel:
    """The state of the application, what was done to it, and what fails in it."""

    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))
    texts: list[str] = field(default_factory=list)  # of the status bar
    alerts: list[tuple[str, str]] = field(default_factory=list)  # kind and message
    calculations: int = 0
    shown: list[str] = field(default_factory=list)  # sheets that were brought to the front
    selection: Any = None
    on_write: Callable[[Reference], None] = lambda _place: None
    on_setting: Callable[[str, Any], None] = lambda _name, _value: None
    on_copy: Callable[[Path], None] = lambda _path: None


class Engine:
    """The engine that xlwings finds behind the application."""

    name = "memory"
    type = "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Any,
        _dates: Any,
        empty_as: Any,
        _numbers: Any,
        err_to_str: bool,
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if isinstance(value, ErrorValue):
                return value.code if err_to_str else None
            return empty_as if value in ("", None) else value

        return [[clean(value) for value in row] for row in data]


class App(base_classes.App):
    api = NATIVE
    engine = Engine()
    pid = 1

    def __init__(self, excel: Excel, book: Book) -> None:
        self.excel = excel
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, App) and other.excel is self.excel

    __hash__ = None  # type: ignore[assignment]

    @property
    def selection(self) -> Any:
        return self.excel.selection

    def calculate(self) -> None:
        self.excel.calculations += 1

    def alert(self, prompt: Any, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        assert title == "dhxl"
        self.excel.alerts.append((mode, prompt))
        return "ok"


def _setting(name: str) -> property:
    def read(self: App) -> Any:
        return self.excel.settings[name]

    def write(self: App, value: Any) -> None:
        self.excel.on_setting(name, value)
        self.excel.settings[name] = value
        if name == "status_bar" and value is not False:
            self.excel.texts.append(value)

    return property(read, write)


for _name in SETTINGS:
    setattr(App, _name, _setting(_name))


class Book(base_classes.Book):
    def __init__(self, path: Path, excel: Excel, fullname: str | None = None) -> None:
        self.path = path
        self.excel = excel
        self.package = Package.open(path)
        self.edits: dict[tuple[str, int, int], Any] = {}
        self._fullname = fullname

    @property
    def api(self) -> Any:
        return SimpleNamespace(SaveCopyAs=self._save_copy)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fullname(self) -> str:
        if self._fullname is not None:
            raise xlwings.XlwingsError("no local file of this address")
        return str(self.path)

    @property
    def app(self) -> App:
        return App(self.excel, self)

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    def value(self, sheet: str, row: int, col: int) -> Any:
        key = (sheet, row, col)
        return self.edits[key] if key in self.edits else self.package.cells(sheet).value(row, col)

    def enter(self, sheet: str, row: int, col: int, value: Any) -> None:
        self.edits[sheet, row, col] = _as_entered(value)

    def _save_copy(self, path: str) -> None:
        assert self.excel.settings["enable_events"] is False
        assert self.excel.settings["calculation"] == SETTINGS["calculation"]  # Excel stores the mode in the copy
        self.excel.on_copy(Path(path))
        parts = {}
        for sheet in {key[0] for key in self.edits}:
            values = {key[1:]: value for key, value in self.edits.items() if key[0] == sheet}
            parts[self.package.sheet(sheet).part] = with_values(self.package.cells(sheet), values)
        edited = self.package.with_parts(parts)
        # what was typed is calculated in Excel; here nothing calculates, so the copy has no results at all
        sheets = [sheet for sheet in edited.sheets if parts and sheet.kind == "worksheet"]
        bare = {sheet.part: without_caches(edited.cells(sheet.name)) for sheet in sheets}
        Path(path).write_bytes(edited.rebuilt(bare))


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    def __call__(self, name: str) -> Sheet:
        return Sheet(self.book, self.book.package.sheet(name).name)

    def __len__(self) -> int:
        return len(self.book.package.sheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, one.name) for one in self.book.package.sheets)


class Sheet(base_classes.Sheet):
    api = NATIVE

    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def book(self) -> Book:
        return self._book

    def activate(self) -> None:
        self._book.excel.shown.append(self._name)

    def range(self, first: Any, last: Any = None) -> Range:
        rows = [corner for one in (first, last) if one is not None for corner in _corners(one)]
        top, left = min(row for row, _ in rows), min(col for _, col in rows)
        bottom, right = max(row for row, _ in rows), max(col for _, col in rows)
        return Range(self, Reference(self._name, top, left, bottom, right))


def _corners(one: Any) -> list[tuple[int, int]]:
    if isinstance(one, Range):
        place = one.place
        return [(place.first_row, place.first_col), (place.last_row, place.last_col)]
    return [one] if len(one) == 2 else [one[:2], (one[0] + one[2] - 1, one[1] + one[3] - 1)]


class Range(base_classes.Range):
    api = NATIVE
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Sheet, place: Reference) -> None:
        self.sheet = sheet
        self.place = place

    @property
    def row(self) -> int:
        return self.place.first_row

    @property
    def column(self) -> int:
        return self.place.first_col

    @property
    def shape(self) -> tuple[int, int]:
        return self.place.rows, self.place.columns

    def __len__(self) -> int:
        return self.place.rows * self.place.columns

    @property
    def address(self) -> str:
        return self.place.address.rpartition("!")[2]

    def __call__(self, row: int, col: int | None = None) -> Range:
        if col is None:
            row, col = divmod(row - 1, self.place.columns)
            row, col = row + 1, col + 1
        return self.sheet.range((self.row + row - 1, self.column + col - 1))

    @property
    def raw_value(self) -> Any:
        book, width = self.sheet.book, self.place.columns
        values = [book.value(self.sheet.name, *at) for at in self.place.cells()]
        if len(values) == 1:
            return values[0]
        return tuple(tuple(values[start : start + width]) for start in range(0, len(values), width))

    @raw_value.setter
    def raw_value(self, rows: Any) -> None:
        book = self.sheet.book
        book.excel.on_write(self.place)
        values = [value for row in rows for value in row] if isinstance(rows, (list, tuple)) else [rows] * len(self)
        for at, value in zip(self.place.cells(), values, strict=True):
            book.enter(self.sheet.name, *at, value)

    @property
    def formula(self) -> str:
        cell = self.sheet.book.package.cells(self.sheet.name).cells.get((self.row, self.column))
        if cell is not None and cell.formula is not None:
            return f"={cell.formula}"
        value = self.raw_value
        return "" if value is None else str(value)


class Names(base_classes.Names):
    def __init__(self, book: Book) -> None:
        self.book = book

    def contains(self, name: str) -> bool:
        return self.book.package.defined_name(name) is not None

    def __call__(self, name: str) -> Name:
        return Name(self.book, name)


class Name(base_classes.Name):
    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        self._name = name

    @property
    def refers_to_range(self) -> Range:
        place = self.book.package.resolve(self._name)
        return Range(Sheet(self.book, self.book.package.sheet(place.sheet).name), place)


def _as_entered(value: Any) -> Any:
    """Return what Excel makes of an entry; dates become 45000.0."""
    if not isinstance(value, str):
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if value.startswith("'"):
        return value[1:]
    if value in ERROR_CODES:
        return ErrorValue(value)
    if value.upper() in ("TRUE", "FALSE"):
        return value.upper() == "TRUE"
    assert not value.startswith("="), f"a formula was entered: {value}"
    if _ENTERED_DATE.fullmatch(value):
        return 45000.0
    return float(value) if _ENTERED_NUMBER.fullmatch(value) else value or None


def opened(path: Path, fullname: str | None = None) -> tuple[xlwings.Book, Excel]:
    """Return a workbook as xlwings shows it, and the Excel that it is open in.

    ``fullname`` is the address of a workbook in a cloud.
    """
    excel = Excel()
    return xlwings.Book(impl=Book(path, excel, fullname)), excel


def at(book: xlwings.Book, address: str) -> Any:
    """Return the range of an address such as ``Prices!D2``, for the selection."""
    place = reference_of(address)
    assert place is not None
    return Sheet(book.impl, place.sheet).range((place.first_row, place.first_col))
