"""Statements of a published study on payback and charges, held against the table of sheet Sensitivity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dhxl.workbook.page import Page, Validation, absolute, cell, column_name
from dhxl.workbook.style import Colour

__all__ = ["HELPER_TITLES", "write"]

# Beside the table: payback as a number (1000 where there is none), and what the statements count.
HELPER_TITLES: Final = ("Solution 1", "Solution 4", "Point", "Not longer", "4 better", "At first", "Change")
_HELPERS: Final = 21
_POINTS: Final = 9  # charges in each of the three price scenarios, Low, Medium, High
_LETTERS: Final = 235  # of a remark across the page
_FLAT, _LIMIT, _KNOWN = "sensitivity_flat_share", "sensitivity_study_charges_eur_per_mwh", "sensitivity_points"


def write(page: Page, first: int, last_col: int) -> None:
    """Write what the study says, whether the table from row ``first`` on bears it out, and why where it does not."""
    _helpers(page, first)
    fig7 = page.book.case.printed["fig7"]
    page.heading("What the study says of its Figure 7, held against the table above", last_col)
    for title, left, right in (("Statement", 1, 6), ("In this workbook", 7, 8), ("What is counted", 9, 14)):
        page.sheet.merge_range(page.row, left, page.row, right, title, page.style("column_left"))
    page.sheet.write(page.row, last_col, "Number", page.style("column"))
    page.row += 1
    top = page.row
    for text, counted, holds in zip(fig7["statements"], _counted(first), _HOLDS, strict=True):
        _statement(page, text, counted, holds)
    for words, colour in (("does not hold", Colour.BAD), ("holds", Colour.GOOD)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{words}"'}
        form = page.book.xlsx.add_format({"font_color": colour})
        page.sheet.conditional_format(top, 7, page.row - 1, 7, rule | {"format": form})
    page.input("Change that counts as nearly flat", _FLAT, "-", Validation(0, 1), "percent", value=fig7["flat_share"])
    page.sheet.write(page.row - 1, 4, fig7["flat_share_source"], page.style("note", text_wrap=False))
    page.sheet.write(page.row, 1, "Charges up to which 4 is better", page.style("label"))
    page.sheet.write(page.row, 2, fig7["charges_eur_per_mwh"], page.style("printed", "integer"))
    page.sheet.write(page.row, 3, "EUR/MWh", page.style("unit"))
    page.sheet.write(page.row, 4, fig7["charges_source"], page.style("note", text_wrap=False))
    page.book.name(_LIMIT, absolute(page.name, page.row, 2))
    page.row += 1
    points = ",".join(f"SUM({_area(first, 2, scenario)})" for scenario in range(3))
    page.calc("Charges in every price scenario", f"MIN({points})", "", "count", _KNOWN)
    for text in fig7["causes"]:
        page.note(text, last_col, lines=-(-len(text) // _LETTERS))


def _helpers(page: Page, first: int) -> None:
    number, fourth, point, _, _, start, _ = (column_name(_HELPERS + offset) for offset in range(len(HELPER_TITLES)))
    formulas: tuple[Callable[[int], str], ...] = (
        lambda r: f"IF(ISNUMBER(D{r}),D{r},1000)",
        lambda r: f"IF(ISNUMBER(G{r}),G{r},1000)",
        lambda r: f"1*ISNUMBER(B{r})",
        lambda r: f"N({point}{r - 1})*{point}{r}*(C{r}=C{r - 1})*({fourth}{r}<=N({fourth}{r - 1}))*({fourth}{r}<1000)",
        lambda r: f"{point}{r}*({fourth}{r}<{number}{r})",
        lambda r: f"IF(C{r}=C{r - 1},N({start}{r - 1}),{number}{r})",
        lambda r: f"{point}{r}*ABS({number}{r}/MAX({start}{r},1)-1)",
    )
    for offset, (title, formula) in enumerate(zip(HELPER_TITLES, formulas, strict=True)):
        page.sheet.write(first - 1, _HELPERS + offset, title, page.style("unit"))
        for row in range(first, first + 3 * _POINTS):
            style = page.style("calc", "percent2" if title == "Change" else "two")
            page.sheet.write_formula(row, _HELPERS + offset, f"={formula(row + 1)}", style, 0)


def _area(first: int, helper: int, scenario: int | None = None) -> str:
    """Return a column of the helpers, of all points or of those of one price scenario."""
    top = first + _POINTS * (scenario or 0)
    end = first + _POINTS * (3 if scenario is None else scenario + 1) - 1
    col = _HELPERS + helper
    return f"{cell(top, col, True, True)}:{cell(end, col, True, True)}"


def _counted(first: int) -> tuple[tuple[tuple[str, str], tuple[str, str]], ...]:
    """Return of each statement what is counted and by which formula."""
    low, medium, high = (_area(first, 0, scenario) for scenario in range(3))
    low4, medium4, high4 = (_area(first, 1, scenario) for scenario in range(3))
    charges = f"$B${first + 1}:$B${first + 3 * _POINTS}"
    return (
        (
            ("Charges at which the order is another",
             f"SUMPRODUCT({_area(first, 2, 0)}*(1-({high}<{medium})*({medium}<{low})))"),
            ("Largest change against payback without charges", f"MAX({_area(first, 6)})"),
        ),
        (
            ("Steps of the charges at which it is not longer", f"SUM({_area(first, 3)})"),
            ("Charges at which High is not the shortest",
             f"SUMPRODUCT({_area(first, 2, 2)}*(1-({high4}<{medium4})*({high4}<{low4})))"),
        ),
        (
            ("Scenarios in which 4 is not better without charges",
             f"SUMPRODUCT(({charges}=0)*{_area(first, 2)}*(1-{_area(first, 4)}))"),
            ("Points above the study's charges at which 4 is better", f"SUMPRODUCT(({charges}>{_LIMIT})*{_area(first, 4)})"),
        ),
    )  # fmt: skip


_HOLDS: Final = (f"({{0}}=0)*({{1}}<={_FLAT})", "({0}=0)*({1}=0)", "({0}=0)*({1}=0)")


def _statement(page: Page, text: str, counted: tuple[tuple[str, str], ...], holds: str) -> None:
    row = page.row
    page.sheet.merge_range(row, 1, row + 1, 6, text, page.style("label", text_wrap=True))
    test = holds.format(*(cell(row + offset, 15) for offset in range(2)))
    verdict = f'=CHOOSE(1+({_KNOWN}>0)*(1+{test}),"not calculated","does not hold","holds")'
    bold = page.style("label_bold")
    page.sheet.merge_range(row, 7, row + 1, 8, "", bold)
    page.sheet.write_formula(row, 7, verdict, bold, "not calculated")
    for offset, (label, formula) in enumerate(counted):
        number = "percent2" if label.startswith("Largest") else "count"
        page.sheet.write(row + offset, 9, label, page.style("unit"))
        page.sheet.write_formula(row + offset, 15, f"={formula}", page.style("calc", number, align="right"), 0)
    page.row += 2
