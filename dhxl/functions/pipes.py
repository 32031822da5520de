"""DH Pipes: heat loss of buried pipes."""

from __future__ import annotations

from dhxl.core import pipes, twin_pipes
from dhxl.functions.arguments import number, whole
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Pipes"
ISOPLUS = "isoplus: U of DN 100 series 2; agrees to 1 %"

DN = whole("dn", "Nominal diameter of the steel pipe: 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200, ... 500")
SERIES = whole("insulation_series", "Insulation series of EN 253: 1 (thin), 2 or 3 (thick)")
_LIMITS = {"at_least": pipes.COLDEST_DEGC, "at_most": pipes.HOTTEST_DEGC}
SUPPLY = number("supply_degc", "Supply temperature, mean of the period", "°C", **_LIMITS)
RETURN = number("return_degc", "Return temperature, mean of the period", "°C", **_LIMITS)
GROUND = number("ground_degc", "Temperature of the undisturbed ground, mean of the period", "°C", **_LIMITS)
BURIAL = (
    number("lambda_insulation_w_per_mk", "Thermal conductivity of the insulation", "W/(m·K)", above=0, at_most=1),
    number(
        "lambda_soil_w_per_mk",
        "Thermal conductivity of the soil",
        "W/(m·K)",
        at_least=pipes.LEAST_SOIL_W_PER_MK,
        at_most=10,
    ),
    number("cover_m", "Soil above the casing", "m", at_least=0, at_most=20),
    number("gap_m", "Clear distance between the two casings", "m", at_least=0, at_most=20),
)

worksheet_function(
    "DH_PIPE_U",
    category=CATEGORY,
    arguments=(DN, SERIES, *BURIAL),
    result=Result("number", "W/(m·K)", "per pipe of the pair"),
    examples=(example(0.2148, 100, 2, source=ISOPLUS, rel=0.013),),
)(pipes.pipe_heat_loss_coefficient)

worksheet_function(
    "DH_PIPE_LOSS",
    category=CATEGORY,
    arguments=(DN, SERIES, SUPPLY, RETURN, GROUND, *BURIAL),
    result=Result("number", "W/m", "per metre of trench, both pipes"),
    examples=(
        example(0.2148 * 135, 100, 2, 90, 65, 10, source=ISOPLUS, rel=0.013),
        example(0.0, 100, 2, 10, 10, 10, source="limit: pipes as warm as the ground"),
    ),
)(pipes.pipe_heat_loss)

TWIN = "published 2-D solution without wall, U of one pipe of DN 50 series 1; agrees to 0.4 %"
OWN_TWIN = "own 2-D solution by collocation"
_TWIN_DN = whole("dn", "Nominal diameter of the two steel pipes: 20, 25, 32, 40, 50, 65, 80, 100, 125, 150 or 200")
_TWIN = (
    whole("insulation_series", "Insulation series: 1 or 2"),
    *BURIAL[:3],
    number("casing_mm", "Outer diameter of the casing, if not that of the series", "mm", above=0, at_most=2000),
    number(
        "casing_wall_mm",
        "Wall of the casing; left out, that of EN 253; 0 counts it as insulation",
        "mm",
        at_least=0,
        at_most=20,
    ),
)

worksheet_function(
    "DH_TWIN_PIPE_U",
    category=CATEGORY,
    arguments=(_TWIN_DN, *_TWIN),
    result=Result("number", "W/(m·K)", "per pipe of the twin"),
    examples=(
        example(0.12703354, 50, source=OWN_TWIN, rel=1e-4),
        example(0.1212, 50, 1, 0.026, 1.2, 0.6, None, 0, source=TWIN, rel=0.005),
    ),
)(twin_pipes.twin_pipe_heat_loss_coefficient)

worksheet_function(
    "DH_TWIN_PIPE_LOSS",
    category=CATEGORY,
    arguments=(_TWIN_DN, SUPPLY, RETURN, GROUND, *_TWIN),
    result=Result("number", "W/m", "per metre of trench, both pipes"),
    examples=(
        example(0.12703354 * 120, 50, 90, 50, 10, source=OWN_TWIN, rel=1e-4),
        example(0.1212 * 120, 50, 90, 50, 10, 1, 0.026, 1.2, 0.6, None, 0, source=TWIN, rel=0.005),
        example(0.0, 50, 10, 10, 10, source="limit: pipes as warm as the ground"),
    ),
)(twin_pipes.twin_pipe_loss)

worksheet_function(
    "DH_TWIN_PIPE_SUPPLY_LOSS",
    category=CATEGORY,
    arguments=(_TWIN_DN, SUPPLY, RETURN, GROUND, *_TWIN),
    result=Result("number", "W/m", "per metre of trench, supply pipe alone"),
    examples=(example(13.00722, 50, 90, 50, 10, 1, 0.026, 1.2, 0.6, source=OWN_TWIN, rel=1e-4),),
)(twin_pipes.twin_pipe_supply_loss)
