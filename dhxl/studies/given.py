"""Values that somebody gives for the inputs of a workbook: on the command line, in a TOML file or in a CSV file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dhxl.errors import DhxlError, InputError, WorkbookError
from dhxl.studies.faults import first_of
from dhxl.workbook.csvfile import CsvColumn, csv_file
from dhxl.workbook.numerals import Mark, numbers, quantity, unclear
from dhxl.workbook.storage import read_whole

__all__ = ["COMMAND_LINE", "Given", "Record", "Scalar", "Value", "given_in_file", "given_settings"]

Scalar = float | str | bool
Record = Mapping[str, Scalar]
Value = Scalar | tuple[Scalar, ...] | tuple[tuple[Scalar, ...], ...] | tuple[Record, ...]

COMMAND_LINE: Final = "--set"
LARGEST_TOML: Final = 8 * 2**20  # bytes; an hourly year of three columns has some 0.2 MB
_FIELDS: Final = ("value", "unit", "source")
_COLUMNS: Final = ("name", *_FIELDS)
_KINDS: Final = "a number, a text, true or false, a list of them, or rows of them"


@dataclass(frozen=True, slots=True)
class Given:
    """A value for a name: one value, a list, rows of values, or rows of values by column name.

    ``origin`` is the name of its file or ``--set``; files that the value refers to are looked for in ``folder``.
    ``notes`` say how the file was read where that may surprise.
    """

    name: str
    value: Value | CsvColumn
    origin: str
    folder: Path = Path()
    unit: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()


def given_settings(entries: Iterable[str]) -> tuple[Given, ...]:
    """Return what ``NAME=VALUE`` entries give; a value stays text until its cell is known.

    Raises
    ------
    InputError
        An entry is none; all problems at once.

    Examples
    --------
    >>> [(one.name, one.value) for one in given_settings(["storage_m3 = 200 m³"])]
    [('storage_m3', '200 m³')]
    """
    found, problems = [], []
    for entry in entries:
        name, sign, text = (part.strip() for part in entry.partition("="))
        if not sign or not name or not text:
            problems.append(f"{COMMAND_LINE} must be NAME=VALUE, got {entry!r}")
        else:
            found.append(Given(name, text, COMMAND_LINE))
    if problems:
        raise InputError(first_of(problems))
    return tuple(found)


def given_in_file(path: str | Path) -> tuple[Given, ...]:
    """Return what a TOML or CSV file gives.

    TOML: ``name = value``, or ``name = { value = ..., unit = ..., source = ... }``; tables whose name is no input
    only group. CSV: a header with ``name`` and ``value``, and with ``unit`` and ``source`` where wanted.

    Raises
    ------
    WorkbookError
        The file cannot be read.
    InputError
        An entry is not understood; all problems at once.
    """
    place = Path(path)
    readers = {".toml": _in_toml, ".csv": _in_csv}
    if place.suffix.lower() not in readers:
        raise WorkbookError(f"{place}: must end in .toml or .csv")
    problems: list[str] = []
    found = tuple(readers[place.suffix.lower()](place, problems))
    if problems:
        raise InputError(first_of([f"{place}: {problem}" for problem in problems]))
    return found


def _in_csv(path: Path, problems: list[str]) -> Iterator[Given]:
    file = csv_file(path)
    titles = [title.casefold() for title in file.titles]
    if not set(_COLUMNS[:2]) <= set(titles) <= set(_COLUMNS) or len(set(titles)) < len(titles):
        got = ", ".join(titles)
        problems.append(f"the header must be name, value and where wanted unit, source, got {got}")
        return
    columns = dict(zip(titles, file.columns, strict=True))
    for row, line in enumerate(columns["name"].lines):
        texts = {title: columns[title].fields[row] if title in columns else "" for title in _COLUMNS}
        if not any(texts.values()):
            continue
        if not texts["name"] or not texts["value"]:
            problems.append(f"line {line} must have a name and a value, got {texts['name'] or texts['value']!r}")
        else:
            given = _typed(texts["value"], file.mark)
            yield Given(texts["name"], given, path.name, path.parent, texts["unit"], texts["source"], file.notes)


def _typed(text: str, mark: Mark) -> float | str:
    """Return a field as a number if it can be no other one, else as a text whose cell will tell what it may be."""
    found = quantity(text)
    if not found or unclear(found[0]):
        return text
    (number,) = numbers([found[0]], mark)
    if number is None:
        return text
    return f"{found[0].replace(',', '.')} {found[1]}" if found[1] and mark == "," else text if found[1] else number


def _in_toml(path: Path, problems: list[str]) -> Iterator[Given]:
    for name, raw in _entries(_toml(path), problems):
        fields = raw if isinstance(raw, dict) else {"value": raw}
        if unknown := [field for field in fields if field not in _FIELDS]:
            problems.append(f"{name}: knows {', '.join(_FIELDS)}, got {', '.join(unknown)}")
            continue
        words = {field: fields.get(field, "") for field in ("unit", "source")}
        if not all(isinstance(word, str) for word in words.values()):
            problems.append(f"{name}: unit and source must be texts")
            continue
        try:
            value = _value(fields["value"])
        except DhxlError as error:
            problems.append(f"{name}: {error}")
        else:
            yield Given(name, value, path.name, path.parent, **words)


def _entries(data: Mapping[str, Any], problems: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield names and what stands behind them; a table without a value groups other names."""
    for name, raw in data.items():
        if not name.isprintable():
            problems.append(f"{name!a} is no name")
        elif not isinstance(raw, dict) or "value" in raw:
            yield name, raw
        elif nested := [inner for inner, entry in raw.items() if isinstance(entry, dict) and "value" not in entry]:
            problems.append(f"{name}.{nested[0]}: must be an input or {{ value = ..., unit = ... }}")
        else:
            yield from _entries(raw, problems)


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = read_whole(path, LARGEST_TOML, "a toml file")[0].decode("utf-8-sig")
        return tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as error:
        raise WorkbookError(f"{path}: must be UTF-8 text, byte {error.start + 1} is not") from None
    except ValueError as error:
        raise WorkbookError(f"{path}: is no proper TOML ({error})") from error
    except RecursionError:
        raise WorkbookError(f"{path}: is nested too deeply") from None


def _value(raw: Any) -> Value:
    if not isinstance(raw, list):
        return _scalar(raw)
    if raw and all(isinstance(row, dict) for row in raw):
        return tuple({key: _scalar(entry) for key, entry in row.items()} for row in raw)
    if raw and all(isinstance(row, list) for row in raw):
        return tuple(tuple(_scalar(entry) for entry in row) for row in raw)
    if raw and not any(isinstance(row, (dict, list)) for row in raw):
        return tuple(_scalar(entry) for entry in raw)
    raise InputError(f"must be {_KINDS}, got {'an empty list' if not raw else 'a mixture'}")


def _scalar(raw: Any) -> Scalar:
    if isinstance(raw, (bool, str)):
        return raw
    if isinstance(raw, (int, float)):
        number = float(raw) if abs(raw) < 1e308 else math.inf
        if not math.isfinite(number):
            raise InputError(f"must be a finite number, got {raw if isinstance(raw, float) else 'a larger one'}")
        return number
    raise InputError(f"must be {_KINDS}, got {_told(raw)}")


def _told(raw: Any) -> str:
    return {"dict": "a table", "list": "a list"}.get(type(raw).__name__, f"a {type(raw).__name__}")
