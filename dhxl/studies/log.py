"""What a run has to say although it succeeded, for the report and for the sheet Log of the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dhxl.hosts.headless import Model
from dhxl.hosts.headless.snapshot import Snapshot
from dhxl.studies.arbitration import Arbitrated
from dhxl.studies.proving import grouped, unchanged
from dhxl.workbook.names import Reference

__all__ = ["Entry", "log_entries", "write_log"]

MESSAGES: Final = "log_messages"
_COLUMNS: Final = 3
_SHOWN_PLACES: Final = 3  # of the cells that an entry names
_NOTE: Final = "note"  # the item of a dispatch summary that says why a method was not the one asked for


@dataclass(frozen=True, slots=True)
class Entry:
    """A message: the cell it is about (or several, or none), its kind, and the sentence."""

    cell: str
    kind: str
    sentence: str

    @property
    def text(self) -> str:
        """Return cell and sentence as one text."""
        return f"{self.cell}: {self.sentence}" if self.cell else self.sentence


def log_entries(model: Model, snapshot: Snapshot, decided: Sequence[Arbitrated] = ()) -> list[Entry]:
    """Return the messages of a calculated workbook.

    They tell of values that were kept because a formula cannot be calculated headlessly, of saved results that were
    not renewed, of a dispatch that another method solved than the one asked for, and of error values of functions
    that a workbook may hold, such as that of a payback that never comes.
    """
    found = []
    found += [Entry(one.cell.address, "Second engine", str(one)) for one in decided]
    found += [Entry(cells, "Kept", sentence) for cells, sentence in grouped(model.proof.unproven)]
    if resting := unchanged(model):
        shown = ", ".join(resting[:_SHOWN_PLACES])
        rest = f" and {len(resting) - _SHOWN_PLACES} more" if len(resting) > _SHOWN_PLACES else ""
        found.append(Entry(f"{shown}{rest}", "Kept", "rests on cells that are kept; the saved value stays"))
    if snapshot.obstacle:
        found.append(Entry("", "Saved", f"the saved results were not renewed: {snapshot.obstacle}"))
    found += _dispatch_notes(model)
    found += [Entry(message.address, "Function", message.sentence) for message in model.messages()]
    return found


def _dispatch_notes(model: Model) -> list[Entry]:
    """Return the notes in the summaries of dispatches: rows of name and value."""
    found = []
    for place in model.calls.values():
        if place.columns != 2:
            continue
        for row, (name, value) in enumerate(model.cells(place), start=place.first_row):
            if name == _NOTE and isinstance(value, str) and value.strip():
                at = Reference(place.sheet, row, place.last_col, row, place.last_col)
                found.append(Entry(at.address, "Dispatch", value.strip()))
    return found


def write_log(model: Model, entries: list[Entry]) -> None:
    """Put messages into the cells that a workbook has for them, if it has some: cell, kind and sentence by row.

    The other rows become blank; where there are more messages than rows, the last row counts the others.
    """
    defined = model.package.defined_name(MESSAGES)
    if defined is None or defined.reference is None:
        return
    place = model.reference(MESSAGES)
    if place.columns < _COLUMNS:
        return
    lines = [[entry.cell or None, entry.kind, entry.sentence] for entry in entries]
    if len(lines) > place.rows:
        rest = len(lines) - place.rows + 1
        lines = [*lines[: place.rows - 1], [None, None, f"and {rest} more messages"]]
    lines += [[None] * _COLUMNS] * (place.rows - len(lines))
    area = Reference(place.sheet, place.first_row, place.first_col, place.last_row, place.first_col + _COLUMNS - 1)
    if [[value or None for value in row] for row in model.cells(area)] != lines:
        model.put(area, [list(line) for line in lines], MESSAGES)
        model.calculate()
