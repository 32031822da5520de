"""``dhxl setup``: what is done once on a machine."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time

from dhxl.cli.console import write, write_json, write_note
from dhxl.core.dispatch.compiled import SWITCH, remember_compiled
from dhxl.errors import WorkbookError

__all__ = ["setup_command"]


def setup_command(*, as_json: bool) -> int:
    """Compile the dispatch with a store for all later processes.

    What is compiled is decided when a process starts, so another one does it.
    """
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
    seconds = time.perf_counter() - started
    if as_json:
        write_json({"compiled": True, "seconds": round(seconds, 3)})
    else:
        write(f"the dispatch is compiled ({seconds:.1f} s)")
    return 0
