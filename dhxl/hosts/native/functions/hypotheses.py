"""Tests of hypotheses."""

from __future__ import annotations

import math

from dhxl.hosts.native.functions import measures
from dhxl.hosts.native.functions.pairs import pairs
from dhxl.hosts.native.functions.probability import beta_shares, chance, gamma_shares, need, normal_share
from dhxl.hosts.native.functions.totals import mean
from dhxl.hosts.native.library import numbers
from dhxl.hosts.native.values import DIV0, MISSING, NA, NUM, Scalar, Value, Wrong, as_number, grid_of


@chance("CHISQ.TEST CHITEST", "A A")
def _chi_squared_test(actual: Value, expected: Value) -> float:
    first, second = grid_of(actual), grid_of(expected)
    height, width = first.height, first.width
    if (height, width) != (second.height, second.width) or height * width == 1:
        raise Wrong(NA)
    found = pairs(actual, expected)
    if not found or any(norm == 0 for _, norm in found):
        raise Wrong(DIV0)
    if any(norm < 0 for _, norm in found):
        raise Wrong(NUM)
    distance = math.fsum((one - norm) ** 2 / norm for one, norm in found)
    free = (height - 1) * (width - 1) if min(height, width) > 1 else max(height, width) - 1
    return gamma_shares(free / 2, distance / 2)[1]


@chance("F.TEST FTEST", "A A")
def _variances_test(first: Value, second: Value) -> float:
    one, other = list(numbers(first)), list(numbers(second))
    variances = measures.variance(one, sample=True), measures.variance(other, sample=True)
    if not all(variances):
        raise Wrong(DIV0)
    ratio = variances[0] / variances[1]
    m, n = len(one) - 1.0, len(other) - 1.0
    whole = m * ratio + n
    return 2 * min(beta_shares(m / 2, n / 2, m * ratio / whole, n / whole))


@chance("Z.TEST ZTEST", "A N V?")
def _mean_test(values: Value, value: float, spread: Scalar = MISSING) -> float:
    found = list(numbers(values))
    if not found:
        raise Wrong(NA)
    if spread is MISSING:
        sigma = measures.spread(found, sample=True)
        if sigma == 0:
            raise Wrong(DIV0)
    else:
        sigma = as_number(spread)
        need(sigma > 0)
    return normal_share(-(mean(found) - value) / (sigma / math.sqrt(len(found))))


@chance("T.TEST TTEST", "A A N N")
def _means_test(first: Value, second: Value, tails: float, kind: float) -> float:
    sides, which = int(tails), int(kind)
    need(sides in (1, 2) and which in (1, 2, 3))
    if which == 1:
        distance, error, free = _paired(first, second)
    else:
        distance, error, free = _unpaired(first, second, equal=which == 2)
    if error == 0:
        raise Wrong(DIV0)
    t = distance / error
    whole = free + t * t
    return sides * beta_shares(free / 2, 0.5, free / whole, t * t / whole)[0] / 2


def _paired(first: Value, second: Value) -> tuple[float, float, float]:
    apart = [x - y for x, y in pairs(first, second)]
    if len(apart) < 2:
        raise Wrong(DIV0)
    return mean(apart), math.sqrt(measures.variance(apart, sample=True) / len(apart)), len(apart) - 1.0


def _unpaired(first: Value, second: Value, *, equal: bool) -> tuple[float, float, float]:
    one, other = list(numbers(first)), list(numbers(second))
    if min(len(one), len(other)) < 2:
        raise Wrong(DIV0)
    m, n = len(one) - 1.0, len(other) - 1.0
    distance = mean(one) - mean(other)
    if equal:
        squares = measures.squares_about_mean(one) + measures.squares_about_mean(other)
        return distance, math.sqrt(squares / (m + n) * (1 / len(one) + 1 / len(other))), m + n
    a, b = (measures.variance(part, sample=True) / len(part) for part in (one, other))
    if a + b == 0:
        raise Wrong(DIV0)
    return distance, math.sqrt(a + b), (a + b) ** 2 / (a * a / m + b * b / n)  # by Welch and Satterthwaite
