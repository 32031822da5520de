"""Dimensions of preinsulated bonded single pipes after EN 253, as data.

Steel outer diameter and wall and the casings of insulation series 1 to 3 follow EN 253 and the catalogues of makers of
such pipes (isoplus, Logstor); casing walls are the smallest that EN 253 allows. DN 450 and DN 500 have no third series
here. DN 500 of series 1 has the 670 mm of isoplus' table of 2005; later catalogues list 710 mm, whose U is 14 % lower.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CASING_WALL_MM", "PIPES", "PipeDimensions", "casing_wall"]


@dataclass(frozen=True, slots=True)
class PipeDimensions:
    """Steel service pipe and the casing of each insulation series that exists.

    Parameters
    ----------
    steel_mm : float
        Outer diameter of the service pipe, mm.
    wall_mm : float
        Its wall thickness, mm.
    casing_mm : tuple of float
        Outer diameter of the casing in insulation series 1, 2, ..., mm.
    """

    steel_mm: float
    wall_mm: float
    casing_mm: tuple[float, ...]

    @property
    def inner_m(self) -> float:
        """Inner diameter of the service pipe, m."""
        return (self.steel_mm - 2 * self.wall_mm) / 1000


# DN -> dimensions in mm; EN 253, tables of service pipes and of casings per insulation series.
PIPES = MappingProxyType(
    {
        20: PipeDimensions(26.9, 2.3, (90, 110, 125)),
        25: PipeDimensions(33.7, 2.6, (90, 110, 125)),
        32: PipeDimensions(42.4, 2.6, (110, 125, 140)),
        40: PipeDimensions(48.3, 2.6, (110, 125, 140)),
        50: PipeDimensions(60.3, 2.9, (125, 140, 160)),
        65: PipeDimensions(76.1, 2.9, (140, 160, 180)),
        80: PipeDimensions(88.9, 3.2, (160, 180, 200)),
        100: PipeDimensions(114.3, 3.6, (200, 225, 250)),
        125: PipeDimensions(139.7, 3.6, (225, 250, 280)),
        150: PipeDimensions(168.3, 4.0, (250, 280, 315)),
        200: PipeDimensions(219.1, 4.5, (315, 355, 400)),
        250: PipeDimensions(273.0, 5.0, (400, 450, 500)),
        300: PipeDimensions(323.9, 5.6, (450, 500, 560)),
        350: PipeDimensions(355.6, 5.6, (500, 560, 630)),
        400: PipeDimensions(406.4, 6.3, (560, 630, 710)),
        450: PipeDimensions(457.2, 6.3, (630, 710)),
        500: PipeDimensions(508.0, 6.3, (670, 800)),
    }
)

# Casing outer diameter -> casing wall thickness, mm; EN 253, smallest wall.
CASING_WALL_MM: Mapping[float, float] = MappingProxyType(
    {
        90: 3.0,
        110: 3.0,
        125: 3.0,
        140: 3.0,
        160: 3.0,
        180: 3.0,
        200: 3.2,
        225: 3.5,
        250: 3.6,
        280: 4.4,
        315: 4.5,
        355: 5.0,
        400: 5.3,
        450: 5.6,
        500: 6.3,
        560: 7.0,
        630: 7.6,
        710: 8.7,
        800: 9.0,
    }
)


def casing_wall(casing_mm: float) -> float:
    """Wall of a casing: that of EN 253, interpolated for a diameter not in its table, and that of its end beyond it.

    Parameters
    ----------
    casing_mm : float
        Outer diameter, mm.

    Returns
    -------
    float
        mm; a millimetre more or less moves the loss of a pipe by about 1 %.

    Examples
    --------
    >>> casing_wall(315), round(casing_wall(670), 9), casing_wall(75)
    (4.5, 8.15, 3.0)
    """
    known = CASING_WALL_MM.get(casing_mm)
    if known is not None:
        return known
    diameters, walls = tuple(CASING_WALL_MM), tuple(CASING_WALL_MM.values())
    above = bisect_right(diameters, casing_mm)
    if above in (0, len(diameters)):
        return walls[min(above, len(walls) - 1)]
    low, high = diameters[above - 1], diameters[above]
    return walls[above - 1] + (walls[above] - walls[above - 1]) * (casing_mm - low) / (high - low)
