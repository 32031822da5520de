"""The linter: rules that every sheet of a workbook keeps to, and where one does not. It reads and never writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.workbook.lint.consistency import circle_spots, row_spots
from dhxl.workbook.lint.contract_rules import contract_spots
from dhxl.workbook.lint.formula_rules import formula_spots, result_spots
from dhxl.workbook.lint.input_rules import input_spots
from dhxl.workbook.lint.name_rules import name_spots
from dhxl.workbook.lint.rules import RULES, Finding, Rule, Spot, findings
from dhxl.workbook.lint.sheet_rules import sheet_spots
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.package import Package

__all__ = ["RULES", "Finding", "Rule", "Spot", "lint"]

MOST_FORMULAS: Final = 200_000  # each takes a tenth of a millisecond
_STEPS: Final = (
    formula_spots, result_spots, row_spots, circle_spots, input_spots, name_spots, sheet_spots, contract_spots,
)  # fmt: skip


def lint(package: Package, progress: Callable[[float], None] | None = None) -> tuple[Finding, ...]:
    """Return what breaks the rules in a workbook, in the order of sheets, rows and columns.

    Rules of dhxl's own names apply only to workbooks that publish some. Neighbouring cells with the same fault are
    one finding.

    Parameters
    ----------
    package : Package
        Any .xlsx or .xlsm workbook.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    WorkbookError
        A sheet or the styles are damaged, or there are too many formulas.
    """
    book = BookView(package)
    formulas = sum(cell.formula is not None for sheet in book.sheets for cell in sheet.cells.cells.values())
    if formulas > MOST_FORMULAS:
        raise WorkbookError(
            f"{package.path}: at most {MOST_FORMULAS:,} formulas can be looked through, got {formulas:,}"
        )
    spots: list[Spot] = []
    for number, step in enumerate(_STEPS):
        if progress:
            progress(number / len(_STEPS))
        spots += step(book)
    overwritten = {(spot.sheet, spot.row, spot.col) for spot in spots if spot.rule == "W115"}
    told = [spot for spot in spots if spot.rule != "W202" or (spot.sheet, spot.row, spot.col) not in overwritten]
    return findings(told, tuple(sheet.name for sheet in package.sheets))
