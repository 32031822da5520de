"""Files read within limits, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from pathlib import Path
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.interrupts import finish, held

if sys.platform != "win32":
    import fcntl

__all__ = ["checked_target", "read_whole", "refuse_if_open", "settled", "write_whole"]

_TEMPORARY: Final = re.compile(r"\.dhxl-[0-9a-f]{12}\.tmp")
_LEFT_AFTER_S: Final = 3600.0  # where no lock tells whether the writer lives: no file takes an hour to write
_READING: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe does not wait
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_whole(path: Path, most: int, wanted: str) -> tuple[bytes, os.stat_result]:
    """Return the content of a file and what the system knows of it; never more, never without end.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        Bytes that it may have.
    wanted : str
        What it should be, for messages: ``a workbook``.

    Raises
    ------
    WorkbookError
        It does not exist, is no file but a folder, pipe or device, is too large, or cannot be read.
    """
    try:
        _refuse_other_kind(path, path.stat(), f", {wanted} is expected")
        with os.fdopen(os.open(path, _READING), "rb") as file:
            found = os.fstat(file.fileno())
            _refuse_other_kind(path, found, f", {wanted} is expected")
            if found.st_size > most:
                raise WorkbookError(f"{path}: has {found.st_size:,} bytes, at most {most:,}")
            content = file.read(most + 1)
    except FileNotFoundError:
        raise WorkbookError(f"{path}: does not exist") from None
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be read ({error.strerror or error})") from error
    except ValueError:
        raise WorkbookError(f"{str(path)!r} is no name of a file") from None
    if len(content) > most:
        raise WorkbookError(f"{path}: has more than {most:,} bytes, which is the most")
    return content, found


def settled(path: Path) -> Path:
    """Return the absolute path that links lead to, whether anything stands there or not.

    Raises
    ------
    WorkbookError
        Links lead in a circle, or the current folder is gone.
    """
    try:
        place = path.resolve()
        with contextlib.suppress(FileNotFoundError):
            place.stat()
    except RuntimeError:  # of pathlib before Python 3.13
        raise WorkbookError(f"{path}: is a link that leads in a circle") from None
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be used ({error.strerror or error})") from error
    except ValueError:
        raise WorkbookError(f"{str(path)!r} is no name of a file") from None
    return place


def refuse_if_open(path: Path) -> None:
    """Refuse a file that a spreadsheet program has open, as its lock file beside it tells.

    Raises
    ------
    WorkbookError
        If Excel's ``~$NAME`` or LibreOffice's ``.~lock.NAME#`` stands beside the file.
    """
    for place in {path, settled(path)}:
        for name, program in ((f"~${place.name}", "Excel"), (f".~lock.{place.name}#", "LibreOffice")):
            lock = place.parent / name
            if _exists(lock):
                user = _owner(lock)
                by = f" by {user}" if user else ""
                stale = f"if it is not open anywhere, delete {lock.name}"
                raise WorkbookError(f"{path}: is open in {program}{by}; close it there first ({stale})")


def checked_target(path: Path) -> tuple[Path, os.stat_result | None]:
    """Return where a file is to be written, with links followed, and what stands there now.

    Raises
    ------
    WorkbookError
        It cannot be: the file is open elsewhere or write-protected, is a folder, pipe or device, or has no folder.
    """
    refuse_if_open(path)
    target = settled(path)
    if not target.parent.is_dir():
        raise WorkbookError(f"{path}: the folder {target.parent} does not exist")
    old = target.stat() if target.exists() else None
    if old:
        _refuse_other_kind(path, old, "")
    if old and not (os.access(target, os.W_OK) and old.st_mode & 0o222):
        raise WorkbookError(f"{path}: is write-protected")
    return target, old


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at any moment the old or the new one stands there, whole.

    The content goes to a temporary file beside the target, is synced to the disk and then renamed. A symbolic
    link stays a link; an existing file keeps its permissions. Temporary files of processes that were killed go.

    Raises
    ------
    WorkbookError
        If the file is open elsewhere or write-protected, or the disk refuses; the old file then stands as it was.
    KeyboardInterrupt
        Ctrl-C came before the new file stood there; or after that, where no command is finished by it.
    """
    target, old = checked_target(path)
    try:
        with held() as hold:
            _clear(target.parent)
            temporary, claim = _created(target.parent)
            try:
                _write_synced(temporary, content, old)
                if hold.noted:
                    raise KeyboardInterrupt
                temporary.replace(target)
                finish(path)
            finally:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
                if claim is not None:
                    os.close(claim)
            _sync_folder(target.parent)
    except PermissionError as error:
        raise WorkbookError(
            f"{path}: cannot be written; it is open in another program, or writing to {target.parent} is not permitted"
        ) from error
    except OSError as error:
        raise WorkbookError(
            f"{path}: cannot be written ({error.strerror or error}); the old file is unchanged"
        ) from error


def _created(folder: Path) -> tuple[Path, int | None]:
    """Return a new temporary file and the lock on it by which other processes see that its writer lives.

    Its name does not hold the target's, which may be as long as names can be. Windows has no such lock.
    """
    while True:
        temporary = folder / f".dhxl-{secrets.token_hex(6)}.tmp"
        claim = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if sys.platform == "win32":
            os.close(claim)
            return temporary, None
        if _claimed(claim) and _exists(temporary):
            return temporary, claim
        os.close(claim)  # another process took it for left behind before it was locked, and deletes it


def _claimed(handle: int) -> bool:
    """Lock a file; return False where another process has locked it, True also where the system knows no locks."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
    return True


def _clear(folder: Path) -> None:
    """Delete temporary files in a folder whose writers are gone."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _clear_one(Path(entry.path))


def _clear_one(temporary: Path) -> None:
    if sys.platform != "win32":
        handle = os.open(temporary, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                temporary.unlink()
        finally:
            os.close(handle)
    elif time.time() - temporary.stat().st_mtime > _LEFT_AFTER_S:
        temporary.unlink()  # fails where a process has it open; between closing and renaming none has


def _write_synced(temporary: Path, content: bytes, old: os.stat_result | None) -> None:
    with temporary.open("r+b") as file:
        file.write(content)
        if old:
            with contextlib.suppress(OSError):
                if hasattr(os, "chown"):
                    os.chown(temporary, old.st_uid, old.st_gid)
            with contextlib.suppress(OSError):
                temporary.chmod(stat.S_IMODE(old.st_mode))
        file.flush()
        os.fsync(file.fileno())


def _refuse_other_kind(path: Path, found: os.stat_result, told: str) -> None:
    """Refuse what is no regular file: a pipe may never answer, a device may never end."""
    if not stat.S_ISREG(found.st_mode):
        kind = next((kind for is_kind, kind in _KINDS if is_kind(found.st_mode)), "no file")
        raise WorkbookError(f"{path}: is {kind}{told}")


def _exists(path: Path) -> bool:
    """Return whether a file stands there; a name that is too long for the system has none."""
    try:
        return path.exists()
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Sync the folder's entry, where the system has such a thing; the new file stands there in any case."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _owner(lock: Path) -> str:
    """Return the user that a lock file names, or nothing."""
    try:
        content = lock.read_bytes()
    except OSError:
        return ""
    if lock.name.startswith("~$"):
        name = content[1 : 1 + content[0]] if content else b""
        return name.decode("cp1252", errors="replace").strip()
    return content.decode("utf-8", errors="replace").split(",")[0].strip()
