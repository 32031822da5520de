"""The workbook of a new town: what is set, what is kept, what is refused, and the templates that dhxl brings along."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dhxl.errors import DhxlError
from dhxl.studies.check import check
from dhxl.studies.given import Given, given_in_file, given_settings
from dhxl.studies.new import NewReport, new
from dhxl.studies.run import run
from dhxl.studies.templates import TEMPLATES, template_file
from dhxl.workbook.names import reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue
from tests.conftest import REPOSITORY
from tests.hosts.books import HOURS, feasibility_book
from tests.shipped import OWN_SHEET, users_variant
from tests.workbook.books import members, rezipped

SHARE = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "ignore_blank": False}
POWER = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
KIND = {"validate": "list", "source": ["boiler", "chp"]}
UNITS = (("unit", "type", "heat_mw", "fuel_eur_per_mwh"), ("Boilers", "boiler", 4, None), ("CHP", "chp", 3, 30))
SECTIONS = (("DN", "Length m", "Heat sold MWh/a"), (200, 800, 3000), (100, 700, 2000), (50, 500, 1000))


def with_ranges(book: Any, sheets: dict[str, Any]) -> None:
    """Add a title, sources beside inputs, a table of units with a formula and a free row, sections, a list."""
    prices = sheets["Prices"]
    prices.write_row("E2", ("MWh/a", "meter readings"))
    prices.write_row("E3", ("m", "map"))
    prices.write_row("E7", ("-", "study"))
    prices.write_row("F4", ("study",))  # no unit before it
    prices.write("D20", "Old town")
    prices.set_header('&L&"Calibri,Bold"&9Old town&R&9&A')
    sheets["Series"].set_header("&LOther text")
    for row, values in enumerate(UNITS):
        prices.write_row(row, 7, values)
    prices.write_formula("K2", "=heat_tariff_eur_per_mwh/4")
    prices.data_validation("I2:I5", KIND)
    prices.data_validation("J2:J5", POWER)
    for row, line in enumerate(SECTIONS, start=9):
        prices.write_row(row, 7, line)
    prices.data_validation("I11:I13", POWER | {"maximum": 1e6})
    prices.write_column("M2", (0.5, 0.8, 1, 1))
    prices.data_validation("M2:M5", SHARE)
    names = {"project_title": "$D$20", "units_1": "$H$1:$K$5", "network_sections": "$H$11:$J$13",
             "connected_share": "$M$2:$M$5", "far": "$Z$99"}  # fmt: skip
    for name, place in names.items():
        book.define_name(name, f"=Prices!{place}")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    return feasibility_book(tmp_path / "templates" / "house.xlsx", with_ranges)


def made(house: Path, *given: Given, **options: Any) -> NewReport:
    return new(house.parents[1] / "town.xlsx", str(house), given, **options)


def refused(house: Path, *given: Given, out: str = "town.xlsx", **options: Any) -> tuple[str, ...]:
    """Return the sentences with which a new workbook is refused, and prove that nothing was left behind."""
    folder = house.parents[1]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(DhxlError) as caught:
        new(folder / out, str(house), given, **options)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return caught.value.problems


def file(house: Path, content: str, name: str = "town.toml") -> tuple[Given, ...]:
    (house.parents[1] / name).write_text(content, encoding="utf-8")
    return given_in_file(house.parents[1] / name)


def values(book: Path, name: str) -> list[list[CellValue]]:
    package = Package.open(book)
    return package.values(package.resolve(name))


def held(book: Path, address: str) -> CellValue:
    place = reference_of(address)
    assert place
    return Package.open(book).values(place)[0][0]


def test_a_new_workbook_is_the_template_with_other_inputs_calculated(house: Path) -> None:
    report = made(house, *given_settings(["heat_sold_mwh=9000 MWh", "price_scenario=low", "discount_rate=4%"]))
    out = report.run.written
    assert [(one.name, one.address, one.old, one.new, one.unit) for one in report.inputs] == [
        ("heat_sold_mwh", "Prices!D2", 6000, 9000, "MWh"),
        ("price_scenario", "Prices!D5", "Medium", "Low", ""),
        ("discount_rate", "Prices!D7", 0.05, 0.04, ""),
    ]
    assert report.run.solutions[0].values["npv_eur"] == pytest.approx(9000 * 114 / 1.04 - 600000, rel=1e-12)
    assert values(out, "linear_heat_density_mwh_per_m") == [[3]]
    assert values(out, "saved_lhd") == [[3]], "the saved results are those of the new inputs"
    assert run(out).changed is False
    before, after = members(house), members(out)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} <= {
        sheet.part for sheet in Package.open(house).sheets
    }


def test_without_inputs_the_copy_equals_a_run_of_the_template(house: Path) -> None:
    report = made(house)
    run(house, house.with_name("run.xlsx"))
    assert report.run.written.read_bytes() == house.with_name("run.xlsx").read_bytes()
    assert report.inputs == ()


def test_all_problems_are_told_at_once_one_a_line(house: Path) -> None:
    given = given_settings(
        [
            "heat_sold_mhw=1",
            "heat_sold_mwh=-1",
            "trench_length_m=3 km",
            "price_scenario=Lo",
            "design_years=2.5",
            "npv_eur_1=3",
            "linear_heat_density_mwh_per_m=2",
            "saved_lhd=2",
            "engine_live=TRUE",
            "connected_share=1,1",
        ]
    )
    assert refused(house, *given) == (
        "--set heat_sold_mhw: there is no input of this name; did you mean heat_sold_mwh?",
        "Prices!D2 (heat_sold_mwh): must be a decimal >= 0 MWh, got -1",
        "Prices!D3 (trench_length_m): must be in m, got 'km'",
        "Prices!D5 (price_scenario): must be one of Low, Medium, High, got 'Lo'",
        "Prices!D6 (design_years): must be a whole number between 0 and 10 a, got 2.5",
        f"{held_address(house, 'npv_eur_1')} (npv_eur_1): is calculated, not an input; "
        "it follows heat_sold_mwh, heat_tariff_eur_per_mwh, discount_rate",
        "'My plant'!B3 (linear_heat_density_mwh_per_m): is calculated, not an input; "
        "it follows heat_sold_mwh, trench_length_m",
        "saved_lhd: is no input; a run fills it",
        "'My plant'!B2 (engine_live): is calculated, not an input; it follows heat_sold_mwh, trench_length_m, demand",
        "Prices!M2:M5 (connected_share): must be 4 values, got 2",
    )


def held_address(book: Path, name: str) -> str:
    return Package.open(book).resolve(name).address


def test_a_changed_input_takes_its_source_along(house: Path) -> None:
    given = (
        *file(house, "heat_sold_mwh = { value = 7000, source = 'town plan' }\ntrench_length_m = 3000\n"),
        *given_settings(["discount_rate=0.04", "heat_tariff_eur_per_mwh=100"]),
    )
    out = made(house, *given).run.written
    assert held(out, "Prices!F2") == "town plan"
    assert held(out, "Prices!F3") == "map", "its value is the template's"
    assert held(out, "Prices!F7") == "Set on the command line"
    assert held(out, "Prices!F4") == "study", "no unit stands between"
    (other,) = file(house, "name,value\ntrench_length_m,2000\n", "inputs.csv")
    assert held(made(house, other, replace=True).run.written, "Prices!F3") == "Set from inputs.csv"


def test_a_source_that_would_be_a_formula_is_refused(house: Path) -> None:
    (one,) = file(house, "heat_sold_mwh = { value = 7000, source = '=HYPERLINK(1)' }")
    assert refused(house, one) == (
        "Prices!D2 (heat_sold_mwh): source: must be a text that does not begin as a formula, got '=HYPERLINK(1)'",
    )


def test_a_source_that_has_no_cell_is_refused(house: Path) -> None:
    listed = "{ value = [1, 1, 1, 1], source = 'plan' }"
    given = file(house, f"heat_tariff_eur_per_mwh = {{ value = 99, source = 'offer' }}\nconnected_share = {listed}")
    assert refused(house, *given) == (
        "Prices!D4 (heat_tariff_eur_per_mwh): has no cell for a source beside its unit; leave the source out",
        "Prices!M2:M5 (connected_share): has no cell for a source; leave the source out",
    )


def test_an_input_that_is_set_back_to_the_template_s_value_keeps_the_template_s_source(house: Path) -> None:
    given = (*file(house, "heat_sold_mwh = 1"), *given_settings(["heat_sold_mwh=6000"]))
    assert held(made(house, *given).run.written, "Prices!F2") == "meter readings"


def test_the_command_line_wins_over_files_and_later_files_over_earlier_ones(house: Path) -> None:
    given = (
        *file(house, "heat_sold_mwh = 1\ntrench_length_m = 1\ndesign_years = 1"),
        *file(house, "name,value\nheat_sold_mwh,2\ntrench_length_m,2\n", "more.csv"),
        *given_settings(["heat_sold_mwh=3"]),
    )
    report = made(house, *given)
    assert {one.name: one.new for one in report.inputs} == {
        "heat_sold_mwh": 3, "trench_length_m": 2, "design_years": 1
    }  # fmt: skip
    assert values(report.run.written, "heat_sold_mwh") == [[3]]


def test_an_input_given_twice_at_one_place_is_refused(house: Path) -> None:
    twice = given_settings(["heat_sold_mwh=1", "Heat_Sold_MWh=2"])
    (problem,) = refused(house, *twice)
    assert problem == "--set: Prices!D2: is given as heat_sold_mwh and as Heat_Sold_MWh"
    assert refused(house, *given_settings(["heat_sold_mwh=1", "heat_sold_mwh=1"])) == (
        "--set: Prices!D2: heat_sold_mwh is given twice",
    )


def test_a_text_input_takes_text_and_no_formula(house: Path) -> None:
    out = made(house, *given_settings(["project_title=New town, 2nd draft <&>"])).run.written
    assert values(out, "project_title") == [["New town, 2nd draft <&>"]]
    (problem,) = refused(house, *given_settings(["project_title==cmd|' /C calc'!A0"]), replace=True)
    assert problem.startswith("Prices!D20 (project_title): must be a text that does not begin as a formula")


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("R&D town", b"&amp;9R&amp;&amp;D town&amp;R"),
        ("2nd town", b"&amp;9 2nd town&amp;R"),
        ("x" * 300, b"&amp;9" + b"x" * 230 + b"&amp;R"),
    ],
)
def test_a_new_title_stands_in_printed_headers_too(house: Path, title: str, header: bytes) -> None:
    out = members(made(house, *given_settings([f"project_title={title}"])).run.written)
    sheets = [sheet.part for sheet in Package.open(house).sheets]
    assert header in out[sheets[0]]
    assert b"&amp;LOther text" in out[sheets[1]]


def test_a_list_fills_a_range_of_its_size(house: Path) -> None:
    (one,) = file(house, "connected_share = { value = [30, 60, 90, 100], unit = '%' }")
    report = made(house, one)
    assert values(report.run.written, "connected_share") == [[0.3], [0.6], [0.9], [1]]
    assert [(entry.name, entry.new) for entry in report.inputs] == [("connected_share", "4 values")]
    report = made(house, *given_settings(["connected_share=0.1, 0.2,0.3 ,0.4"]), replace=True)
    assert values(report.run.written, "connected_share") == [[0.1], [0.2], [0.3], [0.4]]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        ("connected_share = [1, 1, 1]", ["Prices!M2:M5 (connected_share): must be 4 values, got 3"]),
        ("connected_share = [[1, 1, 1, 1], [1]]", ["Prices!M2:M5 (connected_share): must be 4 values, got 5"]),
        ("connected_share = 1", ["Prices!M2:M5 (connected_share): must be 4 values, got 1"]),
        ("connected_share = [1, 1.5, 1, 'x']", [
            "Prices!M3 (connected_share): must be a decimal between 0 and 1, got 1.5",
            "Prices!M5 (connected_share): must be a number, got 'x'",
        ]),
        ("connected_share = [{ a = 1 }]", [
            "Prices!M2:M5 (connected_share): has no column titles; give rows of values"
        ]),
        ("heat_sold_mwh = [1, 2]", ["Prices!D2 (heat_sold_mwh): must be one value, got 2"]),
        ("units_1 = [['Boilers', 'boiler', 3, 4]]", [
            "Prices!H1:K5 (units_1): takes rows by column name: unit, type, heat_mw, fuel_eur_per_mwh"
        ]),
        ("network_sections = [[1, 2]]", [
            "Prices!H11:J13 (network_sections): must be at most 3 rows of 3 values, got a row of 2"
        ]),
        ("network_sections = [[1,1,1],[1,1,1],[1,1,1],[1,1,1]]", [
            "Prices!H11:J13 (network_sections): must be at most 3 rows of 3 values, got 4"
        ]),
        ("[[network_sections]]\ndn = 100\nlength = 3", [
            "Prices!H11:J13 (network_sections): row 1: there is no column length; did you mean length_m? "
            "(columns: dn, length_m, heat_sold_mwh)"
        ]),
        ("[[network_sections]]\ndn = 100", ["Prices!H11:J13 (network_sections): row 1 lacks length_m, heat_sold_mwh"]),
        ("[[units_1]]\nheat_mw = 3", ["Prices!H1:K5 (units_1): row 1 lacks unit"]),
        ("[[units_1]]\nunit = 'Boilers'\nheat_mw = '3 kW'", ["Prices!J2 (units_1, heat_mw): must be in MW, got 'kW'"]),
        ("[[units_1]]\nunit = 'New'\ntype = 'turbine'\nheat_mw = 300", [
            "Prices!I4 (units_1, type): must be one of boiler, chp, got 'turbine'",
            "Prices!J4 (units_1, heat_mw): must be a decimal between 0 and 100 MW, got 300",
        ]),
        ("[[units_1]]\nunit = 'Boilers'\nfuel_eur_per_mwh = 3", [
            "Prices!K2 (units_1, fuel_eur_per_mwh): is calculated, not an input; it follows heat_tariff_eur_per_mwh"
        ]),
        ("[[units_1]]\nunit = 'A'\n[[units_1]]\nunit = 'a'", ["Prices!H1:K5 (units_1): unit 'A' is given 2 times",
                                                             "Prices!H1:K5 (units_1): unit 'a' is given 2 times"]),
        ("units_1 = [{ unit = 'A' }, { unit = 'B' }, { unit = 'C' }]", [
            "Prices!H1:K5 (units_1): there is no free row for 'C'; it has room for 4"
        ]),
    ],
)  # fmt: skip
def test_lists_and_rows_that_do_not_fit_are_refused(house: Path, content: str, sentences: Sequence[str]) -> None:
    assert list(refused(house, *file(house, content))) == list(sentences)


def test_rows_change_the_units_of_their_name_and_take_free_rows(house: Path) -> None:
    given = file(
        house, "[[units_1]]\nunit = 'boilers'\nheat_mw = '5 MW'\n[[units_1]]\nunit = 'New'\ntype = 'CHP'\nheat_mw = 2"
    )
    out = made(house, *given).run.written
    assert values(out, "units_1") == [
        ["unit", "type", "heat_mw", "fuel_eur_per_mwh"],
        ["Boilers", "boiler", 5, 28.5],
        ["CHP", "chp", 3, 30],
        ["New", "chp", 2, None],
        [None, None, None, None],
    ]
    assert Package.open(out).cells("Prices").cells[2, 11].formula == "heat_tariff_eur_per_mwh/4"


@pytest.mark.parametrize(
    "content",
    [
        "network_sections = [[150, 900, 4000], [80, 600, 2000]]",
        "[[network_sections]]\nDN = 150\n'Length m' = 900\nheat_sold_mwh = 4000\n"
        "[[network_sections]]\ndn = 80\nlength_m = 600\nheat_sold_mwh = 2000",
        "network_sections = 'sections.csv'",
    ],
)
def test_rows_without_names_fill_a_range_from_its_top_and_empty_the_rest(house: Path, content: str) -> None:
    (house.parents[1] / "sections.csv").write_text("dn;length_m;heat_sold_mwh\n150;900;4000\n80;600;2000\n")
    report = made(house, *file(house, content))
    assert values(report.run.written, "network_sections") == [[150, 900, 4000], [80, 600, 2000], [None] * 3]
    assert [one.new for one in report.inputs] == ["2 rows"]


def year(house: Path, header: str, rows: int = HOURS, line: str = "{hour},{value}") -> Path:
    path = house.parents[1] / "year.csv"
    lines = (line.format(hour=hour, value=100 + hour) for hour in range(rows))
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "setting"),
    [
        ("hour,demand", "series = 'year.csv'"),
        ("hour,demand", "demand = 'year.csv'"),
        ("hour,mw", "demand = 'year.csv:mw'"),
    ],
)
def test_a_csv_file_gives_an_hourly_input(house: Path, header: str, setting: str) -> None:
    year(house, header)
    report = made(house, *file(house, setting))
    assert values(report.run.written, "demand") == [[100 + hour] for hour in range(HOURS)]
    assert [(one.name, one.new) for one in report.inputs] == [("demand", "48 values")]


def test_the_command_line_finds_csv_files_from_the_current_folder(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year(house, "hour,demand")
    monkeypatch.chdir(house.parents[1])
    assert made(house, *given_settings(["series=year.csv"])).inputs[0].name == "demand"


@pytest.mark.parametrize(
    ("header", "rows", "line", "sentences"),
    [
        ("hour,demand", 47, "{hour},{value}", ["Series!B2:B49 (demand): must be 48 values, got 47 rows"]),
        ("hour,damand", 48, "{hour},{value}", [
            "year.csv damand: there is no input of this name; did you mean demand?"
        ]),
        ("hour,demand", 48, "{hour},", [
            "{folder}/year.csv: the column demand must have a number in each of its 48 rows: line 2 is blank, "
            "line 3 is blank, line 4 is blank and 45 more; gaps are not filled in: write values there"
        ]),
        ("hour,demand", 0, "", ["{folder}/year.csv: the column 'demand' has no rows below its header"]),
        ("hour,hour2,demand", 48, "1,{hour},{value}", ["year.csv hour2: there is no input of this name"]),
    ],
)  # fmt: skip
def test_a_csv_file_of_series_that_does_not_fit_is_refused(
    house: Path, header: str, rows: int, line: str, sentences: Sequence[str]
) -> None:
    year(house, header, rows, line)
    found = refused(house, *file(house, "series = 'year.csv'"))
    assert [one.replace("\\", "/") for one in found] == [
        one.replace("{folder}", house.parents[1].as_posix()) for one in sentences
    ]


def test_rows_and_gaps_of_a_series_are_told_together(house: Path) -> None:
    """Proves: a longer series is not cut to size by its blank rows. Sensitivity: without them it has 48 values."""
    lines = [str(hour) if hour not in range(10, 34) else "" for hour in range(72)]
    (house.parents[1] / "year.csv").write_text("\n".join(["demand", *lines]), encoding="utf-8")
    path = (house.parents[1] / "year.csv").as_posix()
    found = refused(house, *file(house, "series = 'year.csv'"))
    assert [one.replace("\\", "/") for one in found] == [
        "Series!B2:B49 (demand): must be 48 values, got 72 rows (a leap year has a day more: leave one out); "
        f"{path}: the column demand must have a number in each of its 72 rows: line 12 is blank, line 13 is blank, "
        "line 14 is blank and 21 more; gaps are not filled in: write values there"
    ]


def test_a_series_of_decimal_commas_with_times_is_read_with_a_note(house: Path) -> None:
    lines = [f"{1 + hour // 24:02d}.01.2024 {hour % 24:02d}:00;{hour},5" for hour in range(HOURS)]
    (house.parents[1] / "year.csv").write_text("\n".join(["Zeit;demand", *lines]), encoding="utf-8")
    report = made(house, *file(house, "series = 'year.csv'"))
    assert values(report.run.written, "demand") == [[hour + 0.5] for hour in range(HOURS)]
    assert any("decimal commas are read as such, 0,5 as 0.5" in note for note in report.run.notes)


def test_a_series_whose_times_repeat_is_refused(house: Path) -> None:
    lines = [f"2024-01-0{1 + hour // 24} {hour % 24 - (hour == 5):02d}:00,{hour}" for hour in range(HOURS)]
    (house.parents[1] / "year.csv").write_text("\n".join(["time,demand", *lines]), encoding="utf-8")
    (problem,) = refused(house, *file(house, "series = 'year.csv'"))
    assert "the column time must have times of equal steps: line 7 repeats 2024-01-01 04:00" in problem


def test_a_number_with_two_meanings_is_refused_by_every_door(house: Path) -> None:
    sentence = "Prices!D2 (heat_sold_mwh): must be a number with one meaning, got '9.000'; write 9000 or 9.0"
    for given in (
        given_settings(["heat_sold_mwh=9.000"]),
        file(house, "heat_sold_mwh = '9.000'"),
        file(house, "heat_sold_mwh = { value = '9.000', unit = 'MWh' }"),
        file(house, "name,value\nheat_sold_mwh,9.000\n", "town.csv"),
    ):
        assert refused(house, *given) == (sentence,)
    assert made(house, *file(house, "heat_sold_mwh = 9.000")).inputs[0].new == 9.0


def test_text_in_an_hourly_file_is_told_with_its_cell(house: Path) -> None:
    year(house, "hour,demand", line="{hour},=cmd|A{value}")
    problems = refused(house, *file(house, "series = 'year.csv'"))
    assert problems[0] == "Series!B2 (demand): must be a number, got '=cmd|A100'"
    assert problems[-1] == "and 28 more"


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("town.xlsm", "town.xlsm: must end in .xlsx as the template holds no macros"),
        ("templates/house.xlsx", "templates/house.xlsx: is the workbook that is read; write to another file"),
        ("none/town.xlsx", "none/town.xlsx: the folder {folder}/none does not exist"),
        ("templates/other.xlsx", "templates/other.xlsx: exists already; --force replaces it"),
    ],
)
def test_where_no_workbook_can_be_written_it_is_refused(house: Path, out: str, sentence: str) -> None:
    house.with_name("other.xlsx").write_bytes(b"precious")
    (problem,) = refused(house, out=out)
    folder = house.parents[1].as_posix()
    assert problem.replace("\\", "/") == f"{folder}/{sentence.replace('{folder}', folder)}"


def test_an_existing_file_is_replaced_on_demand_only(house: Path) -> None:
    target = house.parents[1] / "town.xlsx"
    target.write_bytes(b"old")
    assert "exists already" in refused(house)[0]
    assert made(house, replace=True).run.written == target
    assert target.read_bytes()[:2] == b"PK"


def test_an_error_in_the_new_workbook_leaves_nothing_behind(house: Path) -> None:
    (problem, *_) = refused(house, *given_settings(["trench_length_m=0"]))
    assert problem == "'My plant'!B3: DH_LHD: trench_length_m must be > 0 m, got 0"


def test_a_template_without_the_published_names_is_refused_by_its_own_path(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "house.xlsx")
    lost = rezipped(book.read_bytes(), lambda _, data: data.replace(b'name="npv_eur_2"', b'name="npv_eur_x"'))
    book.write_bytes(lost)
    with pytest.raises(DhxlError, match=r"house\.xlsx: published names are missing: npv_eur_2"):
        new(tmp_path / "out.xlsx", str(book))


def test_a_template_file_of_excel_becomes_a_workbook(house: Path) -> None:
    template = house.with_suffix(".xltx")
    kinds = (b"spreadsheetml.sheet.main", b"spreadsheetml.template.main")
    template.write_bytes(rezipped(house.read_bytes(), lambda _, data: data.replace(*kinds)))
    assert kinds[1] in members(template)["[Content_Types].xml"]
    out = made(template).run.written
    assert members(out)["[Content_Types].xml"] == members(house)["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("biomas", "there is no template 'biomas'; did you mean biomass? (templates: geothermal, biomass, "),
        ("coal", "there is no template 'coal' (templates: geothermal, biomass, or the path of a workbook)"),
        ("none/house.xlsx", "house.xlsx: does not exist"),
        ("none/house.ods", "there is no template 'none/house.ods' (templates: geothermal, "),
    ],
)
def test_an_unknown_template_is_refused(tmp_path: Path, template: str, sentence: str) -> None:
    with pytest.raises(DhxlError) as caught:
        new(tmp_path / "out.xlsx", template)
    assert sentence in str(caught.value).replace("\\", "/")


def test_the_wheel_takes_the_templates_from_the_files_of_the_repository() -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        packed = tomllib.load(stream)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    workbooks = {one.source: f"dhxl/{one.packed}" for one in TEMPLATES.values()}
    assert packed == {**workbooks, "templates/vba": "dhxl/templates/vba"}
    for name, template in TEMPLATES.items():
        assert template_file(name) == REPOSITORY / template.source


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_makes_a_workbook_without_findings(tmp_path: Path, template: str) -> None:
    out = tmp_path / "town.xlsm"
    report = new(out, template, given_settings(["heat_tariff_eur_per_mwh=120", "price_scenario=High", "solution=2"]))
    found = check(out)
    assert (found.findings, found.checks_total, report.run.checks_total) == ((), 0, 0)
    assert report.run.engine_live
    assert values(out, "stale") == [[0]]


def test_a_house_template_keeps_its_logo_its_sheet_and_its_own_cash_flow(tmp_path: Path) -> None:
    """Proves: only inputs and results differ. Sensitivity: without the changed formula the NPV is the standard's."""
    template, house = users_variant(tmp_path / "users.xlsm"), tmp_path / "house.xlsm"
    shutil.copyfile(template, house)
    package = Package.open(template)
    flow = package.resolve("capex_flow_eur_2")
    cells = package.cells(flow.sheet)
    cell = cells.cells[flow.first_row, flow.first_col + 1]
    xml = re.sub(rb"(<f[^>]*>)([^<]*)</f>", rb"\1(\2)-500000</f>", cells.xml[cell.start : cell.end])
    sheet = cells.xml[: cell.start] + xml + cells.xml[cell.end :]
    house.write_bytes(package.rebuilt({package.sheet(flow.sheet).part: sheet}))
    run(house, stale=True)  # as a spreadsheet program calculates after the formula was changed
    given = given_settings(["heat_demand_mwh=40000", "storage_m3=150", "price_scenario=Low"])
    standard = new(tmp_path / "standard.xlsm", str(template), given).run
    report = new(tmp_path / "town.xlsm", str(house), given).run

    npv = [one.solutions[1].values["npv_eur"] for one in (standard, report)]
    assert npv[0] - npv[1] == pytest.approx(500_000, rel=0.2)  # discounted by a year
    before, after = Package.open(house), Package.open(report.written)
    assert list(members(house)) == list(members(report.written))
    sheets = {sheet.part for sheet in before.sheets}
    kept = {name: data for name, data in members(house).items() if name not in sheets}
    assert {name: data for name, data in members(report.written).items() if name not in sheets} == kept
    assert {"xl/media/image901.png", "xl/vbaProject.bin", "xl/charts/chart901.xml", "xl/unknown.dat"} <= set(kept)
    assert before.names == after.names
    for entry in before.sheets:
        old, made_new = before.cells(entry.name), after.cells(entry.name)
        assert {at: one.formula for at, one in old.cells.items() if one.formula is not None} == {
            at: one.formula for at, one in made_new.cells.items() if one.formula is not None
        }
        assert {at: one.style for at, one in old.cells.items()} == {at: one.style for at, one in made_new.cells.items()}
        assert old.xml[: old.data[0]] == made_new.xml[: made_new.data[0]]
        assert old.xml[old.data[1] :] == made_new.xml[made_new.data[1] :]
    assert after.cells(OWN_SHEET).value(2, 2) == pytest.approx(npv[1] / 1000, rel=1e-12)


def test_a_workbook_that_keeps_the_titles_of_the_template_says_so(tmp_path: Path) -> None:
    given = [Given("heat_tariff_eur_per_mwh", 120.0, "--set")]
    kept = new(tmp_path / "kept.xlsm", given=given).run.notes[0]
    assert "project_title (Geothermal district heating, northern Italy) and case_title (" in kept


def test_a_town_with_a_title_of_its_own_bears_it_everywhere_and_no_note_of_the_study(tmp_path: Path) -> None:
    titles = [Given("project_title", "Nord & Süd", "--set"), Given("case_title", "Draft", "--set")]
    report = new(tmp_path / "own.xlsm", given=titles)
    package = Package.open(tmp_path / "own.xlsm")
    assert not [note for note in report.run.notes if "title" in note]
    assert "<dc:title>Nord &amp; Süd</dc:title>" in package.part("docProps/core.xml").decode()
    note = package.resolve("study_note")
    assert Package.open(REPOSITORY / "workbook.xlsm").values(note)[0][0]
    assert package.values(note) == [[None]]
