"""Given values put into the named inputs of a workbook, checked cell by cell before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final

from dhxl.errors import InputError
from dhxl.functions.cells import described
from dhxl.studies.following import followed_inputs
from dhxl.studies.given import COMMAND_LINE, Given, Scalar
from dhxl.studies.inputs import choices, input_rules
from dhxl.studies.names import is_plumbing
from dhxl.studies.outputs import unit_of
from dhxl.studies.readings import meant, read_value
from dhxl.units import FRACTION, SUFFIXES
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["Constant", "Desk", "put", "put_source"]

_MOST_FOLLOWED: Final = 6
_LOOKED_AT: Final = 50  # cells of a range that tell whether it holds inputs

Constant = float | str | bool | None
_Place = tuple[int, int]
_Taken = dict[tuple[str, int, int], tuple[Constant, Given]]


@dataclass(frozen=True)
class Desk:
    """A workbook and what has been put into its cells so far, each value with the :class:`Given` that it is of."""

    package: Package
    taken: _Taken = field(default_factory=dict)
    sources: _Taken = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _rules: dict[str, Callable[[int, int, CellValue], str]] = field(default_factory=dict)

    @cached_property
    def _sheets(self) -> dict[str, str]:
        return {one.name.casefold(): one.name for one in self.package.sheets if one.kind == "worksheet"}

    @cached_property
    def _known(self) -> list[str]:
        """The names of inputs: those that hold a constant."""
        found = []
        for one in self.package.names:
            place = one.reference
            if one.sheet is None and not (one.built_in or one.hidden or is_plumbing(one.name)) and place:
                inside = islice(place.cells(), _LOOKED_AT if place.sheet.casefold() in self._sheets else 0)
                if any(not self.is_formula(place.sheet, at) for at in inside):
                    found.append(one.name)
        return found

    def cells_of(self, given: Given) -> tuple[str, Reference] | None:
        """Return the spelling and the cells of a name; where it is none of an input, that goes to the problems."""
        found = self.package.defined_name(given.name)
        if found is None:
            what = f"there is no input of this name{meant(given.name, self._known)}"
            self.refuse(f"{given.origin} {given.name if given.name.isprintable() else ascii(given.name)}", what)
            return None
        if is_plumbing(found.name):
            self.refuse(found.name, "is no input; a run fills it")
            return None
        place = self.package.resolve(given.name)
        corners = (place.first_row, place.first_col, place.last_row, place.last_col)
        return found.name, Reference(self._sheets.get(place.sheet.casefold(), place.sheet), *corners)

    def value(self, sheet: str, at: _Place) -> CellValue:
        """Return what a cell holds in the workbook."""
        return self.package.cells(sheet).value(*at)

    def is_formula(self, sheet: str, at: _Place) -> bool:
        """Return whether a formula gives a cell's value."""
        cells = self.package.cells(sheet)
        cell = cells.cells.get(at)
        return at in cells.children or (cell is not None and cell.formula is not None)

    def unmet(self, sheet: str, at: _Place, value: CellValue) -> str:
        """Return what a cell must hold where its data validation does not allow a value."""
        if sheet not in self._rules:
            self._rules[sheet] = input_rules(self.package, sheet)
        return self._rules[sheet](*at, value)

    def refuse(self, where: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(f"{where}: {what}")


def put(desk: Desk, given: Given, label: str, place: Reference, value: Scalar | None) -> Constant:
    """Put a value into a cell, None empties it; return it as the cell takes it.

    Parameters
    ----------
    desk : Desk
        The workbook.
    given : Given
        What the value is of.
    label : str
        Name of the cell, or of its range and its column, for messages; its last word carries the unit.
    place : Reference
        The cell.
    value : float, str, bool or None
        The value as it was given.
    """
    sheet, at = place.sheet, (place.first_row, place.first_col)
    where = f"{place.address} ({label})"
    own = desk.value(sheet, at)
    if desk.is_formula(sheet, at):
        desk.refuse(where, _followed(desk.package, place))
        return None
    if isinstance(own, ErrorValue):
        desk.refuse(where, f"holds the error value {own.code}, not an input")
        return None
    new: Constant = None
    if value is not None:
        name = label.rsplit(maxsplit=1)[-1]
        listed = choices(desk.package, place) if isinstance(value, str) else ()
        numeric = own is None and not listed and bool(desk.unmet(sheet, at, "text"))
        try:
            new = read_value(value, given.unit, name, own, listed, numeric=numeric)
        except InputError as error:
            desk.refuse(where, str(error))
            return None
        if wanted := desk.unmet(sheet, at, new):
            unit = "" if unit_of(name) == FRACTION or not isinstance(new, float) else f" {unit_of(name)}"
            desk.refuse(where, f"must be {wanted}{unit}, got {described(new)}")
            return None
    _take(desk, given, place, new)
    return new


def put_source(desk: Desk, given: Given, name: str, place: Reference, *, changed: bool) -> None:
    """Let the source beside an input say where its value comes from, if that is another one than the template's.

    It is a text in the second cell behind the input; the first one holds the unit.
    """
    beside, source = (place.first_row, place.first_col + 1), (place.first_row, place.first_col + 2)
    units = [spelling for units in SUFFIXES.values() if units[0] == unit_of(name) for spelling in units]
    old = desk.value(place.sheet, source)
    has_unit = (desk.value(place.sheet, beside) or "") in (units or ["", FRACTION])
    if not (has_unit and isinstance(old, str)) or any(desk.is_formula(place.sheet, at) for at in (beside, source)):
        if given.source:
            desk.refuse(f"{place.address} ({name})", "has no cell for a source beside its unit; leave the source out")
        return
    desk.sources.pop((place.sheet, *source), None)
    if given.source or changed:
        origin = "Set on the command line" if given.origin == COMMAND_LINE else f"Set from {given.origin}"
        try:
            text = read_value(given.source or origin, "", "source", old)
        except InputError as error:
            desk.refuse(f"{place.address} ({name}): source", str(error))
        else:
            desk.sources[place.sheet, *source] = (text, given)


def _take(desk: Desk, given: Given, place: Reference, value: Constant) -> None:
    key = (place.sheet, place.first_row, place.first_col)
    earlier = desk.taken.get(key)
    if earlier and earlier[1].origin == given.origin and earlier[1] is not given:
        both = dict.fromkeys((earlier[1].name, given.name))
        how = f"{given.name} is given twice" if len(both) == 1 else f"is given as {' and as '.join(both)}"
        desk.refuse(f"{given.origin}: {place.address}", how)
    desk.taken[key] = (value, given)


def _followed(package: Package, place: Reference) -> str:
    names = followed_inputs(package, place, _MOST_FOLLOWED + 1)
    if not names:
        return "is calculated, not an input"
    more = " and others" if len(names) > _MOST_FOLLOWED else ""
    return f"is calculated, not an input; it follows {', '.join(names[:_MOST_FOLLOWED])}{more}"
