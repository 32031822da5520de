"""Consumers of a network: how much of their heat is hot water, how few peak at once, and their full-load hours."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.core.plant import WATER_MWH_PER_M3K
from dhxl.core.years import MONTH_DAYS, month_of_hours, steps_per_hour
from dhxl.errors import InputError, NoSolutionError

__all__ = ["DIVERSITY_METHODS", "diversity", "full_load_hours", "hot_water_heat", "hot_water_share", "peak_load"]

LONGEST_YEAR_H = 8784.0
ROUNDING = 1e-9
DIVERSITY_METHODS = ("danish", "winter")
WINTER = (0.449677646267461, 0.551234688, 53.84382392, 1.762743268)


def hot_water_share(heat_mwh: npt.ArrayLike, loss_mwh: float = 0.0, first_month: int = 6, last_month: int = 8) -> float:
    """Share of hot water in the annual heat, read from the months without heating, whose load goes on all year.

    Parameters
    ----------
    heat_mwh : array_like
        Metered heat, MWh, each at least 0: of the 12 months, or of all hours or quarter-hours of a year.
    loss_mwh : float, optional
        Losses within that heat, MWh/a, at least 0, which are the same all year; 0 for heat metered at the customers.
    first_month, last_month : int, optional
        Months without heating, 1 to 12, both included; June to August, if left out. 12 and 2 are December to February.

    Returns
    -------
    float
        Hot water over heat without the losses, 0 to 1.

    Raises
    ------
    InputError
        An argument is outside its limits: all faults at once.
    NoSolutionError
        There is no heat, the losses alone exceed the load of these months, or these months use more heat than
        others.

    Notes
    -----
    ``(B - L) / (Q - L)`` with ``B = heat of the summer months / their days x days of the year``. Months alone are those
    of a year of 365 days. Cold water is warmer and people are away in summer, so the share comes out rather low;
    process heat and the heating of cold summer days raise it.

    References
    ----------
    .. [1] agutl.com, Usage estimates: midsummer, when gas heats no rooms, gives the base load of hot water.
    .. [2] Frederiksen S., Werner S. (2013): District heating and cooling. Studentlitteratur, chapter on heat loads.

    Examples
    --------
    >>> year = [300, 280, 220, 160, 80, 30, 31, 31, 73, 139, 200, 281]
    >>> hot_water_share(year)
    0.2
    """
    heat = vector_of("heat_mwh", heat_mwh)
    require(
        outside_anywhere("heat_mwh", heat, at_least=0),
        outside("loss_mwh", loss_mwh, at_least=0),
        outside("first_month", first_month, at_least=1, at_most=12),
        outside("last_month", last_month, at_least=1, at_most=12),
    )
    monthly, days = _by_month(heat)
    chosen = np.array([(month - first_month) % 12 <= (last_month - first_month) % 12 for month in range(1, 13)])
    year = math.fsum(heat)
    base = math.fsum(monthly[chosen]) / math.fsum(days[chosen]) * math.fsum(days)
    slack = ROUNDING * year
    if year - loss_mwh <= slack:
        raise NoSolutionError(f"nothing is left for customers: heat_mwh is {year:.6g} MWh in the year, losses included")
    if base < loss_mwh - slack:
        raise NoSolutionError(
            f"loss_mwh {loss_mwh:.12g} MWh is more than {base:.6g} MWh, the load of months {first_month} to "
            f"{last_month} over a year"
        )
    if base > year + slack:
        raise NoSolutionError(
            f"months {first_month} to {last_month} use more heat than the mean of the year, so hot water cannot be "
            "read from them"
        )
    return min(1.0, max(0.0, (base - loss_mwh) / (year - loss_mwh)))


def _by_month(heat: Vector) -> tuple[Vector, Vector]:
    """Heat and days of the twelve months."""
    if heat.size == 12:
        return heat, np.array(MONTH_DAYS, dtype=np.float64)
    try:
        steps = steps_per_hour("heat_mwh", heat.size)
    except InputError:
        raise InputError(
            f"heat_mwh must hold 12 months, or the hours or quarter-hours of a year, got {heat.size} values"
        ) from None
    months = month_of_hours(heat.size // steps)
    monthly = np.bincount(np.repeat(months, steps), weights=heat).astype(np.float64)
    return monthly, np.bincount(months) / 24.0


def hot_water_heat(volume_m3: float, hot_degc: float = 60.0, cold_degc: float = 10.0, efficiency: float = 1.0) -> float:
    """Heat for a volume of hot water, with the losses of its store and its circulation where they are given.

    Parameters
    ----------
    volume_m3 : float
        Hot water drawn in the year, m³, at least 0; 40 litres per person and day are 14.6 m³ per person.
    hot_degc : float, optional
        Temperature of the hot water, °C, 0 to 100.
    cold_degc : float, optional
        Temperature of the cold water, °C, from 0 to ``hot_degc``.
    efficiency : float, optional
        Share of the heat that comes out of the taps, above 0 to 1; 0.53 is what the German rule for settling heating
        costs takes for supplied heat in buildings with a store and circulation.

    Returns
    -------
    float
        MWh/a.

    Raises
    ------
    InputError
        An argument is outside its limits, or the hot water is colder than the cold.

    Notes
    -----
    ``Q = V rho c (T_hot - T_cold) / efficiency`` with rho c = 1.163 kWh/(m³·K). The rule reads
    ``Q = 2.5 / 1.15 kWh/(m³·K) V (T_hot - 10 °C)``, an efficiency of 1.163 x 1.15 / 2.5 = 0.535.

    References
    ----------
    .. [1] Haufe, HeizKV: Ermittlung und Berechnung der Kosten bei Verbund, on § 9 (2) HeizkostenV.

    Examples
    --------
    >>> round(hot_water_heat(47.2), 4)
    2.7447
    """
    require(
        outside("volume_m3", volume_m3, at_least=0),
        outside("hot_degc", hot_degc, at_least=0, at_most=100),
        outside("cold_degc", cold_degc, at_least=0, at_most=100),
        outside("efficiency", efficiency, above=0, at_most=1),
    )
    if cold_degc > hot_degc:
        raise InputError(f"cold_degc must be <= hot_degc, {hot_degc:.12g} °C, got {cold_degc:.12g}")
    return volume_m3 * WATER_MWH_PER_M3K * (hot_degc - cold_degc) / efficiency


def diversity(consumers: int, method: str = "danish") -> float:
    """Peak of a number of consumers together, over the sum of their own peaks.

    Parameters
    ----------
    consumers : int
        Number of dwellings or substations behind the point in question, at least 1.
    method : str, optional
        ``danish``: space heating of dwellings. ``winter``: heat of substations, hot water included, as measured in
        small networks.

    Returns
    -------
    float
        Above 0 to 1; 1 for one consumer.

    Raises
    ------
    InputError
        There is no consumer, or the method is unknown.

    Notes
    -----
    ``danish: 0.62 + 0.38 / n``. ``winter: 0.44968 + 0.55123 / (1 + (n / 53.844)^1.76274)``, at most 1, fitted to two
    Austrian networks of 559 substations in all and stated for up to 200 consumers; beyond that it is an extrapolation
    (0.45 for any number), and one network of 255 was measured at 0.51 where it gives 0.48.
    Larger consumers of unequal size peak together more than these say.

    References
    ----------
    .. [1] Varme Ståbi, as equation 3 of Dansk Fjernvarmes F&U-konto (2013): Effekt- og samtidighedsforhold ved
       fjernvarmeforsyning af nye boligområder.
    .. [2] Winter W., Haslauer T., Obernberger I. (2001): Untersuchungen der Gleichzeitigkeit in kleinen und mittleren
       Nahwärmenetzen. Euroheat & Power 9/10, as in nPro: Gleichzeitigkeitsfaktor in Wärmenetzen.

    Examples
    --------
    >>> diversity(1), round(diversity(100), 4), round(diversity(100, "winter"), 4)
    (1.0, 0.6238, 0.5882)
    """
    require(
        outside("consumers", consumers, at_least=1),
        []
        if method in DIVERSITY_METHODS
        else [f"method must be one of {', '.join(DIVERSITY_METHODS)}, got {method!r}"],
    )
    n = float(consumers)
    if method == "winter":
        a, b, c, d = WINTER
        return min(1.0, a + b / (1.0 + math.pow(n / c, d)))
    return 0.62 + 0.38 / n


def full_load_hours(annual_mwh: float, peak_mw: float) -> float:
    """Hours at full load that would give the annual heat: of a consumer, a network or a plant.

    Parameters
    ----------
    annual_mwh : float
        Heat of the year, MWh/a, at least 0.
    peak_mw : float
        Largest load, connected load or capacity, MW, above 0.

    Returns
    -------
    float
        h/a, at most 8784; of buildings in central Europe usually 1200 (new) to 2300.

    Raises
    ------
    InputError
        An argument is outside its limits, or the annual heat exceeds a year at full load.

    Notes
    -----
    ``annual heat / peak``.

    References
    ----------
    .. [1] simota.de, Leistungsmessung: Vollbenutzungszahl (1700 to 2300 h for offices).
    .. [2] fw704.de, Bandbreiten: Volllastbenutzungsstunden (1200 h for new to 1800 h for old buildings).

    Examples
    --------
    >>> full_load_hours(600, 0.6)
    1000.0
    """
    require(outside("annual_mwh", annual_mwh, at_least=0), outside("peak_mw", peak_mw, above=0))
    if annual_mwh > LONGEST_YEAR_H * peak_mw * (1 + ROUNDING):
        raise InputError(
            f"annual_mwh must be <= {LONGEST_YEAR_H * peak_mw:.12g} MWh, a year at {peak_mw:.12g} MW, "
            f"got {annual_mwh:.12g}"
        )
    return min(annual_mwh / peak_mw, LONGEST_YEAR_H)


def peak_load(annual_mwh: float, full_load_h: float, diversity: float = 1.0, loss_mw: float = 0.0) -> float:
    """Peak load of consumers together, from their annual heat, their full-load hours and their diversity.

    Parameters
    ----------
    annual_mwh : float
        Heat of the consumers in the year, MWh/a, at least 0.
    full_load_h : float
        Their full-load hours, each by itself, h/a, above 0 to 8784.
    diversity : float, optional
        Peak together over the sum of single peaks, above 0 to 1.
    loss_mw : float, optional
        Loss of the network at the peak, MW, at least 0, which no diversity lowers.

    Returns
    -------
    float
        MW.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``annual heat / full-load hours x diversity + loss``.

    References
    ----------
    .. [1] nPro, Gleichzeitigkeitsfaktor in Wärmenetzen: the largest load at the plant is the sum of nominal loads times
       the factor.

    Examples
    --------
    >>> peak_load(600, 2000)
    0.3
    """
    require(
        outside("annual_mwh", annual_mwh, at_least=0),
        outside("full_load_h", full_load_h, above=0, at_most=LONGEST_YEAR_H),
        outside("diversity", diversity, above=0, at_most=1),
        outside("loss_mw", loss_mw, at_least=0),
    )
    return annual_mwh / full_load_h * diversity + loss_mw
