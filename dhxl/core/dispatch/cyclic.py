"""The exact dispatch with a store that ends where it began, at the level that is best."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import OverBudgetError
from dhxl.core.dispatch.halves import path_between
from dhxl.core.dispatch.pieces import REACH, SLOPE, WIDTH, XL, XR, YL, YR, lower_envelope, value_at
from dhxl.core.dispatch.result import NotProvenError
from dhxl.core.dispatch.with_store import CostToGo, Model, Path, best_path, cost_to_go, infeasible
from dhxl.errors import NoSolutionError

__all__ = ["cyclic_path"]

Array = npt.NDArray[np.float64]

CLOSED = 1e-10  # of the cost; distance between bound and path at which the level is proven best
MOST_BOUNDS = 300  # bounds that are computed before the search is given up


class _Look(NamedTuple):
    """A bound, the best level to begin at and the end that follows, the worth of the end, and the cost to go."""

    bound: float
    level: float
    end: float
    worth: Array
    begin: Array


@dataclass(slots=True)
class _Search:
    """The best path found so far, and how many bounds may still be computed."""

    model: Model
    best: Path | None
    left: int

    def closed(self, bound: float) -> bool:
        """Return whether no path within a bound can be noticeably cheaper than the best one."""
        if self.best is None:
            return bound == np.inf
        return bool(bound >= self.best.bound_eur - CLOSED * max(abs(self.best.bound_eur), 1.0))

    def look(self, worth: Array) -> _Look:
        """Return the bound for the worth of a level at the end; a path found on the way may become the best one."""
        self.left -= 1
        nothing = _Look(np.inf, 0.0, 0.0, worth, worth)
        try:
            costs = cost_to_go(self.model, worth)
        except OverBudgetError:
            raise
        except NoSolutionError:
            return nothing
        begin = _at_begin(self.model, costs)
        difference, level = _least_difference(begin, worth)
        if not np.isfinite(difference):
            return nothing
        bound, end = difference + costs.base, level
        if not self.closed(bound):
            end = float(best_path(self.model, costs, level).level_mwh[-1])
            del costs  # as much memory again is needed for each of the paths
            for candidate in {level, level if abs(level - end) <= REACH else end}:
                path = _pinned_path(self.model, candidate)
                if path is not None and (self.best is None or path.bound_eur < self.best.bound_eur):
                    self.best = path
        return _Look(bound, level, end, worth, begin)


def cyclic_path(model: Model) -> Path:
    """Return the least-cost path that ends at the level at which it begins, whichever that is.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Path
        Its bound is below its cost where the best level could not be proven.

    Raises
    ------
    NoSolutionError
        No path ends where it began.
    NotProvenError
        None was found, though one may exist, or the budget is over before anything is known.

    Notes
    -----
    For every function f of the level, a path that ends where it begins costs as much as with ``f(end) - f(begin)``
    added, so that ``min over s of V_0(s) - f(s)``, with V_0 the cost to go when the end costs f, is a lower bound. Over
    a year the beginning no longer tells on the end: the least cost from s to e is ``A(s) + B(e)``, and with f = A the
    bound is the least cost itself. A is the cost to go with a free end. Where the steps are too few for that, straight
    lines f are tried (exact where the least cost is convex), and the range of levels is split until the bounds of all
    parts meet the best path found.
    """
    free = np.zeros((1, WIDTH))
    free[0, XR] = model.capacity
    search = _Search(model, None, MOST_BOUNDS)
    number = itertools.count()
    parts = [(-np.inf, next(number), 0.0, model.capacity, _at_begin(model, cost_to_go(model, free)))]
    while parts and search.left > 0 and not search.closed(parts[0][0]):
        bound, part, low, high, worth = parts[0]
        try:
            found = _own_worth(search, worth, 3 if part == 0 else 2)
            if part == 0 and not search.closed(found.bound):
                found = max(found, _straight_worth(search, worth), key=lambda look: look.bound)
        except OverBudgetError:
            if search.best is None or not np.isfinite(bound):
                raise
            break
        heapq.heappop(parts)
        bound = max(bound, found.bound)
        if bound < np.inf:
            middle = 0.5 * (low + high)
            for left, right in ((low, middle), (middle, high)):
                heapq.heappush(parts, (bound, next(number), left, right, _restricted(found.worth, left, right)))
    if search.best is None and not parts:
        raise NoSolutionError(infeasible(model.problem, 0))
    if search.best is None:
        raise NotProvenError("no level was found at which a cyclic store can begin and end; give storage_start_mwh")
    if parts and not search.closed(parts[0][0]):
        return search.best._replace(bound_eur=parts[0][0])
    return search.best


def _own_worth(search: _Search, worth: Array, rounds: int) -> _Look:
    """Best bound with the cost to go itself as the worth of the end."""
    best = _Look(-np.inf, 0.0, 0.0, worth, worth)
    for _ in range(rounds):
        found = search.look(worth)
        best = max(best, found, key=lambda look: look.bound)
        if search.closed(best.bound) or found.bound == np.inf:
            break
        worth = _restricted(found.begin, worth[0, XL], worth[-1, XR])
    return best


def _straight_worth(search: _Search, worth: Array) -> _Look:
    """Best bound with a straight line as the worth of the end: dearer where the end is above the beginning."""
    low, high = worth[0, XL], worth[-1, XR]
    dear = float(np.abs(worth[:, SLOPE]).max()) + 1.0
    cheap = -dear
    best = _Look(-np.inf, 0.0, 0.0, worth, worth)
    for _ in range(40):
        slope = 0.5 * (cheap + dear)
        found = search.look(np.array([[low, high, slope * low, slope, slope * high, 0.0]]))
        best = max(best, found, key=lambda look: look.bound)
        if search.closed(best.bound) or abs(found.end - found.level) <= REACH:
            break
        if found.end > found.level:
            cheap = slope
        else:
            dear = slope
    return best


def _pinned_path(model: Model, level: float) -> Path | None:
    try:
        return path_between(model, level, level)
    except OverBudgetError:
        raise
    except NoSolutionError:
        return None


def _at_begin(model: Model, costs: CostToGo) -> Array:
    """Cost to go before the first step, the least over the states, without what was subtracted."""
    lists = costs.begin
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
