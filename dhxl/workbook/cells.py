"""The cells of a sheet's XML with their place in the bytes, so that single values can be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from dhxl.errors import WorkbookError, shortened
from dhxl.workbook.formulas import shifted
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, cell_address, cell_position, column_number, range_position
from dhxl.workbook.values import CellValue, ErrorValue, date_serial
from dhxl.workbook.xmltext import attributes, checked_xml, escaped, plain, unescaped_string

__all__ = [
    "LONGEST_FORMULA",
    "MOST_CELLS",
    "MOST_SHARED_TEXT",
    "Cell",
    "Patterns",
    "Row",
    "SheetCells",
    "column_span",
    "patterns",
    "scan",
]

MOST_CELLS: Final = 1_500_000  # of one workbook; each takes some 470 bytes of memory
MOST_SHARED_TEXT: Final = 100_000_000  # characters that the shared formulas of one sheet may expand to
LONGEST_FORMULA: Final = 65_535  # characters; Excel itself takes 8,192

_HIDDEN: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_LITERAL: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ROOT: Final = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet[\s/>]")
_SPACE: Final = ord(" ")
_INFINITE: Final = float("inf")
_MOST_DIGITS: Final = 12  # of a place in the string table
_TYPES: Final = {name.encode(): name for name in ("n", "s", "str", "inlineStr", "b", "e", "d")}


class Cell(NamedTuple):
    """A cell element; ``start`` and ``end`` are its place in the XML."""

    row: int
    col: int
    start: int
    end: int
    style: int
    type: str
    value: CellValue
    formula: str | None
    formula_kind: str | None
    array_ref: tuple[int, int, int, int] | None


class _Columns(dict[bytes, int]):
    """Numbers of columns by their letters."""

    def __missing__(self, letters: bytes) -> int:
        number = self[letters] = column_number(letters.decode())
        return number


_COLUMNS: Final = _Columns()


class Row(NamedTuple):
    """A row element; ``tag_end`` lies behind its start tag, ``close`` at its end tag or, without one, at -1."""

    start: int
    tag_end: int
    close: int


class Patterns(NamedTuple):
    """What to look for in a sheet whose elements carry a certain prefix."""

    token: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    value: re.Pattern[bytes]
    inline: re.Pattern[bytes]
    phonetic: re.Pattern[bytes]
    text: re.Pattern[bytes]
    data_start: re.Pattern[bytes]
    data_end: re.Pattern[bytes]


@dataclass(frozen=True, slots=True, repr=False)
class SheetCells:
    """A sheet's XML and the cells found in it.

    ``arrays`` maps the anchor of each array formula to first row, first column, last row, last column;
    ``children`` maps the other existing cells of these ranges to their anchor. ``data`` is the place of the
    sheet's data in the XML, with the tags; ``inferred`` tells that some positions follow from the order only;
    ``odd`` are cells whose element holds more than a formula and a value, or a number among spaces.
    """

    xml: bytes
    where: str
    prefix: str
    cells: dict[tuple[int, int], Cell]
    rows: dict[int, Row]
    arrays: dict[tuple[int, int], tuple[int, int, int, int]]
    children: dict[tuple[int, int], tuple[int, int]]
    data: tuple[int, int]
    inferred: bool
    odd: frozenset[tuple[int, int]] = frozenset()

    def value(self, row: int, col: int) -> CellValue:
        """Return the stored value of a cell, None where it is empty."""
        cell = self.cells.get((row, col))
        return cell.value if cell else None


def column_span(marks: Mapping[bytes, bytes]) -> tuple[int, int]:
    """Return the first and the last column that a ``col`` element with these attributes speaks of; (1, 0) for none.

    Examples
    --------
    >>> column_span({b"min": b"2", b"max": b"16384"}), column_span({b"min": b"2", b"max": b"many"})
    ((2, 16384), (1, 0))
    """
    written = marks.get(b"min", b""), marks.get(b"max", b"")
    if not all(one.isdigit() and len(one) < _MOST_DIGITS for one in written):
        return 1, 0
    return int(written[0]), min(int(written[1]), LAST_COLUMN)


@lru_cache(maxsize=8)
def patterns(prefix: str) -> Patterns:
    """Return the patterns for elements with a namespace prefix such as ``x:``, or without any."""
    p = re.escape(prefix.encode())
    token = (
        rb'<%bc r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,6})")?(?: t="([A-Za-z]+)")?'
        rb'(?:/>|>(?:<%bf(?: aca="false")?>([^<]*)</%bf>)?(?:<%bv>([^<]*)</%bv>)?</%bc>)'
        rb"|<%bc((?:\s[^<>]*?)?)(?:/>|>(.*?)</%bc\s*>)"
        rb"|<%brow((?:\s[^<>]*?)?)(/?)>"
        rb"|</%b(row)\s*>" % ((p,) * 10)
    )
    return Patterns(
        re.compile(token, re.DOTALL),
        re.compile(rb"<%bf((?:\s[^<>]*?)?)(?:/>|>([^<]*)</%bf\s*>)" % (p, p)),
        re.compile(rb"<%bv(?:\s[^<>]*?)?(?:/>|>([^<]*)</%bv\s*>)" % (p, p)),
        re.compile(rb"<%bis(?:\s[^<>]*?)?(?:/>|>(.*?)</%bis\s*>)" % (p, p), re.DOTALL),
        re.compile(rb"<%brPh[\s>].*?</%brPh\s*>" % (p, p), re.DOTALL),
        re.compile(rb"<%bt(?:\s[^<>]*)?>([^<]*)</%bt\s*>" % (p, p)),
        re.compile(rb"<%bsheetData(?:\s[^<>]*?)?(/?)>" % p),
        re.compile(rb"</%bsheetData\s*>" % p),
    )


def scan(
    xml: bytes,
    shared_strings: Sequence[str] = (),
    where: str = "sheet",
    *,
    date1904: bool = False,
    already: int = 0,
) -> SheetCells:
    """Return the cells of a worksheet part with their places, values and formulas.

    Formulas are without ``=``; children of a shared formula get their own text. CDATA sections become ordinary text.

    Parameters
    ----------
    xml : bytes
        The part as stored.
    shared_strings : sequence of str
        The workbook's string table.
    where : str
        File and sheet, for messages.
    date1904 : bool
        Whether the workbook counts days from 1904; concerns only dates stored as text.
    already : int
        How many cells the other sheets of the workbook have.

    Raises
    ------
    WorkbookError
        If the part is damaged, contradicts itself, or leaves the limits of a sheet.
    """
    checked_xml(xml, where)
    if b"<![CDATA[" in xml:
        xml = _LITERAL.sub(lambda found: found[0] if found[1] is None else escaped(found[1].decode()).encode(), xml)
    shown = _HIDDEN.sub(lambda found: b" " * len(found[0]), xml)
    root = _ROOT.search(shown)
    if not root:
        raise WorkbookError(f"{where}: is no worksheet")
    prefix = (root[1] or b"").decode()
    start, end = _data(shown, patterns(prefix), where)
    scanner = _Scanner(shown, prefix, where, shared_strings, date1904)
    scanner.most = MOST_CELLS - already
    scanner.run(start, end)
    arrays = {
        place: cell.array_ref
        for place, cell in scanner.cells.items()
        if cell.array_ref and cell.formula_kind == "array"
    }
    children = _children(scanner.cells, arrays, where)
    odd = frozenset(scanner.odd)
    return SheetCells(
        xml, where, prefix, scanner.cells, scanner.rows, arrays, children, (start, end), scanner.inferred, odd
    )


def _data(xml: bytes, pattern: Patterns, where: str) -> tuple[int, int]:
    opening = pattern.data_start.search(xml)
    if not opening:
        raise WorkbookError(f"{where}: has no sheet data")
    if opening[1]:
        return opening.span()
    closing = pattern.data_end.search(xml, opening.end())
    if not closing:
        raise WorkbookError(f"{where}: has no end of its sheet data")
    return opening.start(), closing.end()


class _Scanner:
    """One pass over the sheet data."""

    def __init__(self, xml: bytes, prefix: str, where: str, strings: Sequence[str], date1904: bool) -> None:
        self.xml = xml
        self.pattern = patterns(prefix)
        self.where = where
        self.strings = strings
        self.date1904 = date1904
        self.cells: dict[tuple[int, int], Cell] = {}
        self.rows: dict[int, Row] = {}
        self.most = MOST_CELLS
        self.inferred = False
        self.odd: set[tuple[int, int]] = set()
        self.masters: dict[bytes, tuple[int, int, str]] = {}
        self.waiting: dict[bytes, list[Cell]] = {}
        self.shared_text = 0

    def run(self, start: int, end: int) -> None:
        """Collect rows and cells between two places."""
        cells, row, col, row_start, tag_end = self.cells, 0, 0, -1, -1
        number_of_row, made = b"0", tuple.__new__
        for found in self.pattern.token.finditer(self.xml, start, end):
            letters, number, style, kind, formula, value, tag, body, row_tag, closed, row_end = found.groups()
            if letters is not None:
                col = _COLUMNS[letters]
                if number != number_of_row:
                    raise self.misplaced(letters + number, row)
                cell_type = "n" if kind is None else self.type_of(kind, row, col)
                content: CellValue = None
                if value is not None:
                    content = self.value_of(cell_type, value, row, col)
                text = normal = None
                if formula is not None:
                    text, normal = plain(formula), "normal"
                    if len(text) > LONGEST_FORMULA:
                        self.refuse_long(text, row, col)
                start, end = found.span()
                style_number = 0 if style is None else int(style)
                cell = made(Cell, (row, col, start, end, style_number, cell_type, content, text, normal, None))
            elif tag is not None:
                cell = self.general(found, tag, body or b"", row, col)
                col = cell.col
            elif row_end is not None:
                self.rows[row] = Row(row_start, tag_end, found.start())
                continue
            else:
                row, col = self.row_number(row_tag, row), 0
                number_of_row = b"%d" % row
                row_start, tag_end = found.span()
                if closed:
                    self.rows[row] = Row(row_start, tag_end, -1)
                continue
            if (row, col) in cells or col > LAST_COLUMN:
                raise WorkbookError(
                    f"{self.where}: {cell_address(row, col)} stands twice or beyond the last column, XFD"
                )
            cells[row, col] = cell
            if len(cells) > self.most:
                raise WorkbookError(f"{self.where}: the workbook has more than {MOST_CELLS:,} cells")
        for index, orphans in self.waiting.items():
            place = self.at(orphans[0].row, orphans[0].col)
            raise WorkbookError(f"{place}: its shared formula {shortened(index.decode())} is missing")

    def row_number(self, tag: bytes, last: int) -> int:
        """Return a row's number, the next one where it is not written."""
        written = attributes(tag).get(b"r")
        self.inferred |= written is None
        row = last + 1 if written is None else int(written) if written.isdigit() and len(written) < 10 else 0
        if not 0 < row <= LAST_ROW:
            shown = shortened((written or str(row).encode()).decode())
            raise WorkbookError(f"{self.where}: has a row {shown}, a sheet has {LAST_ROW:,} rows")
        if row in self.rows:
            raise WorkbookError(f"{self.where}: row {row} stands twice")
        return row

    def general(self, found: re.Match[bytes], tag: bytes, body: bytes, row: int, col: int) -> Cell:
        """Return a cell of any spelling."""
        marks = attributes(tag)
        written = marks.get(b"r")
        self.inferred |= written is None
        position = (row, col + 1) if written is None else self.position(written)
        if position[0] != row or row == 0:
            raise self.misplaced(written or b"a cell", row)
        cell_type = self.type_of(marks.get(b"t", b"n"), *position)
        style = marks.get(b"s", b"0")
        value = self.pattern.value.search(body)
        content: CellValue = None
        if cell_type == "inlineStr":
            content = self.inline_text(body)
        elif value and (value[1] is not None or cell_type == "str"):
            content = self.value_of(cell_type, value[1] or b"", *position)
        bare = Cell(
            *position, *found.span(), int(style) if style.isdigit() else 0, cell_type, content, None, None, None
        )
        if b"extLst" in body:
            self.odd.add(position)
        formula = self.pattern.formula.search(body)
        return self.with_formula(bare, attributes(formula[1]), plain(formula[2] or b"")) if formula else bare

    def with_formula(self, cell: Cell, marks: dict[bytes, bytes], text: str) -> Cell:
        """Return the cell with its formula; a child of a shared one waits where its master comes later."""
        if len(text) > LONGEST_FORMULA:
            self.refuse_long(text, cell.row, cell.col)
        kind = marks.get(b"t", b"normal").decode()
        index = marks.get(b"si")
        if kind in ("array", "dataTable"):
            area = self.area(marks.get(b"ref", b""), cell)
            if kind == "array":
                return cell._replace(formula=text, formula_kind="array", array_ref=area)
            inputs = ",".join(marks[name].decode() for name in (b"r1", b"r2") if name in marks)
            return cell._replace(formula=f"TABLE({inputs})", formula_kind="table", array_ref=area)
        if kind == "shared" and index is not None:
            if text and b"ref" in marks:
                self.masters[index] = (cell.row, cell.col, text)
                for child in self.waiting.pop(index, ()):
                    self.cells[child.row, child.col] = self.expanded(child, index)
            elif not text and index in self.masters:
                return self.expanded(cell, index)
            elif not text:
                self.waiting.setdefault(index, []).append(cell)
            return cell._replace(formula=text, formula_kind="shared")
        return cell._replace(formula=text, formula_kind="normal")

    def refuse_long(self, text: str, row: int, col: int) -> None:
        """Refuse a formula that no spreadsheet program takes."""
        got = f"{len(text):,}, it begins {shortened(text)}"
        raise WorkbookError(f"{self.at(row, col)}: a formula has at most {LONGEST_FORMULA:,} characters, got {got}")

    def expanded(self, cell: Cell, index: bytes) -> Cell:
        """Return a child of a shared formula with its own text."""
        row, col, text = self.masters[index]
        self.shared_text += len(text)
        if self.shared_text > MOST_SHARED_TEXT:
            raise WorkbookError(
                f"{self.where}: its shared formulas expand to more than {MOST_SHARED_TEXT:,} characters"
            )
        return cell._replace(formula=shifted(text, cell.row - row, cell.col - col), formula_kind="shared")

    def value_of(self, kind: str, raw: bytes, row: int, col: int) -> CellValue:
        """Return a stored value."""
        try:
            if kind == "n":
                if not raw:
                    return None
                number = float(raw)
                if raw[0] <= _SPACE or raw[-1] <= _SPACE:
                    self.odd.add((row, col))
                if b"_" in raw or not abs(number) < _INFINITE:  # Python alone reads 1_000
                    raise ValueError
                return number
            if kind == "s":
                if not raw:
                    return None
                if not raw.isdigit():
                    raise ValueError
                return self.strings[int(raw[:_MOST_DIGITS])]
        except (ValueError, IndexError):
            shown = shortened(raw.decode())
            raise WorkbookError(f"{self.at(row, col)}: holds {shown!r}, which is no {_MEANT[kind]}") from None
        text = unescaped_string(plain(raw))
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return ErrorValue(text)
        return date_serial(text, date1904=self.date1904) if kind == "d" else text

    def inline_text(self, body: bytes) -> str:
        """Return the text of an inline string, its runs joined and without phonetic hints."""
        inline = self.pattern.inline.search(body)
        runs = self.pattern.text.findall(self.pattern.phonetic.sub(b"", inline[1] or b"") if inline else b"")
        return "".join(unescaped_string(plain(run)) for run in runs)

    def type_of(self, raw: bytes, row: int, col: int) -> str:
        """Return a cell's type."""
        if raw not in _TYPES:
            raise WorkbookError(f"{self.at(row, col)}: has the unknown type {shortened(raw.decode())!r}")
        return _TYPES[raw]

    def position(self, address: bytes) -> tuple[int, int]:
        """Return row and column of an address that a cell states."""
        try:
            return cell_position(address.decode())
        except WorkbookError as error:
            raise WorkbookError(f"{self.where}: {error}") from None

    def area(self, ref: bytes, cell: Cell) -> tuple[int, int, int, int]:
        """Return the range that an array formula fills; its first cell must be the formula's own."""
        try:
            area = range_position(ref.decode())
        except WorkbookError as error:
            raise WorkbookError(f"{self.at(cell.row, cell.col)}: its array formula fills no range ({error})") from None
        if area[:2] != (cell.row, cell.col):
            filled = shortened(ref.decode())
            raise WorkbookError(
                f"{self.at(cell.row, cell.col)}: its array formula fills {filled}, which begins elsewhere"
            )
        return area

    def misplaced(self, address: bytes, row: int) -> WorkbookError:
        """Return the error for a cell outside its row."""
        return WorkbookError(f"{self.where}: {shortened(address.decode())} stands in row {row}")

    def at(self, row: int, col: int) -> str:
        """Return a cell's place for messages."""
        return f"{self.where}, {cell_address(row, col)}"


_MEANT: Final = {"n": "finite number", "s": "text of the workbook's string table"}


def _children(
    cells: dict[tuple[int, int], Cell], arrays: dict[tuple[int, int], tuple[int, int, int, int]], where: str
) -> dict[tuple[int, int], tuple[int, int]]:
    wide = {anchor: area for anchor, area in arrays.items() if area[:2] != area[2:]}
    if not wide:
        return {}
    columns: dict[int, list[int]] = {}
    for row, col in cells:
        columns.setdefault(row, []).append(col)
    children: dict[tuple[int, int], tuple[int, int]] = {}
    for anchor, (first_row, first_col, last_row, last_col) in wide.items():
        for row in _present(columns, first_row, last_row):
            for col in columns[row]:
                if first_col <= col <= last_col and (row, col) != anchor:
                    if (row, col) in children:
                        raise WorkbookError(f"{where}, {cell_address(row, col)}: belongs to two array formulas")
                    children[row, col] = anchor
    return children


def _present(columns: dict[int, list[int]], first: int, last: int) -> Iterator[int]:
    if last - first < len(columns):
        return (row for row in range(first, last + 1) if row in columns)
    return (row for row in columns if first <= row <= last)
