"""The edges of a machine: no file, no room, no reader, no folder. A sentence or the right result, never a hang."""

from __future__ import annotations

import dataclasses
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from dhxl.cli import main
from dhxl.cli.console import Stream, streams
from dhxl.doctor.machine import this_machine
from tests.conftest import REPOSITORY
from tests.doctor.machines import sound
from tests.forking import Case, Outcome, outcomes
from tests.interruptions import town_book

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and links as POSIX has them")

Capture = pytest.CaptureFixture[str]
PATIENCE_S: Final = 60
ASKED: Final = ("--vary", "discount_rate=0.1", "--output", "npv_eur_1")


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """End what hangs."""
    before = signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _hangs(*_: object) -> None:
    raise AssertionError(f"it did not end within {PATIENCE_S} s")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town_book(tmp_path_factory.mktemp("town") / "town.xlsx")


def odd(place: Path, kind: str) -> Path:
    """Make something that is no file to read, and return its path."""
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "link to a pipe":
        os.mkfifo(place.with_name("pipe"))
        place.symlink_to("pipe")
    elif kind == "folder":
        place.mkdir()
    elif kind == "circle":
        place.symlink_to(f"other{place.suffix}")
        place.with_name(f"other{place.suffix}").symlink_to(place.name)
    elif kind == "long name":
        return place.with_name("x" * 300 + place.suffix)
    elif kind == "nowhere":
        place.symlink_to("nowhere")
    else:
        place.symlink_to(kind)
    return place


SENTENCES: Final = {
    "pipe": "is a pipe",
    "link to a pipe": "is a pipe",
    "folder": "is a folder",
    "/dev/zero": "is a device",
    "/dev/urandom": "is a device",
    "/proc/self/mem": "cannot be read (Input/output error)",
    "circle": "",
    "long name": "File name too long",
    "nowhere": "does not exist",
}
READING: Final = {
    "run": ("run", "ODD.xlsx"),
    "check": ("check", "ODD.xlsx"),
    "names": ("names", "ODD.xlsx"),
    "upgrade": ("upgrade", "ODD.xlsm"),
    "freeze": ("freeze", "ODD.xlsx", "-o", "out.xlsx"),
    "thaw": ("thaw", "ODD.xlsx", "--from", "town.xlsx", "-o", "out.xlsx"),
    "thaw --from": ("thaw", "town.xlsx", "--from", "ODD.xlsx", "-o", "out.xlsx"),
    "sensitivity": ("sensitivity", "ODD.xlsx", *ASKED),
    "new": ("new", "out.xlsx", "--template", "ODD.xlsx"),
    "new --from csv": ("new", "out.xlsx", "--template", "town.xlsx", "--from", "ODD.csv"),
    "new --from toml": ("new", "out.xlsx", "--template", "town.xlsx", "--from", "ODD.toml"),
    "eval": ("eval", "=SUM(town)", "--range", "town=ODD.csv"),
    "eval column": ("eval", "=SUM(town)", "--range", "town=ODD.csv:load"),
    "doctor": ("doctor", "ODD.xlsx"),
}  # fmt: skip


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(capsys: Capture, arguments: tuple[str, ...]) -> str:
    """Run a command that must fail in the current folder, prove that it leaves no file, and return what it says."""
    before = listed(Path())
    code = main(arguments)
    printed = capsys.readouterr()
    said = printed.err + (printed.out if arguments[0] == "doctor" else "")
    assert code == 1, said
    assert "internal error" not in said
    assert "Traceback" not in said
    assert listed(Path()) == before
    return said


@pytest.mark.parametrize("kind", SENTENCES)
@pytest.mark.parametrize("command", READING)
def test_what_is_no_file_is_refused_as_input(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, town: Path, command: str, kind: str
) -> None:
    machine = dataclasses.replace(this_machine(), tried=lambda *_: sound())
    monkeypatch.setattr("dhxl.cli.doctor.this_machine", lambda: machine)
    monkeypatch.chdir(tmp_path)
    shutil.copy(town, "town.xlsx")
    suffix = next(one.partition("ODD")[2][:5].rstrip(":") for one in READING[command] if "ODD" in one)
    place = odd(tmp_path / f"odd{suffix}", kind)
    said = refused(capsys, tuple(one.replace(f"ODD{suffix}", place.name) for one in READING[command]))
    assert SENTENCES[kind] in said
    assert place.name in said or "too long" in said


WRITING: Final = {
    "run": ("run", "town.xlsx", "-o", "ODD.xlsx"),
    "new": ("new", "ODD.xlsx", "--template", "town.xlsx", "--force"),
    "freeze": ("freeze", "town.xlsx", "-o", "ODD.xlsx"),
    "thaw": ("thaw", "frozen.xlsx", "--from", "town.xlsx", "-o", "ODD.xlsx"),
    "upgrade": ("upgrade", "aged.xlsm", "-o", "ODD.xlsm"),
    "sensitivity": ("sensitivity", "town.xlsx", *ASKED, "-o", "ODD.csv"),
    "sensitivity --write": ("sensitivity", "town.xlsx", *ASKED, "--write", "-o", "ODD.xlsx"),
}  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, town: Path) -> Path:
    """Return a folder with the workbooks that the writing commands read."""
    from tests.studies.test_upgrade import older

    folder = tmp_path_factory.mktemp("books")
    shutil.copy(town, folder / "town.xlsx")
    older(folder / "aged.xlsm")
    assert main(["freeze", str(town), "-o", str(folder / "frozen.xlsx")]) == 0
    return folder


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "folder", "/dev/full", "/dev/null", "circle", "long name"])
@pytest.mark.parametrize("command", WRITING)
def test_what_is_no_file_is_refused_as_output(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, books: Path, command: str, kind: str
) -> None:
    shutil.copytree(books, tmp_path / "folder")
    monkeypatch.chdir(tmp_path / "folder")
    suffix = next(one.removeprefix("ODD") for one in WRITING[command] if one.startswith("ODD"))
    place = odd(Path(f"odd{suffix}").absolute(), kind)
    kept = place.lstat().st_mode if kind != "long name" else 0
    said = refused(capsys, tuple(one.replace(f"ODD{suffix}", place.name) for one in WRITING[command]))
    assert place.name in said
    assert kind == "long name" or place.lstat().st_mode == kept
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("command", WRITING)
def test_a_name_may_be_as_long_as_the_system_lets_it(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, books: Path, command: str
) -> None:
    shutil.copytree(books, tmp_path / "folder")
    monkeypatch.chdir(tmp_path / "folder")
    suffix = next(one.removeprefix("ODD") for one in WRITING[command] if one.startswith("ODD"))
    name = "é" * ((255 - len(suffix)) // 2) + suffix
    assert main([one.replace(f"ODD{suffix}", name) for one in WRITING[command]]) == 0
    assert len(os.fsencode(name)) > 249
    assert Path(name).stat().st_size > 0
    assert listed(Path()) == sorted([*listed(books), name])


SPEAKING: Final = {
    "eval": (("eval", "=DH_LHD(6000,3000)"), 0),
    "run": (("run", "town.xlsx"), 0),
    "new": (("new", "out.xlsx", "--template", "town.xlsx"), 0),
    "check": (("check", "town.xlsx"), 1),
    "names": (("names", "town.xlsx"), 0),
    "functions": (("functions",), 0),
    "freeze": (("freeze", "town.xlsx", "-o", "out.xlsx"), 0),
    "thaw": (("thaw", "frozen.xlsx", "--from", "town.xlsx", "-o", "out.xlsx"), 0),
    "sensitivity": (("sensitivity", "town.xlsx", *ASKED, "-o", "out.csv"), 0),
    "upgrade": (("upgrade", "aged.xlsm"), 0),
    "doctor": (("doctor", "--json"), 0),
    "help": (("--help",), 0),
    "usage": (("walk",), 2),
    "fault": (("eval", "=DH_LHD(1,0)", "--json"), 1),
}  # fmt: skip
STREAMS: Final = {
    "no output": ("closed", "file"),
    "no streams": ("closed", "closed"),
    "no room for messages": ("file", "full"),
    "no reader": ("gone", "file"),
    "no room": ("full", "file"),
}
_FEW: Final = ("no streams", "no reader", "no room")  # for commands that print as others do
_ALL: Final = ("eval", "run", "sensitivity")
SPOKEN: Final = [(title, how) for title in SPEAKING for how in STREAMS if title in _ALL or how in _FEW]
VANISHED: Final = ("eval", "run", "new", "check", "names", "functions", "freeze", "thaw", "sensitivity", "upgrade")
NARROW: Final = (*WRITING, "run in place")

Edges = dict[tuple[str, str], tuple[Outcome, Path]]


def small(command: str) -> tuple[tuple[str, ...], int]:
    """Return a command for a device on which its file has no room, and that room in bytes."""
    arguments = ("run", "town.xlsx") if command == "run in place" else WRITING[command]
    return tuple(one.replace("ODD", "out") for one in arguments), 40 if command == "sensitivity" else 4096


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory, books: Path) -> Edges:
    """Run all commands at the edges of streams, folder and device, in one process after the other."""
    place = tmp_path_factory.mktemp("edges")
    keys: list[tuple[str, str]] = []
    cases: list[Case] = []

    def add(title: str, how: str, arguments: tuple[str, ...], **options: Any) -> None:
        folder = place / str(len(cases))
        folder.mkdir() if options.get("vanished") else shutil.copytree(books, folder)
        keys.append((title, how))
        cases.append(Case(arguments, str(folder), **options))

    for title, how in SPOKEN:
        out, err = STREAMS[how]
        add(title, how, SPEAKING[title][0], out=out, err=err)
    for title in VANISHED:
        add(title, "no folder", SPEAKING[title][0], vanished=True)
    for title in NARROW:
        arguments, most = small(title)
        add(title, "no device", arguments, most=most)
    return {key: (end, Path(case.folder)) for key, case, end in zip(keys, cases, outcomes(cases), strict=True)}


def without_inside(end: Outcome) -> str:
    """Return what a command has said on standard error, and prove that it ended and shows nothing of its inside."""
    assert end.code is not None, "it hung"
    assert not any(word in end.err for word in ("Traceback", "internal error", "Exception ignored")), end.err
    return end.err


def promised(folder: Path, arguments: tuple[str, ...]) -> bool:
    """Return whether the file that a command should write stands there."""
    return all((folder / name).is_file() for name in ("out.xlsx", "out.csv") if name in arguments)


@pytest.mark.parametrize(("title", "how"), [one for one in SPOKEN if one[1] != "no room"])
def test_a_closed_stream_or_a_reader_that_has_gone_changes_neither_file_nor_exit_code(
    edges: Edges, title: str, how: str
) -> None:
    arguments, code = SPEAKING[title]
    end, folder = edges[title, how]
    err = without_inside(end)
    assert end.code == code, err
    assert promised(folder, arguments)
    if code == 0 and how != "no room for messages":
        assert "rror" not in err


@pytest.mark.parametrize("title", SPEAKING)
def test_a_full_standard_output_is_a_sentence_and_says_what_is_written(edges: Edges, title: str) -> None:
    arguments, _ = SPEAKING[title]
    end, folder = edges[title, "no room"]
    err = without_inside(end)
    assert promised(folder, arguments)
    if title == "usage":
        assert (end.code, "cannot be written" in err) == (2, False)
        return
    assert end.code == 1
    last = err.splitlines()[-1]
    assert last.startswith("standard output: cannot be written (No space left on device)")
    if target := next((one for one in arguments if one.startswith("out.")), None):
        assert last.endswith(f"; {target} is written")


@pytest.mark.parametrize("title", NARROW)
def test_a_device_without_room_is_a_sentence_and_leaves_no_file(edges: Edges, books: Path, title: str) -> None:
    """A limit of the size of files stands in for a full device; the system refuses alike, at any byte."""
    end, folder = edges[title, "no device"]
    assert (end.code, end.out) == (1, "")
    assert re.search(r"cannot be written \(File too", without_inside(end)), "its own messages have as little room"
    before = {path.name: path.read_bytes() for path in books.iterdir()}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("title", VANISHED)
def test_in_a_folder_that_is_gone_a_command_does_its_work_or_says_why_not(edges: Edges, title: str) -> None:
    end, _ = edges[title, "no folder"]
    err = without_inside(end)
    if title in ("eval", "functions"):
        assert (end.code, err) == (0, "")
    else:
        assert (end.code, end.out) == (1, "")
        assert "does not exist" in err or "No such file or directory" in err


def test_the_program_itself_opens_what_is_closed_before_a_file_takes_its_place(tmp_path: Path, town: Path) -> None:
    """Proves: nothing that is said lands in the workbook. Sensitivity: else its descriptor is that of the output."""
    shell = [
        "bash",
        "-c",
        '"$@" >&- 2>&- <&-',
        "bash",
        sys.executable,
        "-m",
        "dhxl",
        "run",
        str(town),
        "-o",
        "out.xlsx",
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    assert subprocess.run(shell, cwd=tmp_path, env=environment, check=False, timeout=PATIENCE_S).returncode == 0
    assert main(["names", str(tmp_path / "out.xlsx")]) == 0


def test_without_streams_as_in_a_service_commands_do_their_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, town: Path
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    out = tmp_path / "out.xlsx"
    assert main(["run", str(town), "-o", str(out)]) == 0
    assert main(["run", str(tmp_path / "none.xlsx")]) == 1
    assert (out.is_file(), sys.stdout, sys.stderr) == (True, None, None)


def test_a_stream_that_fails_takes_nothing_more_and_says_why() -> None:
    class Failing(io.StringIO):
        def __init__(self, code: int) -> None:
            super().__init__()
            self.code, self.taken = code, 0

        def write(self, _: str) -> int:
            self.taken += 1
            raise OSError(self.code, os.strerror(self.code))

    for code, told in ((errno.ENOSPC, "No space left on device"), (errno.EPIPE, ""), (errno.EIO, "Input/output error")):
        failing = Failing(code)
        stream = Stream(failing)
        assert (stream.write("abc"), stream.write("d"), failing.taken, stream.problem) == (3, 1, 1, told)
    with streams() as out:
        sys.stdout.write("")
    assert out.problem == ""


def test_a_study_in_several_processes_from_a_folder_that_is_gone_says_so(tmp_path: Path, town: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    arguments = ("sensitivity", str(town), *ASKED, "--vary", "storage_m3=1,2", "--workers", "2")
    (end,) = outcomes([Case(arguments, str(gone), vanished=True)])
    assert (end.code, "--workers 1" in without_inside(end)) == (1, True)


def test_a_long_name_in_a_toml_file_is_cut_to_what_somebody_reads(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, town: Path
) -> None:
    file = tmp_path / "town.toml"
    file.write_text(f"{'k' * 200_000} = 1\n", encoding="utf-8")
    arguments = ("new", str(tmp_path / "out.xlsx"), "--template", str(town), "--from", str(file))
    monkeypatch.chdir(tmp_path)
    said = refused(capsys, arguments)
    assert "kkkk" in said
    assert max(map(len, said.splitlines())) <= 1000
    assert main([*arguments, "--json"]) == 1
    assert all(len(line) <= 1000 for line in json.loads(capsys.readouterr().out)["errors"])


def test_a_csv_file_that_grows_without_end_is_read_up_to_its_limit(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells no size of such a file, as of those in /proc."""
    monkeypatch.setattr("dhxl.workbook.csvfile.LARGEST_FILE", 100)
    monkeypatch.chdir(tmp_path)
    Path("status.csv").symlink_to("/proc/self/status")
    assert "has more than 100 bytes" in refused(capsys, ("eval", "=1", "--range", "a_=status.csv"))
