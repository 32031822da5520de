"""Large ranges that many formulas read are handed over once, and every formula reads its own."""

from __future__ import annotations

import gc
import signal
import weakref
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.hosts.headless import Model, callbacks
from dhxl.hosts.headless.engine_copy import engine_copy
from dhxl.hosts.headless.shared_ranges import SharedRanges
from dhxl.hosts.native.evaluate import result
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

ROWS = 300


def book(path: Path, formulas: dict[str, str], sheet: str = "Prices & more") -> Package:
    """A table of numbers 1 to 300 with their squares and a computed column, and formulas on the sheet Own."""
    with xlsxwriter.Workbook(path) as file:
        data, own = file.add_worksheet(sheet), file.add_worksheet("Own")
        for row in range(ROWS):
            data.write(row, 0, row + 1)
            data.write(row, 1, (row + 1) ** 2)
            data.write_formula(row, 2, f"=A{row + 1}+Own!$A$1")
        own.write("A1", 1000)
        for cell, formula in formulas.items():
            own.write_formula(cell, formula)
    return Package.open(path)


def place(cell: str) -> Reference:
    return Reference("Own", *(2 * (int(cell[1:]), ord(cell[0]) - 64)))


def shown(model: Model, cell: str) -> Any:
    return model.cell("Own", int(cell[1:]), ord(cell[0]) - 64)


def results(package: Package, formulas: dict[str, str], **changed: float) -> dict[str, Any]:
    model = Model(package, stale=True)
    if changed:
        model.calculate()
        for cell, value in changed.items():
            model.put(place(cell), [[value]], cell)
    model.calculate()
    return {cell: shown(model, cell) for cell in formulas}


def test_every_formula_reads_its_own_range(tmp_path: Path) -> None:
    """Proves: columns that move with the formula, whole columns, and ranges without dollar signs are told apart.

    Sensitivity: a plan that is shared by formulas in two columns would read the first one's column in both.
    """
    table = "'Prices & more'!"
    formulas = {f"C{row}": f"=MATCH({row}*2,{table}A$1:A$300,0)" for row in range(1, 6)}
    formulas |= {f"D{row}": f"=MATCH({row * row},{table}B$1:B$300,0)" for row in range(1, 6)}
    formulas |= {f"E{row}": f"=SUMIFS({table}B:B,{table}A:A,{row})" for row in range(1, 6)}
    formulas |= {f"F{row}": f'=COUNTIF({table}A{row}:A{row + 99},"<=100")' for row in range(1, 6)}
    formulas |= {f"G{row}": f"=VLOOKUP({row + 1000},{table}C1:C300,1,FALSE)" for row in range(1, 6)}
    expected = {f"C{row}": row * 2 for row in range(1, 6)} | {f"D{row}": row for row in range(1, 6)}
    expected |= {f"E{row}": row * row for row in range(1, 6)} | {f"F{row}": 101 - row for row in range(1, 6)}
    expected |= {f"G{row}": row + 1000 for row in range(1, 6)}
    assert results(book(tmp_path / "own.xlsx", formulas), formulas) == expected


def test_ranges_are_handed_over_anew_when_something_in_them_has_changed(tmp_path: Path) -> None:
    """Proves: what is shared is never old. Sensitivity: kept once for all, the second answer is the first."""
    formulas = {f"C{row}": f"=MATCH({row + 2000},'Prices & more'!C$1:C$300,0)" for row in range(1, 4)}
    package = book(tmp_path / "changed.xlsx", formulas)
    assert [value.code for value in results(package, formulas).values()] == ["#N/A"] * 3
    assert results(package, formulas, A1=2000.0) == {"C1": 1, "C2": 2, "C3": 3}


def test_a_thousand_lookups_hand_over_one_range(tmp_path: Path) -> None:
    """Proves: the engine hands over each range once. Sensitivity: once for each formula took minutes in real books."""
    formulas = {f"C{row}": f"=MATCH({row % 300 + 1},'Prices & more'!A$1:A$300,0)" for row in range(1, 1001)}
    package = book(tmp_path / "many.xlsx", formulas)
    copy = engine_copy(package, {})
    assert len(copy.shared.values) == 1
    model = Model(package, stale=True)
    model.calculate()
    assert shown(model, "C1000") == 1000 % 300 + 1
    assert model._copy.shared.handed == 1


def test_a_range_around_its_formula_is_not_shared(tmp_path: Path) -> None:
    """Proves: a formula that reads cells above and below itself keeps its order. Sensitivity: a circle."""
    formulas = {"H50": '=COUNTIF(G$1:G$100,">0")', "H51": "=ROWS(H$1:H$100)+MATCH(1,G$1:H$100,0)"}
    assert engine_copy(book(tmp_path / "around.xlsx", formulas), {}).shared.values == [None]


def test_the_sheet_of_shared_ranges_is_no_sheet_of_the_workbook(tmp_path: Path) -> None:
    """Proves: a workbook may have a sheet of that name. Sensitivity: two sheets of one name cannot be read."""
    assert SharedRanges.beside(["DHXL ranges", "dhxl ranges_"]).sheet == "dhxl ranges__"
    formulas = {"C1": "=MATCH(7,'dhxl ranges'!A$1:A$300,0)", "C2": "=MATCH(9,'dhxl ranges'!A$1:A$300,0)"}
    package = book(tmp_path / "named.xlsx", formulas, sheet="dhxl ranges")
    assert results(package, formulas) == {"C1": 7, "C2": 9}


def test_ranges_of_sheets_that_are_not_there_are_left_as_they_are(tmp_path: Path) -> None:
    """Proves: nothing is handed over from nowhere. Sensitivity: the copy could not be built."""
    formulas = {"C1": "=IFERROR(COUNTIF(Nowhere!A$1:A$300,1),-1)", "C2": "=1+1"}
    package = book(tmp_path / "nowhere.xlsx", formulas)
    assert engine_copy(package, {}).shared.values == []
    assert results(package, {"C2": ""}) == {"C2": 2}


def test_a_workbook_that_was_calculated_leaves_no_memory_behind(tmp_path: Path) -> None:
    """Proves: a hundred workbooks in one process take the memory of one. Sensitivity: each left 100 MB for good.

    The engine holds what it calls; if that holds the engine, nothing of both is ever freed.
    """
    formulas = {"C1": "=DH_LHD(6000,A1)&LEFT(MATCH(7,'Prices & more'!A$1:A$300,0))"}
    package = book(tmp_path / "freed.xlsx", formulas)
    model = Model(package, stale=True)
    model.calculate()
    assert shown(model, "C1") == "67"
    engine, facts = weakref.ref(model._engine), weakref.ref(model._copy.shared)
    del model
    gc.collect()
    assert engine() is None
    assert facts() is None


def test_ctrl_c_ends_a_calculation_that_calls_no_worksheet_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: thousands of lookups can be interrupted. Sensitivity: one process outlived SIGTERM by nine minutes."""
    formulas = {f"C{row}": f"=LEFT(MATCH({row % 300 + 1},'Prices & more'!A$1:A$300,0))" for row in range(1, 501)}
    model = Model(book(tmp_path / "long.xlsx", formulas), stale=True)
    calls = 0

    def interrupted(code: Any, env: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            signal.raise_signal(signal.SIGINT)
        return result(code, env)

    monkeypatch.setattr(callbacks, "result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.calculate()
    assert 3 <= calls < 500
