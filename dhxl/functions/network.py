"""DH Network: key figures of a heat network."""

from __future__ import annotations

from dhxl.core import cold_networks, network
from dhxl.functions.arguments import number
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Network"
VICUS = "VICUS Software: Linear heat density - key metric for district heating networks"
PERSSON = "Persson and Werner 2011, evaluated"

_DENSITY = number("lhd_mwh_per_m", "Linear heat density: heat sold per metre of trench and year", "MWh/(m·a)", above=0)
_DENSITY_OR_NONE = number(
    "lhd_mwh_per_m", "Linear heat density: heat sold per metre of trench and year", "MWh/(m·a)", at_least=0
)
_LOSS = number("loss_mwh_per_m", "Heat loss per metre of trench and year; negative is a gain", "MWh/(m·a)")
_TRENCH = number("trench_length_m", "Length of the trenches, not of the pipes in them", "m", above=0)

worksheet_function(
    "DH_LHD",
    category=CATEGORY,
    arguments=(number("heat_sold_mwh", "Heat delivered to the consumers in a year", "MWh/a", at_least=0), _TRENCH),
    result=Result("number", "MWh/(m·a)"),
    examples=(example(2.0, 6000, 3000, source="hand sum"), example(0.0, 0, 3000, source="limit: no heat sold")),
)(network.linear_heat_density)

worksheet_function(
    "DH_LHD_RATING",
    category=CATEGORY,
    arguments=(_DENSITY_OR_NONE,),
    result=Result("text", text="very good, good, sufficient or critical"),
    examples=(
        example("very good", 1.51, source=VICUS),
        example("good", 1.5, source=VICUS),
        example("sufficient", 0.5, source=VICUS),
        example("critical", 0.49, source=VICUS),
    ),
)(network.linear_heat_density_rating)

worksheet_function(
    "DH_CONNECTION_DENSITY",
    category=CATEGORY,
    arguments=(number("connected_load_kw", "Sum of the consumers' connected loads", "kW", at_least=0), _TRENCH),
    result=Result("number", "kW/m"),
    examples=(example(1.5, 4500, 3000, source="hand sum"),),
)(network.connection_density)

worksheet_function(
    "DH_LOSS_SHARE",
    category=CATEGORY,
    arguments=(
        _DENSITY_OR_NONE,
        _LOSS,
    ),
    result=Result("number", text="share of the heat fed in"),
    examples=(
        example(0.0625, 1.5, 0.10, source=VICUS),
        example(0.0909, 1.5, 0.15, source=VICUS, rel=6e-4),
        example(1.0, 0, 0.10, source="limit: nothing sold"),
        example(-0.25, 0.5, -0.10, source="hand sum: a cold network gains heat"),
    ),
)(network.loss_share)

worksheet_function(
    "DH_NETWORK_COST",
    category=CATEGORY,
    arguments=(
        _DENSITY,
        number("cost_eur_per_m", "Investment per metre of trench, with civil works", "EUR/m", at_least=0),
        number("life_years", "Years over which the investment is spread", "a", above=0),
        number("discount_rate", "Interest as a fraction per year; 0 spreads evenly", "-", above=-1),
    ),
    result=Result("number", "EUR/MWh"),
    examples=(
        example(13.33, 2, 800, 30, source=VICUS, rel=4e-4),
        example(26.67, 1, 800, 30, source=VICUS, rel=2e-4),
        example(53.33, 0.5, 800, 30, source=VICUS, rel=1e-4),
    ),
)(network.network_cost)

worksheet_function(
    "DH_AVERAGE_DIAMETER",
    category=CATEGORY,
    arguments=(_DENSITY_OR_NONE,),
    result=Result("number", "m"),
    examples=(
        example(0.11261, 10 / 3.6, source=PERSSON, rel=5e-5),
        example(0.02, 0.2, source="Persson et al. 2019: 0.02 m below 1.5 GJ/(m·a)"),
    ),
)(network.average_diameter)

worksheet_function(
    "DH_DISTRIBUTION_COST",
    category=CATEGORY,
    arguments=(
        _DENSITY,
        number("c1_eur_per_m", "Construction cost constant", "EUR/m", at_least=0),
        number("c2_eur_per_m2", "Construction cost coefficient, per metre of diameter", "EUR/m²", at_least=0),
        number("discount_rate", "Interest as a fraction per year", "-", above=-1),
        number("life_years", "Years of the annuity", "a", above=0),
    ),
    result=Result("number", "EUR/MWh"),
    examples=(example(3.6462 * 3.6, 10 / 3.6, 212, 4464, 0.03, 30, source=PERSSON, rel=2e-5),),
)(network.distribution_cost)

worksheet_function(
    "DH_EFFECTIVE_WIDTH",
    category=CATEGORY,
    arguments=(number("plot_ratio", "Floor area over land area", "-", at_least=0),),
    result=Result("number", "m"),
    examples=(
        example(32.5, 0.2, source="Persson et al. 2019"),
        example(60.0, 0.4, source="Persson et al. 2019"),
        example(60.0, 2.0, source="Persson et al. 2019"),
    ),
)(network.effective_width)

worksheet_function(
    "DH_NETWORK_RATING",
    category=CATEGORY,
    arguments=(_DENSITY_OR_NONE, _LOSS),
    result=Result("text", text="very good, good, sufficient, critical, or cold network"),
    examples=(
        example("critical", 0.4, 0.12, source=VICUS),
        example("cold network", 0.4, 0.0, source=VICUS),
        example("cold network", 0.4, -0.02, source=VICUS),
    ),
)(cold_networks.network_rating)

worksheet_function(
    "DH_COST_PER_CONNECTION",
    category=CATEGORY,
    arguments=(
        number("investment_eur", "Investment in the network, or in network and source", "EUR", at_least=0),
        number("connections", "Number of connected buildings or dwellings", "-", above=0),
    ),
    result=Result("number", "EUR", "per connection"),
    examples=(
        example(30000.0, 1_500_000, 50, source="geowaermewende.de: 50 dwellings for 1.5 million EUR, divided"),
        example(0.0, 0, 50, source="limit: no investment"),
    ),
)(cold_networks.cost_per_connection)
