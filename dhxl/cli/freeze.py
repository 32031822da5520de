"""dhxl freeze and dhxl thaw: a copy for outsiders, and the way back."""

from __future__ import annotations

from dhxl.cli.console import cell_text, console, json_cell, progress_shown, write, write_json, write_note
from dhxl.studies.freeze import freeze
from dhxl.studies.thaw import CarriedEdit, thaw

__all__ = ["freeze_command", "thaw_command"]


def freeze_command(book: str, out: str, *, as_json: bool) -> int:
    """Write a frozen copy of a workbook and say what it is; return the exit code."""
    with progress_shown() as progress:
        report = freeze(book, out, progress)
    for note in report.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(
            {
                "written": str(report.written),
                "changed": report.changed,
                "frozen_at": report.frozen_at,
                "constants": report.constants,
                "notes": list(report.notes),
                "seconds": round(report.seconds, 3),
            }
        )
        return 0
    write(f"{report.constants} formulas with functions of dhxl or macros hold their results; all others are live")
    write(f"frozen at {report.frozen_at} UTC, written to {report.written} ({report.seconds:.1f} s)")
    return 0


def thaw_command(frozen: str, original: str, out: str, *, as_json: bool) -> int:
    """Write a live workbook with the inputs edited in its frozen copy and list these; return the exit code."""
    with progress_shown() as progress:
        report = thaw(frozen, original, out, progress)
    for note in report.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(
            {
                "written": str(report.written),
                "changed": report.changed,
                "edits": [
                    {"cell": one.cell, "name": one.name, "old": json_cell(one.old), "new": json_cell(one.new)}
                    for one in report.edits
                ],
                "notes": list(report.notes),
                "seconds": round(report.seconds, 3),
            }
        )
        return 0
    _print(report.edits)
    write(f"written to {report.written}, calculated ({report.seconds:.1f} s)")
    return 0


def _print(edits: tuple[CarriedEdit, ...]) -> None:
    from rich.table import Table

    if not edits:
        write("no input was edited")
        return
    table = Table("cell", "name", "was", "is now", show_edge=False, pad_edge=False)
    for one in edits:
        table.add_row(one.cell, one.name, cell_text(one.old), cell_text(one.new))
    console().print(table)
