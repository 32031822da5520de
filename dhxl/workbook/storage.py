"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from dhxl.errors import WorkbookError

__all__ = ["refuse_if_open", "write_whole"]


def refuse_if_open(path: Path) -> None:
    """Refuse a file that a spreadsheet program has open, as its lock file beside it tells.

    Raises
    ------
    WorkbookError
        If Excel's ``~$NAME`` or LibreOffice's ``.~lock.NAME#`` stands beside the file.
    """
    for place in {path, path.resolve()}:
        for name, program in ((f"~${place.name}", "Excel"), (f".~lock.{place.name}#", "LibreOffice")):
            lock = place.with_name(name)
            if lock.exists():
                user = _owner(lock)
                by = f" by {user}" if user else ""
                stale = f"if it is not open anywhere, delete {lock.name}"
                raise WorkbookError(f"{path}: is open in {program}{by}; close it there first ({stale})")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at any moment the old or the new one stands there, whole.

    The content goes to a temporary file beside the target, is synced to the disk and then renamed. A symbolic
    link stays a link; an existing file keeps its permissions.

    Raises
    ------
    WorkbookError
        If the file is open elsewhere or write-protected, or the disk refuses; the old file then stands as it was.
    """
    refuse_if_open(path)
    target = path.resolve()
    if target.is_dir():
        raise WorkbookError(f"{path}: is a folder")
    if not target.parent.is_dir():
        raise WorkbookError(f"{path}: the folder {target.parent} does not exist")
    old = target.stat() if target.exists() else None
    if old and not (os.access(target, os.W_OK) and old.st_mode & 0o222):
        raise WorkbookError(f"{path}: is write-protected")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        try:
            _write_synced(temporary, content, old)
            temporary.replace(target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except PermissionError as error:
        raise WorkbookError(
            f"{path}: cannot be written; it is open in another program, or writing to {target.parent} is not permitted"
        ) from error
    except OSError as error:
        raise WorkbookError(
            f"{path}: cannot be written ({error.strerror or error}); the old file is unchanged"
        ) from error


def _write_synced(temporary: Path, content: bytes, old: os.stat_result | None) -> None:
    with temporary.open("xb") as file:
        file.write(content)
        if old:
            with contextlib.suppress(OSError):
                if hasattr(os, "chown"):
                    os.chown(temporary, old.st_uid, old.st_gid)
            with contextlib.suppress(OSError):
                temporary.chmod(stat.S_IMODE(old.st_mode))
        file.flush()
        os.fsync(file.fileno())


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
