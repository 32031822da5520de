"""Flows: one cash-flow block per solution, from one layout; the same column is the same year everywhere."""

from __future__ import annotations

from dhxl.workbook.page import Book, Page, absolute, column_name
from dhxl.workbook.sheets.costs import CATEGORIES

YEARS = 46  # years 0 to 45: at most 5 of design and 40 of operation
FIRST_YEAR = 5  # column of year 0; the column before it is empty and serves as the opening of running rows
LAST_YEAR = FIRST_YEAR + YEARS - 1


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 30, 7, 15, 2, *(12,) * YEARS)
    page = book.page(
        "Flows",
        "working",
        "Flows",
        "Cash flow of every solution, EUR; costs negative; year 0 is the start of the project",
        widths,
    )
    page.heading("Time line", LAST_YEAR)
    year = timeline(page, "Year", "{p}{r}+1", "count", first="0")
    book.rows["time line"] = {"Year": year}
    phase = timeline(
        page,
        "In operation",
        f"({{c}}${year + 1}>=first_operating_year)*({{c}}${year + 1}<=last_operating_year)",
        "flag",
    )
    operating = timeline(page, "Operating year", f"MAX({{c}}${year + 1}-design_years,0)*{{c}}${phase + 1}", "flag")
    connected = timeline(
        page, "Share of customers connected",
        f"SUMIF(connected_years,MIN({{c}}${operating + 1},MAX(connected_years)),connected_share)*{{c}}${phase + 1}", "percent",
    )  # fmt: skip
    factor = timeline(page, "Discount factor", f"(1+discount_rate)^-{{c}}${year + 1}", "factor")
    for key, row in (("years", year), ("in_operation", phase), ("discount_factors", factor)):
        book.name(f"flow_{key}", absolute(page.name, row, FIRST_YEAR, row, LAST_YEAR))
    for k, solution in enumerate(book.case.solutions, start=1):
        page.skip()
        page.heading(f"Solution {k}: {solution.name}", LAST_YEAR)
        _block(book, k, year, connected, factor)
    page.finish(LAST_YEAR, freeze=(5, FIRST_YEAR))


def timeline(page: Page, label: str, formula: str, number: str, *, first: str = "", sign: int | None = None,
             style: str = "calc", total: str = "") -> int:  # fmt: skip
    """Write one row of the time line, the same formula in every year; ``{c}`` and ``{p}`` are this and the last column.

    ``first`` differs only for the year row, which starts the count. Returns the row.
    """
    row = page.row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    if sign is not None:
        page.sheet.write(row, 2, sign, page.style("unit", "count", align="center"))
    if total:
        area = f"{column_name(FIRST_YEAR)}{row + 1}:{column_name(LAST_YEAR)}{row + 1}"
        page.sheet.write_formula(row, 3, f"={total}({area})", page.style(style, number), 0)
    for col in range(FIRST_YEAR, LAST_YEAR + 1):
        this, previous = column_name(col), column_name(col - 1)
        text = formula if col > FIRST_YEAR or not first else first
        text = text.replace("{c}", this).replace("{p}", previous).replace("{r}", str(row + 1))
        if first and col == FIRST_YEAR:
            page.sheet.write_number(row, col, float(first), page.style(style, number))
        else:
            page.sheet.write_formula(row, col, "=" + text, page.style(style, number), 0)
    page.row += 1
    return row


def _block(book: Book, k: int, year: int, connected: int, factor: int) -> None:
    page = book.pages["Flows"]
    page.sheet.write(page.row, 2, "sign", page.style("unit", align="center"))
    page.sheet.write(page.row, 3, "sum, EUR", page.style("unit", align="right"))
    page.row += 1
    rows: dict[str, int] = {}
    y, share = f"{{c}}${year + 1}", f"{{c}}${connected + 1}"
    for category, sign in CATEGORIES.items():
        r = page.row + 1
        formula = (
            f"$C{r}*SUMPRODUCT((line_category=$B{r})*line_eur_{k}*(line_first<={y})*(line_last>={y})"
            f"*(1+line_escalation)^({y}-line_first)*(1-line_ramp*(1-{share})))"
        )
        rows[category] = timeline(page, category, formula, "money", sign=sign, total="SUM")
    top, bottom = rows["Capex"] + 1, page.row
    net = rows["Net cash flow"] = timeline(
        page, "Net cash flow", f"SUM({{c}}{top}:{{c}}{bottom})", "money", style="calc_bold", total="SUM"
    )
    running = rows["Cumulative"] = timeline(page, "Cumulative", f"{{p}}{{r}}+{{c}}{net + 1}", "money")
    rows["Discounted"] = timeline(page, "Discounted", f"{{c}}{net + 1}*{{c}}${factor + 1}", "money", total="SUM")
    paid = rows["Paid back"] = timeline(
        page, "Paid back for good",
        f"1*(MIN({{c}}{running + 1}:${column_name(LAST_YEAR)}{running + 1})>=0)", "flag",
    )  # fmt: skip
    rows["Payback"] = timeline(
        page, "Year of payback, interpolated",
        f"IF({{c}}{paid + 1}>{{p}}{paid + 1},MAX({{c}}${year + 1}-{{c}}{running + 1}/({{c}}{net + 1}+({{c}}{net + 1}=0)),0),0)", "years", total="SUM",
    )  # fmt: skip
    rows["Heat sold"] = timeline(page, "Heat sold, MWh", f"heat_sold_mwh_{k}*{share}", "integer", total="SUM")
    heat = rows["Heat revenue"] + 1
    rows["Cost of heat"] = timeline(
        page, "Cost of heat, net of power and incentives", f"{{c}}{heat}-{{c}}{net + 1}", "money", total="SUM"
    )
    book.rows[f"flows {k}"] = rows
    for name, label in (
        ("Capex", "capex_flow_eur"), ("Net cash flow", "net_flow_eur"), ("Cumulative", "cumulative_flow_eur"), ("Discounted", "discounted_flow_eur"),
        ("Paid back", "paid_back"), ("Payback", "payback_flow_years"), ("Heat sold", "heat_flow_mwh"), ("Cost of heat", "heat_cost_flow_eur"),
    ):  # fmt: skip
        row = rows[name]
        book.name(f"{label}_{k}", absolute(page.name, row, FIRST_YEAR, row, LAST_YEAR))
