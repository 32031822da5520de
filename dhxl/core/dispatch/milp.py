"""The method ``milp``: HiGHS, for what ``optimal`` cannot hold, with dhxl's own start and bound beside the solver's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.accounts import checked_bound
from dhxl.core.dispatch.budget import Budget, budget_of
from dhxl.core.dispatch.coarse import hourly_commitment
from dhxl.core.dispatch.commitment import committed_dispatch, improved_commitment, lower_bound
from dhxl.core.dispatch.highs import Commitment, Stretch, least_cost_commitment, memory_steps
from dhxl.core.dispatch.priority import priority_dispatch
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.result import Dispatch
from dhxl.core.dispatch.with_store import infeasible
from dhxl.errors import NoSolutionError

__all__ = ["milp_dispatch"]

Counts = npt.NDArray[np.int64]

STRETCH_H = 48.0
STRETCH_TIMES_MEMORY = 4
SECONDS_OF_A_STRETCH = 10.0
AT_ONCE_H = 336.0  # up to here all steps at once come first
LEAST_SECONDS = 0.05
SOLVING_SHARE = 0.8  # of the time that is left, given to the solver at a time
RULE_SHARE, BOUND_SHARE, IMPROVEMENT_SHARE = 0.5, 0.25, 0.4  # of the time that is left
CONTRADICTION = 1e-6  # of the cost; a solver's bound above a known cost by more is wrong


@dataclass(slots=True)
class _Search:
    """The best dispatch found so far, the best bound that dhxl has proven and that of the solver, and the budget."""

    problem: Problem
    budget: Budget
    own_bound_eur: float = -np.inf
    solver_bound_eur: float = -np.inf
    best: Dispatch | None = None

    @property
    def bound_eur(self) -> float:
        """The best bound; one of the solver that a known cost contradicts does not count."""
        if self.best is None:
            return max(self.own_bound_eur, self.solver_bound_eur)
        cost = self.best.objective_eur
        own = checked_bound(self.own_bound_eur, cost)
        if self.solver_bound_eur > cost + CONTRADICTION * max(abs(cost), 1.0):
            return own
        return max(own, min(self.solver_bound_eur, cost))

    @property
    def seconds_left(self) -> float:
        """Time that is left for solving; what remains is for working out what was found."""
        return SOLVING_SHARE * self.budget.seconds_left

    def offer(self, running: Counts | None) -> bool:
        """Take a commitment if it is possible and cheaper than the best one; return whether it was taken."""
        if running is None:
            return False
        try:
            found = committed_dispatch(self.problem, running, "milp", -np.inf, self.budget)
        except NoSolutionError:
            return False
        return self.take(found)

    def take(self, found: Dispatch) -> bool:
        """Take a dispatch if it is cheaper than the best one; return whether it was taken."""
        if self.best is not None and found.objective_eur >= self.best.objective_eur:
            return False
        self.best = found
        return True

    def done(self) -> bool:
        """Return whether the target is met or the time is over."""
        return self.seconds_left < LEAST_SECONDS or (
            self.best is not None and self.distance() <= self.problem.settings.gap_target
        )

    def distance(self) -> float:
        """Proven distance of the best dispatch to the optimum, as a share."""
        assert self.best is not None
        return (self.best.objective_eur - self.bound_eur) / max(abs(self.best.objective_eur), 1e-9)

    def good_enough(self) -> float:
        """Cost at which the target is met."""
        return self.bound_eur + self.problem.settings.gap_target * abs(self.bound_eur)


def milp_dispatch(problem: Problem, beyond_optimal: str = "", budget: Budget | None = None) -> Dispatch:
    """Return a dispatch found by HiGHS, with a proven bound.

    Parameters
    ----------
    problem : Problem
        Its ``gap_target`` and ``time_limit_s`` say when to stop.
    beyond_optimal : str, optional
        Why the method ``optimal`` could not hold the problem.
    budget : Budget, optional
        The time and memory that it may take; what the problem's settings allow, from now on.

    Returns
    -------
    Dispatch
        ``bound_eur`` is the greater of the solver's and of the optimum of a freer plant (see
        :func:`commitment.lower_bound`).

    Raises
    ------
    NoSolutionError
        No operation meets the heat balance in every step, or none was found in time.
    InputError
        HiGHS is not installed.

    Notes
    -----
    The start is the schedule by priority, or that of the hours where steps are parts of hours and the problem is beyond
    ``optimal``; then, or where units have start costs or least times, it is improved by solving some of the units
    exactly while the others are held, in turn. Up to two weeks are solved at once; a longer time first in overlapping
    stretches of two days, each between the levels of the store and the commitment that stand, over and over as long as
    that helps, and then at once for what time remains. HiGHS only says which units run: heat, store and cost follow
    exactly from that. Where the cost is above what HiGHS claims to have reached, it solves again without a target, a
    start and presolve, whose faults such claims have come from.
    """
    budget = budget or budget_of(problem.settings.time_limit_s)
    search = _Search(problem, budget)
    rule = _by_rule(problem, budget)
    if rule is not None:
        search.take(replace(rule, method="milp"))
    if beyond_optimal:
        search.offer(hourly_commitment(problem, budget.share(IMPROVEMENT_SHARE)))
    if rule is not None:
        search.offer(rule.running)
    search.own_bound_eur = lower_bound(problem, budget.share(BOUND_SHARE))
    if search.best is not None and (beyond_optimal or any(unit.remembers for unit in problem.units)):
        search.offer(improved_commitment(problem, search.best.running, budget.share(IMPROVEMENT_SHARE)))
    short = problem.steps * problem.settings.step_h <= AT_ONCE_H
    if short and not (beyond_optimal and search.done()):
        _all_at_once(search)
    else:
        while not search.done() and _in_stretches(search):
            pass
        if not search.done():
            _all_at_once(search)
    if search.best is None:
        raise NoSolutionError(
            f"no operation was found within time_limit_s = {problem.settings.time_limit_s:.12g} s; "
            + infeasible(problem, 0)
        )
    note = ""
    if beyond_optimal:
        note = f"method optimal cannot hold this problem ({beyond_optimal}): milp, gap {max(search.distance(), 0):.1e}"
    elif search.distance() > problem.settings.gap_target:
        note = (
            f"stopped at time_limit_s = {problem.settings.time_limit_s:.12g} s with a gap of {search.distance():.1e}, "
            f"above gap_target = {problem.settings.gap_target:.3g}"
        )
    return replace(search.best, bound_eur=search.bound_eur, note=note)


def _counts(problem: Problem) -> Counts:
    return np.array([unit.count for unit in problem.units], dtype=np.int64).reshape(-1, 1)


def _by_rule(problem: Problem, budget: Budget) -> Dispatch | None:
    try:
        return priority_dispatch(problem, None, budget, RULE_SHARE)
    except NoSolutionError:
        return None


def _all_at_once(search: _Search) -> None:
    problem = search.problem
    n, settings = problem.steps, problem.settings
    free = np.zeros((len(problem.units), n), dtype=np.int64)
    stretch = Stretch(
        0,
        n,
        None if settings.storage_cyclic else settings.storage_start_mwh,
        None if settings.storage_cyclic else settings.level_at_end_mwh,
        free,
        free + _counts(problem),
    )
    start = None if search.best is None else search.best.running
    found = least_cost_commitment(
        problem, stretch, start, settings.gap_target, search.seconds_left, search.good_enough()
    )
    _learn(search, found)
    if found.ended and not search.done():
        # Worked out, it is dearer than the solver says, or not possible: again without what such faults came from
        found = least_cost_commitment(
            problem, stretch, None, settings.gap_target, search.seconds_left, None, presolve=False
        )
        _learn(search, found)
    if not found.possible and search.best is None:
        raise NoSolutionError(infeasible(problem, 0))


def _learn(search: _Search, found: Commitment) -> None:
    """Take what the solver found as far as it can be worked out, and its bound."""
    search.offer(found.running)
    search.solver_bound_eur = found.bound_eur


def _in_stretches(search: _Search) -> bool:
    """Improve the best dispatch stretch by stretch; return whether that has made it cheaper."""
    if search.best is None:
        return False
    problem, settings = search.problem, search.problem.settings
    n, memory = problem.steps, memory_steps(problem)
    size = max(round(STRETCH_H / settings.step_h), STRETCH_TIMES_MEMORY * memory, 1)
    running, level = search.best.running.copy(), search.best.level_mwh.copy()
    begin_mwh = float(level[-1]) if settings.storage_cyclic else settings.storage_start_mwh
    counts = _counts(problem)
    for first in range(0, max(n - size // 2, 1), max(size // 2, 1)):
        last = min(first + size, n)
        a, b = max(first - memory, 0), min(last + memory, n)
        held = running[:, a:b]
        least, most = held.copy(), held.copy()
        least[:, first - a : last - a], most[:, first - a : last - a] = 0, counts
        before = begin_mwh if a == 0 else float(level[a - 1])
        stretch = Stretch(a, b, before, float(level[b - 1]), least, most)
        seconds = min(SECONDS_OF_A_STRETCH, search.seconds_left)
        found = least_cost_commitment(problem, stretch, held, settings.gap_target, seconds)
        if found.running is not None:
            running[:, a:b] = found.running
            if found.level_mwh is not None:
                level[a:b] = found.level_mwh
        if search.seconds_left < LEAST_SECONDS:
            break
    return search.offer(running)
