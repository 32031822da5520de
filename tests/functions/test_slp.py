"""Published values of demand, and standard load profiles against the package that their tables come from."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dhxl.errors import InputError, NoSolutionError
from dhxl.functions import REGISTRY
from dhxl.functions import slp as profiles
from dhxl.functions.cells import CellError
from dhxl.functions.slp import PROFILES, load_profile, slp_demand

HOUR = np.arange(8760)
TEMPERATURE = 9 - 12 * np.cos(HOUR * 2 * np.pi / 8760) - 4 * np.cos(HOUR * 2 * np.pi / 24)
TUESDAY = 2  # 1 January 2019
GROUPS = [
    *((profile, building_class) for profile in profiles.RESIDENTIAL for building_class in range(1, 12)),
    *((profile, None) for profile in PROFILES if profile not in profiles.RESIDENTIAL),
]


def published_cases() -> list[Any]:
    with (Path(__file__).parents[1] / "reference" / "demand.toml").open("rb") as file:
        cases = tomllib.load(file)["cases"]
    return [pytest.param(case, id=f"{case['function']}-{case['cells']}") for case in cases]


@pytest.mark.parametrize("case", published_cases())
def test_a_published_value_is_reproduced(case: dict[str, Any]) -> None:
    cells = [[[float(x)] for x in cell] if isinstance(cell, list) else cell for cell in case["cells"]]
    result = REGISTRY[case["function"]](*cells)
    assert result == pytest.approx(case["value"], rel=0, abs=case["tolerance"]), case["source"]


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("efh_class11", ("EFH",)),
        ("mfh_class3_windy", ("MFH", 3, 1)),
        ("gha", ("GHA",)),
        ("gbh_windy_heating", ("GBH", None, 1, "heating")),
    ],
)
def test_values_printed_by_demandlib_are_reproduced(
    case: str, arguments: tuple[Any, ...], reference: Callable[[str], dict[str, Any]]
) -> None:
    values = reference("demand")["demandlib"]
    cells = (*arguments, *(None,) * (4 - len(arguments)), TUESDAY)
    load = np.array(REGISTRY["DH_SLP_DEMAND"](TEMPERATURE, 20000.0, *cells))[:, 0]
    assert load[values["hours"]] == pytest.approx(values[case], rel=values["tolerance"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("windy", [0, 1])
def test_every_profile_is_that_of_demandlib_hour_by_hour(windy: int) -> None:
    """Proves: shares of the day and heat of the day. Sensitivity: a day off in weekday or memory moves shops by 5 %."""
    pandas, bdew = pytest.importorskip("pandas"), pytest.importorskip("demandlib.bdew")
    index = pandas.date_range("2019-01-01", periods=8760, freq="h")
    noise = np.repeat(np.random.default_rng(3).normal(0, 3, 365), 24)
    temperature = np.clip(TEMPERATURE + noise, -19, 39)
    feasts = pandas.to_datetime(["2019-01-01", "2019-12-25"])
    for profile, building_class in GROUPS[windy::2]:
        theirs = bdew.HeatBuilding(
            index,
            temperature=pandas.Series(temperature, index=index),
            shlp_type=profile,
            building_class=building_class or 0,
            wind_class=windy,
            annual_heat_demand=20000,
            holidays=list(feasts),
        ).get_bdew_profile()
        theirs = theirs.to_numpy().reshape(365, 24)
        load = slp_demand(temperature, 20000, profile, building_class, windy, "total", TUESDAY, [1, 359])
        ours = load.reshape(365, 24)
        assert load.sum() == pytest.approx(20000, rel=1e-12)
        daily = ours.sum(axis=1)
        assert ours / daily[:, None] == pytest.approx(theirs / theirs.sum(axis=1)[:, None], rel=1e-9, abs=1e-12)
        assert daily == pytest.approx(theirs.sum(axis=1), rel=2e-3)


@pytest.mark.parametrize(("profile", "building_class"), GROUPS)
def test_the_tables_of_every_profile_are_whole(
    profile: str, building_class: int | None, reference: Callable[[str], dict[str, Any]]
) -> None:
    for windy in (0, 1):
        group = load_profile(profile, building_class or 11, windy)
        assert group.weekday_factors.shape == (7,)
        assert group.weekday_factors.mean() == pytest.approx(1, abs=reference("demand")["weekday_factors"]["tolerance"])
        assert group.hourly_factors.shape == (7, 24, 10)
        assert (group.hourly_factors >= 0).all()
        assert group.hourly_factors.sum(axis=1) == pytest.approx(1, rel=1e-12)
        assert group.a > 0 > group.b
        assert group.c > 0
        assert group.d > 0


def test_weekdays_are_those_of_the_trade() -> None:
    laundries, bakeries = load_profile("GWA", 11, 0).weekday_factors, load_profile("GBA", 11, 0).weekday_factors
    assert laundries[:4].min() > 1.2
    assert laundries[5:].max() < 0.5
    assert bakeries.argmin() == 5
    assert (load_profile("MFH", 11, 0).weekday_factors == 1).all()


def test_the_coefficients_are_those_of_the_guide(reference: Callable[[str], dict[str, Any]]) -> None:
    houses = load_profile("EFH", 11, 0)
    assert [houses.a, houses.b, houses.c, houses.d] == reference("demand")["bdew_h"]["efh_class11_no_wind"]


def test_a_business_has_no_building_class() -> None:
    answer = REGISTRY["DH_SLP_DEMAND"](TEMPERATURE, 20000.0, "GHA", 11.0)
    assert isinstance(answer, CellError)
    assert answer.message == "DH_SLP_DEMAND: building_class must be left out, since GHA has none, got 11"


def test_python_callers_meet_the_same_limits() -> None:
    with pytest.raises(InputError, match="profile must be one of EFH, MFH"):
        slp_demand(TEMPERATURE, 1, "XYZ")
    with pytest.raises(InputError, match="building_class must be >= 1 and <= 11, got 12"):
        slp_demand(TEMPERATURE, 1, "EFH", 12)
    with pytest.raises(InputError, match="windy must be 0 or 1, got 2"):
        slp_demand(TEMPERATURE, 1, "EFH", windy=2)


def test_without_the_tables_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "find_spec", lambda _: None)
    load_profile.cache_clear()
    with pytest.raises(NoSolutionError, match="pip install demandlib"):
        slp_demand(TEMPERATURE, 1, "EFH")


def test_the_tables_are_read_without_importing_what_they_come_with() -> None:
    code = (
        "import sys; from dhxl.functions.slp import load_profile; load_profile('EFH', 11, 0); "
        "print('pandas' in sys.modules, 'demandlib' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]
