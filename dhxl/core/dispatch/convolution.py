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
def convolve(
    v: Array, nv: int, h: Array, nh: int, low: float, high: float, best: Array, spare: Array, chain: Array
) -> tuple[int, Array, Array, Array]:
    """Return min over y + z = x of v(y) + h(z) between two limits as (length, list, two work arrays)."""
    n = n_own = j = ZERO
    own = chain
    while j < nh:
        j1 = run_end(h, nh, j)
        i = ZERO
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
