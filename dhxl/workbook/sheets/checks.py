"""Checks (integrity: their sum must be 0) and alerts (worth a look, never a failure)."""

from __future__ import annotations

from dhxl.workbook.page import Book, Validation, absolute, cell
from dhxl.workbook.sheets.flows import LAST_YEAR
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
    _finance(book)
    page.skip()
    page.heading("Checks", 7)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Fault", "What is compared"), height=18)
    first = page.row
    for label, formula, note in (
        ("Heat shares cover every unit", "1*(ABS(heat_produced_mwh_{k}/SUM(table_heat_mwh_{k})-1)>tolerance)", "Heat by type against the sum over all unit slots"),
        ("Heat produced and unserved equals demand", "1*(ABS(heat_total_mwh_{k}/series_demand_mwh-1)>tolerance)", "Over the year, with the store's losses"),
        ("Dispatch is proven optimal", "1*(dispatch_gap_{k}>gap_tolerance)", "Certified gap between cost and bound"),
        ("Dispatch cost equals quantities times prices", "(engine_live+(stale=0)>0)*(ABS(dispatch_cost_eur_{k}-recomputed_cost_eur_{k})>tolerance*ABS(dispatch_cost_eur_{k}))", "Sheet Dispatch: cost of the optimiser against the sum of its parts"),
        ("Power: own production, purchase, sale and use balance", "1*(ABS(power_balance_mwh_{k})>tolerance*MAX(power_chp_mwh_{k}+power_bought_mwh_{k},1))", "In the year, MWh"),
        ("Cumulative cash flow closes at the sum of flows", "1*(ABS(SUM(net_flow_eur_{k})-{closing})>tolerance*MAX(capex_eur_{k},1))", "Sheet Flows"),
        ("Every line item has a category", '1*(ABS(SUM(line_eur_{k})-SUMIF(line_category,"Capex",line_eur_{k})-SUM(category_eur_{k}))>tolerance*(1+SUM(line_eur_{k})))', "A line without a known category would enter no cash flow"),
        ("NPV at the IRR is 0", "1*(ABS(npv_at_irr_{k})>tolerance*1000*MAX(capex_eur_{k},1))", "Relative to capex; only where an IRR exists"),
        ("NPV: DH_NPV equals the sheet", "engine_live*(ABS(dh_npv_eur_{k}-npv_eur_{k})>tolerance*ABS(npv_eur_{k}))", "Only with the functions at hand"),
        ("IRR: DH_IRR equals the sheet", 'engine_live*(loss_years_{k}=0)*IF(ISNUMBER(irr_{k}),1*(ABS(dh_irr_{k}-irr_{k})>tolerance),1*(dh_irr_{k}<>irr_{k}))', "Only with the functions at hand"),
        ("Payback: DH_PAYBACK equals the sheet", 'engine_live*IF(ISNUMBER(payback_years_{k}),1*(ABS(dh_payback_years_{k}-payback_years_{k})>tolerance*100),1*(dh_payback_years_{k}<>payback_years_{k}))', "Only with the functions at hand"),
        ("LCOH: DH_LCOH equals the sheet", "engine_live*(ABS(dh_lcoh_eur_per_mwh_{k}-lcoh_eur_per_mwh_{k})>tolerance*ABS(lcoh_eur_per_mwh_{k}))", "Only with the functions at hand"),
    ):  # fmt: skip
        _each(book, label, formula, note)
    for label, formula, note in (
        ("Bridge between the margins closes", "1*(ABS(bridge_difference_eur)>tolerance*operating_cost_eur_1)", "Sheet Operation"),
        ("Series has one row an hour of the year", "1*(series_rows<>8760)", "8760 rows"),
        ("Demand has the annual energy", "1*(ABS(series_demand_mwh/heat_production_mwh-1)>tolerance)", "Only with the functions at hand or inputs unchanged"),
        ("Demand has the peak load", "1*(ABS(series_peak_mw/peak_load_mw-1)>tolerance)", "Only with the functions at hand or inputs unchanged"),
        ("Time line holds the whole project", "1*(last_operating_year>MAX(flow_years))", "Years on sheet Flows"),
    ):  # fmt: skip
        guard = "(engine_live+(stale=0)>0)*" if "inputs unchanged" in note else ""
        _one(book, label, guard + formula, note)
    _sum(book, "Checks, total (must be 0)", "ChecksTotal", first)

    page.skip()
    page.heading("Alerts", 7)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Alert", "What it says"), height=18)
    first = page.row
    for label, formula, note in (
        ("Installed capacity below peak load", "1*(SUMPRODUCT(unit_heat_mw_{k},unit_count_{k})<peak_load_mw)", "The study's solution 4 has 20 MW against a peak of 24 MW"),
        ("Unserved heat", "1*(unserved_mwh_{k}>1/1000)", "Demand that no unit could meet, MWh; see sheet Dispatch for the first hour"),
        ("No payback within the time frame", "1*ISTEXT(payback_years_{k})", ""),
        ("NPV negative", "1*(npv_eur_{k}<0)", ""),
        (
            "Years of operation with a loss",
            "1*(loss_years_{k}>0)",
            "The IRR may have several values then; IRR and DH_IRR may show different ones",
        ),
        (
            "Heat pumps may draw more than the source gives",
            '1*(SUMPRODUCT(unit_heat_mw_{k},unit_count_{k},1*(unit_types_{k}="heat_pump"))*(1-1/MAX(unit_cops_{k},1))>geothermal_heat_mw)',
            "At full load, at the best COP of the table: heat x (1 - 1/COP) against sheet Design; solution 3 of the study does",
        ),
    ):  # fmt: skip
        _each(book, label, formula, note)
    for label, formula, note in (
        ("Saved results are stale", "stale*(1-engine_live)", "Inputs changed and the functions are not at hand: results are those of the last saved calculation"),
        ("Trench length differs from the sections", "1*(ABS(sections_length_m/trench_length_m-1)>1/100)", "Sheets Design and Network, by more than 1 %"),
        ("Heat sold differs from the sections", "1*(ABS(sections_heat_mwh/heat_demand_mwh-1)>1/100)", "Sheets Design and Network, by more than 1 %"),
        ("Linear heat density below 0.5 MWh/(m·a)", "1*(linear_heat_density_mwh_per_m+linear_heat_density_mwh_per_m<1)", "Critical: losses and network cost weigh heavily"),
        ("Supply not above return temperature", "1*(supply_degc<=return_degc)", ""),
    ):  # fmt: skip
        _one(book, label, formula, note)
    _sum(book, "Alerts, total", "AlertsTotal", first)
    page.finish(7)


def _finance(book: Book) -> None:
    page = book.pages["Checks"]
    page.heading("The same figures by DH_ functions and by the sheet's own formulas", 7)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "", "Formula"), height=18)
    for label, name, call, number in (
        ("NPV, EUR", "dh_npv_eur", "DH_NPV(discount_rate,net_flow_eur_{k},0)", "money"),
        ("IRR", "dh_irr", 'IFERROR(DH_IRR(net_flow_eur_{k}),"none")', "percent2"),
        ("Payback from the start of building, years", "dh_payback_years", 'IFERROR(DH_PAYBACK(net_flow_eur_{k}),"none")', "years"),
        ("Levelised cost of heat, EUR/MWh", "dh_lcoh_eur_per_mwh", "DH_LCOH(discount_rate,heat_cost_flow_eur_{k},heat_flow_mwh_{k})", "two"),
    ):  # fmt: skip
        row = page.row
        key = f"checks_{name}"
        saved = book.saved_row(key, f"Checks: {label}", 4)
        page.sheet.write(row, 1, label, page.style("label"))
        for k in range(1, 5):
            formula = f"=IF(engine_live,{call.replace('{k}', str(k))},{saved[k - 1]})"
            page.sheet.write_formula(row, 1 + k, formula, page.style("dhxl", number, align="right"), 0)
            book.name(f"{name}_{k}", absolute(page.name, row, 1 + k))
        page.live_name(key, row, 2, 1, 4)
        page.sheet.write(row, 7, call.replace("_{k}", ""), page.style("note"))
        page.row += 1
    row = page.row
    page.sheet.write(row, 1, "NPV at the sheet's IRR, EUR", page.style("label"))
    for k in range(1, 5):
        formula = f"=IF(ISNUMBER(irr_{k}),SUMPRODUCT(net_flow_eur_{k},(1+N(irr_{k}))^-flow_years),0)"
        page.sheet.write_formula(row, 1 + k, formula, page.style("calc", "two"), 0)
        book.name(f"npv_at_irr_{k}", absolute(page.name, row, 1 + k))
    page.row += 1
    row = page.row
    page.sheet.write(row, 1, "Years of operation with a negative cash flow", page.style("label"))
    for k in range(1, 5):
        formula = f"=SUMPRODUCT((net_flow_eur_{k}<0)*(flow_in_operation=1))"
        page.sheet.write_formula(row, 1 + k, formula, page.style("calc", "count"), 0)
        book.name(f"loss_years_{k}", absolute(page.name, row, 1 + k))
    page.row += 1


def _each(book: Book, label: str, formula: str, note: str) -> None:
    page, row = book.pages["Checks"], book.pages["Checks"].row
    page.sheet.write(row, 1, label, page.style("label"))
    for k in range(1, 5):
        closing = absolute("Flows", book.rows[f"flows {k}"]["Cumulative"], LAST_YEAR)
        text = "=" + formula.replace("{k}", str(k)).replace("{closing}", closing)
        page.sheet.write_formula(row, 1 + k, text, page.style("calc", "flag", align="center"), 0)
    _flag(book, row, f"=SUM({cell(row, 2)}:{cell(row, 5)})", note)


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
