"""Values as people write them turned into what a cell holds: units, percentages, choices, texts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Final

from dhxl.errors import InputError
from dhxl.functions.cells import described
from dhxl.studies.given import Scalar
from dhxl.studies.outputs import unit_of
from dhxl.units import FRACTION, SUFFIXES
from dhxl.workbook.numerals import numbers, plain_numeral, quantity, unclear, way_out
from dhxl.workbook.values import LONGEST_TEXT, CellValue, number_text

__all__ = ["meant", "read_value"]

_FORMULA_SIGNS: Final = ("=", "+", "-", "@")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_PLAIN: Final = str.maketrans({"³": "3", "²": "2", "°": "", "·": "", "*": "", "(": "", ")": "", " ": "", "€": "EUR"})
_NAMED: Final = {"degC": "C", "degc": "C"}


def read_value(
    value: Scalar, unit: str, name: str, own: CellValue, listed: Sequence[str] = (), *, numeric: bool = False
) -> Scalar:
    """Return a given value as its cell takes it.

    Parameters
    ----------
    value : float, str or bool
        What was given; a number may be a text with its unit, ``200 m³``, and a share a percentage.
    unit : str
        The unit that was given with it, empty where none was.
    name : str
        The name of the input, whose suffix says its unit.
    own : cell value
        What the cell holds.
    listed : sequence of str
        The texts that may be chosen from.
    numeric : bool
        Whether the cell takes numbers only although it is blank.

    Raises
    ------
    InputError
        It is not fit for the cell; the sentence is without the place.

    Examples
    --------
    >>> read_value("200 m3", "", "storage_m3", 100.0), read_value("4 %", "", "discount_rate", 0.0343)
    (200.0, 0.04)
    >>> read_value("high", "", "price_scenario", "Medium", ["Low", "Medium", "High"])
    'High'
    """
    if isinstance(own, bool):
        return _truth(value)
    chosen = {choice.casefold(): choice for choice in listed}
    text = number_text(value) if isinstance(value, float) else str(value).strip()
    if text.casefold() in chosen and not isinstance(own, float):
        return chosen[text.casefold()]
    if isinstance(own, float) or numeric:
        return _number(value, unit, name)
    if isinstance(value, float) and own is None:
        return _in_unit(value, unit, name)
    if unit not in ("", FRACTION):
        raise InputError(f"must be a text without a unit, got {unit!r}")
    return value if isinstance(value, bool) else _safe(text)


def meant(name: str, known: Iterable[str]) -> str:
    """Return the question whether another name was meant, nothing where none is close.

    Examples
    --------
    >>> meant("heat_demnd_mwh", ["heat_demand_mwh"]), meant("x", ["heat_demand_mwh"])
    ('; did you mean heat_demand_mwh?', '')
    """
    spelled = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(name.casefold(), list(spelled), 1)
    return f"; did you mean {spelled[close[0]]}?" if close else ""


def _number(value: Scalar, unit: str, name: str) -> float:
    if isinstance(value, bool):
        raise InputError(f"must be a number, got {str(value).lower()}")
    if isinstance(value, float):
        return _in_unit(value, unit, name)
    found = quantity(value.strip())
    if not found:
        raise InputError(f"must be a number, got {described(value)}")
    numeral, own_unit = found
    if own_unit and unit and own_unit != unit:
        raise InputError(f"must have one unit, got {own_unit!r} and {unit!r}")
    return _in_unit(_read(numeral, value), own_unit or unit, name)


def _read(numeral: str, value: str) -> float:
    """Return the number of a numeral that has no second meaning."""
    if unclear(numeral):
        raise InputError(f"must be a number with one meaning, got {described(value)}; write {way_out(numeral)}")
    (number,) = numbers([numeral], ".")
    if number is not None:
        return number
    plain = plain_numeral(numeral)
    if not plain or plain == numeral:
        raise InputError(f"must be a {'finite ' if plain else ''}number, got {described(value)}")
    wanted = "with a decimal point" if len(re.findall(r"[.,]", numeral)) == 1 else "without thousands separators"
    raise InputError(f"must be a number {wanted}, got {described(value)}; write {plain}")


def _in_unit(number: float, unit: str, name: str) -> float:
    wanted = unit_of(name)
    if unit == "%" and wanted == FRACTION:
        return float(f"{number / 100:.15g}")
    accepted = [one for suffix, units in SUFFIXES.items() if units[0] == wanted for one in (suffix, *units)]
    if unit and _spelling(unit) not in [_spelling(one) for one in accepted or [FRACTION]]:
        must = "be a share without a unit, or with %" if wanted == FRACTION else f"be in {wanted}"
        raise InputError(f"must {must}, got {unit!r}")
    return number


def _spelling(unit: str) -> str:
    plain = unit.translate(_PLAIN)
    return _NAMED.get(plain, plain)


def _truth(value: Scalar) -> bool:
    if isinstance(value, bool):
        return value
    text = number_text(value) if isinstance(value, float) else value.strip().casefold()
    if text not in ("true", "false", "1", "0"):
        raise InputError(f"must be true or false, got {described(value)}")
    return text in ("true", "1")


def _safe(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula, now or when somebody edits the cell."""
    if text.startswith(_FORMULA_SIGNS):
        raise InputError(f"must be a text that does not begin as a formula, got {described(text)}")
    if _CONTROL.search(text):
        raise InputError(f"must be a text of one line, got {described(text)}")
    if len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        raise InputError(f"must have at most {LONGEST_TEXT:,} characters, got {len(text):,}")
    return text
