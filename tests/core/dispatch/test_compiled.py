"""The compiled code and the same code as it stands give the same."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """
import json
from dhxl.core.dispatch import dispatch
from dhxl.core.dispatch import convolution, curves, dust, halves, pieces, programme, sliding
from tests.core.dispatch.drawn import drawn_problem
from dhxl.errors import DhxlError
halves.LEAST_STEPS = 6
results = []
for seed in range(5000, 5016):
    try:
        found = dispatch(drawn_problem(seed, 10, store=True, memory=seed % 2 == 0, cyclic=seed == 5003))
        results.append([found.cost_eur, found.bound_eur, found.level_mwh.tolist(), found.heat_mw.tolist()])
    except DhxlError as error:
        results.append(str(error))
modules = (pieces, dust, convolution, curves, halves, programme, sliding)
functions = [f for module in modules for f in vars(module).values()]
kinds = {f.py_func.__name__: len(f.overloads) for f in functions if hasattr(f, "overloads")}
print(json.dumps({"results": results, "specialisations": kinds}))
"""

YEARS = """
import json
from dhxl.core.dispatch import dispatch
from tests.core.dispatch.drawn import drawn_problem
for seed, cyclic, memory in ((5001, False, True), (5003, True, False), (5004, False, False)):
    dispatch(drawn_problem(seed, 10_000, store=True, memory=memory, cyclic=cyclic))
print(json.dumps(None))
"""

BY_RULE = """
import json
from dhxl.core.dispatch import offers, placement, shortage
from dhxl.core.dispatch.priority import priority_dispatch
from tests.core.dispatch.drawn import drawn_problem
from dhxl.errors import DhxlError
results = []
for seed in range(8000, 8024):
    try:
        found = priority_dispatch(drawn_problem(seed, 12, store=True, memory=seed % 2 == 0, cyclic=seed % 5 == 0))
        results.append([found.cost_eur, found.level_mwh.tolist(), found.heat_mw.tolist()])
    except DhxlError as error:
        results.append(str(error))
functions = [f for module in (placement, offers, shortage) for f in vars(module).values()]
kinds = {f.py_func.__name__: len(f.overloads) for f in functions if hasattr(f, "overloads")}
print(json.dumps({"results": results, "specialisations": kinds}))
"""


def run(script: str, compiled: str) -> Any:
    """Return what a fresh process prints."""
    environment = os.environ | {"DHXL_COMPILE": compiled, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    root = importlib.util.find_spec("dhxl").submodule_search_locations[0]  # type: ignore[union-attr, index]
    process = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=os.path.dirname(root),  # noqa: PTH120
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return json.loads(process.stdout)


def test_compiled_and_uncompiled_agree_to_the_last_digit_that_counts() -> None:
    """Proves: one code, two ways of running it. Sensitivity: int for float in one place would differ in the results.

    Every function must have been compiled for one set of types only: a second one doubles the wait at set-up.
    """
    pytest.importorskip("numba")
    plain, fast = run(SCRIPT, "0"), run(SCRIPT, "1")
    assert not plain["specialisations"]
    assert max(fast["specialisations"].values()) == 1
    for one, other in zip(plain["results"], fast["results"], strict=True):
        if isinstance(one, str):
            assert one == other
        else:
            assert one[:2] == pytest.approx(other[:2], rel=1e-12, abs=1e-9)
            assert one[2] == pytest.approx(other[2], abs=1e-7)


def test_compiled_and_uncompiled_plans_by_rule_agree() -> None:
    """Proves: the same of the method priority. Sensitivity: costs compared as floats would break ties differently."""
    pytest.importorskip("numba")
    plain, fast = run(BY_RULE, "0"), run(BY_RULE, "1")
    assert not plain["specialisations"]
    assert max(fast["specialisations"].values()) == 1
    for one, other in zip(plain["results"], fast["results"], strict=True):
        if isinstance(one, str):
            assert one == other
        else:
            assert one[0] == pytest.approx(other[0], rel=1e-12, abs=1e-9)
            assert one[1] == pytest.approx(other[1], abs=1e-7)
            assert one[2] == [pytest.approx(row, abs=1e-7) for row in other[2]]


def test_set_up_compiles_all_that_a_year_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no cell waits for the compiler once a machine is set up. Sensitivity: a year with a store waited 9 s."""
    pytest.importorskip("numba")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run("from dhxl.core.dispatch import warm; warm(); print(0)", "1")
    kept = sorted(tmp_path.rglob("*.nbc"))
    assert len(kept) > 10
    run(YEARS, "1")
    assert sorted(tmp_path.rglob("*.nbc")) == kept
