"""The copy of a workbook that the calculation engine gets: same cells, formulas put the way it understands them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, unescape

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts.headless.asked import Place, asked_calls, asked_place
from dhxl.hosts.headless.copy_package import minimal_package
from dhxl.hosts.headless.engine import PLACE, is_built_in, kept_array
from dhxl.hosts.headless.limits import refuse_too_large
from dhxl.hosts.headless.translate import LEFT_OUT_FORMULA
from dhxl.workbook import patch
from dhxl.workbook.cells import SheetCells
from dhxl.workbook.formulas import function_calls, is_dh, located_calls
from dhxl.workbook.names import Reference, range_position
from dhxl.workbook.package import MOST_CELLS, Package
from dhxl.workbook.tables import Table, plain_references, tables
from dhxl.workbook.values import CellValue, ErrorValue, number_text

__all__ = ["EngineCopy", "engine_copy"]

_CALLED: Final = re.compile(r"(?<![\w.\\])([A-Za-z_\\][\w.\\]*)\s*\(")
_OTHER_WORKBOOK: Final = re.compile(r"\[[1-9]\d*\][^\[\]!,;()]*!")
_THIS_WORKBOOK: Final = re.compile(r"\[0\]!")
_DELETED: Final = re.compile(r"#REF!\.?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?")
_RANGE: Final = re.compile(r"(?<![\w.])\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}:\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(])")
_DEFINED_NAME: Final = re.compile(rb"(<(?:\w+:)?definedName\b[^<>]*>)([^<]*)(</)")
_SEVERAL_SHEETS: Final = re.compile(r"(?<![\w.!$'])(?:[^\W\d][\w.]*:[\w.]+|'[^'\[\]:]+:[^'\[\]:]+')!")
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"?')


@dataclass(frozen=True, slots=True)
class EngineCopy:
    """What the engine loads.

    ``arrays`` are the cells of the array formulas, whose keys are their places in it; ``calls`` the cells of the
    formulas that call worksheet functions, by address; ``kept`` says which cells stay at their saved values and why,
    by address.
    """

    content: bytes
    arrays: tuple[Reference, ...]
    calls: Mapping[str, Reference]
    kept: Mapping[str, str]


def engine_copy(package: Package, functions: Mapping[str, WorksheetFunction] = REGISTRY) -> EngineCopy:
    """Return the engine's copy of a workbook.

    Calls of worksheet functions learn the address of their cell and what is left out; array formulas keep their
    result for their other cells; references to tables become plain ones; formulas that refer to other workbooks or
    to functions that the engine lacks become their last saved values, as in a spreadsheet program that does not
    update links.

    Raises
    ------
    WorkbookError
        It holds too many formulas, array formulas cover too many cells, or a worksheet function gets too many.
    """
    refuse_too_large(package)
    known = {table.name.lower(): table for table in tables(package)}
    parts: dict[str, bytes] = {}
    calls: dict[str, Reference] = {}
    kept: dict[str, str] = {}
    arrays: list[Reference] = []
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            cells = package.cells(sheet.name)
            rewrite = _Rewrite(package, sheet.name, cells, known, functions, arrays, calls, kept)
            parts[sheet.part] = patch.engine_copy(cells, rewrite)
    names = _DEFINED_NAME.sub(lambda found: _name(found, known), package.part(package.main))
    sheets = {sheet.name: parts[sheet.part] for sheet in package.sheets if sheet.part in parts}
    return EngineCopy(minimal_package(package, sheets, names), tuple(arrays), calls, kept)


@dataclass(frozen=True, slots=True)
class _Rewrite:
    package: Package
    sheet: str
    cells: SheetCells
    known: Mapping[str, Table]
    functions: Mapping[str, WorksheetFunction]
    arrays: list[Reference]
    calls: dict[str, Reference]
    kept: dict[str, str]

    def __call__(self, row: int, col: int, formula: str) -> str:
        covered = Reference(self.sheet, *self.cells.arrays.get((row, col), (row, col, row, col)))
        address = Reference(self.sheet, row, col, row, col).address
        text = _plain(formula, self.known, row)
        array = (row, col) in self.cells.arrays
        if reason := _reason_to_keep(text):
            saved = _literal(self.cells, covered)
            if saved is not None:
                self.kept[address] = reason
                text = saved
        elif "DH_" in text.upper():
            called = [name for name in _called(text) if is_dh(name)]
            if called:
                _refuse_large_ranges(text, address)
                self.calls[address] = covered
                if self.functions:
                    text = asked_calls(text, lambda asked: self._asked(row, col, asked))
                    text = located_calls(text, PLACE + address, LEFT_OUT_FORMULA)
                results = [self.functions[name].result.shape for name in called if name in self.functions]
                array = array or any(shape in ("column", "table") for shape in results)
        if not array:
            return text
        self.arrays.append(covered)
        return kept_array(text, covered, len(self.arrays) - 1)

    def _asked(self, row: int, col: int, asked: str) -> Place:
        return asked_place(self.package, Reference(self.sheet, row, col, row, col), asked)


def _refuse_large_ranges(text: str, address: str) -> None:
    for found in _RANGE.finditer(text):
        first_row, first_col, last_row, last_col = range_position(found[0])
        if (last_row - first_row + 1) * (last_col - first_col + 1) > MOST_CELLS:
            raise WorkbookError(f"{address}: a worksheet function takes at most {MOST_CELLS:,} cells, got {found[0]}")


def _name(found: re.Match[bytes], known: Mapping[str, Table]) -> bytes:
    text = unescape(found[2].decode(), {"&quot;": '"', "&apos;": "'"})
    new = _plain(text, known, 0)
    return found[0] if new == text else found[1] + escape(new).encode() + found[3]


def _plain(formula: str, known: Mapping[str, Table], row: int) -> str:
    """Return a formula without forms of reference that the engine does not read."""
    text = formula
    if "#REF!" in text:
        text = _outside_text(text, lambda piece: _DELETED.sub("#REF!", piece))
    if "[0]!" in text:
        text = _outside_text(text, lambda piece: _THIS_WORKBOOK.sub("", piece))
    return plain_references(text, known, row)


def _reason_to_keep(text: str) -> str:
    if "]" in text and _OTHER_WORKBOOK.search(_TEXT.sub("", text)):
        return "refers to another workbook"
    if "!" in text and ":" in text and _SEVERAL_SHEETS.search(_TEXT.sub("", text)):
        return "refers to a range over several sheets, which is not calculated headlessly"
    if not all(map(_is_calculated, _called(text))):
        called = dict.fromkeys(call.name for call in function_calls(text))
        if lacking := [name for name in called if not _is_calculated(name)]:
            return f"calls {', '.join(lacking)}, which is not calculated headlessly"
    return ""


def _called(text: str) -> list[str]:
    """Return what looks like the name of a called function; in quoted text it may be none."""
    return [name.rpartition(".")[2] if ".DH_" in name else name for name in map(str.upper, _CALLED.findall(text))]


def _is_calculated(name: str) -> bool:
    return is_dh(name) or is_built_in(name)


def _literal(cells: SheetCells, covered: Reference) -> str | None:
    """Return the saved values of a formula's cells as a formula; None where there is none."""
    values = [[cells.value(row, col) for col in range(covered.first_col, covered.last_col + 1)]
              for row in range(covered.first_row, covered.last_row + 1)]  # fmt: skip
    if values[0][0] is None:
        return None
    if covered.is_cell:
        return _spelled(values[0][0])
    return "{" + ";".join(",".join(map(_spelled, row)) for row in values) + "}"


def _spelled(value: CellValue) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return value.code if isinstance(value, ErrorValue) else number_text(value)


def _outside_text(text: str, change: Callable[[str], str]) -> str:
    pieces = []
    at = 0
    for found in _TEXT.finditer(text):
        pieces += [change(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*pieces, change(text[at:])])
