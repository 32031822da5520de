"""Compilation of the few functions that loop over steps; without the compiler they run as they stand.

Compiling takes some ten seconds, a year with a store a second to a minute uncompiled. So a process compiles only where
that has been asked for (``DHXL_COMPILE=1``) or was done before on this machine (:func:`remember_compiled`); then the
machine code comes from a cache on disk, :mod:`dhxl.core.dispatch.compiled_place`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

from dhxl.core.dispatch.compiled_place import (
    CHECKSUM,
    chosen_place,
    forget_places,
    has_manifest,
    homes,
    write_manifest,
)

__all__ = ["SWITCH", "compiled", "compiles", "forget_compiled", "remember_compiled"]

F = TypeVar("F", bound=Callable[..., Any])

SWITCH = "DHXL_COMPILE"  # environment: 1 compiles, 0 does not, whatever was done before

_log = logging.getLogger(__name__)


def compiles() -> bool:
    """Return whether this process compiles, or loads what was compiled before."""
    choice = os.environ.get(SWITCH)
    return choice != "0" and chosen_place(homes(), bool(choice)) is not None


def remember_compiled() -> bool:
    """Let every later process use the machine code that was compiled; return whether there is a place for it."""
    place = chosen_place(homes(), True)
    if place is None:
        return False
    write_manifest(place)
    chosen_place.cache_clear()
    return has_manifest(place)


def forget_compiled() -> None:
    """Take away the machine code of this installation, sound or damaged."""
    forget_places(homes())
    chosen_place.cache_clear()


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
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(chosen_place(homes(), bool(os.environ.get(SWITCH))))
    try:
        dispatcher: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before
    if dispatcher is function:  # numba is switched off (NUMBA_DISABLE_JIT)
        return function
    for name in ("load_overload", "save_overload"):
        _forgive(dispatcher._cache, name)
    return cast(F, dispatcher)


def _forgive(cache: Any, name: str) -> None:
    """Make a cache that cannot be read or written one that holds nothing: the function is then compiled anew."""
    true = getattr(cache, name)

    def forgiving(*arguments: Any) -> Any:
        try:
            return true(*arguments)
        except Exception as error:  # noqa: BLE001 - damaged bytes raise anything
            _log.warning("compiled code cannot be kept (%s): %s", type(error).__name__, error)
            return None

    setattr(cache, name, forgiving)
