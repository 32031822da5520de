"""A case to build a workbook of: inputs with their sources, units, network, series, printed reference values."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dhxl.errors import WorkbookError

__all__ = ["CapexLine", "Case", "LineItem", "Rate", "Solution", "read_case"]


@dataclass(frozen=True, slots=True)
class Solution:
    """A plant alternative: its name, whether it has the store and a CHP, its units by column name, their source."""

    name: str
    storage: bool
    chp: bool
    units: tuple[Mapping[str, float | str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class CapexLine:
    """A line of the capital costs: its input, what share of it each solution has, its life and years of payment.

    ``per`` names an input that multiplies the unit cost, such as ``storage_m3``, of which each solution has its own.
    """

    line: str
    name: str
    unit: str
    value: float
    source: str
    solutions: tuple[float, float, float, float]
    life_years: float
    life_source: str
    paid: tuple[float, ...]
    per: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of operating cost as an input."""

    label: str
    name: str
    unit: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class LineItem:
    """A line item of a year of operation.

    ``formula`` gives the amount of solution ``{k}``, in the solutions listed; ``years`` names the input that ends it
    before the operation ends, ``escalation`` the input of its rise in price, and ``ramp`` is 1 where it grows with
    the share of customers connected. ``quantity`` is what the amount is paid for, in ``unit``, where there is such.
    """

    line: str
    category: str
    formula: str
    solutions: tuple[int, ...] = (1, 2, 3, 4)
    years: str = ""
    escalation: str = ""
    ramp: int = 0
    quantity: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a workbook of one town starts from.

    ``connected`` is the share of the customers in the first years of operation, the last one for all later years;
    ``texts`` are remarks of this case for the sheets, each under a name; ``printed`` is what a study prints, shown
    beside the results, and empty where there is no such study.
    """

    title: str
    case: str
    series_note: str
    inputs: Mapping[str, tuple[float | str, str]]
    connected: tuple[float, ...]
    network_columns: tuple[str, ...]
    network_rows: tuple[tuple[float | str, ...], ...]
    network_source: str
    solutions: tuple[Solution, ...]
    capex: tuple[CapexLine, ...]
    rates: tuple[Rate, ...]
    lines: tuple[LineItem, ...]
    texts: Mapping[str, str]
    printed: Mapping[str, Any]
    temperature_degc: tuple[float, ...]
    electricity_eur_per_mwh: tuple[float, ...]

    def value(self, name: str) -> float | str:
        """Return an input's value."""
        return self.inputs[name][0]

    def source(self, name: str) -> str:
        """Return an input's source."""
        return self.inputs[name][1]

    def text(self, name: str, other: str = "") -> str:
        """Return a remark of this case, or another where it has none."""
        return self.texts.get(name, other)


def read_case(folder: Path) -> Case:
    """Return the case that a template folder holds (study.toml and its series).

    Raises
    ------
    WorkbookError
        The folder or a part of it is missing.
    """
    study = folder / "study.toml"
    if not study.is_file():
        raise WorkbookError(f"{folder}: no template here (study.toml is missing)")
    data = tomllib.loads(study.read_text(encoding="utf-8"))
    with (folder / data["series"]["file"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    capex = tuple(
        CapexLine(**{**entry, "solutions": tuple(entry["solutions"]), "paid": tuple(entry["paid"])})
        for entry in data["capex"]
    )
    rates = tuple(Rate(**entry) for entry in data["rates"])
    lines = tuple(
        LineItem(**{**entry, "solutions": tuple(entry.get("solutions", (1, 2, 3, 4)))}) for entry in data["lines"]
    )
    inputs = {name: (value, source) for name, (value, source) in data["inputs"].items()}
    inputs |= {entry.name: (entry.value, entry.source) for entry in capex}
    inputs |= {rate.name: (rate.value, rate.source) for rate in rates}
    return Case(
        title=data["title"],
        case=data["case"],
        series_note=data["series_note"],
        inputs=inputs,
        connected=tuple(data.get("connected", [1.0])),
        network_columns=tuple(data["network"]["columns"]),
        network_rows=tuple(tuple(row) for row in data["network"]["rows"]),
        network_source=data["network"]["source"],
        solutions=tuple(
            Solution(s["name"], s["storage"], s["chp"], tuple(s["units"]), s["source"]) for s in data["solutions"]
        ),
        capex=capex,
        rates=rates,
        lines=lines,
        texts=data.get("texts", {}),
        printed=data.get("printed", {}),
        temperature_degc=tuple(float(row["temperature_degc"]) for row in rows),
        electricity_eur_per_mwh=tuple(float(row["electricity_eur_per_mwh"]) for row in rows),
    )
