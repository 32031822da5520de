"""Zeros of functions of one variable between known bounds: none missed, no starting value."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dhxl.core.checks import Vector
from dhxl.errors import NoSolutionError

__all__ = ["bisected", "exponential_sum_roots"]

MOST_SIGN_CHANGES = 100  # beyond it the work grows with the fourth power, and no cash flow looks so
TOUCHING = 1e-14  # relative size below which a turning point counts as a double zero
LARGEST_REFINED = 36.0  # below -36 the factor e^x is 0 where it is taken from the rate e^x - 1
SAME = 4e-16  # part of the largest logarithm below which two of them are equal
HALVINGS = 120  # from an interval of 1500 to below the spacing of doubles near 1e-16


def bisected(decreasing: Callable[[float], float], low: float, high: float) -> float:
    """Zero of a decreasing function between two points at which it is not negative and not positive.

    Parameters
    ----------
    decreasing : callable
        Function of one float.
    low, high : float
        Ends of the interval, low below high.

    Returns
    -------
    float
        Argument at which the sign changes, to the last bit.

    Examples
    --------
    >>> round(bisected(lambda x: 2 - x * x, 0.0, 2.0), 15)
    1.414213562373095
    """
    while True:
        middle = low + (high - low) / 2
        if middle in (low, high):
            return min(low, high, key=lambda x: abs(decreasing(x)))
        if decreasing(middle) >= 0:
            low = middle
        else:
            high = middle


def exponential_sum_roots(coefficients: Vector, exponents: Vector) -> list[float]:
    """Zeros of a sum of exponentials, ``f(x) = sum of c_k e^(-t_k x)``, in ascending order.

    Parameters
    ----------
    coefficients : ndarray
        Shape (n,), none of them 0.
    exponents : ndarray
        Shape (n,), ascending.

    Returns
    -------
    list of float
        Every real zero, a double one once; empty if there is none.

    Raises
    ------
    NoSolutionError
        The coefficients change their sign more than 100 times.

    Notes
    -----
    With m between two neighbouring exponents whose coefficients differ in sign, the derivative of ``f(x) e^(m x)`` is,
    but for a factor, ``sum of (t_k - m) c_k e^(-t_k x)``: one change of sign less. Its zeros cut the line into pieces
    on each of which f has at most one zero. Sums are scaled by their largest term, so that nothing overflows.

    Examples
    --------
    >>> [round(math.expm1(x), 9) for x in exponential_sum_roots(np.array([-1.0, 2.5, -1.56]), np.arange(3.0))]
    [0.2, 0.3]
    """
    signs, sizes = np.sign(coefficients), np.log(np.abs(coefficients))
    levels = [(signs, sizes)]
    while (signs[1:] != signs[:-1]).any():
        if len(levels) > MOST_SIGN_CHANGES:
            raise NoSolutionError(f"flows change their sign more than {MOST_SIGN_CHANGES} times")
        change = int(np.argmax(signs[1:] != signs[:-1]))
        factor = exponents - (exponents[change] + exponents[change + 1]) / 2
        signs, sizes = signs * np.sign(factor), sizes + np.log(np.abs(factor))
        levels.append((signs, sizes))
    if len(levels) == 1:
        return []
    zeros = np.array([_only_zero(*levels[-2], exponents)])
    for signs, sizes in reversed(levels[:-2]):
        zeros = _zeros_between(zeros, signs, sizes, exponents)
    return [_refined(x, coefficients, exponents) for x in zeros.tolist()]


def _only_zero(signs: Vector, sizes: Vector, exponents: Vector) -> float:
    """Zero of a sum whose factors change their sign once: there is exactly one, and Newton's method finds it.

    It goes for the logarithm of the terms after the change over those before it, which falls with x at a slope between
    the smallest and the largest distance of their exponents; a step that leaves the bracket left by both is halved.
    """
    change = int(np.argmax(signs[1:] != signs[:-1])) + 1
    early, late = exponents[:change], exponents[change:]
    largest, longest = float(np.abs(sizes).max()), float(exponents[-1])

    def ratio(x: float) -> tuple[float, float]:
        early_sum, early_mean = _exponential_mean(sizes[:change], early, x)
        late_sum, late_mean = _exponential_mean(sizes[change:], late, x)
        return late_sum - early_sum, late_mean - early_mean

    x = 0.0
    value, slope = ratio(x)
    low, high = sorted((value / float(late[0] - early[-1]), value / float(late[-1] - early[0])))
    for _ in range(HALVINGS):
        if abs(value) <= SAME * (1 + largest + abs(x) * longest):
            break
        x += value / slope
        if not low <= x <= high:
            x = low + (high - low) / 2
        value, slope = ratio(x)
        low, high = (x, high) if value > 0 else (low, x)
    return x


def _exponential_mean(sizes: Vector, exponents: Vector, x: float) -> tuple[float, float]:
    """Logarithm of the sum of ``e^(s_k - t_k x)``, and the mean of t with these weights."""
    powers = sizes - x * exponents
    most = float(powers.max())
    weights = np.exp(powers - most)
    total = float(weights.sum())
    return most + math.log(total), float(weights @ exponents) / total


def _zeros_between(turning: Vector, signs: Vector, sizes: Vector, exponents: Vector) -> Vector:
    def scaled(x: Vector) -> tuple[Vector, Vector]:
        powers = sizes - np.outer(x, exponents)
        terms = np.exp(powers - powers.max(axis=1, keepdims=True))
        return terms @ signs, terms.sum(axis=1)

    # Cauchy's bound: outside of it the first, or the last, term outweighs all others together.
    gap = float(np.diff(exponents).min())
    low = -float(np.logaddexp(0.0, sizes.max() - sizes[-1])) / gap
    high = float(np.logaddexp(0.0, sizes.max() - sizes[0])) / gap
    turning = turning[(turning > low) & (turning < high)]
    values, weights = scaled(turning)
    touching = np.abs(values) <= TOUCHING * weights
    edges = np.concatenate(([low], turning, [high]))
    edge_signs = np.concatenate(([signs[-1]], np.where(touching, 0.0, np.sign(values)), [signs[0]]))
    crossed = edge_signs[:-1] * edge_signs[1:] < 0
    a, b, sign = edges[:-1][crossed], edges[1:][crossed], edge_signs[:-1][crossed]
    for _ in range(HALVINGS):
        middle = a + (b - a) / 2
        if ((middle == a) | (middle == b)).all():
            break
        before = np.sign(scaled(middle)[0]) == sign
        a, b = np.where(before, middle, a), np.where(before, b, middle)
    return np.sort(np.concatenate((a + (b - a) / 2, turning[touching])))


def _refined(x: float, coefficients: Vector, exponents: Vector) -> float:
    """Zero after Newton steps on exactly added terms, as long as they bring the sum nearer to zero."""
    if abs(x) * exponents[-1] > 300 or abs(x) > LARGEST_REFINED:  # powers would leave the range of doubles
        return x
    scale = float(np.abs(coefficients).max())

    def added(x: float) -> tuple[float, float]:
        terms = coefficients / scale * np.power(1.0 + math.expm1(x), -exponents)
        return math.fsum(terms), -math.fsum(terms * exponents)

    value, slope = added(x)
    for _ in range(3):
        if value == 0 or slope == 0:
            break
        new = x - value / slope
        new_value, new_slope = added(new)
        if abs(new_value) >= abs(value):
            break
        x, value, slope = new, new_value, new_slope
    return x
