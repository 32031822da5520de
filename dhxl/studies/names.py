"""The published names of a workbook with what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dhxl.studies.inputs import input_cells
from dhxl.studies.outputs import unit_of
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue

__all__ = ["PublishedName", "is_plumbing", "published_names"]

_PLUMBING: Final = re.compile(
    r"live_|saved_(?!at$)|sensitivity_(?:inputs|counts|results|input_names|\w+_(?:sets|hash|base))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PublishedName:
    """A defined name; ``value`` is the stored value of a single cell, ``rows`` x ``columns`` the size of a range.

    ``is_input`` tells whether its first cell is an input. Both sizes are 0 where the name stands for no plain range,
    for instance because its sheet was deleted.
    """

    name: str
    refers_to: str
    rows: int
    columns: int
    value: CellValue
    unit: str
    is_input: bool


def is_plumbing(name: str) -> bool:
    """Return whether a defined name is of use to the workbook alone: pairs of live and saved results, marks of studies.

    Examples
    --------
    >>> is_plumbing("saved_load"), is_plumbing("saved_at"), is_plumbing("npv_eur_1")
    (True, False, False)
    """
    return bool(_PLUMBING.match(name))


def published_names(book: Path) -> tuple[PublishedName, ...]:
    """Return the visible names of the whole workbook in alphabetical order, without the pairs of saved results.

    Raises
    ------
    WorkbookError
        The file is no workbook.
    """
    package = Package.open(book)
    sheets = {sheet.name.casefold() for sheet in package.sheets if sheet.kind == "worksheet"}
    inputs = input_cells(package)
    found = []
    for defined in package.names:
        if defined.sheet is not None or defined.hidden or defined.built_in or is_plumbing(defined.name):
            continue
        place = defined.reference
        if place is None or place.sheet.casefold() not in sheets:
            found.append(PublishedName(defined.name, defined.text, 0, 0, None, unit_of(defined.name), False))
            continue
        value = package.values(place)[0][0] if place.is_cell else None
        unit = unit_of(defined.name)
        is_input = (place.first_row, place.first_col) in inputs.get(place.sheet.casefold(), ())
        found.append(PublishedName(defined.name, place.address, place.rows, place.columns, value, unit, is_input))
    return tuple(sorted(found, key=lambda entry: entry.name.casefold()))
