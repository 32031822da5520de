"""Sensitivity: results of studies as constants, what is read from them, and whether they still fit the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dhxl.workbook.page import Book, Page, absolute, cell, column_name
from dhxl.workbook.sheets import sensitivity_charts as charts
from dhxl.workbook.sheets import sensitivity_record as record
from dhxl.workbook.sheets import sensitivity_statements as statements
from dhxl.workbook.sheets.prices import SCENARIOS
from dhxl.workbook.study_areas import BREAK_EVEN, FREE, STORAGE, STUDIES, TAX, TITLES, TORNADO, area

__all__ = ["FREE_COLUMNS", "FREE_ROWS", "write"]

TAXES: Final = 9
EQUALS: Final = 8  # three scenarios by two measures, and room for a second charge
VOLUMES: Final = 9
DRIVERS: Final = 8
FREE_ROWS: Final = 200
FREE_COLUMNS: Final = 12
LAST_COLUMN: Final = 15
HELPERS: Final = 17  # first of the grouped columns that charts read

# what stands beside a driver: its results in the chosen solution, their rank, and a bar of the chart
_BARS = ("Low", "High", "Swing", "Rank", "Number", "Row", "Driver", "20 % less", "20 % more")
_WIDTHS = (2, 33, 16, 13, *(11.4,) * 12, 2, *(11,) * 12)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Sensitivity",
        "result",
        "Sensitivity",
        "Results of studies: constants that dhxl sensitivity writes, each from the inputs it names",
        _WIDTHS,
    )
    status = _status(page)
    page.skip()
    tax = _tax(page)
    page.skip()
    breaks = [page.row]
    published = "fig7" in book.case.printed
    if published:
        statements.write(page, tax, LAST_COLUMN)
        page.skip()
    _break_even(page)
    page.skip()
    if published:
        breaks.append(page.row)
    volumes = _storage(page)
    page.skip()
    if not published:
        charts.storage(page, volumes, (page.row, 1))
        page.row += charts.ROWS + 1
        breaks.append(page.row)
    drivers = _tornado(page)
    page.skip()
    if published:
        charts.storage(page, volumes, (page.row, 1))
    charts.tornado(page, drivers, (page.row, 7 if published else 1))
    page.row += charts.ROWS
    printed = page.row
    page.skip(2)
    _free(page)
    page.skip()
    record.write(page, status)
    page.finish(LAST_COLUMN, last_row=printed)
    page.sheet.set_h_pagebreaks(breaks)
    grouped = {"level": 1, "hidden": True}
    page.sheet.set_column(HELPERS, HELPERS + 11, 11, page.style("normal"), grouped)


def _status(page: Page) -> dict[str, int]:
    """Write when each study was calculated and whether its inputs have changed since; return the rows."""
    page.heading("What stands here, and from when", LAST_COLUMN)
    page.columns(("Study", "Calculated (UTC)", "Changed since"), height=18)
    for title, first, last in (
        ("State", 4, 6),
        ("Inputs that the study sets itself", 7, 11),
        ("SHA-256 of all other inputs", 12, LAST_COLUMN),
    ):
        page.sheet.merge_range(page.row - 1, first, page.row - 1, last, title, page.style("column_left"))
    rows = {}
    for study in STUDIES:
        row = rows[study] = page.row
        at, flag = cell(row, 2), cell(row, 3)
        page.sheet.write(row, 1, TITLES[study], page.style("label"))
        page.sheet.write_blank(row, 2, None, page.style("study", align="center"))
        state = f'=CHOOSE(1+({at}<>"")*(1+{flag}),"not calculated yet","fits the inputs","inputs have changed since")'
        page.sheet.write_formula(row, 4, state, page.style("label"), "not calculated yet")
        page.sheet.write_blank(row, 7, None, page.style("note", text_wrap=False, indent=0))
        page.sheet.write_blank(row, 12, None, page.style("note", text_wrap=False, indent=0, font_size=7))
        for part, col in (("at", 2), ("stale", 3), ("sets", 7), ("hash", 12)):
            page.book.name(area(study, part), absolute(page.name, row, col))
        page.row += 1
    page.note("A button above calculates its studies again, or dhxl sensitivity BOOK --preset tax | break-even | storage | tornado --write; with --vary NAME=VALUES --output NAME "
              "and --write any other goes into the table at the end of this sheet.", LAST_COLUMN)  # fmt: skip
    return rows


def _tax(page: Page) -> int:
    """Write the area of payback against charges and price scenarios; return its first row."""
    figure = ", the study's Figure 7" if "fig7" in page.book.case.printed else ""
    page.heading(f"Payback from the start of building, years, against taxes and charges on electricity{figure}",
                 LAST_COLUMN)  # fmt: skip
    page.note("Charges are paid on power bought, beside its price. In the chart: Low dashed, Medium drawn out, High dotted. none: not paid back within the time of operation.",
              LAST_COLUMN)  # fmt: skip
    page.columns(("Charges, EUR/MWh", "Price scenario", *(f"Solution {k}" for k in range(1, 5))), height=18)
    for k in range(4):
        page.sheet.write(page.row - 1, HELPERS + k, f"Chart {k + 1}", page.style("unit"))
    first = page.row
    for _ in range(TAXES * len(SCENARIOS)):
        _blanks(page, 1, ("general", "text"), align="center")
        _blanks(page, 3, ("years",) * 4, align="right")
        _gaps(page, 3, 4, "years")
        page.row += 1
    page.book.name(area(TAX), absolute(page.name, first, 1, page.row - 1, 6))
    charts.tax(page, first, TAXES, (first - 1, 7))
    return first


def _break_even(page: Page) -> None:
    page.heading("Charges at which two solutions come out equal", LAST_COLUMN)
    titles = ("By", "Price scenario", "Solution", "and solution", "EUR/MWh", "Better below", "Better above")
    page.columns(titles, height=18)
    page.sheet.merge_range(page.row - 1, 8, page.row - 1, LAST_COLUMN, "Finding", page.style("column_left"))
    first = page.row
    for _ in range(EQUALS):
        for offset, number in enumerate(("text", "text", "count", "count", "two", "count", "count", "text")):
            style = page.style("study", number, border=0, align="center" if 0 < offset < 7 else "left")
            page.sheet.write_blank(page.row, 1 + offset, None, style)
        page.row += 1
    page.book.name(area(BREAK_EVEN), absolute(page.name, first, 1, page.row - 1, 8))


def _storage(page: Page) -> int:
    """Write the area of the store's size; return the row of the volumes."""
    figure = ", the study's Figure 3" if "fig7" in page.book.case.printed else ""
    page.heading(f"Size of the heat store{figure}", LAST_COLUMN)
    page.sheet.write(page.row, 1, "Solution", page.style("label"))
    page.sheet.write_blank(page.row, 2, None, page.style("study", "count", align="center"))
    page.book.name(area(STORAGE, "solution"), absolute(page.name, page.row, 2))
    page.row += 1
    first = page.row
    for label, unit, number in (
        ("Volume", "m³", "general"),
        ("Boilers, share of heat", "", "percent"),
        ("NPV", "EUR", "money"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write(page.row, 2, unit, page.style("unit", align="center"))
        _blanks(page, 3, (number,) * VOLUMES, align="right")
        if page.row > first:
            _gaps(page, 3, VOLUMES, number)
        page.row += 1
    page.book.name(area(STORAGE), absolute(page.name, first, 3, first + 2, 2 + VOLUMES))
    return first


def _tornado(page: Page) -> int:
    """Write the area of the tornado and, for its chart, the drivers of the chosen solution sorted; return its row."""
    page.heading("NPV with 20 % less and 20 % more of each driver, EUR", LAST_COLUMN)
    sides = [f"Solution {k}\n{side}20 %" for k in range(1, 5) for side in ("\u2212", "+")]
    page.columns(("Driver", "", *sides), height=30)
    page.sheet.merge_range(page.row - 1, 1, page.row - 1, 2, "Driver", page.style("column_left"))
    row = page.row
    page.sheet.write(row, 1, "None: the inputs as they are", page.style("label_bold"))
    _blanks(page, 3, ("money",) * 8, align="right")
    page.book.name(area(TORNADO, "base"), absolute(page.name, row, 3, row, 10))
    page.row += 1
    first, last = page.row, page.row + DRIVERS - 1
    for offset, title in enumerate(_BARS):
        page.sheet.write(row, HELPERS + offset, title, page.style("unit"))
    for _ in range(DRIVERS):
        _blanks(page, 1, ("text", "text"))
        _blanks(page, 3, ("money",) * 8, align="right")
        _sorted(page, page.row, first, last)
        page.row += 1
    page.book.name(area(TORNADO), absolute(page.name, first, 1, last, 10))
    return first


def _sorted(page: Page, row: int, first: int, last: int) -> None:
    """Write the helpers of a driver: its two results in the chosen solution, their swing and rank, and a bar of the chart."""
    low, high, swing, rank, number, at = (column_name(HELPERS + offset) for offset in range(6))
    r, top, end = row + 1, first + 1, last + 1
    base = f"CHOOSE(solution,$D${first},$F${first},$H${first},$J${first})"
    order = f"{rank}${top}:{rank}${end}"
    lower, higher = (f"INDEX({col}${top}:{col}${end},${at}{r})" for col in (low, high))
    formulas = (
        f"CHOOSE(solution,D{r},F{r},H{r},J{r})",
        f"CHOOSE(solution,E{r},G{r},I{r},K{r})",
        f"IF(COUNT({low}{r}:{high}{r})=COLUMNS({low}{r}:{high}{r}),ABS({high}{r}-{low}{r}),0)",
        f"SUMPRODUCT(1*({swing}${top}:{swing}${end}>{swing}{r}))+COUNTIF({swing}${top}:{swing}{r},{swing}{r})",
        f"N({number}{r - 1})+1",
        f"MATCH(ROWS({order})+1-{number}{r},{order},0)",
        f'INDEX($B${top}:$B${end},{at}{r})&""',
        f"IF(ISNUMBER({lower}),{lower}-{base},NA())",
        f"IF(ISNUMBER({higher}),{higher}-{base},NA())",
    )
    for offset, formula in enumerate(formulas):
        page.sheet.write_formula(row, HELPERS + offset, "=" + formula, page.style("calc", "money"), 0)


def _free(page: Page) -> None:
    page.heading(f"Any other study: at most {FREE_ROWS} rows of {FREE_COLUMNS} columns", LAST_COLUMN)
    first = page.row
    for col in range(1, 1 + FREE_COLUMNS):
        page.sheet.write_blank(first, col, None, page.style("column", text_wrap=True, font_size=8))
    page.sheet.set_row(first, 34)
    for row in range(first + 1, first + 1 + FREE_ROWS):
        for col in range(1, 1 + FREE_COLUMNS):
            page.sheet.write_blank(row, col, None, page.style("study", border=0, align="right"))
    page.row = first + 1 + FREE_ROWS
    page.book.name(area(FREE), absolute(page.name, first, 1, page.row - 1, FREE_COLUMNS))


def _blanks(page: Page, col: int, numbers: Sequence[str], **extra: str) -> None:
    for offset, number in enumerate(numbers):
        page.sheet.write_blank(page.row, col + offset, None, page.style("study", number, **extra))


def _gaps(page: Page, col: int, count: int, number: str) -> None:
    """Write beside the printed page what charts draw of the row: its numbers, a gap where there is none."""
    for offset in range(count):
        shown = cell(page.row, col + offset)
        formula = f"=IF(ISNUMBER({shown}),{shown},NA())"
        page.sheet.write_formula(page.row, HELPERS + offset, formula, page.style("calc", number), "#N/A")
