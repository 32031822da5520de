"""Ctrl-C where it does no harm.

Python raises KeyboardInterrupt wherever the main thread happens to be, also where nobody can catch it: at the entry of
a function that the calculation engine calls, which makes the error value of a cell of it, or between the rename of a
file and the word about it. So while something is held that must end whole (:func:`held`), a signal is only noted and
raised afterwards. A command (:func:`command`) is finished once it has written its file; from then on it cannot be
interrupted. Handlers can be set in the main thread only, where signals arrive; elsewhere nothing is held.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self, TypeVar

__all__ = ["EXIT_CODE", "Hold", "alone", "command", "exit_code", "finish", "finished", "held", "process"]

T = TypeVar("T")

EXIT_CODE: Final = 130  # after Ctrl-C, as shells have it: 128 and the number of the signal
_ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


@dataclass(slots=True)
class _State:
    """What the handler knows; signals belong to the whole process, and so does this."""

    holds: int = 0
    raises: bool = True  # whether what is held may be cut short: not where the handler outside is somebody else's
    in_body: bool = False
    noted: int = 0
    last: int = 0
    alone: bool = False
    running: bool = False
    files: frozenset[Path] = frozenset()
    finished: Path | None = None


_state: Final = _State()


def _done() -> bool:
    return _state.running and _state.finished is not None


class _Interruption(KeyboardInterrupt):
    """KeyboardInterrupt by another name.

    Of KeyboardInterrupt itself Python remembers that it passed through a text that was executed, as data classes are
    made, and ends the process by a signal at last although it was caught.
    """


def _on_signal(number: int, _frame: FrameType | None) -> None:
    again = bool(_state.noted)
    free = _state.running and not _state.holds
    if free and (again or not _done()):
        _state.noted, _state.last = 0, number
        raise _Interruption
    _state.noted = _state.last = number
    if _state.in_body and not again:
        raise _Interruption


class Hold:
    """A context in which signals are noted; made by :func:`held`. Where the last one ends, they are raised."""

    def __init__(self) -> None:
        self._entered = False
        self._in_body = False
        self._outside: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            return self
        if _state.running and not _state.holds and _state.noted and not _done():  # it was raised where it was lost
            _state.noted = 0
            raise _Interruption
        _state.holds += 1
        try:
            outside = signal.getsignal(signal.SIGINT)
            if callable(outside) and outside is not _on_signal:
                _state.raises = outside is signal.default_int_handler
                self._outside = outside
                signal.signal(signal.SIGINT, _on_signal)
        except BaseException:  # of the handler outside: nothing is held yet
            _state.holds -= 1
            _state.raises = True
            raise
        self._in_body, _state.in_body = _state.in_body, False
        self._entered = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._entered:
            return
        self._entered = False
        _state.in_body = self._in_body
        raises = _state.raises
        try:
            if self._outside is not None:
                signal.signal(signal.SIGINT, self._outside)
                _state.raises = True
        finally:
            _state.holds -= 1
        if _state.holds or not _state.noted or _done():
            return
        number, _state.noted = _state.noted, 0
        if not raises:
            signal.raise_signal(number)
        elif self._outside is not None or _state.running:
            raise _Interruption from None

    @property
    def noted(self) -> bool:
        """Whether an interruption waits for the end of what is held, which may as well be cut short."""
        return self._entered and bool(_state.noted) and _state.raises and not _done()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return what a function gives, into whose body a first interruption is raised and noted all the same.

        The caller must catch KeyboardInterrupt. What it makes of it does not matter for the end: the last hold raises.
        """
        if not (self._entered and _state.raises):
            return function(*arguments)
        _state.in_body = True
        try:
            return function(*arguments)
        finally:
            _state.in_body = False


def held() -> Hold:
    """Return a context that ends whole: signals within are noted and raised where the last such context ends.

    Somebody else's handler of Ctrl-C is called then; what is held is not cut short for it.
    """
    return Hold()


class _Handlers:
    """A context in which the signals that end a process are ours."""

    def __init__(self, files: Iterable[Path], *, alone: bool) -> None:
        self._files = frozenset(files)
        self._alone = alone
        self._outside: dict[int, Any] = {}
        self._unraisable = sys.unraisablehook

    def __enter__(self) -> Self:
        try:
            if threading.current_thread() is threading.main_thread():
                self._take()
            if self._alone:
                _state.alone = True
            else:
                _state.files, _state.finished, _state.last = self._files, None, 0
                _state.running = True
                sys.unraisablehook = self._lost
                if _state.noted:
                    signal.raise_signal(_state.noted)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _take(self) -> None:
        for number in _ENDING:
            outside = signal.getsignal(number)
            if outside is (signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL):
                self._outside[number] = outside
                signal.signal(number, _on_signal)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._alone:
            _state.alone = False
        else:
            _state.running = False
            sys.unraisablehook = self._unraisable
        for number, outside in reversed(self._outside.items()):  # Ctrl-C last: it may raise as soon as it is put back
            signal.signal(number, signal.SIG_IGN if self._alone else outside)
            _state.noted = 0

    def _lost(self, lost: sys.UnraisableHookArgs) -> None:
        """Note a signal once more that was raised where Python can raise nothing, as when an object is deleted."""
        if issubclass(lost.exc_type, _Interruption):
            _state.noted = _state.last
        elif not _state.last:  # else an object that was interrupted half made, as it is deleted
            self._unraisable(lost)


def process() -> _Handlers:
    """Return a context for a whole process of the command line: Ctrl-C waits for a command, and is deaf after it."""
    return _Handlers((), alone=True)


def command(files: Iterable[Path]) -> _Handlers:
    """Return a context for a command: a signal raises KeyboardInterrupt in it, until one of its files stands.

    After that the first signal is noted, as the command is done; a second one ends what it still has to say.

    Parameters
    ----------
    files : iterable of Path
        What the command may write, as :func:`finish` will be told.
    """
    return _Handlers(files, alone=False)


def alone() -> bool:
    """Return whether this process has nothing to do but the command."""
    return _state.alone


def finish(file: Path) -> None:
    """Tell that a file stands; where a command was to write it, the command is finished."""
    if file in _state.files:
        _state.finished = file


def finished() -> Path | None:
    """Return the file that the running or the last command has written, None where none is."""
    return _state.finished


def exit_code() -> int:
    """Return the exit code of a command that was interrupted."""
    return 128 + _state.last if _state.last else EXIT_CODE
