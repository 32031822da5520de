"""Criteria such as ``">5"``, ``"<>"`` and ``"a*"``, made once into a test that is put to each cell."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from dhxl.functions.cells import ERROR_CODES, CellError
from dhxl.hosts.native.values import MISSING, VALUE, Scalar, Wrong, compared, number_in

__all__ = ["Test", "criterion", "criterion_of_table", "equality", "pattern_test", "places_of"]

Test = Callable[[Scalar], bool]

_SIGNS: Final = ("<>", "<=", ">=", "=", "<", ">")
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LONGEST: Final = 255  # characters of a criterion
_WILD: Final = re.compile(r"~[?*~]|[?*]|[^?*~]+|~", re.DOTALL)
_number_in: Final = lru_cache(maxsize=65_536)(number_in)
_DIGIT: Final = re.compile(r"\d", re.ASCII)


def criterion(value: Scalar) -> Test:
    """Return the test that a criterion of COUNTIF, SUMIFS and the like means; a blank criterion means 0.

    Raises
    ------
    Wrong
        The criterion is a text of more than 255 characters.

    Examples
    --------
    >>> test = criterion("<>23")
    >>> test(23.0), test("23"), test(None)
    (False, True, True)
    >>> [criterion("")(cell) for cell in (None, "", 0.0)], [criterion("=")(cell) for cell in (None, "", 0.0)]
    ([True, True, False], [True, False, False])
    """
    if value is None or value is MISSING:
        return _equal_number(0.0)
    if isinstance(value, CellError):
        return _equal_error(value.code)
    if not isinstance(value, str):
        return _equal_logical(value) if isinstance(value, bool) else _equal_number(float(value))  # type: ignore[arg-type]
    sign, operand = _split(value)
    if not operand:
        return {"": _is_empty, "=": _is_blank, "<>": _is_filled}.get(sign, _never)
    special = _special(sign, operand)
    if special is not None:
        return special
    if sign in _ORDERS:
        return _ordered_text(sign, operand)
    return _negated(pattern_test(operand)) if sign == "<>" else pattern_test(operand)


def equality(value: Scalar) -> float | str | None:
    """Return what a criterion asks cells to be equal to, a number or a text in small letters; None for all others.

    Examples
    --------
    >>> equality("=5"), equality("Pipe"), equality("p*"), equality(">5"), equality(True)
    (5.0, 'pipe', None, None, None)
    """
    if type(value) is float:
        return value
    if not isinstance(value, str):
        return None
    sign, operand = _split(value)
    if sign not in ("", "=") or not operand or operand.upper() in ("TRUE", "FALSE", *ERROR_CODES):
        return None
    number = _number_in(operand)
    if number is not None:
        return number
    return None if set("?*~") & set(operand) else operand.lower()


def places_of(values: Sequence[Scalar]) -> dict[float | str, list[int]]:
    """Return where the cells stand that are equal to a number or a text in small letters, as :func:`equality` has it.

    Examples
    --------
    >>> places_of(["5", 5.0, "Pipe", None, True])
    {'5': [0], 5.0: [0, 1], 'pipe': [2]}
    """
    found: dict[float | str, list[int]] = {}
    for place, cell in enumerate(values):
        if type(cell) is float:
            found.setdefault(cell, []).append(place)
        elif type(cell) is str:
            found.setdefault(cell.lower(), []).append(place)
            if _DIGIT.search(cell) and (number := _number_in(cell)) is not None:
                found.setdefault(number, []).append(place)
    return found


def criterion_of_table(value: Scalar) -> Test:
    """Return the test that a cell in a table of conditions means to DSUM and the like.

    A text without a sign is met by all texts that begin with it, an empty one by any text; TRUE and FALSE as texts mean
    texts.

    Raises
    ------
    Wrong
        The condition is a text of more than 255 characters.

    Examples
    --------
    >>> [criterion_of_table("dav")(cell) for cell in ("David", "Dav", "Adavis", 5.0)]
    [True, True, False, False]
    """
    if isinstance(value, str):
        sign, operand = _split(value)
        if operand.upper() in ("TRUE", "FALSE") and sign in ("", "=", "<>"):
            test = pattern_test(operand if sign else operand + "*")
            return _negated(test) if sign == "<>" else test
        if not sign and _special(sign, operand) is None:
            return pattern_test(operand + "*")
    return criterion(value)


def _split(text: str) -> tuple[str, str]:
    if len(text) > _LONGEST:
        raise Wrong(VALUE)
    for sign in _SIGNS:
        if text.startswith(sign):
            return sign, text[len(sign) :]
    return "", text


def _special(sign: str, operand: str) -> Test | None:
    """Return the test against a number, TRUE, FALSE or an error value; None where the operand is a text."""
    word = operand.upper()
    equal: Test
    if word in ("TRUE", "FALSE"):
        wanted = word == "TRUE"
        if sign in _ORDERS:
            order = _ORDERS[sign]
            return lambda cell: isinstance(cell, bool) and order(cell, wanted)
        equal = _equal_logical(wanted)
    elif word in ERROR_CODES:
        if sign in _ORDERS:
            return _never
        equal = _equal_error(word)
    elif (number := _number_in(operand)) is not None:
        if sign in _ORDERS:
            return _ordered_number(sign, number)
        if sign == "<>":  # to "=23" the text "23" is equal, to "<>23" it is not
            return lambda cell: type(cell) is not float or cell != number
        equal = _equal_number(number)
    else:
        return None
    return _negated(equal) if sign == "<>" else equal


def _is_empty(cell: Scalar) -> bool:
    return cell is None or cell == ""


def _is_blank(cell: Scalar) -> bool:
    return cell is None


def _is_filled(cell: Scalar) -> bool:
    return cell is not None


def _never(_cell: Scalar) -> bool:
    return False


def _negated(test: Test) -> Test:
    return lambda cell: not test(cell)


def _equal_number(wanted: float) -> Test:
    def test(cell: Scalar) -> bool:
        if type(cell) is float:
            return cell == wanted
        return type(cell) is str and _DIGIT.search(cell) is not None and _number_in(cell) == wanted

    return test


def _equal_logical(wanted: bool) -> Test:
    return lambda cell: cell is wanted


def _equal_error(code: str) -> Test:
    return lambda cell: isinstance(cell, CellError) and cell.code == code


def _ordered_number(sign: str, limit: float) -> Test:
    # written out, as a call of an operator costs half of the time
    if sign == "<":
        return lambda cell: type(cell) is float and cell < limit
    if sign == "<=":
        return lambda cell: type(cell) is float and cell <= limit
    if sign == ">":
        return lambda cell: type(cell) is float and cell > limit
    return lambda cell: type(cell) is float and cell >= limit


def _ordered_text(sign: str, limit: str) -> Test:
    order = _ORDERS[sign]
    plain = "".join(part[-1] if part[0] == "~" else part for part in _WILD.findall(limit))
    return lambda cell: isinstance(cell, str) and order(compared(cell, plain), 0)


def pattern_test(pattern: str) -> Test:
    """Return the test whether a text is a pattern with ``?`` for one character and ``*`` for any; ``~`` takes it plain.

    Examples
    --------
    >>> [pattern_test("a~*?*")(text) for text in ("A*b", "a*", "axb")]
    [True, False, False]
    """
    parts = _WILD.findall(pattern)
    wild = [part for part in parts if part in ("?", "*")]
    plain = "".join(part[-1] if part[0] == "~" else part for part in parts if part not in ("?", "*")).lower()
    if not wild:
        return lambda cell: type(cell) is str and cell.lower() == plain
    if set(wild) == {"*"}:
        if len(parts) == 1:
            return lambda cell: type(cell) is str
        ends = parts[0] == "*", parts[-1] == "*"
        if len(wild) == sum(ends):
            if all(ends):
                return lambda cell: type(cell) is str and plain in cell.lower()
            if ends[1]:
                return lambda cell: type(cell) is str and cell.lower().startswith(plain)
            return lambda cell: type(cell) is str and cell.lower().endswith(plain)
    signs = {"?": ".", "*": ".*"}
    matched = re.compile(
        "".join(signs.get(part) or re.escape(part[-1] if part[0] == "~" else part) for part in parts),
        re.IGNORECASE | re.DOTALL,
    ).fullmatch
    return lambda cell: type(cell) is str and matched(cell) is not None
