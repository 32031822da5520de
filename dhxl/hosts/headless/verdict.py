"""What of a calculated workbook may be written: a formula's new value that comes through no unproven cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from dhxl.hosts.headless.proof import Proof, Unproven
from dhxl.hosts.headless.reading import Index, Place, Reading
from dhxl.workbook.names import Reference

__all__ = ["Verdict", "verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The formulas whose new values are not known; they keep their stored ones.

    ``sources`` are the unproven cells of which something that they read has changed; ``resting`` the formulas that rest
    on these, by their first cells.
    """

    sources: tuple[Unproven, ...] = ()
    resting: frozenset[Place] = frozenset()
    _reading: Reading | None = field(default=None, repr=False)

    def source_of(self, places: Iterable[Place]) -> Unproven | None:
        """Return the first unproven cell on which one of some cells rests, None where they rest on none."""
        if self._reading is None or not self.sources:
            return None
        wanted = Index(places)
        for one in self.sources:
            behind = {one.place, *self._reading.resting_on([one.place])}
            if any(wanted.any_in(self._reading.area(place)) for place in behind):
                return one
        return None


def verdict(proof: Proof, reading: Reading, changed: Collection[Place]) -> Verdict:
    """Return what may be written after a calculation.

    Parameters
    ----------
    proof : Proof
        What was proven before.
    reading : Reading
        What the formulas read.
    changed : collection of sheet, row, column
        The cells that hold another value than at the proof: inputs and results.
    """
    lost = [one for one in proof.unproven if one.stored is None]
    if not proof.unproven or not (changed or lost):
        return Verdict()
    index = Index(changed)
    sources = {one.place: one for one in lost}
    sources |= {one.place: one for one in proof.unproven if reading.reads_any(one.place, index)}
    if not sources:
        return Verdict()
    resting = reading.resting_on(_cells(sources, reading))
    # what is held and rests on one of these has an unknown new value of its own
    sources |= {one.place: one for one in proof.unproven if one.place in resting}
    ordered = tuple(one for one in proof.unproven if one.place in sources)
    return Verdict(ordered, frozenset(resting) - sources.keys(), reading)


def _cells(places: Iterable[Place], reading: Reading) -> list[Place]:
    areas: Iterable[Reference] = (reading.area(place) for place in places)
    return [(area.sheet, *at) for area in areas for at in area.cells()]
