"""Rules of single formulas and of stored results: W101 to W114, W117 and W118."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from dhxl.functions import REGISTRY
from dhxl.workbook.formulas import Call
from dhxl.workbook.lint.parts import Formula
from dhxl.workbook.lint.portable import COMPUTED_ADDRESS, OF_SINGLE_VALUES, PORTABLE, VOLATILE
from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView, SheetView
from dhxl.workbook.values import ErrorValue, number_text

__all__ = ["formula_spots", "result_spots"]

LONGEST: Final = 160  # characters, without the equals sign
NUMBERS: Final = frozenset({0.0, 1.0, 12.0, 24.0, 100.0, 1000.0, 8760.0, 1e6})
_NPV_SHEET: Final = "checks"
_GAP: Final = "#N/A"
_PASS_ON: Final = OF_SINGLE_VALUES | {"IF", "IFERROR", "CHOOSE", "AND", "OR", "NOT"}
_CRITERIA: Final = {"SUMIF": 1, "COUNTIF": 1, "AVERAGEIF": 1}  # the argument that must be a single value
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"?')
_SEVERAL_SHEETS: Final = re.compile(r"(?<![\w.!$'])(?:[^\W\d][\w.]*:[\w.]+|'[^'\[\]:]+:[^'\[\]:]+')!")
_OTHER_WORKBOOK: Final = re.compile(r"\[(?!0\])[^\[\]]+\][^\[\]!,;()]*!")
_SPILLS: Final = re.compile(rb"""<[^<>]*\scm\s*=\s*["'][1-9]""")

_Fault = tuple[str, str]


def formula_spots(book: BookView) -> Iterator[Spot]:
    """Yield what is wrong with each formula of a workbook, looked at on its own."""
    faults = cache(lambda form, sheet: tuple(_faults(book, book.formula(form), sheet)))
    for sheet in book.sheets:
        for row, col, text, formula in book.formulas(sheet):
            if len(text) > LONGEST:
                yield Spot("W101", sheet.name, row, col, f"has {len(text)} characters, at most {LONGEST}")
            for rule, fault in faults(formula.text, sheet.name):
                yield Spot(rule, sheet.name, row, col, fault)
            if (row, col) in sheet.cells.arrays and _spills(sheet, row, col):
                yield Spot("W114", sheet.name, row, col, "spills over as many cells as its result needs")


def result_spots(book: BookView) -> Iterator[Spot]:
    """Yield the cells that hold an error value."""
    for sheet in book.sheets:
        for (row, col), cell in sheet.cells.cells.items():
            if isinstance(cell.value, ErrorValue) and cell.value.code != _GAP:
                yield Spot("W117", sheet.name, row, col, f"holds {cell.value.code}")


def _faults(book: BookView, formula: Formula, sheet: str) -> Iterator[_Fault]:
    others = dict.fromkeys(number_text(number) for number in formula.numbers if number not in NUMBERS)
    if others:
        yield "W102", f"holds the number{'s' * (len(others) > 1)} {', '.join(others)}"
    conditions = [call for call in formula.calls if call.name == "IF"]
    if any(outer.start < inner.start and inner.end < outer.end for outer in conditions for inner in conditions):
        yield "W103", "nests IF in IF"
    called = formula.called
    for rule, functions, words in (
        ("W104", called & VOLATILE, "which changes without an edit"),
        ("W105", called & COMPUTED_ADDRESS, "which computes an address"),
        ("W108", _unknown(called), "which is not in the portable list"),
    ):
        if functions:
            yield rule, f"calls {', '.join(sorted(functions))}, {words}"
    if "NPV" in called and sheet.casefold() != _NPV_SHEET:
        yield "W118", "calls NPV"
    yield from _reference_faults(book, formula)
    for call in formula.calls:
        if argument := _range_for_a_value(book, formula, call, sheet):
            yield "W109", f"{call.name} takes a single value, got the range {argument}"
            break


def _reference_faults(book: BookView, formula: Formula) -> Iterator[_Fault]:
    text = _TEXT.sub('""', formula.text)
    if any(area.whole for area in formula.areas):
        yield "W106", "refers to whole columns or rows"
    if "[" in text:
        if _OTHER_WORKBOOK.search(text):
            yield "W110", "refers to another workbook"
        elif any(kind == "bracket" and formula.text[start:end] != "[0]" for kind, start, end in formula.tokens):
            yield "W107", "refers to a table by its structure"
    if "!" in text and _SEVERAL_SHEETS.search(text):
        yield "W111", "refers to a range over several sheets"
    sheets = book.sheet_names
    named = [sheet for area in formula.areas for sheet in area.sheet.split(":") if sheet]
    gone = dict.fromkeys(sheet for sheet in named if sheet.casefold() not in sheets)
    if any(kind == "error" and formula.text[start:end] == "#REF!" for kind, start, end in formula.tokens):
        yield "W112", "refers to cells that were deleted"
    elif gone and not _OTHER_WORKBOOK.search(text):
        yield "W112", f"refers to the sheet {', '.join(gone)}, which does not exist"
    used = {use.name.casefold(): use.name for use in reversed(formula.names)}
    unknown = [name for key, name in reversed(used.items()) if key not in book.known_names]
    if unknown:
        yield "W113", f"uses the name{'s' * (len(unknown) > 1)} {', '.join(unknown)}, not defined in the workbook"


def _unknown(called: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in called - PORTABLE - VOLATILE - COMPUTED_ADDRESS if name not in REGISTRY)


def _range_for_a_value(book: BookView, formula: Formula, call: Call, sheet: str) -> str:
    """Return the range that a call gets as one of its single values, or nothing."""
    if call.name in OF_SINGLE_VALUES:
        spans = call.arguments
    elif call.name in _CRITERIA and len(call.arguments) > _CRITERIA[call.name]:
        spans = (call.arguments[_CRITERIA[call.name]],)
    else:
        return ""
    for start, end in spans:
        inner = [one for one in formula.calls if start <= one.start and one.end <= end and one.name not in _PASS_ON]
        for first, last in _ranges(book, formula, sheet):
            inside = any(one.start < first and last < one.end for one in inner)
            if start <= first and last <= end and not inside:
                return formula.text[first:last]
    return ""


def _ranges(book: BookView, formula: Formula, sheet: str) -> Iterator[tuple[int, int]]:
    """Yield the places in the text of references and names with several cells."""
    for area in formula.areas:
        if area.several:
            yield area.start, area.end
    for use in formula.names:
        place = book.place(use, sheet)
        if place and not place.is_cell:
            yield use.start, use.end


def _spills(sheet: SheetView, row: int, col: int) -> bool:
    cell = sheet.cells.cells[row, col]
    return bool(_SPILLS.match(sheet.cells.xml, cell.start, cell.end))
