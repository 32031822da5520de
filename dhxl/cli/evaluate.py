"""dhxl eval: one formula."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dhxl.cli.console import cell_text, json_cell, write, write_errors, write_json, write_note
from dhxl.errors import DhxlError, InputError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.evaluate import evaluated
from dhxl.workbook.csvfile import Rows, csv_file

__all__ = ["evaluate_command"]


def evaluate_command(formula: str, ranges: Sequence[str], *, as_json: bool) -> int:
    """Print what a formula gives, rows separated by tabulators; return the exit code."""
    notes: list[str] = []
    try:
        value = evaluated(formula, _ranges(ranges, notes), notes.append)
    except DhxlError as error:
        value = CellError(error.code, str(error))
    if isinstance(value, CellError):
        if not as_json:
            return write_errors((value.message,), as_json=False)
        write_json({"error": value.code, "message": value.message})
        return 1
    sentences = _sentences(value) if isinstance(value, list) else []
    for note in notes:
        write_note(f"note: {note}")
    if as_json:
        said = {"messages": sentences, "notes": notes}
        write_json({"value": json_cell(value)} | {key: lines for key, lines in said.items() if lines})
    elif isinstance(value, list):
        write("\n".join("\t".join(map(cell_text, row)) for row in value))
    else:
        write(cell_text(value))
    return write_errors(sentences, as_json=False) if sentences else 0


def _sentences(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return what is behind the error values in rows, each sentence once."""
    said = (cell.message.split("\n") for row in rows for cell in row if isinstance(cell, CellError))
    return list(dict.fromkeys(line for lines in said for line in lines))


def _ranges(entries: Sequence[str], notes: list[str]) -> dict[str, Rows]:
    ranges: dict[str, Rows] = {}
    for entry in entries:
        name, sign, place = entry.partition("=")
        if not sign or not name.strip() or not place:
            raise InputError(f"--range must be NAME=FILE.csv or NAME=FILE.csv:COLUMN, got {entry!r}")
        if name.strip().casefold() in map(str.casefold, ranges):
            raise InputError(f"--range {name.strip()} is given twice")
        ranges[name.strip()] = _rows(place, notes)
    return ranges


def _rows(place: str, notes: list[str]) -> Rows:
    """Return a file, or one column of it; notes, each once, tell how it was read."""
    path, sign, column = place.rpartition(":")
    whole = not sign or Path(place).exists() or len(path) < 2  # C:\town.csv has a drive, no column
    file = csv_file(Path(place if whole else path))
    rows: Rows = file.rows() if whole else [[cell] for cell in file.strict_column(column.strip())]
    notes += [note for note in (*file.notes, *file.timed()) if note not in notes]
    return rows
