"""The checksum of a workbook's inputs, and the studies in it that were calculated from other inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from dhxl.errors import WorkbookError
from dhxl.studies.inputs import input_cells
from dhxl.studies.names import is_plumbing
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.study_areas import PREFIX, STUDIES, TITLES, area
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["inputs_checksum", "outdated_studies"]


def inputs_checksum(package: Package, without: Iterable[str] = ()) -> str:
    """Return the SHA-256 of all named inputs: constants in the input style or with a data validation.

    It rests on names and values alone: sheets may be moved and renamed, rows inserted around the inputs.

    Parameters
    ----------
    package : Package
        The workbook.
    without : iterable of str
        Names of inputs that do not count.
    """
    return _checksum(_texts(package), without)


def outdated_studies(package: Package) -> list[str]:
    """Return a sentence for each study in a workbook that was calculated from other inputs than it has now."""
    written = []
    for study in STUDIES:
        try:
            at, stored, sets = (_cell(package, area(study, part)) for part in ("at", "hash", "sets"))
        except WorkbookError:
            continue
        if at and stored:
            written.append((study, at, stored, sets.split(", ")))
    texts = _texts(package) if written else {}
    return [
        f"{package.resolve(area(study, 'at')).address}: '{TITLES[study]}' of {at} rests on other inputs than the "
        "workbook has now; dhxl sensitivity --write calculates it again"
        for study, at, stored, sets in written
        if _checksum(texts, sets) != stored
    ]


def _checksum(texts: Mapping[str, str], without: Iterable[str]) -> str:
    left_out = {name.casefold() for name in without}
    lines = sorted(f"{name}:{text}" for name, text in texts.items() if name not in left_out)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _texts(package: Package) -> dict[str, str]:
    """Return the values of the inputs in each defined name, by its name in small letters."""
    inputs = input_cells(package)
    found = {}
    for defined in package.names:
        name, place = defined.name.casefold(), defined.reference
        if defined.sheet is not None or defined.built_in or is_plumbing(name) or name.startswith(PREFIX):
            continue
        if place is None or place.sheet.casefold() not in inputs:
            continue
        cells = package.cells(place.sheet)
        values = [
            f"{row - place.first_row},{col - place.first_col}={_text(cells.value(row, col))}"
            for row, col in sorted(_within(place, inputs[place.sheet.casefold()]))
        ]
        if values:
            found[name] = f"{place.rows}x{place.columns}:{';'.join(values)}"
    return found


def _within(place: Reference, inputs: frozenset[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if place.rows * place.columns <= len(inputs):
        yield from (at for at in place.cells() if at in inputs)
    else:
        for row, col in inputs:
            if place.first_row <= row <= place.last_row and place.first_col <= col <= place.last_col:
                yield row, col


def _text(value: CellValue) -> str:
    """Return a value as text, numbers to the 15 digits that every spreadsheet program keeps."""
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else repr(value)


def _cell(package: Package, name: str) -> str:
    value = package.values(package.resolve(name))[0][0]
    return value if isinstance(value, str) else ""
