"""Values for inputs as people write them: on the command line, in TOML and CSV files, with units."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhxl.errors import DhxlError, InputError
from dhxl.studies.given import COMMAND_LINE, LARGEST_TOML, Given, given_in_file, given_settings
from dhxl.studies.readings import read_value
from dhxl.workbook.values import CellValue


def in_file(folder: Path, content: str, name: str = "town.toml") -> tuple[Given, ...]:
    (folder / name).write_text(content, encoding="utf-8")
    return given_in_file(folder / name)


def refused(folder: Path, content: str, name: str = "town.toml") -> tuple[str, ...]:
    with pytest.raises(DhxlError) as caught:
        in_file(folder, content, name)
    return tuple(problem.replace(f"{folder / name}: ", "") for problem in caught.value.problems)


def test_a_setting_is_a_name_and_the_text_behind_the_first_sign_of_equality() -> None:
    (one,) = given_settings([" project_title = A=B "])
    assert (one.name, one.value, one.origin) == ("project_title", "A=B", COMMAND_LINE)


def test_all_settings_that_are_none_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        given_settings(["a", "=3", "b=", "c=1"])
    assert [problem.partition("got ")[2] for problem in caught.value.problems] == ["'a'", "'=3'", "'b='"]


def test_toml_gives_values_with_unit_and_source_lists_rows_and_groups(tmp_path: Path) -> None:
    found = in_file(
        tmp_path,
        """
        heat_demand_mwh = 30_000
        storage_m3 = { value = 200, unit = "m³", source = "offer" }
        share = [0.5, 1]
        sections = [[100, 1], [80, 2]]
        [Prices]
        price_scenario = "Low"
        live = true
        [[units_1]]
        unit = "Boiler"
        heat_mw = 3
        """,
    )
    values = {one.name: one.value for one in found}
    assert values == {
        "heat_demand_mwh": 30000.0,
        "storage_m3": 200.0,
        "share": (0.5, 1.0),
        "sections": ((100.0, 1.0), (80.0, 2.0)),
        "price_scenario": "Low",
        "live": True,
        "units_1": ({"unit": "Boiler", "heat_mw": 3.0},),
    }
    assert (found[1].unit, found[1].source, found[1].origin, found[1].folder) == ("m³", "offer", "town.toml", tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a = nan", "a: must be a finite number, got nan"),
        ("a = inf", "a: must be a finite number, got inf"),
        pytest.param(f"a = 1{'0' * 400}", "a: must be a finite number, got a larger one", id="large number"),
        ("a = 1979-05-27", "a: must be a number, a text, true or false, a list of them, or rows of them, got a date"),
        ("a = []", "a: must be a number, a text, true or false, a list of them, or rows of them, got an empty list"),
        ("a = [1, [2]]", "a: must be a number, a text, true or false, a list of them, or rows of them, got a mixture"),
        ("a = { value = 1, units = 'm' }", "a: knows value, unit, source, got units"),
        ("a = { value = 1, unit = 3 }", "a: unit and source must be texts"),
        ("[a.b]\nc = 1", "a.b: must be an input or { value = ..., unit = ... }"),
        ('"\\u001b[31m" = 1', "'\\x1b[31m' is no name"),
        ("a = 1\na = 2", "is no proper TOML (Cannot overwrite a value"),
        pytest.param("a = " + "[" * 5000, "is nested too deeply", id="deep"),
        pytest.param(f"a = 1{'0' * 5000}", "is no proper TOML", id="long number"),
        pytest.param("#" * (LARGEST_TOML + 1), f"has {LARGEST_TOML + 1:,} bytes, at most {LARGEST_TOML:,}", id="large"),
    ],
)
def test_a_toml_file_that_cannot_be_understood_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (problem,) = refused(tmp_path, content)
    assert problem.startswith(sentence)


def test_csv_gives_names_values_units_and_sources_in_any_order(tmp_path: Path) -> None:
    found = in_file(
        tmp_path, "Unit;Name;Value;source\nMWh;heat_demand_mwh;30000;meter\n;;;\n;title; My town ;\n", "a.csv"
    )
    assert [(one.name, one.value, one.unit, one.source) for one in found] == [
        ("heat_demand_mwh", 30000.0, "MWh", "meter"),
        ("title", "My town", "", ""),
    ]


def test_a_csv_list_with_decimal_commas_is_read_with_a_note_and_each_value_stands_for_itself(tmp_path: Path) -> None:
    content = "name;value;unit\ndiscount_rate;0,05;\nshare;4,5 %;\ncapex_eur;500.000;EUR\nother_eur;12,500;\n"
    found = in_file(tmp_path, f"{content}title;Nord, Süd 1,5;\nload_mw;20;\n", "a.csv")
    assert [one.value for one in found] == [0.05, "4.5 %", "500.000", "12,500", "Nord, Süd 1,5", 20.0]
    assert [note.partition(": ")[2] for note in found[0].notes] == ["decimal commas are read as such, 0,05 as 0.05"]
    assert in_file(tmp_path, "name;value\na;0.05\nb;0,05\nc;500.000\n", "b.csv")[1].value == "0,05"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name\na", "the header must be name, value and where wanted unit, source, got name"),
        (
            "name,value,price\na,1,2",
            "the header must be name, value and where wanted unit, source, got name, value, price",
        ),
        (
            "name,value,name\na,1,b",
            "the header must be name, value and where wanted unit, source, got name, value, name",
        ),
        ("name,value\na,", "line 2 must have a name and a value, got 'a'"),
        ("name,value\n\n,3", "line 3 must have a name and a value, got '3'"),
        ("", "the file is empty"),
    ],
)
def test_a_csv_file_that_cannot_be_understood_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    assert refused(tmp_path, content, "town.csv") == (sentence,)


def test_other_kinds_of_files_and_missing_ones_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: 1", "town.yaml") == ("must end in .toml or .csv",)
    for name in ("town.toml", "town.csv"):
        with pytest.raises(DhxlError, match="does not exist"):
            given_in_file(tmp_path / "none" / name)


@pytest.mark.parametrize(
    ("value", "unit", "name", "own", "expected"),
    [
        (200.0, "", "storage_m3", 100.0, 200.0),
        ("200 m³", "", "storage_m3", 100.0, 200.0),
        ("200m3", "", "storage_m3", 100.0, 200.0),
        ("2e2", "m3", "storage_m3", 100.0, 200.0),
        ("-.5", "", "discount_rate", 0.05, -0.5),
        ("0.125", "", "discount_rate", 0.05, 0.125),
        ("-0.500", "", "discount_rate", 0.05, -0.5),
        ("1234.567", "", "length_m", 1.0, 1234.567),
        ("12.5000", "", "length_m", 1.0, 12.5),
        ("500000 EUR", "", "capex_eur", 1.0, 500000.0),
        (500.0, "", "capex_eur", 1.0, 500.0),
        ("1.250e3", "", "length_m", 1.0, 1250.0),
        ("4 %", "", "discount_rate", 0.05, 0.04),
        (4.0, "%", "discount_rate", 0.05, 0.04),
        ("3.43%", "", "discount_rate", 0.05, 0.0343),
        ("90 degC", "", "supply_degc", 80.0, 90.0),
        ("90°C", "", "supply_degc", 80.0, 90.0),
        ("0.5 €/Sm3", "", "gas_price_eur_per_sm3_low", 0.3, 0.5),
        ("114 eur_per_mwh", "", "heat_tariff_eur_per_mwh", 100.0, 114.0),
        ("6000 MWh/a", "", "heat_demand_mwh", 1.0, 6000.0),
        ("2 MWh/(m*a)", "", "density_mwh_per_m", 1.0, 2.0),
        (3.0, "", "title", "old", "3"),
        ("  two towns ", "", "title", "old", "two towns"),
        ("TRUE", "", "live", False, True),
        (0.0, "", "live", True, False),
        ("5", "", "note", None, "5"),
        (5.0, "", "note", None, 5.0),
        ("low", "", "price_scenario", "Medium", "Low"),
    ],
)
def test_a_value_becomes_what_its_cell_takes(
    value: float | str, unit: str, name: str, own: CellValue, expected: object
) -> None:
    found = read_value(value, unit, name, own, ["Low", "Medium"] if name == "price_scenario" else [])
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "unit", "name", "own", "sentence"),
    [
        ("200 l", "", "storage_m3", 100.0, "must be in m³, got 'l'"),
        (200.0, "kW", "peak_mw", 100.0, "must be in MW, got 'kW'"),
        ("20 mW", "", "peak_mw", 100.0, "must be in MW, got 'mW'"),
        ("4 %", "", "storage_m3", 100.0, "must be in m³, got '%'"),
        ("3 EUR", "", "discount_rate", 0.05, "must be a share without a unit, or with %, got 'EUR'"),
        ("3 m", "km", "length_m", 1.0, "must have one unit, got 'm' and 'km'"),
        ("0,05", "", "discount_rate", 0.05, "must be a number with a decimal point, got '0,05'"),
        ("1,000", "", "length_m", 1.0, "must be a number with one meaning, got '1,000'; write 1000 or 1.0"),
        ("500.000", "", "capex_eur", 1.0, "must be a number with one meaning, got '500.000'; write 500000 or 500.0"),
        ("500.000 EUR", "", "capex_eur", 1.0, "must be a number with one meaning, got '500.000 EUR'; write 500000 or"),
        ("500.000", "EUR", "capex_eur", 1.0, "must be a number with one meaning, got '500.000'; write 500000 or 500.0"),
        ("-12.500", "", "capex_eur", 1.0, "must be a number with one meaning, got '-12.500'; write -12500 or -12.5"),
        ("1.250", "", "p_eur_per_mwh", 1.0, "must be a number with one meaning, got '1.250'; write 1250 or 1.25"),
        (
            "12.345 %",
            "",
            "discount_rate",
            0.1,
            "must be a number with one meaning, got '12.345 %'; write 12345",
        ),
        (
            "5.000.000",
            "",
            "a_eur",
            1.0,
            "must be a number without thousands separators, got '5.000.000'; write 500",
        ),
        ("5,000,000.5", "", "a_eur", 1.0, "must be a number without thousands separators, got '5,000,000.5'; write 50"),
        ("1.234,5", "", "a_eur", 1.0, "must be a number without thousands separators, got '1.234,5'; write 1234.5"),
        ("12 500", "", "a_eur", 1.0, "must be a number without thousands separators, got '12 500'; write 12500"),
        (
            "12'500 EUR",
            "",
            "a_eur",
            1.0,
            'must be a number without thousands separators, got "12\'500 EUR"; write',
        ),
        (
            "12\u202f500",
            "",
            "a_eur",
            1.0,
            "must be a number without thousands separators, got '12\\u202f500'; wri",
        ),
        ("-1,5 %", "", "discount_rate", 0.1, "must be a number with a decimal point, got '-1,5 %'; write -1.5"),
        ("1.2.3", "", "length_m", 1.0, "must be a number, got '1.2.3'"),
        ("nan", "", "length_m", 1.0, "must be a number, got 'nan'"),
        ("1e999", "", "length_m", 1.0, "must be a finite number, got '1e999'"),
        ("=1+1", "", "length_m", 1.0, "must be a number, got '=1+1'"),
        (True, "", "length_m", 1.0, "must be a number, got true"),
        ("perhaps", "", "live", True, "must be true or false, got 'perhaps'"),
        ("town", "m", "title", "old", "must be a text without a unit, got 'm'"),
        ("=cmd|' /C calc'!A0", "", "title", "old", "must be a text that does not begin as a formula, got"),
        ("@SUM(A1)", "", "title", "old", "must be a text that does not begin as a formula, got"),
        ("+1+cmd", "", "title", None, "must be a text that does not begin as a formula, got"),
        ("a\nb", "", "title", "old", "must be a text of one line, got"),
        ("a\0b", "", "title", "old", "must be a text of one line, got"),
        pytest.param("x" * 32768, "", "title", "old", "must have at most 32,767 characters", id="long text"),
    ],
)
def test_a_value_that_does_not_fit_its_cell_is_refused(
    value: float | str, unit: str, name: str, own: CellValue, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_value(value, unit, name, own)
    assert str(caught.value).startswith(sentence)
