"""Where formulas use names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from dhxl.workbook.formulas import Token, formula_tokens, function_calls, is_reference

__all__ = ["NameUse", "name_uses", "names_used"]

_THIS_WORKBOOK: Final = "[0]"
_MAKE_NAMES: Final = ("LET", "LAMBDA")


class NameUse(NamedTuple):
    """A name in a formula; ``sheet`` is the one that it is asked of, empty where none is. The span includes both."""

    name: str
    sheet: str
    start: int
    end: int


def names_used(text: str) -> tuple[str, ...]:
    """Return the names that a formula uses as it spells them, each once and without its sheet.

    Examples
    --------
    >>> names_used('IF(live,SUM(A1:B9,Tax)/tax,Plant!C1)+Units[heat]&"text"+TRUE')
    ('live', 'Tax')
    """
    found: dict[str, str] = {}
    for use in name_uses(text):
        found.setdefault(use.name.casefold(), use.name)
    return tuple(found.values())


def name_uses(text: str, tokens: Sequence[Token] | None = None) -> tuple[NameUse, ...]:
    """Return where a formula uses names of its workbook.

    No cells, functions, sheets and tables, no names of other workbooks, and no variables of LET and LAMBDA. Its tokens
    may be given where they are known.

    Examples
    --------
    >>> name_uses("tax*'My plant'!tax+[1]Book!tax+LET(tax,2,tax)+Jan:Dec!A1+TAX(1)")
    (NameUse(name='tax', sheet='', start=0, end=3), NameUse(name='tax', sheet='My plant', start=4, end=18))
    """
    tokens = list(formula_tokens(text)) if tokens is None else tokens
    variables = _variables(text)
    found = []
    for index, (kind, start, end) in enumerate(tokens):
        token = text[start:end]
        if kind != "name" or text[end:].lstrip()[:1] == "(" or text[end : end + 1] in ("!", "["):
            continue
        if is_reference(text, tokens, index) or token.upper() in ("TRUE", "FALSE"):
            continue
        if _begins_sheets(text, tokens, index) or any(
            first <= start < last and token.casefold() == variable for variable, first, last in variables
        ):
            continue
        qualified = _qualified(text, tokens, index)
        if qualified is not None:
            found.append(NameUse(token, *qualified, end))
    return tuple(found)


def _qualified(text: str, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Return the sheet before a name and where both begin; None for one of another workbook or of several sheets."""
    start = tokens[index][1]
    if text[start - 1 : start] != "!":
        return "", start
    kind, first, last = tokens[index - 2]
    before = text[tokens[index - 3][1] : first] if index > 2 else ""
    sheet = text[first:last]
    if kind == "bracket":
        return ("", first) if sheet == _THIS_WORKBOOK else None
    if kind not in ("name", "quoted") or tokens[index - 1][0] == "error" or before == ":":
        return None
    sheet = sheet[1:-1].replace("''", "'") if kind == "quoted" else sheet
    if before.startswith("["):
        return (sheet, first - len(before)) if before == _THIS_WORKBOOK else None
    return None if "[" in sheet or ":" in sheet else (sheet, first)


def _begins_sheets(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Return whether a name is the first of two sheets, ``Jan:Dec!A1``."""
    if index + 3 >= len(tokens):
        return False
    colon, last, mark = (text[start:end] for _, start, end in tokens[index + 1 : index + 4])
    return colon == ":" and tokens[index + 2][0] in ("name", "quoted") and bool(last) and mark == "!"


def _variables(text: str) -> list[tuple[str, int, int]]:
    """Return the variables of LET and LAMBDA, each with the span of its call."""
    if not any(f"{name}(" in text.upper() for name in _MAKE_NAMES):
        return []
    found = []
    for call in function_calls(text):
        if call.name in _MAKE_NAMES:
            spans = call.arguments[:-1:2] if call.name == "LET" else call.arguments[:-1]
            found += [(text[start:end].casefold(), call.start, call.end) for start, end in spans]
    return found
