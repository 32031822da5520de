"""Greenhouse gas emissions of heat supply."""

from __future__ import annotations

from dhxl.core.checks import outside, require

__all__ = ["individual_boiler_emissions", "supply_emissions"]

KG_PER_T = 1000.0


def supply_emissions(
    gas_mwh: float, electricity_mwh: float, gas_kg_per_mwh: float, electricity_kg_per_mwh: float
) -> float:
    """Emissions of a heat supply from the gas it burns and the electricity it takes from the grid.

    Parameters
    ----------
    gas_mwh : float
        Gas burnt, MWh/a (lower heating value), at least 0.
    electricity_mwh : float
        Electricity taken from the grid, MWh/a; negative is a net export, credited with the same factor.
    gas_kg_per_mwh : float
        Emission factor of gas, kg CO2e/MWh, at least 0.
    electricity_kg_per_mwh : float
        Emission factor of grid electricity, kg CO2e/MWh, at least 0.

    Returns
    -------
    float
        t CO2e/a.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``E = (Q_gas f_gas + Q_electricity f_electricity) / 1000``. Whether an export earns a credit is a choice: pass
    purchase only for none, purchase less sale for the full one. Factors in g/kWh are the same number in kg/MWh.

    References
    ----------
    .. [1] GHG Protocol, scope 1 and scope 2 (activity data times emission factor).

    Examples
    --------
    >>> supply_emissions(1000, 100, 268, 494)
    317.4
    """
    require(
        outside("gas_mwh", gas_mwh, at_least=0),
        outside("electricity_mwh", electricity_mwh),
        outside("gas_kg_per_mwh", gas_kg_per_mwh, at_least=0),
        outside("electricity_kg_per_mwh", electricity_kg_per_mwh, at_least=0),
    )
    return (gas_mwh * gas_kg_per_mwh + electricity_mwh * electricity_kg_per_mwh) / KG_PER_T


def individual_boiler_emissions(heat_mwh: float, efficiency: float, gas_kg_per_mwh: float) -> float:
    """Emissions of individual gas boilers that would deliver the same heat: what a district network is compared with.

    Parameters
    ----------
    heat_mwh : float
        Heat delivered to the consumers, MWh/a, at least 0.
    efficiency : float
        Seasonal efficiency of the boilers on the lower heating value, above 0 to 1.2 (condensing boilers pass 1).
    gas_kg_per_mwh : float
        Emission factor of gas, kg CO2e/MWh, at least 0.

    Returns
    -------
    float
        t CO2e/a.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``E = Q / efficiency f / 1000``.

    References
    ----------
    .. [1] GHG Protocol, scope 1 (activity data times emission factor).

    Examples
    --------
    >>> individual_boiler_emissions(900, 0.9, 268)
    268.0
    """
    require(
        outside("heat_mwh", heat_mwh, at_least=0),
        outside("efficiency", efficiency, above=0, at_most=1.2),
        outside("gas_kg_per_mwh", gas_kg_per_mwh, at_least=0),
    )
    return heat_mwh / efficiency * gas_kg_per_mwh / KG_PER_T
