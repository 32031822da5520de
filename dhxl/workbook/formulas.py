"""Formula texts: where functions are called, rewritten calls, references moved for shared formulas.

All texts are as stored in a file: without the leading ``=``, with English names, commas and A1 references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, column_letters, column_number

__all__ = [
    "Call",
    "Token",
    "calls_any",
    "formula_tokens",
    "function_calls",
    "is_dh",
    "is_reference",
    "located_calls",
    "rewritten_calls",
    "shifted",
]

_PREFIX: Final = "DH_"
_SERVICE: Final = "DHXL"
_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:[^"]|"")*"?)
    |(?P<quoted>'(?:[^']|'')*'?)
    |(?P<error>\#[A-Za-z][A-Za-z0-9_/]*[!?]?)
    |(?P<rows>\$?[0-9]+:\$?[0-9]+(?![\w.]))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d][\w.?\\$]*|\$[\w$]+|\\[\w.?\\$]*)
    |(?P<space>\s+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CELL: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_COLUMN: Final = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROW: Final = re.compile(r"(\$?)([1-9][0-9]{0,6})")

Token = tuple[str, int, int]
_Piece = str | tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call in a formula; spans are positions in its text.

    ``name`` is in upper case and without ``_xll.``, ``_xlfn.``, ``_xludf.``, the add-in service ``DHXL.`` and a
    workbook qualifier, all of which ``start`` includes; ``end`` lies behind the closing parenthesis. A call
    without any argument has no span, a left-out argument has an empty one.
    """

    name: str
    start: int
    end: int
    arguments: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Open:
    name: str
    start: int
    opening: int
    begins: int
    spans: list[tuple[int, int]] = field(default_factory=list)


def is_dh(name: str) -> bool:
    """Return whether a function's name is one of dhxl's worksheet functions, known or not.

    Examples
    --------
    >>> is_dh("DH_LHD"), is_dh("MY_DH_LHD")
    (True, False)
    """
    return name.startswith(_PREFIX)


def calls_any(text: str) -> bool:
    """Return whether a formula calls a DH_ function.

    Examples
    --------
    >>> calls_any("1+_xll.dh_lhd(A1,B1)"), calls_any('"DH_LHD(1)"&MY_DH_X(2)')
    (True, False)
    """
    return _may_call(text) and any(is_dh(call.name) for call in function_calls(text))


def function_calls(text: str, tokens: Sequence[Token] | None = None) -> tuple[Call, ...]:
    """Return all function calls of a formula, outer before inner, in the order of their start.

    Its tokens may be given where they are known.

    Examples
    --------
    >>> [(call.name, len(call.arguments)) for call in function_calls("IF(A1>0,_xlfn.STDEV.S(B1:B9),NA())")]
    [('IF', 3), ('STDEV.S', 1), ('NA', 0)]
    """
    found: list[Call] = []
    stack: list[_Open | None] = []
    tokens = list(formula_tokens(text)) if tokens is None else tokens
    for index, (kind, start, end) in enumerate(tokens):
        mark = text[start] if kind == "other" else ""
        if mark == "(":
            stack.append(_opened(text, tokens, index))
        elif mark == "{":
            stack.append(None)
        elif mark in (")", "}") and stack:
            frame = stack.pop()
            if frame and mark == ")":
                found.append(_closed(text, frame, start, end))
        elif mark == "," and stack and stack[-1]:
            stack[-1].spans.append((stack[-1].begins, start))
            stack[-1].begins = end
    return tuple(sorted(found, key=lambda call: call.start))


def rewritten_calls(text: str, rewrite: Callable[[str, tuple[str, ...]], str | None]) -> str:
    """Return a formula with its function calls rewritten, inner ones first.

    Parameters
    ----------
    text : str
        The formula without ``=``.
    rewrite : callable
        Gets the name and the argument texts (trimmed; empty where left out) and returns the new call, or None to
        keep the call as it is.
    """
    return _rewritten(text, function_calls(text), 0, len(text), rewrite)


def located_calls(text: str, address: str, left_out: str) -> str:
    """Return a formula whose DH_ calls are told their cell first and say what is left out.

    Parameters
    ----------
    text : str
        The formula without ``=``.
    address : str
        Address of the cell, which becomes the first argument as text.
    left_out : str
        Formula text that takes the place of each left-out argument.

    Examples
    --------
    >>> located_calls("IF(live,_xll.dh_x(50,2,,1.2),C1)", "Net!B2", "NA()")
    'IF(live,DH_X("Net!B2",50,2,NA(),1.2),C1)'
    """
    if not _may_call(text):
        return text
    place = '"' + address.replace('"', '""') + '"'

    def located(name: str, arguments: tuple[str, ...]) -> str | None:
        if not is_dh(name):
            return None
        return f"{name}({','.join([place, *(argument or left_out for argument in arguments)])})"

    return rewritten_calls(text, located)


def shifted(text: str, rows: int, columns: int) -> str:
    """Return a formula as it reads when filled some rows down and columns right.

    Relative references move, ``$`` ones stay, and beyond the edge of the sheet they continue at the other side, as
    Excel's shared formulas do.

    Examples
    --------
    >>> shifted('SUM($A1:B$2,LOG10(C3))&"A1"', 1, 1)
    'SUM($A2:C$2,LOG10(D4))&"A1"'
    """
    pieces = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        fixed_column, col, fixed_row, row = piece
        letters = column_letters(col if fixed_column else (col - 1 + columns) % LAST_COLUMN + 1) if col else ""
        number = str(row if fixed_row else (row - 1 + rows) % LAST_ROW + 1) if row else ""
        pieces.append(f"{fixed_column}{letters}{fixed_row}{number}")
    return "".join(pieces)


def _may_call(text: str) -> bool:
    return _PREFIX in text or _PREFIX in text.upper()


def formula_tokens(text: str) -> Iterator[Token]:
    """Yield kind, start and end of each token; brackets (structured references, other workbooks) are one token."""
    at = 0
    while at < len(text):
        if text[at] == "[":
            end = _bracket_end(text, at)
            yield "bracket", at, end
        else:
            found = _TOKEN.match(text, at)
            assert found and found.lastgroup  # the last alternative takes any character
            end = found.end()
            yield found.lastgroup, at, end
        at = end


def is_reference(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Return whether a token is a cell, or one end of a range of whole columns such as ``A:C``."""
    return _cell(text[slice(*tokens[index][1:])]) is not None or _column(text, tokens, index) is not None


def _bracket_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] == "'":
            at += 1
        elif text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)


def _opened(text: str, tokens: Sequence[Token], index: int) -> _Open | None:
    """Return the call that a parenthesis opens, or None for one that only groups."""
    before = index - 1
    while before >= 0 and tokens[before][0] == "space":
        before -= 1
    if before < 0 or tokens[before][0] != "name":
        return None
    start = tokens[before][1]
    name = _bare_name(text[start : tokens[before][2]])
    if before > 1 and text[tokens[before - 1][1] : start] == "!":
        qualifier = before - 2
        start = tokens[qualifier][1]
        if tokens[qualifier][0] == "name" and qualifier > 0 and tokens[qualifier - 1][0] == "bracket":
            start = tokens[qualifier - 1][1]
    opening = tokens[index][2]
    return _Open(name, start, opening, opening)


def _closed(text: str, frame: _Open, closing: int, end: int) -> Call:
    spans = frame.spans
    if spans or text[frame.opening : closing].strip():
        spans = [*spans, (frame.begins, closing)]
    return Call(frame.name, frame.start, end, tuple(_trimmed(text, span) for span in spans))


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    inner = text[span[0] : span[1]]
    start = span[0] + len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())


def _bare_name(name: str) -> str:
    parts = name.upper().split(".")
    while len(parts) > 1 and parts[0].startswith("_XL"):
        del parts[0]
    return parts[-1] if len(parts) > 1 and parts[-2] == _SERVICE else ".".join(parts)


def _rewritten(
    text: str,
    calls: tuple[Call, ...],
    start: int,
    end: int,
    rewrite: Callable[[str, tuple[str, ...]], str | None],
) -> str:
    pieces = []
    at = start
    for call in calls:
        if call.start < at or call.end > end:
            continue
        inner = [_rewritten(text, calls, *span, rewrite) for span in call.arguments]
        new = rewrite(call.name, tuple(inner))
        if new is None:
            ends = [call.start, *(span[1] for span in call.arguments)]
            begins = [*(span[0] for span in call.arguments), call.end]
            kept = [text[last:first] for last, first in zip(ends, begins, strict=True)]
            new = "".join(piece for pair in zip(kept, [*inner, ""], strict=True) for piece in pair)
        pieces += [text[at : call.start], new]
        at = call.end
    return "".join([*pieces, text[at:end]])


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[_Piece, ...]:
    """Return a formula cut into texts that stay and references that move."""
    tokens = list(formula_tokens(text))
    pieces: list[_Piece] = []
    for index, (kind, start, end) in enumerate(tokens):
        token = text[start:end]
        moving: _Piece | None = None
        if kind == "rows":
            first, last = token.split(":")
            pieces += [_row(first), ":"]
            moving = _row(last)
        elif kind == "name" and text[end : end + 1] not in ("(", "!", "["):
            moving = _cell(token) or _column(text, tokens, index)
        if moving is None and pieces and isinstance(pieces[-1], str):
            pieces[-1] += token
        else:
            pieces.append(token if moving is None else moving)
    return tuple(pieces)


def _cell(token: str) -> _Piece | None:
    found = _CELL.fullmatch(token)
    if not found:
        return None
    col, row = column_number(found[2]), int(found[4])
    return (found[1], col, found[3], row) if col <= LAST_COLUMN and row <= LAST_ROW else None


def _row(token: str) -> _Piece:
    found = _ROW.fullmatch(token)
    return ("", 0, found[1], int(found[2])) if found else token


def _column(text: str, tokens: Sequence[Token], index: int) -> _Piece | None:
    """Return a token that is one end of a range of whole columns, ``A:$C``."""
    found = _COLUMN.fullmatch(text[tokens[index][1] : tokens[index][2]])
    for side in (-1, 1):
        if not found or not 0 <= index + 2 * side < len(tokens):
            continue
        colon, other = tokens[index + side], tokens[index + 2 * side]
        partner = _COLUMN.fullmatch(text[other[1] : other[2]])
        follows = text[max(other[2], tokens[index][2]) :][:1]
        if text[colon[1] : colon[2]] == ":" and partner and follows not in ("(", "!", "["):
            columns = column_number(found[2]), column_number(partner[2])
            return (found[1], columns[0], "", 0) if max(columns) <= LAST_COLUMN else None
    return None
