"""An open workbook: its engine's copy, named inputs and outputs, array formulas, what is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhxl.errors import WorkbookError
from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.workbook.package import Package
from tests.hosts.books import feasibility_book
from tests.workbook.books import rezipped


def calculated(
    path: Path, write: Callable[[Any, Any], None], *, registered: bool = True, area: bytes | None = None
) -> Model:
    """Write a workbook of the sheets My sheet and Data, open and calculate it."""
    with xlsxwriter.Workbook(path / "book.xlsx") as book:
        sheet, data = book.add_worksheet("My sheet"), book.add_worksheet("Data")
        data.write_column("A1", (3, 1, 2))
        book.define_name("data", "=Data!$A$1:$A$3")
        write(book, sheet)
    if area:
        content = rezipped(path / "book.xlsx", lambda _, data: data.replace(b'ref="A1:A2"', b'ref="%b"' % area))
        (path / "book.xlsx").write_bytes(content)
    model = Model.open(path / "book.xlsx", registered=registered)
    model.calculate()
    return model


def column(model: Model, rows: int, col: int = 1) -> list[Any]:
    return [model.cell("My sheet", row, col) for row in range(1, rows + 1)]


def test_an_array_formula_fills_its_cells_though_the_file_holds_their_old_values(tmp_path: Path) -> None:
    model = calculated(tmp_path, lambda _, sheet: sheet.write_array_formula("A1:A3", "{=DH_LOAD_DURATION(data)}"))
    assert column(model, 3) == [3.0, 2.0, 1.0]


def test_an_array_formula_with_a_switch_stands_with_and_without_the_engine(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_array_formula("A1:A3", '{=IF(IFERROR(DH_VERSION()<>"",FALSE),DH_LOAD_DURATION(data),data)}')

    assert column(calculated(tmp_path, write), 3) == [3.0, 2.0, 1.0]
    assert column(calculated(tmp_path, write, registered=False), 3) == [3.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("area", "formula", "values"),
    [
        ("A1:A5", "DH_LOAD_DURATION(data)", [3.0, 2.0, 1.0, "#N/A", "#N/A"]),
        ("A1:A2", "DH_LOAD_DURATION(data)", [3.0, 2.0]),
        ("A1:A3", "SUM(data)", [6.0, 6.0, 6.0]),
        ("A1:A3", "data*2", [6.0, 2.0, 4.0]),
        ("A1:A2", "DH_LHD(1,0)", ["#VALUE!", "#VALUE!"]),
        ("A1:A2", "TRANSPOSE(data)", [3.0, 3.0]),
    ],
)
def test_a_result_takes_the_shape_of_its_array_formula_as_in_excel(
    tmp_path: Path, area: str, formula: str, values: list[Any]
) -> None:
    model = calculated(tmp_path, lambda _, sheet: sheet.write_array_formula(area, f"{{={formula}}}"))
    shown = [str(value) if isinstance(value, CellError) else value for value in column(model, len(values))]
    assert shown == values
    assert model.cell("My sheet", len(values) + 1, 1) is None


def test_a_column_in_a_plain_cell_shows_its_first_value(tmp_path: Path) -> None:
    model = calculated(tmp_path, lambda _, sheet: sheet.write_formula("A1", "=IF(TRUE,DH_LOAD_DURATION(data),0)"))
    assert column(model, 2) == [3.0, None]


def test_cells_may_refer_to_single_cells_of_an_array_formula_in_any_order(tmp_path: Path) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_formula("A1", "=Z3+1")
        sheet.write_array_formula("Z2:Z4", "{=DH_LOAD_DURATION(data)+C1}")
        sheet.write_formula("C1", "=Data!A1*10")
        sheet.write_array_formula("D1:D3", "{=Z2:Z4+A1}")
        sheet.write_formula("B1", "=D3")

    model = calculated(tmp_path, write)
    assert [model.cell("My sheet", 1, col) for col in (1, 2)] == [33.0, 31.0 + 33.0]
    model.put(model.reference("data"), [[5.0], [1.0], [2.0]], "data")
    model.calculate()
    assert [model.cell("My sheet", 1, col) for col in (1, 2)] == [53.0, 51.0 + 53.0]


def test_a_year_of_several_columns_may_be_one_array_formula(tmp_path: Path) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_column("E1", range(1, 8761))
        sheet.write_array_formula("A1:C8760", "{=E1:E8760*{1,2,3}}")

    model = calculated(tmp_path, write)
    assert [model.cell("My sheet", 8760, col) for col in (1, 2, 3)] == [8760.0, 2 * 8760.0, 3 * 8760.0]


def test_an_array_formula_over_a_whole_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        WorkbookError, match=r"'My sheet'!A1:CV1048576: array formulas may cover at most 1,000,000 cells"
    ):
        calculated(tmp_path, lambda _, sheet: sheet.write_array_formula("A1:A2", "{=data}"), area=b"A1:CV1048576")


def test_a_range_beyond_memory_is_refused(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        book.define_name("everything", "=Data!$A$1:$XFD$1048576")

    with pytest.raises(WorkbookError, match=r"Data!A1:XFD1048576 must have at most 20,000,000 cells"):
        calculated(tmp_path, write).range("everything")
    with pytest.raises(WorkbookError, match="takes at most 20,000,000 cells, got A1:XFD1048576"):
        calculated(tmp_path, lambda _, sheet: sheet.write_formula("A1", "=DH_LOAD_DURATION(Data!A1:XFD1048576)"))


def test_references_to_tables_are_understood(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        columns = [
            {"header": "year"},
            {"header": "heat [MWh]"},
            {"header": "twice", "formula": "=Sales[[#This Row],[year]]*2"},
        ]
        sheet.add_table("C3:E6", {"name": "Sales", "columns": columns, "data": [[1, 10], [2, 20], [3, 30]]})
        book.define_name("sold", "=Sales[heat '[MWh']]")
        sheet.write_formula("A1", "=SUM(Sales[heat '[MWh']])")
        sheet.write_formula("A2", "=SUM(Sales[twice])")
        sheet.write_formula("A3", "=SUM(Sales[[#Data],[year]:[twice]])")
        sheet.write_formula("A4", "=COUNTA(Sales[#Headers])")
        sheet.write_formula("A5", "=SUM(sold)")
        sheet.write_formula("A6", "=ROWS(Sales)")

    assert column(calculated(tmp_path, write), 6) == [60.0, 12.0, 78.0, 3.0, 60.0, 3.0]


def test_days_are_numbers_for_worksheet_functions(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_number("C1", 45292.5, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_formula("A1", "=DH_LHD(C1,1)")
        sheet.write_formula("A2", "=C1+1", book.add_format({"num_format": "yyyy-mm-dd"}))

    assert column(calculated(tmp_path, write), 2) == [45292.5, 45293.5]


def test_messages_name_only_the_cells_that_are_in_error(tmp_path: Path) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_formula("A2", "=DH_LHD(1,0)")
        sheet.write_formula("A1", "=DH_LHD(-1,0)")
        sheet.write_formula("A3", '=IFERROR(DH_LHD(1,0),"bad")')

    model = calculated(tmp_path, write)
    assert [str(message) for message in model.messages()] == [
        "'My sheet'!A1: DH_LHD: heat_sold_mwh must be >= 0 MWh/a, got -1\n"
        "'My sheet'!A1: DH_LHD: trench_length_m must be > 0 m, got 0",
        "'My sheet'!A2: DH_LHD: trench_length_m must be > 0 m, got 0",
    ]
    assert model.cell("My sheet", 2, 1) == CellError("#VALUE!", "DH_LHD: trench_length_m must be > 0 m, got 0")


def test_inputs_are_set_and_outputs_read_by_name(tmp_path: Path) -> None:
    with Model.open(feasibility_book(tmp_path / "book.xlsx")) as model:
        model.calculate()
        assert model.value("linear_heat_density_mwh_per_m") == 2.0
        model.set("trench_length_m", 1500.0)
        model.calculate()
        assert model.value("linear_heat_density_mwh_per_m") == 4.0
        model.set("demand", [[1.0]] * 48)
        model.calculate()
        assert model.range("live_duration") == [[1.0]] * 48


def test_an_input_that_was_set_is_written_and_nothing_else_is_lost(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    with Model.open(book) as model:
        model.set("trench_length_m", 1500.0)
        model.set("price_scenario", "High")
        model.calculate()
        assert model.save(tmp_path / "out.xlsx")
    package = Package.open(tmp_path / "out.xlsx")
    values = {name: package.values(package.resolve(name))[0][0] for name in ("trench_length_m", "price_scenario")}
    assert values == {"trench_length_m": 1500.0, "price_scenario": "High"}
    assert package.values(package.resolve("linear_heat_density_mwh_per_m")) == [[4.0]]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("npv_eur_1", 1.0, "npv_eur_1: Results!B13 holds a formula, not an input"),
        ("live_duration", [[1.0]] * 48, "live_duration: 'My plant'!F2 holds a formula, not an input"),
        ("demand", 1.0, "demand (Series!B2:B49) must get 48 x 1 values, got 1 x 1"),
        ("trench_lenght_m", 1.0, "the name trench_lenght_m is missing; did you mean trench_length_m?"),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_sentence(tmp_path: Path, name: str, value: Any, sentence: str) -> None:
    with Model.open(feasibility_book(tmp_path / "book.xlsx")) as model, pytest.raises(WorkbookError) as caught:
        model.set(name, value)
    assert sentence in str(caught.value)


def test_the_value_of_a_range_is_refused_where_one_cell_is_meant(tmp_path: Path) -> None:
    with Model.open(feasibility_book(tmp_path / "book.xlsx")) as model, pytest.raises(WorkbookError, match="one cell"):
        model.value("demand")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(range(48)), min_size=1, max_size=4), st.floats(0, 100), st.floats(1, 1e4))
def test_calculating_again_after_edits_equals_calculating_from_scratch(
    tmp_path: Path, hours: list[int], demand: float, length: float
) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    rows: list[list[Any]] = [[10.0 + hour % 24] for hour in range(48)]
    with Model.open(book) as model, Model.open(book) as fresh:
        model.calculate()
        for hour in hours:
            rows[hour] = [demand]
            model.set("demand", [list(row) for row in rows])
            model.calculate()
        model.set("trench_length_m", length)
        model.calculate()
        fresh.set("demand", rows)
        fresh.set("trench_length_m", length)
        fresh.calculate()
        assert model.values() == fresh.values()
