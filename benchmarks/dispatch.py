"""Time dhxl and other programs on the same year: ``python -m benchmarks.dispatch``.

The other programs come with ``pip install -e .[bench]``; those that are not installed are listed as such.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.measure import TOOLS
from benchmarks.problem import CASES
from benchmarks.report import markdown, show
from benchmarks.trials import TRIALS

__all__ = ["main"]

ROOT = Path(__file__).parents[1]
PREPARED_H = 24  # enough hours for every compiled function to be called
Run = dict[str, Any]


class MeasuringError(Exception):
    """A measuring process ended without an answer."""


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measured(options: argparse.Namespace, tool: str, case: str, *, hours: int | None, warm: int = 5) -> Run:
    """Return what a fresh process measures."""
    command = [options.python.get(tool, sys.executable), "-m", "benchmarks.measure", tool, case]
    command += ["--gap", str(options.gap), "--time-limit", str(options.time_limit)]
    command += ["--threads", str(options.threads), "--warm", str(warm)]
    if hours is not None:
        command += ["--hours", str(hours)]
    environment = {**os.environ, "DHXL_COMPILE": "1"}
    command += ["--spawned", repr(time.monotonic())]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=900 + 3 * options.time_limit
        )
    except OSError as error:
        raise MeasuringError(str(error)) from error
    except subprocess.TimeoutExpired as error:
        raise MeasuringError(f"no answer after {error.timeout:.0f} s") from error
    if ended.returncode:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {ended.returncode}"]
        raise MeasuringError(lines[-1])
    answer: Run = json.loads(ended.stdout)
    return answer


def _prepare(options: argparse.Namespace, keys: Sequence[str]) -> None:
    """Fill the cache of compiled code on disk with what the keys need."""
    for key in keys:
        _note(f"compiling what {key} needs")
        try:
            _measured(options, "dhxl", key, hours=PREPARED_H, warm=0)
        except MeasuringError as error:
            _note(f"  {error}")


def _compare(options: argparse.Namespace, case: str, tool: str) -> dict[str, Any]:
    """Return the runs of a program; one only where its time is up before its gap is reached."""
    entry: dict[str, Any] = {"case": case, "tool": tool, "runs": [], "problem": ""}
    for number in range(1, options.repeat + 1):
        try:
            run = _measured(options, tool, case, hours=options.hours)
        except MeasuringError as error:
            entry |= {"runs": [], "problem": f"failed: {error}"}
            break
        if "missing" in run:
            entry["problem"] = "not installed"
            break
        entry["runs"].append(run)
        cost = "no schedule" if run["cost_eur"] is None else f"{run['cost_eur']:,.2f} EUR"
        _note(f"case {case}, {tool}, run {number}: {run['seconds']:.3f} s, {cost}")
        if not run["finished"]:
            break
    if entry["problem"]:
        _note(f"case {case}, {tool}: {entry['problem']}")
    return entry


def _try(options: argparse.Namespace, key: str) -> dict[str, Any]:
    try:
        run = _measured(options, "dhxl", key, hours=options.hours)
    except MeasuringError as error:
        _note(f"{TRIALS[key].title}: failed: {error}")
        return {"trial": key, "run": None, "problem": f"failed: {error}"}
    _note(f"{TRIALS[key].title}: {sorted(run['warm_s'])[len(run['warm_s']) // 2]:.4f} s")
    return {"trial": key, "run": run, "problem": ""}


def _cold_seconds(options: argparse.Namespace, case: str) -> list[float]:
    try:
        runs = [_measured(options, "dhxl", case, hours=options.hours, warm=0) for _ in range(options.repeat)]
    except MeasuringError:
        return []
    return [run["with_imports_s"] for run in runs]


def _results(options: argparse.Namespace) -> dict[str, Any]:
    cases = CASES if options.case == "both" else (options.case,)
    with_peers = not options.dhxl_only
    alone = options.dhxl_only or options.write is not None
    trials = [key for key in TRIALS if TRIALS[key].case in cases] if alone else []
    if "dhxl" in options.tools or alone:
        _prepare(options, trials or cases)
    return {
        "command": " ".join(["python -m benchmarks.dispatch", *options.given]),
        "settings": {
            "hours": options.hours,
            "gap": options.gap,
            "time_limit_s": options.time_limit,
            "threads": options.threads,
            "repeat": options.repeat,
        },
        "machine": machine(),
        "comparison": [_compare(options, case, tool) for case in cases for tool in options.tools] if with_peers else [],
        "trials": [_try(options, key) for key in trials],
        "cold_s": {case: _cold_seconds(options, case) for case in cases} if alone else {},
    }


def _tools(text: str) -> tuple[str, ...]:
    lower = {tool.lower(): tool for tool in TOOLS}
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in lower]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown) or 'nothing'} is not among {', '.join(TOOLS)}")
    return tuple(lower[name] for name in names)


def _interpreter(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise argparse.ArgumentTypeError(f"expected NAME=PATH, got {text!r}")
    return _tools(name)[0], path


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch", description=__doc__)
    parser.add_argument("--case", choices=(*CASES, "both"), default="both")
    parser.add_argument(
        "--tools", type=_tools, default=tuple(TOOLS), metavar="LIST", help=f"of {','.join(TOOLS)} (default: all)"
    )
    parser.add_argument("--hours", type=_positive, help="only so many hours from the start of the year")
    parser.add_argument("--repeat", type=_positive, default=3, help="processes of each program; the best counts")
    parser.add_argument("--gap", type=float, default=1e-4, help="relative gap at which HiGHS may stop")
    parser.add_argument("--time-limit", type=float, default=180.0, metavar="S", help="seconds that HiGHS may take")
    parser.add_argument("--threads", type=_positive, default=os.cpu_count() or 1, help="of HiGHS (default: all cores)")
    parser.add_argument("--dhxl-only", action="store_true", help="dhxl alone, on more problems, against its limits")
    parser.add_argument(
        "--python",
        action="append",
        type=_interpreter,
        default=[],
        metavar="NAME=PATH",
        help="interpreter in which a program is installed, if not in this one",
    )
    parser.add_argument("--json", action="store_true", help="print every measurement as JSON instead of tables")
    parser.add_argument("--read", type=Path, metavar="FILE", help="measure nothing: take the JSON of an earlier run")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also run dhxl alone, and write all as a page")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    options = _parser().parse_args(given, argparse.Namespace(given=given))
    options.python = dict(options.python)
    results = _results(options) if options.read is None else json.loads(options.read.read_text(encoding="utf-8"))
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        show(results)
    if options.write is not None:
        options.write.write_text(markdown(results), encoding="utf-8", newline="\n")
    failed = [entry for entry in (*results["comparison"], *results["trials"]) if entry["problem"].startswith("failed")]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
