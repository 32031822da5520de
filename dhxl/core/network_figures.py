"""Figures of a network section by section: pipe, flow, pressure drop, loss, density and cost, and of all together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dhxl.core import hydraulics, pipe_sizes, pumps
from dhxl.core.checks import require
from dhxl.core.cold_networks import COLD_NETWORK, network_rating
from dhxl.core.finance import annuity_factor
from dhxl.core.ground import ground_temperature
from dhxl.core.network_sections import NetworkConditions, NetworkSection, unsuitable_conditions, unsuitable_sections
from dhxl.core.sections import PipeSection, axis_depth, section_heat_loss
from dhxl.errors import DhxlError, InputError, NoSolutionError

__all__ = ["Figures", "network_figures"]

LOW_SUPPLY_DEGC = 40.0  # below it heat is not used directly; Planungshandbuch Fernwärme (EnergieSchweiz 2017), scope
SAYS_LITTLE = "linear heat density says little here: compare cost per connection and pump energy"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a section, or of a whole network; None where a figure has no meaning.

    Parameters
    ----------
    dn : int
        Nominal diameter; 0 for a network.
    suggested : bool
        Whether it was chosen here.
    length_m, heat_mwh : float
        Trench and heat sold.
    flow_m3_per_h, velocity_m_per_s, gradient_pa_per_m : float
        At the peak; the gradient is that of one pipe.
    pressure_drop_bar, path_bar : float
        Of supply and return pipe together at the peak: of the section, and from the plant to its end.
    ground_degc : float
        Ground around the pipes; 0 for a network.
    loss_w_per_m, loss_mwh : float
        Per metre of trench and in the year.
    loss_share, lhd_mwh_per_m : float or None
        Loss over heat fed in, and linear heat density.
    rating : str
        Of the density, empty without heat sold.
    trench_cost_eur : float
        Investment.
    cost_eur_per_mwh, cost_eur_per_connection : float or None
        Investment spread over the heat sold, and per connection.
    pump_mwh : float or None
        Electricity: of a section what its friction takes, of a network all.
    note : str
        What to look at, empty where there is nothing.
    """

    dn: int
    suggested: bool
    length_m: float
    heat_mwh: float
    flow_m3_per_h: float
    velocity_m_per_s: float
    gradient_pa_per_m: float
    pressure_drop_bar: float
    path_bar: float
    ground_degc: float
    loss_w_per_m: float
    loss_mwh: float
    loss_share: float | None
    lhd_mwh_per_m: float | None
    rating: str
    trench_cost_eur: float
    cost_eur_per_mwh: float | None
    cost_eur_per_connection: float | None
    pump_mwh: float | None
    note: str


@dataclass(frozen=True, slots=True)
class _Laid:
    """A section with its pipe chosen, and what flows and is lost there."""

    section: NetworkSection
    pipe: PipeSection
    suggested: bool
    flow_m3_per_h: float
    velocity_m_per_s: float
    gradient_pa_per_m: float
    pressure_drop_bar: float
    ground_degc: float
    loss_w_per_m: float
    loss_mwh: float


@dataclass(frozen=True, slots=True)
class _Year:
    """Load of a network over a year: peak, mean over peak, and mean cube; the last two None where they do not fit."""

    peak_mw: float
    mean: float | None
    cube: float | None


def network_figures(sections: Sequence[NetworkSection], conditions: NetworkConditions) -> tuple[list[Figures], Figures]:
    """Figures of every section of a network, and of the whole.

    Parameters
    ----------
    sections : sequence of NetworkSection
        In any order.
    conditions : NetworkConditions
        What holds for all of them.

    Returns
    -------
    list of Figures
        One for each section.
    Figures
        The network: sums of length, heat, loss and investment; flow at the plant; pressure drop of the longest path.

    Raises
    ------
    InputError
        All faults of all sections at once, each with the section's name.
    NoSolutionError
        A section to be sized for more than the largest pipe carries.

    Notes
    -----
    Loss and pressure drop as in :func:`dhxl.core.sections.section_heat_loss` and
    :func:`dhxl.core.hydraulics.pressure_gradient`; the drop of a section counts its supply and its return pipe. The
    plant's peak is the sum of the peaks of the sections fed by it, or the largest of any section if that is more. The
    network's pump energy is :func:`dhxl.core.pumps.pump_energy` of that peak, of the heat sold and lost (where pipes
    gain heat, of the heat sold) and of the longest path; that of a section its own friction under the same load curve.

    Examples
    --------
    >>> section = NetworkSection(PipeSection(100, 2, 1000.0), 2000.0, 1.0, 500.0)
    >>> _, network = network_figures([section], NetworkConditions(80, 50, 10))
    >>> round(network.path_bar, 3), round(network.loss_mwh, 1), network.rating
    (1.543, 208.6, 'very good')
    """
    require(unsuitable_conditions(conditions), unsuitable_sections(sections))
    laid = _all_laid(sections, conditions)
    paths = _paths(laid)
    year = _year(laid, conditions)
    figures = [_section_figures(one, path, year, conditions) for one, path in zip(laid, paths, strict=True)]
    return figures, _network_figures(laid, max(paths, default=0.0), year, conditions)


def _all_laid(sections: Sequence[NetworkSection], conditions: NetworkConditions) -> list[_Laid]:
    laid: list[_Laid] = []
    faults: list[DhxlError] = []
    for place, section in enumerate(sections):
        try:
            laid.append(_laid(section, conditions))
        except DhxlError as error:
            name = section.pipe.name or f"section {place + 1}"
            found = (problem.replace("power_mw", "peak_mw") for problem in error.problems)
            faults.append(type(error)(f"{name}: {problem}" for problem in found))
    if faults:
        kind = InputError if any(isinstance(fault, InputError) for fault in faults) else NoSolutionError
        raise kind(problem for fault in faults for problem in fault.problems)
    return laid


def _laid(section: NetworkSection, c: NetworkConditions) -> _Laid:
    pipe, dn, limits = section.pipe, section.pipe.dn, (c.max_pa_per_m, c.max_m_per_s, c.roughness_mm)
    flow = velocity = gradient = 0.0
    if section.peak_mw:
        hot, cold = c.peak
        hot = hot if pipe.supply_degc is None else pipe.supply_degc
        cold = cold if pipe.return_degc is None else pipe.return_degc
        dn = dn or pipe_sizes.pipe_size(section.peak_mw, hot, cold, *limits)
        flow = hydraulics.volume_flow(section.peak_mw, hot, cold)
        velocity = hydraulics.flow_velocity(section.peak_mw, hot, cold, dn)
        gradient = hydraulics.pressure_gradient(section.peak_mw, hot, cold, dn, c.roughness_mm)
    pipe = replace(pipe, dn=dn)
    around = c.ground_degc if pipe.ground_degc is None else pipe.ground_degc
    if pipe.ground_degc is None and c.ground_amplitude_k:
        wave = c.ground_amplitude_k, axis_depth(pipe), c.ground_day, min(c.hours_h / 24, 366.0)
        around = ground_temperature(c.ground_degc, *wave, c.coldest_day, c.diffusivity_m2_per_s)
    loss_w_per_m = section_heat_loss(pipe, c.supply_degc, c.return_degc, around)
    return _Laid(
        section=section,
        pipe=pipe,
        suggested=not section.pipe.dn,
        flow_m3_per_h=flow,
        velocity_m_per_s=velocity,
        gradient_pa_per_m=gradient,
        pressure_drop_bar=2 * gradient * pipe.length_m / 1e5,
        ground_degc=around,
        loss_w_per_m=loss_w_per_m,
        loss_mwh=loss_w_per_m * pipe.length_m * c.hours_h / 1e6,
    )


def _paths(laid: Sequence[_Laid]) -> list[float]:
    """Pressure drop from the plant to the end of each section, bar."""

    def path(place: int | None) -> list[int]:
        places = []
        while place is not None:
            places.append(place)
            place = laid[place].section.fed_by
        return places

    return [math.fsum(laid[place].pressure_drop_bar for place in path(end)) for end in range(len(laid))]


def _year(laid: Sequence[_Laid], c: NetworkConditions) -> _Year:
    peaks = [(one.section.peak_mw, one.section.fed_by) for one in laid]
    roots = math.fsum(peak for peak, fed_by in peaks if fed_by is None)
    plant = max([roots, *(peak for peak, _ in peaks)])
    fed_mwh = math.fsum(one.section.heat_mwh for one in laid) + max(math.fsum(one.loss_mwh for one in laid), 0.0)
    most_mwh = plant * c.hours_h
    if plant == 0 or fed_mwh == 0:
        return _Year(plant, 0.0, 0.0)
    if fed_mwh > most_mwh:
        return _Year(plant, None, None)
    mean = fed_mwh / most_mwh
    return _Year(plant, mean, pumps.mean_cube(mean, min(c.base_share, mean)))


def _section_figures(one: _Laid, path_bar: float, year: _Year, c: NetworkConditions) -> Figures:
    section, pipe = one.section, one.pipe
    length_m, cost_eur = pipe.length_m, section.cost_eur_per_m * pipe.length_m
    pump_mwh = None
    if year.cube is not None:
        pump_mwh = pumps.pump_power(one.flow_m3_per_h, 1.0, c.efficiency) * one.pressure_drop_bar * year.cube
        pump_mwh *= c.hours_h / 1000
    density, rating, note = _density(pipe.supply_degc, length_m, section.heat_mwh, one.loss_mwh, c)
    notes = [note]
    if not section.peak_mw:
        notes.append("no peak_mw: no flow")
    if one.gradient_pa_per_m > c.max_pa_per_m:
        notes.append(f"pressure drop above {c.max_pa_per_m:.12g} Pa/m")
    if one.velocity_m_per_s > c.max_m_per_s:
        notes.append(f"velocity above {c.max_m_per_s:.12g} m/s")
    return Figures(
        dn=pipe.dn,
        suggested=one.suggested,
        length_m=length_m,
        heat_mwh=section.heat_mwh,
        flow_m3_per_h=one.flow_m3_per_h,
        velocity_m_per_s=one.velocity_m_per_s,
        gradient_pa_per_m=one.gradient_pa_per_m,
        pressure_drop_bar=one.pressure_drop_bar,
        path_bar=path_bar,
        ground_degc=one.ground_degc,
        loss_w_per_m=one.loss_w_per_m,
        loss_mwh=one.loss_mwh,
        loss_share=_share(section.heat_mwh, one.loss_mwh),
        lhd_mwh_per_m=density,
        rating=rating,
        trench_cost_eur=cost_eur,
        cost_eur_per_mwh=_cost_of_heat(cost_eur, section.heat_mwh, c),
        cost_eur_per_connection=cost_eur / section.connections if section.connections else None,
        pump_mwh=pump_mwh,
        note="; ".join(filter(None, notes)),
    )


def _network_figures(laid: Sequence[_Laid], longest_bar: float, year: _Year, c: NetworkConditions) -> Figures:
    length_m = math.fsum(one.pipe.length_m for one in laid)
    heat_mwh = math.fsum(one.section.heat_mwh for one in laid)
    loss_mwh = math.fsum(one.loss_mwh for one in laid)
    cost_eur = math.fsum(one.section.cost_eur_per_m * one.pipe.length_m for one in laid)
    connections = math.fsum(one.section.connections for one in laid)
    flow = hydraulics.volume_flow(year.peak_mw, *c.peak) if year.peak_mw else 0.0
    pump_mwh = None
    if year.mean is not None and year.cube is not None:
        bar = c.consumer_bar * year.mean + longest_bar * year.cube
        pump_mwh = pumps.pump_power(flow, 1.0, c.efficiency) * bar * c.hours_h / 1000
    density, rating, note = _density(None, length_m, heat_mwh, loss_mwh, c)
    notes = [note, "" if pump_mwh is not None else "peak_mw gives less in the hours than is sold and lost"]
    return Figures(
        dn=0,
        suggested=False,
        length_m=length_m,
        heat_mwh=heat_mwh,
        flow_m3_per_h=flow,
        velocity_m_per_s=0.0,
        gradient_pa_per_m=0.0,
        pressure_drop_bar=longest_bar,
        path_bar=longest_bar,
        ground_degc=0.0,
        loss_w_per_m=loss_mwh * 1e6 / c.hours_h / length_m if length_m else 0.0,
        loss_mwh=loss_mwh,
        loss_share=_share(heat_mwh, loss_mwh),
        lhd_mwh_per_m=density,
        rating=rating,
        trench_cost_eur=cost_eur,
        cost_eur_per_mwh=_cost_of_heat(cost_eur, heat_mwh, c),
        cost_eur_per_connection=cost_eur / connections if connections else None,
        pump_mwh=pump_mwh,
        note="; ".join(filter(None, notes)),
    )


def _density(
    own_supply_degc: float | None, length_m: float, heat_mwh: float, loss_mwh: float, c: NetworkConditions
) -> tuple[float | None, str, str]:
    """Linear heat density, its rating, and a note where it says little."""
    if length_m == 0:
        return None, "", ""
    density = heat_mwh / length_m
    rating = network_rating(density, loss_mwh / length_m)
    supply_degc = c.supply_degc if own_supply_degc is None else own_supply_degc
    little = rating == COLD_NETWORK or supply_degc < LOW_SUPPLY_DEGC
    return density, rating if heat_mwh else "", SAYS_LITTLE if little else ""


def _share(heat_mwh: float, loss_mwh: float) -> float | None:
    fed_mwh = heat_mwh + loss_mwh
    return loss_mwh / fed_mwh if fed_mwh > 0 else None


def _cost_of_heat(cost_eur: float, heat_mwh: float, c: NetworkConditions) -> float | None:
    """Investment as an annuity over the heat sold, EUR/MWh."""
    return cost_eur * annuity_factor(c.discount_rate, c.life_years) / heat_mwh if heat_mwh else None
