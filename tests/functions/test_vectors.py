"""Published values through the one door of every host: cells in, cell out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dhxl.functions import REGISTRY

REFERENCE = Path(__file__).parents[1] / "reference"


def published_cases() -> list[Any]:
    cases = []
    for name in ("network", "finance", "plant", "environment"):
        with (REFERENCE / f"{name}.toml").open("rb") as file:
            cases += tomllib.load(file)["cases"]
    return [pytest.param(case, id=f"{case['function']}-{case['cells']}") for case in cases]


def as_cells(value: Any) -> Any:
    return [[float(x)] for x in value] if isinstance(value, list) else float(value)


@pytest.mark.parametrize("case", published_cases())
def test_a_published_value_is_reproduced(case: dict[str, Any]) -> None:
    result = REGISTRY[case["function"]](*(as_cells(cell) for cell in case["cells"]))
    if isinstance(case["value"], str):
        assert result == case["value"]
    else:
        assert result == pytest.approx(case["value"], rel=0, abs=case["tolerance"]), case["source"]


def test_coefficients_of_pipes_are_those_of_the_makers_table(reference: Callable[[str], dict[str, Any]]) -> None:
    table = reference("pipes")
    for dn, row in table["u_w_per_mk"].items():
        for series, value in enumerate(row, start=1):
            assert REGISTRY["DH_PIPE_U"](float(dn), series) == pytest.approx(value, rel=table["tolerance"])


def test_degree_days_of_the_typical_year_are_met(
    reference: Callable[[str], dict[str, Any]], reference_series: Callable[[str], Path]
) -> None:
    values = reference("demand")["degree_days"]
    with reference_series(values["series"]).open(encoding="utf-8") as file:
        lines = [line.split(",") for line in file]
    first = next(i for i, line in enumerate(lines) if line[0].startswith("time")) + 1
    daily = np.array([float(line[1]) for line in lines[first : first + 8760]]).reshape(365, 24).mean(axis=1)
    season = np.concatenate((daily[:105], daily[287:]))  # to 15 April and from 15 October, both included
    cells = {
        "base20_season_15oct_15apr": (season[:, None].tolist(), 20),
        "base20_limit12": (daily[:, None].tolist(), 20, 12),
        "base18_limit15": (daily[:, None].tolist(), 18, 15),
    }
    for name, arguments in cells.items():
        assert REGISTRY["DH_DEGREE_DAYS"](*arguments) == pytest.approx(values[name], abs=values["tolerance"]), name


def test_heat_demand_of_the_calibrated_year_is_met_hour_by_hour(
    reference: Callable[[str], dict[str, Any]], reference_series: Callable[[str], Path]
) -> None:
    case = reference("demand")["calibrated_year"]
    year = np.genfromtxt(reference_series(case["series"]), delimiter=",", names=True)
    result = REGISTRY["DH_HEAT_DEMAND"](
        year["temperature_C"][:, None].tolist(), case["annual_mwh"], case["base_mw"], case["peak_mw"]
    )
    demand = np.array(result)[:, 0]
    assert np.sqrt(np.mean((demand - year["demand_MW"]) ** 2)) < case["root_mean_square_mw"]
    assert demand.sum() == pytest.approx(case["annual_mwh"], rel=1e-12)
    assert demand.max() == pytest.approx(case["peak_mw"], rel=1e-12)
