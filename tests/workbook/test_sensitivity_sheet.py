"""Sheet Sensitivity of the shipped workbook: what stands there, which statements it bears out, and when it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.studies.fingerprint import outdated_studies
from dhxl.studies.run import run
from dhxl.studies.sensitivity import Vary, sensitivity
from dhxl.workbook import study_areas
from dhxl.workbook.builder import write_workbook
from dhxl.workbook.case import read_case
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.sheets import prices
from dhxl.workbook.study_areas import STUDIES, area
from tests.conftest import REPOSITORY
from tests.shipped import BOOK, cell_of, written

PRESETS = STUDIES[:-1]
TEMPLATES = REPOSITORY / "templates"


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with Model.open(BOOK) as model:
        model.calculate()
        yield model


def stale(model: Model) -> list[str]:
    model.calculate()
    assert model.value("sensitivity_stale") == sum(bool(model.value(area(study, "stale"))) for study in STUDIES)
    return [study for study in STUDIES if model.value(area(study, "stale"))]


def rows(name: str) -> list[list[Any]]:
    package = Package.open(BOOK)
    return package.values(package.resolve(name))


def cop(solution: int) -> Reference:
    """Return the cell of the first unit's COP."""
    header = rows(f"units_{solution}")[0]
    return cell_of(f"units_{solution}", 2, header.index("cop") + 1)


def test_the_price_scenarios_of_the_area_are_those_of_sheet_prices() -> None:
    assert study_areas.SCENARIOS == prices.SCENARIOS


def test_the_shipped_workbook_comes_with_fresh_results_of_all_presets(model: Model) -> None:
    assert stale(model) == []
    assert all(model.value(area(study, "at")) for study in PRESETS)
    assert outdated_studies(Package.open(BOOK)) == []
    assert [row[0] for row in rows("sensitivity_tax")] == [float(tax) for tax in range(0, 81, 10)] * 3


@pytest.mark.parametrize(
    ("name", "value", "hit"),
    [
        ("solution", 3.0, []),
        ("charges_eur_per_mwh", 30.0, ["storage", "tornado"]),
        ("price_scenario", "High", ["storage", "tornado"]),
        ("storage_m3", 125.0, ["tax", "break_even", "tornado"]),
        ("discount_rate", 0.05, list(PRESETS)),
        ("capex_wells_eur", 5.1e6, list(PRESETS)),
        ("gas_price_eur_per_sm3_low", 0.34, list(PRESETS)),
        ("heat_tariff_eur_per_mwh", 115.0, list(PRESETS)),
    ],
)
def test_a_study_is_stale_when_an_input_that_it_does_not_set_itself_has_changed(
    model: Model, name: str, value: float | str, hit: list[str]
) -> None:
    own = model.value(name)
    assert isinstance(own, (float, str))
    model.set(name, value)
    assert stale(model) == hit
    model.set(name, own)
    assert stale(model) == []


def test_a_unit_and_a_line_item_make_studies_stale_too(tmp_path: Path) -> None:
    """Proves: tables count as well. Sensitivity: the named inputs alone are what they were."""
    for number, cells in enumerate(({cop(4): 3.0}, {cell_of("line_eur_1", -1): 1000.0})):
        with Model.open(written(cells, tmp_path / f"{number}.xlsm"), stale=True) as changed:
            assert stale(changed) == list(PRESETS)


def test_without_the_functions_a_study_is_stale_all_the_same() -> None:
    with Model.open(BOOK, registered=False) as bare:
        assert stale(bare) == []
        bare.set("discount_rate", 0.05)
        assert stale(bare) == list(PRESETS)


def test_two_of_the_studys_statements_hold_and_the_third_does_not(model: Model) -> None:
    model.calculate()
    place = model.reference("sensitivity_flat_share")
    verdicts = [model.cell(place.sheet, place.first_row - offset, 8) for offset in (6, 4, 2)]
    assert verdicts == ["holds", "holds", "does not hold"]
    counted = [model.cell(place.sheet, place.first_row - offset, 16) for offset in range(6, 0, -1)]
    assert [counted[0], *counted[2:5]] == [0, 0, 0, 0]
    assert 0.01 < float(str(counted[1])) < 0.05
    better = [row for row in rows("sensitivity_tax") if row[0] > 20 and row[5] < row[2]]
    assert counted[5] == len(better) > 0


def test_break_even_charges_by_payback_lie_far_above_the_studys() -> None:
    found = {(row[0], row[1]): row[4] for row in rows("sensitivity_break_even") if row[0]}
    assert [found["Payback", scenario] for scenario in ("Low", "Medium", "High")] == [
        pytest.approx(68.14, abs=0.05), pytest.approx(117.73, abs=0.05), pytest.approx(166.07, abs=0.05),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("solution", "both", "charges"),
    [(4, 2.18, {"Low": 10, "Medium": 20, "High": 31}), (1, 4.0, {"Low": 45, "Medium": 80})],
)
def test_with_one_cop_in_both_solutions_they_come_out_equal_where_the_sheet_says(
    tmp_path: Path, solution: int, both: float, charges: dict[str, int]
) -> None:
    """Proves: the charges stated as the third statement's cause. Sensitivity: 68 and 118 with COP 2.18 and 4.0."""
    book = written({cop(solution): both}, tmp_path / "cop.xlsm")
    run(book, stale=True)
    for scenario, stated in charges.items():
        at = Vary("charges_eur_per_mwh", (stated - 1.0, stated + 1.0))
        names = ("payback_years_1", "payback_years_4")
        report = sensitivity(book, [Vary("price_scenario", (scenario,)), at], names)
        below, above = ([float(str(value)) for value in case.outputs] for case in report.cases)
        assert below[1] < below[0]
        assert above[1] > above[0]


@pytest.fixture(scope="module", params=["geothermal", "biomass"])
def draft(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose studies were never written."""
    path = tmp_path_factory.mktemp("draft") / f"{request.param}.xlsm"
    write_workbook(read_case(TEMPLATES / request.param), path)
    return path


def test_before_any_study_the_areas_are_empty_and_charts_have_gaps_only(draft: Path) -> None:
    with Model.open(draft, stale=True) as empty:
        empty.calculate()
        assert stale(empty) == []
        place = empty.reference("sensitivity_tax_at")
        states = [empty.cell(place.sheet, place.first_row + offset, 5) for offset in range(len(STUDIES))]
        assert states == ["not calculated yet"] * len(STUDIES)
        codes = {value.code for value in empty.values()[place.sheet].values() if isinstance(value, CellError)}
        assert codes == {"#N/A"}


def test_statements_of_a_study_stand_only_in_the_workbook_of_that_study(draft: Path) -> None:
    named = Package.open(draft).defined_name("sensitivity_flat_share") is not None
    assert named == ("geothermal" in draft.name)


def test_the_tornado_chart_has_the_largest_swing_of_the_chosen_solution_on_top(model: Model) -> None:
    """Proves: the bars follow the switch. Sensitivity: the table stays in the order of solution 1."""
    place = model.reference("sensitivity_tornado")
    for solution in (1, 4):
        model.set("solution", float(solution))
        model.calculate()
        swings = {row[0]: abs(row[2 * solution + 1] - row[2 * solution]) for row in rows("sensitivity_tornado")}
        drawn = [model.cell(place.sheet, row, 24) for row in range(place.first_row, place.last_row + 1)]
        assert drawn == sorted(swings, key=lambda driver: swings[driver])
    model.set("solution", 1.0)
