"""dhxl sensitivity: outputs of a workbook for other inputs, as a table, JSON or a csv file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dhxl.cli.console import cell_text, console, progress_shown, write_json, write_note
from dhxl.cli.forms import Form, form_of_break_even, form_of_cases, form_of_tornado
from dhxl.errors import InputError, WorkbookError
from dhxl.studies.break_even import break_even
from dhxl.studies.presets import storage_preset, tax_preset, tornado
from dhxl.studies.sensitivity import Vary, checked_book, grid, one_by_one, sensitivity, vary
from dhxl.workbook.storage import write_whole

__all__ = ["SensitivityOptions", "sensitivity_command"]

INTERRUPTED: Final = 130
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class SensitivityOptions:
    """What the command line asked for."""

    book: str
    vary: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    one_by_one: bool = False
    preset: str | None = None
    between: str | None = None
    out: str | None = None
    workers: int | None = None
    json: bool = False


def sensitivity_command(options: SensitivityOptions) -> int:
    """Calculate a study, print it, write its csv file if one is asked for; return the exit code.

    Raises
    ------
    InputError
        The options do not fit together, or a value is not allowed.
    WorkbookError
        The workbook cannot be read or lacks names, or the csv file cannot be written.
    """
    _refuse(options)
    shown = _shown(options)
    for note in shown.notes:
        write_note(f"note: {note}")
    if options.out:
        write_whole(Path(options.out), _csv(shown.cells))
    if options.json:
        write_json(shown.json)
    else:
        _print(shown, options.out)
    if shown.interrupted:
        write_note("interrupted; what had been calculated is shown, no file was harmed")
        return INTERRUPTED
    return 0


def _refuse(options: SensitivityOptions) -> None:
    if options.workers is not None and options.workers < 1:
        raise InputError(f"--workers must be >= 1, got {options.workers}")
    if options.out and Path(options.out).suffix.lower() != ".csv":
        raise WorkbookError(f"{options.out}: must end in .csv")
    if options.out and not Path(options.out).resolve().parent.is_dir():
        raise WorkbookError(f"{options.out}: the folder does not exist")
    if options.between and options.preset != "break-even":
        raise InputError("--between goes with --preset break-even only")
    if options.one_by_one and options.preset:
        raise InputError("--one-by-one does not go with --preset")
    if options.preset == "tornado" and options.vary:
        raise InputError("--vary does not go with --preset tornado, whose inputs move by 20 %")
    if options.preset == "break-even" and options.outputs:
        raise InputError("--output does not go with --preset break-even, which compares payback and NPV")


def _shown(options: SensitivityOptions) -> Form:
    varied = _varied(options.vary)
    with progress_shown() as progress:
        if options.preset == "break-even":
            if len(varied) > 1:
                raise InputError(f"--vary goes with --preset break-even once, for the charges, got {len(varied)}")
            pair = _pair(options.between)
            look_at = varied[0] if varied else None
            return form_of_break_even(
                break_even(options.book, pair, look_at, workers=options.workers, progress=progress)
            )
        if options.preset == "tornado":
            return form_of_tornado(tornado(options.book, options.outputs, workers=options.workers, progress=progress))
        outputs = options.outputs
        if options.preset:
            package = checked_book(options.book)
            preset = tax_preset(package) if options.preset == "tax" else storage_preset(package)
            varied, outputs = _replaced(preset[0], varied, options.preset), outputs or preset[1]
        arrange = one_by_one if options.one_by_one else grid
        report = sensitivity(options.book, varied, outputs, arrange=arrange, workers=options.workers, progress=progress)
    return form_of_cases(report, pivoted=not options.one_by_one)


def _varied(entries: Sequence[str]) -> tuple[Vary, ...]:
    found: list[Vary] = []
    problems: list[str] = []
    for entry in entries:
        try:
            found.append(vary(entry))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def _replaced(preset: Sequence[Vary], given: Sequence[Vary], name: str) -> tuple[Vary, ...]:
    """Return a preset's inputs with the values that were given instead of its own."""
    new = {one.name.casefold(): one for one in given}
    for one in given:
        if one.name.casefold() not in [known.name.casefold() for known in preset]:
            names = " and ".join(known.name for known in preset)
            raise InputError(f"--vary {one.name} does not go with --preset {name}, which varies {names}")
    return tuple(new.get(one.name.casefold(), one) for one in preset)


def _pair(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        raise InputError(f"--between must be two solutions such as 1,4, got {text!r}")
    return int(numbers[0]), int(numbers[1])


def _csv(rows: Iterable[Cells]) -> bytes:
    """Return rows as csv; text that a spreadsheet program would take for a formula gets an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        writer.writerow([_safe(value) for value in row])
    return stream.getvalue().encode("utf-8")


def _safe(value: object) -> str:
    text = cell_text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_SIGNS) else text


def _print(shown: Form, out: str | None) -> None:
    from rich.table import Table

    screen = console()
    for title, (header, *lines) in shown.tables:
        table = Table(show_edge=False, pad_edge=False)
        for name in header:
            numeric = name not in ("finding", "inputs", "measure", "driver", "price scenario")
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for line in lines:
            table.add_row(*line)
        if title:
            screen.print(title, soft_wrap=True)
        screen.print(table)
        screen.print()
    written = f", written to {out}" if out else ""
    screen.print(f"{shown.state}{written}", soft_wrap=True)
