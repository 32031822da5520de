"""What a dispatch may take: time and memory."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dhxl.core.dispatch.result import NotProvenError

__all__ = ["MEMORY_LIMIT_MB", "MEMORY_TEXT", "Budget", "OverBudgetError", "budget_of"]

MEMORY_LIMIT_MB = 500.0  # of a process that solves, what the interpreter and the packages take included
MEMORY_TEXT = f"{MEMORY_LIMIT_MB:.12g} MB of memory"
PROCESS_MB = 150.0  # interpreter, numpy and numba's machine code
PIECE_BYTES = 48  # of a piece of a list
WORKING_SHARE = 0.7  # of the memory that is left; the rest are copies while lists are joined, and the schedule


class OverBudgetError(NotProvenError):
    """The time is over, or the memory; ``limit`` is which, as a sentence names it."""

    def __init__(self, limit: str) -> None:
        super().__init__(f"not solved to the end within {limit}")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Budget:
    """Until when a method may go on, by the clock of ``time.perf_counter``, and how many pieces it may hold."""

    ends: float
    time_limit_s: float
    most_pieces: int

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.perf_counter() > self.ends

    @property
    def most_bytes(self) -> int:
        """Memory that a method may hold."""
        return self.most_pieces * PIECE_BYTES

    @property
    def seconds_left(self) -> float:
        """Time that is left, s; 0 where it is over."""
        return max(self.ends - time.perf_counter(), 0.0)

    def share(self, part: float) -> Budget:
        """Return a budget of a part of the time that is left."""
        return Budget(time.perf_counter() + part * self.seconds_left, self.time_limit_s, self.most_pieces)

    def check_time(self) -> None:
        """Raise where the time is over."""
        if self.over:
            raise OverBudgetError(self.time_text())

    def check_pieces(self, pieces: int) -> None:
        """Raise where so many pieces would take more memory than there is."""
        if pieces > self.most_pieces:
            raise OverBudgetError(MEMORY_TEXT)

    def time_text(self) -> str:
        """Return how a sentence names the time."""
        return f"time_limit_s = {self.time_limit_s:.12g} s"


def budget_of(time_limit_s: float) -> Budget:
    """Return the budget of a method that begins now."""
    pieces = int(WORKING_SHARE * (MEMORY_LIMIT_MB - PROCESS_MB) * 1e6 / PIECE_BYTES)
    return Budget(time.perf_counter() + time_limit_s, time_limit_s, pieces)
