"""Power and yearly energy of the pumps that drive the water round a heat network."""

from __future__ import annotations

import numpy.typing as npt

from dhxl.core.checks import outside, outside_anywhere, require, vector_of
from dhxl.core.hydraulics import MOST_MW, volume_flow
from dhxl.errors import InputError

__all__ = ["mean_cube", "pump_energy", "pump_energy_of_loads", "pump_power", "unsuitable_pump"]

CONSUMER_BAR = 0.5  # kept at the consumer hardest to reach, 0.3 to 0.5; VICUS, pressure loss calculation
EFFICIENCY = 0.65  # from electricity to water: impeller 0.73, motor 0.93, converter 0.96; an estimate
BASE_SHARE = 0.05  # load of the last hour over the peak: hot water and losses in summer; an estimate
MOST_BAR = 100.0
KW_PER_BAR_M3_PER_H = 1e5 / 3600 / 1000  # 1 m³/h against 1 bar


def pump_power(flow_m3_per_h: float, pressure_bar: float, efficiency: float = EFFICIENCY) -> float:
    """Electric power of a pump that drives a flow against a pressure difference.

    Parameters
    ----------
    flow_m3_per_h : float
        Volume flow, m³/h, at least 0.
    pressure_bar : float
        Pressure difference, bar, 0 to 100.
    efficiency : float, optional
        From electricity to water, with motor and frequency converter, above 0 to 1.

    Returns
    -------
    float
        kW.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``P = V dp / efficiency``; 36 m³/h against 1 bar are 1 kW in the water. Efficiencies of 0.6 to 0.75 are usual in
    the layout point; the default is an impeller of 0.73 with a motor of 0.93 and a converter of 0.96.

    References
    ----------
    .. [1] VICUS Software: Pump sizing in district heating networks.

    Examples
    --------
    >>> pump_power(36, 3, 0.6)
    5.0
    """
    require(
        outside("flow_m3_per_h", flow_m3_per_h, at_least=0),
        outside("pressure_bar", pressure_bar, at_least=0, at_most=MOST_BAR),
        outside("efficiency", efficiency, above=0, at_most=1),
    )
    return flow_m3_per_h * pressure_bar * KW_PER_BAR_M3_PER_H / efficiency


def pump_energy(
    peak_mw: float,
    heat_mwh: float,
    supply_degc: float,
    return_degc: float,
    network_bar: float,
    consumer_bar: float = CONSUMER_BAR,
    efficiency: float = EFFICIENCY,
    base_share: float = BASE_SHARE,
    hours_h: float = 8760.0,
) -> float:
    """Electricity of a network's pumps in a year, from the peak load and the heat fed in; speed follows the load.

    Parameters
    ----------
    peak_mw : float
        Largest heat load, MW, 0 to 10000.
    heat_mwh : float
        Heat fed into the network, losses included, MWh/a, at least 0.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply; the spread is taken to stay all year.
    network_bar : float
        Pressure drop at the peak on the way to the consumer hardest to reach and back, with fittings and plant, bar,
        0 to 100.
    consumer_bar : float, optional
        Pressure difference kept at that consumer at every load, bar, 0 to 100.
    efficiency : float, optional
        From electricity to water, above 0 to 1.
    base_share : float, optional
        Smallest load of the year over the largest, 0 to the mean load over the largest.
    hours_h : float, optional
        Hours in which the network runs, h/a, above 0 to 8784.

    Returns
    -------
    float
        MWh/a; 0 without a load.

    Raises
    ------
    InputError
        An argument outside its limits, more heat than the peak load gives in the hours, or a smallest load above the
        mean.

    Notes
    -----
    With x the load over its peak, flow goes with x and friction with its square, ``dp = consumer + network x^2``, so
    ``E = V hours (consumer mean(x) + network mean(x^3)) / efficiency``, where mean(x) = heat / (peak hours).

    mean(x^3) needs the load duration curve; it is taken as the power law ``x = 1 - (1 - b) t^s`` of the hours t from 0
    to 1, the one with the given largest, mean and smallest load b. Against two hourly years its mean cube was 22 % too
    low and 17 % too high: where the load of every hour is known, DH_PUMP_ENERGY_YEAR is exact.

    It is what the water takes where pumps follow the load and the spread stays: 0.1 to 0.3 % of the heat at a spread of
    40 to 30 K, five to ten times that in a cold network. Networks in operation need 0.5 to 2 %, those of small spread 5
    to 10 %, since returns get warmer at part load, so that more water flows, and pumps keep more pressure than needed.
    The spread of the mean load and the pressure really kept, as ``consumer_bar``, come nearer to them.

    References
    ----------
    .. [1] VICUS Software: Pump sizing in district heating networks; Pressure loss calculation.
    .. [2] Hakulinen A., Lampinen J., Lavanti J. (2010): Efficiency of district heating water pumping in Finland. 12th
       International Symposium on District Heating and Cooling.

    Examples
    --------
    >>> round(pump_energy(10, 25000, 90, 50, 4), 1)
    30.6
    """
    flow = _flow(peak_mw, supply_degc, return_degc)
    require(
        outside("heat_mwh", heat_mwh, at_least=0),
        unsuitable_pump(network_bar, consumer_bar, efficiency),
        outside("base_share", base_share, at_least=0, at_most=1),
        outside("hours_h", hours_h, above=0, at_most=8784),
    )
    most = peak_mw * hours_h
    if heat_mwh > most:
        raise InputError(f"heat_mwh must be <= peak_mw times hours_h, {most:.6g} MWh, got {heat_mwh:.12g}")
    if heat_mwh == 0:
        return 0.0
    mean = heat_mwh / most
    bar = consumer_bar * mean + network_bar * mean_cube(mean, base_share)
    return flow * bar * KW_PER_BAR_M3_PER_H / efficiency * hours_h / 1000


def mean_cube(mean_share: float, base_share: float) -> float:
    """Mean of the third power of a year's load, each load over the largest.

    Parameters
    ----------
    mean_share : float
        Mean load over the largest, above 0 to 1.
    base_share : float
        Smallest load over the largest, 0 to ``mean_share``.

    Returns
    -------
    float
        From ``mean_share`` cubed to ``mean_share``.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    The load duration curve ``x = 1 - a t^s`` with ``a = 1 - base`` and ``s = (mean - base) / (1 - mean)`` has the
    given mean; its mean cube is ``1 - 3 a/(s + 1) + 3 a^2/(2 s + 1) - a^3/(3 s + 1)``.

    References
    ----------
    .. [1] Derived here by integration.

    Examples
    --------
    >>> mean_cube(0.5, 0.0)
    0.25
    """
    require(
        outside("mean_share", mean_share, above=0, at_most=1),
        outside("base_share", base_share, at_least=0, at_most=mean_share),
    )
    if mean_share == 1:
        return 1.0
    a, s = 1 - base_share, (mean_share - base_share) / (1 - mean_share)
    return 1 - 3 * a / (s + 1) + 3 * a**2 / (2 * s + 1) - a**3 / (3 * s + 1)


def pump_energy_of_loads(
    load_mw: npt.ArrayLike,
    supply_degc: float,
    return_degc: float,
    network_bar: float,
    consumer_bar: float = CONSUMER_BAR,
    efficiency: float = EFFICIENCY,
    design_mw: float | None = None,
    step_h: float = 1.0,
) -> float:
    """Electricity of a network's pumps over a series of heat loads; speed follows the load.

    Parameters
    ----------
    load_mw : array_like
        Heat fed in at each step, losses included, MW, 0 to 10000.
    supply_degc, return_degc : float
        °C, 0 to 200, the return below the supply; the spread is taken to stay.
    network_bar : float
        Pressure drop at the design load on the way to the consumer hardest to reach and back, with fittings and plant,
        bar, 0 to 100.
    consumer_bar : float, optional
        Pressure difference kept at that consumer at every load, bar, 0 to 100.
    efficiency : float, optional
        From electricity to water, above 0 to 1.
    design_mw : float, optional
        Heat load to which ``network_bar`` belongs, MW, above 0 to 10000; the largest of the series by default.
    step_h : float, optional
        Length of a step, h, above 0 to 8784.

    Returns
    -------
    float
        MWh over the series; 0 without a load.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``E = sum of V dp step / efficiency`` with ``dp = consumer + network (load / design)^2``: friction goes with the
    square of the flow, the flow with the load. Without a load the pumps stand still.

    References
    ----------
    .. [1] VICUS Software: Pump sizing in district heating networks; Pressure loss calculation.

    Examples
    --------
    >>> round(pump_energy_of_loads([10.0, 5.0], 90, 50, 4, 0.5, 0.65, 10) * 1000, 2)
    49.36
    """
    loads = vector_of("load_mw", load_mw)
    require(
        outside_anywhere("load_mw", loads, at_least=0, at_most=MOST_MW),
        [] if design_mw is None else outside("design_mw", design_mw, above=0, at_most=MOST_MW),
        unsuitable_pump(network_bar, consumer_bar, efficiency),
        outside("step_h", step_h, above=0, at_most=8784),
    )
    flow = _flow(1.0, supply_degc, return_degc)
    design = float(loads.max()) if design_mw is None else design_mw
    if design == 0:
        return 0.0
    bar_mw = consumer_bar * loads.sum() + network_bar * (loads * (loads / design) ** 2).sum()
    return flow * float(bar_mw) * KW_PER_BAR_M3_PER_H / efficiency * step_h / 1000


def _flow(peak_mw: float, supply_degc: float, return_degc: float) -> float:
    require(outside("peak_mw", peak_mw, at_least=0, at_most=MOST_MW))
    return volume_flow(peak_mw, supply_degc, return_degc)


def unsuitable_pump(network_bar: float, consumer_bar: float, efficiency: float) -> list[str]:
    """Sentences on pressures or an efficiency outside their limits, or none."""
    return [
        *outside("network_bar", network_bar, at_least=0, at_most=MOST_BAR),
        *outside("consumer_bar", consumer_bar, at_least=0, at_most=MOST_BAR),
        *outside("efficiency", efficiency, above=0, at_most=1),
    ]
