"""Bonds, bills and other securities, as Excel calculates them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import Facts, value_of


@pytest.mark.parametrize(
    ("formula", "value", "within"),
    [
        # Microsoft: examples of each function
        ("=ACCRINTM(39539,39614,0.1,1000,3)", 20.54794521, 1e-8),
        ("=COUPDAYBS(DATE(2011,1,25),DATE(2011,11,15),2,1)", 71, 0),
        ("=COUPDAYS(DATE(2011,1,25),DATE(2011,11,15),2,1)", 181, 0),
        ("=COUPDAYSNC(DATE(2011,1,25),DATE(2011,11,15),2,1)", 110, 0),
        ("=COUPNCD(DATE(2011,1,25),DATE(2011,11,15),2,1)", 40678, 0),
        ("=COUPPCD(DATE(2011,1,25),DATE(2011,11,15),2,1)", 40497, 0),
        ("=COUPNUM(DATE(2007,1,25),DATE(2008,11,15),2,1)", 4, 0),
        ("=DISC(DATE(2007,1,25),DATE(2007,6,15),97.975,100,1)", 0.052420213, 1e-9),
        ("=DURATION(DATE(2008,1,1),DATE(2016,1,1),0.08,0.09,2,1)", 5.99377496, 1e-8),
        ("=MDURATION(DATE(2008,1,1),DATE(2016,1,1),0.08,0.09,2,1)", 5.73566981, 1e-8),
        ("=INTRATE(DATE(2008,2,15),DATE(2008,5,15),1000000,1014420,2)", 0.05768, 1e-9),
        ("=PRICE(DATE(2008,2,15),DATE(2017,11,15),0.0575,0.065,100,2,0)", 94.63436, 1e-5),
        ("=PRICEDISC(DATE(2008,2,16),DATE(2008,3,1),0.0525,100,2)", 99.79583, 1e-5),
        ("=PRICEMAT(DATE(2008,2,15),DATE(2008,4,13),DATE(2007,11,11),0.061,0.061,0)", 99.98449888, 1e-8),
        ("=RECEIVED(DATE(2008,2,15),DATE(2008,5,15),1000000,0.0575,2)", 1014584.654, 1e-3),
        ("=TBILLEQ(DATE(2008,3,31),DATE(2008,6,1),0.0914)", 0.094151494, 1e-9),
        ("=TBILLPRICE(DATE(2008,3,31),DATE(2008,6,1),0.09)", 98.45, 1e-9),
        ("=TBILLYIELD(DATE(2008,3,31),DATE(2008,6,1),98.45)", 0.091416963, 1e-9),
        ("=YIELD(DATE(2008,2,15),DATE(2016,11,15),0.0575,95.04287,100,2,0)", 0.065, 1e-7),
        ("=YIELDDISC(DATE(2008,2,16),DATE(2008,3,1),99.795,100,2)", 0.052822573, 1e-8),
        ("=YIELDMAT(DATE(2008,3,15),DATE(2008,11,3),DATE(2007,11,8),0.0625,100.0123,0)", 0.060954333, 1e-8),
        ("=DOLLARDE(1.02,16)", 1.125, 1e-12),
        ("=DOLLARDE(1.1,32)", 1.3125, 1e-12),
        ("=DOLLARFR(1.125,16)", 1.02, 1e-12),
        ("=DOLLARFR(1.125,32)", 1.04, 1e-12),
        (
            "=ODDFPRICE(DATE(2008,11,11),DATE(2021,3,1),DATE(2008,10,15),DATE(2009,3,1),0.0785,0.0625,100,2,1)",
            113.597717,
            1e-6,
        ),
        (
            "=ODDFYIELD(DATE(2008,11,11),DATE(2021,3,1),DATE(2008,10,15),DATE(2009,3,1),0.0575,84.5,100,2,0)",
            0.077245542,
            1e-9,
        ),
        ("=ODDLPRICE(DATE(2008,2,7),DATE(2008,6,15),DATE(2007,10,15),0.0375,0.0405,100,2,0)", 99.87828601, 1e-8),
        ("=ODDLYIELD(DATE(2008,4,20),DATE(2008,6,15),DATE(2007,12,24),0.0375,99.875,100,2,0)", 0.045192, 5e-7),
        # ExcelFinancialFunctions, "Difference between OpenOffice and the library": Excel's results
        (
            "=ODDFPRICE(DATE(1999,2,28),DATE(2010,6,30),DATE(1998,2,28),DATE(2009,6,30),0.07,0.03,100,1,2)",
            127.9031274,
            1e-7,
        ),
        ("=ODDLPRICE(DATE(1999,2,28),DATE(2000,2,28),DATE(1998,2,28),0.07,0.03,130,2,2)", 132.8058252, 1e-7),
        ("=ODDLYIELD(DATE(1990,6,1),DATE(1995,12,31),DATE(1990,1,1),0.002,103,100,4,1)", -0.00327563, 1e-8),
        (
            "=ODDFYIELD(DATE(2008,12,11),DATE(2021,4,1),DATE(2008,10,15),DATE(2009,4,1),0.06,100,100,4,1)",
            0.059976999,
            1e-9,
        ),
        # ExcelFinancialFunctions: what Excel gave, its issue 8 among it, and in the last coupon's time
        ("=YIELD(DATE(2015,9,21),DATE(2015,10,15),0.04625,105.124,100,2,0)", -0.674285785, 1e-9),
        ("=YIELD(DATE(1993,2,28),DATE(1994,1,31),0.1,348.603481406126,67,1,2)", -0.844377859, 1e-9),
        ("=YIELD(DATE(1993,2,28),DATE(1994,1,31),0.1,348.603481406126,67,1,0)", -0.847914622, 1e-9),
        ("=YIELD(DATE(2007,10,31),DATE(2008,2,29),0.1,339.183714254569,67,1,3)", -2.351407713, 1e-9),
        ("=YIELD(DATE(1980,2,15),DATE(2010,6,30),0.07,364.906836773092,130,4,4)", -0.002974049, 1e-9),
        ("=PRICE(DATE(1980,2,15),DATE(2000,2,28),0.07,0.03,100,1,2)", 159.5561168405, 1e-9),
        ("=TBILLEQ(DATE(1980,2,15),DATE(1980,3,15),0.01)", 0.01014706291, 1e-11),
        # closed cases
        ("=PRICE(DATE(2020,1,1),DATE(2030,1,1),0.05,0.05,100,1,0)", 100.0, 1e-10),
        ("=PRICE(DATE(2020,1,1),DATE(2022,1,1),0.1,0,100,2)", 120.0, 1e-10),
        ("=PRICE(DATE(2020,1,1),DATE(2021,1,1),0.1,0.1,100,1)", 100.0, 1e-10),
        ("=DURATION(DATE(2020,1,1),DATE(2030,1,1),0,0.05,1)", 10.0, 1e-12),
        ("=DOLLARDE(-1.02,16)", -1.125, 1e-12),
        ("=DOLLARDE(1.5,1)", 1.5, 0),
        ("=DOLLARDE(1.5,10.9)", 1.5, 1e-12),
        # texts as dates
        ('=COUPNUM("25-Jan-2007","11/15/2008",2,1)', 4, 0),
    ],
)
def test_a_security_function_gives_what_excel_gives(formula: str, value: float, within: float) -> None:
    assert value_of(formula) == pytest.approx(value, rel=0, abs=within)


def test_in_a_workbook_with_the_1904_date_system_the_same_bonds_have_the_same_figures() -> None:
    facts = Facts(date1904=True)
    bond = "DATE(2011,1,25),DATE(2011,11,15),2,1)"
    assert value_of("=COUPDAYBS(" + bond, facts=facts) == 71
    assert value_of("=COUPNCD(" + bond, facts=facts) == 40678 - 1462
    assert value_of("=PRICE(DATE(2008,2,15),DATE(2017,11,15),0.0575,0.065,100,2,0)", facts=facts) == pytest.approx(
        94.63436, abs=1e-5
    )


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=COUPNUM(40000,40000,2)", "#NUM!"),
        ("=COUPNUM(40000,41000,3)", "#NUM!"),
        ("=COUPNUM(40000,41000,2,5)", "#NUM!"),
        ("=COUPNUM(40000,41000,2,-1)", "#NUM!"),
        ("=COUPNUM(-1,41000,2)", "#NUM!"),
        ('=COUPNUM("a",41000,2)', "#VALUE!"),
        ("=COUPNUM(TRUE,41000,2)", "#VALUE!"),
        ("=PRICE(40000,41000,-0.01,0.05,100,2)", "#NUM!"),
        ("=PRICE(40000,41000,0.01,-0.05,100,2)", "#NUM!"),
        ("=PRICE(40000,41000,0.01,0.05,0,2)", "#NUM!"),
        ("=YIELD(40000,41000,0.01,0,100,2)", "#NUM!"),
        ("=DURATION(40000,41000,0.01,-0.05,2)", "#NUM!"),
        ("=DISC(40000,40000,97,100)", "#NUM!"),
        ("=DISC(40000,41000,0,100)", "#NUM!"),
        ("=RECEIVED(40000,41000,100,0.9)", "#NUM!"),
        ("=PRICEMAT(40000,41000,40001,0.06,0.06)", "#NUM!"),
        ("=TBILLEQ(40000,40366,0.09)", "#NUM!"),
        ("=TBILLPRICE(40000,40100,0)", "#NUM!"),
        ("=TBILLYIELD(40000,40000,98)", "#NUM!"),
        ("=ACCRINTM(40000,40100,0,1000)", "#NUM!"),
        ("=ODDFPRICE(40000,45000,39900,40100,0.05,0.05,100,2)", "#NUM!"),  # the first is no date of a coupon
        ("=ODDFPRICE(DATE(2008,11,11),DATE(2021,3,1),DATE(2008,11,11),DATE(2009,3,1),0.05,0.05,100,2)", "#NUM!"),
        ("=ODDLPRICE(40000,45000,40000,0.05,0.05,100,2)", "#NUM!"),
        ("=ODDLYIELD(40000,39999,39000,0.05,100,100,2)", "#NUM!"),
        ("=DOLLARDE(1.1,-1)", "#NUM!"),
        ("=DOLLARDE(1.1,0.5)", "#DIV/0!"),
        ("=DOLLARFR(1/0,4)", "#DIV/0!"),
    ],
)
def test_a_security_function_refuses_what_excel_refuses(formula: str, code: str) -> None:
    assert value_of(formula) == code


@given(
    st.integers(36526, 50000),
    st.integers(500, 12000),
    st.floats(0, 0.2),
    st.floats(0.001, 0.3),
    st.sampled_from((1, 2, 4)),
    st.integers(0, 4),
)
def test_the_yield_at_a_price_gives_the_price(
    settlement: int, length: int, rate: float, returned: float, frequency: int, basis: int
) -> None:
    dates = f"{settlement},{settlement + length},{rate!r}"
    price = value_of(f"=PRICE({dates},{returned!r},100,{frequency},{basis})")
    if value_of(f"=COUPNUM({settlement},{settlement + length},{frequency},{basis})") != 1:
        assert value_of(f"=YIELD({dates},{price!r},100,{frequency},{basis})") == pytest.approx(returned, abs=1e-10)


@given(st.integers(36526, 45000), st.integers(10, 1500), st.floats(0, 0.2), st.floats(0.001, 0.3), st.integers(0, 4))
def test_the_yield_of_a_bond_with_an_odd_last_coupon_gives_its_price(
    last: int, length: int, rate: float, returned: float, basis: int
) -> None:
    dates = f"{last + length // 2},{last + length},{last},{rate!r}"
    price = value_of(f"=ODDLPRICE({dates},{returned!r},100,2,{basis})")
    assert value_of(f"=ODDLYIELD({dates},{price!r},100,2,{basis})") == pytest.approx(returned, abs=1e-9)


@given(st.integers(36526, 50000), st.integers(1, 12000), st.sampled_from((1, 2, 4)), st.integers(0, 4))
def test_a_settlement_lies_between_its_coupons(settlement: int, length: int, frequency: int, basis: int) -> None:
    rest = f"({settlement},{settlement + length},{frequency},{basis})"
    before, after, count = (value_of(f"={name}{rest}") for name in ("COUPPCD", "COUPNCD", "COUPNUM"))
    assert before <= settlement < after <= settlement + length  # type: ignore[operator]
    assert 356 <= (after - before) * frequency <= 372  # type: ignore[operator]
    assert count >= 1  # type: ignore[operator]


@given(st.floats(-1000, 1000), st.integers(1, 128))
def test_a_price_in_fractions_and_back_is_the_price(price: float, fraction: int) -> None:
    there = value_of(f"=DOLLARFR({price!r},{fraction})")
    assert value_of(f"=DOLLARDE({there!r},{fraction})") == pytest.approx(price, abs=1e-9)
