"""The dynamic programme over the level of the store and the states of the units, exact and without a grid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.convolution import convolve
from dhxl.core.dispatch.dust import swept
from dhxl.core.dispatch.pieces import (
    CODE,
    REACH,
    SLOPE,
    TIE,
    WIDTH,
    XL,
    XR,
    YL,
    YR,
    ZERO,
    Array,
    Indices,
    Lists,
    appended,
    enough,
    lower_envelope,
)

__all__ = ["States", "backward", "forward"]

FEW = 4  # pieces; so short a list is not worth sweeping


class States(NamedTuple):
    """What the units that remember may do: a state says how many of each kind are in which phase, off or on.

    ``level_of`` is the pattern of a state: how many run. The moves of kind d from state k have the numbers from
    ``at[d states + k]`` to the next one of ``at``: the state after it, in which all else is as it was, and how many
    units start; the first move is to go on, but where time is reversed. ``start_eur`` [step, kind] is what a start of
    one unit costs.
    """

    level_of: Indices
    levels: int
    at: Indices
    to: Indices
    starts: Indices
    start_eur: Array


@compiled
def stretched(a: Array, n: int, factor: float, out: Array) -> Array:
    """Write a list of which every place is multiplied by a factor, and return it."""
    for i in range(n):
        for c in range(a.shape[1]):
            out[i, c] = a[i, c]
        out[i, XL], out[i, XR], out[i, SLOPE] = a[i, XL] * factor, a[i, XR] * factor, a[i, SLOPE] / factor
    return out[:n]


@compiled
def backward(
    first: int,
    last: int,
    steps: Lists,
    may: States,
    capacity: float,
    keep_share: float,
    squeeze: float,
    after: Lists,
    linked: bool,
    most_work: int,
) -> tuple[Array, Indices, float, int, int]:
    """Return the cost to go of every state before the steps from last down to first, as far as the work allows.

    Of a level before a step ``keep_share`` is left in it, and of one after it ``squeeze`` counts in it: one of both is
    1. Lists before step 0 are by the state in it, or if it is ``linked`` to a step before, by the state there.

    Returns (rows, where the list of state k before step t begins: ``at[(last - t) states + k]``, sum of what was
    subtracted from the lists, first step without any possible operation or -1, first step that was worked on).
    """
    h, h_at = steps.rows, steps.at
    level_of, levels = may.level_of, may.levels
    states = level_of.shape[0]
    kinds = may.start_eur.shape[1]
    at = np.zeros((last - first + 1) * states + 1, dtype=np.int64)
    rows = np.empty((max(64, min(8 * (last - first), most_work)), WIDTH))
    rows = appended(rows, ZERO, after.rows, int(after.at[states]), 0.0)
    for k in range(states):
        at[k + 1] = after.at[k + 1]
    work = np.empty((6, 64, WIDTH))
    z, z2, best, spare, chain, squeezed = work[0], work[1], work[2], work[3], work[4], work[5]
    z_at = np.zeros(states + 1, dtype=np.int64)
    z2_at = np.zeros(states + 1, dtype=np.int64)
    base = 0.0
    work_done = ZERO
    top = keep_share * capacity
    for t in range(last - 1, first - 1, -1):
        p = (last - 1 - t) * states
        raised = 0.0
        for k in range(states):
            q = t * levels + level_of[k]
            work_done += (at[p + k + 1] - at[p + k]) * (h_at[q + 1] - h_at[q]) + 1
            v = rows[at[p + k] : at[p + k + 1]]
            if squeeze < 1.0:
                squeezed = enough(squeezed, v.shape[0])
                v = stretched(v, v.shape[0], squeeze, squeezed)
            n, best, spare, chain = convolve(
                v,
                v.shape[0],
                h[h_at[q] : h_at[q + 1]],
                h_at[q + 1] - h_at[q],
                0.0,
                top,
                best,
                spare,
                chain,
            )
            if top < REACH and n > 0:  # nothing of any content is left
                best[0, XL], best[0, XR], best[0, SLOPE] = 0.0, capacity, 0.0
                for i in range(n):
                    best[0, YL] = min(best[0, YL], best[i, YL], best[i, YR])
                best[0, YR] = best[0, YL]
                n = 1 + ZERO
            elif keep_share < 1.0 and n > 0:
                if 0.0 < best[0, XL] <= REACH:  # a rounding would grow from step to step
                    best[0, YL] -= best[0, SLOPE] * best[0, XL]
                    best[0, XL] = 0.0
                stretched(best, n, 1.0 / keep_share, best)
            if n > FEW:
                n, more = swept(best, n)
                raised = max(raised, more)
            z = appended(z, z_at[k], best, n, 0.0)
            z_at[k + 1] = z_at[k] + n
        if z_at[states] == 0:
            return rows, at, base, t, t
        if t > 0 or linked:
            for d in range(kinds):
                for k in range(states):
                    first_move, last_move = may.at[d * states + k], may.at[d * states + k + 1]
                    i = may.to[first_move] if first_move < last_move else ZERO
                    n = z_at[i + 1] - z_at[i] if first_move < last_move else ZERO
                    eur = may.starts[first_move] * may.start_eur[t, d] if first_move < last_move else 0.0
                    if last_move <= first_move + 1:
                        z2 = appended(z2, z2_at[k], z[z_at[i] : z_at[i] + n], n, -eur)
                    else:
                        best = enough(best, n)
                        for p1 in range(n):
                            for p2 in range(WIDTH):
                                best[p1, p2] = z[z_at[i] + p1, p2]
                            best[p1, YL] += eur
                            best[p1, YR] += eur
                        for move in range(first_move + 1, last_move):
                            j = may.to[move]
                            m = z_at[j + 1] - z_at[j]
                            spare = enough(spare, 4 * (n + m) + 8)
                            eur = may.starts[move] * may.start_eur[t, d]
                            n = lower_envelope(best, n, z[z_at[j] : z_at[j + 1]], m, eur, spare)
                            best, spare = spare, best
                        z2 = appended(z2, z2_at[k], best, n, 0.0)
                    z2_at[k + 1] = z2_at[k] + n
                    work_done += last_move - first_move
                z, z2 = z2, z
                z_at, z2_at = z2_at, z_at
        shift = z[0, YL]
        base += shift - raised
        rows = appended(rows, at[p + states], z, int(z_at[states]), shift)
        for k in range(states):
            at[p + states + k + 1] = at[p + states] + z_at[k + 1]
        if work_done > most_work:
            return rows, at[: p + 2 * states + 1], base, -1, t
    return rows, at, base, -1, first


@compiled
def best_move(h: Array, nh: int, v: Array, nv: int, level: float) -> tuple[float, float, float, float]:
    """Return (cost, z, code, level after) of the cheapest discharge z from a level; ties go to the smallest movement.

    The level after is one that has a cost to go, be it a rounding away, so that roundings do not add up.
    """
    best, best_z, best_code, best_y = np.inf, 0.0, -1.0, level
    for j in range(nh):
        lowest = level - h[j, XR] - REACH
        highest = level - h[j, XL] + REACH
        i, end = 0, nv
        while i < end:
            middle = (i + end) // 2
            if v[middle, XR] < lowest:
                i = middle + 1
            else:
                end = middle
        while i < nv and v[i, XL] <= highest:
            z1 = min(max(h[j, XL], level - v[i, XR]), h[j, XR])
            z2 = max(min(h[j, XR], level - v[i, XL]), h[j, XL])
            for side in range(2):
                z = z1 if side == 0 else z2
                y = min(max(level - z, v[i, XL]), v[i, XR])
                cost = h[j, YL] + h[j, SLOPE] * (z - h[j, XL]) + v[i, YL] + v[i, SLOPE] * (y - v[i, XL])
                if cost < best - TIE or (cost < best + TIE and abs(z) < abs(best_z)):
                    best, best_z, best_code, best_y = cost, z, h[j, CODE], y
            i += 1
    return best, best_z, best_code, best_y


@compiled
def reached(may: States, state: int, t: int, to: Indices, extra: Array) -> int:
    """Write the states that may follow a state in a step and what that costs in starts; return their number."""
    states = may.level_of.shape[0]
    to[0], extra[0] = state, 0.0
    n = 1
    for d in range(may.start_eur.shape[1]):
        m = n
        for i in range(n):
            first = may.at[d * states + to[i]]
            for move in range(first + 1, may.at[d * states + to[i] + 1]):
                to[m] = may.to[move]
                extra[m] = extra[i] + may.starts[move] * may.start_eur[t, d]
                m += 1
            to[i], extra[i] = may.to[first], extra[i] + may.starts[first] * may.start_eur[t, d]
        n = m
    return n


@compiled
def forward(
    first: int,
    last: int,
    steps: Lists,
    may: States,
    keep_share: float,
    squeeze: float,
    to_go: Lists,
    level: float,
    state: int,
    held: int,
    discharge: Array,
    levels_at_end: Array,
    code: Indices,
) -> tuple[float, int]:
    """Write the optimal discharge, level and combination of the steps from first to last; return (level, state).

    ``state`` is that before the first step, -1 where it is free; ``held`` is that in it, -1 where it follows.
    """
    h, h_at = steps.rows, steps.at
    rows, at = to_go.rows, to_go.at
    level_of, levels = may.level_of, may.levels
    states = level_of.shape[0]
    to, extra = np.zeros(states, dtype=np.int64), np.zeros(states)
    squeezed = np.empty((64, WIDTH))
    for t in range(first, last):
        p = (last - 1 - t) * states
        kept = level * keep_share
        best, best_z, best_code, best_y, best_state = np.inf, 0.0, -1.0, level, -1
        options = states
        if held >= 0:
            options = 1
            to[0], extra[0] = held, 0.0
        elif state >= 0:
            options = reached(may, state, t, to, extra)
        else:
            for k in range(states):
                to[k], extra[k] = k, 0.0
        for option in range(options):
            k = to[option]
            q = t * levels + level_of[k]
            v = rows[at[p + k] : at[p + k + 1]]
            if squeeze < 1.0:
                squeezed = enough(squeezed, v.shape[0])
                v = stretched(v, v.shape[0], squeeze, squeezed)
            cost, z, c, y = best_move(h[h_at[q] : h_at[q + 1]], h_at[q + 1] - h_at[q], v, v.shape[0], kept)
            if cost + extra[option] < best - TIE:
                best, best_z, best_code, best_y, best_state = cost + extra[option], z, c, y, k
        if best_state < 0:
            return level, -2 - t
        discharge[t] = best_z
        code[t] = int(best_code)
        level = best_y / squeeze
        levels_at_end[t] = level
        state, held = best_state, -1
    return level, state
