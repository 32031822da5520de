"""Formulas compared by what they say: spreadsheet programs spell the same formula in different ways."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dhxl.workbook.names import quoted_sheet
from dhxl.workbook.values import ERROR_CODES, ErrorValue

__all__ = ["constant_of", "same_formula"]

_PIECE: Final = re.compile(r"""("(?:[^"]|"")*+"?)|'((?:[^']|'')*+)'!|([^"']+|'(?:[^']|'')*+'?)""")
_PREFIX: Final = re.compile(r"_XL(?:FN|WS|L|UDF)\.|(?<![\w.])COM\.MICROSOFT\.")
_TRUTH: Final = re.compile(r"(?<![\w.])(TRUE|FALSE)\(\)")
_NUMBER: Final = re.compile(r"(?<![\w.$\\])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]+)?(?![\w.(!])")


def same_formula(first: str, second: str) -> bool:
    """Return whether two formulas differ in spelling only.

    Case outside of text, spaces, needless quotes around a sheet's name, prefixes of newer functions, ``TRUE()`` and
    the digits of a number count as spelling.

    Parameters
    ----------
    first, second : str
        Without ``=``, with English names and commas.

    Examples
    --------
    >>> same_formula("IF(live, 'Plant'!A1*0.50, TRUE)", "if(live,Plant!A1*0.5,TRUE())")
    True
    >>> same_formula('A1&"a b"', 'A1&"ab"'), same_formula("A1", "$A1")
    (False, False)
    """
    return first == second or _normal(first) == _normal(second)


def constant_of(formula: str) -> ErrorValue | bool | None:
    """Return the constant that is all a formula says: LibreOffice stores truth and error values as formulas.

    Examples
    --------
    >>> constant_of("FALSE()"), constant_of("#N/A"), constant_of("NA()")
    (False, ErrorValue(code='#N/A'), None)
    """
    text = formula.strip().upper()
    if text in ERROR_CODES:
        return ErrorValue(text)
    return text == "TRUE()" if text in ("TRUE()", "FALSE()") else None


@lru_cache(maxsize=4096)
def _normal(formula: str) -> str:
    pieces = []
    for text, sheet, rest in _PIECE.findall(formula):
        if text:
            pieces.append(text)
        elif sheet:
            pieces.append(quoted_sheet(sheet.replace("''", "'")).upper() + "!")
        else:
            plain = _PREFIX.sub("", re.sub(r"\s+", "", rest.upper()))
            pieces.append(_NUMBER.sub(lambda found: repr(float(found[0])), _TRUTH.sub(r"\1", plain)))
    return "".join(pieces)
