"""The published outputs of a workbook, by their defined names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.units import FRACTION, SUFFIXES, suffix_of
from dhxl.workbook.package import Package

__all__ = ["MOST_SOLUTIONS", "OUTPUTS", "STATES", "TITLE", "Output", "missing_outputs", "published", "solutions",
           "unit_of"]  # fmt: skip

MOST_SOLUTIONS: Final = 4
TITLE: Final = "solution_name"
STATES: Final = ("ChecksTotal", "AlertsTotal", "engine_live")
_INDEX: Final = re.compile(r"_(?:\d+|low|medium|high|selected)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Output:
    """A result that each solution publishes as ``name_1``, ``name_2``, ...

    ``may_lack`` marks a result that need not exist, such as a payback that never comes, ``optional`` one that a
    workbook need not publish.
    """

    name: str
    label: str
    may_lack: bool = False
    optional: bool = False


OUTPUTS: Final = (
    Output("heat_share_heat_pump", "Heat share, heat pumps"),
    Output("heat_share_chp", "Heat share, CHP"),
    Output("heat_share_boiler", "Heat share, boilers"),
    Output("heat_share_geothermal", "Heat share, geothermal"),
    Output("gas_mwh", "Gas"),
    Output("power_bought_mwh", "Power bought"),
    Output("power_sold_mwh", "Power sold"),
    Output("unserved_mwh", "Unserved heat"),
    Output("co2_t", "CO2"),
    Output("operating_cost_eur", "Operating cost"),
    Output("capex_eur", "Capex"),
    Output("npv_eur", "NPV"),
    Output("irr", "IRR", may_lack=True),
    Output("payback_years", "Payback from start of building", may_lack=True),
    Output("payback_from_operation_years", "Payback from start of operation", may_lack=True),
    Output("lcoh_eur_per_mwh", "Levelised cost of heat"),
    Output("npv_after_tax_eur", "NPV after tax", optional=True),
    Output("equity_irr", "IRR of equity", may_lack=True, optional=True),
    Output("dscr_least", "Debt service cover, least", may_lack=True, optional=True),
)


def solutions(package: Package) -> tuple[int, ...]:
    """Return the numbers of the solutions of which a workbook publishes anything."""
    names = {name.name.casefold() for name in package.names}
    return tuple(
        number
        for number in range(1, MOST_SOLUTIONS + 1)
        if any(f"{output.name}_{number}" in names for output in OUTPUTS)
    )


def published(package: Package) -> tuple[Output, ...]:
    """Return the outputs that a workbook publishes of its solutions."""
    numbers = solutions(package)
    return tuple(
        output
        for output in OUTPUTS
        if not output.optional or all(package.defined_name(f"{output.name}_{number}") for number in numbers)
    )


def missing_outputs(package: Package) -> list[str]:
    """Return sentences on the published names that are missing or have lost their cells."""
    numbers = solutions(package)
    if not numbers:
        wanted = f"{OUTPUTS[0].name}_1"
        return [f"{package.path}: is no workbook of dhxl, it publishes no results (no defined name such as {wanted})"]
    names = [*(f"{output.name}_{number}" for number in numbers for output in published(package)), *STATES]
    missing = [name for name in names if package.defined_name(name) is None]
    problems = [f"{package.path}: published names are missing: {', '.join(missing)}"] if missing else []
    lost = []
    for name in (name for name in names if name not in missing):
        try:
            place = package.resolve(name)
        except WorkbookError:
            found = package.defined_name(name)
            lost.append(f"{name} ({found.text if found else ''})")
        else:
            if not place.is_cell:
                problems.append(f"{package.path}: the name {name} must be one cell, got {place.address}")
    if lost:
        problems.append(f"{package.path}: published names have lost their cells (sheet deleted?): {', '.join(lost)}")
    return problems


def unit_of(name: str) -> str:
    """Return the spelled unit that a defined name carries as suffix, without its solution or scenario.

    Examples
    --------
    >>> unit_of("npv_eur_1"), unit_of("gas_price_eur_per_sm3_low"), unit_of("discount_rate")
    ('EUR', 'EUR/Sm³', '-')
    """
    suffix = suffix_of(name) or suffix_of(_INDEX.sub("", name))
    return SUFFIXES[suffix][0] if suffix else FRACTION
