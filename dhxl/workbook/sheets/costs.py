"""Costs: capital costs (the study's Table 3), operating cost rates, and the one table of line items."""

from __future__ import annotations

from dataclasses import dataclass

from dhxl.workbook.page import Book, Validation, absolute

# category -> sign in the cash flow
CATEGORIES: dict[str, int] = {
    "Capex": -1, "Heat revenue": 1, "Power revenue": 1, "Incentives": 1,
    "Fuel": -1, "Electricity": -1, "Maintenance": -1, "Other cost": -1,
}  # fmt: skip
FREE_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line item: formula of its amount with ``{k}`` for the solution, or one formula per solution."""

    name: str
    category: str
    amounts: tuple[str, str, str, str]
    last: str = "last_operating_year"
    ramp: int = 0


def _all(formula: str) -> tuple[str, str, str, str]:
    first, second, third, fourth = (formula.replace("{k}", str(k)) for k in range(1, 5))
    return first, second, third, fourth


_NONE = ""  # not in this solution: a plain 0
# the difference of two sums, 0 unless it is more than their rounding
_OTHER_OM = (
    "(ABS(recomputed_om_eur_{k}-rated_om_eur_{k})>tolerance*ABS(rated_om_eur_{k}))"
    "*(recomputed_om_eur_{k}-rated_om_eur_{k})"
)
LINES: tuple[Line, ...] = (
    Line("Wells and geothermal circuit", "Capex", _all("capex_wells_eur")),
    Line("CHP", "Capex", ("capex_chp_eur",) * 3 + (_NONE,)),
    Line("Heat pumps", "Capex", _all("capex_heat_pumps_eur")),
    Line("Boilers, building, electrical", "Capex", _all("capex_plant_rest_eur")),
    Line("Heat store", "Capex", _all("capex_storage_eur_per_m3*{store volume {k}}")),
    Line("Small heat pump", "Capex", (_NONE, _NONE, "capex_small_heat_pump_eur", _NONE)),
    Line("Distribution system", "Capex", _all("capex_distribution_eur")),
    Line("Engineering", "Capex", _all("capex_engineering_eur")),
    Line("Not itemised in the study", "Capex", _all("capex_not_itemised_eur")),
    Line("Heat sold", "Heat revenue", _all("heat_sold_mwh_{k}*heat_price_eur_per_mwh"), ramp=1),
    Line("Power sold", "Power revenue", _all("power_sold_mwh_{k}*power_sale_price_eur_per_mwh_{k}"), ramp=1),
    Line("Tax credit", "Incentives", _all("heat_sold_mwh_{k}*tax_credit_eur_per_mwh"), "last_incentive_year", 1),
    Line("White certificates, CHP", "Incentives", _all("power_chp_mwh_{k}*white_certificate_chp_eur_per_mwh"),
         "last_incentive_year", 1),
    Line("White certificates, heat pumps", "Incentives",
         _all("heat_pump_heat_mwh_{k}*white_certificate_heat_pump_eur_per_mwh"), "last_incentive_year", 1),
    Line("Gas for CHP", "Fuel", _all("fuel_chp_eur_{k}"), ramp=1),
    Line("Gas for boilers", "Fuel", _all("fuel_boiler_eur_{k}"), ramp=1),
    Line("Power bought", "Electricity",
         _all("power_bought_mwh_{k}*power_purchase_price_eur_per_mwh_{k}"), ramp=1),
    Line("Charges on power bought", "Electricity", _all("power_charged_mwh_{k}*charges_eur_per_mwh"), ramp=1),
    Line("Full service of the CHP", "Maintenance", _all("power_chp_mwh_{k}*chp_maintenance_eur_per_mwh"), ramp=1),
    Line("Maintenance of heat pumps", "Maintenance",
         _all("heat_pump_heat_mwh_{k}*heat_pump_maintenance_eur_per_mwh"), ramp=1),
    Line("Major overhaul of the CHP", "Maintenance", ("chp_overhaul_eur",) * 3 + (_NONE,)),
    Line("Other equipment", "Maintenance", _all("other_maintenance_eur")),
    Line("Other O&M of the units", "Maintenance", _all(_OTHER_OM), ramp=1),
    Line("Carbon price", "Other cost", _all("carbon_eur_{k}"), ramp=1),
)  # fmt: skip
COLUMNS = (
    "Line", "Category", "Solution 1, EUR", "Solution 2, EUR", "Solution 3, EUR", "Solution 4, EUR",
    "First year", "Last year", "Escalation per year", "Follows connection",
)  # fmt: skip
_WIDTHS = (2, 42, 16, 15, 15, 15, 15, 10, 10, 12, 12)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Costs", "input", "Costs",
        "Capital costs (the study's Table 3), rates of operating costs, and the one table of line items", _WIDTHS,
    )  # fmt: skip
    money = Validation(0, 1e10)
    page.heading("Capital costs", 10)
    for label, name in (
        ("Wells and geothermal circuit", "capex_wells_eur"),
        ("CHP", "capex_chp_eur"),
        ("Heat pumps", "capex_heat_pumps_eur"),
        ("Boilers, building, electrical", "capex_plant_rest_eur"),
        ("Small heat pump (solution 3)", "capex_small_heat_pump_eur"),
        ("Distribution system", "capex_distribution_eur"),
        ("Engineering", "capex_engineering_eur"),
        ("Not itemised in the study", "capex_not_itemised_eur"),
    ):
        page.input(label, name, "EUR", money, "money")
    page.input("Heat store", "capex_storage_eur_per_m3", "EUR/m³", Validation(0, 1e5), "integer")

    page.skip()
    page.heading("Rates of operating costs", 10)
    rate = Validation(0, 1000)
    page.input("Full service of the CHP, per MWh power", "chp_maintenance_eur_per_mwh", "EUR/MWh", rate, "two")
    page.input("Maintenance of heat pumps, per MWh heat", "heat_pump_maintenance_eur_per_mwh", "EUR/MWh", rate, "four")
    page.input("Major overhaul of the CHP", "chp_overhaul_eur", "EUR/a", money, "money")
    page.input("Other equipment", "other_maintenance_eur", "EUR/a", money, "money")
    page.calc("Last year of incentives", "design_years+MIN(incentive_years,operating_years)", "a", "count",
              "last_incentive_year")  # fmt: skip

    page.skip()
    page.heading("Line items", 10)
    page.note("Every line enters the cash flow of every solution: amount a year between first and last year, in prices of the first year, growing with the escalation. Amounts are positive; the category gives the sign. "
              "Insert a row inside the table to add a line; free rows stand at its end. Follows connection: 1 if the amount grows with the share of customers connected.", 10, lines=2)  # fmt: skip
    header = page.columns(COLUMNS, height=30)
    first = page.row
    for line in LINES:
        _line(book, line)
    for _ in range(FREE_LINES):
        _free_line(book)
    last = page.row - 1
    page.sheet.add_table(
        header, 1, last, 10,
        {"name": "line_items", "style": "Table Style Light 1", "autofilter": False,
         "columns": [{"header": title} for title in COLUMNS]},
    )  # fmt: skip
    for offset, title in enumerate(COLUMNS):
        page.sheet.write(header, 1 + offset, title, page.style("column"))
    names = ("line_name", "line_category", "line_eur_1", "line_eur_2", "line_eur_3", "line_eur_4",
             "line_first", "line_last", "line_escalation", "line_ramp")  # fmt: skip
    for offset, name in enumerate(names):
        book.name(name, absolute(page.name, first, 1 + offset, last, 1 + offset))
    page.finish(10)


def _validations(book: Book, row: int) -> None:
    page = book.pages["Costs"]
    page.sheet.data_validation(row, 2, row, 2, Validation(choices=tuple(CATEGORIES)).options("Category", "-"))
    amount = Validation(0, 1e10)
    limits = {3: amount, 4: amount, 5: amount, 6: amount, 7: Validation(0, 45, whole=True),
              8: Validation(0, 45, whole=True), 9: Validation(-0.5, 0.5), 10: Validation(0, 1, whole=True)}  # fmt: skip
    for col, validation in limits.items():
        options = validation.options(COLUMNS[col - 1], "-") | {"ignore_blank": True}
        page.sheet.data_validation(row, col, row, col, options)


def _line(book: Book, line: Line) -> None:
    page, row = book.pages["Costs"], book.pages["Costs"].row
    page.sheet.write(row, 1, line.name, page.style("input"))
    page.sheet.write(row, 2, line.category, page.style("input"))
    for k, formula in enumerate(line.amounts, start=1):
        if formula:
            text = formula.replace(f"{{store volume {k}}}", book.places[f"store volume {k}"])
            page.sheet.write_formula(row, 2 + k, "=" + text, page.style("calc", "money"), 0)
        else:
            page.sheet.write(row, 2 + k, 0, page.style("input", "money"))
        book.places[f"{line.name} {k}"] = absolute(page.name, row, 2 + k)
    if line.category == "Capex":
        page.sheet.write(row, 7, 0, page.style("input", "count"))
        page.sheet.write(row, 8, 0, page.style("input", "count"))
    else:
        page.sheet.write_formula(row, 7, "=first_operating_year", page.style("calc", "count"), 0)
        page.sheet.write_formula(row, 8, "=" + line.last, page.style("calc", "count"), 0)
    page.sheet.write(row, 9, 0, page.style("input", "percent"))
    page.sheet.write(row, 10, line.ramp, page.style("input", "count"))
    _validations(book, row)
    page.row += 1


def _free_line(book: Book) -> None:
    page, row = book.pages["Costs"], book.pages["Costs"].row
    page.sheet.write(row, 1, "", page.style("input"))
    page.sheet.write(row, 2, "Other cost", page.style("input"))
    for col in (3, 4, 5, 6):
        page.sheet.write(row, col, 0, page.style("input", "money"))
    page.sheet.write_formula(row, 7, "=first_operating_year", page.style("calc", "count"), 0)
    page.sheet.write_formula(row, 8, "=last_operating_year", page.style("calc", "count"), 0)
    page.sheet.write(row, 9, 0, page.style("input", "percent"))
    page.sheet.write(row, 10, 0, page.style("input", "count"))
    _validations(book, row)
    page.row += 1
