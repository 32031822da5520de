"""What a network is made of: its sections with what they serve and cost, and the conditions common to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dhxl.core import ground, hydraulics, pipe_sizes, pumps
from dhxl.core.checks import outside
from dhxl.core.pipe_data import PIPES
from dhxl.core.pipes import unsuitable_temperatures
from dhxl.core.sections import PipeSection, unsuitable_section
from dhxl.core.water import unsuitable_water

__all__ = ["NetworkConditions", "NetworkSection", "unsuitable_conditions", "unsuitable_sections"]


@dataclass(frozen=True, slots=True)
class NetworkSection:
    """Section of a network with what it serves, carries and costs.

    Parameters
    ----------
    pipe : PipeSection
        Pipe and trench; ``dn`` 0 is a pipe to be chosen for ``peak_mw``.
    heat_mwh : float, optional
        Heat sold to the consumers along it, MWh/a, at least 0.
    peak_mw : float, optional
        Largest heat load that flows through it, MW, 0 to 10000.
    cost_eur_per_m : float, optional
        Investment per metre of trench, EUR/m, at least 0.
    connections : float, optional
        Connections along it, at least 0.
    fed_by : int, optional
        Place in the sequence of the section from which it is fed; None is the plant.
    """

    pipe: PipeSection
    heat_mwh: float = 0.0
    peak_mw: float = 0.0
    cost_eur_per_m: float = 0.0
    connections: float = 0.0
    fed_by: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkConditions:
    """What holds for all sections of a network that have nothing of their own.

    Parameters
    ----------
    supply_degc, return_degc, ground_degc : float
        Mean temperatures of the hours in which the network is warm, °C, -50 to 200; with ``ground_amplitude_k``
        ``ground_degc`` is the mean of the year.
    hours_h : float, optional
        Those hours, h/a, above 0 to 8784.
    peak_supply_degc, peak_return_degc : float, optional
        Temperatures at the peak, °C, 0 to 200; the means without them.
    max_pa_per_m, max_m_per_s, roughness_mm : float, optional
        As in :func:`dhxl.core.pipe_sizes.pipe_size`.
    consumer_bar, efficiency, base_share : float, optional
        As in :func:`dhxl.core.pumps.pump_energy`; a ``base_share`` above the mean load counts as the mean load.
    life_years, discount_rate : float, optional
        As in :func:`dhxl.core.network.network_cost`.
    ground_amplitude_k, ground_day, coldest_day, diffusivity_m2_per_s : float, optional
        As in :func:`dhxl.core.ground.ground_temperature`, for the depth of each section's pipes and as mean of
        ``hours_h`` around ``ground_day``; without an amplitude ``ground_degc`` holds at any depth.
    """

    supply_degc: float
    return_degc: float
    ground_degc: float
    hours_h: float = 8760.0
    peak_supply_degc: float | None = None
    peak_return_degc: float | None = None
    max_pa_per_m: float = pipe_sizes.MAX_PA_PER_M
    max_m_per_s: float = pipe_sizes.MAX_M_PER_S
    roughness_mm: float = hydraulics.ROUGHNESS_MM
    consumer_bar: float = pumps.CONSUMER_BAR
    efficiency: float = pumps.EFFICIENCY
    base_share: float = pumps.BASE_SHARE
    life_years: float = 30.0
    discount_rate: float = 0.0
    ground_amplitude_k: float = 0.0
    ground_day: float = 15.0
    coldest_day: float = ground.COLDEST_DAY
    diffusivity_m2_per_s: float = ground.DIFFUSIVITY_M2_PER_S

    @property
    def peak(self) -> tuple[float, float]:
        """Supply and return temperature at the peak, °C."""
        hot, cold = self.peak_supply_degc, self.peak_return_degc
        return self.supply_degc if hot is None else hot, self.return_degc if cold is None else cold


def unsuitable_conditions(conditions: NetworkConditions) -> list[str]:
    """Sentences on conditions outside their limits, or none."""
    c = conditions
    return [
        *unsuitable_temperatures(c.supply_degc, c.return_degc, c.ground_degc),
        *outside("hours_h", c.hours_h, above=0, at_most=8784),
        *([] if c.peak_supply_degc is None else unsuitable_water("peak_supply_degc", c.peak_supply_degc)),
        *([] if c.peak_return_degc is None else unsuitable_water("peak_return_degc", c.peak_return_degc)),
        *pipe_sizes.unsuitable_limits(c.max_pa_per_m, c.max_m_per_s, c.roughness_mm),
        *pumps.unsuitable_pump(0.0, c.consumer_bar, c.efficiency),
        *outside("base_share", c.base_share, at_least=0, at_most=1),
        *outside("life_years", c.life_years, above=0),
        *outside("discount_rate", c.discount_rate, above=-1),
        *ground.unsuitable_wave(c.ground_amplitude_k, c.ground_day, c.coldest_day, c.diffusivity_m2_per_s),
        *(ground.unsuitable_mean("ground_degc", c.ground_degc) if c.ground_amplitude_k else []),
    ]


def unsuitable_sections(sections: Sequence[NetworkSection]) -> list[str]:
    """Sentences on what is wrong with the sections of a network, each with the section's name, or none."""
    faults = []
    for place, section in enumerate(sections):
        name = section.pipe.name or f"section {place + 1}"
        pipe = replace(section.pipe, name=name, dn=section.pipe.dn or next(iter(PIPES)))
        faults += unsuitable_section(pipe)
        own = [
            *outside("heat_mwh", section.heat_mwh, at_least=0),
            *outside("peak_mw", section.peak_mw, at_least=0, at_most=hydraulics.MOST_MW),
            *outside("cost_eur_per_m", section.cost_eur_per_m, at_least=0),
            *outside("connections", section.connections, at_least=0),
        ]
        if not section.pipe.dn and not section.peak_mw:
            own.append("dn or peak_mw must be given: without a load no pipe can be chosen")
        if _goes_round(sections, place):
            own.append("fed_by leads back to the section itself instead of to the plant")
        faults += [f"{name}: {fault}" for fault in own]
    return faults


def _goes_round(sections: Sequence[NetworkSection], place: int) -> bool:
    step = sections[place].fed_by
    for _ in sections:
        if step is None:
            return False
        if step == place:
            return True
        step = sections[step].fed_by
    return step is not None
