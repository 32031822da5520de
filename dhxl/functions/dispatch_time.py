"""DH Dispatch: the least-cost operation over time, by month, sorted by load, and step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch import Dispatch
from dhxl.errors import InputError
from dhxl.functions.arguments import text, whole
from dhxl.functions.cells import described
from dhxl.functions.dispatch_tables import (
    ARGUMENTS,
    BY_HAND,
    EXAMPLE,
    EXAMPLE_SERIES,
    EXAMPLE_SETTINGS,
    EXAMPLE_UNITS,
    HOURS_OF_YEAR,
    Table,
    found_dispatch,
    in_slots,
)
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Dispatch"

Array = npt.NDArray[np.float64]
Rows = list[list[Any]]

DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HOURS_BESIDE = ("storage_level_mwh", "bought_mw", "sold_mw")


def _stacked(found: Dispatch, units: Table) -> tuple[list[Any], list[Array]]:
    """Titles and series of what meets the load: the slots, the store (out less in), unserved heat."""
    names = in_slots(units, [unit.name for unit in found.problem.units], "")
    heat = in_slots(units, list(found.heat_mw), np.zeros(found.problem.steps))
    return [*names, "store", "unserved"], [*heat, -found.charge_mw, found.unserved_mw]


def _given_months(series: Table, steps: int) -> npt.NDArray[np.int64] | None:
    """Months in a column ``month`` of the series; None without one."""
    titles = [str(title).strip() for title in series[0]]
    if "month" not in titles:
        return None
    place = titles.index("month")
    months = np.zeros(steps, dtype=np.int64)
    for step in range(steps):
        cell = series[step + 1][place]
        if isinstance(cell, bool) or not isinstance(cell, (int, float)) or cell not in range(1, 13):
            raise InputError(f"series row {step + 2}, month must be a whole number from 1 to 12, got {described(cell)}")
        months[step] = int(cell)
    return months


def _require_year(found: Dispatch) -> None:
    hours = found.problem.steps * found.problem.settings.step_h
    if hours not in HOURS_OF_YEAR:
        raise InputError(f"series must be a whole year, 8760 or 8784 h, or have a column month; it has {hours:.12g} h")


_EXAMPLE_YEAR = ((*EXAMPLE_SERIES[0],), *((1.0, 80.0),) * 8760)


@worksheet_function(
    "DH_DISPATCH_MONTHLY",
    category=CATEGORY,
    arguments=ARGUMENTS,
    result=Result("table", text="header and twelve rows: month, MWh of every unit slot, store, unserved, load"),
    examples=(
        example(
            [
                ["month", "Heat pump", "Boiler", "store", "unserved", "load_mwh"],
                *([m + 1.0, days * 24.0, 0.0, 0.0, 0.0, days * 24.0] for m, days in enumerate(DAYS_OF_MONTHS)),
            ],
            EXAMPLE_UNITS,
            _EXAMPLE_YEAR,
            EXAMPLE_SETTINGS,
            source="limit: a constant load of 1 MW all year, all on the heat pump",
        ),
    ),
)
def dispatch_by_month(units: Table, series: Table, settings: Table) -> Rows:
    """Heat of every unit slot, of the store and unserved in each month, MWh, at least-cost dispatch of a whole year.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH; the series must be a year of 8760 or 8784 hours that begins on 1 January, or have a column
        ``month`` (1 to 12), which serves years on the legal clock, heating years that begin in October and parts of a
        year.

    Returns
    -------
    range
        A header and twelve rows: month (1 to 12), MWh of every unit slot (0 where it is blank), heat out of the store
        less heat into it, unserved heat, and the load, which is their sum less heat thrown away.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, a series that is no year and has no months, or a month that is
        none.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    found = found_dispatch(units, series, settings)
    h = found.problem.settings.step_h
    months = _given_months(series, found.problem.steps)
    if months is None:
        _require_year(found)
        days = np.array(DAYS_OF_MONTHS)
        days[1] += found.problem.steps * h == HOURS_OF_YEAR[1]
        months = np.repeat(np.arange(1, 13), np.round(days * 24 / h).astype(np.int64))
    titles, columns = _stacked(found, units)
    sums = [np.bincount(months, column, 13)[1:] * h for column in (*columns, found.problem.demand_mw)]
    return [["month", *titles, "load_mwh"], *([m + 1.0, *(float(s[m]) for s in sums)] for m in range(12))]


@worksheet_function(
    "DH_DISPATCH_DURATION",
    category=CATEGORY,
    arguments=(*ARGUMENTS, whole("points", "Rows of the curve", at_least=2, at_most=35136)),
    result=Result("table", text="header and one row a point: hours, MW of every unit slot, store, unserved, load"),
    examples=(
        example(
            [
                ["hours", "Heat pump", "Boiler", "store", "unserved", "load_mw"],
                [1.0, 2.0, 4.0, 0.0, 1.0, 7.0],
                [2.0, 2.0, 3.0, 0.0, 0.0, 5.0],
                [3.0, 1.0, 0.0, 0.0, 0.0, 1.0],
            ],
            *EXAMPLE,
            3,
            source=BY_HAND,
        ),
    ),
)
def dispatch_duration(units: Table, series: Table, settings: Table, points: int) -> Rows:
    """Load duration curve with the heat of every unit slot under it, MW: steps sorted by load, the largest first.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH.
    points : int
        Rows of the curve, at least 2 and at most one a step.

    Returns
    -------
    range
        A header and ``points`` rows. The first row is the step of the largest load, every further one the mean over an
        equal part of the others, so that energy is kept: ``hours`` is where the row's part ends, and MW times the
        difference to the row before adds up to the MWh of DH_DISPATCH. Then MW of every unit slot, the store (out less
        in), unserved heat, and the load.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, or more points than steps.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    found = found_dispatch(units, series, settings)
    steps, demand = found.problem.steps, found.problem.demand_mw
    if points > steps:
        raise InputError(f"points must be <= {steps}, the number of steps, got {points}")
    order = np.argsort(-demand, kind="stable")
    ends = np.concatenate(([1], np.round(np.linspace(1, steps, points)[1:]).astype(np.int64)))
    widths = np.diff(ends, prepend=0)
    titles, columns = _stacked(found, units)
    means = [np.add.reduceat(column[order], ends - widths) / widths for column in (*columns, demand)]
    hours = ends * found.problem.settings.step_h
    return [["hours", *titles, "load_mw"], *([float(hours[k]), *(float(m[k]) for m in means)] for k in range(points))]


@worksheet_function(
    "DH_DISPATCH_HOURS",
    category=CATEGORY,
    arguments=(
        *ARGUMENTS,
        whole("first_step", "First step shown, counted from 1", at_least=1, at_most=35136),
        whole("steps", "Steps shown; 168 are a week of hours", at_least=1, at_most=35136),
    ),
    result=Result(
        "table", text="header and one row a step: step, demand, MW of every unit slot, store, unserved, level"
    ),
    examples=(
        example(
            [
                ["step", "demand_mw", "Heat pump", "Boiler", "store", "unserved", *_HOURS_BESIDE],
                [2.0, 5.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.5, 0.0],
                [3.0, 7.0, 2.0, 4.0, 0.0, 1.0, 0.0, 0.5, 0.0],
            ],
            *EXAMPLE,
            2,
            2,
            source=BY_HAND,
        ),
    ),
)
def dispatch_hours(units: Table, series: Table, settings: Table, first_step: int, steps: int) -> Rows:
    """Demand, heat of every unit slot and of the store, level of the store and power, step by step over some steps.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH.
    first_step : int
        First step shown; 1 is the first of the series.
    steps : int
        How many steps are shown.

    Returns
    -------
    range
        A header and one row a step: its number, the demand, MW of every unit slot (0 where it is blank), heat out of
        the store less heat into it, unserved heat, MWh in the store at the end of the step, power bought and power
        sold, MW. The whole series is solved, not the steps shown alone.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, or steps beyond the end of the series.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    found = found_dispatch(units, series, settings)
    last = found.problem.steps - steps + 1
    if last < 1:
        raise InputError(f"steps must be <= {found.problem.steps}, the number of steps, got {steps}")
    if first_step > last:
        raise InputError(
            f"first_step must be <= {last} to show {steps} of {found.problem.steps} steps, got {first_step}"
        )
    titles, stacked = _stacked(found, units)
    shown = slice(first_step - 1, first_step - 1 + steps)
    columns = (found.problem.demand_mw, *stacked, found.level_mwh, found.bought_mw, found.sold_mw)
    values = np.column_stack([np.arange(first_step, first_step + steps), *(column[shown] for column in columns)])
    return [["step", "demand_mw", *titles, *_HOURS_BESIDE], *values.tolist()]


@worksheet_function(
    "DH_DISPATCH_SERIES",
    category=CATEGORY,
    arguments=(
        *ARGUMENTS,
        text("item", "A unit's name, storage_level, storage_charge, bought, sold or unserved"),
    ),
    result=Result("column", text="one value a step"),
    examples=(
        example([[1.0], [2.0], [2.0]], *EXAMPLE, "Heat pump", source=BY_HAND),
        example([[0.25], [0.5], [0.5]], *EXAMPLE, "bought", source=BY_HAND),
    ),
)
def dispatch_series(units: Table, series: Table, settings: Table, item: str) -> Array:
    """One value a step of the least-cost dispatch: the heat of a unit, the level of the store, power bought or sold.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH.
    item : str
        A unit's name (heat, MW), ``storage_level`` (MWh at the end of the step), ``storage_charge`` (MW into the store,
        negative out of it), ``bought``, ``sold``, ``own_use`` (power, MW), ``unserved``, ``rejected``, ``demand`` (MW).

    Returns
    -------
    column
        One value a step.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, or an unknown item.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    found = found_dispatch(units, series, settings)
    names = [unit.name for unit in found.problem.units]
    wanted = item.strip()
    known: dict[str, Array] = {
        "storage_level": found.level_mwh,
        "storage_charge": found.charge_mw,
        "bought": found.bought_mw,
        "sold": found.sold_mw,
        "own_use": found.own_use_mw,
        "unserved": found.unserved_mw,
        "rejected": found.rejected_mw,
        "demand": found.problem.demand_mw,
    }
    for name, heat in zip(names, found.heat_mw, strict=True):
        if name == wanted:
            return np.asarray(heat)
    if wanted.casefold() in known:
        return known[wanted.casefold()]
    raise InputError(f"item must be one of {', '.join((*names, *known))}, got {wanted!r}")
