"""Standard load profiles of the gas trade: heat of a customer group hour by hour from outdoor temperature."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.core.years import steps_per_hour
from dhxl.errors import InputError, NoSolutionError

__all__ = ["PARTS", "LoadProfile", "allocation_temperature", "daily_load", "slp_demand", "temperature_class"]

PARTS = ("total", "heating", "hot_water")
POLE_DEGC = 40.0  # of the sigmoid, the same for every profile
DAY_WEIGHTS = (1.0, 0.5, 0.25, 0.125)  # of a day and of the three days before it
CLASS_WIDTH_K = 5.0
COLDEST_CLASS_DEGC = -15.0  # and below
CLASSES = 10
LEAST_LOAD = 1e-9  # of a year, in days at 8 °C: below it there is nothing to share out
SUNDAY = 6


@dataclass(frozen=True, slots=True, eq=False)
class LoadProfile:
    """Published numbers of a customer group: ``h = a / (1 + (b / (T - 40))^c) + d`` and how its days are shaped.

    ``weekday_factors`` has shape (7,), Monday first; ``hourly_factors`` has shape (7, 24, 10) by weekday, hour and
    temperature class, and the hours of a day sum to 1.
    """

    a: float
    b: float
    c: float
    d: float
    weekday_factors: Vector
    hourly_factors: Vector


def allocation_temperature(daily_degc: npt.ArrayLike) -> Vector:
    """Temperature that drives the heat of a day: the day's mean and those of the three days before, falling in weight.

    Parameters
    ----------
    daily_degc : array_like
        Mean temperatures of days, °C, in order; before the first day stands the last one.

    Returns
    -------
    ndarray
        °C, one value a day.

    Raises
    ------
    InputError
        A value is not finite, or there is none.

    Notes
    -----
    ``(T_d + T_(d-1) / 2 + T_(d-2) / 4 + T_(d-3) / 8) / 1.875``. The mean over all days is kept.

    References
    ----------
    .. [1] demandlib documentation, BDEW Load Profiles, heat profiles: geometric series.

    Examples
    --------
    >>> allocation_temperature([0, 0, 0, 15]).tolist()
    [4.0, 2.0, 1.0, 8.0]
    """
    days = vector_of("daily_degc", daily_degc)
    require(outside_anywhere("daily_degc", days))
    weighted = sum(weight * np.roll(days, shift) for shift, weight in enumerate(DAY_WEIGHTS))
    return np.asarray(weighted, dtype=np.float64) / math.fsum(DAY_WEIGHTS)


def daily_load(allocation_degc: npt.ArrayLike, profile: LoadProfile, part: str = "total") -> Vector:
    """Heat of a day as a profile's function of temperature gives it, about 1 at 8 °C; of weekdays it knows nothing.

    Parameters
    ----------
    allocation_degc : array_like
        Allocation temperatures, °C.
    profile : LoadProfile
        Of which a, b, c and d are used.
    part : str, optional
        ``total``, ``heating`` (without d) or ``hot_water`` (d alone).

    Returns
    -------
    ndarray
        Without unit, one value a day, at least 0.

    Raises
    ------
    InputError
        A temperature is not finite, or the part is unknown.

    Notes
    -----
    ``h = A / (1 + (B / (T - 40))^C) + D``. At the pole, 40 °C, and above it heating is 0, its limit from below.

    References
    ----------
    .. [1] demandlib documentation, BDEW Load Profiles, heat profiles: sigmoid function.

    Examples
    --------
    >>> none = np.ones(0)
    >>> houses = LoadProfile(3.0469695, -37.1833141, 5.6727847, 0.1163157, none, none)
    >>> daily_load([0, -10, 40, 55], houses).round(6).tolist()
    [1.950896, 2.684648, 0.116316, 0.116316]
    """
    degrees = vector_of("allocation_degc", allocation_degc)
    require(
        outside_anywhere("allocation_degc", degrees),
        [] if part in PARTS else [f"part must be one of {', '.join(PARTS)}, got {part!r}"],
    )
    base = np.full(degrees.size, profile.d)
    if part == "hot_water":
        return base
    power = (np.maximum(0.0, POLE_DEGC - degrees) / abs(profile.b)) ** profile.c
    heating = profile.a * power / (1.0 + power)
    return heating if part == "heating" else heating + base


def temperature_class(allocation_degc: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Temperature class whose hourly factors hold for a day: 0 up to -15 °C, then one for every 5 K, 9 above 25 °C.

    Parameters
    ----------
    allocation_degc : array_like
        Allocation temperatures, °C.

    Returns
    -------
    ndarray
        0 to 9, one value a day; a limit belongs to the colder class.

    Raises
    ------
    InputError
        A temperature is not finite.

    References
    ----------
    .. [1] demandlib 0.2.2, bdew/heat_building.py, get_temperature_interval.

    Examples
    --------
    >>> temperature_class([-20, -15, -14.9, 0, 0.1, 25, 25.1]).tolist()
    [0, 0, 1, 3, 4, 8, 9]
    """
    degrees = vector_of("allocation_degc", allocation_degc)
    require(outside_anywhere("allocation_degc", degrees))
    above = np.ceil((degrees - COLDEST_CLASS_DEGC) / CLASS_WIDTH_K)
    return np.clip(above, 0, CLASSES - 1).astype(np.int64)


def slp_demand(
    temperature_degc: npt.ArrayLike,
    annual_mwh: float,
    profile: LoadProfile,
    part: str = "total",
    first_weekday: int = 1,
    holidays: npt.ArrayLike | None = None,
) -> Vector:
    """Heat of a customer group hour by hour, shared out over the year as its load profile tells.

    Parameters
    ----------
    temperature_degc : array_like
        Outdoor temperature of a year, °C, -70 to 60: 8760 or 8784 hours from 0 h on 1 January, or as many
        quarter-hours.
    annual_mwh : float
        Heat of the year, MWh/a, above 0; it is met exactly.
    profile : LoadProfile
        Of the customer group.
    part : str, optional
        ``total``, ``heating`` or ``hot_water``: of which part the annual heat is.
    first_weekday : int, optional
        Weekday of 1 January: 1 for Monday to 7 for Sunday.
    holidays : array_like, optional
        Days of the year that count as Sundays, 1 for 1 January.

    Returns
    -------
    ndarray
        MW, one value for each temperature; the quarters of an hour are equal.

    Raises
    ------
    InputError
        An argument is outside its limits: all faults at once.
    NoSolutionError
        No day is cold enough for any heating, and the part is ``heating``.

    Notes
    -----
    ``Q(d, hour) = K h(T_d) F(weekday) S(weekday, hour, class of T_d)``, T_d the allocation temperature; K follows from
    the annual heat.

    Examples
    --------
    >>> flat = LoadProfile(0.0, -37.0, 6.0, 1.0, np.ones(7), np.full((7, 24, 10), 1 / 24))
    >>> load = slp_demand(np.zeros(8760), 8760, flat)
    >>> round(float(load.min()), 12), round(float(load.max()), 12)
    (1.0, 1.0)
    """
    temperature = vector_of("temperature_degc", temperature_degc)
    steps = steps_per_hour("temperature_degc", temperature.size)
    days = temperature.size // (24 * steps)
    sundays = np.zeros(0) if holidays is None else vector_of("holidays", holidays)
    require(
        outside_anywhere("temperature_degc", temperature, at_least=-70, at_most=60),
        outside("annual_mwh", annual_mwh, above=0),
        outside("first_weekday", first_weekday, at_least=1, at_most=7),
        outside_anywhere("holidays", sundays, at_least=1, at_most=days),
    )
    if (sundays % 1 != 0).any():
        raise InputError("holidays must be whole numbers, the days of the year counted from 1 on 1 January")
    weekday = (np.arange(days) + first_weekday - 1) % 7
    weekday[sundays.astype(np.int64) - 1] = SUNDAY
    allocation = allocation_temperature(temperature.reshape(days, -1).mean(axis=1))
    daily = daily_load(allocation, profile, part) * profile.weekday_factors[weekday]
    hourly = (daily[:, None] * profile.hourly_factors[weekday, :, temperature_class(allocation)]).ravel()
    total = math.fsum(hourly)
    if total < LEAST_LOAD:
        raise NoSolutionError(f"no day is cold enough for heating, so nothing can take the {annual_mwh:.6g} MWh")
    return np.repeat(hourly / total * annual_mwh, steps)
