"""Emissions: factors of the study's Table 2, and each solution against individual boilers (Fig. 6)."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, Validation, absolute
from dhxl.workbook.style import Colour

_WIDTHS = (2, 44, 15, 15, 15, 15, 60)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Emissions", "result", "Emissions", "CO2-equivalent emissions per solution and against individual gas boilers",
        _WIDTHS,
    )  # fmt: skip
    case = book.case
    page.heading("Factors", 6)
    for label, name, unit, validation, number in (
        ("Natural gas, extraction to combustion", "gas_kg_per_mwh", "kg CO2e/MWh", Validation(0, 2000), "integer"),
        ("Electricity of the grid", "electricity_kg_per_mwh", "kg CO2e/MWh", Validation(0, 2000), "integer"),
        ("Efficiency of individual boilers", "individual_boiler_efficiency", "-", Validation(0.3, 1.1), "percent"),
    ):
        row = page.row
        page.sheet.write(row, 1, label, page.style("label"))
        page.sheet.write(row, 2, case.value(name), page.style("input", number))
        page.sheet.data_validation(row, 2, row, 2, validation.options(label, unit))
        page.sheet.write(row, 3, "" if unit == "-" else unit, page.style("unit"))
        page.sheet.write(row, 4, case.source(name), page.style("unit"))
        book.name(name, absolute(page.name, row, 2))
        page.row += 1

    page.skip()
    page.heading("Emissions of a year", 6)
    page.columns(("", "Solution 1", "Solution 2", "Solution 3", "Solution 4", "Note"), height=18)
    _row(book, "Fuel (natural gas in the study), MWh", "gas_mwh_{k}", "integer", note="Lower heating value")
    _row(book, "Emission factor of the fuel, kg/MWh", "IF(gas_mwh_{k}>0,fuel_co2_t_{k}/gas_mwh_{k}*1000,0)", "integer",
         "fuel_kg_per_mwh_{k}", "Mean of the factors in the unit table of sheet Plant")  # fmt: skip
    _row(book, "Net electricity import, MWh", "MAX(power_bought_mwh_{k}-power_sold_mwh_{k},0)", "integer",
         "net_import_mwh_{k}", "Over the year; no credit for a surplus that is sold")  # fmt: skip
    first = page.row
    _row(book, "Emissions, t CO2e", "DH_CO2(gas_mwh_{k},net_import_mwh_{k},fuel_kg_per_mwh_{k},electricity_kg_per_mwh)",
         "integer", "co2_t_{k}", live="emissions_plant")  # fmt: skip
    _row(book, "of which fuel, t CO2e", "fuel_co2_t_{k}", "integer", "co2_gas_t_{k}")
    _row(book, "of which electricity, t CO2e", "co2_t_{k}-co2_gas_t_{k}", "integer", "co2_electricity_t_{k}")
    _row(book, "Individual gas boilers, t CO2e",
         "DH_CO2_INDIVIDUAL(heat_sold_mwh_{k},individual_boiler_efficiency,gas_kg_per_mwh)", "integer",
         "co2_individual_t_{k}", "The same heat from one boiler in each building", live="emissions_individual")  # fmt: skip
    _row(
        book,
        "Change against individual boilers",
        "co2_t_{k}/MAX(co2_individual_t_{k},1)-1",
        "percent",
        "co2_change_{k}",
    )
    _row(book, "Change against solution 1", "co2_t_{k}/MAX(co2_t_1,1)-1", "percent")
    _printed(book, "Printed in the study: reduction", "co2_reduction", "percent",
             "Section 3.2 does not say against what; it prints 37 % and 51 % for solutions 2 and 3")  # fmt: skip
    _row(book, "Emissions per heat sold, kg/MWh", "co2_t_{k}*1000/heat_sold_mwh_{k}", "integer", "co2_kg_per_mwh_{k}")
    _row(book, "Geothermal share of the heat produced", "heat_share_geothermal_{k}", "percent",
         note="Counted as renewable; heat pump heat x (1 - 1/COP)")  # fmt: skip
    page.skip()
    page.note("Factors of 2020. Solution 1 sells more power than it buys over the year and its heat pumps run at COP 2.18 instead of 4.0; "
              "with these factors it emits about as much as individual boilers. Net import is of the year; the dispatch tables count every purchase without credit for sales.", 6, lines=2)  # fmt: skip
    page.skip()
    _chart(book, first)
    page.row += 20
    page.finish(6, one_page=True)


def _row(book: Book, label: str, formula: str, number: str, name: str = "", note: str = "", live: str = "") -> None:
    page, row = book.pages["Emissions"], book.pages["Emissions"].row
    page.sheet.write(row, 1, label, page.style("label"))
    saved = book.saved_row(live, f"Emissions: {label}", 4) if live else []
    for k in range(1, 5):
        text = formula.replace("{k}", str(k))
        if live:
            text = f"IF(engine_live,{text},{saved[k - 1]})"
        style = "dhxl" if live else "calc"
        page.sheet.write_formula(row, 1 + k, "=" + text, page.style(style, number), 0)
        if name:
            book.name(name.replace("{k}", str(k)), absolute(page.name, row, 1 + k))
    if live:
        page.live_name(live, row, 2, 1, 4)
    page.sheet.write(row, 6, note, page.style("note"))
    page.row += 1


def _printed(book: Book, label: str, key: str, number: str, note: str) -> None:
    page, row = book.pages["Emissions"], book.pages["Emissions"].row
    page.sheet.write(row, 1, label, page.style("label"))
    for k, value in enumerate(book.case.printed[key], start=1):
        page.sheet.write(row, 1 + k, value, page.style("printed", number, align="right"))
    page.sheet.write(row, 6, note, page.style("note"))
    page.row += 1


def _chart(book: Book, first: int) -> None:
    page = book.pages["Emissions"]
    chart = book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    header = first - 4
    for offset, title, colour in ((1, "Fuel (natural gas)", "#8C8C8C"), (2, "Electricity", "#E69F00")):
        chart.add_series(
            {
                "name": title,
                "categories": [page.name, header, 2, header, 5],
                "values": [page.name, first + offset, 2, first + offset, 5],
                "fill": {"color": colour},
                "gap": 80,
            }
        )
    line = book.xlsx.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "Individual boilers",
            "categories": [page.name, header, 2, header, 5],
            "values": [page.name, first + 3, 2, first + 3, 5],
            "line": {"color": Colour.BAD, "width": 2, "dash_type": "dash"},
        }
    )
    chart.combine(line)
    dress(chart, "CO2-equivalent emissions of a year", "t CO2e/a", "#,##0")
    place(page, chart, (page.row, 1), (760, 370), "CO2 emissions per solution, gas and electricity")
