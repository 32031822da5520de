"""A Python that is started and asked: what it answers, and what becomes of one that does not."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path

import pytest

from dhxl.doctor.trial import tried
from dhxl.functions.stamp import functions_stamp


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_this_python_answers_with_its_versions_and_functions(environment: dict[str, str]) -> None:
    told = tried(sys.executable, ("dhxl.hosts.excel", "dhxl.macros"), environment)
    assert (told.problem, told.functions, told.xlwings) == ("", functions_stamp(), metadata.version("xlwings"))
    assert told.python == sys.version.split()[0]


def test_a_module_that_is_missing_is_told_in_pythons_words(environment: dict[str, str]) -> None:
    told = tried(sys.executable, ("dhxl", "dhxl_missing"), environment)
    assert told.problem == "ModuleNotFoundError: No module named 'dhxl_missing'"


def test_a_program_that_is_missing_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    assert tried(str(tmp_path / "python.exe"), (), environment).problem


def test_what_modules_print_is_not_taken_for_the_answer(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "noisy.py").write_text("print('dhxl-trial: no')", encoding="utf-8")
    told = tried(
        sys.executable, ("noisy",), {**environment, "PYTHONPATH": f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"}
    )
    assert told.functions == functions_stamp()


def test_a_program_that_says_nothing_is_told_with_its_exit_code(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "silent.py").write_text("import os; os._exit(3)", encoding="utf-8")
    assert (
        tried(sys.executable, ("silent",), {**environment, "PYTHONPATH": str(tmp_path)}).problem
        == "it ended with code 3"
    )


def test_a_python_that_does_not_answer_in_time_is_stopped(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "hanging.py").write_text("import threading; threading.Event().wait()", encoding="utf-8")
    told = tried(sys.executable, ("hanging",), {**environment, "PYTHONPATH": str(tmp_path)}, limit_s=0.5)
    assert (told.slow, bool(told.problem)) == (True, True)
