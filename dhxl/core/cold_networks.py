"""Key figures of networks near ground temperature, where linear heat density says little."""

from __future__ import annotations

from dhxl.core.checks import outside, require
from dhxl.core.network import linear_heat_density_rating

__all__ = ["COLD_NETWORK", "cost_per_connection", "network_rating"]

COLD_NETWORK = "cold network"
LITTLE_LOSS_MWH_PER_M = 0.01  # MWh/(m·a), a tenth of the usual 0.10 and 1.1 W/m; chosen, no source draws the line


def cost_per_connection(investment_eur: float, connections: float) -> float:
    """Investment per connection: the figure to compare cold networks by, in place of linear heat density.

    Parameters
    ----------
    investment_eur : float
        Investment in the network, or in network and source, EUR, at least 0.
    connections : float
        Number of connected buildings or dwellings, above 0.

    Returns
    -------
    float
        EUR per connection.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``K / n``.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, section "Special case: cold
       district heating".

    Examples
    --------
    >>> cost_per_connection(1500000, 50)
    30000.0
    """
    require(
        outside("investment_eur", investment_eur, at_least=0),
        outside("connections", connections, above=0),
    )
    return investment_eur / connections


def network_rating(lhd_mwh_per_m: float, loss_mwh_per_m: float) -> str:
    """Rating of a network by its linear heat density, or the note that it is a cold one, of which density says little.

    Parameters
    ----------
    lhd_mwh_per_m : float
        Linear heat density, MWh/(m·a), at least 0.
    loss_mwh_per_m : float
        Heat loss per metre of trench, MWh/(m·a); negative where the ground warms the pipes.

    Returns
    -------
    str
        ``cold network`` where the loss is below 0.01 MWh/(m·a), or negative: then :func:`cost_per_connection` and the
        pump energy take the place of the density. Otherwise the rating of :func:`linear_heat_density_rating`.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    A density is good because it makes losses small beside what is sold; where there are none it has lost that
    meaning. The line at a tenth of the usual 0.10 MWh/(m·a) is a choice of this function.

    References
    ----------
    .. [1] VICUS Software: Linear heat density - key metric for district heating networks, sections "Relationship to
       heat losses" and "Special case: cold district heating".

    Examples
    --------
    >>> network_rating(0.4, 0.12), network_rating(0.4, -0.005)
    ('critical', 'cold network')
    """
    require(outside("lhd_mwh_per_m", lhd_mwh_per_m, at_least=0), outside("loss_mwh_per_m", loss_mwh_per_m))
    return COLD_NETWORK if loss_mwh_per_m < LITTLE_LOSS_MWH_PER_M else linear_heat_density_rating(lhd_mwh_per_m)
