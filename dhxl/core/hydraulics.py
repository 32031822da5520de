"""Flow, velocity and friction in the pipes of a heat network."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dhxl.core.checks import outside, require
from dhxl.core.pipe_data import PIPES
from dhxl.core.pipes import unknown_dn
from dhxl.core.water import Water, unsuitable_water, water_at
from dhxl.errors import InputError

__all__ = [
    "MOST_MM",
    "MOST_MW",
    "ROUGHNESS_MM",
    "Carried",
    "carried_heat",
    "flow_velocity",
    "friction_factor",
    "gradient_in",
    "mean_gradient",
    "pressure_gradient",
    "velocity_in",
    "volume_flow",
]

LAMINAR, TURBULENT = 2320.0, 4000.0  # Reynolds numbers up to which and from which; VICUS, pressure loss calculation
ROUGHNESS_MM = 0.1  # steel in use; new steel 0.05, old steel up to 0.5; VICUS, pressure loss calculation
MOST_MW, MOST_MM = 1e4, 5.0  # limits of arguments: more than the largest networks carry, rougher than any pipe
NEWTON_STEPS = 8  # three or four are enough


@dataclass(frozen=True, slots=True)
class Carried:
    """Stream of water that carries a heat load through a supply and a return pipe.

    Parameters
    ----------
    kg_per_s : float
        Mass flow.
    supply_water, return_water : Water
        What flows there and back.
    """

    kg_per_s: float
    supply_water: Water
    return_water: Water

    @property
    def m3_per_s(self) -> float:
        """Volume flow, mean of both pipes."""
        return self.kg_per_s * (1 / self.supply_water.kg_per_m3 + 1 / self.return_water.kg_per_m3) / 2


def carried_heat(power_mw: float, supply_degc: float, return_degc: float) -> Carried:
    """Stream of water that carries a heat load.

    Parameters
    ----------
    power_mw : float
        Heat load, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.

    Returns
    -------
    Carried
        Mass flow and the water of both pipes.

    Raises
    ------
    InputError
        An argument outside its limits, or a return that is not colder than the supply.

    Examples
    --------
    >>> round(carried_heat(1.0, 80, 50).kg_per_s, 3)
    7.969
    """
    require(
        outside("power_mw", power_mw, at_least=0, at_most=MOST_MW),
        unsuitable_water("supply_degc", supply_degc),
        unsuitable_water("return_degc", return_degc),
    )
    if return_degc >= supply_degc:
        raise InputError(
            f"return_degc must be < supply_degc, {supply_degc:.12g} °C, got {return_degc:.12g}: "
            "water that is not cooled carries no heat"
        )
    hot, cold = water_at(supply_degc), water_at(return_degc)
    return Carried(power_mw * 1000 / (hot.kj_per_kg - cold.kj_per_kg), hot, cold)


def volume_flow(power_mw: float, supply_degc: float, return_degc: float) -> float:
    """Volume flow of the water that carries a heat load between supply and return temperature.

    Parameters
    ----------
    power_mw : float
        Heat load, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.

    Returns
    -------
    float
        m³/h, mean of the supply and the return pipe; 0 without a load.

    Raises
    ------
    InputError
        An argument outside its limits, or a return that is not colder than the supply.

    Notes
    -----
    ``m = P / (h_supply - h_return)``, ``V = m (1/rho_supply + 1/rho_return) / 2`` with water at 16 bar. The mass is the
    same in both pipes; at 90/50 °C that is 1.2 % more volume than the mean in the supply pipe and 1.2 % less in the
    return pipe. For cooling with a network, exchange the two temperatures.

    References
    ----------
    .. [1] IAPWS R7-97(2012): Industrial Formulation 1997 for the Thermodynamic Properties of Water and Steam.

    Examples
    --------
    >>> round(volume_flow(1.0, 80, 50), 2)
    29.26
    """
    return carried_heat(power_mw, supply_degc, return_degc).m3_per_s * 3600


def flow_velocity(power_mw: float, supply_degc: float, return_degc: float, dn: int) -> float:
    """Velocity of the water in a steel pipe that carries a heat load.

    Parameters
    ----------
    power_mw : float
        Heat load, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.
    dn : int
        Nominal diameter: 20 to 500.

    Returns
    -------
    float
        m/s, mean over the pipe's section and of the supply and the return pipe.

    Raises
    ------
    InputError
        No such pipe, an argument outside its limits, or a return that is not colder than the supply.

    Notes
    -----
    ``v = V / (pi d^2 / 4)`` with the inner diameter d of the steel pipe. Practice keeps it between 0.5 and 2.5 m/s,
    in service pipes below 1 m/s.

    References
    ----------
    .. [1] VICUS Software: Pipe dimensioning in district heating networks.
    .. [2] EN 253: Preinsulated bonded pipe systems (dimensions).

    Examples
    --------
    >>> round(flow_velocity(1.0, 80, 50, 100), 3)
    0.902
    """
    carried = carried_heat(power_mw, supply_degc, return_degc)
    require(unknown_dn(dn))
    return velocity_in(carried, dn)


def pressure_gradient(
    power_mw: float, supply_degc: float, return_degc: float, dn: int, roughness_mm: float = ROUGHNESS_MM
) -> float:
    """Pressure drop by friction per metre of one steel pipe that carries a heat load; a trench has two of them.

    Parameters
    ----------
    power_mw : float
        Heat load, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply.
    dn : int
        Nominal diameter: 20 to 500.
    roughness_mm : float, optional
        Height of the wall's roughness, mm, 0 to 5: new steel 0.05, steel in use 0.1 to 0.5, plastic 0.007.

    Returns
    -------
    float
        Pa/m of pipe, supply and return on average; bends and valves come on top.

    Raises
    ------
    InputError
        No such pipe, an argument outside its limits, or a return that is not colder than the supply.

    Notes
    -----
    Darcy and Weisbach, ``dp/L = f rho v^2 / (2 d)``, for each pipe at its own temperature, and the mean of both; f is
    64/Re in laminar flow (Re to 2320), Colebrook and White's in turbulent flow (from 4000), interpolated between them.

    References
    ----------
    .. [1] VICUS Software: Pressure loss calculation in district heating networks.
    .. [2] Colebrook C. F. (1939): Turbulent flow in pipes, with particular reference to the transition region between
       the smooth and rough pipe laws. Journal of the Institution of Civil Engineers 11, 133-156.

    Examples
    --------
    >>> round(pressure_gradient(1.0, 80, 50, 100), 1)
    77.1
    """
    carried = carried_heat(power_mw, supply_degc, return_degc)
    require(unknown_dn(dn), outside("roughness_mm", roughness_mm, at_least=0, at_most=MOST_MM))
    return gradient_in(carried, dn, roughness_mm)


def friction_factor(reynolds: float, relative_roughness: float) -> float:
    """Friction factor of Darcy of a round pipe.

    Parameters
    ----------
    reynolds : float
        Reynolds number, above 0.
    relative_roughness : float
        Roughness over inner diameter, 0 or more.

    Returns
    -------
    float
        Without dimension.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    Laminar to Re 2320: ``f = 64 / Re``. From 4000 the equation of Colebrook and White,
    ``1/sqrt(f) = -2 log10(k / (3.7 d) + 2.51 / (Re sqrt(f)))``, solved to the last digit by Newton's method. Between
    them, where neither holds, f is interpolated in Re; so there is no jump.

    References
    ----------
    .. [1] Colebrook C. F. (1939): Turbulent flow in pipes, with particular reference to the transition region between
       the smooth and rough pipe laws. Journal of the Institution of Civil Engineers 11, 133-156.
    .. [2] MapleSim Help, Circular Pipe: linear interpolation between laminar and turbulent friction factor.

    Examples
    --------
    >>> friction_factor(1600, 0.001)
    0.04
    >>> round(friction_factor(1e5, 0.001), 6)
    0.022175
    """
    require(
        outside("reynolds", reynolds, above=0),
        outside("relative_roughness", relative_roughness, at_least=0, at_most=1),
    )
    return 64 / reynolds if reynolds <= LAMINAR else _factor(reynolds, relative_roughness)


def _factor(reynolds: float, relative_roughness: float) -> float:
    """Friction factor beyond laminar flow."""
    if reynolds >= TURBULENT:
        return _colebrook(reynolds, relative_roughness)
    above, below = _colebrook(TURBULENT, relative_roughness), 64 / LAMINAR
    return below + (above - below) * (reynolds - LAMINAR) / (TURBULENT - LAMINAR)


def _colebrook(reynolds: float, relative_roughness: float) -> float:
    a, b = relative_roughness / 3.7, 2.51 / reynolds
    x = -1.8 * math.log10(a**1.11 + 6.9 / reynolds)  # Haaland's approximation of 1/sqrt(f)
    for _ in range(NEWTON_STEPS):
        inner = a + b * x
        before, x = x, x - (x + 2 * math.log10(inner)) / (1 + 2 / math.log(10) * b / inner)
        if abs(x - before) <= 1e-15 * x:
            break
    return 1 / (x * x)


def velocity_in(carried: Carried, dn: int) -> float:
    """Velocity of a stream in a known pipe, m/s, mean of supply and return."""
    d = PIPES[dn].inner_m
    return carried.m3_per_s / (math.pi * d * d / 4)


def gradient_in(carried: Carried, dn: int, roughness_mm: float) -> float:
    """Pressure gradient of a stream in a known pipe, Pa/m, mean of supply and return."""
    d = PIPES[dn].inner_m
    return mean_gradient(carried, carried.kg_per_s / (math.pi * d * d / 4), d, roughness_mm / 1000 / d)


def mean_gradient(carried: Carried, kg_per_m2s: float, d: float, k: float) -> float:
    """Pressure gradient of a mass flow per area in a pipe of diameter d and relative roughness k, Pa/m."""
    return (_gradient(kg_per_m2s, d, k, carried.supply_water) + _gradient(kg_per_m2s, d, k, carried.return_water)) / 2


def _gradient(kg_per_m2s: float, d: float, k: float, water: Water) -> float:
    v = kg_per_m2s / water.kg_per_m3
    reynolds = kg_per_m2s * d / water.pa_s
    if reynolds <= LAMINAR:
        return 32 * water.pa_s * v / (d * d)
    return _factor(reynolds, k) * kg_per_m2s * v / (2 * d)
