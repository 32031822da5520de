"""What only a spreadsheet program does: spills that grow, what-if tables, iteration, precision as displayed.

None of it is calculated headlessly. As long as nothing that it rests on changes, the file's results stand; afterwards
they are not known, and neither is what rests on them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package


def book(path: Path, fill: Callable[[Any, Any], None], edit: tuple[str, str, str] = ("", "", "")) -> Package:
    """A sheet Own with the input 3 in H1; ``edit`` replaces a pattern in a part of the file."""
    with xlsxwriter.Workbook(path) as file:
        own = file.add_worksheet("Own")
        own.write("H1", 3)
        fill(file, own)
    part, pattern, new = edit
    if part:
        with zipfile.ZipFile(path) as file:
            members = {name: file.read(name) for name in file.namelist()}
        members[part], number = re.subn(pattern, new, members[part].decode())[0].encode(), 1
        assert number
        with zipfile.ZipFile(path, "w") as file:
            for name, content in members.items():
                file.writestr(name, content)
    return Package.open(path)


def calculated(package: Package, value: float | None) -> Model:
    model = Model(package)
    if value is not None:
        model.calculate()
        model.put(Reference("Own", 1, 8, 1, 8), [[value]], "H1")
    model.calculate()
    return model


def sources(model: Model) -> dict[str, str]:
    return {one.address: one.text for one in model.verdict.sources}


def spill(_file: Any, own: Any) -> None:
    own.write_dynamic_array_formula("A1:A3", "=SEQUENCE(H1)", None, 1)
    own.write("A2", 2)
    own.write("A3", 3)
    own.write_formula("C1", "=SUM(A1:A3)", None, 6)
    own.write_formula("D1", "=H1*2", None, 6)


@pytest.mark.parametrize(("rows", "stands"), [(3.0, True), (5.0, False), (2.0, False)])
def test_a_spill_of_another_size_is_not_known(tmp_path: Path, rows: float, stands: bool) -> None:
    """Proves: a spill that grows or shrinks changes no cell in silence, nor what sums it up.

    Sensitivity: cut off at its old cells, SUM(A1#) stayed 6 where Excel says 15. Excel: a dynamic array takes as many
    cells as its result has (support.microsoft.com, "Dynamic array formulas and spilled array behavior").
    """
    model = calculated(book(tmp_path / "spill.xlsx", spill), rows)
    assert model.cell("Own", 1, 4) == rows * 2
    if stands:
        assert sources(model) == {}
    else:
        assert list(sources(model)) == ["Own!A1"]
        assert f"would spill over {int(rows)} x 1 cells" in sources(model)["Own!A1"]
        assert ("Own", 1, 3) in model.verdict.resting
        assert [model.cell("Own", row, 1) for row in (1, 2, 3)] == [1.0, 2.0, 3.0]


def test_an_array_formula_of_fixed_cells_keeps_them(tmp_path: Path) -> None:
    """Proves: only dynamic arrays are meant. Sensitivity: {=ROW(1:5)} in three cells shows three, as Excel has it."""

    def fill(_file: Any, own: Any) -> None:
        own.write_array_formula("A1:A3", "{=H1*{1;2;3;4;5}}", None, 3)
        own.write("A2", 6)
        own.write("A3", 9)

    model = calculated(book(tmp_path / "fixed.xlsx", fill), 2.0)
    assert sources(model) == {}
    assert [model.cell("Own", row, 1) for row in (1, 2, 3)] == [2.0, 4.0, 6.0]


def what_if(_file: Any, own: Any) -> None:
    own.write_formula("B1", "=H1*J1+10", None, 10)
    for row in (2, 3, 4):
        own.write_number(row - 1, 0, row - 1)
        own.write_number(row - 1, 1, 10 + 3 * (row - 1))
    own.write_formula("C1", "=MAX(B2:B4)", None, 19)


TABLE = (
    "xl/worksheets/sheet1.xml",
    r'(<c r="B2"[^>]*>)<v>',
    r'\1<f t="dataTable" ref="B2:B4" dt2D="0" dtr="0" r1="J1"/><v>',
)


def test_a_what_if_table_is_not_known_once_its_formula_has_changed(tmp_path: Path) -> None:
    """Proves: the cells of {=TABLE(,J1)} are results, not inputs. Sensitivity: as constants they stayed in silence."""
    package = book(tmp_path / "table.xlsx", what_if, TABLE)
    assert sources(calculated(package, None)) == {}
    model = calculated(package, 4.0)
    assert list(sources(model)) == ["Own!B2"]
    assert "data table" in sources(model)["Own!B2"]
    assert ("Own", 1, 3) in model.verdict.resting
    assert model.cell("Own", 1, 2) == 10.0


def test_precision_as_displayed_is_not_calculated(tmp_path: Path) -> None:
    """Proves: a workbook whose results are rounded to what is shown keeps them. Sensitivity: 0.25 for Excel's 0.3."""

    def fill(file: Any, own: Any) -> None:
        own.write_formula("A1", "=H1/2", file.add_format({"num_format": "0.0"}), 1.5)

    setting = ("xl/workbook.xml", r"<calcPr ", '<calcPr fullPrecision="0" ')
    model = calculated(book(tmp_path / "displayed.xlsx", fill, setting), 0.5)
    assert "precision as displayed" in sources(model)["Own!A1"]
    assert model.cell("Own", 1, 1) == 1.5


def test_an_iteration_keeps_its_results_whether_it_was_proven_before_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: what depends on itself is held, and only that. Sensitivity: each run iterated on, 100 became 200."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def fill(_file: Any, own: Any) -> None:
        own.write_formula("A1", "=A1+H1", None, 100)
        own.write_formula("A2", "=A1*2", None, 200)
        own.write_formula("A3", "=H1*2", None, 6)

    package = book(tmp_path / "circle.xlsx", fill, ("xl/workbook.xml", r"<calcPr ", '<calcPr iterate="1" '))
    for _ in range(2):
        model = calculated(package, None)
        assert [model.cell("Own", row, 1) for row in (1, 2, 3)] == [100.0, 200.0, 6.0]
        assert [one.address for one in model.proof.unproven] == ["Own!A1"]
    model = calculated(package, 4.0)
    assert sources(model) == {"Own!A1": "depends on itself, and where an iteration ends is not known"}
    assert model.verdict.resting == {("Own", 2, 1)}
    assert model.cell("Own", 3, 1) == 8.0
