"""The least cost from both ends of time at once: the second half backwards, the first one forwards, on two cores.

The halves meet in the middle, at the level and in the state of the units in which both together cost least. With time
reversed the first half is a problem like the second: what was a discharge is a charge, and who comes before whom in the
states of the units is turned round.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget, OverBudgetError
from dhxl.core.dispatch.compiled import compiled, compiles
from dhxl.core.dispatch.pieces import REACH, SLOPE, XL, XR, YL, ZERO, Array, Lists, mirror
from dhxl.core.dispatch.programme import States
from dhxl.core.dispatch.with_store import CostToGo, Model, Path, best_path, cost_to_go, least_cost, pinned
from dhxl.errors import NoSolutionError

__all__ = ["LEAST_STEPS", "Halves", "halves", "path_between", "splits"]

LEAST_STEPS = 10_000  # a year of hours takes no time; of equally good schedules, the one from one end is calmer
LEAST_KEPT = 0.5  # of the content in a step; a store that loses more is no store


class Halves(NamedTuple):
    """The first half with time reversed, and the second."""

    first: Model
    second: Model


def splits(model: Model) -> bool:
    """Return whether a problem is long enough to be halved, and its store keeps enough."""
    return model.count >= LEAST_STEPS and model.keep >= LEAST_KEPT


def halves(model: Model) -> Halves:
    """Return the halves of a model; each may hold half of the pieces."""
    middle, levels = model.count // 2, model.may.levels
    rows, at = model.steps
    begin = at[middle * levels]
    budget = Budget(model.budget.ends, model.budget.time_limit_s, model.budget.most_pieces // 2)
    second = replace(
        model,
        budget=budget,
        steps=Lists(rows[begin:], at[middle * levels :] - begin),
        may=model.may._replace(start_eur=model.may.start_eur[middle:]),
        linked=True,
        pieces_held=model.pieces_held // 2,
    )
    start_eur = np.zeros((middle, model.may.start_eur.shape[1]))
    start_eur[1:] = model.may.start_eur[middle - 1 : 0 : -1]
    first = replace(
        second,
        steps=Lists(*reversed_lists(rows, at[: middle * levels + 1], levels)),
        may=_reversed(model.may)._replace(start_eur=start_eur),
        linked=False,
        keep=1.0,
        squeeze=model.keep,
    )
    return Halves(first, second)


def _reversed(may: States) -> States:
    """Return who comes before whom, in the place of who follows."""
    states, kinds = may.level_of.size, may.start_eur.shape[1]
    before = np.repeat(np.arange(kinds * states, dtype=np.int64), np.diff(may.at))
    after = before // max(states, 1) * states + may.to
    order = np.lexsort((may.starts, after))
    at = np.zeros_like(may.at)
    at[1:] = np.cumsum(np.bincount(after, minlength=kinds * states))
    return may._replace(at=at, to=before[order] % states, starts=may.starts[order])


@compiled
def reversed_lists(rows: Array, at: npt.NDArray[np.int64], levels: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Return the lists of steps in reversed order, over the charge in the place of the discharge."""
    count = (at.shape[0] - 1) // levels
    out, out_at = np.empty((at[count * levels], rows.shape[1])), np.zeros(at.shape[0], dtype=np.int64)
    n = ZERO
    for step in range(count):
        for k in range(levels):
            q = (count - 1 - step) * levels + k
            size = at[q + 1] - at[q]
            for i in range(size):
                for c in range(rows.shape[1]):
                    out[n + i, c] = rows[at[q] + i, c]
            mirror(out, n, n + size)
            n += size
            out_at[step * levels + k + 1] = n
    return out, out_at


@compiled
def least_sum(a: Array, b: Array) -> tuple[float, float]:
    """Return (value, place) of the least sum of two lists; infinite where they have no place in common."""
    best, place = np.inf, 0.0
    begin = ZERO
    for i in range(a.shape[0]):
        while begin < b.shape[0] and b[begin, XR] < a[i, XL] - REACH:
            begin += 1
        j = begin
        while j < b.shape[0] and b[j, XL] <= a[i, XR] + REACH:
            for side in range(2):
                x = max(a[i, XL], b[j, XL]) if side == 0 else min(a[i, XR], b[j, XR])
                x = min(max(x, a[i, XL]), a[i, XR])
                y = min(max(x, b[j, XL]), b[j, XR])
                value = a[i, YL] + a[i, SLOPE] * (x - a[i, XL]) + b[j, YL] + b[j, SLOPE] * (y - b[j, XL])
                if value < best:
                    best, place = value, x
            j += 1
    return best, place


def path_between(model: Model, start: float, end: float) -> Path:
    """Return the least-cost path from a level before the first step to one after the last, with its bound.

    Parameters
    ----------
    model : Model
    start, end : float
        MWh.

    Returns
    -------
    Path

    Raises
    ------
    NoSolutionError
        No path leads from one to the other.
    OverBudgetError
        The time or the memory is over.
    """
    if splits(model):
        try:
            return _meeting(model, start, end)
        except OverBudgetError:
            raise
        except NoSolutionError:
            pass  # from one end it is seen from which step on
    costs = cost_to_go(model, pinned(end))
    bound = least_cost(model, costs, start)
    return best_path(model, costs, start)._replace(bound_eur=bound)


def _meeting(model: Model, start: float, end: float) -> Path:
    both = halves(model)
    with ThreadPoolExecutor(2) if compiles() else nullcontext() as pool:
        each = pool.map if pool else map
        costs = list(each(cost_to_go, both, (pinned(start), pinned(end))))
        bound, level, state = _middle(costs, model.may.level_of.size)
        if not np.isfinite(bound):
            raise NoSolutionError("the halves do not meet")
        to_begin, to_end = each(best_path, both, costs, (level, level), (-1, state), (state, -1))
    return Path(
        np.concatenate((to_begin.code[::-1], to_end.code)),
        np.concatenate((-to_begin.discharge_mwh[::-1], to_end.discharge_mwh)),
        np.concatenate((to_begin.level_mwh[-2::-1], [level], to_end.level_mwh)),
        bound + costs[0].base + costs[1].base,
    )


def _middle(costs: list[CostToGo], states: int) -> tuple[float, float, int]:
    """Return (EUR above the bases, level, state of the units) in which the halves together cost least."""
    best = (np.inf, 0.0, 0)
    for k in range(states):
        a, b = (lists.rows[lists.at[k] : lists.at[k + 1]] for lists in (costs[0].begin, costs[1].begin))
        value, place = least_sum(a, b)
        if value < best[0]:
            best = (value, place, k)
    return best
