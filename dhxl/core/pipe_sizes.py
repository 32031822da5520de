"""Pipes for a heat load, and heat loads for a pipe, within limits of pressure drop and velocity."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable

from dhxl.core.checks import outside, require
from dhxl.core.hydraulics import MOST_MM, ROUGHNESS_MM, carried_heat, gradient_in, mean_gradient, velocity_in
from dhxl.core.pipe_data import PIPES
from dhxl.core.pipes import unknown_dn
from dhxl.core.roots import bisected
from dhxl.errors import NoSolutionError

__all__ = ["MAX_M_PER_S", "MAX_PA_PER_M", "pipe_capacity", "pipe_size", "unsuitable_limits"]

MAX_PA_PER_M = 100.0  # Swedish and Danish practice; German networks 100 to 200; RISE/Energiforsk, isoplus, VICUS
MAX_M_PER_S = 2.5  # upper end of 0.5 to 2.5 m/s; VICUS, pipe dimensioning
SECANT_STEPS = 12  # four to six are enough outside the transition between laminar and turbulent
SAME = 1e-13  # logarithm of a ratio that counts as 1


def pipe_size(
    power_mw: float,
    supply_degc: float,
    return_degc: float,
    max_pa_per_m: float = MAX_PA_PER_M,
    max_m_per_s: float = MAX_M_PER_S,
    roughness_mm: float = ROUGHNESS_MM,
) -> int:
    """Smallest nominal diameter of a steel pipe that carries a heat load within limits of pressure drop and velocity.

    Parameters
    ----------
    power_mw : float
        Heat load, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.
    max_pa_per_m : float, optional
        Largest pressure drop, Pa/m of pipe, 1 to 10000.
    max_m_per_s : float, optional
        Largest velocity, m/s, 0.01 to 100.
    roughness_mm : float, optional
        Height of the wall's roughness, mm, 0 to 5.

    Returns
    -------
    int
        DN: 20, 25, 32, ... 500; the smallest where there is no load.

    Raises
    ------
    InputError
        An argument outside its limits, or a return that is not colder than the supply.
    NoSolutionError
        More than the largest pipe carries within the limits; the message says how much that is.

    Notes
    -----
    Pressure drop as in DH_PRESSURE_DROP. 100 Pa/m is the practice of Sweden and Denmark;
    German networks are laid out for 100 to 200. At 100 Pa/m the velocity stays near or below 1 m/s up to DN 100, the
    practice for service pipes; the limit of 2.5 m/s counts from DN 450, at 200 Pa/m from DN 250.

    References
    ----------
    .. [1] VICUS Software: Pipe dimensioning in district heating networks.
    .. [2] Penttinen O. (RISE, Energiforsk): pajp, a tool for service pipe dimensioning: practice of 100 Pa/m and 1 m/s.
    .. [3] isoplus Fjernvarmeteknik (2006): catalogue, typical outputs of steel pipes at 100 Pa/m.

    Examples
    --------
    >>> pipe_size(0.8, 80, 50), pipe_size(0.8, 80, 50, 200)
    (100, 80)
    """
    carried = carried_heat(power_mw, supply_degc, return_degc)
    require(unsuitable_limits(max_pa_per_m, max_m_per_s, roughness_mm))

    def fits(dn: int) -> bool:
        return velocity_in(carried, dn) <= max_m_per_s and gradient_in(carried, dn, roughness_mm) <= max_pa_per_m

    sizes = tuple(PIPES)
    place = bisect_left(sizes, True, key=fits)
    if place < len(sizes):
        return sizes[place]
    most = pipe_capacity(sizes[-1], supply_degc, return_degc, max_pa_per_m, max_m_per_s, roughness_mm)
    raise NoSolutionError(
        f"power_mw must be <= {most:.4g} MW, what the largest pipe, DN {sizes[-1]}, carries at {max_pa_per_m:.12g} "
        f"Pa/m and {max_m_per_s:.12g} m/s, got {power_mw:.12g}: lay several pipes or allow more"
    )


def pipe_capacity(
    dn: int,
    supply_degc: float,
    return_degc: float,
    max_pa_per_m: float = MAX_PA_PER_M,
    max_m_per_s: float = MAX_M_PER_S,
    roughness_mm: float = ROUGHNESS_MM,
) -> float:
    """Largest heat load that a steel pipe carries within limits of pressure drop and velocity.

    Parameters
    ----------
    dn : int
        Nominal diameter: 20 to 500.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.
    max_pa_per_m : float, optional
        Largest pressure drop, Pa/m of pipe, 1 to 10000.
    max_m_per_s : float, optional
        Largest velocity, m/s, 0.01 to 100.
    roughness_mm : float, optional
        Height of the wall's roughness, mm, 0 to 5.

    Returns
    -------
    float
        MW.

    Raises
    ------
    InputError
        No such pipe, an argument outside its limits, or a return that is not colder than the supply.

    Notes
    -----
    DH_PRESSURE_DROP solved for the load.

    References
    ----------
    .. [1] Colebrook C. F. (1939): Turbulent flow in pipes, with particular reference to the transition region between
       the smooth and rough pipe laws. Journal of the Institution of Civil Engineers 11, 133-156.

    Examples
    --------
    >>> round(pipe_capacity(100, 80, 50), 3)
    1.143
    """
    one = carried_heat(1.0, supply_degc, return_degc)
    require(unknown_dn(dn), unsuitable_limits(max_pa_per_m, max_m_per_s, roughness_mm))
    d = PIPES[dn].inner_m
    k = roughness_mm / 1000 / d
    kg_per_m2s = one.kg_per_s / (math.pi * d * d / 4)
    fastest = max_m_per_s / velocity_in(one, dn)

    def excess(x: float) -> float:
        """Logarithm of the limit over the pressure drop at the load e^x."""
        return math.log(max_pa_per_m / mean_gradient(one, math.exp(x) * kg_per_m2s, d, k))

    start = math.log(fastest)
    return fastest if excess(start) >= 0 else math.exp(_crossing(excess, start))


def _crossing(excess: Callable[[float], float], high: float) -> float:
    """Zero, below a point, of a function that falls with a slope of at least 1: by secants, else by bisection."""
    x, value, slope = high, excess(high), -1.9
    low = high + value
    for _ in range(SECANT_STEPS):
        before, step = value, -value / slope
        x += step
        value = excess(x)
        if abs(value) <= SAME or not low <= x <= high:
            break
        slope = (value - before) / step
    return x if abs(value) <= SAME else bisected(excess, low, high)


def unsuitable_limits(max_pa_per_m: float, max_m_per_s: float, roughness_mm: float) -> list[str]:
    """Sentences on what is wrong with the limits of a layout, or none."""
    return [
        *outside("max_pa_per_m", max_pa_per_m, at_least=1, at_most=1e4),
        *outside("max_m_per_s", max_m_per_s, at_least=0.01, at_most=100),
        *outside("roughness_mm", roughness_mm, at_least=0, at_most=MOST_MM),
    ]
