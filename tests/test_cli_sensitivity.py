"""dhxl sensitivity on the command line: tables, JSON, csv files, and what is refused."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dhxl.cli.sensitivity
from dhxl.cli import main
from dhxl.hosts.headless import Model
from dhxl.workbook.package import Package
from tests.hosts.books import feasibility_book
from tests.studies.areas import with_areas
from tests.studies.test_sensitivity import with_names

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return feasibility_book(tmp_path / "town.xlsx", with_names)


def outcome(capsys: Capture, book: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of dhxl sensitivity with one process."""
    try:
        code = main(["sensitivity", str(book), "--workers", "1", *map(str, arguments)])
    except SystemExit as end:
        code = int(end.code or 0)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_two_inputs_are_shown_as_a_pivot_of_each_output_with_units(capsys: Capture, town: Path) -> None:
    varied = ("--vary", "charges_eur_per_mwh=0:100:50", "--vary", "price_scenario=Low,High")
    code, out, err = outcome(capsys, town, *varied, "--output", "payback_years_2")
    lines = [[cell.strip() for cell in line.replace("┃", "│").split("│")] for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0] == ["payback_years_2 (a) against price_scenario; base case 8.16"]
    assert lines[1] == ["charges_eur_per_mwh (EUR/MWh)", "Low", "High"]
    assert lines[3:6] == [["0", "8", "9"], ["50", "9", "9"], ["100", "12", "none"]]
    assert "6 of 6 cases" in out


def test_one_input_is_shown_below_the_base_case(capsys: Capture, town: Path) -> None:
    code, out, _ = outcome(capsys, town, "--vary", "trench_length_m=1500", "--output", "linear_heat_density_mwh_per_m")
    assert code == 0
    assert "linear_heat_density_mwh_per_m (MWh/(m·a))" in out
    assert [line.split("│")[-1].strip() for line in out.splitlines()[2:4]] == ["2", "4"]


def test_json_has_units_base_case_and_the_sentence_of_a_case_that_fails(capsys: Capture, town: Path) -> None:
    varied = ("--vary", "trench_length_m=0,3000", "--output", "linear_heat_density_mwh_per_m")
    code, out, err = outcome(capsys, town, *varied, "--json")
    said: dict[str, Any] = json.loads(out)
    assert code == 0
    assert said["inputs"] == [{"name": "trench_length_m", "unit": "m"}]
    assert said["base"] == {"inputs": {}, "outputs": {"linear_heat_density_mwh_per_m": 2}}
    sentence = "'My plant'!B3: DH_LHD: trench_length_m must be > 0 m, got 0"
    assert said["cases"][0]["outputs"] == {"linear_heat_density_mwh_per_m": "#VALUE!"}
    assert said["cases"][0]["problem"] == sentence
    assert said["cases"][1] == {"inputs": {"trench_length_m": 3000}, "outputs": {"linear_heat_density_mwh_per_m": 2}}
    assert (said["asked"], said["interrupted"]) == (2, False)
    assert err == f"note: trench_length_m=0: {sentence}\n"


def test_the_csv_file_has_units_in_its_header_full_numbers_and_no_formulas(
    capsys: Capture, tmp_path: Path, town: Path
) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_formula("B40", '="=HYPERLINK(1)"')
        book.define_name("caption", "=Results!$B$40")

    book = feasibility_book(tmp_path / "other.xlsx", change)
    file = tmp_path / "results.csv"
    varied = ("--vary", "discount_rate=0.05", "--output", "npv_eur_1", "--output", "caption")
    assert outcome(capsys, book, *varied, "-o", file)[0] == 0
    header, line = rows(file)
    assert header == ["discount_rate", "npv_eur_1 [EUR]", "caption", "problem"]
    assert float(line[1]) == pytest.approx(6000 * 114 / 1.05 - 600000, rel=1e-14)
    assert (line[0], line[2:]) == ("0.05", ["'=HYPERLINK(1)", ""])


def test_one_by_one_fills_only_the_column_of_the_input_that_moves(capsys: Capture, tmp_path: Path, town: Path) -> None:
    file = tmp_path / "results.csv"
    varied = ("--vary", "discount_rate=0.04", "--vary", "charges_eur_per_mwh=1", "--one-by-one")
    assert outcome(capsys, town, *varied, "--output", "npv_eur_1", "-o", file)[0] == 0
    assert [line[:2] for line in rows(file)[1:]] == [["0.04", ""], ["", "1"]]


def test_the_presets_print_tables_and_write_csv_files(capsys: Capture, tmp_path: Path, town: Path) -> None:
    file = tmp_path / "results.csv"
    code, out, _ = outcome(capsys, town, "--preset", "tax", "--vary", "charges_eur_per_mwh=0,100", "-o", file)
    assert (code, out.count("against price_scenario"), len(rows(file))) == (0, 2, 7)
    code, out, _ = outcome(capsys, town, "--preset", "storage", "-o", file)
    assert (code, "heat_share_boiler_1" in out, len(rows(file))) == (0, True, 10)
    code, out, err = outcome(capsys, town, "--preset", "tornado", "-o", file)
    assert (code, out.index("Heat tariff") < out.index("Maintenance"), len(rows(file))) == (0, True, 17)
    assert "Capex: Prices!D25 (capex_wells_eur): must be a decimal between 0 and 550000, got 600000" in err
    code, out, _ = outcome(capsys, town, "--preset", "break-even", "-o", file)
    assert (code, len(rows(file))) == (0, 7)
    assert "70.71" in out
    assert "solution 2 is better below, 1 above; found within 60 to 80 EUR/MWh" in out
    assert "none within 0 to 200 EUR/MWh: solution 1 is better throughout" in out


def test_the_presets_give_json(capsys: Capture, town: Path) -> None:
    said = json.loads(outcome(capsys, town, "--preset", "break-even", "--between", "2,1", "--json")[1])
    assert said["break_even"][0]["solutions"] == [2, 1]
    assert said["break_even"][3]["charges_eur_per_mwh"] is None
    said = json.loads(outcome(capsys, town, "--preset", "tornado", "--output", "npv_eur_2", "--json")[1])
    assert [one["output"] for one in said["tornados"]] == ["npv_eur_2"]
    assert len(said["tornados"][0]["bars"]) == 8


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--output", "npv_eur_1"), "nothing is varied"),
        (("--vary", "design_years=1"), "no output is asked for"),
        (("--vary", "design_years", "--output", "npv_eur_1"), "--vary must be NAME=value,value,..."),
        (("--preset", "tax", "--one-by-one"), "--one-by-one does not go with --preset"),
        (("--preset", "tax", "--vary", "storage_m3=1"), "--vary storage_m3 does not go with --preset tax"),
        (("--preset", "tornado", "--vary", "storage_m3=1"), "--vary does not go with --preset tornado"),
        (("--preset", "tax", "--between", "1,2"), "--between goes with --preset break-even only"),
        (("--preset", "break-even", "--between", "1"), "--between must be two solutions such as 1,4, got '1'"),
        (("--preset", "break-even", "--output", "npv_eur_1"), "--output does not go with --preset break-even"),
        (("--preset", "break-even", "--vary", "storage_m3=1,2"), "--vary storage_m3 does not go with"),
        (("--workers", "0", "--preset", "tax"), "--workers must be >= 1, got 0"),
        (("-o", "out.xlsx", "--preset", "tax"), "out.xlsx: must end in .csv"),
        (("-o", "no/where.csv", "--preset", "tax"), "no/where.csv: the folder does not exist"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    capsys: Capture, town: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = outcome(capsys, town, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(sentence)


def test_an_interrupted_study_shows_what_is_done_writes_nothing_and_exits_with_130(
    capsys: Capture, tmp_path: Path, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = dhxl.cli.sensitivity.sensitivity

    def interrupt(step: str, _: float) -> None:
        if step == "Case 2 of 4":
            raise KeyboardInterrupt

    monkeypatch.setattr(
        dhxl.cli.sensitivity,
        "sensitivity",
        lambda *arguments, **options: original(*arguments, **{**options, "progress": interrupt}),
    )
    file = tmp_path / "results.csv"
    varied = ("--vary", "charges_eur_per_mwh=0:3:1", "--output", "npv_eur_1", "-o", file)
    code, out, err = outcome(capsys, town, *varied)
    assert code == 130
    assert "2 of 4 cases" in out
    assert err == "interrupted; what had been calculated is shown, no file was harmed\n"
    assert not file.exists()


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        with_names(book, sheets)
        with_areas(book, sheets)

    return feasibility_book(tmp_path / "areas.xlsx", change)


def written(book: Path, name: str) -> list[list[Any]]:
    package = Package.open(book)
    return package.values(package.resolve(name))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--preset", "tax"), "tax"),
        (("--preset", "break-even"), "break_even"),
        (("--preset", "storage"), "storage"),
        (("--preset", "tornado"), "tornado"),
        (("--vary", "discount_rate=0.04,0.05", "--output", "npv_eur_1"), "table"),
    ],
)
def test_write_puts_a_study_into_its_area_and_says_so(
    capsys: Capture, areas: Path, arguments: tuple[str, ...], name: str
) -> None:
    code, out, _ = outcome(capsys, areas, *arguments, "--write")
    assert code == 0
    assert out.rstrip().endswith(f"written to {areas}")
    assert written(areas, f"sensitivity_{name}")[0][0] is not None
    assert written(areas, f"sensitivity_{name}_at")[0][0] is not None


def test_write_may_make_a_copy_or_a_csv_file_besides(capsys: Capture, tmp_path: Path, areas: Path) -> None:
    before = areas.read_bytes()
    varied = ("--vary", "discount_rate=0.04", "--output", "npv_eur_1", "--write")
    code, out, _ = outcome(capsys, areas, *varied, "--json", "-o", tmp_path / "copy.xlsx")
    assert (code, json.loads(out)["written"]) == (0, str(tmp_path / "copy.xlsx"))
    assert areas.read_bytes() == before
    assert outcome(capsys, areas, *varied, "-o", tmp_path / "table.csv")[0] == 0
    assert len(rows(tmp_path / "table.csv")) == 2
    assert written(areas, "sensitivity_table")[1][0] == 0.04


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--preset", "tax", "--output", "npv_eur_1"), "--output does not go with --preset tax --write"),
        (("--preset", "tax", "--vary", "charges_eur_per_mwh=0:10:1"), "charges_eur_per_mwh: --write has room for 9"),
        (("--preset", "storage", "--vary", "storage_m3=0:10:1"), "storage_m3: --write has room for 9 volumes, got 11"),
        (("--preset", "tax", "--vary", "discount_rate=1"), "--vary discount_rate does not go with --preset tax"),
        (("--vary", "storage_m3=0:20:1", "--output", "npv_eur_1"), "--write has room for 20 cases"),
        (("--preset", "tax", "-o", "copy.xlsm"), "copy.xlsm: must end in .xlsx"),
    ],
)
def test_what_cannot_be_written_is_refused_before_it_is_calculated(
    capsys: Capture, areas: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.setattr(Model, "calculate", None)
    before = areas.read_bytes()
    code, out, err = outcome(capsys, areas, *arguments, "--write")
    assert (code, out) == (1, "")
    assert err.startswith(sentence)
    assert areas.read_bytes() == before


def test_an_interrupted_study_writes_nothing_into_the_workbook(
    capsys: Capture, areas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = dhxl.cli.sensitivity.sensitivity

    def interrupt(step: str, _: float) -> None:
        if step == "Case 2 of 27":
            raise KeyboardInterrupt

    monkeypatch.setattr(
        dhxl.cli.sensitivity,
        "sensitivity",
        lambda *arguments, **options: original(*arguments, **{**options, "progress": interrupt}),
    )
    before = areas.read_bytes()
    code, out, err = outcome(capsys, areas, "--preset", "tax", "--write")
    assert (code, "2 of 27 cases" in out, "written" in out) == (130, True, False)
    assert err.endswith("no file was harmed\n")
    assert areas.read_bytes() == before


def test_the_command_itself_starts_processes(town: Path) -> None:
    command = [sys.executable, "-m", "dhxl", "sensitivity", str(town), "--workers", "2", "--json"]
    varied = ["--vary", "trench_length_m=1000:4000:1000", "--output", "linear_heat_density_mwh_per_m"]
    ended = subprocess.run([*command, *varied], capture_output=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    values = [case["outputs"]["linear_heat_density_mwh_per_m"] for case in json.loads(ended.stdout)["cases"]]
    assert values == [6, 3, 2, 1.5]
