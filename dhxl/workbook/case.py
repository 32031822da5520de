"""A case to build a workbook of: inputs with their sources, units, network, series, printed reference values."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dhxl.errors import WorkbookError

__all__ = ["Case", "Solution", "read_case"]


@dataclass(frozen=True, slots=True)
class Solution:
    """A plant alternative: its name, whether it has the store and a CHP, its units by column name, their source."""

    name: str
    storage: bool
    chp: bool
    units: tuple[Mapping[str, float | str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a workbook of one town starts from."""

    title: str
    case: str
    series_note: str
    inputs: Mapping[str, tuple[float | str, str]]
    network_columns: tuple[str, ...]
    network_rows: tuple[tuple[float | str, ...], ...]
    network_source: str
    solutions: tuple[Solution, ...]
    printed: Mapping[str, Any]
    temperature_degc: tuple[float, ...]
    electricity_eur_per_mwh: tuple[float, ...]

    def value(self, name: str) -> float | str:
        """Return an input's value."""
        return self.inputs[name][0]

    def source(self, name: str) -> str:
        """Return an input's source."""
        return self.inputs[name][1]


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
    return Case(
        title=data["title"],
        case=data["case"],
        series_note=data["series_note"],
        inputs={name: (value, source) for name, (value, source) in data["inputs"].items()},
        network_columns=tuple(data["network"]["columns"]),
        network_rows=tuple(tuple(row) for row in data["network"]["rows"]),
        network_source=data["network"]["source"],
        solutions=tuple(
            Solution(s["name"], s["storage"], s["chp"], tuple(s["units"]), s["source"]) for s in data["solutions"]
        ),
        printed=data["printed"],
        temperature_degc=tuple(float(row["temperature_degc"]) for row in rows),
        electricity_eur_per_mwh=tuple(float(row["electricity_eur_per_mwh"]) for row in rows),
    )
