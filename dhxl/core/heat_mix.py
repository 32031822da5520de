"""Primary energy, emissions and renewable share of the heat of a network, from all that goes into it."""

from __future__ import annotations

import math

import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.errors import InputError, NoSolutionError

__all__ = [
    "chp_heat_share",
    "heat_emission_factor",
    "heat_pump_renewable_share",
    "primary_energy_factor",
    "renewable_share",
    "usable_primary_energy_factor",
]

DISPLACED_POWER_FACTOR = 2.8  # non-renewable primary energy of power that CHP displaces; GEG 2020 and 2024, Annex 4
DISPLACED_POWER_KG_PER_MWH = 860.0  # kg CO2e/MWh of power that CHP displaces; GEG 2020, Annex 9
SMALLEST_FACTOR = 0.3  # GEG § 22 (3)
SMALLER_BY_SHARE = 0.1  # 0.001 for each percentage point of renewable or waste heat; GEG § 22 (3)
POWER_EFFICIENCY = 0.455  # power out over primary energy in, mean of the EU; Commission Decision 2013/114/EU
BARELY_RENEWABLE = 1.15  # a heat pump must give this times the primary energy of its power; RED, Annex VII
ZERO_DEGC_IN_K = 273.15


def primary_energy_factor(
    heat_sold_mwh: float,
    energy_mwh: npt.ArrayLike,
    factors: npt.ArrayLike,
    power_mwh: float = 0.0,
    power_factor: float = DISPLACED_POWER_FACTOR,
) -> float:
    """Primary energy factor of a network's heat, with power from CHP credited (power bonus method).

    Parameters
    ----------
    heat_sold_mwh : float
        Heat delivered to the consumers, MWh/a, above 0: network losses raise the factor.
    energy_mwh : array_like
        Energy that goes into heat generation and distribution, one value for each carrier, MWh/a, at least 0: fuels
        (lower heating value) and power from the grid for heat pumps and pumps.
    factors : array_like
        Primary energy factor of each carrier, at least 0; for the German GEG the non-renewable part: natural gas 1.1,
        wood 0.2, power from the grid 1.8, waste, ambient, solar and geothermal heat 0.
    power_mwh : float, optional
        Power of CHP fed into the grid, MWh/a, at least 0. Power that the network uses itself is neither credited nor
        bought.
    power_factor : float, optional
        Primary energy factor of the power that it displaces, at least 0; 2.8 is that of the GEG of 2020 and 2024.

    Returns
    -------
    float
        Primary energy per heat. It can be negative, with much power from CHP:
        :func:`usable_primary_energy_factor` is what the law lets one use.

    Raises
    ------
    InputError
        An argument is outside its limits, or energies and factors differ in number.

    Notes
    -----
    ``f = (sum of E_i f_i - P f_P) / Q``.

    References
    ----------
    .. [1] GEG (2020) § 22 (2) and Annex 4; AGFW FW 309 Part 1: energy performance of district heating.
    .. [2] EN 15316-4-5 (2017): district heating and cooling, power bonus method.

    Examples
    --------
    >>> round(primary_energy_factor(900, [1000], [1.1]), 6)
    1.222222
    >>> round(primary_energy_factor(900, [2000, 50], [1.1, 1.8], 600), 6)
    0.677778
    """
    require(
        outside("power_mwh", power_mwh, at_least=0),
        outside("power_factor", power_factor, at_least=0),
    )
    energy, weights = _carriers(heat_sold_mwh, energy_mwh, "factors", factors)
    return math.fsum([*(energy * weights), -power_mwh * power_factor]) / heat_sold_mwh


def usable_primary_energy_factor(primary_energy_factor: float, renewable_share: float) -> float:
    """Primary energy factor of a network that the German GEG lets one use: the calculated one, but not below a floor.

    Parameters
    ----------
    primary_energy_factor : float
        As calculated; may be negative.
    renewable_share : float
        Share of the network's heat from renewable energy or waste heat, 0 to 1.

    Returns
    -------
    float
        At least 0.3 less 0.001 for each percentage point of renewable or waste heat, that is 0.2 to 0.3.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``max(f, 0.3 - 0.1 s)``.

    References
    ----------
    .. [1] GEG (2020) § 22 (3).

    Examples
    --------
    >>> usable_primary_energy_factor(-0.4, 0.0), usable_primary_energy_factor(0.1, 0.5)
    (0.3, 0.25)
    """
    require(
        outside("primary_energy_factor", primary_energy_factor),
        outside("renewable_share", renewable_share, at_least=0, at_most=1),
    )
    return max(primary_energy_factor, SMALLEST_FACTOR - SMALLER_BY_SHARE * renewable_share)


def heat_emission_factor(
    heat_sold_mwh: float,
    energy_mwh: npt.ArrayLike,
    factors_kg_per_mwh: npt.ArrayLike,
    power_mwh: float = 0.0,
    power_kg_per_mwh: float = DISPLACED_POWER_KG_PER_MWH,
) -> float:
    """Emission factor of a network's heat, with power from CHP credited (power bonus method).

    Parameters
    ----------
    heat_sold_mwh : float
        Heat delivered to the consumers, MWh/a, above 0.
    energy_mwh : array_like
        Energy that goes into heat generation and distribution, one value for each carrier, MWh/a, at least 0.
    factors_kg_per_mwh : array_like
        Emission factor of each carrier, kg CO2e/MWh, at least 0; g/kWh is the same number.
    power_mwh : float, optional
        Power of CHP fed into the grid, MWh/a, at least 0.
    power_kg_per_mwh : float, optional
        Emission factor of the power that it displaces, kg CO2e/MWh, at least 0; 860 is that of the GEG of 2020.

    Returns
    -------
    float
        kg CO2e per MWh of heat; negative where the credit is larger than the emissions.

    Raises
    ------
    InputError
        An argument is outside its limits, or energies and factors differ in number.

    Notes
    -----
    ``e = (sum of E_i e_i - P e_P) / Q``, :func:`primary_energy_factor` with emission factors. Allotting the emissions
    of CHP to heat and power by exergy instead is :func:`chp_heat_share`.

    References
    ----------
    .. [1] GEG (2020) Annex 9 (natural gas 240, wood 20, power from the grid 560, displaced power 860 g/kWh).

    Examples
    --------
    >>> round(heat_emission_factor(900, [1000], [240]), 6)
    266.666667
    """
    require(
        outside("power_mwh", power_mwh, at_least=0),
        outside("power_kg_per_mwh", power_kg_per_mwh, at_least=0),
    )
    energy, weights = _carriers(heat_sold_mwh, energy_mwh, "factors_kg_per_mwh", factors_kg_per_mwh)
    return math.fsum([*(energy * weights), -power_mwh * power_kg_per_mwh]) / heat_sold_mwh


def chp_heat_share(heat_mwh: float, power_mwh: float, heat_degc: float, ambient_degc: float = 0.0) -> float:
    """Share of a CHP plant's fuel, cost or emissions that its heat bears when they are allotted by exergy (Carnot).

    Parameters
    ----------
    heat_mwh : float
        Useful heat, MWh/a, at least 0.
    power_mwh : float
        Power, MWh/a, at least 0; not both 0.
    heat_degc : float
        Temperature at which the heat leaves the plant, °C, above the ambient one; for a network the mean of supply
        and return.
    ambient_degc : float, optional
        Temperature of the surroundings, °C, above -273.15.

    Returns
    -------
    float
        0 to 1; the rest is the power's.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``s = c Q / (c Q + P)`` with the Carnot factor ``c = 1 - T_0 / T``, temperatures in K: the work that the heat is
    worth. No reference plants are needed, and the share never leaves 0 to 1.

    References
    ----------
    .. [1] GEG (2020) § 22 (5), which looks at this method of EN 15316-4-5 (2017), 6.2.2.1.6.3, for the years from 2030.

    Examples
    --------
    >>> round(chp_heat_share(500, 400, 80, 10), 6)
    0.19857
    """
    require(
        outside("heat_mwh", heat_mwh, at_least=0),
        outside("power_mwh", power_mwh, at_least=0),
        outside("heat_degc", heat_degc, above=-ZERO_DEGC_IN_K),
        outside("ambient_degc", ambient_degc, above=-ZERO_DEGC_IN_K),
    )
    if heat_degc <= ambient_degc:
        raise InputError(f"heat_degc must be > ambient_degc ({ambient_degc:.12g} °C), got {heat_degc:.12g}")
    if heat_mwh == 0 and power_mwh == 0:
        raise InputError("heat_mwh and power_mwh must not both be 0: there is nothing to bear the fuel")
    work = heat_mwh * (heat_degc - ambient_degc) / (heat_degc + ZERO_DEGC_IN_K)
    return work / (work + power_mwh)


def renewable_share(heat_mwh: npt.ArrayLike, shares: npt.ArrayLike) -> float:
    """Renewable share of a heat mix: mean of the sources' shares, weighted with the heat of each.

    Parameters
    ----------
    heat_mwh : array_like
        Heat of each source, MWh/a, at least 0; in some source above 0.
    shares : array_like
        Share of each source's heat that counts, 0 to 1: 1 for solar, geothermal and biomass, 0 for fossil fuel,
        :func:`heat_pump_renewable_share` for a heat pump. A second call with other shares tells of waste heat.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    InputError
        An argument is outside its limits, or heat and shares differ in number.
    NoSolutionError
        No source gives heat.

    Notes
    -----
    ``sum of Q_i s_i / sum of Q_i``, of the heat fed into the network. What counts depends on the rule: the EU's
    directive counts of a heat pump's heat what it takes from the surroundings, the German BEW all of it.

    References
    ----------
    .. [1] Directive (EU) 2018/2001 (RED), Article 7 and Annex VII.
    .. [2] nPro Energy: BEW subsidy for 5GDHC networks (heat from heat pumps counts as renewable, whatever the power).

    Examples
    --------
    >>> renewable_share([60, 30, 10], [0.75, 1, 0])
    0.75
    """
    heat, counted = vector_of("heat_mwh", heat_mwh), vector_of("shares", shares)
    require(
        outside_anywhere("heat_mwh", heat, at_least=0),
        outside_anywhere("shares", counted, at_least=0, at_most=1),
    )
    if heat.size != counted.size:
        raise InputError(f"heat_mwh and shares must cover the same sources, got {heat.size} and {counted.size} values")
    total = math.fsum(heat)
    if total == 0:
        raise NoSolutionError("heat_mwh is 0 for every source: there is no heat to have a share")
    return min(math.fsum(heat * counted) / total, 1.0)


def heat_pump_renewable_share(seasonal_cop: float, power_efficiency: float = POWER_EFFICIENCY) -> float:
    """Share of a heat pump's heat that counts as renewable in the EU: what it takes from the surroundings.

    Parameters
    ----------
    seasonal_cop : float
        Seasonal performance factor: heat of a year over power of a year, above 0.
    power_efficiency : float, optional
        Power generated over primary energy used for it in the EU, above 0 to 1. 0.455 makes 2.527 the least
        performance that counts (the Commission rounds it to 2.5); for heat-driven heat pumps it is 1.

    Returns
    -------
    float
        0 to 1; 0 for a heat pump that is not good enough.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``1 - 1 / SPF`` if ``SPF > 1.15 / eta``, else 0.

    References
    ----------
    .. [1] Directives 2009/28/EC and (EU) 2018/2001 (RED), Annex VII.
    .. [2] Commission Decision 2013/114/EU (efficiency 45.5 %).

    Examples
    --------
    >>> heat_pump_renewable_share(4.0), heat_pump_renewable_share(2.5)
    (0.75, 0.0)
    """
    require(
        outside("seasonal_cop", seasonal_cop, above=0),
        outside("power_efficiency", power_efficiency, above=0, at_most=1),
    )
    return 1 - 1 / seasonal_cop if seasonal_cop > BARELY_RENEWABLE / power_efficiency else 0.0


def _carriers(
    heat_sold_mwh: float, energy_mwh: npt.ArrayLike, name: str, factors: npt.ArrayLike
) -> tuple[Vector, Vector]:
    energy, weights = vector_of("energy_mwh", energy_mwh), vector_of(name, factors)
    require(
        outside("heat_sold_mwh", heat_sold_mwh, above=0),
        outside_anywhere("energy_mwh", energy, at_least=0),
        outside_anywhere(name, weights, at_least=0),
    )
    if energy.size != weights.size:
        raise InputError(
            f"energy_mwh and {name} must cover the same carriers, got {energy.size} and {weights.size} values"
        )
    return energy, weights
