"""Values as the calculation engine passes them to Python, and cells as the worksheet functions know them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from dhxl.functions.cells import LEFT_OUT, Cell, CellError, CellOrRange
from dhxl.workbook.values import LONGEST_TEXT

__all__ = ["LEFT_OUT_FORMULA", "argument", "cell", "engine_value", "rows_of_cells"]

LEFT_OUT_TEXT: Final = "#dhxl: left out#"  # the engine delivers a left-out argument as 0.0; this text stands in for it
LEFT_OUT_FORMULA: Final = f'"{LEFT_OUT_TEXT}"'

# Kind of error in the engine -> error value of a cell, and what it means where the error value does not say it.
_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "Null": ("#NULL!", ""),
    "Div": ("#DIV/0!", ""),
    "Value": ("#VALUE!", ""),
    "Ref": ("#REF!", ""),
    "Name": ("#NAME?", ""),
    "Num": ("#NUM!", ""),
    "Na": ("#N/A", ""),
    "Spill": ("#VALUE!", "gives several values and needs cells that are not free"),
    "Calc": ("#VALUE!", "gives an empty list"),
    "Circ": ("#VALUE!", "depends on itself (circular reference)"),
    "NImpl": ("#VALUE!", "uses something that is not calculated headlessly"),
    "Error": ("#VALUE!", "holds a formula that cannot be read"),
}
_KINDS: Final = {code: kind for kind, (code, meaning) in _CODES.items() if not meaning}


def cell(value: Any) -> Cell:
    """Return the cell that one value of the engine stands for.

    Examples
    --------
    >>> cell({"type": "Error", "kind": "Div"})
    CellError(code='#DIV/0!', message='')
    >>> cell(2), cell(None), cell("a")
    (2.0, None, 'a')
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else CellError("#NUM!")
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dict):
        return CellError(*_CODES.get(str(value.get("kind")), ("#VALUE!", "")))
    return str(value)


def rows_of_cells(rows: list[list[Any]]) -> list[list[Cell]]:
    """Return the rows of cells that rows of the engine stand for; rows of plain values are returned as they are."""
    plain = {float, str, bool, type(None)}
    return [row if plain.issuperset(map(type, row)) else [cell(value) for value in row] for row in rows]


def argument(value: Any) -> CellOrRange:
    """Return the argument of a worksheet function that a value of the engine stands for."""
    if isinstance(value, list):
        return rows_of_cells(value)
    return LEFT_OUT if value == LEFT_OUT_TEXT else cell(value)


def engine_value(value: Any) -> Any:
    """Return what the engine accepts for a cell or for rows of cells.

    NaN, infinity and None never enter, since the engine would pass them on as numbers.

    Examples
    --------
    >>> engine_value(CellError("#NUM!", "no solution"))
    {'type': 'Error', 'kind': 'Num'}
    """
    if isinstance(value, (list, tuple)):
        plain = {float, str, bool}
        return [
            list(row) if plain.issuperset(map(type, row)) else [engine_value(entry) for entry in row] for row in value
        ]
    if isinstance(value, CellError):
        return _error(value.code)
    if value is None:
        return ""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else _error("#VALUE!")
    if isinstance(value, bool):
        return value
    return float(value) if math.isfinite(value) else _error("#NUM!")


def _error(code: str) -> dict[str, str]:
    return {"type": "Error", "kind": _KINDS.get(code, "Value")}
