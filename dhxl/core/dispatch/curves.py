"""Least cost of every step over the heat that the store takes or gives, as lists of pieces."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import (
    CODE,
    REACH,
    SLOPE,
    TIE,
    WIDTH,
    XL,
    XR,
    YL,
    ZERO,
    Array,
    Indices,
    appended,
    clipped,
    lower_envelope,
    lowered,
    mirror,
    push,
    sum_of_runs,
)

__all__ = ["Steps", "step_costs"]


class Steps(NamedTuple):
    """The units' data of every step, energies in MWh a step; 2-D arrays are [step, kind of unit].

    ``cost`` EUR/MWh heat without electricity, ``use`` MWh power taken per MWh heat (produced: negative), ``low`` and
    ``high`` heat of one running unit, ``buy`` and ``sell`` EUR/MWh, ``imports`` and ``exports`` the limits of power.
    """

    demand: Array
    buy: Array
    sell: Array
    imports: Array
    exports: Array
    cost: Array
    use: Array
    low: Array
    high: Array


@compiled
def merit_order(cost: Array, use: Array, first: int, last: int, price: float, orders: Indices, p: int) -> None:
    """Write the units from first to last in order of their cost of heat at a power price; ties in their own order."""
    for i in range(first, last):
        k = i - first
        while k > 0 and cost[orders[p, k - 1]] + price * use[orders[p, k - 1]] > cost[i] + price * use[i]:
            orders[p, k] = orders[p, k - 1]
            k -= 1
        orders[p, k] = i


@compiled
def merit_curve(
    low: Array,
    room: Array,
    cost: Array,
    use: Array,
    first: int,
    last: int,
    price: float,
    orders: Indices,
    p: int,
    x: float,
    y: float,
    sign: float,
    out: Array,
) -> int:
    """Write ``sign`` times the cost of running units over their heat at a power price, from the point (x, y) on."""
    for i in range(first, last):
        x += low[i]
        y += sign * (cost[i] + price * use[i]) * low[i]
    n = push(out, ZERO, x, x, y, y, 0.0, 0.0)
    for k in range(last - first):
        i = orders[p, k]
        if room[i] > 0.0:
            slope = sign * (cost[i] + price * use[i])
            n = push(out, n, x, x + room[i], y, y + slope * room[i], slope, 0.0)
            x += room[i]
            y += slope * room[i]
    return n


@compiled
def forced_heat(net: float, use: Array, room: Array, last: int, imports: float, exports: float, sign: float) -> float:
    """Return how much heat the units must leave their ends by to keep the power limits; -1 if they cannot.

    ``room`` is how far each can leave its end, ``sign`` +1 for the lower ends, -1 for the upper ends.
    """
    wanted = sign if net < -exports else -sign
    excess = max(net - imports, -exports - net)
    moved = 0.0
    before = np.inf
    while excess > REACH:
        gain, space = 0.0, 0.0
        for i in range(last):
            rate = use[i] * wanted
            if room[i] > 0.0 and gain <= rate < before:
                space = room[i] if rate > gain else space + room[i]
                gain = rate
        if gain <= 0.0:
            return -1.0
        before = gain
        moved += min(space, excess / gain)
        excess -= space * gain
    return moved


@compiled
def power_prices(cost: Array, use: Array, last: int, buy: float, sell: float, limited: bool, prices: Array) -> int:
    """Write the power prices at which the merit order can change: sell, buy, and where two units swap places."""
    prices[0], prices[1] = sell, buy
    n = 2
    for i in range(last):
        for j in range(i):
            if abs(use[i] - use[j]) > 1e-12:
                price = (cost[j] - cost[i]) / (use[i] - use[j])
                new = limited or sell < price < buy
                for p in range(n):
                    new = new and abs(prices[p] - price) > TIE
                if new:
                    prices[n] = price
                    n += 1
    return n


@compiled
def coupled_cost(
    low: Array,
    room: Array,
    cost: Array,
    use: Array,
    last: int,
    prices: Array,
    n_prices: int,
    orders: Indices,
    imports: float,
    exports: float,
    a: Array,
    b: Array,
    spare: Array,
) -> tuple[int, Array, Array, Array]:
    """Return the least cost of running units with power over their heat, as (length, list, two work arrays).

    By strong duality it is the highest of the merit-order curves of a few power prices, less what power at that price
    earns within the limits; the highest is minus the lower envelope of the negated curves.
    """
    buy, sell = prices[1], prices[0]
    net = net_low = net_high = left = right = 0.0
    for i in range(last):
        net += use[i] * low[i]
        net_low += use[i] * low[i] + min(use[i] * room[i], 0.0)
        net_high += use[i] * low[i] + max(use[i] * room[i], 0.0)
        left += low[i]
        right += low[i] + room[i]
    limited = net_high > imports or net_low < -exports
    if not limited and (net_high <= 0.0 or net_low >= 0.0 or buy - sell <= TIE):
        p = 0 if net_high <= 0.0 else 1
        return merit_curve(low, room, cost, use, ZERO, last, prices[p], orders, p, 0.0, 0.0, 1.0, a), a, b, spare
    n = m = ZERO
    for p in range(n_prices):
        offset = 0.0
        if prices[p] < sell:
            if exports == np.inf:
                continue
            offset = (sell - prices[p]) * exports
        elif prices[p] > buy:
            if imports == np.inf:
                continue
            offset = (prices[p] - buy) * imports
        m = merit_curve(low, room, cost, use, ZERO, last, prices[p], orders, p, 0.0, offset, -1.0, b)
        if n == 0:
            a, b, n = b, a, m
        else:
            n = lower_envelope(a, n, b, m, 0.0, spare)
            a, spare = spare, a
    if limited:
        raised = forced_heat(net, use, room, last, imports, exports, 1.0)
        lowered = forced_heat(net_high + net_low - net, use, room, last, imports, exports, -1.0)
        if raised < 0.0 or lowered < 0.0:
            return 0, a, b, spare
        left += raised
        right -= lowered
        if right < left <= right + REACH:
            right = left
    m = ZERO
    for i in range(n):
        m = clipped(b, m, a[i, XL], a[i, XR], -a[i, YL], -a[i, SLOPE], 0.0, left, right)
    return m, b, a, spare


@compiled
def with_cycle_cost(a: Array, n: int, eur: float, out: Array) -> int:
    """Write a list of values over the charge raised by a cost of every MWh charged or discharged."""
    m = ZERO
    for i in range(n):
        for sign in (-1.0, 1.0):
            xl = min(a[i, XL], 0.0) if sign < 0.0 else max(a[i, XL], 0.0)
            xr = min(a[i, XR], 0.0) if sign < 0.0 else max(a[i, XR], 0.0)
            if xl < xr or (a[i, XL] == a[i, XR] and (a[i, XL] < 0.0) == (sign < 0.0)):
                slope = a[i, SLOPE] + sign * eur
                yl = a[i, YL] + a[i, SLOPE] * (xl - a[i, XL]) + sign * eur * xl
                m = push(out, m, xl, xr, yl, yl + slope * (xr - xl), slope, a[i, CODE])
    return m


@compiled
def step_costs(
    data: Steps,
    on: Array,
    level_of: Indices,
    levels: int,
    coupled: int,
    charge: float,
    discharge: float,
    cycle_eur: float,
) -> tuple[Array, Indices]:
    """Return the least cost of every step and on/off pattern over the store's discharge, as the parts of ``Lists``.

    ``on[u, g]`` units of kind g run in combination u, sorted by their pattern ``level_of[u]``; the first ``coupled``
    kinds take or give power. The list of pattern v in step t has number ``t levels + v``; codes are combinations;
    charge and discharge are limits in MWh a step.
    """
    count, kinds = data.cost.shape
    ne = coupled
    rows = np.empty((max(64, 8 * count), WIDTH))
    at = np.zeros(count * levels + 1, dtype=np.int64)
    prices = np.empty(2 + ne * ne)
    orders = np.zeros((2 + ne * ne, max(ne, 1)), dtype=np.int64)
    merit = np.zeros((1, kinds), dtype=np.int64)
    cost, use = np.zeros(kinds), np.zeros(kinds)
    size = 16 * (kinds + 4) * (4 + ne * ne)
    work = np.empty((6, size, WIDTH))
    a, b, spare, chain, best, other = work[0], work[1], work[2], work[3], work[4], work[5]
    low, room = np.zeros(kinds), np.zeros(kinds)
    for t in range(count):
        for g in range(kinds):
            cost[g], use[g] = data.cost[t, g], data.use[t, g]
        demand, imports, exports = data.demand[t], data.imports[t], data.exports[t]
        limited = imports < np.inf or exports < np.inf
        n_prices = power_prices(cost, use, ne, data.buy[t], data.sell[t], limited, prices)
        for p in range(n_prices):
            merit_order(cost, use, ZERO, ne, prices[p], orders, p)
        merit_order(cost, use, ne, kinds, 0.0, merit, ZERO)
        n = ZERO
        for u in range(on.shape[0]):
            fits = True
            bottom = top = -demand
            for g in range(kinds):
                low[g] = on[u, g] * data.low[t, g]
                room[g] = on[u, g] * max(data.high[t, g] - data.low[t, g], 0.0)
                fits = fits and (on[u, g] == 0.0 or data.low[t, g] <= data.high[t, g] + REACH)
                bottom += low[g]
                top += low[g] + room[g]
            if fits and bottom <= charge + REACH and top >= -discharge - REACH:
                m, a, b, spare = coupled_cost(
                    low, room, cost, use, ne, prices, n_prices, orders, imports, exports, a, b, spare
                )
                k = merit_curve(low, room, cost, use, ne, kinds, 0.0, merit, ZERO, -demand, 0.0, 1.0, b)
                if m > 0:
                    m = sum_of_runs(a, ZERO, m, b, ZERO, k, -discharge, charge, float(u), chain)
                if m > 0 and cycle_eur > 0.0:
                    m = with_cycle_cost(chain, m, cycle_eur, b)
                    chain, b = b, chain
                if m > 0 and n == 0:
                    chain, best, n = best, chain, m
                elif m > 0:
                    n, best, other = lowered(best, n, chain, m, other)
            if u + 1 == on.shape[0] or level_of[u + 1] != level_of[u]:
                q = t * levels + level_of[u]
                rows = appended(rows, at[q], best, n, 0.0)
                mirror(rows, at[q], at[q] + n)
                at[q + 1] = at[q] + n
                n = ZERO
    return rows, at
