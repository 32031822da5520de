"""What the command line writes: results to standard output, messages to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dhxl.functions.cells import CellError
from dhxl.workbook.values import ErrorValue, number_text

__all__ = ["cell_text", "console", "json_cell", "progress_shown", "write", "write_errors", "write_json", "write_note"]

_WIDE = 200  # columns where the output goes to a file or another program


def write(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(f"{text}\n")


def write_json(value: Any) -> None:
    """Write a result to standard output as JSON."""
    write(json.dumps(value, allow_nan=False, indent=2))


def write_note(text: str) -> None:
    """Write a message to standard error."""
    sys.stderr.write(f"{text}\n")


def write_errors(problems: Sequence[str], *, as_json: bool) -> int:
    """Write problems one per line to standard error and return the exit code."""
    lines = [line for problem in problems for line in problem.split("\n")]
    for line in lines:
        write_note(line)
    if as_json:
        write_json({"errors": lines})
    return 1


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
    if isinstance(value, (CellError, ErrorValue)):
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
