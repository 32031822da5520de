"""Any named inputs of a workbook against any of its named outputs."""

from __future__ import annotations

import csv
import itertools
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from dhxl.errors import DhxlError, InputError
from dhxl.functions.cells import described
from dhxl.hosts.headless import Constant
from dhxl.studies.cases import CaseResult, Cases, Inputs
from dhxl.studies.faults import first_of
from dhxl.studies.inputs import choices, input_problems, input_rule
from dhxl.studies.outputs import unit_of
from dhxl.studies.run import Progress
from dhxl.studies.shared import Bench, Opener
from dhxl.workbook.names import Reference
from dhxl.workbook.numerals import unclear, way_out
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue, number_text

__all__ = [
    "Quantity",
    "SensitivityReport",
    "Vary",
    "calculated",
    "checked_book",
    "grid",
    "input_values",
    "one_by_one",
    "output_names",
    "quantity",
    "sensitivity",
    "told_case",
    "vary",
]

MOST_CASES: Final = 100_000
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_HOW: Final = "must be NAME=value,value,... or NAME=from:to:step"


@dataclass(frozen=True, slots=True)
class Vary:
    """An input by its defined name and the values that it takes, one after the other."""

    name: str
    values: tuple[float | str | bool, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A defined name and its spelled unit, ``-`` for a fraction, a count or a text."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class SensitivityReport:
    """What a study found.

    ``cases`` are those that were calculated, in the order asked for; fewer than ``asked`` after Ctrl-C, which
    ``interrupted`` tells. ``notes`` are sentences on the workbook's checks and alerts in them.
    """

    vary: tuple[Vary, ...]
    inputs: tuple[Quantity, ...]
    outputs: tuple[Quantity, ...]
    base: CaseResult
    cases: tuple[CaseResult, ...]
    asked: int
    interrupted: bool
    notes: tuple[str, ...]
    seconds: float


def sensitivity(
    book: str | Path,
    varied: Sequence[Vary],
    outputs: Sequence[str],
    *,
    arrange: Callable[[Iterable[Vary]], list[Inputs]] | None = None,
    workers: int | None = 1,
    progress: Progress | None = None,
    opened: Opener = Cases,
) -> SensitivityReport:
    """Return named outputs of a workbook for other values of its inputs; the workbook is only read.

    Parameters
    ----------
    book : path
        The workbook.
    varied : sequence of Vary
        The inputs and their values.
    outputs : sequence of str
        Defined names of single cells.
    arrange : callable, optional
        What makes the cases of the values: :func:`grid`, or :func:`one_by_one`.
    workers : int, optional
        Number of processes; None takes one a core where it pays. A script that asks for more than one must stand
        under ``if __name__ == "__main__"``, as always with processes.
    progress : callable, optional
        Called with what is being done and the share done.
    opened : callable, optional
        What loads the workbook and calculates the cases.

    Raises
    ------
    WorkbookError
        The file is no workbook, or lacks a name.
    InputError
        A value is not allowed; all problems at once.
    """
    package = checked_book(book)
    problems: list[str] = []
    names = output_names(package, outputs, problems)
    values = tuple(input_values(package, one, problems) for one in varied)
    counts = Counter(one.name for one in values)
    problems += [
        f"{name} is varied {count} times; give all its values at once" for name, count in counts.items() if count > 1
    ]
    if not values:
        problems.append(f"nothing is varied; --vary {_HOW}")
    if not outputs:
        problems.append("no output is asked for; --output NAME (dhxl names BOOK lists the names)")
    if problems:
        raise InputError(first_of(problems))
    cases = (arrange or grid)(values)
    with opened(package, names, workers) as bench:
        return calculated(bench, package, values, names, cases, progress)


def calculated(
    bench: Bench,
    package: Package,
    varied: tuple[Vary, ...],
    outputs: tuple[str, ...],
    cases: Sequence[Inputs],
    progress: Progress | None = None,
) -> SensitivityReport:
    """Return the report on cases whose inputs have been checked."""
    started = time.perf_counter()
    tell: Progress = progress or (lambda _step, _share: None)
    tell("Base case", 0.0)
    base = bench.base()
    found = bench.results(cases, lambda done, count: tell(f"Case {done} of {count}", done / count))
    done = tuple(result for result in found if result is not None)
    return SensitivityReport(
        vary=varied,
        inputs=tuple(quantity(package, name) for name in dict.fromkeys(one.name for one in varied)),
        outputs=tuple(quantity(package, name) for name in outputs),
        base=base,
        cases=done,
        asked=len(cases),
        interrupted=bench.interrupted,
        notes=tuple(_notes(base, done)),
        seconds=time.perf_counter() - started,
    )


def vary(entry: str) -> Vary:
    """Return what ``NAME=value,value,...`` or ``NAME=from:to:step`` asks for; the end of a range belongs to it.

    Raises
    ------
    InputError
        It cannot be read, or asks for too many values.

    Examples
    --------
    >>> vary("charges_eur_per_mwh=0:80:40").values, vary("price_scenario=Low, High").values
    ((0.0, 40.0, 80.0), ('Low', 'High'))
    >>> vary("discount_rate=0.01:0.04:0.01").values
    (0.01, 0.02, 0.03, 0.04)
    """
    name, sign, text = entry.partition("=")
    name, text = name.strip(), text.strip()
    if not sign or not name or not text:
        raise InputError(f"--vary {_HOW}, got {entry!r}")
    bounds = [bound.strip() for bound in text.split(":")]
    values = [value.strip() for value in next(csv.reader([text], skipinitialspace=True))]
    if doubtful := next(filter(unclear, bounds if len(bounds) > 1 else values), ""):
        raise InputError(f"{name}: {doubtful!r} may be thousands or decimals; write {way_out(doubtful)}")
    if len(bounds) == 3 and all(map(_NUMBER.fullmatch, bounds)):
        return Vary(name, tuple(_steps(name, *map(Decimal, bounds))))
    if "" in values:
        raise InputError(f"{name}: {_HOW}, got {text!r} with an empty value")
    if ":" in text and len(values) == 1 and _NUMBER.fullmatch(bounds[0]):
        raise InputError(f"{name}: {_HOW}, got {text!r}")
    if len(values) > MOST_CASES:
        raise InputError(f"{name}: must have at most {MOST_CASES:,} values, got {len(values):,}")
    return Vary(name, tuple(float(value) if _NUMBER.fullmatch(value) else value for value in values))


def _steps(name: str, first: Decimal, last: Decimal, step: Decimal) -> Iterator[float]:
    try:
        count = int((last - first) / step)
    except (InvalidOperation, ZeroDivisionError):
        count = -1
    if step == 0 or count < 0:
        raise InputError(f"{name}: the step must lead from {first} to {last}, got {step}")
    if count >= MOST_CASES:
        raise InputError(f"{name}: must have at most {MOST_CASES:,} values, got {count + 1:,}")
    for number in range(count + 1):
        yield float(first + number * step)
    if first + count * step != last:
        yield float(last)


def grid(varied: Iterable[Vary]) -> list[Inputs]:
    """Return all combinations of the values, the last input changing fastest.

    Raises
    ------
    InputError
        There are too many.

    Examples
    --------
    >>> [tuple(case.values()) for case in grid([Vary("a", (1.0, 2.0)), Vary("b", ("x", "y"))])]
    [(1.0, 'x'), (1.0, 'y'), (2.0, 'x'), (2.0, 'y')]
    """
    several = tuple(varied)
    count = 1
    for one in several:
        count *= len(one.values)
    _refuse_too_many(count)
    names = [one.name for one in several]
    combinations = itertools.product(*(one.values for one in several))
    return [dict(zip(names, values, strict=True)) for values in combinations]


def one_by_one(varied: Iterable[Vary]) -> list[Inputs]:
    """Return a case for each value of each input, the other inputs as in the workbook.

    Raises
    ------
    InputError
        There are too many.

    Examples
    --------
    >>> one_by_one([Vary("a", (1.0, 2.0)), Vary("b", ("x",))])
    [{'a': 1.0}, {'a': 2.0}, {'b': 'x'}]
    """
    cases: list[Inputs] = [{one.name: value} for one in varied for value in one.values]
    _refuse_too_many(len(cases))
    return cases


def _refuse_too_many(count: int) -> None:
    if count > MOST_CASES:
        raise InputError(f"a study must have at most {MOST_CASES:,} cases, got {count:,}")


def checked_book(book: str | Path) -> Package:
    """Return a workbook whose own inputs are allowed.

    Raises
    ------
    WorkbookError
        The file is no workbook.
    InputError
        One of its inputs is not allowed; all problems at once.
    """
    package = Package.open(book)
    if problems := input_problems(package):
        raise InputError(first_of(problems))
    return package


def output_names(package: Package, names: Iterable[str], problems: list[str]) -> tuple[str, ...]:
    """Return outputs as the workbook spells them, each once; sentences on what is wrong go into ``problems``."""
    found = []
    for name in names:
        place = _cell(package, name.strip(), problems)
        if place:
            found.append(_spelled(package, name.strip()))
    return tuple(dict.fromkeys(found))


def input_values(package: Package, one: Vary, problems: list[str]) -> Vary:
    """Return an input and its values as its cell takes them; sentences on what is wrong go into ``problems``."""
    place = _cell(package, one.name, problems)
    if place is None:
        return one
    at = (place.first_row, place.first_col)
    cells = package.cells(place.sheet)
    cell = cells.cells.get(at)
    name = _spelled(package, one.name)
    if (cell and cell.formula is not None) or at in cells.children:
        problems.append(f"{place.address} ({name}): holds a formula, not an input")
        return one
    own = package.values(place)[0][0]
    if isinstance(own, ErrorValue):
        problems.append(f"{place.address} ({name}): holds the error value {own.code}, not an input")
        return one
    rule, listed = input_rule(package, place), {choice.casefold(): choice for choice in choices(package, place)}
    values = [_typed(value, own, listed) for value in one.values]
    for value in values:
        wanted = rule(value) or ("a number" if isinstance(own, float) and isinstance(value, str) and not listed else "")
        if wanted:
            problems.append(f"{place.address} ({name}): must be {wanted}, got {described(value)}")
    return Vary(name, tuple(values))


def _typed(value: float | str | bool, own: CellValue, listed: dict[str, str]) -> float | str | bool:
    """Return a value as the cell that holds ``own`` takes it."""
    if isinstance(own, bool) and isinstance(value, str) and value.upper() in ("TRUE", "FALSE"):
        return value.upper() == "TRUE"
    if isinstance(own, str) and isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        return listed.get(value.casefold(), value)
    return value if isinstance(value, bool) else float(value)


def quantity(package: Package, name: str) -> Quantity:
    """Return a defined name of a workbook with its unit."""
    return Quantity(_spelled(package, name), unit_of(name))


def told_case(inputs: Inputs) -> str:
    """Return a case in words.

    Examples
    --------
    >>> told_case({"charges_eur_per_mwh": 20.0, "price_scenario": "Low"}), told_case({})
    ('charges_eur_per_mwh=20, price_scenario=Low', 'base case')
    """
    return ", ".join(f"{name}={_text(value)}" for name, value in inputs.items()) or "base case"


def _text(value: Constant) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return number_text(value) if isinstance(value, float) else str(value)


def _cell(package: Package, name: str, problems: list[str]) -> Reference | None:
    try:
        place = package.resolve(name)
    except DhxlError as error:
        problems += error.problems
        return None
    if place.is_cell:
        return place
    problems.append(f"{package.path}: the name {name} must be one cell, got {place.address}")
    return None


def _spelled(package: Package, name: str) -> str:
    found = package.defined_name(name)
    return found.name if found else name


def _notes(base: CaseResult, cases: Sequence[CaseResult]) -> Iterator[str]:
    failed = [case for case in (base, *cases) if case.checks]
    if failed:
        yield f"checks of the workbook fail in {_counted(failed)}: {told_case(failed[0].inputs)}"
    alarmed = [case for case in cases if case.alerts and case.alerts > (base.alerts or 0)]
    if alarmed:
        more = f"more alerts than the {base.alerts or 0:.0f} of the base case in {_counted(alarmed)}"
        yield f"{more}: {told_case(alarmed[0].inputs)} (dhxl run a copy with these inputs; sheet Checks says which)"


def _counted(cases: Sequence[CaseResult]) -> str:
    return "one case" if len(cases) == 1 else f"{len(cases)} cases, the first"
