"""The range of a network's sections: its columns, and how its rows become sections or all that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, NamedTuple

from dhxl.core.hydraulics import MOST_MW
from dhxl.core.network_sections import NetworkSection, unsuitable_sections
from dhxl.core.pipes import unknown_dn
from dhxl.core.sections import PipeSection, unsuitable_section
from dhxl.errors import InputError
from dhxl.functions.arguments import Argument, number, text
from dhxl.functions.cells import Cell, described, is_blank
from dhxl.functions.pipes import BURIAL, DN, GROUND, RETURN, SERIES, SUPPLY

__all__ = ["COLUMNS", "PIPE_COLUMNS", "Cells", "SlottedSections", "network_sections", "pipe_sections"]

Cells = Sequence[Sequence[Cell]]
PAIR, TWIN = "pair", "twin"

_DEFAULTS = {
    one.name: one.default
    for kind in (PipeSection, NetworkSection)
    for one in fields(kind)
    if one.default is not MISSING
}


def _own(argument: Argument) -> Argument:
    """Return a column that may be left out or blank."""
    return argument.with_default(_DEFAULTS[argument.name])


_SECTION = text("section", "Name of the section: for messages, results and fed_by").with_default(None)
_PIPE = text("pipe", "Two pipes side by side, or both in one casing", (PAIR, TWIN)).with_default(PAIR)
_CHOSEN_DN = replace(DN, text=f"{DN.text}; blank: chosen for peak_mw", default=None)
_LENGTH = number("length_m", "Trench length of the section", "m", at_least=0)
_FED_BY = text("fed_by", "Name of the section that feeds it; blank is the plant").with_default(None)
_CONDITIONS = tuple(map(_own, (SUPPLY, RETURN, GROUND, *BURIAL)))
_SERVICE = tuple(
    map(
        _own,
        (
            number("heat_mwh", "Heat sold to the consumers along it", "MWh/a", at_least=0),
            number("peak_mw", "Largest heat load that flows through it", "MW", at_least=0, at_most=MOST_MW),
            number("cost_eur_per_m", "Investment per metre of trench, with civil works", "EUR/m", at_least=0),
            number("connections", "Connections along it", "-", at_least=0),
        ),
    )
)

# Columns that a section's loss is read from, and all: one range serves every function.
PIPE_COLUMNS = (DN, SERIES, _LENGTH, _PIPE, *_CONDITIONS, _SECTION)
COLUMNS = (_CHOSEN_DN, SERIES, _LENGTH, _PIPE, *_SERVICE, _FED_BY, *_CONDITIONS, _SECTION)
_LABELS = (_SECTION.name, _FED_BY.name)  # text or number


class _Row(NamedTuple):
    """A row that is not blank: its place below the header, what messages call it, its cells and values."""

    slot: int
    where: str
    label: str
    given: dict[str, Cell]
    values: dict[str, Any]

    def pipe(self, dn: int) -> PipeSection:
        """Return its pipe; a length that is missing or faulty counts as 0, to go on looking for faults."""
        names = ("insulation_series", *(column.name for column in _CONDITIONS))
        values = {name: self.values[name] for name in names if name in self.values}
        length_m = self.values.get("length_m", 0.0)
        return PipeSection(dn, length_m=length_m, name=self.where, twin=self.values.get("pipe") == TWIN, **values)


class SlottedSections(NamedTuple):
    """Sections with the rows of their range: for each row below the header a section's place, or None if it is blank.

    ``labels`` are the names of the sections; ``branched`` tells whether the range says what feeds them.
    """

    slots: tuple[int | None, ...]
    labels: tuple[str, ...]
    sections: tuple[NetworkSection, ...]
    branched: bool


def pipe_sections(cells: Cells) -> list[PipeSection]:
    """Pipes that a range of sections describes, its columns matched by the names in its first row.

    Parameters
    ----------
    cells : rows of cells
        Header row, then one row for each section in any order of columns; blank rows are empty slots.

    Returns
    -------
    list of PipeSection
        Each named by its row, and by its ``section`` cell if there is one.

    Raises
    ------
    InputError
        All faults at once, each with row and column: a column that is unknown, doubled or missing, a cell that is no
        number or outside its limits.

    Examples
    --------
    >>> pipe_sections((("length_m", "dn", "insulation_series"), (120.0, 100.0, 2.0), (None, None, None)))[0].length_m
    120.0
    """
    problems: list[str] = []
    sections = []
    for row in _rows(cells, PIPE_COLUMNS, problems):
        if row.values.keys() >= {"dn", "insulation_series"}:  # also beside faults, to find a pipe that does not exist
            section = row.pipe(row.values["dn"])
            problems.extend(unsuitable_section(section))
            sections.append(section)
    if problems:
        raise InputError(problems)
    return sections


def network_sections(cells: Cells) -> SlottedSections:
    """Sections of a network that a range describes, with what they serve, carry and cost.

    Parameters
    ----------
    cells : rows of cells
        Header row, then one row for each section in any order of columns; blank rows are empty slots. Without a column
        ``fed_by`` the sections are one line from the plant, in the order of their rows.

    Returns
    -------
    SlottedSections

    Raises
    ------
    InputError
        All faults at once, each with row and column.

    Examples
    --------
    >>> header = ("section", "dn", "insulation_series", "length_m", "fed_by")
    >>> rows = (("A", 100.0, 2.0, 120.0, None), (None,) * 5, ("B", 50.0, 2.0, 80.0, "A"))
    >>> found = network_sections((header, *rows))
    >>> found.slots, found.sections[1].fed_by
    ((0, None, 1), 0)
    """
    problems: list[str] = []
    rows = list(_rows(cells, COLUMNS, problems))
    branched = any(isinstance(cell, str) and cell.strip().casefold() == "fed_by" for cell in cells[0])
    sections = []
    for place, row in enumerate(rows):
        dn = row.values.get("dn")
        if dn == 0:  # not blank, which is None
            problems.extend(f"{row.where}: {fault}" for fault in unknown_dn(dn))
        fed_by = _feeder(row, rows, problems) if branched else (place - 1 if place else None)
        if row.values.keys() >= {"dn", "insulation_series"}:
            served = {column.name: row.values[column.name] for column in _SERVICE if column.name in row.values}
            section = NetworkSection(row.pipe(dn or 0), fed_by=fed_by, **served)
            sections.append(section)
    if len(sections) == len(rows):
        problems.extend(unsuitable_sections(sections))
    if problems:
        raise InputError(problems)
    place_of = {row.slot: place for place, row in enumerate(rows)}
    slots = tuple(place_of.get(slot) for slot in range(len(cells) - 1))
    return SlottedSections(slots, tuple(row.label for row in rows), tuple(sections), branched)


def _feeder(row: _Row, rows: Sequence[_Row], problems: list[str]) -> int | None:
    wanted = row.given.get("fed_by")
    if is_blank(wanted):
        return None
    found = [place for place, other in enumerate(rows) if _key(other.given.get("section")) == _key(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        problems.append(f"{row.where}: fed_by must name one section, got {described(wanted)}, which stands twice")
    else:
        known = ", ".join(dict.fromkeys(other.label for other in rows if other.label)) or "none"
        problems.append(f"{row.where}: fed_by must be one of {known}, got {described(wanted)}")
    return None


def _key(label: Cell) -> str:
    return described(label.strip().casefold() if isinstance(label, str) else label)


def _rows(cells: Cells, wanted: Sequence[Argument], problems: list[str]) -> Iterator[_Row]:
    """Rows that are not blank, with the values of the columns asked for; what is wrong with each is added before it."""
    columns = _columns(cells[0] if cells else (), wanted)
    for number_of_row, row in enumerate(cells[1:], start=2):
        given = {name: row[position] for name, position in columns.items() if not is_blank(row[position])}
        if not given.keys() - {_SECTION.name}:
            continue
        label = given.get(_SECTION.name)
        where = f"sections row {number_of_row}" + (f" ({described(label)})" if label is not None else "")
        values: dict[str, Any] = {}
        for column in wanted:
            if column.name in _LABELS:
                continue
            try:
                values[column.name] = column.value(given.get(column.name))
            except InputError as error:
                problems.extend(f"{where}: {fault}" for fault in error.problems)
        shown = "" if label is None else label.strip() if isinstance(label, str) else described(label)
        yield _Row(number_of_row - 2, where, shown, given, values)


def _columns(header: Sequence[Cell], wanted: Sequence[Argument]) -> dict[str, int]:
    known = [column.name for column in COLUMNS]
    columns: dict[str, int] = {}
    problems = []
    for position, cell in enumerate(header):
        if is_blank(cell):
            continue
        name = cell.strip().casefold() if isinstance(cell, str) else ""
        where = f"sections row 1, column {position + 1}"
        if name not in known:
            problems.append(f"{where}: {described(cell)} is no known column; known are {', '.join(known)}")
        elif name in columns:
            problems.append(f"{where}: {name} stands twice")
        else:
            columns[name] = position
    problems.extend(
        f"sections needs a column {column.name} in its first row"
        for column in wanted
        if not column.optional and column.name not in columns
    )
    if problems:
        raise InputError(problems)
    return columns
