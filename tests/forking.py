"""Commands run to their real end in copies of one process, which spares the start of Python for each.

Standard input holds the cases as JSON, standard output gets what came of them; see :func:`outcomes`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Case:
    """A command in a folder; ``out`` and ``err`` are ``file``, ``closed``, ``full`` or ``gone``, a pipe without reader.

    ``most`` is the size in bytes that files may have, as on a device that is full then; ``vanished`` deletes the folder
    before the command begins.
    """

    arguments: tuple[str, ...]
    folder: str
    out: str = "file"
    err: str = "file"
    most: int | None = None
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code, None for a command that hung, and what was said where the streams take it."""

    code: int | None
    out: str
    err: str


def outcomes(cases: Sequence[Case]) -> list[Outcome]:
    """Return what becomes of commands."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.forking"],
        input=json.dumps([asdict(case) for case in cases]),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Outcome(*one) for one in json.loads(done.stdout)]


def _lead(number: int, how: str, file: Path) -> None:
    """Lead a descriptor of this process to where a case wants it."""
    if how == "closed":
        os.close(number)
        setattr(sys, {1: "stdout", 2: "stderr"}[number], None)
        return
    if how == "gone":
        reading, writing = os.pipe()
        os.close(reading)
    else:
        place = "/dev/full" if how == "full" else str(file)
        writing = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(writing, number)
    os.close(writing)


def _run(case: Case, said: tuple[Path, Path]) -> None:
    import resource

    from dhxl.__main__ import main

    os.chdir(case.folder)
    if case.vanished:
        Path(case.folder).rmdir()
    _lead(1, case.out, said[0])
    _lead(2, case.err, said[1])
    if case.most is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (case.most, case.most))
    sys.argv = ["dhxl", *case.arguments]
    main()


def _main() -> None:
    import shutil
    import tempfile

    import dhxl.cli.check
    import dhxl.cli.doctor
    import dhxl.cli.freeze
    import dhxl.cli.lists
    import dhxl.cli.new
    import dhxl.cli.pages
    import dhxl.cli.run
    import dhxl.cli.sensitivity
    import dhxl.cli.upgrade  # noqa: F401 - so that the copies need not

    found: list[Any] = []
    for given in json.load(sys.stdin):
        case = Case(**{**given, "arguments": tuple(given["arguments"])})
        scratch = Path(tempfile.mkdtemp())  # without a context, whose end the copy would reach first
        said = (scratch / "out", scratch / "err")
        child = os.fork()
        if child == 0:
            _run(case, said)
            return
        code = _ended(child)
        found.append((code, *(place.read_text() if place.exists() else "" for place in said)))
        shutil.rmtree(scratch)
    sys.stdout.write(json.dumps(found))


def _ended(child: int) -> int | None:
    import signal
    import time

    end = time.monotonic() + PATIENCE_S
    while (status := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(status[1])


if __name__ == "__main__":
    _main()
