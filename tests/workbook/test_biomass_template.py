"""The template of a village with wood chips: its sources, its results against sums by hand, what it leaves out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dhxl.core.years import price_year, temperature_year
from dhxl.functions import REGISTRY
from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.studies.check import check
from dhxl.studies.run import run
from dhxl.workbook.builder import write_workbook
from dhxl.workbook.case import Case, read_case
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "templates" / "biomass"
SHIPPED = REPOSITORY / "templates" / "biomass.xlsm"
SOLUTIONS = (1, 2, 3, 4)
WITH_WOOD = (1, 2, 3)
GEOTHERMAL = ("geothermal_heat_mw", "cop_lorenz", "lorenz_efficiency", "resource_temperature_degc",
              "geothermal_flow_m3_per_h", "bridge_difference_eur")  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(FOLDER)


@pytest.fixture(scope="module")
def book(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook, built and calculated from its sources."""
    path = tmp_path_factory.mktemp("biomass") / "biomass.xlsm"
    write_workbook(case, path)
    run(path, stale=True)
    return path


@pytest.fixture(scope="module")
def live(book: Path) -> Iterator[Model]:
    with Model.open(book) as model:
        model.calculate()
        yield model


@pytest.fixture
def edited(book: Path) -> Iterator[Model]:
    """A model of its own for a test that changes inputs."""
    with Model.open(book) as model:
        yield model


def number(model: Model, name: str) -> float:
    value = model.value(name)
    assert isinstance(value, float), f"{name} is {value!r}"
    return value


def column(model: Model, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(model.range(name), dtype=float)[:, 0]


def test_every_input_line_and_unit_names_its_source(case: Case) -> None:
    for name, (value, source) in case.inputs.items():
        assert len(source) > 3, name
        assert value != "", name
    assert all(entry.life_source for entry in case.capex)
    assert all(len(solution.source) > 30 for solution in case.solutions)
    assert len(case.network_source) > 10


def test_payments_of_every_capital_cost_line_add_up_and_end_with_the_building(case: Case) -> None:
    for entry in case.capex:
        assert sum(entry.paid) == pytest.approx(1), entry.line
        assert sum(entry.paid[int(case.value("design_years")) + 1 :]) == 0, entry.line


def test_the_series_is_made_from_the_parameters_that_stand_beside_it(case: Case) -> None:
    made = tomllib.loads((FOLDER / "study.toml").read_text(encoding="utf-8"))["series"]
    temperature = temperature_year(
        made["monthly_degc"], made["diurnal_half_amplitude_k"], seed=made["temperature_seed"]
    )
    price = price_year(made["mean_eur_per_mwh"], made["deviation_eur_per_mwh"], seed=made["price_seed"])
    assert case.temperature_degc == pytest.approx(temperature, abs=0.00501)
    assert case.electricity_eur_per_mwh == pytest.approx(price, abs=0.00501)


def test_the_shipped_file_is_what_its_sources_build(book: Path) -> None:
    """Formulas, and values but those of the studies, which take minutes."""
    ours, theirs = Package.open(SHIPPED), Package.open(book)
    assert [sheet.name for sheet in ours.sheets] == [sheet.name for sheet in theirs.sheets]
    for sheet in ours.sheets:
        a, b = ours.cells(sheet.name).cells, theirs.cells(sheet.name).cells
        assert {at: cell.formula for at, cell in a.items()} == {at: cell.formula for at, cell in b.items()}
        for at, cell in a.items() if sheet.name != "Sensitivity" else ():
            if isinstance(cell.value, float):
                assert b[at].value == pytest.approx(cell.value, rel=1e-9, abs=1e-9), (sheet.name, at)


def test_a_check_finds_nothing_and_only_the_reference_is_worth_an_alert(book: Path) -> None:
    report = check(book)
    assert report.findings == ()
    assert report.checks_total == 0
    assert {label for _, label in report.alerts} == {
        "NPV negative", "Debt service cover below what the bank asks for",
    }  # fmt: skip


def test_names_of_the_geothermal_case_are_left_out_and_nothing_asks_for_them(book: Path) -> None:
    package = Package.open(book)
    names = {name.name for name in package.names}
    assert names.isdisjoint(GEOTHERMAL)
    for sheet in package.sheets:
        for cell in package.cells(sheet.name).cells.values():
            assert not any(name in (cell.formula or "") for name in GEOTHERMAL)


def test_no_sheet_speaks_of_a_printed_study(book: Path) -> None:
    package = Package.open(book)
    for sheet in ("Design", "Network", "Plant", "Costs", "Emissions", "Dispatch", "Operation"):
        texts = [cell.value for cell in package.cells(sheet).cells.values() if isinstance(cell.value, str)]
        assert len(texts) > 20
        assert [text for text in texts if "study" in text.lower()] == []


def test_loss_of_the_sections_is_the_sum_by_hand(live: Model, case: Case) -> None:
    places = {name: case.network_columns.index(name) for name in ("dn", "insulation_series", "length_m")}
    loss_mwh = 0.0
    for row in case.network_rows:
        w_per_m = REGISTRY["DH_PIPE_LOSS"](row[places["dn"]], row[places["insulation_series"]], 80, 50, 9)
        assert isinstance(w_per_m, float)
        loss_mwh += w_per_m * float(row[places["length_m"]]) * 8760 / 1e6
    assert number(live, "sections_loss_mwh") == pytest.approx(loss_mwh, rel=1e-9)
    assert number(live, "network_loss_mwh") == pytest.approx(1.03 * loss_mwh, rel=0.01)
    assert number(live, "linear_heat_density_mwh_per_m") == pytest.approx(5700 / 6000)


def test_the_chip_boiler_without_a_store_follows_the_load_between_its_limits(live: Model) -> None:
    """By hand: wood is cheaper, so the chip boiler gives all it can, and nothing below 30 % of its capacity.

    It need not run less than 4 h nor rest less than 2 h; both bind so rarely that the sum of the hours without them
    is met within 0.3 %.
    """
    load = column(live, "hourly_demand_mw")
    chips = np.where(load >= 0.3 * 1.2, np.minimum(load, 1.2), 0.0).sum()
    assert number(live, "biomass_heat_mwh_1") == pytest.approx(chips, rel=0.003)
    assert number(live, "biomass_heat_mwh_1") <= chips
    assert number(live, "biomass_mwh_1") == pytest.approx(number(live, "biomass_heat_mwh_1") / 0.8)
    assert number(live, "gas_mwh_1") == pytest.approx((load.sum() - number(live, "biomass_heat_mwh_1")) / 0.9)


def test_each_step_of_the_plant_burns_less_gas(live: Model) -> None:
    gas = [number(live, f"gas_mwh_{k}") for k in SOLUTIONS]
    assert gas[3] == pytest.approx(number(live, "heat_production_mwh") / 0.95)
    assert gas[2] < gas[1] < gas[0] < 0.2 * gas[3]
    shares = [number(live, f"heat_share_renewable_{k}") for k in SOLUTIONS]
    assert shares[:3] == sorted(shares[:3])
    assert min(shares[:3]) > 0.75, "the federal grant asks for it"
    assert shares[3] == 0


def test_a_year_of_operation_is_the_sum_by_hand(live: Model) -> None:
    wood, gas, heat = (number(live, name) for name in ("biomass_mwh_2", "gas_mwh_2", "heat_produced_mwh_2"))
    chips = number(live, "biomass_heat_mwh_2")
    gas_eur_per_mwh = 0.675 / 9.6 * 1000
    tariff = 5700 * 92 + 3600 * 60 + 150 * 120
    capex = 840e3 + 150e3 + 650e3 + 40 * 1200 + 250e3 + 2.4e6 + 750e3 + 450e3
    costs = (
        wood * 34.2 + gas * gas_eur_per_mwh + chips * 4 + (heat - chips) * 1.1 + 52e3 + 6e3 + 31.5e3
        + 0.015 * 5700 * (79.6 + 110) + 0.004 * capex + 25e3
    )  # fmt: skip
    assert number(live, "heat_tariff_eur_2") == pytest.approx(tariff)
    assert number(live, "capex_price_eur_2") == pytest.approx(capex)
    assert number(live, "operating_cost_eur_2") == pytest.approx(costs, rel=1e-9)
    assert number(live, "operating_margin_eur_2") == pytest.approx(tariff - costs, rel=1e-9)


def test_levelised_cost_and_npv_are_those_of_a_cash_flow_by_hand(live: Model, case: Case) -> None:
    """Full convention, solution 2: years 0 to 2 of building, 3 to 22 of operation, 2 % on all prices, 5 % discount."""
    rise, rate, grant = 1.02, 0.05, 0.4 * 0.95
    connected = [0.7, 0.85, 0.95] + [1.0] * 17
    fixed = 52e3 + 6e3 + 31.5e3 + 25e3 + 0.004 * number(live, "capex_price_eur_2")
    moving = number(live, "operating_cost_eur_2") - fixed
    flows, costs, heat = np.zeros(23), np.zeros(23), np.zeros(23)
    book_value = 0.0
    for entry in case.capex:
        amount = entry.value * entry.solutions[1] * (40 if entry.per else 1)
        paid = [amount * share * rise**year for year, share in enumerate(entry.paid)]
        assert entry.life_years >= 20, "no replacement within the 20 years"
        for year in range(3):
            costs[year] += paid[year] * (1 - grant)
        book_value += sum(paid) * (1 - grant) * (1 - 20 / entry.life_years)
    flows -= costs
    for year in range(1, 21):
        share, index, at = connected[year - 1], rise ** (year - 1), year + 2
        new = share - (connected[year - 2] if year > 1 else 0)
        cost = (fixed + moving * share) * index
        flows[at] = number(live, "heat_tariff_eur_2") * share * index + 3600 * 250 * new - cost
        costs[at], heat[at] = cost, 5700 * share
    flows[22] += book_value
    costs[22] -= book_value
    factors = (1 + rate) ** -np.arange(23.0)
    assert number(live, "npv_eur_2") == pytest.approx(float(flows @ factors), rel=1e-9)
    assert number(live, "lcoh_eur_per_mwh_2") == pytest.approx(float(costs @ factors / (heat @ factors)), rel=1e-9)


def test_results_are_those_of_a_village_that_can_be_financed(live: Model) -> None:
    for k in WITH_WOOD:
        assert 120 < number(live, f"lcoh_eur_per_mwh_{k}") < 160
        assert number(live, f"npv_eur_{k}") > 0
        assert number(live, f"dscr_least_{k}") > 1.1
        assert 500 < number(live, f"capex_eur_{k}") / 6000 < 1200, "per metre of trench"
    assert number(live, "npv_eur_4") < 0
    assert number(live, "customer_difference_medium") < 0 < number(live, "customer_difference_low")


def test_emissions_and_primary_energy_of_the_reference_are_the_sums_by_hand(live: Model) -> None:
    gas, pumps = 5700 / (1 - 0.158) / 0.95, 0.015 * 5700
    assert number(live, "co2_t_4") == pytest.approx((gas * 240 + pumps * 560) / 1000)
    assert number(live, "co2_individual_t_4") == pytest.approx(5700 / 0.9 * 0.24)
    assert number(live, "primary_factor_4") == pytest.approx((gas * 1.1 + pumps * 1.8) / 5700)
    assert number(live, "co2_t_3") < 0.2 * number(live, "co2_individual_t_3")


def test_a_year_of_operation_needs_no_printed_study(live: Model) -> None:
    difference = live.range("operation_difference_eur")
    assert all(value in (None, "") or abs(float(value)) < 1e-6 for row in difference for value in row)  # type: ignore[arg-type]
    labels = {live.cell("Operation", row, 2) for row in range(1, 80)}
    assert {"Wood chips", "Gas", "Revenues", "Costs", "Operating margin"} <= labels
    assert "Margin from the printed totals of Table 4" not in labels


def test_dear_wood_hands_the_heat_to_gas(edited: Model) -> None:
    edited.set("biomass_eur_per_mwh", 90.0)
    edited.calculate()
    assert number(edited, "heat_share_biomass_1") == 0
    assert number(edited, "gas_mwh_1") == pytest.approx(number(edited, "heat_produced_mwh_1") / 0.9)
    assert number(edited, "ChecksTotal") == 0


def test_a_boiler_with_another_fuel_takes_its_price_and_factor(edited: Model) -> None:
    place = edited.reference("unit_fuels_4")
    first = type(place)(place.sheet, place.first_row, place.first_col, place.first_row, place.first_col)
    edited.put(first, [["biomass"]], "fuel")
    edited.calculate()
    assert number(edited, "heat_share_renewable_4") == 1
    assert number(edited, "co2_fuel_t_4") == pytest.approx(number(edited, "biomass_mwh_4") * 20 / 1000)
    assert number(edited, "fuel_boiler_eur_4") == pytest.approx(number(edited, "biomass_mwh_4") * 34.2)
    assert number(edited, "ChecksTotal") == 0


def test_units_operated_by_rule_cost_no_less_and_are_no_fault(live: Model, edited: Model) -> None:
    for k in WITH_WOOD:
        edited.set(f"dispatch_method_{k}", "priority")
    edited.calculate()
    assert number(edited, "ChecksTotal") == 0
    for k in WITH_WOOD:
        assert number(edited, f"dispatch_cost_eur_{k}") >= number(live, f"dispatch_cost_eur_{k}") * (1 - 1e-12)
        items = zip(edited.range(f"summary_name_{k}"), edited.range(f"summary_value_{k}"), strict=True)
        assert ["method", "priority"] in [[name[0], value[0]] for name, value in items]


def test_without_functions_the_saved_results_stand_and_the_tariff_moves_the_npv(book: Path, live: Model) -> None:
    with Model.open(book, registered=False) as bare:
        bare.calculate()
        wrong = {
            value.code for cells in bare.values().values() for value in cells.values() if isinstance(value, CellError)
        }
        assert wrong <= {"#N/A"}, "gaps of charts"
        for name in ("npv_eur_1", "co2_t_2", "heat_share_renewable_3", "primary_factor_4"):
            assert number(bare, name) == pytest.approx(number(live, name), rel=1e-12)
        bare.set("capacity_charge_eur_per_kw", 70.0)
        bare.calculate()
        assert number(bare, "npv_eur_1") > number(live, "npv_eur_1")
        assert number(bare, "stale") == 0
