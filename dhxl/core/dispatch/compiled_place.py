"""Where machine code is kept: a folder of the user that can be written, and whether what lies there is sound."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
import os
import shutil
import stat
import sys
import tempfile
import zlib
from pathlib import Path

__all__ = ["CHECKSUM", "chosen_place", "forget_places", "has_manifest", "homes", "write_manifest"]

COMPILED_FILES = (
    "pieces.py",
    "dust.py",
    "convolution.py",
    "curves.py",
    "programme.py",
    "placement.py",
    "offers.py",
    "shortage.py",
)
MANIFEST = "complete.json"  # checksums of the files of machine code; stands where all has been compiled

_log = logging.getLogger(__name__)


def _sources_checksum() -> str:
    try:
        return format(
            zlib.crc32(b"".join((Path(__file__).parent / name).read_bytes() for name in COMPILED_FILES)), "08x"
        )
    except OSError:
        return "bundled"


CHECKSUM = _sources_checksum()
INSTALLATION = hashlib.blake2b(f"{Path(__file__).resolve()} {sys.version}".encode(), digest_size=8).hexdigest()
NAME = f"compiled-{INSTALLATION}-{CHECKSUM}"


def homes() -> tuple[Path, ...]:
    """Return the folders in which machine code may be kept, the first the user's own, the last for this session."""
    own = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    found = [Path(own) / "dhxl"] if own else []
    if not own:
        with contextlib.suppress(RuntimeError):  # no home at all
            found.append(Path.home() / ".cache" / "dhxl")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    with contextlib.suppress(OSError):  # no folder for temporary files
        found.append(Path(tempfile.gettempdir()) / f"dhxl-{user}")
    return tuple(found)


@functools.cache
def chosen_place(among: tuple[Path, ...], asked: bool) -> Path | None:
    """Return the folder of this process's machine code, None where it runs uncompiled.

    Parameters
    ----------
    among : tuple of Path
        As of :func:`homes`.
    asked : bool
        Whether to compile where that has not been done before.

    Returns
    -------
    Path or None

    Notes
    -----
    Machine code is loaded as it stands: a folder that another user could have written is none, and files whose
    checksums have changed are not loaded. Code that is complete in a folder that cannot be written is copied to the
    next one that can.
    """
    places = [home / NAME for home in among]
    warm = next((place for place in places if has_manifest(place)), None)
    if warm is not None and not (_is_own(warm) and _is_sound(warm)):
        _log.warning("the compiled dispatch in %s is damaged: dhxl setup compiles it anew", warm)
        if _is_own(warm):
            shutil.rmtree(warm, ignore_errors=True)
        warm = None
        if not asked:
            return None
    if warm is None and not asked:
        return None
    for place in [warm, *places] if warm is not None else places:
        if _can_be_written(place):
            if warm is not None and place != warm:
                try:
                    shutil.copytree(warm, place, dirs_exist_ok=True)
                except OSError:
                    continue
            return place
    tried = ", ".join(str(place.parent) for place in places) or "there is none"
    _log.warning("no folder for compiled code can be written (%s): the dispatch runs uncompiled", tried)
    return None


def has_manifest(place: Path) -> bool:
    """Return whether all has been compiled in a folder."""
    try:
        return (place / MANIFEST).is_file()
    except OSError:
        return False


def write_manifest(place: Path) -> None:
    """Note that all has been compiled in a folder, and the checksums of its files."""
    (place / MANIFEST).write_text(json.dumps(_checksums(place)), encoding="utf-8")


def forget_places(among: tuple[Path, ...]) -> None:
    """Remove the folders of this installation, those of older versions too."""
    for home in among:
        try:
            old = [path for path in home.glob(f"compiled-{INSTALLATION}-*") if _is_own(path)]
        except OSError:
            continue
        for path in old:
            shutil.rmtree(path, ignore_errors=True)


def _checksums(place: Path) -> dict[str, int]:
    return {path.relative_to(place).as_posix(): zlib.crc32(path.read_bytes()) for path in sorted(place.rglob("*.nbc"))}


def _is_sound(place: Path) -> bool:
    try:
        noted = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        found = _checksums(place)
    except (OSError, ValueError):
        return False
    return isinstance(noted, dict) and all(found.get(name) == checksum for name, checksum in noted.items())


def _is_own(place: Path) -> bool:
    """Return whether nobody else can have written a folder."""
    if not hasattr(os, "getuid"):
        return True  # Windows: folders of a user are closed to others
    try:
        state = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & stat.S_IWOTH


def _can_be_written(place: Path) -> bool:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return _is_own(place) and _is_own(place.parent)
    except OSError:
        return False
