"""Searches in a row or column: one after the other, or by halves as in sorted data.

Numbers are compared digit for digit, not by 15 digits as ``=`` compares them; values of another kind are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.wildcards import lowered, pattern
from dhxl.hosts.native.values import Scalar, Wrong, compared

__all__ = ["Order", "first_blank", "first_equal", "halved", "nearest", "order_against"]

Order = Callable[[Scalar], int | None]


def order_against(wanted: Scalar) -> Order:
    """Return what tells of a value whether it comes before (-1), equals (0) or comes after (1) the wanted one.

    None means that the two are of different kinds. A blank is looked for as 0.

    Raises
    ------
    Wrong
        The wanted value is an error value.
    """
    if isinstance(wanted, CellError):
        raise Wrong(wanted)
    if isinstance(wanted, str):
        return lambda one: compared(one, wanted) if isinstance(one, str) else None
    if isinstance(wanted, bool):
        return lambda one: one - wanted if isinstance(one, bool) else None
    number = wanted if isinstance(wanted, (float, int)) else 0.0
    return lambda one: (one > number) - (one < number) if type(one) is float else None


def first_equal(values: Sequence[Scalar], wanted: Scalar, *, wild: bool) -> int:
    """Return where a value stands first, -1 where it does not; ``wild`` lets ``*`` and ``?`` stand for anything."""
    if isinstance(wanted, str):
        if wild and (form := pattern(wanted)) is not None:
            matches = form.fullmatch
            return next((at for at, one in enumerate(values) if isinstance(one, str) and matches(lowered(one))), -1)
        low, length = wanted.lower(), len(wanted)
        for at, one in enumerate(values):
            if type(one) is str and len(one) == length and (one == wanted or one.lower() == low):
                return at
        return -1
    if isinstance(wanted, bool):
        return next((at for at, one in enumerate(values) if one is wanted), -1)
    if isinstance(wanted, CellError):
        raise Wrong(wanted)
    number = wanted if isinstance(wanted, (float, int)) else 0.0
    at = -1
    try:
        while type(values[at := values.index(number, at + 1)]) is not float:
            pass  # TRUE and FALSE equal 1 and 0 in Python
    except ValueError:
        return -1
    return at


def first_blank(values: Sequence[Scalar], size: int) -> int:
    """Return where a blank stands first in a row or column of which blanks at the end may be missing, else -1."""
    return next((at for at, one in enumerate(values) if one is None), len(values) if len(values) < size else -1)


def halved(values: Sequence[Scalar], size: int, order: Order) -> int:
    """Return where Excel's search by halves ends: at the last value not after the wanted one in sorted data, or -1.

    In unsorted data it ends where Excel ends. Where the middle is of another kind, the next of the same kind counts.
    Of a run of equal values the last is taken.

    Examples
    --------
    >>> halved([1.0, 3.0, 3.0, 9.0], 4, order_against(3.0)), halved([5.0, 1.0, 4.0], 3, order_against(4.0))
    (2, 2)
    """
    low, high = -1, size
    while high - low > 1:
        middle = low + (high - low) // 2
        end = min(high, len(values))
        at, found = middle, None
        while at < end and (found := order(values[at])) is None:
            at += 1
        if found is None or found > 0:
            high = middle
        elif found < 0:
            low = at
        else:
            while at + 1 < end and order(values[at + 1]) == 0:
                at += 1
            return at
    return low


def nearest(places: Iterable[int], values: Sequence[Scalar], wanted: Scalar, side: int) -> int:
    """Return the place of the wanted value, or else of the next before (side -1) or after it (1); -1 without any.

    Of equal values the first of ``places`` counts.
    """
    order = order_against(wanted)
    best = -1
    closer: Order = order
    for place in places:
        found = order(values[place])
        if found == 0:
            return place
        if found is not None and found * side > 0:
            than_best = closer(values[place]) if best >= 0 else -side
            if than_best is not None and than_best * side < 0:
                best, closer = place, order_against(values[place])
    return best
