"""Whether the user pressed Esc while a macro works: Excel itself waits for Python and cannot tell."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from typing import Final

__all__ = ["watch_escape"]

_VK_ESCAPE: Final = 0x1B  # of Windows' GetAsyncKeyState, which tells of a press since the last question, too
_MAC_ESCAPE: Final = 0x35  # kVK_Escape
_MAC_ALL_SOURCES: Final = 0  # kCGEventSourceStateCombinedSessionState


def watch_escape(process: int) -> Callable[[], bool]:
    """Return a function that tells whether Esc was pressed since it was last asked.

    Parameters
    ----------
    process : int
        Identity of Excel's process; on Windows a key counts only while one of its windows is in front.

    Returns
    -------
    callable
        Where the system cannot tell, it never does.
    """
    if sys.platform == "win32":
        user = ctypes.WinDLL("user32")
        user.GetAsyncKeyState.restype = ctypes.c_short

        def pressed() -> bool:
            owner = ctypes.c_ulong()
            user.GetWindowThreadProcessId(user.GetForegroundWindow(), ctypes.byref(owner))
            return bool(user.GetAsyncKeyState(_VK_ESCAPE)) and owner.value == process

        pressed()  # forgets what was pressed before
        return pressed
    library = ctypes.util.find_library("ApplicationServices") if sys.platform == "darwin" else None
    if library is None:
        return lambda: False
    state = ctypes.CDLL(library).CGEventSourceKeyState
    state.argtypes, state.restype = (ctypes.c_int32, ctypes.c_uint16), ctypes.c_bool
    return lambda: bool(state(_MAC_ALL_SOURCES, _MAC_ESCAPE))
