"""The second process that compiles: when it is begun, and what becomes of what it finds."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dhxl.core.dispatch import Kind, Problem, Settings, Unit, beside, solve
from dhxl.core.dispatch.beside import STALE_S, begin_beside, worth_compiling
from dhxl.core.dispatch.budget import Budget, OverBudgetError, budget_of
from dhxl.core.dispatch.compiled import SWITCH
from dhxl.core.dispatch.compiled_place import chosen_place
from dhxl.core.dispatch.plant import kinds_of
from dhxl.core.dispatch.result import Dispatch

ANSWERS = """
import pickle, sys
from dhxl.core.dispatch import dispatch
pickle.dump(dispatch(pickle.load(sys.stdin.buffer)), sys.stdout.buffer)
"""


def problem(steps: int = 48, storage_mwh: float = 12.0) -> Problem:
    engine = Unit(
        "CHP", Kind.CHP, 1.5, min_share=1.0, heat_efficiency=0.47, power_efficiency=0.39, fuel_eur_per_mwh=40.0
    )
    boiler = Unit("Boiler", Kind.BOILER, 6.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
    at = np.arange(steps)
    return Problem(
        (engine, boiler),
        3.0 + np.cos(at / 4),
        80.0 + 40.0 * np.sin(at / 4),
        Settings(storage_mwh=storage_mwh),
    )


@pytest.fixture
def unprepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return what makes this process one that was never compiled, with a program that answers."""
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(beside, "compiles", lambda: False)
    chosen_place.cache_clear()

    def answering(program: str) -> None:
        monkeypatch.setattr(beside, "_PROGRAM", program)

    return answering


def test_a_year_with_a_store_is_worth_it_and_a_week_is_not() -> None:
    """Proves: small work starts no process. Sensitivity: the threshold by a factor of ten either way."""
    assert worth_compiling(problem(8760), kinds_of(problem()))
    assert not worth_compiling(problem(168), kinds_of(problem()))
    assert not worth_compiling(problem(8760, storage_mwh=0.0), kinds_of(problem()))


def test_what_the_second_process_finds_is_the_result(unprepared: Callable[[str], None]) -> None:
    """Proves: problem and result travel whole. Sensitivity: a field that cannot be pickled."""
    unprepared(ANSWERS)
    asked = problem()
    second = begin_beside(asked)
    assert second is not None
    found = second.result(60.0)
    assert found is not None
    assert found.cost_eur == pytest.approx(solve.dispatch(asked).cost_eur, rel=1e-12)


def test_a_second_process_that_fails_says_nothing(unprepared: Callable[[str], None]) -> None:
    """Proves: nobody waits for what will not come. Sensitivity: an end without a word that is not noticed."""
    unprepared("import sys; sys.stdin.buffer.read(); sys.exit(3)")
    second = begin_beside(problem())
    assert second is not None
    began = time.monotonic()
    assert second.result(60.0) is None
    assert time.monotonic() - began < 30.0


def test_only_one_process_compiles_and_an_old_mark_counts_no_more(
    unprepared: Callable[[str], None], tmp_path: Path
) -> None:
    """Proves: forty workers start one compiler. Sensitivity: a mark that is left behind for good."""
    unprepared(ANSWERS)
    first = begin_beside(problem())
    assert first is not None
    assert begin_beside(problem()) is None
    first.result(60.0)
    (mark,) = tmp_path.rglob("compiling")
    os.utime(mark, (0, time.time() - STALE_S - 1))
    assert begin_beside(problem()) is not None


@pytest.mark.parametrize(
    ("name", "value"), [(SWITCH, "0"), (SWITCH, "1"), ("NUMBA_DISABLE_JIT", "1"), ("executable", "/opt/EXCEL")]
)
def test_nothing_is_begun_where_it_was_ruled_out(
    unprepared: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Proves: an environment that says no, or a host that is no Python, is left alone. Sensitivity: any of them."""
    unprepared(ANSWERS)
    if name == "executable":
        monkeypatch.setattr(sys, "executable", value)
    else:
        monkeypatch.setenv(name, value)
    assert begin_beside(problem()) is None


def test_a_folder_that_cannot_be_written_is_no_error(
    unprepared: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: the run goes on uncompiled. Sensitivity: an exception of the mark or of the folder."""
    unprepared(ANSWERS)
    monkeypatch.setattr(beside, "chosen_place", lambda *_: None)
    assert begin_beside(problem()) is None


def test_a_problem_too_much_for_the_time_takes_what_the_second_process_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the exact result that is there is used. Sensitivity: without it the milp would answer, with a gap."""
    asked = problem()
    exact = solve.dispatch(asked)

    class Second:
        def result(self, wait_s: float) -> Dispatch | None:
            return exact

    def too_much(_problem: Problem, _budget: Budget) -> Dispatch:
        budget_of(0.0).check_time()
        raise OverBudgetError("time")

    monkeypatch.setattr(solve, "compiles", lambda: False)
    monkeypatch.setattr(solve, "worth_compiling", lambda *_: True)
    monkeypatch.setattr(solve, "begin_beside", lambda _: Second())
    monkeypatch.setattr(solve, "optimal_dispatch", too_much)
    assert solve.dispatch(asked) is exact
