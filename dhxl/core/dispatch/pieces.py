"""Piecewise-linear functions as lists of pieces: lower envelope, sum of convex runs.

A function of one variable is a list of pieces, the rows of an array: left and right end, value at both ends, slope,
and a code that tells where the piece came from. Pieces are sorted and do not overlap; between them there may be gaps
and jumps, a piece may be a point, and where two pieces meet the lower value counts. Slopes are only ever copied, never
recomputed, so that pieces of one line are recognised by identical slopes and the lists stay short.

Counters begin at ``ZERO``: a literal 0 would be a type of its own, for which all that it is handed to would be compiled
a second time.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.compiled import compiled

__all__ = [
    "CODE",
    "NARROW",
    "REACH",
    "SLOPE",
    "TIE",
    "WIDTH",
    "XL",
    "XR",
    "YL",
    "YR",
    "ZERO",
    "Array",
    "Indices",
    "Lists",
    "appended",
    "clipped",
    "enough",
    "lower_envelope",
    "lowered",
    "mirror",
    "push",
    "sum_of_runs",
    "value_at",
]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

XL, XR, YL, SLOPE, YR, CODE = 0, 1, 2, 3, 4, 5
WIDTH = 6
NARROW = 4  # columns that say what a function is; the others follow, or are wanted only while it is made
ZERO = cast(int, np.int64(0))
TIE = 1e-9  # EUR; smaller differences are ties, and the earlier piece is kept
JUMP = 2e-8  # EUR; smaller steps are rounding, not jumps
REACH = 1e-9  # MWh; overlap that is missing by rounding only


class Lists(NamedTuple):
    """Lists of pieces, one behind the other: list i is ``rows[at[i] : at[i + 1]]``."""

    rows: Array
    at: Indices


@compiled
def push(out: Array, n: int, xl: float, xr: float, yl: float, yr: float, slope: float, code: float) -> int:
    """Append a piece, joined to the one before where both are one line; return the new length."""
    if n > 0 and out[n - 1, XR] == xl:
        last = n - 1
        if xr == xl:
            if yl >= out[last, YR] - TIE:
                return n
            if out[last, XL] == xl:
                n -= 1
        else:
            if out[last, XL] == xl and yl <= out[last, YL] + TIE:
                n -= 1
                last -= 1
            if (
                n > 0
                and out[last, XR] == xl
                and out[last, SLOPE] == slope
                and out[last, CODE] == code
                and abs(out[last, YR] - yl) <= JUMP
            ):
                out[last, XR] = xr
                out[last, YR] = yr
                return n
    out[n, XL] = xl
    out[n, XR] = xr
    out[n, YL] = yl
    out[n, YR] = yr
    out[n, SLOPE] = slope
    out[n, CODE] = code
    return n + 1


@compiled
def lower_envelope(a: Array, na: int, b: Array, nb: int, shift: float, out: Array) -> int:
    """Write the lower of a and b + shift at every point; a wins ties. ``out`` needs 4 (na + nb) + 8 rows."""
    return envelope_from(a, ZERO, na, b, ZERO, nb, -np.inf, shift, out, ZERO)


@compiled
def envelope_from(
    a: Array, i: int, na: int, b: Array, j: int, nb: int, begin: float, shift: float, out: Array, n: int
) -> int:
    """Append the lower of a from piece i on and b + shift from a point in piece j on to a list; return its length."""
    la = a[i, XL] if i < na else np.inf
    lb = max(b[j, XL], begin) if j < nb else np.inf
    while i < na and j < nb:
        x1 = min(la, lb)
        in_a, in_b = la == x1, lb == x1
        if in_a and in_b and (a[i, XR] == x1 or b[j, XR] == x1):
            in_b = a[i, XR] > x1
            in_a = not in_b
        if in_a and in_b:
            x2 = min(a[i, XR], b[j, XR])
        elif in_a:
            x2 = min(a[i, XR], max(lb, x1)) if a[i, XR] > x1 else x1
        else:
            x2 = min(b[j, XR], max(la, x1)) if b[j, XR] > x1 else x1
        from_a, cut = in_a, x2
        if in_a and in_b:
            left = b[j, YL] + b[j, SLOPE] * (x1 - b[j, XL]) + shift - a[i, YL] - a[i, SLOPE] * (x1 - a[i, XL])
            right = left + (b[j, SLOPE] - a[i, SLOPE]) * (x2 - x1)
            if left < -TIE or right < -TIE:
                from_a = left > TIE
                if (left > TIE and right < -TIE) or (left < -TIE and right > TIE):
                    cut = x1 + (x2 - x1) * left / (left - right)
                    if cut <= x1 or cut >= x2:
                        from_a = not from_a if cut <= x1 else from_a
                        cut = x2
        xl, xr = x1, cut
        while True:
            if from_a:
                slope, yl, code = a[i, SLOPE], a[i, YL] + a[i, SLOPE] * (xl - a[i, XL]), a[i, CODE]
            else:
                slope, yl, code = b[j, SLOPE], b[j, YL] + b[j, SLOPE] * (xl - b[j, XL]) + shift, b[j, CODE]
            n = push(out, n, xl, xr, yl, yl + slope * (xr - xl), slope, code)
            if xr == x2:
                break
            from_a, xl, xr = not from_a, xr, x2
        if in_a:
            la = x2
            if a[i, XR] == x2:
                i += 1
                la = a[i, XL] if i < na else np.inf
        if in_b:
            lb = x2
            if b[j, XR] == x2:
                j += 1
                lb = b[j, XL] if j < nb else np.inf
    if i < na:
        n = rest_of(a, i, na, la, 0.0, out, n)
    elif j < nb:
        n = rest_of(b, j, nb, lb, shift, out, n)
    return n


@compiled
def rest_of(a: Array, i: int, na: int, begin: float, shift: float, out: Array, n: int) -> int:
    """Append a list, raised by a shift, from piece i and from a point in it on; return the new length."""
    for k in range(i, na):
        xl = begin if k == i else a[k, XL]
        yl = a[k, YL] + shift
        if xl > a[k, XL]:
            yl += a[k, SLOPE] * (xl - a[k, XL])
        if k < i + 2:
            n = push(out, n, xl, a[k, XR], yl, yl + a[k, SLOPE] * (a[k, XR] - xl), a[k, SLOPE], a[k, CODE])
        else:
            out[n, XL], out[n, XR], out[n, SLOPE], out[n, CODE] = a[k, XL], a[k, XR], a[k, SLOPE], a[k, CODE]
            out[n, YL], out[n, YR] = yl, a[k, YR] + shift
            n += 1
    return n


@compiled
def lowered(best: Array, n: int, chain: Array, m: int, spare: Array) -> tuple[int, Array, Array]:
    """Return the lower of a list and another one as (length, list, work array); the list wins ties.

    Most lists that are tried lie above what is there already: the two are walked along until the other one is lower,
    and only what comes from there on is written anew.
    """
    i = j = ZERO
    begin = chain[0, XL]
    beyond = n
    while i < beyond:
        middle = (i + beyond) // 2
        if best[middle, XR] < begin:
            i = middle + 1
        else:
            beyond = middle
    while i + 1 < n and best[i, XR] == begin and best[i + 1, XL] == begin:
        i += 1
    while i < n and j < m and best[i, XL] <= begin:
        end = min(best[i, XR], chain[j, XR])
        left = chain[j, YL] - best[i, YL] + chain[j, SLOPE] * (begin - chain[j, XL])
        left -= best[i, SLOPE] * (begin - best[i, XL])
        if left < -TIE or left + (chain[j, SLOPE] - best[i, SLOPE]) * (end - begin) < -TIE:
            break
        begin = end
        if chain[j, XR] == end:
            j += 1
        if best[i, XR] == end:
            i += 1
    if j == m:
        return n, best, spare
    if i > 0 and best[i - 1, XR] == begin:
        i -= 1  # its end may give way to a lower point
    need = 4 * (n - i + m) + 8
    spare = enough(spare, n - i)
    for k in range(i, n):
        for c in range(WIDTH):
            spare[k - i, c] = best[k, c]
    if i + need > best.shape[0]:
        full = best
        best = np.empty((2 * (i + need), WIDTH))
        for k in range(i):
            for c in range(WIDTH):
                best[k, c] = full[k, c]
    return envelope_from(spare, ZERO, n - i, chain, j, m, begin, 0.0, best, i), best, spare


@compiled
def value_at(a: Array, na: int, x: float) -> float:
    """Value of a list at a point; infinite outside its pieces."""
    best = np.inf
    for i in range(na):
        if a[i, XL] - REACH <= x <= a[i, XR] + REACH:
            best = min(best, a[i, YL] + a[i, SLOPE] * (min(max(x, a[i, XL]), a[i, XR]) - a[i, XL]))
    return best


@compiled
def clipped(
    out: Array, n: int, xl: float, xr: float, yl: float, slope: float, code: float, low: float, high: float
) -> int:
    """Append the part of a piece that lies between two limits; return the new length."""
    a = max(xl, low)
    b = min(xr, high)
    if b < a:
        return n
    y = yl + slope * (a - xl)
    return push(out, n, a, b, y, y + slope * (b - a), slope, code)


@compiled
def sum_of_runs(
    v: Array, i: int, i1: int, h: Array, j: int, j1: int, low: float, high: float, code: float, out: Array
) -> int:
    """Write min over y + z = x of v(y) + h(z) for two convex runs: their pieces in order of slope."""
    n = ZERO
    x = v[i, XL] + h[j, XL]
    y = v[i, YL] + h[j, YL]
    x0, y0 = x, y
    while (i < i1 or j < j1) and x <= high:
        if j >= j1 or (i < i1 and v[i, SLOPE] <= h[j, SLOPE]):
            length, slope = v[i, XR] - v[i, XL], v[i, SLOPE]
            i += 1
        else:
            length, slope = h[j, XR] - h[j, XL], h[j, SLOPE]
            j += 1
        if length > 0.0:
            xl, xr = max(x, low), min(x + length, high)
            if xl < xr or (xl == xr and n == 0):
                yl = y + slope * (xl - x)
                yr = yl + slope * (xr - xl)
                if n > 0 and out[n - 1, XL] == out[n - 1, XR]:
                    n -= 1
                if n > 0 and out[n - 1, SLOPE] == slope:
                    out[n - 1, XR], out[n - 1, YR] = xr, yr
                else:
                    out[n, XL], out[n, XR], out[n, YL], out[n, YR] = xl, xr, yl, yr
                    out[n, SLOPE], out[n, CODE] = slope, code
                    n += 1
            x += length
            y += slope * length
    if n == 0 and x0 >= low and x0 <= high + REACH:
        n = clipped(out, n, min(x0, high), min(x0, high), y0, 0.0, code, low, high)
    elif n == 0 and x < low and x >= low - REACH:
        n = clipped(out, n, low, low, y, 0.0, code, low, high)
    return n


@compiled
def enough(work: Array, rows: int) -> Array:
    """Return a work array with at least so many rows; its contents are lost where it grows."""
    return work if rows <= work.shape[0] else np.empty((2 * rows, WIDTH))


@compiled
def appended(rows: Array, n: int, a: Array, na: int, shift: float) -> Array:
    """Array with a list, lowered by a shift, written behind its first n rows; a larger copy where it is full."""
    if n + na > rows.shape[0]:
        full = rows
        rows = np.empty((2 * (n + na) + 64, WIDTH))
        for i in range(n):
            for k in range(WIDTH):
                rows[i, k] = full[i, k]
    for i in range(na):
        for k in range(WIDTH):
            rows[n + i, k] = a[i, k]
        rows[n + i, YL] -= shift
        rows[n + i, YR] -= shift
    return rows


@compiled
def mirror(a: Array, first: int, end: int) -> None:
    """Turn the rows from first to end into the same function of the negative variable."""
    for i in range(first, (first + end + 1) // 2):
        j = first + end - 1 - i
        for k in range(WIDTH):
            a[i, k], a[j, k] = a[j, k], a[i, k]
    for i in range(first, end):
        a[i, XL], a[i, XR] = -a[i, XR], -a[i, XL]
        a[i, YL], a[i, YR] = a[i, YR], a[i, YL]
        a[i, SLOPE] = -a[i, SLOPE]
