"""A problem as rows of numbers: one row a kind of unit, then rejected heat and unserved heat."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.fields import Kind
from dhxl.core.dispatch.problem import Problem, Unit, Value

__all__ = [
    "Combinations",
    "Plant",
    "clustered",
    "combinations",
    "count_combinations",
    "kinds_of",
    "plant_of",
    "power_use",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plant:
    """What the methods work on; rows in the order of the units, then rejected heat (negative), then unserved heat.

    ``low`` and ``high`` are the limits of one running unit in MW heat, ``cost`` EUR per MWh heat without electricity,
    ``use`` MWh power taken per MWh heat (produced: negative). ``buy`` and ``sell`` are what a MWh from and to the grid
    costs and earns beyond the charges on own use, which are in ``cost``. ``slot`` is the unit that a row belongs to,
    ``members`` how many equal units it holds, ``switched`` whether it matters how many of them run.
    """

    low: tuple[Value, ...]
    high: tuple[Value, ...]
    cost: tuple[Value, ...]
    use: tuple[Value, ...]
    slot: tuple[int, ...]
    members: tuple[int, ...]
    switched: tuple[bool, ...]
    remembers: tuple[bool, ...]
    buy: Value
    sell: Value


@dataclass(frozen=True, slots=True, eq=False)
class Combinations:
    """Combinations of running units: ``on[u, row]``, sorted by the pattern of the units that remember."""

    on: npt.NDArray[np.int64]
    level_of: npt.NDArray[np.int64]
    patterns: tuple[tuple[int, ...], ...]


def power_use(unit: Unit) -> Value:
    """Power taken per heat, MWh/MWh; negative for power produced."""
    if unit.kind is Kind.HEAT_PUMP:
        assert unit.cop is not None
        return 1.0 / unit.cop
    if unit.kind is Kind.ELECTRIC_BOILER:
        assert unit.heat_efficiency is not None
        return 1.0 / unit.heat_efficiency
    if unit.kind is Kind.CHP:
        assert unit.heat_efficiency is not None and unit.power_efficiency is not None
        return -unit.power_efficiency / unit.heat_efficiency
    return 0.0


def _heat_cost(unit: Unit, problem: Problem) -> Value:
    settings = problem.settings
    cost = unit.om_eur_per_mwh
    if unit.kind in (Kind.CHP, Kind.BOILER):
        assert unit.heat_efficiency is not None and unit.fuel_eur_per_mwh is not None
        emission = unit.fuel_co2_kg_per_mwh * settings.co2_eur_per_t / 1000
        cost = cost + (unit.fuel_eur_per_mwh + emission) / unit.heat_efficiency
    use = power_use(unit)
    if unit.kind is Kind.CHP:
        return cost + use * unit.power_bonus_eur_per_mwh
    return cost + use * settings.own_use_charge_share * settings.charges_eur_per_mwh


def plant_of(problem: Problem) -> Plant:
    """Rows of a problem.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Plant

    Notes
    -----
    Own power feeds the own heat pumps and electric boilers first, so that the cost of power is
    ``bought (price + charges + CO2) - sold (price - fee) + own use x share x charges``. With own use = taken - bought
    it is ``taken x share x charges + bought x buy - sold x sell`` with ``buy = price + (1 - share) charges + CO2`` and
    ``sell = price - fee``: convex in taken - produced, since buy >= sell.
    """
    settings = problem.settings
    low: list[Value] = []
    high: list[Value] = []
    cost: list[Value] = []
    use: list[Value] = []
    slot: list[int] = []
    members: list[int] = []
    switched: list[bool] = []
    remembers: list[bool] = []
    for number, unit in enumerate(problem.units):
        memory = not unit.must_take and unit.count > 0 and unit.remembers
        full = unit.heat_mw * unit.available if unit.count > 0 else 0.0  # a unit that is not there
        least = full if unit.must_take else unit.min_share * unit.heat_mw if unit.count > 0 else 0.0
        copies = unit.count if memory else 1
        heat_cost, power = _heat_cost(unit, problem), power_use(unit)
        for _ in range(copies):
            low.append(least)
            high.append(full)
            cost.append(heat_cost)
            use.append(power)
            slot.append(number)
            members.append(unit.count // copies)
            switched.append(not unit.must_take and bool(memory or np.any(np.greater(least, 0.0))))
            remembers.append(bool(memory))
    low += [-settings.heat_rejection_mw, 0.0]
    high += [0.0, problem.demand_mw]
    cost += [0.0, settings.unserved_eur_per_mwh]
    use += [0.0, 0.0]
    price = problem.electricity_eur_per_mwh
    emission = settings.electricity_co2_kg_per_mwh * settings.co2_eur_per_t / 1000
    return Plant(
        tuple(low),
        tuple(high),
        tuple(cost),
        tuple(use),
        tuple(slot),
        (*members, 1, 1),
        (*switched, False, False),
        (*remembers, False, False),
        price + (1 - settings.own_use_charge_share) * settings.charges_eur_per_mwh + emission,
        price - settings.sale_fee_eur_per_mwh,
    )


def clustered(plant: Plant, slots: Collection[int]) -> Plant:
    """Plant with the rows of each of some units, which are equal, joined in one row.

    Parameters
    ----------
    plant : Plant
    slots : collection of int
        The units.

    Returns
    -------
    Plant
    """
    first = {slot: g for g, slot in reversed(list(enumerate(plant.slot)))}
    kept = [g for g, slot in enumerate(plant.slot) if slot not in slots or first[slot] == g]
    members = [
        sum(m for m, other in zip(plant.members, plant.slot, strict=False) if other == plant.slot[g])
        if plant.slot[g] in slots
        else plant.members[g]
        for g in kept
    ]
    rows = [*kept, *range(len(plant.slot), len(plant.low))]
    return replace(
        plant,
        low=tuple(plant.low[g] for g in rows),
        high=tuple(plant.high[g] for g in rows),
        cost=tuple(plant.cost[g] for g in rows),
        use=tuple(plant.use[g] for g in rows),
        slot=tuple(plant.slot[g] for g in kept),
        members=(*members, 1, 1),
        switched=tuple(plant.switched[g] for g in rows),
        remembers=tuple(plant.remembers[g] for g in rows),
    )


def kinds_of(problem: Problem) -> Plant:
    """Rows of a problem, one for all equal units.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Plant
    """
    return clustered(plant_of(problem), range(len(problem.units)))


def count_combinations(plant: Plant) -> int:
    """Return the number of combinations of running units."""
    number = 1
    for switched, members in zip(plant.switched, plant.members, strict=True):
        number *= members + 1 if switched else 1
    return number


def combinations(plant: Plant) -> Combinations:
    """All combinations of running units; earlier units on come first, so that ties go to them.

    Parameters
    ----------
    plant : Plant

    Returns
    -------
    Combinations
    """
    choices = [
        range(members, -1, -1) if switched else (members,)
        for switched, members in zip(plant.switched, plant.members, strict=True)
    ]
    on = np.array(list(itertools.product(*choices)), dtype=np.int64)
    memory = np.flatnonzero(plant.remembers)
    keys = [tuple(int(k) for k in row) for row in on[:, memory]]
    patterns = tuple(dict.fromkeys(keys))
    number = {pattern: level for level, pattern in enumerate(patterns)}
    level_of = np.array([number[key] for key in keys], dtype=np.int64)
    order = np.argsort(level_of, kind="stable")
    return Combinations(on[order], level_of[order], patterns)
