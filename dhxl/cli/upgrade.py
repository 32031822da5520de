"""dhxl upgrade: current macros into an older workbook."""

from __future__ import annotations

import dataclasses

from dhxl.cli.console import write, write_json, write_note
from dhxl.studies.upgrade import upgrade

__all__ = ["upgrade_command"]


def upgrade_command(book: str, out: str | None, *, as_json: bool) -> int:
    """Renew the macros of a workbook and say what changed; return the exit code."""
    report = upgrade(book, out)
    for note in report.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(
            {
                "written": str(report.written),
                "changed": report.changed,
                "modules": list(report.modules),
                "texts": report.texts,
                "settings": report.settings,
                "before": dataclasses.asdict(report.before),
                "now": dataclasses.asdict(report.now),
                "notes": list(report.notes),
            }
        )
        return 0
    if report.modules:
        old = f"dhxl {report.before.dhxl}" if report.before.dhxl else "no macros of dhxl"
        write(f"{report.written}: macros of dhxl {report.now.dhxl} and xlwings {report.now.xlwings} (before: {old})")
        write(f"modules renewed: {', '.join(report.modules)}")
    else:
        write(f"{report.written}: its macros are current")
    if report.texts:
        write("texts for help while typing renewed")
    if report.settings:
        write("hidden sheet of settings added, by which the macros find Python")
    return 0
