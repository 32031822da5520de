"""Buttons that look: why a cell is red, the page of a function, a check, a frozen copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dhxl import macros
from dhxl.workbook.package import Package
from dhxl.workbook.values import ErrorValue
from tests.excel_memory import at, opened
from tests.macros.conftest import Town, changes, told


def choose(town: Town, address: str) -> None:
    town[1].selection = at(town[0], address)


def why(town: Town, address: str) -> str:
    choose(town, address)
    macros.why_red(town[0])
    message = told(town[1])
    assert changes(town[0]) == {}
    return message


def without_trench(_book: Any, sheets: dict[str, Any]) -> None:
    sheets["Prices"].write("D3", 0)


def test_an_error_value_is_explained_by_its_sentence(town_with: Callable[..., Town]) -> None:
    town = town_with(without_trench, calculated=False)
    assert why(town, "'My plant'!B3") == "'My plant'!B3 is #VALUE!: DH_LHD: trench_length_m must be > 0 m, got 0"


def test_an_error_that_is_passed_on_is_explained_by_its_cause(town_with: Callable[..., Town]) -> None:
    town = town_with(without_trench, calculated=False)
    message = why(town, "Results!B11")
    assert message.split("\n") == [
        "Results!B11 is #VALUE! because of",
        "'My plant'!B3: DH_LHD: trench_length_m must be > 0 m, got 0",
    ]


def test_an_input_that_is_not_allowed_is_told(town_with: Callable[..., Town]) -> None:
    def negative(_book: Any, sheets: dict[str, Any]) -> None:
        sheets["Prices"].write("D4", -5)

    assert why(town_with(negative, calculated=False), "Prices!D4").startswith(
        "Prices!D4 (heat_tariff_eur_per_mwh): must be"
    )


def test_an_alert_that_is_on_is_told(town: Town) -> None:
    assert why(town, "Results!B31") == "Results!B31: the alert 'AlertsTotal' is on"


def test_a_cell_without_an_error_says_what_it_is_and_where_else_something_is_wrong(
    town_with: Callable[..., Town],
) -> None:
    assert why(town_with(), "Prices!D2") == "Prices!D2 holds no error: it is 6000"
    town = town_with(without_trench, calculated=False)
    told = why(town, "Prices!D2").split("\n")
    assert told[1] == "In error elsewhere:" and told[2].startswith("'My plant'!B3: DH_LHD")


def test_an_error_of_excel_alone_says_that_the_functions_are_not_reached(town: Town) -> None:
    book, excel = town
    choose(town, "'My plant'!B3")
    value = type(book.impl).value

    def shown(self: Any, sheet: str, row: int, col: int) -> Any:
        return ErrorValue("#NAME?") if (sheet, row, col) == ("My plant", 3, 2) else value(self, sheet, row, col)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(book.impl), "value", shown)
        macros.why_red(book)
    assert told(excel).startswith("'My plant'!B3 shows #NAME?, but calculated afresh it is 2: the functions are not")


def test_a_gap_of_a_chart_is_no_fault(town_with: Callable[..., Town]) -> None:
    def gap(_book: Any, sheets: dict[str, Any]) -> None:
        sheets["Results"].write_formula("D40", "=NA()")

    assert "a gap, which charts leave out" in why(town_with(gap, calculated=False), "Results!D40")


def test_without_a_cell_selected_the_user_is_asked_for_one(town: Town) -> None:
    macros.why_red(town[0])
    assert told(town[1], "critical") == "select the red cell first, then press the button"


def test_a_cell_of_another_workbook_does_not_count(town: Town, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(Path(town[0].fullname).read_bytes())
    town[1].selection = at(opened(other)[0], "Prices!D2")
    macros.why_red(town[0])
    assert "select the red cell first" in told(town[1], "critical")


def test_help_shows_the_page_of_the_selected_cells_function(town: Town) -> None:
    choose(town, "'My plant'!B3")
    macros.show_help(town[0])
    message = told(town[1])
    assert message.startswith("DH_LHD(heat_sold_mwh, trench_length_m)\nLinear heat density")
    assert "trench_length_m: " in message
    assert "(> 0 m)" in message


def test_help_elsewhere_tells_how_to_work(town: Town) -> None:
    for address in ("", "Prices!A2", "Prices!D2"):
        if address:
            choose(town, address)
        macros.show_help(town[0])
        assert "Sheet Guide tells the rest" in told(town[1])


def test_a_check_counts_findings_and_names_the_first(town: Town) -> None:
    macros.check_workbook(town[0])
    lines = told(town[1]).split("\n")
    assert lines[0].endswith(" findings")
    assert lines[13].startswith("and ")
    assert lines[-2:] == ["Checks failed: 0   Alerts: 1", "Alert Results!B31: AlertsTotal"]
    assert changes(town[0]) == {}


def test_a_frozen_copy_stands_beside_the_workbook_and_never_over_another(town: Town) -> None:
    folder = Path(town[0].fullname).parent
    for name in ("town_frozen.xlsx", "town_frozen_2.xlsx"):
        macros.freeze_copy(town[0])
        assert told(town[1]).startswith(f"Frozen copy: {folder / name}\n")
        package = Package.open(folder / name)
        assert package.values(package.resolve("engine_live")) == [[False]]


def test_a_workbook_in_a_cloud_is_frozen_into_the_documents(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "Documents").mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    book, excel = opened(Path(town[0].fullname), "https://example.org/town.xlsx")
    macros.freeze_copy(book)
    assert told(excel).startswith(f"Frozen copy: {home / 'Documents' / 'town_frozen.xlsx'}\n")


def test_a_workbook_of_another_kind_must_be_saved_first(town: Town, tmp_path: Path) -> None:
    binary = tmp_path / "town.xlsb"
    binary.write_bytes(Path(town[0].fullname).read_bytes())
    book, excel = opened(binary)
    macros.check_workbook(book)
    assert told(excel, "critical") == "town.xlsb: save it as .xlsm or .xlsx first"
