"""Dust swept out of lists of pieces: what is too narrow to be a level of the store of its own.

One level is reached by sums that differ in rounding, and every convolution multiplies such pieces. Swept together, the
lists hold what is real.
"""

from __future__ import annotations

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import SLOPE, TIE, XL, XR, YL, YR, ZERO, Array

__all__ = ["DUST", "swept"]

DUST = 1e-9  # MWh; pieces and gaps that are narrower are rounding


@compiled
def swept(a: Array, n: int) -> tuple[int, float]:
    """Sweep a list in place; return its length and by how much its values were raised somewhere, EUR, at most.

    The list stays below what it was, but for the amount returned, and has a value wherever it had one: a cost to go
    that is swept still bounds the cost from below.
    """
    m, i = ZERO, ZERO
    by_dust = by_joints = 0.0
    while i < n:
        j = i + 1
        if a[i, XR] - a[i, XL] < DUST:
            while j < n and a[j, XR] - a[i, XL] < DUST:
                j += 1
            begin, end, lowest = a[i, XL], a[j - 1, XR], a[i, YL]
            for k in range(i, j):
                lowest = min(lowest, a[k, YL], a[k, YR])
            above_left = above_right = 1.0
            # A neighbour that is no dearer takes the place of the dust
            if m > 0 and begin - a[m - 1, XR] < DUST:
                left = a[m - 1, YL] + a[m - 1, SLOPE] * (end - a[m - 1, XL])
                above_left = max(a[m - 1, YR], left) - lowest
            if j < n and a[j, XL] - end < DUST:
                right = a[j, YL] - a[j, SLOPE] * (a[j, XL] - begin)
                above_right = max(a[j, YL], right) - lowest
            if above_left <= above_right and above_left <= TIE:
                a[m - 1, XR], a[m - 1, YR] = end, a[m - 1, YL] + a[m - 1, SLOPE] * (end - a[m - 1, XL])
                by_dust = max(by_dust, above_left)
                i = j
                continue
            if above_right <= TIE:
                a[j, YL] -= a[j, SLOPE] * (a[j, XL] - begin)
                a[j, XL] = begin
                by_dust = max(by_dust, above_right)
                i = j
                continue
            if j > i + 1:  # dearer neighbours: one level of the least cost of all
                a[j - 1, XL], a[j - 1, SLOPE] = begin, 0.0
                a[j - 1, YL] = a[j - 1, YR] = lowest
                i = j - 1
        if m > 0 and a[i, XL] > a[m - 1, XR] and a[i, XL] - a[m - 1, XR] < DUST:
            a[i, YL] -= a[i, SLOPE] * (a[i, XL] - a[m - 1, XR])
            a[i, XL] = a[m - 1, XR]
        if (
            m > 0
            and a[i, XL] == a[m - 1, XR]
            and a[i, SLOPE] == a[m - 1, SLOPE]
            and a[m - 1, XL] < a[m - 1, XR]
            and a[i, XL] < a[i, XR]
            and abs(a[i, YL] - a[m - 1, YR]) <= TIE
        ):
            by_joints = max(by_joints, a[m - 1, YR] - a[i, YL])
            a[m - 1, XR] = a[i, XR]
            a[m - 1, YR] = a[m - 1, YL] + a[m - 1, SLOPE] * (a[i, XR] - a[m - 1, XL])
        else:
            if m < i:
                for k in range(a.shape[1]):
                    a[m, k] = a[i, k]
            m += 1
        i = j
    return m, by_dust + by_joints
