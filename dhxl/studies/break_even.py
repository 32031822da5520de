"""The electricity charges at which two solutions come out equal."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from dhxl.errors import InputError, WorkbookError
from dhxl.functions.cells import Cell
from dhxl.hosts.headless import Constant
from dhxl.studies.cases import Cases, Inputs
from dhxl.studies.faults import first_of
from dhxl.studies.outputs import solutions
from dhxl.studies.presets import CHARGES, SCENARIO, missing, scenarios
from dhxl.studies.run import Progress
from dhxl.studies.sensitivity import Vary, checked_book, input_values, vary
from dhxl.studies.shared import Opener
from dhxl.workbook.package import Package

__all__ = ["BREAK_EVEN_RANGE", "BreakEven", "BreakEvenReport", "Measure", "break_even", "told_finding"]

BREAK_EVEN_RANGE: Final = f"{CHARGES}=0:200:20"
NARROW_EUR_PER_MWH: Final = 0.01  # width of a bracket below which its middle is the answer
EQUAL: Final = 1e-7  # relative difference of the two results that counts as none
MOST_ROUNDS: Final = 40


@dataclass(frozen=True, slots=True)
class Measure:
    """A result that solutions are compared by; the better one has more of it, or less."""

    name: str
    more_is_better: bool
    may_never_come: bool = False


MEASURES: Final = (Measure("payback_years", False, may_never_come=True), Measure("npv_eur", True))


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Charges at which two solutions come out equal by a measure under a price scenario.

    ``charges_eur_per_mwh`` is None where there are none within ``low`` and ``high``, the bracket that was looked at;
    otherwise these are the neighbouring charges of the first look between which the better solution changes.
    ``better_below`` and ``better_above`` are the better solutions at the bracket's ends, None where both come out
    equal or neither has a result; ``values`` are both results at the charges found. ``jump`` tells that the results
    are not equal there, but change places in one step.
    """

    scenario: str
    measure: str
    solutions: tuple[int, int]
    charges_eur_per_mwh: float | None
    low: float
    high: float
    better_below: int | None
    better_above: int | None
    values: tuple[Cell, Cell] | None
    jump: bool


@dataclass(frozen=True, slots=True)
class BreakEvenReport:
    """All break-even charges of two solutions; ``cases`` is the number of cases that were calculated."""

    found: tuple[BreakEven, ...]
    cases: int
    interrupted: bool
    seconds: float


@dataclass(slots=True)
class _Bracket:
    """Charges with a change of sign of the difference between two results, being narrowed."""

    scenario: str
    measure: Measure
    low: float
    high: float
    at_low: float
    at_high: float
    start: tuple[float, float, float, float]
    root: float | None = None
    jump: bool = False
    kept: int = 0  # which end the last rounds have kept: -1 low, 1 high

    def next(self) -> float:
        """Return where to look next: by false position with the kept end's value halved, else in the middle."""
        middle = (self.low + self.high) / 2
        if not (math.isfinite(self.at_low) and math.isfinite(self.at_high)):
            return middle
        weight = self.at_low / (self.at_low - self.at_high)
        inside = self.low + weight * (self.high - self.low)
        edge = NARROW_EUR_PER_MWH / 4
        return min(max(inside, self.low + edge), self.high - edge) if self.high - self.low > edge else middle

    def narrow(self, at: float, difference: float, scale: float) -> None:
        """Take a further difference into account."""
        if abs(difference) <= EQUAL * scale:
            self.root = at
            return
        if (difference > 0) == (self.at_low > 0):
            self.low, self.at_low = at, difference
            self.at_high = self.at_high / 2 if self.kept == 1 else self.at_high
            self.kept = 1
        else:
            self.high, self.at_high = at, difference
            self.at_low = self.at_low / 2 if self.kept == -1 else self.at_low
            self.kept = -1
        if self.high - self.low <= NARROW_EUR_PER_MWH:
            self.root = (self.low + self.high) / 2


def break_even(
    book: str | Path,
    between: tuple[int, int] | None = None,
    look_at: Vary | None = None,
    *,
    workers: int | None = 1,
    progress: Progress | None = None,
    opened: Opener = Cases,
) -> BreakEvenReport:
    """Return the electricity charges at which two solutions have equal payback, and equal NPV, in each price scenario.

    The charges are looked at in steps; wherever the better solution changes from one step to the next, the charges
    are found by false position on the workbook's own results, to 0.01 EUR/MWh. A payback that never comes counts as
    endless.

    Parameters
    ----------
    book : path
        The workbook.
    between : tuple of int, optional
        The two solutions; without it the first and the last.
    look_at : Vary, optional
        The charges to look at first, ascending; without it 0 to 200 EUR/MWh in steps of 20.
    workers : int, optional
        Number of processes; None takes one a core where it pays.
    progress : callable, optional
        Called with what is being done and the share done.
    opened : callable, optional
        What loads the workbook and calculates the cases.

    Raises
    ------
    WorkbookError
        The file is no workbook, or lacks names.
    InputError
        The solutions or the charges are not allowed.
    """
    started = time.perf_counter()
    tell: Progress = progress or (lambda _step, _share: None)
    package = checked_book(book)
    first, second = _pair(package, between)
    outputs = tuple(f"{measure.name}_{number}" for measure in MEASURES for number in (first, second))
    if lacking := missing(package, (CHARGES, *outputs)):
        names = ", ".join(lacking)
        raise WorkbookError(f"{package.path}: --preset break-even needs names that are missing: {names}")
    charges = _charges(package, look_at)
    settings = scenarios(package) if package.defined_name(SCENARIO) else [""]
    with opened(package, outputs, workers) as bench:
        known: dict[tuple[str, float], tuple[Cell, ...]] = {}

        def look(points: Sequence[tuple[str, float]], step: str) -> None:
            cases: list[Inputs] = [_case(scenario, at) for scenario, at in points]
            results = bench.results(cases, lambda done, count: tell(step, done / count))
            known.update(
                (point, result.outputs) for point, result in zip(points, results, strict=True) if result is not None
            )

        look([(scenario, at) for scenario in settings for at in charges], "Looking")
        found: list[BreakEven] = []
        brackets: list[_Bracket] = []
        for scenario in settings:
            for k, measure in enumerate(MEASURES):
                seen = [
                    (at, _difference(measure, *known[scenario, at][2 * k : 2 * k + 2]))
                    for at in charges
                    if (scenario, at) in known
                ]
                new = list(_brackets(scenario, measure, seen))
                brackets += new
                if not new and len(seen) == len(charges):
                    found.append(_none(scenario, measure, (first, second), seen))
        for number in range(MOST_ROUNDS):
            waiting = [one for one in brackets if one.root is None]
            if not waiting or bench.interrupted:
                break
            tell(f"Round {number + 1}", 0.0)
            points = {id(one): (one.scenario, one.next()) for one in waiting}
            look(list(dict.fromkeys(point for point in points.values() if point not in known)), f"Round {number + 1}")
            for one in waiting:
                k = MEASURES.index(one.measure)
                values = known.get(points[id(one)])
                if values:
                    pair = values[2 * k : 2 * k + 2]
                    difference = _difference(one.measure, *pair)
                    _narrowed(one, points[id(one)][1], difference, pair)
        done = [one for one in brackets if one.root is not None]
        roots = [(one.scenario, one.root) for one in done if one.root is not None]
        if not bench.interrupted:
            look(list(dict.fromkeys(point for point in roots if point not in known)), "Results")
        for one in done:
            values = known.get((one.scenario, one.root or 0.0))
            k = MEASURES.index(one.measure)
            found.append(_found(one, (first, second), values[2 * k : 2 * k + 2] if values else None))
        interrupted = bench.interrupted
    found.sort(key=lambda one: ([m.name for m in MEASURES].index(one.measure), settings.index(one.scenario), one.low))
    return BreakEvenReport(tuple(found), len(known), interrupted, time.perf_counter() - started)


def told_finding(one: BreakEven) -> str:
    """Return a finding in words."""
    a, b = one.solutions
    bracket = f"{one.low:g} to {one.high:g} EUR/MWh"
    if one.charges_eur_per_mwh is None:
        better = one.better_below
        if better is None or better != one.better_above:
            return f"{a} and {b} cannot be told apart somewhere within {bracket}"
        return f"none within {bracket}: solution {better} is better throughout"
    order = f"solution {one.better_below} is better below, {one.better_above} above"
    changed = "they change places in one step" if one.jump else "found"
    return f"{order}; {changed} within {bracket}" if one.better_below else f"equal at {one.low:g} EUR/MWh"


def _pair(package: Package, between: tuple[int, int] | None) -> tuple[int, int]:
    numbers = solutions(package)
    if len(numbers) < 2:
        raise WorkbookError(
            f"{package.path}: --preset break-even needs the results of two solutions, such as npv_eur_1"
        )
    pair = between or (numbers[0], numbers[-1])
    if pair[0] == pair[1] or any(number not in numbers for number in pair):
        wanted = f"two of the solutions {', '.join(map(str, numbers))}"
        raise InputError(f"--between must be {wanted}, got {pair[0]},{pair[1]}")
    return pair


def _charges(package: Package, look_at: Vary | None) -> list[float]:
    if look_at and look_at.name.casefold() != CHARGES:
        raise InputError(f"--vary {look_at.name} does not go with --preset break-even, which varies {CHARGES}")
    problems: list[str] = []
    values = input_values(package, look_at or vary(BREAK_EVEN_RANGE), problems).values
    if problems:
        raise InputError(first_of(problems))
    charges = sorted({value for value in values if isinstance(value, float)})
    if len(charges) < 2:
        raise InputError(f"{CHARGES}: needs at least two values to look between, got {len(charges)}")
    return charges


def _case(scenario: str, at: float) -> Inputs:
    chosen: dict[str, Constant] = {SCENARIO: scenario} if scenario else {}
    return chosen | {CHARGES: at}


def _difference(measure: Measure, first: Cell, second: Cell) -> float:
    """Return by how much the first is better, in the measure's unit; NaN where that cannot be told."""
    numbers = [_measured(measure, value) for value in (first, second)]
    if all(math.isinf(number) for number in numbers):
        return math.nan
    return numbers[0] - numbers[1] if measure.more_is_better else numbers[1] - numbers[0]


def _measured(measure: Measure, value: Cell) -> float:
    if isinstance(value, float) and not isinstance(value, bool):
        return value
    return math.inf if measure.may_never_come and isinstance(value, str) else math.nan


def _brackets(scenario: str, measure: Measure, seen: Sequence[tuple[float, float]]) -> Iterable[_Bracket]:
    for (low, at_low), (high, at_high) in pairwise(seen):
        if at_low * at_high < 0:
            yield _Bracket(scenario, measure, low, high, at_low, at_high, (low, high, at_low, at_high))
    for at, difference in seen:
        if difference == 0:
            yield _Bracket(scenario, measure, at, at, 0.0, 0.0, (at, at, 0.0, 0.0), root=at)


def _narrowed(one: _Bracket, at: float, difference: float, pair: Sequence[Cell]) -> None:
    if math.isnan(difference):
        one.root, one.jump = at, True
        return
    scale = max(abs(value) for value in pair if isinstance(value, float))
    one.narrow(at, difference, scale)
    if one.root is not None and one.root != at:
        one.jump = abs(difference) > 0.01 * scale


def _better(difference: float, pair: tuple[int, int]) -> int | None:
    return None if difference == 0 or math.isnan(difference) else pair[0] if difference > 0 else pair[1]


def _none(scenario: str, measure: Measure, pair: tuple[int, int], seen: Sequence[tuple[float, float]]) -> BreakEven:
    (low, at_low), (high, at_high) = seen[0], seen[-1]
    below, above = _better(at_low, pair), _better(at_high, pair)
    return BreakEven(scenario, measure.name, pair, None, low, high, below, above, None, jump=False)


def _found(one: _Bracket, pair: tuple[int, int], values: Sequence[Cell] | None) -> BreakEven:
    low, high, at_low, at_high = one.start
    both = (values[0], values[1]) if values else None
    below, above = _better(at_low, pair), _better(at_high, pair)
    return BreakEven(one.scenario, one.measure.name, pair, one.root, low, high, below, above, both, one.jump)
