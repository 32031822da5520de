"""Density, enthalpy and viscosity of water in a heat network, after the formulations of IAPWS."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dhxl.core.checks import outside, require

__all__ = ["COLDEST_WATER_DEGC", "HOTTEST_WATER_DEGC", "Water", "unsuitable_water", "water_at"]

COLDEST_WATER_DEGC, HOTTEST_WATER_DEGC = 0.0, 200.0
PRESSURE_MPA = 1.6  # networks of class PN 16; boils at 201.4 °C. 6 bar instead of 16 lowers the density by 0.05 %
ABSOLUTE_ZERO_DEGC = -273.15
GAS_CONSTANT_KJ_PER_KGK = 0.461526

# IAPWS-IF97, region 1, table 2: exponents I and J and coefficient n of the Gibbs energy.
_I, _J, _N = np.array(
    [
        (0, -2, 0.14632971213167),
        (0, -1, -0.84548187169114),
        (0, 0, -3.7563603672040),
        (0, 1, 3.3855169168385),
        (0, 2, -0.95791963387872),
        (0, 3, 0.15772038513228),
        (0, 4, -0.016616417199501),
        (0, 5, 8.1214629983568e-4),
        (1, -9, 2.8319080123804e-4),
        (1, -7, -6.0706301565874e-4),
        (1, -1, -0.018990068218419),
        (1, 0, -0.032529748770505),
        (1, 1, -0.021841717175414),
        (1, 3, -5.2838357969930e-5),
        (2, -3, -4.7184321073267e-4),
        (2, 0, -3.0001780793026e-4),
        (2, 1, 4.7661393906987e-5),
        (2, 3, -4.4141845330846e-6),
        (2, 17, -7.2694996297594e-16),
        (3, -4, -3.1679644845054e-5),
        (3, 0, -2.8270797985312e-6),
        (3, 6, -8.5205128120103e-10),
        (4, -5, -2.2425281908000e-6),
        (4, -2, -6.5171222895601e-7),
        (4, 10, -1.4341729937924e-13),
        (5, -8, -4.0516996860117e-7),
        (8, -11, -1.2734301741641e-9),
        (8, -6, -1.7424871230634e-10),
        (21, -29, -6.8762131295531e-19),
        (23, -31, 1.4478307828521e-20),
        (29, -38, 2.6335781662795e-23),
        (30, -39, -1.1947622640071e-23),
        (31, -40, 1.8228094581404e-24),
        (32, -41, -9.3537087292458e-26),
    ]
).T
_REDUCING_K, _REDUCING_MPA = 1386.0, 16.53
_PRESSURE_TERM = 7.1 - PRESSURE_MPA / _REDUCING_MPA
_VOLUME = -_N * _I * _PRESSURE_TERM ** (_I - 1)  # what stands before (tau - 1.222)^J in the derivative by pressure
_ENTHALPY = _N * _J * _PRESSURE_TERM**_I  # and before (tau - 1.222)^(J - 1) in that by temperature

# IAPWS R12-08, tables 1 and 2: viscosity of the dilute gas, and exponents i and j and coefficient of the dense fluid.
_CRITICAL_K, _CRITICAL_KG_PER_M3 = 647.096, 322.0
_GAS = (1.67752, 2.20462, 0.6366564, -0.241605)
_DENSE_I, _DENSE_J, _DENSE = np.array(
    [
        (0, 0, 5.20094e-1),
        (1, 0, 8.50895e-2),
        (2, 0, -1.08374),
        (3, 0, -2.89555e-1),
        (0, 1, 2.22531e-1),
        (1, 1, 9.99115e-1),
        (2, 1, 1.88797),
        (3, 1, 1.26613),
        (5, 1, 1.20573e-1),
        (0, 2, -2.81378e-1),
        (1, 2, -9.06851e-1),
        (2, 2, -7.72479e-1),
        (3, 2, -4.89837e-1),
        (4, 2, -2.57040e-1),
        (0, 3, 1.61913e-1),
        (1, 3, 2.57399e-1),
        (0, 4, -3.25372e-2),
        (3, 4, 6.98452e-2),
        (4, 5, 8.72102e-3),
        (3, 6, -4.35673e-3),
        (5, 6, -5.93264e-4),
    ]
).T


@dataclass(frozen=True, slots=True)
class Water:
    """What water of a temperature is like.

    Parameters
    ----------
    kg_per_m3 : float
        Density.
    kj_per_kg : float
        Specific enthalpy; its differences are the heat that a kilogram gives off.
    pa_s : float
        Dynamic viscosity.
    """

    kg_per_m3: float
    kj_per_kg: float
    pa_s: float


@lru_cache(maxsize=1024)
def water_at(temperature_degc: float) -> Water:
    """Density, enthalpy and viscosity of water at 16 bar.

    Parameters
    ----------
    temperature_degc : float
        °C, 0 to 200.

    Returns
    -------
    Water
        Within 0.002 % in density, 0.003 % in viscosity and 0.15 kJ/kg in enthalpy of the scientific formulation
        IAPWS-95.

    Raises
    ------
    InputError
        Outside the limits.

    Notes
    -----
    With the dimensionless Gibbs energy gamma(pi, tau) of region 1, eq. (7) of [1]_, ``rho = p* / (R T dgamma/dpi)`` and
    ``h = R T* dgamma/dtau``; ``mu = mu_0(T) mu_1(T, rho)``, eq. (10) to (12) of [2]_ without the critical enhancement,
    which is 1 here.

    References
    ----------
    .. [1] IAPWS R7-97(2012): Industrial Formulation 1997 for the Thermodynamic Properties of Water and Steam.
    .. [2] IAPWS R12-08: Formulation 2008 for the Viscosity of Ordinary Water Substance.

    Examples
    --------
    >>> hot, cold = water_at(90.0), water_at(50.0)
    >>> round(hot.kg_per_m3, 2), round((hot.kj_per_kg - cold.kj_per_kg) / 40, 3), round(cold.pa_s * 1e3, 4)
    (966.0, 4.186, 0.5468)
    """
    require(unsuitable_water("temperature_degc", temperature_degc))
    T = temperature_degc - ABSOLUTE_ZERO_DEGC
    x = _REDUCING_K / T - 1.222
    powers = x**_J
    rho = 1000 * _REDUCING_MPA / (GAS_CONSTANT_KJ_PER_KGK * T * float(_VOLUME @ powers))
    h = GAS_CONSTANT_KJ_PER_KGK * _REDUCING_K * float(_ENTHALPY @ powers) / x
    t, r = T / _CRITICAL_K, rho / _CRITICAL_KG_PER_M3
    a, b, c, d = _GAS
    gas = 100 * math.sqrt(t) / (a + (b + (c + d / t) / t) / t)
    dense = float(_DENSE @ ((1 / t - 1) ** _DENSE_I * (r - 1) ** _DENSE_J))
    return Water(rho, h, gas * math.exp(r * dense) * 1e-6)


def unsuitable_water(name: str, temperature_degc: float) -> list[str]:
    """Sentence on a temperature at which water is not covered, or nothing."""
    return outside(name, temperature_degc, at_least=COLDEST_WATER_DEGC, at_most=HOTTEST_WATER_DEGC)
