"""Builds a workbook of a case from nothing: sheets, names, charts, and an .xlsm package around them."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

from dhxl.workbook.case import Case
from dhxl.workbook.page import Book
from dhxl.workbook.sheets import (
    buttons,
    cashflow,
    checks,
    compare,
    costs,
    cover,
    design,
    dispatch,
    emissions,
    finance,
    flows,
    functions,
    guide,
    hidden,
    log,
    network,
    operation,
    plant,
    prices,
    saved,
    sensitivity,
    series,
)
from dhxl.workbook.styles_part import with_named_styles
from dhxl.workbook.vba import as_macro_workbook

__all__ = ["write_workbook"]

EPOCH = 1_767_225_600  # 1 January 2026, the date of the file where SOURCE_DATE_EPOCH does not say another


def write_workbook(case: Case, path: Path) -> None:
    """Write the uncalculated workbook of a case as a macro-enabled file.

    Results come with a run (:func:`dhxl.studies.run.run`).
    """
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.xlsx"
        _author(case, plain)
        as_macro_workbook(with_named_styles(plain.read_bytes()), path)


def _author(case: Case, path: Path) -> None:
    book = Book(str(path), case)
    created = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), tz=dt.UTC)
    book.xlsx.set_properties(
        {"title": case.title, "subject": "District heating feasibility study", "author": "dhxl",
         "created": created.replace(tzinfo=None)}
    )  # fmt: skip
    book.xlsx.set_calc_mode("auto", 191029)
    book.xlsx.calc_on_load = False  # a reader without the functions would lose the results
    book.xlsx.set_vba_name("ThisWorkbook")
    book.page("Cover", "control", case.title, case.case, cover.WIDTHS)
    book.page("Guide", "control", guide.TITLE, guide.SUBTITLE, guide.WIDTHS)
    for module in (
        design,
        network,
        plant,
        prices,
        costs,
        finance,
        emissions,
        series,
        dispatch,
        operation,
        flows,
        cashflow,
        sensitivity,
        compare,
        checks,
        log,
        saved,
        functions,
    ):
        module.write(book)
    cover.write(book)
    guide.write(book)
    buttons.write(book)
    hidden.write(book)
    for page in book.pages.values():
        page.sheet.set_vba_name(page.name)
    book.xlsx.close()
