"""Reports of studies as the tables that a workbook's areas hold: constants, by defined name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dhxl.errors import InputError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Constant
from dhxl.studies.break_even import BreakEvenReport, told_finding
from dhxl.studies.presets import CHARGES, SCENARIO, STORAGE_M3, TornadoReport
from dhxl.studies.sensitivity import SensitivityReport, Vary
from dhxl.units import FRACTION
from dhxl.workbook.study_areas import BREAK_EVEN, FREE, SCENARIOS, STORAGE, TAX, TORNADO, area

__all__ = [
    "Rows",
    "StudyTable",
    "break_even_table",
    "cases_table",
    "refuse_too_many",
    "storage_table",
    "tax_table",
    "tornado_table",
]

Rows = list[list[Constant]]

TAXES: Final = 9  # charges that the area has room for
_MOST: Final = {CHARGES: (TAXES, "charges"), SCENARIO: (3, "price scenarios"), STORAGE_M3: (9, "volumes")}
SOLUTION: Final = "solution"
_MEASURES: Final = {"payback_years": "Payback", "npv_eur": "NPV"}
_NUMBERED: Final = re.compile(r"_[1-4]$")


@dataclass(frozen=True, slots=True)
class StudyTable:
    """What a study writes into its area of a workbook.

    ``cells`` are rows by defined name, as large as the name's range or smaller. ``sets`` are the inputs that the study
    sets itself whatever the workbook holds, with the values that it gave them.
    """

    study: str
    cells: Mapping[str, Rows]
    sets: Mapping[str, tuple[Constant, ...]]


def refuse_too_many(varied: Iterable[Vary]) -> None:
    """Refuse values of a preset's inputs for which its area has no room.

    Raises
    ------
    InputError
        There are too many.
    """
    problems = []
    for one in varied:
        most, what = _MOST.get(one.name.casefold(), (len(one.values), "values"))
        if len(one.values) > most:
            problems.append(
                f"{one.name}: --write has room for {most} {what}, got {len(one.values)}; without it, -o FILE.csv "
                "takes them all"
            )
    if problems:
        raise InputError(problems)


def tax_table(report: SensitivityReport) -> StudyTable:
    """Return payback against charges and price scenarios: charges, scenario and the result of each solution in a row.

    Each scenario takes a third of the area, its charges ascending, so that charts and formulas find them.

    Raises
    ------
    InputError
        There are more charges or scenarios than the area has room for, or the outputs are no paybacks of solutions.
    """
    varied = {one.name.casefold(): one for one in report.vary}
    charges, scenarios = varied[CHARGES], varied[SCENARIO]
    refuse_too_many(report.vary)
    numbers = _solutions(report, "payback_years", "tax")
    found = {(case.inputs[scenarios.name], case.inputs[charges.name]): case.outputs for case in report.cases}
    rows: Rows = [[None] * 6 for _ in range(TAXES * len(SCENARIOS))]
    for scenario, third in zip(scenarios.values, _thirds(scenarios.values), strict=True):
        for place, tax in enumerate(sorted(charges.values, key=float)):
            row = rows[third * TAXES + place]
            row[:2] = tax, scenario
            for number, value in zip(numbers, found[scenario, tax], strict=True):
                row[1 + number] = _constant(value)
    sets = {charges.name: charges.values, scenarios.name: scenarios.values, SOLUTION: ()}
    return StudyTable(TAX, {area(TAX): rows}, sets)


def break_even_table(report: BreakEvenReport) -> StudyTable:
    """Return the charges at which two solutions come out equal, a finding in each row."""
    rows: Rows = []
    for one in report.found:
        at: Constant = "none" if one.charges_eur_per_mwh is None else one.charges_eur_per_mwh
        numbers = (*one.solutions, one.better_below, one.better_above)
        first, second, below, above = (None if number is None else float(number) for number in numbers)
        measure = _MEASURES.get(one.measure, one.measure)
        rows.append([measure, one.scenario, first, second, at, below, above, told_finding(one)])
    charges = tuple(end for one in report.found for end in (one.low, one.high))
    scenarios = tuple(one.scenario for one in report.found if one.scenario)
    return StudyTable(BREAK_EVEN, {area(BREAK_EVEN): rows}, {CHARGES: charges, SCENARIO: scenarios, SOLUTION: ()})


def storage_table(report: SensitivityReport) -> StudyTable:
    """Return volume of the store, share of the boilers and NPV in three rows, of the first solution in the report.

    Raises
    ------
    InputError
        There are more volumes than the area has room for, or the outputs are not boiler share and NPV of a solution.
    """
    refuse_too_many(report.vary)
    (varied,) = report.vary
    names = [one.name.casefold() for one in report.outputs]
    number = names[0].rpartition("_")[2]
    wanted = [f"heat_share_boiler_{number}", f"npv_eur_{number}"]
    if not set(wanted) <= set(names):
        raise InputError(
            "--preset storage --write takes the outputs heat_share_boiler_K and npv_eur_K of a solution K, got "
            f"{', '.join(names)}"
        )
    rows: Rows = [[case.inputs[varied.name] for case in report.cases]]
    rows += [[_constant(case.outputs[names.index(name)]) for case in report.cases] for name in wanted]
    cells: dict[str, Rows] = {area(STORAGE): rows, area(STORAGE, "solution"): [[float(number)]]}
    return StudyTable(STORAGE, cells, {varied.name: varied.values, SOLUTION: ()})


def tornado_table(report: TornadoReport) -> StudyTable:
    """Return driver and, of each solution, its NPV with less and with more of it in a row.

    The drivers stand in the order of the first solution's swings.

    Raises
    ------
    InputError
        The outputs are no NPVs of solutions.
    """
    numbers = _solutions(report.study, "npv_eur", "tornado")
    drivers = [bar.driver for bar in report.tornados[0].bars]
    rows: Rows = [[driver, *[None] * 9] for driver in drivers]
    base: list[Constant] = [None] * 8
    for number, one in zip(numbers, report.tornados, strict=True):
        base[2 * number - 2] = _constant(one.base)
        for bar in one.bars:
            low, high = 2 * number, 2 * number + 1
            row = rows[drivers.index(bar.driver)]
            row[low], row[high] = _constant(bar.low), _constant(bar.high)
    return StudyTable(TORNADO, {area(TORNADO): rows, area(TORNADO, "base"): [base]}, {SOLUTION: ()})


def cases_table(report: SensitivityReport, *, combined: bool) -> StudyTable:
    """Return a study of any inputs and outputs: a header with units, then a case in each row.

    Parameters
    ----------
    report : SensitivityReport
        The study.
    combined : bool
        Whether each case sets all inputs that are varied; else each sets one, and the others are the workbook's.
    """
    quantities = [*report.inputs, *report.outputs]
    names = [one.name for one in report.inputs]
    header: list[Constant] = [one.name if one.unit == FRACTION else f"{one.name}\n{one.unit}" for one in quantities]
    rows: Rows = [[*(case.inputs.get(name) for name in names), *map(_constant, case.outputs)] for case in report.cases]
    sets: dict[str, tuple[Constant, ...]] = {one.name: one.values for one in report.vary} if combined else {}
    if all(_NUMBERED.search(one.name) for one in report.outputs):
        sets.setdefault(SOLUTION, ())
    return StudyTable(FREE, {area(FREE): [header, *rows]}, sets)


def _thirds(scenarios: Iterable[Constant]) -> list[int]:
    """Return which third of the area each price scenario takes: Low, Medium and High always the same."""
    names = [str(name).casefold() for name in scenarios]
    known = [name.casefold() for name in SCENARIOS]
    return [known.index(name) for name in names] if set(names) <= set(known) else list(range(len(names)))


def _solutions(report: SensitivityReport, stem: str, preset: str) -> list[int]:
    """Return the number of the solution that each output is a result of."""
    names = [one.name.casefold() for one in report.outputs]
    if not all(name.startswith(f"{stem}_") and _NUMBERED.fullmatch(name, len(stem)) for name in names):
        raise InputError(f"--preset {preset} --write takes the outputs {stem}_1 to {stem}_4, got {', '.join(names)}")
    return [int(name[-1]) for name in names]


def _constant(value: Cell) -> Constant:
    if isinstance(value, CellError):
        return value.code
    return value if isinstance(value, (float, bool, str)) else None
