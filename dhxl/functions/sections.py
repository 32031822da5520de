"""DH Pipes: a network as a table of its sections."""

from __future__ import annotations

from dataclasses import MISSING, astuple, fields
from typing import Any

from dhxl.core.hydraulics import MOST_MM
from dhxl.core.network_figures import Figures, network_figures
from dhxl.core.network_sections import NetworkConditions
from dhxl.core.pumps import MOST_BAR
from dhxl.core.sections import network_heat_loss
from dhxl.errors import InputError
from dhxl.functions.arguments import Argument, number, table
from dhxl.functions.cells import Cell, described, is_blank
from dhxl.functions.pipes import CATEGORY, GROUND, ISOPLUS, RETURN, SUPPLY
from dhxl.functions.section_rows import COLUMNS, PIPE_COLUMNS, Cells, network_sections, pipe_sections
from dhxl.functions.spec import Result, example, worksheet_function

_HOURS = number("hours_h", "Hours of the year in which the network is warm", "h/a", above=0, at_most=8784)

_SETTING_DEFAULTS = {one.name: one.default for one in fields(NetworkConditions) if one.default is not MISSING}


def _setting(name: str, text: str, unit: str, **limits: float) -> Argument:
    return number(name, text, unit, **limits).with_default(_SETTING_DEFAULTS[name])


SETTINGS = (
    _setting("peak_supply_degc", "Supply temperature at the peak, if not the mean", "°C", at_least=0, at_most=200),
    _setting("peak_return_degc", "Return temperature at the peak, if not the mean", "°C", at_least=0, at_most=200),
    _setting("max_pa_per_m", "Largest pressure drop of a pipe to be chosen", "Pa/m", at_least=1, at_most=1e4),
    _setting("max_m_per_s", "Largest velocity in a pipe to be chosen", "m/s", at_least=0.01, at_most=100),
    _setting("roughness_mm", "Roughness of the pipes' walls", "mm", at_least=0, at_most=MOST_MM),
    _setting("consumer_bar", "Pressure difference kept at the last consumer", "bar", at_least=0, at_most=MOST_BAR),
    _setting("efficiency", "Of the pumps, from electricity to water", "-", above=0, at_most=1),
    _setting("base_share", "Smallest load of the year over the largest", "-", at_least=0, at_most=1),
    _setting("life_years", "Years over which the investment is spread", "a", above=0),
    _setting("discount_rate", "Interest as a fraction per year; 0 spreads evenly", "-", above=-1),
    _setting(
        "ground_amplitude_k", "Yearly amplitude at the surface; 0: same at any depth", "K", at_least=0, at_most=50
    ),
    _setting("ground_day", "Middle of the warm hours, day of the year", "-", at_least=0, at_most=366),
    _setting("coldest_day", "Day of the year with the coldest surface", "-", at_least=0, at_most=366),
    _setting("diffusivity_m2_per_s", "Thermal diffusivity of the soil", "m²/s", at_least=1e-8, at_most=1e-4),
)

HEADER = ("section", *(one.name for one in fields(Figures)))
_TEXTS = ("section", "rating", "note")
IN_A_LINE = "sections taken as one line (no column fed_by)"

# isoplus: U; pandapipes 0.16.0: flow and gradient; the rest follows from them by hand
_EXAMPLE_LOSS = (23.628, 206.98, 0.09378, 2.0, "very good", 500000.0, 8.3333, 12500.0)
_EXAMPLE_FLOW = (29.22, 0.9008, 76.94, 1.5388, 1.5388, 10.0, *_EXAMPLE_LOSS)
_EXAMPLE_TOTAL = (29.22, 0.0, 0.0, 1.5388, 1.5388, 0.0, *_EXAMPLE_LOSS)


@worksheet_function(
    "DH_NETWORK_LOSS",
    category=CATEGORY,
    arguments=(
        table(
            "sections",
            "Header row, then a row for each section: dn, insulation_series, length_m, and if wanted pipe, its own "
            "supply_degc, return_degc, ground_degc, lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m, "
            "section",
            PIPE_COLUMNS,
        ),
        SUPPLY,
        RETURN,
        GROUND,
        _HOURS,
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
    sections: Cells,
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    hours_h: float = 8760.0,
) -> float:
    """Heat loss of a network of buried pipes in a year, from a table of its sections.

    Parameters
    ----------
    sections : range
        Header row, then one row a section; columns matched by name, in any order: ``dn``, ``insulation_series``,
        ``length_m`` (trench, m, at least 0), and optionally ``pipe`` (pair or twin), ``supply_degc``,
        ``return_degc``, ``ground_degc``, ``lambda_insulation_w_per_mk``, ``lambda_soil_w_per_mk``, ``cover_m``,
        ``gap_m`` where a section has its own, and ``section``, a name for messages. Blank rows are empty slots, blank
        optional cells take the default. The further columns of DH_NETWORK_TABLE may stand there too.
    supply_degc, return_degc, ground_degc : float
        Mean temperatures, °C, -50 to 200, for sections without their own.
    hours_h : float, optional
        Hours of the year in which the network is warm, h/a, above 0 to 8784.

    Returns
    -------
    float
        MWh/a; 0 for a table of blank rows, negative where the ground is warmer than the pipes.

    Raises
    ------
    InputError
        All faults of the table at once, each with its row and column.

    Notes
    -----
    ``Q = sum of U (T_supply + T_return - 2 T_ground) L h / 10^6``, U as in DH_PIPE_U and DH_TWIN_PIPE_U.

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
    return network_heat_loss(pipe_sections(sections), supply_degc, return_degc, ground_degc, hours_h)


@worksheet_function(
    "DH_NETWORK_TABLE",
    category=CATEGORY,
    arguments=(
        table(
            "sections",
            "Header row, then a row for each section: section, dn (blank: chosen), insulation_series, pipe, length_m, "
            "heat_mwh, peak_mw, cost_eur_per_m, connections, fed_by, its own temperatures and burial",
            COLUMNS,
        ),
        SUPPLY,
        RETURN,
        GROUND,
        _HOURS,
        table(
            "settings",
            "Rows of name and value: peak_supply_degc, max_pa_per_m, life_years, ...; what is blank is default",
            SETTINGS,
        ),
    ),
    result=Result("table", text="header, one row a section slot, then total"),
    examples=(
        example(
            [
                list(HEADER),
                ["Main street", 100.0, True, 1000.0, 2000.0, *_EXAMPLE_FLOW, 0.6796, ""],
                ["", 0.0, False, *[0.0] * 12, "", 0.0, 0.0, 0.0, 0.0, ""],
                ["total", 0.0, False, 1000.0, 2000.0, *_EXAMPLE_TOTAL, 2.057, ""],
            ],
            (
                (
                    "section",
                    "dn",
                    "insulation_series",
                    "length_m",
                    "heat_mwh",
                    "peak_mw",
                    "cost_eur_per_m",
                    "connections",
                ),
                ("Main street", None, 2, 1000, 2000, 1, 500, 40),
                (None,) * 8,
            ),
            80,
            50,
            10,
            8760,
            (("max_pa_per_m", 100), ("life_years", 30)),
            source="isoplus: U of DN 100 series 2; pandapipes 0.16.0: flow and 76.94 Pa/m; the rest by hand from these",
            rel=0.013,
        ),
    ),
)
def network_table(
    sections: Cells,
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    hours_h: float = 8760.0,
    settings: Cells | None = None,
) -> list[list[Any]]:
    """Network section by section: pipe, flow, pressure drop, loss, linear heat density, cost and pump energy.

    Parameters
    ----------
    sections : range
        Header row, then one row a section; columns matched by name, in any order. Blank rows are empty slots, blank
        optional cells take the default, a blank ``dn`` is chosen as by DH_PIPE_SIZE.
    supply_degc, return_degc, ground_degc : float
        Mean temperatures of the warm hours, °C, -50 to 200, for sections without their own.
    hours_h : float, optional
        Hours of the year in which the network is warm, h/a, above 0 to 8784.
    settings : range, optional
        Rows of name and value; what is left out or blank takes the default.

    Returns
    -------
    range
        A header, one row a section slot (a blank slot gives "" and 0), then ``total``. ``gradient_pa_per_m`` is that
        of one pipe, ``pressure_drop_bar`` that of supply and return, ``path_bar`` from the plant to the section's end;
        the total has the longest path and the plant's flow. ``pump_mwh`` of a section is what its friction takes, of
        the total what the pumps need. A figure without meaning, as cost per MWh where no heat is sold, is "".

    Raises
    ------
    InputError
        All faults of both ranges at once, each with its place.
    NoSolutionError
        A section carries more than the largest pipe can, so that none is chosen.

    Notes
    -----
    Loss as in DH_PIPE_LOSS and DH_TWIN_PIPE_LOSS, flow and friction as in DH_FLOW and DH_PRESSURE_DROP at the
    temperatures of the peak (``peak_supply_degc``, ``peak_return_degc``; a section's own come first), rating as in
    DH_NETWORK_RATING, cost as in DH_NETWORK_COST, pumps as in DH_PUMP_ENERGY for the largest of the plant's peak (the
    sum of those that it feeds) and any section's, and for the heat sold and lost.

    ``fed_by`` names the section that feeds another, blank is the plant; without that column the sections are one line,
    in their order, whose pressure drops add up: no less than in the network that they are.

    With ``ground_amplitude_k`` the ground has the temperature at the depth of the pipes, mean of ``hours_h`` around
    ``ground_day``, as in DH_GROUND_TEMPERATURE; ``ground_degc`` is then the mean of the year.

    Where hardly any heat is lost or the supply is colder than 40 °C, linear heat density says little: the note points
    to cost per connection and pump energy.

    References
    ----------
    .. [1] VICUS Software: Linear heat density; Pipe dimensioning; Pressure loss calculation; Pump sizing.
    .. [2] Nussbaumer T., Thalmann S. (2017): Planungshandbuch Fernwärme. EnergieSchweiz (direct use from 40 °C).

    Examples
    --------
    >>> header = ("dn", "insulation_series", "length_m", "heat_mwh", "peak_mw")
    >>> rows = network_table((header, (None, 2.0, 500.0, 900.0, 0.5)), 80, 50, 10)
    >>> [rows[1][rows[0].index(name)] for name in ("dn", "suggested", "rating")]
    [80, True, 'very good']
    """
    problems: list[str] = []
    given = _settings(settings or (), problems)
    try:
        found = network_sections(sections)
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    conditions = NetworkConditions(supply_degc, return_degc, ground_degc, hours_h, **given)
    figures, total = network_figures(found.sections, conditions)
    lines = [_line(label, one) for label, one in zip(found.labels, figures, strict=True)]
    blank = ["" if name in _TEXTS else name != "suggested" and 0.0 for name in HEADER]
    last = _line("total", total)
    if not found.branched and len(lines) > 1:
        last[-1] = "; ".join(filter(None, (last[-1], IN_A_LINE)))
    return [list(HEADER), *(blank if place is None else lines[place] for place in found.slots), last]


def _line(label: str, figures: Figures) -> list[Any]:
    return [label, *("" if value is None else value for value in astuple(figures))]


def _settings(cells: Cells, problems: list[str]) -> dict[str, float]:
    known = {one.name: one for one in SETTINGS}
    values: dict[str, float] = {}
    for number_of_row, row in enumerate(cells, start=1):
        if all(map(is_blank, row)):
            continue
        where = f"settings row {number_of_row}"
        title: Cell = row[0]
        name = title.strip().casefold() if isinstance(title, str) else ""
        if name not in known:
            problems.append(f"{where}: {described(title)} is no known setting; known are {', '.join(known)}")
        elif name in values:
            problems.append(f"{where}: {name} stands twice")
        else:
            try:
                values[name] = known[name].value(row[1] if len(row) > 1 else None)
            except InputError as error:
                problems.extend(f"{where}: {fault}" for fault in error.problems)
    return values
