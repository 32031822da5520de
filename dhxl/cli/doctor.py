"""dhxl doctor: what keeps workbooks from working in Excel, with a remedy for each."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dhxl.cli.console import write, write_json
from dhxl.studies.doctor import examine
from dhxl.studies.machine import this_machine

__all__ = ["doctor_command"]


def doctor_command(book: str | None, *, as_json: bool) -> int:
    """Print the findings; return 1 where something keeps workbooks from working."""
    found = examine(this_machine(), None if book is None else Path(book))
    troubles = sum(finding.verdict == "trouble" for finding in found)
    if as_json:
        write_json({"findings": [dataclasses.asdict(finding) for finding in found], "troubles": troubles})
        return int(troubles > 0)
    for finding in found:
        write(f"{finding.verdict:<9} {finding.text}")
        if finding.mend:
            write(f"{'':<9} -> {finding.mend}")
    return int(troubles > 0)
