"""The shipped workbook: what it shows of the published study, and that it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dhxl.hosts.headless import Model
from dhxl.studies.run import RunReport, run
from dhxl.workbook.case import Case, read_case
from tests.conftest import REPOSITORY

BOOK = REPOSITORY / "workbook.xlsm"
SOLUTIONS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(REPOSITORY / "templates" / "geothermal")


@pytest.fixture(scope="module")
def live() -> Iterator[Model]:
    """The workbook, calculated anew with all functions."""
    with Model.open(BOOK) as model:
        model.calculate()
        yield model


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    return run(BOOK, tmp_path_factory.mktemp("run") / "out.xlsm")


def number(model: Model, name: str) -> float:
    value = model.value(name)
    assert isinstance(value, float), f"{name} is {value!r}"
    return value


def test_a_run_of_the_shipped_file_finds_it_calculated_already(tmp_path: Path) -> None:
    book = tmp_path / "workbook.xlsm"
    shutil.copyfile(BOOK, book)
    before = book.read_bytes()
    assert run(book).changed is False
    assert book.read_bytes() == before


def test_all_checks_pass_and_the_alerts_are_the_known_ones(live: Model) -> None:
    assert number(live, "ChecksTotal") == 0
    # capacity below peak and unserved heat in solution 4 (20 MW against 24 MW, by design of the study), and the
    # heat pumps of solution 3, which at full load draw more than the assumed brine gives
    assert number(live, "AlertsTotal") == 3


@pytest.mark.parametrize("kind", ["heat_pump", "chp", "boiler"])
def test_heat_shares_are_within_three_points_of_the_study(live: Model, case: Case, kind: str) -> None:
    ours = [number(live, f"heat_share_{kind}_{k}") for k in SOLUTIONS]
    assert ours == pytest.approx(case.printed[f"heat_share_{kind}"], abs=0.03)


def test_geothermal_shares_of_three_solutions_are_within_three_points(live: Model, case: Case) -> None:
    ours = [number(live, f"heat_share_geothermal_{k}") for k in (1, 2, 3)]
    assert ours == pytest.approx(case.printed["heat_share_geothermal"][:3], abs=0.03)


def test_gas_of_the_chp_and_power_sold_are_near_the_printed_ones(live: Model, case: Case) -> None:
    gas_sm3 = number(live, "gas_chp_mwh_1") / number(live, "gas_lhv_kwh_per_sm3") * 1000
    assert gas_sm3 == pytest.approx(case.printed["chp_gas_sm3"], rel=0.05)
    assert number(live, "power_sold_mwh_1") == pytest.approx(case.printed["power_sold_mwh"], rel=0.10)


def test_demand_matches_the_synthetic_year_hour_by_hour(live: Model) -> None:
    path = REPOSITORY / "templates" / "geothermal" / "year.csv"
    given = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1]
    ours = np.array(live.range("hourly_demand_mw"), dtype=float)[:, 0]
    assert np.sqrt(np.mean((ours - given) ** 2)) < 0.01 * given.max()


def test_the_bridge_between_the_margins_closes(live: Model, case: Case) -> None:
    assert number(live, "bridge_difference_eur") == pytest.approx(0, abs=1e-6)
    printed = case.printed["revenue_total_eur"] - case.printed["cost_total_eur"]
    assert printed == 2026758
    assert number(live, "operating_margin_eur_1") != pytest.approx(printed, rel=0.1)


def test_operation_shows_the_price_that_the_study_really_used(live: Model) -> None:
    implied = {
        live.cell("Operation", row, 2): live.cell("Operation", row, 6)
        for row in range(1, 120)
        if live.cell("Operation", row, 2) in ("Heat sold, MWh", "Power sold, MWh")
    }
    assert implied["Heat sold, MWh"] == pytest.approx(85.0, abs=0.05)
    assert implied["Power sold, MWh"] == pytest.approx(85.0, abs=0.05)


def test_the_sums_of_the_split_lump_sums_are_the_printed_ones(live: Model) -> None:
    rows = {live.cell("Operation", row, 2): live.cell("Operation", row, 5) for row in range(1, 140)}
    for kind in ("Incentives", "Maintenance"):
        rest = rows[f"{kind}, sum less the printed lump sum"]
        assert isinstance(rest, float)
        assert abs(rest) < 5


def test_dispatch_is_proven_optimal_in_every_solution(live: Model) -> None:
    assert all(number(live, f"dispatch_gap_{k}") < 1e-8 for k in SOLUTIONS)


def test_report_lists_four_solutions_in_json_form(report: RunReport) -> None:
    assert [solution.number for solution in report.solutions] == list(SOLUTIONS)
    for solution in report.solutions:
        values = solution.values
        shares = [values[f"heat_share_{kind}"] for kind in ("heat_pump", "chp", "boiler")]
        assert sum(share or 0 for share in shares) == pytest.approx(1, abs=1e-9)


def test_a_line_added_to_the_line_items_enters_every_solution(live: Model) -> None:
    with Model.open(BOOK) as model:
        model.calculate()
        before = [number(model, f"npv_eur_{k}") for k in SOLUTIONS]
        area = model.reference("line_eur_1")
        for k in SOLUTIONS:
            place = model.reference(f"line_eur_{k}")
            cell = type(place)(place.sheet, area.last_row, place.first_col, area.last_row, place.first_col)
            model.put(cell, [[100_000.0]], "added line")
        model.calculate()
        factors = np.array(model.range("flow_discount_factors"), dtype=float)[0, 4:24].sum()
        after = [number(model, f"npv_eur_{k}") for k in SOLUTIONS]
        assert np.subtract(after, before) == pytest.approx(np.full(4, -100_000 * factors), rel=1e-9)
        assert number(model, "ChecksTotal") == 0
