"""The exact dispatch with a store that ends where it began, at the level that is best."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.pieces import REACH, SLOPE, WIDTH, XL, XR, YL, YR, lower_envelope, value_at
from dhxl.core.dispatch.with_store import CostToGo, Model, Path, best_path, cost_to_go, infeasible, pinned
from dhxl.errors import NoSolutionError

__all__ = ["cyclic_path"]

Array = npt.NDArray[np.float64]

CLOSED = 1e-10  # of the cost; distance between bound and path at which the level is proven best
MOST_PARTS = 400  # parts of the range of levels that are looked at
MOST_ROUNDS = 30  # in which the worth of a level is improved for a part


def cyclic_path(model: Model) -> Path:
    """Return the least-cost path that ends at the level at which it begins, whichever that is.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Path

    Raises
    ------
    NoSolutionError
        No path ends where it began, or the best level could not be proven.

    Notes
    -----
    For every function f of the level, a path that ends where it begins costs as much as with ``f(end) - f(begin)``
    added, so that ``min over s of V_0(s) - f(s)``, with V_0 the cost to go when the end costs f, is a lower bound. Over
    a year the beginning no longer tells on the end: the least cost from s to e is ``A(s) + B(e)``, and with f = A the
    bound is the least cost itself. A is the cost to go with a free end. Where the steps are too few for that, the range
    of levels is split until the bounds of all parts meet the best path found.
    """
    free = np.zeros((1, WIDTH))
    free[0, XR] = model.capacity
    best: Path | None = None
    parts = [(-np.inf, 0, _at_begin(model, cost_to_go(model, free)))]
    for number in range(MOST_PARTS):
        if not parts or _closed(parts[0][0], best):
            break
        bound, _, worth = heapq.heappop(parts)
        least, most = worth[0, XL], worth[-1, XR]
        for _ in range(MOST_ROUNDS):
            try:
                costs = cost_to_go(model, worth)
            except NoSolutionError:
                bound = np.inf
                break
            begin = _at_begin(model, costs)
            difference, level = _least_difference(begin, worth)
            better = difference + costs.base
            if not _closed(better, best):
                end = float(best_path(model, costs, level).level_mwh[-1])
                for candidate in {level, level if abs(level - end) <= REACH else end}:
                    path = _pinned_path(model, candidate)
                    if path is not None and (best is None or path.bound_eur < best.bound_eur):
                        best = path
            raised = better > bound + CLOSED * abs(better)
            bound = max(bound, better)
            if _closed(bound, best) or not raised:
                break
            worth = _restricted(begin, least, most)
        if not _closed(bound, best):
            middle = 0.5 * (level + end)
            for side, (low, high) in enumerate(((least, middle), (middle, most))):
                heapq.heappush(parts, (bound, 2 * number + side + 1, _restricted(begin, low, high)))
    if best is None:
        raise NoSolutionError(infeasible(model.problem, 0))
    if parts and not _closed(parts[0][0], best):
        raise NoSolutionError("the best level of a cyclic store could not be proven; give storage_start_mwh")
    return best


def _closed(bound: float, best: Path | None) -> bool:
    """Whether no path within a bound can be noticeably cheaper than the best one."""
    return bool(np.isinf(bound) and bound > 0) or (
        best is not None and bound >= best.bound_eur - CLOSED * max(abs(best.bound_eur), 1.0)
    )


def _pinned_path(model: Model, level: float) -> Path | None:
    try:
        return best_path(model, cost_to_go(model, pinned(level)), level)
    except NoSolutionError:
        return None


def _at_begin(model: Model, costs: CostToGo) -> Array:
    """Cost to go before the first step, the least over the states, without what was subtracted."""
    lists = costs.saved[0]
    least = lists.rows[: lists.at[1]]
    for k in range(1, model.may.level_of.size):
        other = lists.rows[lists.at[k] : lists.at[k + 1]]
        out = np.empty((4 * (len(least) + len(other)) + 8, WIDTH))
        least = out[: lower_envelope(least, len(least), other, len(other), 0.0, out)]
    return least.copy()


def _restricted(pieces: Array, low: float, high: float) -> Array:
    """Part of a list between two levels."""
    inside = pieces[(pieces[:, XR] >= low) & (pieces[:, XL] <= high)].copy()
    left, right = np.maximum(inside[:, XL], low), np.minimum(inside[:, XR], high)
    inside[:, YR] = inside[:, YL] + inside[:, SLOPE] * (right - inside[:, XL])
    inside[:, YL] += inside[:, SLOPE] * (left - inside[:, XL])
    inside[:, XL], inside[:, XR] = left, right
    return inside


def _least_difference(a: Array, b: Array) -> tuple[float, float]:
    """Greatest lower bound of a - b where both have a value, and the place where it is reached or approached."""
    ends = np.unique(np.concatenate((a[:, XL], a[:, XR], b[:, XL], b[:, XR])))
    places, values = [], []
    for x in ends:
        high, low = value_at(a, len(a), x), value_at(b, len(b), x)
        if np.isfinite(high) and np.isfinite(low):
            places.append(x)
            values.append(high - low)
    for left, right in itertools.pairwise(ends):
        over = [_over(pieces, left, right) for pieces in (a, b)]
        if over[0] is not None and over[1] is not None:
            for x in (left, right):
                first, second = (p[YL] + p[SLOPE] * (x - p[XL]) for p in over if p is not None)
                places.append(x)
                values.append(first - second)
    if not values:
        return np.inf, 0.0
    least = int(np.argmin(values))
    return float(values[least]), float(places[least])


def _over(pieces: Array, left: float, right: float) -> Array | None:
    middle = 0.5 * (left + right)
    for piece in pieces:
        if piece[XL] <= middle <= piece[XR] and piece[XL] < piece[XR]:
            return np.asarray(piece)
    return None
