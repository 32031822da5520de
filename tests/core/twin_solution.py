"""Steady heat conduction around pipes in a buried round casing, solved by collocation.

The temperature is the real part of a sum of functions analytic in each region: logarithms and negative powers at the
centres of holes, positive powers elsewhere, in the soil with their images behind the surface, so that it is zero there.
Their factors follow by least squares from the conditions at four times as many points on the circles as there are
orders; how far the conditions are missed there, in kelvins, is returned with the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.complex128]
Columns = npt.NDArray[np.float64]
Term = tuple[Callable[[Points], Points], Callable[[Points], Points]]  # a function and its derivative

__all__ = ["Section", "heat_flows"]


@dataclass(frozen=True)
class Section:
    """Cross-section, m and W/(m·K); pipes by their centres, from the casing's centre, the imaginary axis upwards."""

    pipes: tuple[complex, ...]
    radius_m: float
    casing_radius_m: float
    depth_m: float
    lambda_inside: float
    lambda_soil: float
    wall_m: float = 0.0
    lambda_wall: float = 0.4


def heat_flows(
    section: Section, temperatures: Sequence[float], order: int = 14, casing_order: int = 28
) -> tuple[npt.NDArray[np.float64], float]:
    """Heat that each pipe of given temperature loses in ground of 0 °C, W/m, and the largest residual."""
    inside = [term for pipe in section.pipes for term in singular(pipe, section.radius_m, order)]
    inside += regular(section.casing_radius_m, casing_order)
    wall = singular(0, section.casing_radius_m, casing_order) + regular(section.casing_radius_m, casing_order)
    soil = singular(0, section.casing_radius_m, casing_order)

    def mirrored(points: Points) -> Points:
        return np.conj(points) + 2j * section.depth_m

    def in_soil(points: Points, directions: Points | None = None) -> Columns:
        image = None if directions is None else np.conj(directions)
        return columns(soil, points, directions) - columns(soil, mirrored(points), image)

    def in_wall(points: Points, directions: Points | None = None) -> Columns:
        return columns(wall, points, directions)

    def in_foam(points: Points, directions: Points | None = None) -> Columns:
        return columns(inside, points, directions)

    fields = [(in_foam, section.lambda_inside), (in_soil, section.lambda_soil)]
    radii = [section.casing_radius_m]
    if section.wall_m:
        fields.insert(1, (in_wall, section.lambda_wall))
        radii.insert(0, section.casing_radius_m - section.wall_m)
    widths = [field(np.array([1.0 + 0j])).shape[1] for field, _ in fields]
    starts = np.concatenate([[0], np.cumsum(widths)])

    rows, wanted = [], []
    for pipe, temperature in zip(section.pipes, temperatures, strict=True):
        points = pipe + section.radius_m * around(4 * order)
        rows.append(placed([(0, in_foam(points))], starts))
        wanted.append(np.full(len(points), float(temperature)))
    for number, radius in enumerate(radii):
        outwards = around(4 * casing_order)
        points = radius * outwards
        (inner, lambda_inner), (outer, lambda_outer) = fields[number : number + 2]
        rows.append(placed([(number, inner(points)), (number + 1, -outer(points))], starts))
        flux = radius / max(lambda_inner, lambda_outer)
        rows.append(
            placed(
                [
                    (number, flux * lambda_inner * inner(points, outwards)),
                    (number + 1, -flux * lambda_outer * outer(points, outwards)),
                ],
                starts,
            )
        )
        wanted += [np.zeros(len(points))] * 2

    matrix, right = np.vstack(rows), np.concatenate(wanted)
    size = np.linalg.norm(matrix, axis=0)
    factors = np.linalg.lstsq(matrix / size, right, rcond=1e-14)[0]
    residual = float(np.abs(matrix / size @ factors - right).max())
    of_line = (factors / size)[: len(section.pipes) * (1 + 2 * order) : 1 + 2 * order]
    return -2 * np.pi * section.lambda_inside * of_line, residual


def around(number: int) -> Points:
    return np.exp(2j * np.pi * (np.arange(number) + 0.5) / number)


def singular(centre: complex, radius: float, order: int) -> list[Term]:
    """A logarithm, whose factor is the heat flow, and negative powers, all from one centre."""
    terms: list[Term] = [(lambda w: np.log(np.abs(w - centre)) + 0j, lambda w: 1 / (w - centre))]
    for k in range(1, order + 1):
        for factor in (1, 1j):
            terms.append(
                (
                    lambda w, k=k, factor=factor: factor * (radius / (w - centre)) ** k,
                    lambda w, k=k, factor=factor: -factor * k * (radius / (w - centre)) ** k / (w - centre),
                )
            )
    return terms


def regular(radius: float, order: int) -> list[Term]:
    """A constant and positive powers."""
    terms: list[Term] = [(np.ones_like, np.zeros_like)]
    for k in range(1, order + 1):
        for factor in (1, 1j):
            terms.append(
                (
                    lambda w, k=k, factor=factor: factor * (w / radius) ** k,
                    lambda w, k=k, factor=factor: factor * k * (w / radius) ** k / w,
                )
            )
    return terms


def columns(terms: Sequence[Term], points: Points, directions: Points | None) -> Columns:
    """Real parts at the points, or of the derivatives in given directions."""
    if directions is None:
        return np.stack([np.real(value(points)) for value, _ in terms], axis=1)
    return np.stack([np.real(slope(points) * directions) for _, slope in terms], axis=1)


def placed(blocks: Sequence[tuple[int, Columns]], starts: npt.NDArray[np.int64]) -> Columns:
    """Rows of the whole system from the columns of some of its regions."""
    rows = np.zeros((blocks[0][1].shape[0], int(starts[-1])))
    for number, block in blocks:
        rows[:, starts[number] : starts[number + 1]] = block
    return rows
