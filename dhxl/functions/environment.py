"""DH Environment: greenhouse gas emissions."""

from __future__ import annotations

from dhxl.core import emissions
from dhxl.functions.arguments import number
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Environment"

_GAS_FACTOR = number("gas_kg_per_mwh", "Emission factor of gas; g/kWh is the same number", "kg CO2e/MWh", at_least=0)

worksheet_function(
    "DH_CO2",
    category=CATEGORY,
    arguments=(
        number("gas_mwh", "Gas burnt, lower heating value", "MWh/a", at_least=0),
        number("electricity_mwh", "Electricity from the grid; negative is a net export with credit", "MWh/a"),
        _GAS_FACTOR,
        number(
            "electricity_kg_per_mwh",
            "Emission factor of grid electricity; g/kWh is the same number",
            "kg CO2e/MWh",
            at_least=0,
        ),
    ),
    result=Result("number", "t CO2e/a"),
    examples=(
        example(317.4, 1000, 100, 268, 494, source="hand sum"),
        example(218.6, 1000, -100, 268, 494, source="hand sum with export"),
    ),
)(emissions.supply_emissions)

worksheet_function(
    "DH_CO2_INDIVIDUAL",
    category=CATEGORY,
    arguments=(
        number("heat_mwh", "Heat delivered to the consumers", "MWh/a", at_least=0),
        number("efficiency", "Seasonal efficiency of the boilers, lower heating value", "-", above=0, at_most=1.2),
        _GAS_FACTOR,
    ),
    result=Result("number", "t CO2e/a"),
    examples=(example(268.0, 900, 0.9, 268, source="hand sum"),),
)(emissions.individual_boiler_emissions)
