"""Colours, fonts and cell formats of the workbook, as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = [
    "FONT",
    "NUMBER_FORMATS",
    "SOLUTION_COLOURS",
    "STYLES",
    "TAB_COLOURS",
    "UNIT_COLOURS",
    "Colour",
    "chart_font",
]


class Colour:
    """Colours by meaning. Unit colours are of the palette of Okabe and Ito, told apart by colour-blind readers."""

    INK = "#1F2933"
    MUTED = "#616E7C"
    RULE = "#CBD2D9"
    BRAND = "#0B4F6C"
    BAND = "#E4EEF2"
    INPUT_INK = "#0000FF"
    INPUT_FILL = "#FFFBE0"
    DHXL_INK = "#005A3C"
    DHXL_FILL = "#EAF6F0"
    PRINTED_INK = "#7A5C00"
    STUDY_INK = "#5B3A8C"
    SAVED_INK = "#9AA5B1"
    GOOD = "#1B7F4B"
    BAD = "#B42318"
    BAD_FILL = "#FDE7E4"
    WARN = "#8A5A00"
    WARN_FILL = "#FFF1D6"
    WHITE = "#FFFFFF"


FONT: Final = "Calibri"

# What a chart shows of a unit type is drawn in the same colour everywhere.
UNIT_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Heat pumps": "#0072B2",
        "CHP": "#D55E00",
        "Boilers": "#8C8C8C",
        "Biomass boilers": "#F0E442",
        "Other boilers": "#8C8C8C",
        "Other sources": "#E69F00",
        "Store": "#56B4E9",
        "Unserved": "#CC79A7",
        "Geothermal": "#009E73",
    }
)
# Solutions 1 to 4 in charts that compare solutions by lines.
SOLUTION_COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
TAB_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {"control": "#7A5C00", "input": "#2F6FDE", "working": "#8795A1", "result": "#1B7F4B"}
)

NUMBER_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "general": "General",
        "text": "@",
        "count": "0",
        "integer": "#,##0;[Red]-#,##0;0",
        "money": "#,##0;[Red]-#,##0;–",
        "thousand": "#,##0,;[Red]-#,##0,;–",
        "one": "#,##0.0",
        "two": "#,##0.00",
        "three": "#,##0.000",
        "four": "#,##0.0000",
        "percent": "0.0%",
        "percent2": "0.00%",
        "years": "0.00",
        "factor": '0.0000;-0.0000;"–"',
        "hour": 'dd mmm hh":00"',
        "flag": '0;-0;"–"',
        "scientific": "0.0E+00",
        "table": '#,##0.0;-#,##0.0;"–";@',
        "name": "General;-General;;@",
        "operating_year": '"Operating year "0',
    }
)

_BASE: Final = {"font_name": FONT, "font_size": 10, "font_color": Colour.INK, "valign": "vcenter"}
_RULED: Final = {"border": 1, "border_color": Colour.RULE}

STYLES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "normal": _BASE,
        "title": {**_BASE, "font_size": 18, "bold": True, "font_color": Colour.BRAND},
        "subtitle": {**_BASE, "font_size": 10, "font_color": Colour.MUTED},
        "heading": {**_BASE, "font_size": 12, "bold": True, "font_color": Colour.WHITE, "bg_color": Colour.BRAND},
        "column": {
            **_BASE, **_RULED, "bold": True, "bg_color": Colour.BAND, "text_wrap": True, "align": "center",
        },
        "column_left": {**_BASE, **_RULED, "bold": True, "bg_color": Colour.BAND, "text_wrap": True},
        "label": _BASE,
        "label_bold": {**_BASE, "bold": True},
        "unit": {**_BASE, "font_color": Colour.MUTED, "indent": 1},
        "note": {**_BASE, "font_size": 9, "font_color": Colour.MUTED, "text_wrap": True, "indent": 1},
        "input": {
            **_BASE, **_RULED, "font_color": Colour.INPUT_INK, "bg_color": Colour.INPUT_FILL, "locked": False,
        },
        "calc": {**_BASE, **_RULED},
        "calc_bold": {**_BASE, **_RULED, "bold": True, "bg_color": Colour.BAND},
        "dhxl": {**_BASE, **_RULED, "font_color": Colour.DHXL_INK, "bg_color": Colour.DHXL_FILL},
        "printed": {**_BASE, **_RULED, "font_color": Colour.PRINTED_INK, "italic": True},
        "study": {**_BASE, **_RULED, "font_color": Colour.STUDY_INK},
        "saved": {**_BASE, "font_color": Colour.SAVED_INK, "font_size": 9},
        "link": {**_BASE, "font_color": Colour.BRAND, "underline": 1},
        "banner": {**_BASE, "font_size": 12, "bold": True, "text_wrap": True, "indent": 1},
        "status": {**_BASE, "font_size": 9, "bold": True, "font_color": Colour.GOOD},
        "text": {**_BASE, "text_wrap": True, "valign": "top"},
        "key": {**_BASE, **_RULED, "bold": True, "font_size": 12, "align": "center"},
    }
)  # fmt: skip


def chart_font(size: float = 9, bold: bool = False, colour: str = Colour.INK) -> dict[str, Any]:
    """Return the font of a chart's text."""
    return {"name": FONT, "size": size, "bold": bold, "color": colour}
