"""dhxl sensitivity: outputs of a workbook for other inputs, as a table, JSON, a csv file, or in the workbook."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dhxl.cli.console import cell_text, console, progress_shown, write_json, write_note
from dhxl.cli.forms import Form, form_of_break_even, form_of_cases, form_of_tornado
from dhxl.errors import InputError, WorkbookError
from dhxl.interrupts import exit_code
from dhxl.studies.break_even import break_even
from dhxl.studies.presets import storage_preset, tax_preset, tornado
from dhxl.studies.sensitivity import Vary, checked_book, grid, one_by_one, sensitivity, vary
from dhxl.studies.tables import (
    StudyTable,
    break_even_table,
    cases_table,
    refuse_too_many,
    storage_table,
    tax_table,
    tornado_table,
)
from dhxl.studies.writing import refuse_unwritable, write_studies
from dhxl.workbook.package import Package
from dhxl.workbook.storage import checked_target, settled, write_whole
from dhxl.workbook.study_areas import FREE

__all__ = ["SensitivityOptions", "sensitivity_command"]

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
    write: bool = False
    workers: int | None = None
    json: bool = False

    @property
    def csv(self) -> Path | None:
        """Return the csv file to write, None without one."""
        return Path(self.out) if self.out and (not self.write or Path(self.out).suffix.lower() == ".csv") else None

    @property
    def target(self) -> Path:
        """Return the workbook that ``write`` changes or makes."""
        return Path(self.out) if self.out and self.csv is None else Path(self.book)


def sensitivity_command(options: SensitivityOptions) -> int:
    """Calculate a study, print it, write its area of the workbook and its csv file if asked to; return the exit code.

    After Ctrl-C nothing is written.

    Raises
    ------
    InputError
        The options do not fit together, or a value is not allowed.
    WorkbookError
        The workbook cannot be read or lacks names or areas, or a file cannot be written.
    """
    _refuse(options)
    package = _writable(options) if options.write else None
    shown, table = _studied(options)
    for note in shown.notes:
        write_note(f"note: {note}")
    written = ""
    if package and not shown.interrupted:
        with progress_shown() as progress:
            progress("Writing", 1.0)
            report = write_studies(package, [table()], options.target)
        for note in report.notes:
            write_note(f"note: {note}")
        written = f"{'written to' if report.changed else 'already in'} {report.written}"
    files = [] if shown.interrupted or not options.csv else [_write_csv(options.csv, shown.cells, written)]
    if options.json:
        stands = {"written": str(options.target) if written else None} if options.write else {}
        write_json(shown.json | stands)
    else:
        _print(shown, ", ".join([shown.state, *files, *([written] if written else [])]))
    if shown.interrupted:
        write_note("interrupted; what had been calculated is shown, no file was harmed")
        return exit_code()
    return 0


def _write_csv(file: Path, cells: Iterable[Cells], written: str) -> str:
    """Write the csv file and say so; where it cannot be written, ``written`` is true all the same."""
    try:
        write_whole(file, _csv(cells))
    except WorkbookError as error:
        raise WorkbookError([*error.problems, *([f"the study is {written}"] if written else [])]) from error
    return f"written to {file}"


def _refuse(options: SensitivityOptions) -> None:
    if options.workers is not None and options.workers < 1:
        raise InputError(f"--workers must be >= 1, got {options.workers}")
    if options.csv and options.csv.suffix.lower() != ".csv":
        raise WorkbookError(f"{options.out}: must end in .csv")
    if options.out and not settled(Path(options.out)).parent.is_dir():
        raise WorkbookError(f"{options.out}: the folder does not exist")
    if options.csv:
        checked_target(options.csv)
    if options.between and options.preset != "break-even":
        raise InputError("--between goes with --preset break-even only")
    if options.one_by_one and options.preset:
        raise InputError("--one-by-one does not go with --preset")
    if options.preset == "tornado" and options.vary:
        raise InputError("--vary does not go with --preset tornado, whose inputs move by 20 %")
    if options.write and options.preset and options.outputs:
        raise InputError(f"--output does not go with --preset {options.preset} --write, whose area has its own results")
    if options.preset == "break-even" and options.outputs:
        raise InputError("--output does not go with --preset break-even, which compares payback and NPV")


def _writable(options: SensitivityOptions) -> Package:
    """Return the workbook once it is known that the study will fit into it."""
    package = checked_book(options.book)
    study = options.preset.replace("-", "_") if options.preset else FREE
    varied = _varied(options.vary)
    size = (0, 0)
    if options.preset in ("tax", "storage"):
        refuse_too_many(varied)
    elif not options.preset:
        counts = [len(one.values) for one in varied]
        size = (sum(counts) if options.one_by_one else math.prod(counts), len(varied) + len(options.outputs))
    refuse_unwritable(package, study, options.target, size)
    return package


def _studied(options: SensitivityOptions) -> tuple[Form, Callable[[], StudyTable]]:
    """Return the study for people, and a function that makes its table of it."""
    varied = _varied(options.vary)
    with progress_shown() as progress:
        if options.preset == "break-even":
            if len(varied) > 1:
                raise InputError(f"--vary goes with --preset break-even once, for the charges, got {len(varied)}")
            pair = _pair(options.between)
            look_at = varied[0] if varied else None
            equal = break_even(options.book, pair, look_at, workers=options.workers, progress=progress)
            return form_of_break_even(equal), lambda: break_even_table(equal)
        if options.preset == "tornado":
            bars = tornado(options.book, options.outputs, workers=options.workers, progress=progress)
            return form_of_tornado(bars), lambda: tornado_table(bars)
        outputs = options.outputs
        if options.preset:
            package = checked_book(options.book)
            preset = tax_preset(package) if options.preset == "tax" else storage_preset(package)
            varied, outputs = _replaced(preset[0], varied, options.preset), outputs or preset[1]
        arrange = one_by_one if options.one_by_one else grid
        report = sensitivity(options.book, varied, outputs, arrange=arrange, workers=options.workers, progress=progress)
    form = form_of_cases(report, pivoted=not options.one_by_one)
    if options.preset == "tax":
        return form, lambda: tax_table(report)
    if options.preset == "storage":
        return form, lambda: storage_table(report)
    return form, lambda: cases_table(report, combined=not options.one_by_one)


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


def _print(shown: Form, state: str) -> None:
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
    screen.print(state, soft_wrap=True)
