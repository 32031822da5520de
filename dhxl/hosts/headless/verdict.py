"""What of a calculated workbook may be written: a formula's new value that comes through no unproven cell."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
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
    _of_source: Mapping[Place, Unproven] = field(default_factory=dict, repr=False)  # by each cell that it fills
    _of_resting: Mapping[Place, Place] = field(default_factory=dict, repr=False)
    _index: Index = field(default_factory=lambda: Index(()), repr=False)

    def source_of(self, places: Iterable[Place]) -> Unproven | None:
        """Return an unproven cell on which one of some cells rests, the nearest; None where they rest on none."""
        if self._reading is None or not self.sources:
            return None
        waiting = deque((sheet.casefold(), row, col) for sheet, row, col in places)
        seen = set(waiting)
        while waiting:
            cell = waiting.popleft()
            if cell in self._of_source:
                return self._of_source[cell]
            if cell not in self._of_resting:
                continue
            place = self._of_resting[cell]
            areas = self._reading.of(place)
            if areas is None:
                first = self.sources[0]
                reason = f"calculates which cells it reads, and {first.address} may be one of them: {first.reason}"
                return Unproven(place, reason, None, None)
            new = [one for area in areas for one in self._index.within(area) if one not in seen]
            seen.update(new)
            waiting.extend(new)
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
    only_resting = frozenset(resting) - sources.keys()
    of_source = {cell: one for one in ordered for cell in _cells([one.place], reading)}
    of_resting = {cell: place for place in only_resting for cell in _cells([place], reading)}
    return Verdict(ordered, only_resting, reading, of_source, of_resting, Index([*of_source, *of_resting]))


def _cells(places: Iterable[Place], reading: Reading) -> list[Place]:
    """Return the cells that formulas fill, their sheets in small letters."""
    areas: Iterable[Reference] = (reading.area(place) for place in places)
    return [(area.sheet.casefold(), *at) for area in areas for at in area.cells()]
