"""Key figures of a heat network: linear heat density and what follows from it."""

from __future__ import annotations

import math

from dhxl.core.checks import outside, require
from dhxl.core.finance import annuity_factor
from dhxl.errors import InputError

__all__ = [
    "average_diameter",
    "connection_density",
    "distribution_cost",
    "effective_width",
    "linear_heat_density",
    "linear_heat_density_rating",
    "loss_share",
    "network_cost",
]

GJ_PER_MWH = 3.6
SMALLEST_DENSITY_GJ_PER_M = 1.5  # below it the regression of the diameter is left; Persson et al. 2019
SMALLEST_DIAMETER_M = 0.02  # taken there instead; Persson et al. 2019


def linear_heat_density(heat_sold_mwh: float, trench_length_m: float) -> float:
    """Linear heat density: heat sold per metre of trench and year, the key figure of a network's economy.

    Parameters
    ----------
    heat_sold_mwh : float
        Heat delivered to the consumers in a year, MWh/a, at least 0.
    trench_length_m : float
        Length of the trenches, not of the pipes in them, m, above 0.

    Returns
    -------
    float
        MWh/(m·a).

    Raises
    ------
    InputError
        An argument is outside its limits; a network without length has no density.

    Notes
    -----
    ``LHD = Q / L``. The house connections count as trench where the heat is measured in the houses.

    References
    ----------
    .. [1] Persson U., Werner S. (2011): Heat distribution and the future competitiveness of district heating.
       Applied Energy 88(3), 568-576, doi:10.1016/j.apenergy.2010.09.020.

    Examples
    --------
    >>> linear_heat_density(6000, 3000)
    2.0
    """
    require(outside("heat_sold_mwh", heat_sold_mwh, at_least=0), outside("trench_length_m", trench_length_m, above=0))
    return heat_sold_mwh / trench_length_m


def linear_heat_density_rating(lhd_mwh_per_m: float) -> str:
    """Rating of a linear heat density in words: very good, good, sufficient or critical.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), at least 0.

    Returns
    -------
    str
        ``very good`` above 1.5, ``good`` from 1.0 to 1.5, ``sufficient`` from 0.5 to below 1.0, ``critical`` below 0.5.
        The limits themselves belong so: 1.5 and 1.0 are good, 0.5 is sufficient.

    Raises
    ------
    InputError
        The density is negative.

    Notes
    -----
    The source prints "> 1.5", "1.0 - 1.5", "0.5 - 1.0" and "< 0.5": 1.5 and 0.5 are decided by it; 1.0 is counted to
    the better class, as each class then holds its lower limit. Around 0.5 the network alone costs more than
    50 EUR/MWh; low-temperature or decentralised supply is then worth a look.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, table "Typical values and
       benchmarks".

    Examples
    --------
    >>> [linear_heat_density_rating(x) for x in (2.0, 1.5, 1.0, 0.5, 0.49)]
    ['very good', 'good', 'good', 'sufficient', 'critical']
    """
    require(outside("lhd_mwh_per_m", lhd_mwh_per_m, at_least=0))
    if lhd_mwh_per_m > 1.5:
        return "very good"
    if lhd_mwh_per_m >= 1.0:
        return "good"
    return "sufficient" if lhd_mwh_per_m >= 0.5 else "critical"


def connection_density(connected_load_kw: float, trench_length_m: float) -> float:
    """Load connected per metre of trench (connection density); it says nothing of the hours of use.

    Parameters
    ----------
    connected_load_kw : float
        Sum of the consumers' connected loads, kW, at least 0.
    trench_length_m : float
        Length of the trenches, m, above 0.

    Returns
    -------
    float
        kW/m.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``P / L``. Linear heat density is connection density times full-load hours.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, section "Distinction".

    Examples
    --------
    >>> connection_density(3000, 3000)
    1.0
    """
    require(
        outside("connected_load_kw", connected_load_kw, at_least=0),
        outside("trench_length_m", trench_length_m, above=0),
    )
    return connected_load_kw / trench_length_m


def loss_share(lhd_mwh_per_m: float, loss_mwh_per_m: float) -> float:
    """Loss share: part of the heat fed into the network that is lost from the pipes, at most 1.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), at least 0; 0 gives a share of 1.
    loss_mwh_per_m : float
        Heat loss per metre of trench, MWh/(m·a); typically 0.10 to 0.15 for a local network, near 0 or negative for a
        cold one that the ground warms.

    Returns
    -------
    float
        Fraction of the heat fed in (heat sold plus loss); negative where the network gains heat.

    Raises
    ------
    InputError
        The density is negative, or no heat is fed in.

    Notes
    -----
    ``share = q / (LHD + q)``.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, section "Relationship to
       heat losses".

    Examples
    --------
    >>> loss_share(1.5, 0.10)
    0.0625
    """
    require(outside("lhd_mwh_per_m", lhd_mwh_per_m, at_least=0), outside("loss_mwh_per_m", loss_mwh_per_m))
    if lhd_mwh_per_m == 0 and loss_mwh_per_m == 0:
        raise InputError("lhd_mwh_per_m and loss_mwh_per_m must not both be 0: no heat is fed in")
    if lhd_mwh_per_m + loss_mwh_per_m <= 0:
        raise InputError(
            f"loss_mwh_per_m must be > {-lhd_mwh_per_m:.12g} MWh/(m·a), got {loss_mwh_per_m:.12g}: the pipes gain all "
            "the heat that is sold, and none is fed in"
        )
    return loss_mwh_per_m / (lhd_mwh_per_m + loss_mwh_per_m)


def network_cost(lhd_mwh_per_m: float, cost_eur_per_m: float, life_years: float, discount_rate: float = 0.0) -> float:
    """Network cost: investment in the network per MWh of heat sold over its life.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), above 0.
    cost_eur_per_m : float
        Investment per metre of trench with civil works, EUR/m, at least 0.
    life_years : float
        Years over which the investment is spread, a, above 0.
    discount_rate : float, optional
        Fraction per year, above -1; 0 spreads the investment evenly.

    Returns
    -------
    float
        EUR/MWh.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``cost = K a(r, n) / LHD`` with the annuity factor ``a``; ``a(0, n) = 1/n``.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, section "Economic
       significance" (800 EUR/m, 30 a: 13, 27 and 53 EUR/MWh at 2, 1 and 0.5 MWh/(m·a)).

    Examples
    --------
    >>> round(network_cost(2, 800, 30), 2)
    13.33
    """
    require(
        outside("lhd_mwh_per_m", lhd_mwh_per_m, above=0),
        outside("cost_eur_per_m", cost_eur_per_m, at_least=0),
        outside("life_years", life_years, above=0),
        outside("discount_rate", discount_rate, above=-1),
    )
    return cost_eur_per_m * annuity_factor(discount_rate, life_years) / lhd_mwh_per_m


def average_diameter(lhd_mwh_per_m: float) -> float:
    """Average pipe diameter of a distribution network, from its linear heat density.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), at least 0.

    Returns
    -------
    float
        Inner diameter averaged over the trench length, m; 0.02 m below 1.5 GJ/(m·a), that is 0.4167 MWh/(m·a).

    Raises
    ------
    InputError
        The density is negative.

    Notes
    -----
    ``d = 0.0486 ln(q) + 0.0007`` with q in GJ/(m·a), 1 MWh = 3.6 GJ; a regression over Swedish networks.

    References
    ----------
    .. [1] Persson U., Werner S. (2011): Heat distribution and the future competitiveness of district heating.
       Applied Energy 88(3), 568-576.
    .. [2] Persson U., Wiechers E., Möller B., Werner S. (2019): Heat Roadmap Europe: heat distribution costs.
       Energy 176, 604-622, doi:10.1016/j.energy.2019.03.189 (the lower limit).

    Examples
    --------
    >>> round(average_diameter(10 / 3.6), 5)
    0.11261
    """
    require(outside("lhd_mwh_per_m", lhd_mwh_per_m, at_least=0))
    q = lhd_mwh_per_m * GJ_PER_MWH
    return 0.0486 * math.log(q) + 0.0007 if q >= SMALLEST_DENSITY_GJ_PER_M else SMALLEST_DIAMETER_M


def distribution_cost(
    lhd_mwh_per_m: float, c1_eur_per_m: float, c2_eur_per_m2: float, discount_rate: float, life_years: float
) -> float:
    """Distribution cost: capital cost of a distribution network per MWh of heat sold, after Persson and Werner.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), above 0.
    c1_eur_per_m : float
        Construction cost constant, EUR/m, at least 0; with 286 goes 2022 EUR/m², with 212 goes 4464 EUR/m².
    c2_eur_per_m2 : float
        Construction cost coefficient, EUR per metre of trench and metre of diameter, at least 0.
    discount_rate : float
        Fraction per year, above -1.
    life_years : float
        Years of the annuity, a, above 0.

    Returns
    -------
    float
        EUR/MWh.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``C = a (C1 + C2 d) / LHD`` with the annuity factor ``a`` and :func:`average_diameter` ``d``. The source has the
    density in GJ/(m·a) and the cost in EUR/GJ; here both are per MWh.

    References
    ----------
    .. [1] Persson U., Werner S. (2011): Heat distribution and the future competitiveness of district heating.
       Applied Energy 88(3), 568-576.

    Examples
    --------
    >>> round(distribution_cost(10 / 3.6, 212, 4464, 0.03, 30), 3)
    13.126
    """
    require(
        outside("lhd_mwh_per_m", lhd_mwh_per_m, above=0),
        outside("c1_eur_per_m", c1_eur_per_m, at_least=0),
        outside("c2_eur_per_m2", c2_eur_per_m2, at_least=0),
        outside("discount_rate", discount_rate, above=-1),
        outside("life_years", life_years, above=0),
    )
    a = annuity_factor(discount_rate, life_years)
    return a * (c1_eur_per_m + c2_eur_per_m2 * average_diameter(lhd_mwh_per_m)) / lhd_mwh_per_m


def effective_width(plot_ratio: float) -> float:
    """Effective width: land area per metre of trench, from the plot ratio of an area.

    Parameters
    ----------
    plot_ratio : float
        Floor area over land area, at least 0.

    Returns
    -------
    float
        m; linear heat density is heat demand per land area times this width.

    Raises
    ------
    InputError
        The plot ratio is negative.

    Notes
    -----
    ``w = 137.5 e + 5`` for a plot ratio ``e`` up to 0.4, 60 m above.

    References
    ----------
    .. [1] Persson U., Wiechers E., Möller B., Werner S. (2019): Heat Roadmap Europe: heat distribution costs.
       Energy 176, 604-622, doi:10.1016/j.energy.2019.03.189; concept from Persson and Werner (2011).

    Examples
    --------
    >>> effective_width(0.2), effective_width(1.0)
    (32.5, 60.0)
    """
    require(outside("plot_ratio", plot_ratio, at_least=0))
    return 137.5 * plot_ratio + 5.0 if plot_ratio <= 0.4 else 60.0
