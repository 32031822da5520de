"""Dispatch: heat, fuel and power of every solution, months, load duration, weeks, and the blocks behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhxl.workbook.charts import Area, add_unit_series, dress, place
from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets.dispatch_blocks import LAST_COLUMN, POINTS, TYPES, shape_of, shown_types, write_block
from dhxl.workbook.sheets.dispatch_weeks import write_choice, write_weeks
from dhxl.workbook.style import Colour

_WIDTHS = (2, 36, *(14,) * 14)
_NOTES = 7
_LETTERS = 215  # of a note in a line across the page
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Dispatch",
        "result",
        "Dispatch",
        "Least-cost operation of the year, hour by hour, proven optimal; chosen solution on the cover",
        _WIDTHS,
    )
    shapes = {
        name: shape_of(name)
        for name in (
            "DH_DISPATCH",
            "DH_DISPATCH_SUMMARY",
            "DH_DISPATCH_MONTHLY",
            "DH_DISPATCH_DURATION",
            "DH_DISPATCH_HOURS",
        )
    }
    book.rows["shares"] = {}
    _shares(book)
    page.skip()
    charts = page.row
    page.row += 21
    breaks = [page.row]
    weeks = write_choice(book)
    page.skip()
    breaks.append(page.row)
    _quantities(book)
    page.skip()
    _costs(book)
    page.skip()
    months = _selected_months(book)
    page.skip()
    duration = _selected_duration(book)
    page.skip()
    page.calc("Points of the load duration curve", "ROWS(saved_duration_1)-1", "", "count", "duration_points")
    shown = page.row
    page.skip()
    places = [write_block(book, k, s.name, shapes) for k, s in enumerate(book.case.solutions, start=1)]
    columns = len(shown_types(book.case)) + 1
    _fill_selected(book, months, 2, (12, columns), [month for month, _ in places])
    curves = [curve for _, curve in places]
    _fill_selected(book, duration, 2, (POINTS, columns + 1), curves)
    _fill_selected(book, duration, 1, (POINTS, 1), [(row, col + columns + 1) for row, col in curves])
    _charts(book, charts, months, duration)
    write_weeks(book, shapes, weeks)
    page.finish(LAST_COLUMN, shown, freeze=(3, 2))
    page.sheet.set_h_pagebreaks(breaks)


def _grid(book: Book, titles: Sequence[str] = ("Solution 1", "Solution 2", "Solution 3", "Solution 4")) -> int:
    page = book.pages["Dispatch"]
    return page.columns(("", *titles, "Unit", "Note"), height=18)


def _row(book: Book, label: str, formula: str, number: str, name: str = "", unit: str = "", note: str = "", style: str = "calc") -> int:  # fmt: skip
    page, row = book.pages["Dispatch"], book.pages["Dispatch"].row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    for k in range(1, 5):
        text = "=" + formula.replace("{k}", str(k)).replace("{c}", "CDEF"[k - 1])
        page.sheet.write_formula(row, 1 + k, text, page.style(style, number), 0)
        if name:
            book.name(name.replace("{k}", str(k)), absolute(page.name, row, 1 + k))
    page.sheet.write(row, 6, unit, page.style("unit"))
    page.sheet.write(row, _NOTES, note, page.style("unit"))
    page.row += 1
    return row


def _printed(book: Book, label: str, name: str) -> None:
    """Write the row that a study prints of a result, where there is one."""
    values: Sequence[Any] = book.case.printed.get(name, ())
    if not values:
        return
    page, row = book.pages["Dispatch"], book.pages["Dispatch"].row
    page.sheet.write(row, 1, f"{label}, printed", page.style("unit"))
    for k, value in enumerate(values, start=1):
        page.sheet.write(row, 1 + k, value, page.style("printed", "percent", align="right"))
    page.row += 1


def _shares(book: Book) -> None:
    page = book.pages["Dispatch"]
    beside = ", beside the printed one" if book.case.printed else ""
    page.heading(f"Share of the heat produced{beside}", LAST_COLUMN)
    header = _grid(book)
    rows = book.rows["shares"]
    rows["header"] = header
    for label, stem, _ in TYPES:
        rows[label] = _row(
            book,
            label,
            f"{stem}_heat_mwh_{{k}}/heat_produced_mwh_{{k}}",
            "percent",
            f"heat_share_{stem}_{{k}}",
            style="calc_bold",
        )
        _printed(book, label, f"heat_share_{stem}")
        if stem == "boiler" and label not in dict(shown_types(book.case)):
            del rows[label]  # charts show its parts
            rows["Biomass boilers"] = _row(
                book, "of which with biomass",
                'SUMPRODUCT((unit_types_{k}="boiler")*(unit_fuels_{k}="biomass")*table_heat_mwh_{k})/heat_produced_mwh_{k}',
                "percent", "heat_share_biomass_boiler_{k}",
            )  # fmt: skip
            rows["Other boilers"] = _row(
                book, "of which others", "heat_share_boiler_{k}-heat_share_biomass_boiler_{k}", "percent"
            )
    _row(book, "Geothermal", "(heat_pump_heat_mwh_{k}-heat_pump_power_mwh_{k})/heat_produced_mwh_{k}", "percent",
         "heat_share_geothermal_{k}", note="Heat of the heat pumps less the power they take", style="calc_bold")  # fmt: skip
    _printed(book, "Geothermal", "heat_share_geothermal")
    if note := book.case.text("dispatch"):
        page.note(note, LAST_COLUMN, lines=-(-len(note) // _LETTERS))


def _quantities(book: Book) -> None:
    page = book.pages["Dispatch"]
    page.heading("Heat, fuel and power of the year", LAST_COLUMN)
    _grid(book)
    for label, stem, kinds in TYPES:
        test = "+".join(f'(unit_types_{{k}}="{kind}")' for kind in kinds)
        _row(
            book,
            f"Heat: {label}",
            f"SUMPRODUCT(({test})*table_heat_mwh_{{k}})",
            "integer",
            f"{stem}_heat_mwh_{{k}}",
            "MWh/a",
        )
    _row(book, "Heat produced", "heat_pump_heat_mwh_{k}+chp_heat_mwh_{k}+boiler_heat_mwh_{k}+other_heat_mwh_{k}", "integer",
         "heat_produced_mwh_{k}", "MWh/a", style="calc_bold")  # fmt: skip
    _summary_row(
        book,
        "Unserved heat",
        "unserved_mwh",
        "one",
        "unserved_mwh_{k}",
        "MWh/a",
        "Demand above what the units can give",
    )
    _summary_row(
        book, "First hour with unserved heat", "first_unserved_step", "count", "", "", "Hour of the year; 0: none"
    )
    _row(book, "Heat out of the store less heat into it", 'SUMIF(table_unit_{k},"store",table_row_heat_mwh_{k})', "one",
         "store_net_mwh_{k}", "MWh/a", "Standing losses make it negative")  # fmt: skip
    _row(book, "Heat to the network and unserved", "heat_produced_mwh_{k}+store_net_mwh_{k}+unserved_mwh_{k}", "integer",
         "heat_total_mwh_{k}", "MWh/a", "Equals the demand: sheet Checks")  # fmt: skip
    _row(book, "Heat sold", "heat_demand_mwh-unserved_mwh_{k}", "integer", "heat_sold_mwh_{k}", "MWh/a")
    _row(
        book,
        "Gas: CHP",
        'SUMPRODUCT((unit_types_{k}="chp")*(unit_fuels_{k}="gas")*table_fuel_mwh_{k})',
        "integer",
        "gas_chp_mwh_{k}",
        "MWh/a",
    )
    _row(
        book,
        "Gas: boilers",
        'SUMPRODUCT((unit_types_{k}="boiler")*(unit_fuels_{k}="gas")*table_fuel_mwh_{k})',
        "integer",
        "gas_boiler_mwh_{k}",
        "MWh/a",
    )
    _row(
        book,
        "Fuel",
        "gas_chp_mwh_{k}+gas_boiler_mwh_{k}",
        "integer",
        "gas_mwh_{k}",
        "MWh/a",
        "Lower heating value, of all fuels",
        "calc_bold",
    )
    _row(book, "Power: CHP", "SUM(table_power_out_mwh_{k})", "integer", "power_chp_mwh_{k}", "MWh/a")
    _row(
        book,
        "Power: heat pumps and electric boilers",
        "SUM(table_power_in_mwh_{k})",
        "integer",
        "power_used_mwh_{k}",
        "MWh/a",
    )
    _row(
        book,
        "of which heat pumps",
        'SUMPRODUCT((unit_types_{k}="heat_pump")*table_power_in_mwh_{k})',
        "integer",
        "heat_pump_power_mwh_{k}",
        "MWh/a",
    )
    _summary_row(book, "Power bought", "bought_mwh", "integer", "power_bought_mwh_{k}", "MWh/a")
    _summary_row(book, "Power sold", "sold_mwh", "integer", "power_sold_mwh_{k}", "MWh/a")
    _summary_row(book, "Own use of CHP power", "own_use_mwh", "integer", "power_own_use_mwh_{k}", "MWh/a")
    _row(book, "Balance of power", "power_chp_mwh_{k}+power_bought_mwh_{k}-power_used_mwh_{k}-power_sold_mwh_{k}", "three",
         "power_balance_mwh_{k}", "MWh/a", "0: production and purchase against use and sale")  # fmt: skip
    _row(book, "Power that bears charges", "power_bought_mwh_{k}+own_use_charge_share*power_own_use_mwh_{k}", "integer",
         "power_charged_mwh_{k}", "MWh/a")  # fmt: skip


def _summary_row(book: Book, label: str, item: str, number: str, name: str, unit: str, note: str = "") -> int:
    formula = f'SUMIF(summary_name_{{k}},"{item}",summary_value_{{k}})'
    return _row(book, label, formula, number, name, unit, note)


def _costs(book: Book) -> None:
    page = book.pages["Dispatch"]
    page.heading(
        "Cost of dispatch (what the optimiser minimises; the cash flow uses quantities and prices instead)", LAST_COLUMN
    )
    _grid(book)
    _summary_row(book, "Cost of dispatch", "cost_eur", "money", "dispatch_cost_eur_{k}", "EUR/a")
    _summary_row(book, "with unserved heat at its price", "objective_eur", "money", "", "EUR/a", "What is minimised")
    _summary_row(book, "Proven lower bound", "bound_eur", "money", "", "EUR/a")
    _summary_row(book, "Gap", "gap", "scientific", "dispatch_gap_{k}", "", "Relative; 0 is the proven optimum")
    _summary_row(
        book, "Power bought, at the hourly price", "power_bought_eur", "money", "power_bought_eur_{k}", "EUR/a"
    )
    _summary_row(book, "Power sold, at the hourly price", "power_sold_eur", "money", "power_sold_eur_{k}", "EUR/a")
    _row(book, "Mean price of power bought", "IF(power_bought_mwh_{k}>0,power_bought_eur_{k}/power_bought_mwh_{k}+price_since_saved_eur_per_mwh,0)", "two",
         "power_purchase_price_eur_per_mwh_{k}", "EUR/MWh", "Without charges, in the hours of purchase")  # fmt: skip
    _row(book, "Mean price of power sold", "IF(power_sold_mwh_{k}>0,-power_sold_eur_{k}/power_sold_mwh_{k}-sale_fee_eur_per_mwh+price_since_saved_eur_per_mwh,0)",
         "two", "power_sale_price_eur_per_mwh_{k}", "EUR/MWh", "After the fee, in the hours of sale")  # fmt: skip
    _row(book, "Fuel of the CHP, cost", 'SUMPRODUCT(1*(unit_types_{k}="chp"),table_fuel_mwh_{k},unit_fuel_eur_per_mwh_{k})',
         "money", "fuel_chp_eur_{k}", "EUR/a", "Fuel times the price in the unit's row on sheet Plant")  # fmt: skip
    _row(book, "Fuel of the boilers, cost",
         'SUMPRODUCT(1*(unit_types_{k}="boiler"),table_fuel_mwh_{k},unit_fuel_eur_per_mwh_{k})', "money",
         "fuel_boiler_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "Power and charges",
         "power_bought_eur_{k}+power_charged_mwh_{k}*charges_eur_per_mwh-power_sold_mwh_{k}*power_sale_price_eur_per_mwh_{k}",
         "money", "recomputed_power_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "O&M of the units less their bonuses",
         "SUMPRODUCT(table_heat_mwh_{k},unit_om_eur_per_mwh_{k})-SUMPRODUCT(table_power_out_mwh_{k},unit_bonus_eur_per_mwh_{k})",
         "money", "recomputed_om_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "of which CHP and heat pumps at the rates of Costs",
         "power_chp_mwh_{k}*(chp_maintenance_eur_per_mwh-white_certificate_chp_eur_per_mwh)+heat_pump_net_eur_{k}",
         "money", "rated_om_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "of which heat pumps",
         "heat_pump_heat_mwh_{k}*(heat_pump_maintenance_eur_per_mwh-white_certificate_heat_pump_eur_per_mwh)",
         "money", "heat_pump_net_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "CO2 of the fuel, t", "SUMPRODUCT(table_fuel_mwh_{k},unit_co2_kg_per_mwh_{k})/1000", "integer",
         "fuel_co2_t_{k}", "t/a")  # fmt: skip
    _row(book, "Carbon price on fuel and purchased power",
         "(fuel_co2_t_{k}+power_bought_mwh_{k}*electricity_kg_per_mwh/1000)*co2_eur_per_t", "money",
         "carbon_eur_{k}", "EUR/a")  # fmt: skip
    _row(book, "Recomputed cost of dispatch",
         "fuel_chp_eur_{k}+fuel_boiler_eur_{k}+recomputed_power_eur_{k}+recomputed_om_eur_{k}+carbon_eur_{k}", "money",
         "recomputed_cost_eur_{k}", "EUR/a", "Equals the cost of dispatch: sheet Checks", "calc_bold")  # fmt: skip


def _selected_months(book: Book) -> int:
    """Write the months of the chosen solution by unit type; return the header's row."""
    page = book.pages["Dispatch"]
    page.heading("Heat by month, MWh, chosen solution", LAST_COLUMN)
    page.columns(("Month", *(label for label, _ in shown_types(book.case)), "Unserved"), height=18)
    header = page.row - 1
    for month in _MONTHS:
        page.sheet.write(page.row, 1, month, page.style("label"))
        page.row += 1
    book.name("month_names", absolute(page.name, header + 1, 1, header + len(_MONTHS), 1))
    return header


def _selected_duration(book: Book) -> int:
    """Write the load duration curve of the chosen solution by unit type; return the header's row."""
    page = book.pages["Dispatch"]
    page.heading("Load duration, MW, chosen solution: hours sorted by load, heat of the units under it", LAST_COLUMN)
    page.columns(("Hours of the year", *(label for label, _ in shown_types(book.case)), "Unserved", "Load"), height=18)
    header = page.row - 1
    page.row += POINTS
    return header


def _fill_selected(
    book: Book, header: int, first_col: int, size: tuple[int, int], areas: Sequence[tuple[int, int]]
) -> None:
    """Fill a table of the chosen solution from the four solutions' blocks, given their first rows and columns."""
    page = book.pages["Dispatch"]
    for index in range(size[0]):
        for offset in range(size[1]):
            cells = ",".join(cell(row + index, col + offset) for row, col in areas)
            formula = f"=CHOOSE(solution,{cells})"
            page.sheet.write_formula(header + 1 + index, first_col + offset, formula, page.style("calc", "one"), 0)


def _charts(book: Book, row: int, months: int, duration: int) -> None:
    page = book.pages["Dispatch"]
    labels = [*(label for label, _ in shown_types(book.case)), "Unserved"]
    chart = book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    areas: dict[str, Area] = {n: (page.name, months + 1, 2 + i, months + 12, 2 + i) for i, n in enumerate(labels)}
    add_unit_series(chart, areas, (page.name, months + 1, 1, months + 12, 1), gap=40)
    dress(chart, "Heat by month, chosen solution", "Heat, MWh", "#,##0")
    place(page, chart, (row, 1), (640, 400), "Heat of each unit type by month")

    chart = book.xlsx.add_chart({"type": "area", "subtype": "stacked"})
    first, last = duration + 1, duration + POINTS
    areas = {n: (page.name, first, 2 + i, last, 2 + i) for i, n in enumerate(labels)}
    add_unit_series(chart, areas, (page.name, first, 1, last, 1))
    line = book.xlsx.add_chart({"type": "line"})
    line.add_series(
        {"name": "Load", "categories": [page.name, first, 1, last, 1], "values": [page.name, first, 2 + len(labels), last, 2 + len(labels)],
         "line": {"color": Colour.INK, "width": 1.5}}
    )  # fmt: skip
    chart.combine(line)
    dress(chart, "Load duration curve, chosen solution", "Heat, MW", "General", category_axis="Hours of the year",
          interval_unit=12, interval_tick=12)  # fmt: skip
    place(page, chart, (row, 6), (700, 400), "Load duration curve with the heat of each unit type under it")
