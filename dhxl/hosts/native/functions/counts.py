"""Distributions of counts: successes, failures, events."""

from __future__ import annotations

import math

from dhxl.hosts.native.functions.probability import (
    beta_shares,
    binomial_chance,
    chance,
    gamma_shares,
    need,
    poisson_chance,
)
from dhxl.hosts.native.values import MISSING, Scalar, as_number


@chance("BINOM.DIST BINOMDIST", "N N N L")
def _binomial(successes: float, trials: float, likely: float, cumulative: bool) -> float:
    k, n = math.trunc(successes), math.trunc(trials)
    need(0 <= k <= n and 0 <= likely <= 1)
    return _binomial_below(k, n, likely) if cumulative else binomial_chance(k, n, likely, 1 - likely)


def _binomial_below(k: int, n: int, likely: float) -> float:
    if k >= n:
        return 1.0
    return beta_shares(k + 1.0, float(n - k), likely, 1 - likely)[1]


@chance("BINOM.DIST.RANGE", "N N N V?")
def _binomial_between(trials: float, likely: float, successes: float, last: Scalar = MISSING) -> float:
    n, first = math.trunc(trials), math.trunc(successes)
    end = first if last is MISSING else math.trunc(as_number(last))
    need(0 <= likely <= 1 and 0 <= first <= end <= n)
    if end - first < 1000:  # without the difference of two shares that are nearly the same
        return math.fsum(binomial_chance(k, n, likely, 1 - likely) for k in range(first, end + 1))
    return _binomial_below(end, n, likely) - (_binomial_below(first - 1, n, likely) if first else 0.0)


@chance("BINOM.INV CRITBINOM", "N N N")
def _binomial_inverse(trials: float, likely: float, share: float) -> float:
    n = math.trunc(trials)
    need(n >= 0 and 0 < likely < 1 and 0 < share < 1)
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if _binomial_below(middle, n, likely) >= share * (1 - 1e-15):
            high = middle
        else:
            low = middle + 1
    return float(low)


@chance("NEGBINOM.DIST", "N N N L")
def _negative_binomial(failures: float, successes: float, likely: float, cumulative: bool) -> float:
    f, s = math.trunc(failures), math.trunc(successes)
    need(f >= 0 and s >= 1 and 0 < likely < 1)
    if cumulative:
        return beta_shares(float(s), f + 1.0, likely, 1 - likely)[0]
    return binomial_chance(s, f + s, likely, 1 - likely) * s / (f + s)


@chance("NEGBINOMDIST", "N N N")
def _negative_binomial_chance(failures: float, successes: float, likely: float) -> float:
    return float(_negative_binomial(failures, successes, likely, False))


@chance("POISSON POISSON.DIST", "N N L")
def _poisson(events: float, mean: float, cumulative: bool) -> float:
    need(events >= 0 and mean >= 0)
    k = math.trunc(events)
    return gamma_shares(k + 1.0, mean)[1] if cumulative else poisson_chance(k, mean)


@chance("HYPGEOM.DIST", "N N N N L")
def _hypergeometric(successes: float, sample: float, good: float, population: float, cumulative: bool) -> float:
    k, n, m, total = (math.trunc(number) for number in (successes, sample, good, population))
    least = max(0, n + m - total)
    need(0 < n <= total and 0 < m <= total and least <= k <= min(n, m))
    if cumulative:
        return min(1.0, math.fsum(_drawn(j, n, m, total) for j in range(least, k + 1)))
    return _drawn(k, n, m, total)


def _drawn(k: int, n: int, m: int, total: int) -> float:
    p = n / total
    q = (total - n) / total
    return (
        binomial_chance(k, m, p, q)
        * binomial_chance(n - k, total - m, p, q)
        / binomial_chance(n, total, p, q)
    )  # fmt: skip


@chance("HYPGEOMDIST", "N N N N")
def _hypergeometric_chance(successes: float, sample: float, good: float, population: float) -> float:
    return float(_hypergeometric(successes, sample, good, population, False))
