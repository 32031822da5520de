"""How much a workbook may hold to be calculated headlessly: within half a minute and a gigabyte of memory."""

from __future__ import annotations

from typing import Final

from dhxl.errors import WorkbookError
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = ["refuse_too_large"]

MOST_ARRAY_CELLS: Final = 1_000_000  # of all array formulas; a year of quarter-hours has 35,040 in a column
MOST_FORMULAS: Final = 500_000  # each takes some 1.3 kB of memory
MOST_CALLING: Final = 200_000  # formulas that call worksheet functions; each takes some 3 kB


def refuse_too_large(package: Package) -> None:
    """Refuse a workbook that would take too much memory or time.

    Raises
    ------
    WorkbookError
        It has too many formulas, or array formulas cover too many cells.
    """
    areas = []
    formulas = calling = 0
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            cells = package.cells(sheet.name)
            areas += [Reference(sheet.name, *area) for area in cells.arrays.values()]
            texts = [cell.formula for cell in cells.cells.values() if cell.formula]
            formulas += len(texts)
            calling += sum("DH_" in text or "dh_" in text for text in texts)
    total = sum(area.rows * area.columns for area in areas)
    if total > MOST_ARRAY_CELLS:
        largest = max(areas, key=lambda area: area.rows * area.columns)
        raise WorkbookError(
            f"{largest.address}: array formulas may cover at most {MOST_ARRAY_CELLS:,} cells in all, got {total:,}"
        )
    if calling > MOST_CALLING:
        raise WorkbookError(
            f"{package.path}: at most {MOST_CALLING:,} formulas may call worksheet functions, got {calling:,}; "
            "one call takes whole ranges"
        )
    if formulas > MOST_FORMULAS:
        raise WorkbookError(
            f"{package.path}: at most {MOST_FORMULAS:,} formulas can be calculated headlessly, got {formulas:,}"
        )
