"""Cashflow: the selected solution's cash flow, presented, with the study's Table 5 beside ours."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, absolute
from dhxl.workbook.sheets.timeline import FIRST_YEAR, LAST_YEAR, SHOWN_YEARS, timeline

_LAST_SHOWN = FIRST_YEAR + SHOWN_YEARS - 1
# section -> rows of the blocks on sheet Flows
_SECTIONS: dict[str, tuple[str, ...]] = {
    "Operation": (
        "Heat tariff, unit price", "Heat tariff, capacity and standing", "Connection fees", "Heat revenue", "Power revenue",
        "Incentives", "Fuel", "Electricity", "Maintenance", "Other cost", "Operating cash flow",
    ),
    "Investment and project": (
        "Capex", "Grants", "Replacements", "Residual value", "Net cash flow", "Cumulative", "Cumulative, discounted",
    ),
    "Tax": ("Fixed assets: depreciation", "Losses: offset", "Corporate tax", "Net cash flow after tax"),
    "Loan and equity": (
        "Loan: drawn", "Loan: repaid", "Loan: closing", "Interest", "Debt service cover", "Equity cash flow",
    ),
    "Cost of heat": ("Cost of heat", "Heat sold"),
}  # fmt: skip
_LABELS = {
    "Heat revenue": "Heat revenue, other lines",
    "Net cash flow": "Net cash flow before tax and loan",
    "Fixed assets: depreciation": "Depreciation",
    "Losses: offset": "Losses brought forward, offset",
    "Loan: closing": "Loan outstanding",
    "Cost of heat": "Cost of heat, net of power and incentives",
    "Heat sold": "Heat sold, MWh",
}
_BOLD = ("Operating cash flow", "Net cash flow", "Net cash flow after tax", "Equity cash flow")
_BALANCES = ("Cumulative", "Cumulative, discounted", "Loan: closing", "Debt service cover")


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 42, 13, 13, 1, 1, 1, 2, *(8,) * (LAST_YEAR - FIRST_YEAR + 1))
    page = book.page(
        "Cashflow",
        "result",
        "Cash flow of the selected solution",
        "Shown in thousand EUR; inflows positive, costs negative; the solution is chosen on the cover",
        widths,
    )
    for label, formula, style in (
        ("Selected solution", "solution", "count"),
        ("Convention (sheet Finance)", "finance_convention", "general"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write_formula(page.row, 2, f"={formula}", page.style("calc", style), "")
        page.row += 1
    page.sheet.write_formula(page.row - 2, 3, "=solution_name", page.style("label_bold"), "")
    page.skip()
    flows = [book.rows[f"flows {k}"] for k in range(1, 5)]
    years = book.rows["time line"]["Year"]
    year_row = 0
    shown: dict[str, int] = {}
    for section, names in _SECTIONS.items():
        page.heading(section, _LAST_SHOWN)
        if not shown:
            page.sheet.write(page.row, 3, "sum, k EUR", page.style("unit", align="right"))
            year_row = timeline(page, "Year", f"Flows!{{c}}${years + 1}", "count", style="calc_bold")
        for name in names:
            cells = ",".join(f"Flows!{{c}}{rows[name] + 1}" for rows in flows)
            shown[name] = timeline(
                page, _LABELS.get(name, name), f"CHOOSE(solution,{cells})",
                {"Debt service cover": "two", "Heat sold": "integer"}.get(name, "thousand"),
                style="calc_bold" if name in _BOLD else "calc", total="" if name in _BALANCES else "SUM",
            )  # fmt: skip
        page.skip()
    keys = {"Net cash flow": "net_flow_eur", "Cumulative": "cumulative_flow_eur", "Heat sold": "heat_flow_mwh",
            "Cost of heat": "heat_cost_flow_eur"}  # fmt: skip
    for name, key in keys.items():
        book.name(key, absolute(page.name, shown[name], FIRST_YEAR, shown[name], LAST_YEAR))
    _chart(book, year_row, shown)
    page.row += 22
    if "payback_years" in book.case.printed:
        _table5(book)
    page.finish(_LAST_SHOWN, freeze=(3, FIRST_YEAR), one_page=True)
    page.sheet.set_column(FIRST_YEAR + SHOWN_YEARS, LAST_YEAR, 8, page.style("normal"), {"level": 1})


def _table5(book: Book) -> None:
    page, printed = book.pages["Cashflow"], book.case.printed
    page.heading("The study's Table 5 beside this workbook (convention Simple)", _LAST_SHOWN)
    for col, title in ((1, ""), (2, "Printed"), (3, "dhxl, solution 1")):
        page.sheet.write(page.row, col, title, page.style("column"))
    page.sheet.write(page.row, FIRST_YEAR, "Note", page.style("label_bold"))
    page.row += 1
    rows = (
        ("Payback from the start of building, years", printed["payback_years"], "payback_years_1", "years",
         "Closest convention on the printed totals: 10.21 (capex 25.7 M EUR in year 0, 114 and 93 EUR/MWh, operation in years 4-23, incentives 15 years)"),
        ("NPV, EUR", printed["npv_eur"], "npv_eur_1", "money",
         "The study prints no discount rate; 3.43 % is fitted to this number under that convention and is an input here"),
        ("IRR", printed["irr"], "irr_1", "percent2",
         "8.33 % under that convention. Of 62,208 conventions tried none gives all three printed numbers together"),
        ("Capex, EUR", printed["capex_eur"][0], "capex_eur_1", "money",
         "Table 3 and the text add up to 25.0 M EUR; section 3.4 counts with 25.7 M EUR"),
        ("Capex of solution 4, EUR", printed["capex_eur"][3], "capex_eur_4", "money", "Section 3.4: 25.7 less 3.0 for the CHP"),
    )  # fmt: skip
    for label, value, name, number, note in rows:
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write(page.row, 2, value, page.style("printed", number))
        page.sheet.write_formula(page.row, 3, f"={name}", page.style("calc", number), 0)
        page.sheet.write(page.row, FIRST_YEAR, note, page.style("unit"))
        page.row += 1
    page.sheet.write(
        page.row, 1,
        "dhxl differs because it dispatches its own quantities (sheet Operation shows the bridge from the printed margin to ours). "
        "From Table 4 as printed the margin is 2,026,758 EUR/a: IRR 3.8 % on 25.0 M EUR with three design years, no match with Table 5 either.",
        page.style("unit"),
    )  # fmt: skip
    page.row += 1


def _chart(book: Book, year_row: int, shown: dict[str, int]) -> None:
    page = book.pages["Cashflow"]
    last = _LAST_SHOWN
    chart = book.xlsx.add_chart({"type": "column"})
    line = book.xlsx.add_chart({"type": "line"})
    categories = [page.name, year_row, FIRST_YEAR, year_row, last]
    net, running = shown["Net cash flow"], shown["Cumulative"]
    chart.add_series(
        {"name": "Net cash flow of the year", "categories": categories,
         "values": [page.name, net, FIRST_YEAR, net, last], "fill": {"color": "#0072B2"}, "gap": 60}
    )  # fmt: skip
    line.add_series(
        {"name": "Cumulative cash flow", "categories": categories,
         "values": [page.name, running, FIRST_YEAR, running, last], "line": {"color": "#D55E00", "width": 2.25}}
    )  # fmt: skip
    chart.combine(line)
    dress(chart, "Cash flow of the selected solution", "M EUR", "#,##0,,", category_axis="Year")
    place(page, chart, (page.row, 1), (1900, 420), "Net and cumulative cash flow by year")
