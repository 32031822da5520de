"""xlwings is used in its BSD licensed part only: nothing of xlwings.pro is imported, needed or loaded."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
LICENSED = ("xlwings.pro", "xlwings.reports", "xlwings.server", "xlwings_server")
SOURCES = [
    path for room in ("dhxl", "templates", "benchmarks", "docs", "tests") for path in (REPOSITORY / room).rglob("*.py")
]
USE = """
import importlib.abc, os, pathlib, sys, tempfile

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "xlwings.pro" or name.startswith("xlwings.pro."):
            raise ModuleNotFoundError(name)

if BLOCKED:
    sys.meta_path.insert(0, Absent())

import xlwings

own = {name for name in sys.modules if name.startswith("xlwings.pro")}

from dhxl import macros
from tests.excel_com import excel_server
from tests.excel_memory import opened
from tests.hosts.books import feasibility_book

with excel_server() as server:
    assert server.call("DH_LHD", 6000.0, 3000.0) == 2.0
with tempfile.TemporaryDirectory() as folder:
    book, excel = opened(feasibility_book(pathlib.Path(folder, "town.xlsx")))
    macros.recalculate(book)
assert excel.alerts[0][0] == "info", excel.alerts
assert {name for name in sys.modules if name.startswith("xlwings.pro")} == own
assert not BLOCKED or not own
assert not xlwings.__pro__
"""


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_no_source_imports_the_licensed_part() -> None:
    assert len(SOURCES) > 100
    found = [
        f"{source}: {name}"
        for source in SOURCES
        for name in imported(source)
        if any(name == part or name.startswith(f"{part}.") for part in LICENSED)
    ]
    assert found == []


@pytest.mark.parametrize("blocked", [True, False])
def test_functions_and_buttons_work_without_the_licensed_part_and_without_a_key(blocked: bool) -> None:
    """Proves: nothing more of it is loaded than xlwings itself tries, and all works where it does not exist at all."""
    environment = {name: value for name, value in os.environ.items() if "LICENSE" not in name}
    environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), environment.get("PYTHONPATH", "")])
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"BLOCKED = {blocked}\n{USE}"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
