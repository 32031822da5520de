"""dhxl run: the calculated workbook and its results."""

from __future__ import annotations

from typing import Any

from dhxl.cli.console import console, json_cell, progress_shown, write_json, write_note
from dhxl.studies.outputs import OUTPUTS, unit_of
from dhxl.studies.run import RunReport, run
from dhxl.units import FRACTION

__all__ = ["print_run", "run_command", "run_json"]

_DECIMALS = {"EUR/MWh": 1, "a": 2, "": 2}
_RATIOS = ("dscr_least",)  # numbers of their own, not in percent


def run_command(
    book: str, out: str | None, *, second_engine: str | None = None, stale: bool = False, as_json: bool
) -> int:
    """Calculate a workbook, print its results and write it; return the exit code."""
    with progress_shown() as progress:
        report = run(book, out, progress, second_engine=second_engine, stale=stale)
    for note in report.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(run_json(report))
    else:
        print_run(report)
    return 0


def run_json(report: RunReport) -> dict[str, Any]:
    """Return what a run found and did as JSON has it."""
    return {
        "solutions": [
            {"solution": one.number, "title": one.title, **{name: json_cell(x) for name, x in one.values.items()}}
            for one in report.solutions
        ],
        "checks_total": json_cell(report.checks_total),
        "alerts_total": json_cell(report.alerts_total),
        "checks": [{"cell": cell, "text": text} for cell, text in report.checks],
        "alerts": [{"cell": cell, "text": text} for cell, text in report.alerts],
        "engine_live": report.engine_live,
        "written": str(report.written),
        "changed": report.changed,
        "notes": list(report.notes),
        "unproven": [
            {
                "cell": one.address,
                "text": one.reason,
                "calculated": json_cell(one.calculated),
                "stored": json_cell(one.stored),
            }
            for one in report.unproven
        ],
        "unchanged": list(report.unchanged),
        "arbitrated": [
            {
                "cell": one.cell.address,
                "text": one.cell.reason,
                "engine": one.engine,
                "value": json_cell(one.value),
                "stored": json_cell(one.cell.stored),
            }
            for one in report.arbitrated
        ],
        "seconds": round(report.seconds, 3),
    }


def print_run(report: RunReport) -> None:
    """Print the results of the solutions side by side, and what was written."""
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("unit")
    for one in report.solutions:
        table.add_column(f"{one.number}: {one.title}", justify="right", overflow="fold")
    for output in (one for one in OUTPUTS if one.name in report.solutions[0].values):
        unit = unit_of(output.name)
        if unit == FRACTION:
            unit = "" if output.name in _RATIOS else "%"
        digits = 2 if "irr" in output.name else 1 if unit == "%" else _DECIMALS.get(unit, 0)
        values = [_shown(one.values[output.name], unit, digits) for one in report.solutions]
        table.add_row(output.label, unit, *values)
    screen = console()
    screen.print(table)
    state = "nothing had changed in" if not report.changed else "written to"
    screen.print(f"checks failed: {report.checks_total:.0f}   alerts: {report.alerts_total:.0f}")
    for color, kind, found in (("red", "check", report.checks), ("yellow", "alert", report.alerts)):
        for cell, text in found:
            screen.print(Text.assemble((f"  {kind} ", color), f"{cell}  {text}"))
    screen.print(f"{state} {report.written} ({report.seconds:.1f} s)", soft_wrap=True)


def _shown(value: float | None, unit: str, digits: int) -> str:
    if value is None:
        return "none"
    return f"{100 * value if unit == '%' else value:,.{digits}f}"
