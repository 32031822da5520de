"""Work that goes on in portions, between which the clock and the memory are looked at."""

from __future__ import annotations

from collections.abc import Iterator

from dhxl.core.dispatch.budget import MEMORY_TEXT, Budget
from dhxl.core.dispatch.compiled import compiles
from dhxl.core.dispatch.pieces import Indices
from dhxl.core.dispatch.placement import STOP

__all__ = ["ended_by", "portion_size"]

PORTION_COMPILED, PORTION_PLAIN = 300_000, 3000  # places looked at: some 0.03 s
OFFER_BYTES_COMPILED, OFFER_BYTES_PLAIN = 112, 320  # seven numbers in a list that doubles; with objects around them


def portion_size() -> int:
    """Return how many places are looked at between two looks at the clock."""
    return PORTION_COMPILED if compiles() else PORTION_PLAIN


def ended_by(work: Iterator[int], pace: Indices, budget: Budget, bytes_held: int = 0) -> str:
    """Return what has ended some work before its end; an empty text where it has come to that.

    Parameters
    ----------
    work : iterator of int
        Yields how many offers are queued after every portion, and ends by itself once ``pace[STOP]`` is 1: compiled
        generators that are left before their end never give back their memory.
    pace : ndarray
    budget : Budget
    bytes_held : int, optional
        What is held beside the queue.

    Returns
    -------
    str
        The time or the memory, as a sentence names it.
    """
    reason = ""
    size = OFFER_BYTES_COMPILED if compiles() else OFFER_BYTES_PLAIN
    try:
        for queued in work:
            if budget.over:
                reason = budget.time_text()
            elif bytes_held + queued * size > budget.most_bytes:
                reason = MEMORY_TEXT
            pace[STOP] = bool(reason)
    finally:
        pace[STOP] = 1
        for _ in work:
            pass
        pace[STOP] = 0
    return reason
