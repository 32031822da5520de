"""Studies written into their areas of a workbook: what stands there, and that nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dhxl.workbook.package
from dhxl.errors import DhxlError, InputError, WorkbookError
from dhxl.hosts.headless import Model
from dhxl.studies.break_even import break_even
from dhxl.studies.fingerprint import inputs_checksum, outdated_studies
from dhxl.studies.presets import storage_preset, tax_preset, tornado
from dhxl.studies.renewal import write_presets
from dhxl.studies.run import run
from dhxl.studies.sensitivity import one_by_one, sensitivity, vary
from dhxl.studies.tables import StudyTable, break_even_table, cases_table, storage_table, tax_table, tornado_table
from dhxl.studies.writing import put_study, refuse_unwritable, write_studies
from dhxl.workbook.package import Package
from tests.hosts.books import feasibility_book
from tests.studies.areas import INPUTS_SHOWN, SHEET, with_areas
from tests.studies.test_sensitivity import with_names
from tests.workbook.books import members

STAMP = 1_900_000_000  # 2030-03-17 17:46:40 UTC


def complete(book: Any, sheets: dict[str, Any]) -> None:
    with_names(book, sheets)
    with_areas(book, sheets)


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(STAMP))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    book = feasibility_book(tmp_path / "town.xlsx", complete)
    run(book)
    return book


def shown(book: Path, name: str) -> list[list[Any]]:
    package = Package.open(book)
    return package.values(package.resolve(name))


def taxes(book: Path, entry: str = "charges_eur_per_mwh=0:80:40") -> StudyTable:
    (_, scenarios), outputs = tax_preset(Package.open(book))
    return tax_table(sensitivity(book, [vary(entry), scenarios], outputs))


def sentence(call: Callable[[], object], kind: type[DhxlError]) -> str:
    with pytest.raises(kind) as caught:
        call()
    (only,) = caught.value.problems
    return only


def test_each_scenario_takes_a_third_of_the_area_of_payback_against_charges(town: Path) -> None:
    write_studies(Package.open(town), [taxes(town)])
    rows = shown(town, "sensitivity_tax")
    assert [row[:2] for row in rows[:4]] == [[0.0, "Low"], [40.0, "Low"], [80.0, "Low"], [None, None]]
    assert [row[1] for row in rows[9:12]] == ["Medium"] * 3
    assert [row[2] for row in rows[18:21]] == [10.0] * 3
    assert [row[3] for row in rows[18:22]] == [9.0, 9.0, 9.0, None]
    assert rows[2][4:] == [None, None]


def test_a_scenario_always_takes_the_same_third_and_its_charges_ascend(town: Path) -> None:
    varied = [vary("charges_eur_per_mwh=50,0"), vary("price_scenario=High,Medium")]
    table = tax_table(sensitivity(town, varied, tax_preset(Package.open(town))[1]))
    rows = table.cells["sensitivity_tax"]
    assert [row[:2] for row in rows[9:12]] == [[0.0, "Medium"], [50.0, "Medium"], [None, None]]
    assert [row[:2] for row in (rows[0], rows[18], rows[19])] == [[None, None], [0.0, "High"], [50.0, "High"]]


def test_a_payback_that_never_comes_is_the_word_none(town: Path) -> None:
    write_studies(Package.open(town), [taxes(town, "charges_eur_per_mwh=0,100")])
    assert shown(town, "sensitivity_tax")[19][:4] == [100.0, "High", 10.0, "none"]


def test_break_even_storage_and_tornado_stand_in_their_areas(town: Path) -> None:
    report = sensitivity(town, *storage_preset(Package.open(town)))
    tables = [break_even_table(break_even(town)), storage_table(report), tornado_table(tornado(town))]
    write_studies(Package.open(town), tables)
    equal = shown(town, "sensitivity_break_even")
    assert equal[0][:4] == ["Payback", "Low", 1.0, 2.0]
    assert equal[0][4] == pytest.approx(70.71, abs=0.01)
    assert equal[0][5:] == [2.0, 1.0, "solution 2 is better below, 1 above; found within 60 to 80 EUR/MWh"]
    assert [row[0] for row in equal[3:]] == ["NPV"] * 3 + [None] * 2
    assert equal[3][4] == "none"
    volumes, shares, npv = shown(town, "sensitivity_storage")
    assert volumes == [25.0 * number for number in range(9)]
    assert (set(shares), len(set(npv))) == ({0.0}, 1)
    assert shown(town, "sensitivity_storage_solution") == [[1.0]]
    bars = shown(town, "sensitivity_tornado")
    base = 6000 * 114 / 1.05 - 600_000 - 1000 - 200
    assert bars[0][0] == "Heat tariff"
    assert bars[0][3] - bars[0][2] == pytest.approx(0.4 * 6000 * 114 / 1.05)
    assert shown(town, "sensitivity_tornado_base")[0][:3] == [pytest.approx(base), None, pytest.approx(base - 100_200)]
    assert [row[3] for row in bars if row[0] == "Capex"] == ["#VALUE!"]


def test_any_other_study_stands_under_a_header_with_units(town: Path) -> None:
    varied = [vary("heat_tariff_eur_per_mwh=100,110"), vary("discount_rate=0.04,0.05")]
    report = sensitivity(town, varied, ["npv_eur_1", "payback_years_2"])
    write_studies(Package.open(town), [cases_table(report, combined=True)])
    header, *rows = shown(town, "sensitivity_table")
    assert header[:4] == ["heat_tariff_eur_per_mwh\nEUR/MWh", "discount_rate", "npv_eur_1\nEUR", "payback_years_2\na"]
    assert [row[:2] for row in rows[:5]] == [[100.0, 0.04], [100.0, 0.05], [110.0, 0.04], [110.0, 0.05], [None, None]]


def test_a_smaller_study_leaves_nothing_of_a_larger_one(town: Path) -> None:
    for values in ("1,2,3", "4"):
        report = sensitivity(town, [vary(f"discount_rate={values}".replace(",", "e-2,") + "e-2")], ["npv_eur_1"])
        write_studies(Package.open(town), [cases_table(report, combined=True)])
    assert [row[0] for row in shown(town, "sensitivity_table")[:3]] == ["discount_rate", 0.04, None]


def test_only_the_sheet_of_the_areas_changes_and_what_is_calculated_from_them_is_new(town: Path) -> None:
    before = members(town)
    report = write_studies(Package.open(town), [taxes(town)])
    after = members(town)
    assert report.changed
    changed = [name for name in before if before[name] != after[name]]
    package = Package.open(town)
    assert changed == [package.sheet(SHEET).part]
    assert before.keys() == after.keys()
    place = package.resolve("sensitivity_tax")
    beside = package.cells(SHEET).value(place.first_row, 26)
    assert beside == pytest.approx(sum(v for row in shown(town, "sensitivity_tax") for v in row if type(v) is float))
    with Model(package) as model:
        model.calculate()
        assert model.cell(SHEET, place.first_row, 26) == pytest.approx(beside)


def test_results_that_were_never_calculated_stay_so(tmp_path: Path) -> None:
    """Proves: a study changes no value that does not hang on it. Sensitivity: a run writes all results."""
    book = feasibility_book(tmp_path / "town.xlsx", complete)
    before = members(book)
    write_studies(Package.open(book), [taxes(book)])
    after = members(book)
    assert [name for name in before if before[name] != after[name]] == [Package.open(book).sheet(SHEET).part]


def test_the_same_study_again_changes_nothing_even_later(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_studies(Package.open(town), [taxes(town)])
    before = town.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(STAMP + 86_400))
    assert not write_studies(Package.open(town), [taxes(town)]).changed
    assert town.read_bytes() == before
    assert shown(town, "sensitivity_tax_at") == [["2030-03-17 17:46"]]


def test_inputs_that_the_study_sets_and_what_hangs_on_them_alone_do_not_count(town: Path) -> None:
    report = sensitivity(town, *storage_preset(Package.open(town)))
    write_studies(Package.open(town), [taxes(town), storage_table(report), tornado_table(tornado(town))])
    counts = {
        study: dict(zip(INPUTS_SHOWN, [row[0] for row in shown(town, f"sensitivity_counts_{study}")], strict=True))
        for study in ("tax", "storage", "tornado")
    }
    left_out = {study: {name for name, count in found.items() if not count} for study, found in counts.items()}
    assert left_out == {
        "tax": {"charges_eur_per_mwh", "price_scenario", "charges_eur_per_mwh+storage_m3"},
        "storage": {"storage_m3", "charges_eur_per_mwh+storage_m3"},
        "tornado": set(),
    }
    assert [row[0] for row in shown(town, "sensitivity_inputs_tax")] == [20, "Medium", 100, 0.05, 114, 120, 500_000]
    assert shown(town, "sensitivity_tax_sets") == [["charges_eur_per_mwh, price_scenario, solution"]]


def test_the_checksum_follows_inputs_wherever_they_stand(town: Path, tmp_path: Path) -> None:
    def moved(book: Any, sheets: dict[str, Any]) -> None:
        complete(book, sheets)
        book.define_name("discount_rate", "=Prices!$F$40")
        sheets["Prices"].write("F40", 0.05)
        sheets["Prices"].data_validation("F40", {"validate": "decimal", "criteria": ">", "value": 0})

    own = inputs_checksum(Package.open(town))
    other = feasibility_book(tmp_path / "moved.xlsx", moved)
    assert inputs_checksum(Package.open(other)) == own
    with Model.open(town) as model:
        model.set("discount_rate", 0.051)
        model.save(tmp_path / "changed.xlsx")
    changed = Package.open(tmp_path / "changed.xlsx")
    assert inputs_checksum(changed) != own
    assert inputs_checksum(changed, ["Discount_rate"]) == inputs_checksum(Package.open(town), ["discount_rate"])


def test_a_study_of_other_inputs_is_told_by_its_checksum(town: Path, tmp_path: Path) -> None:
    write_studies(Package.open(town), [taxes(town)])
    assert outdated_studies(Package.open(town)) == []
    with Model.open(town) as model:
        model.set("charges_eur_per_mwh", 30.0)
        model.save(tmp_path / "charges.xlsx")
        model.set("discount_rate", 0.06)
        model.save(tmp_path / "rate.xlsx")
    assert outdated_studies(Package.open(tmp_path / "charges.xlsx")) == []
    (said,) = outdated_studies(Package.open(tmp_path / "rate.xlsx"))
    assert said.endswith(
        "'Payback against electricity charges' of 2030-03-17 17:46 rests on other inputs than the workbook has now; "
        "dhxl sensitivity --write calculates it again"
    )


def test_a_copy_gets_the_study_and_the_workbook_stays(town: Path, tmp_path: Path) -> None:
    before = town.read_bytes()
    copy = tmp_path / "copy.xlsx"
    write_studies(Package.open(town), [taxes(town)], copy)
    assert town.read_bytes() == before
    assert shown(copy, "sensitivity_tax")[0][0] == 0.0


def test_a_workbook_without_the_areas_is_refused_with_a_way_out(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "town.xlsx", with_names)
    said = sentence(lambda: refuse_unwritable(Package.open(book), "tax"), WorkbookError)
    assert "--write needs the areas of sheet Sensitivity, sensitivity_tax is missing; " in said
    assert said.endswith("without it, -o FILE.csv writes a table")


def test_a_study_larger_than_its_area_is_refused_with_a_way_out(town: Path) -> None:
    package = Package.open(town)
    said = sentence(lambda: refuse_unwritable(package, "table", None, (21, 2)), InputError)
    assert "has room for 20 cases of 5 inputs and outputs" in said
    assert said.endswith("got 21 of 2; without --write, -o FILE.csv takes them all")
    refuse_unwritable(package, "table", None, (20, 5))
    said = sentence(lambda: taxes(town, "charges_eur_per_mwh=0:10:1"), InputError)
    assert said.startswith("charges_eur_per_mwh: --write has room for 9 charges, got 11")


def test_a_copy_of_another_kind_is_refused(town: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsm"
    said = sentence(lambda: refuse_unwritable(Package.open(town), "tax", copy), WorkbookError)
    assert said == f"{copy}: must end in .xlsx as {town} does"


def test_a_workbook_that_was_changed_meanwhile_is_refused(town: Path) -> None:
    package = Package.open(town)
    table = taxes(town)
    with Model.open(town) as model:
        model.set("discount_rate", 0.06)
        model.save(town)
    before = town.read_bytes()
    assert "was changed by another program" in sentence(lambda: write_studies(package, [table]), WorkbookError)
    assert town.read_bytes() == before


def test_a_write_that_fails_leaves_the_file_as_it_was(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, _: bytes) -> None:
        raise WorkbookError(f"{path}: the disk is full")

    before = town.read_bytes()
    monkeypatch.setattr(dhxl.workbook.package, "write_whole", fail)
    said = sentence(lambda: write_studies(Package.open(town), [taxes(town)]), WorkbookError)
    assert said.endswith("the disk is full")
    assert town.read_bytes() == before


def test_presets_are_written_all_or_none(town: Path) -> None:
    before = town.read_bytes()

    def interrupt(step: str, _: float) -> None:
        if step.startswith("Tornado of the NPV: case 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_presets(town, progress=interrupt)
    assert town.read_bytes() == before
    assert write_presets(town, studies=("tax", "tornado")).changed
    assert shown(town, "sensitivity_tornado_at") == [["2030-03-17 17:46"]]
    assert shown(town, "sensitivity_storage_at") == [[None]]


def test_an_open_workbook_takes_a_study_without_being_saved(town: Path) -> None:
    with Model.open(town) as model:
        model.calculate()
        constants = put_study(model, taxes(town))
        model.calculate()
        assert model.range("sensitivity_tax")[0][:3] == [0.0, "Low", 10.0]
        assert model.value("sensitivity_tax_at") == "2030-03-17 17:46"
        assert constants
        assert put_study(model, taxes(town)) == {}


def test_one_by_one_counts_all_inputs(town: Path) -> None:
    report = sensitivity(town, [vary("discount_rate=0.06"), vary("storage_m3=1")], ["npv_eur_1"], arrange=one_by_one)
    write_studies(Package.open(town), [cases_table(report, combined=False)])
    assert shown(town, "sensitivity_counts_table") == [[1.0]] * len(INPUTS_SHOWN)
    assert shown(town, "sensitivity_table")[1:3] == [[0.06, None, *shown(town, "sensitivity_table")[1][2:]],
                                                     [None, 1.0, *shown(town, "sensitivity_table")[2][2:]]]  # fmt: skip
