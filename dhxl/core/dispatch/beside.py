"""A second process that compiles the dispatch, once for this machine, and then solves what the first one is at.

Compiling takes half a minute, and where nobody has run ``dhxl setup`` a year with a store takes seconds uncompiled,
some plants minutes. So a process that meets such work begins uncompiled, and has it compiled beside. The second process
is on its own: it ends what it has begun even when nobody waits for it any more, and every later process is fast.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dhxl.core.dispatch.compiled import SWITCH, compiles, remember_compiled
from dhxl.core.dispatch.compiled_place import chosen_place, homes
from dhxl.core.dispatch.memory import count_states
from dhxl.core.dispatch.plant import Plant, count_combinations
from dhxl.core.dispatch.problem import Problem
from dhxl.core.dispatch.result import Dispatch

__all__ = ["Beside", "begin_beside", "serve", "worth_compiling"]

WORK_WORTH: Final = 30_000  # steps times the combinations and states of one of them; uncompiled some two seconds
STATES_COUNT: Final = 4  # a state is as much work as so many combinations
STALE_S: Final = 300.0  # a process that has been compiling for longer has ended without a word
_MARK: Final = "compiling"
_APART: Final = 0x08000200 if sys.platform == "win32" else 0  # no window, and Ctrl-C is not meant for it
_PROGRAM: Final = "from dhxl.core.dispatch.beside import serve; serve()"

_log = logging.getLogger(__name__)
_lock = threading.Lock()


def worth_compiling(problem: Problem, plant: Plant) -> bool:
    """Return whether a problem is more work for a process that is not compiled than one likes to wait for."""
    states = count_states(problem, plant)
    if problem.settings.storage_mwh == 0 and states == 1:
        return False  # every step by itself: nothing of that is compiled
    return problem.steps * (count_combinations(plant) + STATES_COUNT * states) >= WORK_WORTH


class Beside:
    """A process that compiles, and what it finds."""

    def __init__(self, process: subprocess.Popen[bytes], problem: Problem) -> None:
        self._found: Dispatch | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._talk, args=(process, problem), daemon=True).start()

    def _talk(self, process: subprocess.Popen[bytes], problem: Problem) -> None:
        try:
            said, _ = process.communicate(pickle.dumps(problem))
            found = pickle.loads(said) if said else None
            self._found = found if isinstance(found, Dispatch) else None
        except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
            _log.info("the process that compiles has said nothing: %s", error)
        finally:
            self._ended.set()

    def result(self, wait_s: float) -> Dispatch | None:
        """Return what the process has found, None if that takes longer or is nothing."""
        self._ended.wait(max(wait_s, 0.0))
        return self._found


def begin_beside(problem: Problem) -> Beside | None:
    """Have the dispatch compiled and a problem solved by a second process.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Beside or None
        None where this process is compiled, where that was ruled out (``DHXL_COMPILE=0``), cannot be done on this
        machine, or is being done already.
    """
    if compiles() or os.environ.get(SWITCH) is not None or os.environ.get("NUMBA_DISABLE_JIT"):
        return None
    if find_spec("numba") is None or not Path(sys.executable).stem.lower().startswith("python"):
        return None
    with _lock:
        place = chosen_place(homes(), True)
        if place is None or not _marked(place / _MARK):
            return None
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                env={**os.environ, SWITCH: "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_APART,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            _log.info("no second process for compiling: %s", error)
            (place / _MARK).unlink(missing_ok=True)
            return None
    _log.warning("the dispatch is being compiled for this machine, half a minute, once; this run goes on without")
    return Beside(process, problem)


def _marked(mark: Path) -> bool:
    """Return whether this process may compile: the first to leave its mark, unless that is old."""
    try:
        if mark.exists() and time.time() - mark.stat().st_mtime > STALE_S:
            mark.unlink()
        with mark.open("x"):
            return True
    except OSError:
        return False


def serve() -> None:
    """Be the second process: read a problem, compile, remember that, solve it, and write what was found."""
    from dhxl.core.dispatch.solve import dispatch, warm

    problem = pickle.load(sys.stdin.buffer)
    place = chosen_place(homes(), True)
    try:
        warm()
        remember_compiled()
    finally:
        if place is not None:
            (place / _MARK).unlink(missing_ok=True)
    found = dispatch(problem)
    try:
        sys.stdout.buffer.write(pickle.dumps(found))
        sys.stdout.buffer.flush()
    except OSError:  # nobody waits for it any more
        os._exit(0)
