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
from dhxl.core.dispatch.compiled import SWITCH, remember_compiled
from dhxl.errors import WorkbookError
from dhxl.studies.interpreter import forget_interpreter, record_interpreter
from dhxl.studies.machine import this_machine

__all__ = ["setup_command"]


def setup_command(*, undo: bool = False, as_json: bool) -> int:
    """Record this Python for workbooks and compile the dispatch with a store; or take the record back.

    What is compiled is decided when a process starts, so another one does it.
    """
    machine = this_machine()
    record = forget_interpreter(machine) if undo else record_interpreter(machine)
    told: dict[str, Any] = {"recorded": dataclasses.asdict(record)}
    if not as_json:
        if record.place:
            write(f"{'taken back' if undo else 'recorded'}: {record.place}")
        write(record.advice)
    if not undo:
        seconds = _compile()
        told |= {"compiled": True, "seconds": round(seconds, 3)}
        if not as_json:
            write(f"the dispatch is compiled ({seconds:.1f} s)")
    if as_json:
        write_json(told)
    return 0


def _compile() -> float:
    if importlib.util.find_spec("numba") is None:
        raise WorkbookError("setup needs the package numba: pip install numba (dhxl works without it, only slower)")
    write_note("Compiling the dispatch, about ten seconds ...")
    started = time.perf_counter()
    command = [sys.executable, "-c", "from dhxl.core.dispatch import warm; warm()"]
    ended = subprocess.run(command, env={**os.environ, SWITCH: "1"}, capture_output=True, check=False)
    if ended.returncode:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise WorkbookError(f"the dispatch cannot be compiled: {lines[-1]} (dhxl works without it, only slower)")
    remember_compiled()
    return time.perf_counter() - started
