"""DH Pipes: heat loss of buried pipes."""

from __future__ import annotations

from typing import Any

from dhxl.core import pipes
from dhxl.errors import InputError
from dhxl.functions.arguments import Argument, number, table, whole
from dhxl.functions.cells import Cell, described, is_blank
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Pipes"
ISOPLUS = "isoplus: U of DN 100 series 2; agrees to 1 %"

_DN = whole("dn", "Nominal diameter of the steel pipe: 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200, ... 500")
_SERIES = whole("insulation_series", "Insulation series of EN 253: 1 (thin), 2 or 3 (thick)")
_LIMITS = {"at_least": pipes.COLDEST_DEGC, "at_most": pipes.HOTTEST_DEGC}
_SUPPLY = number("supply_degc", "Supply temperature, mean of the period", "°C", **_LIMITS)
_RETURN = number("return_degc", "Return temperature, mean of the period", "°C", **_LIMITS)
_GROUND = number("ground_degc", "Temperature of the undisturbed ground, mean of the period", "°C", **_LIMITS)
_BURIAL = (
    number("lambda_insulation_w_per_mk", "Thermal conductivity of the insulation", "W/(m·K)", above=0, at_most=1),
    number("lambda_soil_w_per_mk", "Thermal conductivity of the soil", "W/(m·K)", above=0, at_most=10),
    number("cover_m", "Soil above the casing", "m", at_least=0, at_most=20),
    number("gap_m", "Clear distance between the two casings", "m", at_least=0, at_most=20),
)
_LENGTH = number("length_m", "Trench length of the section", "m", at_least=0)

worksheet_function(
    "DH_PIPE_U",
    category=CATEGORY,
    arguments=(_DN, _SERIES, *_BURIAL),
    result=Result("number", "W/(m·K)", "per pipe of the pair"),
    examples=(example(0.2148, 100, 2, source=ISOPLUS, rel=0.013),),
)(pipes.pipe_heat_loss_coefficient)

worksheet_function(
    "DH_PIPE_LOSS",
    category=CATEGORY,
    arguments=(_DN, _SERIES, _SUPPLY, _RETURN, _GROUND, *_BURIAL),
    result=Result("number", "W/m", "per metre of trench, both pipes"),
    examples=(
        example(0.2148 * 135, 100, 2, 90, 65, 10, source=ISOPLUS, rel=0.013),
        example(0.0, 100, 2, 10, 10, 10, source="limit: pipes as warm as the ground"),
    ),
)(pipes.pipe_heat_loss)

# Columns of the table of sections; all but the first three may be left out or blank and then take the default.
COLUMNS: tuple[Argument, ...] = (
    _DN,
    _SERIES,
    _LENGTH,
    *(column.with_default(None) for column in (_SUPPLY, _RETURN, _GROUND)),
    *(
        column.with_default(default)
        for column, default in zip(
            _BURIAL,
            (pipes.LAMBDA_INSULATION_W_PER_MK, pipes.LAMBDA_SOIL_W_PER_MK, pipes.COVER_M, pipes.GAP_M),
            strict=True,
        )
    ),
)
LABEL = "section"  # a further column: text or number that messages quote


def pipe_sections(cells: tuple[tuple[Cell, ...], ...]) -> list[pipes.PipeSection]:
    """Sections that a table of cells describes, its columns matched by the names in its first row.

    Parameters
    ----------
    cells : tuple of rows
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
    columns = _columns(cells[0] if cells else ())
    problems: list[str] = []
    sections: list[pipes.PipeSection] = []
    for row_number, row in enumerate(cells[1:], start=2):
        given = {name: row[position] for name, position in columns.items() if not is_blank(row[position])}
        label = given.pop(LABEL, None)
        if not given:
            continue
        where = f"sections row {row_number}" + (f" ({described(label)})" if label is not None else "")
        values: dict[str, Any] = {}
        for column in COLUMNS:
            try:
                values[column.name] = column.value(given.get(column.name))
            except InputError as error:
                problems.extend(f"{where}: {fault}" for fault in error.problems)
        if values.keys() >= {"dn", "insulation_series"}:  # also beside faults, to find a pipe that does not exist
            section = pipes.PipeSection(**{"length_m": 0.0, **values}, name=where)
            problems.extend(pipes.unsuitable_section(section))
            sections.append(section)
    if problems:
        raise InputError(problems)
    return sections


def _columns(header: tuple[Cell, ...]) -> dict[str, int]:
    known = [*(column.name for column in COLUMNS), LABEL]
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
        for column in COLUMNS
        if not column.optional and column.name not in columns
    )
    if problems:
        raise InputError(problems)
    return columns


@worksheet_function(
    "DH_NETWORK_LOSS",
    category=CATEGORY,
    arguments=(
        table(
            "sections",
            "Header row, then a row for each section: dn, insulation_series, length_m, and if wanted its own "
            "supply_degc, return_degc, ground_degc, lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m, "
            "section",
        ),
        _SUPPLY,
        _RETURN,
        _GROUND,
        number("hours_h", "Hours of the year in which the network is warm", "h/a", above=0, at_most=8784),
    ),
    result=Result("number", "MWh/a"),
    examples=(
        example(
            0.2148 * 135 * 1000 * 8760 / 1e6,
            (("dn", "insulation_series", "length_m"), (100, 2, 400), (None, None, None), (100, 2, 600)),
            90,
            65,
            10,
            source=ISOPLUS,
            rel=0.013,
        ),
    ),
)
def network_loss(
    sections: tuple[tuple[Cell, ...], ...],
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    hours_h: float = 8760.0,
) -> float:
    """Heat loss of a network of buried pairs of pipes in a year, from a table of its sections.

    Parameters
    ----------
    sections : range
        Header row, then one row a section; columns matched by name, in any order: ``dn``, ``insulation_series``,
        ``length_m`` (trench, m, at least 0), and optionally ``supply_degc``, ``return_degc``, ``ground_degc``,
        ``lambda_insulation_w_per_mk``, ``lambda_soil_w_per_mk``, ``cover_m``, ``gap_m`` where a section has its own,
        and ``section``, a name for messages. Blank rows are empty slots, blank optional cells take the default.
    supply_degc, return_degc, ground_degc : float
        Mean temperatures, °C, -50 to 200, for sections without their own.
    hours_h : float, optional
        Hours of the year in which the network is warm, h/a, above 0 to 8784.

    Returns
    -------
    float
        MWh/a; 0 for a table of blank rows.

    Raises
    ------
    InputError
        All faults of the table at once, each with its row and column.

    Notes
    -----
    ``Q = sum of U (T_supply + T_return - 2 T_ground) L h / 10^6``, U as in DH_PIPE_U.

    References
    ----------
    .. [1] EN 13941: Design and installation of preinsulated bonded pipe systems for district heating, annex on heat
       losses.

    Examples
    --------
    >>> table = (("dn", "insulation_series", "length_m"), (100.0, 2.0, 1000.0))
    >>> round(network_loss(table, 90, 65, 10), 2)
    255.96
    """
    return pipes.network_heat_loss(pipe_sections(sections), supply_degc, return_degc, ground_degc, hours_h)
