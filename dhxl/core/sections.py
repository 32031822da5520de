"""Sections of a network, and what they lose together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dhxl.core import pipes
from dhxl.core.checks import outside, require
from dhxl.core.pipe_data import PIPES
from dhxl.core.twin_pipes import TWIN_PIPES, twin_pipe_loss, unknown_twin_pipe

__all__ = ["PipeSection", "axis_depth", "network_heat_loss", "section_heat_loss", "unsuitable_section"]


@dataclass(frozen=True, slots=True)
class PipeSection:
    """Section of a network: pipes of one kind over a length of trench.

    Parameters
    ----------
    dn, insulation_series : int
        The pipe, as in :func:`dhxl.core.pipes.pipe_heat_loss_coefficient`, or as in
        :func:`dhxl.core.twin_pipes.twin_pipe_heat_loss_coefficient` for a twin pipe.
    length_m : float
        Trench length, m, at least 0.
    supply_degc, return_degc, ground_degc : float, optional
        The section's own temperatures, °C; without them the network's.
    lambda_insulation_w_per_mk, lambda_soil_w_per_mk, cover_m, gap_m : float, optional
        As in :func:`dhxl.core.pipes.pipe_heat_loss_coefficient`; a twin pipe has no gap.
    name : str, optional
        What messages call the section.
    twin : bool, optional
        Whether supply and return lie in one casing.
    """

    dn: int
    insulation_series: int
    length_m: float
    supply_degc: float | None = None
    return_degc: float | None = None
    ground_degc: float | None = None
    lambda_insulation_w_per_mk: float = pipes.LAMBDA_INSULATION_W_PER_MK
    lambda_soil_w_per_mk: float = pipes.LAMBDA_SOIL_W_PER_MK
    cover_m: float = pipes.COVER_M
    gap_m: float = pipes.GAP_M
    name: str = ""
    twin: bool = False


def network_heat_loss(
    sections: Sequence[PipeSection],
    supply_degc: float,
    return_degc: float,
    ground_degc: float,
    hours_h: float = 8760.0,
) -> float:
    """Heat loss of a network of buried pipes over the hours of a year.

    Parameters
    ----------
    sections : sequence of PipeSection
        None is a network without loss.
    supply_degc, return_degc, ground_degc : float
        Mean temperatures over the hours, °C, -50 to 200, for sections without their own.
    hours_h : float, optional
        Hours in which the network is warm, h/a, above 0 to 8784.

    Returns
    -------
    float
        MWh/a; negative where the ground is warmer than the pipes.

    Raises
    ------
    InputError
        All faults of all sections at once, each with the section's name or number.

    Notes
    -----
    ``Q = sum of q L h / 10^6`` with q from :func:`section_heat_loss`. As q is linear in the temperatures, their means
    over the hours give the same loss as every hour's own.

    References
    ----------
    .. [1] EN 13941: Design and installation of preinsulated bonded pipe systems for district heating, annex on heat
       losses.

    Examples
    --------
    >>> round(network_heat_loss([PipeSection(100, 2, 1000.0)], 90, 65, 10), 2)
    255.96
    """
    problems = [
        *pipes.unsuitable_temperatures(supply_degc, return_degc, ground_degc),
        *outside("hours_h", hours_h, above=0, at_most=8784),
    ]
    for number, section in enumerate(sections, start=1):
        problems.extend(unsuitable_section(section if section.name else replace(section, name=f"section {number}")))
    require(problems)
    loss_w = math.fsum(
        section.length_m * section_heat_loss(section, supply_degc, return_degc, ground_degc) for section in sections
    )
    return loss_w * hours_h / 1e6


def section_heat_loss(section: PipeSection, supply_degc: float, return_degc: float, ground_degc: float) -> float:
    """Heat loss per metre of a section's trench, supply and return together.

    Parameters
    ----------
    section : PipeSection
        A pair of pipes or a twin pipe.
    supply_degc, return_degc, ground_degc : float
        Temperatures for a section without its own, °C, -50 to 200.

    Returns
    -------
    float
        W/m; negative where the ground is warmer than the pipes' mean.

    Raises
    ------
    InputError
        No such pipe, or a value outside its limits: all faults at once.

    Examples
    --------
    >>> round(section_heat_loss(PipeSection(100, 2, 1000.0), 90, 65, 10), 2)
    29.22
    """
    temperatures = (
        supply_degc if section.supply_degc is None else section.supply_degc,
        return_degc if section.return_degc is None else section.return_degc,
        ground_degc if section.ground_degc is None else section.ground_degc,
    )
    soil = section.lambda_insulation_w_per_mk, section.lambda_soil_w_per_mk, section.cover_m
    if section.twin:
        return twin_pipe_loss(section.dn, *temperatures, section.insulation_series, *soil)
    return pipes.pipe_heat_loss(section.dn, section.insulation_series, *temperatures, *soil, section.gap_m)


def axis_depth(section: PipeSection) -> float:
    """Depth of a section's pipes below the surface, to their axis.

    Parameters
    ----------
    section : PipeSection
        Without faults.

    Returns
    -------
    float
        m.

    Examples
    --------
    >>> axis_depth(PipeSection(100, 1, 0.0, cover_m=0.8))
    0.9
    """
    casings = (TWIN_PIPES if section.twin else PIPES)[section.dn].casing_mm
    return section.cover_m + casings[section.insulation_series - 1] / 2000


def unsuitable_section(section: PipeSection) -> list[str]:
    """Sentences on what is wrong with a section of a network, or none.

    Parameters
    ----------
    section : PipeSection
        Its name stands before each sentence.

    Returns
    -------
    list of str
        All its faults.

    Examples
    --------
    >>> unsuitable_section(PipeSection(450, 3, -1.0, name="Main street"))[0]
    'Main street: insulation_series must be one of 1, 2 for DN 450, got 3'
    """
    unknown = unknown_twin_pipe if section.twin else pipes.unknown_pipe
    faults = [
        *unknown(section.dn, section.insulation_series),
        *outside("length_m", section.length_m, at_least=0),
        *pipes.unsuitable_temperatures(section.supply_degc, section.return_degc, section.ground_degc),
        *pipes.unsuitable_ground(
            section.lambda_insulation_w_per_mk, section.lambda_soil_w_per_mk, section.cover_m, section.gap_m
        ),
    ]
    return [f"{section.name}: {fault}" for fault in faults]
