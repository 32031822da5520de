"""DH Demand: heat demand, weather and price of a year."""

from __future__ import annotations

from dhxl.core import demand, years
from dhxl.functions.arguments import number, vector, whole
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
