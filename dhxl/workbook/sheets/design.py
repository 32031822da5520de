"""Design: the source of heat, the network, the climate, the demand and the time frame."""

from __future__ import annotations

from dhxl.workbook.page import Book, Page, Validation, absolute

RAMP_YEARS = 10


def write(book: Book) -> None:
    """Write the sheet."""
    case = book.case
    subtitle = case.text("design", "Network, demand, connection of customers and time frame")
    page = book.page("Design", "input", "Design", subtitle)
    geothermal = "resource_temperature_degc" in case.inputs
    if geothermal:
        _resource(page)

    page.heading("District heating network")
    page.input("Supply temperature", "supply_degc", "°C", Validation(10, 150), "one")
    page.input("Return temperature", "return_degc", "°C", Validation(-10, 150), "one")
    page.input("Trench length", "trench_length_m", "m", Validation(1, 1e6), "integer")
    page.input("Ground temperature at pipe depth", "ground_degc", "°C", Validation(-5, 30), "one")

    page.skip()
    page.heading("Heat demand")
    page.input("Heat demand of the customers", "heat_demand_mwh", "MWh/a", Validation(1, 1e7), "integer")
    page.input("Network loss, share of heat produced", "network_loss_share", "-", Validation(0, 0.6), "percent2")
    page.calc(
        "Heat to be produced", "heat_demand_mwh/(1-network_loss_share)", "MWh/a", "integer", "heat_production_mwh",
        case.text("heat_production"),
    )  # fmt: skip
    page.calc(
        "Network loss", "heat_production_mwh-heat_demand_mwh", "MWh/a", "integer", "network_loss_mwh",
        case.text("network_loss", "Sheet Network computes it from the pipes"),
    )  # fmt: skip
    page.input("Peak load into the network", "peak_load_mw", "MW", Validation(0.001, 5000), "two")
    page.input("Base load (hot water and losses), all year", "base_load_mw", "MW", Validation(0, 5000), "two")
    page.input("of which constant losses", "constant_loss_mw", "MW", Validation(0, 5000), "three")
    page.input("Heating limit, daily mean", "heating_limit_degc", "°C", Validation(0, 30), "one")
    page.input("Balance temperature of space heating", "room_degc", "°C", Validation(5, 30), "one")
    page.input("Time constant of the buildings", "smoothing_h", "h", Validation(0, 500), "one")
    page.input("Customers at full connection", "customers", "-", Validation(1, 1e6, whole=True), "integer")
    page.input("Connected load of the customers", "connected_load_kw", "kW", Validation(1, 1e7), "integer")

    page.skip()
    page.heading("Heat store (solutions that have one)")
    page.input("Volume", "storage_m3", "m³", Validation(0, 1e6), "integer")
    page.input("Charge and discharge power", "storage_power_mw", "MW", Validation(0, 5000), "one")

    page.skip()
    page.heading("Time frame")
    page.input("Design and building", "design_years", "a", Validation(0, 5, whole=True), "count")
    page.input("Operation", "operating_years", "a", Validation(1, 40, whole=True), "count")
    page.calc("First year of operation", "design_years+1", "a", "count", "first_operating_year", "Year 0 is the start")
    page.calc("Last year of operation", "design_years+operating_years", "a", "count", "last_operating_year")

    page.skip()
    _connection(book)

    page.skip()
    page.heading("Key figures")
    page.live("Linear heat density", "DH_LHD(heat_demand_mwh,trench_length_m)", "MWh/(m·a)", "two",
              "linear_heat_density_mwh_per_m", "Heat sold per metre of trench and year")  # fmt: skip
    page.live("Rating of the linear heat density", "DH_LHD_RATING(linear_heat_density_mwh_per_m)", "-", "general",
              "linear_heat_density_rating", case.text("linear_heat_density"))  # fmt: skip
    page.live("Connection density", "DH_CONNECTION_DENSITY(connected_load_kw,trench_length_m)", "kW/m", "two",
              "connection_density_kw_per_m", "Connected load per metre of trench")  # fmt: skip
    page.live("Full-load hours of the network", "DH_FULL_LOAD_HOURS(heat_production_mwh,peak_load_mw)", "h/a", "integer",
              "network_full_load_h", "Heat produced over peak load")  # fmt: skip
    if geothermal:
        page.live("Heat of the geothermal source", "DH_GEOTHERMAL_HEAT(geothermal_flow_m3_per_h,resource_temperature_degc,geothermal_return_degc)",
                  "MW", "two", "geothermal_heat_mw", "Limit of what the heat pumps can draw from the brine")  # fmt: skip
        page.live("COP of the heat pumps, Lorenz", "DH_COP_LORENZ(return_degc,supply_degc,resource_temperature_degc,geothermal_return_degc,lorenz_efficiency)",
                  "-", "two", "cop_lorenz", case.text("cop_lorenz", "Plausibility of the COP on sheet Plant"))  # fmt: skip
        page.input("Share of the Lorenz COP that is reached", "lorenz_efficiency", "-", Validation(0.05, 1), "two")
    page.group_saved()
    page.finish()


def _resource(page: Page) -> None:
    page.heading("Geothermal resource")
    page.input("Depth", "resource_depth_m", "m", Validation(0, 6000), "integer")
    page.input("Temperature of the resource", "resource_temperature_degc", "°C", Validation(0, 200), "one")
    page.input("Flow", "geothermal_flow_m3_per_h", "m³/h", Validation(0, 2000), "one")
    page.input("Temperature after the heat pumps", "geothermal_return_degc", "°C", Validation(0, 150), "one")
    page.skip()


def _connection(book: Book) -> None:
    page, shares = book.pages["Design"], book.case.connected
    page.heading("Connection of customers")
    page.note(
        "Share of the final heat demand that is connected in each year of operation; it scales heat sold and dispatch quantities. Years after the last row: as the last row.",
        lines=2,
    )
    first = page.row
    for year in range(1, RAMP_YEARS + 1):
        row = page.row
        page.sheet.write(row, 1, year, page.style("label", "operating_year", align="left"))
        page.sheet.write(row, 2, shares[min(year, len(shares)) - 1], page.style("input", "percent"))
        page.sheet.data_validation(row, 2, row, 2, Validation(0, 1).options("Share connected", "-"))
        if year == 1:
            page.sheet.write(row, 4, book.case.text("connection"), page.style("note"))
        page.row += 1
    book.name("connected_years", absolute(page.name, first, 1, page.row - 1, 1))
    book.name("connected_share", absolute(page.name, first, 2, page.row - 1, 2))
