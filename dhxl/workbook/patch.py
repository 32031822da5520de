"""Replaced values in a sheet's XML: every byte outside the changed cells stays."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.workbook.cells import Cell, SheetCells, column_span, patterns
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, cell_address, range_position
from dhxl.workbook.values import ERROR_CODES, same_value, value_xml
from dhxl.workbook.xmltext import MAIN_SPACE, attributes, escaped

__all__ = ["engine_copy", "with_constants", "with_values", "without_caches"]

_TYPE: Final = re.compile(rb"""(\st\s*=\s*)(?:"[^"]*"|'[^']*')""")
_VALUE_METADATA: Final = re.compile(rb"""\svm\s*=\s*(?:"[^"]*"|'[^']*')""")
_ARRAY_METADATA: Final = re.compile(rb"""\scm\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPANS: Final = re.compile(rb"""(\sspans\s*=\s*["'])([0-9]{1,9}):([0-9]{1,9})""")
_REF: Final = re.compile(rb"""(\sref\s*=\s*["'])([^"']*)""")

_Edit = tuple[int, int, bytes]


def with_values(sheet: SheetCells, values: Mapping[tuple[int, int], object]) -> bytes:
    """Return the sheet's XML with the values of some cells replaced.

    Formulas, styles and everything else stay. A value that equals the stored one to 15 significant digits is not
    touched; if none differs, the very same bytes object is returned. Cells and rows that do not exist are created
    in order, with the style of their row or column.

    Parameters
    ----------
    sheet : SheetCells
        The scanned sheet.
    values : mapping of (row, column) to value
        Numbers, text, booleans, error values; None clears.

    Raises
    ------
    WorkbookError
        For NaN, infinity, too long text, other kinds of value and places outside a sheet.
    """
    edits: list[_Edit] = []
    created: dict[int, dict[int, object]] = {}
    for (row, col), value in values.items():
        cell = sheet.cells.get((row, col))
        if cell is None:
            if not 0 < row <= LAST_ROW or not 0 < col <= LAST_COLUMN:
                raise WorkbookError(f"{sheet.where}: row {row}, column {col} lies outside a sheet")
            if value is not None:
                created.setdefault(row, {})[col] = value
        elif not same_value(cell.value, value):
            edits.append((cell.start, cell.end, _revalued(sheet, cell, value, constant=_is_constant(sheet, cell))))
    if created:
        edits += _creations(sheet, created)
    return _spliced(sheet.xml, edits) if edits else sheet.xml


def engine_copy(sheet: SheetCells, rewrite: Callable[[int, int, str], str | None]) -> bytes:
    """Return a worksheet with the sheet's cells and nothing else, for a calculating engine, not for a user's file.

    Every formula passes through ``rewrite``; children of shared formulas get their own text, the cached children
    of array formulas go (they would block their own anchor), data tables become the values that they hold. Dates
    stored as text become day numbers, and error values that engines need not know ``#VALUE!``.

    Parameters
    ----------
    sheet : SheetCells
        The scanned sheet.
    rewrite : callable
        Gets row, column and formula without ``=``, returns the new formula, or None to leave the saved value, of an
        array formula all of its cells', in its place.
    """
    start, end = sheet.data
    edits: list[_Edit] = []
    pattern = patterns(sheet.prefix)
    held: set[tuple[int, int]] = set()
    for place, cell in sheet.cells.items():
        if cell.formula is None:
            if place not in sheet.children and (place in sheet.odd or _is_odd(sheet, cell)):
                edits.append((cell.start, cell.end, _plain_cell(sheet, cell, None)))
            continue
        known = cell.formula_kind != "table" and cell.formula != ""
        new = rewrite(cell.row, cell.col, cell.formula) if known else None
        if new is None:
            held.add(place)
            edits.append((cell.start, cell.end, _plain_cell(sheet, cell, None)))
        elif place in sheet.odd or _is_odd(sheet, cell):
            edits.append((cell.start, cell.end, _plain_cell(sheet, cell, new)))
        elif new != cell.formula or cell.formula_kind == "shared":
            found = pattern.formula.search(sheet.xml, cell.start, cell.end)
            assert found  # the scanner saw it by the same pattern
            edits.append((*found.span(), _formula_xml(sheet.prefix, cell, new)))
    gone = b"<%bc/>" % sheet.prefix.encode() if sheet.inferred else b""
    for child, anchor in sheet.children.items():
        cell = sheet.cells[child]
        if cell.formula is None:
            edits.append((cell.start, cell.end, _plain_cell(sheet, cell, None) if anchor in held else gone))
    name = f"{sheet.prefix}worksheet".encode()
    space = b"xmlns:" + sheet.prefix[:-1].encode() if sheet.prefix else b"xmlns"
    head = b'<%b %b="%b">%b' % (name, space, MAIN_SPACE, _dimension(sheet))
    return b"%b%b</%b>" % (head, _spliced(sheet.xml, edits, start, end), name)


def _dimension(sheet: SheetCells) -> bytes:
    """Return the element that states the extent of a sheet's cells; the engine is three times as fast with it."""
    if not sheet.cells:
        return b""
    rows, cols = sheet.rows, {col for _, col in sheet.cells}
    extent = f"{cell_address(min(rows), min(cols))}:{cell_address(max(rows), max(cols))}"
    return f'<{sheet.prefix}dimension ref="{extent}"/>'.encode()


def _is_odd(sheet: SheetCells, cell: Cell) -> bool:
    """Return whether a cell stores its value in a way that engines read otherwise than spreadsheet programs."""
    if cell.type in ("n", "s", "b", "inlineStr"):
        return False
    if cell.type == "str":  # there alone escapes such as _x000D_ are left as they are
        return cell.formula is None and sheet.xml.find(b"_x", cell.start, cell.end) >= 0
    return cell.type == "d" or str(cell.value) not in ERROR_CODES


def _plain_cell(sheet: SheetCells, cell: Cell, formula: str | None) -> bytes:
    address, prefix = cell_address(cell.row, cell.col), sheet.prefix
    where = f"{sheet.where}, {address}"
    kind, element = value_xml(cell.value, constant=formula is None, prefix=prefix, where=where)
    told = f' t="{kind}"' if kind else ""
    inner = element.encode() if formula is None else _formula_xml(prefix, cell, formula) + element.encode()
    return f'<{prefix}c r="{address}"{told}>'.encode() + inner + f"</{prefix}c>".encode()


def with_constants(sheet: SheetCells, formulas: Mapping[tuple[int, int], object]) -> bytes:
    """Return the sheet's XML with some formulas replaced by constants; styles and everything else stay.

    Where such a formula fills several cells, the others keep what they hold, as constants.

    Parameters
    ----------
    sheet : SheetCells
        The scanned sheet.
    formulas : mapping of (row, column) to value
        The cells whose formulas go, each with the constant that takes its place.
    """
    constants = dict(formulas)
    for child, anchor in sheet.children.items():
        if anchor in formulas and sheet.cells[child].type == "str":
            constants[child] = sheet.cells[child].value
    edits = []
    for at, value in constants.items():
        cell = sheet.cells[at]
        edits.append((cell.start, cell.end, _revalued(sheet, cell, value, constant=True)))
    return _spliced(sheet.xml, edits)


def without_caches(sheet: SheetCells) -> bytes:
    """Return the sheet's XML without the stored results of its formulas, so that a program must compute them."""
    cells = [cell for place, cell in sheet.cells.items() if cell.formula is not None or place in sheet.children]
    return _spliced(sheet.xml, [(cell.start, cell.end, _revalued(sheet, cell, None, constant=False)) for cell in cells])


def _spliced(xml: bytes, edits: list[_Edit], first: int = 0, last: int | None = None) -> bytes:
    """Return XML with edits, from a first place to a last one."""
    pieces, at = [], first
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [xml[at:start], new]
        at = end
    return b"".join([*pieces, xml[at:last]])


def _formula_xml(prefix: str, cell: Cell, text: str) -> bytes:
    array = ""
    if cell.formula_kind == "array" and cell.array_ref:
        first_row, first_col, last_row, last_col = cell.array_ref
        array = f' t="array" ref="{cell_address(first_row, first_col)}:{cell_address(last_row, last_col)}"'
    return f"<{prefix}f{array}>{escaped(text)}</{prefix}f>".encode()


def _revalued(sheet: SheetCells, cell: Cell, value: object, *, constant: bool) -> bytes:
    """Return the cell's element with another value and nothing else changed, but that a constant has no formula."""
    where = f"{sheet.where}, {cell_address(cell.row, cell.col)}"
    kind, element = value_xml(value, constant=constant, prefix=sheet.prefix, where=where)
    xml = sheet.xml[cell.start : cell.end]
    tag_end = xml.index(b">") + 1
    closed = xml[tag_end - 2 : tag_end] == b"/>"
    head = _typed(xml[: tag_end - (2 if closed else 1)].rstrip(), kind)
    name = f"{sheet.prefix}c".encode()
    inner = b"" if closed else xml[tag_end : xml.rindex(b"</" + name)]
    pattern = patterns(sheet.prefix)
    inner = pattern.value.sub(b"", pattern.inline.sub(b"", inner))
    if constant:
        inner, head = pattern.formula.sub(b"", inner), _ARRAY_METADATA.sub(b"", head)
    formula = pattern.formula.search(inner)
    place = formula.end() if formula else 0
    inner = inner[:place] + element.encode() + inner[place:]
    return head + b">" + inner + b"</" + name + b">" if inner.strip() else head + b"/>"


def _is_constant(sheet: SheetCells, cell: Cell) -> bool:
    return cell.formula is None and (cell.row, cell.col) not in sheet.children


def _typed(head: bytes, kind: str) -> bytes:
    """Return the beginning of a cell's start tag with another type and without metadata of the old value."""
    head = _VALUE_METADATA.sub(b"", head)
    if not kind:
        return _TYPE.sub(b"", head)
    new, count = _TYPE.subn(lambda found: found[1] + b'"' + kind.encode() + b'"', head)
    return new if count else head + f' t="{kind}"'.encode()


def _creations(sheet: SheetCells, created: dict[int, dict[int, object]]) -> list[_Edit]:
    """Return the edits that add cells where there were none."""
    edits = []
    columns = _column_styles(sheet)
    existing: dict[int, list[Cell]] = {row: [] for row in created}
    for cell in sheet.cells.values():
        if cell.row in existing:
            existing[cell.row].append(cell)
    new_rows: dict[int, bytes] = {}
    for row, values in sorted(created.items()):
        found = sheet.rows.get(row)
        tag = sheet.xml[found.start : found.tag_end] if found else b""
        marks = attributes(tag)
        styles = {} if marks.get(b"customFormat") not in (b"1", b"true") else {None: marks.get(b"s", b"0")}
        new = {col: _cell_xml(sheet, row, col, values[col], styles.get(None) or columns(col)) for col in sorted(values)}
        if found is None:
            content = b"".join(new.values())
            new_rows[row] = f'<{sheet.prefix}row r="{row}">'.encode() + content + f"</{sheet.prefix}row>".encode()
        else:
            edits += _row_edits(sheet, row, tag, existing[row], new)
    return edits + _new_row_edits(sheet, new_rows) + _dimension_edit(sheet, created)


def _row_edits(sheet: SheetCells, row: int, tag: bytes, existing: list[Cell], new: dict[int, bytes]) -> list[_Edit]:
    start, tag_end, close = sheet.rows[row]
    first, last = min(new), max(new)

    def widened(found: re.Match[bytes]) -> bytes:
        return found[1] + b"%d:%d" % (min(int(found[2]), first), max(int(found[3]), last))

    tag = _SPANS.sub(widened, tag)
    if close < 0:
        content = b"".join(new.values())
        return [(start, tag_end, tag[:-2].rstrip() + b">" + content + f"</{sheet.prefix}row>".encode())]
    edits = [] if tag == sheet.xml[start:tag_end] else [(start, tag_end, tag)]
    following = {col: min((cell.start for cell in existing if cell.col > col), default=close) for col in new}
    for place in sorted(set(following.values())):
        edits.append((place, place, b"".join(xml for col, xml in new.items() if following[col] == place)))
    return edits


def _new_row_edits(sheet: SheetCells, new_rows: dict[int, bytes]) -> list[_Edit]:
    if not new_rows:
        return []
    start, end = sheet.data
    data = f"{sheet.prefix}sheetData".encode()
    if sheet.xml[end - 2 : end] == b"/>":
        return [(start, end, b"<%b>%b</%b>" % (data, b"".join(new_rows.values()), data))]
    edge = sheet.xml.rindex(b"<", start, end)
    known = sorted(sheet.rows)
    places: dict[int, list[bytes]] = {}
    for row, xml in new_rows.items():
        after = bisect_right(known, row)
        places.setdefault(sheet.rows[known[after]].start if after < len(known) else edge, []).append(xml)
    return [(place, place, b"".join(rows)) for place, rows in places.items()]


def _cell_xml(sheet: SheetCells, row: int, col: int, value: object, style: bytes) -> bytes:
    child = any(area[0] <= row <= area[2] and area[1] <= col <= area[3] for area in sheet.arrays.values())
    address = cell_address(row, col)
    kind, element = value_xml(value, constant=not child, prefix=sheet.prefix, where=f"{sheet.where}, {address}")
    style_text = f' s="{style.decode()}"' if style not in (b"", b"0") else ""
    type_text = f' t="{kind}"' if kind else ""
    return f'<{sheet.prefix}c r="{address}"{style_text}{type_text}>{element}</{sheet.prefix}c>'.encode()


def _column_styles(sheet: SheetCells) -> Callable[[int], bytes]:
    head = sheet.xml[: sheet.data[0]]
    tags = re.findall(rb"<%bcol(\s[^<>]*)>" % re.escape(sheet.prefix.encode()), head)
    marks = [attributes(tag) for tag in tags]
    bands = [(*column_span(one), one.get(b"style", b"")) for one in marks]
    return lambda col: next((style for first, last, style in bands if first <= col <= last), b"")


def _dimension_edit(sheet: SheetCells, created: dict[int, dict[int, object]]) -> list[_Edit]:
    found = re.search(rb"<%bdimension\s[^<>]*>" % re.escape(sheet.prefix.encode()), sheet.xml[: sheet.data[0]])
    ref = _REF.search(found[0]) if found else None
    if not found or not ref:
        return []
    try:
        first_row, first_col, last_row, last_col = range_position(ref[2].decode())
    except WorkbookError as error:
        raise WorkbookError(f"{sheet.where}: its stated dimension is wrong ({error})") from None
    cols = [col for values in created.values() for col in values]
    low = cell_address(min(first_row, *created), min(first_col, *cols))
    high = cell_address(max(last_row, *created), max(last_col, *cols))
    new = found[0][: ref.start(2)] + f"{low}:{high}".encode() + found[0][ref.end(2) :]
    return [(found.start(), found.end(), new)] if new != found[0] else []
