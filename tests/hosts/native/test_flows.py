"""Value and rate of return of cash flows, as Excel calculates them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of

CELLS = {
    **{f"A{row}": flow for row, flow in enumerate((-70000, 12000, 15000, 18000, 21000, 26000), 1)},
    **{f"B{row}": flow for row, flow in enumerate((-120000, 39000, 30000, 21000, 37000, 46000), 1)},
    **{f"C{row}": flow for row, flow in enumerate((-10000, 2750, 4250, 3250, 2750), 1)},
    **{f"D{row}": day for row, day in enumerate((39448, 39508, 39751, 39859, 39904), 1)},
    # blank, text and TRUE among flows of -100 and 110
    "E1": -100,
    "E3": "text",
    "E4": True,
    "E5": 110,
    "E6": "5",
    "F1": "#N/A",
}


@pytest.mark.parametrize(
    ("formula", "value", "within"),
    [
        # Microsoft: NPV, examples 1 and 2
        ("=NPV(0.1,-10000,3000,4200,6800)", 1188.44, 0.005),
        ("=NPV(0.08,8000,9200,10000,12000,14500)-40000", 1922.06, 0.005),
        ("=NPV(0.08,{8000,9200,10000,12000,14500},-9000)-40000", -3749.47, 0.005),
        # Microsoft: IRR, example
        ("=IRR(A1:A5)", -0.021244848, 1e-9),
        ("=IRR(A1:A6)", 0.086630948, 1e-9),
        ("=IRR(A1:A3,-0.1)", -0.443506941, 1e-9),
        # Microsoft: MIRR, example
        ("=MIRR(B1:B6,0.1,0.12)", 0.126094131, 1e-9),
        ("=MIRR(B1:B4,0.1,0.12)", -0.048044655, 1e-9),
        ("=MIRR(B1:B6,0.1,0.14)", 0.134759111, 1e-9),
        # Microsoft: XNPV and XIRR, examples
        ("=XNPV(0.09,C1:C5,D1:D5)", 2086.647602, 1e-6),
        ("=XIRR(C1:C5,D1:D5,0.1)", 0.373362535, 1e-8),
        # Microsoft: FVSCHEDULE, PDURATION, RRI, examples
        ("=FVSCHEDULE(1,{0.09,0.11,0.1})", 1.33089, 1e-12),
        ("=PDURATION(0.025,2000,2200)", 3.85986617, 1e-8),
        ("=PDURATION(0.025/12,1000,1200)", 87.6054764, 1e-7),
        ("=RRI(96,10000,11000)", 0.0009933, 1e-7),
        # closed cases
        ("=IRR({-2,1})", -0.5, 1e-15),
        ("=IRR({-100,110})", 0.1, 1e-15),
        ("=IRR({0,-100,110})", 0.1, 1e-15),
        ("=IRR({-100,100})", 0.0, 1e-15),
        ("=IRR({100,-110})", 0.1, 1e-15),
        ("=IRR({-1,100})", 99.0, 1e-12),
        ("=IRR({-100,0.01})", -0.9999, 1e-12),
        ("=XIRR({-100,110},{43831,44196})", 0.1, 1e-14),
        ("=XIRR({-100,50},{43831,44196})", -0.5, 1e-14),
        ("=XNPV(0,{-100,110},{43831,44196})", 10.0, 1e-12),
        # flows -100 and 110, and what is skipped: text, TRUE, blank and number as text in cells
        ("=IRR(E1:E6)", 0.1, 1e-15),
        ("=NPV(0.1,E1:E6)", -100 / 1.1 + 110 / 1.21, 1e-12),
        ("=NPV(0.1,E2,E1,E5)", -100 / 1.1 + 110 / 1.21, 1e-12),
        ("=MIRR(E1:E6,0,0)", 0.1, 1e-15),
        # given by themselves, they are numbers
        ('=NPV(0.1,"5",TRUE)', 5 / 1.1 + 1 / 1.21, 1e-12),
        ("=NPV(0.1,,5)", 5 / 1.21, 1e-12),
        ("=FVSCHEDULE(10,E2)", 10.0, 0),
        ("=RRI(2,0,0)", 0.0, 0),
        ("=RRI(2,-4,-9)", 0.5, 1e-15),
    ],
)
def test_a_flow_function_gives_what_excel_gives(formula: str, value: float, within: float) -> None:
    assert value_of(formula, CELLS) == pytest.approx(value, rel=0, abs=within)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=IRR({1,2})", "#NUM!"),
        ("=IRR({-1,-2})", "#NUM!"),
        ("=IRR(E2)", "#NUM!"),
        ("=IRR({-100,250,-160})", "#NUM!"),  # 1 + IRR would solve 100q^2 - 250q + 160 = 0, below no real root
        ("=IRR({-100,110},-1)", "#NUM!"),
        ("=IRR(F1)", "#N/A"),
        ("=NPV(-1,5)", "#DIV/0!"),
        ("=NPV(0.1,F1)", "#N/A"),
        ('=NPV(0.1,"a")', "#VALUE!"),
        ("=MIRR({1,2},0,0)", "#DIV/0!"),
        ("=MIRR({-1,-2},0,0)", "#DIV/0!"),
        ("=XNPV(-0.02,C1:C5,D1:D5)", "#NUM!"),  # Excel refuses negative rates
        ("=XNPV(0.1,C1:C5,D1:D4)", "#NUM!"),
        ("=XNPV(TRUE,C1:C5,D1:D5)", "#VALUE!"),
        ("=XIRR({100,110},{43831,44196})", "#NUM!"),
        ("=XIRR({-100,110},{43831,43830})", "#NUM!"),  # before the first date
        ("=XIRR(E1:E5,D1:D5)", "#VALUE!"),
        ('=XIRR({-100,110},{"1/1/2020","1/1/2021"})', "#VALUE!"),
        ('=FVSCHEDULE(1,{0.1,"a"})', "#VALUE!"),
        ("=PDURATION(0,1,2)", "#NUM!"),
        ("=PDURATION(0.1,-1,2)", "#NUM!"),
        ("=RRI(0,1,2)", "#NUM!"),
        ("=RRI(1,0,2)", "#NUM!"),
        ("=RRI(1,-1,2)", "#NUM!"),
    ],
)
def test_a_flow_function_refuses_what_excel_refuses(formula: str, code: str) -> None:
    assert value_of(formula, CELLS) == code


def test_of_several_rates_of_return_the_guess_decides() -> None:
    # -1000 + 2500/(1+r) - 1560/(1+r)^2 has the roots 0.2 and 0.3
    flows = "{-1000,2500,-1560}"
    assert value_of(f"=IRR({flows},0.1)") == pytest.approx(0.2, abs=1e-12)
    assert value_of(f"=IRR({flows},0.5)") == pytest.approx(0.3, abs=1e-12)


@given(
    st.floats(1, 1e9),
    st.lists(st.floats(0, 1e9), min_size=1, max_size=40).filter(lambda flows: max(flows) > 1),
)
def test_the_value_at_the_rate_of_return_is_zero(cost: float, income: list[float]) -> None:
    flows = [-cost, *income]
    cells = {f"A{row}": flow for row, flow in enumerate(flows, 1)}
    rate = value_of(f"=IRR(A1:A{len(flows)})", cells)
    assert isinstance(rate, float)
    terms = [flow / (1 + rate) ** year for year, flow in enumerate(flows)]
    # next to -100 % the last digit of the rate moves the terms most
    assert sum(terms) == pytest.approx(0, abs=1e-10 * sum(map(abs, terms)) / min(1.0, 1 + rate))
