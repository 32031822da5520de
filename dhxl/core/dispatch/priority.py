"""The method ``priority``: units in a given order or in that of their cost, as consultants know it from energyPRO."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dhxl.core.dispatch.accounts import dispatch_of
from dhxl.core.dispatch.budget import MEMORY_TEXT, Budget, budget_of
from dhxl.core.dispatch.by_step import charge_by_step
from dhxl.core.dispatch.compiled import compiles
from dhxl.core.dispatch.completion import complete
from dhxl.core.dispatch.limits import least_steps
from dhxl.core.dispatch.offers import NO_OFFER, Park, Plan, plan
from dhxl.core.dispatch.pieces import REACH, Array, Indices
from dhxl.core.dispatch.placement import Balance, Sink, moved_back, put_all
from dhxl.core.dispatch.plant import Plant, clustered, plant_of
from dhxl.core.dispatch.portions import ended_by, portion_size
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.core.dispatch.result import Dispatch, NotProvenError
from dhxl.core.dispatch.shortage import meet_shortage
from dhxl.errors import NoSolutionError

__all__ = ["priority_dispatch"]

MET_MWH = 1e-8  # of the content at the end
PLANNING_SHARE = 0.7  # of the time that is left; the rest is for what is left of the plan, and for adding it up
GRACE = 0.1  # of the time limit, to complete a plan that would be worth little without
TABLES = 12  # of one number a row and step: those of the units, of the plan, and of the schedule


class _State(NamedTuple):
    """What is planned, and where: the units, the store, and what still takes heat."""

    plant: Plant
    park: Park
    done: Plan
    balance: Balance
    demand: Sink
    rejection: Sink


def priority_dispatch(
    problem: Problem,
    bound_eur: float | None = None,
    budget: Budget | None = None,
    planning_share: float = PLANNING_SHARE,
) -> Dispatch:
    """Return the dispatch that the operation strategy of rules gives.

    Parameters
    ----------
    problem : Problem
    bound_eur : float, optional
        Proven lower bound of the cost, as another method finds it; without it the result has none (minus infinity).
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.
    planning_share : float, optional
        Of the time that is left, until when the rules are followed.

    Returns
    -------
    Dispatch
        Where the time or the memory is over before the plan is complete, what has been planned stays, and units give
        what the demand still lacks in the order of their cost, step by step; ``note`` says so.

    Raises
    ------
    NoSolutionError
        Heat that must be taken has nowhere to go, or the rules do not reach the store's content at the end.
    NotProvenError
        The time or the memory is over, and nothing that keeps all limits was found at once.

    Notes
    -----
    The whole period is planned offer by offer, not hour by hour. What is planned stays; an offer is taken as far as it
    fits with that, or else falls away.

    1. Heat that must be taken, and the content of the store at the start, go to the demand of their step, then through
       the store to the earliest later demand; the rest is thrown away as far as ``heat_rejection_mw`` allows.
    2. Units with a ``priority`` come first, in the order of their numbers and, at equal numbers, of their rows; all
       steps of one before the next. All other units together come after them.
    3. Among those, and for every numbered unit by itself, the cheapest heat comes first: fuel, operation and
       maintenance, bonus, CO2 and power, EUR/MWh heat. Power is valued with what is already planned in the step: a
       unit takes surplus own power at the price of sale and the rest at that of purchase; own power replaces purchase
       first and is then sold. At equal cost demand is met before the store is filled, then the order of rows counts,
       then that of the steps; the store is filled as late as possible.
    4. A unit offers its least load, which it runs at or not at all, then the rest. What the demand left of the step
       does not take is stored, up to what later demand takes, and only if the store can hold it all the way. Heat to
       be stored counts with the cost of cycling and the loss of one step.
    5. With least times a resting unit offers as many steps as it must run, at their mean cost and with power at the
       prices of the grid, later one step before or after; a rest that would be too short is run through. Costs of
       starts do not matter for the order; they are paid.
    6. Heat dearer than ``unserved_eur_per_mwh`` is not made. Where demand is left that no unit fits into, the first in
       order runs nevertheless if that costs less than the lack: the others give way down to their least load, the last
       in order first, and only then is heat thrown away, as far as allowed.
    7. What demand is left then is unserved. Where the content at the end is not reached, heat of the last steps is
       kept for it.

    A cyclic store has no first step: what is left after the last step is carried to the first one.

    The order of planning, units of the first priority over the whole period before those of the next, is that of the
    page "Operation Strategy" of energyPRO's reference (energyprodocs.emd.dk).

    Examples
    --------
    >>> from dhxl.core.dispatch.problem import Unit
    >>> from dhxl.core.dispatch.fields import Kind
    >>> heat_pump = Unit("Heat pump", Kind.HEAT_PUMP, 4.0, min_share=1.0, cop=4.0)
    >>> boiler = Unit("Boiler", Kind.BOILER, 9.0, heat_efficiency=0.8, fuel_eur_per_mwh=40.0)
    >>> found = priority_dispatch(Problem((heat_pump, boiler), np.array([3.0, 6.0]), np.array([80.0, 80.0])))
    >>> found.heat_mw.tolist()
    [[0.0, 4.0], [3.0, 2.0]]
    """
    budget = budget or budget_of(problem.settings.time_limit_s)
    plant, n = plant_of(problem), problem.steps
    most_held = TABLES * 8 * len(plant.low) * n
    reason = MEMORY_TEXT if most_held > budget.most_bytes else ""
    state = _empty(problem, clustered(plant, range(len(problem.units))) if reason else plant)
    planning = budget.share(planning_share)
    budget = replace(budget, ends=budget.ends + GRACE * budget.time_limit_s)
    late = _put_forced(problem, state, planning)
    reason = reason or late or _plan(state, n, planning, most_held)
    if late:
        state = _by_step(problem, state.plant, budget, reason)
    else:
        if reason:
            complete(state.park, state.done, state.demand.room, budget)
        missing = _fill_at_end(problem, state.balance, state.demand)
        if reason and missing > MET_MWH:
            state = _by_step(problem, state.plant, budget, reason)
        elif reason:
            complete(state.park, state.done, state.demand.room, budget)
        elif missing > MET_MWH:
            raise NoSolutionError(
                f"by the rules of priority {missing:.6g} MWh are lacking to storage_end_mwh: lower it, or use the "
                "method optimal"
            )
    found = _worked_out(problem, state, -math.inf if bound_eur is None else bound_eur)
    return replace(found, note=_unfinished(reason)) if reason else found


def _unfinished(reason: str) -> str:
    remedy = "" if compiles() else "; dhxl setup compiles the dispatch, which makes it many times faster"
    return f"the rules were followed as far as they came within {reason}, the rest is by cost in each step{remedy}"


def _empty(problem: Problem, plant: Plant) -> _State:
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    demand = _sink(np.multiply(problem.demand_mw, h), n)
    rejection = _sink(np.multiply(settings.heat_rejection_mw, h), n)
    if not settings.storage_cyclic:
        demand.room[n + 1] = settings.level_at_end_mwh
    park = _park(problem, plant)
    shape = park.cost.shape
    done = Plan(
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape),
        np.zeros(n + 2),
        np.full(shape, NO_OFFER, dtype=np.int64),
        np.zeros(n + 2),
    )
    return _State(plant, park, done, _balance(problem), demand, rejection)


def _plan(state: _State, n: int, budget: Budget, bytes_held: int) -> str:
    """Plan by the rules; return what has ended that before its end."""
    _, park, done, balance, demand, rejection = state
    offers = plan(park, done, balance, demand, n, portion_size())
    reason = ended_by(offers, balance.pace, budget, bytes_held)
    if reason:
        return reason
    return ended_by(meet_shortage(park, done, balance, demand, rejection, n, portion_size()), balance.pace, budget)


def _by_step(problem: Problem, plant: Plant, budget: Budget, reason: str) -> _State:
    """Return a plan in which the store only does what it must, and units give the rest by cost in each step."""
    for may_rest in (False, True):
        state = _charged_by(problem, plant, budget, may_rest)
        if state is not None:
            return state
    raise NotProvenError(f"no operation was found within {reason}")


def _charged_by(problem: Problem, plant: Plant, budget: Budget, may_rest: bool) -> _State | None:
    """Return a plan in which the store is charged by units without a least load, or by others too, if that is one."""
    state = _empty(problem, plant)
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    _, park, done, balance, demand, rejection = state
    steady = (park.rank >= 0) & (park.up == 1) & (park.down == 1)
    free = steady[:, None] & (park.use <= np.where(np.isinf(park.imports), np.inf, 0.0))
    free &= (park.use >= np.where(np.isinf(park.exports), -np.inf, 0.0)) & (park.low <= park.high)
    if not may_rest:
        free &= park.low == 0.0
    most = np.where(free, park.high * park.members[:, None], 0.0)[:, 1:-1].sum(axis=0)
    forced = _forced(problem, plant)[1:-1]
    found = charge_by_step(
        forced,
        demand.room[1:-1],
        rejection.room[1:-1],
        most,
        (balance.into[1], balance.out_of[1], balance.capacity[1], balance.keep[1]),
        None if settings.storage_cyclic else (settings.storage_start_mwh, settings.level_at_end_mwh),
    )
    if found is None:
        return None
    balance.level[n], charge = found
    asked = np.multiply(problem.demand_mw, h)
    needed = asked + charge - forced
    demand.room[1:-1] = np.maximum(needed, 0.0)
    rejection.room[1:-1] -= np.maximum(-needed, 0.0)
    park.lack[1:-1][charge > forced] = math.inf
    complete(park, done, demand.room, replace(budget, ends=math.inf))
    return state if np.all(demand.room[1:-1] <= asked + MET_MWH) else None


def _worked_out(problem: Problem, state: _State, bound_eur: float) -> Dispatch:
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    plant, _, done, balance, demand, rejection = state
    heat = np.zeros((len(plant.low), n))
    on = np.ones((len(plant.low), n), dtype=np.int64)
    for g, slot in enumerate(plant.slot):
        forced = problem.units[slot].must_take
        heat[g] = plant.members[g] * np.asarray(plant.low[g]) if forced else done.heat[g, 1:-1] / h
        on[g] = done.on[g, 1:-1] if plant.switched[g] else plant.members[g]
    heat[-2] = rejection.room[1:-1] / h - settings.heat_rejection_mw
    heat[-1] = np.maximum(demand.room[1:-1], 0.0) / h
    if settings.storage_mwh == 0:
        return dispatch_of(problem, plant, heat, on, "priority", bound_eur)
    discharge = (problem.demand_mw - heat.sum(axis=0)) * h
    start = float(balance.level[n]) if settings.storage_cyclic else settings.storage_start_mwh
    levels = _levels(discharge, start, float(balance.keep[1]))
    return dispatch_of(problem, plant, heat, on, "priority", bound_eur, discharge, levels)


def _row(value: Value, n: int, factor: float = 1.0, outside: float = 0.0) -> Array:
    """One value a place: outside of the steps, in the steps, outside of the steps."""
    row = np.full(n + 2, outside)
    row[1:-1] = np.multiply(value, factor)
    return row


def _sink(energy: Value, n: int) -> Sink:
    return Sink(_row(energy, n), np.zeros(n + 2, dtype=np.bool_))


def _balance(problem: Problem) -> Balance:
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    after = np.append(np.arange(1, n + 2, dtype=np.int64), -1)
    before = np.arange(-1, n + 1, dtype=np.int64)
    if settings.storage_cyclic:
        after[n], before[1] = 1, n
    capacity = _row(settings.storage_mwh, n)
    capacity[0] = math.inf
    return Balance(
        np.zeros(n + 2),
        np.zeros(n + 2),
        _row(min(settings.storage_charge_mw * h, settings.storage_mwh), n, outside=math.inf),
        _row(min(settings.storage_discharge_mw * h, settings.storage_mwh), n, outside=math.inf),
        capacity,
        _row((1 - settings.storage_loss_per_h) ** h, n, outside=1.0),
        after,
        before,
        np.zeros(2, dtype=np.int64),
        np.zeros(n + 2),
    )


def _forced(problem: Problem, plant: Plant) -> Array:
    """Return the heat that must be taken at every place, without the content of the store."""
    heat = np.zeros(problem.steps + 2)
    for g, slot in enumerate(plant.slot):
        if problem.units[slot].must_take:
            heat[1:-1] += np.multiply(plant.low[g], problem.settings.step_h * plant.members[g])
    return heat


def _put_forced(problem: Problem, state: _State, budget: Budget) -> str:
    """Put in heat that must be taken; return what has ended that before its end."""
    settings = problem.settings
    _, _, _, balance, demand, rejection = state
    forced = _forced(problem, state.plant)
    if not settings.storage_cyclic:
        forced[0] = settings.storage_start_mwh
    if np.all(forced <= demand.room):
        demand.room[:] -= forced
        return ""
    places: list[int] = []
    reason = ended_by(_noted(put_all(balance, demand, rejection, forced, portion_size()), places), balance.pace, budget)
    if reason or not places:
        return reason
    place = places[0]
    if place == 0:
        raise NoSolutionError(
            f"the content at the start of {settings.storage_start_mwh:.6g} MWh cannot be used up to "
            f"{settings.level_at_end_mwh:.6g} MWh at the end; raise storage_end_mwh or allow heat_rejection_mw"
        )
    if place > 0:
        store = " and what the store can hold" if settings.storage_mwh > 0 else ""
        raise NoSolutionError(
            f"step {place}: heat that must be taken exceeds the demand of {problem.demand_mw[place - 1]:.6g} MW"
            f"{store}; allow heat_rejection_mw"
        )
    return ""


def _noted(work: Iterator[int], places: list[int]) -> Iterator[int]:
    """Note the places that some work yields beside the ends of its portions, and go on."""
    for place in work:
        if place >= 0:
            places.append(place)
        yield 0


def _ranks(problem: Problem) -> list[int]:
    """Place of every unit in the order: the numbered ones by number and row, then all others; -1 if it must run."""
    numbered = sorted((unit.priority, number) for number, unit in enumerate(problem.units) if unit.priority is not None)
    rank = {number: place for place, (_, number) in enumerate(numbered)}
    return [-1 if unit.must_take else rank.get(k, len(numbered)) for k, unit in enumerate(problem.units)]


def _park(problem: Problem, plant: Plant) -> Park:
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    ranks = _ranks(problem)
    rows = range(len(plant.slot))

    def table(values: tuple[Value, ...], factors: list[float]) -> Array:
        return np.array([_row(values[g], n, factors[g]) for g in rows]).reshape(len(rows), n + 2)

    def numbers(values: list[int]) -> Indices:
        return np.array(values, dtype=np.int64)

    units = [problem.units[slot] for slot in plant.slot]
    ones = [1.0 for _ in rows]
    kept = float((1 - settings.storage_loss_per_h) ** h)
    return Park(
        numbers([ranks[slot] for slot in plant.slot]),
        numbers([plant.members[g] if plant.switched[g] else 1 for g in rows]),
        numbers([least_steps(problem, unit.min_up_h) for unit in units]),
        numbers([least_steps(problem, unit.min_down_h) for unit in units]),
        table(plant.cost, ones),
        table(plant.use, ones),
        table(plant.low, [h for _ in rows]),
        table(plant.high, [h if plant.switched[g] else h * plant.members[g] for g in rows]),
        _row(plant.buy, n),
        _row(plant.sell, n),
        _row(settings.import_limit_mw, n, h),
        _row(settings.export_limit_mw, n, h),
        _row(settings.unserved_eur_per_mwh, n),
        2.0 * settings.storage_cycle_eur_per_mwh,
        1.0 / kept - 1.0,
    )


def _fill_at_end(problem: Problem, balance: Balance, demand: Sink) -> float:
    """Leave demand unserved in the last steps where the content at the end would not be reached; return what lacks."""
    n, h = problem.steps, problem.settings.step_h
    if problem.settings.storage_cyclic or demand.room[n + 1] <= REACH:
        return 0.0
    energy = _row(problem.demand_mw, n, h)
    served = Sink(energy - np.maximum(demand.room, 0.0), demand.shut)
    served.room[n + 1] = 0.0
    missing = demand.room[n + 1] - moved_back(balance, served, n + 1, float(demand.room[n + 1]), 1.0)
    demand.room[:] = energy - served.room
    return float(missing)


def _levels(discharge_mwh: Array, start_mwh: float, keep: float) -> Array:
    levels = []
    level = start_mwh
    for out in discharge_mwh.tolist():
        level = keep * level - out
        levels.append(level)
    return np.array(levels)
