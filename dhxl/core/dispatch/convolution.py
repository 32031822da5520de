"""Infimal convolution of lists of pieces: the cost to go before a step from that after it and that of the step."""

from __future__ import annotations

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import (
    JUMP,
    REACH,
    SLOPE,
    WIDTH,
    XL,
    XR,
    YL,
    YR,
    ZERO,
    Array,
    enough,
    lower_envelope,
    lowered,
    sum_of_runs,
)
from dhxl.core.dispatch.sliding import between, slid

__all__ = ["convolve"]

MANY = 48  # pieces from which on every run of the step is worth a list of its own


@compiled
def run_end(a: Array, na: int, i: int) -> int:
    """End (exclusive) of the convex continuous run that begins with piece i."""
    i += 1
    while (
        i < na
        and a[i, XL] == a[i - 1, XR]
        and abs(a[i, YL] - a[i - 1, YR]) <= JUMP
        and a[i, SLOPE] >= a[i - 1, SLOPE]
        and a[i, XL] < a[i, XR]
        and a[i - 1, XL] < a[i - 1, XR]
    ):
        i += 1
    return i


@compiled
def sliding_pays(v: Array, nv: int, h: Array, j: int, j1: int) -> bool:
    """Return whether a window that slides along v is less work than a sum of each of its runs with that of h."""
    span = v[nv - 1, XR] - v[0, XL]
    by_sliding, by_runs = 0.0, 10.0 * nv
    for k in range(j, j1):
        length = h[k, XR] - h[k, XL]
        if length > 0.0:
            by_sliding += 10.0 * nv + 8.0 * span / length
            by_runs += nv * (2.0 + nv * min(length / span, 1.0))
    return by_sliding < by_runs


@compiled
def sum_by_sliding(
    v: Array, nv: int, h: Array, j: int, j1: int, low: float, high: float, one: Array, work: Array
) -> tuple[int, Array]:
    """Return the sum of v and a run of h as (length, list): one straight piece of the run after the other."""
    two, three, four = work[0], work[1], work[2]
    to_come = h[j1 - 1, XR] - h[j, XL]
    x, y = h[j, XL], h[j, YL]
    one = enough(one, nv + 8)
    n = between(v, nv, x, y, low - to_come, high, one)
    for k in range(j, j1):
        length = h[k, XR] - h[k, XL]
        if length > 0.0 and n > 0:
            to_come = max(to_come - length, 0.0)
            n, two, three, four = slid(one, n, length, h[k, SLOPE], two, three, four)
            one = enough(one, n + 8)
            n = between(two, n, 0.0, 0.0, low - to_come, high, one)
    return n, one


@compiled
def convolve(
    v: Array, nv: int, h: Array, nh: int, low: float, high: float, best: Array, spare: Array, chain: Array
) -> tuple[int, Array, Array, Array]:
    """Return min over y + z = x of v(y) + h(z) between two limits as (length, list, two work arrays)."""
    n = n_own = j = ZERO
    own = chain
    work = np.empty((0, 0, WIDTH))
    while j < nh:
        j1 = run_end(h, nh, j)
        i = ZERO
        if nv > MANY and sliding_pays(v, nv, h, j, j1):
            if work.shape[0] == 0:
                work = np.empty((3, 16 * nv, WIDTH))
            m, chain = sum_by_sliding(v, nv, h, j, j1, low, high, chain, work)
            if n == 0:
                best, chain, n = chain, best, m
            elif m > 0:
                spare = enough(spare, 4 * (n + m) + 8)
                n = lower_envelope(best, n, chain, m, 0.0, spare)
                best, spare = spare, best
            j = j1
            continue
        # The sums of one run of h with those of v follow each other: each touches only the end of a list of their own
        apart = n > 0 and nv > MANY
        n_own = ZERO
        if apart:
            own = np.empty((4 * (nv + nh) + 8, WIDTH))
        while i < nv:
            i1 = run_end(v, nv, i)
            if v[i, XL] + h[j, XL] > high + REACH:
                break
            chain = enough(chain, nv + nh + 4)
            m = sum_of_runs(v, i, i1, h, j, j1, low, high, 0.0, chain)
            i = i1
            if m == 0:
                continue
            if apart:
                if n_own == 0:
                    own, chain, n_own = chain, own, m
                else:
                    n_own, own, spare = lowered(own, n_own, chain, m, spare)
            elif n == 0:
                best, chain, n = chain, best, m
            else:
                n, best, spare = lowered(best, n, chain, m, spare)
        if n_own > 0:
            spare = enough(spare, 4 * (n + n_own) + 8)
            n = lower_envelope(best, n, own, n_own, 0.0, spare)
            best, spare = spare, best
        j = j1
    return n, best, spare, chain
