"""Inputs checked against the data validations of their cells before anything is calculated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from dhxl.errors import WorkbookError, shortened
from dhxl.functions.cells import described
from dhxl.studies.feeding import HOURLY, feeding_sheets
from dhxl.workbook.lint.view import BookView
from dhxl.workbook.names import Reference, quoted_sheet, reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.validations import Validation, validations
from dhxl.workbook.values import CellValue, ErrorValue, number_text

__all__ = ["choices", "input_cells", "input_problems", "input_rule", "input_rules", "unmet_validations"]

_ROWS_OF_YEAR: Final = (8760, 8784, 35040, 35136)

_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MOST_CHOICES: Final = 400  # characters of the choices that a sentence lists
_NOUNS: Final = {"decimal": "a decimal", "whole": "a whole number"}
_SIGNS: Final = {
    "equal": "=",
    "notEqual": "<>",
    "greaterThan": ">",
    "lessThan": "<",
    "greaterThanOrEqual": ">=",
    "lessThanOrEqual": "<=",
}
_TESTS: Final[dict[str, Callable[[float, float, float], bool]]] = {
    "between": lambda x, a, b: a <= x <= b,
    "notBetween": lambda x, a, b: not a <= x <= b,
    "equal": lambda x, a, b: x == a,
    "notEqual": lambda x, a, b: x != a,
    "greaterThan": lambda x, a, b: x > a,
    "lessThan": lambda x, a, b: x < a,
    "greaterThanOrEqual": lambda x, a, b: x >= a,
    "lessThanOrEqual": lambda x, a, b: x <= a,
}


def input_cells(package: Package) -> dict[str, frozenset[tuple[int, int]]]:
    """Return the constants in the input style or with a data validation, by sheet in small letters."""
    found = {}
    for sheet, styled in BookView(package).inputs.items():
        cells = package.cells(sheet)
        ruled = {at for rule in validations(cells) for at in rule.positions(cells)}
        found[sheet.casefold()] = styled | {
            at for at in ruled if cells.cells[at].formula is None and at not in cells.children
        }
    return found


def input_problems(package: Package) -> list[str]:
    """Return a sentence for each input that its cell's data validation does not allow, and for a year with gaps.

    See :func:`unmet_validations`; those of sheets on which no result of dhxl rests are the user's own affair.
    """
    found = list(_unmet_by_sheet(package))
    counting = feeding_sheets(package) if found else frozenset()
    return [*_years_with_gaps(package), *(problem for sheet, problem in found if sheet.casefold() in counting)]


def unmet_validations(package: Package) -> list[str]:
    """Return a sentence for each constant that its cell's data validation does not allow, and for a year with gaps.

    Numbers (decimal, whole) are checked for type and limits, lists for membership; a limit that only warns in the
    spreadsheet program is no problem here, text in a number cell is one in any case. A blank cell is a problem where
    the validation does not allow it and the cell is a named one or one of an hourly series.
    """
    return [*_years_with_gaps(package), *(problem for _, problem in _unmet_by_sheet(package))]


def _years_with_gaps(package: Package) -> list[str]:
    return [
        f"{place.address} ({name}): must have 8760 or 8784 rows, one for each hour of a year "
        f"(or 35040 or 35136 quarter-hours), got {place.rows}"
        for name, place in _hourly(package)
        if place.columns == 1 and place.rows not in _ROWS_OF_YEAR
    ]


def _unmet_by_sheet(package: Package) -> Iterator[tuple[str, str]]:
    """Yield sheet and sentence of each constant that its validation does not allow."""
    names = _names_of_cells(package)
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            for rule in validations(package.cells(sheet.name)):
                if rule.kind in (*_NOUNS, "list"):
                    own = names.get(sheet.name.casefold(), {})
                    yield from ((sheet.name, problem) for problem in _broken(rule, package, sheet.name, own))


def input_rule(package: Package, place: Reference) -> Callable[[CellValue], str]:
    """Return a function that says what a cell must hold where its data validation does not allow a value.

    It says nothing of a value that is allowed.
    """
    unmet = input_rules(package, place.sheet)
    return lambda value: unmet(place.first_row, place.first_col, value)


def input_rules(package: Package, sheet: str) -> Callable[[int, int, CellValue], str]:
    """Return a function that says what a cell of a sheet must hold where its data validation does not allow a value.

    It takes row, column and value, and says nothing of a value that is allowed.
    """
    found = [rule for rule in validations(package.cells(sheet)) if rule.kind in (*_NOUNS, "list")]
    rules = [(rule, _unmet(rule, package, sheet)) for rule in found]

    def unmet(row: int, col: int, value: CellValue) -> str:
        covering = (wanted_of for rule, wanted_of in rules if rule.covers(row, col))
        return next(filter(None, (wanted_of(value) for wanted_of in covering)), "")

    return unmet


def choices(package: Package, place: Reference) -> list[str]:
    """Return the values that the data validation of a cell lists; none where it holds no list."""
    listed = [rule for rule in _rules_of(package, place) if rule.kind == "list"]
    return _choices(listed[0].first, package, place.sheet) if listed else []


def _rules_of(package: Package, place: Reference) -> list[Validation]:
    found = validations(package.cells(place.sheet))
    return [rule for rule in found if rule.kind in (*_NOUNS, "list") and rule.covers(place.first_row, place.first_col)]


def _names_of_cells(package: Package) -> dict[str, dict[tuple[int, int], str]]:
    """Return the names of single cells and of hours of a series, by sheet in small letters, row and column."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for name, hours in _hourly(package):
        found.setdefault(hours.sheet.casefold(), {}).update(dict.fromkeys(hours.cells(), name))
    for one in package.names:
        if one.sheet is None and not one.hidden and (place := one.reference) and place.is_cell:
            found.setdefault(place.sheet.casefold(), {})[place.first_row, place.first_col] = one.name
    return found


def _hourly(package: Package) -> list[tuple[str, Reference]]:
    found = [package.defined_name(name) for name in HOURLY]
    return [(one.name, one.reference) for one in found if one and one.reference]


def _broken(rule: Validation, package: Package, sheet: str, names: Mapping[tuple[int, int], str]) -> list[str]:
    problems = []
    cells = package.cells(sheet)
    unmet = _unmet(rule, package, sheet)
    covered = {*rule.positions(cells), *(place for place in names if rule.covers(*place))}
    for place in sorted(covered):
        cell = cells.cells.get(place)
        name = names.get(place, "")
        if (cell and cell.formula is not None) or place in cells.children:
            continue
        value = cell.value if cell else None
        if value is None and (rule.allow_blank or not name):
            continue
        if wanted := unmet(value):
            address = Reference(sheet, *place, *place).address
            got = value.code if isinstance(value, ErrorValue) else described(value)
            problems.append(f"{address}{f' ({name})' if name else ''}: must be {wanted}, got {got}")
    return problems


def _unmet(rule: Validation, package: Package, sheet: str) -> Callable[[CellValue], str]:
    """Return what tells what the rule wants where a value does not meet it, and nothing where it does."""
    if rule.kind == "list":
        choices = _choices(rule.first, package, sheet)
        folded = {choice.casefold() for choice in choices}
        listed = f"one of {shortened(', '.join(choices), _MOST_CHOICES)}"

        def unlisted(value: CellValue) -> str:
            text = number_text(value) if isinstance(value, float) else str(value).strip().casefold()
            return "" if not rule.strict or not choices or text in folded else listed

        return unlisted
    first, second = (_number(text, package, sheet) for text in (rule.first, rule.second))
    limits = _limits(rule.operator, first, second)
    wanted = f"{_NOUNS[rule.kind]}{limits}"
    test = _TESTS.get(rule.operator) if limits else None
    low, high = first or 0.0, second or 0.0

    def beyond(value: CellValue) -> str:
        if type(value) is not float:
            return wanted
        if not rule.strict:
            return ""
        if rule.kind == "whole" and value != int(value):
            return wanted
        return wanted if test and not test(value, low, high) else ""

    return beyond


def _limits(operator: str, first: float | None, second: float | None) -> str:
    """Return the limits in words; nothing where a limit is a formula."""
    if operator in ("between", "notBetween"):
        if first is None or second is None:
            return ""
        return f" {'not ' if operator == 'notBetween' else ''}between {number_text(first)} and {number_text(second)}"
    return "" if first is None or operator not in _SIGNS else f" {_SIGNS[operator]} {number_text(first)}"


def _number(text: str, package: Package, sheet: str) -> float | None:
    if _NUMBER.fullmatch(text.strip()):
        return float(text)
    values = _referred(text, package, sheet)
    return values[0] if len(values) == 1 and isinstance(values[0], float) else None


def _choices(text: str, package: Package, sheet: str) -> list[str]:
    if text.startswith('"'):
        return [choice.strip() for choice in text.strip('"').split(",")]
    values = _referred(text, package, sheet)
    return [number_text(value) if isinstance(value, float) else str(value) for value in values if value is not None]


def _referred(text: str, package: Package, sheet: str) -> list[CellValue]:
    place = reference_of(text) or reference_of(f"{quoted_sheet(sheet)}!{text}")
    if place and "$" not in text:
        return []  # moves with the cell
    try:
        place = place or package.resolve(text)
        return [value for row in package.values(place) for value in row]
    except WorkbookError:
        return []
