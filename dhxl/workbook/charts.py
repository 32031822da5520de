"""One look for all charts: title, axis titles with units, light grid, legend below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dhxl.workbook.page import Page
from dhxl.workbook.style import UNIT_COLOURS, Colour, chart_font

__all__ = ["Area", "add_unit_series", "dress", "place"]

Area = tuple[str, int, int, int, int]  # sheet, first row, first column, last row, last column


def dress(
    chart: Any, title: str, value_axis: str, number: str, *, category_axis: str = "", legend: bool = True, **extra: Any
) -> None:
    """Give a chart its title, axes and legend; ``extra`` goes to the category axis."""
    chart.set_title({"name": title, "name_font": chart_font(12, bold=True), "overlay": False})
    grid = {"visible": True, "line": {"color": Colour.RULE, "width": 0.5}}
    chart.set_y_axis(
        {"name": value_axis, "num_format": number, "name_font": chart_font(), "num_font": chart_font(),
         "major_gridlines": grid, "line": {"none": True}, **extra.pop("y", {})}
    )  # fmt: skip
    axis = {"num_font": chart_font(), "name_font": chart_font(), "label_position": "low", **extra}
    if category_axis:
        axis["name"] = category_axis
    chart.set_x_axis(axis)
    chart.set_legend({"position": "bottom", "font": chart_font()} if legend else {"none": True})
    chart.set_plotarea({"fill": {"none": True}})


def place(page: Page, chart: Any, position: tuple[int, int], size: tuple[int, int], description: str) -> None:
    """Put a chart on a page, size in pixels, with a description for screen readers."""
    chart.set_size({"width": size[0], "height": size[1]})
    page.sheet.insert_chart(*position, chart, {"description": description, "object_position": 2})


def add_unit_series(chart: Any, series: Mapping[str, Area], categories: Area, gap: int = 70) -> None:
    """Add one series a unit type, each in its own colour everywhere."""
    for name, values in series.items():
        chart.add_series(
            {
                "name": name,
                "categories": list(categories),
                "values": list(values),
                "fill": {"color": UNIT_COLOURS[name]},
                "border": {"none": True},
                "gap": gap,
            }
        )
