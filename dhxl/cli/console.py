"""What the command line writes: results to standard output, messages to standard error."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

from dhxl.workbook.values import ErrorLike, number_text

__all__ = [
    "Stream",
    "cell_text",
    "console",
    "json_cell",
    "progress_shown",
    "streams",
    "write",
    "write_errors",
    "write_json",
    "write_note",
]

_WIDE: Final = 200  # columns where the output goes to a file or another program
_LONGEST: Final = 1000  # characters of a line that somebody reads
_NO_READER: Final = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)


class Stream:
    """A standard stream that may be closed, full or without a reader: what it does not take is dropped.

    The command goes on, so that its files and its exit code are those that it promises.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def problem(self) -> str:
        """Why not everything was written; empty where it was, or where a reader such as ``head`` had enough."""
        if self._error is None or self._error.errno in _NO_READER:
            return ""
        return self._error.strerror or str(self._error)

    def write(self, text: str) -> int:
        """Write text, unless an earlier one could not be written."""
        if self._error is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Write what is kept back."""
        if self._error is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._error = error
        self.drop()

    def drop(self) -> None:
        """Lead what is kept back into nothing, or Python would try to write it once more when it ends."""
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nothing, self._stream.fileno())
            finally:
                os.close(nothing)


@contextmanager
def streams() -> Iterator[Stream]:
    """Put streams that never fail in the place of the standard ones, which services and pythonw do not even have.

    Yields standard output.
    """
    before = sys.stdout, sys.stderr
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for stream in before:
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        out, err = (Stream(stream or nowhere) for stream in before)
        sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
        try:
            yield out
        finally:
            out.flush()
            err.flush()
            sys.stdout, sys.stderr = before


def write(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(f"{text}\n")


def write_json(value: Any) -> None:
    """Write a result to standard output as JSON."""
    write(json.dumps(value, allow_nan=False, indent=2))


def write_note(text: str) -> None:
    """Write a message to standard error, its lines cut to what somebody reads."""
    sys.stderr.write("".join(f"{_readable(line)}\n" for line in text.split("\n")))


def write_errors(problems: Sequence[str], *, as_json: bool) -> int:
    """Write problems one per line to standard error and return the exit code."""
    lines = [_readable(line) for problem in problems for line in problem.split("\n")]
    for line in lines:
        write_note(line)
    if as_json:
        write_json({"errors": lines})
    return 1


def _readable(line: str) -> str:
    """Return a line without its middle where it is too long; what matters stands at both ends.

    Examples
    --------
    >>> _readable("short"), len(_readable("a" * 200_000))
    ('short', 1000)
    """
    if len(line) <= _LONGEST:
        return line
    half = (_LONGEST - 5) // 2
    return f"{line[: _LONGEST - 5 - half]} ... {line[-half:]}"


def cell_text(value: object) -> str:
    """Return a cell as text: numbers in the shortest form that reads back as the same number.

    Examples
    --------
    >>> cell_text(2.0), cell_text(0.1), cell_text(True), cell_text(None), cell_text("a")
    ('2', '0.1', 'TRUE', '', 'a')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    return str(value)


def json_cell(value: Any) -> Any:
    """Return a cell, or rows of cells, as JSON has them; whole numbers without a decimal point."""
    if isinstance(value, (list, tuple)):
        return [json_cell(entry) for entry in value]
    if isinstance(value, ErrorLike):
        return value.code
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def console(most: int = _WIDE) -> Any:
    """Return a console on standard output, at most so many columns wide; without colours where they are not wanted."""
    from rich.console import Console

    screen = Console(highlight=False, markup=False)
    screen.width = min(screen.width, most) if sys.stdout.isatty() else most
    return screen


@contextmanager
def progress_shown() -> Iterator[Any]:
    """Show a progress bar on standard error while the block runs, if somebody looks at it.

    Yields a function that takes what is being done and the share done.
    """
    if not sys.stderr.isatty():
        yield lambda _step, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)
