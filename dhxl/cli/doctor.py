"""dhxl doctor: what keeps workbooks from working in Excel, with a remedy for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from dhxl.cli.console import console, write, write_json, write_note
from dhxl.doctor.examine import examine
from dhxl.doctor.findings import Finding
from dhxl.doctor.machine import this_machine

__all__ = ["doctor_command"]

_STYLES: Final = {"trouble": "bold red", "warning": "yellow", "not here": "cyan", "ok": "green"}  # worst first


def doctor_command(book: str | None, *, as_json: bool) -> int:
    """Print the findings, worst first; return 1 where something keeps workbooks from working."""
    if not as_json:
        write_note("Looking, and starting Python as Excel would ...")
    found = examine(this_machine(), None if book is None else Path(book))
    counts = {verdict: sum(one.verdict == verdict for one in found) for verdict in _STYLES}
    if as_json:
        write_json(
            {
                "findings": [dataclasses.asdict(finding) for finding in found],
                "troubles": counts["trouble"],
                "warnings": counts["warning"],
            }
        )
    else:
        ordered = [one for verdict in _STYLES for one in found if one.verdict == verdict]
        _print(ordered, _summary(counts, found))
    return int(counts["trouble"] > 0)


def _print(findings: Sequence[Finding], summary: str) -> None:
    screen = console()
    if screen.is_terminal:
        _fill(screen, findings, summary)
        return
    for one in findings:
        write(f"{one.verdict:<9} {one.text}")
        if one.mend:
            write(f"{'':<9} -> {one.mend}")
    write(f"\n{summary}")


def _fill(screen: Any, findings: Sequence[Finding], summary: str) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in findings:
        table.add_row(Text(one.verdict, style=_STYLES[one.verdict]), Text(one.text))
        if one.mend:
            table.add_row("", Text.assemble(("-> ", "bold"), one.mend))
    screen.print(table)
    worst = next((one.verdict for one in findings), "ok")
    screen.print()
    screen.print(Text(summary, style=_STYLES[worst]))


def _summary(counts: dict[str, int], findings: Sequence[Finding]) -> str:
    told = [
        f"{counts[verdict]} {word}{'s' * (counts[verdict] != 1)}"
        for verdict, word in (("trouble", "trouble"), ("warning", "warning"))
    ]
    away = any(one.name == "excel" and one.verdict == "not here" for one in findings)
    end = "Excel is not here" if away else "nothing keeps workbooks from working" if not counts["trouble"] else ""
    return ", ".join([*told, end] if end else told)
