"""What is left of a plan when the time is over: units put in by the cost of their heat, many steps at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.offers import Park, Plan
from dhxl.core.dispatch.pieces import REACH, Array

__all__ = ["complete"]

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def complete(park: Park, done: Plan, room: Array, budget: Budget) -> None:
    """Let units give what demand still lacks, as long as the time lasts; the store stays as it is.

    Parameters
    ----------
    park : Park
    done : Plan
        Changed; it keeps all limits at any time.
    room : ndarray
        Demand that lacks at every place, MWh; changed.
    budget : Budget

    Notes
    -----
    Units with least times begin first, at their least load, where their heat is cheaper than that of any other unit;
    then all others, and those that run, give what they can in order of rank and cost; then units with least times begin
    in the steps that still lack heat.
    """
    steps = slice(1, room.size - 1)
    cost = park.cost[:, steps] + park.use[:, steps] * np.where(
        park.use[:, steps] > 0.0, park.buy[steps], park.sell[steps]
    )
    lack = park.lack[steps]
    slow = (park.up > 1) | (park.down > 1)
    offers = park.rank >= 0
    others = [cost[g] for g in np.flatnonzero(offers & ~slow) if np.any(park.high[g, steps] > 0.0)]
    order = sorted(np.flatnonzero(offers & slow).tolist(), key=lambda g: (park.rank[g], float(cost[g].mean())))
    for most_eur in (np.min([*others, lack], axis=0), lack):
        for g in order:
            if budget.over:
                return
            _begin(park, done, room, int(g), cost[g] <= most_eur)
        _raise_all(park, done, room, cost, slow, budget)


def _raise_all(park: Park, done: Plan, room: Array, cost: Array, slow: Flags, budget: Budget) -> None:
    """Let what runs, and what may begin in any step, give more heat in order of rank and cost."""
    steps = np.flatnonzero(room[1:-1] > REACH)
    if not steps.size:
        return
    cost = cost[:, steps]
    order = np.lexsort((cost, np.broadcast_to(park.rank[:, None], cost.shape)), axis=0)
    for k in range(len(order)):
        if budget.over:
            return
        for g in np.unique(order[k]):
            here = np.flatnonzero(order[k] == g)
            affordable = here[cost[g, here] <= park.lack[steps[here] + 1]]
            if park.rank[g] >= 0 and affordable.size:
                _raise(park, done, room, int(g), steps[affordable] + 1, bool(slow[g]))


def _raise(park: Park, done: Plan, room: Array, g: int, t: Places, slow: bool) -> None:
    low, high, heat, use, on = (table[g, t] for table in (park.low, park.high, done.heat, park.use, done.on))
    power = np.full(t.size, np.inf)
    taken, made = use > 0.0, use < 0.0
    power[taken] = (park.imports[t] - done.net[t])[taken] / use[taken]
    power[made] = (park.exports[t] + done.net[t])[made] / -use[made]
    wanted = heat + np.maximum(np.minimum(room[t], power), 0.0)
    running = on
    if not slow:
        full = np.where(high > REACH, high, np.inf)
        fitting = np.where(low > 0.0, np.floor(wanted / np.where(low > 0.0, low, 1.0)), np.inf)
        can = np.where((low <= high) & (high > REACH), park.members[g], 0)
        running = np.maximum(np.minimum(np.minimum(np.ceil(wanted / full), fitting), can).astype(np.int64), on)
    more = np.minimum(wanted, running * high) - heat
    useful = (more > REACH) & (heat + more >= running * low)
    t, more, running = t[useful], more[useful], running[useful]
    done.on[g, t] = running
    done.heat[g, t] += more
    done.net[t] += park.use[g, t] * more
    room[t] -= more


def _begin(park: Park, done: Plan, room: Array, g: int, wanted: Flags) -> None:
    """Let a kind of unit with least times run at its least load in the steps in which that is wanted and possible."""
    inside = slice(1, room.size - 1)
    low, high, use = park.low[g, inside], park.high[g, inside], park.use[g, inside]
    idle = done.on[g, inside] == 0
    if park.members[g] > 1 and not idle.all():
        return
    left = int(park.members[g])
    while left > 0:
        number = max(left // 2, 1)  # equal units begin in groups
        left -= number
        least = number * low
        power = done.net[inside] + use * least
        possible = wanted & (low <= high) & (high > REACH) & (room[inside] > REACH) & (least <= room[inside])
        possible &= (power <= park.imports[inside]) & (power >= -park.exports[inside])
        runs = _runs_added(~idle, possible & idle, int(park.up[g]), int(park.down[g]))
        t = np.flatnonzero(runs) + 1
        done.on[g, t] += number
        done.heat[g, t] += least[t - 1]
        done.net[t] += park.use[g, t] * least[t - 1]
        room[t] -= least[t - 1]


def _runs_added(on: Flags, possible: Flags, up: int, down: int) -> Flags:
    """Return in which of the possible steps a unit runs in addition, its least times observed."""
    added = np.zeros_like(on)
    begins, ends = _runs(on)
    last = -1  # step in which the run before ends
    for a, b in zip(*(edges.tolist() for edges in _runs(possible)), strict=True):
        before, after = int(np.searchsorted(ends, a)) - 1, int(np.searchsorted(begins, b))
        first = a
        last = max(last, int(ends[before])) if before >= 0 else last
        if 0 <= last < first - 1:
            first = max(first, last + 1 + down)
        end = b
        beyond = int(begins[after]) if after < begins.size else -1
        if beyond > end + 1:
            end = min(end, beyond - 1 - down)
        joined = (last >= 0 and first == last + 1) or end + 1 == beyond
        if end >= first and (joined or end + 1 - first >= up or first == 0 or end + 1 == on.size):
            added[first : end + 1] = True
            last = end
    return added


def _runs(flags: Flags) -> tuple[Places, Places]:
    """Return the first and the last step of every run of true values."""
    change = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(change > 0), np.flatnonzero(change < 0) - 1
