"""What dhxl alone is timed on, with the limit that each must keep."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.problem import KNOWN_OPTIMUM_EUR, STORE_MWH

__all__ = ["COLD_LIMIT_S", "MEMORY_LIMIT_MB", "TRIALS", "Trial"]

COLD_LIMIT_S = 1.5  # from the start of a process to its first result, compiled code on disk
MEMORY_LIMIT_MB = 300.0  # most memory of any of the processes


@dataclass(frozen=True, slots=True)
class Trial:
    """One of the two plants, on the year in hours or quarter-hours, with what is changed in the settings."""

    key: str
    title: str
    case: str
    limit_s: float | None = None
    quarter_hours: bool = False
    storage_mwh: float = STORE_MWH
    cyclic: bool = False
    starts: bool = False

    @property
    def optimum_eur(self) -> float | None:
        """Proven least cost of the whole year, where it is known from other programs."""
        return KNOWN_OPTIMUM_EUR.get(self.key)


def _of_both_plants(key: str, title: str, limit_s: float | None, **changes: float | bool) -> list[Trial]:
    return [Trial(f"{case}{key}", f"{case}, {title}", case, limit_s, **changes) for case in ("C", "B")]  # type: ignore[arg-type]


TRIALS = {
    trial.key: trial
    for trial in (
        Trial("C", "C, year", "C", 0.025),
        Trial("B", "B, year", "B", 0.050),
        *_of_both_plants("-no-store", "year without a store", 0.010, storage_mwh=0.0),
        *_of_both_plants("-quarter", "year in quarter-hours", 0.5, quarter_hours=True),
        *_of_both_plants(
            "-quarter-no-store", "quarter-hours without a store", 0.5, quarter_hours=True, storage_mwh=0.0
        ),
        *_of_both_plants("-30", "store of 30 MWh", 0.2, storage_mwh=30.0),
        *_of_both_plants("-starts", "starts 50 EUR, 3 h up, 3 h down on CHP and heat pump 2", 0.5, starts=True),
        *_of_both_plants("-cyclic", "cyclic level", None, cyclic=True),
    )
}
