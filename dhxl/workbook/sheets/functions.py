"""Functions: the reference of the DH_ functions, from their declarations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from dhxl.functions import REGISTRY
from dhxl.functions.pages import ArgumentLine, ExampleLine, SampleRange, page, table_notes
from dhxl.functions.pages import Page as Description
from dhxl.workbook.page import Book, Page

_WIDTHS = (2, 34, 58, 13, 26, 22)
_LAST_COLUMN = len(_WIDTHS) - 1
_LETTERS = int(1.25 * sum(_WIDTHS[2:]))  # of a line of text across the columns behind the first
_LETTERS_OF_COLUMN = tuple(int(1.15 * width) for width in _WIDTHS)
_LINE_HEIGHT = 13.0
_TOP: dict[str, Any] = {"text_wrap": True, "valign": "top"}


def write(book: Book) -> None:
    """Write the sheet."""
    sheet = book.page("Functions", "control", "Functions", "What the DH_ functions take and give", _WIDTHS)
    descriptions = [page(name) for name in REGISTRY]
    sheet.note(
        "An argument in brackets may be left out; a blank cell counts as left out, never as zero. Where all arguments are single "
        "cells, ranges may take their place. #VALUE! is bad input, #NUM! good input without an answer.", _LAST_COLUMN, 2
    )  # fmt: skip
    contents = sheet.row
    categories = [(name, list(members)) for name, members in groupby(descriptions, key=lambda one: one.category)]
    sheet.row += len(descriptions) + len(categories) + 1
    places = {}
    for category, members in categories:
        sheet.skip()
        sheet.heading(category, _LAST_COLUMN)
        for one in members:
            sheet.skip()
            places[one.name] = sheet.row
            _describe(sheet, one)
    end, sheet.row = sheet.row, contents
    for category, members in categories:
        sheet.sheet.write(sheet.row, 1, category, sheet.style("label_bold"))
        sheet.row += 1
        for one in members:
            target = f"internal:'Functions'!B{places[one.name] + 1}"
            sheet.sheet.write_url(sheet.row, 1, target, sheet.style("link"), one.name)
            _across(sheet, 2, one.summary)
    sheet.finish(_LAST_COLUMN, last_row=sheet.row)  # the list is printed, not each page
    sheet.row = end


def _describe(sheet: Page, one: Description) -> None:
    sheet.sheet.write_string(sheet.row, 1, one.name, sheet.style("label_bold", valign="top"))
    _across(sheet, 2, one.syntax, bold=True)
    _across(sheet, 2, one.summary)
    if one.arguments:
        _arguments(sheet, "Argument", one.arguments)
    for details, tables in table_notes(one):
        if details:
            _line(sheet, ", ".join(table.name for table in tables), details)
        for table in tables:
            if table.entries:
                _arguments(sheet, f"In {table.name}", table.entries)
    ranges = " Ranges give a range of results." if one.elementwise else ""
    _line(sheet, "Result", f"{one.result}.{ranges}")
    for number, block in enumerate(one.calculation):
        _line(sheet, "" if number else "Calculation", block.text)
    for number, source in enumerate(one.sources):
        _line(sheet, "" if number else "Sources", source)
    shown: set[SampleRange] = set()
    for number, example in enumerate(one.examples):
        _example(sheet, "" if number else "Examples", example, shown)
    for error in one.errors:
        _line(sheet, error.code, error.text)


def _arguments(sheet: Page, title: str, lines: Sequence[ArgumentLine]) -> None:
    sheet.columns((title, "Meaning", "Unit", "Allowed", "Default"), height=16)
    for line in lines:
        texts = (line.name, line.text, line.unit, line.allowed, line.default)
        for col, text in enumerate(texts, start=1):
            sheet.sheet.write_string(sheet.row, col, text, sheet.style("calc", **_TOP))
        _height(sheet, max(map(_lines, texts, _LETTERS_OF_COLUMN[1:])))
        sheet.row += 1


def _example(sheet: Page, label: str, example: ExampleLine, shown: set[SampleRange]) -> None:
    result = f" gives {example.result}" if example.result else ""
    _line(sheet, label, f"{example.formula}{result} ({example.source})")
    for one in example.ranges:
        if one not in shown:
            _line(sheet, "", f"with {one.name}: {_spelled(one.rows)}")
    shown.update(example.ranges)
    if example.rows:
        _line(sheet, "", f"gives: {_spelled(example.rows)}")


def _spelled(rows: Iterable[Iterable[str]]) -> str:
    return "; ".join(", ".join(row) for row in rows)


def _line(sheet: Page, label: str, text: str) -> None:
    sheet.sheet.write_string(sheet.row, 1, label, sheet.style("unit", valign="top"))
    _across(sheet, 2, text)


def _across(sheet: Page, first_col: int, text: str, *, bold: bool = False) -> None:
    style = sheet.style("label", bold=bold, **_TOP) if bold else sheet.style("label", **_TOP)
    plain = text.replace("`", "")
    sheet.sheet.merge_range(sheet.row, first_col, sheet.row, _LAST_COLUMN, "", style)
    sheet.sheet.write_string(sheet.row, first_col, plain, style)
    _height(sheet, _lines(plain, _LETTERS))
    sheet.row += 1


def _lines(text: str, letters: int) -> int:
    return sum(max(1, -(-len(line) // letters)) for line in text.split("\n"))


def _height(sheet: Page, lines: int) -> None:
    if lines > 1:
        sheet.sheet.set_row(sheet.row, _LINE_HEIGHT * lines + 2)
