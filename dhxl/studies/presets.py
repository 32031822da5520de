"""Studies that every feasibility study has: electricity tax, break-even tax, size of the store, tornado."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from dhxl.errors import InputError, WorkbookError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Constant
from dhxl.studies.cases import Cases, Inputs
from dhxl.studies.faults import first_of
from dhxl.studies.inputs import choices, input_rule
from dhxl.studies.outputs import solutions
from dhxl.studies.run import Progress
from dhxl.studies.sensitivity import (
    Quantity,
    SensitivityReport,
    Vary,
    calculated,
    checked_book,
    output_names,
    quantity,
    vary,
)
from dhxl.studies.shared import Opener
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = [
    "CHARGES",
    "DRIVERS",
    "SCENARIO",
    "STORAGE_M3",
    "Bar",
    "Driver",
    "Tornado",
    "TornadoReport",
    "missing",
    "solutions_with_store",
    "storage_preset",
    "tax_preset",
    "tornado",
]

CHARGES: Final = "charges_eur_per_mwh"
SCENARIO: Final = "price_scenario"
STORAGE_M3: Final = "storage_m3"
CHANGE: Final = 0.2  # of each driver, down and up


@dataclass(frozen=True, slots=True)
class Driver:
    """What moves a result: inputs by their names, all multiplied by the same factor.

    ``{scenario}`` stands for the chosen price scenario in small letters; ``*`` for any part of a name, of which at
    least one input must exist. ``but_not`` are names that mean something else, such as a customer's own boiler.
    """

    label: str
    names: tuple[str, ...]
    but_not: tuple[str, ...] = ()


DRIVERS: Final = (
    Driver("Heat tariff", ("heat_tariff_eur_per_mwh", "capacity_charge_eur_per_kw", "standing_charge_eur")),
    Driver("Heat demand", ("heat_demand_mwh",)),
    Driver("Capex", ("capex_*_eur", "capex_*_eur_per_*")),
    Driver("Fuel prices", ("gas_price_eur_per_sm3_{scenario}", "biomass_eur_per_mwh")),
    Driver("Electricity price", ("electricity_price_eur_per_mwh_{scenario}",)),
    Driver("Electricity charges", (CHARGES,)),
    Driver("Maintenance", ("*maintenance*", "*overhaul*"), but_not=("boiler_maintenance_eur",)),
    Driver("Discount rate", ("discount_rate",)),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A driver with the inputs that it moves, and the result with them 20 % lower and 20 % higher.

    ``swing`` is the distance between the two, None where one of them is no number.
    """

    driver: str
    inputs: tuple[str, ...]
    low: Cell
    high: Cell
    swing: float | None


@dataclass(frozen=True, slots=True)
class Tornado:
    """The bars of one result, the largest swing first; ``base`` is the result with the workbook's own inputs."""

    output: Quantity
    base: Cell
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TornadoReport:
    """A tornado of each result, and the cases that they rest on."""

    tornados: tuple[Tornado, ...]
    study: SensitivityReport


def tax_preset(package: Package) -> tuple[tuple[Vary, ...], tuple[str, ...]]:
    """Return inputs and outputs of payback against electricity charges and price scenarios, each solution.

    Raises
    ------
    WorkbookError
        Names are missing.
    """
    outputs = _of_solutions(package, "payback_years")
    _refuse_missing(package, "tax", (CHARGES, SCENARIO, *outputs))
    return (vary(f"{CHARGES}=0:80:10"), Vary(SCENARIO, tuple(scenarios(package)))), outputs


def storage_preset(package: Package) -> tuple[tuple[Vary, ...], tuple[str, ...]]:
    """Return inputs and outputs of the boilers' share of the heat against the volume of the store.

    The outputs are of the solutions that have a store (``storage_mwh_k`` above 0), of all where none has.

    Raises
    ------
    WorkbookError
        Names are missing.
    """
    numbers = solutions_with_store(package) or solutions(package)
    outputs = tuple(f"{name}_{number}" for number in numbers for name in ("heat_share_boiler", "npv_eur"))
    _refuse_missing(package, "storage", (STORAGE_M3, *(outputs or ("heat_share_boiler_1",))))
    return (vary(f"{STORAGE_M3}=0:200:25"),), outputs


def solutions_with_store(package: Package) -> tuple[int, ...]:
    """Return the numbers of the solutions that have a heat store (``storage_mwh_k`` above 0)."""
    return tuple(number for number in solutions(package) if _stored(package, f"storage_mwh_{number}"))


def tornado(
    book: str | Path,
    outputs: Sequence[str] = (),
    *,
    workers: int | None = 1,
    progress: Progress | None = None,
    opened: Opener = Cases,
) -> TornadoReport:
    """Return how far a result moves with 20 % less and 20 % more of each of the eight main drivers.

    Gas and electricity price are those of the chosen price scenario. What the workbook ties to an input follows it,
    such as a heat tariff tied to the gas price.

    Parameters
    ----------
    book : path
        The workbook.
    outputs : sequence of str
        The results; without any the NPV of each solution.
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
        One of the workbook's inputs is not allowed, or an output is no single cell.
    """
    package = checked_book(book)
    asked = tuple(outputs) or _of_solutions(package, "npv_eur")
    drivers = [(driver, _inputs_of(package, driver)) for driver in DRIVERS]
    lacking = [name for driver, names in drivers if not names for name in _spelled_out(package, driver)[:1]]
    _refuse_missing(package, "tornado", asked, lacking)
    problems: list[str] = []
    names = output_names(package, asked, problems)
    if problems:
        raise InputError(first_of(problems))
    cases = [_scaled(package, inputs, factor) for _, inputs in drivers for factor in (1 - CHANGE, 1 + CHANGE)]
    refused = [_refusal(package, case) for case in cases]
    varied = tuple(
        Vary(name, tuple(_values_of(name, cases)))
        for name in dict.fromkeys(name for _, names in drivers for name in names)
    )
    with opened(package, names, workers) as bench:
        allowed = [case for case, sentence in zip(cases, refused, strict=True) if not sentence]
        study = calculated(bench, package, varied, names, allowed, progress)
    found = {_key(case.inputs): case.outputs for case in study.cases}
    missed = CellError("#N/A", "not calculated, the study was interrupted")
    tornados = []
    for k, name in enumerate(names):
        results = [
            CellError("#VALUE!", sentence) if sentence else found.get(_key(case), (missed,) * len(names))[k]
            for case, sentence in zip(cases, refused, strict=True)
        ]
        pairs = zip(drivers, results[::2], results[1::2], strict=True)
        bars = [Bar(driver.label, inputs, low, high, _swing(low, high)) for (driver, inputs), low, high in pairs]
        bars.sort(key=lambda bar: -math.inf if bar.swing is None else bar.swing, reverse=True)
        tornados.append(Tornado(quantity(package, name), study.base.outputs[k], tuple(bars)))
    return TornadoReport(tuple(tornados), study)


def scenarios(package: Package) -> list[str]:
    """Return the price scenarios that a workbook offers, the chosen one alone where it lists none."""
    place = package.resolve(SCENARIO)
    return choices(package, place) or [str(package.values(place)[0][0])]


def missing(package: Package, names: Iterable[str]) -> list[str]:
    """Return the names that a workbook lacks."""
    return [name for name in dict.fromkeys(names) if package.defined_name(name) is None]


def _refuse_missing(package: Package, preset: str, names: Iterable[str], lacking: Sequence[str] = ()) -> None:
    found = [*missing(package, names), *lacking]
    if not solutions(package):
        found.append("the results of a solution, such as npv_eur_1")
    if found:
        raise WorkbookError(f"{package.path}: --preset {preset} needs names that are missing: {', '.join(found)}")


def _of_solutions(package: Package, name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{number}" for number in solutions(package))


def _stored(package: Package, name: str) -> float:
    if package.defined_name(name) is None:
        return 0.0
    value = package.values(package.resolve(name))[0][0]
    return value if isinstance(value, float) else 0.0


def _spelled_out(package: Package, driver: Driver) -> list[str]:
    place = package.resolve(SCENARIO) if package.defined_name(SCENARIO) else None
    chosen = str(package.values(place)[0][0]).casefold() if place else ""
    return [name.format(scenario=chosen) for name in driver.names]


def _inputs_of(package: Package, driver: Driver) -> tuple[str, ...]:
    """Return the inputs that a driver moves: names of single cells that hold a number and no formula."""
    patterns = [name.casefold() for name in _spelled_out(package, driver)]
    found = [
        one.name
        for one in package.names
        if one.sheet is None
        and not one.hidden
        and one.name.casefold() not in driver.but_not
        and any(fnmatchcase(one.name.casefold(), pattern) for pattern in patterns)
        and one.reference
        and _is_input(package, one.reference)
    ]
    return tuple(found)


def _is_input(package: Package, place: Reference) -> bool:
    if not place.is_cell or all(sheet.name.casefold() != place.sheet.casefold() for sheet in package.sheets):
        return False
    at = (place.first_row, place.first_col)
    cells = package.cells(place.sheet)
    cell = cells.cells.get(at)
    return bool(cell and cell.formula is None and at not in cells.children and isinstance(cell.value, float))


def _scaled(package: Package, names: Sequence[str], factor: float) -> Inputs:
    return {name: _number(package, name) * factor for name in names}


def _number(package: Package, name: str) -> float:
    value = package.values(package.resolve(name))[0][0]
    assert isinstance(value, float)  # as _is_input found
    return value


def _refusal(package: Package, case: Inputs) -> str:
    """Return why a case is not allowed by the data validations, nothing where it is."""
    for name, value in case.items():
        place = package.resolve(name)
        if wanted := input_rule(package, place)(value if isinstance(value, float) else None):
            return f"{place.address} ({name}): must be {wanted}, got {value:g}"
    return ""


def _values_of(name: str, cases: Iterable[Inputs]) -> list[float]:
    return [value for case in cases if isinstance(value := case.get(name), float)]


def _key(inputs: Inputs) -> tuple[tuple[str, Constant], ...]:
    return tuple(sorted(inputs.items(), key=lambda entry: entry[0]))


def _swing(low: Cell, high: Cell) -> float | None:
    both = isinstance(low, float) and isinstance(high, float)
    return abs(high - low) if both else None  # type: ignore[operator]  # as both says
