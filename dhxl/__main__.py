"""``python -m dhxl``, and the program ``dhxl``."""

from __future__ import annotations

import gc
import os
import sys

from dhxl.interrupts import process

__all__ = ["main"]

_OBJECTS = 100_000  # between two searches for circles; most objects of a workbook last as long as the process


def main() -> None:
    """Run the command line as a process of its own, from its first import on; never returns."""
    _open_descriptors()
    gc.set_threshold(_OBJECTS, 20, 20)
    with process():
        from dhxl.cli import main as command_line

        code = command_line()
    sys.exit(code)


def _open_descriptors() -> None:
    """Lead standard streams that are closed into nothing: the next file opened would take their place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


if __name__ == "__main__":
    main()
