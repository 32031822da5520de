"""Which cells the formulas of a workbook read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from dhxl.workbook.lint.view import BookView

__all__ = ["cells_read", "column_runs", "is_within"]

_SAVED = "saved_"  # names of what a run stores itself


def cells_read(book: BookView) -> Mapping[str, frozenset[tuple[int, int]]]:
    """Return the existing cells without a formula that formulas read, by sheet, without the saved results."""
    areas: dict[str, set[tuple[int, int, int, int]]] = {}
    for sheet in book.sheets:
        for _, _, text, _ in book.formulas(sheet):
            formula = book.formula(text)
            places = [place for area in formula.areas for place in book.areas_of(area, sheet.name)]
            places += [place for use in formula.names if (place := book.place(use, sheet.name))]
            for place in places:
                corners = (place.first_row, place.first_col, place.last_row, place.last_col)
                areas.setdefault(place.sheet.casefold(), set()).add(corners)
    found = {}
    for sheet in book.sheets:
        constants = [
            place
            for place, cell in sheet.cells.cells.items()
            if cell.formula is None and cell.value is not None and place not in sheet.cells.children
        ]
        saved = [
            (one.first_row, one.first_col, one.last_row, one.last_col)
            for name, one in book.places_by_sheet.get(sheet.name, {}).items()
            if name.startswith(_SAVED)
        ]
        columns = {col for _, col in constants}
        read = column_runs(areas.get(sheet.name.casefold(), set()), columns)
        kept = column_runs(set(saved), columns)
        found[sheet.name] = frozenset(
            (row, col)
            for row, col in constants
            if is_within(read.get(col, []), row) and not is_within(kept.get(col, []), row)
        )
    return found


def column_runs(areas: set[tuple[int, int, int, int]], columns: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Return the rows that areas cover in some columns, as runs that do not touch."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for first_row, first_col, last_row, last_col in areas:
        wide = last_col - first_col > len(columns)
        for col in columns if wide else range(first_col, last_col + 1):
            if col in columns and first_col <= col <= last_col:
                spans.setdefault(col, []).append((first_row, last_row))
    return {col: _joined(found) for col, found in spans.items()}


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def is_within(spans: list[tuple[int, int]], row: int) -> bool:
    """Return whether a row belongs to one of the runs."""
    at = bisect_right(spans, (row, 1 << 30)) - 1
    return at >= 0 and spans[at][0] <= row <= spans[at][1]
