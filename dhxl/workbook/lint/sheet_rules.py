"""Rules of sheets and of the workbook's settings: W110 (links) and W401 to W408."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView, SheetView

__all__ = ["sheet_spots"]

_TRUE: Final = (b"1", b"true")
_HEADER: Final = re.compile(rb"<(?:\w+:)?(?:odd|first)Header[^<>]*>[^<]")
_FOOTER: Final = re.compile(rb"<(?:\w+:)?(?:odd|first)Footer[^<>]*>[^<]")
_LINKED: Final = "/externallinks/externallink"


def sheet_spots(book: BookView) -> Iterator[Spot]:
    """Yield what is wrong with the set-up of the sheets and of the workbook."""
    printed = {one.sheet for one in book.package.names if one.name.casefold() == "_xlnm.print_area"}
    for sheet in book.sheets:
        yield from _merged_spots(book, sheet)
        yield from _hidden_spots(book, sheet)
        if sheet.cells.cells and sheet.entry.visibility == "visible":
            yield from (Spot(rule, sheet.name, 0, 0, text) for rule, text in _set_up(sheet, printed))
    settings = book.package.calculation
    if settings.get("calcMode") == "manual":
        yield Spot("W408", "", 0, 0, "the workbook calculates only on demand")
    if settings.get("iterate") in ("1", "true"):
        yield Spot("W408", "", 0, 0, "the workbook iterates circular references")
    links = sum(_LINKED in f"/{part.lower()}" and part.lower().endswith(".xml") for part in book.package.part_names)
    if links:
        yield Spot("W110", "", 0, 0, f"the workbook holds links to {links} other workbook{'s' * (links > 1)}")


def _merged_spots(book: BookView, sheet: SheetView) -> Iterator[Spot]:
    for first_row, first_col, last_row, last_col in sheet.merged:
        cell = sheet.cells.cells.get((first_row, first_col))
        filled = cell is not None and (cell.value is not None or cell.formula is not None)
        if cell and (book.style(cell.style).is_input or (filled and not isinstance(cell.value, str))):
            shape = f"{last_row - first_row + 1} x {last_col - first_col + 1}"
            yield Spot("W402", sheet.name, first_row, first_col, f"is merged over {shape} cells")


def _hidden_spots(book: BookView, sheet: SheetView) -> Iterator[Spot]:
    inputs = [place for place in book.inputs[sheet.name] if sheet.cells.value(*place) is not None]
    if sheet.entry.visibility != "visible":
        if inputs:
            many = f"{len(inputs)} input{'s' * (len(inputs) > 1)}"
            yield Spot("W401", sheet.name, 0, 0, f"the sheet is hidden and holds {many}")
        return
    for row, col in inputs:
        if row in sheet.hidden_rows or col in sheet.hidden_columns:
            yield Spot("W407", sheet.name, row, col, "is an input in a hidden row or column")


def _set_up(sheet: SheetView, printed: set[str | None]) -> Iterator[tuple[str, str]]:
    if sheet.name not in printed:
        yield "W403", "the sheet has no print area"
    fits = (sheet.tag("pageSetUpPr") or {}).get(b"fitToPage") in _TRUE
    if not fits or (sheet.tag("pageSetup") or {}).get(b"fitToWidth", b"1") != b"1":
        yield "W404", "the sheet does not print one page wide"
    lacking = [word for word, pattern in (("header", _HEADER), ("footer", _FOOTER)) if not pattern.search(sheet.tail)]
    if lacking:
        yield "W405", f"the sheet has no {' and no '.join(lacking)}"
    if not (sheet.tag("pane") or {}).get(b"state", b"").startswith(b"frozen"):
        yield "W406", "the sheet has no frozen titles"
