"""DH Finance: value, return and payback of cash flows."""

from __future__ import annotations

from dhxl.core import finance
from dhxl.functions.arguments import number, vector
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Finance"

_RATE = number("discount_rate", "Interest as a fraction per period (0.05 is 5 %)", "-", above=-1)
_FLOWS = vector("flows_eur", "Cash flow of each period, one after the other; inflow positive", "EUR")
_FLOWS_FROM_YEAR_0 = vector("flows_eur", "Cash flow of year 0, 1, 2, ...; inflow positive", "EUR")


def _column(*values: float) -> tuple[tuple[float], ...]:
    return tuple((value,) for value in values)


worksheet_function(
    "DH_NPV",
    category=CATEGORY,
    arguments=(
        _RATE,
        _FLOWS,
        number("first_period", "Periods from today to the first flow: 1 as Excel's NPV, 0 is today", "-", at_least=0),
    ),
    result=Result("number", "EUR"),
    examples=(
        example(
            1188.443412,
            0.10,
            _column(-10000, 3000, 4200, 6800),
            source="Microsoft: NPV function, example 1, recomputed",
        ),
        example(0.0, 0.10, _column(-100, 110), 0, source="hand sum"),
    ),
)(finance.net_present_value)

worksheet_function(
    "DH_IRR",
    category=CATEGORY,
    arguments=(_FLOWS,),
    result=Result("number", text="fraction per period"),
    examples=(
        example(
            -0.02124485,
            _column(-70000, 12000, 15000, 18000, 21000),
            source="Microsoft: IRR function, recomputed",
            rel=5e-7,
        ),
        example(
            0.08663095,
            _column(-70000, 12000, 15000, 18000, 21000, 26000),
            source="Microsoft: IRR function, recomputed",
            rel=1e-7,
        ),
    ),
)(finance.internal_rate_of_return)

worksheet_function(
    "DH_PAYBACK",
    category=CATEGORY,
    arguments=(_FLOWS_FROM_YEAR_0,),
    result=Result("number", "a", "years from year 0"),
    examples=(example(2.5, _column(-100, 30, 40, 60), source="hand sum"),),
)(finance.payback)

worksheet_function(
    "DH_DISCOUNTED_PAYBACK",
    category=CATEGORY,
    arguments=(_RATE, _FLOWS_FROM_YEAR_0),
    result=Result("number", "a", "years from year 0"),
    examples=(
        example(1 + (100 - 60 / 1.1) / (60 / 1.21), 0.1, _column(-100, 60, 60), source="hand sum"),
        example(2.5, 0, _column(-100, 30, 40, 60), source="limit: no interest"),
    ),
)(finance.discounted_payback)

worksheet_function(
    "DH_LCOH",
    category=CATEGORY,
    arguments=(
        _RATE,
        vector("cost_eur", "Cost of each period, positive", "EUR"),
        vector("heat_mwh", "Heat sold in the same periods", "MWh", at_least=0),
    ),
    result=Result("number", "EUR/MWh"),
    examples=(
        example(100.0, 0, _column(1000, 500, 500), _column(0, 10, 10), source="hand sum"),
        example(55.0, 0.1, _column(50, 0), _column(0, 1), source="hand sum: 50 EUR now for 1 MWh in a year"),
    ),
)(finance.levelised_cost_of_heat)

worksheet_function(
    "DH_ANNUITY_FACTOR",
    category=CATEGORY,
    arguments=(
        number("discount_rate", "Interest as a fraction per year (0.05 is 5 %)", "-", above=-1),
        number("years", "Number of yearly payments, at each year's end", "a", above=0),
    ),
    result=Result("number", text="fraction of the investment per year"),
    examples=(
        example(0.0611567181252903, 0.02, 20, source="VDI 2067 Part 1, evaluated", rel=1e-12),
        example(0.05, 0, 20, source="limit: no interest"),
    ),
)(finance.annuity_factor)
