"""The benchmark's accounts and tables, and that dhxl and HiGHS solve the same problem in it. Nothing here times."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import dispatch, own, problem, report
from benchmarks.measure import TOOLS, missing_packages, peak_memory_mb
from benchmarks.problem import Case, Schedule
from benchmarks.trials import TRIALS

HOURS = 48


def hand_made() -> tuple[Case, Schedule]:
    """Two hours: CHP, heat pump 1 and charging; then discharging, heat pump 2 and a boiler."""
    case = Case("B", 0.5, np.array([7.8, 6.0]), np.array([100.0, -10.0]))
    schedule = Schedule(
        np.array([4.3, 0.0]), np.array([5.5, 0.0]), np.array([0.0, 3.0]), np.array([0.0, 1.0]), np.array([2.0, 0.0])
    )
    return case, schedule


def test_cost_is_fuel_and_operation_and_net_power_hour_by_hour() -> None:
    """Proves: cash cost by hand, 2.925 MW sold at 100, then 0.75 MW bought at -10 + 20.

    Sensitivity: charges on the gross use of power would add 27.50 EUR.
    """
    gas = 0.56 / 9.59 * 1000
    by_hand = gas * (4.3 / 0.4433 + 1.0 / 0.9) + 43.0 - 2.925 * 100 + 0.75 * 10
    assert problem.cash_cost_eur(*hand_made()) == pytest.approx(by_hand, abs=1e-9)


def test_a_schedule_within_all_limits_has_no_fault() -> None:
    assert problem.faults(*hand_made()) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"boilers_mw": [0.0, 0.999]}, "heat balance violated by up to 0.001"),
        ({"chp_mw": [2.0, 0.0]}, "load of the CHP violated by up to 0.15"),
        ({"pump_1_mw": [5.4, 0.0]}, "load of heat pump 1 violated by up to 0.1"),
        ({"pump_2_mw": [0.0, 2.5]}, "load of heat pump 2 violated by up to 0.25"),
        ({"boilers_mw": [0.0, 9.5]}, "load of the boilers violated by up to 0.5"),
        ({"level_mwh": [3.0, 0.0]}, "content of the store violated by up to 0.1"),
        ({"level_mwh": [2.0, 0.5]}, "content at the end violated by up to 0.5"),
        ({"level_mwh": [np.nan, 0.0]}, "content of the store violated by up to nan"),
    ],
)
def test_what_a_schedule_breaks_is_named_with_its_size(changed: dict[str, list[float]], fault: str) -> None:
    case, schedule = hand_made()
    broken = replace(schedule, **{name: np.array(values) for name, values in changed.items()})
    assert fault in problem.faults(case, broken)


@pytest.mark.parametrize("name", problem.CASES)
def test_dhxl_and_highs_solve_the_same_problem(name: str) -> None:
    """Proves: both models of the benchmark mean the same plant, in cost and in what is feasible.

    Sensitivity: without the minimum load of the second heat pump case B costs the same as case C, here 19 EUR less.
    """
    pytest.importorskip("highspy")
    from benchmarks.peers import Limits, highs

    case = problem.case_of(name, HOURS)
    peer = highs.solve(case, Limits(gap=0.0, time_s=60.0, threads=1))
    found = own.solve(TRIALS[name], *own.series_of(TRIALS[name], HOURS))
    assert peer.schedule is not None
    assert peer.finished
    assert problem.faults(case, peer.schedule) == []
    assert problem.faults(case, own.schedule_of(found)) == []
    cost = problem.cash_cost_eur(case, own.schedule_of(found))
    assert problem.cash_cost_eur(case, peer.schedule) == pytest.approx(cost, rel=1e-7)
    assert peer.objective_eur == pytest.approx(cost, rel=1e-7)
    assert found.objective_eur == pytest.approx(cost, rel=1e-12)


def test_quarter_hours_lie_between_the_hours() -> None:
    demand, price = own.series_of(TRIALS["C-quarter"], 3)
    hourly = own.series_of(TRIALS["C"], 3)
    assert demand.size == price.size == 12
    assert demand[::4] == pytest.approx(hourly[0])
    assert demand[2] == pytest.approx((hourly[0][0] + hourly[0][1]) / 2)


@pytest.mark.parametrize("key", TRIALS)
def test_every_trial_is_solved_exactly(key: str) -> None:
    found = own.solve(TRIALS[key], *own.series_of(TRIALS[key], 24))
    assert found.method == "optimal"
    assert abs(found.gap) < 1e-8


def test_the_process_knows_its_peak_memory() -> None:
    peak = peak_memory_mb()
    assert peak is None or 10 < peak < 100_000


def test_what_is_not_installed_is_known_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        TOOLS, "flixopt", ("benchmarks.peers.flixopt_model", ("no_such_program", "no_such_program.part"))
    )
    assert missing_packages("dhxl") == []
    assert missing_packages("flixopt") == ["no_such_program", "no_such_program.part"]


def test_a_program_that_is_not_installed_is_listed_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dispatch, "_measured", lambda *_, **__: {"missing": ["flixopt"]})
    assert dispatch.main(["--case", "C", "--tools", "flixopt"]) == 0
    assert "not installed" in capsys.readouterr().out


def test_a_program_that_fails_is_listed_and_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object, **__: object) -> dict[str, Any]:
        raise dispatch.MeasuringError("out of memory")

    monkeypatch.setattr(dispatch, "_measured", failing)
    assert dispatch.main(["--case", "C", "--tools", "PyPSA"]) == 1
    assert "failed: out of memory" in capsys.readouterr().out


def test_the_command_measures_each_program_in_its_own_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Proves: from the command to the page, with dhxl and HiGHS on a day."""
    pytest.importorskip("highspy")
    command = ["--case", "C", "--tools", "dhxl,highs", "--hours", "24", "--repeat", "1", "--json"]
    assert dispatch.main(command) == 0
    text = capsys.readouterr().out
    runs = {entry["tool"]: entry["runs"] for entry in json.loads(text)["comparison"]}
    assert runs["HiGHS"][0]["cost_eur"] == pytest.approx(runs["dhxl"][0]["cost_eur"], rel=1e-4)
    assert runs["dhxl"][0]["compiled"]
    assert len(runs["dhxl"][0]["warm_s"]) == 5
    saved, page = tmp_path / "results.json", tmp_path / "page.md"
    saved.write_text(text, encoding="utf-8")
    assert dispatch.main(["--read", str(saved), "--write", str(page)]) == 0
    written = page.read_text(encoding="utf-8")
    assert "Case C, 24 hours" in written
    assert "python -m benchmarks.dispatch --case C --tools dhxl,highs" in written
    assert "| processor |" in written


def measured(cost: float, seconds: float, **more: Any) -> dict[str, Any]:
    run = {
        "cost_eur": cost,
        "objective_eur": cost,
        "bound_eur": cost,
        "finished": True,
        "faults": [],
        "seconds": seconds,
    }
    return {**run, "with_imports_s": seconds + 1, "peak_mb": 100.0, "versions": {}, "compiled": True} | more


def results(*entries: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    comparison = [{"case": case, "tool": tool, "runs": runs, "problem": ""} for case, tool, runs in entries]
    settings = {"hours": None, "gap": 1e-4, "time_limit_s": 180.0, "threads": 2, "repeat": 3}
    return {
        "command": "python -m benchmarks.dispatch",
        "settings": settings,
        "machine": {},
        "comparison": comparison,
        "trials": [],
        "cold_s": {},
    }


OWN = measured(100.0, 0.5, warm_s=[0.02, 0.01, 0.03])


def test_the_best_run_of_a_program_counts_against_the_median_of_dhxl() -> None:
    entries = results(("C", "dhxl", [OWN]), ("C", "HiGHS", [measured(101.0, 9.0), measured(100.5, 8.0)]))
    (table,) = report.tables(entries)
    highs = dict(zip(table.columns[:6], table.rows[1], strict=False))
    assert highs["solve"] == "8.00 s"
    assert highs["cost, EUR"] == "100.50"
    assert highs["above dhxl"] == "+0.5000%"
    (sentence,) = report.verdicts(entries)
    assert "400 times as fast as HiGHS" in sentence
    assert "pass" in sentence


@pytest.mark.parametrize(("cost", "seconds"), [(101.0, 5.9), (99.9, 9.0)])
def test_a_fast_or_a_cheaper_program_fails_the_comparison(cost: float, seconds: float) -> None:
    (sentence,) = report.verdicts(results(("C", "dhxl", [OWN]), ("C", "HiGHS", [measured(cost, seconds)])))
    assert "FAIL" in sentence


def test_infeasible_schedules_and_time_limits_are_shown() -> None:
    run = measured(100.0, 180.0, finished=False, faults=["heat balance violated by up to 0.1"], objective_eur=90.0)
    (table,) = report.tables(results(("B", "dhxl", [OWN]), ("B", "PyPSA", [run])))
    remark = table.rows[1][-1]
    assert "stopped by the time limit, one run only" in remark
    assert "INFEASIBLE: heat balance violated by up to 0.1" in remark
    assert "its own objective says 90.00 EUR" in remark


def test_a_bound_above_a_schedule_that_exists_is_called_wrong() -> None:
    (table,) = report.tables(results(("C", "dhxl", [OWN]), ("C", "HiGHS", [measured(101.0, 9.0)])))
    assert "WRONG BOUND" in table.rows[1][-1]
    assert table.rows[0][-1] == ""


def test_help_names_the_programs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dispatch.main(["--help"])
    assert ended.value.code == 0
    assert "oemof-solph" in capsys.readouterr().out


def test_an_unknown_program_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dispatch.main(["--tools", "excel"])
    assert ended.value.code == 2
    assert "excel is not among dhxl, HiGHS" in capsys.readouterr().err
