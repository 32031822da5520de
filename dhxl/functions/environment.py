"""DH Environment: greenhouse gas emissions, primary energy and renewable share."""

from __future__ import annotations

from dhxl.core import emissions, heat_mix
from dhxl.functions.arguments import number, vector
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Environment"

_HEAT_SOLD = number("heat_sold_mwh", "Heat delivered to the consumers", "MWh/a", above=0)
_ENERGY = vector("energy_mwh", "Energy used of each carrier: fuels, power from the grid", "MWh/a", at_least=0)
_POWER = number("power_mwh", "Power of CHP fed into the grid, credited", "MWh/a", at_least=0)
_SHARE = {"at_least": 0, "at_most": 1}
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


def _column(*values: float) -> tuple[tuple[float], ...]:
    return tuple((value,) for value in values)


worksheet_function(
    "DH_PRIMARY_ENERGY_FACTOR",
    category=CATEGORY,
    arguments=(
        _HEAT_SOLD,
        _ENERGY,
        vector("factors", "Primary energy factor of each carrier: gas 1.1, grid power 1.8, wood 0.2", "-", at_least=0),
        _POWER,
        number("power_factor", "Primary energy factor of the power that it displaces", "-", at_least=0),
    ),
    result=Result("number", text="primary energy per heat; may be negative"),
    examples=(
        example((2200 + 90 - 1680) / 900, 900, _column(2000, 50), _column(1.1, 1.8), 600, source="hand sum"),
        example(1.1 / 0.9, 900, 1000, 1.1, source="limit: gas boilers only"),
    ),
)(heat_mix.primary_energy_factor)

worksheet_function(
    "DH_PRIMARY_ENERGY_FACTOR_GEG",
    category=CATEGORY,
    arguments=(
        number("primary_energy_factor", "Primary energy factor as calculated", "-"),
        number("renewable_share", "Share of the heat from renewable energy or waste heat", "-", **_SHARE),
    ),
    result=Result("number", text="primary energy per heat"),
    examples=(
        example(0.25, 0.1, 0.5, source="GEG 2020 § 22 (3): 0.3 less 0.001 for each of 50 percentage points"),
        example(0.3, -0.4, 0, source="GEG 2020 § 22 (3)"),
        example(0.7, 0.7, 1, source="limit: above the floor"),
    ),
)(heat_mix.usable_primary_energy_factor)

worksheet_function(
    "DH_HEAT_EMISSION_FACTOR",
    category=CATEGORY,
    arguments=(
        _HEAT_SOLD,
        _ENERGY,
        vector(
            "factors_kg_per_mwh",
            "Emission factor of each carrier; g/kWh is the same number",
            "kg CO2e/MWh",
            at_least=0,
        ),
        _POWER,
        number("power_kg_per_mwh", "Emission factor of the power that it displaces", "kg CO2e/MWh", at_least=0),
    ),
    result=Result("number", "kg CO2e/MWh", "of heat; may be negative"),
    examples=(
        example((480000 + 28000 - 344000) / 900, 900, _column(2000, 50), _column(240, 560), 400, source="hand sum"),
        example(240 / 0.9, 900, 1000, 240, source="limit: gas boilers only"),
    ),
)(heat_mix.heat_emission_factor)

worksheet_function(
    "DH_CHP_HEAT_SHARE",
    category=CATEGORY,
    arguments=(
        number("heat_mwh", "Useful heat of the CHP plant", "MWh/a", at_least=0),
        number("power_mwh", "Power of the CHP plant", "MWh/a", at_least=0),
        number("heat_degc", "Temperature of the heat: mean of supply and return", "°C", above=-273.15),
        number("ambient_degc", "Temperature of the surroundings", "°C", above=-273.15),
    ),
    result=Result("number", text="share of fuel or emissions"),
    examples=(
        example(0.2, 600, 600, 273.15 / 3, source="by hand: a quarter of the heat is work; 150 of 150 + 600"),
        example(1.0, 500, 0, 80, 10, source="limit: no power"),
        example(0.0, 0, 400, 80, 10, source="limit: no heat"),
    ),
)(heat_mix.chp_heat_share)

worksheet_function(
    "DH_RENEWABLE_SHARE",
    category=CATEGORY,
    arguments=(
        vector("heat_mwh", "Heat of each source", "MWh/a", at_least=0),
        vector("shares", "Share of each source's heat that counts: solar 1, gas 0, heat pump 1 - 1/SPF", "-", **_SHARE),
    ),
    result=Result("number", text="share of the heat"),
    examples=(
        example(0.75, _column(60, 30, 10), _column(0.75, 1, 0), source="hand sum"),
        example(0.0, 100, 0, source="limit: fossil only"),
    ),
)(heat_mix.renewable_share)

worksheet_function(
    "DH_HEAT_PUMP_RENEWABLE_SHARE",
    category=CATEGORY,
    arguments=(
        number("seasonal_cop", "Heat of a year over power of a year (seasonal performance factor)", "-", above=0),
        number("power_efficiency", "Power over primary energy in the EU; 1 if driven by heat", "-", above=0, at_most=1),
    ),
    result=Result("number", text="share of the heat"),
    examples=(
        example(0.75, 4, source="Directive (EU) 2018/2001, Annex VII, evaluated"),
        example(0.0, 2.5, source="limit: below 1.15 / 0.455"),
        example(1 - 1 / 1.2, 1.2, 1, source="Directive (EU) 2018/2001, Annex VII: driven by heat, above 1.15"),
    ),
)(heat_mix.heat_pump_renewable_share)
