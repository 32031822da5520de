"""Compilation of the few functions that loop over steps; without the compiler they run as they stand."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

__all__ = ["compiled"]

F = TypeVar("F", bound=Callable[..., Any])

COMPILED_FILES = ("pieces.py", "curves.py", "programme.py")


def _sources_checksum() -> str:
    try:
        return format(
            zlib.crc32(b"".join((Path(__file__).parent / name).read_bytes() for name in COMPILED_FILES)), "08x"
        )
    except OSError:
        return "bundled"


CHECKSUM = _sources_checksum()


def compiled(function: F) -> F:
    """Return the function in machine code, kept in a cache on disk; the same function where numba is not installed."""
    try:
        import numba
    except ImportError:
        return function
    # The cache notices changes of a function's own file, not of the functions it calls in other files.
    function.__qualname__ += "_" + CHECKSUM
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
