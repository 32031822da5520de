"""What outsiders changed in a frozen copy: input edits, and changes that no live workbook can take over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dhxl.functions.cells import described
from dhxl.workbook.cells import SheetCells
from dhxl.workbook.names import DefinedName, Reference, quoted_sheet
from dhxl.workbook.package import Package
from dhxl.workbook.spelling import constant_of, same_formula
from dhxl.workbook.tables import tables
from dhxl.workbook.values import CellValue, ErrorValue, number_text, same_value

__all__ = ["Differences", "Edit", "differences", "structure_changes"]

_SAME_CONSTANT: Final = 1e-14  # relative: LibreOffice writes 15 digits
_SAME_RESULT: Final = 1e-6  # relative: another machine or version of a solver moves results less than this
_SAME_RESULT_FLOOR: Final = 1e-9
_LONGEST_QUOTE: Final = 60  # characters of a formula
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """A constant that was changed; ``place`` is its cell."""

    place: Reference
    old: CellValue
    new: CellValue


@dataclass(frozen=True, slots=True)
class Differences:
    """Changed constants, and sentences on what cannot be carried over: changed formulas, and other results."""

    edits: list[Edit] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)


def structure_changes(base: Package, edited: Package) -> list[str]:
    """Return sentences on sheets and names that were added, removed, renamed or moved."""
    before, after = ({sheet.name.casefold(): sheet.name for sheet in one.sheets} for one in (base, edited))
    gone = [quoted_sheet(name) for key, name in before.items() if key not in after]
    new = [quoted_sheet(name) for key, name in after.items() if key not in before]
    problems = []
    if gone:
        also = f" (it has {', '.join(new)} instead)" if new else ""
        problems.append(f"sheets were removed or renamed: {', '.join(gone)} {_are(gone)} missing{also}")
    elif new:
        problems.append(f"sheets were added: {', '.join(new)}; take them out, they cannot be carried over")
    if problems:
        return problems
    old_names, new_names = _names(base), _names(edited)
    for key, name in old_names.items():
        other = new_names.get(key)
        if other is None:
            problems.append(f"the name {name.name} was removed")
        elif not _same_name(name, other):
            moved = name.reference and other.reference
            why = "; rows or columns were inserted, deleted or moved" if moved else ""
            problems.append(f"the name {name.name} refers to {other.text}, not to {name.text} any more{why}")
    problems += [f"the name {name.name} was added" for key, name in new_names.items() if key not in old_names]
    return problems


def differences(
    base: Package, edited: Package, results: Mapping[str, frozenset[_Place]], aside: Mapping[str, frozenset[_Place]]
) -> Differences:
    """Return how the cells of a frozen copy differ from what they were when it was made.

    Parameters
    ----------
    base : Package
        The frozen copy as it was made.
    edited : Package
        The frozen copy as it came back.
    results : mapping of str to frozenset of (row, column)
        The cells whose values were given by formulas that the copy has not, and saved results.
    aside : mapping of str to frozenset of (row, column)
        Cells that are not compared.
    """
    found = Differences()
    titles = _titles(base)
    for sheet in (one.name for one in base.sheets if one.kind == "worksheet"):
        compared = _Sheet(
            sheet,
            base.cells(sheet),
            edited.cells(sheet),
            results.get(sheet, frozenset()),
            titles.get(sheet, frozenset()),
        )
        skipped = aside.get(sheet, frozenset())
        for at in sorted((compared.base.cells.keys() | compared.edited.cells.keys()) - skipped):
            compared.judge(at, found)
    return found


@dataclass(frozen=True)
class _Sheet:
    name: str
    base: SheetCells
    edited: SheetCells
    results: frozenset[_Place]
    titles: frozenset[_Place]

    def judge(self, at: _Place, found: Differences) -> None:
        """Compare a cell of both files and note what it means."""
        before, after = self.base.cells.get(at), self.edited.cells.get(at)
        old, new = self.base.value(*at), self.edited.value(*at)
        formula = before.formula if before else None
        entered = after.formula if after else None
        if entered is not None and (constant := constant_of(entered)) is not None:
            entered, new = None, constant
        place = Reference(self.name, *at, *at)
        if at in self.base.children:
            if at not in self.edited.children and entered is None and not _same(old, new):
                found.formulas.append(f"{place.address}: a value of an array formula was overwritten by {_shown(new)}")
        elif formula is not None:
            if entered is None:
                found.formulas.append(
                    f"{place.address}: its formula was overwritten by {_shown(new)} (={_cut(formula)})"
                )
            elif not same_formula(formula, entered) or self.base.arrays.get(at, (*at, *at)) != self.edited.arrays.get(
                at, (*at, *at)
            ):
                found.formulas.append(
                    f"{place.address}: its formula was changed from ={_cut(formula)} to ={_cut(entered)}"
                )
        elif entered is not None:
            found.formulas.append(f"{place.address}: holds a formula now (={_cut(entered)}); enter its value instead")
        elif at in self.results:
            if not _same_result(old, new):
                found.results.append(
                    f"{place.address}: a calculated result was overwritten, {_shown(old)} by {_shown(new)}"
                )
        elif not _same(old, new):
            if at in self.titles:
                found.formulas.append(f"{place.address}: the title of a table's column was changed to {_shown(new)}")
            else:
                found.edits.append(Edit(place, old, new))


def _titles(package: Package) -> dict[str, frozenset[_Place]]:
    found: dict[str, set[_Place]] = {}
    for table in tables(package):
        columns = range(table.first_col, table.first_col + len(table.columns))
        rows = range(table.first_row, table.first_row + table.header_rows)
        found.setdefault(table.sheet, set()).update((row, col) for row in rows for col in columns)
    return {sheet: frozenset(places) for sheet, places in found.items()}


def _names(package: Package) -> dict[tuple[str, str], DefinedName]:
    return {
        ((one.sheet or "").casefold(), one.name.casefold()): one
        for one in package.names
        if not one.built_in and not one.name.lower().startswith("_xl")
    }


def _same_name(first: DefinedName, second: DefinedName) -> bool:
    a, b = first.reference, second.reference
    if a and b:
        area = (a.first_row, a.first_col, a.last_row, a.last_col)
        return a.sheet.casefold() == b.sheet.casefold() and area == (b.first_row, b.first_col, b.last_row, b.last_col)
    return a is b is None and same_formula(first.text, second.text)


def _same(old: CellValue, new: CellValue) -> bool:
    """Return whether two constants are the same; programs differ in empty text, line ends and 15th digits."""
    old, new = _plain(old), _plain(new)
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= _SAME_CONSTANT * max(abs(old), abs(new))
    return same_value(old, new)


def _same_result(old: CellValue, new: CellValue) -> bool:
    old, new = _plain(old), _plain(new)
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= _SAME_RESULT * max(abs(old), abs(new)) + _SAME_RESULT_FLOOR
    return _same(old, new)


def _plain(value: CellValue) -> CellValue:
    if isinstance(value, bool):
        return float(value)
    return value.replace("\r\n", "\n").replace("\r", "\n") or None if isinstance(value, str) else value


def _shown(value: CellValue) -> str:
    if value is None:
        return "a blank cell"
    if isinstance(value, float):
        return number_text(value)
    return value.code if isinstance(value, ErrorValue) else described(value)


def _cut(formula: str) -> str:
    return formula if len(formula) <= _LONGEST_QUOTE else formula[: _LONGEST_QUOTE - 3] + "..."


def _are(words: list[str]) -> str:
    return "are" if len(words) > 1 else "is"
