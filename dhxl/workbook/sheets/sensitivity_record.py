"""The foot of sheet Sensitivity: the inputs behind each study as they are and as they were, and the stale flags.

A study is stale when an input that counts for it differs from what was kept when it was written; an input that the
study sets itself does not count, nor does what hangs on such an input alone. Where no input differs but a result of
the workbook does, a line or a formula of it was changed, and the study is stale too. All this is native formulas:
it works where the functions are not at hand. ``dhxl check`` compares the checksum of all inputs besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dhxl.workbook.page import Book, Page, absolute, cell, column_name
from dhxl.workbook.sheets.plant import UNIT_COLUMNS
from dhxl.workbook.study_areas import INPUT_NAMES, INPUTS, RESULTS, STALE, STUDIES, TITLES, kept
from dhxl.workbook.style import Colour

__all__ = ["write"]

_LIVE: Final = 2
_KEPT: Final = 3  # first of the columns of kept values, one a study
_COUNTS: Final = _KEPT + len(STUDIES)
_SWITCHES: Final = ("solution", "price_scenario")
_RANGES: Final = (
    "network_sections", "connected_share", "capex_line_life_years", "capex_line_share", "capex_line_eur_1",
    "capex_line_eur_2", "capex_line_eur_3", "capex_line_eur_4", "line_first", "line_last", "line_escalation",
    "line_ramp", "outdoor_degc", "electricity_shape_eur_per_mwh",
)  # fmt: skip
_COUNTED: Final = ("capex_line_eur_1", "line_eur_1")


def write(page: Page, status: Mapping[str, int]) -> None:
    """Write the record and the flags in the rows of ``status``."""
    book = page.book
    page.heading("What the studies rest on: inputs now, and when each study was written", 2 * len(STUDIES) + _LIVE)
    titles = (*TITLES.values(), *(f"{title}: counts" for title in TITLES.values()))
    header = page.columns(("Input", "Now", *titles), height=42)
    rows = [*_inputs(book), *_sums(book)]
    first = page.row
    for label, formula in rows:
        _row(page, label, formula)
        for col in range(_COUNTS, _COUNTS + len(STUDIES)):
            page.sheet.write_blank(page.row - 1, col, None, page.style("study", "flag", align="center"))
    last = page.row - 1
    book.name(INPUT_NAMES, absolute(page.name, first, 1, last, 1))
    book.name(INPUTS, absolute(page.name, first, _LIVE, last, _LIVE))
    for offset, study in enumerate(STUDIES):
        for what, col in (("inputs", _KEPT + offset), ("counts", _COUNTS + offset)):
            book.name(kept(what, study), absolute(page.name, first, col, last, col))
    results = page.row
    for k in range(1, 5):
        _row(page, f"NPV of solution {k}, hundred EUR", f"ROUND(npv_eur_{k}/100,0)")
    book.name(RESULTS, absolute(page.name, results, _LIVE, page.row - 1, _LIVE))
    for offset, study in enumerate(STUDIES):
        book.name(kept("results", study), absolute(page.name, results, _KEPT + offset, page.row - 1, _KEPT + offset))
    _flags(page, status)
    hidden = {"level": 1, "hidden": True}
    for row in range(header, page.row):
        page.sheet.set_row(row, 42 if row == header else None, None, hidden)


def _flags(page: Page, status: Mapping[str, int]) -> None:
    rows = []
    for label, formula in (
        ("Inputs that differ", "SUMPRODUCT(1*(sensitivity_inputs<>{inputs}))"),
        ("of those that count", "SUMPRODUCT((sensitivity_inputs<>{inputs})*{counts})"),
        ("Results that differ", "SUMPRODUCT(1*(sensitivity_results<>{results}))"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label_bold"))
        for offset, study in enumerate(STUDIES):
            names = {what: kept(what, study) for what in ("inputs", "counts", "results")}
            style = page.style("calc", "count")
            page.sheet.write_formula(page.row, _KEPT + offset, f"={formula.format(**names)}", style, 0)
        rows.append(page.row)
        page.row += 1
    for offset, study in enumerate(STUDIES):
        differ, count, moved = (f"{column_name(_KEPT + offset)}{row + 1}" for row in rows)
        flag = f'=({cell(status[study], 2)}<>"")*({count}+({differ}=0)*{moved}>0)'
        page.sheet.write_formula(status[study], 3, flag, page.style("calc", "flag", align="center"), 0)
    page.sheet.write(page.row, 1, "Studies whose inputs have changed since", page.style("label_bold"))
    total = f"=SUM({cell(min(status.values()), 3)}:{cell(max(status.values()), 3)})"
    page.sheet.write_formula(page.row, _LIVE, total, page.style("calc_bold", "count"), 0)
    page.book.name(STALE, absolute(page.name, page.row, _LIVE))
    page.row += 1
    old = page.book.xlsx.add_format({"bg_color": Colour.WARN_FILL, "bold": True})
    place = (min(status.values()), 3, max(status.values()), 4)
    rule = f"=${cell(min(status.values()), 3)}>0"
    page.sheet.conditional_format(*place, {"type": "formula", "criteria": rule, "format": old})


def _row(page: Page, label: str, formula: str) -> None:
    page.sheet.write(page.row, 1, label, page.style("label"))
    page.sheet.write_formula(page.row, _LIVE, f"={formula}", page.style("calc"), 0)
    for col in range(_KEPT, _KEPT + len(STUDIES)):
        page.sheet.write_blank(page.row, col, None, page.style("study"))
    page.row += 1


def _inputs(book: Book) -> Iterator[tuple[str, str]]:
    for name in (*_SWITCHES, *book.case.inputs):
        if name in _SWITCHES or name in book.names:
            yield name, name


def _sums(book: Book) -> Iterator[tuple[str, str]]:
    """Yield sums over tables and series, in thousandths so that engines agree on them."""
    numbers = [list(UNIT_COLUMNS).index(name) + 1 for name in ("heat_mw", "power_efficiency")]
    for k in range(1, 5):
        first, last = book.rows["first unit"][str(k)], book.rows["first unit"][str(k)] + 9
        units = absolute("Plant", first, numbers[0], last, numbers[1])
        yield f"Units of solution {k}, sum", f"ROUND(SUM({units})*1000,0)"
    for name in _RANGES:
        if name in book.names:
            yield f"{name}, sum", f"ROUND(SUM({name})*1000,0)"
    if {"outdoor_degc", "electricity_shape_eur_per_mwh"} <= book.names.keys():
        yield (
            "outdoor_degc x electricity_shape_eur_per_mwh, sum",
            "ROUND(SUMPRODUCT(outdoor_degc,electricity_shape_eur_per_mwh),0)",
        )
    if {"connected_years", "connected_share"} <= book.names.keys():
        yield "connected_years x connected_share, sum", "ROUND(SUMPRODUCT(connected_years,connected_share)*1000,0)"
    for name in _COUNTED:
        if name in book.names:
            yield f"{name}, rows", f"COUNT({name})"
