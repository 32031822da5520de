"""Units put into steps one offer after the other: by rank, then by the cost of their heat, each only where it fits."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import REACH, ZERO, Array, Indices
from dhxl.core.dispatch.placement import STOP, WALKED, Balance, Sink, carried, enter, fits

__all__ = ["Park", "Plan", "plan"]

Offer = tuple[int, int, int, int, int, int, int]  # rank, cost, needs the store, row, turn, first and last place

FINE = 1e6  # costs are compared in 1e-6 EUR/MWh
MOST = 1e12  # EUR/MWh
NO_OFFER = -(2**62)


class Park(NamedTuple):
    """The units' data; 2-D arrays are [row, place], energies in MWh a step, costs in EUR/MWh.

    ``rank`` is the place of a row in the order (-1: it makes no offers), ``members`` how many equal units it holds,
    ``up`` and ``down`` the least steps in operation and at rest. ``cost``, ``use``, ``low``, ``high``, ``buy``,
    ``sell``, ``imports`` and ``exports`` are those of the plant, ``lack`` is the price of unserved heat. Heat that is
    stored costs ``cycle`` more, and ``loss`` times its cost.
    """

    rank: Indices
    members: Indices
    up: Indices
    down: Indices
    cost: Array
    use: Array
    low: Array
    high: Array
    buy: Array
    sell: Array
    imports: Array
    exports: Array
    lack: Array
    cycle: float
    loss: float


class Plan(NamedTuple):
    """What has been planned, MWh: running units and heat [row, place], and power bought less sold.

    ``offered`` [row, place] is the offer that counts (older ones are void), ``wanted`` is work space.
    """

    on: Indices
    heat: Array
    net: Array
    offered: Indices
    wanted: Array


@compiled
def key_of(cost: float) -> int:
    """Return a cost as a whole number, so that equal costs compare equal."""
    return int(np.rint(min(max(cost, -MOST), MOST) * FINE))


@compiled
def stored_cost(park: Park, cost: float, share: float, kept: float) -> float:
    """Return the cost of heat of which a share goes through the store, a part of that only kept in it for longer."""
    return cost + share * max(cost, 0.0) * park.loss + max(share - kept, 0.0) * park.cycle


@compiled
def next_offer(park: Park, done: Plan, balance: Balance, sink: Sink, g: int, t: int) -> tuple[float, int, float, float]:
    """Return (EUR/MWh, 1 if it needs the store, least and most heat) that a row offers next in a step; none: most 0.

    A resting unit offers its least load, a running one the rest, as far as neither the price of its power changes nor
    more than the demand or than the store gives is displaced.
    """
    use, net = park.use[g, t], done.net[t]
    running = done.on[g, t]
    lacking = max(sink.room[t], 0.0)
    given = max(-balance.charge[t], 0.0)
    power_room = np.inf
    if use > 0.0:
        power_room = (park.imports[t] - net) / use
    elif use < 0.0:
        power_room = -(park.exports[t] + net) / use
    low, high = park.low[g, t], park.high[g, t]
    if done.heat[g, t] >= running * high - REACH and running < park.members[g] and low > 0.0:
        if low > high + REACH or low > power_room + REACH:
            return 0.0, 0, 0.0, 0.0
        cost = park.cost[g, t]
        if use != 0.0:
            later = net + use * low
            paid = later * (park.buy[t] if later > 0.0 else park.sell[t]) - net * (
                park.buy[t] if net > 0.0 else park.sell[t]
            )
            cost += paid / low
        if lacking >= low - REACH:
            return cost, 0, low, low
        share = (low - lacking) / low
        return stored_cost(park, cost, share, min(share, given / low)), 1, low, low
    most = min(max(running, 1) * high - done.heat[g, t], power_room)
    price = park.buy[t]
    if use > 0.0 and net < -REACH:
        price = park.sell[t]
        most = min(most, -net / use)
    elif use < 0.0:
        if net > REACH:
            most = min(most, -net / use)
        else:
            price = park.sell[t]
    if most <= REACH:
        return 0.0, 0, 0.0, 0.0
    cost = park.cost[g, t] + use * price
    if lacking > REACH:
        return cost, 0, 0.0, min(most, lacking)
    if given > REACH and park.cycle > 0.0:
        return stored_cost(park, cost, 1.0, 1.0), 1, 0.0, min(most, given)
    return stored_cost(park, cost, 1.0, 0.0), 1, 0.0, most


@compiled
def block_cost(park: Park, sink: Sink, g: int, first: int, last: int) -> tuple[float, int]:
    """Return (EUR/MWh, 1 if it needs the store) of several steps at least load, power at the prices of the grid."""
    cost = 0.0
    needs_store = 0
    for t in range(first, last + 1):
        use = park.use[g, t]
        cost += park.cost[g, t] + use * (park.buy[t] if use > 0.0 else park.sell[t])
        if sink.room[t] < park.low[g, t] - REACH:
            needs_store = 1
    cost /= last + 1 - first
    return (stored_cost(park, cost, 1.0, 0.0) if needs_store else cost), needs_store


@compiled
def grown_block(park: Park, done: Plan, g: int, first: int, last: int, end: int) -> tuple[int, int]:
    """Return the resting steps from first to last, grown to the next run where the rest would be too short.

    The first is 0 where a run in these steps would be too short, or some of them are not at rest. What was before the
    first step (place 1) and what comes after the end is free.
    """
    on, down = done.on, park.down[g]
    joined = False
    gap = 0
    while gap < down and first - 1 - gap >= 1 and on[g, first - 1 - gap] == 0:
        gap += 1
    if gap < down and first - 1 - gap >= 1:
        first -= gap
        joined = True
    gap = 0
    while gap < down and last + 1 + gap <= end and on[g, last + 1 + gap] == 0:
        gap += 1
    if gap < down and last + 1 + gap <= end:
        last += gap
        joined = True
    for t in range(first, last + 1):
        if on[g, t] > 0 or park.low[g, t] > park.high[g, t] + REACH:
            return 0, 0
    if not joined and last + 1 - first < park.up[g] and first > 1 and last < end:
        return 0, 0
    return first, last


@compiled
def queued(
    queue: list[Offer], park: Park, done: Plan, cost: float, needs_store: int, g: int, first: int, last: int
) -> None:
    """Queue an offer; at equal cost the store is filled as late as possible."""
    key = key_of(cost)
    if first == last:
        done.offered[g, first] = 2 * key + needs_store
    heapq.heappush(queue, (park.rank[g], key, needs_store, g, first * (1 - 2 * needs_store), first, last))


@compiled
def renew(queue: list[Offer], park: Park, done: Plan, balance: Balance, sink: Sink, g: int, t: int) -> None:
    """Queue what a row offers next in a step, in place of what it offered before."""
    balance.pace[WALKED] += 1
    cost, needs_store, _, most = next_offer(park, done, balance, sink, g, t)
    done.offered[g, t] = NO_OFFER
    if most > 0.0:
        queued(queue, park, done, cost, needs_store, g, t, t)


@compiled
def taken(park: Park, done: Plan, balance: Balance, sink: Sink, g: int, first: int, last: int) -> None:
    """Put in the wanted heat of a row."""
    enter(balance, sink, first, last, done.wanted)
    for t in range(first, last + 1):
        done.heat[g, t] += done.wanted[t]
        done.net[t] += park.use[g, t] * done.wanted[t]


@compiled
def renew_all(queue: list[Offer], park: Park, done: Plan, balance: Balance, sink: Sink, g: int, t: int) -> None:
    """Renew what a row that was given heat offers in a step, and what the rows do that share the power with it."""
    renew(queue, park, done, balance, sink, g, t)
    if park.use[g, t] != 0.0 and done.wanted[t] > 0.0:
        for o in range(park.rank.shape[0]):
            if o != g and park.rank[o] >= 0 and park.use[o, t] != 0.0:
                renew(queue, park, done, balance, sink, o, t)
    done.wanted[t] = 0.0


@compiled
def block_wanted(park: Park, done: Plan, balance: Balance, sink: Sink, g: int, first: int, last: int) -> bool:
    """Return whether a row can begin to run in the steps from first to last; its least loads are then wanted."""
    useful, possible = False, True
    for t in range(first, last + 1):
        low, high = park.low[g, t], park.high[g, t]
        done.wanted[t] = low
        power = done.net[t] + park.use[g, t] * low
        possible = possible and -park.exports[t] - REACH <= power <= park.imports[t] + REACH
        useful = useful or low > 0.0 or sink.room[t] > REACH or carried(balance, sink, t, high) > REACH
    if useful and possible and fits(balance, sink, first, last, done.wanted):
        return True
    done.wanted[first : last + 1] = 0.0
    return False


@compiled
def plan(park: Park, done: Plan, balance: Balance, sink: Sink, end: int, portion: int) -> Iterator[int]:
    """Put the units into the steps from 1 to the end, in the order of their offers, as long as one fits.

    Yields the number of queued offers after every portion of work; what has been planned then keeps all limits.
    """
    rows = park.rank.shape[0]
    dearest = park.lack.max()
    queue = [(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)]
    queue.clear()
    due = balance.pace[WALKED] + portion
    for g in range(rows):
        if park.rank[g] < 0 or balance.pace[STOP] == 1:
            continue
        for t in range(1, end + 1):
            last = min(t + park.up[g] - 1, end)
            if t in (1, last):
                renew(queue, park, done, balance, sink, g, t)
            if t < last:
                cost, needs_store = block_cost(park, sink, g, t, last)
                queued(queue, park, done, cost, needs_store, g, t, last)
            balance.pace[WALKED] += last + 1 - t
            if balance.pace[WALKED] >= due:
                yield len(queue)
                if balance.pace[STOP] == 1:
                    break
                due = balance.pace[WALKED] + portion
    while len(queue) > 0 and balance.pace[STOP] == 0:  # a step's offers may have been left unrenewed
        balance.pace[WALKED] += 1
        if balance.pace[WALKED] >= due:
            yield len(queue)
            if balance.pace[STOP] == 1:
                break
            due = balance.pace[WALKED] + portion
        _, key, needs_store, g, _, first, last = heapq.heappop(queue)
        begins = done.on[g, first] == 0 and (park.up[g] > 1 or park.down[g] > 1)
        if first == last:
            if done.offered[g, first] != 2 * key + needs_store:
                continue
            done.offered[g, first] = NO_OFFER
        elif not begins:
            continue
        a, b = grown_block(park, done, g, first, last, end) if begins else (first, last)
        if a == 0:
            continue
        balance.pace[WALKED] += b + 1 - a
        least = most = 0.0
        if a == b:
            cost, now, least, most = next_offer(park, done, balance, sink, g, a)
            if most <= 0.0:
                continue
        else:
            cost, now = block_cost(park, sink, g, a, b)
        now_key = key_of(cost)
        if a != first or b != last or now_key > key or (now_key == key and now > needs_store):
            queued(queue, park, done, cost, now, g, a, b)
            continue
        if cost > (dearest if now else park.lack[a]):
            continue
        if begins:
            if not block_wanted(park, done, balance, sink, g, a, b):
                continue
            done.on[g, a : b + 1] = 1
        else:
            amount = most
            if now:
                lacking = max(sink.room[a], 0.0)
                amount = min(most, lacking + carried(balance, sink, a, most - lacking))
            if amount <= REACH or amount < least - REACH:
                continue
            done.on[g, a] = done.on[g, a] + 1 if least > 0.0 else max(done.on[g, a], 1)
            done.wanted[a] = max(amount, least)
        taken(park, done, balance, sink, g, a, b)
        for t in range(a, b + 1):
            renew_all(queue, park, done, balance, sink, g, t)
            if balance.pace[WALKED] >= due:
                yield len(queue)
                if balance.pace[STOP] == 1:
                    break
                due = balance.pace[WALKED] + portion
        if begins and a > 1:
            renew(queue, park, done, balance, sink, g, a - 1)
        if begins and b < end:
            renew(queue, park, done, balance, sink, g, b + 1)
