"""Temporary files that a killed process has left beside a workbook, and those of processes that live."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dhxl.workbook import storage
from dhxl.workbook.storage import write_whole
from tests.conftest import REPOSITORY

posix = pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
OURS = re.compile(r"\.dhxl-[0-9a-f]{12}\.tmp")
WRITING = """
import os, sys
from pathlib import Path
from dhxl.workbook.storage import write_whole
def hold(number):
    sys.stdout.write("there\\n")
    sys.stdout.flush()
    sys.stdin.readline()
os.fsync = hold
write_whole(Path(sys.argv[1]), b"of the other process")
"""
MANY = """
import sys
from pathlib import Path
from dhxl.workbook.storage import write_whole
for number in range(int(sys.argv[2])):
    write_whole(Path(sys.argv[1]), f"{sys.argv[1]} {number}".encode())
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def writer_at_work(file: Path) -> subprocess.Popen[str]:
    """Return a process that has written its temporary file and waits before the rename."""
    process = started(WRITING, file)
    assert process.stdout
    assert process.stdout.readline() == "there\n"
    return process


@posix
def test_what_a_killed_process_has_left_is_cleared_by_the_next_one_that_writes_there(tmp_path: Path) -> None:
    file = tmp_path / "town.xlsx"
    file.write_bytes(b"old")
    with writer_at_work(file) as process:
        process.send_signal(signal.SIGKILL)
    left, kept = names(tmp_path)
    assert (bool(OURS.fullmatch(left)), kept, file.read_bytes()) == (True, "town.xlsx", b"old")
    write_whole(tmp_path / "other.csv", b"1")
    assert names(tmp_path) == ["other.csv", "town.xlsx"]


@posix
def test_what_a_living_process_is_writing_stays(tmp_path: Path) -> None:
    file = tmp_path / "town.xlsx"
    with writer_at_work(file) as process:
        write_whole(file, b"of this process")
        assert len(names(tmp_path)) == 2
        _, err = process.communicate("go on\n" * 2)
    assert (process.returncode, err) == (0, "")
    assert (names(tmp_path), file.read_bytes()) == (["town.xlsx"], b"of the other process")


@posix
def test_several_processes_that_write_into_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    processes = [started(MANY, tmp_path / name, 150) for name in ("a", "a", "b")]
    said = [process.communicate()[1] for process in processes]
    assert [(process.returncode, err) for process, err in zip(processes, said, strict=True)] == [(0, "")] * 3
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        name: f"{tmp_path / name} 149" for name in ("a", "b")
    }


@posix
def test_nothing_but_our_own_temporary_files_is_cleared(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    strange = [".dhxl-0123.tmp", "dhxl-0123456789ab.tmp", ".dhxl-0123456789ab.tmp.xlsx", ".dhxl-0123456789AB.tmp"]
    for name in strange:
        (place / name).write_text("kept")
    (place / ".dhxl-0123456789aa.tmp").mkdir()
    (place / ".dhxl-0123456789bb.tmp").symlink_to(elsewhere)
    os.mkfifo(place / ".dhxl-0123456789cc.tmp")
    before = names(place)
    (place / ".dhxl-0123456789dd.tmp").write_text("left behind")
    write_whole(place / "town.xlsx", b"new")
    assert names(place) == sorted([*before, "town.xlsx"])
    assert elsewhere.read_text() == "kept"


def test_where_no_lock_tells_old_files_go_and_young_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = (tmp_path / f".dhxl-{digit * 12}.tmp" for digit in "01")
    for file in (old, young):
        file.write_text("x")
    hours_ago = time.time() - 2 * storage._LEFT_AFTER_S
    os.utime(old, (hours_ago, hours_ago))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        storage._clear(tmp_path)
    assert names(tmp_path) == [young.name]


def test_the_temporary_name_does_not_hold_the_targets(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 250 + ".xlsx")
    write_whole(file, b"new")
    assert names(tmp_path) == [file.name]
