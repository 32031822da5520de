"""Inputs checked against their data validations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.studies.inputs import input_problems, unmet_validations
from dhxl.studies.outputs import unit_of
from dhxl.workbook.package import Package


def problems(path: Path, write: Callable[[Any, Any], None]) -> list[str]:
    with xlsxwriter.Workbook(path / "book.xlsx") as book:
        write(book, book.add_worksheet("In"))
    return unmet_validations(Package.open(path / "book.xlsx"))


def rule(held: Any, options: dict[str, Any]) -> Callable[[Any, Any], None]:
    def write(book: Any, sheet: Any) -> None:
        if held is not None:
            sheet.write("B2", held)
        sheet.write("D1", 3)
        sheet.write_column("E1", ("Low", "High", 7))
        book.define_name("limit", "=In!$D$1")
        book.define_name("choices", "=In!$E$1:$E$3")
        sheet.data_validation("B2", options)

    return write


@pytest.mark.parametrize(
    ("value", "options", "wanted"),
    [
        (5, {"validate": "decimal", "criteria": "<", "value": 5}, "a decimal < 5"),
        (5, {"validate": "decimal", "criteria": "<=", "value": 5}, ""),
        (5, {"validate": "decimal", "criteria": "=", "value": 4}, "a decimal = 4"),
        (5, {"validate": "decimal", "criteria": "!=", "value": 5}, "a decimal <> 5"),
        (5, {"validate": "decimal", "criteria": ">", "value": 5}, "a decimal > 5"),
        (5, {"validate": "decimal", "criteria": "not between", "minimum": 4, "maximum": 6},
         "a decimal not between 4 and 6"),
        (5.5, {"validate": "integer", "criteria": ">=", "value": 0}, "a whole number >= 0"),
        (5, {"validate": "decimal", "criteria": "<=", "value": "=$D$1"}, "a decimal <= 3"),
        (5, {"validate": "decimal", "criteria": "<=", "value": "=limit"}, "a decimal <= 3"),
        (5, {"validate": "decimal", "criteria": "<=", "value": "=D1"}, ""),
        (5, {"validate": "decimal", "criteria": "<=", "value": "=D1*2-9"}, ""),
        ("5", {"validate": "decimal", "criteria": "<=", "value": "=D1*2-9"}, "a decimal"),
        ("High", {"validate": "list", "source": ["Low", "High"]}, ""),
        ("high ", {"validate": "list", "source": ["Low", "High"]}, ""),
        ("Mid", {"validate": "list", "source": "=$E$1:$E$3"}, "one of Low, High, 7"),
        ("Mid", {"validate": "list", "source": "=choices"}, "one of Low, High, 7"),
        (7, {"validate": "list", "source": "=choices"}, ""),
        ("Mid", {"validate": "list", "source": "=nobody"}, ""),
        ("text", {"validate": "length", "criteria": "<", "value": 2}, ""),
        (5, {"validate": "decimal", "criteria": "<", "value": 5, "error_type": "warning"}, ""),
        ("x", {"validate": "decimal", "criteria": "<", "value": 5, "error_type": "warning"}, "a decimal < 5"),
        (None, {"validate": "decimal", "criteria": "<", "value": 5, "ignore_blank": False}, ""),
    ],
)  # fmt: skip
def test_a_value_is_held_against_its_rule(tmp_path: Path, value: Any, options: dict[str, Any], wanted: str) -> None:
    found = problems(tmp_path, rule(value, options))
    assert bool(found) == bool(wanted)
    assert not wanted or found[0].startswith(f"In!B2: must be {wanted}, got ")


def test_a_named_input_may_be_blank_only_where_its_rule_says_so(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        book.define_name("storage_m3", "=In!$B$2")
        sheet.data_validation("B2", {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": False})
        book.define_name("peak_mw", "=In!$B$3")
        sheet.data_validation("B3", {"validate": "decimal", "criteria": ">=", "value": 0})

    assert problems(tmp_path, write) == ["In!B2 (storage_m3): must be a decimal >= 0, got a blank cell"]


def test_formulas_are_not_inputs(tmp_path: Path) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_formula("B2", '="abc"', None, "abc")
        sheet.write_array_formula("B3:B4", '{="abc"}')
        sheet.data_validation("B2:B4", {"validate": "decimal", "criteria": ">=", "value": 0})

    assert problems(tmp_path, write) == []


def test_a_rule_for_a_whole_column_is_checked_where_there_are_cells(tmp_path: Path) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_column("B1", (1, 2, -3, "x"))
        sheet.data_validation("B1:B1048576", {"validate": "decimal", "criteria": ">=", "value": 0})

    assert problems(tmp_path, write) == [
        "In!B3: must be a decimal >= 0, got -3",
        "In!B4: must be a decimal >= 0, got 'x'",
    ]


def hourly(rows: int, options: dict[str, Any]) -> Callable[[Any, Any], None]:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_column("B1", [5.0] * rows)
        sheet.write_blank("B9", None, book.add_format({"bold": True}))
        book.define_name("outdoor_degc", f"=In!$B$1:$B${rows}")
        sheet.data_validation(0, 1, rows - 1, 1, {"validate": "decimal", "criteria": ">=", "value": -60, **options})

    return write


def test_no_hour_of_a_year_may_be_blank(tmp_path: Path) -> None:
    assert problems(tmp_path, hourly(8760, {"ignore_blank": False})) == [
        "In!B9 (outdoor_degc): must be a decimal >= -60, got a blank cell"
    ]
    assert problems(tmp_path, hourly(8760, {})) == []


def test_a_year_must_have_its_hours(tmp_path: Path) -> None:
    assert problems(tmp_path, hourly(8761, {})) == [
        "In!B1:B8761 (outdoor_degc): must have 8760 or 8784 rows, one for each hour of a year "
        "(or 35040 or 35136 quarter-hours), got 8761"
    ]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("npv_eur_1", "EUR"),
        ("payback_years_4", "a"),
        ("gas_price_eur_per_sm3_medium", "EUR/Sm³"),
        ("supply_degc", "°C"),
        ("linear_heat_density_mwh_per_m", "MWh/(m·a)"),
        ("irr_1", "-"),
        ("ChecksTotal", "-"),
    ],
)
def test_the_unit_of_a_name_is_its_suffix(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def unmet_beside(path: Path, write: Callable[[Any, Any], None]) -> tuple[list[str], list[str]]:
    """Return the problems of a workbook whose sheet Own has a rule that is not met, and those that stop a run."""
    with xlsxwriter.Workbook(path / "book.xlsx") as book:
        own, results = book.add_worksheet("Own"), book.add_worksheet("Results")
        own.write("A1", 44562)
        own.data_validation("A1", {"validate": "list", "source": ["Jan-2022", "Feb-2022"]})
        results.write("A1", 7)
        results.data_validation("A1", {"validate": "decimal", "criteria": "<", "value": 5})
        results.write("B1", 1)
        book.define_name("npv_eur_1", "=Results!$B$1")
        write(book, {"Own": own, "Results": results})
    package = Package.open(path / "book.xlsx")
    return unmet_validations(package), input_problems(package)


OWN = "Own!A1: must be one of Jan-2022, Feb-2022, got 44562"
RESULT = "Results!A1: must be a decimal < 5, got 7"


def test_a_rule_of_a_foreign_sheet_stops_no_run(tmp_path: Path) -> None:
    assert unmet_beside(tmp_path, lambda _book, _sheets: None) == ([OWN, RESULT], [RESULT])


@pytest.mark.parametrize(
    "write",
    [
        lambda _, sheets: sheets["Results"].write_formula("C1", "=own!A1*2", None, 1),
        lambda _, sheets: sheets["Results"].write_formula("C1", "=SUM('Own'!A:A)", None, 1),
        lambda _, sheets: sheets["Results"].write_formula("C1", '=INDIRECT("Own!A"&1)', None, 1),
        lambda book, sheets: (
            book.define_name("months", "=Own!$A$1"),
            sheets["Results"].write_formula("C1", "=Months+1", None, 1),
        ),
        lambda book, sheets: (
            sheets["Results"].write_formula("C1", "=Between!A1", None, 1),
            book.add_worksheet("Between").write_formula("A1", "=Own!A1", None, 1),
        ),
        lambda _, sheets: sheets["Own"].write_formula("B1", "=DH_LHD(6000,3000)", None, 2),
        lambda book, _: book.define_name("outdoor_degc", "=Own!$C$1:$C$8760"),
    ],
    ids=["reference", "column", "text", "name", "by way of another", "function", "known name"],
)
def test_a_rule_of_a_sheet_that_results_rest_on_stops_the_run(
    tmp_path: Path, write: Callable[[Any, Any], None]
) -> None:
    found = unmet_beside(tmp_path, write)[1]
    assert [problem.replace(" (months)", "") for problem in found] == [OWN, RESULT]
