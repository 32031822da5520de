"""The same problem in other programs: one module each, imported only in the process that measures it.

Each module has ``PACKAGES``, the distributions that it needs, and ``solve``. Every program is given the whole problem
at once, in its own words and without a binary that it can do without; HiGHS solves it with all cores.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the solver is told."""

    gap: float
    time_s: float
    threads: int

    def highs_options(self) -> dict[str, float | int | bool]:
        """Return the options in HiGHS's own names."""
        return {"mip_rel_gap": self.gap, "time_limit": self.time_s, "threads": self.threads}
