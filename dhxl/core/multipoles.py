"""Steady heat flow from two equal pipes inside a buried circle with a wall: multipole expansion."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["buried_pair_conductance"]

PIPE_ORDER = 5  # multipoles at each pipe
CIRCLE_ORDER = 8  # multipoles at the circle's centre, and what its wall and the ground's surface throw back

Array = npt.NDArray[np.float64]


class _Terms(NamedTuple):
    """What depends on the symmetry alone; rows and columns of a pipe stand twice.

    First for the parts of its multipoles that mirror across the line through both centres, then for those that change
    sign there, which only the nearness of the ground's surface excites.
    """

    j: Array  # order of a pipe's multipole
    m: Array  # order of the circle's multipole
    along: Array  # 1 for those of the circle's orders that belong to the first kind, else 0
    sign: Array  # of the circle's multipoles: what powers of i leave
    pipe_to_pipe: Array
    circle_to_pipe: Array
    pipe_to_circle: Array
    surface: Array
    line_to_pipe: Array


def _terms(symmetric: bool) -> _Terms:
    s = 1.0 if symmetric else -1.0
    pipe, circle = np.arange(1, PIPE_ORDER + 1), np.arange(1, CIRCLE_ORDER + 1)
    even = circle % 2 == 0
    along = (even if symmetric else ~even).astype(np.float64)
    sign = np.where(even, (-1.0) ** (circle // 2), -s * (-1.0) ** ((circle - 1) // 2))
    alternating = (-1.0) ** pipe
    neighbour = np.array([[math.comb(int(j + k) - 1, int(j)) for k in pipe] for j in pipe], dtype=np.float64)
    shifted = np.array([[math.comb(int(m), int(j)) for m in circle] for j in pipe], dtype=np.float64)
    image = np.array([[math.comb(int(m + n) - 1, int(n)) for m in circle] for n in circle], dtype=np.float64)
    j, m = np.tile(pipe, 2).astype(np.float64), circle.astype(np.float64)
    circle_to_pipe = np.vstack([shifted * along, shifted * (1 - along)])
    return _Terms(
        j=j,
        m=m,
        along=along,
        sign=sign,
        pipe_to_pipe=np.kron(np.eye(2), s * neighbour * np.outer(alternating, alternating)).astype(np.float64),
        circle_to_pipe=circle_to_pipe,
        pipe_to_circle=2 * (j[:, None] / m * circle_to_pipe).T,
        surface=image * np.outer(sign, sign),
        line_to_pipe=np.concatenate([-s * alternating / pipe, np.zeros(PIPE_ORDER)]),
    )


_TERMS = {True: _terms(True), False: _terms(False)}
_PIPES = 2 * PIPE_ORDER
_IDENTITY = np.eye(_PIPES + CIRCLE_ORDER)


@lru_cache(maxsize=4096)
def buried_pair_conductance(
    pipe_radius: float,
    half_distance: float,
    inner_radius: float,
    depth: float,
    lambda_inside_w_per_mk: float,
    lambda_wall_w_per_mk: float,
    lambda_outside_w_per_mk: float,
    symmetric: bool,
) -> float:
    """Heat flow from one of two pipes side by side in a buried circle, per metre and kelvin.

    Parameters
    ----------
    pipe_radius, half_distance, inner_radius, depth : float
        Radius of the pipes, half the distance of their centres, inner radius of the circle's wall and depth of its
        centre below the ground's surface, each as a multiple of the circle's outer radius. The pipes lie apart and
        within the wall, the circle below the surface; an inner radius of 1 is a circle without wall.
    lambda_inside_w_per_mk, lambda_wall_w_per_mk, lambda_outside_w_per_mk : float
        Thermal conductivity of the filling, of the wall and of the ground, W/(m·K).
    symmetric : bool
        Both pipes 1 K warmer than the surface; or else this one 1 K warmer and the other 1 K colder.

    Returns
    -------
    float
        W/(m·K).

    Notes
    -----
    Pipes at ``+iD`` and ``-iD`` of the complex plane, circle ``|w| = 1``, surface ``Re w = h``. The temperature is
    the real part of a sum: inside, a line source and multipoles ``(r / (w -+ iD))^j`` of each pipe and what the wall
    throws back, ``w^m``; outside, a line source and multipoles ``w^-m`` of the circle with their images at ``2 h``.
    On both faces of the wall every order obeys ``sigma = (lambda - lambda') / (lambda + lambda')`` by itself, on the
    surface the images do, and on the pipes a linear system of 18 equations makes the orders up to 5 vanish. With
    order 1 alone, and no wall, this is Wallentén's model.

    References
    ----------
    .. [1] Wallentén P. (1991): Steady-state heat loss from insulated pipes. Lund Institute of Technology, TVBH-3017.
    .. [2] Claesson J., Bennet G. (1987): Multipole method to compute the conductive heat flows to and between pipes in
       a cylinder. University of Lund, Notes on Heat Transfer 2-1987.

    Examples
    --------
    >>> round(buried_pair_conductance(0.3015, 0.4015, 1.0, 7.0, 0.026, 0.4, 1.2, True), 5)
    0.1212
    """
    r, D, a, h = pipe_radius, half_distance, inner_radius, depth
    inside, wall, outside = lambda_inside_w_per_mk, lambda_wall_w_per_mk, lambda_outside_w_per_mk
    term = _TERMS[symmetric]
    t = (r / (2 * D)) ** term.j
    scale = (r / D) ** term.j
    power = D**term.m
    x = (1 / (2 * h)) ** term.m
    to_pipe = term.circle_to_pipe * scale[:, None] * power
    to_circle = term.pipe_to_circle * power[:, None] * scale
    surface = term.surface * x[:, None] * x
    line = 2 * power * term.along / term.m

    near, far = (inside - wall) / (inside + wall), (wall - outside) / (wall + outside)
    across = a ** (2 * term.m)
    through = 1 + near * far * across
    returned = near / across + (1 - near * near) * far / through
    entering = (1 - near) * (1 - far) / through
    leaving = (1 + near) * (1 + far) / through
    reflected = -far - (1 - far * far) * near * across / through

    system = _IDENTITY.copy()
    system[:_PIPES, :_PIPES] += term.pipe_to_pipe * t[:, None] * t + (to_pipe * returned) @ to_circle
    system[:_PIPES, _PIPES:] = to_pipe * entering
    system[_PIPES:, :_PIPES] = (surface * leaving) @ to_circle
    system[_PIPES:, _PIPES:] += surface * reflected
    sources = np.concatenate([term.line_to_pipe * t - to_pipe @ (returned * line), -(surface @ (leaving * line))])
    if symmetric:
        sources[_PIPES:] -= 2 * inside / outside * term.sign * x / term.m
    unknown = np.linalg.solve(system, sources)
    multipoles, from_surface = unknown[:_PIPES], unknown[_PIPES:]
    from_pipes = line + to_circle @ multipoles

    # temperature of the pipe, in units of its heat flow / (2 pi lambda_inside)
    resistance = (
        -math.log(r)
        - math.log(2 * D) * (1 if symmetric else -1)
        - (term.line_to_pipe * t * term.j) @ multipoles
        + (returned * from_pipes + entering * from_surface) @ (power * term.along)
    )
    if symmetric:
        beyond = leaving * from_pipes + reflected * from_surface
        resistance += 2 * (1 - inside / wall) * math.log(a) + 2 * inside / outside * math.log(2 * h)
        resistance -= (term.sign * beyond) @ x
    return float(2 * math.pi * inside / resistance)
