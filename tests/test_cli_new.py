"""dhxl new on the command line: what is printed, what is refused, and the templates of an installed package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dhxl.cli import main
from tests.conftest import REPOSITORY
from tests.hosts.books import feasibility_book

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return feasibility_book(tmp_path / "house.xlsx")


def outcome(capsys: Capture, *arguments: str | Path) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of dhxl new."""
    try:
        code = main(["new", *map(str, arguments)])
    except SystemExit as end:
        code = int(end.code or 0)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_the_inputs_that_were_set_stand_above_the_results(capsys: Capture, tmp_path: Path, house: Path) -> None:
    (tmp_path / "town.csv").write_text("name,value,unit\nheat_sold_mwh,9000,MWh\n", encoding="utf-8")
    given = ("--from", tmp_path / "town.csv", "--set", "price_scenario=low")
    code, out, err = outcome(capsys, tmp_path / "town.xlsx", "--template", house, *given)
    lines = [[cell.strip() for cell in line.replace("┃", "│").split("│")] for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0] == ["input", "template", "new", "unit"]
    assert lines[2:4] == [["heat_sold_mwh", "6000", "9000", "MWh"], ["price_scenario", "Medium", "Low", ""]]
    assert lines[5] == ["", "unit", "1: Heat pumps", "2: CHP and boilers"]
    assert out.splitlines()[-3] == "checks failed: 0   alerts: 1"
    assert out.splitlines()[-1].startswith(f"written to {tmp_path / 'town.xlsx'} (")


def test_json_has_the_inputs_and_what_a_run_says(capsys: Capture, tmp_path: Path, house: Path) -> None:
    code, out, err = outcome(
        capsys, tmp_path / "town.xlsx", "--template", house, "--set", "discount_rate=4 %", "--json"
    )
    said: dict[str, Any] = json.loads(out)
    assert (code, err) == (0, "")
    assert said["template"] == str(house)
    assert said["inputs"] == [{"name": "discount_rate", "cell": "Prices!D7", "old": 0.05, "new": 0.04, "unit": ""}]
    assert (said["checks_total"], said["changed"], said["written"]) == (0, True, str(tmp_path / "town.xlsx"))
    assert said["solutions"][0]["npv_eur"] == pytest.approx(6000 * 114 / 1.04 - 600000, rel=1e-12)


def test_what_is_wrong_goes_to_standard_error_one_a_line(capsys: Capture, tmp_path: Path, house: Path) -> None:
    given = ("--set", "heat_sold_mhw=1", "--set", "discount_rate=9")
    code, out, err = outcome(capsys, tmp_path / "town.xlsx", "--template", house, *given)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "--set heat_sold_mhw: there is no input of this name; did you mean heat_sold_mwh?",
        "Prices!D7 (discount_rate): must be a decimal between -0.5 and 1, got 9",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["house.xlsx"]


def test_files_and_settings_that_cannot_be_read_are_told_together(capsys: Capture, tmp_path: Path, house: Path) -> None:
    (tmp_path / "town.toml").write_text("a = ", encoding="utf-8")
    arguments = ("--from", tmp_path / "town.toml", "--from", tmp_path / "none.csv", "--set", "x")
    code, _, err = outcome(capsys, tmp_path / "town.xlsx", "--template", house, *arguments)
    problems = err.splitlines()
    assert code == 1
    assert problems[0].startswith(f"{tmp_path / 'town.toml'}: is no proper TOML (")
    assert problems[1:] == [f"{tmp_path / 'none.csv'}: does not exist", "--set must be NAME=VALUE, got 'x'"]


def test_an_existing_file_needs_force(capsys: Capture, tmp_path: Path, house: Path) -> None:
    target = tmp_path / "town.xlsx"
    target.write_bytes(b"old")
    assert outcome(capsys, target, "--template", house) == (1, "", f"{target}: exists already; --force replaces it\n")
    assert target.read_bytes() == b"old"
    assert outcome(capsys, target, "--template", house, "--force")[0] == 0


def test_the_templates_are_listed_with_what_they_are_for(capsys: Capture) -> None:
    code, out, _ = outcome(capsys, "--list")
    assert code == 0
    assert "geothermal (default)" in out
    assert "biomass" in out
    said = json.loads(outcome(capsys, "--list", "--json")[1])
    assert said[0]["template"] == "geothermal"
    assert Path(said[0]["file"]) == REPOSITORY / "workbook.xlsm"


def test_without_a_file_to_write_the_usage_is_shown(capsys: Capture) -> None:
    code, out, err = outcome(capsys)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "dhxl new: error: the following arguments are required: OUT"


def test_the_help_shows_how_inputs_are_given(capsys: Capture) -> None:
    code, out, _ = outcome(capsys, "--help")
    assert code == 0
    assert 'storage_m3 = { value = 200, unit = "m³", source = "offer of 3 March" }' in out


def test_an_installed_package_makes_a_town_outside_the_repository(tmp_path: Path) -> None:
    """The package is laid out as the wheel has it; a wheel itself would have to be built and installed."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copytree(REPOSITORY / "dhxl", site / "dhxl", ignore=shutil.ignore_patterns("__pycache__"))
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        packed = tomllib.load(stream)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, target in packed.items():
        (site / target).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copyfile
        copy(REPOSITORY / source, site / target)
    environment = os.environ | {"PYTHONPATH": str(site), "DHXL_COMPILE": "0"}

    def said(*arguments: str) -> Any:
        command = [sys.executable, "-m", "dhxl", "new", *arguments, "--json"]
        ended = subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        return json.loads(ended.stdout)

    listed = [Path(one["file"]) for one in said("--list")]
    assert listed == [site / target for target in packed.values() if target.endswith(".xlsm")]
    titles = ("--set", "project_title=Dorf", "--set", "case_title=Draft")
    report = said("town.xlsm", "--template", "biomass", "--set", "heat_tariff_eur_per_mwh=120 EUR/MWh", *titles)
    assert (report["checks_total"], report["engine_live"]) == (0, True)
    assert [path.name for path in elsewhere.iterdir()] == ["town.xlsm"]
