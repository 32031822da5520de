"""Buttons that run macros: all of them on the cover, and each on the sheets where it is of use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dhxl.workbook.page import STATUS_ROW, Book

__all__ = ["BUTTONS", "Button", "write", "write_cover"]

_WIDTH: Final = 150
_HEIGHT: Final = 23
_GAP: Final = 6
_LOW: Final = 20  # height on the line below a sheet's title


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what stands on it, the VBA macro that it runs, and what it does."""

    caption: str
    macro: str
    text: str


BUTTONS: Final = (
    Button("Recalculate", "DhxlRecalculate", "Calculates the workbook with all functions"),
    Button("Run sensitivity", "DhxlSensitivity", "Payback against electricity charges and price scenarios"),
    Button("Tornado", "DhxlTornado", "NPV with each main driver 20 % lower and higher"),
    Button("Storage sweep", "DhxlStorage", "Boiler share against the volume of the store"),
    Button("Why is this cell red?", "DhxlWhy", "What is wrong with the selected cell; else all cells in error"),
    Button("Check workbook", "DhxlCheck", "Rules of the sheets, and the workbook's own checks"),
    Button("Freeze a copy", "DhxlFreeze", "A copy for outsiders, without macros and functions"),
    Button("Help", "DhxlHelp", "How to work with this workbook"),
)
_CLEAR: Final = 400  # from the left edge of column C, clear of the state of the results
_OWN: Final = {
    "Dispatch": ("DhxlRecalculate", "DhxlStorage"),
    "Sensitivity": ("DhxlSensitivity", "DhxlTornado", "DhxlStorage"),
    "Compare": ("DhxlRecalculate", "DhxlFreeze"),
    "Checks": ("DhxlCheck",),
}
_NOTHING_TO_ASK: Final = ("Cover", "Guide", "Sensitivity", "Log", "Functions")


def write(book: Book) -> None:
    """Put buttons below the titles of the sheets: those whose results stand there, and the question for red cells."""
    by_macro = {button.macro: button for button in BUTTONS}
    for name in book.pages:
        macros = (*_OWN.get(name, ()), *(() if name in _NOTHING_TO_ASK else ("DhxlWhy",)))
        for place, macro in enumerate(macros):
            across = _CLEAR + place * (_WIDTH + _GAP)
            _insert(book, name, by_macro[macro], (STATUS_ROW, 2), (across, 2), _LOW)


def write_cover(book: Book) -> None:
    """Put all buttons in two rows on the cover, where its rows have come to; they are not printed."""
    page = book.pages["Cover"]
    for start in range(0, len(BUTTONS), 4):
        page.sheet.set_row(page.row, 22)
        for place, button in enumerate(BUTTONS[start : start + 4]):
            _insert(book, page.name, button, (page.row, 1), (place * (_WIDTH + _GAP), 3), _HEIGHT)
        page.row += 1


def _insert(book: Book, page: str, button: Button, cell: tuple[int, int], offset: tuple[int, int], height: int) -> None:
    options = {
        "macro": button.macro, "caption": button.caption, "description": button.text, "width": _WIDTH,
        "height": height, "x_offset": offset[0], "y_offset": offset[1],
    }  # fmt: skip
    book.pages[page].sheet.insert_button(*cell, options)
