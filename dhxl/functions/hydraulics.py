"""DH Pipes: flow, friction, size and pumps of a network's pipes, and the ground around them."""

from __future__ import annotations

from dhxl.core import ground, hydraulics, pipe_sizes, pumps
from dhxl.functions.arguments import number, vector
from dhxl.functions.pipes import CATEGORY, DN
from dhxl.functions.spec import Result, example, worksheet_function

PANDAPIPES = "pandapipes 0.16.0, Colebrook, both pipes; agrees to 0.3 %"
CATALOGUE = "isoplus catalogue: DN 100 carries 1106 kW at 30 K, 80 °C, 100 Pa/m; 0.14 mm is fitted"
BY_HAND = "hand sum"

_POWER = number("power_mw", "Heat load", "MW", at_least=0, at_most=hydraulics.MOST_MW)
_SUPPLY = number("supply_degc", "Supply temperature at that load", "°C", at_least=0, at_most=200)
_RETURN = number("return_degc", "Return temperature at that load", "°C", at_least=0, at_most=200)
_ROUGHNESS = number(
    "roughness_mm", "Roughness of the wall: new steel 0.05, steel in use 0.1", "mm", at_least=0, at_most=5
)
_LIMITS = (
    number("max_pa_per_m", "Largest pressure drop of one pipe", "Pa/m", at_least=1, at_most=1e4),
    number("max_m_per_s", "Largest velocity", "m/s", at_least=0.01, at_most=100),
    _ROUGHNESS,
)
_NETWORK_BAR = number(
    "network_bar",
    "Pressure drop at that load, there and back, fittings and plant included",
    "bar",
    at_least=0,
    at_most=100,
)
_CONSUMER_BAR = number("consumer_bar", "Pressure difference kept at the last consumer", "bar", at_least=0, at_most=100)
_EFFICIENCY = number("efficiency", "From electricity to water, with motor and converter", "-", above=0, at_most=1)

worksheet_function(
    "DH_FLOW",
    category=CATEGORY,
    arguments=(_POWER, _SUPPLY, _RETURN),
    result=Result("number", "m³/h", "mean of supply and return pipe"),
    examples=(
        example(29.22, 1, 80, 50, source="pandapipes 0.16.0: 7.9587 kg/s; agrees to 0.2 %", rel=0.002),
        example(0.0, 0, 80, 50, source="limit: no load"),
    ),
)(hydraulics.volume_flow)

worksheet_function(
    "DH_VELOCITY",
    category=CATEGORY,
    arguments=(_POWER, _SUPPLY, _RETURN, DN),
    result=Result("number", "m/s"),
    examples=(example(0.9008, 1, 80, 50, 100, source="29.22 m³/h through 107.1 mm, by hand", rel=0.002),),
)(hydraulics.flow_velocity)

worksheet_function(
    "DH_PRESSURE_DROP",
    category=CATEGORY,
    arguments=(_POWER, _SUPPLY, _RETURN, DN, _ROUGHNESS),
    result=Result("number", "Pa/m", "per metre of one pipe, mean of supply and return"),
    examples=(
        example(76.94, 1, 80, 50, 100, source=PANDAPIPES, rel=0.004),
        example(100.0, 1.106, 95, 65, 100, 0.14, source=CATALOGUE, rel=0.02),
        example(0.0, 0, 80, 50, 100, source="limit: no load"),
    ),
)(hydraulics.pressure_gradient)

worksheet_function(
    "DH_PIPE_SIZE",
    category=CATEGORY,
    arguments=(_POWER, _SUPPLY, _RETURN, *_LIMITS),
    result=Result("number", text="DN, the nominal diameter"),
    examples=(
        example(100.0, 1.1, 95, 65, 100, 2.5, 0.14, source="isoplus catalogue: DN 100 carries 1106 kW, DN 80 555 kW"),
        example(20.0, 0, 80, 50, source="limit: no load"),
    ),
)(pipe_sizes.pipe_size)

worksheet_function(
    "DH_PIPE_CAPACITY",
    category=CATEGORY,
    arguments=(DN, _SUPPLY, _RETURN, *_LIMITS),
    result=Result("number", "MW"),
    examples=(example(1.106, 100, 95, 65, 100, 2.5, 0.14, source=CATALOGUE, rel=0.01),),
)(pipe_sizes.pipe_capacity)

worksheet_function(
    "DH_PUMP_POWER",
    category=CATEGORY,
    arguments=(
        number("flow_m3_per_h", "Volume flow", "m³/h", at_least=0),
        number("pressure_bar", "Pressure difference of the pump", "bar", at_least=0, at_most=100),
        _EFFICIENCY,
    ),
    result=Result("number", "kW"),
    examples=(example(5.0, 36, 3, 0.6, source=BY_HAND), example(0.0, 0, 3, source="limit: no flow")),
)(pumps.pump_power)

worksheet_function(
    "DH_PUMP_ENERGY",
    category=CATEGORY,
    arguments=(
        number("peak_mw", "Largest heat load of the year", "MW", at_least=0, at_most=hydraulics.MOST_MW),
        number("heat_mwh", "Heat fed into the network in the year, losses included", "MWh/a", at_least=0),
        _SUPPLY,
        _RETURN,
        _NETWORK_BAR,
        _CONSUMER_BAR,
        _EFFICIENCY,
        number("base_share", "Smallest load of the year over the largest", "-", at_least=0, at_most=1),
        number("hours_h", "Hours of the year in which the network runs", "h/a", above=0, at_most=8784),
    ),
    result=Result("number", "MWh/a"),
    examples=(
        example(
            29.22 * (0.5 * 0.5 + 2 * 0.25) / 36 * 8.76,
            1,
            4380,
            80,
            50,
            2,
            0.5,
            1,
            0,
            source="hand sum: load falling evenly to 0, whose mean cube is 1/4; flow by pandapipes 0.16.0",
            rel=0.002,
        ),
        example(0.0, 1, 0, 80, 50, 2, source="limit: no heat"),
    ),
)(pumps.pump_energy)

worksheet_function(
    "DH_PUMP_ENERGY_YEAR",
    category=CATEGORY,
    arguments=(
        vector("load_mw", "Heat fed in at each step, losses included", "MW", at_least=0, at_most=hydraulics.MOST_MW),
        _SUPPLY,
        _RETURN,
        _NETWORK_BAR,
        _CONSUMER_BAR,
        _EFFICIENCY,
        number(
            "design_mw", "Load to which network_bar belongs; the largest", "MW", above=0, at_most=hydraulics.MOST_MW
        ),
        number("step_h", "Length of a step", "h", above=0, at_most=8784),
    ),
    result=Result("number", "MWh", "over the series"),
    examples=(
        example(
            29.22 * (2.5 + 0.5 * (0.5 + 2 * 0.25)) / 36 / 1000,
            [[1.0], [0.5], [0.0]],
            80,
            50,
            2,
            0.5,
            1,
            source="hand sum; flow by pandapipes 0.16.0",
            rel=0.002,
        ),
    ),
)(pumps.pump_energy_of_loads)

worksheet_function(
    "DH_GROUND_TEMPERATURE",
    category=CATEGORY,
    arguments=(
        number("mean_degc", "Mean of the year at the surface, near that of the air", "°C", at_least=-50, at_most=50),
        number("amplitude_k", "Half of warmest less coldest surface of the year", "K", at_least=0, at_most=50),
        number("depth_m", "Depth below the surface; for pipes that of their axis", "m", at_least=0, at_most=100),
        number("day", "Day of the year, 1 to 365", "-", at_least=0, at_most=366),
        number("period_days", "Days around it for a mean; 0 is the day itself", "d", at_least=0, at_most=366),
        number("coldest_day", "Day of the year with the coldest surface", "-", at_least=0, at_most=366),
        number("diffusivity_m2_per_s", "Thermal diffusivity of the soil", "m²/s", at_least=1e-8, at_most=1e-4),
    ),
    result=Result("number", "°C"),
    examples=(
        example(0.0, 10, 10, 0, 35, source="limit: surface on its coldest day"),
        example(10.0, 10, 10, 1, 100, 365, source="limit: mean of the year at any depth"),
        example(10.0, 10, 10, 100, 35, source="limit: great depth"),
    ),
)(ground.ground_temperature)
