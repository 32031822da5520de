"""Demand that no offer met: where a least load is more than what lacks, a unit runs at it and others give way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.offers import Park, Plan, grown_block
from dhxl.core.dispatch.pieces import REACH, Array, Indices
from dhxl.core.dispatch.placement import STOP, WALKED, Balance, Sink

__all__ = ["meet_shortage"]


@compiled
def grid_cost(park: Park, g: int, t: int) -> float:
    """Return the cost of heat with power at the price of the grid, EUR/MWh."""
    use = park.use[g, t]
    return float(park.cost[g, t] + use * (park.buy[t] if use > 0.0 else park.sell[t]))


@compiled
def in_order(park: Park, t: int, order: Indices) -> None:
    """Write the numbers of the rows in the order of a step; those without offers come first."""
    for i in range(order.shape[0]):
        k = i
        while k > 0:
            j = order[k - 1]
            behind = park.rank[i] - park.rank[j]
            if behind > 0 or (behind == 0 and grid_cost(park, i, t) >= grid_cost(park, j, t)):
                break
            order[k] = j
            k -= 1
        order[k] = i


@compiled
def room_made(
    park: Park, done: Plan, lack: float, rejected: float, order: Indices, g: int, t: int, less: Array
) -> tuple[float, float, float]:
    """Return (heat, heat to throw away, cost without what lacks) of one more unit of a row; infinite if impossible.

    Written into ``less`` is by how much the other rows give way, the last in order first.
    """
    heat = min(max(lack, park.low[g, t]), park.high[g, t])
    spare = heat - lack
    net = done.net[t]
    power = net + park.use[g, t] * heat
    cost = park.cost[g, t] * heat
    for i in range(order.shape[0] - 1, -1, -1):
        o = order[i]
        less[o] = 0.0
        if park.rank[o] >= 0:
            less[o] = max(min(spare, done.heat[o, t] - done.on[o, t] * park.low[o, t]), 0.0)
            spare -= less[o]
            power -= park.use[o, t] * less[o]
            cost -= park.cost[o, t] * less[o]
    if spare > rejected + REACH or power > park.imports[t] + REACH or power < -park.exports[t] - REACH:
        return heat, 0.0, np.inf
    cost += power * (park.buy[t] if power > 0.0 else park.sell[t]) - net * (park.buy[t] if net > 0.0 else park.sell[t])
    return heat, max(spare, 0.0), cost - min(lack, heat) * park.lack[t]


@compiled
def steps_to_run(park: Park, done: Plan, g: int, t: int, end: int) -> tuple[int, int]:
    """Return the first and last step in which a row has to run to run in one; the first is 0 if it may not."""
    if done.on[g, t] > 0:
        return (t, t) if done.on[g, t] < park.members[g] and park.low[g, t] <= park.high[g, t] + REACH else (0, 0)
    first, last = grown_block(park, done, g, t, t, end)
    if first == 0:
        first, last = grown_block(park, done, g, t, min(t + park.up[g] - 1, end), end)
    if first == 0:
        first, last = grown_block(park, done, g, max(t - park.up[g] + 1, 1), t, end)
    return first, last


@compiled
def meet_shortage(
    park: Park, done: Plan, balance: Balance, demand: Sink, rejection: Sink, end: int, portion: int
) -> Iterator[int]:
    """Let further units run where demand lacks, if that costs less than the lack; the first in order that can.

    Where its least load is more than what lacks, the others give way down to theirs, and what is still too much is
    thrown away as far as that is allowed. A unit with least times begins with the step that lacks or ends with it.
    Yields 0 after every portion of work; what has been planned then keeps all limits.
    """
    due = balance.pace[WALKED] + portion
    order = np.zeros(park.rank.shape[0], dtype=np.int64)
    less = np.zeros(park.rank.shape[0])
    for t in range(1, end + 1):
        if demand.room[t] <= REACH or balance.pace[STOP] == 1:
            continue
        in_order(park, t, order)
        for i in range(order.shape[0]):
            g = int(order[i])
            if demand.room[t] <= REACH or balance.pace[STOP] == 1:
                break
            if park.rank[g] < 0 or park.high[g, t] <= REACH:
                continue
            first, last = steps_to_run(park, done, g, t, end)
            if first == 0:
                continue
            total = 0.0
            for s in range(first, last + 1):
                balance.pace[WALKED] += order.shape[0]
                if balance.pace[WALKED] >= due:
                    yield 0
                    if balance.pace[STOP] == 1:
                        break
                    due = balance.pace[WALKED] + portion
                lack = max(demand.room[s], 0.0)
                total += room_made(park, done, lack, rejection.room[s], order, g, s, less)[2]
            if total > 0.0 or balance.pace[STOP] == 1:
                continue
            for s in range(first, last + 1):
                lack = max(demand.room[s], 0.0)
                heat, thrown_away, _ = room_made(park, done, lack, rejection.room[s], order, g, s, less)
                for o in range(order.shape[0]):
                    done.heat[o, s] -= less[o]
                    done.net[s] -= park.use[o, s] * less[o]
                done.heat[g, s] += heat
                done.net[s] += park.use[g, s] * heat
                done.on[g, s] += 1
                demand.room[s] -= min(lack, heat)
                rejection.room[s] -= thrown_away
