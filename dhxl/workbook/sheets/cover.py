"""Cover: project, switches, key results, status, index and legend."""

from __future__ import annotations

from dhxl.workbook.charts import add_unit_series, dress, place
from dhxl.workbook.page import Book, Validation, absolute
from dhxl.workbook.sheets.prices import SCENARIOS
from dhxl.workbook.style import Colour

_INDEX_ROW = 23
WIDTHS = (2, 38, 17, 17, 17, 17, 3, 74)
_SHEETS = (
    ("Design", "Resource, network, demand, time frame"),
    ("Network", "Pipe sections, losses, linear heat density"),
    ("Plant", "Units of the four solutions, heat store"),
    ("Prices", "Scenarios, charges, tariff, incentives"),
    ("Costs", "Capex, rates, the table of line items"),
    ("Emissions", "CO2 per solution and against boilers"),
    ("Series", "Hourly temperature, demand, price"),
    ("Dispatch", "Hour by hour least-cost operation"),
    ("Operation", "A year against the study's Table 4"),
    ("Flows", "Cash flow of each solution"),
    ("Cashflow", "The selected solution's cash flow"),
    ("Compare", "The four solutions side by side"),
    ("Checks", "Checks and alerts"),
    ("Saved", "Saved results and their inputs"),
    ("Functions", "What the DH_ functions take and give"),
)


def write(book: Book) -> None:
    """Write the sheet; the others must stand, since charts refer to their rows."""
    page = book.pages["Cover"]

    page.heading("Choose", 5)
    _switch(book, "Solution shown", "solution", 1, Validation(choices=("1", "2", "3", "4")), "=solution_name")
    _switch(book, "Price scenario", "price_scenario", "Medium", Validation(choices=SCENARIOS), "")
    page.skip()
    page.heading("Status", 5)
    _status(book)
    page.skip()
    page.heading("Key results", 5)
    _results(book)
    page.skip()
    _legend(book)
    _chart(book)
    _index(book)
    page.row = max(page.row, _INDEX_ROW + len(_SHEETS)) + 1
    page.note(
        "The case replicates a published study. Its load profile and prices are not published: the inputs were found by search and show "
        "that its heat shares are attainable, not that they are the authors' inputs. Temperature and price are a synthetic year. Solution 1 runs its heat pumps at COP 2.18, the others at 4.0, as the study's own shares imply: part of what sets them apart is that (sheet Compare).", 5, lines=4,
    )  # fmt: skip
    page.finish(7, one_page=True)
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _switch(book: Book, label: str, name: str, value: float | str, validation: Validation, echo: str) -> None:
    page, row = book.pages["Cover"], book.pages["Cover"].row
    page.sheet.write(row, 1, label, page.style("label_bold"))
    page.sheet.write(row, 2, value, page.style("input", "general", bold=True, align="center", font_size=12))
    options = validation.options(label, "-")
    if name == "solution":
        options["source"] = [1, 2, 3, 4]
    page.sheet.data_validation(row, 2, row, 2, options)
    if echo:
        page.sheet.write_formula(row, 3, echo, page.style("label"), "")
    book.name(name, absolute(page.name, row, 2))
    page.row += 1


def _status(book: Book) -> None:
    page = book.pages["Cover"]
    rows = (
        ("Functions", 'IF(engine_live,"at hand when last calculated","not at hand: saved results are shown")'),
        ("Results", 'IF((stale=0)+engine_live>0,"fit the inputs","inputs changed since: results are old")'),
        ("Saved at (UTC)", 'IF(saved_at="","never",saved_at)'),
    )  # fmt: skip
    for label, formula in rows:
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write_formula(page.row, 2, "=" + formula, page.style("label_bold"), "")
        page.row += 1
    first = page.row
    for label, name in (("Checks (must be 0)", "ChecksTotal"), ("Alerts (sheet Checks says which)", "AlertsTotal")):
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write_formula(page.row, 2, f"={name}", page.style("key", "count"), 0)
        page.row += 1
    for row, bad, colour in ((first, Colour.BAD_FILL, Colour.BAD), (first + 1, Colour.WARN_FILL, Colour.INK)):
        alarm = book.xlsx.add_format({"bg_color": bad, "font_color": colour})
        good = book.xlsx.add_format({"bg_color": Colour.DHXL_FILL, "font_color": Colour.GOOD})
        page.sheet.conditional_format(row, 2, row, 2, {"type": "cell", "criteria": ">", "value": 0, "format": alarm})
        page.sheet.conditional_format(row, 2, row, 2, {"type": "cell", "criteria": "==", "value": 0, "format": good})


def _results(book: Book) -> None:
    page = book.pages["Cover"]
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4"), height=18)
    row = page.row
    page.sheet.write(row, 1, "Plant", page.style("label"))
    for k in range(1, 5):
        style = page.style("calc", text_wrap=True, font_size=9, align="center")
        page.sheet.write_formula(row, 1 + k, f"=solution_name_{k}", style, "")
    page.sheet.set_row(row, 28)
    page.row += 1
    for label, name, number in (
        ("Heat pumps, share of heat", "heat_share_heat_pump", "percent"),
        ("CHP, share of heat", "heat_share_chp", "percent"),
        ("Boilers, share of heat", "heat_share_boiler", "percent"),
        ("Geothermal, share of heat", "heat_share_geothermal", "percent"),
        ("Emissions, t CO2e/a", "co2_t", "integer"),
        ("Unserved heat, MWh/a", "unserved_mwh", "integer"),
        ("Capex, EUR", "capex_eur", "money"),
        ("Operating margin, EUR/a", "operating_margin_eur", "money"),
        ("NPV, EUR", "npv_eur", "money"),
        ("IRR", "irr", "percent2"),
        ("Payback from the start of building, a", "payback_years", "years"),
        ("Levelised cost of heat, EUR/MWh", "lcoh_eur_per_mwh", "two"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        for k in range(1, 5):
            formula = f"={name}_{k}"
            page.sheet.write_formula(page.row, 1 + k, formula, page.style("calc", number, align="right"), 0)
        page.row += 1
    chosen = book.xlsx.add_format({"bg_color": Colour.BAND, "bold": True})
    page.sheet.conditional_format(
        row, 2, page.row - 1, 5, {"type": "formula", "criteria": "=COLUMN()-2=solution", "format": chosen}
    )
    page.sheet.write(page.row, 1, "Linear heat density, MWh/(m·a)", page.style("label"))
    page.sheet.write_formula(page.row, 2, "=linear_heat_density_mwh_per_m", page.style("calc", "two"), 0)
    page.sheet.write_formula(page.row, 3, "=linear_heat_density_rating", page.style("label"), "")
    page.row += 1


def _chart(book: Book) -> None:
    page, rows = book.pages["Cover"], book.rows["shares"]
    chart = book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    shown = {name: ("Dispatch", row, 2, row, 5) for name, row in rows.items() if name != "header"}
    add_unit_series(chart, shown, ("Dispatch", rows["header"], 2, rows["header"], 5))
    dress(chart, "Heat shares of the four solutions", "Share of heat produced", "0%", y={"max": 1, "min": 0})
    place(page, chart, (3, 7), (470, 370), "Heat shares of the four solutions")


def _index(book: Book) -> None:
    page = book.pages["Cover"]
    page.sheet.write(_INDEX_ROW, 7, "Sheets", page.style("heading"))
    for offset, (name, text) in enumerate(_SHEETS, start=1):
        page.sheet.write_url(_INDEX_ROW + offset, 7, f"internal:'{name}'!A1", page.style("link"), f"{name}: {text}")


def _legend(book: Book) -> None:
    page = book.pages["Cover"]
    page.heading("Legend", 5)
    for style, text in (
        ("input", "Input: change it"),
        ("calc", "Calculated by the workbook"),
        ("dhxl", "Calculated by dhxl functions (DH_...)"),
        ("printed", "Printed in the study, for comparison"),
    ):
        page.sheet.write(page.row, 1, text, page.style(style))
        page.row += 1
