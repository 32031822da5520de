"""One program on one problem, in a process of its own; prints one line of JSON.

``python -m benchmarks.measure TOOL CASE --spawned SECONDS`` is called by :mod:`benchmarks.dispatch`, which passes the
reading of the system's monotonic clock at which it started the process.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["TOOLS", "main", "missing_packages", "peak_memory_mb"]

FIRST_USE_H = 24  # hours that a program solves untimed, so that nothing of a first use is in its time

# tool: (module here, what it needs to be importable)
TOOLS = {
    "dhxl": ("benchmarks.own", ("dhxl",)),
    "HiGHS": ("benchmarks.peers.highs", ("highspy",)),
    "flixopt": ("benchmarks.peers.flixopt_model", ("flixopt", "highspy")),
    "PyPSA": ("benchmarks.peers.pypsa_model", ("pypsa", "highspy")),
    "oemof-solph": ("benchmarks.peers.oemof_solph", ("oemof", "oemof.solph", "pyomo", "highspy")),
}


def missing_packages(tool: str) -> list[str]:
    """Return what is not installed of what a tool needs."""
    missing: list[str] = []
    for name in TOOLS[tool][1]:
        parent = name.rpartition(".")[0]
        if parent in missing or importlib.util.find_spec(name) is None:
            missing.append(name)
    return missing


def peak_memory_mb() -> float | None:
    """Return the most memory that this process has held at once, MB (10^6 bytes); None where the system cannot tell."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would contain the parent's memory here
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    if sys.platform == "win32":
        return _peak_working_set_mb()
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def _peak_working_set_mb() -> float | None:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *(
                (name, ctypes.c_size_t)
                for name in (
                    "PeakWorkingSetSize",
                    "WorkingSetSize",
                    "QuotaPeakPagedPoolUsage",
                    "QuotaPagedPoolUsage",
                    "QuotaPeakNonPagedPoolUsage",
                    "QuotaNonPagedPoolUsage",
                    "PagefileUsage",
                    "PeakPagefileUsage",
                )
            ),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(Counters)
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
    done = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return counters.PeakWorkingSetSize / 1e6 if done else None


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    versions = {}
    for name in packages:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return versions


def _measure_dhxl(key: str, hours: int | None, spawned: float, repeat: int) -> dict[str, Any]:
    from benchmarks import own, problem
    from benchmarks.trials import TRIALS
    from dhxl.core.dispatch.compiled import compiles

    trial = TRIALS[key]
    demand, price = own.series_of(trial, hours)
    seconds = []
    from_start = 0.0
    for k in range(1 + repeat):
        started = time.perf_counter()
        found = own.solve(trial, demand, price)
        seconds.append(time.perf_counter() - started)
        if k == 0:
            from_start = time.monotonic() - spawned
    peak = peak_memory_mb()
    measured = {
        "versions": _versions(own.PACKAGES),
        "compiled": compiles() and importlib.util.find_spec("numba") is not None,
        "method": found.method,
        "objective_eur": found.objective_eur,
        "bound_eur": found.bound_eur,
        "cost_eur": found.cost_eur,
        "finished": True,
        "faults": [],
        "seconds": seconds[0],
        "warm_s": seconds[1:],
        "with_imports_s": from_start,
        "peak_mb": peak,
    }
    if key in problem.CASES:
        case, schedule = problem.case_of(key, hours), own.schedule_of(found)
        measured |= {"cost_eur": problem.cash_cost_eur(case, schedule), "faults": problem.faults(case, schedule)}
    return measured


def _measure_peer(tool: str, name: str, hours: int | None, spawned: float, arguments: Any) -> dict[str, Any]:
    from benchmarks import problem
    from benchmarks.peers import Limits

    case = problem.case_of(name, hours)
    peer = importlib.import_module(TOOLS[tool][0])
    limits = Limits(arguments.gap, arguments.time_limit, arguments.threads)
    started = time.perf_counter()
    peer.solve(problem.case_of(name, FIRST_USE_H), limits)
    first_use = time.perf_counter() - started
    started = time.perf_counter()
    found = peer.solve(case, limits)
    seconds, from_start = time.perf_counter() - started, time.monotonic() - spawned - first_use
    peak = peak_memory_mb()
    schedule = found.schedule
    return {
        "versions": _versions(peer.PACKAGES),
        "objective_eur": found.objective_eur,
        "bound_eur": found.bound_eur,
        "cost_eur": None if schedule is None else problem.cash_cost_eur(case, schedule),
        "finished": found.finished,
        "faults": [] if schedule is None else problem.faults(case, schedule),
        "seconds": seconds,
        "solver_s": found.solver_s,
        "with_imports_s": from_start,
        "peak_mb": peak,
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.measure", description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("case")
    parser.add_argument("--hours", type=int)
    parser.add_argument("--spawned", type=float, default=time.monotonic())
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--time-limit", type=float, default=180.0)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--warm", type=int, default=5, help="further solves in the same process (dhxl only)")
    arguments = parser.parse_args(argv)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the programs print is no answer
    missing = missing_packages(arguments.tool)
    if missing:
        measured: dict[str, Any] = {"missing": missing}
    elif arguments.tool == "dhxl":
        measured = _measure_dhxl(arguments.case, arguments.hours, arguments.spawned, arguments.warm)
    else:
        measured = _measure_peer(arguments.tool, arguments.case, arguments.hours, arguments.spawned, arguments)
    with answer:
        answer.write(json.dumps(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
