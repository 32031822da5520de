"""dhxl new: the calculated workbook of a new town, and the templates for it."""

from __future__ import annotations

from collections.abc import Sequence

from dhxl.cli.console import cell_text, console, json_cell, progress_shown, write_json, write_note
from dhxl.cli.run import print_run, run_json
from dhxl.errors import DhxlError, InputError
from dhxl.studies.given import Given, given_in_file, given_settings
from dhxl.studies.new import NewReport, SetInput, new
from dhxl.studies.templates import DEFAULT, TEMPLATES, template_file

__all__ = ["new_command", "templates_command"]


def new_command(
    out: str, template: str, files: Sequence[str], settings: Sequence[str], *, replace: bool, as_json: bool
) -> int:
    """Write a workbook from a template and print which inputs were set and its results; return the exit code."""
    given = _given(files, settings)
    with progress_shown() as progress:
        report = new(out, template, given, replace=replace, progress=progress)
    for note in report.run.notes:
        write_note(f"note: {note}")
    if as_json:
        write_json(_json(report))
    else:
        _print_inputs(report.inputs)
        print_run(report.run)
    return 0


def templates_command(*, as_json: bool) -> int:
    """Print the templates that dhxl brings along; return the exit code."""
    from rich.table import Table

    found = [(one, template_file(one.name)) for one in TEMPLATES.values()]
    if as_json:
        write_json(
            [{"template": one.name, "summary": one.summary, "file": str(file) if file else None} for one, file in found]
        )
        return 0
    table = Table("template", "for", "file", show_edge=False, pad_edge=False)
    for one, file in found:
        name = f"{one.name} (default)" if one.name == DEFAULT else one.name
        table.add_row(name, one.summary, str(file) if file else "missing")
    console().print(table)
    return 0


def _given(files: Sequence[str], settings: Sequence[str]) -> tuple[Given, ...]:
    found: list[Given] = []
    problems: list[str] = []
    for file in files:
        try:
            found += given_in_file(file)
        except DhxlError as error:
            problems += error.problems
    try:
        found += given_settings(settings)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def _json(report: NewReport) -> dict[str, object]:
    inputs = [
        {"name": one.name, "cell": one.address, "old": json_cell(one.old), "new": json_cell(one.new), "unit": one.unit}
        for one in report.inputs
    ]
    return {"template": report.template, "inputs": inputs, **run_json(report.run), "seconds": round(report.seconds, 3)}


def _print_inputs(inputs: Sequence[SetInput]) -> None:
    from rich.table import Table

    if not inputs:
        return
    table = Table("input", "template", "new", "unit", show_edge=False, pad_edge=False)
    for one in inputs:
        table.add_row(one.name, cell_text(one.old), cell_text(one.new), one.unit)
    console().print(table)
    console().print()
