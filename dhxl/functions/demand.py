"""DH Demand: heat demand, weather and price of a year, and the consumers of a network."""

from __future__ import annotations

from dhxl.core import consumers, demand, years
from dhxl.functions.arguments import number, text, vector, whole
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Demand"
HOURS = 8760

_HOURS_OF_YEAR = whole("hours_h", "Hours of the year: 8760, or 8784 for a leap year", "h", at_least=8760, at_most=8784)
_SEED = whole(
    "seed", "Picks the random numbers: the same seed gives the same year everywhere", at_least=0, at_most=2**32 - 1
)

worksheet_function(
    "DH_DEGREE_DAYS",
    category=CATEGORY,
    arguments=(
        vector("daily_degc", "Daily mean temperatures, at most 366", "°C", at_least=-70, at_most=60),
        number("base_degc", "Room temperature from which is counted", "°C", at_least=-50, at_most=60),
        number("limit_degc", "Only days colder than this count; left out, the base", "°C", at_least=-50, at_most=60),
    ),
    result=Result("number", "K·d"),
    examples=(
        example(12.0, ((10.0,), (14.0,), (15.0,)), 18, 15, source="hand sum; 15 °C is not below 15 °C"),
        example(23.0, ((10.0,), (14.0,), (13.0,)), source="hand sum from 20 °C"),
    ),
)(demand.degree_days)

worksheet_function(
    "DH_HEAT_DEMAND",
    category=CATEGORY,
    arguments=(
        vector("temperature_degc", "Outdoor temperature of a year: 8760 or 8784 hours", "°C", at_least=-70, at_most=60),
        number("annual_mwh", "Heat fed into the network in the year, with losses", "MWh/a", above=0),
        number("base_mw", "Mean load of hot water and losses, all year", "MW", at_least=0),
        number("peak_mw", "Largest load of the year; left out, it follows from the temperatures", "MW", above=0),
        number("limit_degc", "Heating limit: days with a lower mean are heated", "°C", at_least=-50, at_most=60),
        number("room_degc", "Temperature at which the heating load is zero", "°C", at_least=-50, at_most=60),
        number("smoothing_h", "Time constant of the buildings; 0 for none", "h", at_least=0, at_most=1000),
        number("loss_mw", "Constant part of the base load; left out, 32.7 % of it", "MW", at_least=0),
    ),
    result=Result("column", "MW", "one value for each temperature"),
    examples=(
        example(
            [[2.0]] * HOURS,
            ((25.0,),) * HOURS,
            2.0 * HOURS,
            2.0,
            None,
            None,
            None,
            None,
            2.0,
            source="limit: no cold day, all of the base load is loss",
        ),
    ),
)(demand.heat_demand)

worksheet_function(
    "DH_TEMPERATURE_YEAR",
    category=CATEGORY,
    arguments=(
        vector("monthly_degc", "Mean temperatures of January to December", "°C", at_least=-70, at_most=60),
        vector(
            "diurnal_half_amplitude_k",
            "Half the difference between the warmest and coldest hour of a mean day: 12 values, or one for all months",
            "K",
            at_least=0,
            at_most=30,
        ),
        number("noise_k", "Standard deviation of the day-to-day noise", "K", at_least=0, at_most=20),
        number("noise_autocorrelation", "Correlation from one day to the next", "-", at_least=0, below=1),
        _HOURS_OF_YEAR,
        _SEED,
    ),
    result=Result("column", "°C", "one value an hour"),
    examples=(example([[7.5]] * HOURS, ((7.5,),) * 12, 0, 0, source="limit: equal months, no daily swing, no noise"),),
)(years.temperature_year)

worksheet_function(
    "DH_PRICE_YEAR",
    category=CATEGORY,
    arguments=(
        number("mean_eur_per_mwh", "Mean price of the year", "EUR/MWh"),
        number("deviation_eur_per_mwh", "Standard deviation of the hours of the year", "EUR/MWh", at_least=0),
        vector("hourly_factors", "Shape of a day: 24 values; only proportions count", "-", at_least=0),
        vector("monthly_factors", "Shape of the year: 12 values; only proportions count", "-", at_least=0),
        number("weekend_factor", "Price of Saturdays and Sundays over that of other days", "-", at_least=0),
        number("noise_share", "Day-to-day noise as a share of the price, before scaling", "-", at_least=0, at_most=1),
        whole("first_weekday", "Weekday of 1 January: 1 for Monday to 7 for Sunday", at_least=1, at_most=7),
        _HOURS_OF_YEAR,
        _SEED,
    ),
    result=Result("column", "EUR/MWh", "one value an hour"),
    examples=(example([[93.0]] * HOURS, 93, 0, source="limit: no deviation"),),
)(years.price_year)

worksheet_function(
    "DH_LOAD_DURATION",
    category=CATEGORY,
    arguments=(vector("values", "Values of a year, in any unit", "-"),),
    result=Result("column", "-", "largest first, in the unit of the values"),
    examples=(example([[3.0], [2.0], [1.0]], ((1.0,), (3.0,), (2.0,)), source="sorted by hand"),),
)(demand.load_duration)

worksheet_function(
    "DH_HOT_WATER_SHARE",
    category=CATEGORY,
    arguments=(
        vector("heat_mwh", "Metered heat of 12 months, or of the hours of a year", "MWh", at_least=0),
        number("loss_mwh", "Losses within that heat, the same all year; 0 for customers' meters", "MWh/a", at_least=0),
        whole("first_month", "First month without heating, 1 to 12; left out, June", at_least=1, at_most=12),
        whole("last_month", "Last month without heating, 1 to 12; left out, August", at_least=1, at_most=12),
    ),
    result=Result("number", "-", "of the heat without losses"),
    examples=(
        example(
            0.2,
            tuple((float(heat),) for heat in (300, 280, 220, 160, 80, 30, 31, 31, 73, 139, 200, 281)),
            source="hand: 1 MWh a day from June to August is 365 of 1825 MWh",
        ),
        example(
            219 / 1679,
            tuple((float(heat),) for heat in (300, 280, 220, 160, 80, 30, 31, 31, 73, 139, 200, 281)),
            146,
            source="hand: without losses of 146 MWh, 219 of 1679 MWh",
        ),
    ),
)(consumers.hot_water_share)

worksheet_function(
    "DH_HOT_WATER_HEAT",
    category=CATEGORY,
    arguments=(
        number("volume_m3", "Hot water drawn in the year", "m³", at_least=0),
        number("hot_degc", "Temperature of the hot water", "°C", at_least=0, at_most=100),
        number("cold_degc", "Temperature of the cold water", "°C", at_least=0, at_most=100),
        number("efficiency", "Share that comes out of the taps: 1 without losses", "-", above=0, at_most=1),
    ),
    result=Result("number", "MWh/a"),
    examples=(
        example(2.74468, 47.2, source="hand: 47.2 m³ x 1.163 kWh/(m³·K) x 50 K"),
        example(
            5.9 / 1.15,
            47.2,
            60,
            10,
            1.163 * 1.15 / 2.5,
            source="Haufe, HeizKV, on § 9 (2): 2.5 x 47.2 x (60 - 10) = 5900 kWh, over 1.15 for supplied heat",
        ),
    ),
)(consumers.hot_water_heat)

worksheet_function(
    "DH_DIVERSITY",
    category=CATEGORY,
    arguments=(
        whole("consumers", "Dwellings or substations behind the point in question", at_least=1),
        text(
            "method",
            "danish: space heating of dwellings; winter: substations, hot water included",
            consumers.DIVERSITY_METHODS,
        ),
    ),
    result=Result("number", "-", "peak together over the sum of single peaks"),
    examples=(
        example(0.6238, 100, source="Varme Ståbi: 0.62 + 0.38 / n"),
        example(1.0, 1, source="limit: one consumer"),
    ),
)(consumers.diversity)

worksheet_function(
    "DH_FULL_LOAD_HOURS",
    category=CATEGORY,
    arguments=(
        number("annual_mwh", "Heat of the year", "MWh/a", at_least=0),
        number("peak_mw", "Largest load, connected load or capacity", "MW", above=0),
    ),
    result=Result("number", "h/a"),
    examples=(example(1000.0, 600, 0.6, source="simota.de, Leistungsmessung: 600,000 kWh at 600 kW"),),
)(consumers.full_load_hours)

worksheet_function(
    "DH_PEAK_LOAD",
    category=CATEGORY,
    arguments=(
        number("annual_mwh", "Heat of the consumers in the year", "MWh/a", at_least=0),
        number("full_load_h", "Their full-load hours, each by itself", "h/a", above=0, at_most=8784),
        number("diversity", "Peak together over the sum of single peaks; left out, 1", "-", above=0, at_most=1),
        number("loss_mw", "Loss of the network at the peak; left out, none", "MW", at_least=0),
    ),
    result=Result("number", "MW"),
    examples=(
        example(0.3, 600, 2000, source="simota.de, Leistungsmessung: 600,000 kWh in 2000 h are 300 kW"),
        example(0.25, 600, 2000, 0.8, 0.01, source="hand: 0.3 MW x 0.8 + 0.01 MW"),
    ),
)(consumers.peak_load)
