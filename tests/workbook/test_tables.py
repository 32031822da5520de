"""Excel tables and structured references."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from dhxl.workbook.package import Package
from dhxl.workbook.tables import Table, plain_references, tables

SALES = Table("Sales", "Bob's town", 2, 3, 6, 1, 1, ("year", "heat [MWh]", "it's #1"))
KNOWN = {"sales": SALES}
TOWN = "'Bob''s town'!"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("SUM(Sales[year])", f"SUM({TOWN}$C$3:$C$5)"),
        ("SUM(sales[YEAR])", f"SUM({TOWN}$C$3:$C$5)"),
        ("SUM(Sales)", f"SUM({TOWN}$C$3:$E$5)"),
        ("SUM(Sales[])", f"SUM({TOWN}$C$3:$E$5)"),
        ("SUM(Sales[#All])", f"SUM({TOWN}$C$2:$E$6)"),
        ("SUM(Sales[#Data])", f"SUM({TOWN}$C$3:$E$5)"),
        ("COUNTA(Sales[#Headers])", f"COUNTA({TOWN}$C$2:$E$2)"),
        ("Sales[[#Totals],[year]]", f"{TOWN}$C$6"),
        ("SUM(Sales[[#Headers],[#Data],[year]])", f"SUM({TOWN}$C$2:$C$5)"),
        ("SUM(Sales[[year]:[heat '[MWh']]])", f"SUM({TOWN}$C$3:$D$5)"),
        ("Sales[[#This Row],[it''s '#1]]*2", f"{TOWN}$E$4*2"),
        ("SUM(Sales[[#This Row],[year]:[it''s '#1]])", f"SUM({TOWN}$C$4:$E$4)"),
        ("Sales[gone]", "#REF!"),
        ('"Sales[year]"&Sales_2&MySales[year]&Sheet!Sales', '"Sales[year]"&Sales_2&MySales[year]&Sheet!Sales'),
        ("Sales(1)+'Sales'!A1", "Sales(1)+'Sales'!A1"),
    ],
)
def test_a_structured_reference_becomes_a_plain_one(text: str, plain: str) -> None:
    assert plain_references(text, KNOWN, 4) == plain


def test_this_row_outside_the_data_is_a_value_error() -> None:
    assert plain_references("Sales[[#This Row],[year]]", KNOWN, 9) == "#VALUE!"


def test_a_table_without_totals_has_none_to_refer_to() -> None:
    assert plain_references("T[#Totals]", {"t": Table("T", "A", 1, 1, 3, 1, 0, ("x",))}, 1) == "#REF!"


def test_the_tables_of_a_workbook_are_found_with_their_columns(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("Bob's town")
        columns = [{"header": "year", "total_string": "all"}, {"header": "heat & power"}]
        sheet.add_table("C2:D6", {"name": "Sales", "columns": columns, "total_row": True})
        sheet.add_table("H1:H4", {"name": "Bare", "header_row": False})
    assert tables(Package.open(tmp_path / "book.xlsx")) == (
        Table("Sales", "Bob's town", 2, 3, 6, 1, 1, ("year", "heat & power")),
        Table("Bare", "Bob's town", 1, 8, 4, 0, 0, ("Column1",)),
    )
