"""Random problems by the thousand: time, laws, bounds and gaps of the three methods, against an independent oracle.

By hand, with some hours to spare::

    python -m tests.core.dispatch.trials [--limits 60] [--edges 2000] [--bounds 1000] [--long 40] [--first 0]

``DHXL_COMPILE=0`` in the environment tries the methods uncompiled.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from dhxl.core.dispatch import METHODS, Dispatch, Kind, Problem, Settings, Unit, budget, dispatch, warm
from dhxl.core.dispatch.limits import require_possible
from dhxl.errors import NoSolutionError
from tests.core.dispatch.drawn import drawn_problem
from tests.core.dispatch.edges import edge_problem
from tests.core.dispatch.oracle import checked_least_objective, programme_of
from tests.core.dispatch.recounted import recounted_objective

__all__ = ["Score", "bound_trial", "edge_trial", "limit_problem", "limit_trial", "long_trial", "tried"]

TIME_LIMIT_S = 1.0
MOST_S = 1.5
QUARTERS = 35_000  # a year of them is refused with another length of step
SECONDS_OF_LONG = 15.0


@dataclass(slots=True)
class Score:
    """What was tried: how often each end came, the faults, and the longest time."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def check(self, holds: bool, sentence: str) -> None:
        """Note a fault where something does not hold."""
        if not holds:
            self.faults.append(sentence)


def by(method: str, problem: Problem, **settings: Any) -> Dispatch | None:
    """Return the dispatch by a method; None where there is none."""
    try:
        return dispatch(replace(problem, settings=replace(problem.settings, method=method, **settings)))
    except NoSolutionError:
        return None


def check_certificate(score: Score, name: str, found: Dispatch) -> None:
    """Check what a result says of itself: limits, cost, bound, gap, and why it stopped."""
    require_possible(found)
    cost, size = found.objective_eur, max(abs(found.objective_eur), 1.0)
    again = recounted_objective(found)
    score.check(abs(again - cost) <= 1e-9 * size + 1e-6, f"{name}: cost {cost!r}, added up {again!r}")
    score.check(np.isfinite(found.bound_eur) and found.bound_eur <= cost, f"{name}: bound {found.bound_eur} of {cost}")
    gap = (cost - found.bound_eur) / max(abs(cost), 1e-9)
    score.check(found.gap == gap, f"{name}: gap {found.gap}, worked out {gap}")


def limit_problem(seed: int) -> Problem:
    """Return a random problem that is too much for a second: a year of quarter-hours, or many equal units, or both."""
    rng = np.random.default_rng(seed + 900_000)
    kind = seed % 4
    steps = (QUARTERS, 24, 2000, QUARTERS)[kind]
    problem = drawn_problem(
        seed, steps, store=bool(rng.random() < 0.7), memory=bool(rng.random() < 0.7), cyclic=bool(rng.random() < 0.2)
    )
    settings: Settings = replace(problem.settings, step_h=0.25 if steps == QUARTERS else problem.settings.step_h)
    if kind > 0:
        counts = rng.choice([1, 3, 16, 50], len(problem.units))
        units = [u if u.must_take else replace(u, count=int(c)) for u, c in zip(problem.units, counts, strict=True)]
        if rng.random() < 0.3:
            units[0] = Unit("long", Kind.BOILER, 5.0, min_share=0.3, min_up_h=500.0, min_down_h=300.0,
                            heat_efficiency=0.9, fuel_eur_per_mwh=30.0)  # fmt: skip
        problem = replace(problem, units=tuple(units))
    # Heat that must be taken can be thrown away, so that there is a schedule
    return replace(problem, settings=replace(settings, heat_rejection_mw=20.0))


@contextmanager
def own_clock() -> Iterator[None]:
    """Measure the time of a dispatch by what this process takes: other processes and the machine do not tell on it."""
    true = budget.time
    budget.time = SimpleNamespace(perf_counter=time.process_time)  # type: ignore[assignment]
    try:
        yield
    finally:
        budget.time = true


def limit_trial(score: Score, seed: int) -> None:
    """Try the time limit: a valid certificate within it, and a note where the optimum is not proven."""
    problem = limit_problem(seed)
    for method in METHODS:
        name = f"limits {seed} {method}"
        begun = time.process_time()
        with own_clock():
            found = by(method, problem, time_limit_s=TIME_LIMIT_S)
        seconds = time.process_time() - begun
        score.slowest_s = max(score.slowest_s, seconds)
        score.check(seconds <= MOST_S, f"{name}: {seconds:.2f} s for {problem.steps} steps")
        if found is None:
            score.ends["none"] += 1
            # Where the rules do not reach the content at the end, a second may be too short for any schedule
            none = method == "priority" or by("priority", problem, time_limit_s=TIME_LIMIT_S) is None
            score.check(none, f"{name}: no schedule, though the rules have one")
            continue
        check_certificate(score, name, found)
        proven = found.gap <= max(1e-8, problem.settings.gap_target if found.method == "milp" else 0.0)
        score.ends["proven" if proven else "stopped"] += 1
        said = any(text in found.note for text in ("time_limit_s", "memory", "cannot hold"))
        rule = found.method == "priority" and found.note == ""  # to its end, and the bound too
        score.check(proven or said or rule, f"{name}: gap {found.gap:.1e} without a word: {found.note!r}")


def edge_trial(score: Score, seed: int) -> None:
    """Try the edges of what may be asked: every method at the optimum or within its gap."""
    _against_oracle(score, f"edges {seed}", edge_problem(seed), checked_least_objective)


def bound_problem(seed: int, steps: int) -> Problem:
    """Return a random problem over all columns and settings."""
    rng = np.random.default_rng(seed + 700_000)
    store = seed % 4 > 0
    problem = drawn_problem(seed, steps, store=store, memory=seed % 3 > 0, cyclic=store and seed % 16 == 5)
    units = [
        replace(unit, priority=float(rng.integers(1, 4))) if rng.random() < 0.3 else unit for unit in problem.units
    ]
    settings = problem.settings
    if rng.random() < 0.3:
        lack = rng.uniform(30.0, 300.0, steps) if rng.random() < 0.5 else float(rng.uniform(30.0, 300.0))
        settings = replace(settings, unserved_eur_per_mwh=lack)
    return replace(problem, units=tuple(units), settings=settings)


def bound_trial(score: Score, seed: int) -> None:
    """Try bound and gap of at most 24 steps against HiGHS without presolve."""
    _against_oracle(score, f"bounds {seed}", bound_problem(seed, 1 + seed % 24), _without_presolve)


def _without_presolve(problem: Problem, found: float | None) -> float | None:
    del found
    return programme_of(problem).least("off")


def _against_oracle(
    score: Score, name: str, problem: Problem, oracle: Callable[[Problem, float | None], float | None]
) -> None:
    results = {method: by(method, problem, gap_target=0.0, time_limit_s=20.0) for method in METHODS}
    exact = results["optimal"]
    try:
        least = oracle(problem, None if exact is None else exact.objective_eur)
    except TimeoutError:
        score.ends["not solved by the oracle"] += 1
        return
    for method, found in results.items():
        told = f"{name} {method}"
        if (found is None) is not (least is None) and _by_a_rounding(problem, found, least):
            score.ends["possible or not by a rounding"] += 1
            continue
        if found is None or least is None:
            score.check(least is None or method == "priority", f"{told}: no schedule, the oracle has {least}")
            score.check(found is None, f"{told}: a schedule, the oracle has none")
            score.ends[f"{method} none"] += 1
            continue
        check_certificate(score, told, found)
        _check_between(score, told, found, least, least)
        score.ends[f"{method} {'proven' if found.gap <= 1e-8 else 'within its gap'}"] += 1
        if method != "priority" and found.gap <= 1e-8:
            slack = 1e-6 * max(1.0, abs(least))
            score.check(abs(found.objective_eur - least) <= slack, f"{told}: {found.objective_eur}, oracle {least}")


def _by_a_rounding(problem: Problem, found: Dispatch | None, least: float | None) -> bool:
    """Return whether a hair more of heat that may be thrown away lets the other one have a schedule too."""
    more = np.add(problem.settings.heat_rejection_mw, 1e-6)
    eased = replace(problem, settings=replace(problem.settings, heat_rejection_mw=more))
    if found is None:
        again = by("optimal", eased)
        return again is not None and abs(again.objective_eur - (least or 0.0)) <= 1e-2
    return programme_of(eased).least("off") is not None


def _check_between(score: Score, name: str, found: Dispatch, low: float, high: float) -> None:
    slack = 1e-6 * max(1.0, abs(high)) if np.isfinite(high) else 0.0
    score.check(found.bound_eur <= high + slack, f"{name}: bound {found.bound_eur} above {high} of the oracle")
    score.check(found.objective_eur >= low - slack, f"{name}: cost {found.objective_eur} below {low} of the oracle")


def long_trial(score: Score, seed: int) -> None:
    """Try bound and gap of 200 to 500 steps against what HiGHS without presolve proves and finds in a time."""
    problem = bound_problem(seed, 200 + (37 * seed) % 301)
    low, high = programme_of(problem).between("off", SECONDS_OF_LONG)
    score.ends["oracle solved" if low >= high - 1e-6 * max(abs(high), 1.0) else "oracle in time"] += 1
    for method in METHODS:
        found = by(method, problem, time_limit_s=5.0)
        name = f"long {seed} {method}"
        if found is None or low == np.inf:
            score.check(found is None, f"{name}: a schedule, the oracle has none")
            score.check(low == np.inf or high == np.inf or method == "priority", f"{name}: no schedule, oracle {high}")
            continue
        check_certificate(score, name, found)
        _check_between(score, name, found, low, high)
        score.ends[f"{method} {'proven' if found.gap <= 1e-8 else 'within its gap'}"] += 1


def tried(trial: Callable[[Score, int], None], seeds: Iterable[int]) -> Score:
    """Return the score of some trials."""
    score = Score()
    for seed in seeds:
        trial(score, seed)
    return score


def main() -> int:
    """Try what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    trials = {"limits": limit_trial, "edges": edge_trial, "bounds": bound_trial, "long": long_trial}
    for name in trials:
        parser.add_argument(f"--{name}", type=int, default=0, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    warm()
    faults = 0
    for name, trial in trials.items():
        begun = time.perf_counter()
        score = tried(trial, range(options.first, options.first + getattr(options, name)))
        faults += len(score.faults)
        if getattr(options, name):
            told = f"{len(score.faults)} faults, slowest {score.slowest_s:.2f} s, {time.perf_counter() - begun:.0f} s"
            sys.stdout.write("\n".join([f"{name}: {dict(score.ends)}, {told}", *score.faults, ""]))
            sys.stdout.flush()
    return min(faults, 1)


if __name__ == "__main__":
    raise SystemExit(main())
