"""DH_WHY in a workbook: the sentence behind the error value of another cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.asked import asked_calls, asked_place
from dhxl.hosts.headless.evaluate import evaluated
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

BAD_LENGTH = "DH_LHD: trench_length_m must be > 0 m, got 0"


def book(path: Path, asked: str) -> Path:
    """A workbook with cells in error, and one with the formula ``asked``."""
    with xlsxwriter.Workbook(path) as out:
        net, other = out.add_worksheet("Net"), out.add_worksheet("Bob's town")
        net.write_formula("A1", "=DH_LHD(6000,0)")
        net.write_formula("A2", "=A1+1")
        net.write_formula("A3", "=DH_LHD(6000,3000)")
        net.write_array_formula("C1:C3", "{=DH_LHD({6000;-1;-3},3000)}")
        net.write_array_formula("D1:D3", "{=DH_DEGREE_DAYS({1;2;3},-900)}")
        other.write_formula("B2", "=DH_NPV(-2,Net!A3)")
        out.define_name("worst", "='Bob''s town'!$B$2")
        other.write_formula("A1", f"={asked}")
    return path


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("DH_WHY(Net!A1)", BAD_LENGTH),
        ("dh_why(Net!$A$1)", BAD_LENGTH),
        ("DH_WHY(Net!A1:A3)", BAD_LENGTH),
        ('IF(ISERROR(Net!A1),DH_WHY(Net!A1),"fine")', BAD_LENGTH),
        ("DH_WHY(DH_LHD(6000,0))", BAD_LENGTH),
        ("DH_WHY(Net!A3)", "no error"),
        ("DH_WHY(Net!Z99)", "no error"),
        ("DH_WHY(Net!C1)", "no error"),
        ("DH_WHY(Net!C3)", "DH_LHD (row 3): heat_sold_mwh must be >= 0 MWh/a, got -3"),
    ],
)
def test_the_sentence_of_the_asked_cell_is_given(tmp_path: Path, asked: str, sentence: str) -> None:
    with Model.open(book(tmp_path / "book.xlsx", asked)) as model:
        model.calculate()
        assert model.cell("Bob's town", 1, 1) == sentence


@pytest.mark.parametrize("asked", ["DH_WHY(B2)", "DH_WHY(worst)", "DH_WHY('Bob''s town'!B2)"])
def test_a_cell_of_the_same_sheet_and_a_name_are_understood(tmp_path: Path, asked: str) -> None:
    with Model.open(book(tmp_path / "book.xlsx", asked)) as model:
        model.calculate()
        assert str(model.cell("Bob's town", 1, 1)).startswith("DH_NPV: discount_rate must be > -1, got -2")


def test_every_cell_of_an_array_in_error_has_its_sentence(tmp_path: Path) -> None:
    with Model.open(book(tmp_path / "book.xlsx", "DH_WHY(Net!D3)")) as model:
        model.calculate()
        assert str(model.cell("Bob's town", 1, 1)).startswith("DH_DEGREE_DAYS: base_degc must be")


def test_an_error_from_another_cell_has_no_sentence_of_its_own(tmp_path: Path) -> None:
    with Model.open(book(tmp_path / "book.xlsx", "DH_WHY(Net!A2)")) as model:
        model.calculate()
        assert "a cell that this one refers to" in str(model.cell("Bob's town", 1, 1))


def test_the_answer_follows_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as out:
        sheet = out.add_worksheet("Net")
        sheet.write_number("A1", 0)
        sheet.write_formula("A2", "=DH_LHD(6000,A1)")
        sheet.write_formula("A3", "=DH_WHY(A2)")
        out.define_name("length", "=Net!$A$1")
    with Model.open(path) as model:
        model.calculate()
        before = model.cell("Net", 3, 1)
        model.set("length", 3000.0)
        model.calculate()
        between = model.cell("Net", 3, 1)
        model.set("length", -1.0)
        model.calculate()
        assert (before, between) == (BAD_LENGTH, "no error")
        assert model.cell("Net", 3, 1) == BAD_LENGTH.replace("got 0", "got -1")


def book_of_flows(path: Path, *flows: float) -> Path:
    """A workbook with flows, their rate of return in several cells, and questions about these."""
    with xlsxwriter.Workbook(path) as out:
        sheet = out.add_worksheet("Net")
        sheet.write_row("A1", flows)
        out.define_name("last", f"=Net!${'ABCDEFGH'[len(flows) - 1]}$1")
        where = f"A1:{'ABCDEFGH'[len(flows) - 1]}1"
        sheet.write_formula("A3", f'=IFERROR(DH_IRR({where}),"none")')
        sheet.write_formula("A4", f"=DH_IRR({where},0.3)")
        sheet.write_formula("A5", f"=100*DH_IRR({where})")
        for row in (3, 4, 5):
            sheet.write_formula(f"B{row}", f"=DH_WHY(A{row})")
    return path


def test_a_right_answer_that_is_worth_a_look_has_its_note(tmp_path: Path) -> None:
    with Model.open(book_of_flows(tmp_path / "book.xlsx", -100, 230, -131.25)) as model:
        model.calculate()
        assert [model.cell("Net", row, 2) for row in (3, 4, 5)] == [
            "DH_IRR: the flows have 2 rates of return: 5 % and 25 %; 5 % is given, the one nearest to 10 %. "
            "Judge them by the net present value",
            "DH_IRR: the flows have 2 rates of return: 5 % and 25 %; 25 % is given, the one nearest to 30 %. "
            "Judge them by the net present value",
            "no error",  # not the answer as it is
        ]
        assert not model.messages()


def test_a_note_goes_with_the_inputs_that_it_was_on(tmp_path: Path) -> None:
    with Model.open(book_of_flows(tmp_path / "book.xlsx", -100, 230, -131.25)) as model:
        model.calculate()
        model.set("last", 0.0)
        model.calculate()
        assert [model.cell("Net", row, 2) for row in (3, 4)] == ["no error", "no error"]
        model.set("last", -200.0)
        model.calculate()
        assert model.cell("Net", 3, 1) == "none"
        assert str(model.cell("Net", 4, 2)).startswith("DH_IRR: flows_eur have no rate of return")


def test_a_question_leaves_no_message_of_its_own(tmp_path: Path) -> None:
    with Model.open(book(tmp_path / "book.xlsx", "DH_WHY(DH_LHD(6000,0))")) as model:
        model.calculate()
        assert not [message for message in model.messages() if message.address.startswith("'Bob''s town'!A1")]


def test_a_question_without_a_cell_is_an_error() -> None:
    assert evaluated("=DH_WHY()") == CellError("#VALUE!", "DH_WHY: cell is missing (a cell)")


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("C3", ("Net!C1", 2, 0)),
        ("net!c2", ("Net!C1", 1, 0)),
        ("worst", ("'Bob''s town'!B2", 0, 0)),
        ("Gone!A1", ("Net!F7", 0, 0)),
        ("1+1", ("Net!F7", 0, 0)),
    ],
)
def test_a_sentence_is_kept_by_the_cell_that_holds_the_formula(tmp_path: Path, asked: str, place: Any) -> None:
    package = Package.open(book(tmp_path / "book.xlsx", "1"))
    assert asked_place(package, Reference("Net", 7, 6, 7, 6), asked) == place


def test_other_calls_stay_as_they_are() -> None:
    text = 'DH_LHD(1,2)&"DH_WHY(A1)"'
    assert asked_calls(text, lambda _: ("", 0, 0)) == text
