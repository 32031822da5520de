"""Rules of what dhxl needs of its own workbooks: W502 to W506."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from dhxl.workbook.formulas import is_dh
from dhxl.workbook.lint.parts import Formula
from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.names import Reference
from dhxl.workbook.xmltext import whole_number

__all__ = ["contract_spots"]

ENGINE_LIVE: Final = 'IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)'
MOST_DISPATCH_CALLS: Final = 4
_LIVE, _SAVED = "live_", "saved_"
_UNITS: Final = re.compile(r"units_(\d|shown)$", re.IGNORECASE)
_PROGRAM: Final = 191029  # the calculation of Excel 2019 and later; an older number is calculated anew when opened


def contract_spots(book: BookView) -> Iterator[Spot]:
    """Yield where a workbook of dhxl would not stand without the functions; nothing for other workbooks."""
    if not book.is_dhxl:
        return
    live = book.places.get("engine_live")
    dispatches: dict[str, list[tuple[str, int, int]]] = {}
    for sheet in book.sheets:
        for row, col, text, form in book.formulas(sheet):
            if live and (sheet.name, row, col) == (live.sheet, live.first_row, live.first_col):
                spelled = (
                    text.replace(" ", "").upper().replace("FALSE()", "FALSE")
                )  # LibreOffice writes dh_ and FALSE()
                if spelled != ENGINE_LIVE.upper():
                    yield Spot("W503", sheet.name, row, col, f"must be ={ENGINE_LIVE}, got ={text}")
                continue
            if "DH_" not in text.upper() or not any(map(is_dh, form.called)):
                continue
            if not _has_saved_value(form):
                yield Spot("W502", sheet.name, row, col, "calls a DH_ function without a saved value")
            for units in _dispatched(form):
                dispatches.setdefault(units, []).append((sheet.name, row, col))
    for units, places in dispatches.items():
        for number, place in enumerate(places[MOST_DISPATCH_CALLS:], start=MOST_DISPATCH_CALLS + 1):
            yield Spot("W504", *place, f"is call {number} of the dispatch of {units}, at most {MOST_DISPATCH_CALLS}")
    yield from _pair_spots(book)
    yield from _opening_spots(book)


def _has_saved_value(form: Formula) -> bool:
    """Return whether a formula reads IF(engine_live, a call, something without a call)."""
    outer = form.calls[0]
    if outer.name != "IF" or (outer.start, outer.end) != (0, len(form.text)) or len(outer.arguments) != 3:
        return False
    condition, _, saved = (form.text[start:end] for start, end in outer.arguments)
    begins, ends = outer.arguments[2]
    inside = any(begins <= call.start < ends and is_dh(call.name) for call in form.calls)
    return condition.casefold() == "engine_live" and bool(saved) and not inside


def _dispatched(form: Formula) -> Iterator[str]:
    for call in form.calls:
        if call.name.startswith("DH_DISPATCH") and call.arguments:
            start, end = call.arguments[0]
            if _UNITS.fullmatch(form.text[start:end]):
                yield form.text[start:end].lower()


def _pair_spots(book: BookView) -> Iterator[Spot]:
    for name, live in book.places.items():
        if not name.startswith(_LIVE):
            continue
        at = (live.sheet, live.first_row, live.first_col)
        spelled = book.names[name].name
        saved = book.places.get(_SAVED + name[len(_LIVE) :])
        if saved is None:
            yield Spot("W505", *at, f"the name {spelled} has no partner {_SAVED}{spelled[len(_LIVE) :]}")
        elif (saved.rows, saved.columns) != (live.rows, live.columns):
            shapes = f"{live.rows} x {live.columns} cells, its saved range {saved.rows} x {saved.columns}"
            yield Spot("W505", *at, f"the name {spelled} covers {shapes}")
        elif formula := _formula_in(book, saved):
            yield Spot("W505", saved.sheet, *formula, "holds a formula in a range of saved results")


def _formula_in(book: BookView, place: Reference) -> tuple[int, int] | None:
    cells = next(sheet.cells for sheet in book.sheets if sheet.name == place.sheet)
    for at in place.cells():
        cell = cells.cells.get(at)
        if at in cells.children or (cell and cell.formula is not None):
            return at
    return None


def _opening_spots(book: BookView) -> Iterator[Spot]:
    settings = book.package.calculation
    program = whole_number(settings.get("calcId", "")) or 0
    if settings.get("fullCalcOnLoad") in ("1", "true") or program < _PROGRAM:
        yield Spot("W506", "", 0, 0, "the workbook is calculated anew when it is opened")
    empty = Counter(
        sheet.name for sheet in book.sheets for place in sheet.forms if sheet.cells.cells[place].value is None
    )
    for sheet, count in empty.items():
        yield Spot(
            "W506", sheet, 0, 0, f"{count} formula{'s' * (count > 1)} of the sheet hold{'s' * (count == 1)} no result"
        )
