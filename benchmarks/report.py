"""The results as tables: on a console, or as a page of the documentation."""

from __future__ import annotations

import statistics
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.problem import CASES
from benchmarks.trials import COLD_LIMIT_S, MEMORY_LIMIT_MB, TRIALS

__all__ = ["Table", "markdown", "show", "tables", "verdicts"]

CERTIFIED = 1e-8  # relative; what dhxl's bound must reach, and its distance from a known optimum
TIMES_FASTER = 300.0  # than the fastest other program, on case C
SAME_COST = 1e-9  # relative
YEAR_H = 8760


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of text; the first column is left-aligned, and the last one where it holds words."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    words_last: bool = True


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def _euro(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"


def _times(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _gap(value: float | None) -> str:
    return "–" if value is None else "< 1e-12" if abs(value) < 1e-12 else f"{abs(value):.1e}"


def _megabytes(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _limited(value: float, limit: float | None) -> str:
    return "–" if limit is None else "pass" if value <= limit else "FAIL"


def best(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the fastest run, with the shortest times and the least peak memory of all runs."""
    solved = [run for run in runs if run.get("cost_eur") is not None]
    chosen = dict(min(solved, key=lambda run: run["seconds"]) if solved else runs[0])
    for name in ("seconds", "with_imports_s", "peak_mb"):
        values = [run[name] for run in runs if run.get(name) is not None]
        if values:
            chosen[name] = min(values)
    warm = [seconds for run in runs for seconds in run.get("warm_s", ())]
    chosen["warm"] = statistics.median(warm) if warm else None
    return chosen


def _remark(entry: dict[str, Any], run: dict[str, Any], cheapest_eur: float | None) -> str:
    remarks = []
    if not run["finished"]:
        remarks.append("stopped by the time limit" + (", one run only" if len(entry["runs"]) == 1 else ""))
    if run.get("cost_eur") is None:
        remarks.append("no schedule found")
    remarks += [f"INFEASIBLE: {fault}" for fault in run["faults"]]
    if entry["tool"] == "dhxl" and not run["compiled"]:
        remarks.append("not compiled")
    cost, objective = run.get("cost_eur"), run.get("objective_eur")
    if cost is not None and objective is not None and abs(cost - objective) > 1e-6 * abs(cost):
        remarks.append(f"its own objective says {objective:,.2f} EUR")
    bound = run.get("bound_eur")
    if bound is not None and cheapest_eur is not None and bound > cheapest_eur + 1e-6 * abs(cheapest_eur):
        remarks.append("WRONG BOUND: there is a cheaper schedule")
    return "; ".join(remarks)


def _comparison(results: dict[str, Any], case: str) -> Table | None:
    entries = [entry for entry in results["comparison"] if entry["case"] == case]
    if not entries:
        return None
    found = {entry["tool"]: best(entry["runs"]) for entry in entries if entry["runs"]}
    own = found.get("dhxl")
    costs = [run["cost_eur"] for run in found.values() if run.get("cost_eur") is not None and not run["faults"]]
    cheapest = min(costs, default=None)
    columns = ["program", "cost, EUR", "above dhxl", "bound, EUR", "gap", "solve", "× dhxl", "of it HiGHS"]
    columns += ["with imports", "× dhxl", "peak MB", "runs", "remark"]
    rows = []
    for entry in entries:
        tool = entry["tool"]
        if not entry["runs"]:
            rows.append((tool, *["–"] * (len(columns) - 2), entry["problem"]))
            continue
        run = found[tool]
        cost, bound = run.get("cost_eur"), run.get("bound_eur")
        seconds = run["seconds"] if run["warm"] is None else run["warm"]
        gap = None if cost is None or bound is None else (cost - bound) / abs(cost)
        above = None if own is None or cost is None else cost / own["cost_eur"] - 1
        rows.append(
            (
                tool,
                _euro(cost),
                "–" if above is None or tool == "dhxl" else f"{above:+.4%}",
                _euro(bound),
                _gap(gap),
                _seconds(seconds),
                "–" if own is None else _times(seconds / own["warm"]),
                _seconds(run.get("solver_s")),
                _seconds(run["with_imports_s"]),
                "–" if own is None else _times(run["with_imports_s"] / own["with_imports_s"]),
                _megabytes(run["peak_mb"]),
                str(len(entry["runs"])),
                _remark(entry, run, cheapest),
            )
        )
    hours = results["settings"]["hours"] or YEAR_H
    notes = []
    if own is not None:
        notes.append(
            f"dhxl's first solve of a process, in which its machine code is loaded from disk: "
            f"{_seconds(own['seconds'])}; this is what “with imports” contains."
        )
    return Table(f"Case {case}, {hours} hours", tuple(columns), tuple(rows), tuple(notes))


def _acceptance(results: dict[str, Any]) -> Table | None:
    if not results["trials"]:
        return None
    whole = results["settings"]["hours"] is None
    columns = ("dhxl alone", "cost, EUR", "gap", "median of 5", "limit", "in it", "peak MB", "remark")
    rows = []
    for entry in results["trials"]:
        trial, run = TRIALS[entry["trial"]], entry["run"]
        if run is None:
            rows.append((trial.title, *["–"] * (len(columns) - 2), entry["problem"]))
            continue
        warm, cost = statistics.median(run["warm_s"]), run["objective_eur"]
        gap = abs(cost - run["bound_eur"]) / max(abs(cost), 1e-9)
        remarks = [] if run["method"] == "optimal" else [f"method {run['method']}"]
        if gap > CERTIFIED:
            remarks.append("NOT PROVEN")
        optimum = trial.optimum_eur
        if whole and optimum is not None:
            reached = abs(cost - optimum) <= CERTIFIED * optimum
            remarks.append(f"known optimum {optimum:,.4f}: {'reached' if reached else 'MISSED'}")
        rows.append(
            (
                trial.title,
                _euro(cost),
                _gap(gap),
                _seconds(warm),
                _seconds(trial.limit_s),
                _limited(warm, trial.limit_s) if whole else "–",
                _megabytes(run["peak_mb"]),
                "; ".join(remarks),
            )
        )
    measured = [entry["run"] for entry in results["trials"] if entry["run"]]
    peaks = [run["peak_mb"] for run in measured if run["peak_mb"] is not None]
    blank = ("", "")
    for case, seconds in results["cold_s"].items():
        if seconds:
            cold = statistics.median(seconds)
            verdict = _limited(cold, COLD_LIMIT_S)
            title = f"{case}, from the start of a process to the result"
            rows.append((title, *blank, _seconds(cold), _seconds(COLD_LIMIT_S), verdict, "", "compiled code on disk"))
    if peaks:
        verdict = _limited(max(peaks), MEMORY_LIMIT_MB)
        limit, peak = f"{_megabytes(MEMORY_LIMIT_MB)} MB", _megabytes(max(peaks))
        rows.append(("most memory of a process", *blank, "", limit, verdict, peak, "of the above"))
    return Table("dhxl alone, against its limits", columns, tuple(rows))


def tables(results: dict[str, Any]) -> list[Table]:
    """Return the tables of the results."""
    made = [_comparison(results, case) for case in CASES] + [_acceptance(results)]
    return [table for table in made if table is not None]


def verdicts(results: dict[str, Any]) -> list[str]:
    """Return in sentences how much faster and cheaper dhxl is, and on the whole year whether that is enough."""
    sentences = []
    whole = results["settings"]["hours"] is None
    for case in CASES:
        entries = [entry for entry in results["comparison"] if entry["case"] == case and entry["runs"]]
        found = {entry["tool"]: best(entry["runs"]) for entry in entries}
        own = found.pop("dhxl", None)
        peers = {tool: run for tool, run in found.items() if run.get("cost_eur") is not None}
        if own is None or not peers:
            continue
        fastest = min(peers, key=lambda tool: peers[tool]["seconds"])
        cheapest = min(peers, key=lambda tool: peers[tool]["cost_eur"])
        ratio = peers[fastest]["seconds"] / own["warm"]
        saved = peers[cheapest]["cost_eur"] - own["cost_eur"]
        same = abs(saved) <= SAME_COST * abs(own["cost_eur"])
        price = "as cheap as" if same else f"{abs(saved):,.2f} EUR {'cheaper' if saved > 0 else 'dearer'} than"
        speed = f"{_times(ratio)} times as fast as {fastest}, the fastest other program"
        sentence = (
            f"Case {case}: dhxl is {speed}, and its schedule is {price} that of {cheapest}, the cheapest other one"
        )
        if whole and case == "C":
            passed = ratio >= TIMES_FASTER and (same or saved > 0)
            sentence += f" ({'pass' if passed else 'FAIL'}: at least {TIMES_FASTER:.0f} times, at equal or lower cost)"
        elif whole:
            sentence += f" ({'pass' if saved > 0 and not same else 'FAIL'}: cheaper than every other)"
        sentences.append(sentence + ".")
    return sentences


def show(results: dict[str, Any]) -> None:
    """Print the tables; plainly where rich is not installed."""
    for table in tables(results):
        _show_table(table)
    for sentence in verdicts(results):
        print(sentence)


def _show_table(table: Table) -> None:
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table as RichTable
    except ImportError:
        print(f"\n{table.title}\n" + "\n".join(_plain(table)))
    else:
        drawn = RichTable(title=table.title, box=box.SIMPLE_HEAD, title_justify="left")
        for k, column in enumerate(table.columns):
            left = k in (0, len(table.columns) - 1)
            drawn.add_column(column, justify="left" if left else "right", no_wrap=k < len(table.columns) - 1)
        for row in table.rows:
            drawn.add_row(*row)
        Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False).print(drawn)
    for note in table.notes:
        print(note)


def _plain(table: Table) -> list[str]:
    widths = [max(len(row[k]) for row in (table.columns, *table.rows)) for k in range(len(table.columns))]
    return [
        "  ".join(
            text.ljust(width) if k in (0, len(widths) - 1) else text.rjust(width)
            for k, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (table.columns, *table.rows)
    ]


def _markdown_table(table: Table) -> list[str]:
    ends = (0, len(table.columns) - 1)
    rule = "|".join("---" if k in ends else "---:" for k in range(len(table.columns)))
    lines = [f"## {table.title}", "", "| " + " | ".join(table.columns) + " |", f"|{rule}|"]
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    for note in table.notes:
        lines += ["", note]
    return [*lines, ""]


HOW = (
    """
Every run is a process of its own: it reads the series, imports the program, solves and ends. *Solve* is the time from
the bare series of numbers to the schedule, the building of the model included. Before that the other programs solve
one day, untimed, so that nothing of a first use is in it; the best of their runs counts. dhxl's *solve* is the median
of five solves after the first one of a process, as of a cell that is calculated again; nothing is remembered between
them. *With imports* is the time from the start of the process to the schedule: of dhxl with its first solve, of the
others without the untimed day. *× dhxl* compares solve with solve, and start with start. *Peak MB* is the most memory
that the process held.
""",
    """
All are given the whole period at once and the same freedom: a combined heat and power unit (CHP) of 4.3 MW heat from
half load on, a heat pump of 5.5 MW that is on or off, a second one from 0 (case C) or from half load on (case B),
boilers of 9 MW, and a store of 2.9 MWh, empty at both ends. Each model is written in the words of its program
(`benchmarks/peers`), with what makes it lean: one boiler in place of two equal ones, a binary variable only where
something is on or off, no ban on charging and discharging at once, and the model handed to the solver in memory.
PyPSA adds variables of starting and stopping to each unit that can be off, which HiGHS's presolve removes.
""",
    """
All use HiGHS with {threads} threads and a relative gap of {gap:g}, for at most {limit:g} s. *Cost* is computed alike
for all, from the heat of the units and the level of the store (`benchmarks/problem.py`), not from what they say
themselves; a schedule that breaks a limit by more than 1e-5 MW is called infeasible in its remark. *Bound* is what a
program has proven that no schedule can be cheaper than, and *gap* the distance of its cost from it.
""",
)


def markdown(results: dict[str, Any]) -> str:
    """Return the results as a page: machine, versions, command, tables, and how they came about."""
    settings = results["settings"]
    lines = ["# Speed", "", "```", results["command"], "```", ""]
    sentences = verdicts(results)
    if sentences:
        lines += [*(f"- {sentence}" for sentence in sentences), ""]
    for table in tables(results):
        lines += _markdown_table(table)
    if results["comparison"]:
        values = {"gap": settings["gap"], "limit": settings["time_limit_s"], "threads": settings["threads"]}
        lines += ["## How it is measured", ""]
        for paragraph in HOW:
            lines += [textwrap.fill(paragraph.format(**values).strip(), 120), ""]
    lines += ["## Machine and versions", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in results["machine"].items()]
    lines += [
        f"| {name} | {version} |" for name, version in sorted(_versions(results).items(), key=lambda v: v[0].lower())
    ]
    return "\n".join(lines) + "\n"


def _versions(results: dict[str, Any]) -> dict[str, str]:
    runs = [run for entry in results["comparison"] for run in entry["runs"]]
    runs += [entry["run"] for entry in results["trials"] if entry["run"]]
    versions: dict[str, set[str]] = {}
    for run in runs:
        for name, version in run["versions"].items():
            versions.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(found)) for name, found in versions.items()}
