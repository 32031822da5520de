"""The formulas of a workbook spelled with cells only, for engines that do not know all that a name may stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dhxl.workbook.formulas import formula_tokens, shifted
from dhxl.workbook.lint.parts import taken_apart
from dhxl.workbook.name_uses import NameUse, name_uses
from dhxl.workbook.names import DefinedName
from dhxl.workbook.package import Package
from dhxl.workbook.tables import Table, plain_references, tables

__all__ = ["Formulas", "Places", "is_plain", "plain_formulas", "unread"]

Formulas = Mapping[str, Mapping[tuple[int, int], str]]
Places = Mapping[str, Mapping[tuple[int, int], str]]  # cells with something that is said of them

_WORD: Final = re.compile(r"[^\W\d]?[\w.?\\]+")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_FIXED: Final = re.compile(r"\$[A-Z]{1,3}\$\d+")
_THIS_WORKBOOK: Final = "[0]!"
_BESIDE: Final = ("_", ".", "\\", "'", "!")  # a bracket beside one of these belongs to a table or to another workbook
_DEEPEST: Final = 20  # names within names; deeper ones depend on themselves


def plain_formulas(package: Package) -> dict[str, dict[tuple[int, int], str]]:
    """Return the formulas of a workbook by sheet, row and column.

    References to tables are references to cells, and what a name stands for takes its place, unless it is one fixed
    cell and belongs to the whole workbook. Data tables, which are values to other programs, are left out.

    Raises
    ------
    WorkbookError
        A sheet or a table is damaged.
    """
    known = {table.name.lower(): table for table in tables(package)}
    named = [one for one in package.names if not one.built_in]
    spelled = _Spelled(known, {(one.sheet, one.name.casefold()): one for one in reversed(named)}, _hard(named))
    return {
        sheet.name: {
            at: spelled.formula(cell.formula, sheet.name, *at)
            for at, cell in package.cells(sheet.name).cells.items()
            if cell.formula and cell.formula_kind != "table"
        }
        for sheet in package.sheets
        if sheet.kind == "worksheet"
    }


def is_plain(name: DefinedName) -> bool:
    """Return whether a name stands for one fixed cell and belongs to the whole workbook."""
    fixed = name.reference is not None and bool(_FIXED.fullmatch(name.text.rpartition("!")[2]))
    return fixed and name.sheet is None and not name.built_in and bool(_PLAIN_NAME.fullmatch(name.name))


def _holds(table: Table, row: int, col: int) -> bool:
    columns = range(table.first_col, table.first_col + len(table.columns))
    return table.first_row <= row <= table.last_row and col in columns


def unread(formulas: Formulas, found: Places) -> dict[str, dict[tuple[int, int], str]]:
    """Return those of some formulas' cells that read no other of them; all where each reads another."""
    spelled = {one.casefold(): one for one in found}

    def reads_another(sheet: str, at: tuple[int, int]) -> bool:
        for area in taken_apart(formulas[sheet][at]).areas:
            first_row, first_col, last_row, last_col = area.corners
            cells = found.get(spelled.get((area.sheet or sheet).casefold(), ""), {})
            inside = ((r, c) for r, c in cells if first_row <= r <= last_row and first_col <= c <= last_col)
            if any(place != at for place in inside):
                return True
        return False

    kept = {
        sheet: {at: said for at, said in places.items() if not reads_another(sheet, at)}
        for sheet, places in found.items()
    }
    return kept if any(kept.values()) else {sheet: dict(places) for sheet, places in found.items()}


def _hard(names: list[DefinedName]) -> frozenset[str]:
    """Return the names, in lower case, whose meaning must take their place."""
    return frozenset(one.name.casefold() for one in names if not is_plain(one))


@dataclass(frozen=True, slots=True)
class _Spelled:
    tables: Mapping[str, Table]
    names: Mapping[tuple[str | None, str], DefinedName]
    hard: frozenset[str]

    def formula(self, text: str, sheet: str, row: int, col: int, depth: int = 0) -> str:
        """Return a formula of a cell without tables and without names that have to be spelled out."""
        if self.tables:
            inside = self._with_table(text, sheet, row, col) if "[" in text else text
            text = plain_references(inside, self.tables, row)
        if _THIS_WORKBOOK not in text and not self.hard.intersection(_WORD.findall(text.casefold())):
            return text
        pieces, at = [], 0
        for use in name_uses(text):
            one = self._meant(use, sheet)
            spelling = one.name if one and is_plain(one) else use.name
            if one and not is_plain(one) and depth < _DEEPEST:
                meant = shifted(one.text.removeprefix("="), row - 1, col - 1)
                meant = self.formula(meant, one.sheet or sheet, row, col, depth + 1)
                spelling = meant if one.reference else f"({meant})"
            pieces += [text[at : use.start], spelling]
            at = use.end
        return "".join([*pieces, text[at:]])

    def _with_table(self, text: str, sheet: str, row: int, col: int) -> str:
        """Return a formula in which columns of the table around its cell, ``[heat]``, say whose they are."""
        around = next((one.name for one in self.tables.values() if one.sheet == sheet and _holds(one, row, col)), "")
        pieces, at = [], 0
        for kind, start, end in formula_tokens(text) if around else ():
            before, behind = text[start - 1 : start], text[end : end + 1]
            own = not (before.isalnum() or before in ("_", ".", "\\", "'")) and not (
                behind.isalnum() or behind in "_'!"
            )
            if kind == "bracket" and own:
                pieces += [text[at:start], around]
                at = start
        return "".join([*pieces, text[at:]])

    def _meant(self, use: NameUse, sheet: str) -> DefinedName | None:
        """Return the name that is meant: one of the sheet goes before one of the workbook."""
        key = use.name.casefold()
        own = use.sheet or sheet
        local = next((one for (of, name), one in self.names.items() if name == key and of and of == own), None)
        return local or self.names.get((None, key))
