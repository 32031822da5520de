"""The schedule of the capital cost lines on sheet Flows: what is paid, replaced and depreciated in each year."""

from __future__ import annotations

from collections.abc import Mapping

from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets.timeline import LAST_YEAR, timeline, years_of

__all__ = ["SLOTS", "write_assets"]

SLOTS = 16  # capital cost lines that a schedule holds; sheet Checks tells when there are more
_LIFE = 7


def write_assets(book: Book, rows: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Write the schedule per EUR of each line; return first and last row of its sections.

    ``rows`` are those of the timeline. Amounts of the solutions stand beside the lines of the first section.
    """
    year, oy, phase, index = (f"{{c}}${rows[key] + 1}" for key in ("Year", "Operating year", "In operation", "Index"))
    page = book.pages["Flows"]
    sections: dict[str, tuple[int, int]] = {}

    page.heading("Capital cost lines (sheet Costs): paid in the year, per EUR in prices of year 0", LAST_YEAR)
    titles = ("Line", "No.", "Solution 1, EUR", "Solution 2, EUR", "Solution 3, EUR", "Solution 4, EUR", "Life, years")
    page.columns(titles, height=28)
    first = page.row
    for slot in range(SLOTS):
        row = timeline(
            page, "",
            f"(full_model*IFERROR(INDEX(capex_line_share,$C{page.row + 1},{year}+1),0)+(1-full_model)*({year}=0))*{index}",
            "factor",
        )  # fmt: skip
        page.sheet.write_formula(row, 2, f"=ROWS($A${first + 1}:$A{row + 1})", page.style("calc", "count"), slot + 1)
        label = f'=IFERROR(INDEX(capex_line_name,$C{row + 1})&"","")'
        page.sheet.write_formula(row, 1, label, page.style("label"), "")
        for k in range(1, 5):
            amount = f"=IFERROR(INDEX(capex_line_eur_{k},$C{row + 1}),0)"
            page.sheet.write_formula(row, 2 + k, amount, page.style("calc", "money"), 0)
        life = f"=IFERROR(INDEX(capex_line_life_years,$C{row + 1}),0)"
        page.sheet.write_formula(row, _LIFE, life, page.style("calc", "count"), 0)
    sections["paid"] = (first, page.row - 1)
    for k in range(1, 5):
        book.name(f"asset_eur_{k}", absolute(page.name, first, 2 + k, page.row - 1, 2 + k))

    page.skip()
    page.heading("Due for replacement at the end of its life, per EUR", LAST_YEAR)
    page.columns(("Line", "", "", "", "", "Present value", "Life, years"), height=28)
    start = page.row
    for slot in range(SLOTS):
        life = cell(page.row, _LIFE, absolute_col=True)
        row = timeline(
            page, "",
            f"({life}>0)*({oy}>0)*(MOD({oy},MAX({life},1))=0)*({year}<last_operating_year)*{index}",
            "factor",
        )  # fmt: skip
        _names(book, row, first + slot)
        area = ":".join(years_of(row))
        value = f"=SUMPRODUCT({area},flow_operation_factors)"
        page.sheet.write_formula(row, 6, value, page.style("calc", "factor"), 0)
    sections["replaced"] = (start, page.row - 1)

    page.skip()
    page.heading("Depreciated in the year, per EUR", LAST_YEAR)
    titles = ("Line", "Replace-\nments", "Paid", "Residual, VDI 2067", "Years", "Annual cost", "Life, years")
    page.columns(titles, height=28)
    begin = page.row
    for slot in range(SLOTS):
        _depreciation(book, slot, (first, start), oy, phase)
    sections["depreciated"] = (begin, page.row - 1)
    for name, col in (("asset_paid_share", 3), ("asset_years", 5), ("asset_annual_cost", 6)):
        book.name(name, absolute(page.name, begin, col, page.row - 1, col))
    return sections


def _depreciation(book: Book, slot: int, starts: tuple[int, int], oy: str, phase: str) -> None:
    page, r = book.pages["Flows"], book.pages["Flows"].row + 1
    again = f"replace_assets_used*(1+capex_escalation_used)^(design_years+$F{r}*INT(({oy}-1)/$F{r}))"
    row = timeline(page, "", f"{phase}*(({oy}<=$F{r})*$D{r}+({oy}>$F{r})*{again})/$F{r}", "factor")
    _names(book, row, starts[0] + slot)
    paid = ":".join(years_of(starts[0] + slot))
    life = f"$H{r}"
    for col, formula, number in (
        (2, f"INT((operating_years-1)/$F{r})", "count"),
        (3, f"SUM({paid})", "factor"),
        (4, f"(1+capex_escalation_used)^($F{r}*$C{r})*(($C{r}+1)*$F{r}-operating_years)/$F{r}", "factor"),
        (5, f"IF({life}>0,{life},operating_years)", "count"),
        (6, f"annuity_factor*((1+capex_escalation_used)^design_years*(1-$E{r}*(1+discount_rate)^-operating_years)+$G{starts[1] + slot + 1})", "factor"),
    ):  # fmt: skip
        page.sheet.write_formula(row, col, "=" + formula, page.style("calc", number), 0)


def _names(book: Book, row: int, source: int) -> None:
    page = book.pages["Flows"]
    page.sheet.write_formula(row, 1, f"=B{source + 1}", page.style("label"), "")
    page.sheet.write_formula(row, _LIFE, f"=H{source + 1}", page.style("calc", "count"), 0)
