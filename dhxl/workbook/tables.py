"""Excel tables, and formulas with structured references turned into plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from dhxl.workbook.names import column_letters, quoted_sheet, range_position
from dhxl.workbook.package import Package
from dhxl.workbook.xmltext import local_name, parsed_xml, unescaped_string

__all__ = ["Table", "plain_references", "tables"]

_ITEMS: Final = ("#all", "#data", "#headers", "#totals", "#this row")
_OUTSIDE_TEXT: Final = re.compile(r'"(?:[^"]|"")*"?|[^"]+')
_FEW: Final = 50  # tables whose names are looked for one by one before a formula is taken apart
_NAME: Final = re.compile(r"(?<![\w.\\!'\]])[^\W\d][\w.\\]*(?![\w.(!'])")


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table: its cells with header and totals row, and its columns from left to right."""

    name: str
    sheet: str
    first_row: int
    first_col: int
    last_row: int
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]

    def rows(self, items: tuple[str, ...], row: int) -> tuple[int, int] | None:
        """Return the first and last row that special items such as ``#headers`` mean; None where there are none.

        Parameters
        ----------
        items : tuple of str
            In lower case; empty means the data.
        row : int
            Row of the formula, for ``#this row``.
        """
        data = (self.first_row + self.header_rows, self.last_row - self.totals_rows)
        spans = {
            "#all": (self.first_row, self.last_row),
            "#data": data,
            "#headers": (self.first_row, self.first_row + self.header_rows - 1),
            "#totals": (self.last_row - self.totals_rows + 1, self.last_row),
            "#this row": (row, row) if data[0] <= row <= data[1] else (1, 0),
        }
        chosen = [spans[item] for item in items or ("#data",)]
        first, last = min(span[0] for span in chosen), max(span[1] for span in chosen)
        return (first, last) if all(a <= b for a, b in chosen) else None


def tables(package: Package) -> tuple[Table, ...]:
    """Return the tables of all worksheets.

    Raises
    ------
    WorkbookError
        A table's part is missing or cannot be read.
    """
    return tuple(
        _table(sheet.name, parsed_xml(package.part(relation.part), f"{package.path.name}: {relation.part}"))
        for sheet in package.sheets
        for relation in package.relations(sheet.part)
        if relation.kind == "table"
    )


def plain_references(text: str, known: Mapping[str, Table], row: int) -> str:
    """Return a formula whose references to tables are A1 references.

    Parameters
    ----------
    text : str
        The formula without ``=``, as stored in the file (``Table[[#This Row],[x]]``, never ``[@x]``).
    known : mapping of str to Table
        The tables by name in lower case.
    row : int
        Row of the formula's cell.

    Examples
    --------
    >>> sales = Table("Sales", "Town", 1, 2, 4, 1, 0, ("year", "heat [MWh]"))
    >>> plain_references("SUM(Sales[year])&Sales[[#Headers],[year]]", {"sales": sales}, 9)
    'SUM(Town!$B$2:$B$4)&Town!$B$1'
    >>> plain_references("Sales[[#This Row],[heat '[MWh']]]+ROWS(Sales)", {"sales": sales}, 3)
    'Town!$C$3+ROWS(Town!$B$2:$C$4)'
    """
    if not known or (len(known) <= _FEW and not _mentions(text.lower(), known)):
        return text
    pieces = []
    at = 0
    for start, end in _names(text):
        if start < at or (table := known.get(text[start:end].lower())) is None:
            continue
        stop = _bracket_end(text, end) if text[end : end + 1] == "[" else end
        pieces += [text[at:start], _reference(table, text[end + 1 : stop - 1] if stop > end else "", row)]
        at = stop
    return "".join([*pieces, text[at:]])


def _mentions(text: str, known: Iterable[str]) -> bool:
    return any(name in text for name in known)


def _names(text: str) -> Iterator[tuple[int, int]]:
    for piece in _OUTSIDE_TEXT.finditer(text):
        if not piece[0].startswith('"'):
            for name in _NAME.finditer(text, piece.start(), piece.end()):
                yield name.span()


def _bracket_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] == "'":
            at += 1
        elif text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)


def _reference(table: Table, inner: str, row: int) -> str:
    items, columns = _parts(inner)
    rows = table.rows(items, row)
    names = [name.casefold() for name in table.columns]
    wanted = [name.casefold() for name in columns] or [names[0], names[-1]]
    if any(name not in names for name in wanted):
        return "#REF!"
    if rows is None:
        return "#VALUE!" if "#this row" in items else "#REF!"
    places = sorted(names.index(name) for name in wanted)
    first, last = (
        f"${column_letters(table.first_col + place)}${edge}"
        for place, edge in zip((places[0], places[-1]), rows, strict=True)
    )
    return f"{quoted_sheet(table.sheet)}!{first}" + (f":{last}" if last != first else "")


def _parts(inner: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return special items (lower case) and column names of what stands in a reference's brackets."""
    inner = inner.strip()
    entries = []
    if inner.startswith("["):
        at = 0
        while at < len(inner):
            if inner[at] == "[":
                end = _bracket_end(inner, at)
                entries.append(inner[at + 1 : end - 1])
                at = end
            else:
                at += 1
    elif inner:
        entries.append(inner)
    items = tuple(entry.lower() for entry in entries if entry.lower() in _ITEMS)
    columns = tuple(re.sub(r"'(.)", r"\1", entry) for entry in entries if entry.lower() not in _ITEMS)
    return items, columns


def _table(sheet: str, root: ElementTree.Element) -> Table:
    columns = tuple(
        unescaped_string(column.get("name", ""))
        for group in root
        if local_name(group) == "tableColumns"
        for column in group
    )
    first_row, first_col, last_row, _ = range_position(root.get("ref", ""))
    return Table(
        name=root.get("displayName", ""),
        sheet=sheet,
        first_row=first_row,
        first_col=first_col,
        last_row=last_row,
        header_rows=0 if root.get("headerRowCount") == "0" else 1,
        totals_rows=1 if root.get("totalsRowCount") == "1" else 0,
        columns=columns,
    )
