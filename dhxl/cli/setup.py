"""``dhxl setup``: what is done once on a machine."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import subprocess
import sys
import time
from typing import Any

from dhxl.cli.console import write, write_json, write_note
from dhxl.core.dispatch.compiled import SWITCH, forget_compiled, remember_compiled
from dhxl.doctor.interpreter import forget_interpreter, record_interpreter
from dhxl.doctor.machine import this_machine
from dhxl.errors import WorkbookError
from dhxl.interrupts import exit_code, held

__all__ = ["setup_command"]


def setup_command(*, undo: bool = False, as_json: bool) -> int:
    """Record this Python for workbooks and compile the dispatch with a store; or take the record back.

    Each is done even where the other fails. Returns the exit code, 1 where something failed.
    """
    told: dict[str, Any] = {"recorded": None}
    problems: list[str] = []
    try:
        _record(told, problems, undo=undo, as_json=as_json)
        if not undo:
            _make_fast(told, problems, as_json=as_json)
    except KeyboardInterrupt:
        changed = f"what was {'taken back' if undo else 'recorded for workbooks'} stays"
        stands = [changed] * bool(told["recorded"] and told["recorded"]["changed"])
        stands += ["the dispatch is compiled"] * bool(told.get("compiled"))
        if not stands:
            raise
        write_note(f"interrupted; {', '.join(stands)}")
        return exit_code()
    for problem in problems:
        write_note(problem)
    if as_json:
        write_json({**told, **({"errors": problems} if problems else {})})
    return int(bool(problems))


def _record(told: dict[str, Any], problems: list[str], *, undo: bool, as_json: bool) -> None:
    try:
        with held():
            record = (forget_interpreter if undo else record_interpreter)(this_machine())
            told["recorded"] = dataclasses.asdict(record)
    except WorkbookError as error:
        problems += error.problems
        return
    if not as_json:
        word = "taken back" if undo else "recorded" if record.changed else "as before"
        if record.place:
            write(f"{word}: {record.place}")
        write(record.advice)


def _make_fast(told: dict[str, Any], problems: list[str], *, as_json: bool) -> None:
    told["compiled"] = False
    started = time.perf_counter()
    try:
        _compile()
        with held():
            _remember()
            told |= {"compiled": True, "seconds": round(time.perf_counter() - started, 3)}
    except WorkbookError as error:
        problems += error.problems
        return
    if not as_json:
        write(f"the dispatch is compiled ({told['seconds']:.1f} s)")


def _compile() -> None:
    """Compile in a process of its own, since what is compiled is decided when a process starts."""
    if importlib.util.find_spec("numba") is None:
        raise WorkbookError("compiling needs the package numba: pip install numba (dhxl works without it, only slower)")
    write_note("Compiling the dispatch, ten to thirty seconds ...")
    forget_compiled()
    command = [sys.executable, "-c", "from dhxl.core.dispatch import warm; warm()"]
    try:
        ended = subprocess.run(command, env={**os.environ, SWITCH: "1"}, capture_output=True, check=False)
    except OSError as error:
        raise WorkbookError(
            f"the dispatch cannot be compiled ({error.strerror or error}); dhxl works without it, only slower"
        ) from error
    if ended.returncode:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise WorkbookError(f"the dispatch cannot be compiled: {lines[-1]} (dhxl works without it, only slower)")


def _remember() -> None:
    try:
        kept = remember_compiled()
    except OSError as error:
        raise WorkbookError(
            f"that the dispatch is compiled cannot be noted ({error.strerror or error}); dhxl works, only slower"
        ) from error
    if not kept:
        raise WorkbookError("no folder for compiled code can be written; dhxl works without it, only slower")
