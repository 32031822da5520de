"""Authoring of one workbook: a book that hands out styles and names, and pages that are filled from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

from dhxl.units import FRACTION, unit_fits
from dhxl.workbook.case import Case
from dhxl.workbook.style import FONT, NUMBER_FORMATS, STYLES, TAB_COLOURS, Colour

__all__ = ["Book", "Page", "Validation", "absolute", "cell", "column_name", "corners"]

SAVED_COLUMN = 6  # G: grouped column of saved values on pages of labels and values
SAVED_FIRST_ROW = 6
SAVED_FIRST_COLUMN = 10  # K: stacked blocks on sheet Saved
STATUS_ROW = 2  # below title and subtitle, frozen and repeated on every printed page
COVER = "Cover"
_NOTE_WIDTH = 40  # where the fifth column is narrower than this, notes run on to the last
_WIDTHS = (2, 46, 16, 14, 78, 2, 14)


def cell(row: int, col: int, absolute_row: bool = False, absolute_col: bool = False) -> str:
    """Return the A1 address of a zero-based position."""
    return str(xl_rowcol_to_cell(row, col, row_abs=absolute_row, col_abs=absolute_col))


def absolute(sheet: str, row: int, col: int, last_row: int | None = None, last_col: int | None = None) -> str:
    """Return an absolute reference with its sheet, of a cell or of a range."""
    text = f"{sheet}!{cell(row, col, True, True)}"
    if last_row is None or last_col is None:
        return text
    return f"{text}:{cell(last_row, last_col, True, True)}"


def corners(reference: str) -> tuple[int, int, int, int]:
    """Return first row, first column, last row and last column, zero-based, of an absolute reference with its sheet.

    Examples
    --------
    >>> corners("Plant!$B$9:$O$19"), corners("Plant!$C$3")
    ((8, 1, 18, 14), (2, 2, 2, 2))
    """
    places = [xl_cell_to_rowcol(part.replace("$", "")) for part in reference.split("!")[1].split(":")]
    return (*places[0], *places[-1])


def column_name(col: int) -> str:
    """Return the letters of a zero-based column."""
    return str(xl_col_to_name(col))


@dataclass(frozen=True, slots=True)
class Validation:
    """What an input cell accepts: numbers between two limits, or one of a list."""

    low: float | None = None
    high: float | None = None
    whole: bool = False
    choices: tuple[str, ...] = ()

    def options(self, title: str, unit: str) -> dict[str, Any]:
        """Return XlsxWriter's options, with the limits in the message that Excel shows."""
        if self.choices:
            allowed = ", ".join(self.choices)
            return {
                "validate": "list", "source": list(self.choices), "ignore_blank": False,
                "error_title": title[:32], "error_message": f"One of: {allowed}"[:255],
            }  # fmt: skip
        kind = "a whole number" if self.whole else "a number"
        suffix = "" if unit == FRACTION else f" {unit}"
        message = f"Must be {kind} from {self.low:,.6g} to {self.high:,.6g}{suffix}"
        return {
            "validate": "integer" if self.whole else "decimal", "criteria": "between",
            "minimum": self.low, "maximum": self.high, "ignore_blank": False,
            "error_title": title[:32], "error_message": message[:255],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedArea:
    """A block of saved values on sheet Saved."""

    key: str
    title: str
    row: int
    rows: int
    cols: int
    number: str

    @property
    def next_row(self) -> int:
        """Where the next block may start, after a free row and a title."""
        return self.row + self.rows + 2


class Book:
    """The workbook being written: formats, defined names, and pages in tab order."""

    def __init__(self, path: str, case: Case) -> None:
        self.case = case
        self.xlsx = xlsxwriter.Workbook(path, {"default_format_properties": {"font_name": FONT, "font_size": 10}})
        self._formats: dict[tuple[str, str, tuple[tuple[str, Any], ...]], Any] = {}
        self.pages: dict[str, Page] = {}
        self.names: dict[str, str] = {}
        self.places: dict[str, str] = {}  # cells that other sheets refer to without a published name
        self.rows: dict[str, dict[str, int]] = {}  # rows of blocks that other sheets refer to
        self.saved_areas: list[SavedArea] = []

    def style(self, name: str, number: str = "general", **extra: Any) -> Any:
        """Return the format of a named style with a number format."""
        key = (name, number, tuple(sorted(extra.items())))
        if key not in self._formats:
            options = {**STYLES[name], "num_format": NUMBER_FORMATS[number], **extra}
            self._formats[key] = self.xlsx.add_format(options)
        return self._formats[key]

    def page(
        self, name: str, kind: str, title: str, subtitle: str, widths: Sequence[float] = _WIDTHS, landscape: bool = True
    ) -> Page:
        """Add a sheet and return its page."""
        page = Page(self, name, kind, title, subtitle, widths, landscape)
        self.pages[name] = page
        return page

    def saved_area(self, key: str, title: str, rows: int, cols: int, number: str = "general") -> str:
        """Reserve a block on sheet Saved for ``live_<key>``; return the name ``saved_<key>``."""
        first = SAVED_FIRST_ROW if not self.saved_areas else self.saved_areas[-1].next_row
        area = SavedArea(key, title, first, rows, cols, number)
        self.saved_areas.append(area)
        last = (first + rows - 1, SAVED_FIRST_COLUMN + cols - 1)
        self.name(f"saved_{key}", absolute("Saved", first, SAVED_FIRST_COLUMN, *last))
        return f"saved_{key}"

    def saved_row(self, key: str, title: str, cols: int) -> list[str]:
        """Reserve a row on sheet Saved for ``live_<key>``; return its cells."""
        self.saved_area(key, title, 1, cols)
        row = self.saved_areas[-1].row
        return [absolute("Saved", row, SAVED_FIRST_COLUMN + offset) for offset in range(cols)]

    def name(self, name: str, reference: str) -> None:
        """Define a workbook-scoped name.

        Raises
        ------
        ValueError
            The name is taken.
        """
        if name in self.names:
            raise ValueError(f"{name} is defined twice")
        self.names[name] = reference
        self.xlsx.define_name(name, "=" + reference)


class Page:
    """One sheet, filled from top to bottom; ``row`` is the next free row (zero-based)."""

    def __init__(
        self, book: Book, name: str, kind: str, title: str, subtitle: str, widths: Sequence[float], landscape: bool
    ) -> None:
        self.book = book
        self.name = name
        self.sheet = book.xlsx.add_worksheet(name)
        self.row = 0
        self._live: list[int] = []
        self._note_span = (4, 4 if widths[4] >= _NOTE_WIDTH else len(widths) - 1)
        self._note_letters = int(1.15 * sum(widths[4 : self._note_span[1] + 1]))
        self._blocks = 0
        sheet = self.sheet
        sheet.set_tab_color(TAB_COLOURS[kind])
        sheet.hide_gridlines(2)
        base = book.style("normal")
        for col, width in enumerate(widths):
            sheet.set_column(col, col, width, base)
        sheet.set_default_row(15)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        project = book.case.title.replace("&", "&&")
        sheet.set_header(f'&L&"{FONT},Bold"&9{project}&R&9&A')
        sheet.set_footer("&L&9&F&R&9&P / &N")
        sheet.set_row(0, 26)
        sheet.write(0, 1, title, book.style("title"))
        sheet.write(1, 1, subtitle, book.style("subtitle"))
        self._status()
        self.row = 3

    def _status(self) -> None:
        """Write below the title the way back to the cover, and checks, alerts and state of the results."""
        row, book = STATUS_ROW, self.book
        self.sheet.set_row(row, 19)
        if self.name != COVER:
            self.sheet.write_url(row, 1, f"internal:'{COVER}'!A1", book.style("link", font_size=9), f"‹ {COVER}")
        self.sheet.write_url(row, 2, "internal:'Checks'!A1", tip="Sheet Checks says which")
        self.sheet.write_formula(row, 2, "=status_text", book.style("status"), "")
        for name, colour in (("status_red", Colour.BAD), ("status_amber", Colour.WARN)):
            shown = book.xlsx.add_format({"font_color": colour})
            rule = {"type": "formula", "criteria": f"={name}=1", "format": shown, "stop_if_true": True}
            self.sheet.conditional_format(row, 2, row, 2, rule)

    def style(self, name: str, number: str = "general", **extra: Any) -> Any:
        """Return a format of the book."""
        return self.book.style(name, number, **extra)

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self._close_live()
        self.row += rows

    def heading(self, text: str, last_col: int = 4, note: str = "") -> int:
        """Write a section's heading across the page; return its row."""
        self._close_live()
        for col in range(1, last_col + 1):
            self.sheet.write_blank(self.row, col, None, self.style("heading"))
        self.sheet.write(self.row, 1, text, self.style("heading"))
        self.sheet.set_row(self.row, 18)
        self.row += 1
        if note:
            self.note(note, last_col)
        return self.row

    def note(self, text: str, last_col: int = 4, lines: int = 1) -> None:
        """Write a remark across the page, wrapped to a number of lines."""
        self._close_live()
        self.sheet.merge_range(self.row, 1, self.row, last_col, text, self.style("note"))
        self.sheet.set_row(self.row, 13 * lines + 2)
        self.row += 1

    def input(
        self,
        label: str,
        name: str,
        unit: str,
        validation: Validation,
        number: str = "general",
        value: Any = None,
        note: str = "",
    ) -> int:
        """Write an input row (label, cell, unit, source) and name the cell; return its row.

        ``value`` and ``note`` stand in where the case does not have the input.

        Raises
        ------
        ValueError
            The name's suffix and the unit disagree.
        """
        if not validation.choices and not unit_fits(name, unit):
            raise ValueError(f"{name}: unit {unit!r} does not fit the name")
        case = self.book.case
        source = case.source(name) if name in case.inputs else note
        shown = case.value(name) if value is None else value
        row = self._line(label, unit, source)
        self.sheet.write(row, 2, shown, self.style("input", number))
        self.sheet.data_validation(row, 2, row, 2, validation.options(label, unit))
        self.book.name(name, absolute(self.name, row, 2))
        return row

    def calc(
        self, label: str, formula: str, unit: str, number: str, name: str = "", note: str = "", style: str = "calc"
    ) -> int:
        """Write a row that is calculated natively; return its row."""
        row = self._line(label, unit, note)
        self.sheet.write_formula(row, 2, "=" + formula, self.style(style, number), 0)
        if name:
            self.book.name(name, absolute(self.name, row, 2))
        return row

    def live(self, label: str, call: str, unit: str, number: str, name: str = "", note: str = "") -> int:
        """Write a row that a DH_ function calculates, with its saved value in the grouped column; return its row."""
        row = self._line(label, unit, note, live=True)
        saved = cell(row, SAVED_COLUMN, absolute_col=True)
        self.sheet.write_formula(row, 2, f"=IF(engine_live,{call},{saved})", self.style("dhxl", number), 0)
        self.sheet.write_blank(row, SAVED_COLUMN, None, self.style("saved", number))
        if name:
            self.book.name(name, absolute(self.name, row, 2))
        return row

    def columns(self, titles: Sequence[str], first_col: int = 1, height: float = 30) -> int:
        """Write a row of column titles; return its row."""
        self._close_live()
        for offset, title in enumerate(titles):
            style = "column_left" if offset == 0 else "column"
            self.sheet.write(self.row, first_col + offset, title, self.style(style))
        self.sheet.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def live_name(self, key: str, row: int, col: int, rows: int, cols: int) -> None:
        """Name a range of this page ``live_<key>``: a run copies its values to ``saved_<key>``."""
        self.book.name(f"live_{key}", absolute(self.name, row, col, row + rows - 1, col + cols - 1))

    def live_array(self, key: str, title: str, position: tuple[int, int], size: tuple[int, int], call: str) -> None:
        """Write a fixed-size array that a DH_ function fills, with its saved block on sheet Saved."""
        (row, col), (rows, cols) = position, size
        saved = self.book.saved_area(key, title, rows, cols)
        self.live_name(key, row, col, rows, cols)
        formula = f"{{=IF(engine_live,{call},{saved})}}"
        last = (row + rows - 1, col + cols - 1)
        self.sheet.write_array_formula(row, col, *last, formula, self.style("dhxl", "name"), 0)
        for r in range(row, last[0] + 1):
            for c in range(col, last[1] + 1):
                if (r, c) != (row, col):
                    number = "name" if r == row or c == col else "table"
                    self.sheet.write_number(r, c, 0, self.style("dhxl", number))

    def group_saved(self, col: int = SAVED_COLUMN, last_col: int | None = None, width: float = 14) -> None:
        """Group and fold the columns of saved values."""
        self._close_live()
        options = {"level": 1, "hidden": True}
        self.sheet.set_column(col, last_col or col, width, self.style("saved"), options)

    def finish(
        self, last_col: int = 4, last_row: int | None = None, freeze: tuple[int, int] = (3, 0), one_page: bool = False
    ) -> None:
        """Set print area, frozen panes and repeated rows once everything stands."""
        self._close_live()
        self.sheet.fit_to_pages(1, 1 if one_page else 0)
        last = self.row if last_row is None else last_row
        self.sheet.print_area(0, 0, last + one_page, last_col)  # LibreOffice cuts the last row of a page that it fits
        self.sheet.freeze_panes(*freeze)
        self.sheet.repeat_rows(0, STATUS_ROW)
        self.project(last_col)

    def project(self, last_col: int) -> None:
        """Write the project's title at the right end of the first row."""
        if self.name != COVER:
            self.sheet.write_formula(0, last_col, "=project_title", self.style("subtitle", align="right"), "")

    def _line(self, label: str, unit: str, note: str, live: bool = False) -> int:
        if not live:
            self._close_live()
        row = self.row
        if live:
            self._live.append(row)
        self.sheet.write(row, 1, label, self.style("label"))
        self.sheet.write(row, 3, "" if unit == FRACTION else unit, self.style("unit"))
        if note:
            first, last = self._note_span
            if last > first:
                self.sheet.merge_range(row, first, row, last, note, self.style("note"))
            else:
                self.sheet.write(row, first, note, self.style("note"))
            lines = -(-len(note) // self._note_letters)
            if lines > 1:
                self.sheet.set_row(row, 12.5 * lines + 2)
        self.row += 1
        return row

    def _close_live(self) -> None:
        if not self._live:
            return
        first, last = self._live[0], self._live[-1]
        self._blocks += 1
        key = f"{self.name.lower()}_{self._blocks}"
        self.book.name(f"live_{key}", absolute(self.name, first, 2, last, 2))
        self.book.name(f"saved_{key}", absolute(self.name, first, SAVED_COLUMN, last, SAVED_COLUMN))
        self._live = []
