"""Error values of a calculated workbook traced to where they arise."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dhxl.functions import REGISTRY
from dhxl.functions.cells import CellError, described
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.engine import is_built_in
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.names import Reference
from dhxl.workbook.values import ErrorValue

__all__ = ["faults"]

MOST_SENTENCES: Final = 20
_LARGEST_RANGE: Final = 100_000  # cells of a range that is searched for text
_LONGEST_QUOTE: Final = 80  # characters of a formula
_MAY_LACK: Final = re.compile(r"\b(?:DH_)?(?:X?IRR|PAYBACK|DISCOUNTED_PAYBACK)\s*\(", re.IGNORECASE)

Place = tuple[str, int, int]


def faults(model: Model, may_lack: Iterable[str] = ()) -> list[str]:
    """Return a sentence for each cell in which an error value arises, in the order of sheets, rows and columns.

    Not counted are #N/A (gaps of charts), cells that pass on an error of another cell, and the #NUM! of a rate of
    return or a payback on which a result rests that need not exist.

    Parameters
    ----------
    model : Model
        A calculated workbook.
    may_lack : iterable of str
        Names of the results that need not exist.
    """
    errors = {
        (sheet, row, col): value
        for sheet, cells in model.values().items()
        for (row, col), value in cells.items()
        if isinstance(value, CellError) and value.code != "#N/A"
    }
    several = [
        f"{place.address}: gives several values; enter it as an array formula over as many cells, or wrap it in INDEX"
        for place in model.overflowing()
    ]
    if not errors:
        return several
    arising = [place for place in errors if not _passes_on(model, place, errors)]
    lacking = _lacking(model, may_lack, errors)
    places = [place for place in arising if place not in lacking] if arising else list(errors)
    sentences = list(dict.fromkeys(several + [line for place in places for line in _sentences(model, place)]))
    rest = len(sentences) - MOST_SENTENCES
    return sentences if rest <= 0 else [*sentences[:MOST_SENTENCES], f"and {rest} more"]


def _passes_on(model: Model, place: Place, errors: Mapping[Place, CellError]) -> bool:
    anchor = _anchor(model, place)
    return (anchor != place and anchor in errors) or any(
        source != anchor for source in _errors_in(_sources(model, anchor), errors)
    )


def _lacking(model: Model, names: Iterable[str], errors: Mapping[Place, CellError]) -> set[Place]:
    """Return the cells with the #NUM! of a rate of return or a payback that the named results rest on."""
    seen: set[Place] = set()
    waiting = [(place.sheet, place.first_row, place.first_col) for place in map(model.reference, names)]
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting.extend(_errors_in(_sources(model, _anchor(model, place)), errors))
    return {
        place
        for place in seen
        if place in errors and errors[place].code == "#NUM!" and _MAY_LACK.search(_formula(model, place))
    }


def _sentences(model: Model, place: Place) -> list[str]:
    value = model.cell(*place)
    if not isinstance(value, CellError):
        return []
    address = Reference(place[0], *place[1:], *place[1:]).address
    if value.message:
        return [f"{address}: {line}" for line in value.message.split("\n")]
    formula = _formula(model, place)
    quoted = formula if len(formula) <= _LONGEST_QUOTE else formula[: _LONGEST_QUOTE - 3] + "..."
    if value.code == "#REF!" or "#REF!" in formula:
        return [f"{address}: refers to cells or a sheet that were deleted (={quoted})"]
    if value.code == "#NAME?":
        return [f"{address}: {_unknown(formula)} (={quoted})"]
    return _from_inputs(model, place, address, value.code) or [f"{address}: gives {value.code} (={quoted})"]


def _from_inputs(model: Model, place: Place, address: str, code: str) -> list[str]:
    """Return sentences on the constants that a formula cannot calculate with."""
    found = []
    for source, value in _constants(model, place):
        if isinstance(value, ErrorValue):
            found.append(f"{source}: holds the error value {value.code} ({address} gives {code})")
        elif isinstance(value, str) and value and code == "#VALUE!":
            found.append(f"{source}: holds text {described(value)} where a number is expected ({address} gives {code})")
        elif code == "#DIV/0!" and value in (None, 0.0, ""):
            found.append(f"{source}: is {'0' if value == 0.0 else 'blank'}, but {address} divides by it")
    return found


def _constants(model: Model, place: Place) -> Iterator[tuple[str, object]]:
    for source in _sources(model, _anchor(model, place)):
        if source.rows * source.columns > _LARGEST_RANGE:
            continue
        sheet = model.package.cells(source.sheet)
        formulas = model.formulas(source.sheet)
        for row, col in source.cells():
            if (row, col) not in formulas:
                yield Reference(source.sheet, row, col, row, col).address, sheet.value(row, col)


def _unknown(formula: str) -> str:
    names = [call.name for call in function_calls(formula)]
    unknown = [name for name in names if name not in REGISTRY and not is_built_in(name)]
    if not unknown:
        return "uses a name that does not exist"
    close = difflib.get_close_matches(unknown[0], REGISTRY, 1, 0.75)
    return f"there is no function {unknown[0]}" + (f"; did you mean {close[0]}?" if close else "")


def _sources(model: Model, place: Place) -> list[Reference]:
    return model.precedents(*place) if _formula(model, place) else []


def _errors_in(sources: Iterable[Reference], errors: Mapping[Place, CellError]) -> Iterator[Place]:
    for source in sources:
        if source.rows * source.columns <= len(errors):
            places: Iterable[Place] = ((source.sheet, *position) for position in source.cells())
            yield from (place for place in places if place in errors)
        else:
            yield from (place for place in errors if _holds(source, place))


def _holds(source: Reference, place: Place) -> bool:
    sheet, row, col = place
    return (
        source.sheet == sheet
        and source.first_row <= row <= source.last_row
        and source.first_col <= col <= source.last_col
    )


def _anchor(model: Model, place: Place) -> Place:
    """Return the cell whose formula gives a cell's value: itself, or the first cell of its array formula."""
    sheet, row, col = place
    cells = model.package.cells(sheet)
    for anchor, (first_row, first_col, last_row, last_col) in cells.arrays.items():
        if first_row <= row <= last_row and first_col <= col <= last_col:
            return sheet, *anchor
    return place


def _formula(model: Model, place: Place) -> str:
    sheet, row, col = _anchor(model, place)
    cell = model.package.cells(sheet).cells.get((row, col))
    return (cell.formula if cell else None) or ""
