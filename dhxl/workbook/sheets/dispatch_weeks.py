"""Dispatch, weeks: a week in winter and one in summer of the chosen solution, hour by hour, with their charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from dhxl.workbook.charts import Area, add_unit_series, dress, place
from dhxl.workbook.page import Book, Page, Validation, absolute, cell, corners
from dhxl.workbook.sheets.dispatch_blocks import BIOMASS, LAST_COLUMN, WEEK, Shape, shown_types
from dhxl.workbook.sheets.plant import FUEL_COLUMN, SLOTS
from dhxl.workbook.style import UNIT_COLOURS, Colour

SEASONS = ("winter", "summer")
_DAY = 24
_HEAT_ROWS, _STORE_ROWS, _ROW_PIXELS = 16, 8, 20  # heights of the charts
_WIDTH = 650
_BESIDE = ("Store", "Unserved")


def write_choice(book: Book) -> int:
    """Write the inputs that choose the weeks, and room for the charts; return the row of the charts."""
    page = book.pages["Dispatch"]
    page.heading("A week in winter and a week in summer, hour by hour, chosen solution", LAST_COLUMN)
    last = len(book.case.temperature_degc) - WEEK + 1
    for season, (first, note) in zip(SEASONS, _extreme_weeks(book.case.temperature_degc), strict=True):
        page.input(
            f"First hour of the {season} week",
            f"{season}_week_first_step",
            "-",
            Validation(1, last, whole=True),
            "count",
            value=None if f"{season}_week_first_step" in book.case.inputs else first,
            note=note,
        )
    row = page.row
    page.sheet.write(row, 1, "Weeks shown", page.style("label"))
    text = '"Solution "&week_solution&"; winter from hour "&winter_shown_step&", summer from hour "&summer_shown_step'
    page.sheet.write_formula(row, 2, f"={text}", page.style("label"), "")
    page.sheet.write(
        row, 6, "Bars above the line of the demand fill the store; without the functions, the last saved weeks", page.style("unit")
    )  # fmt: skip
    page.row += 1
    charts = page.row
    page.row += _HEAT_ROWS + _STORE_ROWS + 1
    return charts


def write_weeks(book: Book, shapes: Mapping[str, Shape], charts: int) -> None:
    """Write the chosen solution as the dispatch reads it, the hours of both weeks, and the charts."""
    page = book.pages["Dispatch"]
    page.heading("Chosen solution as the dispatch reads it, for the two weeks", LAST_COLUMN)
    _chosen(book, "units")
    kinds = _kinds(book)
    page.skip()
    _chosen(book, "settings")
    page.skip()
    page.calc("Hours of a week", "ROWS(saved_week_winter)-1", "", "count", "week_steps")
    saved = book.saved_row("week_solution", "Solution whose weeks are saved", 1)[0]
    page.sheet.write(page.row, 1, "Solution whose weeks are shown", page.style("label"))
    formula = f'=IF(engine_live,IFERROR(solution*(DH_VERSION(solution)<>""),{saved}),{saved})'
    page.sheet.write_formula(page.row, 2, formula, page.style("dhxl", "count"), 0)
    page.live_name("week_solution", page.row, 2, 1, 1)
    book.name("week_solution", absolute(page.name, page.row, 2))
    page.row += 2
    shape = shapes["DH_DISPATCH_HOURS"]
    for number, season in enumerate(SEASONS):
        hours = _week(book, season, shape, kinds)
        _charts(page, season, hours, (charts, 1 + 5 * number))


def _extreme_weeks(degc: Sequence[float]) -> list[tuple[int, str]]:
    """Return the first steps of the coldest and of the warmest week that begin at midnight, and what they are."""
    sums = [0.0, *accumulate(degc)]
    means = {first: sums[first + WEEK] - sums[first] for first in range(0, len(degc) - WEEK + 1, _DAY)}
    coldest, warmest = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    return [
        (coldest + 1, "The coldest week of the series; hours count from 1 at the start of the year"),
        (warmest + 1, "The warmest week of the series"),
    ]


def _chosen(book: Book, kind: str) -> None:
    """Write the units or the settings of the chosen solution cell by cell, and name them."""
    page = book.pages["Dispatch"]
    areas = [corners(book.names[f"{kind}_{k}"]) for k in range(1, 5)]
    rows, cols = areas[0][2] - areas[0][0] + 1, areas[0][3] - areas[0][1] + 1
    for r in range(rows):
        for c in range(cols):
            chosen = _choose(areas, r, c)
            formula = f'=IF({chosen}="","",{chosen})'
            page.sheet.write_formula(page.row + r, 1 + c, formula, page.style("calc", "name"), "")
    book.name(f"{kind}_shown", absolute(page.name, page.row, 1, page.row + rows - 1, cols))
    page.row += rows


def _choose(areas: Sequence[tuple[int, int, int, int]], row: int, col: int) -> str:
    """Return the formula of a cell of the chosen solution, given where the four areas begin on sheet Plant."""
    cells = ",".join(f"Plant!{cell(area[0] + row, area[1] + col)}" for area in areas)
    return f"CHOOSE(solution,{cells})"


def _kinds(book: Book) -> list[str]:
    """Write beside the chosen solution's units what charts show them as; return the cells."""
    page = book.pages["Dispatch"]
    first, _, _, last_col = corners(book.names["units_shown"])
    areas = [corners(book.names[f"units_{k}"]) for k in range(1, 5)]
    page.sheet.write(first, last_col + 1, "shown as", page.style("saved"))
    kinds = []
    for slot in range(1, SLOTS + 1):
        fuel, unit_type = _choose(areas, slot, FUEL_COLUMN - areas[0][1]), cell(first + slot, 2)
        formula = f'=IF(({unit_type}="boiler")*({fuel}="{BIOMASS}"),"{BIOMASS}",{unit_type}&"")'
        page.sheet.write_formula(first + slot, last_col + 1, formula, page.style("saved"), "")
        kinds.append(cell(first + slot, last_col + 1, True, True))
    return kinds


def _week(book: Book, season: str, shape: Shape, slots: Sequence[str]) -> Area:
    """Write the hours of a week and, beside them, the heat by unit type; return the cells with their labels."""
    page = book.pages["Dispatch"]
    first_col, last_col = 1 + shape.first_unit, shape.first_unit + SLOTS
    for slot, kind in enumerate(slots):
        page.sheet.write_formula(page.row, first_col + slot, f"={kind}", page.style("saved", align="center"), "")
    kinds = f"{cell(page.row, first_col, True, True)}:{cell(page.row, last_col, True, True)}"
    page.row += 1
    shown = shown_types(book.case)
    call = f"DH_DISPATCH_HOURS(units_shown,series,settings_shown,{season}_week_first_step,week_steps)"
    title = f"Hours of the {season} week"
    page.live_array(f"week_{season}", title, (page.row, 1), shape.size, f"IFERROR({call},saved_week_{season})")
    book.name(f"{season}_shown_step", absolute(page.name, page.row + 1, 1))
    begin = 2 + shape.size[1]
    place_of = {name: 1 + shape.header.index(name) for name in ("store", "unserved", "demand_mw", "storage_level_mwh")}
    for offset, label in enumerate(("Time", "Label", *(label for label, _ in shown), *_BESIDE, "Demand", "Level")):
        page.sheet.write(page.row, begin + offset, label, page.style("column"))
    for row in range(page.row + 1, page.row + shape.size[0]):
        values = f"{cell(row, first_col)}:{cell(row, last_col)}"
        sums = ["+".join(f'SUMIF({kinds},"{kind}",{values})' for kind in members) for _, members in shown]
        time = cell(row, begin)
        formulas = [
            f"INDEX(series_time,MAX(1,{cell(row, 1)}))",
            f'DAY({time})&" "&INDEX(month_names,MONTH({time}))&", "&MOD({cell(row, 1)}-1,24)&" h"',
            *sums,
            f"MAX(0,{cell(row, place_of['store'])})",
            *(cell(row, place_of[name]) for name in ("unserved", "demand_mw", "storage_level_mwh")),
        ]
        for offset, formula in enumerate(formulas):
            style = page.style("calc", "hour" if offset == 0 else "two", align="right")
            page.sheet.write_formula(row, begin + offset, f"={formula}", style, 0)
    labels = (page.name, page.row + 1, begin + 1, page.row + shape.size[0] - 1, begin + 1)
    page.row += shape.size[0] + 1
    return labels


def _charts(page: Page, season: str, labels: Area, position: tuple[int, int]) -> None:
    """Place the chart of a week, heat as stacked bars without gaps under the demand, and that of the store's level."""
    _, first, begin, last, _ = labels
    shown = [*(label for label, _ in shown_types(page.book.case)), *_BESIDE]

    def column(number: int) -> Area:
        return page.name, first, begin + number, last, begin + number

    ticks: dict[str, Any] = {"text_axis": True, "interval_unit": _DAY, "interval_tick": _DAY, "major_tick_mark": "none"}
    chart = page.book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    add_unit_series(chart, {label: column(1 + i) for i, label in enumerate(shown)}, labels, gap=0)
    line = page.book.xlsx.add_chart({"type": "line"})
    demand = column(1 + len(shown))
    line.add_series(
        {
            "name": "Demand",
            "categories": list(labels),
            "values": list(demand),
            "line": {"color": Colour.INK, "width": 1.25},
        }
    )
    chart.combine(line)
    dress(chart, f"{season.title()} week, chosen solution", "Heat, MW", "General", **ticks)
    place(
        page, chart, position, (_WIDTH, _HEAT_ROWS * _ROW_PIXELS), f"Heat of each unit type in a {season} week, by hour"
    )

    store = page.book.xlsx.add_chart({"type": "area"})
    store.add_series(
        {"name": "Level", "categories": list(labels), "values": list(column(2 + len(shown))),
         "fill": {"color": UNIT_COLOURS["Store"]}}
    )  # fmt: skip
    dress(store, "Content of the heat store", "Heat, MWh", "General", legend=False, y={"min": 0}, **ticks)
    below = (position[0] + _HEAT_ROWS, position[1])
    place(
        page,
        store,
        below,
        (_WIDTH, _STORE_ROWS * _ROW_PIXELS),
        f"Content of the heat store in a {season} week, by hour",
    )
