"""Mean, spread, order and shape."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from decimal import ROUND_DOWN

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions import measures
from dhxl.hosts.native.functions.rounding import rounded
from dhxl.hosts.native.functions.totals import mean, total
from dhxl.hosts.native.library import function, numbers
from dhxl.hosts.native.values import DIV0, NA, NUM, VALUE, Areas, Grid, Value, Wrong, finite, grid_of


def _some(values: tuple[Value, ...]) -> list[float]:
    """Return the numbers in arguments, at least one."""
    found = list(numbers(*values))
    if not found:
        raise Wrong(NUM)
    return found


def _positive(values: tuple[Value, ...]) -> list[float]:
    found = _some(values)
    if min(found) <= 0:
        raise Wrong(NUM)
    return found


@function("AVERAGEA", "R+")
def _average_of_all(*values: Value) -> float:
    return mean(list(numbers(*values, everything=True)))


@function("MAXA", "R+")
def _greatest_of_all(*values: Value) -> float:
    return max(numbers(*values, everything=True), default=0.0)


@function("MINA", "R+")
def _least_of_all(*values: Value) -> float:
    return min(numbers(*values, everything=True), default=0.0)


@function("MEDIAN", "R+")
def _median(*values: Value) -> float:
    return measures.median(list(numbers(*values)))


def _only_numbers(values: tuple[Value, ...]) -> list[float]:
    """Return the numbers in arguments, of which those that are one value must be one."""
    for value in values:
        single = grid_of(value) if not isinstance(value, Areas) else None
        if single is not None and single.height == single.width == 1:
            one = single.rows[0][0]
            if isinstance(one, CellError):
                raise Wrong(one)
            if type(one) is not float:
                raise Wrong(VALUE)
    return list(numbers(*values))


@function("MODE MODE.SNGL", "A+")
def _mode(*values: Value) -> float:
    return measures.modes(_only_numbers(values))[0]


@function("MODE.MULT", "A+")
def _modes(*values: Value) -> Grid:
    return Grid([[number] for number in measures.modes(_only_numbers(values))])


@function("LARGE", "R N")
def _large(values: Value, place: float) -> float:
    return measures.greatest(list(numbers(values)), place)


@function("SMALL", "R N")
def _small(values: Value, place: float) -> float:
    return measures.least(list(numbers(values)), place)


@function("PERCENTILE PERCENTILE.INC", "R N")
def _percentile(values: Value, share: float) -> float:
    return measures.quantile_inclusive(list(numbers(values)), share)


@function("PERCENTILE.EXC", "R N")
def _percentile_exclusive(values: Value, share: float) -> float:
    return measures.quantile_exclusive(list(numbers(values)), share)


@function("QUARTILE QUARTILE.INC", "R N")
def _quartile(values: Value, quarter: float) -> float:
    return measures.quarter_inclusive(list(numbers(values)), quarter)


@function("QUARTILE.EXC", "R N")
def _quartile_exclusive(values: Value, quarter: float) -> float:
    return measures.quarter_exclusive(list(numbers(values)), quarter)


@function("PERCENTRANK PERCENTRANK.INC", "R N N?")
def _share_below(values: Value, number: float, digits: float = 3.0) -> float:
    ordered = sorted(_some((values,)))
    share = 1.0 if len(ordered) == 1 else _place(ordered, number) / (len(ordered) - 1)
    return _cut(share, digits)


@function("PERCENTRANK.EXC", "R N N?")
def _share_below_exclusive(values: Value, number: float, digits: float = 3.0) -> float:
    ordered = sorted(_some((values,)))
    return _cut((_place(ordered, number) + 1) / (len(ordered) + 1), digits)


def _place(ordered: list[float], number: float) -> float:
    """Return the place of a number in a sorted list from 0, between two of them in proportion."""
    if not ordered[0] <= number <= ordered[-1]:
        raise Wrong(NA)
    above = bisect_left(ordered, number)
    if ordered[above] == number:
        return float(above)
    lower, upper = ordered[above - 1], ordered[above]
    return above - 1 + (number - lower) / (upper - lower)


def _cut(share: float, digits: float) -> float:
    if digits < 1:
        raise Wrong(NUM)
    return rounded(share, digits, ROUND_DOWN)


@function("RANK RANK.EQ", "N R N?")
def _rank(number: float, values: Value, ascending: float = 0.0) -> float:
    before, _ = _ranked(number, values, ascending)
    return before + 1.0


@function("RANK.AVG", "N R N?")
def _mean_rank(number: float, values: Value, ascending: float = 0.0) -> float:
    before, same = _ranked(number, values, ascending)
    return before + (same + 1) / 2


def _ranked(number: float, values: Value, ascending: float) -> tuple[int, int]:
    found = list(numbers(values))
    same = found.count(number)
    if not same:
        raise Wrong(NA)
    return sum(one < number if ascending else one > number for one in found), same


@function("STDEV STDEV.S", "R+")
def _spread(*values: Value) -> float:
    return measures.spread(list(numbers(*values)), sample=True)


@function("STDEVP STDEV.P", "R+")
def _spread_of_whole(*values: Value) -> float:
    return measures.spread(list(numbers(*values)), sample=False)


@function("STDEVA", "R+")
def _spread_of_all(*values: Value) -> float:
    return measures.spread(list(numbers(*values, everything=True)), sample=True)


@function("STDEVPA", "R+")
def _spread_of_all_of_whole(*values: Value) -> float:
    return measures.spread(list(numbers(*values, everything=True)), sample=False)


@function("VAR VAR.S", "R+")
def _variance(*values: Value) -> float:
    return measures.variance(list(numbers(*values)), sample=True)


@function("VARP VAR.P", "R+")
def _variance_of_whole(*values: Value) -> float:
    return measures.variance(list(numbers(*values)), sample=False)


@function("VARA", "R+")
def _variance_of_all(*values: Value) -> float:
    return measures.variance(list(numbers(*values, everything=True)), sample=True)


@function("VARPA", "R+")
def _variance_of_all_of_whole(*values: Value) -> float:
    return measures.variance(list(numbers(*values, everything=True)), sample=False)


@function("DEVSQ", "R+")
def _squares(*values: Value) -> float:
    return measures.squares_about_mean(_some(values))


@function("AVEDEV", "R+")
def _mean_distance(*values: Value) -> float:
    found = _some(values)
    middle = mean(found)
    return finite(total(abs(number - middle) for number in found)) / len(found)


@function("GEOMEAN", "R+")
def _geometric_mean(*values: Value) -> float:
    found = _positive(values)
    product = math.prod(found)
    if 1e-290 < product < 1e290:
        return product ** (1 / len(found))
    return math.exp(math.fsum(map(math.log, found)) / len(found))


@function("HARMEAN", "R+")
def _harmonic_mean(*values: Value) -> float:
    found = _positive(values)
    return finite(len(found) / finite(total(1 / number for number in found)))


@function("TRIMMEAN", "R N")
def _trimmed_mean(values: Value, share: float) -> float:
    found = sorted(_some((values,)))
    if not 0 <= share < 1:
        raise Wrong(NUM)
    cut = int(len(found) * share / 2 + 1e-12)
    return mean(found[cut : len(found) - cut])


@function("SKEW", "R+")
def _skew(*values: Value) -> float:
    found = list(numbers(*values))
    count = len(found)
    if count < 3:
        raise Wrong(DIV0)
    return count / (count - 1) / (count - 2) * _moment(found, measures.spread(found, sample=True), 3)


@function("SKEW.P", "R+")
def _skew_of_whole(*values: Value) -> float:
    found = list(numbers(*values))
    if len(found) < 3:
        raise Wrong(DIV0)
    return _moment(found, measures.spread(found, sample=False), 3) / len(found)


@function("KURT", "R+")
def _kurtosis(*values: Value) -> float:
    found = list(numbers(*values))
    n = len(found)
    if n < 4:
        raise Wrong(DIV0)
    fourth = _moment(found, measures.spread(found, sample=True), 4)
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def _moment(found: list[float], spread: float, power: int) -> float:
    if spread == 0:
        raise Wrong(DIV0)
    middle = math.fsum(found) / len(found)
    return finite(math.fsum(((number - middle) / spread) ** power for number in found))


@function("STANDARDIZE", "N N N")
def _standardized(number: float, middle: float, spread: float) -> float:
    if spread <= 0:
        raise Wrong(NUM)
    return finite((number - middle) / spread)


@function("FREQUENCY", "A A")
def _frequency(values: Value, limits: Value) -> Grid:
    found = sorted(numbers(values))
    bounds = list(numbers(limits))
    up_to = [bisect_right(found, bound) for bound in bounds]
    counts = [0.0] * (len(bounds) + 1)
    before = 0
    for index in sorted(range(len(bounds)), key=lambda place: (bounds[place], place)):
        counts[index], before = float(up_to[index] - before), up_to[index]
    counts[-1] = float(len(found) - before)
    return Grid([[count] for count in counts])
