"""The log of a run: what it had to say, in the workbook's own cells, and nothing of it in a second run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dhxl.studies.run import run
from dhxl.workbook.package import Package
from tests.hosts.books import feasibility_book

_KEPT = ["Results!F1", "Kept", "calls CUBEVALUE, which is not calculated headlessly; the saved value stays"]
_BLANK = [None, None, None]


def logged(path: Path, rows: int = 3, cell: str = "$R$1", formula: str = "=CUBEVALUE(1,2)") -> Path:
    """Write a workbook with cells for messages and a formula that no headless engine has."""

    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_formula("F1", formula, None, 132)
        book.define_name("log_messages", f"=Results!$P$1:{cell.replace('1', str(rows))}")

    return feasibility_book(path, change)


def messages(book: Path) -> list[list[object]]:
    package = Package.open(book)
    return package.values(package.resolve("log_messages"))


def test_messages_of_a_run_stand_in_the_log_with_cell_kind_and_sentence(tmp_path: Path) -> None:
    book = logged(tmp_path / "book.xlsx")
    report = run(book)
    assert messages(book) == [_KEPT, _BLANK, _BLANK]
    assert report.notes == (f"{_KEPT[0]}: {_KEPT[2]}",)


def test_a_second_run_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = logged(tmp_path / "book.xlsx")
    assert run(book).changed
    content = book.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert not run(book).changed
    assert book.read_bytes() == content


def test_messages_that_no_longer_hold_are_taken_out(tmp_path: Path) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_row("P1", _KEPT)
        sheets["Results"].write_row("P3", ("Results!F9", "Kept", "an older one"))
        book.define_name("log_messages", "=Results!$P$1:$R$3")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    assert run(book).notes == ()
    assert messages(book) == [_BLANK] * 3


def test_the_last_row_counts_what_has_no_room(tmp_path: Path) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        for row, name in enumerate(("CUBEVALUE(1,2)", "[1]Other!A1", "CUBESET(1,2)")):
            sheets["Results"].write_formula(row, 5, f"={name}", None, 1)
        book.define_name("log_messages", "=Results!$P$1:$R$2")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    report = run(book)
    assert len(report.notes) == 3
    assert messages(book)[1] == [None, None, "and 2 more messages"]


def test_a_function_whose_error_may_stand_is_told(tmp_path: Path) -> None:
    def change(book: Any, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_formula("C15", "=DH_PAYBACK({-100,1,1})")
        book.define_name("log_messages", "=Results!$P$1:$R$3")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    run(book)
    obstacle, (cell, kind, sentence), _ = messages(book)
    assert obstacle == [None, "Saved", "the saved results were not renewed: Results!C15 is #NUM!"]
    assert (cell, kind) == ("Results!C15", "Function")
    assert str(sentence).startswith("DH_PAYBACK: ")


def test_a_dispatch_that_was_handed_on_is_told_with_the_cell_of_its_note(tmp_path: Path) -> None:
    """Thirteen units that are on or off make 8192 combinations, more than the exact method enumerates."""

    def change(book: Any, sheets: dict[str, Any]) -> None:
        plant = sheets["My plant"]
        plant.write_row("T1", ("unit", "type", "heat_mw", "min_share", "heat_efficiency", "fuel_eur_per_mwh"))
        for slot in range(13):
            plant.write_row(1 + slot, 19, (f"Boiler {slot}", "boiler", 1.0 + slot / 10, 1.0, 0.9, 40.0 + slot))
        plant.write_column("AA1", ("demand_mw", 3.0, 5.5, 4.2))
        plant.write_row("AC1", ("storage_mwh", 2.0))
        call = "DH_DISPATCH_SUMMARY('My plant'!T1:Y14,'My plant'!AA1:AA4,'My plant'!AC1:AD1)"
        sheets["Results"].write_array_formula("J1:K32", f"{{={call}}}")
        book.define_name("log_messages", "=Results!$P$1:$R$3")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    (note,) = run(book).notes
    cell, kind, sentence = messages(book)[0]
    assert (cell, kind) == ("Results!K32", "Dispatch")
    assert "milp" in str(sentence)
    assert note == f"{cell}: {sentence}"


def test_a_log_with_too_few_columns_is_left_alone(tmp_path: Path) -> None:
    book = logged(tmp_path / "book.xlsx", cell="$Q$1")
    run(book)
    assert messages(book) == [[None, None]] * 3
