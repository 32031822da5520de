"""Checks (integrity: their sum must be 0) and alerts (worth a look, never a failure)."""

from __future__ import annotations

from dhxl.workbook.page import Book, Validation, absolute, cell
from dhxl.workbook.sheets import rates
from dhxl.workbook.sheets.timeline import FIRST_YEAR, LAST_YEAR
from dhxl.workbook.style import Colour

_WIDTHS = (2, 60, 15, 15, 15, 15, 12, 60)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Checks",
        "control",
        "Checks and alerts",
        "Checks prove the workbook's integrity: 0 is good, 1 is a fault. Alerts point at results worth a look",
        _WIDTHS,
    )
    page.heading("Tolerances", 7)
    for label, name, value, number, note in (
        (
            "Relative difference that counts as equal",
            "tolerance",
            1e-9,
            "scientific",
            "Between two ways to the same number",
        ),
        (
            "Gap of the dispatch that counts as proven",
            "gap_tolerance",
            1e-8,
            "scientific",
            "Cost above its proven bound, relative",
        ),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write(page.row, 2, value, page.style("input", number))
        page.sheet.data_validation(page.row, 2, page.row, 2, Validation(0, 0.01).options(label, "-"))
        page.sheet.write(page.row, 7, note, page.style("note"))
        book.name(name, absolute(page.name, page.row, 2))
        page.row += 1
    page.skip()
    _usual(book)
    page.skip()
    _finance(book)
    page.skip()
    page.heading("Checks", 7)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Fault", "What is compared"), height=18)
    first = page.row
    for label, formula, note in (
        ("Heat shares cover every unit", "1*(ABS(heat_produced_mwh_{k}/SUM(table_heat_mwh_{k})-1)>tolerance)", "Heat by type against the sum over all unit slots"),
        ("Heat produced and unserved equals demand", "1*(ABS(heat_total_mwh_{k}/series_demand_mwh-1)>tolerance)", "Over the year, with the store's losses"),
        ("Dispatch is proven optimal", '(dispatch_method_{k}<>"priority")*(dispatch_gap_{k}>gap_tolerance)', "Certified gap between cost and bound; not where a rule operates the units"),
        ("Dispatch cost equals quantities times prices", "(engine_live+(stale=0)>0)*(ABS(dispatch_cost_eur_{k}-recomputed_cost_eur_{k})>tolerance*ABS(dispatch_cost_eur_{k}))", "Sheet Dispatch: cost of the optimiser against the sum of its parts"),
        ("Power: own production, purchase, sale and use balance", "1*(ABS(power_balance_mwh_{k})>tolerance*MAX(power_chp_mwh_{k}+power_bought_mwh_{k},1))", "In the year, MWh"),
        ("Cumulative cash flow closes at the sum of flows", "1*(ABS(SUM(net_flow_eur_{k})-{closing})>tolerance*MAX(capex_eur_{k},1))", "Sheet Flows"),
        ("Every line item has a category", "1*(ABS(SUM(line_eur_{k})-SUM(category_eur_{k}))>tolerance*(1+SUM(line_eur_{k})))", "A line without a known category would enter no cash flow"),
        ("Every capital cost line is in the cash flow", "1*(ABS(SUM(asset_eur_{k})-capex_price_eur_{k})>tolerance*MAX(capex_price_eur_{k},1))", "Sheet Costs against the schedule on sheet Flows"),
        ("Fixed assets open as they closed", "1*({shifted Fixed assets}>tolerance)", "Sheet Flows, every year"),
        ("Fixed assets close at 0", "1*(ABS({left})>tolerance*MAX(capex_eur_{k},1))", "Nothing is left in the last column of sheet Flows, also of costs paid after the operation"),
        ("Loan opens as it closed", "1*({shifted Loan}>tolerance)", "Sheet Flows, every year"),
        ("Losses open as they closed", "1*({shifted Losses}>tolerance)", "Sheet Flows, every year"),
        ("Loan is repaid at the end", "1*(ABS({owed})>tolerance*MAX(capex_eur_{k},1))", "Nothing is owed in the last column of sheet Flows"),
        ("NPV at the IRR is 0", "1*(ABS(npv_at_irr_{k})>tolerance*1000*MAX(capex_eur_{k},1))", "Relative to capex; only where an IRR exists"),
    ):  # fmt: skip
        _each(book, label, formula, note)
    for label, formula, note in (
        ("A year on sheet Operation gives the operating margin", "1*(SUMPRODUCT(operation_difference_eur*operation_difference_eur)>tolerance)", "Sheet Operation, line by line, against sheet Compare"),
        ("Series has one row an hour of the year", "1*(series_rows<>8760)", "8760 rows"),
        ("Demand has the annual energy", "1*(ABS(series_demand_mwh/heat_production_mwh-1)>tolerance)", "Only with the functions at hand or inputs unchanged"),
        ("Demand has the peak load", "1*(ABS(series_peak_mw/peak_load_mw-1)>tolerance)", "Only with the functions at hand or inputs unchanged"),
        ("DH_ functions and sheet give the same figures", "SUM(dh_faults)", "Selected solution; the table above says which. Only with the functions at hand"),
        ("Timeline holds the whole project", "1*(last_operating_year>MAX(flow_years))", "Years on sheet Flows"),
        ("Every line item has a first and a last year", "1*(MAX(COUNT(line_eur_1),COUNT(line_eur_2),COUNT(line_eur_3),COUNT(line_eur_4))>MIN(COUNT(line_first),COUNT(line_last)))", "Sheet Costs; without them an amount is in no year of the operation"),
        ("Schedule holds every capital cost line", "1*(ROWS(capex_line_eur_1)>ROWS(asset_eur_1))", "Lines on sheet Costs against those on sheet Flows"),
        ("Paid shares of the capital costs add up to 100 %", "full_model*SUMPRODUCT((capex_line_eur_1+capex_line_eur_2+capex_line_eur_3+capex_line_eur_4>0)*((capex_line_paid-1)*(capex_line_paid-1)>tolerance))", "Sheet Costs; counts under the convention Full"),
    ):  # fmt: skip
        guard = "(engine_live+(stale=0)>0)*" if "inputs unchanged" in note else ""
        _one(book, label, guard + formula, note)
    if "bridge_difference_eur" in book.names:
        _one(book, "Bridge between the margins closes", "1*(ABS(bridge_difference_eur)>tolerance*operating_cost_eur_1)",
             "Sheet Operation")  # fmt: skip
    _sum(book, "Checks, total (must be 0)", "ChecksTotal", first)

    page.skip()
    page.heading("Alerts", 7)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Alert", "What it says"), height=18)
    first = page.row
    for label, formula, note in (
        ("Installed capacity below peak load", "1*(SUMPRODUCT(unit_heat_mw_{k},unit_count_{k})<peak_load_mw)", "Unserved heat may follow; sheet Plant"),
        ("Unserved heat", "1*(unserved_mwh_{k}>1/1000)", "Demand that no unit could meet, MWh; see sheet Dispatch for the first hour"),
        ("No payback within the time frame", "1*ISTEXT(payback_years_{k})", ""),
        ("NPV negative", "1*(npv_eur_{k}<0)", ""),
        (
            "Years of operation with a loss",
            "1*(loss_years_{k}>0)",
            "The flow may have several rates of return; the next alert proves it",
        ),
        (
            "Several rates of return",
            "{several}",
            "Shown is the one nearest to 10 % (end of sheet Flows); judge by the NPV",
        ),
        (
            "Debt service cover below what the bank asks for",
            "IF(ISNUMBER(dscr_least_{k}),1*(dscr_least_{k}<dscr_minimum),0)",
            "In the worst year; sheets Finance and Flows",
        ),
        ("Capital costs are paid after the start of operation", "1*(SUMPRODUCT(capex_flow_eur_{k},flow_in_operation)<0)", "Design years against the years of payment on sheet Costs; no loan is drawn for them, depreciation counts them from the first year"),
    ):  # fmt: skip
        _each(book, label, formula, note)
    if "geothermal_heat_mw" in book.names:
        _each(
            book,
            "Heat pumps may draw more than the source gives",
            '1*(SUMPRODUCT(unit_heat_mw_{k},unit_count_{k},1*(unit_types_{k}="heat_pump"))*(1-1/MAX(unit_cops_{k},1))>geothermal_heat_mw)',
            "At full load, at the best COP of the table: heat x (1 - 1/COP) against sheet Design",
        )
    for label, formula, note in (
        ("Saved results are stale", "stale*(1-engine_live)", "Inputs changed and the functions are not at hand: results are those of the last saved calculation"),
        ("Trench length differs from the sections", "1*(ABS(sections_length_m/trench_length_m-1)>1/100)", "Sheets Design and Network, by more than 1 %"),
        ("Heat sold differs from the sections", "1*(ABS(sections_heat_mwh/heat_demand_mwh-1)>1/100)", "Sheets Design and Network, by more than 1 %"),
        ("Linear heat density below 0.5 MWh/(m·a)", "1*(linear_heat_density_mwh_per_m+linear_heat_density_mwh_per_m<1)", "Critical: losses and network cost weigh heavily"),
        ("Supply not above return temperature", "1*(supply_degc<=return_degc)", ""),
        ("Line items outlast the operation", "1*(SUMPRODUCT((line_eur_1+line_eur_2+line_eur_3+line_eur_4>0)*(line_last>last_operating_year))>0)", "Last year on sheet Costs; the cash flow counts them to their end"),
        ("Loan outlasts the operation", "1*(loan_share>0)*(loan_grace_years+loan_tenor_years>operating_years)", "What is owed then is repaid in the last year of operation"),
        ("Inputs outside their usual range", "SUM(unusual_inputs)", "The table above says which"),
    ):  # fmt: skip
        _one(book, label, formula, note)
    if "sensitivity_stale" in book.names:
        _one(book, "Studies are of other inputs", "1*(sensitivity_stale>0)", "Sheet Sensitivity: calculate them again")
    _sum(book, "Alerts, total", "AlertsTotal", first)
    page.finish(7)


# label, name, number format, usual from, to
_USUAL = (
    ("Linear heat density, MWh/(m·a)", "linear_heat_density_mwh_per_m", "two", 0.5, 10),
    ("Network loss, share of heat produced", "network_loss_share", "percent", 0.03, 0.3),
    ("Supply temperature, °C", "supply_degc", "one", 50, 120),
    ("Gas, EUR/MWh", "gas_eur_per_mwh", "two", 10, 150),
    ("Electricity, mean of the year, EUR/MWh", "electricity_price_eur_per_mwh", "two", 20, 300),
    ("Heat tariff, unit price, EUR/MWh", "heat_price_eur_per_mwh", "two", 30, 250),
    ("Discount rate", "discount_rate", "percent2", 0.01, 0.15),
    ("Peak load over mean load", "peak_over_mean_load", "two", 2, 8),
)  # fmt: skip


def _usual(book: Book) -> None:
    page = book.pages["Checks"]
    page.heading("Usual range of the inputs that matter most", 7)
    page.columns(("", "Here", "From", "To", "", "Outside", "What it says"), height=18)
    first = page.row
    for label, name, number, low, high in _USUAL:
        row = page.row
        page.sheet.write(row, 1, label, page.style("label"))
        formula = "peak_load_mw/heat_production_mwh*8760" if name == "peak_over_mean_load" else name
        page.sheet.write_formula(row, 2, f"={formula}", page.style("calc", number), 0)
        for col, value in ((3, low), (4, high)):
            page.sheet.write(row, col, value, page.style("input", number))
            options = Validation(-1e6, 1e6).options(label, "-")
            page.sheet.data_validation(row, col, row, col, options)
        flag = f"=1*(({cell(row, 2)}<{cell(row, 3)})+({cell(row, 2)}>{cell(row, 4)})>0)"
        _flag(book, row, flag, "Experience of district heating; adapt it to your market")
    for name, col in (("usual_from", 3), ("usual_to", 4), ("unusual_inputs", 6)):
        book.name(name, absolute(page.name, first, col, page.row - 1, col))


def _finance(book: Book) -> None:
    page = book.pages["Checks"]
    page.heading("The selected solution's figures by DH_ functions and by the sheet's own formulas", 7)
    page.columns(("", "DH_", "Sheet", "", "", "Fault", "Formula"), height=18)
    first = page.row
    for label, name, sheet, number, near in (
        ("NPV, EUR", "DH_NPV(discount_rate,net_flow_eur,0)", "npv_eur", "money", "ABS({s})"),
        ("IRR", 'IFERROR(DH_IRR(net_flow_eur),"none")', "irr", "percent2", "1"),
        ("Payback from the start of building, years", 'IFERROR(DH_PAYBACK(net_flow_eur),"none")', "payback_years", "years", "100"),
        ("Levelised cost of heat, EUR/MWh", "DH_LCOH(discount_rate,heat_cost_flow_eur,heat_flow_mwh)", "lcoh_eur_per_mwh", "two", "ABS({s})"),
    ):  # fmt: skip
        row = page.row
        key = f"checks_{sheet}"
        saved = book.saved_row(key, f"Checks: {label}", 1)[0]
        dh, ours = cell(row, 2), cell(row, 3)
        page.sheet.write(row, 1, label, page.style("label"))
        call = f"=IF(engine_live,{name},{saved})"
        page.sheet.write_formula(row, 2, call, page.style("dhxl", number, align="right"), 0)
        page.live_name(key, row, 2, 1, 1)
        page.sheet.write_formula(row, 3, f"={sheet}", page.style("calc", number, align="right"), 0)
        fault = f"IF(ISNUMBER({ours}),1*(ABS(N({dh})-N({ours}))>tolerance*{near.format(s=ours)}),1*({dh}<>{ours}))"
        several = "*(irr_count<1+1)" if sheet == "irr" else ""  # of two nearly equal rates IRR may find the other one
        _flag(book, row, f"=engine_live{several}*{fault}", name)
    book.name("dh_faults", absolute(page.name, first, 6, page.row - 1, 6))
    page.skip()
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Selected"), height=18)
    for label, name, formula, number in (
        ("NPV at the sheet's IRR, EUR", "npv_at_irr", "IF(ISNUMBER(irr_{k}),SUMPRODUCT(net_flow_eur_{k},(1+N(irr_{k}))^-flow_years),0)", "two"),
        ("Rates of return of the net cash flow, at least", "irr_count", "{rates}", "count"),
        ("Years of operation with a negative cash flow", "loss_years", "SUMPRODUCT((net_flow_eur_{k}<0)*(flow_in_operation=1))", "count"),
    ):  # fmt: skip
        row = page.row
        page.sheet.write(row, 1, label, page.style("label"))
        for k in range(1, 5):
            text = formula.replace("{k}", str(k)).replace("{rates}", rates.least(book, "irr", k))
            page.sheet.write_formula(row, 1 + k, f"={text}", page.style("calc", number), 0)
            book.name(f"{name}_{k}", absolute(page.name, row, 1 + k))
        chosen = ",".join(cell(row, 1 + k) for k in range(1, 5))
        selected = f"CHOOSE(solution,{chosen})" if formula == "{rates}" else formula.replace("_{k}", "")
        page.sheet.write_formula(row, 6, f"={selected}", page.style("calc", number), 0)
        book.name(name, absolute(page.name, row, 6))
        page.row += 1


def _each(book: Book, label: str, formula: str, note: str) -> None:
    page, row = book.pages["Checks"], book.pages["Checks"].row
    page.sheet.write(row, 1, label, page.style("label"))
    for k in range(1, 5):
        rows = book.rows[f"flows {k}"]
        text = "=" + formula.replace("{k}", str(k)).replace(
            "{closing}", absolute("Flows", rows["Cumulative"], LAST_YEAR)
        )
        text = text.replace("{several}", rates.counted(book, k))
        text = text.replace("{owed}", absolute("Flows", rows["Loan: closing"], LAST_YEAR))
        text = text.replace("{left}", absolute("Flows", rows["Fixed assets: closing"], LAST_YEAR))
        for subject in ("Fixed assets", "Loan", "Losses"):
            text = text.replace(f"{{shifted {subject}}}", _shifted(rows, subject))
        page.sheet.write_formula(row, 1 + k, text, page.style("calc", "flag", align="center"), 0)
    _flag(book, row, f"=SUM({cell(row, 2)}:{cell(row, 5)})", note)


def _shifted(rows: dict[str, int], subject: str) -> str:
    """Return the sum of the squared differences between each opening and the closing before."""
    opening, closing = rows[f"{subject}: opening"], rows[f"{subject}: closing"]
    one = absolute("Flows", opening, FIRST_YEAR + 1, opening, LAST_YEAR)
    other = absolute("Flows", closing, FIRST_YEAR, closing, LAST_YEAR - 1)
    return f"SUMPRODUCT(({one}-{other})*({one}-{other}))"


def _one(book: Book, label: str, formula: str, note: str) -> None:
    page, row = book.pages["Checks"], book.pages["Checks"].row
    page.sheet.write(row, 1, label, page.style("label"))
    _flag(book, row, "=" + formula, note)


def _flag(book: Book, row: int, formula: str, note: str) -> None:
    page = book.pages["Checks"]
    page.sheet.write_formula(row, 6, formula, page.style("calc_bold", "flag", align="center"), 0)
    page.sheet.write(row, 7, note, page.style("note"))
    page.row += 1


def _sum(book: Book, label: str, name: str, first: int) -> None:
    page, row = book.pages["Checks"], book.pages["Checks"].row
    page.sheet.write(row, 1, label, page.style("label_bold"))
    formula = f"=SUM({cell(first, 6)}:{cell(row - 1, 6)})"
    page.sheet.write_formula(row, 6, formula, page.style("key", "count"), 0)
    book.name(name, absolute(page.name, row, 6))
    fault = book.xlsx.add_format({"bg_color": Colour.BAD_FILL if name == "ChecksTotal" else Colour.WARN_FILL})
    page.sheet.conditional_format(first, 2, row, 6, {"type": "cell", "criteria": ">", "value": 0, "format": fault})
    page.row += 1
