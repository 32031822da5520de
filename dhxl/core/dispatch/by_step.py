"""A schedule of the store step by step: at once for any problem, where the planner has not come so far."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.pieces import REACH

__all__ = ["charge_by_step"]

Array = npt.NDArray[np.float64]
LEVELS_TRIED = 17  # at which a cyclic store may begin


def charge_by_step(
    forced: Array,
    demand: Array,
    rejection: Array,
    spare: Array,
    limits: tuple[float, float, float, float],
    ends: tuple[float, float] | None,
) -> tuple[float, Array] | None:
    """Return the content at the start and the charge of every step, MWh, as what must be taken and the ends allow.

    Parameters
    ----------
    forced, demand, rejection, spare : ndarray
        MWh of every step: heat that must be taken, demand, the most that can be thrown away, and what units can give in
        any case, shape (n,).
    limits : tuple of float
        The most that a step can charge and discharge, capacity, MWh, and the share of the content that a step leaves.
    ends : tuple of float or None
        Content before the first and after the last step, MWh; None where they are to be equal.

    Returns
    -------
    tuple of float and ndarray, or None
        Shape (n,); None where no such operation was found.

    Notes
    -----
    The contents from which the rest is possible are an interval in every step, worked out backwards. Forwards the store
    gives what the demand takes and takes what the demand leaves, as far as that keeps it in the interval.
    """
    into, out_of, capacity, keep = limits
    least = np.maximum(forced - demand - rejection, -out_of)
    most = np.minimum(into, forced + spare)
    wanted = np.clip(forced - demand, -out_of, into)
    starts = np.linspace(0.0, capacity, LEVELS_TRIED).tolist() if ends is None else [ends[0]]
    for start in starts:
        bounds = _bounds(least, most, capacity, keep, start if ends is None else ends[1])
        if bounds is not None and bounds[0][0] - REACH <= start <= bounds[1][0] + REACH:
            return start, _followed(least, most, wanted, keep, start, bounds)
    return None


def _bounds(
    least: Array, most: Array, capacity: float, keep: float, end: float
) -> tuple[list[float], list[float]] | None:
    """Return the least and the greatest content at the begin of every step from which the end is reached."""
    low = high = end
    lows, highs = [low], [high]
    for c_min, c_max in zip(least[::-1].tolist(), most[::-1].tolist(), strict=True):
        if c_min > c_max + REACH:
            return None
        if keep * capacity < REACH:  # nothing of any content is left
            if high < c_min - REACH or low > c_max + REACH:
                return None
            low, high = 0.0, capacity
        else:
            low, high = max((low - c_max) / keep, 0.0), min((high - c_min) / keep, capacity)
        if low > high + REACH:
            return None
        lows.append(low)
        highs.append(high)
    return lows[::-1], highs[::-1]


def _followed(
    least: Array, most: Array, wanted: Array, keep: float, start: float, bounds: tuple[list[float], list[float]]
) -> Array:
    charges = []
    level = start
    rows = zip(least.tolist(), most.tolist(), wanted.tolist(), bounds[0][1:], bounds[1][1:], strict=True)
    for c_min, c_max, c, low, high in rows:
        kept = keep * level
        charge = min(max(c, c_min, low - kept), c_max, high - kept)
        charges.append(charge)
        level = kept + charge
    return np.array(charges)
