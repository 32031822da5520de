"""The command line: parse, call, print."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from dhxl.cli.arguments import parser
from dhxl.cli.console import Stream, streams, write_errors, write_note
from dhxl.errors import DhxlError
from dhxl.interrupts import alone, command, exit_code, finished

__all__ = ["main"]

_LOG: Final = logging.getLogger("dhxl.core")
_NO_ROOM: Final = {getattr(errno, name, 0) for name in ("ENOSPC", "EFBIG", "EDQUOT")}


class _Notes(logging.Handler):
    """Warnings of the calculations, such as that no folder can be written for compiled code, a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        write_note(record.getMessage())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 a problem, 2 wrong usage, 130 interrupted.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it, those of the process.
    """
    with streams() as out:
        if os.environ.get("DHXL_DEBUG"):
            logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
        elif not _LOG.handlers:
            _LOG.addHandler(_Notes(logging.WARNING))
        usage: SystemExit | None = None
        code = 0
        try:
            code = _ended(parser().parse_args(arguments), out)
        except SystemExit as end:  # of the parser: help, version or wrong usage
            usage = end
        out.flush()
        if out.problem:
            stands = f"; {finished()} is written" if usage is None and finished() else ""
            write_note(f"standard output: cannot be written ({out.problem}){stands}")
            return code or 1
        if usage is not None:
            raise usage
        return code


def _ended(options: Any, out: Stream) -> int:
    """Run a command and return its exit code; whatever ends it early is said in a sentence."""
    files = [Path(file) for file in (getattr(options, name, None) for name in ("out", "book")) if file]
    try:
        with command(files):
            code: int = options.command(options)
            out.flush()
            return code
    except DhxlError as error:
        return write_errors(error.problems, as_json=options.json)
    except KeyboardInterrupt:
        if alone():  # whoever should read what is kept back may never do so
            out.drop()
        file = finished()
        write_note(f"interrupted; {file} is written" if file else "interrupted; no file was harmed")
        return 0 if file else exit_code()
    except OSError as error:
        if os.environ.get("DHXL_DEBUG"):
            raise
        return write_errors((_refusal(error),), as_json=options.json)
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"  # of the calculation engine, which is written in Rust
        if os.environ.get("DHXL_DEBUG") or not (panic or isinstance(error, Exception)):
            raise
        reason = f"{type(error).__name__}: {error}".rstrip(": ").replace("\n", " ")
        problem = f"internal error, please report it: {reason} (DHXL_DEBUG=1 shows where)"
        return write_errors((problem,), as_json=options.json)


def _refusal(error: OSError) -> str:
    """Return in a sentence what the system refuses."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: cannot be used ({reason})"
    if error.errno in _NO_ROOM:
        return f"a file cannot be written ({reason}); is the device full?"
    try:
        Path.cwd()
    except OSError:
        return "the current folder does not exist any more; change into another one"
    return f"the system refuses: {reason}"
