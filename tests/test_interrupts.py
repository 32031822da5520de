"""Ctrl-C: it never makes a cell's value, never cuts a file short, and what is said of the file is true."""

from __future__ import annotations

import _thread
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dhxl.cli.evaluate
import dhxl.cli.run
import dhxl.cli.setup
from dhxl import interrupts
from dhxl.cli import main
from dhxl.core.dispatch.compiled import SWITCH
from dhxl.doctor.interpreter import recorded
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.engine import Engine
from dhxl.workbook import storage
from dhxl.workbook.storage import write_whole
from tests.conftest import REPOSITORY
from tests.doctor.machines import FakeRegistry, windows
from tests.hosts.books import feasibility_book

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to another process")
Capture = pytest.CaptureFixture[str]
SHEET = "Sheet"


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """Let Ctrl-C be heard, as it is not where tests run in the background."""
    outside = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, "the handler is put back"
    finally:
        signal.signal(signal.SIGINT, outside)


def press() -> None:
    signal.raise_signal(signal.SIGINT)


class Called:
    """A stand-in for a worksheet function."""

    name = "DH_X"
    elementwise = False

    def __init__(self, body: Callable[..., object]) -> None:
        self._body = body

    def __call__(self, *cells: object) -> object:
        return self._body(*cells)

    def note_on(self, *_cells: object) -> str:
        return ""


def engine_with(body: Callable[..., object], formulas: list[str]) -> Engine:
    functions: Any = {"DH_X": Called(body)}
    engine = Engine(functions=functions)
    engine.set_rows(SHEET, 1, 1, [[1.0]])
    engine.register("POKE", _thread.interrupt_main)  # it leaves the signal to the next function that Python enters
    for row, formula in enumerate(formulas, start=1):
        engine.set_formula(SHEET, row, 5, formula)
    return engine


def test_ctrl_c_at_the_entry_of_a_function_ends_the_calculation() -> None:
    """Proves: it is no error value that IFERROR hides. Sensitivity: a handler that raises there gives -1."""
    engine = engine_with(lambda *_: 1.0, ["=IFERROR(DH_X(POKE()),-1)"])
    with pytest.raises(KeyboardInterrupt):
        engine.calculate()
    assert engine.value(SHEET, 1, 5) != -1.0


def test_an_interrupted_calculation_calls_no_further_function_and_is_never_taken_for_a_whole_one() -> None:
    calls = []

    def counted(*_: object) -> float:
        calls.append(1)
        if len(calls) == 3:
            press()
        return 1.0

    engine = engine_with(counted, [f"=IFERROR(DH_X({row}),-1)" for row in range(20)])
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            engine.calculate()
    assert len(calls) == 3


@pytest.mark.parametrize("swallowed", [KeyboardInterrupt, BaseException])
def test_a_function_that_swallows_ctrl_c_does_not_save_the_calculation(swallowed: type[BaseException]) -> None:
    def body(*_: object) -> float:
        try:
            press()
        except swallowed:
            return 2.0
        return 1.0

    with pytest.raises(KeyboardInterrupt):
        engine_with(body, ["=DH_X(1)"]).calculate()


def test_a_function_that_takes_long_is_left_at_once() -> None:
    def endless(*_: object) -> float:
        _thread.interrupt_main()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pass
        return 1.0

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        engine_with(endless, ["=IFERROR(DH_X(1),-1)"]).calculate()
    assert time.monotonic() - started < 5


def test_ctrl_c_after_the_last_function_is_raised_when_the_calculation_is_whole() -> None:
    engine = engine_with(lambda *_: 1.0, ["=POKE()"])
    with pytest.raises(KeyboardInterrupt):
        engine.calculate()


def test_somebody_elses_handler_is_called_after_the_calculation_which_is_whole() -> None:
    came = []
    outside = signal.signal(signal.SIGINT, lambda *_: came.append(engine.value(SHEET, 1, 5)))
    try:
        engine = engine_with(lambda *_: press() or 1.0, ["=DH_X(1)+DH_X(2)"])
        engine.calculate()
    finally:
        signal.signal(signal.SIGINT, outside)
    assert (engine.value(SHEET, 1, 5), came) == (2.0, [2.0])


def test_in_another_thread_a_calculation_goes_on_undisturbed() -> None:
    found: list[object] = []
    entered, go_on = threading.Event(), threading.Event()

    def body(*_: object) -> float:
        entered.set()
        go_on.wait(20)
        return 3.0

    def calculated() -> None:
        engine = engine_with(body, ["=DH_X(1)"])
        engine.calculate()
        found.append(engine.value(SHEET, 1, 5))

    thread = threading.Thread(target=calculated)
    thread.start()
    entered.wait(20)
    with pytest.raises(KeyboardInterrupt):
        press()
    go_on.set()
    thread.join()
    assert found == [3.0]


@pytest.mark.parametrize("step", ["_write_synced", "_clear"])
def test_ctrl_c_before_the_rename_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    original = getattr(storage, step)

    def pressed(*arguments: Any) -> None:
        original(*arguments)
        press()

    file = tmp_path / "file"
    file.write_bytes(b"old")
    monkeypatch.setattr(storage, step, pressed)
    with pytest.raises(KeyboardInterrupt):
        write_whole(file, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]


def test_ctrl_c_after_the_rename_is_raised_when_the_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_sync_folder", lambda _: press())
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "file", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"new")]


def outcome(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


@pytest.mark.parametrize("presses", [1, 2])
def test_a_command_is_finished_from_the_rename_on_and_says_what_it_has_written(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, presses: int
) -> None:
    """A second Ctrl-C ends only what is still to be said."""
    sync, show = storage._sync_folder, dhxl.cli.run.print_run

    def synced(folder: Path) -> None:
        sync(folder)
        press()

    def shown(report: Any) -> None:
        if presses == 2:
            press()
        show(report)

    monkeypatch.setattr(storage, "_sync_folder", synced)
    monkeypatch.setattr(dhxl.cli.run, "print_run", shown)
    out = tmp_path / "out.xlsx"
    code, printed, err = outcome(capsys, "run", feasibility_book(tmp_path / "book.xlsx"), "-o", out)
    assert (code, out.is_file()) == (0, True)
    if presses == 1:
        assert (f"written to {out}" in printed, err) == (True, "")
    else:
        assert (printed, err) == ("", f"interrupted; {out} is written\n")


def test_a_file_that_a_command_writes_on_the_way_does_not_finish_it(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = storage._sync_folder

    def synced(folder: Path) -> None:
        sync(folder)
        press()

    monkeypatch.setattr(storage, "_sync_folder", synced)
    book, out = feasibility_book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    code, printed, err = outcome(capsys, "freeze", book, "-o", out)
    assert (code, printed, err) == (130, "", "interrupted; no file was harmed\n")
    assert list(tmp_path.iterdir()) == [book]


def test_ctrl_c_while_the_results_are_put_together_is_no_harm(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Model.save

    def pressed(model: Model, path: Path) -> bool:
        press()
        return save(model, path)

    monkeypatch.setattr(Model, "save", pressed)
    book = feasibility_book(tmp_path / "book.xlsx")
    before = book.read_bytes()
    assert outcome(capsys, "run", book) == (130, "", "interrupted; no file was harmed\n")
    assert (book.read_bytes(), list(tmp_path.iterdir())) == (before, [book])


@posix
def test_the_signal_that_ends_programs_is_heard_too_and_gives_its_own_exit_code(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dhxl.cli.evaluate, "evaluate_command", lambda *_, **__: signal.raise_signal(signal.SIGTERM))
    assert outcome(capsys, "eval", "=1") == (143, "", "interrupted; no file was harmed\n")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_setup_that_is_interrupted_while_it_compiles_says_what_stays(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SWITCH)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    machine: Any = windows()
    object.__setattr__(machine, "registry", FakeRegistry({}))
    monkeypatch.setattr(dhxl.cli.setup, "this_machine", lambda: machine)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: press())
    code, printed, err = outcome(capsys, "setup")
    assert (code, err.splitlines()[-1]) == (130, "interrupted; what was recorded for workbooks stays")
    assert (recorded(machine) != "", "compiled" in printed) == (True, False)
    code, _, err = outcome(capsys, "setup")
    assert (code, err.splitlines()[-1]) == (130, "interrupted; no file was harmed")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_within_text_that_is_executed_does_not_end_the_process_by_a_signal() -> None:
    """Python ends itself so where exactly KeyboardInterrupt has passed through ``exec``, though it was caught."""
    program = (
        "import signal, dhxl.cli.evaluate as module\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "module.evaluate_command = lambda *_, **__: exec('import signal; signal.raise_signal(signal.SIGINT)')\n"
        "import sys; sys.argv = ['dhxl', 'eval', '=1']\n"
        "from dhxl.__main__ import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted; no file was harmed\n")


def test_ctrl_c_that_is_lost_where_an_object_is_deleted_ends_the_command_before_it_writes(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deleted:
        def __del__(self) -> None:
            press()

    original = Model.__init__

    def made(model: Model, *arguments: Any, **options: Any) -> None:
        Deleted()
        original(model, *arguments, **options)

    monkeypatch.setattr(Model, "__init__", made)
    book = feasibility_book(tmp_path / "book.xlsx")
    before = book.read_bytes()
    assert outcome(capsys, "run", book) == (130, "", "interrupted; no file was harmed\n")
    assert (book.read_bytes(), list(tmp_path.iterdir())) == (before, [book])


@posix
def test_a_command_whose_reader_does_not_read_ends_all_the_same() -> None:
    months = ",".join("123456789123")
    with subprocess.Popen(
        [sys.executable, "-m", "dhxl", "eval", f"=DH_TEMPERATURE_YEAR({{{months}}})"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.read(1)  # from here on it says more than a pipe holds
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr
        assert process.stderr.read() == "interrupted; no file was harmed\n"


def test_a_signal_before_the_command_begins_ends_it_before_it_does_anything() -> None:
    with interrupts.process():
        press()
        with pytest.raises(KeyboardInterrupt), interrupts.command(()):
            pytest.fail("it has begun")
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN, "deaf while Python ends"
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in interrupts._ENDING[1:]:
        signal.signal(number, signal.SIG_DFL)


@posix
def test_commands_interrupted_at_random_moments_keep_the_law() -> None:
    """In a process of its own, which makes a copy of itself for each command."""
    chosen = ["--commands", "run calls,new,sensitivity --write", "--books", "calls", "--calls", "1500", "--count", "12"]
    command = [sys.executable, "-m", "tests.interruptions", "--forked", *chosen]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("12 interruptions, 0 faults") == 3
    assert all(end in done.stdout for end in ("0 new", "130 old"))


@posix
def test_the_processes_of_a_study_are_deaf_to_ctrl_c_from_their_first_moment() -> None:
    """A terminal sends it to them, too. In a fresh process, whose first one starts the tracker of multiprocessing."""
    program = (
        "import multiprocessing, signal\n"
        "from dhxl.studies.cases import _interrupts_postponed\n"
        "started = multiprocessing.get_context('spawn').Process(target=signal.raise_signal, args=(signal.SIGINT,))\n"
        "with _interrupts_postponed():\n"
        "    started.start()\n"
        "started.join()\n"
        "raise SystemExit(started.exitcode)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
