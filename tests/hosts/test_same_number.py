"""The same case by every door: Python, a cell of a headless workbook, the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from dhxl.cli import main
from dhxl.functions import REGISTRY
from dhxl.functions.cells import LEFT_OUT, CellError, is_range
from dhxl.functions.spec import Example, WorksheetFunction
from dhxl.hosts.headless import Model

CASES = [
    pytest.param(function, example, id=f"{function.name}-{number}")
    for function in REGISTRY.values()
    for number, example in enumerate(function.examples)
]


def rows_of(value: Any) -> list[list[Any]]:
    """Return a range as rows; a plain sequence of cells is a column."""
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    return [list(row) if is_range(row) else [row] for row in rows]


def same(a: Any, b: Any, rel: float = 1e-9) -> bool:
    if is_range(a) or is_range(b):
        left, right = rows_of(a), rows_of(b)
        return len(left) == len(right) and all(
            len(x) == len(y) and all(same(p, q, rel) for p, q in zip(x, y, strict=True))
            for x, y in zip(left, right, strict=True)
        )
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, (str, CellError)):
        return str(a) == str(b)
    return bool(float(a) == pytest.approx(float(b), rel=rel, abs=1e-12))


def by_python(function: WorksheetFunction, example: Example) -> Any:
    return function(*example.cells)


def by_workbook(function: WorksheetFunction, example: Example, path: Path) -> Any:
    """Return the answer of a cell, or of an array formula of the answer's size, whose arguments stand in cells."""
    expected = by_python(function, example)
    height, width = (len(expected), len(expected[0])) if is_range(expected) else (1, 1)
    with xlsxwriter.Workbook(path) as book:
        sheet, cells = book.add_worksheet("Call"), book.add_worksheet("Arguments")
        column = 0
        texts = []
        for value in example.cells:
            rows = rows_of(value) if is_range(value) else [[value]]
            for r, row in enumerate(rows):
                for c, entry in enumerate(row):
                    if entry is not None and entry is not LEFT_OUT:
                        cells.write(r, column + c, entry)
            area = xl_range_abs(0, column, len(rows) - 1, column + len(rows[0]) - 1)
            texts.append("" if value is LEFT_OUT else f"Arguments!{area}")
            column += len(rows[0]) + 1
        formula = f"{function.name}({','.join(texts)})"
        if is_range(expected):
            area = f"A1:{xl_rowcol_to_cell(height - 1, width - 1)}"
            sheet.write_array_formula(area, f"{{={formula}}}")
        else:
            sheet.write_formula("A1", f"={formula}")
    with Model.open(path) as model:
        model.calculate()
        if not is_range(expected):
            return model.cell("Call", 1, 1)
        return [[model.cell("Call", r, c) for c in range(1, width + 1)] for r in range(1, height + 1)]


def by_command_line(
    function: WorksheetFunction, example: Example, path: Path, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Return the answer of ``dhxl eval``, ranges from csv files, the rest typed into the formula."""
    options = []
    texts = []
    for number, value in enumerate(example.cells):
        if is_range(value):
            file = path.with_name(f"{path.stem}_{number}.csv")
            lines = [",".join(map(csv_field, row)) for row in rows_of(value)]
            file.write_text("\n".join(lines), encoding="utf-8")
            options += ["--range", f"argument_{number}_={file}"]
            texts.append(f"argument_{number}_")
        else:
            texts.append(typed(value))
    code = main(["eval", f"={function.name}({','.join(texts)})", "--json", *options])
    answer = json.loads(capsys.readouterr().out)
    assert code == (1 if "error" in answer else 0)
    return CellError(answer["error"], answer["message"]) if "error" in answer else answer["value"]


def csv_field(entry: Any) -> str:
    text = "" if entry is None else repr(float(entry)) if isinstance(entry, (int, float)) else str(entry)
    return '"' + text.replace('"', '""') + '"'


def typed(value: Any) -> str:
    if value is LEFT_OUT:
        return ""
    if value is None:
        return "ZZ99"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, CellError):
        return value.code
    return repr(float(value))


@pytest.mark.parametrize(("function", "example"), CASES)
def test_every_door_gives_the_same_number(
    function: WorksheetFunction, example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = by_python(function, example)
    workbook = by_workbook(function, example, tmp_path / "book.xlsx")
    assert same(workbook, expected), f"workbook gives {workbook}, Python {expected}"
    line = by_command_line(function, example, tmp_path / "case", capsys)
    assert same(line, expected), f"command line gives {line}, Python {expected}"
    if isinstance(expected, CellError):
        assert workbook.message == expected.message == line.message
