"""Log: what the last run had to say, message by message, with the cell that each is about."""

from __future__ import annotations

from dhxl.workbook.page import Book, absolute

_WIDTHS = (2, 34, 16, 112, 2)
_LAST_COLUMN = 3
_ROWS = 40
_KINDS = (
    ("Kept", "The formula cannot be calculated without its spreadsheet program; the cell keeps its last value"),
    ("Saved", "The saved results were not renewed, and why"),
    ("Dispatch", "The dispatch was solved by another method than the one asked for, and why"),
    ("Function", "A function gives an error value that may stand, such as that of a payback that never comes"),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Log",
        "control",
        "Log",
        "What the last run (dhxl run) had to say; alerts and checks stand on sheet Checks",
        _WIDTHS,
    )
    page.heading("Messages", _LAST_COLUMN)
    page.sheet.write(page.row, 1, "Messages of the last run", page.style("label_bold"))
    page.sheet.write_formula(page.row, 2, "=COUNTA(log_sentences)", page.style("calc_bold", "count"), 0)
    book.name("log_count", absolute(page.name, page.row, 2))
    text = '=IF(log_count=0,"Nothing to tell","See below; nothing was wrong enough to stop the run")'
    page.sheet.write_formula(page.row, 3, text, page.style("note"), "")
    page.row += 1
    page.columns(("Cell", "Kind", "Message"), height=18)
    first = page.row
    for row in range(first, first + _ROWS):
        for col in range(1, _LAST_COLUMN + 1):
            page.sheet.write_blank(row, col, None, page.style("calc", text_wrap=True))
    last = first + _ROWS - 1
    book.name("log_messages", absolute(page.name, first, 1, last, _LAST_COLUMN))
    book.name("log_sentences", absolute(page.name, first, _LAST_COLUMN, last, _LAST_COLUMN))
    page.row = last + 2
    page.heading("Kinds", _LAST_COLUMN)
    for kind, text in _KINDS:
        page.sheet.write(page.row, 1, kind, page.style("label_bold"))
        page.sheet.write(page.row, 2, text, page.style("label"))
        page.row += 1
    page.finish(_LAST_COLUMN, one_page=True)
