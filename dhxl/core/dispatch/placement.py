"""Heat put into a step, and through the store to later ones, without disturbing what was put there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import REACH, Array, Indices

__all__ = ["STOP", "WALKED", "Balance", "Sink", "carried", "enter", "fits", "moved_back", "put_all"]

Flags = npt.NDArray[np.bool_]
WALKED, STOP = 0, 1  # of the pace
LEAST_SHARE = 1e-3  # of heat put into the store; where less of it arrives, it is not put there


class Sink(NamedTuple):
    """What still takes heat at every place, MWh, and the places from which the store carries none to a later one."""

    room: Array
    shut: Flags


class Balance(NamedTuple):
    """The store at every place in time, MWh: before the first step, the steps, and what must be left after the last.

    ``charge`` and ``level`` (at the end) change as heat is put in; ``into`` and ``out_of`` are the most that a step can
    charge and discharge, ``capacity`` is the highest level, ``keep`` the share of the level before that is left.
    ``after`` and ``before`` are the neighbouring places, -1 at the ends; of a cyclic store the first follows the last.
    ``pace`` holds how many places have been looked at, and 1 where what goes on in portions shall end; ``moved`` is
    work space of zeros.
    """

    charge: Array
    level: Array
    into: Array
    out_of: Array
    capacity: Array
    keep: Array
    after: Indices
    before: Indices
    pace: Indices
    moved: Array


@compiled
def carried(balance: Balance, sink: Sink, place: int, wanted: float) -> float:
    """Return how much heat of a place, at most what is wanted, the store carries to later places that take it.

    As heat is taken as early as possible, all the store's content on the way is needed later: the free capacity on the
    way bounds what can be carried.
    """
    room, shut = sink
    charge, level, capacity = balance.charge, balance.level, balance.capacity
    keep, out_of, after = balance.keep, balance.out_of, balance.after
    most = min(wanted, balance.into[place] - charge[place], capacity[place] - level[place])
    if most <= REACH or shut[place]:
        return 0.0
    taken, share = 0.0, 1.0
    last = place
    s = after[place]
    while taken < most:
        if s < 0 or s == place:
            most = taken
            break
        balance.pace[WALKED] += 1
        share *= keep[s]
        last = s
        if share < LEAST_SHARE:
            return float(min(taken, most))
        if room[s] > 0.0:
            taken += max(min(room[s], out_of[s] + charge[s]), 0.0) / share
        beyond = 0.0 if shut[s] else (capacity[s] - level[s]) / share
        most = min(most, taken + max(beyond, 0.0))
        s = after[s]
    if taken <= REACH and most <= REACH:
        s = place
        while s != last and s >= 0:
            shut[s] = True
            s = after[s]
    return float(most)


@compiled
def fits(balance: Balance, sink: Sink, first: int, last: int, heat: Array) -> bool:
    """Return whether the heat of the places from first to last can all be put there."""
    moving = 0.0
    s = first
    while s >= 0:
        balance.pace[WALKED] += 1
        inside = first <= s <= last
        moving *= balance.keep[s]
        added = heat[s] if inside else 0.0
        surplus = max(added - sink.room[s], 0.0)
        if surplus > 0.0 and balance.charge[s] + surplus > balance.into[s] + REACH:
            return False
        moving += surplus
        moving -= max(min(moving, sink.room[s] - added, balance.out_of[s] + balance.charge[s]), 0.0)
        if balance.level[s] + moving > balance.capacity[s] + REACH:
            return False
        if moving <= REACH and (s >= last or not inside):
            return True
        s = balance.after[s]
        if s == first:
            break
    return False


@compiled
def enter(balance: Balance, sink: Sink, first: int, last: int, heat: Array) -> None:
    """Put in the heat of the places from first to last, which must fit: what its place does not take, later ones do."""
    moving = 0.0
    s = first
    while s >= 0:
        balance.pace[WALKED] += 1
        inside = first <= s <= last
        moving *= balance.keep[s]
        added = heat[s] if inside else 0.0
        direct = min(added, sink.room[s])
        surplus = added - direct
        out = max(min(moving, sink.room[s] - direct, balance.out_of[s] + balance.charge[s]), 0.0)
        sink.room[s] -= direct + out
        balance.charge[s] += surplus - out
        moving += surplus - out
        balance.level[s] += moving
        if moving <= REACH and (s >= last or not inside):
            return
        s = balance.after[s]
        if s == first:
            return


@compiled
def moved_back(balance: Balance, sink: Sink, place: int, wanted: float, sign: float) -> float:
    """Return how much the heat that a place gets from the one before was changed by changes at earlier places.

    With sign -1 earlier places take from the store what their sink has room for, with +1 they leave to the store what
    their sink has; the latest ones first.
    """
    moved, share, reach = 0.0, 1.0, wanted
    to = farthest = place
    s = balance.before[place]
    while s >= 0 and s != place and reach > REACH:
        balance.pace[WALKED] += 1
        share *= balance.keep[to]
        if share < LEAST_SHARE:
            break
        free = balance.level[s] if sign < 0 else balance.capacity[s] - balance.level[s]
        reach = min(reach, free * share)
        there = balance.out_of[s] + balance.charge[s] if sign < 0 else balance.into[s] - balance.charge[s]
        amount = max(min(reach, min(sink.room[s], there) * share), 0.0)
        if amount > 0.0:
            sink.room[s] -= amount / share
            balance.charge[s] += sign * amount / share
            balance.moved[s] = sign * amount / share
            farthest = s
            moved += amount
            reach = min(reach - amount, wanted - moved)
        to = s
        s = balance.before[s]
    change = 0.0  # of the level; what is moved at a place tells on all later ones, and on no earlier one
    s = farthest
    while s != place:
        change += balance.moved[s]
        balance.moved[s] = 0.0
        balance.level[s] += change
        s = balance.after[s]
        change *= balance.keep[s]
    return moved


@compiled
def put_all(balance: Balance, demand: Sink, rejection: Sink, heat: Array, portion: int) -> Iterator[int]:
    """Put in heat that must be taken: into the demand first, thrown away where it must be, as late as possible.

    Yields -1 after every portion, and the first place where that cannot be done, with which it ends. ``heat`` is used
    up.
    """
    work = heat.copy()
    heat[:] = 0.0
    due = balance.pace[WALKED] + portion
    for t in range(work.shape[0]):
        balance.pace[WALKED] += 1
        if balance.pace[WALKED] >= due:
            yield -1
            if balance.pace[STOP] == 1:
                break
            due = balance.pace[WALKED] + portion
        for turn in range(2):
            sink = demand if turn == 0 else rejection
            if work[t] > 0.0:
                amount = min(work[t], sink.room[t] + carried(balance, sink, t, work[t] - sink.room[t]))
                heat[t] = amount
                enter(balance, sink, t, t, heat)
                heat[t] = 0.0
                work[t] -= amount
        if work[t] > REACH:
            room = min(work[t], balance.into[t] - balance.charge[t])
            amount = moved_back(balance, rejection, t, room, -1.0)
            balance.charge[t] += amount
            work[t] -= amount
            demand.shut[:] = False
            rejection.shut[:] = False
        if work[t] > REACH:
            yield t
            break
