"""The charts of sheet Sensitivity: payback against charges, size of the store, tornado."""

from __future__ import annotations

from typing import Any, Final

from dhxl.workbook.charts import dress, place
from dhxl.workbook.page import Page
from dhxl.workbook.sheets.prices import SCENARIOS
from dhxl.workbook.style import SOLUTION_COLOURS, UNIT_COLOURS, Colour, chart_font

__all__ = ["ROWS", "storage", "tax", "tornado"]

ROWS: Final = 20  # that the two charts below the tables take

_HELPERS: Final = 17
_VOLUMES: Final = 9
_DASHES: Final = ("dash", "solid", "round_dot")
_ROW: Final = 20  # pixels


def tax(page: Page, first: int, taxes: int, position: tuple[int, int]) -> None:
    """Draw payback against charges: a colour a solution, a dash a price scenario."""
    chart = page.book.xlsx.add_chart({"type": "scatter", "subtype": "straight"})
    unlisted = []
    for s, dash in enumerate(_DASHES):
        top, end = first + s * taxes, first + (s + 1) * taxes - 1
        for k, colour in enumerate(SOLUTION_COLOURS):
            series: dict[str, Any] = {
                "name": f"Solution {k + 1}",
                "categories": [page.name, top, 1, end, 1],
                "values": [page.name, top, _HELPERS + k, end, _HELPERS + k],
                "line": {"color": colour, "width": 2, "dash_type": dash},
                "marker": {"type": "none"},
            }
            if k == 0:
                label = {"value": SCENARIOS[s], "font": chart_font(9, bold=True)}
                nothing = [{"delete": True}] * (taxes - 1)
                series["data_labels"] = {"value": True, "position": "right", "custom": [*nothing, label]}
            chart.add_series(series)
            if SCENARIOS[s] != "Medium":
                unlisted.append(s * len(SOLUTION_COLOURS) + k)
    dress(chart, "Payback against taxes and charges on electricity", "Payback, years", "0",
          category_axis="Taxes and charges, EUR/MWh", num_format="0")  # fmt: skip
    legend = {"position": "bottom", "font": chart_font(), "delete_series": unlisted}
    chart.set_legend(legend)
    chart.show_hidden_data()
    rows = taxes * len(_DASHES) + 1
    text = "Payback of each solution against electricity charges in three price scenarios"
    place(page, chart, position, (760, rows * _ROW - 4), text)


def storage(page: Page, first: int, position: tuple[int, int]) -> None:
    """Draw the boilers' share of heat and the NPV against the volume of the store."""
    chart = page.book.xlsx.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    last = _HELPERS + _VOLUMES - 1
    for name, row, colour, second in (
        ("Boilers, share of heat (left)", first + 1, UNIT_COLOURS["Boilers"], False),
        ("NPV, M EUR (right)", first + 2, Colour.BRAND, True),
    ):
        chart.add_series(
            {"name": name, "categories": [page.name, first, 3, first, 2 + _VOLUMES],
             "values": [page.name, row, _HELPERS, row, last], "y2_axis": second,
             "line": {"color": colour, "width": 2.25},
             "marker": {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}}
        )  # fmt: skip
    dress(chart, "Size of the heat store", "Boilers, share of heat", "0%", category_axis="Volume of the store, m³",
          num_format="0", y={"min": 0})  # fmt: skip
    chart.set_y2_axis(
        {"name": "NPV, M EUR", "num_format": "#,##0.0,,", "name_font": chart_font(), "num_font": chart_font(),
         "line": {"none": True}}
    )  # fmt: skip
    chart.show_hidden_data()
    text = "Boiler share and NPV against the volume of the store"
    place(page, chart, position, (655, ROWS * _ROW - 8), text)


def tornado(page: Page, first: int, position: tuple[int, int]) -> None:
    """Draw how far the NPV of the chosen solution moves with each driver, the farthest on top."""
    chart = page.book.xlsx.add_chart({"type": "bar"})
    last = first + 7
    for offset, (name, colour) in enumerate((("20 % less", "#56B4E9"), ("20 % more", "#D55E00"))):
        col = _HELPERS + 7 + offset
        chart.add_series(
            {"name": name, "categories": [page.name, first, _HELPERS + 6, last, _HELPERS + 6],
             "values": [page.name, first, col, last, col], "fill": {"color": colour}, "border": {"none": True},
             "gap": 40, "overlap": 100}
        )  # fmt: skip
    dress(chart, "NPV of the chosen solution: change with each driver", "", "")
    grid = {"visible": True, "line": {"color": Colour.RULE, "width": 0.5}}
    chart.set_x_axis(
        {"name": "Change of the NPV, M EUR", "num_format": "#,##0.0,,", "name_font": chart_font(),
         "num_font": chart_font(), "major_gridlines": grid, "line": {"none": True}}
    )  # fmt: skip
    chart.set_y_axis({"num_font": chart_font(), "label_position": "low", "major_gridlines": {"visible": False}})
    chart.show_hidden_data()
    text = "Change of the NPV of the chosen solution with 20 % less and 20 % more of each driver"
    place(page, chart, position, (760, ROWS * _ROW - 8), text)
