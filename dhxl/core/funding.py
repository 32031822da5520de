"""Funding of heat networks: funding gap, and the German programme for efficient heat networks (BEW)."""

from __future__ import annotations

import math

import numpy.typing as npt

from dhxl.core.checks import outside, require
from dhxl.core.finance import net_present_value
from dhxl.errors import InputError

__all__ = ["bew_check", "bew_grant", "funding_gap"]

BEW_LEAST_SHARE = 0.75  # of the heat mix of a new network, renewable and waste heat; BEW 2022
BEW_GRANT_SHARE = 0.40  # of eligible cost, modules 2 and 3; BEW 2022
BEW_LARGEST_GRANT_EUR = 100e6  # EUR for a project; BEW 2022
ROUNDING = 1e-9  # shares that add up to the threshold but for rounding reach it


def funding_gap(
    discount_rate: float, flows_eur: npt.ArrayLike, counterfactual_eur: npt.ArrayLike | None = None
) -> float:
    """Funding gap: grant of today that makes a project worth as much as what would be done without it.

    Parameters
    ----------
    discount_rate : float
        Fraction per year, above -1: what the investor has to earn.
    flows_eur : array_like
        Cash flow of the project in year 0, 1, 2, ..., EUR, inflow positive, without the grant but with all other
        support, connection fees and the residual value.
    counterfactual_eur : array_like, optional
        Cash flow of what would be done without the grant, in the same years; left out, nothing would be done.

    Returns
    -------
    float
        EUR, at least 0; 0 means that the project needs no grant.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``max(0, NPV of the counterfactual - NPV of the project)``, year 0 not discounted. With nothing as the
    counterfactual there is a gap where the project's net present value is negative.

    References
    ----------
    .. [1] AGFW FW 704: procedure to show the funding gap (net present value; a gap where it is negative).

    Examples
    --------
    >>> funding_gap(0.0, [-1000, 300, 300])
    400.0
    >>> funding_gap(0.0, [-1000, 300, 300], [-200, 0, 0])
    200.0
    """
    project = net_present_value(discount_rate, flows_eur, 0)
    if counterfactual_eur is None:
        return max(0.0, -project)
    try:
        otherwise = net_present_value(discount_rate, counterfactual_eur, 0)
    except InputError as error:
        raise InputError(sentence.replace("flows_eur", "counterfactual_eur") for sentence in error.problems) from None
    return max(0.0, otherwise - project)


def bew_check(renewable_share: float, waste_heat_share: float) -> str:
    """Check of a new network's heat mix against the threshold of the German BEW: 75 % renewable and waste heat.

    Parameters
    ----------
    renewable_share : float
        Renewable share of the heat fed in, 0 to 1; heat from heat pumps counts in full.
    waste_heat_share : float
        Share of unavoidable waste heat, 0 to 1; not heat from CHP. Together at most 1.

    Returns
    -------
    str
        ``threshold met`` or ``threshold missed``. Other conditions of the programme are not checked: that biomass is
        limited in networks longer than 20 km, more than 16 buildings or 100 dwellings, temperatures, a feasibility
        study or transformation plan, and what the guideline asks of each source.

    Raises
    ------
    InputError
        A share is outside its limits.

    Notes
    -----
    ``renewable + waste heat >= 0.75``. It is the threshold of new networks; existing ones need a transformation plan
    instead.

    References
    ----------
    .. [1] BMWK (15 September 2022): Boost for green district heating (at least 75 %).
    .. [2] C.A.R.M.E.N. (16 September 2022): Bundesförderung für effiziente Wärmenetze (limits and modules).

    Examples
    --------
    >>> bew_check(0.6, 0.15), bew_check(0.6, 0.14)
    ('threshold met', 'threshold missed')
    """
    return "threshold met" if _meets_threshold(renewable_share, waste_heat_share) else "threshold missed"


def bew_grant(
    eligible_cost_eur: float,
    renewable_share: float,
    waste_heat_share: float,
    funding_gap_eur: float | None = None,
) -> float:
    """Largest investment grant of the German BEW for a new network: 40 % of eligible cost, at most 100 million EUR.

    Parameters
    ----------
    eligible_cost_eur : float
        Eligible investment, EUR, at least 0.
    renewable_share : float
        Renewable share of the heat fed in, 0 to 1; heat from heat pumps counts in full.
    waste_heat_share : float
        Share of unavoidable waste heat, 0 to 1; not heat from CHP. Together at most 1.
    funding_gap_eur : float, optional
        Funding gap of the project, EUR, at least 0, as of :func:`funding_gap`; left out, it is not looked at, although
        the programme always does.

    Returns
    -------
    float
        EUR; 0 where the heat mix misses the threshold of :func:`bew_check`.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    ``min(0.40 K, 100 million EUR, gap)``. An upper limit, not a promise: what is eligible is for the guideline to say,
    and the support of operating cost (module 4) is not part of it.

    References
    ----------
    .. [1] C.A.R.M.E.N. (16 September 2022): Bundesförderung für effiziente Wärmenetze (40 %, 100 million EUR a
       project, limited to the project's funding gap).

    Examples
    --------
    >>> bew_grant(10e6, 0.6, 0.2), bew_grant(10e6, 0.6, 0.2, 3e6), bew_grant(10e6, 0.5, 0.2)
    (4000000.0, 3000000.0, 0.0)
    """
    require(outside("eligible_cost_eur", eligible_cost_eur, at_least=0))
    if funding_gap_eur is not None:
        require(outside("funding_gap_eur", funding_gap_eur, at_least=0))
    if not _meets_threshold(renewable_share, waste_heat_share):
        return 0.0
    gap = math.inf if funding_gap_eur is None else funding_gap_eur
    return min(BEW_GRANT_SHARE * eligible_cost_eur, BEW_LARGEST_GRANT_EUR, gap)


def _meets_threshold(renewable_share: float, waste_heat_share: float) -> bool:
    require(
        outside("renewable_share", renewable_share, at_least=0, at_most=1),
        outside("waste_heat_share", waste_heat_share, at_least=0, at_most=1),
    )
    share = renewable_share + waste_heat_share
    if share > 1 + ROUNDING:
        raise InputError(f"renewable_share and waste_heat_share must be at most 1 together, got {share:.12g}")
    return share >= BEW_LEAST_SHARE - ROUNDING
