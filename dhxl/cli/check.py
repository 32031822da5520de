"""dhxl check: what breaks the rules in a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from dhxl.cli.console import console, json_cell, progress_shown, write, write_json, write_note
from dhxl.studies.agreement import Comparison
from dhxl.studies.check import CheckReport, check
from dhxl.workbook.lint import RULES, Finding

__all__ = ["check_command"]

_SHOWN: Final = 20  # findings of one rule on one sheet


def check_command(book: str, ignored: Sequence[str], *, second_engine: str | None, as_json: bool) -> int:
    """Print what breaks the rules in a workbook; return the exit code, 1 where anything does."""
    rules = [rule.strip() for entry in ignored for rule in entry.split(",") if rule.strip()]
    with progress_shown() as progress:
        report = check(book, second_engine=second_engine, ignored=rules, progress=progress)
    for note in report.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(_json(report))
    else:
        _print(report)
    return 1 if report.findings else 0


def _json(report: CheckReport) -> dict[str, Any]:
    return {
        "findings": [
            {"rule": one.rule, "sheet": one.sheet, "cell": one.cell, "text": one.text, "fix": one.fix}
            for one in report.findings
        ],
        "dhxl": report.is_dhxl,
        "checks_total": json_cell(report.checks_total),
        "alerts_total": json_cell(report.alerts_total),
        "alerts": [{"cell": cell, "text": text} for cell, text in report.alerts],
        "second_engine": None if report.second is None else _json_of_second(report.second),
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
    }


def _json_of_second(second: Comparison) -> dict[str, Any]:
    return {
        "engine": second.engine,
        **{kind.replace(" ", "_"): count for kind, count in second.counts.items()},
        "differing": len(second.apart),
        "not_compared": [{"cell": place.address, "reason": reason} for place, reason in second.not_compared],
    }


def _print(report: CheckReport) -> None:
    screen = console()
    if screen.is_terminal:
        _fill(screen, report)
        return
    with screen.capture() as captured:
        _fill(screen, report)
    write("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))


def _fill(screen: Any, report: CheckReport) -> None:
    from rich.table import Table
    from rich.text import Text

    for sheet, entries in groupby(report.findings, key=lambda one: one.sheet):
        found = list(entries)
        screen.print(Text.assemble((sheet or "The workbook", "bold"), f" ({len(found)})"))
        table = Table.grid(padding=(0, 2))
        table.add_column(style="yellow", no_wrap=True)
        table.add_column(style="cyan", no_wrap=True)
        table.add_column(overflow="fold")
        for rule, cell, text in _rows(found):
            table.add_row(f"  {rule}", cell, text)
        screen.print(table)
    if report.findings:
        screen.print(Text("\nWhat to do", style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(style="yellow", no_wrap=True)
        table.add_column(overflow="fold")
        for rule in sorted({one.rule for one in report.findings}):
            table.add_row(f"  {rule}", f"{RULES[rule].demand} {RULES[rule].fix}")
        screen.print(table)
        screen.print()
    if report.alerts:
        screen.print(Text("Alerts", style="bold"))
        for cell, text in report.alerts:
            screen.print(Text(f"  {cell}  {text}"))
    screen.print(Text(_summary(report), style="red" if report.findings else "green"))


def _rows(found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Return rule, cell and text of a sheet's findings, of each rule as many as somebody reads."""
    seen: Counter[str] = Counter()
    rows = []
    for one in found:
        seen[one.rule] += 1
        if seen[one.rule] <= _SHOWN:
            rows.append((one.rule, one.cell.rpartition("!")[2], one.text))
    more = {rule: count - _SHOWN for rule, count in seen.items() if count > _SHOWN}
    return rows + [(rule, "", f"and {count} more (--json lists all)") for rule, count in more.items()]


def _summary(report: CheckReport) -> str:
    count = len(report.findings)
    parts = [f"{count} finding{'s' * (count != 1)}"]
    if report.checks_total is not None:
        parts.append(f"checks failed: {report.checks_total:.0f}")
    if report.alerts_total is not None:
        parts.append(f"alerts: {report.alerts_total:.0f}")
    if report.second:
        parts.append(_summary_of_second(report.second))
    return "   ".join(parts) + f"   ({report.seconds:.1f} s)"


def _summary_of_second(second: Comparison) -> str:
    counted = [(f"{count:,}", kind if count != 1 else kind.removesuffix("s")) for kind, count in second.counts.items()]
    kinds = ", ".join(f"{count} {kind}" for count, kind in counted if count != "0") or "nothing"
    left_out = f", {len(second.not_compared):,} not compared" if second.not_compared else ""
    return f"{second.engine}: {kinds} compared, {len(second.apart):,} differ{left_out}"
