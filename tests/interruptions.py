"""Interruptions of the writing commands at random moments: each ends as it was or is finished, and says so.

By hand, with an hour to spare::

    python -m tests.interruptions [--count 200] [--commands run,new] [--books calls,town,biomass] [--seed 1]

``--forked`` spares the start of Python: each command runs in a copy of this process. So do the tests.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from dhxl.__main__ import main as command_line
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.conftest import REPOSITORY
from tests.hosts.books import feasibility_book
from tests.studies.areas import with_areas
from tests.studies.test_upgrade import older

CALLS = 6000
EPOCH = "1767225600"
LEFT_BEHIND = (".dhxl-*", "*.tmp")
_BIOMASS = REPOSITORY / "templates" / "biomass.xlsm"
_ADDED = (
    ("charges_eur_per_mwh", 20),
    ("storage_m3", 100),
    ("gas_price_eur_per_sm3_medium", 0.5),
    ("electricity_price_eur_per_mwh_medium", 90),
    ("capex_wells_eur", 500_000),
    ("capex_plant_eur", 100_000),
    ("other_maintenance_eur", 1000),
    ("heat_demand_mwh", 6000),
)


class Process(Protocol):
    """A command that runs."""

    pid: int
    returncode: int

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]: ...


Start = Callable[[tuple[str, ...], Path], Process]


@dataclass(frozen=True, slots=True)
class Command:
    """A command on files in a folder: what it is called with, the file it writes, what stands there before."""

    title: str
    arguments: tuple[str, ...]
    target: str
    files: Mapping[str, bytes]
    said: str = "written to"

    @property
    def before(self) -> bytes | None:
        return self.files.get(self.target)


@dataclass(frozen=True, slots=True)
class Trial:
    """How an interrupted command ended: the faults found, empty where it kept the law."""

    code: int
    written: bool
    seconds: float
    faults: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """Of one command: trials by their ends, faults, and how long the slowest took to end after the signal."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, trial: Trial) -> None:
        self.ends[f"{trial.code} {'new' if trial.written else 'old'}"] += 1
        self.faults += trial.faults
        self.slowest = max(self.slowest, trial.seconds)


def complete(book: Any, sheets: dict[str, Any]) -> None:
    """Add the names and areas that all studies need."""
    for row, (name, value) in enumerate(_ADDED, start=20):
        sheets["Prices"].write_row(row, 0, (name, "", "", value))
        book.define_name(name, f"=Prices!$D${row + 1}")
    with_areas(book, sheets)


def calls_book(path: Path, count: int = CALLS) -> Path:
    """Write a workbook with many small calls whose errors are hidden, and return its path."""

    def change(book: Any, sheets: dict[str, Any]) -> None:
        complete(book, sheets)
        sheet = book.add_worksheet("Calls")
        for row in range(count):
            sheet.write_formula(row, 0, f"=IFERROR(DH_LHD(heat_sold_mwh+{row},trench_length_m),0)")
        sheet.write_formula("B1", f"=SUM(A1:A{count})")

    return feasibility_book(path, change)


def town_book(path: Path) -> Path:
    """Write the small feasibility workbook with all that studies need, and return its path."""
    return feasibility_book(path, complete)


def ended(arguments: tuple[str, ...], folder: Path, start: Start) -> tuple[int, str, str, float]:
    """Run a command to its end; return exit code, what it said on both streams, and its seconds."""
    started = time.perf_counter()
    process = start(arguments, folder)
    out, err = process.communicate()
    return process.returncode, out, err, time.perf_counter() - started


def commands(kind: str, scratch: Path, wanted: tuple[str, ...] = ("",), calls: int = CALLS) -> Iterator[Command]:
    """Yield the writing commands on workbooks of a kind: ``calls``, ``town`` or ``biomass``, whose title begins so."""
    return (command for command in _commands(kind, scratch, wanted, calls) if command.title.startswith(wanted))


def _commands(kind: str, scratch: Path, wanted: tuple[str, ...], calls: int) -> Iterator[Command]:
    suffix = ".xlsm" if kind == "biomass" else ".xlsx"
    book = f"book{suffix}"
    place = scratch / book
    if kind == "biomass":
        shutil.copy(_BIOMASS, place)
    elif kind == "calls":
        calls_book(place, calls)
    else:
        town_book(place)
    raw = {book: _edited(place)}
    old = b"an older file"
    yield Command(f"run {kind}", ("run", book), book, raw)
    yield Command(f"run -o {kind}", ("run", book, "-o", f"out{suffix}"), f"out{suffix}", raw)
    set_one = ("--set", "discount_rate=0.04")
    yield Command(
        f"new {kind}",
        ("new", f"new{suffix}", "--template", book, *set_one, "--force"),
        f"new{suffix}",
        {**raw, f"new{suffix}": old},
    )
    yield Command(f"freeze {kind}", ("freeze", book, "-o", "copy.xlsx"), "copy.xlsx", {**raw, "copy.xlsx": old})
    if f"thaw {kind}".startswith(wanted):
        done = _finished(Command("", ("freeze", book, "-o", "copy.xlsx"), "copy.xlsx", raw))
        back = f"back{suffix}"
        thaw = ("thaw", "copy.xlsx", "--from", book, "-o", back)
        yield Command(f"thaw {kind}", thaw, back, {**raw, "copy.xlsx": done})
    vary = ("--vary", "discount_rate=0.03,0.04", "--output", "npv_eur_1")
    study = ("sensitivity", book, *vary)
    yield Command(f"sensitivity -o {kind}", (*study, "-o", "table.csv"), "table.csv", {**raw, "table.csv": old})
    yield Command(f"sensitivity --write {kind}", (*study, "--write"), book, raw)
    if kind == "town":
        workers = ("--workers", "2", "-o", "table.csv")
        yield Command("sensitivity --workers town", (*study, *workers), "table.csv", {**raw, "table.csv": old})
        aged = scratch / "aged.xlsm"
        older(aged)
        yield Command("upgrade", ("upgrade", "aged.xlsm"), "aged.xlsm", {"aged.xlsm": aged.read_bytes()}, "renewed")
        yield Command("setup", ("setup",), ".cache/dhxl", {}, "is compiled")


def interrupted(
    command: Command, right: bytes | None, chosen: random.Random, seconds: float, folder: Path, start: Start
) -> Trial:
    """Interrupt a command at a random moment and judge how it ended; ``right`` is the file that it should write."""
    moment = chosen.uniform(0.0, 1.1 * seconds)
    if chosen.random() < 0.25:  # around the writing, which is near the end
        moment = chosen.uniform(0.8, 1.05) * seconds
    again = chosen.random() < 0.25
    number = signal.SIGTERM if chosen.random() < 0.1 else signal.SIGINT
    _filled(folder, command.files)
    process = start(command.arguments, folder)
    time.sleep(moment)  # the moment of the interruption is the test's subject
    at = time.perf_counter()
    _send(process, number, everybody=chosen.random() < 0.5)
    if again:
        time.sleep(chosen.uniform(0.0, 0.2))
        _send(process, number, everybody=True)
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    took = time.perf_counter() - at
    return _judged(command, right, folder, (process.returncode, number), (out, err), took)


def _judged(
    command: Command, right: bytes | None, folder: Path, end: tuple[int, int], said: tuple[str, str], took: float
) -> Trial:
    (code, number), (out, err) = end, said
    found = _content(folder / command.target)
    written = found == right
    starting = code == -number  # before Python has a handler of its own
    faults = []

    def fault(text: str) -> None:
        faults.append(f"{command.title}: {text} (exit code {code}, {out[-200:]!r}, {err[-300:]!r})")

    if not written and found != command.before:
        fault("neither the old nor the right file")
    if code == 0 and not written:
        fault("the right file is missing")
    if code == 0 and command.said not in out + err and not err.endswith(f"{command.target} is written\n"):
        fault("it does not say that it has written")
    if code != 0 and written and right != command.before and not err.endswith((" is written\n", " is compiled\n")):
        fault("it has written and does not say so")
    if code not in (0, 128 + number) and not starting:
        fault("another exit code")
    if "no file was harmed" in err and written and right != command.before:
        fault("no file was harmed, it says, and has written")
    if code == 128 + number and not err.endswith(("no file was harmed\n", " is written\n", " is compiled\n")):
        fault("it does not say what became of the file")
    if not starting and ("Traceback" in err or "internal error" in err or "Exception ignored" in err):
        fault("it shows its inside")
    if left := [path.name for pattern in LEFT_BEHIND for path in folder.rglob(pattern)]:
        fault(f"{left} are left behind")
    for name, content in command.files.items():
        if name != command.target and _content(folder / name) != content:
            fault(f"{name} has changed")
    return Trial(code, written, took, tuple(faults))


def measured(command: Command, start: Start) -> tuple[bytes | None, float]:
    """Return what a command writes when it is left alone, which must be the same each time, and its seconds."""
    with tempfile.TemporaryDirectory() as scratch:
        found = []
        for number in range(2):
            folder = Path(scratch) / str(number)
            _filled(folder, command.files)
            code, out, err, seconds = ended(command.arguments, folder, start)
            assert code == 0, f"{command.title}: {err}"
            assert command.said in out, out
            found.append((_content(folder / command.target), seconds))
    assert found[0][0] == found[1][0], f"{command.title} writes another file each time"
    assert found[0][0] != command.before
    return found[0][0], max(seconds for _, seconds in found)


def score(command: Command, count: int, seed: int, start: Start) -> Score:
    """Return how a number of interruptions of a command ended."""
    right, seconds = measured(command, start)
    chosen, found = random.Random(seed), Score()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(count):
            folder = Path(scratch) / str(number)
            found.add(interrupted(command, right, chosen, seconds, folder, start))
            shutil.rmtree(folder)
    return found


def _finished(command: Command) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _filled(folder, command.files)
        code, _, err, _ = ended(command.arguments, folder, started)
        assert code == 0, err
        return (folder / command.target).read_bytes()


def _edited(book: Path) -> bytes:
    """Return a workbook with another tariff, so that a run has something to write."""
    package = Package.open(book)
    place = package.resolve("heat_tariff_eur_per_mwh")
    values = {(place.first_row, place.first_col): 101.5}
    return package.rebuilt({package.sheet(place.sheet).part: with_values(package.cells(place.sheet), values)})


def _filled(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _content(place: Path) -> bytes | None:
    """Return a file's content; of a folder for machine code the files that say that it is complete."""
    if place.is_dir():
        return " ".join(sorted(str(path.relative_to(place)) for path in place.rglob("*.json"))).encode() or None
    return place.read_bytes() if place.exists() else None


def _environment(arguments: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Return the environment of a command: the clock at rest, and its own cache."""
    own = {"SOURCE_DATE_EPOCH": EPOCH, "XDG_CACHE_HOME": str(folder / ".cache"), "DHXL_COMPILE": "0"}
    if arguments == ("setup",):
        own["NUMBA_DISABLE_JIT"] = "1"  # the waiting for the compiler is no subject
    return {**os.environ, **own, "PYTHONPATH": str(REPOSITORY)}


def started(arguments: tuple[str, ...], folder: Path) -> Process:
    """Start a command in a folder, with signals as a terminal leaves them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dhxl", *arguments],
        cwd=folder,
        env=_environment(arguments, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear,  # noqa: PLW1509 - there are no threads
    )
    return cast("Process", process)


def _hear() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Forked:
    """A command in a copy of this process, which has imported all that it needs."""

    def __init__(self, arguments: tuple[str, ...], folder: Path) -> None:
        self.returncode = 0
        self._ended = False
        self._said = tuple(tempfile.TemporaryFile("w+") for _ in range(2))  # noqa: SIM115 - closed by communicate
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # of the copy, until it is inside its try
        self.pid = os.fork()
        if self.pid == 0:
            self._run(arguments, folder)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def _run(self, arguments: tuple[str, ...], folder: Path) -> None:
        code: Any = 1
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            os.chdir(folder)
            os.environ.update(_environment(arguments, folder))
            sys.argv = ["dhxl", *arguments]
            sys.stdout, sys.stderr = self._said
            command_line()
        except SystemExit as end:
            code = end.code
            for stream in self._said:
                stream.flush()
        except KeyboardInterrupt:
            if sys.stderr is not self._said[1]:  # before the command began: as Python ends by itself
                _hear()
                os.kill(os.getpid(), signal.SIGINT)
            code = 99
        finally:
            os._exit(code)

    def poll(self) -> int | None:
        return self._wait(os.WNOHANG)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        end = time.monotonic() + (timeout or 600)
        while self._wait(os.WNOHANG) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("dhxl", timeout or 600)
            time.sleep(0.002)
        found = []
        for stream in self._said:
            stream.seek(0)
            found.append(stream.read())
            stream.close()
        return found[0], found[1]

    def _wait(self, how: int) -> int | None:
        if not self._ended:
            pid, status = os.waitpid(self.pid, how)
            if pid == 0:
                return None
            self._ended, self.returncode = True, os.waitstatus_to_exitcode(status)
        return self.returncode


def _send(process: Process, number: int, *, everybody: bool) -> None:
    """Send a signal to a process, or as a terminal does also to those that it has started."""
    if process.poll() is not None:
        return
    try:
        (os.killpg if everybody else os.kill)(process.pid, number)
    except ProcessLookupError:  # a copy that has not yet left the group of its original
        os.kill(process.pid, number)


def main() -> int:
    """Interrupt each command many times over three workbooks and print how they ended."""
    options = argparse.ArgumentParser(prog="python -m tests.interruptions")
    options.add_argument("--count", type=int, default=200, help="interruptions of each command")
    options.add_argument("--books", default="calls,town,biomass")
    options.add_argument("--commands", default="", help="only commands that begin so, such as run,new")
    options.add_argument("--share", type=float, default=0.1, help="share of the count for the large workbook")
    options.add_argument("--calls", type=int, default=CALLS, help="small calls in the first workbook")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--forked", action="store_true", help="spare the start of Python")
    chosen = options.parse_args()
    wanted = tuple(chosen.commands.split(",")) if chosen.commands else ("",)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for kind in chosen.books.split(","):
            for command in commands(kind, Path(scratch), wanted, chosen.calls):
                count = max(1, round(chosen.count * (chosen.share if kind == "biomass" else 1.0)))
                found = score(command, count, chosen.seed, Forked if chosen.forked else started)
                failed += len(found.faults)
                ends = ", ".join(f"{end}: {times}" for end, times in sorted(found.ends.items()))
                sys.stdout.write(
                    f"{command.title:<28} {count:>4} interruptions, {len(found.faults)} faults; "
                    f"ended within {found.slowest:.1f} s; exit code and file: {ends}\n"
                )
                for fault in found.faults:
                    sys.stdout.write(f"    {fault}\n")
                sys.stdout.flush()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
