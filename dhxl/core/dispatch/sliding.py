"""Sum of a long list and one straight piece: the least of the list over a window that slides along it.

With the slope of the piece taken out of the list, ``min over z of v(x - z) + slope z`` is the least of what remains
over a window as long as the piece. The window always lies over one border of blocks of its own length, so that it is
the lower of two functions: the least of a block from its begin up to a point, and of the block before from a point up
to its end. Both are found in one walk each (van Herk, Gil and Werman did so for samples).
"""

from __future__ import annotations

import numpy as np

from dhxl.core.dispatch.compiled import compiled
from dhxl.core.dispatch.pieces import (
    CODE,
    JUMP,
    REACH,
    SLOPE,
    TIE,
    XL,
    XR,
    YL,
    YR,
    ZERO,
    Array,
    enough,
    push,
)

__all__ = ["between", "slid"]


@compiled
def put(out: Array, n: int, xl: float, xr: float, yl: float, yr: float, slope: float, code: float) -> None:
    """Write a piece into a row."""
    out[n, XL], out[n, XR], out[n, YL], out[n, YR], out[n, SLOPE], out[n, CODE] = xl, xr, yl, yr, slope, code


@compiled
def between(a: Array, n: int, x: float, y: float, low: float, high: float, out: Array) -> int:
    """Write the part of a list, moved along both axes, between two limits; return its length.

    What is beyond a limit by rounding only counts as at the limit.
    """
    i, m = ZERO, ZERO
    while i < n and a[i, XR] + x < low - REACH:
        i += 1
    while i < n and a[i, XL] + x < low:
        xr = a[i, XR] + x
        if xr <= low:
            m = push(out, m, low, low, a[i, YR] + y, a[i, YR] + y, 0.0, 0.0)
        else:
            yl = a[i, YL] + y + a[i, SLOPE] * (low - a[i, XL] - x)
            right = min(xr, high)
            m = push(out, m, low, right, yl, yl + a[i, SLOPE] * (right - low), a[i, SLOPE], 0.0)
        i += 1
    while i < n and a[i, XR] + x <= high:
        put(out, m, a[i, XL] + x, a[i, XR] + x, a[i, YL] + y, a[i, YR] + y, a[i, SLOPE], 0.0)
        m += 1
        i += 1
    while i < n and a[i, XL] + x <= high + REACH:
        xl, yl = a[i, XL] + x, a[i, YL] + y
        if xl >= high:
            m = push(out, m, high, high, yl, yl, 0.0, 0.0)
        else:
            m = push(out, m, xl, high, yl, yl + a[i, SLOPE] * (high - xl), a[i, SLOPE], 0.0)
        i += 1
    return m


@compiled
def least_up_to(a: Array, n: int, slope: float, origin: float, size: float, out: Array) -> int:
    """Write the least of a list from the begin of every block on, as against a line of the slope; return its length.

    The blocks begin at ``origin + size k``. ``out`` needs 2 n rows and three for every block.
    """
    m = ZERO
    block = 0.0
    end = origin + size
    inside = False
    x0 = y0 = at = 0.0  # where the least was, and up to where it has been written
    for i in range(n):
        xl, xr, yl, yr, s = a[i, XL], a[i, XR], a[i, YL], a[i, YR], a[i, SLOPE]
        while True:
            while xl >= end:
                if inside and at < end:
                    put(out, m, at, end, y0 + slope * (at - x0), y0 + slope * (end - x0), slope, block)
                    m += 1
                inside = False
                block += 1.0
                end = origin + size * (block + 1)
            x, y = (xr, yr) if xr <= end else (end, yl + s * (end - xl))
            if xl < x and s < slope:
                begin, y_begin, lower = xl, yl, True
                if inside:
                    left, right = yl - y0 - slope * (xl - x0), y - y0 - slope * (x - x0)
                    lower = right < -TIE
                    if lower and left > 0.0:
                        begin = min(max(xl + left / (slope - s), xl), x)
                        y_begin = yl + s * (begin - xl)
                    if lower and at < begin:
                        put(out, m, at, begin, y0 + slope * (at - x0), y0 + slope * (begin - x0), slope, block)
                        m += 1
                if lower:
                    if begin < x:
                        put(out, m, begin, x, y_begin, y, s, block)
                        m += 1
                    x0, y0, at = x, y, x
            elif not inside or yl < y0 + slope * (xl - x0) - TIE:
                if inside and at < xl:
                    put(out, m, at, xl, y0 + slope * (at - x0), y0 + slope * (xl - x0), slope, block)
                    m += 1
                x0, y0, at = xl, yl, xl
            inside = True
            if xr <= end:
                break
            xl, yl = end, y
    if inside and at < end:
        put(out, m, at, end, y0 + slope * (at - x0), y0 + slope * (end - x0), slope, block)
        m += 1
    return m


@compiled
def least_from(a: Array, n: int, slope: float, origin: float, size: float, block: float, out: Array) -> int:
    """Write the least of a list up to the end of every block, moved by its size; return where it begins in ``out``.

    The last block is that which begins at ``origin + size block``. It is written from the last row on backwards.
    """
    rise = slope * size
    m = int(out.shape[0])
    begin = origin + size * block
    inside = False
    x0 = y0 = at = 0.0  # where the least was, and down to where it has been written
    for i in range(n - 1, -1, -1):
        xl, xr, yl, yr, s = a[i, XL], a[i, XR], a[i, YL], a[i, YR], a[i, SLOPE]
        while True:
            while xr <= begin:
                if inside and begin < at:
                    m -= 1
                    left = y0 + slope * (begin - x0) + rise
                    put(out, m, begin + size, at + size, left, y0 + slope * (at - x0) + rise, slope, block + 1)
                inside = False
                block -= 1.0
                begin = origin + size * block
            x, y = (xl, yl) if xl >= begin else (begin, yr - s * (xr - begin))
            if x < xr and s > slope:
                stop, y_stop, lower = xr, yr, True
                if inside:
                    left, right = y - y0 - slope * (x - x0), yr - y0 - slope * (xr - x0)
                    lower = left < -TIE
                    if lower and right > 0.0:
                        stop = min(max(xr - right / (s - slope), x), xr)
                        y_stop = yr - s * (xr - stop)
                    if lower and stop < at:
                        m -= 1
                        left = y0 + slope * (stop - x0) + rise
                        put(out, m, stop + size, at + size, left, y0 + slope * (at - x0) + rise, slope, block + 1)
                if lower:
                    if x < stop:
                        m -= 1
                        put(out, m, x + size, stop + size, y + rise, y_stop + rise, s, block + 1)
                    x0, y0, at = x, y, x
            elif not inside or yr < y0 + slope * (xr - x0) - TIE:
                if inside and xr < at:
                    m -= 1
                    left = y0 + slope * (xr - x0) + rise
                    put(out, m, xr + size, at + size, left, y0 + slope * (at - x0) + rise, slope, block + 1)
                x0, y0, at = xr, yr, xr
            inside = True
            if xl >= begin:
                break
            xr, yr = begin, y
    if inside and begin < at:
        m -= 1
        left = y0 + slope * (begin - x0) + rise
        put(out, m, begin + size, at + size, left, y0 + slope * (at - x0) + rise, slope, block + 1)
    elif inside:
        m -= 1
        put(out, m, at + size, at + size, y0 + rise, y0 + rise, 0.0, block + 1)
    return m


@compiled
def joined(out: Array, n: int, xl: float, xr: float, yl: float, slope: float) -> int:
    """Append a piece that begins no earlier than the list ends, or lengthen the last one by it; return the length."""
    if n > 0:
        xl = max(xl, out[n - 1, XR])  # blocks end within rounding
        xr = max(xl, xr)
        if out[n - 1, XR] == xl and out[n - 1, SLOPE] == slope and abs(out[n - 1, YR] - yl) <= JUMP:
            out[n - 1, XR], out[n - 1, YR] = xr, yl + slope * (xr - xl)
            return n
    put(out, n, xl, xr, yl, yl + slope * (xr - xl), slope, 0.0)
    return n + 1


@compiled
def crossed(a: Array, i: int, na: int, b: Array, nb: int, out: Array) -> int:
    """Write the lower of two lists that cross once in every block, which their codes number; return the length.

    In a block the first is lower up to the crossing, or to its end, and the second from there on.
    """
    n = j = ZERO
    while i < na or j < nb:
        block = a[i, CODE] if i < na and (j >= nb or a[i, CODE] <= b[j, CODE]) else b[j, CODE]
        begin = -np.inf
        lower = False
        while i < na and a[i, CODE] == block:
            while j < nb and b[j, CODE] == block and b[j, XL] <= a[i, XR]:
                left, right = max(a[i, XL], b[j, XL]), min(a[i, XR], b[j, XR])
                above = a[i, YL] + a[i, SLOPE] * (right - a[i, XL]) - b[j, YL] - b[j, SLOPE] * (right - b[j, XL])
                if above > TIE and right >= left:
                    before = above - (a[i, SLOPE] - b[j, SLOPE]) * (right - left)
                    begin = left if before >= 0.0 else left + (right - left) * (-before / (above - before))
                    lower = True
                    break
                if b[j, XR] > a[i, XR]:
                    break
                j += 1
            if lower:
                if begin > a[i, XL]:
                    n = joined(out, n, a[i, XL], begin, a[i, YL], a[i, SLOPE])
                break
            n = joined(out, n, a[i, XL], a[i, XR], a[i, YL], a[i, SLOPE])
            begin = a[i, XR]
            i += 1
        while i < na and a[i, CODE] == block:
            i += 1
        while j < nb and b[j, CODE] == block:
            if b[j, XR] > begin:
                xl = max(b[j, XL], begin)
                n = joined(out, n, xl, b[j, XR], b[j, YL] + b[j, SLOPE] * (xl - b[j, XL]), b[j, SLOPE])
            j += 1
    return n


@compiled
def slid(
    a: Array, n: int, length: float, slope: float, out: Array, ahead: Array, behind: Array
) -> tuple[int, Array, Array, Array]:
    """Return min over 0 <= z <= length of a(x - z) + slope z as (length of the list, list, two work arrays)."""
    origin = a[0, XL]
    block = int((a[n - 1, XR] - origin) / length)
    while origin + length * block >= a[n - 1, XR]:
        block -= 1
    while origin + length * (block + 1) < a[n - 1, XR]:
        block += 1
    room = 2 * n + 3 * block + 16
    ahead, behind, out = enough(ahead, room), enough(behind, room), enough(out, 2 * room)
    n_ahead = least_up_to(a, n, slope, origin, length, ahead)
    first = least_from(a, n, slope, origin, length, float(max(block, 0)), behind)
    return crossed(behind, first, behind.shape[0], ahead, n_ahead, out), out, ahead, behind
