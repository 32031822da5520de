"""Series: the hourly year of outdoor temperature, heat demand and electricity price."""

from __future__ import annotations

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Book, Validation, absolute, cell

_WIDTHS = (2, 14, 14, 16, 14, 16, 24, 4, 12, 12, 12, 12, 12, 12)
FIRST_DAY = 47484  # 1 January 2030 as a spreadsheet date; labels only, weekdays are part of the price series
_HEADER = 8
_LAST_COLUMN = len(_WIDTHS) - 1


def write(book: Book) -> None:
    """Write the sheet."""
    case = book.case
    page = book.page("Series", "input", "Series", "Hourly year: 8760 rows, first hour of 1 January first", _WIDTHS)
    page.heading("Hourly values", 6)
    page.note(
        case.series_note + " Heat demand is computed from the temperatures by DH_HEAT_DEMAND (inputs on sheet Design).",
        6,
        lines=2,
    )
    page.note(
        "The price column is the series shifted to the mean of the chosen scenario. Dispatch reads the last two columns by their header names.",
        6,
        lines=2,
    )
    titles = (
        "hour",
        "outdoor °C",
        "price, unshifted EUR/MWh",
        "demand, saved MW",
        "demand_mw",
        "electricity_eur_per_mwh",
    )
    for offset, title in enumerate(titles):
        page.sheet.write(_HEADER, 1 + offset, title, page.style("column"))
    page.sheet.set_row(_HEADER, 30)
    hours = len(case.temperature_degc)
    first, last = _HEADER + 1, _HEADER + hours
    stamp, given, shown, saved = (page.style("input", "hour"), page.style("input", "two"), page.style("calc", "two"),
                                  page.style("saved", "three"))  # fmt: skip
    live = page.style("dhxl", "three")
    call = ("DH_HEAT_DEMAND(outdoor_degc,heat_production_mwh,base_load_mw,peak_load_mw,"
            "heating_limit_degc,room_degc,smoothing_h,constant_loss_mw)")  # fmt: skip
    page.sheet.write_array_formula(first, 5, last, 5, f"{{=IF(engine_live,{call},saved_load)}}", live, 0)
    for hour, (temperature, price) in enumerate(zip(case.temperature_degc, case.electricity_eur_per_mwh, strict=True)):
        row = first + hour
        page.sheet.write_number(row, 1, FIRST_DAY + hour / 24, stamp)
        page.sheet.write_number(row, 2, temperature, given)
        page.sheet.write_number(row, 3, price, given)
        page.sheet.write_blank(row, 4, None, saved)
        if hour:
            page.sheet.write_number(row, 5, 0, live)
        page.sheet.write_formula(row, 6, f"={cell(row, 3, absolute_col=True)}+electricity_shift_eur_per_mwh", shown, 0)
    stamps = Validation(1, 100_000).options("Time stamp", "-") | {"ignore_blank": True}
    page.sheet.data_validation(first, 1, last, 1, stamps)
    for col, validation, unit in ((2, Validation(-60, 60), "°C"), (3, Validation(-1000, 10000), "EUR/MWh")):
        page.sheet.data_validation(first, col, last, col, validation.options(titles[col - 1], unit))
    book.name("series_time", absolute(page.name, first, 1, last, 1))
    book.name("outdoor_degc", absolute(page.name, first, 2, last, 2))
    book.name("electricity_shape_eur_per_mwh", absolute(page.name, first, 3, last, 3))
    book.name("saved_load", absolute(page.name, first, 4, last, 4))
    book.name("live_load", absolute(page.name, first, 5, last, 5))
    book.name("hourly_demand_mw", absolute(page.name, first, 5, last, 5))
    book.name("series", absolute(page.name, _HEADER, 5, last, 6))
    page.group_saved(4)
    _summary(book)
    _chart(book, first, last)
    page.finish(_LAST_COLUMN, last_row=44, freeze=(_HEADER + 1, 0), one_page=True)


def _summary(book: Book) -> None:
    page = book.pages["Series"]
    page.sheet.write(_HEADER, 8, "The year", page.style("column_left"))
    for col in (9, 10, 11):
        page.sheet.write(_HEADER, col, ("", "Outdoor", "Demand", "Price")[col - 8], page.style("column"))
    rows = (
        ("Mean", "AVERAGE"), ("Highest", "MAX"), ("Lowest", "MIN"), ("Sum", "SUM"), ("Rows", "COUNT"),
    )  # fmt: skip
    ranges = ("outdoor_degc", "hourly_demand_mw", "electricity_shape_eur_per_mwh+electricity_shift_eur_per_mwh")
    for offset, (label, function) in enumerate(rows, start=1):
        row = _HEADER + offset
        page.sheet.write(row, 8, label, page.style("label"))
        for col, area in zip((9, 10), ranges[:2], strict=True):
            number = "integer" if function in ("SUM", "COUNT") else "two"
            page.sheet.write_formula(row, col, f"={function}({area})", page.style("calc", number), 0)
        shift = "" if function == "COUNT" else "+electricity_shift_eur_per_mwh"
        if function != "SUM":
            formula = f"={function}(electricity_shape_eur_per_mwh){shift}"
            number = "integer" if function == "COUNT" else "two"
            page.sheet.write_formula(row, 11, formula, page.style("calc", number), 0)
    units = ("", "°C", "MW, MWh", "EUR/MWh")
    for offset, unit in enumerate(units):
        page.sheet.write(_HEADER + 6, 8 + offset, unit, page.style("unit", align="right"))
    book.name("series_rows", absolute(page.name, _HEADER + 5, 10))
    book.name("series_peak_mw", absolute(page.name, _HEADER + 2, 10))
    book.name("series_demand_mwh", absolute(page.name, _HEADER + 4, 10))


def _chart(book: Book, first: int, last: int) -> None:
    page = book.pages["Series"]
    for place_at, (col, title, axis, colour) in enumerate(
        (
            (5, "Heat demand of the year", "Heat, MW", "#0072B2"),
            (2, "Outdoor temperature of the year", "Temperature, °C", "#D55E00"),
        )
    ):
        chart = book.xlsx.add_chart({"type": "line"})
        chart.add_series(
            {
                "name": title,
                "categories": [page.name, first, 1, last, 1],
                "values": [page.name, first, col, last, col],
                "line": {"color": colour, "width": 0.75},
            }
        )
        dress(
            chart,
            title,
            axis,
            "General",
            legend=False,
            date_axis=True,
            num_format="mmm",
            major_unit=1,
            major_unit_type="months",
        )
        place(page, chart, (16 + place_at * 14, 8), (500, 260), title)
