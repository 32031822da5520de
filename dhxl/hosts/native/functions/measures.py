"""Measures of lists of numbers: spread, order, shape."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from dhxl.hosts.native.values import DIV0, NA, NUM, Wrong, finite

__all__ = [
    "greatest",
    "least",
    "median",
    "modes",
    "quantile_exclusive",
    "quantile_inclusive",
    "quarter_exclusive",
    "quarter_inclusive",
    "spread",
    "squares_about_mean",
    "variance",
]


def squares_about_mean(numbers: Sequence[float]) -> float:
    """Return the sum of the squared distances to the mean.

    Examples
    --------
    >>> squares_about_mean([1.0, 2.0, 3.0])
    2.0
    """
    try:
        middle = math.fsum(numbers) / len(numbers)
        return finite(math.fsum((number - middle) ** 2 for number in numbers))
    except OverflowError:
        raise Wrong(NUM) from None


def variance(numbers: Sequence[float], *, sample: bool) -> float:
    """Return the variance of a sample or of a whole population.

    Raises
    ------
    Wrong
        There are too few numbers.

    Examples
    --------
    >>> variance([1.0, 2.0, 3.0], sample=True)
    1.0
    """
    count = len(numbers) - sample
    if count < 1:
        raise Wrong(DIV0)
    return squares_about_mean(numbers) / count


def spread(numbers: Sequence[float], *, sample: bool) -> float:
    """Return the standard deviation of a sample or of a whole population.

    Examples
    --------
    >>> spread([1.0, 2.0, 3.0], sample=True)
    1.0
    """
    return math.sqrt(variance(numbers, sample=sample))


def median(numbers: Sequence[float]) -> float:
    """Return the number in the middle, or the mean of the two there.

    Examples
    --------
    >>> median([5.0, 1.0, 2.0, 9.0])
    3.5
    """
    if not numbers:
        raise Wrong(NUM)
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else finite((ordered[middle - 1] + ordered[middle]) / 2)


def modes(numbers: Sequence[float]) -> list[float]:
    """Return the numbers that come most often, at least twice, in the order in which they come.

    Examples
    --------
    >>> modes([1.0, 2.0, 2.0, 3.0, 1.0])
    [1.0, 2.0]
    """
    counts = Counter(numbers)
    most = max(counts.values(), default=0)
    if most < 2:
        raise Wrong(NA)
    return [number for number, count in counts.items() if count == most]


def _rank(numbers: Sequence[float], place: float) -> int:
    # Excel takes the next whole number, of 1.2 the second
    if not 0 < place <= len(numbers):
        raise Wrong(NUM)
    return math.ceil(place)


def greatest(numbers: Sequence[float], place: float) -> float:
    """Return the number of a place counted from the greatest.

    Examples
    --------
    >>> greatest([3.0, 9.0, 5.0], 2)
    5.0
    """
    return sorted(numbers)[-_rank(numbers, place)]


def least(numbers: Sequence[float], place: float) -> float:
    """Return the number of a place counted from the least.

    Examples
    --------
    >>> least([3.0, 9.0, 5.0], 2)
    5.0
    """
    return sorted(numbers)[_rank(numbers, place) - 1]


def _at(ordered: Sequence[float], place: float) -> float:
    """Return the number at a place from 0, between two numbers in proportion."""
    lower = math.floor(place)
    share = place - lower
    if share == 0:
        return ordered[lower]
    return finite(ordered[lower] + share * (ordered[lower + 1] - ordered[lower]))


def quantile_inclusive(numbers: Sequence[float], share: float) -> float:
    """Return the number below which a share from 0 to 1 of the numbers lies.

    Examples
    --------
    >>> quantile_inclusive([1.0, 2.0, 3.0, 4.0], 0.3)
    1.9
    """
    if not numbers or not 0 <= share <= 1:
        raise Wrong(NUM)
    return _at(sorted(numbers), _clean(share * (len(numbers) - 1)))


def quantile_exclusive(numbers: Sequence[float], share: float) -> float:
    """Return the number below which a share between 0 and 1 of the numbers lies, ends excluded.

    Examples
    --------
    >>> quantile_exclusive([1.0, 2.0, 3.0, 4.0], 0.5)
    2.5
    """
    if not 0 < share < 1:
        raise Wrong(NUM)
    place = _clean(share * (len(numbers) + 1))
    if not numbers or not 1 <= place <= len(numbers):
        raise Wrong(NUM)
    return _at(sorted(numbers), place - 1)


def _clean(place: float) -> float:
    """Return a place, a whole number where only the last bits of a product hinder it."""
    near = round(place)
    return float(near) if abs(place - near) <= 1e-14 * abs(place) else place


def quarter_inclusive(numbers: Sequence[float], quarter: float) -> float:
    """Return the first to third quartile, the least (0) or the greatest number (4).

    Examples
    --------
    >>> quarter_inclusive([1.0, 2.0, 4.0, 7.0, 8.0, 9.0, 10.0, 12.0], 1)
    3.5
    """
    if not 0 <= quarter < 5:
        raise Wrong(NUM)
    return quantile_inclusive(numbers, int(quarter) / 4)


def quarter_exclusive(numbers: Sequence[float], quarter: float) -> float:
    """Return the first to third quartile, ends excluded.

    Examples
    --------
    >>> quarter_exclusive([6.0, 7.0, 15.0, 36.0, 39.0, 40.0, 41.0, 42.0, 43.0, 47.0, 49.0], 1)
    15.0
    """
    if not 1 <= quarter < 4:
        raise Wrong(NUM)
    return quantile_exclusive(numbers, int(quarter) / 4)
