"""Heat loss of buried twin pipes: supply and return in one casing."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from dhxl.core.checks import outside, require
from dhxl.core.multipoles import buried_pair_conductance
from dhxl.core.pipe_data import PIPES, casing_wall
from dhxl.core.pipes import (
    CASING_W_PER_MK,
    COVER_M,
    GAP_M,
    LAMBDA_INSULATION_W_PER_MK,
    LAMBDA_SOIL_W_PER_MK,
    SURFACE_M2K_PER_W,
    unsuitable_ground,
    unsuitable_temperatures,
)
from dhxl.errors import InputError

__all__ = [
    "TWIN_PIPES",
    "TwinPipeDimensions",
    "twin_pipe_heat_loss_coefficient",
    "twin_pipe_loss",
    "twin_pipe_supply_loss",
    "unknown_twin_pipe",
]

LEAST_INSULATION_MM = 15.0


@dataclass(frozen=True, slots=True)
class TwinPipeDimensions:
    """Two service pipes in one casing.

    Parameters
    ----------
    gap_mm : float
        Clear distance between the service pipes, mm.
    casing_mm : tuple of float
        Outer diameter of the casing in insulation series 1 and 2, mm.
    """

    gap_mm: float
    casing_mm: tuple[float, ...]


# DN -> gap and casings in mm of the isoplus double pipe, standard and reinforced, as the catalogues of
# energyville/modesto and ibpsa/modelica-ibpsa list them; sizes of EN 15698-1. The steel pipes are those of EN 253.
TWIN_PIPES = MappingProxyType(
    {
        20: TwinPipeDimensions(19, (125, 140)),
        25: TwinPipeDimensions(19, (140, 160)),
        32: TwinPipeDimensions(19, (160, 180)),
        40: TwinPipeDimensions(19, (160, 180)),
        50: TwinPipeDimensions(20, (200, 225)),
        65: TwinPipeDimensions(20, (225, 250)),
        80: TwinPipeDimensions(25, (250, 280)),
        100: TwinPipeDimensions(25, (315, 355)),
        125: TwinPipeDimensions(30, (400, 450)),
        150: TwinPipeDimensions(40, (450, 500)),
        200: TwinPipeDimensions(45, (560, 630)),
    }
)


def twin_pipe_heat_loss_coefficient(
    dn: int,
    insulation_series: int = 1,
    lambda_insulation_w_per_mk: float = LAMBDA_INSULATION_W_PER_MK,
    lambda_soil_w_per_mk: float = LAMBDA_SOIL_W_PER_MK,
    cover_m: float = COVER_M,
    casing_mm: float | None = None,
    casing_wall_mm: float | None = None,
) -> float:
    """Heat loss coefficient U of each of the two pipes of a buried twin pipe, to set beside DH_PIPE_U.

    Parameters
    ----------
    dn : int
        Nominal diameter of the two steel pipes: 20 to 200.
    insulation_series : int, optional
        1 or 2.
    lambda_insulation_w_per_mk : float, optional
        Thermal conductivity of the insulation, W/(m·K), above 0 to 1.
    lambda_soil_w_per_mk : float, optional
        Thermal conductivity of the soil, W/(m·K), 0.1 to 10.
    cover_m : float, optional
        Soil above the casing, m, 0 to 20.
    casing_mm : float, optional
        Outer diameter of the casing where it is not that of the series (a third series, another maker), mm; at least
        15 mm of insulation must remain around the pipes.
    casing_wall_mm : float, optional
        Wall of the casing, mm, 0 to 20; left out, the smallest of EN 253 (3 mm to a casing of 180 mm, 3.6 at 250, 4.5
        at 315, 7 at 560), as in DH_PIPE_U. With 0 the casing counts as insulation, as in Wallentén's model; U is then
        4 to 8 % lower.

    Returns
    -------
    float
        W/(m·K). Both pipes together lose 2 U times the mean of supply and return temperature less ground temperature.

    Raises
    ------
    InputError
        No such pipe, or an argument outside its limits: all faults at once.

    Notes
    -----
    The symmetric problem of Wallentén, two pipes at the same temperature side by side in a round casing under a flat
    surface. His formula of first order is carried to multipoles of order 5, with the terms of the surface and the wall
    of the casing: within 0.02 % of the exact steady state, and 0.4 % in soil that conducts less than the insulation
    right under the surface. The first order alone misses the exchange between the pipes by up to 7 %. The ground's
    surface lies 0.0685 lambda_soil higher than it is, its resistance, as for DH_PIPE_U. Steel and water resist next to
    nothing.

    References
    ----------
    .. [1] Wallentén P. (1991): Steady-state heat loss from insulated pipes. Lund Institute of Technology, TVBH-3017.
    .. [2] EN 15698-1: Bonded twin pipe systems for directly buried hot water networks.

    Examples
    --------
    >>> round(twin_pipe_heat_loss_coefficient(50), 4)
    0.127
    >>> round(twin_pipe_heat_loss_coefficient(50, 1, 0.026, 1.2, 0.6, casing_wall_mm=0), 4)
    0.1208
    """
    buried = _buried(
        dn,
        (None, None, None),
        insulation_series,
        lambda_insulation_w_per_mk,
        lambda_soil_w_per_mk,
        cover_m,
        casing_mm,
        casing_wall_mm,
    )
    return buried_pair_conductance(*buried, symmetric=True)


def twin_pipe_loss(
    dn: int,
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    insulation_series: int = 1,
    lambda_insulation_w_per_mk: float = LAMBDA_INSULATION_W_PER_MK,
    lambda_soil_w_per_mk: float = LAMBDA_SOIL_W_PER_MK,
    cover_m: float = COVER_M,
    casing_mm: float | None = None,
    casing_wall_mm: float | None = None,
) -> float:
    """Heat loss per metre of trench of a buried twin pipe, supply and return in one casing, both together.

    Parameters
    ----------
    dn : int
        Nominal diameter of the two steel pipes: 20 to 200.
    supply_degc, return_degc : float
        Mean water temperatures, °C, -50 to 200.
    ground_degc : float
        Undisturbed ground, or outdoor air averaged over the period, °C, -50 to 200.
    insulation_series : int, optional
        1 or 2.
    lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, casing_mm, casing_wall_mm : float, optional
        As in :func:`twin_pipe_heat_loss_coefficient`.

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
    ``q = U (T_supply + T_return - 2 T_ground)``, U as in DH_TWIN_PIPE_U. Exact for pipes side by side; one above the
    other, as they are often laid, the sum changes by less than 0.4 %.

    References
    ----------
    .. [1] Wallentén P. (1991): Steady-state heat loss from insulated pipes. Lund Institute of Technology, TVBH-3017.
    .. [2] EN 15698-1: Bonded twin pipe systems for directly buried hot water networks.

    Examples
    --------
    >>> round(twin_pipe_loss(50, 90, 50, 10), 2)
    15.24
    """
    buried = _buried(
        dn,
        (supply_degc, return_degc, ground_degc),
        insulation_series,
        lambda_insulation_w_per_mk,
        lambda_soil_w_per_mk,
        cover_m,
        casing_mm,
        casing_wall_mm,
    )
    U = buried_pair_conductance(*buried, symmetric=True)
    return U * (supply_degc + return_degc - 2 * ground_degc)


def twin_pipe_supply_loss(
    dn: int,
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    insulation_series: int = 1,
    lambda_insulation_w_per_mk: float = LAMBDA_INSULATION_W_PER_MK,
    lambda_soil_w_per_mk: float = LAMBDA_SOIL_W_PER_MK,
    cover_m: float = COVER_M,
    casing_mm: float | None = None,
    casing_wall_mm: float | None = None,
) -> float:
    """Heat that the supply pipe of a buried twin pipe gives to ground and return pipe, per metre of trench.

    Parameters
    ----------
    dn : int
        Nominal diameter of the two steel pipes: 20 to 200.
    supply_degc, return_degc : float
        Mean water temperatures, °C, -50 to 200.
    ground_degc : float
        Undisturbed ground, or outdoor air averaged over the period, °C, -50 to 200.
    insulation_series : int, optional
        1 or 2.
    lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, casing_mm, casing_wall_mm : float, optional
        As in :func:`twin_pipe_heat_loss_coefficient`.

    Returns
    -------
    float
        W/m of trench. What DH_TWIN_PIPE_LOSS has beyond it is the return pipe's loss, which is negative where the
        supply pipe warms the return pipe more than the ground cools it.

    Raises
    ------
    InputError
        No such pipe, or an argument outside its limits: all faults at once.

    Notes
    -----
    It decides how cold the water arrives at the last consumer, which the sum of both pipes does not tell: at 70/30 °C
    in ground of 10 °C the supply pipe of DN 50 loses more than the ground takes, and the return pipe gains.
    ``q = (U (T_supply + T_return - 2 T_ground) + U_a (T_supply - T_return)) / 2``, U as in DH_TWIN_PIPE_U and U_a of
    Wallentén's antisymmetric problem, one pipe as much warmer than the ground as the other is colder. For pipes one
    above the other it changes by less than 1 %.

    References
    ----------
    .. [1] Wallentén P. (1991): Steady-state heat loss from insulated pipes. Lund Institute of Technology, TVBH-3017.
    .. [2] van der Heijde B., Aertgeerts A., Helsen L. (2017): Modelling steady-state thermal behaviour of double
       thermal network pipes. International Journal of Thermal Sciences 117, 316-327.

    Examples
    --------
    >>> supply = twin_pipe_supply_loss(50, 70, 30, 10)
    >>> round(supply, 2), round(twin_pipe_loss(50, 70, 30, 10) - supply, 2)
    (10.64, -0.47)
    """
    buried = _buried(
        dn,
        (supply_degc, return_degc, ground_degc),
        insulation_series,
        lambda_insulation_w_per_mk,
        lambda_soil_w_per_mk,
        cover_m,
        casing_mm,
        casing_wall_mm,
    )
    U = buried_pair_conductance(*buried, symmetric=True)
    U_a = buried_pair_conductance(*buried, symmetric=False)
    return (U * (supply_degc + return_degc - 2 * ground_degc) + U_a * (supply_degc - return_degc)) / 2


def _buried(
    dn: int,
    temperatures_degc: tuple[float | None, float | None, float | None],
    insulation_series: int,
    lambda_insulation_w_per_mk: float,
    lambda_soil_w_per_mk: float,
    cover_m: float,
    casing_mm: float | None,
    casing_wall_mm: float | None,
) -> tuple[float, float, float, float, float, float, float]:
    """Return the geometry and the conductivities of a twin pipe as :func:`buried_pair_conductance` takes them."""
    require(
        unknown_twin_pipe(dn, insulation_series),
        unsuitable_temperatures(*temperatures_degc),
        unsuitable_ground(lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, GAP_M),
        () if casing_mm is None else outside("casing_mm", casing_mm, above=0, at_most=2000),
        () if casing_wall_mm is None else outside("casing_wall_mm", casing_wall_mm, at_least=0, at_most=20),
    )
    twin, steel_mm = TWIN_PIPES[dn], PIPES[dn].steel_mm
    casing = twin.casing_mm[insulation_series - 1] if casing_mm is None else casing_mm
    wall = casing_wall(casing) if casing_wall_mm is None else casing_wall_mm
    least_mm = 2 * steel_mm + twin.gap_mm + 2 * (LEAST_INSULATION_MM + wall)
    if casing < least_mm:
        raise InputError(
            f"casing_mm must be >= {least_mm:.12g} mm, so that two pipes of DN {dn}, {twin.gap_mm:.12g} mm apart, keep "
            f"{LEAST_INSULATION_MM:.12g} mm of insulation, got {casing:.12g}"
        )
    depth_mm = 1000 * (cover_m + SURFACE_M2K_PER_W * lambda_soil_w_per_mk) + casing / 2
    return (
        steel_mm / casing,
        (steel_mm + twin.gap_mm) / casing,
        1 - 2 * wall / casing,
        2 * depth_mm / casing,
        lambda_insulation_w_per_mk,
        CASING_W_PER_MK,
        lambda_soil_w_per_mk,
    )


def unknown_twin_pipe(dn: int, insulation_series: int) -> list[str]:
    """Sentence on a twin pipe that does not exist, or nothing."""
    if dn not in TWIN_PIPES:
        return [f"dn must be one of {', '.join(map(str, TWIN_PIPES))} for twin pipes, got {dn:.12g}"]
    known = range(1, len(TWIN_PIPES[dn].casing_mm) + 1)
    if insulation_series not in known:
        listed = ", ".join(map(str, known))
        return [f"insulation_series must be one of {listed} for twin pipes, got {insulation_series:.12g}"]
    return []
