"""What a run needs to be proven, and what it says of what is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dhxl.hosts.headless import Model, Proof, Unproven
from dhxl.studies.faults import first_of
from dhxl.studies.outputs import published, solutions
from dhxl.studies.totals import ALERTS, CHECKS
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

__all__ = ["Needed", "Since", "grouped", "needed", "obstacles", "unchanged"]

_WAY_OUT: Final = (
    "nothing was written; let a spreadsheet program calculate and save the workbook, or a second engine decide "
    "(--second-engine); if its results are old, since a program that does not calculate changed inputs, add --stale"
)


@dataclass(frozen=True, slots=True)
class Since:
    """The workbook that another was made of, and the inputs that were set: sheet, row and column."""

    package: Package
    changed: frozenset[tuple[str, int, int]]

    def proof(self) -> Proof:
        """Return the proof of the workbook as it was."""
        with Model(self.package) as model:
            return model.prove()


@dataclass(frozen=True, slots=True)
class Needed:
    """What a run may not get wrong: results and totals by name, and the cells that call worksheet functions."""

    names: tuple[str, ...]
    calls: tuple[Reference, ...]


def needed(model: Model) -> Needed:
    """Return the published results, checks and alerts of a workbook, and its calls of worksheet functions."""
    package = model.package
    names = [f"{output.name}_{number}" for number in solutions(package) for output in published(package)]
    known = [name for name in (*names, CHECKS, ALERTS) if package.defined_name(name)]
    return Needed(tuple(known), tuple(model.calls.values()))


def obstacles(model: Model, wanted: Needed) -> list[str]:
    """Return why a calculated workbook must not be written, in sentences: what comes through an unproven cell."""
    verdict = model.verdict
    if not verdict.sources:
        return []
    places = [(f"{name} ({place.address})", place) for name in wanted.names if (place := model.reference(name))]
    places += [(f"{place.address}, which calls worksheet functions,", place) for place in wanted.calls]
    found: dict[Unproven, str] = {}
    for told, place in places:
        source = verdict.source_of([(place.sheet, *at) for at in place.cells()])
        if source is not None:
            found.setdefault(source, told)
    if not found:
        return []
    return [*first_of([f"{told} rests on {source}" for source, told in found.items()]), _WAY_OUT]


def unchanged(model: Model) -> tuple[str, ...]:
    """Return the addresses of the cells that keep their stored values, as their new ones would come through others."""
    order = {sheet.name: number for number, sheet in enumerate(model.package.sheets)}
    places = sorted(model.verdict.resting, key=lambda place: (order[place[0]], *place[1:]))
    return tuple(Reference(sheet, row, col, row, col).address for sheet, row, col in places)


def grouped(found: Iterable[Unproven]) -> list[tuple[str, str]]:
    """Return cell and sentence for each reason why cells keep what the file says: the first cell and how many more."""
    groups: dict[str, list[Unproven]] = {}
    for one in found:
        groups.setdefault(one.reason, []).append(one)
    told = []
    for several in groups.values():
        more = f" and {len(several) - 1} more" if len(several) > 1 else ""
        told.append((f"{several[0].address}{more}", f"{several[0].text}; the saved value stays"))
    return told
