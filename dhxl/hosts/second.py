"""A second opinion on a workbook: another engine calculates a copy in which some cells are given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from dhxl.errors import InputError, WorkbookError
from dhxl.hosts import ironcalc, libreoffice
from dhxl.hosts.plain_formulas import Formulas, Places, plain_formulas, unread
from dhxl.workbook import patch
from dhxl.workbook.cells import SheetCells, scan
from dhxl.workbook.formulas import calls_any, function_calls, is_dh
from dhxl.workbook.lint.portable import VOLATILE
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorLike

__all__ = ["ENGINES", "Cells", "SecondOpinion", "engine_at_hand", "saved_results", "second_values", "with_cells"]

ENGINES: Final = {"libreoffice": libreoffice.LIBREOFFICE, "ironcalc": ironcalc.IRONCALC}
_MOST_PASSES: Final = (
    4  # in which only refused cells that rest on no other are given, since the others may be calculable
)
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"?')
_DOUBTFUL: Final = re.compile("|".join(("DH_", *VOLATILE)), re.IGNORECASE)
_OTHER_WORKBOOK: Final = re.compile(r"\[[^\[\]]+\][^\[\]!,;()]*!")

_Place = tuple[int, int]
Cells = Mapping[str, Mapping[_Place, CellValue | ErrorLike]]


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another engine makes of a workbook.

    ``engine`` is its name. ``values`` are the values of all cells that are not blank, by sheet, row and column.
    ``not_calculated`` says of which cells it did not calculate the formula, and why; ``values`` has there what was
    given to it instead, and what rests on these cells is calculated with that.
    """

    engine: str
    values: Mapping[str, Mapping[_Place, CellValue]]
    not_calculated: Places


def engine_at_hand(wanted: str | None = None) -> str:
    """Return the engine to use, a key of ENGINES: the wanted one, else LibreOffice, else IronCalc.

    Raises
    ------
    InputError
        There is no such engine.
    WorkbookError
        None is wanted, and neither is at hand.
    """
    if wanted is not None:
        if wanted.lower() not in ENGINES:
            raise InputError(f"there is no second engine {wanted!r}; there are {' and '.join(ENGINES)}")
        return wanted.lower()
    if libreoffice.find_libreoffice() is not None:
        return "libreoffice"
    if ironcalc.has_ironcalc():
        return "ironcalc"
    raise WorkbookError(
        "the second engine needs LibreOffice (soffice), which is neither on the search path nor in a usual place, or "
        'IronCalc, which is not installed; pip install "dhxl[second]" brings IronCalc'
    )


def second_values(
    package: Package, *, engine: str | None, constants: Cells, stand_ins: Cells | None = None
) -> SecondOpinion:
    """Return what another engine calculates of a workbook with some cells given; the workbook stays as it is.

    Parameters
    ----------
    package : Package
        The workbook.
    engine : str or None
        ``libreoffice``, ``ironcalc``, or None for the one at hand, see :func:`engine_at_hand`.
    constants : mapping of sheet to mapping of (row, column) to value
        Cells that the engine takes as they are given, whatever stands in them: inputs, and results of the DH_
        functions, which it does not have.
    stand_ins : mapping of sheet to mapping of (row, column) to value, optional
        What the cells hold that the engine cannot calculate, such as those that call a function it lacks; where
        nothing is said, their stored results.

    Raises
    ------
    InputError
        There is no such engine.
    WorkbookError
        The engine is not at hand or gives up, or a value does not fit into a cell.
    """
    key = engine_at_hand(engine)
    given = with_cells(package, constants)
    formulas = plain_formulas(given)
    left_out = _beyond_any(formulas)
    if key == "ironcalc":
        left_out = _joined(ironcalc.lacking(given, formulas), left_out)
    for passes in count(1):
        stood_in = with_cells(given, _stand_ins(given, left_out, stand_ins or {}))
        asked = _without(formulas, left_out)
        if key == "ironcalc":
            values = ironcalc.recalculated(stood_in, asked)
            more = ironcalc.refused(asked, values)
        else:
            values = libreoffice.recalculated(stood_in)
            more = libreoffice.refused(asked, values)
        if not any(more.values()):
            break
        if passes < _MOST_PASSES:
            alone = ironcalc.refused_alone(asked, more) if key == "ironcalc" else {}
            more = _joined(unread(asked, more), alone)
        left_out = _joined(left_out, more)
    return SecondOpinion(ENGINES[key], values, left_out)


def saved_results(package: Package) -> dict[str, dict[_Place, CellValue]]:
    """Return the stored results of the cells whose formulas call a DH_ function, by sheet, row and column."""
    found: dict[str, dict[_Place, CellValue]] = {}
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            cells = package.cells(sheet.name)
            calling = {at for at, cell in cells.cells.items() if cell.formula and calls_any(cell.formula)}
            places = calling.union(child for child, anchor in cells.children.items() if anchor in calling)
            found[sheet.name] = {at: value for at in sorted(places) if (value := cells.value(*at)) is not None}
    return found


def with_cells(package: Package, constants: Cells) -> Package:
    """Return a workbook in memory in which some cells hold constants, whatever stood in them before.

    Of an array formula all cells become constants: those that are not given keep their stored result.

    Raises
    ------
    WorkbookError
        There is no such sheet, or a value does not fit into a cell.
    """
    parts = {}
    for name, values in constants.items():
        if values:
            sheet = package.sheet(name)
            cells = package.cells(name)
            anchors = {cells.children.get(at, at) for at in values}
            own = {at: values.get(at, cells.value(*at)) for at in anchors if _has_formula(cells, at)}
            rest = {at: value for at, value in values.items() if at not in own}
            if own:
                xml = patch.with_constants(cells, own)
                if rest:
                    cells = scan(xml, package.shared_strings, cells.where, date1904=package.date1904)
            parts[sheet.part] = patch.with_values(cells, rest) if rest else xml
    return package.with_parts(parts) if parts else package


def _has_formula(cells: SheetCells, at: _Place) -> bool:
    return at in cells.cells and cells.cells[at].formula is not None


def _beyond_any(formulas: Formulas) -> dict[str, dict[_Place, str]]:
    """Return the cells of which no engine can have an opinion, with the reason."""
    found: dict[str, dict[_Place, str]] = {}
    for sheet, texts in formulas.items():
        for at, text in texts.items():
            if reason := _reason(text):
                found.setdefault(sheet, {})[at] = reason
    return found


def _reason(text: str) -> str:
    if "]" in text and _OTHER_WORKBOOK.search(_TEXT.sub("", text)):
        return "refers to another workbook"
    if _DOUBTFUL.search(text):
        for call in function_calls(text):
            if is_dh(call.name):
                return f"calls {call.name}, which only dhxl calculates"
            if call.name in VOLATILE:
                return f"calls {call.name}, whose result depends on the moment or the machine"
    return ""


def _stand_ins(package: Package, left_out: Places, stand_ins: Cells) -> dict[str, dict[_Place, CellValue | ErrorLike]]:
    found: dict[str, dict[_Place, CellValue | ErrorLike]] = {}
    for sheet, places in left_out.items():
        cells = package.cells(sheet)
        said = stand_ins.get(sheet, {})
        for at in places:
            for one in (at, *(child for child, anchor in cells.children.items() if anchor == at)):
                found.setdefault(sheet, {})[one] = said.get(one, cells.value(*one))
    return found


def _without(formulas: Formulas, left_out: Places) -> Formulas:
    return {
        sheet: {at: text for at, text in texts.items() if at not in left_out.get(sheet, {})}
        for sheet, texts in formulas.items()
    }


def _joined(*found: Places) -> dict[str, dict[_Place, str]]:
    joined: dict[str, dict[_Place, str]] = {}
    for one in found:
        for sheet, places in one.items():
            joined.setdefault(sheet, {}).update(places)
    return joined
