"""Network: one row a pipe section with loss, linear heat density and rating."""

from __future__ import annotations

from dhxl.workbook.page import Book, Validation, absolute, cell

FREE_SECTIONS = 6
_WIDTHS = (2, 34, 8, 11, 10, 12, 12, 13, 13, 13, 24, 2, *(13,) * 7)
_TITLES = (
    "Section", "DN", "Insulation series", "Length\nm", "Heat sold\nMWh/a", "Loss\nW/m", "Loss\nMWh/a",
    "Linear heat density\nMWh/(m·a)", "Loss share", "Rating",
)  # fmt: skip


def write(book: Book) -> None:
    """Write the sheet."""
    case = book.case
    page = book.page(
        "Network", "input", "Network",
        "Pipe sections: supply and return in one trench, temperatures of sheet Design; free rows at the end, more by inserting rows",
        _WIDTHS,
    )  # fmt: skip
    page.heading("Pipe sections", 10, f"{case.network_source}. DN as in EN 253, insulation series 1 (standard) to 3.")
    header = page.columns(_TITLES, height=44)
    first = page.row
    last = first + len(case.network_rows) + FREE_SECTIONS - 1
    book.name("section_dn", absolute(page.name, first, 2, last, 2))
    for values in (*case.network_rows, *((),) * FREE_SECTIONS):
        _section(book, values)
    page.sheet.add_table(
        header, 1, last, 10,
        {"name": "network_table", "style": "Table Style Light 1", "autofilter": False, "header_row": True,
         "columns": [{"header": t.replace("\n", " ")} for t in _TITLES]},
    )  # fmt: skip
    for offset, title in enumerate(_TITLES):
        page.sheet.write(header, 1 + offset, title.replace("\n", " "), page.style("column"))
    book.name("network_sections", absolute(page.name, first, 2, last, 5))
    book.name("section_length_m", absolute(page.name, first, 4, last, 4))
    book.name("section_heat_mwh", absolute(page.name, first, 5, last, 5))
    book.name("section_loss_mwh", absolute(page.name, first, 7, last, 7))
    for key, live_col, saved_col in (("loss", 6, 12), ("density", 8, 13), ("rating", 10, 14)):
        book.name(f"live_network_{key}", absolute(page.name, first, live_col, last, live_col))
        book.name(f"saved_network_{key}", absolute(page.name, first, saved_col, last, saved_col))

    book.name("live_input_network_sections", absolute(page.name, first, 2, last, 5))
    book.name("saved_input_network_sections", absolute(page.name, first, 15, last, 18))

    row = page.row
    page.sheet.write(row, 1, "Total", page.style("calc_bold"))
    for col in (2, 3, 6, 10):
        page.sheet.write_blank(row, col, None, page.style("calc_bold"))
    for col, name, number in ((4, "section_length_m", "integer"), (5, "section_heat_mwh", "integer"),
                              (7, "section_loss_mwh", "integer")):  # fmt: skip
        page.sheet.write_formula(row, col, f"=SUM({name})", page.style("calc_bold", number), 0)
    page.sheet.write_formula(row, 8, f"={cell(row, 5)}/{cell(row, 4)}", page.style("calc_bold", "two"), 0)
    page.sheet.write_formula(
        row, 9, f"={cell(row, 7)}/({cell(row, 7)}+{cell(row, 5)})", page.style("calc_bold", "percent"), 0
    )
    book.name("sections_length_m", absolute(page.name, row, 4))
    book.name("sections_heat_mwh", absolute(page.name, row, 5))
    book.name("sections_loss_mwh", absolute(page.name, row, 7))
    page.row += 2

    page.heading("Network as a whole", 10)
    _figure(book, "Loss computed from the sections", "sections_loss_mwh", "MWh/a", "integer", "",
            case.text("network_sections", "Beside the loss on sheet Design, which the demand uses"))  # fmt: skip
    _figure(book, "Loss share computed from the sections", "sections_loss_mwh/(sections_loss_mwh+heat_demand_mwh)",
            "-", "percent", "computed_loss_share", "Beside the input on sheet Design, which the demand uses")  # fmt: skip
    _figure(book, "Cost of the network per metre of trench", "capex_distribution_eur/trench_length_m", "EUR/m",
            "integer", "network_cost_eur_per_m", case.text("network_cost", "Distribution system of sheet Costs over the trench length"))  # fmt: skip
    row = _figure(book, "Cost of the network per MWh sold",
                  "DH_NETWORK_COST(linear_heat_density_mwh_per_m,network_cost_eur_per_m,network_life_years)",
                  "EUR/MWh", "two", "network_cost_eur_per_mwh", "Plain spread over the life of the pipes", live=True)  # fmt: skip
    _figure(book, "Loss share at this linear heat density",
            "DH_LOSS_SHARE(linear_heat_density_mwh_per_m,sections_loss_mwh/trench_length_m)", "-", "percent",
            "density_loss_share", "q/(LHD+q)", live=True)  # fmt: skip
    book.name("live_network_total", absolute(page.name, row, 4, row + 1, 4))
    book.name("saved_network_total", absolute(page.name, row, 12, row + 1, 12))
    row = page.row
    page.sheet.merge_range(row, 1, row, 3, "Life of the network", page.style("label"))
    page.sheet.write(row, 4, case.value("network_life_years"), page.style("input", "count"))
    page.sheet.data_validation(row, 4, row, 4, Validation(1, 100, whole=True).options("Life of the network", "a"))
    page.sheet.write(row, 5, "a", page.style("unit"))
    page.sheet.write(row, 6, case.source("network_life_years"), page.style("unit"))
    book.name("network_life_years", absolute(page.name, row, 4))
    page.row += 1
    page.group_saved(12, 18)
    page.finish(10, one_page=True)


def _section(book: Book, values: tuple[float | str, ...]) -> None:
    page, row = book.pages["Network"], book.pages["Network"].row
    entry = dict(zip(book.case.network_columns, values, strict=True)) if values else {}
    limits = {
        2: ("DN", Validation(20, 500, whole=True), "-"),
        3: ("Insulation series", Validation(1, 3, whole=True), "-"),
        4: ("Length", Validation(0, 1e6), "m"),
        5: ("Heat sold", Validation(0, 1e7), "MWh/a"),
    }
    page.sheet.write(row, 1, entry.get("section", ""), page.style("input"))
    for col, column in zip((2, 3, 4, 5), ("dn", "insulation_series", "length_m", "heat_sold_mwh"), strict=True):
        style = page.style("input", "count" if col < 4 else "integer")
        if entry:
            page.sheet.write(row, col, entry[column], style)
        else:
            page.sheet.write_blank(row, col, None, style)
        title, validation, unit = limits[col]
        options = validation.options(title, unit) | {"ignore_blank": True}
        page.sheet.data_validation(row, col, row, col, options)
        page.sheet.write_blank(row, 13 + col, None, page.style("saved"))
    dn_cell, series_cell, length_cell, heat_cell = (cell(row, c, absolute_col=True) for c in (2, 3, 4, 5))
    loss_cell, total_cell, density_cell = (cell(row, c, absolute_col=True) for c in (6, 7, 8))
    there = f"({length_cell}>0)"  # a free row, or one without length, has neither loss nor density
    none = f"({length_cell}=0)"
    pipe = f"MAX({dn_cell},{none}*MIN(section_dn)),MAX({series_cell},{none})"
    live = (
        (6, f"{there}*DH_PIPE_LOSS({pipe},supply_degc,return_degc,ground_degc)", 12, "one"),
        (8, f"{there}*DH_LHD(N({heat_cell}),{length_cell}+{none})", 13, "two"),
        (10, f"LEFT(DH_LHD_RATING({density_cell}),100*{there})", 14, "general"),
    )
    for col, call, saved, number in live:
        kept = cell(row, saved, absolute_col=True) + ('&""' if number == "general" else "")
        formula = f"=IF(engine_live,{call},{kept})"
        page.sheet.write_formula(row, col, formula, page.style("dhxl", number), 0)
        page.sheet.write_blank(row, saved, None, page.style("saved", number))
    page.sheet.write_formula(row, 7, f"={loss_cell}*{length_cell}*8760/1000000", page.style("calc", "integer"), 0)
    share = f"=IF({total_cell}+{heat_cell}>0,{total_cell}/({total_cell}+{heat_cell}),0)"
    page.sheet.write_formula(row, 9, share, page.style("calc", "percent"), 0)
    page.row += 1


def _figure(
    book: Book, label: str, formula: str, unit: str, number: str, name: str, note: str, live: bool = False
) -> int:
    page = book.pages["Network"]
    row = page.row
    page.sheet.merge_range(row, 1, row, 3, label, page.style("label"))
    if live:
        saved = cell(row, 12, absolute_col=True)
        page.sheet.write_formula(row, 4, f"=IF(engine_live,{formula},{saved})", page.style("dhxl", number), 0)
        page.sheet.write_blank(row, 12, None, page.style("saved", number))
    else:
        page.sheet.write_formula(row, 4, "=" + formula, page.style("calc", number), 0)
    page.sheet.write(row, 5, "" if unit == "-" else unit, page.style("unit"))
    page.sheet.write(row, 6, note, page.style("unit"))
    if name:
        book.name(name, absolute(page.name, row, 4))
    page.row += 1
    return row
