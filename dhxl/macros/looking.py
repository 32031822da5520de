"""Buttons that look: the workbook checked, a red cell explained, the page of a function, a copy for outsiders."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xlwings import Book, Range, XlwingsError

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import ERROR_CODES
from dhxl.functions.wizard import argument_text
from dhxl.macros.desk import Desk, run_macro
from dhxl.studies.check import CheckReport, check
from dhxl.studies.explain import explained
from dhxl.studies.freeze import freeze
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.names import Reference

__all__ = ["check_workbook", "freeze_copy", "show_help", "why_red"]

_SHOWN: Final = 12  # findings in a message
_GUIDE: Final = "Guide"
_HELP: Final = """\
Cells in blue are inputs: change them, and everything follows.
Select a cell with a DH_ function and press Help for its arguments; select a red cell and press Why.
Sheet Guide tells the rest; on the command line, dhxl --help and dhxl functions."""


def freeze_copy(book: Book | None = None, copy: str | None = None) -> None:
    """Write a copy without macros and without functions of dhxl beside the workbook, for outsiders."""

    def work(desk: Desk) -> str:
        target = _free_place(desk.book)
        with desk.copy() as path:
            report = freeze(path, target, desk.progress)
        lines = [f"Frozen copy: {report.written}"]
        lines.append(f"{report.constants} formulas with functions hold their results; all others are live.")
        return "\n".join([*lines, *report.notes])

    run_macro(work, book, copy)


def check_workbook(book: Book | None = None, copy: str | None = None) -> None:
    """Look the workbook through: rules for its formulas and inputs, its own checks and alerts."""

    def work(desk: Desk) -> str:
        with desk.copy() as path:
            return _told(check(path, progress=desk.progress))

    run_macro(work, book, copy)


def why_red(book: Book | None = None, copy: str | None = None) -> None:
    """Explain the selected cell: the sentence behind its error value, or what is wrong with it otherwise."""

    def work(desk: Desk) -> str:
        cell = _selected(desk.book)
        if cell is None:
            raise WorkbookError("select the red cell first, then press the button")
        place = Reference(cell.sheet.name, cell.row, cell.column, cell.row, cell.column)
        value = cell.options(err_to_str=True).value
        shown = value if isinstance(value, str) and value in ERROR_CODES else ""
        with desk.copy() as path:
            return explained(path, place, shown, desk.progress)

    run_macro(work, book, copy)


def show_help(book: Book | None = None) -> None:
    """Show what the functions of the selected cell take and give, or how to work and the sheet Guide."""

    def work(desk: Desk) -> str:
        cell = _selected(desk.book)
        formula = str(cell.formula) if cell is not None else ""
        names = dict.fromkeys(call.name for call in function_calls(formula.lstrip("=")) if call.name in REGISTRY)
        if names:
            return "\n\n".join(map(_page, names))
        desk.show(_GUIDE)
        return _HELP

    run_macro(work, book)


def _selected(book: Book) -> Range | None:
    """Return the first selected cell; None where a chart is selected, or a cell of another workbook."""
    chosen = book.app.selection
    return chosen[0, 0] if chosen is not None and chosen.sheet.book.name == book.name else None


def _page(name: str) -> str:
    function = REGISTRY[name]
    lines = [f"{one.name}: {argument_text(one)}" for one in function.arguments]
    return "\n".join([function.syntax, function.summary, *lines])


def _told(report: CheckReport) -> str:
    count = len(report.findings)
    lines = [f"{count} finding{'s' * (count != 1)}" if count else "Nothing was found."]
    lines += [f"{one.rule}  {one.cell or one.sheet}  {one.text}" for one in report.findings[:_SHOWN]]
    if count > _SHOWN:
        lines.append(f"and {count - _SHOWN} more; dhxl check on the command line lists all")
    if report.checks_total is not None and report.alerts_total is not None:
        lines.append(f"Checks failed: {report.checks_total:.0f}   Alerts: {report.alerts_total:.0f}")
    return "\n".join([*lines, *(f"Alert {cell}: {text}" for cell, text in report.alerts)])


def _free_place(book: Book) -> Path:
    """Return a new file beside the workbook, or among the user's documents where the workbook is in a cloud."""
    try:
        folder = Path(book.fullname).parent
    except XlwingsError:
        folder = Path()
    if not folder.is_absolute() or not folder.is_dir():
        documents = Path.home() / "Documents"
        folder = documents if documents.is_dir() else Path.home()
    stem = f"{Path(book.name).stem}_frozen"
    number = 1
    while (place := folder / f"{stem}{'' if number == 1 else f'_{number}'}.xlsx").exists():
        number += 1
    return place
