"""DH Demand: standard load profiles, whose published tables come with the package demandlib."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dhxl.core import slp
from dhxl.core.checks import Vector
from dhxl.errors import InputError, NoSolutionError
from dhxl.functions.arguments import number, text, vector, whole
from dhxl.functions.spec import Result, example, worksheet_function

__all__ = ["PROFILES", "load_profile", "slp_demand"]

RESIDENTIAL = ("EFH", "MFH")
PROFILES = (*RESIDENTIAL, *("GMF", "GKO", "GHA", "GMK", "GBD", "GBH", "GGA", "GBA", "GWA", "GGB", "GPD", "GHD"))
GERMANY = 11  # the building class of its mix of old and new buildings
NO_CLASS = 0
TABLES = ("bdew", "bdew_data")  # folder of demandlib 0.2.2


def slp_demand(
    temperature_degc: npt.ArrayLike,
    annual_mwh: float,
    profile: str,
    building_class: int | None = None,
    windy: int = 0,
    part: str = "total",
    first_weekday: int = 1,
    holidays: npt.ArrayLike | None = None,
) -> Vector:
    """Heat demand of a customer group hour by hour after the standard load profiles of the German gas trade (BDEW).

    Parameters
    ----------
    temperature_degc : array_like
        Outdoor temperature of a year, °C, -70 to 60: 8760 or 8784 hours from 0 h on 1 January, or as many
        quarter-hours.
    annual_mwh : float
        Heat of the group in the year, MWh/a, above 0; it is met exactly.
    profile : str
        ``EFH`` single-family houses, ``MFH`` apartment buildings, ``GMF`` household-like business, ``GKO`` authorities,
        banks and insurance, ``GHA`` trade, ``GMK`` metal and cars, ``GBD`` other services, ``GBH`` hotels, ``GGA``
        restaurants, ``GBA`` bakeries, ``GWA`` laundries, ``GGB`` horticulture, ``GPD`` paper and printing, ``GHD`` all
        business together.
    building_class : int, optional
        Only of EFH and MFH: from 1, most houses built before 1979, to 10, fewest; left out, 11, the mix of Germany.
    windy : int, optional
        1 for a windy place, 0 for others.
    part : str, optional
        ``total``, ``heating`` or ``hot_water``: the part that is wanted, and that the annual heat is of. Hot water is
        the part that does not depend on the temperature; in a business it includes its processes.
    first_weekday : int, optional
        Weekday of 1 January: 1 for Monday to 7 for Sunday. EFH and MFH have no weekdays.
    holidays : array_like, optional
        Days of the year that count as Sundays, 1 for 1 January.

    Returns
    -------
    ndarray
        MW, one value for each temperature; the quarters of an hour are equal.

    Raises
    ------
    InputError
        An argument is outside its limits, or a building class is given for a business.
    NoSolutionError
        Heating is wanted of a year without a cold day, or the tables are not installed.

    Notes
    -----
    ``Q(d, hour) = K h(T) F(weekday) S(weekday, hour, class of T)`` with ``h = A / (1 + (B / (T - 40))^C) + D``; at
    40 °C and above, h is D. ``T = (T_d + T_(d-1)/2 + T_(d-2)/4 + T_(d-3)/8) / 1.875`` of daily means, the first days
    after the last ones of the year. K follows from the annual heat. Days are calendar days, the printed hourly factors
    of a day are scaled to a sum of exactly 1, and 24 and 31 December are days like others. A profile is a mean over
    many customers; of a few, the peaks are higher. Losses of the network are not in it.

    References
    ----------
    .. [1] BDEW, VKU, GEODE: Leitfaden Abwicklung von Standardlastprofilen Gas.
    .. [2] demandlib 0.2.2 (oemof developer group, MIT licence), whose tables are used, and its documentation, BDEW Load
       Profiles, heat profiles.

    Examples
    --------
    >>> temperature = 9 - 10 * np.cos(np.arange(8760) * 2 * np.pi / 8760)
    >>> demand = slp_demand(temperature, 20000, "MFH")
    >>> round(float(demand.sum()), 6), round(float(demand.max()), 3)
    (20000.0, 5.144)
    """
    if profile not in PROFILES:
        raise InputError(f"profile must be one of {', '.join(PROFILES)}, got {profile!r}")
    if profile not in RESIDENTIAL and building_class is not None:
        raise InputError(f"building_class must be left out, since {profile} has none, got {building_class}")
    if windy not in (0, 1):
        raise InputError(f"windy must be 0 or 1, got {windy}")
    group = load_profile(profile, GERMANY if building_class is None else building_class, windy)
    return slp.slp_demand(temperature_degc, annual_mwh, group, part, first_weekday, holidays)


@cache
def load_profile(profile: str, building_class: int, windy: int) -> slp.LoadProfile:
    """Return the published numbers of a customer group; a business has one building class only.

    Raises
    ------
    InputError
        The building class is not 1 to 11.
    NoSolutionError
        demandlib, which the tables come with, is not installed.

    Examples
    --------
    >>> houses = load_profile("EFH", 11, 0)
    >>> houses.a, houses.b, houses.c, houses.d
    (3.0469695, -37.1833141, 5.6727847, 0.1163157)
    """
    if not 1 <= building_class <= GERMANY:
        raise InputError(f"building_class must be >= 1 and <= {GERMANY}, got {building_class}")
    of_class = str(building_class if profile in RESIDENTIAL else NO_CLASS)
    (sigmoid,) = (
        row
        for row in _rows("sigmoid", profile)
        if (row["building_class"], row["wind_impact"]) == (of_class, str(windy))
    )
    a, b, c, d = (float(sigmoid[f"parameter_{letter}"]) for letter in "abcd")
    weekdays = np.array([float(row["wochentagsfaktor"]) for row in _rows("weekday", profile)])
    hourly = np.empty((len(weekdays), 24, slp.CLASSES))
    for row in _rows("hour", profile):
        if row["building_class"] == of_class:
            days = slice(None) if row["weekday"] == "0" else int(row["weekday"]) - 1
            factors = [float(row[f"temp_intervall_{number:02}"]) for number in range(1, slp.CLASSES + 1)]
            hourly[days, int(row["hour_of_day"]) - 1] = factors
    hourly /= hourly.sum(axis=1, keepdims=True)
    return slp.LoadProfile(a, b, c, d, weekdays, hourly)


def _rows(table: str, profile: str) -> Iterator[dict[str, str]]:
    """Return the rows of a table that belong to a profile."""
    demandlib = find_spec("demandlib")  # found, not imported: that would load pandas
    if demandlib is None or demandlib.origin is None:
        raise NoSolutionError("the tables of the load profiles are missing: pip install demandlib==0.2.2")
    path = Path(demandlib.origin).parent.joinpath(*TABLES, f"shlp_{table}_factors.csv")
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["shlp_type"] == profile)


_WARM_DAY = (
    *(0.0045, 0.0054, 0.0044, 0.0081, 0.0191, 0.0601, 0.0939, 0.0809, 0.0614, 0.0587, 0.0533, 0.0541),
    *(0.0521, 0.0420, 0.0403, 0.0360, 0.0423, 0.0498, 0.0482, 0.0508, 0.0526, 0.0450, 0.0262, 0.0108),
)  # hourly factors of EFH, class 11, above 25 °C

worksheet_function(
    "DH_SLP_DEMAND",
    category="DH Demand",
    arguments=(
        vector("temperature_degc", "Outdoor temperature of a year: 8760 or 8784 hours", "°C", at_least=-70, at_most=60),
        number("annual_mwh", "Heat of the customer group in the year, met exactly", "MWh/a", above=0),
        text(
            "profile",
            "Customer group: EFH single-family houses, MFH apartments, GHD all business, or one of it",
            PROFILES,
        ),
        whole("building_class", "Of EFH and MFH: 1 old to 10 new; left out, 11, Germany's mix", at_least=1, at_most=11),
        whole("windy", "1 for a windy place, 0 for others", at_least=0, at_most=1),
        text("part", "Which part is wanted, and the annual heat is of; left out, total", slp.PARTS),
        whole("first_weekday", "Weekday of 1 January: 1 for Monday to 7 for Sunday", at_least=1, at_most=7),
        vector("holidays", "Days of the year that count as Sundays, 1 for 1 January", "-", at_least=1, at_most=366),
    ),
    result=Result("column", "MW", "one value for each temperature"),
    examples=(
        example(
            [[factor / sum(_WARM_DAY)] for factor in _WARM_DAY] * 365,
            ((40.0,),) * 8760,
            365.0,
            "EFH",
            None,
            None,
            None,
            None,
            ((1.0,), (6.0,)),
            source="limit: 1 MWh on every day of constant temperature, after the hourly factors above 25 °C",
        ),
    ),
)(slp_demand)
