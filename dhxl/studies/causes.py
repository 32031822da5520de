"""The cells that the sentence of a worksheet function speaks of: a value of a long range, a cell of a table."""

from __future__ import annotations

import re
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.hosts.headless import Model
from dhxl.studies.tracing import Place
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.names import Reference, quoted_sheet, reference_of

__all__ = ["cause"]

_SENTENCE: Final = re.compile(r"(DH_\w+)(?: \((?:row (\d+))?(?:, )?(?:column (\d+))?\))?: (\w+)\b(.*)", re.DOTALL)
_VALUE: Final = re.compile(r" \(value (\d+) of \d+\)")
_CELL: Final = re.compile(r" \(row (\d+), column (\d+)\)")
_ROW: Final = re.compile(r" row (\d+)(?: \(.*?\))?, (\w+)\b")
_COLUMN: Final = re.compile(r" has (?:an unknown column '(.*?)'|two columns (\S+))")


def cause(model: Model, place: Place, formula: str, sentence: str) -> Reference | None:
    """Return the cells that a sentence is about, as far as it tells, where an argument is a range of several cells.

    Parameters
    ----------
    model : Model
        The workbook.
    place : tuple
        Sheet, row and column of the cell in error.
    formula : str
        Its formula without ``=``.
    sentence : str
        What the worksheet function says, beginning with its name and an argument's.
    """
    found = _SENTENCE.match(sentence)
    area = _argument(model, place, formula, found[1], found[4]) if found else None
    if not found or area is None or area.is_cell:
        return None
    if found[2] or found[3]:
        return _inside(area, _repeated(found[2], area.rows), _repeated(found[3], area.columns))
    told = found[5]
    if value := _VALUE.match(told):
        row, col = divmod(int(value[1]) - 1, area.columns)
        return _inside(area, row, col)
    if cell := _CELL.match(told):
        return _inside(area, int(cell[1]) - 1, int(cell[2]) - 1)
    if row_of_table := _ROW.match(told):
        row, title = int(row_of_table[1]) - 1, row_of_table[2]
        titles = [] if found[4] == "settings" else _header(model, area)
        return _inside(area, row, titles.index(title) if title in titles else area.columns - 1)
    if column := _COLUMN.match(told):
        titles, title = _header(model, area), column[1] or column[2]
        return _inside(area, 0, titles.index(title)) if title in titles else area
    return area


def _argument(model: Model, place: Place, formula: str, function: str, argument: str) -> Reference | None:
    """Return the cells that a formula passes as an argument; None where it passes something else."""
    declared = [one.name for one in REGISTRY[function].arguments] if function in REGISTRY else []
    calls = [call for call in function_calls(formula) if call.name == function]
    if argument not in declared or len(calls) != 1 or len(calls[0].arguments) <= declared.index(argument):
        return None
    start, end = calls[0].arguments[declared.index(argument)]
    text = formula[start:end]
    here = reference_of(text) or reference_of(f"{quoted_sheet(place[0])}!{text}")
    if here or model.package.defined_name(text) is None:
        return here
    try:
        return model.reference(text)
    except WorkbookError:
        return None


def _repeated(number: str | None, size: int) -> int:
    """Return the row or column of an argument that a place in the answer rests on; a single one is repeated."""
    return int(number) - 1 if number and size > 1 else 0


def _inside(area: Reference, row: int, col: int) -> Reference:
    """Return a cell of an area, or the whole area where the cell would lie outside."""
    if not (0 <= row < area.rows and 0 <= col < area.columns):
        return area
    at = (area.first_row + row, area.first_col + col)
    return Reference(area.sheet, *at, *at)


def _header(model: Model, area: Reference) -> list[str]:
    first = area.first_row
    cells = model.cells(Reference(area.sheet, first, area.first_col, first, area.last_col))[0]
    return [cell.strip() if isinstance(cell, str) else "" for cell in cells]
