"""Prices: scenarios (the study's Table 6), charges, the heat tariff and incentives."""

from __future__ import annotations

from dhxl.workbook.page import Book, Validation, absolute

SCENARIOS = ("Low", "Medium", "High")


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Prices", "input", "Prices", "Price scenarios of the study's Table 6, charges, heat tariff, incentives"
    )
    page.heading("Scenarios")
    page.sheet.write(page.row, 1, "Scenario chosen on the cover", page.style("label"))
    page.sheet.write_formula(page.row, 2, "=price_scenario", page.style("calc"), "")
    page.row += 1
    _scenarios(book, "Natural gas", "gas_price_eur_per_sm3", "EUR/Sm³", "two", Validation(0, 10))
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
    page.input("Heat tariff at the Medium gas price", "heat_tariff_eur_per_mwh", "EUR/MWh", Validation(0, 1000), "two")
    page.input(
        "Share of the tariff that follows the gas price", "heat_tariff_gas_link", "-", Validation(0, 1), "percent"
    )
    page.calc(
        "Heat tariff of the chosen scenario",
        "heat_tariff_eur_per_mwh*(1+heat_tariff_gas_link*(gas_price_eur_per_sm3/gas_price_eur_per_sm3_medium-1))",
        "EUR/MWh", "two", "heat_price_eur_per_mwh", "Proportional to gas in the study",
    )  # fmt: skip

    page.skip()
    page.heading("Incentives")
    page.note(
        "The study lumps tax credit and white certificates into 1,268,722 EUR/a. The split is ours; at the printed quantities it adds up to that total (sheet Operation). Certificates feed the dispatch and the cash flow alike; the dispatch counts on them in every year, the cash flow for their duration.",
        lines=2,
    )
    page.input(
        "Tax credit on geothermal heat, per MWh sold", "tax_credit_eur_per_mwh", "EUR/MWh", Validation(0, 500), "two"
    )
    page.input(
        "White certificates of the CHP, per MWh power",
        "white_certificate_chp_eur_per_mwh",
        "EUR/MWh",
        Validation(0, 500),
        "two",
    )
    page.input(
        "White certificates of heat pumps, per MWh heat",
        "white_certificate_heat_pump_eur_per_mwh",
        "EUR/MWh",
        Validation(0, 500),
        "four",
    )
    page.input("Duration", "incentive_years", "a", Validation(0, 40, whole=True), "count")

    page.skip()
    page.heading("Discounting")
    page.input("Discount rate, nominal, before tax", "discount_rate", "-", Validation(-0.5, 1), "percent2")
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
