"""The customer's view on sheet Compare: district heat against an individual gas boiler, in the three scenarios."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, absolute
from dhxl.workbook.sheets.prices import SCENARIOS
from dhxl.workbook.style import Colour

_FIRST = 2


def write_view(book: Book) -> None:
    """Write the section at the page's row."""
    page = book.pages["Compare"]
    page.heading("The customer's view: a dwelling with district heat or with its own gas boiler", 8)
    page.columns(("EUR a year", *SCENARIOS), height=18)
    header = page.row - 1
    page.sheet.write(header, 8, "Note", page.style("column_left"))
    gas = "gas_price_eur_per_sm3_{s}/gas_price_eur_per_sm3_medium"
    _row(book, "District heat: unit price, EUR/MWh", f"heat_tariff_eur_per_mwh*(1+heat_tariff_gas_link*({gas}-1))", "two",
         "customer_unit_price_eur_per_mwh", "First year of operation")  # fmt: skip
    _row(
        book,
        "District heat: unit price times heat demand",
        "customer_unit_price_eur_per_mwh_{s}*dwelling_heat_mwh",
        "money",
    )
    _row(book, "District heat: capacity and standing charges",
         "dwelling_load_kw*capacity_charge_eur_per_kw+standing_charge_eur", "money")  # fmt: skip
    _row(book, "District heat: connection fee, as annuity",
         "dwelling_load_kw*connection_fee_eur_per_kw*PMT(discount_rate,boiler_life_years,-1)", "money",
         note="Over the life of a boiler, at the discount rate of the project")  # fmt: skip
    heat = page.row
    _row(
        book, "District heat, sum", f"SUM({{c}}{heat - 2}:{{c}}{heat})", "money", "customer_heat_eur", style="calc_bold"
    )
    first = page.row
    _row(book, "Gas boiler: gas",
         f"dwelling_heat_mwh/individual_boiler_efficiency*household_gas_eur_per_sm3*{gas}/gas_lhv_kwh_per_sm3*1000", "money",
         note="The price of households follows the scenario as the plant's does")  # fmt: skip
    _row(
        book,
        "Gas boiler: investment, as annuity",
        "boiler_investment_eur*PMT(discount_rate,boiler_life_years,-1)",
        "money",
    )
    _row(book, "Gas boiler: maintenance", "boiler_maintenance_eur", "money")
    _row(book, "Gas boiler, sum", f"SUM({{c}}{first + 1}:{{c}}{first + 3})", "money", "customer_boiler_eur",
         style="calc_bold")  # fmt: skip
    _row(book, "District heat against the boiler", "customer_heat_eur_{s}/customer_boiler_eur_{s}-1", "percent",
         "customer_difference", "Negative: district heat is cheaper")  # fmt: skip
    _row(book, "Unit price at which both cost the same, EUR/MWh",
         "customer_unit_price_eur_per_mwh_{s}+(customer_boiler_eur_{s}-customer_heat_eur_{s})/dwelling_heat_mwh", "two",
         "customer_equal_price_eur_per_mwh")  # fmt: skip
    book.rows["customer"]["header"] = header


def write_chart(book: Book, position: tuple[int, int]) -> None:
    """Write the chart of the section."""
    page, rows = book.pages["Compare"], book.rows["customer"]
    header = rows["header"]
    chart = book.xlsx.add_chart({"type": "column"})
    for label, colour in (("District heat, sum", "#0072B2"), ("Gas boiler, sum", "#8C8C8C")):
        chart.add_series(
            {"name": label.split(",", maxsplit=1)[0], "categories": [page.name, header, _FIRST, header, _FIRST + 2],
             "values": [page.name, rows[label], _FIRST, rows[label], _FIRST + 2], "fill": {"color": colour},
             "border": {"color": Colour.WHITE}, "gap": 80}
        )  # fmt: skip
    dress(chart, "Heat of a dwelling by price scenario", "EUR/a", "#,##0")
    place(page, chart, position, (500, 320), "Yearly cost of district heat and of a gas boiler by scenario")


def _row(
    book: Book, label: str, formula: str, number: str, name: str = "", note: str = "", style: str = "calc"
) -> None:
    page, row = book.pages["Compare"], book.pages["Compare"].row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    for offset, scenario in enumerate(SCENARIOS):
        text = formula.replace("{s}", scenario.lower()).replace("{c}", "CDE"[offset])
        page.sheet.write_formula(row, _FIRST + offset, "=" + text, page.style(style, number), 0)
        if name:
            book.name(f"{name}_{scenario.lower()}", absolute(page.name, row, _FIRST + offset))
    page.sheet.write(row, 8, note, page.style("note"))
    book.rows.setdefault("customer", {})[label] = row
    page.row += 1
