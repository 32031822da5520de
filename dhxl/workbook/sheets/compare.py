"""Compare: the four solutions side by side, live; the published outputs are named here."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets import customer, rates
from dhxl.workbook.sheets.costs import CATEGORIES
from dhxl.workbook.style import chart_font

_WIDTHS = (2, 46, 16, 16, 16, 16, 16, 12, 64)
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
        ("Biomass", "biomass"),
        ("Renewable", "renewable"),
    ):
        _row(book, f"Share of heat: {label}", f"heat_share_{stem}_{{k}}", "-", "percent", select=f"heat_share_{stem}")
    _row(book, "Unserved heat", "unserved_mwh_{k}", "MWh/a", "integer", select="unserved_mwh")
    _row(book, "Heat sold", "heat_sold_mwh_{k}", "MWh/a", "integer", select="heat_sold_mwh")

    _section(book, "Energy")
    _row(book, "Natural gas", "gas_mwh_{k}", "MWh/a", "integer", select="gas_mwh", note="Lower heating value")
    _row(book, "Wood chips", "biomass_mwh_{k}", "MWh/a", "integer", select="biomass_mwh", note="Lower heating value")
    _row(book, "Power bought", "power_bought_mwh_{k}", "MWh/a", "integer", select="power_bought_mwh")
    _row(book, "Power sold", "power_sold_mwh_{k}", "MWh/a", "integer", select="power_sold_mwh")
    _row(book, "Emissions", "co2_t_{k}", "t CO2e/a", "integer", select="co2_t")

    _section(book, "A full year of operation, all customers connected")
    first = page.row
    _row(book, "Heat tariff", "heat_sold_mwh_{k}*heat_price_eur_per_mwh+fixed_tariff_eur", "EUR/a", "money",
         "heat_tariff_eur_{k}", "Unit price, capacity and standing charges")  # fmt: skip
    lines = page.row
    for category in CATEGORIES:
        _row(book, category, f"SUMIF(line_category,$B{page.row + 1},line_eur_{{k}})", "EUR/a", "money",
             note="Further lines of sheet Costs" if category == "Heat revenue" else "")  # fmt: skip
    last = page.row - 1
    for k in range(1, 5):
        book.name(f"category_eur_{k}", absolute(page.name, lines, 1 + k, last, 1 + k))
    costs = lines + list(CATEGORIES).index("Fuel")
    _row(book, "Operating cost, gross", f"SUM({{c}}{costs + 1}:{{c}}{last + 1})", "EUR/a", "money",
         "operating_cost_eur_{k}", "Positive; no revenue in it", "operating_cost_eur", "calc_bold")  # fmt: skip
    _row(book, "Operating margin", f"SUM({{c}}{first + 1}:{{c}}{costs})-{{c}}{last + 2}", "EUR/a", "money",
         "operating_margin_eur_{k}", "With incentives", "operating_margin_eur", "calc_bold")  # fmt: skip

    breaks = [page.row]
    _section(book, "Project, before tax and loan")
    _project(book)
    _section(book, "After tax, and equity")
    _equity(book)
    _section(book, "Annual cost by VDI 2067, without revenues")
    _annual_cost(book)
    page.skip()
    page.note(f"A full year counts every line item once, also one-off lines. {book.case.texts.get('compare', '')}", _NOTES,
              lines=3)  # fmt: skip
    page.sheet.set_h_pagebreaks([*breaks, page.row + 1])
    page.skip()
    customer.write_view(book)
    page.skip()
    _charts(book, header)
    page.row += 19
    page.finish(_NOTES, freeze=(5, 2))


def _irr_row(book: Book, label: str, flows: str, name: str, style: str = "calc") -> None:
    """Write an IRR that sets out beside the rate nearest to 10 %, which sheet Flows finds, and so finds that one."""
    formulas = [f'IFERROR(IRR({flows}_{k},{rates.guess(book, name, k)}),"none")' for k in range(1, 5)]
    _row(book, label, formulas, "-", "percent2", f"{name}_{{k}}", "", name, style)


def _project(book: Book) -> None:
    _row(
        book,
        "Capex",
        "-SUM(capex_flow_eur_{k})",
        "EUR",
        "money",
        "capex_eur_{k}",
        "All payments for the capital cost lines, before grants",
        "capex_eur",
    )
    _row(book, "NPV", "SUMPRODUCT(net_flow_eur_{k},flow_discount_factors)", "EUR", "money", "npv_eur_{k}",
         "At the discount rate of sheet Finance, to year 0", "npv_eur", "calc_bold")  # fmt: skip
    _irr_row(book, "IRR", "net_flow_eur", "irr", "calc_bold")
    _payback(book, "", "net_flow_eur_{k}", "cumulative_flow_eur_{k}")
    _payback(book, "discounted_", "net_flow_eur_{k}", "discounted_flow_eur_{k}")
    _row(book, "Levelised cost of heat",
         "SUMPRODUCT(heat_cost_flow_eur_{k},flow_discount_factors)/SUMPRODUCT(heat_flow_mwh_{k},flow_discount_factors)",
         "EUR/MWh", "two", "lcoh_eur_per_mwh_{k}",
         "Discounted cost, net of power and incentives, over discounted heat sold", "lcoh_eur_per_mwh")  # fmt: skip


def _payback(book: Book, kind: str, net: str, cumulative: str) -> None:
    """Write payback from the start of building and of operation; ``kind`` is empty or ``discounted_``."""
    title = "Discounted payback" if kind else "Payback"
    year, last = f"{kind}payback_year_{{k}}", f"MIN({kind}payback_year_{{k}},MAX(flow_years))+1"
    _row(book, f"{title}: first year that ends paid back for good", f"MAX({kind}not_paid_back_{{k}})", "a", "count", year,
         "46: not within the years of sheet Flows")  # fmt: skip
    factor = f"*INDEX(flow_discount_factors,{last})" if kind else ""
    _row(book, "Cash flow of that year", f"INDEX({net},{last}){factor}", "EUR", "money", f"{kind}payback_net_eur_{{k}}")
    _row(book, "Part of that year after the payback",
         f"INDEX({cumulative},{last})/({kind}payback_net_eur_{{k}}+({kind}payback_net_eur_{{k}}=0))", "a", "two",
         f"{kind}payback_part_{{k}}")  # fmt: skip
    name = f"{kind}payback_years"
    _row(book, f"{title} from the start of building",
         f'IF({year}>MAX(flow_years),"none",MAX({year}-{kind}payback_part_{{k}},0))', "a", "years", f"{name}_{{k}}",
         "Interpolated within the year", name, "calc_bold")  # fmt: skip
    name = f"{kind}payback_from_operation_years"
    _row(book, f"{title} from the start of operation",
         f'IF({year}>MAX(flow_years),"none",{kind}payback_years_{{k}}-design_years)', "a", "years", f"{name}_{{k}}", "", name)  # fmt: skip


def _equity(book: Book) -> None:
    _row(book, "NPV after tax", "SUMPRODUCT(net_flow_after_tax_eur_{k},flow_discount_factors)", "EUR", "money",
         "npv_after_tax_eur_{k}", "Tax as paid: interest on the loan is deducted", "npv_after_tax_eur")  # fmt: skip
    _irr_row(book, "IRR after tax", "net_flow_after_tax_eur", "irr_after_tax")
    _row(book, "NPV of equity", "SUMPRODUCT(equity_flow_eur_{k},flow_equity_factors)", "EUR", "money", "equity_npv_eur_{k}",
         "At the discount rate of equity, after tax and debt service", "equity_npv_eur")  # fmt: skip
    _irr_row(book, "IRR of equity", "equity_flow_eur", "equity_irr", "calc_bold")
    _row(book, "Loan", "SUM(loan_drawn_eur_{k})", "EUR", "money", "loan_eur_{k}", "", "loan_eur")
    for label, name, formula in (("Debt service cover, least", "dscr_least", "MIN"), ("Debt service cover, mean", "dscr_mean", "AVERAGE")):  # fmt: skip
        _row(book, label, f'IF(COUNT(dscr_flow_{{k}})=0,"none",{formula}(dscr_flow_{{k}}))', "-", "two", f"{name}_{{k}}",
             "Operating cash flow less tax and replacements, over interest and repayment", name)  # fmt: skip


def _annual_cost(book: Book) -> None:
    first = book.pages["Compare"].row
    _row(book, "Capital", "SUMPRODUCT(asset_eur_{k},asset_annual_cost)", "EUR/a", "money", "vdi_capital_eur_{k}",
         "With replacements and residual value, always; before grants")  # fmt: skip
    for label, name, flows in (
        ("Consumption: fuel and electricity", "consumption", "fuel_flow_eur_{k}+electricity_flow_eur_{k}"),
        ("Operation and maintenance", "operation", "maintenance_flow_eur_{k}"),
        ("Other", "other", "other_cost_flow_eur_{k}"),
    ):
        _row(book, label, f"-annuity_factor*SUMPRODUCT(({flows})*flow_operation_factors)", "EUR/a", "money",
             f"vdi_{name}_eur_{{k}}")  # fmt: skip
    _row(book, "Annual cost", f"SUM({{c}}{first + 1}:{{c}}{first + 4})", "EUR/a", "money", "vdi_annual_cost_eur_{k}",
         "Annuity over the years of operation, at its start", "vdi_annual_cost_eur", "calc_bold")  # fmt: skip
    _row(book, "Annual cost per heat sold",
         "vdi_annual_cost_eur_{k}/(annuity_factor*SUMPRODUCT(heat_flow_mwh_{k},flow_operation_factors))", "EUR/MWh", "two",
         "vdi_cost_eur_per_mwh_{k}", "", "vdi_cost_eur_per_mwh")  # fmt: skip


def _section(book: Book, title: str) -> None:
    page = book.pages["Compare"]
    for col in range(1, _NOTES + 1):
        page.sheet.write_blank(page.row, col, None, page.style("column_left"))
    page.sheet.write(page.row, 1, title, page.style("column_left"))
    page.row += 1


def _row(book: Book, label: str, formula: str | list[str], unit: str, number: str, name: str = "", note: str = "",
         select: str = "", style: str = "calc") -> None:  # fmt: skip
    page, row = book.pages["Compare"], book.pages["Compare"].row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    book.rows.setdefault("compare", {})[label] = row
    for k in range(1, 5):
        own = formula if isinstance(formula, str) else formula[k - 1]
        text = own.replace("{k}", str(k)).replace("{c}", "CDEF"[k - 1])
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
        place(page, chart, (page.row, 1 + 2 * position), (440, 320), f"{label} per solution")
    customer.write_chart(book, (page.row, 7))
