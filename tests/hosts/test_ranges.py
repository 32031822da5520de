"""Ranges where a function takes single cells, by every door: values and error values each in their own cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

import dhxl
from dhxl.cli import main
from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.engine import Engine
from dhxl.hosts.headless.evaluate import evaluated
from dhxl.studies.faults import faults

HEAT = [[6000.0], [None], [3000.0]]
LENGTH = [[3000.0], [1000.0], [0.0]]
BLANK = "DH_LHD (row 2): heat_sold_mwh must be a number >= 0 MWh/a, got a blank cell"
ZERO = "DH_LHD (row 3): trench_length_m must be > 0 m, got 0"


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Model]:
    """A sheet of three pipe sections, two of them faulty, with formulas over all of them."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Net")
        for row, ((heat,), (length,)) in enumerate(zip(HEAT, LENGTH, strict=True)):
            if heat is not None:
                sheet.write(row, 0, heat)
            sheet.write(row, 1, length)
        sheet.write_array_formula("C1:C3", "{=DH_LHD(A1:A3,B1:B3)}")
        sheet.write_array_formula("D1:D3", "{=IF(TRUE,DH_LHD(B1:B3,1000),B1:B3)}")
        sheet.write_formula("E1", "=SUM(DH_LHD(B1:B3,1000))")
        sheet.write_formula("E2", "=SUMPRODUCT(DH_PIPE_LOSS({50;100;200},2,90,65,10),B1:B3)/1000")
        sheet.write_array_formula("F1:F3", "{=DH_LHD(A1:A3,0)}")
        sheet.write_formula("H1", "=DH_LHD(B1:B3,1000)")
    with Model.open(path) as opened:
        opened.calculate()
        yield opened


def test_an_array_formula_shows_values_and_errors_each_in_its_cell_with_its_sentence(model: Model) -> None:
    cells = [model.cell("Net", row, 3) for row in (1, 2, 3)]
    assert cells == [2.0, CellError("#VALUE!", BLANK), CellError("#VALUE!", ZERO)]
    assert [model.cell("Net", row, 4) for row in (1, 2, 3)] == [3.0, 1.0, 0.0]


def test_a_formula_around_the_call_takes_the_range(model: Model) -> None:
    assert model.cell("Net", 1, 5) == 4.0
    losses = dhxl.DH_PIPE_LOSS([50, 100, 200], 2, 90, 65, 10)
    assert model.cell("Net", 2, 5) == pytest.approx(losses[0][0] * 3 + losses[1][0], rel=1e-12)


def test_a_single_cell_that_is_wrong_puts_the_whole_range_in_error(model: Model) -> None:
    assert model.cell("Net", 1, 6) == CellError("#VALUE!", "DH_LHD: trench_length_m must be > 0 m, got 0")
    assert str(model.cell("Net", 3, 6)) == "#VALUE!"


def test_the_messages_of_a_workbook_name_the_cells_of_the_errors(model: Model) -> None:
    assert [str(message) for message in model.messages()] == [
        "Net!F1: DH_LHD: trench_length_m must be > 0 m, got 0",
        f"Net!C2: {BLANK}",
        f"Net!C3: {ZERO}",
    ]


def test_a_run_says_where_and_which_input_is_at_fault(model: Model) -> None:
    assert faults(model) == [
        "Net!H1: gives several values; enter it as an array formula over as many cells, or wrap it in INDEX",
        "Net!F1: DH_LHD: trench_length_m must be > 0 m, got 0",
        f"Net!C2: {BLANK}; see Net!A2",
        f"Net!C3: {ZERO}; see Net!B3",
    ]


def test_an_error_in_the_first_cell_tells_all_of_the_range(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Net")
        sheet.write_row("A1", [-1] * 30)
        sheet.write_array_formula("A2:AD2", "{=DH_LHD(A1:AD1,100)}")
    with Model.open(path) as model:
        model.calculate()
        cell = model.cell("Net", 2, 1)
        assert isinstance(cell, CellError)
        assert cell.message.split("\n")[-2:] == [
            "DH_LHD (column 20): heat_sold_mwh must be >= 0 MWh/a, got -1",
            "DH_LHD: 10 more faults in this range",
        ]
        assert faults(model)[0].endswith("DH_LHD (column 1): heat_sold_mwh must be >= 0 MWh/a, got -1; see Net!A1")


def test_eval_gives_rows_with_the_sentences_behind_the_errors() -> None:
    ranges = {"heat": HEAT, "length_": LENGTH}
    expected = [[2.0], [CellError("#VALUE!", BLANK)], [CellError("#VALUE!", ZERO)]]
    assert evaluated("=DH_LHD(heat,length_)", ranges) == expected
    assert evaluated("=SUM(IFERROR(DH_LHD(heat,length_),0))", ranges) == 2.0
    assert evaluated("=SUM(DH_LHD(heat,length_))", ranges) == CellError("#VALUE!", f"{BLANK}\n{ZERO}")
    assert evaluated("={1,#N/A}") == [[1.0, CellError("#N/A", "the formula gives #N/A")]]


def test_the_command_line_prints_the_rows_and_the_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    formula = "=DH_LHD({6000;-1},3000)"
    sentence = "DH_LHD (row 2): heat_sold_mwh must be >= 0 MWh/a, got -1"
    assert main(["eval", formula]) == 1
    assert tuple(capsys.readouterr()) == ("2\n#VALUE!\n", f"{sentence}\n")
    assert main(["eval", formula, "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"value": [[2], ["#VALUE!"]], "messages": [sentence]}
    assert main(["eval", "=DH_LHD({6000;3000},3000)", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"value": [[2], [1]]}


def test_python_raises_all_that_is_wrong_with_a_range() -> None:
    assert dhxl.DH_LHD([6000, 3000], 3000) == [[2.0], [1.0]]
    with pytest.raises(dhxl.InputError) as caught:
        dhxl.DH_LHD([6000, None, 3000], [3000, 1000, 0])
    assert caught.value.problems == (BLANK, ZERO)
    with pytest.raises(dhxl.NoSolutionError, match=r"^DH_COP_LORENZ \(row 2\): the source's mean temperature"):
        dhxl.DH_COP_LORENZ(65, 90, [60, 95], [20, 95], 0.5)


def test_an_error_among_the_inputs_does_not_look_like_a_missing_engine() -> None:
    engine = Engine()
    engine.set_rows("Sheet", 1, 3, [[1.0]])
    engine.set_formula("Sheet", 1, 1, "=NA()")
    engine.set_formula("Sheet", 1, 2, '=IFERROR(DH_VERSION(A1)<>"",FALSE)')
    engine.calculate()
    assert engine.value("Sheet", 1, 2) is True
