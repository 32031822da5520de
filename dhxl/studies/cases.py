"""Cases of a study: other inputs into one loaded workbook, its outputs out, here or in several processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, cast

from dhxl.errors import WorkbookError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Constant, Model, Unproven
from dhxl.interrupts import held
from dhxl.studies.faults import faults
from dhxl.studies.totals import ALERTS, CHECKS, total
from dhxl.workbook.package import Package
from dhxl.workbook.values import ErrorValue

__all__ = ["CaseResult", "Cases", "Inputs", "OnCase"]

Inputs = Mapping[str, Constant]
OnCase = Callable[[int, int], None]

WORTH_PROCESSES_S: Final = 6.0  # further processes take two to four seconds until each has loaded the workbook
_BLOCKS: Final = 4  # that each process gets of a study: neighbours often share a dispatch, which one process remembers
_LIVE: Final = "engine_live"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: the inputs that differ from the workbook's, and the outputs in the order asked for.

    An output that cannot be calculated is an error value with its sentence. ``checks`` and ``alerts`` are the totals
    of the workbook's own checks and alerts, None where it publishes none.
    """

    inputs: Inputs
    outputs: tuple[Cell, ...]
    checks: float | None
    alerts: float | None


class Cases:
    """A loaded workbook that calculates one case after the other, or several at a time in as many processes.

    A context manager. The results do not depend on the number of processes, nor on the order of the cases.

    Parameters
    ----------
    package : Package
        The workbook; its file is neither read again nor written.
    outputs : sequence of str
        Defined names of single cells.
    workers : int, optional
        Number of processes; without it one, or one a core where the cases take long enough.
    """

    def __init__(self, package: Package, outputs: Sequence[str], workers: int | None = 1) -> None:
        self.interrupted = False
        self._package = package
        self._outputs = tuple(outputs)
        self._workers = workers
        self._bench = _Bench(package, self._outputs)
        self._processes: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Cases:
        return self

    def __exit__(self, *_: object) -> None:
        for connection, process in self._processes.items():
            process.terminate()
            process.join()
            connection.close()
        self._processes.clear()
        self._bench.close()

    @property
    def model(self) -> Model:
        """The workbook of this process as its last case left it."""
        return self._bench.model

    def base(self) -> CaseResult:
        """Return the outputs with the workbook's own inputs."""
        return self._bench.result({})

    def results(self, cases: Sequence[Inputs], on_case: OnCase | None = None) -> list[CaseResult | None]:
        """Return the result of each case in the order of the cases.

        After Ctrl-C those that were not finished are None and ``interrupted`` is True.

        Parameters
        ----------
        cases : sequence of mapping
            Of each case the inputs that differ from the workbook's.
        on_case : callable, optional
            Called after each case with the number of cases done and of all.

        Raises
        ------
        WorkbookError
            A process ended before its time.
        """
        found: list[CaseResult | None] = [None] * len(cases)
        done = 0
        try:
            for number, result in self._calculated(cases):
                found[number] = result
                done += 1
                if on_case:
                    on_case(done, len(cases))
        except KeyboardInterrupt:
            self.interrupted = True
        return found

    def _calculated(self, cases: Sequence[Inputs]) -> Iterator[tuple[int, CaseResult]]:
        numbered = deque(enumerate(cases))
        started = time.perf_counter()
        first = len(numbered)
        while numbered and not self._processes:
            number, inputs = numbered.popleft()
            if self._workers is not None and min(self._workers, first) > 1:
                numbered.appendleft((number, inputs))
                self._start(min(self._workers, first))
                break
            yield number, self._bench.result(inputs)
            each = (time.perf_counter() - started) / (first - len(numbered))
            if self._workers is None and each * len(numbered) > WORTH_PROCESSES_S and _cores() > 1:
                self._start(min(_cores(), len(numbered)))
        yield from self._shared_out(numbered)

    def _shared_out(self, numbered: deque[tuple[int, Inputs]]) -> Iterator[tuple[int, CaseResult]]:
        size = max(1, len(numbered) // (_BLOCKS * max(len(self._processes), 1)))
        awaited: dict[Connection, int] = {}

        def send(connection: Connection) -> None:
            block = [numbered.popleft() for _ in range(min(size, len(numbered)))]
            if block:
                connection.send(block)
                awaited[connection] = len(block)

        for connection in self._processes:
            send(connection)
        while awaited:
            for ready in cast("list[Connection]", wait(list(awaited))):
                try:
                    number, result = ready.recv()
                    awaited[ready] -= 1
                    if not awaited[ready]:
                        del awaited[ready]
                        send(ready)
                except (EOFError, OSError):
                    raise _ended(self._processes[ready]) from None
                yield number, result

    def _start(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        package = replace(self._package)  # without what was read of it so far
        for _ in range(count):
            ends: tuple[Any, Any] = context.Pipe()  # connections of another type on Windows
            ours, theirs = ends
            process: BaseProcess = context.Process(target=_work, args=(theirs,), daemon=True)
            with held(), _interrupts_postponed():
                try:
                    process.start()
                except OSError as error:  # too many processes, or the current folder is gone
                    raise WorkbookError(
                        f"no further process can be started ({error.strerror or error}); "
                        "--workers 1 calculates in this one"
                    ) from error
                self._processes[ours] = process
            theirs.close()
        for connection, started in self._processes.items():
            try:
                connection.send((package, self._outputs))
            except OSError:
                raise _ended(started) from None


class _Bench:
    """A loaded workbook and the names of the inputs that earlier cases changed."""

    def __init__(self, package: Package, outputs: tuple[str, ...]) -> None:
        self.model = Model(package)
        self._package = package
        self._outputs = outputs
        self._own: dict[str, Constant] = {}

    def close(self) -> None:
        self.model.close()

    def result(self, inputs: Inputs) -> CaseResult:
        for name in inputs:
            if name not in self._own:
                value = self._package.values(self._package.resolve(name))[0][0]
                self._own[name] = None if isinstance(value, ErrorValue) else value
        for name, value in {**self._own, **inputs}.items():
            self.model.set(name, value)
        try:
            self.model.calculate()
        except WorkbookError as error:
            self.model = Model(self._package)
            return CaseResult(dict(inputs), (CellError("#VALUE!", str(error)),) * len(self._outputs), None, None)
        outputs = tuple(map(self._output, self._outputs))
        return CaseResult(dict(inputs), outputs, *(self._total(name) for name in (CHECKS, ALERTS)))

    def _output(self, name: str) -> Cell:
        if source := self._unproven(name):
            return CellError("#VALUE!", f"{name} rests on {source}")
        value = self.model.value(name)
        if isinstance(value, CellError):
            found = faults(self.model, (), (name,)) if value.code != "#N/A" else []
            return CellError(value.code, found[0] if found else f"{name} gives {value.code}")
        if self._package.defined_name(_LIVE) and self.model.value(_LIVE) is not True:
            return CellError("#VALUE!", f"{_LIVE} is not TRUE, the workbook shows saved results")
        return value

    def _unproven(self, name: str) -> Unproven | None:
        """Return the unproven cell through which an output comes, None where it comes through none."""
        if not self.model.proof.unproven:
            return None
        place = self.model.reference(name)
        return self.model.verdict.source_of([(place.sheet, *at) for at in place.cells()])

    def _total(self, name: str) -> float | None:
        return total(self.model, name) if self._package.defined_name(name) else None


def _work(connection: Connection) -> None:
    """Calculate the cases that come through a connection until it closes; Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        package, outputs = connection.recv()
        bench = _Bench(package, outputs)
        while True:
            for number, inputs in connection.recv():
                connection.send((number, bench.result(inputs)))
    except (EOFError, OSError):
        return


def _ended(process: BaseProcess) -> WorkbookError:
    process.join()
    return WorkbookError(
        f"a process of the study ended before its time (exit code {process.exitcode}; out of memory?); "
        "--workers 1 calculates in this one"
    )


@contextmanager
def _interrupts_postponed() -> Iterator[None]:
    """Let Ctrl-C wait, and a process that starts meanwhile be deaf to it; a terminal sends it to all of them."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which otherwise starts within and lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cores() -> int:
    """Return the number of cores that this process may use."""
    allowed: Iterable[int] | None = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    return len(set(allowed)) if allowed is not None else os.cpu_count() or 1
