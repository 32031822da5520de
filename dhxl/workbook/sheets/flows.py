"""Flows: one cash-flow block per solution, from one layout; the same column is the same year everywhere."""

from __future__ import annotations

from dhxl.workbook.page import Book, absolute
from dhxl.workbook.sheets.assets import write_assets
from dhxl.workbook.sheets.costs import CATEGORIES
from dhxl.workbook.sheets.rates import write_rates
from dhxl.workbook.sheets.timeline import FIRST_YEAR, LAST_YEAR, SHOWN_YEARS, timeline

__all__ = ["ROWS", "TARIFF_ROWS", "write"]

TARIFF_ROWS = ("Heat tariff, unit price", "Heat tariff, capacity and standing", "Connection fees")
# row of a block -> stem of its name for each solution
ROWS: dict[str, str] = {
    TARIFF_ROWS[0]: "unit_tariff_flow_eur",
    **{category: f"{category.lower().replace(' ', '_')}_flow_eur" for category in CATEGORIES},
    "Operating cash flow": "operating_flow_eur",
    "Capex": "capex_flow_eur",
    "Net cash flow": "net_flow_eur",
    "Cumulative": "cumulative_flow_eur",
    "Cumulative, discounted": "discounted_flow_eur",
    "Next year, while not paid back": "not_paid_back",
    "Next year, while not paid back, discounted": "discounted_not_paid_back",
    "Fixed assets: opening": "assets_opening_eur",
    "Fixed assets: closing": "assets_closing_eur",
    "Loan: opening": "loan_opening_eur",
    "Loan: drawn": "loan_drawn_eur",
    "Loan: closing": "loan_closing_eur",
    "Interest": "interest_flow_eur",
    "Losses: opening": "losses_opening_eur",
    "Losses: closing": "losses_closing_eur",
    "Corporate tax": "tax_flow_eur",
    "Net cash flow after tax": "net_flow_after_tax_eur",
    "Equity cash flow": "equity_flow_eur",
    "Debt service cover": "dscr_flow",
    "Heat sold": "heat_flow_mwh",
    "Cost of heat": "heat_cost_flow_eur",
}


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 34, 9, 15, 15, 15, 15, 10, *(12,) * (LAST_YEAR - FIRST_YEAR + 1))
    page = book.page(
        "Flows",
        "working",
        "Flows",
        "Cash flow of every solution, EUR; costs negative; year 0 is the start of the project; on paper the years to 25",
        widths,
    )
    times = _times(book)
    page.skip()
    sections = write_assets(book, times)
    breaks = []
    for k, solution in enumerate(book.case.solutions, start=1):
        page.skip()
        breaks.append(page.row)
        page.heading(f"Solution {k}: {solution.name}", LAST_YEAR)
        _block(book, k, times, sections)
    page.skip()
    breaks.append(page.row)
    write_rates(book, times["Year"])
    page.finish(FIRST_YEAR + SHOWN_YEARS - 1, freeze=(5, FIRST_YEAR))
    page.sheet.set_h_pagebreaks(breaks)


def _times(book: Book) -> dict[str, int]:
    page = book.pages["Flows"]
    page.heading("Timeline", LAST_YEAR)
    year = timeline(page, "Year", "{p}{r}+1", "count", first="0")
    y = f"{{c}}${year + 1}"
    phase = timeline(page, "In operation", f"({y}>=first_operating_year)*({y}<=last_operating_year)", "flag")
    op = f"{{c}}${phase + 1}"
    operating = timeline(page, "Operating year", f"MAX({y}-design_years,0)*{op}", "flag")
    oy = f"{{c}}${operating + 1}"
    connected = timeline(page, "Share of customers connected",
                         f"SUMIF(connected_years,MIN({oy},MAX(connected_years)),connected_share)*{op}", "percent")  # fmt: skip
    rows = {
        "Year": year, "In operation": phase, "Operating year": operating, "Connected": connected,
        "New": timeline(page, "Newly connected", f"MAX({{c}}{connected + 1}-{{p}}{connected + 1},0)", "percent"),
        "Factor": timeline(page, "Discount factor", f"(1+discount_rate)^-{y}", "factor"),
        "Operation factor": timeline(page, "Discount factor to the start of operation", f"{op}*(1+discount_rate)^-{oy}",
                                     "factor"),
        "Equity factor": timeline(page, "Discount factor of equity", f"(1+equity_discount_rate)^-{y}", "factor"),
        "Index": timeline(page, "Price index of capital costs", f"(1+capex_escalation_used)^{y}", "factor"),
        "Tariff index": timeline(page, "Price index of the heat tariff",
                                 f"{op}*(1+heat_escalation_used)^(MAX({oy},1)-1)", "factor"),
        "Last": timeline(page, "Last year of operation", f"1*({y}=last_operating_year)", "flag"),
        "Repaying": timeline(page, "Loan: regular repayment",
                             f"({oy}>loan_grace_years)*({oy}<MIN(loan_grace_years+loan_tenor_years,operating_years))", "flag"),
        "Rest due": timeline(page, "Loan: last repayment",
                             f"1*({oy}=MIN(loan_grace_years+loan_tenor_years,operating_years))", "flag"),
    }  # fmt: skip
    book.rows["time line"] = rows
    for name, key in (
        ("flow_years", "Year"), ("flow_in_operation", "In operation"), ("flow_connected", "Connected"),
        ("flow_discount_factors", "Factor"), ("flow_operation_factors", "Operation factor"),
        ("flow_equity_factors", "Equity factor"), ("flow_last_year", "Last"),
    ):  # fmt: skip
        book.name(name, absolute(page.name, rows[key], FIRST_YEAR, rows[key], LAST_YEAR))
    return rows


def _block(book: Book, k: int, times: dict[str, int], sections: dict[str, tuple[int, int]]) -> None:
    page = book.pages["Flows"]
    page.sheet.write(page.row, 2, "sign", page.style("unit", align="center"))
    page.sheet.write(page.row, 3, "sum, EUR", page.style("unit", align="right"))
    page.row += 1
    rows: dict[str, int] = {}
    at = {key: f"{{c}}${row + 1}" for key, row in times.items()}
    asset = {key: f"{{c}}${first + 1}:{{c}}${last + 1}" for key, (first, last) in sections.items()}

    def row(label: str, formula: str, **options: str) -> None:
        options = {"number": "money"} | options
        text = formula.replace("{k}", str(k))
        rows[label] = timeline(page, label, text, **options)  # type: ignore[arg-type]

    def this(label: str) -> str:
        return f"{{c}}{rows[label] + 1}"

    def balance(subject: str, opening_row: int, *changes: tuple[str, str]) -> None:
        row(f"{subject}: opening", f"{{p}}{opening_row + len(changes) + 2}")
        for label, formula in changes:
            row(f"{subject}: {label}", formula, total="SUM" if label == "drawn" else "")
        first = rows[f"{subject}: opening"] + 1
        terms = "+".join(f"{{c}}{first + offset}" for offset in range(len(changes) + 1))
        row(f"{subject}: closing", terms)

    row(TARIFF_ROWS[0], f"heat_sold_mwh_{{k}}*heat_price_eur_per_mwh*{at['Connected']}*{at['Tariff index']}")
    row(TARIFF_ROWS[1], f"fixed_tariff_eur*{at['Connected']}*{at['Tariff index']}")
    row(TARIFF_ROWS[2], f"connection_fees_eur*{at['New']}")
    for category, sign in CATEGORIES.items():
        r = page.row + 1
        formula = (
            f"$C{r}*SUMPRODUCT((line_category=$B{r})*line_eur_{k}*(line_first<={at['Year']})*(line_last>={at['Year']})"
            f"*(1+line_escalation)^({at['Year']}-line_first)*(1-line_ramp*(1-{at['Connected']})))"
        )
        rows[category] = timeline(page, category, formula, "money", sign=sign, total="SUM")
    row("Operating cash flow less unit price", f"SUM({{c}}{rows[TARIFF_ROWS[1]] + 1}:{{c}}{page.row})")
    row("Operating cash flow", f"{this(TARIFF_ROWS[0])}+{this('Operating cash flow less unit price')}",
        style="calc_bold")  # fmt: skip

    invest = page.row + 1
    row("Capex", f"-SUMPRODUCT(asset_eur_{{k}},{asset['paid']})")
    row("Grants", f"-grant_share*eligible_share_{{k}}*{this('Capex')}")
    row("Replacements", f"-replace_assets_used*SUMPRODUCT(asset_eur_{{k}},{asset['replaced']})")
    book_value = page.row + 7  # rows below: opening, additions and depreciation of the fixed assets
    row("Residual value", f"{at['Last']}*residual_share_used*SUM({{c}}{book_value}:{{c}}{book_value + 2})")
    parts = ("Operating cash flow", "Capex", "Grants", "Replacements", "Residual value")
    row("Net cash flow", "+".join(map(this, parts)), style="calc_bold", total="SUM")
    row("Cumulative", f"{{p}}{{r}}+{this('Net cash flow')}")
    row("Cumulative, discounted", f"{{p}}{{r}}+{this('Net cash flow')}*{at['Factor']}")
    for kind, label in (("", "Cumulative"), (", discounted", "Cumulative, discounted")):
        row(f"Next year, while not paid back{kind}", f"({this(label)}<0)*({at['Year']}+1)", number="flag")

    assert page.row + 1 == book_value
    balance(
        "Fixed assets", page.row,
        ("additions", f"-SUM({{c}}{invest}:{{c}}{invest + 2})"),
        ("depreciation",
         f"-SUMPRODUCT(asset_eur_{{k}},{asset['depreciated']})+{at['In operation']}*grant_share*eligible_share_{{k}}"
         f"*SUMPRODUCT(asset_eur_{{k}},asset_paid_share*({at['Operating year']}<=asset_years)/asset_years)"),
        ("disposal", f"-{at['Last']}*SUM({{c}}{page.row + 1}:{{c}}{page.row + 3})"),
    )  # fmt: skip
    drawn, opening = page.row + 2, page.row + 1
    annuity = f"PMT(loan_rate,loan_tenor_years,-$D{drawn})-{{c}}{opening}*loan_rate"
    balance(
        "Loan", page.row,
        ("drawn", f"-loan_share*SUM({{c}}{invest}:{{c}}{invest + 1})*({at['Year']}<=design_years)"),
        ("repaid", f"-{at['Repaying']}*(loan_annuity*({annuity})+(1-loan_annuity)*$D{drawn}/loan_tenor_years)-{at['Rest due']}*{{c}}{opening}"),
    )  # fmt: skip
    row("Interest", f"-{this('Loan: opening')}*loan_rate")
    depreciation, disposal = this("Fixed assets: depreciation"), this("Fixed assets: disposal")
    row("Profit before losses brought forward",
        f"{this('Operating cash flow')}+{this('Residual value')}+{depreciation}+{disposal}+{this('Interest')}")  # fmt: skip
    profit = this("Profit before losses brought forward")
    opening = page.row + 1
    balance("Losses", page.row, ("made", f"-{profit}*({profit}<0)"),
            ("offset", f"-MIN({{c}}{opening},loss_offset_share*{profit}*({profit}>0))"))  # fmt: skip
    row("Corporate tax", f"-tax_rate*({profit}*({profit}>0)+{this('Losses: offset')})")
    row("Net cash flow after tax", f"{this('Net cash flow')}+{this('Corporate tax')}", style="calc_bold")
    row("Equity cash flow",
        f"{this('Net cash flow after tax')}+{this('Loan: drawn')}+{this('Loan: repaid')}+{this('Interest')}", style="calc_bold")  # fmt: skip
    service = f"{this('Loan: repaid')}+{this('Interest')}"
    row("Debt service cover",
        f'IF({at["In operation"]}*({service})<0,-({this("Operating cash flow")}+{this("Replacements")}+{this("Corporate tax")})/({service}),"")',
        number="two")  # fmt: skip
    row("Heat sold", f"heat_sold_mwh_{{k}}*{at['Connected']}", number="integer")
    costs = f"SUM({{c}}{rows['Power revenue'] + 1}:{{c}}{rows['Other cost'] + 1})"
    row("Cost of heat", f"-{costs}-SUM({{c}}{invest}:{{c}}{invest + 3})")
    book.rows[f"flows {k}"] = rows
    for label, stem in ROWS.items():
        book.name(f"{stem}_{k}", absolute(page.name, rows[label], FIRST_YEAR, rows[label], LAST_YEAR))
