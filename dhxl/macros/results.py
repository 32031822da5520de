"""What a headless calculation changed in a copy of the open workbook: constants by defined name."""

from __future__ import annotations

from itertools import chain

from dhxl.macros.desk import Rows
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import same_value

__all__ = ["changed_constants"]


def changed_constants(before: Package, after: Package, *prefixes: str) -> dict[str, Rows]:
    """Return the rows of the named ranges that hold other constants after a calculation than before.

    Parameters
    ----------
    before, after : Package
        A workbook before and after it was calculated.
    prefixes : str
        How the names begin, in small letters; ranges with formulas are left out.
    """
    found: dict[str, Rows] = {}
    for name in before.names:
        place = name.reference
        if name.sheet is not None or place is None or not name.name.casefold().startswith(prefixes):
            continue
        if "#REF!" in name.text or _calculated(before, place):
            continue
        old, new = before.values(place), after.values(place)
        if not all(same_value(was, now) for was, now in zip(chain(*old), chain(*new), strict=True)):
            found[name.name] = new
    return found


def _calculated(package: Package, place: Reference) -> bool:
    cells = package.cells(place.sheet)
    return any(
        at in cells.children or ((cell := cells.cells.get(at)) is not None and cell.formula is not None)
        for at in place.cells()
    )
