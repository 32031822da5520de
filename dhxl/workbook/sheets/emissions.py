"""Emissions: factors, and each solution's emissions, primary energy and renewable share, beside individual boilers."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, Validation, absolute, cell
from dhxl.workbook.style import Colour

_WIDTHS = (2, 48, 15, 15, 15, 15, 62)
_NOTES = 6
_PER_MWH = Validation(0, 2000)
_FACTORS = (
    ("Natural gas", "gas_kg_per_mwh", "kg CO2e/MWh", _PER_MWH, "integer"),
    ("Wood chips", "biomass_kg_per_mwh", "kg CO2e/MWh", _PER_MWH, "integer"),
    ("Electricity of the grid", "electricity_kg_per_mwh", "kg CO2e/MWh", _PER_MWH, "integer"),
    ("Efficiency of individual gas boilers", "individual_boiler_efficiency", "-", Validation(0.3, 1.1), "percent"),
)
_PRIMARY = (
    ("Natural gas", "gas_primary_factor"),
    ("Wood chips", "biomass_primary_factor"),
    ("Electricity of the grid", "electricity_primary_factor"),
    ("Electricity that power sold displaces", "displaced_power_primary_factor"),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Emissions", "result", "Emissions",
        "CO2-equivalent emissions, primary energy and renewable share of each solution, beside individual gas boilers",
        _WIDTHS,
    )  # fmt: skip
    page.heading("Emission factors", _NOTES)
    for label, name, unit, validation, number in _FACTORS:
        _factor(book, label, name, unit, validation, number)
    page.skip()
    page.heading("Primary energy factors, non-renewable part", _NOTES)
    first = page.row
    for label, name in _PRIMARY:
        _factor(book, label, name, "-", Validation(0, 10), "two")
    book.name("primary_factors", absolute(page.name, first, 2, first + 2, 2))

    page.skip()
    chart = _year(book)
    page.skip()
    _primary_energy(book)
    page.skip()
    _renewable(book)
    page.skip()
    if book.case.text("emissions"):
        page.note(book.case.text("emissions"), _NOTES, lines=2)
        page.skip()
    _chart(book, chart)
    page.row += 20
    page.finish(_NOTES)


def _factor(book: Book, label: str, name: str, unit: str, validation: Validation, number: str) -> None:
    page, row = book.pages["Emissions"], book.pages["Emissions"].row
    page.sheet.write(row, 1, label, page.style("label"))
    page.sheet.write(row, 2, book.case.value(name), page.style("input", number))
    page.sheet.data_validation(row, 2, row, 2, validation.options(label, unit))
    page.sheet.write(row, 3, "" if unit == "-" else unit, page.style("unit"))
    page.sheet.write(row, 4, book.case.source(name), page.style("unit"))
    book.name(name, absolute(page.name, row, 2))
    page.row += 1


def _titles(book: Book) -> None:
    row = book.pages["Emissions"].columns(("", *(f"Solution {k}" for k in range(1, 5)), "Note"), height=18)
    book.rows["emissions"] = {"titles": row}


def _year(book: Book) -> int:
    page = book.pages["Emissions"]
    page.heading("Emissions of a year", _NOTES)
    _titles(book)
    _row(book, "Natural gas, MWh", 'SUMPRODUCT((unit_fuels_{k}="gas")*table_fuel_mwh_{k})', "integer",
         "natural_gas_mwh_{k}", "Lower heating value; units with the fuel gas on sheet Plant")  # fmt: skip
    _row(book, "Wood chips, MWh", 'SUMPRODUCT((unit_fuels_{k}="biomass")*table_fuel_mwh_{k})', "integer",
         "biomass_mwh_{k}", "Lower heating value; units with the fuel biomass")  # fmt: skip
    _row(book, "All fuel, MWh", "SUM(table_fuel_mwh_{k})", "integer", "fuel_mwh_{k}")
    _row(book, "Power of the network pumps, MWh", "heat_sold_mwh_{k}*pumping_share", "integer", "pumping_mwh_{k}",
         "Share on sheet Finance")  # fmt: skip
    _row(book, "Net electricity import, MWh", "MAX(power_bought_mwh_{k}+pumping_mwh_{k}-power_sold_mwh_{k},0)", "integer",
         "net_import_mwh_{k}", "Over the year; no credit for a surplus that is sold")  # fmt: skip
    _row(book, "Emission factor of all fuel, kg/MWh", "fuel_co2_t_{k}*1000/MAX(fuel_mwh_{k},1/1000)", "integer",
         "fuel_kg_per_mwh_{k}", "Mean of the factors in the unit table of sheet Plant")  # fmt: skip
    first = page.row
    _row(book, "Emissions, t CO2e", "DH_CO2(fuel_mwh_{k},net_import_mwh_{k},fuel_kg_per_mwh_{k},electricity_kg_per_mwh)",
         "integer", "co2_t_{k}", live="emissions_plant")  # fmt: skip
    _row(book, "of which fuel, t CO2e", "fuel_co2_t_{k}", "integer", "co2_fuel_t_{k}")
    _row(book, "of which electricity, t CO2e", "co2_t_{k}-co2_fuel_t_{k}", "integer", "co2_electricity_t_{k}")
    _row(book, "Individual gas boilers, t CO2e",
         "DH_CO2_INDIVIDUAL(heat_sold_mwh_{k},individual_boiler_efficiency,gas_kg_per_mwh)", "integer",
         "co2_individual_t_{k}", "The same heat from one boiler in each building", live="emissions_individual")  # fmt: skip
    _row(book, "Change against individual boilers", "co2_t_{k}/MAX(co2_individual_t_{k},1)-1", "percent",
         "co2_change_{k}")  # fmt: skip
    _row(book, "Change against solution 1", "co2_t_{k}/MAX(co2_t_1,1)-1", "percent")
    if "co2_reduction" in book.case.printed:
        _printed(book, "Printed in the study: reduction", "co2_reduction", "percent", book.case.text("co2_reduction"))
    _row(book, "Emissions per heat sold, kg/MWh", "co2_t_{k}*1000/MAX(heat_sold_mwh_{k},1/1000)", "integer",
         "co2_kg_per_mwh_{k}")  # fmt: skip
    return first


def _primary_energy(book: Book) -> None:
    page = book.pages["Emissions"]
    page.heading("Primary energy, non-renewable", _NOTES)
    _titles(book)
    first = page.row
    _row(book, "Natural gas and other fuel, MWh", "fuel_mwh_{k}-biomass_mwh_{k}", "integer")
    _row(book, "Wood chips, MWh", "biomass_mwh_{k}", "integer")
    _row(book, "Electricity of the grid, MWh", "power_bought_mwh_{k}+pumping_mwh_{k}", "integer",
         note="Power of the own CHP that the network uses itself counts with its gas")  # fmt: skip
    _row(book, "Primary energy per heat sold, calculated",
         "DH_PRIMARY_ENERGY_FACTOR(heat_sold_mwh_{k},{energy},primary_factors,power_sold_mwh_{k},displaced_power_primary_factor)",
         "two", "primary_factor_{k}", "Power sold is credited; below 0 where the credit is larger", "emissions_primary", first)  # fmt: skip
    _row(book, "Individual gas boilers", "gas_primary_factor/individual_boiler_efficiency", "two")


def _renewable(book: Book) -> None:
    page = book.pages["Emissions"]
    page.heading("Renewable heat", _NOTES)
    _titles(book)
    _row(book, "Heat of biomass, MWh", 'SUMPRODUCT((unit_fuels_{k}="biomass")*table_heat_mwh_{k})', "integer",
         "biomass_heat_mwh_{k}", "Heat of the units with the fuel biomass")  # fmt: skip
    _row(book, "Heat of the heat pumps per power, over the year",
         "IF(heat_pump_power_mwh_{k}>0,heat_pump_heat_mwh_{k}/heat_pump_power_mwh_{k},0)", "two",
         "seasonal_cop_{k}", "0 without heat pumps")  # fmt: skip
    _row(book, "Renewable share of the heat pumps' heat", "DH_HEAT_PUMP_RENEWABLE_SHARE(MAX(seasonal_cop_{k},1))", "percent",
         "heat_pump_renewable_share_{k}", "EU directive 2018/2001: 1 - 1/COP, none below a COP of 2.53",
         "emissions_heat_pumps")  # fmt: skip
    _row(book, "Biomass, share of the heat produced", "biomass_heat_mwh_{k}/MAX(heat_produced_mwh_{k},1/1000)", "percent",
         "heat_share_biomass_{k}")  # fmt: skip
    _row(book, "Geothermal and ambient heat, share of the heat produced", "heat_share_geothermal_{k}", "percent",
         note="Heat of the heat pumps less their power, whatever their COP")  # fmt: skip
    _row(book, "Renewable share of the heat produced",
         "(biomass_heat_mwh_{k}+other_heat_mwh_{k}+heat_pump_heat_mwh_{k}*heat_pump_renewable_share_{k})/MAX(heat_produced_mwh_{k},1/1000)",
         "percent", "heat_share_renewable_{k}", "Biomass, sources (solar, waste heat), and heat pumps as above")  # fmt: skip


def _row(book: Book, label: str, formula: str, number: str, name: str = "", note: str = "", live: str = "", first: int = 0) -> None:  # fmt: skip
    page, row = book.pages["Emissions"], book.pages["Emissions"].row
    page.sheet.write(row, 1, label, page.style("label"))
    saved = book.saved_row(live, f"Emissions: {label}", 4) if live else []
    for k in range(1, 5):
        energy = f"{cell(first, 1 + k, absolute_row=True)}:{cell(first + 2, 1 + k, absolute_row=True)}"
        text = formula.replace("{k}", str(k)).replace("{energy}", energy)
        if live:
            text = f"IF(engine_live,{text},{saved[k - 1]})"
        style = "dhxl" if live else "calc"
        page.sheet.write_formula(row, 1 + k, "=" + text, page.style(style, number), 0)
        if name:
            book.name(name.replace("{k}", str(k)), absolute(page.name, row, 1 + k))
    if live:
        page.live_name(live, row, 2, 1, 4)
    page.sheet.write(row, _NOTES, note, page.style("note"))
    page.row += 1


def _printed(book: Book, label: str, key: str, number: str, note: str) -> None:
    page, row = book.pages["Emissions"], book.pages["Emissions"].row
    page.sheet.write(row, 1, label, page.style("label"))
    for k, value in enumerate(book.case.printed[key], start=1):
        page.sheet.write(row, 1 + k, value, page.style("printed", number, align="right"))
    page.sheet.write(row, _NOTES, note, page.style("note"))
    page.row += 1


def _chart(book: Book, first: int) -> None:
    page = book.pages["Emissions"]
    chart = book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    titles = book.rows["emissions"]["titles"]
    categories = [page.name, titles, 2, titles, 5]
    for offset, title, colour in ((1, "Fuel", "#8C8C8C"), (2, "Electricity", "#E69F00")):
        chart.add_series(
            {
                "name": title,
                "categories": categories,
                "values": [page.name, first + offset, 2, first + offset, 5],
                "fill": {"color": colour},
                "gap": 80,
            }
        )
    line = book.xlsx.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "Individual gas boilers",
            "categories": categories,
            "values": [page.name, first + 3, 2, first + 3, 5],
            "line": {"color": Colour.BAD, "width": 2, "dash_type": "dash"},
        }
    )
    chart.combine(line)
    dress(chart, "CO2-equivalent emissions of a year", "t CO2e/a", "#,##0")
    place(page, chart, (page.row, 1), (760, 370), "CO2 emissions per solution, fuel and electricity")
