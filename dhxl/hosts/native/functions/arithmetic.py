"""Powers, logarithms, whole numbers and combinations."""

from __future__ import annotations

import math
import re
from typing import Final

from dhxl.hosts.native.functions.pairs import pairs
from dhxl.hosts.native.functions.strict_numbers import numbers_of_toolpak, toolpak_number
from dhxl.hosts.native.functions.totals import total
from dhxl.hosts.native.library import flat, function
from dhxl.hosts.native.operators import power
from dhxl.hosts.native.values import DIV0, NUM, VALUE, Scalar, Value, Wrong, as_number, finite

_LARGEST_QUOTIENT: Final = 1_125_900_000_000  # beyond it MOD is #NUM!
_LARGEST_WHOLE: Final = 2**53
_ROMAN: Final = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_LETTERS: Final = tuple(_ROMAN)
_FIGURES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@function("ABS", "N")
def _abs(number: float) -> float:
    return abs(number)


@function("SIGN", "N")
def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


@function("SQRT", "N")
def _root(number: float) -> float:
    if number < 0:
        raise Wrong(NUM)
    return math.sqrt(number)


@function("SQRTPI", "N")
def _root_of_pi(number: float) -> float:
    return float(_root(finite(number * math.pi)))


@function("EXP", "N")
def _exp(number: float) -> float:
    if number > 709.782712893383:
        raise Wrong(NUM)
    return math.exp(number) if number > -708.396418532264 else 0.0  # no number below 2.2E-308


@function("LN", "N")
def _ln(number: float) -> float:
    if number <= 0:
        raise Wrong(NUM)
    return math.log(number)


@function("LOG10", "N")
def _log10(number: float) -> float:
    if number <= 0:
        raise Wrong(NUM)
    return math.log10(number)


@function("LOG", "N N?")
def _log(number: float, base: float = 10.0) -> float:
    if number <= 0 or base <= 0:
        raise Wrong(NUM)
    if base == 1:
        raise Wrong(DIV0)
    if base == 10:
        return math.log10(number)
    return math.log2(number) if base == 2 else math.log(number) / math.log(base)


@function("POWER", "N N")
def _power(base: float, exponent: float) -> float:
    return power(base, exponent)


@function("MOD", "N N")
def _mod(number: float, divisor: float) -> float:
    if divisor == 0:
        raise Wrong(DIV0)
    if abs(number) >= _LARGEST_QUOTIENT * abs(divisor):
        raise Wrong(NUM)
    rest = math.fmod(number, divisor)  # exact, as in Excel: MOD(5,1E-10) is nearly 1E-10
    return (rest + divisor if rest and (rest < 0) != (divisor < 0) else rest) + 0.0


@function("QUOTIENT", "V V")
def _quotient(dividend: Scalar, by: Scalar) -> float:
    number, divisor = toolpak_number(dividend), toolpak_number(by)
    if divisor == 0:
        raise Wrong(DIV0)
    return math.trunc(finite(number / divisor)) + 0.0


def _whole(number: float) -> int:
    """Return a whole number not below 0, cut off."""
    if number < 0 or number >= _LARGEST_WHOLE:
        raise Wrong(NUM)
    return int(number)


def _whole_numbers(values: tuple[Value, ...]) -> list[int]:
    return [_whole(number) for number in numbers_of_toolpak(*values)]


@function("GCD", "R+")
def _gcd(*values: Value) -> int:
    return math.gcd(*_whole_numbers(values))


@function("LCM", "R+")
def _lcm(*values: Value) -> int:
    common = math.lcm(*_whole_numbers(values))
    if common >= _LARGEST_WHOLE:
        raise Wrong(NUM)
    return common


def _as_float(count: int) -> float:
    try:
        return float(count)
    except OverflowError:
        raise Wrong(NUM) from None


@function("FACT", "N")
def _factorial(number: float) -> float:
    if not 0 <= number < 171:
        raise Wrong(NUM)
    return float(math.factorial(int(number)))


@function("FACTDOUBLE", "N")
def _double_factorial(number: float) -> float:
    if not -1 <= number < 301:
        raise Wrong(NUM)
    return _as_float(math.prod(range(int(number), 0, -2)))


def _counts(number: float, chosen: float) -> tuple[int, int]:
    if min(number, chosen) < 0 or max(number, chosen) > 2**31 - 1:
        raise Wrong(NUM)
    return int(number), int(chosen)


def _combinations(count: int, chosen: int) -> float:
    few = min(chosen, count - chosen)
    if few > 2_000:  # then it is beyond the largest number, and long in coming
        raise Wrong(NUM)
    return _as_float(math.comb(count, few))


@function("COMBIN", "N N")
def _combin(number: float, chosen: float) -> float:
    count, of = _counts(number, chosen)
    if count < of:
        raise Wrong(NUM)
    return _combinations(count, of)


@function("COMBINA", "N N")
def _combin_repeated(number: float, chosen: float) -> float:
    count, of = _counts(number, chosen)
    if count == 0:
        if of:
            raise Wrong(NUM)
        return 1.0
    return _combinations(count + of - 1, of)


@function("PERMUT", "N N")
def _permutations(number: float, chosen: float) -> float:
    count, of = _counts(number, chosen)
    if count < of or (of > 310 and count > 170):
        raise Wrong(NUM)
    return _as_float(math.perm(count, of))


@function("PERMUTATIONA", "N N")
def _permutations_repeated(number: float, chosen: float) -> float:
    count, of = _counts(number, chosen)
    if count > 1 and of > 1_024:
        raise Wrong(NUM)
    return _as_float(count**of)


@function("MULTINOMIAL", "R+")
def _multinomial(*values: Value) -> float:
    found = _whole_numbers(values)
    result, count = 1, 0
    for one in sorted(found, reverse=True):
        count += one
        if min(one, count - one) > 2_000:
            raise Wrong(NUM)
        result *= math.comb(count, one)
    return _as_float(result)


@function("SERIESSUM", "V V V R")
def _power_series(base: Scalar, first: Scalar, step: Scalar, coefficients: Value) -> float:
    x, n, m = toolpak_number(base), toolpak_number(first), toolpak_number(step)
    result = 0.0
    for index, one in enumerate(flat(coefficients)):
        if isinstance(one, str):
            raise Wrong(VALUE)
        result += toolpak_number(one) * power(x, n + index * m)
    return finite(result)


@function("BASE", "N N N?")
def _in_base(number: float, radix: float, length: float = 0.0) -> str:
    rest, base, least = _whole(number), int(radix), int(length)
    if not 2 <= base <= 36 or not 0 <= least <= 255:
        raise Wrong(NUM)
    figures = ""
    while rest:
        rest, figure = divmod(rest, base)
        figures = _FIGURES[figure] + figures
    return (figures or "0").rjust(least, "0")


@function("DECIMAL", "T N")
def _of_base(text: str, radix: float) -> float:
    base = int(radix)
    figures = text.strip().upper()
    if not 2 <= base <= 36 or len(figures) > 255:
        raise Wrong(NUM)
    number = 0
    for figure in figures:
        value = _FIGURES.find(figure)
        if not 0 <= value < base:
            raise Wrong(NUM)
        number = number * base + value
    return _as_float(number)


@function("ROMAN", "N V?")
def _roman(number: float, form: Scalar = 0.0) -> str:
    steps = (0 if form else 4) if isinstance(form, bool) else int(as_number(form))
    if not 0 <= number < 4000 or not 0 <= steps <= 4:
        raise Wrong(VALUE)
    rest, text = int(number), ""
    for place in range(0, 7, 2):
        unit = _ROMAN[_LETTERS[place]]
        digit, _ = divmod(rest, unit)
        if digit % 5 == 4:
            # what is one short of a greater letter; shorter forms take a smaller letter off where enough is left
            low, high = place, place - (1 if digit == 4 else 2)
            for _ in range(steps):
                if low + 1 >= len(_LETTERS) or _ROMAN[_LETTERS[high]] - _ROMAN[_LETTERS[low + 1]] > rest:
                    break
                low += 1
            text += _LETTERS[low] + _LETTERS[high]
            rest -= _ROMAN[_LETTERS[high]] - _ROMAN[_LETTERS[low]]
        else:
            text += (_LETTERS[place - 1] if digit > 4 else "") + _LETTERS[place] * (digit % 5)
            rest %= unit
    return text


@function("ARABIC", "T")
def _arabic(text: str) -> float:
    letters = text.strip().upper()
    sign = -1.0 if letters.startswith("-") else 1.0
    letters = letters.removeprefix("-")
    if len(letters) > 255 or not re.fullmatch("[MDCLXVI]*", letters):
        raise Wrong(VALUE)
    values = [_ROMAN[letter] for letter in letters]
    following = [*values[1:], 0]
    return sign * sum(-one if one < after else one for one, after in zip(values, following, strict=False)) + 0.0


def _pairs(first: Value, second: Value) -> list[tuple[float, float]]:
    found = pairs(first, second)
    if not found:
        raise Wrong(DIV0)
    return found


@function("SUMX2MY2", "A A")
def _sum_of_differences_of_squares(first: Value, second: Value) -> float:
    return finite(total(x * x - y * y for x, y in _pairs(first, second)))


@function("SUMX2PY2", "A A")
def _sum_of_sums_of_squares(first: Value, second: Value) -> float:
    return finite(total(x * x + y * y for x, y in _pairs(first, second)))


@function("SUMXMY2", "A A")
def _sum_of_squares_of_differences(first: Value, second: Value) -> float:
    return finite(total((x - y) ** 2 for x, y in _pairs(first, second)))
