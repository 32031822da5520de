"""Texts taken apart at marks: what stands before, after and between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dhxl.hosts.native.functions.shapes import CALC
from dhxl.hosts.native.functions.wildcards import lowered
from dhxl.hosts.native.library import flat, function
from dhxl.hosts.native.values import (
    MISSING,
    NA,
    VALUE,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    as_text,
)

_Found = tuple[int, int]  # where a mark begins and ends


def _any_case(mode: Scalar) -> bool:
    kind = 0 if mode is MISSING else int(as_number(mode))
    if kind not in (0, 1):
        raise Wrong(VALUE)
    return kind == 1


def _marks(value: Value) -> list[str]:
    return [as_text(one) for one in flat(value)]


def _occurrences(text: str, marks: Sequence[str], *, any_case: bool) -> Iterator[_Found]:
    """Yield where marks stand, one behind the other; of several in one place the longest counts."""
    if any_case:
        text, marks = lowered(text), [lowered(mark) for mark in marks]
    at = 0
    while True:
        found = [(place, -len(mark)) for mark in marks if (place := text.find(mark, at)) >= 0]
        if not found:
            return
        place, length = min(found)
        yield place, place - length
        at = place - length


def _cut(text: str, by: Value, number: Scalar, mode: Scalar, end: Scalar, missing: tuple[int, int]) -> _Found | None:
    """Return the mark of the wanted number, from the end where it is negative; None where there are not so many.

    ``missing`` is how an empty mark is found: at the beginning, and at the end.
    """
    wanted = 1 if number is MISSING else int(as_number(number))
    any_case = _any_case(mode)
    ends = end is not MISSING and as_logical(end)
    marks = _marks(by)
    if wanted == 0 or (text and abs(wanted) > len(text)):
        raise Wrong(VALUE)
    if "" in marks:
        place = missing[0 if wanted > 0 else 1]
        return place, place
    found = list(_occurrences(text, marks, any_case=any_case))
    if ends:
        found = [*found, (len(text), len(text))] if wanted > 0 else [(0, 0), *found]
    at = wanted - 1 if wanted > 0 else len(found) + wanted
    return found[at] if 0 <= at < len(found) else None


@function("TEXTBEFORE", "T R V? V? V? V?")
def _text_before(
    text: str,
    by: Value,
    number: Scalar = MISSING,
    mode: Scalar = MISSING,
    end: Scalar = MISSING,
    otherwise: Scalar = NA,
) -> Scalar:
    found = _cut(text, by, number, mode, end, (0, len(text)))
    return otherwise if found is None else text[: found[0]]


@function("TEXTAFTER", "T R V? V? V? V?")
def _text_after(
    text: str,
    by: Value,
    number: Scalar = MISSING,
    mode: Scalar = MISSING,
    end: Scalar = MISSING,
    otherwise: Scalar = NA,
) -> Scalar:
    found = _cut(text, by, number, mode, end, (0, len(text)))
    return otherwise if found is None else text[found[1] :]


def _parts(text: str, by: Value, *, skips: bool, any_case: bool) -> list[str]:
    if by is MISSING:
        return [text]
    marks = _marks(by)
    if "" in marks:
        raise Wrong(VALUE)
    parts, at = [], 0
    for begin, end in _occurrences(text, marks, any_case=any_case):
        parts.append(text[at:begin])
        at = end
    parts.append(text[at:])
    return [part for part in parts if part] if skips else parts


@function("TEXTSPLIT", "T R R? V? V? V?")
def _text_split(
    text: str,
    across: Value,
    down: Value = MISSING,
    skipping: Scalar = MISSING,
    mode: Scalar = MISSING,
    filler: Scalar = MISSING,
) -> Value:
    skips, any_case = skipping is not MISSING and as_logical(skipping), _any_case(mode)
    if across is MISSING and down is MISSING:
        raise Wrong(VALUE)
    rows = [
        _parts(line, across, skips=skips, any_case=any_case)
        for line in _parts(text, down, skips=skips, any_case=any_case)
    ]
    width = max(map(len, rows), default=0)
    if width == 0:
        raise Wrong(CALC)
    pad = NA if filler is MISSING else filler
    return Grid([[*row, *[pad] * (width - len(row))] for row in rows])
