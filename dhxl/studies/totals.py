"""The totals of a workbook's checks and alerts, and which of these are on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference

__all__ = ["ALERTS", "CHECKS", "labels", "lit", "read_cells", "total"]

CHECKS: Final = "ChecksTotal"
ALERTS: Final = "AlertsTotal"
_MOST_READ: Final = 1_000_000


def total(model: Model, name: str) -> float | None:
    """Return CHECKS or ALERTS of a calculated workbook, None where it has none."""
    value = model.value(name)
    return value if type(value) is float else None


def lit(model: Model, name: str) -> Iterator[tuple[Reference, str]]:
    """Yield the cells that a total counts and that are not 0, with the label of their row; else the total itself."""
    if not total(model, name):
        return
    place = model.reference(name)
    lit = [
        Reference(area.sheet, row, col, row, col)
        for area in read_cells(model, place.sheet, place.first_row, place.first_col)
        for row, col in area.cells()
        if type(value := model.cell(area.sheet, row, col)) is float and value != 0
    ]
    for one in lit or [place]:
        texts = (model.cell(one.sheet, one.first_row, col) for col in range(1, one.first_col))
        yield one, next((text.strip() for text in texts if isinstance(text, str) and text.strip()), name)


def labels(model: Model, name: str) -> tuple[tuple[str, str], ...]:
    """Return the addresses and labels of the checks or alerts that are on."""
    return tuple((place.address, label) for place, label in lit(model, name))


def read_cells(model: Model, sheet: str, row: int, col: int) -> list[Reference]:
    """Return the cells that a formula reads, without ranges of which nobody would look at every cell."""
    return [area for area in model.precedents(sheet, row, col) if area.rows * area.columns <= _MOST_READ]
