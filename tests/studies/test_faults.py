"""Causes of error values: said once, with the cells that a function's sentence is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dhxl.hosts.headless import Model
from dhxl.studies.faults import faults
from tests.hosts.books import Change, feasibility_book


def found(path: Path, change: Change) -> list[str]:
    with Model.open(feasibility_book(path / "book.xlsx", change)) as model:
        model.calculate()
        return faults(model, ["payback_years_1"])


def results(*cells: tuple[str, Any]) -> Change:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        for cell, value in cells:
            sheets["Results"].write(cell, value)

    return change


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("=DH_PAYBACK(H1:H3)", "DH_PAYBACK: flows_eur (value 2 of 3) must be a number in EUR, got 'x'; see Results!H2"),
        ("=DH_PAYBACK(Results!H1:I3)",
         "DH_PAYBACK: flows_eur must be one row or one column, got 3 rows x 2 columns; see Results!H1:I3"),
        ("=DH_PAYBACK(flows)", "DH_PAYBACK: flows_eur (value 2 of 3) must be a number in EUR, got 'x'; see Results!H2"),
        ("=DH_PAYBACK(H2)", "DH_PAYBACK: flows_eur must be a number in EUR, got 'x'"),
        ('=DH_PAYBACK({1,"x"})', "DH_PAYBACK: flows_eur (value 2 of 2) must be a number in EUR, got 'x'"),
        ("=DH_PAYBACK(H1:H3)+DH_PAYBACK(I1:I3)",
         "DH_PAYBACK: flows_eur (value 2 of 3) must be a number in EUR, got 'x'"),
    ],
)  # fmt: skip
def test_a_sentence_on_a_range_leads_to_the_cell_where_the_formula_tells_it(
    tmp_path: Path, formula: str, sentence: str
) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        book.define_name("flows", "=Results!$H$1:$H$3")
        results(("H1", -5), ("H2", "x"), ("H3", 9), ("I1", -5), ("I2", 1), ("I3", 9), ("F1", formula))(book, sheets)

    assert found(tmp_path, change) == [f"Results!F1: {sentence}"]


UNITS = (("unit", "type", "heat_mw", "heat_efficiency", "fuel_eur_per_mwh"), ("A", "boiler", 9, 0.9, 40))
SERIES = (("demand_mw", "electricity_eur_per_mwh"), (1, 50), (2, 60), (3, 70))


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        (
            "J2",
            "much",
            "units row 2 (A), heat_mw must be a number or the name of a series column (demand_mw, "
            "electricity_eur_per_mwh), got 'much'; see Results!J2",
        ),
        ("J1", "heat_mv", "units has no column heat_mw; see Results!H1:L2"),
        ("I1", "unit", "units has two columns unit; see Results!H1"),
        ("O3", -2, "series row 3, demand_mw must be >= 0 MW, got -2; see Results!O3"),
        ("S1", -1, "settings row 1, storage_mwh must be >= 0 MWh, got -1; see Results!S1"),
    ],
)
def test_a_sentence_on_a_table_leads_to_its_cell_by_row_and_column_title(
    tmp_path: Path, cell: str, value: object, sentence: str
) -> None:
    def change(_: Any, sheets: dict[str, Any]) -> None:
        sheet = sheets["Results"]
        for row in (0, 1):
            sheet.write_row(row, 7, UNITS[row])
        for row, entries in enumerate(SERIES):
            sheet.write_row(row, 14, entries)
        sheet.write_row("R1", ("storage_mwh", 5))
        sheet.write(cell, value)
        for row in (0, 1, 2):
            sheet.write(row, 5, '=DH_DISPATCH_VALUE(H1:L2,O1:P4,R1:S1,"cost_eur")')

    sentences = found(tmp_path, change)
    assert f"Results!F1: DH_DISPATCH_VALUE: {sentence}" in sentences
    assert not any(line.startswith(("Results!F2", "Results!F3")) for line in sentences), "one cause is said once"


def test_a_missing_name_is_said_once_with_the_number_of_cells(tmp_path: Path) -> None:
    change = results(*((f"F{row}", "=heat_tarif_eur_per_mwh*2") for row in range(1, 9)), ("G1", "=SUM(F1:F8)"))
    assert found(tmp_path, change) == [
        "Results!F1 (and 7 more cells): uses the name heat_tarif_eur_per_mwh, which does not exist; "
        "did you mean heat_tariff_eur_per_mwh? (=heat_tarif_eur_per_mwh*2)"
    ]


def test_a_name_that_lost_its_cells_is_said_once(tmp_path: Path) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        book.define_name("lost", "=Results!#REF!")
        results(("F1", "=lost+1"), ("F2", "=DH_PAYBACK(lost)"))(book, sheets)

    assert found(tmp_path, change) == [
        "Results!F1 (and 1 more cell): uses the name lost, whose cells or sheet were deleted (=lost+1)"
    ]


def test_an_input_that_spoils_many_cells_is_said_once(tmp_path: Path) -> None:
    change = results(("F1", "abc"), *((f"G{row}", "=$F$1+1") for row in range(1, 9)))
    assert found(tmp_path, change) == [
        "Results!F1: holds text 'abc' where a number is expected (Results!G1 gives #VALUE!)"
    ]
