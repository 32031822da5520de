"""Texts: parts of them, joined, searched and replaced.

Places and lengths count UTF-16 units, as Excel counts: a character beyond U+FFFF is two.
"""

from __future__ import annotations

from itertools import cycle
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.shapes import table
from dhxl.hosts.native.functions.wildcards import lowered, pattern
from dhxl.hosts.native.library import flat, function
from dhxl.hosts.native.values import (
    MISSING,
    NA,
    VALUE,
    Area,
    Areas,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    as_text,
    scalars,
)

_LONGEST: Final = 32_767  # characters in a cell
_LAST_PLAIN: Final = "\uffff"
_SPACES: Final = dict.fromkeys(range(32))


def _units(text: str) -> str:
    """Return a text of which each character is one UTF-16 unit."""
    if text.isascii() or max(text) <= _LAST_PLAIN:
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


def _joined(units: str) -> str:
    """Return the text of UTF-16 units; half a character becomes U+FFFD."""
    if units.isascii() or not any("\ud800" <= unit <= "\udfff" for unit in units):
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _held(text: str) -> str:
    """Return a text that a cell can hold.

    Raises
    ------
    Wrong
        It is too long.
    """
    if len(text) > _LONGEST or (not text.isascii() and len(_units(text)) > _LONGEST):
        raise Wrong(VALUE)
    return text


def _count(number: float, least: int) -> int:
    if int(number) < least:
        raise Wrong(VALUE)
    return int(number)


@function("LEFT LEFTB", "T N?")
def _left(text: str, count: float = 1.0) -> str:
    return _joined(_units(text)[: _count(count, 0)])


@function("RIGHT RIGHTB", "T N?")
def _right(text: str, count: float = 1.0) -> str:
    units = _units(text)
    return _joined(units[max(len(units) - _count(count, 0), 0) :])


@function("MID MIDB", "T N N")
def _mid(text: str, start: float, count: float) -> str:
    first = _count(start, 1) - 1
    return _joined(_units(text)[first : first + _count(count, 0)])


@function("LEN LENB", "T")
def _len(text: str) -> int:
    return len(_units(text))


@function("LOWER", "T")
def _lower(text: str) -> str:
    return lowered(text)


def _upper_char(char: str) -> str:
    up = char.upper()
    return up if len(up) == 1 else char


@function("UPPER", "T")
def _upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(map(_upper_char, text))


@function("PROPER", "T")
def _proper(text: str) -> str:
    done, inside = [], False
    for char in text:
        done.append(lowered(char) if inside else _upper_char(char))
        inside = char.isalpha()
    return "".join(done)


@function("TRIM", "T")
def _trim(text: str) -> str:
    return " ".join(part for part in text.split(" ") if part)


@function("CLEAN", "T")
def _clean(text: str) -> str:
    return text.translate(_SPACES)


@function("CONCATENATE", "T+")
def _concatenate(*texts: str) -> str:
    return _held("".join(texts))


@function("CONCAT", "R+")
def _concat(*values: Value) -> str:
    return _held("".join(as_text(one) for value in values for one in scalars(value)))


@function("TEXTJOIN", "R V R+")
def _text_join(between: Value, skipping: Scalar, *values: Value) -> str:
    marks = [as_text(one) for one in flat(between)]
    skips = True if skipping is MISSING else as_logical(skipping)
    texts = [as_text(one) for value in values for one in (scalars(value) if skips else flat(value))]
    if skips:
        texts = [text for text in texts if text]
    if len(marks) == 1:
        return _held(marks[0].join(texts))
    parts = [part for text, mark in zip(texts, cycle(marks), strict=False) for part in (text, mark)]
    return _held("".join(parts[:-1]))


@function("EXACT", "T T")
def _exact(first: str, second: str) -> bool:
    return first == second


def _start(start: float, units: str, sought: str) -> int:
    at = int(start) - 1
    if at < 0 or at + (1 if sought else 0) > len(units):
        raise Wrong(VALUE)
    return at


@function("FIND FINDB", "T T N?")
def _find(sought: str, text: str, start: float = 1.0) -> int:
    units = _units(text)
    at = units.find(_units(sought), _start(start, units, sought))
    if at < 0:
        raise Wrong(VALUE)
    return at + 1


@function("SEARCH SEARCHB", "T T N?")
def _search(sought: str, text: str, start: float = 1.0) -> int:
    units = _units(lowered(text))
    begin = _start(start, units, sought)
    form = pattern(sought)
    if form is None:
        at = units.find(_units(lowered(sought)), begin)
    else:
        found = form.search(units, begin)
        at = found.start() if found else -1
    if at < 0:
        raise Wrong(VALUE)
    return at + 1


@function("REPLACE REPLACEB", "T N N T")
def _replace(text: str, start: float, count: float, new: str) -> str:
    units = _units(text)
    first = _count(start, 1) - 1
    last = first + _count(count, 0)
    return _held(_joined(units[:first]) + new + _joined(units[last:]))


@function("SUBSTITUTE", "T T T N?")
def _substitute(text: str, old: str, new: str, number: float | None = None) -> str:
    if number is None:
        return _held(text.replace(old, new)) if old else text
    wanted = _count(number, 1)
    if not old:
        return text
    at = -len(old)
    for _ in range(wanted):
        at = text.find(old, at + len(old))
        if at < 0:
            return text
    return _held(text[:at] + new + text[at + len(old) :])


@function("REPT", "T N")
def _rept(text: str, number: float) -> str:
    times = _count(number, 0)
    if times * len(text) > _LONGEST:
        raise Wrong(VALUE)
    return _held(text * times) if text else ""


@function("CHAR", "N")
def _char(number: float) -> str:
    code = int(number)
    if not 1 <= code <= 255:
        raise Wrong(VALUE)
    try:
        return bytes([code]).decode("cp1252")
    except UnicodeDecodeError:  # five codes that Windows leaves as they are
        return chr(code)


@function("CODE", "T")
def _code(text: str) -> int:
    if not text:
        raise Wrong(VALUE)
    try:
        return text[0].encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(text[0]) if 128 <= ord(text[0]) < 160 else ord("?")


@function("UNICHAR", "N")
def _unichar(number: float) -> str:
    code = int(number)
    if not 1 <= code <= 0x10FFFF:
        raise Wrong(VALUE)
    if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE:
        raise Wrong(NA)
    return chr(code)


@function("UNICODE", "T")
def _unicode(text: str) -> int:
    if not text:
        raise Wrong(VALUE)
    return ord(text[0])


def _first_or_each(value: Value) -> Value:
    """Return the first cell of a reference, an array as it is."""
    if isinstance(value, Areas):
        raise Wrong(VALUE)
    return value.at(0, 0) if isinstance(value, Area) else value


def _text_or_nothing(one: Scalar) -> Scalar:
    if isinstance(one, CellError):
        return one
    return one if isinstance(one, str) else ""


@function("T", "R")
def _t(value: Value) -> Value:
    value = _first_or_each(value)
    if isinstance(value, Grid):
        return Grid([[_text_or_nothing(one) for one in row] for row in value.rows])
    return _text_or_nothing(value)  # type: ignore[arg-type]


def _number_or_nothing(one: Scalar) -> Scalar:
    return one if isinstance(one, CellError) else 0.0 if isinstance(one, str) else as_number(one)


@function("N", "R")
def _n(value: Value) -> Value:
    value = _first_or_each(value)
    if isinstance(value, Grid):
        return Grid([[_number_or_nothing(one) for one in row] for row in value.rows])
    return _number_or_nothing(value)  # type: ignore[arg-type]


def _written(one: Scalar, *, strict: bool) -> str:
    if isinstance(one, CellError):
        return one.code
    if strict and isinstance(one, str):
        return '"' + one.replace('"', '""') + '"'
    return as_text(one)


def _strict(form: float) -> bool:
    if int(form) not in (0, 1):
        raise Wrong(VALUE)
    return int(form) == 1


@function("VALUETOTEXT", "V N?")
def _value_to_text(value: Scalar, form: float = 0.0) -> str:
    return _held(_written(value, strict=_strict(form)))


@function("ARRAYTOTEXT", "R N?")
def _array_to_text(value: Value, form: float = 0.0) -> str:
    strict = _strict(form)
    if not strict:
        return _held(", ".join(_written(one, strict=False) for one in flat(value)))
    of = Grid([[value]]) if isinstance(value, CellError) else table(value)
    full = [[*row, *[None] * (of.width - len(row))] for row in of.rows]
    full += [[None] * of.width] * (of.height - len(full))
    return _held("{" + ";".join(",".join(_written(one, strict=True) for one in row) for row in full) + "}")
