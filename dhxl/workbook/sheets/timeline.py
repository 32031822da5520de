"""The one timeline: rows with the same formula in every year, in the same columns on every sheet."""

from __future__ import annotations

from dhxl.workbook.page import Page, column_name

__all__ = ["FIRST_YEAR", "LAST_YEAR", "SHOWN_YEARS", "YEARS", "timeline", "years_of"]

YEARS = 46  # years 0 to 45: at most 5 of design and 40 of operation
FIRST_YEAR = 8  # column of year 0; the column before it is empty and serves as the opening of running rows
LAST_YEAR = FIRST_YEAR + YEARS - 1
SHOWN_YEARS = 26  # in charts and on paper: 5 design and 20 operating years and the start


def years_of(row: int) -> tuple[str, str]:
    """Return the first and last cell of a row's years, in A1 style."""
    return f"{column_name(FIRST_YEAR)}{row + 1}", f"{column_name(LAST_YEAR)}{row + 1}"


def timeline(page: Page, label: str, formula: str, number: str, *, first: str = "", sign: int | None = None,
             style: str = "calc", total: str = "") -> int:  # fmt: skip
    """Write one row of the timeline, the same formula in every year; return the row.

    ``{c}`` and ``{p}`` stand for this and the last column, ``{r}`` for the row; ``first`` is the number in year 0 of
    the row that counts the years.
    """
    row = page.row
    page.sheet.write(row, 1, label, page.style("label_bold" if style == "calc_bold" else "label"))
    if sign is not None:
        page.sheet.write(row, 2, sign, page.style("unit", "count", align="center"))
    if total:
        area = ":".join(years_of(row))
        page.sheet.write_formula(row, 3, f"={total}({area})", page.style(style, number), 0)
    for col in range(FIRST_YEAR, LAST_YEAR + 1):
        text = formula.replace("{c}", column_name(col)).replace("{p}", column_name(col - 1))
        text = text.replace("{r}", str(row + 1))
        if first and col == FIRST_YEAR:
            page.sheet.write_number(row, col, float(first), page.style(style, number))
        else:
            page.sheet.write_formula(row, col, "=" + text, page.style(style, number), 0)
    page.row += 1
    return row
