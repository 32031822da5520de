"""What a reference tells of itself: rows, columns, addresses, formulas, sheets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import Here, function
from dhxl.hosts.native.values import (
    MISSING,
    NA,
    REF,
    VALUE,
    Area,
    Areas,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    as_text,
)
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, column_letters, quoted_sheet

_PREFIX: Final = re.compile(r'("(?:[^"]|"")*")|_xl(?:fn|ws|pm|udf)\.', re.IGNORECASE)


def _area(value: Value) -> Area:
    if isinstance(value, CellError):
        raise Wrong(value)
    if not isinstance(value, Area):
        raise Wrong(VALUE)
    return value


@function("ROW", "P?", needs_place=True)
def _row(here: Here, of: Value = MISSING) -> Value:
    if of is MISSING:
        return float(here.row)
    area = _area(of)
    rows = [[float(row)] for row in range(area.first_row, area.last_row + 1)]
    return Grid(rows) if len(rows) > 1 else rows[0][0]


@function("COLUMN", "P?", needs_place=True)
def _column(here: Here, of: Value = MISSING) -> Value:
    if of is MISSING:
        return float(here.col)
    area = _area(of)
    cols = [float(col) for col in range(area.first_col, area.last_col + 1)]
    return Grid([cols]) if len(cols) > 1 else cols[0]


def _sized(of: Value) -> Area | Grid:
    if isinstance(of, CellError):
        raise Wrong(of)
    if isinstance(of, Areas):
        raise Wrong(REF)
    return of if isinstance(of, (Area, Grid)) else Grid([[of]])


@function("ROWS", "P")
def _rows(of: Value) -> int:
    return _sized(of).height


@function("COLUMNS", "P")
def _columns(of: Value) -> int:
    return _sized(of).width


@function("AREAS", "P")
def _areas(of: Value) -> int:
    return len(of.parts) if isinstance(of, Areas) else _area(of) is not None


@function("ADDRESS", "N N V? V? V?")
def _address(row: float, col: float, fixed: Scalar = MISSING, style: Scalar = MISSING, sheet: Scalar = MISSING) -> str:
    r, c = int(row), int(col)
    way = 1 if fixed is MISSING else int(as_number(fixed))
    if not (1 <= r <= LAST_ROW and 1 <= c <= LAST_COLUMN and 1 <= way <= 4):
        raise Wrong(VALUE)
    row_fixed, col_fixed = way in (1, 2), way in (1, 3)
    if style is MISSING or as_logical(style):
        cell = f"{'$' if col_fixed else ''}{column_letters(c)}{'$' if row_fixed else ''}{r}"
    else:
        cell = f"R{r if row_fixed else f'[{r}]'}C{c if col_fixed else f'[{c}]'}"
    if sheet is MISSING:
        return cell
    name = as_text(sheet)
    return f"{quoted_sheet(name) if name else ''}!{cell}"


@function("HYPERLINK", "T V?")
def _hyperlink(target: str, shown: Scalar = MISSING) -> Scalar:
    return target if shown is MISSING else shown


@function("CELL", "T R?", needs_place=True)
def _cell(here: Here, about: str, of: Value = MISSING) -> Scalar:
    area = Area(here.sheet, here.row, here.col, here.row, here.col, ()) if of is MISSING else _area(of)
    book = here.book.path
    match about.lower():
        case "row":
            return float(area.first_row)
        case "col":
            return float(area.first_col)
        case "address":
            cell = f"${column_letters(area.first_col)}${area.first_row}"
            return cell if area.sheet.casefold() == here.sheet.casefold() else f"{_outer(book, area.sheet)}!{cell}"
        case "filename":
            return f"{book}{area.sheet}" if book else ""
        case "contents":
            return area.at(0, 0)
        case "type":
            value = area.at(0, 0)
            return "b" if value is None else "l" if isinstance(value, str) else "v"
    raise Wrong(VALUE)


def _outer(path: str, sheet: str) -> str:
    """Return a sheet as another one names it: with the workbook, without its folder."""
    book = path[path.rfind("[") :] if "[" in path else ""
    quoted = quoted_sheet(sheet)
    if quoted.startswith("'") or not re.fullmatch(r"(\[[\w.]+\])?", book):
        inner = quoted[1:-1] if quoted.startswith("'") else quoted
        return f"'{book.replace(chr(39), chr(39) * 2)}{inner}'"
    return book + sheet


@function("SHEET", "P?", needs_place=True)
def _sheet(here: Here, of: Value = MISSING) -> int:
    if isinstance(of, CellError):
        raise Wrong(of)
    name = of if isinstance(of, str) else here.sheet if of is MISSING else _area(of).sheet
    number = here.book.sheet_number(name)
    if number is None:
        raise Wrong(NA)
    return number


@function("SHEETS", "P?", needs_place=True)
def _sheets(here: Here, of: Value = MISSING) -> int:
    return here.book.sheet_count() if of is MISSING else 1 if isinstance(of, Areas) else int(_area(of) is not None)


@function("ISREF", "P")
def _is_reference(of: Value) -> bool:
    return isinstance(of, (Area, Areas))


def _each(here: Here, of: Value, told: Callable[[str | None], Scalar]) -> Value:
    """Return what is told of the formula of each cell."""
    area = _area(of)
    rows = [
        [told(here.book.formula(area.sheet, row, col)) for col in range(area.first_col, area.last_col + 1)]
        for row in range(area.first_row, area.last_row + 1)
    ]
    if area.height == area.width == 1:
        return rows[0][0]
    return Grid(rows)


@function("ISFORMULA", "P", needs_place=True)
def _is_formula(here: Here, of: Value) -> Value:
    return _each(here, of, lambda formula: formula is not None)


@function("FORMULATEXT", "P", needs_place=True)
def _formula_text(here: Here, of: Value) -> Value:
    return _each(here, of, lambda formula: NA if formula is None else "=" + _PREFIX.sub(_kept_text, formula))


def _kept_text(found: re.Match[str]) -> str:
    return found[1] or ""
