"""Temperature of the undisturbed ground by depth and season."""

from __future__ import annotations

import math

from dhxl.core.checks import outside, require

__all__ = ["ground_temperature", "unsuitable_mean", "unsuitable_wave"]

COLDEST_DAY = 35.0  # early February, central Europe
DIFFUSIVITY_M2_PER_S = 5e-7  # soils 3e-7 to 8e-7
YEAR_DAYS, DAY_S = 365.0, 86400.0


def ground_temperature(
    mean_degc: float,
    amplitude_k: float,
    depth_m: float,
    day: float,
    period_days: float = 0.0,
    coldest_day: float = COLDEST_DAY,
    diffusivity_m2_per_s: float = DIFFUSIVITY_M2_PER_S,
) -> float:
    """Temperature of the undisturbed ground at a depth, on a day of the year or on average over days around it.

    Parameters
    ----------
    mean_degc : float
        Mean of the year at the surface, near that of the air, °C, -50 to 50.
    amplitude_k : float
        Half the difference between the warmest and the coldest surface of the year, as monthly means, K, 0 to 50.
    depth_m : float
        Depth below the surface, for pipes that of their axis, m, 0 to 100.
    day : float
        Day of the year, 0 to 366.
    period_days : float, optional
        Days around that day over which the mean is taken, d, 0 to 366; 0 is the day itself.
    coldest_day : float, optional
        Day of the year on which the surface is coldest, 0 to 366: about 35 in central Europe, 217 in the south.
    diffusivity_m2_per_s : float, optional
        Thermal diffusivity of the soil, m²/s, 1e-8 to 1e-4: conductivity over heat capacity per volume.

    Returns
    -------
    float
        °C; the mean of the year at great depth, and over a period of 365 days at any depth.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    Kusuda and Achenbach: ``T = mean - amplitude e^(-z/w) cos(2 pi/365 (day - coldest) - z/w)`` with the depth of
    penetration ``w = sqrt(365 d * diffusivity / pi)``, 2.2 m by default. The mean over n days is the same with the
    amplitude times ``sin(pi n/365) / (pi n/365)``. As the loss of a pipe is linear in the temperatures, the year's mean
    gives the year's loss at any depth; depth counts where a network is warm for a part of the year only, and at peak.

    References
    ----------
    .. [1] Kusuda T., Achenbach P. R. (1965): Earth temperature and thermal diffusivity at selected stations in the
       United States. ASHRAE Transactions 71(1), 61-74.
    .. [2] EnergyPlus Engineering Reference: Undisturbed ground temperature model, Kusuda-Achenbach.
    .. [3] Fricke T.: thermal-cable-model, ground (coldest day, range of diffusivities).

    Examples
    --------
    >>> round(ground_temperature(10, 10, 1.2, 35), 2), round(ground_temperature(10, 10, 1.2, 35, 365), 2)
    (4.97, 10.0)
    """
    require(
        unsuitable_mean("mean_degc", mean_degc),
        unsuitable_wave(amplitude_k, day, coldest_day, diffusivity_m2_per_s, ("amplitude_k", "day")),
        outside("depth_m", depth_m, at_least=0, at_most=100),
        outside("period_days", period_days, at_least=0, at_most=366),
    )
    damped = depth_m / math.sqrt(YEAR_DAYS * DAY_S * diffusivity_m2_per_s / math.pi)
    half = math.pi * period_days / YEAR_DAYS
    evened = math.sin(half) / half if half else 1.0
    phase = 2 * math.pi / YEAR_DAYS * (day - coldest_day) - damped
    return mean_degc - amplitude_k * evened * math.exp(-damped) * math.cos(phase)


def unsuitable_mean(name: str, mean_degc: float) -> list[str]:
    """Sentence on a yearly mean outside its limits, or nothing."""
    return outside(name, mean_degc, at_least=-50, at_most=50)


def unsuitable_wave(
    amplitude_k: float,
    day: float,
    coldest_day: float,
    diffusivity_m2_per_s: float,
    names: tuple[str, str] = ("ground_amplitude_k", "ground_day"),
) -> list[str]:
    """Sentences on a yearly wave of temperature outside its limits, or none; the first two go by the given names."""
    return [
        *outside(names[0], amplitude_k, at_least=0, at_most=50),
        *outside(names[1], day, at_least=0, at_most=366),
        *outside("coldest_day", coldest_day, at_least=0, at_most=366),
        *outside("diffusivity_m2_per_s", diffusivity_m2_per_s, at_least=1e-8, at_most=1e-4),
    ]
