"""Heat demand of a network hour by hour, and what is read from it and from the weather."""

from __future__ import annotations

import math
from itertools import accumulate, islice

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.core.roots import bisected
from dhxl.core.years import steps_per_hour
from dhxl.errors import InputError, NoSolutionError

__all__ = ["degree_days", "heat_demand", "load_duration"]

# Shapes of the calibrated study (geothermal network, northern Italy); by hour of day, only proportions count.
HEATING_BY_HOUR = (
    *(0.55, 0.5, 0.5, 0.55, 0.7, 1.0, 1.45, 1.6, 1.4, 1.2, 1.05, 1.0),
    *(1.0, 0.95, 0.95, 0.95, 1.0, 1.1, 1.2, 1.25, 1.2, 1.1, 0.85, 0.65),
)
HOT_WATER_BY_HOUR = (
    *(0.3, 0.2, 0.15, 0.15, 0.25, 0.6, 1.3, 1.9, 1.8, 1.4, 1.1, 1.0),
    *(1.1, 1.1, 0.9, 0.8, 0.9, 1.1, 1.5, 1.8, 1.7, 1.3, 0.9, 0.55),
)
LOSS_SHARE_OF_BASE = 0.474 / 1.45  # constant losses within the base load of the calibrated study, MW over MW
LIMIT_DEGC, ROOM_DEGC = 16.0, 20.0
SMOOTHING_H = 12.0
START_H = 48  # the smoothed temperature starts from the mean of the year's last 48 hours
EXPONENTS = (0.01, 50.0)  # between a flat heating load and a single peak
ROUNDING = 1e-12


def degree_days(daily_degc: npt.ArrayLike, base_degc: float = 20.0, limit_degc: float | None = None) -> float:
    """Heating degree days: sum of base temperature less daily mean temperature over the days that need heating.

    Parameters
    ----------
    daily_degc : array_like
        Mean temperatures of days, °C, at most 366: a year, or the days of a heating season.
    base_degc : float, optional
        Room temperature from which is counted, °C, -50 to 60.
    limit_degc : float, optional
        Only days with a mean below it count, °C, at most ``base_degc``; left out, the base itself, so that all positive
        differences count.

    Returns
    -------
    float
        K·d.

    Raises
    ------
    InputError
        An argument is outside its limits; more than 366 values are hours, not days.

    Notes
    -----
    ``sum of (base - T)`` over days with ``T < limit``. Eurostat counts from 18 °C on days below 15 °C, Switzerland
    (SIA) from 20 below 12, Germany (VDI 3807) from 20 below 15; Italy (DPR 412/1993) counts positive differences to
    20 °C in the legal season of the place, whose days alone are then passed.

    References
    ----------
    .. [1] EEA: Heating degree days, indicator CLIM 047 (Eurostat's definition).
    .. [2] DPR 26 agosto 1993 n. 412, art. 1 (Italy).

    Examples
    --------
    >>> degree_days([10.0, 14.0, 15.0], 18, 15)
    12.0
    """
    days = vector_of("daily_degc", daily_degc)
    limit = base_degc if limit_degc is None else limit_degc
    require(
        [] if days.size <= 366 else [f"daily_degc must be daily means of a year, at most 366, got {days.size} values"],
        outside_anywhere("daily_degc", days, at_least=-70, at_most=60),
        outside("base_degc", base_degc, at_least=-50, at_most=60),
        outside("limit_degc", limit, at_least=-50, at_most=60),
    )
    if limit > base_degc:
        raise InputError(f"limit_degc must be <= base_degc, {base_degc:.12g} °C, got {limit:.12g}")
    return math.fsum(base_degc - days[days < limit])


def load_duration(values: npt.ArrayLike) -> Vector:
    """Load duration curve: the values of a year in descending order.

    Parameters
    ----------
    values : array_like
        Any number of values, in any unit.

    Returns
    -------
    ndarray
        The same values, largest first; value k is reached or exceeded in k steps.

    Raises
    ------
    InputError
        A value is not finite, or there is none.

    Notes
    -----
    Its area is the energy of the series.

    References
    ----------
    .. [1] Frederiksen S., Werner S. (2013): District heating and cooling. Studentlitteratur, chapter on heat loads.

    Examples
    --------
    >>> load_duration([1, 3, 2])
    array([3., 2., 1.])
    """
    loads = vector_of("values", values)
    require(outside_anywhere("values", loads))
    return np.sort(loads)[::-1]


def heat_demand(
    temperature_degc: npt.ArrayLike,
    annual_mwh: float,
    base_mw: float,
    peak_mw: float | None = None,
    limit_degc: float = LIMIT_DEGC,
    room_degc: float = ROOM_DEGC,
    smoothing_h: float = SMOOTHING_H,
    loss_mw: float | None = None,
) -> Vector:
    """Heat demand of a network hour by hour from outdoor temperature, meeting annual heat, base load and peak exactly.

    Parameters
    ----------
    temperature_degc : array_like
        Outdoor temperature of a year, °C, -70 to 60: 8760 or 8784 hours from 0 h on 1 January, or as many
        quarter-hours.
    annual_mwh : float
        Heat fed into the network in the year, with losses, MWh/a, above 0.
    base_mw : float
        Mean load of hot water and losses, which last all year, MW, at least 0.
    peak_mw : float, optional
        Largest load of the year, MW; left out, heating is proportional to the temperature difference and the peak
        follows.
    limit_degc : float, optional
        Heating limit: days with a mean temperature below it are heated, °C, -50 to 60.
    room_degc : float, optional
        Temperature at which the heating load is zero, °C, -50 to 60.
    smoothing_h : float, optional
        Time constant of the buildings, h, 0 (none) to 1000.
    loss_mw : float, optional
        Constant part of the base load, MW, 0 to ``base_mw``; left out, 32.7 % of it. The rest follows the day of hot
        water.

    Returns
    -------
    ndarray
        MW, one value for each temperature.

    Raises
    ------
    InputError
        An argument is outside its limits: all faults at once; the annual heat is less than the base load's, or
        the peak less than the mean load.
    NoSolutionError
        No heating load of this shape has that energy and that peak; the sentence says which energies it could have.

    Notes
    -----
    ``demand = loss + (base - loss) w(h) + S y^g``. The heating load y is ``max(0, room - x) p(h)`` on heating days,
    0 on others, divided by its maximum; ``x(t) = a x(t-1) + (1-a) T(t)``, ``a = exp(-1/smoothing)``, is the temperature
    as the buildings feel it, started from the mean of the year's last 48 h. S and g solve annual heat and
    peak: for each g, S is the largest scale that keeps every hour within the peak, and the energy falls as g rises.
    w and p are the daily shapes of hot water and heating, each with mean 1:
    hot water 0.3 0.2 0.15 0.15 0.25 0.6 1.3 1.9 1.8 1.4 1.1 1.0 1.1 1.1 0.9 0.8 0.9 1.1 1.5 1.8 1.7 1.3 0.9 0.55,
    heating 0.55 0.5 0.5 0.55 0.7 1.0 1.45 1.6 1.4 1.2 1.05 1.0 1.0 0.95 0.95 0.95 1.0 1.1 1.2 1.25 1.2 1.1 0.85 0.65.
    They come from the calibration of a published study, not from measurement; import a metered series where there is
    one.

    References
    ----------
    .. [1] Frederiksen S., Werner S. (2013): District heating and cooling. Studentlitteratur, chapter on heat loads
       (space heating by outdoor temperature, hot water and losses all year).

    Examples
    --------
    >>> temperature = 12 - 10 * np.cos(np.arange(8760) * 2 * np.pi / 8760)
    >>> demand = heat_demand(temperature, 40000, 1.5, 18)
    >>> round(float(demand.sum()), 6), round(float(demand.max()), 9)
    (40000.0, 18.0)
    """
    temperature = vector_of("temperature_degc", temperature_degc)
    steps = steps_per_hour("temperature_degc", temperature.size)
    loss = LOSS_SHARE_OF_BASE * base_mw if loss_mw is None else loss_mw
    require(
        outside_anywhere("temperature_degc", temperature, at_least=-70, at_most=60),
        outside("annual_mwh", annual_mwh, above=0),
        outside("base_mw", base_mw, at_least=0),
        outside("peak_mw", peak_mw, above=0) if peak_mw is not None else [],
        outside("limit_degc", limit_degc, at_least=-50, at_most=60),
        outside("room_degc", room_degc, at_least=-50, at_most=60),
        outside("smoothing_h", smoothing_h, at_least=0, at_most=1000),
        outside("loss_mw", loss, at_least=0, at_most=base_mw) if loss_mw is not None else [],
    )
    days = temperature.size // (24 * steps)
    hot_water = np.tile(_by_step(HOT_WATER_BY_HOUR, steps), days)
    base = loss + (base_mw - loss) * hot_water
    heating = _heating_shape(temperature, steps, limit_degc, room_degc, smoothing_h)
    heat = annual_mwh - math.fsum(base) / steps
    _require_possible(annual_mwh, heat, peak_mw, temperature.size // steps)
    if abs(heat) <= ROUNDING * annual_mwh:
        demand = base
        if peak_mw is not None and abs(float(base.max()) - peak_mw) > ROUNDING * peak_mw:
            raise NoSolutionError(
                f"annual_mwh is the base load's alone, whose peak is {base.max():.6g} MW; peak_mw {peak_mw:.12g} MW "
                "cannot be met"
            )
    elif not heating.any():
        raise NoSolutionError(
            f"no day is colder than limit_degc {limit_degc:.12g} °C with room_degc {room_degc:.12g} °C, so nothing can "
            f"take the {heat:.6g} MWh above the base load"
        )
    elif peak_mw is None:
        demand = base + heat * steps / math.fsum(heating) * heating
    else:
        demand = base + _peaked(heating, base, heat, peak_mw, steps)
    return demand


def _by_step(by_hour: tuple[float, ...], steps: int) -> Vector:
    shape = np.array(by_hour)
    return np.repeat(shape / shape.mean(), steps)


def _heating_shape(temperature: Vector, steps: int, limit: float, room: float, smoothing: float) -> Vector:
    daily = temperature.reshape(-1, 24 * steps)
    heated = np.repeat(daily.mean(axis=1) < limit, 24 * steps)
    felt = temperature
    if smoothing > 0:
        a = math.exp(-1 / (smoothing * steps))
        start = float(temperature[-START_H * steps :].mean())
        smoothed = accumulate(temperature.tolist(), lambda x, t: a * x + (1 - a) * t, initial=start)
        felt = np.fromiter(islice(smoothed, 1, None), dtype=np.float64, count=temperature.size)
    shape = np.maximum(0.0, room - felt) * np.tile(_by_step(HEATING_BY_HOUR, steps), daily.shape[0])
    shape[~heated] = 0.0
    largest = float(shape.max())
    return shape / largest if largest > 0 else shape


def _require_possible(annual_mwh: float, heat: float, peak_mw: float | None, hours: int) -> None:
    problems = []
    if heat < -ROUNDING * annual_mwh:
        problems.append(
            f"annual_mwh must be >= {annual_mwh - heat:.12g} MWh, which the base load alone takes, "
            f"got {annual_mwh:.12g}"
        )
    if peak_mw is not None and peak_mw < annual_mwh / hours:
        problems.append(f"peak_mw must be >= {annual_mwh / hours:.6g} MW, the mean load, got {peak_mw:.12g}")
    require(problems)


def _peaked(heating: Vector, base: Vector, heat: float, peak_mw: float, steps: int) -> Vector:
    """Heating load ``S y^g`` with the given energy whose sum with the base load just reaches the peak."""
    if float(base.max()) >= peak_mw:
        raise NoSolutionError(
            f"peak_mw {peak_mw:.12g} MW is not above {base.max():.6g} MW, which hot water and losses reach alone"
        )
    heated = heating > 0
    log_y, log_room = np.log(heating[heated]), np.log(peak_mw - base[heated])

    def load(g: float) -> Vector:
        return np.asarray(np.exp(g * log_y + float((log_room - g * log_y).min())))

    def surplus(g: float) -> float:
        return float(load(g).sum()) / steps - heat

    low, high = EXPONENTS
    if surplus(low) < 0 or surplus(high) > 0:
        base_heat = math.fsum(base) / steps
        raise NoSolutionError(
            f"annual_mwh {heat + base_heat:.12g} MWh and peak_mw {peak_mw:.12g} MW do not go together on these "
            f"temperatures: with this peak the year takes between {surplus(high) + heat + base_heat:.6g} and "
            f"{surplus(low) + heat + base_heat:.6g} MWh"
        )
    result = np.zeros_like(heating)
    result[heated] = load(bisected(surplus, low, high))
    return result
