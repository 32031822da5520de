"""Prices: scenarios, charges, the heat tariff, incentives, and the customer's alternative."""

from __future__ import annotations

from dhxl.workbook.page import Book, Validation, absolute

SCENARIOS = ("Low", "Medium", "High")


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Prices", "input", "Prices", "Price scenarios, charges, heat tariff, incentives, the customer's alternative"
    )
    page.heading("Scenarios")
    page.sheet.write(page.row, 1, "Scenario chosen on the cover", page.style("label"))
    page.sheet.write_formula(page.row, 2, "=price_scenario", page.style("calc"), "")
    page.row += 1
    _scenarios(book, "Natural gas", "gas_price_eur_per_sm3", "EUR/Sm³", "two", Validation(0.001, 10))
    _scenarios(
        book, "Electricity, mean of the year", "electricity_price_eur_per_mwh", "EUR/MWh", "one", Validation(-100, 2000)
    )

    page.skip()
    page.heading("Prices of the chosen scenario")
    page.calc(
        "Natural gas",
        "SUMIF(scenario_names,price_scenario,gas_prices_eur_per_sm3)",
        "EUR/Sm³",
        "two",
        "gas_price_eur_per_sm3",
    )
    page.input("Lower heating value of gas", "gas_lhv_kwh_per_sm3", "kWh/Sm³", Validation(1, 20), "two")
    page.calc("Natural gas per unit of energy", "gas_price_eur_per_sm3/gas_lhv_kwh_per_sm3*1000", "EUR/MWh", "two",
              "gas_eur_per_mwh", "Lower heating value")  # fmt: skip
    page.calc("Electricity, mean of the year", "SUMIF(scenario_names,price_scenario,electricity_prices_eur_per_mwh)", "EUR/MWh", "two",
              "electricity_price_eur_per_mwh")  # fmt: skip
    page.calc("Shift of the hourly price", "electricity_price_eur_per_mwh-AVERAGE(electricity_shape_eur_per_mwh)",
              "EUR/MWh", "two", "electricity_shift_eur_per_mwh",
              "Added to every hour of the year on sheet Series so that its mean is the scenario's")  # fmt: skip

    page.skip()
    page.heading("Charges, fees, carbon")
    page.input(
        "Taxes and system charges on purchased power", "charges_eur_per_mwh", "EUR/MWh", Validation(-100, 500), "two"
    )
    page.input("Share of the charges due on own power", "own_use_charge_share", "-", Validation(0, 1), "percent")
    page.input("Fee on power sold", "sale_fee_eur_per_mwh", "EUR/MWh", Validation(0, 500), "two")
    page.input("Carbon price", "co2_eur_per_t", "EUR/t", Validation(0, 1000), "two")

    page.skip()
    page.heading("Heat tariff")
    price = Validation(0, 1000)
    page.input("Unit price at the Medium gas price", "heat_tariff_eur_per_mwh", "EUR/MWh", price, "two")
    page.input("Share of the unit price that follows gas", "heat_tariff_gas_link", "-", Validation(0, 1), "percent")
    page.calc(
        "Unit price of the chosen scenario",
        "heat_tariff_eur_per_mwh*(1+heat_tariff_gas_link*(gas_price_eur_per_sm3/gas_price_eur_per_sm3_medium-1))",
        "EUR/MWh", "two", "heat_price_eur_per_mwh", "First year of operation; escalation on sheet Finance",
    )  # fmt: skip
    page.input("Capacity price, per kW connected and year", "capacity_charge_eur_per_kw", "EUR/kW", price, "two")
    page.input("Standing charge per customer", "standing_charge_eur", "EUR/a", Validation(0, 1e6), "two")
    page.calc("Capacity and standing charges of all customers",
              "connected_load_kw*capacity_charge_eur_per_kw+customers*standing_charge_eur", "EUR/a", "money", "fixed_tariff_eur",
              "Connected load and customers on sheet Design")  # fmt: skip
    page.input(
        "Connection fee, once per kW connected", "connection_fee_eur_per_kw", "EUR/kW", Validation(0, 5000), "two"
    )
    page.calc("Connection fees of all customers", "connected_load_kw*connection_fee_eur_per_kw", "EUR", "money",
              "connection_fees_eur", "Paid as the customers are connected (sheet Design)")  # fmt: skip

    page.skip()
    page.heading("Other fuel")
    page.input("Wood chips, lower heating value", "biomass_eur_per_mwh", "EUR/MWh", price, "two")

    page.skip()
    page.heading("Incentives, each with its own duration from the start of operation")
    if "incentives" in book.case.texts:
        page.note(book.case.texts["incentives"], lines=2)
    duration = Validation(0, 40, whole=True)
    for label, name, number in (
        ("Tax credit, per MWh heat sold", "tax_credit", "two"),
        ("Certificates of the CHP, per MWh power", "white_certificate_chp", "two"),
        ("Certificates of heat pumps, per MWh heat", "white_certificate_heat_pump", "four"),
    ):
        page.input(label, f"{name}_eur_per_mwh", "EUR/MWh", Validation(0, 500), number)
        page.input(f"{label.split(',', maxsplit=1)[0]}: duration", f"{name}_years", "a", duration, "count")

    page.skip()
    page.heading("The customer's alternative: an individual gas boiler")
    page.input(
        "Gas price of households at the Medium scenario",
        "household_gas_eur_per_sm3",
        "EUR/Sm³",
        Validation(0, 10),
        "two",
    )
    page.input("Heat demand of a dwelling", "dwelling_heat_mwh", "MWh/a", Validation(0.1, 1000), "one")
    page.input("Connected load of a dwelling", "dwelling_load_kw", "kW", Validation(0.1, 1000), "one")
    page.input("Boiler with installation", "boiler_investment_eur", "EUR", Validation(0, 1e6), "money")
    page.input("Life of the boiler", "boiler_life_years", "a", Validation(1, 50, whole=True), "count")
    page.input("Maintenance and chimney sweep", "boiler_maintenance_eur", "EUR/a", Validation(0, 1e5), "money")
    page.finish()


def _scenarios(book: Book, title: str, stem: str, unit: str, number: str, validation: Validation) -> None:
    page = book.pages["Prices"]
    page.sheet.write(page.row, 1, title, page.style("label_bold"))
    page.row += 1
    first = page.row
    for scenario in SCENARIOS:
        page.input(scenario, f"{stem}_{scenario.lower()}", unit, validation, number)
    book.name(stem.replace("price", "prices"), absolute(page.name, first, 2, first + 2, 2))
    if "scenario_names" not in book.names:
        book.name("scenario_names", absolute(page.name, first, 1, first + 2, 1))
