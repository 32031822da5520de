"""A formula taken apart: its numbers, calls, names and references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from dhxl.errors import WorkbookError
from dhxl.workbook.formulas import Call, Token, formula_tokens, function_calls
from dhxl.workbook.name_uses import NameUse, name_uses
from dhxl.workbook.names import range_position

__all__ = ["Area", "Formula", "references", "taken_apart"]

_CELL: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}")
_COLUMN: Final = re.compile(r"\$?[A-Za-z]{1,3}")
_THIS_WORKBOOK: Final = "[0]"


class Area(NamedTuple):
    """A reference in a formula: its place in the text, its sheet (empty for the formula's own), its corners.

    ``sheet`` is ``Jan:Dec`` where several sheets are meant; ``whole`` tells that it takes whole columns or rows.
    """

    start: int
    end: int
    sheet: str
    corners: tuple[int, int, int, int]
    whole: bool

    @property
    def several(self) -> bool:
        """Return whether it has more than one cell."""
        return self.corners[:2] != self.corners[2:]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula taken apart; ``areas`` are the references of the text that was given."""

    text: str
    tokens: tuple[Token, ...]
    numbers: tuple[float, ...]
    calls: tuple[Call, ...]
    names: tuple[NameUse, ...]
    areas: tuple[Area, ...]

    @property
    def called(self) -> frozenset[str]:
        """Return the names of the functions that are called."""
        return frozenset(call.name for call in self.calls)


def taken_apart(text: str) -> Formula:
    """Return a formula's parts.

    Examples
    --------
    >>> one = taken_apart("SUM(A1:B2,Plant!$C:$C)*2.5+rate")
    >>> one.numbers, one.names[0].name, [(area.sheet, area.corners[:2], area.whole) for area in one.areas]
    ((2.5,), 'rate', [('', (1, 1), False), ('Plant', (1, 3), True)])
    """
    tokens = tuple(formula_tokens(text))
    numbers = tuple(float(text[start:end]) for kind, start, end in tokens if kind == "number")
    return Formula(
        text, tokens, numbers, function_calls(text, tokens), name_uses(text, tokens), references(text, tokens)
    )


def references(text: str, tokens: tuple[Token, ...]) -> tuple[Area, ...]:
    """Return the references to cells of this workbook, in the order of the formula.

    Parameters
    ----------
    text : str
        The formula without ``=``.
    tokens : tuple
        Its tokens.
    """
    found = []
    at = 0
    while at < len(tokens):
        start = at
        sheet, at = _qualifier(text, tokens, at)
        end = _reference_end(text, tokens, at)
        if end > at and sheet is not None:
            cells = text[tokens[at][1] : tokens[end - 1][2]]
            try:
                corners = range_position(cells)
            except WorkbookError:
                at = end
                continue
            whole = not _CELL.match(cells)
            found.append(Area(tokens[start][1], tokens[end - 1][2], sheet, corners, whole))
        at = max(end, at, start + 1)
    return tuple(found)


def _qualifier(text: str, tokens: tuple[Token, ...], at: int) -> tuple[str | None, int]:
    """Return the sheet that a reference at a token begins with, None in another workbook, and the token behind it."""
    if tokens[at][0] not in ("name", "quoted", "bracket"):
        return "", at
    here = at
    other = tokens[at][0] == "bracket"
    if other:
        other, here = text[tokens[at][1] : tokens[at][2]] != _THIS_WORKBOOK, at + 1
    first = _sheet_at(text, tokens, here)
    if first is None:
        return (None, here + 1) if other and _is(text, tokens, here, "!") else ("", at)
    if (
        _is(text, tokens, here + 1, ":")
        and (last := _sheet_at(text, tokens, here + 2))
        and _is(text, tokens, here + 3, "!")
    ):
        return (None if other else f"{first}:{last}"), here + 4
    if _is(text, tokens, here + 1, "!"):
        return (None if other or "[" in first else first), here + 2
    return "", at


def _sheet_at(text: str, tokens: tuple[Token, ...], at: int) -> str | None:
    if at < len(tokens) and tokens[at][0] in ("name", "quoted"):
        return _sheet(text[tokens[at][1] : tokens[at][2]])
    return None


def _reference_end(text: str, tokens: tuple[Token, ...], at: int) -> int:
    """Return the token behind a reference that begins at a token; the same where none does."""
    if at >= len(tokens):
        return at
    kind, start, end = tokens[at]
    token = text[start:end]
    if kind == "rows":
        return at + 1
    if kind != "name" or _is(text, tokens, at + 1, "(") or _is(text, tokens, at + 1, "!"):
        return at
    pair = at + 2 < len(tokens) and _is(text, tokens, at + 1, ":") and tokens[at + 2][0] == "name"
    other = text[tokens[at + 2][1] : tokens[at + 2][2]] if pair else ""
    if _CELL.fullmatch(token):
        return at + 3 if _CELL.fullmatch(other) else at + 1
    return at + 3 if other and _COLUMN.fullmatch(token) and _COLUMN.fullmatch(other) else at


def _is(text: str, tokens: tuple[Token, ...], at: int, mark: str) -> bool:
    return at < len(tokens) and text[tokens[at][1] : tokens[at][2]] == mark


def _sheet(token: str) -> str:
    return token[1:-1].replace("''", "'") if token.startswith("'") else token
