"""Numbers as people write them: decimal points and commas, thousands separators, units, and what stands for none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from dhxl.units import SUFFIXES

__all__ = [
    "Mark",
    "is_numeral",
    "numbers",
    "plain_numeral",
    "proven_mark",
    "quantity",
    "remedy",
    "stands_for_none",
    "unclear",
    "way_out",
]

Mark = Literal[".", ",", ""]  # the decimal mark that a file proves; none where its numbers need none

_PLAIN_SIGNS: Final = frozenset("0123456789+-.eE\n")
_BY_MARK: Final = {
    "": re.compile(r"[+-]?\d+(?:[eE][+-]?\d+)?", re.ASCII),
    ".": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?", re.ASCII),
}
# One mark with three digits behind it and one to three before it, which do not begin with 0: 1.234 and 12,500.
_UNCLEAR: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DIGITS: Final = (
    r"(?:0\d*{m}\d+|\d{{4,}}{m}\d*|\d*{m}\d{{1,2}}|\d*{m}\d{{4,}}|\d+{m}|{m}\d+|(?:\d+{m}?\d*|{m}\d+)[eE][+-]?\d+)"
)
_GROUPED: Final = r"\d{{1,3}}(?:{o}\d{{3}})+{m}\d+"
_PROOFS: Final = {
    mark: re.compile(
        rf"^[+-]?(?:{_DIGITS.format(m=re.escape(mark))}|{_GROUPED.format(o=re.escape(other), m=re.escape(mark))})$",
        re.ASCII | re.MULTILINE,
    )
    for mark, other in ((".", ","), (",", "."))
}
_ANY: Final = re.compile(r"([+-]?[\d.,][\d.,'’ \u00a0\u202f]*(?:[eE][+-]?\d+)?)\s*(\D.*)?", re.ASCII | re.DOTALL)
_SPACES: Final = re.compile(r"['’ \u00a0\u202f]")
_NONE: Final = frozenset(
    ("-", "--", "---", "–", "—", "?", "n/e", "n/a", "#n/a", "na", "nan", "null", "none", "nil", "n.a.", "n.v.", "n.d.")
)  # fmt: skip
_UNITS: Final = {unit.casefold() for units in SUFFIXES.values() for unit in units} | {
    "%", "€", "eur", "€/mwh", "kw", "kwh", "kwh/h", "mwh/h", "gw", "gwh", "w", "wh", "c", "°", "k", "l", "m", "h", "t",
    "kg",
}  # fmt: skip


def proven_mark(texts: Iterable[str]) -> dict[str, str]:
    r"""Return the decimal marks that fields prove, each with the first field that does.

    Parameters
    ----------
    texts : iterable of str
        Fields joined by line ends, such as the columns of a file.

    Examples
    --------
    >>> proven_mark(["1.234\n12.5", "7\n8"])
    {'.': '12.5'}
    >>> proven_mark(["1.234", "0,125"])
    {',': '0,125'}
    """
    found: dict[str, str] = {}
    for text in texts:
        for mark, pattern in _PROOFS.items():
            if mark not in found and mark in text and ":" not in text:  # times of day are beside the numbers
                proofs = (proof[0] for proof in pattern.finditer(text))
                if proof := next((one for one in proofs if mark in one), ""):
                    found[mark] = proof
    return found


def numbers(fields: list[str], mark: Mark) -> list[float | None]:
    """Return the numbers of fields as a decimal mark has them, None for what is none, also for what is unclear.

    Parameters
    ----------
    fields : list of str
        Fields without blanks around them.
    mark : str
        The decimal mark, empty where nothing proves one.

    Examples
    --------
    >>> numbers(["1", "2.5", "n/e"], "."), numbers(["1", "2,5", "1.234"], ","), numbers(["1.234"], "")
    ([1.0, 2.5, None], [1.0, 2.5, None], [None])
    """
    text = "\n".join(fields)
    plain = text.replace(",", ".") if mark == "," and "." not in text else text
    if _PLAIN_SIGNS.issuperset(plain) and ("." not in plain or mark == "." or plain is not text):
        try:
            found = [float(field) for field in (plain.split("\n") if plain is not text else fields)]
        except ValueError:
            found = []  # a field is blank, or no number
        if found and float("inf") not in found and float("-inf") not in found:
            return list(found)
    pattern = _BY_MARK[mark]
    return [_finite(field.replace(",", ".")) if pattern.fullmatch(field) else None for field in fields]


def unclear(text: str) -> bool:
    """Return whether a numeral alone may be a number of thousands or one with three decimals.

    Examples
    --------
    >>> [unclear(text) for text in ("500.000", "-12,500", "0.125", "1234.567", "1.25", "1.2500")]
    [True, True, False, False, False, False]
    """
    return bool(_UNCLEAR.fullmatch(text))


def is_numeral(text: str) -> bool:
    """Return whether a text is a number in some spelling, with or without a unit behind it.

    Examples
    --------
    >>> [is_numeral(text) for text in ("1,5", "1 234", "5.000.000", "12 MW", "2 pipes", "01.02.2024", "-")]
    [True, True, True, True, False, False, False]
    """
    found = _ANY.fullmatch(text)
    if not found or (found[2] or "%").strip().casefold() not in _UNITS:
        return False
    return bool(plain_numeral(text)) or unclear(_SPACES.sub("", found[1]))


def stands_for_none(text: str) -> bool:
    """Return whether a text says that there is no value.

    Examples
    --------
    >>> stands_for_none("n/e"), stands_for_none("NaN"), stands_for_none("offline")
    (True, True, False)
    """
    return text.casefold() in _NONE


def quantity(text: str) -> tuple[str, str] | None:
    """Return the numeral and the unit that a text begins and ends with, None where it begins with no numeral.

    Examples
    --------
    >>> quantity("12,5 MW"), quantity("1 200"), quantity("2e2m3"), quantity("MW")
    (('12,5', 'MW'), ('1 200', ''), ('2e2', 'm3'), None)
    """
    found = _ANY.fullmatch(text)
    if not found or not re.search(r"\d", found[1]):
        return None
    return found[1].strip(), (found[2] or "").strip()


def plain_numeral(text: str) -> str:
    """Return a numeral with a decimal point, without thousands separators and unit; empty where its value is unclear.

    Examples
    --------
    >>> [plain_numeral(text) for text in ("1,5", "1 234,5", "5.000.000", "1,234.5", "1'234", "12 MW", "1.234", "1.2.3")]
    ['1.5', '1234.5', '5000000', '1234.5', '1234', '12', '', '']
    """
    plain = _without_separators(text)
    return plain if _BY_MARK["."].fullmatch(plain) else ""


def way_out(text: str) -> str:
    """Return how a numeral that is unclear alone is written for either meaning.

    Examples
    --------
    >>> way_out("500.000"), way_out("1.250"), way_out("-12,345 EUR")
    ('500000 or 500.0', '1250 or 1.25', '-12345 or -12.3450')
    """
    written = re.match(r"[+-]?[\d.,]+", text)
    assert written  # the caller knows that it is a numeral
    whole, decimals = re.split(r"[.,]", written[0])
    short = decimals.rstrip("0") or "0"
    return f"{whole}{decimals} or {whole}.{decimals + '0' if short == decimals else short}"


def remedy(text: str) -> str:
    """Return what to do about a text that is no number where one must be.

    Examples
    --------
    >>> remedy("1.234"), remedy("12 MW")
    ("'1.234' may be thousands or decimals: write 1234 or 1.2340", "write 12 for '12 MW'")
    """
    if unclear(_SPACES.sub("", text)):
        return f"{text!r} may be thousands or decimals: write {way_out(text)}"
    plain = plain_numeral(text) if is_numeral(text) else ""
    return f"write {plain} for {text!r}" if plain not in ("", text) else "write a number"


def _finite(text: str) -> float | None:
    number = float(text)
    return number if abs(number) != float("inf") else None


def _without_separators(text: str) -> str:
    found = _ANY.fullmatch(text)
    if not found:
        return ""
    written = _SPACES.sub("", found[1])
    if unclear(written):
        return ""
    last = max(written.rfind("."), written.rfind(","))
    mark = written[last] if last >= 0 else ""
    if mark and written.count(mark) > 1:
        groups = written.lstrip("+-").split(mark)
        grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 and group.isdigit() for group in groups[1:])
        return written.replace(mark, "") if grouped else ""
    whole, _, decimals = written.rpartition(mark) if mark else (written, "", "")
    other = {".": ",", ",": "."}.get(mark, "")
    if other and other in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", whole):
        return ""
    whole = whole.replace(other, "") if other else whole
    return f"{whole}.{decimals}" if decimals else whole
