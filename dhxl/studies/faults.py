"""Error values of a calculated workbook in sentences that name their causes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from dhxl.functions import REGISTRY
from dhxl.functions.cells import CellError, described
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.built_in import is_built_in
from dhxl.studies.causes import cause
from dhxl.studies.tracing import Place, Trace, traced
from dhxl.workbook.formulas import calls_any, function_calls
from dhxl.workbook.name_uses import names_used
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.tables import tables
from dhxl.workbook.values import ErrorValue

__all__ = ["faults", "first_of"]

MOST_SENTENCES: Final = 20
_LONGEST_QUOTE: Final = 80  # characters of a formula
_MAY_LACK: Final = re.compile(r"\b(?:DH_)?(?:X?IRR|PAYBACK|DISCOUNTED_PAYBACK)\s*\(", re.IGNORECASE)
_MAKE_NAMES: Final = {"LET", "LAMBDA"}


class _Fault(NamedTuple):
    """A sentence on a cell; ``key`` is what is at fault, ``counted`` tells that the other cells are counted."""

    key: Hashable
    address: str
    text: str
    counted: bool = False


def faults(
    model: Model,
    may_lack: Iterable[str] = (),
    behind: Iterable[str | Reference] = (),
    *,
    needed: Iterable[str | Reference] | None = None,
) -> list[str]:
    """Return a sentence for each cause of an error value, in the order of sheets, rows and columns.

    Not counted are #N/A (gaps of charts), cells that pass on an error of another cell, and the #NUM! of a rate of
    return or a payback on which a result rests that need not exist. What puts several cells in error is said once.

    Parameters
    ----------
    model : Model
        A calculated workbook.
    may_lack : iterable of str
        Names of the results that need not exist.
    behind : iterable of str or Reference
        Names or places of the cells whose errors are to be explained; without any, those of all cells.
    needed : iterable of str or Reference, optional
        Where given, an error value that the file holds already counts only if one of these rests on it.
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
        return first_of(several)
    trace, fault_of_name = traced(model, errors), _faults_of_names(model.package)
    arising = trace.arising()
    lacking = {place for place in trace.behind(may_lack) if _may_lack(trace, place)} if arising else set()
    places = [place for place in arising or errors if place not in lacking]
    if needed is not None and places:
        wanted = trace.behind(needed)
        places = [place for place in places if place in wanted or not _is_stored(model, place)]
    if names := tuple(behind):
        asked = trace.behind(names)
        places = [place for place in places if place in asked]
        several = []
    found = [fault for place in places for fault in _faults(trace, fault_of_name, place)]
    return first_of(several + _said_once(found))


def first_of(sentences: list[str]) -> list[str]:
    """Return as many sentences as somebody reads, and how many more there are.

    Examples
    --------
    >>> first_of([f"A{row}" for row in range(1, 23)])[-2:]
    ['A20', 'and 2 more']
    """
    rest = len(sentences) - MOST_SENTENCES
    return sentences if rest <= 0 else [*sentences[:MOST_SENTENCES], f"and {rest} more"]


def _said_once(found: list[_Fault]) -> list[str]:
    counts = Counter(fault.key for fault in found)
    first: dict[Hashable, _Fault] = {}
    for fault in found:
        first.setdefault(fault.key, fault)
    sentences = []
    for key, fault in first.items():
        others = counts[key] - 1 if fault.counted else 0
        more = f" (and {others} more cell{'s' * (others > 1)})" if others else ""
        sentences.append(f"{fault.address}{more}: {fault.text}")
    return sentences


def _may_lack(trace: Trace, place: Place) -> bool:
    return trace.errors[place].code == "#NUM!" and bool(_MAY_LACK.search(trace.formula(place)))


def _is_stored(model: Model, place: Place) -> bool:
    """Return whether the file holds the error value already, in a formula that calls no worksheet function."""
    stored = model.package.cells(place[0]).value(*place[1:])
    value = model.cell(*place)
    return (
        isinstance(stored, ErrorValue)
        and isinstance(value, CellError)
        and stored.code == value.code
        and not calls_any(_formula_of(model, place))
    )


def _formula_of(model: Model, place: Place) -> str:
    cells = model.package.cells(place[0])
    cell = cells.cells.get(cells.children.get(place[1:], place[1:]))
    return (cell.formula if cell else None) or ""


def _faults(trace: Trace, fault_of_name: Callable[[str], str], place: Place) -> Iterator[_Fault]:
    value = trace.model.cell(*place)
    assert isinstance(value, CellError)  # the trace holds cells in error only
    address = Reference(place[0], *place[1:], *place[1:]).address
    formula = trace.formula(place)
    quoted = formula if len(formula) <= _LONGEST_QUOTE else formula[: _LONGEST_QUOTE - 3] + "..."
    if value.code in ("#REF!", "#NAME?") and (useless := _useless_names(formula, fault_of_name)):
        for name, why in useless.items():
            yield _Fault(("name", name.casefold()), address, f"uses the name {name}, {why} (={quoted})", counted=True)
    elif value.message:
        for line in value.message.split("\n"):
            if spot := cause(trace.model, place, formula, line):
                yield _Fault((line.partition(": ")[2], spot), address, f"{line}; see {spot.address}")
            else:
                yield _Fault((address, line), address, line)
    elif value.code == "#REF!" or "#REF!" in formula:
        text = f"refers to cells or a sheet that were deleted (={quoted})"
        yield _Fault(("deleted", place[0]), address, text, counted=True)
    elif value.code == "#NAME?":
        unknown = _unknown_function(formula)
        text = unknown or "uses a name that does not exist"
        yield _Fault(unknown or address, address, f"{text} (={quoted})", counted=True)
    else:
        found = list(_from_inputs(trace, place, address, value.code))
        yield from found or [_Fault(address, address, f"gives {value.code} (={quoted})")]


def _from_inputs(trace: Trace, place: Place, address: str, code: str) -> Iterator[_Fault]:
    """Yield what is wrong with the constants that a formula cannot calculate with."""
    for source, value in trace.constants(place):
        key = ("input", source)
        if isinstance(value, ErrorValue):
            yield _Fault(key, source, f"holds the error value {value.code} ({address} gives {code})")
        elif isinstance(value, str) and value and code == "#VALUE!":
            got = f"holds text {described(value)} where a number is expected"
            yield _Fault(key, source, f"{got} ({address} gives {code})")
        elif code == "#DIV/0!" and value in (None, 0.0, ""):
            yield _Fault(key, source, f"is {'0' if value == 0.0 else 'blank'}, but {address} divides by it")


def _faults_of_names(package: Package) -> Callable[[str], str]:
    """Return a function that says why a name stands for nothing; it says nothing of a proper name."""
    known = {name.name.casefold(): name for name in package.names}
    of_tables = {table.name.casefold() for table in tables(package)}
    sheets = {sheet.name.casefold() for sheet in package.sheets}

    @cache
    def fault(name: str) -> str:
        defined = known.get(name.casefold())
        if defined is None:
            others = [one.name for one in known.values() if _stem(one.name) != _stem(name)]
            return "" if name.casefold() in of_tables else f"which does not exist{_meant(name, others, 0.85)}"
        place = defined.reference
        lost = "#REF!" in defined.text or (place is not None and place.sheet.casefold() not in sheets)
        return "whose cells or sheet were deleted" if lost else ""

    return fault


def _useless_names(formula: str, fault: Callable[[str], str]) -> dict[str, str]:
    """Return the names of a formula that stand for nothing, and why."""
    if _MAKE_NAMES.intersection(call.name for call in function_calls(formula)):
        return {}
    return {name: fault(name) for name in names_used(formula) if fault(name)}


def _stem(name: str) -> str:
    """Return a name without the number of its solution: its siblings are no misspellings of it."""
    return name.rstrip("0123456789")


def _meant(name: str, known: Iterable[str], closeness: float) -> str:
    close = difflib.get_close_matches(name, list(known), 1, closeness)
    return f"; did you mean {close[0]}?" if close else ""


def _unknown_function(formula: str) -> str:
    names = [call.name for call in function_calls(formula)]
    unknown = [name for name in names if name not in REGISTRY and not is_built_in(name)]
    return f"there is no function {unknown[0]}{_meant_function(unknown[0])}" if unknown else ""


@cache
def _meant_function(name: str) -> str:
    return _meant(name, REGISTRY, 0.75)
