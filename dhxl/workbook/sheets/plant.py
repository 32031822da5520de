"""Plant: the units, the heat store and the dispatch settings of the four solutions."""

from __future__ import annotations

from collections.abc import Mapping

from dhxl.core.dispatch import METHODS
from dhxl.workbook.case import Solution
from dhxl.workbook.page import Book, Validation, absolute, cell

SLOTS = 10
# column of the unit table -> (what people read above it, width, number format, limits)
UNIT_COLUMNS: dict[str, tuple[str, float, str, Validation | None]] = {
    "unit": ("Name", 27, "general", None),
    "type": ("Type", 13, "general", Validation(choices=("heat_pump", "chp", "boiler", "electric_boiler", "source"))),
    "heat_mw": ("Heat capacity of one\nMW", 10, "two", Validation(0, 5000)),
    "count": ("Number of units", 9, "count", Validation(0, 100, whole=True)),
    "min_share": ("Minimum load", 10, "percent", Validation(0, 1)),
    "min_up_h": ("Least time in operation\nh", 9, "count", Validation(0, 8784)),
    "min_down_h": ("Least time at rest\nh", 9, "count", Validation(0, 8784)),
    "cop": ("COP", 8, "two", Validation(1, 30)),
    "heat_efficiency": ("Heat efficiency", 10, "percent2", Validation(0, 1.2)),
    "power_efficiency": ("Power efficiency", 10, "percent2", Validation(0, 1)),
    "fuel_eur_per_mwh": ("Fuel price\nEUR/MWh", 10, "two", Validation(-1000, 10000)),
    "om_eur_per_mwh": ("O&M less certificate\nEUR/MWh heat", 12, "two", Validation(-1000, 1000)),
    "power_bonus_eur_per_mwh": ("Bonus\nEUR/MWh power", 11, "two", Validation(-1000, 1000)),
    "fuel_co2_kg_per_mwh": ("Emission factor\nkg/MWh fuel", 11, "integer", Validation(0, 2000)),
    "priority": ("Priority", 8, "count", Validation(0, 100)),
    "available": ("Availability", 10, "percent", Validation(0, 1)),
}
FUELS = ("gas", "biomass", "other")
FUEL_COLUMN = len(UNIT_COLUMNS) + 1  # beside the columns that the dispatch reads
_FIRED = ("chp", "boiler")
_NOTES = 8
UNSERVED_EUR_PER_MWH = 10000
_NAMED_COLUMNS = {
    "cop": "unit_cops",
    "fuel_eur_per_mwh": "unit_fuel_eur_per_mwh",
    "om_eur_per_mwh": "unit_om_eur_per_mwh",
    "power_bonus_eur_per_mwh": "unit_bonus_eur_per_mwh",
    "fuel_co2_kg_per_mwh": "unit_co2_kg_per_mwh",
}
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("charges_eur_per_mwh", "charges_eur_per_mwh", "two"),
    ("own_use_charge_share", "own_use_charge_share", "percent"),
    ("sale_fee_eur_per_mwh", "sale_fee_eur_per_mwh", "two"),
    ("co2_eur_per_t", "co2_eur_per_t", "two"),
    ("electricity_co2_kg_per_mwh", "electricity_kg_per_mwh", "integer"),
    ("storage_charge_mw", "storage_power_mw", "two"),
    ("storage_discharge_mw", "storage_power_mw", "two"),
    ("unserved_eur_per_mwh", "unserved_eur_per_mwh", "integer"),
)


def write(book: Book) -> None:
    """Write the sheet."""
    widths = (2, *(width for _, width, _, _ in UNIT_COLUMNS.values()), 10, 2, 12)
    page = book.page(
        "Plant", "input", "Plant",
        "Units of the four plant alternatives; ten slots each, empty rows are free slots; prices come from Prices and Costs",
        widths,
    )  # fmt: skip
    for k, solution in enumerate(book.case.solutions, start=1):
        _units(book, k, solution)
    page.heading("Heat store and dispatch", FUEL_COLUMN)
    titles = ("", "", *(f"Solution {k}" for k in range(1, 5)))
    for offset, title in enumerate(titles):
        page.sheet.write(page.row, 1 + offset, title, page.style("column"))
    page.row += 1
    _store(book)
    _methods(book)
    page.row += 1
    for k in range(1, 5):
        _settings(book, k)
    page.finish(FUEL_COLUMN)


def _store(book: Book) -> None:
    page = book.pages["Plant"]
    volumes = page.row
    page.sheet.write(page.row, 1, "Volume of the store, m³", page.style("label"))
    page.sheet.write(page.row, _NOTES, book.case.text("store", "0 where the solution has no store"), page.style("unit"))
    for k, solution in enumerate(book.case.solutions, start=1):
        if solution.storage:
            page.sheet.write_formula(page.row, 2 + k, "=storage_m3", page.style("calc", "integer"), 0)
        else:
            page.sheet.write(page.row, 2 + k, 0, page.style("input", "integer"))
            options = Validation(0, 1e6).options("Volume of the store", "m³")
            page.sheet.data_validation(page.row, 2 + k, page.row, 2 + k, options)
        book.name(f"storage_m3_{k}", absolute(page.name, page.row, 2 + k))
        book.places[f"store volume {k}"] = absolute(page.name, page.row, 2 + k)
    page.row += 1
    page.sheet.write(page.row, 1, "Capacity of the store, MWh", page.style("label"))
    for k in range(1, 5):
        volume = cell(volumes, 2 + k)
        call = f"DH_STORAGE_CAPACITY({volume},supply_degc-return_degc)"
        saved = cell(page.row + 1, 2 + k)
        page.sheet.write_formula(page.row, 2 + k, f"=IF(engine_live,{call},{saved})", page.style("dhxl", "three"), 0)
        page.sheet.write_blank(page.row + 1, 2 + k, None, page.style("saved", "three"))
        book.name(f"storage_mwh_{k}", absolute(page.name, page.row, 2 + k))
    page.sheet.write(page.row + 1, 1, "saved value", page.style("saved"))
    page.live_name("plant_storage", page.row, 3, 1, 4)
    book.name("saved_plant_storage", absolute(page.name, page.row + 1, 3, page.row + 1, 6))
    page.sheet.set_row(page.row + 1, None, None, {"level": 1, "hidden": True})
    page.row += 2


def _methods(book: Book) -> None:
    page = book.pages["Plant"]
    page.sheet.write(page.row, 1, "Method of dispatch", page.style("label"))
    for k in range(1, 5):
        page.sheet.write(page.row, 2 + k, METHODS[0], page.style("input"))
        options = Validation(choices=METHODS).options("Method of dispatch", "-")
        page.sheet.data_validation(page.row, 2 + k, page.row, 2 + k, options)
        book.name(f"dispatch_method_{k}", absolute(page.name, page.row, 2 + k))
    page.sheet.write(
        page.row, _NOTES,
        "optimal: least cost, proven; milp: the same by integer programming; priority: operated by rule, in fixed order",
        page.style("unit"),
    )  # fmt: skip
    page.row += 1
    page.sheet.write(page.row, 1, "Price of unserved heat", page.style("label"))
    page.sheet.write(page.row, 3, UNSERVED_EUR_PER_MWH, page.style("input", "integer"))
    page.sheet.write(page.row, 4, "EUR/MWh", page.style("unit"))
    page.sheet.write(
        page.row, _NOTES, "Convention: far above every cost of heat, so that no demand is left unserved to save money",
        page.style("unit"),
    )  # fmt: skip
    options = Validation(0, 1e6).options("Price of unserved heat", "EUR/MWh")
    page.sheet.data_validation(page.row, 3, page.row, 3, options)
    book.name("unserved_eur_per_mwh", absolute(page.name, page.row, 3))
    page.row += 1


def _units(book: Book, k: int, solution: Solution) -> None:
    page = book.pages["Plant"]
    page.heading(f"Solution {k}: {solution.name}", FUEL_COLUMN)
    if k == 1:
        page.note("Type: heat_pump, chp, boiler, electric_boiler or source. A minimum load of 100 % means on or off. Names of the columns are what the dispatch reads; the line above says them in words. "
                  "Fuel: price and emission factor of CHP and boilers follow it; it also tells renewable heat.", FUEL_COLUMN, lines=2)  # fmt: skip
    titles = page.row
    header = page.row + 1
    page.sheet.set_row(titles, 42)
    page.sheet.set_row(header, 24)
    last_col = len(UNIT_COLUMNS)
    names = (*UNIT_COLUMNS, "fuel")
    page.sheet.add_table(
        header, 1, header + SLOTS, FUEL_COLUMN,
        {"name": f"units_table_{k}", "style": "Table Style Light 1", "autofilter": False,
         "columns": [{"header": name} for name in names]},
    )  # fmt: skip
    shown = (*(title for title, _, _, _ in UNIT_COLUMNS.values()), "Fuel")
    for offset, (name, title) in enumerate(zip(names, shown, strict=True)):
        page.sheet.write(titles, 1 + offset, title, page.style("note", align="center"))
        page.sheet.write(header, 1 + offset, name, page.style("column", font_size=7))
    first, last = header + 1, header + SLOTS
    for slot in range(SLOTS):
        _unit(book, k, first + slot, solution.units[slot] if slot < len(solution.units) else {})
    columns = list(UNIT_COLUMNS)
    book.rows.setdefault("first unit", {})[str(k)] = first
    book.name(f"units_{k}", absolute(page.name, header, 1, last, last_col))
    book.name(f"unit_types_{k}", absolute(page.name, first, 2, last, 2))
    book.name(f"unit_fuels_{k}", absolute(page.name, first, FUEL_COLUMN, last, FUEL_COLUMN))
    for name in ("heat_mw", "count"):
        col = 1 + columns.index(name)
        book.name(f"unit_{name}_{k}", absolute(page.name, first, col, last, col))
    for column, name in _NAMED_COLUMNS.items():
        col = 1 + columns.index(column)
        book.name(f"{name}_{k}", absolute(page.name, first, col, last, col))
    page.row = last + 1
    page.note(f"Sources: {solution.source}", FUEL_COLUMN, lines=2)
    page.row += 1


def _unit(book: Book, k: int, row: int, unit: Mapping[str, float | str]) -> None:
    page = book.pages["Plant"]
    for offset, (name, (title, _, number, validation)) in enumerate(UNIT_COLUMNS.items()):
        col = 1 + offset
        if validation is not None:
            options = validation.options(title.replace("\n", ", "), "-") | {"ignore_blank": True}
            page.sheet.data_validation(row, col, row, col, options)
        formula = _formula(name, unit, row)
        if formula:
            page.sheet.write_formula(row, col, formula, page.style("calc", number), 0)
        elif name in unit:
            if name == "power_efficiency":
                book.places[f"CHP efficiency {k}"] = absolute(page.name, row, col)
            page.sheet.write(row, col, unit[name], page.style("input", number))
        else:
            page.sheet.write_blank(row, col, None, page.style("input", number))
    options = Validation(choices=FUELS).options("Fuel", "-") | {"ignore_blank": True}
    page.sheet.data_validation(row, FUEL_COLUMN, row, FUEL_COLUMN, options)
    fuel = unit.get("fuel", "gas") if unit.get("type") in _FIRED else None
    page.sheet.write(row, FUEL_COLUMN, fuel, page.style("input"))


def _formula(name: str, unit: Mapping[str, float | str], row: int) -> str:
    kind, given = unit.get("type", ""), unit.get(name)
    if isinstance(given, str) and given.startswith("="):
        return given
    columns = list(UNIT_COLUMNS)
    heat, power = (cell(row, 1 + columns.index(c), absolute_col=True) for c in ("heat_efficiency", "power_efficiency"))
    is_biomass = f'{cell(row, FUEL_COLUMN, absolute_col=True)}="biomass"'
    fired = kind in _FIRED
    formulas = {
        ("fuel_eur_per_mwh", fired): f"=IF({is_biomass},biomass_eur_per_mwh,gas_eur_per_mwh)",
        ("fuel_co2_kg_per_mwh", fired): f"=IF({is_biomass},biomass_kg_per_mwh,gas_kg_per_mwh)",
        ("om_eur_per_mwh", kind == "chp"): f"=chp_maintenance_eur_per_mwh*{power}/{heat}",
        ("om_eur_per_mwh", kind == "heat_pump"): (
            "=heat_pump_maintenance_eur_per_mwh-white_certificate_heat_pump_eur_per_mwh"
        ),
        ("power_bonus_eur_per_mwh", kind == "chp"): "=white_certificate_chp_eur_per_mwh",
    }
    return formulas.get((name, True), "")


def _settings(book: Book, k: int) -> None:
    page = book.pages["Plant"]
    if k == 1:
        page.heading("Settings as the dispatch reads them (name, value)", FUEL_COLUMN)
    page.sheet.write(page.row, 1, f"Solution {k}", page.style("column_left"))
    page.sheet.write_blank(page.row, 2, None, page.style("column_left"))
    page.row += 1
    rows = (("method", f"dispatch_method_{k}", "general"), *_SETTINGS, ("storage_mwh", f"storage_mwh_{k}", "three"))
    first = page.row
    for setting, formula, number in rows:
        page.sheet.write(page.row, 1, setting, page.style("calc"))
        page.sheet.write_formula(page.row, 2, f"={formula}", page.style("calc", number), 0)
        page.row += 1
    book.name(f"settings_{k}", absolute(page.name, first, 1, page.row - 1, 2))
    page.row += 1
