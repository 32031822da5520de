"""Saved: the last saved values of every DH_ block, the inputs they came from, and whether those have changed since."""

from __future__ import annotations

from dhxl.workbook.page import SAVED_FIRST_COLUMN, SAVED_FIRST_ROW, Book, absolute, cell

# Inputs that drive DH_ calls, by defined name.
DRIVERS = (
    "heat_demand_mwh", "network_loss_share", "peak_load_mw", "base_load_mw", "constant_loss_mw", "heating_limit_degc",
    "room_degc", "smoothing_h", "trench_length_m", "supply_degc", "return_degc", "ground_degc",
    "geothermal_flow_m3_per_h", "resource_temperature_degc", "geothermal_return_degc", "lorenz_efficiency",
    "storage_m3", "storage_power_mw", "gas_price_eur_per_sm3", "gas_lhv_kwh_per_sm3", "electricity_price_eur_per_mwh",
    "charges_eur_per_mwh", "own_use_charge_share", "sale_fee_eur_per_mwh", "co2_eur_per_t",
    "white_certificate_chp_eur_per_mwh", "white_certificate_heat_pump_eur_per_mwh", "chp_maintenance_eur_per_mwh",
    "heat_pump_maintenance_eur_per_mwh", "gas_kg_per_mwh", "electricity_kg_per_mwh", "individual_boiler_efficiency",
    "capex_distribution_eur", "network_life_years",
)  # fmt: skip
_BLOCKS = (
    "network_sections",
    "units_1",
    "units_2",
    "units_3",
    "units_4",
    "settings_1",
    "settings_2",
    "settings_3",
    "settings_4",
)
_SERIES = ("outdoor_degc", "electricity_shape_eur_per_mwh")


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 44, 16, 16, 9, 2, 2, 13, 13, 2, *(12,) * 14)
    page = book.page(
        "Saved",
        "control",
        "Saved values",
        "Results of the last calculation, shown where the functions are not at hand, and the inputs they came from",
        widths,
    )
    page.row = SAVED_FIRST_ROW - 2
    page.columns(("Input that drives the functions", "Live", "Saved", "Differs"), height=18)
    first = page.row
    for name in DRIVERS:
        page.sheet.write(page.row, 1, name, page.style("label"))
        page.sheet.write_formula(page.row, 2, f"={name}", page.style("calc"), 0)
        page.sheet.write_blank(page.row, 3, None, page.style("saved"))
        formula = f"=1*({cell(page.row, 2)}<>{cell(page.row, 3)})"
        page.sheet.write_formula(page.row, 4, formula, page.style("calc", "flag"), 0)
        page.row += 1
    page.live_name("drivers", first, 2, len(DRIVERS), 1)
    book.name("saved_drivers", absolute(page.name, first, 3, page.row - 1, 3))
    for name in (*_BLOCKS, *_SERIES):
        key = f"input_{name}"
        if name in _SERIES:
            _series(book, name, key)
        elif f"live_{key}" not in book.names:  # the pipe sections keep theirs in their own rows
            rows, cols = _shape(book.names[name])
            book.saved_area(key, f"Inputs: {name}", rows, cols)
            book.name(f"live_{key}", book.names[name])
        page.sheet.write(page.row, 1, name, page.style("label"))
        page.sheet.write_formula(
            page.row, 4, f"=SUMPRODUCT(1*(live_{key}<>saved_{key}))", page.style("calc", "flag"), 0
        )
        page.row += 1
    last = page.row - 1
    page.row += 1
    price = first + DRIVERS.index("electricity_price_eur_per_mwh")
    page.calc("Price of power since then, moves its mean prices", f"(1-engine_live)*({cell(price, 2)}-{cell(price, 3)})",
              "EUR/MWh", "two", "price_since_saved_eur_per_mwh")  # fmt: skip
    units = ",".join(f"units_{k}" for k in range(1, 5))
    book.name("driver_values", absolute(page.name, first, 2, first + len(DRIVERS) - 1, 2))
    page.calc(
        "Sum of all inputs that drive the functions",
        f"SUM(driver_values,network_sections,{units})+SUM(outdoor_degc,electricity_shape_eur_per_mwh)",
        "",
        "general",
        "drivers_sum",
    )
    page.calc("Functions at hand", 'IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)', "", "general", "engine_live")
    page.calc("Inputs changed since", f"1*(SUM({cell(first, 4)}:{cell(last, 4)})>0)", "", "count", "stale")
    row = page.row
    page.sheet.write(row, 1, "Saved at (UTC)", page.style("label"))
    page.sheet.write_blank(row, 2, None, page.style("saved"))
    book.name("saved_at", absolute(page.name, row, 2))
    page.row += 1
    page.sheet.write(SAVED_FIRST_ROW - 2, SAVED_FIRST_COLUMN, "Blocks of results and inputs", page.style("label_bold"))
    for area in book.saved_areas:
        page.sheet.write(area.row - 1, SAVED_FIRST_COLUMN, area.title, page.style("unit"))
        for r in range(area.row, area.row + area.rows):
            for c in range(SAVED_FIRST_COLUMN, SAVED_FIRST_COLUMN + area.cols):
                page.sheet.write_blank(r, c, None, page.style("saved", area.number))
    page.sheet.fit_to_pages(1, 0)
    page.sheet.print_area(0, 0, page.row, 8)
    page.sheet.freeze_panes(SAVED_FIRST_ROW - 1, 0)


def _series(book: Book, name: str, key: str) -> None:
    page = book.pages["Saved"]
    col = 7 + _SERIES.index(name)
    rows, _ = _shape(book.names[name])
    page.sheet.write(SAVED_FIRST_ROW - 2, col, name.split("_", maxsplit=1)[0], page.style("column"))
    for row in range(SAVED_FIRST_ROW - 1, SAVED_FIRST_ROW - 1 + rows):
        page.sheet.write_blank(row, col, None, page.style("saved"))
    book.name(f"live_{key}", book.names[name])
    book.name(f"saved_{key}", absolute(page.name, SAVED_FIRST_ROW - 1, col, SAVED_FIRST_ROW - 2 + rows, col))


def _shape(reference: str) -> tuple[int, int]:
    first, last = reference.split("!")[1].split(":")
    (row, col), (last_row, last_col) = _position(first), _position(last)
    return last_row - row + 1, last_col - col + 1


def _position(address: str) -> tuple[int, int]:
    _, letters, digits = address.split("$")
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, col - 1
