"""The command line: parse, call, print."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from dhxl.cli.arguments import parser
from dhxl.errors import DhxlError

__all__ = ["main"]

INTERRUPTED = 130  # exit code after Ctrl-C, as shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 a problem, 2 wrong usage, 130 interrupted.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it, those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    debug = bool(os.environ.get("DHXL_DEBUG"))
    if debug:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    options = parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except DhxlError as error:
        return _failed(error.problems, as_json=options.json)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; no file was harmed\n")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"  # of the calculation engine, which is written in Rust
        if debug or not (panic or isinstance(error, Exception)):
            raise
        reason = f"{type(error).__name__}: {error}".rstrip(": ").replace("\n", " ")
        problem = f"internal error, please report it: {reason} (DHXL_DEBUG=1 shows where)"
        return _failed((problem,), as_json=options.json)
    return code


def _failed(problems: Sequence[str], *, as_json: bool) -> int:
    from dhxl.cli.console import write_errors

    return write_errors(problems, as_json=as_json)
