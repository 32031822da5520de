"""DH Plant: heat pumps, geothermal sources, stores."""

from __future__ import annotations

from dhxl.core import plant
from dhxl.functions.arguments import Argument, number
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Plant"
WATER = "hand sum with 1.163 kWh/(m³·K)"


def _water(name: str, text: str) -> Argument:
    return number(name, text, "°C", above=plant.ABSOLUTE_ZERO_DEGC)


worksheet_function(
    "DH_COP_LORENZ",
    category=CATEGORY,
    arguments=(
        _water("sink_in_degc", "Water to be heated, as it comes"),
        _water("sink_out_degc", "Heated water"),
        _water("source_in_degc", "Source water, as it comes"),
        _water("source_out_degc", "Cooled source water"),
        number("efficiency", "Share of the ideal value; 0.4 to 0.6 for large heat pumps", "-", above=0, at_most=1),
    ),
    result=Result("number", text="heat over power"),
    examples=(
        example(9.278, 65, 90, 60, 20, 1, source="log-mean temperatures by hand", rel=6e-5),
        example(353.15 / 40, 80, 80, 40, 40, 1, source="limit: equal temperatures give Carnot's value"),
    ),
)(plant.lorenz_cop)

worksheet_function(
    "DH_GEOTHERMAL_HEAT",
    category=CATEGORY,
    arguments=(
        number("flow_m3_per_h", "Volume flow of the water", "m³/h", at_least=0),
        number("in_degc", "Temperature at which the water comes", "°C", at_least=-50, at_most=400),
        number("out_degc", "Temperature to which it is cooled", "°C", at_least=-50, at_most=400),
    ),
    result=Result("number", "MW"),
    examples=(
        example(8.3736, 180, 60, 20, source=WATER),
        example(0.0, 180, 60, 60, source="limit: nothing cooled"),
    ),
)(plant.geothermal_heat)

worksheet_function(
    "DH_STORAGE_CAPACITY",
    category=CATEGORY,
    arguments=(
        number("volume_m3", "Water content of the store", "m³", at_least=0),
        number("delta_t_k", "Charged less discharged temperature", "K", at_least=0, at_most=200),
    ),
    result=Result("number", "MWh"),
    examples=(
        example(2.9075, 100, 25, source=WATER),
        example(2.9, 100, 25, source="geothermal network in northern Italy: 100 m³, 25 K, 2.9 MWh", rel=0.02),
    ),
)(plant.storage_capacity)
