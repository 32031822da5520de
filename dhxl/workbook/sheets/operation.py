"""Operation: a full year of operation of the four solutions, line by line: quantity, price, EUR."""

from __future__ import annotations

from collections.abc import Sequence

from dhxl.workbook.case import LineItem
from dhxl.workbook.page import Book, absolute, column_name
from dhxl.workbook.sheets import printed_year
from dhxl.workbook.sheets.costs import CATEGORIES, COMMON_LINES

_FIRST = 3  # column of solution 1's quantity; price and EUR follow, then the next solution
_LAST = _FIRST + 11
_WIDTHS = (2, 44, 10, *(11, 11, 12) * 4)
_TARIFF = (
    LineItem("Heat sold, unit price", "Heat revenue", "heat_sold_mwh_{k}*heat_price_eur_per_mwh",
             quantity="heat_sold_mwh_{k}", unit="MWh"),
    LineItem("Capacity and standing charges", "Heat revenue", "fixed_tariff_eur", quantity="connected_load_kw", unit="kW"),
)  # fmt: skip


def write(book: Book) -> None:
    """Write the sheet."""
    printed = bool(book.case.printed)
    page = book.page("Operation", "result", "A year of operation", book.case.text(
        "operation", "Quantities of the dispatch times prices: all customers connected, prices of the first year"
    ), (*_WIDTHS, *((printed_year.NOTE_WIDTH,) if printed else ())))  # fmt: skip
    last = printed_year.LAST_COLUMN if printed else _LAST
    page.heading("All four solutions", last)
    titles = [f"Solution {k}\n{title}" for k in range(1, 5) for title in ("quantity", "price, EUR", "EUR/a")]
    page.columns(("Line", "Unit", *titles), height=32)
    sums = {name: _category(book, name) for name, sign in CATEGORIES.items() if sign > 0}
    _total(book, "Revenues", "+".join(f"{{c}}{row + 1}" for row in sums.values()))
    revenues = page.row
    sums = {name: _category(book, name) for name, sign in CATEGORIES.items() if sign < 0}
    _total(book, "Costs", "+".join(f"{{c}}{row + 1}" for row in sums.values()))
    _total(book, "Operating margin", f"{{c}}{revenues}-{{c}}{page.row}")
    _difference(book, page.row - 1)
    page.note("The sum of a category is that of the table on sheet Costs, with the rows that were added there and are not listed here.", last)  # fmt: skip
    if printed:
        page.skip()
        page.sheet.set_h_pagebreaks([page.row])
        printed_year.write(book)
    page.finish(last, freeze=(5, 2))


def _category(book: Book, category: str) -> int:
    """Write the lines of a category and their sum; return the row of the sum."""
    page = book.pages["Operation"]
    tariff = "heat_tariff_eur_{k}+" if category == "Heat revenue" else ""
    for line in _TARIFF if tariff else ():
        _line(book, line, [line.formula.replace("{k}", str(k)) for k in range(1, 5)])
    for line in (*book.case.lines, *COMMON_LINES):
        if line.category == category:
            _line(book, line, [book.places[f"{line.line} {k}"] for k in range(1, 5)])
    _total(book, category, f'{tariff}SUMIF(line_category,"{category}",line_eur_{{k}})')
    return page.row - 1


def _column(k: int) -> int:
    return _FIRST + 3 * (k - 1)


def _line(book: Book, line: LineItem, amounts: Sequence[str]) -> None:
    page, row = book.pages["Operation"], book.pages["Operation"].row
    page.sheet.write(row, 1, line.line, page.style("label"))
    page.sheet.write(row, 2, line.unit, page.style("unit"))
    for k, amount in enumerate(amounts, start=1):
        col = _column(k)
        if line.quantity and k in line.solutions:
            quantity, price = column_name(col), column_name(col + 2)
            text = line.quantity.replace("{k}", str(k))
            page.sheet.write_formula(row, col, f"={text}", page.style("calc", "integer"), 0)
            formula = f"=IF({quantity}{row + 1}<>0,{price}{row + 1}/{quantity}{row + 1},0)"
            page.sheet.write_formula(row, col + 1, formula, page.style("calc", "two"), 0)
        else:
            page.sheet.write_blank(row, col, None, page.style("calc"))
            page.sheet.write_blank(row, col + 1, None, page.style("calc"))
        page.sheet.write_formula(row, col + 2, f"={amount}", page.style("calc", "money"), 0)
    page.row += 1


def _total(book: Book, label: str, formula: str) -> None:
    """Write a row of sums; ``{k}`` is the solution and ``{c}`` its column of EUR."""
    page, row = book.pages["Operation"], book.pages["Operation"].row
    page.sheet.write(row, 1, label, page.style("calc_bold"))
    for k in range(1, 5):
        col = _column(k)
        for blank in (2, col, col + 1):
            page.sheet.write_blank(row, blank, None, page.style("calc_bold"))
        text = formula.replace("{k}", str(k)).replace("{c}", column_name(col + 2))
        page.sheet.write_formula(row, col + 2, f"={text}", page.style("calc_bold", "money"), 0)
    page.row += 1


def _difference(book: Book, margin: int) -> None:
    page, row = book.pages["Operation"], book.pages["Operation"].row
    page.sheet.write(row, 1, "Difference from the margin on sheet Compare", page.style("label"))
    for k in range(1, 5):
        col = _column(k) + 2
        formula = f"={column_name(col)}{margin + 1}-operating_margin_eur_{k}"
        page.sheet.write_formula(row, col, formula, page.style("calc", "two"), 0)
    book.name("operation_difference_eur", absolute(page.name, row, _column(1), row, _LAST))
    page.row += 1
