"""Dispatch, lower part: the arrays of every solution as the functions give them, and their sums by unit type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dhxl.functions import REGISTRY
from dhxl.workbook.case import Case
from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets.plant import FUEL_COLUMN, SLOTS

POINTS = 73  # points of the load duration curve: 120 h apart
WEEK = 168  # hours of the weeks shown
LAST_COLUMN = 12
TYPES = (
    ("Heat pumps", "heat_pump", ("heat_pump",)),
    ("CHP", "chp", ("chp",)),
    ("Boilers", "boiler", ("boiler", "electric_boiler")),
    ("Other sources", "other", ("source",)),
)  # fmt: skip
_FURTHER: Mapping[str, tuple[int, ...]] = {"DH_DISPATCH_DURATION": (POINTS,), "DH_DISPATCH_HOURS": (1, WEEK)}
BIOMASS = "biomass"  # kind of a boiler with that fuel
_BESIDE = ("unserved", "load_mw", "hours")  # columns of the arrays shown beside the sums by unit type


@dataclass(frozen=True, slots=True)
class Shape:
    """Size and header of a dispatch table, and the column in which the units begin."""

    size: tuple[int, int]
    header: tuple[str, ...]
    first_unit: int


def shown_types(case: Case) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return label and kinds of what charts and their tables show apart; boilers in two parts where one burns biomass."""
    fuels = {unit.get("fuel") for solution in case.solutions for unit in solution.units}
    shown: list[tuple[str, tuple[str, ...]]] = []
    for label, stem, kinds in TYPES:
        if stem != "boiler":
            shown.append((label, kinds))
        elif BIOMASS in fuels:
            shown += [("Biomass boilers", (BIOMASS,)), ("Other boilers", kinds)]
        else:
            shown.append((label, (*kinds, BIOMASS)))
    return tuple(shown)


def shape_of(name: str) -> Shape:
    """Return the shape of a dispatch table, learnt from a small plant with as many slots."""
    header: list[Any] = ["unit", "type", "heat_mw", "heat_efficiency", "fuel_eur_per_mwh"]
    units: list[list[Any]] = [header, ["Boiler", "boiler", 1.0, 0.9, 50.0], *([[None] * len(header)] * (SLOTS - 1))]
    series: list[list[Any]] = [["demand_mw", "electricity_eur_per_mwh"], *([[0.5, 50.0]] * 8760)]
    points = _FURTHER.get(name, ())
    rows = REGISTRY[name](units, series, [["unserved_eur_per_mwh", 10000.0]], *points)
    titles = tuple(str(title) for title in rows[0])
    return Shape((len(rows), len(titles)), titles, titles.index("Boiler") if "Boiler" in titles else 0)


def write_block(book: Book, k: int, name: str, shapes: Mapping[str, Shape]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Write the four arrays of a solution; return where its months and its load duration by unit type begin."""
    page = book.pages["Dispatch"]
    page.heading(f"Solution {k}: {name}", LAST_COLUMN)
    data = f"(units_{k},series,settings_{k}"

    shape = shapes["DH_DISPATCH"]
    page.live_array(f"dispatch_{k}", f"Dispatch of solution {k}", (page.row, 1), shape.size, f"DH_DISPATCH{data})")
    for col, title in enumerate(shape.header):
        if title in ("heat_mwh", "fuel_mwh", "power_out_mwh", "power_in_mwh"):
            place_of = (page.row + 1, 1 + col, page.row + SLOTS, 1 + col)
            book.name(f"table_{title}_{k}", absolute(page.name, *place_of))
    ends = page.row + shape.size[0] - 1
    heat = 1 + shape.header.index("heat_mwh")
    book.name(f"table_unit_{k}", absolute(page.name, page.row + 1 + SLOTS, 1, ends, 1))
    book.name(f"table_row_heat_mwh_{k}", absolute(page.name, page.row + 1 + SLOTS, heat, ends, heat))
    page.row += shape.size[0] + 1

    shape = shapes["DH_DISPATCH_SUMMARY"]
    page.live_array(
        f"summary_{k}", f"Summary of solution {k}", (page.row, 1), shape.size, f"DH_DISPATCH_SUMMARY{data})"
    )
    last = page.row + shape.size[0] - 1
    book.name(f"summary_name_{k}", absolute(page.name, page.row, 1, last, 1))
    book.name(f"summary_value_{k}", absolute(page.name, page.row, 2, last, 2))
    page.row = last + 2

    places = []
    for key, function, call in (
        ("monthly", "DH_DISPATCH_MONTHLY", f"DH_DISPATCH_MONTHLY{data})"),
        ("duration", "DH_DISPATCH_DURATION", f"DH_DISPATCH_DURATION{data},duration_points)"),
    ):
        shape = shapes[function]
        types = _types_row(book, k, shape)
        page.live_array(f"{key}_{k}", f"{key.title()} of solution {k}", (page.row, 1), shape.size, call)
        places.append(_by_type(book, shape, types))
        page.row += shape.size[0] + 1
    return places[0], places[1]


def _types_row(book: Book, k: int, shape: Shape) -> int:
    """Write slot numbers and kinds of unit above the columns of the units; return the row of the kinds."""
    page = book.pages["Dispatch"]
    for slot in range(SLOTS):
        col = 1 + shape.first_unit + slot
        page.sheet.write_number(page.row, col, slot + 1, page.style("saved", "count", align="center"))
        row = book.rows["first unit"][str(k)] + slot
        kind, fuel = absolute("Plant", row, 2), absolute("Plant", row, FUEL_COLUMN)
        formula = f'=IF(({kind}="boiler")*({fuel}="{BIOMASS}"),"{BIOMASS}",{kind}&"")'
        page.sheet.write_formula(page.row + 1, col, formula, page.style("saved", align="center"), "")
    page.row += 2
    return page.row - 1


def _by_type(book: Book, shape: Shape, types: int) -> tuple[int, int]:
    """Sum the units of each type beside an array whose header stands at the page's row; return where it begins."""
    page = book.pages["Dispatch"]
    first, last = 1 + shape.first_unit, shape.first_unit + SLOTS
    begin = 2 + shape.size[1]
    criteria = f"{cell(types, first, True, True)}:{cell(types, last, True, True)}"
    shown = shown_types(book.case)
    for offset, (label, _) in enumerate(shown):
        page.sheet.write(page.row, begin + offset, label, page.style("column"))
    for index in range(1, shape.size[0]):
        row = page.row + index
        values = f"{cell(row, first)}:{cell(row, last)}"
        for offset, (_, kinds) in enumerate(shown):
            formula = "+".join(f'SUMIF({criteria},"{kind}",{values})' for kind in kinds)
            page.sheet.write_formula(row, begin + offset, "=" + formula, page.style("calc", "one"), 0)
    for offset, title in enumerate(_BESIDE, start=len(shown)):
        if title not in shape.header:
            continue
        source = 1 + shape.header.index(title)
        page.sheet.write(page.row, begin + offset, title, page.style("column"))
        for row in range(page.row + 1, page.row + shape.size[0]):
            formula = f"={cell(row, source)}"
            page.sheet.write_formula(row, begin + offset, formula, page.style("calc", "one"), 0)
    return page.row + 1, begin
