"""Distributions of chance."""

from __future__ import annotations

import math

from dhxl.hosts.native.functions.probability import (
    beta_shares,
    binomial_chance,
    chance,
    gamma_shares,
    need,
    normal_inverse,
    normal_share,
    poisson_chance,
    solved,
    student_density,
)
from dhxl.hosts.native.values import DIV0, MISSING, NUM, Scalar, Wrong, as_number, finite

_MOST_FREE = 1e10  # degrees of freedom


def _density(distance: float) -> float:
    return math.exp(-distance * distance / 2) / math.sqrt(2 * math.pi)


def _exp(number: float) -> float:
    need(number < 709.7)
    return math.exp(number)


@chance("NORM.DIST NORMDIST", "N N N L")
def _normal(x: float, mean: float, spread: float, cumulative: bool) -> float:
    need(spread > 0)
    distance = (x - mean) / spread
    return normal_share(distance) if cumulative else finite(_density(distance) / spread)


@chance("NORM.INV NORMINV", "N N N")
def _normal_inverse(share: float, mean: float, spread: float) -> float:
    need(spread > 0)
    return finite(mean + spread * normal_inverse(share))


@chance("NORM.S.DIST", "N L")
def _standard_normal(distance: float, cumulative: bool) -> float:
    return normal_share(distance) if cumulative else _density(distance)


@chance("NORMSDIST", "N")
def _standard_normal_share(distance: float) -> float:
    return normal_share(distance)


@chance("NORM.S.INV NORMSINV", "N")
def _standard_normal_inverse(share: float) -> float:
    return normal_inverse(share)


@chance("PHI", "N")
def _phi(distance: float) -> float:
    return _density(distance)


@chance("GAUSS", "N")
def _gauss(distance: float) -> float:
    return 0.5 * math.erf(distance / math.sqrt(2))


@chance("CONFIDENCE CONFIDENCE.NORM", "N N N")
def _confidence(alpha: float, spread: float, size: float) -> float:
    need(0 < alpha < 1 and spread > 0 and size >= 1)
    return -normal_inverse(alpha / 2) * spread / math.sqrt(int(size))


@chance("LOGNORM.DIST", "N N N L")
def _lognormal(x: float, mean: float, spread: float, cumulative: bool) -> float:
    need(x > 0 and spread > 0)
    distance = (math.log(x) - mean) / spread
    return normal_share(distance) if cumulative else finite(_density(distance) / (spread * x))


@chance("LOGNORMDIST", "N N N")
def _lognormal_share(x: float, mean: float, spread: float) -> float:
    return float(_lognormal(x, mean, spread, True))


@chance("LOGNORM.INV LOGINV", "N N N")
def _lognormal_inverse(share: float, mean: float, spread: float) -> float:
    need(spread > 0)
    return _exp(mean + spread * normal_inverse(share))


@chance("EXPON.DIST EXPONDIST", "N N L")
def _exponential(x: float, rate: float, cumulative: bool) -> float:
    need(x >= 0 and rate > 0)
    return -math.expm1(-rate * x) if cumulative else rate * math.exp(-rate * x)


@chance("WEIBULL WEIBULL.DIST", "N N N L")
def _weibull(x: float, shape: float, scale: float, cumulative: bool) -> float:
    need(x >= 0 and shape > 0 and scale > 0)
    if x == 0:
        need(cumulative or shape >= 1)
        return 0.0 if cumulative or shape > 1 else 1 / scale
    try:
        power = (x / scale) ** shape
    except OverflowError:
        return 1.0 if cumulative else 0.0
    return -math.expm1(-power) if cumulative else finite(shape / x * power * math.exp(-power))


@chance("GAMMA", "N")
def _gamma(number: float) -> float:
    need(number < 171.7 and not (number <= 0 and number.is_integer()))
    try:
        return math.gamma(number)
    except OverflowError:
        raise Wrong(NUM) from None


@chance("GAMMALN GAMMALN.PRECISE", "N")
def _gamma_logarithm(number: float) -> float:
    need(number > 0)
    return finite(math.lgamma(number))


def _gamma_density(x: float, shape: float) -> float:
    if x == 0:
        need(shape >= 1)
        return 1.0 if shape == 1 else 0.0
    return poisson_chance(shape, x) * shape / x if shape < 1 else poisson_chance(shape - 1, x)


@chance("GAMMA.DIST GAMMADIST", "N N N L")
def _gamma_distribution(x: float, shape: float, scale: float, cumulative: bool) -> float:
    need(x >= 0 and shape > 0 and scale > 0)
    return gamma_shares(shape, x / scale)[0] if cumulative else finite(_gamma_density(x / scale, shape) / scale)


@chance("GAMMA.INV GAMMAINV", "N N N")
def _gamma_inverse(share: float, shape: float, scale: float) -> float:
    need(0 <= share < 1 and shape > 0 and scale > 0)
    return finite(scale * _gamma_place(share, 1 - share, shape))


def _gamma_place(below: float, above: float, shape: float) -> float:
    if below <= 0:
        return 0.0
    need(above > 0)
    return solved(lambda x: gamma_shares(shape, x), below, above, math.inf)


@chance("BETA.DIST", "N N N L V? V?")
def _beta(x: float, a: float, b: float, cumulative: bool, low: Scalar = MISSING, high: Scalar = MISSING) -> float:
    first, last = _ends(low, high)
    need(a > 0 and b > 0 and first <= x <= last and first != last)
    width = last - first
    below, above = (x - first) / width, (last - x) / width
    if cumulative:
        return beta_shares(a, b, below, above)[0]
    if below == 0 or above == 0:
        at, exponent = (b, a) if below == 0 else (a, b)
        need(exponent >= 1)
        return 0.0 if exponent > 1 else finite(at / width)
    # one chance of the binomial distribution, with a and b as counts
    return finite(binomial_chance(a, a + b, below, above) * a * b / (a + b) / (below * above) / width)


@chance("BETADIST", "N N N V? V?")
def _beta_share(x: float, a: float, b: float, low: Scalar = MISSING, high: Scalar = MISSING) -> float:
    return float(_beta(x, a, b, True, low, high))


@chance("BETA.INV BETAINV", "N N N V? V?")
def _beta_inverse(share: float, a: float, b: float, low: Scalar = MISSING, high: Scalar = MISSING) -> float:
    first, last = _ends(low, high)
    need(0 < share < 1 and a > 0 and b > 0 and first < last)
    return first + (last - first) * _beta_place(share, 1 - share, a, b)


def _ends(low: Scalar, high: Scalar) -> tuple[float, float]:
    return 0.0 if low is MISSING else as_number(low), 1.0 if high is MISSING else as_number(high)


def _beta_place(below: float, above: float, a: float, b: float) -> float:
    # sought from the nearer end, as near to 1 a number holds fewer digits of the rest
    half = beta_shares(a, b, 0.5, 0.5)
    if half[0] < below:
        return 1 - solved(lambda y: beta_shares(b, a, y, 1 - y), above, below, 1.0)
    return solved(lambda x: beta_shares(a, b, x, 1 - x), below, above, 1.0)


def _free(number: float) -> float:
    need(1 <= number <= _MOST_FREE)
    return float(int(number))


def _t_tail(t: float, free: float) -> float:
    """Return the share of Student's distribution above a place that is not negative."""
    whole = free + t * t
    return beta_shares(free / 2, 0.5, free / whole, t * t / whole)[0] / 2


@chance("T.DIST", "N N L")
def _student(t: float, degrees: float, cumulative: bool) -> float:
    free = _free(degrees)
    if cumulative:
        tail = _t_tail(abs(t), free)
        return tail if t < 0 else 1 - tail
    return student_density(t, free)


@chance("T.DIST.RT", "N N")
def _student_above(t: float, degrees: float) -> float:
    tail = _t_tail(abs(t), _free(degrees))
    return tail if t >= 0 else 1 - tail


@chance("T.DIST.2T", "N N")
def _student_outside(t: float, degrees: float) -> float:
    need(t >= 0)
    return 2 * _t_tail(t, _free(degrees))


@chance("TDIST", "N N N")
def _student_tails(t: float, degrees: float, tails: float) -> float:
    need(t >= 0 and int(tails) in (1, 2))
    return int(tails) * _t_tail(t, _free(degrees))


def _t_place(tail: float, free: float) -> float:
    """Return the place above which a share of at most a half lies."""
    if tail >= 0.5:
        return 0.0
    return solved(lambda t: (1 - _t_tail(t, free), _t_tail(t, free)), 1 - tail, tail, math.inf)


@chance("T.INV", "N N")
def _student_inverse(share: float, degrees: float) -> float:
    need(0 < share < 1)
    free = _free(degrees)
    return -_t_place(share, free) + 0.0 if share < 0.5 else _t_place(1 - share, free)


@chance("T.INV.2T TINV", "N N")
def _student_inverse_outside(share: float, degrees: float) -> float:
    need(0 < share <= 1)
    return _t_place(share / 2, _free(degrees))


@chance("CONFIDENCE.T", "N N N")
def _student_confidence(alpha: float, spread: float, size: float) -> float:
    need(0 < alpha < 1 and spread > 0 and size >= 1)
    count = int(size)
    if count == 1:
        raise Wrong(DIV0)
    return _t_place(alpha / 2, count - 1.0) * spread / math.sqrt(count)


@chance("CHISQ.DIST", "N N L")
def _chi_squared(x: float, degrees: float, cumulative: bool) -> float:
    free = _free(degrees)
    need(x >= 0)
    return gamma_shares(free / 2, x / 2)[0] if cumulative else _gamma_density(x / 2, free / 2) / 2


@chance("CHISQ.DIST.RT CHIDIST", "N N")
def _chi_squared_above(x: float, degrees: float) -> float:
    free = _free(degrees)
    need(x >= 0)
    return gamma_shares(free / 2, x / 2)[1]


@chance("CHISQ.INV", "N N")
def _chi_squared_inverse(share: float, degrees: float) -> float:
    need(0 <= share < 1)
    return 2 * _gamma_place(share, 1 - share, _free(degrees) / 2)


@chance("CHISQ.INV.RT CHIINV", "N N")
def _chi_squared_inverse_above(share: float, degrees: float) -> float:
    need(0 < share <= 1)
    return 2 * _gamma_place(1 - share, share, _free(degrees) / 2)


def _f_shares(f: float, first: float, second: float) -> tuple[float, float]:
    whole = first * f + second
    if whole == math.inf:
        return 1.0, 0.0
    return beta_shares(first / 2, second / 2, first * f / whole, second / whole)


@chance("F.DIST", "N N N L")
def _fisher(f: float, first: float, second: float, cumulative: bool) -> float:
    m, n = _free(first), _free(second)
    need(f >= 0)
    if cumulative:
        return _f_shares(f, m, n)[0]
    if f == 0:
        need(m >= 2)
        return 1.0 if m == 2 else 0.0
    p, q = m * f / (m * f + n), n / (m * f + n)
    chance = binomial_chance(m / 2, (m + n) / 2, p, q)
    return finite(chance * m * n / (2 * (m + n)) / f)


@chance("F.DIST.RT FDIST", "N N N")
def _fisher_above(f: float, first: float, second: float) -> float:
    m, n = _free(first), _free(second)
    need(f >= 0)
    return _f_shares(f, m, n)[1]


def _f_place(below: float, above: float, m: float, n: float) -> float:
    if below <= 0:
        return 0.0
    return solved(lambda f: _f_shares(f, m, n), below, above, math.inf)


@chance("F.INV", "N N N")
def _fisher_inverse(share: float, first: float, second: float) -> float:
    need(0 <= share < 1)
    return _f_place(share, 1 - share, _free(first), _free(second))


@chance("F.INV.RT FINV", "N N N")
def _fisher_inverse_above(share: float, first: float, second: float) -> float:
    need(0 < share <= 1)
    return _f_place(1 - share, share, _free(first), _free(second))


@chance("FISHER", "N")
def _fisher_transformed(number: float) -> float:
    need(abs(number) < 1)
    return math.atanh(number)


@chance("FISHERINV", "N")
def _fisher_transformed_back(number: float) -> float:
    return math.tanh(number)
