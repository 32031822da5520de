"""Cashflow: the selected solution's cash flow, presented, with the study's Table 5 beside ours."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, absolute
from dhxl.workbook.sheets.costs import CATEGORIES
from dhxl.workbook.sheets.flows import FIRST_YEAR, LAST_YEAR, timeline

SHOWN_YEARS = 26  # years in the chart and on paper: 5 design and 20 operating years and the start


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 42, 13, 13, 2, *(8,) * (LAST_YEAR - FIRST_YEAR + 1))
    page = book.page(
        "Cashflow",
        "result",
        "Cash flow of the selected solution",
        "Shown in thousand EUR; inflows positive, costs negative; the solution is chosen on the cover",
        widths,
    )
    page.sheet.write(page.row, 1, "Selected solution", page.style("label"))
    page.sheet.write_formula(page.row, 2, "=solution", page.style("calc", "count"), 1)
    page.sheet.write_formula(page.row, 3, "=solution_name", page.style("label_bold"), "")
    page.row += 2
    page.heading("Cash flow", FIRST_YEAR + SHOWN_YEARS - 1)
    page.sheet.write(page.row, 3, "sum, k EUR", page.style("unit", align="right"))
    page.row += 1
    flows = [book.rows[f"flows {k}"] for k in range(1, 5)]
    years = book.rows["time line"]["Year"]
    year_row = timeline(page, "Year", f"Flows!{{c}}${years + 1}", "count", style="calc_bold")
    shown: dict[str, int] = {}
    for name in (*CATEGORIES, "Net cash flow", "Cumulative", "Discounted"):
        cells = ",".join(f"Flows!{{c}}{rows[name] + 1}" for rows in flows)
        style = "calc_bold" if name == "Net cash flow" else "calc"
        total = "" if name == "Cumulative" else "SUM"
        shown[name] = timeline(page, name, f"CHOOSE(solution,{cells})", "thousand", style=style, total=total)
    for name, key in (("Net cash flow", "net_flow_eur"), ("Cumulative", "cumulative_flow_eur")):
        book.name(key, absolute(page.name, shown[name], FIRST_YEAR, shown[name], LAST_YEAR))
    page.skip()
    _table5(book)
    page.skip()
    _chart(book, year_row, shown)
    page.row += 22
    page.finish(FIRST_YEAR + SHOWN_YEARS - 1, freeze=(3, FIRST_YEAR), one_page=True)
    page.sheet.set_column(FIRST_YEAR + SHOWN_YEARS, LAST_YEAR, 8, page.style("normal"), {"level": 1})


def _table5(book: Book) -> None:
    page, printed = book.pages["Cashflow"], book.case.printed
    last = FIRST_YEAR + SHOWN_YEARS - 1
    page.heading("The study's Table 5 beside this workbook", last)
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
    last = FIRST_YEAR + SHOWN_YEARS - 1
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
    place(page, chart, (page.row, 1), (1120, 420), "Net and cumulative cash flow by year")
