"""Incomplete gamma and beta functions and what follows from them, to nearly all digits.

The point probabilities are calculated as C. Loader showed (Fast and accurate computation of binomial probabilities,
2000), whose differences of logarithms lose no digits where the parameters are large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import NUM, Wrong, finite

__all__ = [
    "beta_shares",
    "binomial_chance",
    "chance",
    "gamma_shares",
    "need",
    "normal_inverse",
    "normal_share",
    "poisson_chance",
    "solved",
    "student_density",
]

_SMALLEST: Final = 1e-300
_STEPS: Final = 20_000  # of a series; those with parameters of millions take some thousands
_PRECISE: Final = 1e-17


def need(condition: object) -> None:
    """Make sure that parameters are within their limits.

    Raises
    ------
    Wrong
        They are not.
    """
    if not condition:
        raise Wrong(NUM)


def chance(names: str, signature: str) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Declare a function whose numbers may grow beyond all bounds, which then is ``#NUM!``."""

    def declared(body: Callable[..., float]) -> Callable[..., float]:
        @wraps(body)
        def bounded(*arguments: Any) -> float:
            try:
                return finite(body(*arguments))
            except (OverflowError, ValueError, ZeroDivisionError):
                raise Wrong(NUM) from None

        function(names, signature)(bounded)
        return bounded

    return declared


def normal_share(distance: float) -> float:
    """Return the share of the standard normal distribution below a distance from the mean.

    Examples
    --------
    >>> normal_share(0.0)
    0.5
    """
    return 0.5 * math.erfc(-distance / math.sqrt(2))


def normal_inverse(share: float) -> float:
    """Return the distance below which a share of the standard normal distribution lies.

    Examples
    --------
    >>> round(normal_inverse(0.975), 12)
    1.95996398454
    """
    from statistics import NormalDist

    if not 0 < share < 1:
        raise Wrong(NUM)
    distance = NormalDist().inv_cdf(share)
    density = math.exp(-distance * distance / 2) / math.sqrt(2 * math.pi)
    if density > _SMALLEST:  # one step of Newton from 1e-16 to the last bit
        distance -= (normal_share(distance) - share) / density
    return distance


def _stirling_rest(n: float) -> float:
    """Return how far ln(n!) lies above the formula of Stirling."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi)
    square = n * n
    series = 1 / 1188 / square
    for part in (1 / 1680, 1 / 1260, 1 / 360):
        series = (part - series) / square
    return (1 / 12 - series) / n


def _deviance(x: float, mean: float) -> float:
    """Return ``x ln(x / mean) + mean - x`` without loss of digits where both are near."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total = (x - mean) * v
        term = 2 * x * v
        for j in range(1, 1000):
            term *= v * v
            new = total + term / (2 * j + 1)
            if new == total:
                return new
            total = new
    return x * math.log(x / mean) + mean - x


def poisson_chance(x: float, mean: float) -> float:
    """Return ``mean^x exp(-mean) / gamma(x + 1)``, also between whole numbers.

    Examples
    --------
    >>> round(poisson_chance(2, 5), 12)
    0.084224337489
    """
    if mean == 0:
        return 1.0 if x == 0 else 0.0
    if x == 0:
        return math.exp(-mean)
    if x < 1e-5 * mean or x < 0.5:
        return math.exp(-mean + x * math.log(mean) - math.lgamma(x + 1))
    return math.exp(-_stirling_rest(x) - _deviance(x, mean)) / math.sqrt(2 * math.pi * x)


def binomial_chance(x: float, n: float, p: float, q: float) -> float:
    """Return ``n! / x! / (n - x)! p^x q^(n - x)`` with ``q = 1 - p``, also between whole numbers.

    Examples
    --------
    >>> round(binomial_chance(6, 10, 0.5, 0.5), 12)
    0.205078125
    """
    rest = n - x
    if p == 0 or q == 0:
        return 1.0 if x == (0 if p == 0 else n) else 0.0
    if x == 0:
        return math.exp(n * (math.log1p(-p) if p < 0.5 else math.log(q)))
    if rest == 0:
        return math.exp(n * (math.log1p(-q) if q < 0.5 else math.log(p)))
    if min(x, rest) < 0.5:
        logarithm = math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(rest + 1)
        return math.exp(logarithm + x * math.log(p) + rest * math.log(q))
    exponent = _stirling_rest(n) - _stirling_rest(x) - _stirling_rest(rest)
    exponent -= _deviance(x, n * p) + _deviance(rest, n * q)
    return math.exp(exponent) * math.sqrt(n / (2 * math.pi * x * rest))


def student_density(t: float, free: float) -> float:
    """Return the density of Student's distribution.

    Examples
    --------
    >>> round(student_density(0.0, 1.0) * math.pi, 12)
    1.0
    """
    half = free / 2
    rise = _stirling_rest(half + 0.5) - _stirling_rest(half) - _deviance(half, half + 0.5)
    square = t * t / free
    return math.exp(rise - half * math.log1p(square)) / math.sqrt(2 * math.pi * (1 + square))


def gamma_shares(shape: float, x: float) -> tuple[float, float]:
    """Return the shares of the gamma distribution with scale 1 below and above a place.

    Examples
    --------
    >>> [round(share, 12) for share in gamma_shares(1.0, 1.0)]
    [0.632120558829, 0.367879441171]
    """
    if x <= 0:
        return 0.0, 1.0
    if x < shape + 1:
        term = total = 1.0
        for k in range(1, _STEPS):
            term *= x / (shape + k)
            total += term
            if term < total * _PRECISE:
                break
        else:
            raise Wrong(NUM)
        below = poisson_chance(shape, x) * total
        return below, 1 - below
    above = shape * poisson_chance(shape, x) / _gamma_fraction(shape, x)
    return 1 - above, above


def _gamma_fraction(shape: float, x: float) -> float:
    """Return the value of the continued fraction below the bar, by the method of Lentz."""
    b = x + 1 - shape
    value = b or _SMALLEST
    c, d = value, 0.0
    for k in range(1, _STEPS):
        a = -k * (k - shape)
        b += 2
        d = 1 / ((b + a * d) or _SMALLEST)
        c = (b + a / c) or _SMALLEST
        value *= c * d
        if abs(c * d - 1) < 1e-16:
            return value
    raise Wrong(NUM)


def beta_shares(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Return the shares of the beta distribution below and above ``x``, where ``y`` is ``1 - x``.

    Examples
    --------
    >>> [round(share, 12) for share in beta_shares(2.0, 3.0, 0.5, 0.5)]
    [0.6875, 0.3125]
    """
    if x <= 0:
        return 0.0, 1.0
    if y <= 0:
        return 1.0, 0.0
    if x > (a + 1) / (a + b + 2):
        above, below = beta_shares(b, a, y, x)
        return below, above
    below = min(1.0, binomial_chance(a, a + b, x, y) * b / (a + b) * _beta_fraction(a, b, x))
    return below, 1 - below


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or _SMALLEST)
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / ((1 + part * d) or _SMALLEST)
            c = (1 + part / c) or _SMALLEST
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            return value
    raise Wrong(NUM)


def solved(shares: Callable[[float], tuple[float, float]], below: float, above: float, highest: float) -> float:
    """Return the place from 0 below which a share lies, given the share below and above it.

    Parameters
    ----------
    shares : callable
        Returns the shares below and above a place.
    below, above : float
        The shares that are sought; the smaller one counts.
    highest : float
        The end of the places; infinite where there is none.

    Examples
    --------
    >>> round(solved(lambda x: gamma_shares(1.0, x), 0.5, 0.5, math.inf), 12)
    0.69314718056
    """

    def is_low(place: float) -> bool:
        found = shares(place)
        return found[0] < below if below <= above else found[1] > above

    low, high = 0.0, 1.0
    if highest < math.inf:
        high = highest
    else:
        while is_low(high):
            low, high = high, high * 2
            if high == math.inf:
                raise Wrong(NUM)
    while high < 1e-3 * highest and low == 0 and high > _SMALLEST and not is_low(high / 1024):
        high /= 1024  # towards places near 0, whose first digits count
    for _ in range(2000):
        middle = low + (high - low) / 2
        if middle in (low, high):
            break
        if is_low(middle):
            low = middle
        else:
            high = middle
    return low + (high - low) / 2
