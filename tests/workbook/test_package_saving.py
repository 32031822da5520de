from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dhxl.errors import WorkbookError
from dhxl.workbook import storage
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.workbook.books import PLANT, small_book

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


class Killed(BaseException):
    """Stands for the end of the process: nothing that handles errors may catch it."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(small_book())
    return path


def save(path: Path, value: float, target: Path | None = None) -> bool:
    package = Package.open(path)
    return package.save(target or path, {PLANT: with_values(package.cells("Plant"), {(1, 1): value})})


def stored(path: Path) -> object:
    return Package.open(path).cells("Plant").value(1, 1)


def no_space(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def killed(*_: Any, **__: Any) -> Any:
    raise Killed


def half_written(end: Callable[..., Any]) -> Callable[..., Any]:
    """Return an opener of files that take half of what is written and then end as told."""
    original = Path.open

    def opened(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        file = original(path, mode, *arguments, **options)
        if mode != "r+b":
            return file

        class Half:
            def write(self, content: bytes) -> int:
                file.write(content[: len(content) // 2])
                file.flush()
                return int(end())

            def __enter__(self) -> Half:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

        return Half()

    return opened


@pytest.mark.parametrize("end", [no_space, killed])
@pytest.mark.parametrize("step", ["write", "sync", "rename"])
def test_a_full_disk_or_a_kill_at_any_step_leaves_the_old_file_whole(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, end: Callable[..., Any]
) -> None:
    before = book.read_bytes()
    with monkeypatch.context() as patched:
        if step == "write":
            patched.setattr(Path, "open", half_written(end))
        elif step == "sync":
            patched.setattr(os, "fsync", end)
        else:
            patched.setattr(Path, "replace", end)
        with pytest.raises((WorkbookError, Killed)) as caught:
            save(book, 2.0)
    if end is no_space:
        assert str(caught.value) == f"{book}: cannot be written (No space left on device); the old file is unchanged"
        assert [path.name for path in book.parent.iterdir()] == ["book.xlsx"]
    assert book.read_bytes() == before
    assert save(book, 2.0)
    assert stored(book) == 2.0


KILLING = """
import os, random, signal, sys, time
from pathlib import Path
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
path, rounds = Path(sys.argv[1]), int(sys.argv[2])
package = Package.open(path)
part = package.sheets[0].part
states = [package.rebuilt({part: with_values(package.cells("Plant"), {(1, 1): float(k)})}) for k in (1, 2)]
path.write_bytes(states[0])
random.seed(7)
begun = time.perf_counter()
for state in (2, 1) * 5:
    one = Package.open(path)
    one.save(path, {part: with_values(one.cells("Plant"), {(1, 1): float(state)})})
longest = max(0.006, 0.25 * (time.perf_counter() - begun))  # a busy machine gets to the writing later
seen, killed_inside = set(), 0
for number in range(10 * rounds):
    if number >= rounds and len(seen) == 2:
        break  # a busy machine may take more trials to meet both
    child = os.fork()
    if child == 0:
        try:
            while True:
                for state in ((1, 2), (2, 1))[number % 2]:
                    one = Package.open(path)
                    one.save(path, {part: with_values(one.cells("Plant"), {(1, 1): float(state)})})
        finally:
            os._exit(3)
    time.sleep(random.uniform(0.0, longest))  # the moment of the kill is the test's subject
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    content = path.read_bytes()
    seen.add(states.index(content))
    left = [other for other in path.parent.iterdir() if other != path]
    killed_inside += bool(left)
    for other in left:
        other.unlink()
sys.stdout.write(f"{sorted(seen)} {killed_inside}")
"""


@posix
def test_a_killed_process_leaves_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    book = tmp_path / "folder" / "book.xlsx"
    book.parent.mkdir()
    book.write_bytes(small_book())
    ended = subprocess.run(
        [sys.executable, "-c", KILLING, str(book), "150"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    states, _, inside = ended.stdout.rpartition(" ")
    assert states == "[0, 1]", "both the old and the new file were met"
    assert int(inside) > 0, "some kills fell into the writing"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "~$book.xlsx",
            b"\x04Anna" + bytes(160),
            r"is open in Excel by Anna; close it there first \(.*delete ~\$book\.xlsx\)",
        ),
        ("~$book.xlsx", b"", "is open in Excel; close it there first"),
        (
            ".~lock.book.xlsx#",
            b",root,host,21.11.2026 10:00,file:///x;",
            "is open in LibreOffice; close it there first",
        ),
        (".~lock.book.xlsx#", "Jörg,root,host,x,y;".encode(), "is open in LibreOffice by Jörg"),
    ],
)
def test_a_file_that_is_open_elsewhere_is_refused(book: Path, name: str, content: bytes, sentence: str) -> None:
    before = book.read_bytes()
    (book.parent / name).write_bytes(content)
    with pytest.raises(WorkbookError, match=sentence):
        save(book, 2.0)
    assert book.read_bytes() == before
    assert save(book, 1.0) is False, "nothing to write: no reason to refuse"


def test_what_windows_says_of_a_file_in_use_becomes_a_sentence(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise PermissionError(
            errno.EACCES, "The process cannot access the file because it is being used by another process"
        )

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(WorkbookError, match=r"book\.xlsx: cannot be written; it is open in another program"):
        save(book, 2.0)
    assert [path.name for path in book.parent.iterdir()] == ["book.xlsx"]


def test_a_file_changed_by_somebody_else_in_between_is_not_overwritten(book: Path) -> None:
    package = Package.open(book)
    save(book, 5.0)
    with pytest.raises(WorkbookError, match="was changed by another program since it was read; run again"):
        package.save(book, {PLANT: with_values(package.cells("Plant"), {(1, 1): 2.0})})
    assert stored(book) == 5.0


@posix
def test_a_link_stays_a_link_and_its_target_is_written(book: Path) -> None:
    link = book.with_name("link.xlsx")
    link.symlink_to("book.xlsx")
    save(link, 4.0)
    assert link.is_symlink() and stored(book) == 4.0
    (book.parent / ".~lock.book.xlsx#").write_bytes(b"Anna,x;")
    with pytest.raises(WorkbookError, match="is open in LibreOffice by Anna"):
        save(link, 5.0)


@posix
def test_permissions_are_kept_and_a_new_file_gets_the_usual_ones(book: Path) -> None:
    book.chmod(0o640)
    save(book, 2.0)
    assert book.stat().st_mode & 0o777 == 0o640
    new, plain = book.with_name("new.xlsx"), book.with_name("plain")
    save(book, 3.0, new)
    plain.touch()
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_write_protected_file_is_refused(book: Path) -> None:
    before = book.read_bytes()
    book.chmod(0o444)
    with pytest.raises(WorkbookError, match="is write-protected"):
        save(book, 2.0)
    assert book.read_bytes() == before
    book.chmod(0o644)


def test_targets_that_cannot_be_give_a_sentence(book: Path) -> None:
    with pytest.raises(WorkbookError, match=r"the folder .*none does not exist"):
        save(book, 2.0, book.parent / "none" / "out.xlsx")
    with pytest.raises(WorkbookError, match="is a folder"):
        save(book, 2.0, book.parent)


def test_nothing_to_write_writes_nothing(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_write_synced", killed)
    assert save(book, 1.0) is False


def test_the_folder_is_synced_where_there_is_such_a_thing(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    save(book, 2.0)
    assert len(synced) == (2 if os.name == "posix" else 1)
