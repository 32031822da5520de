"""Compilation of the few functions that loop over steps; without the compiler they run as they stand.

Compiling takes some ten seconds, a year with a store a second or two uncompiled. So a process compiles only where that
has been asked for (``DHXL_COMPILE=1``) or was done before on this machine (:func:`remember_compiled`); then the machine
code comes from numba's cache on disk.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

__all__ = ["SWITCH", "compiled", "compiles", "remember_compiled"]

F = TypeVar("F", bound=Callable[..., Any])

SWITCH = "DHXL_COMPILE"  # environment: 1 compiles, 0 does not, whatever was done before
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


def _sources_checksum() -> str:
    try:
        return format(
            zlib.crc32(b"".join((Path(__file__).parent / name).read_bytes() for name in COMPILED_FILES)), "08x"
        )
    except OSError:
        return "bundled"


CHECKSUM = _sources_checksum()


def _marker() -> Path:
    """Return the file that stands where this installation has been compiled by this Python on this machine."""
    home = Path(os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = hashlib.blake2b(f"{Path(__file__).resolve()} {sys.version}".encode(), digest_size=8).hexdigest()
    return home / "dhxl" / f"compiled-{CHECKSUM}-{place}"


def compiles() -> bool:
    """Return whether this process compiles, or loads what was compiled before."""
    choice = os.environ.get(SWITCH)
    return choice != "0" if choice else _marker().exists()


def remember_compiled() -> None:
    """Let every later process use the machine code that this one has compiled."""
    marker = _marker()
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()


def compiled(function: F) -> F:
    """Return the function in machine code, kept in a cache on disk; the function itself where it is not compiled."""
    if not compiles():
        return function
    try:
        import numba
    except ImportError:
        return function
    # The cache notices changes of a function's own file, not of the functions it calls in other files.
    function.__qualname__ += "_" + CHECKSUM
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
