"""Which stored results of a file count as results."""

from __future__ import annotations

from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue

__all__ = ["counts"]


def counts(package: Package, value: CellValue) -> bool:
    """Return whether a formula's stored value is a result.

    A program that calculates nothing writes 0 into all formulas and asks for a calculation on opening: such a 0 is
    none.
    """
    if value is None:
        return False
    return not (type(value) is float and value == 0 and package.calculation.get("fullCalcOnLoad") in ("1", "true"))
