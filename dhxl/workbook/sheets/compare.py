"""Compare: the four solutions side by side, live; the published outputs are named here."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets.costs import CATEGORIES
from dhxl.workbook.style import chart_font

_WIDTHS = (2, 46, 16, 16, 16, 16, 16, 12, 64)
_COSTS = ("Fuel", "Electricity", "Maintenance", "Other cost")
_NOTES = 8


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Compare",
        "result",
        "The four solutions side by side",
        "All results live; the last column of numbers is the solution selected on the cover",
        _WIDTHS,
    )
    page.heading("Solutions", _NOTES)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Selected", "Unit", "Note"), height=18)
    header = page.row - 1
    row = page.row
    page.sheet.write(row, 1, "Plant", page.style("label"))
    for k, solution in enumerate(book.case.solutions, start=1):
        page.sheet.write(row, 1 + k, solution.name, page.style("input", text_wrap=True, font_size=9))
        book.name(f"solution_name_{k}", absolute(page.name, row, 1 + k))
    page.sheet.set_row(row, 28)
    _selected(book, row, "solution_name", "general")
    page.row += 1

    _section(book, "Heat")
    for label, stem in (
        ("Heat pumps", "heat_pump"),
        ("CHP", "chp"),
        ("Boilers", "boiler"),
        ("Geothermal", "geothermal"),
    ):
        _row(book, f"Share of heat: {label}", f"heat_share_{stem}_{{k}}", "-", "percent", select=f"heat_share_{stem}")
    _row(book, "Unserved heat", "unserved_mwh_{k}", "MWh/a", "integer", select="unserved_mwh")
    _row(book, "Heat sold", "heat_sold_mwh_{k}", "MWh/a", "integer", select="heat_sold_mwh")

    _section(book, "Energy")
    _row(book, "Natural gas", "gas_mwh_{k}", "MWh/a", "integer", select="gas_mwh", note="Lower heating value")
    _row(book, "Power bought", "power_bought_mwh_{k}", "MWh/a", "integer", select="power_bought_mwh")
    _row(book, "Power sold", "power_sold_mwh_{k}", "MWh/a", "integer", select="power_sold_mwh")
    _row(book, "Emissions", "co2_t_{k}", "t CO2e/a", "integer", select="co2_t")

    _section(book, "A full year of operation")
    first = page.row
    for category in list(CATEGORIES)[1:]:
        _row(book, category, f"SUMIF(line_category,$B{page.row + 1},line_eur_{{k}})", "EUR/a", "money")
    last = page.row - 1
    for k in range(1, 5):
        book.name(f"category_eur_{k}", absolute(page.name, first, 1 + k, last, 1 + k))
    costs = [first + list(CATEGORIES)[1:].index(c) for c in _COSTS]
    _row(book, "Operating cost, gross", f"SUM({{c}}{costs[0] + 1}:{{c}}{costs[-1] + 1})", "EUR/a", "money",
         "operating_cost_eur_{k}", "Positive; no revenue in it", "operating_cost_eur", "calc_bold")  # fmt: skip
    _row(book, "Operating margin", f"SUM({{c}}{first + 1}:{{c}}{costs[0]})-{{c}}{last + 2}", "EUR/a", "money",
         "operating_margin_eur_{k}", "With incentives", "operating_margin_eur", "calc_bold")  # fmt: skip

    _section(book, "Investment and return")
    _row(
        book,
        "Capex",
        "-SUM(capex_flow_eur_{k})",
        "EUR",
        "money",
        "capex_eur_{k}",
        "All payments of the category in the cash flow",
        "capex_eur",
    )
    _row(book, "NPV", "SUMPRODUCT(net_flow_eur_{k},flow_discount_factors)", "EUR", "money", "npv_eur_{k}",
         "At the discount rate of sheet Prices, to year 0", "npv_eur", "calc_bold")  # fmt: skip
    _row(book, "IRR", 'IFERROR(IRR(net_flow_eur_{k}),"none")', "-", "percent2", "irr_{k}", "Project, before tax and loan",
         "irr", "calc_bold")  # fmt: skip
    _row(book, "Payback from the start of building", 'IF(MAX(paid_back_{k})=1,SUM(payback_flow_years_{k}),"none")', "a",
         "years", "payback_years_{k}", "Interpolated within the year", "payback_years", "calc_bold")  # fmt: skip
    _row(book, "Payback from the start of operation", 'IF(MAX(paid_back_{k})=1,payback_years_{k}-design_years,"none")',
         "a", "years", "payback_from_operation_years_{k}", "", "payback_from_operation_years")  # fmt: skip
    _row(book, "Levelised cost of heat",
         "SUMPRODUCT(heat_cost_flow_eur_{k},flow_discount_factors)/SUMPRODUCT(heat_flow_mwh_{k},flow_discount_factors)",
         "EUR/MWh", "two", "lcoh_eur_per_mwh_{k}",
         "Discounted cost, net of power and incentives, over discounted heat sold", "lcoh_eur_per_mwh")  # fmt: skip
    page.skip()
    page.note("Solution 1 runs its heat pumps at COP 2.18, the others at 4.0, since the study's own shares imply so. Part of what sets solution 1 apart is that and not the plant: "
              "with 4.0 on sheet Plant its NPV rises by some 8 M EUR and its emissions fall by almost half. The study's statement that solution 4 pays only at low electricity taxes rests on comparing "
              "it with solution 1 at its own COP. A full year counts every line item once, also one-off lines.", _NOTES, lines=3)  # fmt: skip
    page.skip()
    _charts(book, header)
    page.row += 19
    page.finish(_NOTES, freeze=(5, 2), one_page=True)


def _section(book: Book, title: str) -> None:
    page = book.pages["Compare"]
    for col in range(1, _NOTES + 1):
        page.sheet.write_blank(page.row, col, None, page.style("column_left"))
    page.sheet.write(page.row, 1, title, page.style("column_left"))
    page.row += 1


def _row(book: Book, label: str, formula: str, unit: str, number: str, name: str = "", note: str = "",
         select: str = "", style: str = "calc") -> None:  # fmt: skip
    page, row = book.pages["Compare"], book.pages["Compare"].row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    book.rows.setdefault("compare", {})[label] = row
    for k in range(1, 5):
        text = formula.replace("{k}", str(k)).replace("{c}", "CDEF"[k - 1])
        page.sheet.write_formula(row, 1 + k, "=" + text, page.style(style, number, align="right"), 0)
        if name:
            book.name(name.replace("{k}", str(k)), absolute(page.name, row, 1 + k))
    _selected(book, row, select, number)
    page.sheet.write(row, 7, "" if unit == "-" else unit, page.style("unit"))
    page.sheet.write(row, _NOTES, note, page.style("note"))
    page.row += 1


def _selected(book: Book, row: int, name: str, number: str) -> None:
    page = book.pages["Compare"]
    formula = f"=CHOOSE(solution,{','.join(cell(row, col, absolute_col=True) for col in range(2, 6))})"
    style = page.style("calc_bold", number, align="right", text_wrap=number == "general")
    page.sheet.write_formula(row, 6, formula, style, 0)
    if name:
        book.name(name, absolute(page.name, row, 6))


def _charts(book: Book, header: int) -> None:
    page, rows = book.pages["Compare"], book.rows["compare"]
    for position, (label, axis, number, colour) in enumerate(
        (("NPV", "M EUR", "#,##0,,", "#0072B2"), ("Levelised cost of heat", "EUR/MWh", "0", "#E69F00"))
    ):
        chart = book.xlsx.add_chart({"type": "column"})
        chart.add_series(
            {"name": label, "categories": [page.name, header, 2, header, 5],
             "values": [page.name, rows[label], 2, rows[label], 5], "fill": {"color": colour}, "gap": 80,
             "data_labels": {"value": True, "num_format": "#,##0.0,," if position == 0 else "0.0", "font": chart_font()}}
        )  # fmt: skip
        dress(chart, label, axis, number, legend=False)
        place(page, chart, (page.row, 1 + 4 * position), (560, 340), f"{label} per solution")
