"""Totals and means, added one after the other as Excel adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

from dhxl.hosts.native.values import DIV0, Wrong, finite

__all__ = ["mean", "total"]


def total(numbers: Iterable[float]) -> float:
    """Return the sum of numbers, rounded after each as Excel does; ``sum`` does so in some versions of Python only.

    Examples
    --------
    >>> total([0.1, 0.2, -0.3])
    5.551115123125783e-17
    """
    return reduce(add, numbers, 0.0)


def mean(numbers: Sequence[float]) -> float:
    """Return the mean of numbers.

    Raises
    ------
    Wrong
        There are none.

    Examples
    --------
    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    if not numbers:
        raise Wrong(DIV0)
    return finite(total(numbers)) / len(numbers)
