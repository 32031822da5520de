"""DH Dispatch: the least-cost operation as a table of the units, a summary and single numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch import Dispatch
from dhxl.errors import InputError
from dhxl.functions.arguments import text
from dhxl.functions.dispatch_tables import ARGUMENTS, BY_HAND, EXAMPLE, Table, found_dispatch, in_slots
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Dispatch"

Array = npt.NDArray[np.float64]
Rows = list[list[Any]]

TABLE_HEADER = (
    "unit",
    "heat_mwh",
    "share",
    "full_load_hours",
    "starts",
    "fuel_mwh",
    "power_out_mwh",
    "power_in_mwh",
    "cost_eur",
    "co2_t",
)


@worksheet_function(
    "DH_DISPATCH",
    category=CATEGORY,
    arguments=ARGUMENTS,
    result=Result("table", text="header, one row a unit slot, then store, grid, unserved and total"),
    examples=(
        example(
            [
                list(TABLE_HEADER),
                ["Heat pump", 5.0, 5 / 12, 2.5, 0.0, 0.0, 0.0, 1.25, 0.0, 0.0],
                ["Boiler", 7.0, 7 / 12, 1.75, 1.0, 8.75, 0.0, 0.0, 350.0, 0.0],
                ["store", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
                ["grid", 0.0, 0.0, 0.0, 0.0, 0.0, 1.25, 0.0, 125.0, 0.0],
                ["unserved", 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
                ["total", 13.0, 1.0, 0.0, 1.0, 8.75, 1.25, 1.25, 475.0, 0.0],
            ],
            *EXAMPLE,
            source=BY_HAND,
        ),
    ),
)
def dispatch_table(units: Table, series: Table, settings: Table) -> Rows:
    """Heat, share, full-load hours, starts, fuel, power, cost and emissions of every unit at least-cost dispatch.

    Parameters
    ----------
    units : range
        One row a unit; a blank cell takes the default, a blank row is an empty slot.
    series : range
        One row a step; further columns vary from step to step what units and settings name them for.
    settings : range
        Rows of name and value; what is left out or blank takes the default.

    Returns
    -------
    range
        A header, one row a unit slot (a blank slot gives "" and 0), then ``store`` (heat out less heat in; cost of
        cycling), ``grid`` (power out of it and into it; what is paid and earned there), ``unserved`` (heat; no cash
        cost) and ``total``, the sum of the rows above. ``share`` is the share of the heat that the units produce.
        ``cost_eur`` of a unit is fuel, O&M, starts and CO2 of the fuel less the bonus on power.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, each with its place.
    NoSolutionError
        Heat that must be taken has nowhere to go, or the level wanted at the end is out of reach.

    Notes
    -----
    Heat and power balance in every step, and the store keeps what it does not lose::

        heat of units + out of the store + unserved = demand + into the store + thrown away
        power of CHP + bought = power of heat pumps and electric boilers + sold
        level(t) = level(t-1) (1 - loss)^step + into - out

    The sum over all steps is least of fuel, O&M, starts, cycling of the store, power bought at its price and charges,
    charges due on own use, fee on sale and CO2, less power sold and bonuses; heat that lacks counts at its own price.

    The method ``optimal`` finds the least cost exactly, with its proof: every combination of running units in every
    step, and a dynamic programme whose functions are exact lists of straight pieces over the level of the store and the
    states of units with start costs or least times. What is beyond it (4096 combinations or states, or more than its
    share of ``time_limit_s`` or 500 MB of memory) goes to ``milp``, which the summary says in its ``note``. ``milp`` is
    the solver HiGHS, down to ``gap_target`` or for ``time_limit_s``; cost and limits are worked out from what runs, not
    taken from the solver. ``priority`` is the operation strategy of rules: units in the order of their ``priority``
    numbers, the others in that of their production cost, each where it fits, the store filled by surplus; its ``gap``
    tells what planning at least cost would save.

    35,040 or 35,136 rows are quarter-hours and 17,520 or 17,568 half-hours; a ``step_h`` that says otherwise is an
    error. A series that is within a week of a year, but not a year, is refused as faulty; any other number of steps is
    solved. A unit that runs in the first step is not counted as started there.
    """
    found = found_dispatch(units, series, settings)
    totals = found.units
    produced = float(totals.heat_mwh.sum())
    share = totals.heat_mwh / produced if produced > 0 else np.zeros_like(totals.heat_mwh)
    columns = (
        totals.heat_mwh,
        share,
        totals.full_load_hours,
        totals.starts,
        totals.fuel_mwh,
        totals.power_out_mwh,
        totals.power_in_mwh,
        totals.cost_eur,
        totals.co2_t,
    )
    names = [unit.name for unit in found.problem.units]
    lines = [[name, *(float(column[u]) for column in columns)] for u, name in enumerate(names)]
    bought, sold = found.mwh(found.bought_mw), found.mwh(found.sold_mw)
    unserved = found.mwh(found.unserved_mw)
    store = -found.mwh(found.charge_mw)
    cycling = found.costs.storage_cycle_eur
    grid_cost = found.cost_eur - cycling - float(totals.cost_eur.sum())
    body: Rows = in_slots(units, lines, ["", *(0.0,) * len(columns)])
    return [
        list(TABLE_HEADER),
        *body,
        ["store", store, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, cycling, 0.0],
        ["grid", 0.0, 0.0, 0.0, 0.0, 0.0, bought, sold, grid_cost, found.grid_co2_t],
        ["unserved", unserved, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [
            "total",
            produced + store + unserved,
            float(share.sum()),
            0.0,
            float(totals.starts.sum()),
            float(totals.fuel_mwh.sum()),
            float(totals.power_out_mwh.sum()) + bought,
            float(totals.power_in_mwh.sum()) + sold,
            found.cost_eur,
            float(totals.co2_t.sum()) + found.grid_co2_t,
        ],
    ]


def _summary(found: Dispatch) -> dict[str, float | str]:
    """All single results by name."""
    charge = found.charge_mw
    stored = found.mwh(np.maximum(charge, 0.0)) - found.mwh(np.maximum(-charge, 0.0))
    settings = found.problem.settings
    begin = float(found.level_mwh[-1]) if settings.storage_cyclic else settings.storage_start_mwh
    return {
        "cost_eur": found.cost_eur,
        "objective_eur": found.objective_eur,
        "bound_eur": found.bound_eur,
        "gap": found.gap,
        "method": found.method,
        **{part.name: getattr(found.costs, part.name) for part in fields(found.costs)},
        "unserved_eur": found.unserved_eur,
        "demand_mwh": found.mwh(found.problem.demand_mw),
        "heat_mwh": float(found.units.heat_mwh.sum()),
        "unserved_mwh": found.mwh(found.unserved_mw),
        "unserved_steps": float(np.count_nonzero(found.unserved_mw > 1e-6)),
        "first_unserved_step": float(found.first_unserved_step or 0),
        "rejected_mwh": found.mwh(found.rejected_mw),
        "fuel_mwh": float(found.units.fuel_mwh.sum()),
        "bought_mwh": found.mwh(found.bought_mw),
        "sold_mwh": found.mwh(found.sold_mw),
        "own_use_mwh": found.mwh(found.own_use_mw),
        "co2_t": float(found.units.co2_t.sum()) + found.grid_co2_t,
        "storage_charged_mwh": found.mwh(np.maximum(charge, 0.0)),
        "storage_discharged_mwh": found.mwh(np.maximum(-charge, 0.0)),
        "storage_lost_mwh": stored + begin - float(found.level_mwh[-1]),
        "steps": float(found.problem.steps),
        "note": found.note,
    }


@worksheet_function(
    "DH_DISPATCH_SUMMARY",
    category=CATEGORY,
    arguments=ARGUMENTS,
    result=Result("table", text="two columns: name and value"),
    examples=(
        example(
            [
                ["cost_eur", 475.0],
                ["objective_eur", 10475.0],
                ["bound_eur", 10475.0],
                ["gap", 0.0],
                ["method", "optimal"],
                ["fuel_eur", 350.0],
                ["om_eur", 0.0],
                ["start_eur", 0.0],
                ["power_bought_eur", 100.0],
                ["charges_eur", 25.0],
                ["power_sold_eur", 0.0],
                ["sale_fee_eur", 0.0],
                ["power_bonus_eur", 0.0],
                ["co2_eur", 0.0],
                ["storage_cycle_eur", 0.0],
                ["unserved_eur", 10000.0],
                ["demand_mwh", 13.0],
                ["heat_mwh", 12.0],
                ["unserved_mwh", 1.0],
                ["unserved_steps", 1.0],
                ["first_unserved_step", 3.0],
                ["rejected_mwh", 0.0],
                ["fuel_mwh", 8.75],
                ["bought_mwh", 1.25],
                ["sold_mwh", 0.0],
                ["own_use_mwh", 0.0],
                ["co2_t", 0.0],
                ["storage_charged_mwh", 0.0],
                ["storage_discharged_mwh", 0.0],
                ["storage_lost_mwh", 0.0],
                ["steps", 3.0],
                ["note", ""],
            ],
            *EXAMPLE,
            source=BY_HAND,
        ),
    ),
)
def dispatch_summary(units: Table, series: Table, settings: Table) -> Rows:
    """Single results of the least-cost dispatch as name and value: cost and its parts, proven bound and gap, energies.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH.

    Returns
    -------
    range
        Name and value. ``cost_eur`` is the cash cost: the sum of fuel_eur, om_eur, start_eur, power_bought_eur (at the
        exchange price), charges_eur (on purchase and own use), power_sold_eur (negative: a revenue), sale_fee_eur,
        power_bonus_eur (negative), co2_eur and storage_cycle_eur. ``unserved_eur`` prices the heat that lacks and is no
        cash; ``objective_eur`` is both together, what is minimised; ``bound_eur`` is proven not to exceed the least
        objective, ``gap`` the distance between both as a share. ``first_unserved_step`` counts from 1; 0 is none.
        ``method`` is what found the schedule; ``note`` is blank, or says why that is not the method asked for.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, each with its place.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    return [[name, value] for name, value in _summary(found_dispatch(units, series, settings)).items()]


@worksheet_function(
    "DH_DISPATCH_VALUE",
    category=CATEGORY,
    arguments=(
        *ARGUMENTS,
        text("item", "An item of DH_DISPATCH_SUMMARY, or unit:column of DH_DISPATCH (CHP:fuel_mwh)"),
    ),
    result=Result("number", text="unit of the item's name"),
    examples=(
        example(475.0, *EXAMPLE, "cost_eur", source=BY_HAND),
        example(8.75, *EXAMPLE, "Boiler:fuel_mwh", source=BY_HAND),
        example(5.0, *EXAMPLE, "heat_pump:heat_mwh", source=BY_HAND),
    ),
)
def dispatch_value(units: Table, series: Table, settings: Table, item: str) -> float:
    """One number of the least-cost dispatch: an item of the summary, or a column of the table for a unit or a type.

    Parameters
    ----------
    units, series, settings : range
        As for DH_DISPATCH.
    item : str
        A name of DH_DISPATCH_SUMMARY; or ``row:column`` of DH_DISPATCH, where row is a unit's name, store, grid,
        unserved or total; or ``type:column``, the sum over all units of a type, as ``chp:fuel_mwh``.

    Returns
    -------
    float
        In the unit of the item's name.

    Raises
    ------
    InputError
        Everything that is wrong in the three ranges, or an unknown item.
    NoSolutionError
        No operation meets the heat balance in every step.
    """
    found = found_dispatch(units, series, settings)
    wanted = item.strip()
    if ":" not in wanted:
        numbers = {name: value for name, value in _summary(found).items() if not isinstance(value, str)}
        if wanted in numbers:
            return numbers[wanted]
        raise InputError(f"item must be unit:column or one of {', '.join(numbers)}, got {wanted!r}")
    row_name, _, column = (part.strip() for part in wanted.rpartition(":"))
    if column not in TABLE_HEADER[1:]:
        raise InputError(f"item must end in one of {', '.join(TABLE_HEADER[1:])}, got {wanted!r}")
    place = TABLE_HEADER.index(column)
    rows = dispatch_table(units, series, settings)[1:]
    names = [unit.name for unit in found.problem.units]
    kinds = {unit.name: str(unit.kind) for unit in found.problem.units}
    if row_name in (*names, "store", "grid", "unserved", "total"):
        return float(next(row[place] for row in rows if row[0] == row_name))
    if row_name in kinds.values():
        return float(sum(row[place] for row in rows if kinds.get(row[0]) == row_name))
    known = ", ".join((*names, "store", "grid", "unserved", "total", *dict.fromkeys(kinds.values())))
    raise InputError(f"item must begin with one of {known}, got {wanted!r}")
