"""Saved: the last saved values of every DH_ block, the inputs they came from, and whether those have changed since."""

from __future__ import annotations

from dhxl.workbook.page import SAVED_FIRST_COLUMN, SAVED_FIRST_ROW, Book, absolute, cell, corners

# Inputs that drive DH_ calls, by defined name; a workbook has those of its case.
DRIVERS = (
    "heat_demand_mwh", "network_loss_share", "peak_load_mw", "base_load_mw", "constant_loss_mw", "heating_limit_degc",
    "room_degc", "smoothing_h", "trench_length_m", "supply_degc", "return_degc", "ground_degc",
    "geothermal_flow_m3_per_h", "resource_temperature_degc", "geothermal_return_degc", "lorenz_efficiency",
    "storage_m3", "storage_power_mw", "gas_price_eur_per_sm3", "gas_lhv_kwh_per_sm3", "electricity_price_eur_per_mwh",
    "charges_eur_per_mwh", "own_use_charge_share", "sale_fee_eur_per_mwh", "co2_eur_per_t",
    "white_certificate_chp_eur_per_mwh", "white_certificate_heat_pump_eur_per_mwh", "chp_maintenance_eur_per_mwh",
    "heat_pump_maintenance_eur_per_mwh", "gas_kg_per_mwh", "electricity_kg_per_mwh", "individual_boiler_efficiency",
    "capex_distribution_eur", "network_life_years", "connected_load_kw", "biomass_eur_per_mwh", "biomass_kg_per_mwh",
    "unserved_eur_per_mwh", "pumping_share", "gas_primary_factor", "biomass_primary_factor",
    "electricity_primary_factor", "displaced_power_primary_factor",
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
_FIRST_ROW = SAVED_FIRST_ROW - 2
_LAST_COLUMN = 6
# What is said of the results, in a word on every sheet and in a sentence on the cover: with the functions at hand;
# without them, inputs unchanged and changed; the same two in a frozen copy.
_STATES = (
    ("results fit the inputs", '"Results fit the inputs: calculated by the functions, last saved "&results_time'),
    ("saved results fit the inputs", '"Saved results from "&results_time&" fit the inputs"'),
    ("inputs changed: results are old", '"Inputs changed since "&results_time&": results of the functions are old"'),
    ("frozen results fit the inputs", 'frozen_title&": results fit the inputs"'),
    (
        "frozen copy, inputs changed: results are old",
        'frozen_title&": inputs changed, results of the functions are old"',
    ),
)


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, 44, 16, 16, 9, 2, 2, 13, 13, 2, *(12,) * 16)
    page = book.page(
        "Saved",
        "control",
        "Saved values",
        "Results of the last calculation, shown where the functions are not at hand, and the inputs they came from",
        widths,
    )
    page.row = _FIRST_ROW
    _drivers(book)
    page.skip()
    _control(book)
    page.skip()
    _told(book)
    _blocks(book)
    page.finish(_LAST_COLUMN, freeze=(_FIRST_ROW, 0))


def _drivers(book: Book) -> None:
    """Write one row an input that drives the functions: live, saved, differs.

    Blocks hold calculated numbers too, of which LibreOffice saves 15 digits: they differ beyond the tolerance of
    sheet Checks, texts and blanks where a quotient is an error.
    """
    page = book.pages["Saved"]
    drivers = [name for name in DRIVERS if name in book.names]
    page.columns(("Input that drives the functions", "Live", "Saved", "Differs"), height=18)
    first = page.row
    for name in drivers:
        page.sheet.write(page.row, 1, name, page.style("label"))
        page.sheet.write_formula(page.row, 2, f"={name}", page.style("calc"), 0)
        page.sheet.write_blank(page.row, 3, None, page.style("saved"))
        formula = f"=1*({cell(page.row, 2)}<>{cell(page.row, 3)})"
        page.sheet.write_formula(page.row, 4, formula, page.style("calc", "flag"), 0)
        page.row += 1
    page.live_name("drivers", first, 2, len(drivers), 1)
    book.name("saved_drivers", absolute(page.name, first, 3, page.row - 1, 3))
    book.name("driver_values", absolute(page.name, first, 2, page.row - 1, 2))
    price = first + drivers.index("electricity_price_eur_per_mwh")
    book.places["price since"] = f"{cell(price, 2)}-{cell(price, 3)}"
    for name in (*_BLOCKS, *_SERIES):
        key = f"input_{name}"
        if name in _SERIES:
            _series(book, name, key)
        elif f"live_{key}" not in book.names:  # the pipe sections keep theirs in their own rows
            rows, cols = _shape(book.names[name])
            book.saved_area(key, f"Inputs: {name}", rows, cols)
            book.name(f"live_{key}", book.names[name])
        page.sheet.write(page.row, 1, name, page.style("label"))
        if name in _SERIES:
            formula = f"=SUMPRODUCT(1*(live_{key}<>saved_{key}))"
            page.sheet.write_formula(page.row, 4, formula, page.style("calc", "flag"), 0)
        else:
            live, saved = book.names[f"live_{key}"], book.names[f"saved_{key}"].removeprefix("Saved!")
            formula = (
                f"{{=SUM(IFERROR(({live}/{saved}>1+tolerance)+({live}/{saved}<1-tolerance),1*({live}<>{saved})))}}"
            )
            page.sheet.write_array_formula(page.row, 4, page.row, 4, formula, page.style("calc", "flag"), 0)
        page.row += 1
    book.name("driver_differences", absolute(page.name, first, 4, page.row - 1, 4))


def _control(book: Book) -> None:
    """Write whether the functions are at hand, whether the results fit the inputs, and from when they are."""
    page = book.pages["Saved"]
    page.heading("Functions at hand, results and inputs")
    page.calc("Price of power since then, moves its mean prices", f"(1-engine_live)*({book.places['price since']})",
              "EUR/MWh", "two", "price_since_saved_eur_per_mwh")  # fmt: skip
    units = ",".join(f"units_{k}" for k in range(1, 5))
    page.calc(
        "Sum of all inputs that drive the functions",
        f"SUM(driver_values,network_sections,{units})+SUM(outdoor_degc,electricity_shape_eur_per_mwh)",
        "",
        "general",
        "drivers_sum",
    )
    page.calc("Functions at hand", 'IFERROR(DH_VERSION(drivers_sum)<>"",FALSE)', "", "general", "engine_live")
    page.calc("Inputs changed since", "1*(SUM(driver_differences)>0)", "", "count", "stale")
    for label, name in (
        ("Saved at (UTC)", "saved_at"),
        ("Frozen at (UTC)", "frozen_at"),
        ("Frozen copy of", "frozen_from"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write_blank(page.row, 2, None, page.style("saved"))
        book.name(name, absolute(page.name, page.row, 2))
        page.row += 1


def _told(book: Book) -> None:
    """Write what the cover's banner and the head of every sheet say."""
    page = book.pages["Saved"]
    page.heading("What the sheets say of the results")
    page.calc("Results are old", "stale*(1-engine_live)", "", "flag", "results_old")
    page.calc("This is a frozen copy", '1*(frozen_at<>"")', "", "flag", "is_frozen")
    page.calc(
        "State, a row of the list below",
        "1+(1-engine_live)*(1+stale+is_frozen+is_frozen)",
        "",
        "count",
        "results_state",
    )
    page.calc("Saved", 'IF(saved_at="","never",saved_at&" UTC")', "", "general", "results_time")
    _sentence(book, "Frozen", '"Frozen copy of "&frozen_from&", from "&frozen_at&" UTC"', "frozen_title")
    first = page.row
    for words, sentence in _STATES:
        _sentence(book, words, sentence)
    book.name("state_words", absolute(page.name, first, 1, page.row - 1, 1))
    book.name("state_sentences", absolute(page.name, first, 2, page.row - 1, 2))
    _sentence(book, "On the cover", "INDEX(state_sentences,results_state)", "results_banner")
    text = '"Checks "&ChecksTotal&" · Alerts "&AlertsTotal&" · "&INDEX(state_words,results_state)'
    _sentence(book, "On every sheet", text, "status_text")
    page.calc("Red: a check fails, or results are old", "1*(ChecksTotal+results_old>0)", "", "flag", "status_red")
    page.calc("Amber: alerts, or a frozen copy", "1*(AlertsTotal+is_frozen>0)", "", "flag", "status_amber")


def _sentence(book: Book, label: str, formula: str, name: str = "") -> None:
    page, row = book.pages["Saved"], book.pages["Saved"].row
    page.sheet.write(row, 1, label, page.style("label"))
    page.sheet.merge_range(row, 2, row, 6, "", page.style("note"))
    page.sheet.write_formula(row, 2, f"={formula}", page.style("note"), "")
    page.sheet.set_row(row, 26)
    if name:
        book.name(name, absolute(page.name, row, 2))
    page.row += 1


def _blocks(book: Book) -> None:
    """Write the cells of the saved results, to the right."""
    page = book.pages["Saved"]
    page.sheet.write(_FIRST_ROW, SAVED_FIRST_COLUMN, "Blocks of results and inputs", page.style("label_bold"))
    for area in book.saved_areas:
        page.sheet.write(area.row - 1, SAVED_FIRST_COLUMN, area.title, page.style("unit"))
        for r in range(area.row, area.row + area.rows):
            for c in range(SAVED_FIRST_COLUMN, SAVED_FIRST_COLUMN + area.cols):
                page.sheet.write_blank(r, c, None, page.style("saved", area.number))


def _series(book: Book, name: str, key: str) -> None:
    page = book.pages["Saved"]
    col = 7 + _SERIES.index(name)
    rows, _ = _shape(book.names[name])
    page.sheet.write(_FIRST_ROW, col, name.split("_", maxsplit=1)[0], page.style("column"))
    for row in range(_FIRST_ROW + 1, _FIRST_ROW + 1 + rows):
        page.sheet.write_blank(row, col, None, page.style("saved"))
    book.name(f"live_{key}", book.names[name])
    book.name(f"saved_{key}", absolute(page.name, _FIRST_ROW + 1, col, _FIRST_ROW + rows, col))


def _shape(reference: str) -> tuple[int, int]:
    row, col, last_row, last_col = corners(reference)
    return last_row - row + 1, last_col - col + 1
