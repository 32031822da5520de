"""``import dhxl``: the worksheet functions in Python."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest

import dhxl
from dhxl.functions import REGISTRY


def test_the_public_names_are_these() -> None:
    assert dhxl.__all__ == ["DhxlError", "InputError", "NoSolutionError", "WorkbookError", "__version__"]
    assert all(getattr(dhxl, name) for name in dhxl.__all__)
    assert set(REGISTRY) < set(dir(dhxl))


def test_the_version_is_the_installed_one() -> None:
    assert dhxl.__version__ == version("dhxl")


def test_worksheet_functions_are_called_by_place_and_by_name() -> None:
    assert dhxl.DH_LHD(6000, 3000) == 2.0
    assert dhxl.DH_LHD(trench_length_m=3000, heat_sold_mwh=6000) == 2.0
    assert dhxl.DH_NPV(0.1, [-10000, 3000, 4200, 6800], first_period=1) == pytest.approx(1188.443412, abs=5e-7)


def test_a_left_out_argument_in_the_middle_takes_its_default() -> None:
    base = dhxl.DH_DEGREE_DAYS([1.0, 5.0])
    assert dhxl.DH_DEGREE_DAYS(daily_degc=[1.0, 5.0], limit_degc=None) == base


def test_dates_are_the_numbers_that_spreadsheets_store() -> None:
    rate = dhxl.DH_XIRR([-100, 110], [45292, 45657])
    first, last = date(2024, 1, 1), datetime(2024, 12, 31, 17, 30)
    days = np.array(["2024-01-01", "2024-12-31"], dtype="datetime64[ns]")
    for dates in ([first, last], [[first], [last]], (first, 45657), days, days.reshape(2, 1)):
        assert dhxl.DH_XIRR([-100, 110], dates) == rate
    assert dhxl.DH_XNPV(0.1, [-100], first) == -100
    with pytest.raises(dhxl.InputError, match=r"dates \(value 2 of 2\) .* got '2024-12-31'"):
        dhxl.DH_XIRR([-100, 110], [first, "2024-12-31"])


def test_bad_input_is_raised_with_all_problems() -> None:
    with pytest.raises(dhxl.InputError) as caught:
        dhxl.DH_LHD(-1, 0)
    assert caught.value.problems == (
        "DH_LHD: heat_sold_mwh must be >= 0 MWh/a, got -1",
        "DH_LHD: trench_length_m must be > 0 m, got 0",
    )


def test_a_missing_answer_is_raised_as_such() -> None:
    with pytest.raises(dhxl.NoSolutionError, match=r"^DH_PAYBACK: "):
        dhxl.DH_PAYBACK([-10, 1])


def test_a_wrong_name_is_an_attribute_error_and_a_wrong_argument_a_type_error() -> None:
    with pytest.raises(AttributeError, match="DH_NOTHING"):
        _ = dhxl.DH_NOTHING
    with pytest.raises(AttributeError, match="nothing"):
        _ = dhxl.nothing
    with pytest.raises(TypeError, match="DH_LHD has no further argument length; it takes heat_sold_mwh, trench"):
        dhxl.DH_LHD(6000, length=3000)


@pytest.mark.parametrize("statement", ["import dhxl", "import dhxl; dhxl.__version__", "import dhxl.cli"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    heavy = ["numpy", "numba", "pandas", "formualizer", "rich", "xlsxwriter", "openpyxl", "highspy", "demandlib"]
    script = f"{statement}\nimport sys\nsys.stdout.write(','.join(name for name in {heavy} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_the_functions_load_numpy_but_nothing_heavier() -> None:
    heavy = ["numba", "pandas", "formualizer", "rich", "xlsxwriter", "openpyxl", "highspy", "demandlib"]
    script = (
        "import sys, dhxl; dhxl.DH_LHD(6000, 3000)\n"
        f"sys.stdout.write(','.join(name for name in {heavy} if name in sys.modules))"
    )
    environment = {**os.environ, "DHXL_COMPILE": "0"}  # numba is loaded where dhxl setup has run
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(option: str) -> None:
    script = (
        "import sys\nfrom dhxl.cli import main\ntry:\n    main([sys.argv[1]])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "assert not {'numpy', 'numba', 'formualizer', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, option], capture_output=True, check=True)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("DH_LHD", (10**400, 3000)),
        ("DH_LHD", ([[6000], [3000]], -(10**400))),
        ("DH_LHD", ([[6000], [10**400]], 3000)),
        ("DH_NPV", (10**400, [[1], [2]])),
        ("DH_NPV", (0.05, [1, 10**400])),
    ],
)
def test_a_whole_number_that_no_cell_can_hold_is_bad_input(name: str, cells: tuple[Any, ...]) -> None:
    with pytest.raises(dhxl.InputError, match=r"must be a number.*got -?inf"):
        getattr(dhxl, name)(*cells)
