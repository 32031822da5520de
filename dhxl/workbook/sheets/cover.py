"""Cover: project, switches, key results, status, index and legend."""

from __future__ import annotations

from dhxl.workbook.charts import add_unit_series, dress, place
from dhxl.workbook.page import Book, Validation, absolute
from dhxl.workbook.sheets import buttons
from dhxl.workbook.sheets.prices import SCENARIOS
from dhxl.workbook.style import Colour

WIDTHS = (2, 38, 17, 17, 17, 17, 3, 74)
_LAST_COLUMN = 7
_INDEX_ROW = 22
STUDY_NOTE = "study_note"  # what is to be said of the case; a workbook of another town leaves it out
_LETTERS = 200  # of a note in a line across the page
SHEETS = {
    "Guide": "How to work with this workbook, in one page",
    "Design": "Resource, network, demand, time frame",
    "Network": "Pipe sections, losses, linear heat density",
    "Plant": "Units of the four solutions, heat store",
    "Prices": "Price scenarios, charges, tariff, incentives",
    "Costs": "Capital costs, rates, the table of line items",
    "Finance": "Rates, escalation, tax, loan",
    "Emissions": "CO2 per solution and against individual boilers",
    "Series": "Hourly temperature, demand, price",
    "Dispatch": "Hour by hour least-cost operation",
    "Operation": "A year of operation, line by line",
    "Flows": "Cash flow of each solution",
    "Cashflow": "The selected solution's cash flow",
    "Sensitivity": "What moves the results",
    "Compare": "The four solutions side by side",
    "Checks": "Checks and alerts",
    "Log": "Messages of the last run",
    "Saved": "Saved results and their inputs",
    "Functions": "What the DH_ functions take and give",
}
_RESULTS = (
    ("Heat pumps, share of heat", "heat_share_heat_pump", "percent"),
    ("CHP, share of heat", "heat_share_chp", "percent"),
    ("Boilers, share of heat", "heat_share_boiler", "percent"),
    ("Geothermal, share of heat", "heat_share_geothermal", "percent"),
    ("Renewable, share of heat", "heat_share_renewable", "percent"),
    ("Emissions, t CO2e/a", "co2_t", "integer"),
    ("Unserved heat, MWh/a", "unserved_mwh", "integer"),
    ("Capex, EUR", "capex_eur", "money"),
    ("Operating margin, EUR/a", "operating_margin_eur", "money"),
    ("NPV, EUR", "npv_eur", "money"),
    ("NPV after tax, EUR", "npv_after_tax_eur", "money"),
    ("IRR", "irr", "percent2"),
    ("IRR of the equity", "equity_irr", "percent2"),
    ("Payback from the start of building, a", "payback_years", "years"),
    ("Levelised cost of heat, EUR/MWh", "lcoh_eur_per_mwh", "two"),
)

# Results that are shown only where a solution of the case has such a unit.
_NEEDED = {"heat_share_heat_pump": "heat_pump", "heat_share_geothermal": "heat_pump", "heat_share_chp": "chp"}


def write(book: Book) -> None:
    """Write the sheet; the others must stand, since charts refer to their rows."""
    page = book.pages["Cover"]
    page.sheet.write_formula(0, 1, "=project_title", page.style("title"), "")
    page.sheet.write_formula(1, 1, "=case_title", page.style("subtitle"), "")
    _banner(book)
    page.heading("Choose", 5)
    _title(book, "Project", "project_title", book.case.title)
    _title(book, "Case", "case_title", book.case.case)
    _switch(book, "Solution shown", "solution", 1, Validation(choices=("1", "2", "3", "4")), "=solution_name")
    _switch(book, "Price scenario", "price_scenario", "Medium", Validation(choices=SCENARIOS), "")
    page.skip()
    page.heading("Status", 5)
    _status(book)
    page.skip()
    buttons.write_cover(book)
    page.skip()
    page.heading("Key results", 5)
    _results(book)
    page.skip()
    _legend(book)
    _chart(book)
    page.row = max(page.row, _index(book)) + 1
    if note := book.case.text("cover"):
        book.name(STUDY_NOTE, absolute(page.name, page.row, 1))
        page.note(note, _LAST_COLUMN, lines=-(-len(note) // _LETTERS))
    page.finish(_LAST_COLUMN, one_page=True)
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _banner(book: Book) -> None:
    """Write in one line, green, amber or red, whether the results fit the inputs and from when they are."""
    page, row = book.pages["Cover"], book.pages["Cover"].row
    colours = {"bg_color": Colour.DHXL_FILL, "font_color": Colour.GOOD}
    page.sheet.merge_range(row, 1, row, 5, "", page.style("banner", **colours))
    page.sheet.write_formula(row, 1, "=results_banner", page.style("banner", **colours), "")
    page.sheet.set_row(row, 30)
    for name, fill, ink in (
        ("results_old", Colour.BAD_FILL, Colour.BAD),
        ("is_frozen", Colour.WARN_FILL, Colour.WARN),
    ):
        shown = book.xlsx.add_format({"bg_color": fill, "font_color": ink})
        rule = {"type": "formula", "criteria": f"={name}=1", "format": shown, "stop_if_true": True}
        page.sheet.conditional_format(row, 1, row, 5, rule)
    page.row += 2


def _title(book: Book, label: str, name: str, value: str) -> None:
    page, row = book.pages["Cover"], book.pages["Cover"].row
    page.sheet.write(row, 1, label, page.style("label_bold"))
    page.sheet.write_string(row, 2, value, page.style("input"))
    message = "A text of up to 100 letters, shown as title"
    page.sheet.data_validation(
        row, 2, row, 2,
        {"validate": "length", "criteria": "between", "minimum": 1, "maximum": 100, "ignore_blank": False,
         "error_title": label, "error_message": message},
    )  # fmt: skip
    book.name(name, absolute(page.name, row, 2))
    page.row += 1


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
    page.sheet.write(page.row, 1, "Functions", page.style("label"))
    formula = '=IF(engine_live,"at hand when last calculated","not at hand: saved results are shown")'
    page.sheet.write_formula(page.row, 2, formula, page.style("label_bold"), "")
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
    kinds = {unit["type"] for solution in book.case.solutions for unit in solution.units}
    for label, name, number in _RESULTS:
        if f"{name}_1" not in book.names or _NEEDED.get(name, "boiler") not in {*kinds, "boiler"}:
            continue
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
    place(page, chart, (3, 7), (490, 370), "Heat shares of the four solutions")


def _index(book: Book) -> int:
    """Write the list of sheets under the chart; return the row behind it."""
    page = book.pages["Cover"]
    page.sheet.write(_INDEX_ROW, _LAST_COLUMN, "Sheets", page.style("heading"))
    row = _INDEX_ROW + 1
    for name, text in SHEETS.items():
        if name in book.pages:
            page.sheet.write_url(
                row, _LAST_COLUMN, f"internal:'{name}'!A1", page.style("link"), f"{name}: {text}", "Go there"
            )
            row += 1
    return row


def _legend(book: Book) -> None:
    page = book.pages["Cover"]
    page.heading("Legend", 5)
    for style, text in (
        ("input", "Input: change it"),
        ("calc", "Calculated by the workbook"),
        ("dhxl", "Calculated by dhxl functions (DH_...)"),
        ("printed", "Printed in the study, for comparison"),
    ):
        if style != "printed" or book.case.printed:
            page.sheet.write(page.row, 1, text, page.style(style))
            page.row += 1
