"""What can go wrong, as one tree.

DhxlError
├── InputError        bad input                      cell error #VALUE!
├── NoSolutionError   good input without an answer   cell error #NUM!
└── WorkbookError     a file or its structure        no cell: command line and macros

A message says where, what is allowed with its unit, what came, and what to do if that is not
obvious: ``DH_LHD: trench_length_m must be > 0 m, got 0``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["DhxlError", "InputError", "NoSolutionError", "WorkbookError", "shortened"]

_MOST_QUOTED: Final = 60  # characters of a value that a sentence quotes
_MOST_SENTENCE: Final = 1000  # characters of a whole sentence


def shortened(text: str, most: int = _MOST_QUOTED) -> str:
    """Return a text as a sentence quotes it, what is too long cut.

    Examples
    --------
    >>> shortened("a reading " * 100, 20)
    'a reading a readi...'
    """
    return text if len(text) <= most else text[: most - 3] + "..."


class DhxlError(Exception):
    """Base of all errors that dhxl raises on purpose.

    Parameters
    ----------
    problems : str or iterable of str
        One sentence, or several found at once; each becomes a line of the message.
    """

    code = "#VALUE!"

    def __init__(self, problems: str | Iterable[str]) -> None:
        given = (problems,) if isinstance(problems, str) else problems
        self.problems = tuple(shortened(problem, _MOST_SENTENCE) for problem in given)
        super().__init__("\n".join(self.problems))


class InputError(DhxlError):
    """Input that is missing, of the wrong kind or outside its limits."""

    code = "#VALUE!"


class NoSolutionError(DhxlError):
    """Valid input for which no answer exists."""

    code = "#NUM!"


class WorkbookError(DhxlError):
    """A file that cannot be read or written, or a workbook without what is needed."""

    code = "#REF!"
