"""Costs: capital costs, operating cost rates, and the one table of line items."""

from __future__ import annotations

from collections.abc import Mapping

from dhxl.workbook.case import CapexLine, LineItem
from dhxl.workbook.page import Book, Validation, absolute

# category -> sign in the cash flow
CATEGORIES: dict[str, int] = {
    "Heat revenue": 1, "Power revenue": 1, "Incentives": 1, "Fuel": -1, "Electricity": -1, "Maintenance": -1,
    "Other cost": -1,
}  # fmt: skip
PAID_YEARS = 6  # a design period has at most 5 years after year 0
FREE_LINES = 3
_LAST_COLUMN = 14

# the difference of two sums, 0 unless it is more than their rounding
_OTHER_OM = (
    "(ABS(recomputed_om_eur_{k}-rated_om_eur_{k})>tolerance*ABS(rated_om_eur_{k}))"
    "*(recomputed_om_eur_{k}-rated_om_eur_{k})"
)
# In every workbook, beside the lines of its case.
COMMON_LINES: tuple[LineItem, ...] = (
    LineItem("Other O&M of the units", "Maintenance", _OTHER_OM, escalation="om_escalation", ramp=1),
    LineItem("Power of the network pumps", "Electricity",
             "heat_sold_mwh_{k}*pumping_share*(electricity_price_eur_per_mwh+charges_eur_per_mwh)",
             escalation="power_escalation", ramp=1, quantity="heat_sold_mwh_{k}*pumping_share", unit="MWh"),
    LineItem("Insurance", "Other cost", "insurance_share*capex_price_eur_{k}", escalation="om_escalation"),
    LineItem("Administration", "Other cost", "administration_eur", escalation="om_escalation"),
    LineItem("Carbon price", "Other cost", "carbon_eur_{k}", ramp=1),
)  # fmt: skip
_SOLUTIONS = tuple(f"Solution {k}, EUR" for k in range(1, 5))
COLUMNS = ("Line", "Category", *_SOLUTIONS, "First year", "Last year", "Escalation per year", "Follows connection")
CAPEX_COLUMNS = (
    "Line", "Life, years", *_SOLUTIONS, *(f"Paid in year {year}" for year in range(PAID_YEARS)),
    "Paid, sum", "Source of the life",
)  # fmt: skip
_WIDTHS = (2, 42, 16, 15, 15, 15, 15, 10, 10, 12, 12, 10, 10, 10, 62)
_NOTE_LETTERS = 72  # of the last column, in a line


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Costs", "input", "Costs", "Capital costs, rates of operating costs, and the one table of line items", _WIDTHS
    )
    page.heading("Unit costs of the investment", _LAST_COLUMN)
    for entry in book.case.capex:
        number = "money" if entry.unit == "EUR" else "integer"
        limits = Validation(0, 1e10) if entry.unit == "EUR" else Validation(0, 1e6)
        page.input(entry.line, entry.name, entry.unit, limits, number)
    page.skip()
    page.heading("Rates of operating costs", _LAST_COLUMN)
    for rate in book.case.rates:
        limits, number = (Validation(0, 1e10), "money") if rate.unit == "EUR/a" else (Validation(0, 1000), "four")
        page.input(rate.label, rate.name, rate.unit, limits, number)
    page.skip()
    _capex(book)
    page.skip()
    _lines(book)
    page.finish(_LAST_COLUMN, one_page=True)


def _capex(book: Book) -> None:
    page = book.pages["Costs"]
    page.heading("Capital costs by line", _LAST_COLUMN)
    page.note("Amounts are positive, in prices of year 0. Under the convention Full (sheet Finance) each line is paid in the years 0 to 5 as entered here; the shares must add up to 100 %. "
              "Life is for depreciation, replacement and residual value. Insert a row inside the table to add a line; free rows stand at its end.", _LAST_COLUMN, lines=2)  # fmt: skip
    header = _header(book, CAPEX_COLUMNS, "capex_table", len(book.case.capex) + FREE_LINES)
    first = page.row
    for entry in (*book.case.capex, *(None,) * FREE_LINES):
        _capex_row(book, entry)
    last = page.row - 1
    columns = ("capex_line_name", "capex_line_life_years", *(f"capex_line_eur_{k}" for k in range(1, 5)))
    for offset, name in enumerate(columns):
        book.name(name, absolute(page.name, first, 1 + offset, last, 1 + offset))
    book.name("capex_line_share", absolute(page.name, first, 7, last, 6 + PAID_YEARS))
    book.name("capex_line_paid", absolute(page.name, first, 7 + PAID_YEARS, last, 7 + PAID_YEARS))
    page.sheet.write(page.row, 1, "Capital costs, sum", page.style("label_bold"))
    for k in range(1, 5):
        page.sheet.write_formula(page.row, 2 + k, f"=SUM(capex_line_eur_{k})", page.style("calc_bold", "money"), 0)
        book.name(f"capex_price_eur_{k}", absolute(page.name, page.row, 2 + k))
    page.row += 1
    book.rows["capex table"] = {"header": header, "first": first, "last": last}


def _capex_row(book: Book, entry: CapexLine | None) -> None:
    page, row = book.pages["Costs"], book.pages["Costs"].row
    page.sheet.write(row, 1, entry.line if entry else "", page.style("input"))
    _entry(book, row, 2, entry.life_years if entry else None, "count", Validation(0, 100, whole=True), CAPEX_COLUMNS[1])
    for k in range(1, 5):
        share = entry.solutions[k - 1] if entry else 0
        if entry and share:
            text = entry.name if share == 1 else f"{entry.name}*{share:g}"
            if entry.per:
                text += f"*{book.places[f'store volume {k}'] if entry.per == 'storage_m3' else entry.per}"
            page.sheet.write_formula(row, 2 + k, "=" + text, page.style("calc", "money"), 0)
        else:
            page.sheet.write(row, 2 + k, 0, page.style("input", "money"))
        _limit(book, row, 2 + k, Validation(0, 1e10), CAPEX_COLUMNS[1 + k])
    paid = entry.paid if entry else (0,) * PAID_YEARS
    for year, share in enumerate(paid):
        _entry(book, row, 7 + year, share, "percent", Validation(0, 1), CAPEX_COLUMNS[6 + year])
    area = f"H{row + 1}:{'HIJKLM'[PAID_YEARS - 1]}{row + 1}"
    page.sheet.write_formula(row, 7 + PAID_YEARS, f"=SUM({area})", page.style("calc", "percent"), 0)
    source = entry.life_source if entry else ""
    page.sheet.write(row, 8 + PAID_YEARS, source, page.style("note"))
    if len(source) > _NOTE_LETTERS:
        page.sheet.set_row(row, 12.5 * -(-len(source) // _NOTE_LETTERS) + 2)
    page.row += 1


def _lines(book: Book) -> None:
    page = book.pages["Costs"]
    page.heading("Line items", _LAST_COLUMN)
    page.note("Every line enters the cash flow of every solution: amount a year between first and last year, in prices of the first year, growing with the escalation. Amounts are positive; the category gives the sign. "
              "Revenue of the heat tariff comes from sheet Prices and needs no line. Insert a row inside the table to add a line; free rows stand at its end. Follows connection: 1 if the amount grows with the share of customers connected.", _LAST_COLUMN, lines=2)  # fmt: skip
    lines = sorted((*book.case.lines, *COMMON_LINES), key=lambda line: list(CATEGORIES).index(line.category))
    _header(book, COLUMNS, "line_items", len(lines) + FREE_LINES)
    first = page.row
    for line in lines:
        _line(book, line)
    for _ in range(FREE_LINES):
        _line(book, LineItem("", "Other cost", "", solutions=()))
    names = ("line_name", "line_category", "line_eur_1", "line_eur_2", "line_eur_3", "line_eur_4",
             "line_first", "line_last", "line_escalation", "line_ramp")  # fmt: skip
    for offset, name in enumerate(names):
        book.name(name, absolute(page.name, first, 1 + offset, page.row - 1, 1 + offset))


def _line(book: Book, line: LineItem) -> None:
    page, row = book.pages["Costs"], book.pages["Costs"].row
    page.sheet.write(row, 1, line.line, page.style("input"))
    page.sheet.write(row, 2, line.category, page.style("input"))
    _limit(book, row, 2, Validation(choices=tuple(CATEGORIES)), "Category")
    for k in range(1, 5):
        if k in line.solutions:
            text = line.formula.replace("{k}", str(k))
            page.sheet.write_formula(row, 2 + k, "=" + text, page.style("calc", "money"), 0)
        else:
            page.sheet.write(row, 2 + k, 0, page.style("input", "money"))
        _limit(book, row, 2 + k, Validation(0, 1e10), COLUMNS[1 + k])
        book.places[f"{line.line} {k}"] = absolute(page.name, row, 2 + k)
    last = f"design_years+MIN({line.years},operating_years)" if line.years else "last_operating_year"
    page.sheet.write_formula(row, 7, "=first_operating_year", page.style("calc", "count"), 0)
    page.sheet.write_formula(row, 8, f"={last}", page.style("calc", "count"), 0)
    for col in (7, 8):
        _limit(book, row, col, Validation(0, 45, whole=True), COLUMNS[col - 1])
    if line.escalation:
        page.sheet.write_formula(row, 9, f"={line.escalation}_used", page.style("calc", "percent"), 0)
        _limit(book, row, 9, Validation(-0.5, 0.5), COLUMNS[8])
    else:
        _entry(book, row, 9, 0, "percent", Validation(-0.5, 0.5), COLUMNS[8])
    _entry(book, row, 10, line.ramp, "count", Validation(0, 1, whole=True), COLUMNS[9])
    page.row += 1


def _header(book: Book, titles: tuple[str, ...], table: str, rows: int) -> int:
    page = book.pages["Costs"]
    header = page.columns(titles, height=30)
    page.sheet.add_table(
        header, 1, header + rows, len(titles),
        {"name": table, "style": "Table Style Light 1", "autofilter": False,
         "columns": [{"header": title} for title in titles]},
    )  # fmt: skip
    for offset, title in enumerate(titles):
        page.sheet.write(header, 1 + offset, title, page.style("column"))
    return header


def _entry(book: Book, row: int, col: int, value: float | None, number: str, limits: Validation, title: str) -> None:
    page = book.pages["Costs"]
    style = page.style("input", number)
    if value is None:
        page.sheet.write_blank(row, col, None, style)
    else:
        page.sheet.write(row, col, value, style)
    _limit(book, row, col, limits, title)


def _limit(book: Book, row: int, col: int, limits: Validation, title: str) -> None:
    options: Mapping[str, object] = limits.options(title, "-")
    if not limits.choices:
        options = {**options, "ignore_blank": True}
    book.pages["Costs"].sheet.data_validation(row, col, row, col, options)
