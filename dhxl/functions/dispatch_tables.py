"""The three ranges of a dispatch: how units, series and settings become a problem, or all that is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch import (
    METHODS,
    SETTING_FIELDS,
    UNIT_FIELDS,
    Dispatch,
    Kind,
    Problem,
    Settings,
    Unit,
    remembered_dispatch,
)
from dhxl.core.dispatch.calendar import calendar_faults, step_of_rows
from dhxl.core.dispatch.fields import SERIES_LIMITS, Field
from dhxl.core.dispatch.problem import setting_faults, unit_faults
from dhxl.errors import InputError
from dhxl.functions.arguments import table
from dhxl.functions.cells import described, is_blank
from dhxl.functions.dispatch_entries import SERIES_ENTRIES, SETTING_ENTRIES, UNIT_ENTRIES

__all__ = [
    "ARGUMENTS",
    "BY_HAND",
    "CELL_TIME_LIMIT_S",
    "EXAMPLE",
    "EXAMPLE_SERIES",
    "EXAMPLE_SETTINGS",
    "EXAMPLE_UNITS",
    "HOURS_OF_YEAR",
    "RESERVED_NAMES",
    "Table",
    "found_dispatch",
    "in_slots",
    "limit_to_cells",
    "problem_of",
    "rests_on_time",
    "slots_of",
]

Table = Sequence[Sequence[Any]]
Array = npt.NDArray[np.float64]

RESERVED_NAMES = (
    "store",
    "grid",
    "unserved",
    "total",
    "storage_level",
    "storage_charge",
    "bought",
    "sold",
    "own_use",
    "rejected",
    "demand",
)  # rows and items of the results
HOURS_OF_YEAR = (8760.0, 8784.0)
CELL_TIME_LIMIT_S = 10.0  # a cell of Excel cannot be interrupted
_defaults: dict[str, float] = {}


_UNITS = table(
    "units",
    "Header, one row a unit: unit, type, heat_mw, count, min_share, cop, ...; blank rows are free",
    UNIT_ENTRIES,
)
_SERIES = table(
    "series",
    "Header and one row a step: demand_mw, electricity_eur_per_mwh, and columns that cells name",
    SERIES_ENTRIES,
)
_SETTINGS = table(
    "settings",
    "Rows of name and value: charges_eur_per_mwh, storage_mwh, ...; what is blank is default",
    SETTING_ENTRIES,
)
ARGUMENTS = (_UNITS, _SERIES, _SETTINGS)

EXAMPLE_UNITS = (
    ("unit", "type", "heat_mw", "heat_efficiency", "fuel_eur_per_mwh", "cop"),
    ("Heat pump", "heat_pump", 2.0, None, None, 4.0),
    ("Boiler", "boiler", 4.0, 0.8, 40.0, None),
)
EXAMPLE_SERIES = (("demand_mw", "electricity_eur_per_mwh"), (1.0, 80.0), (5.0, 80.0), (7.0, 80.0))
EXAMPLE_SETTINGS = (("charges_eur_per_mwh", 20.0),)
EXAMPLE = (EXAMPLE_UNITS, EXAMPLE_SERIES, EXAMPLE_SETTINGS)
BY_HAND = "hand sum: heat pump at 100/4 = 25, boiler at 40/0.8 = 50 EUR/MWh, 1 MW lacks in step 3"


@dataclass(slots=True)
class _Series:
    """The series as cells; columns become arrays when they are asked for, and are kept."""

    rows: Table
    places: dict[str, int]
    problems: list[str]
    arrays: dict[str, Array | None] = field(default_factory=dict)

    def column(self, name: str) -> Array | None:
        """Return a column by its name; None where it is faulty, which is said once."""
        if name not in self.arrays:
            self.arrays[name] = self._read(name)
        return self.arrays[name]

    def _read(self, name: str) -> Array | None:
        place = self.places[name]
        cells = [row[place] for row in self.rows[1:]]
        if set(map(type, cells)) <= {float, int}:
            return np.array(cells, dtype=np.float64)
        while cells and is_blank(cells[-1]):
            cells.pop()
        if not cells:
            self.problems.append(f"series column {name} is empty")
            return None
        faulty = [r for r, cell in enumerate(cells) if isinstance(cell, bool) or not isinstance(cell, (int, float))]
        if not faulty:
            return np.array(cells, dtype=np.float64)
        more = f" (and {len(faulty) - 1} more)" if len(faulty) > 1 else ""
        got = described(cells[faulty[0]])
        self.problems.append(f"{_series_row(faulty[0])}, {name} must be a number, got {got}{more}")
        return None


def _series_row(step: int) -> str:
    return f"series row {step + 2}"


def slots_of(units: Table) -> list[int | None]:
    """Return which unit stands in each slot: the row's number among the rows that are not blank, or None.

    Parameters
    ----------
    units : table
        Range with its header.

    Returns
    -------
    list of int or None
        One for every row below the header.
    """
    slots: list[int | None] = []
    number = 0
    for row in units[1:]:
        blank = all(map(is_blank, row))
        slots.append(None if blank else number)
        number += not blank
    return slots


def problem_of(units: Table, series: Table, settings: Table) -> Problem:
    """Return the dispatch problem that three ranges describe.

    Parameters
    ----------
    units : table
        Header and one row a unit; blank rows are empty slots.
    series : table
        Header and one row a step.
    settings : table
        Rows of name and value.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        Everything that is wrong, each with range, row, column, limit and what came. Rows are counted within the range,
        the header of units and series being row 1.
    """
    problems: list[str] = []
    read = _Series(series, _header(series, "series", problems), problems)
    if "demand_mw" not in read.places:
        problems.append(f"series has no column demand_mw (its columns: {', '.join(read.places) or 'none'})")
    found_units = _units(units, read, problems)
    found_settings, step_given = _settings(settings, read, problems)
    needs_power = any(unit.kind in (Kind.HEAT_PUMP, Kind.CHP, Kind.ELECTRIC_BOILER) for unit in found_units)
    if needs_power and "electricity_eur_per_mwh" not in read.places:
        problems.append("series has no column electricity_eur_per_mwh, which heat pumps, CHP and electric boilers need")
    for name in SERIES_LIMITS:
        if name in read.places:
            values = read.column(name)
            if values is not None:
                problems += _first_fault(SERIES_LIMITS[name], values)
    problems += _length_faults(read, found_settings.step_h if step_given else None)
    if problems:
        raise InputError(problems)
    demand = read.arrays["demand_mw"]
    price = read.arrays.get("electricity_eur_per_mwh")
    assert demand is not None
    if not step_given:
        found_settings = replace(found_settings, step_h=step_of_rows(demand.size))
    return Problem(tuple(found_units), demand, np.zeros_like(demand) if price is None else price, found_settings)


def _first_fault(limits: Field, values: Array) -> list[str]:
    for sentence in limits.faults(values, _series_row):
        fault, _, row = sentence.rpartition(" in ")
        return [f"{row}, {fault}"]
    return []


def _length_faults(read: _Series, step_h: float | None) -> list[str]:
    sizes = {name: values.size for name, values in read.arrays.items() if values is not None}
    if not sizes:
        return []
    first, size = next((name, sizes[name]) for name in (*SERIES_LIMITS, *sizes) if name in sizes)
    faults = [f"series has {size} rows of {first} but {n} of {name}" for name, n in sizes.items() if n != size]
    return [*faults, *(f"series {fault}" for fault in calendar_faults(size, step_h))]


def _header(rows: Table, range_name: str, problems: list[str]) -> dict[str, int]:
    """Columns by name; blank titles are passed over."""
    places: dict[str, int] = {}
    if len(rows) < 2:
        problems.append(f"{range_name} must have a header and at least one row, got {len(rows)} row(s)")
        return places
    for place, title in enumerate(rows[0]):
        if is_blank(title):
            continue
        name = str(title).strip()
        if name in places:
            problems.append(f"{range_name} has two columns {name}")
        places.setdefault(name, place)
    return places


def _value(cell: Any, limits: Field, read: _Series, where: str, problems: list[str]) -> float | Array | None:
    """Return a number, or the series column that a cell names; None where it is faulty, which is said."""
    if isinstance(cell, str) and limits.series:
        name = cell.strip()
        if name in read.places:
            return read.column(name)
        known = ", ".join(read.places) or "none"
        problems.append(
            f"{where}, {limits.name} must be a number or the name of a series column ({known}), got {described(cell)}"
        )
        return None
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        problems.append(f"{where}, {limits.name} must be a number, got {described(cell)}")
        return None
    return int(cell) if limits.whole and cell == int(cell) else float(cell)


def _units(rows: Table, read: _Series, problems: list[str]) -> list[Unit]:
    places = _header(rows, "units", problems)
    known = ("unit", "type", *UNIT_FIELDS)
    unknown = [name for name in places if name not in known]
    problems += [f"units has an unknown column {name!r} (known: {', '.join(known)})" for name in unknown]
    for name in ("unit", "type", "heat_mw"):
        if len(rows) > 1 and name not in places:
            problems.append(f"units has no column {name}")
    if not {"unit", "type"} <= set(places):
        return []
    units: list[Unit] = []
    names: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if all(map(is_blank, row)):
            continue
        title, kind_cell = row[places["unit"]], row[places["type"]]
        name = "" if is_blank(title) else str(title).strip()
        where = f"units row {number} ({name or 'no name'})"
        if not name:
            problems.append(f"{where}, unit must be a name, got a blank cell (clear the row if it is an empty slot)")
        elif name.casefold() in RESERVED_NAMES:
            problems.append(f"{where}, unit must not be {name!r}, a name of the results")
        elif names.setdefault(name, number) != number:
            problems.append(f"{where}, unit has the same name as row {names[name]}")
        kind_name = "" if is_blank(kind_cell) else str(kind_cell).strip().casefold()
        if kind_name not in tuple(Kind):
            problems.append(f"{where}, type must be one of {', '.join(Kind)}, got {described(kind_cell)}")
            continue
        units.append(_unit(name, Kind(kind_name), row, places, read, where, problems))
    return units


def _unit(
    name: str, kind: Kind, row: Sequence[Any], places: dict[str, int], read: _Series, where: str, problems: list[str]
) -> Unit:
    values: dict[str, Any] = {}
    faulty: set[str] = set()
    for column, place in places.items():
        if column in UNIT_FIELDS and not is_blank(row[place]):
            value = _value(row[place], UNIT_FIELDS[column], read, where, problems)
            if value is None:
                faulty.add(column)
            else:
                values[column] = value
    if "heat_mw" not in values:
        if "heat_mw" not in faulty and "heat_mw" in places:
            problems.append(f"{where}, heat_mw is needed for a {kind}")
        faulty.add("heat_mw")
    unit = Unit(name, kind, **({"heat_mw": 0.0} | values))
    problems += [f"{where}, {sentence}" for column, sentence in unit_faults(unit, _series_row) if column not in faulty]
    return unit


def _settings(rows: Table, read: _Series, problems: list[str]) -> tuple[Settings, bool]:
    """Return the settings, and whether they give the length of a step."""
    known = ("method", *SETTING_FIELDS)
    values: dict[str, Any] = dict(_defaults)
    lines: dict[str, int] = {}
    if any(len(row) < 2 for row in rows):
        problems.append("settings must have two columns: name and value")
        return Settings(), True
    for number, row in enumerate(rows, start=1):
        if all(map(is_blank, row[:2])):
            continue
        name, cell = str(row[0]).strip(), row[1]
        if number == 1 and isinstance(cell, str) and cell.strip().casefold() == "value":
            continue
        where = f"settings row {number}"
        if name not in known:
            problems.append(f"{where}, {described(row[0])} is unknown (known: {', '.join(known)})")
        elif name in lines:
            problems.append(f"{where}, {name} stands in row {lines[name]} already")
        elif not is_blank(cell):
            lines[name] = number
            values |= _setting(name, cell, read, where, problems)
    settings = Settings(**values)
    problems += [
        f"settings row {lines[name]}, {sentence}" if name in lines else f"settings: {sentence}"
        for name, sentence in setting_faults(settings, _series_row)
    ]
    return settings, "step_h" in lines


def _setting(name: str, cell: Any, read: _Series, where: str, problems: list[str]) -> dict[str, Any]:
    text = cell.strip().casefold() if isinstance(cell, str) else ""
    if name == "method":
        if text in METHODS:
            return {"method": text}
        problems.append(f"{where}, method must be one of {', '.join(METHODS)}, got {described(cell)}")
        return {}
    if name == "storage_start_mwh" and text == "cyclic":
        return {"storage_cyclic": True}
    value = _value(cell, SETTING_FIELDS[name], read, where, problems)
    return {} if value is None else {name: value}


def limit_to_cells() -> None:
    """From now on, give a dispatch the time of a cell where its settings do not say otherwise."""
    _defaults["time_limit_s"] = CELL_TIME_LIMIT_S


def found_dispatch(units: Table, series: Table, settings: Table) -> Dispatch:
    """Return the least-cost dispatch of three ranges; the same ranges are solved once."""
    found = remembered_dispatch(problem_of(units, series, settings))
    if found.method != "optimal" or found.note:
        _within_time.append(found.method)
    return found


_within_time: list[str] = []


def rests_on_time() -> bool:
    """Return whether a dispatch of this process may be another one with more time: found by no exact method."""
    return bool(_within_time)


def in_slots(units: Table, values: Sequence[Any], blank: Any) -> list[Any]:
    """Return the values of the units in the order of the slots, with something for blank ones."""
    return [blank if slot is None else values[slot] for slot in slots_of(units)]
