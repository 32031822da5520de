"""Calls of DH_WHY told which cell they ask about, since the engine passes values only."""

from __future__ import annotations

from collections.abc import Callable

from dhxl.functions.info import WHY
from dhxl.workbook.formulas import rewritten_calls
from dhxl.workbook.names import Reference, quoted_sheet, reference_of
from dhxl.workbook.package import Package

__all__ = ["Place", "asked_calls", "asked_place"]

Place = tuple[str, int, int]  # address of the cell whose formula gives the asked one, and how far below and beside


def asked_calls(text: str, place: Callable[[str], Place]) -> str:
    """Return a formula whose calls of DH_WHY say first where the sentence of the asked cell is kept.

    Examples
    --------
    >>> asked_calls('IF(ISERROR(B2),DH_WHY(B2),"")', lambda asked: ("Net!B1", 1, 0))
    'IF(ISERROR(B2),DH_WHY("Net!B1",1,0,B2),"")'
    """
    if WHY not in text.upper():
        return text

    def told(name: str, arguments: tuple[str, ...]) -> str | None:
        if name != WHY:
            return None
        address, row, column = place(arguments[0] if arguments else "")
        quoted = '"' + address.replace('"', '""') + '"'
        return f"{WHY}({','.join([quoted, str(row), str(column), *(arguments or ('',))])})"

    return rewritten_calls(text, told)


def asked_place(package: Package, own: Reference, asked: str) -> Place:
    """Return where the sentence of an asked cell is kept: by the first cell of an array, or by the cell itself.

    What is no reference, such as another call, has its sentence in the asking cell.
    """
    name = package.defined_name(asked)
    place = name.reference if name else reference_of(asked if "!" in asked else f"{quoted_sheet(own.sheet)}!{asked}")
    known = {sheet.name.casefold(): sheet.name for sheet in package.sheets if sheet.kind == "worksheet"}
    if place is None or place.sheet.casefold() not in known:
        return own.address, 0, 0
    sheet = known[place.sheet.casefold()]
    row, col = place.first_row, place.first_col
    for first_row, first_col, last_row, last_col in package.cells(sheet).arrays.values():
        if first_row <= row <= last_row and first_col <= col <= last_col:
            anchor = Reference(sheet, first_row, first_col, first_row, first_col)
            return anchor.address, row - first_row, col - first_col
    return Reference(sheet, row, col, row, col).address, 0, 0
