"""Heat loss of buried pairs of preinsulated pipes."""

from __future__ import annotations

import math

from dhxl.core.checks import outside, require
from dhxl.core.pipe_data import PIPES, casing_wall

__all__ = [
    "LEAST_SOIL_W_PER_MK",
    "pipe_heat_loss",
    "pipe_heat_loss_coefficient",
    "unknown_dn",
    "unknown_pipe",
    "unsuitable_ground",
    "unsuitable_temperatures",
]

CASING_W_PER_MK = 0.4  # polyethylene; EN 253
SURFACE_M2K_PER_W = 0.0685  # from the ground's surface to the air, 14.6 W/(m²·K); EN 13941
LAMBDA_INSULATION_W_PER_MK = 0.027  # polyurethane foam, catalogues 0.026 to 0.0275; EN 253:2019 allows 0.029 unaged
LAMBDA_SOIL_W_PER_MK = 1.0  # dry soil; moist 1.5 to 2.0
LEAST_SOIL_W_PER_MK = 0.1  # no soil conducts less; dry peat or loose dry sand 0.2
COVER_M = 1.0
GAP_M = 0.10
COLDEST_DEGC, HOTTEST_DEGC = -50.0, 200.0


def pipe_heat_loss_coefficient(
    dn: int,
    insulation_series: int,
    lambda_insulation_w_per_mk: float = LAMBDA_INSULATION_W_PER_MK,
    lambda_soil_w_per_mk: float = LAMBDA_SOIL_W_PER_MK,
    cover_m: float = COVER_M,
    gap_m: float = GAP_M,
) -> float:
    """Heat loss coefficient U of each pipe of a buried pair of preinsulated pipes, per metre of pipe.

    Parameters
    ----------
    dn : int
        Nominal diameter: 20 to 500.
    insulation_series : int
        1, 2 or 3; DN 450 and 500 have no series 3.
    lambda_insulation_w_per_mk : float, optional
        Thermal conductivity of the insulation, W/(m·K), above 0 to 1.
    lambda_soil_w_per_mk : float, optional
        Thermal conductivity of the soil, W/(m·K), 0.1 to 10.
    cover_m : float, optional
        Soil above the casing, m, 0 to 20.
    gap_m : float, optional
        Clear distance between the two casings, m, 0 to 20.

    Returns
    -------
    float
        W/(m·K). A pipe loses U times the mean of supply and return temperature less ground temperature.

    Raises
    ------
    InputError
        No such pipe, or an argument outside its limits: all faults at once.

    Notes
    -----
    ``U = 1 / (R_insulation + R_casing + R_soil + R_mutual)`` with, for a steel pipe d in a casing D of wall t,
    ``D_i = D - 2 t``, centre depth ``Z = cover + D/2 + 0.0685 lambda_soil`` and centre distance ``C = D + gap``::

        R_insulation = ln(D_i / d) / (2 pi lambda_insulation)
        R_casing     = ln(D / D_i) / (2 pi 0.4)
        R_soil       = ln(4 Z / D) / (2 pi lambda_soil)
        R_mutual     = ln(1 + (2 Z / C)^2) / (4 pi lambda_soil)

    The last term of Z is the resistance of the ground's surface. Steel and water resist next to nothing. With the
    defaults, U is within 1 % of the coefficients that isoplus prints for DN 50 to 300.

    References
    ----------
    .. [1] EN 13941: Design and installation of preinsulated bonded pipe systems for district heating, annex on heat
       losses.
    .. [2] Bøhm B. (2000): On transient heat losses from buried district heating pipes. International Journal of Energy
       Research 24, 1311-1334.
    .. [3] EN 253: Preinsulated bonded pipe systems (dimensions).

    Examples
    --------
    >>> round(pipe_heat_loss_coefficient(100, 2), 4)
    0.2164
    """
    require(
        unknown_pipe(dn, insulation_series),
        unsuitable_ground(lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m),
    )
    pipe = PIPES[dn]
    casing = pipe.casing_mm[insulation_series - 1]
    d, D = pipe.steel_mm / 1000, casing / 1000
    D_i = D - 2 * casing_wall(casing) / 1000
    Z = cover_m + D / 2 + SURFACE_M2K_PER_W * lambda_soil_w_per_mk
    C = D + gap_m
    R_insulation = math.log(D_i / d) / (2 * math.pi * lambda_insulation_w_per_mk)
    R_casing = math.log(D / D_i) / (2 * math.pi * CASING_W_PER_MK)
    R_soil = math.log(4 * Z / D) / (2 * math.pi * lambda_soil_w_per_mk)
    R_mutual = math.log(1 + (2 * Z / C) ** 2) / (4 * math.pi * lambda_soil_w_per_mk)
    return 1 / (R_insulation + R_casing + R_soil + R_mutual)


def pipe_heat_loss(
    dn: int,
    insulation_series: int,
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    lambda_insulation_w_per_mk: float = LAMBDA_INSULATION_W_PER_MK,
    lambda_soil_w_per_mk: float = LAMBDA_SOIL_W_PER_MK,
    cover_m: float = COVER_M,
    gap_m: float = GAP_M,
) -> float:
    """Heat loss per metre of trench of a buried pair of preinsulated pipes, supply and return together.

    Parameters
    ----------
    dn : int
        Nominal diameter: 20 to 500.
    insulation_series : int
        1, 2 or 3; DN 450 and 500 have no series 3.
    supply_degc, return_degc : float
        Mean water temperatures, °C, -50 to 200.
    ground_degc : float
        Undisturbed ground, or outdoor air averaged over the period, °C, -50 to 200.
    lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m : float, optional
        As in :func:`pipe_heat_loss_coefficient`.

    Returns
    -------
    float
        W/m of trench; negative where the ground is warmer than the pipes' mean, as in cold networks.

    Raises
    ------
    InputError
        No such pipe, or an argument outside its limits: all faults at once.

    Notes
    -----
    ``q = U (T_supply + T_return - 2 T_ground)``.

    References
    ----------
    .. [1] EN 13941: Design and installation of preinsulated bonded pipe systems for district heating, annex on heat
       losses.

    Examples
    --------
    >>> round(pipe_heat_loss(100, 2, 90, 65, 10), 2)
    29.22
    """
    require(
        unknown_pipe(dn, insulation_series),
        unsuitable_temperatures(supply_degc, return_degc, ground_degc),
        unsuitable_ground(lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m),
    )
    U = pipe_heat_loss_coefficient(
        dn, insulation_series, lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m
    )
    return U * (supply_degc + return_degc - 2 * ground_degc)


def unknown_dn(dn: int) -> list[str]:
    """Sentence on a nominal diameter that does not exist, or nothing."""
    return [] if dn in PIPES else [f"dn must be one of {', '.join(map(str, PIPES))}, got {dn:.12g}"]


def unknown_pipe(dn: int, insulation_series: int) -> list[str]:
    """Sentence on a pipe that does not exist, or nothing."""
    if dn not in PIPES:
        return unknown_dn(dn)
    known = range(1, len(PIPES[dn].casing_mm) + 1)
    if insulation_series not in known:
        return [
            f"insulation_series must be one of {', '.join(map(str, known))} for DN {dn}, got {insulation_series:.12g}"
        ]
    return []


def unsuitable_temperatures(
    supply_degc: float | None, return_degc: float | None, ground_degc: float | None
) -> list[str]:
    """Sentences on temperatures outside their limits, or none; None is no temperature."""
    temperatures = {"supply_degc": supply_degc, "return_degc": return_degc, "ground_degc": ground_degc}
    return [
        fault
        for name, value in temperatures.items()
        if value is not None
        for fault in outside(name, value, at_least=COLDEST_DEGC, at_most=HOTTEST_DEGC)
    ]


def unsuitable_ground(
    lambda_insulation_w_per_mk: float, lambda_soil_w_per_mk: float, cover_m: float, gap_m: float
) -> list[str]:
    """Sentences on conductivities and a burial outside their limits, or none."""
    return [
        *outside("lambda_insulation_w_per_mk", lambda_insulation_w_per_mk, above=0, at_most=1),
        *outside("lambda_soil_w_per_mk", lambda_soil_w_per_mk, at_least=LEAST_SOIL_W_PER_MK, at_most=10),
        *outside("cover_m", cover_m, at_least=0, at_most=20),
        *outside("gap_m", gap_m, at_least=0, at_most=20),
    ]
