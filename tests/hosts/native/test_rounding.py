"""Rounding as Excel rounds: the 15 digits that it shows."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.hosts.native.functions.rounding import floor_of, rounded
from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: ROUND, ROUNDUP, ROUNDDOWN, examples
        ("=ROUND(2.15,1)", 2.2),
        ("=ROUND(2.149,1)", 2.1),
        ("=ROUND(-1.475,2)", -1.48),
        ("=ROUND(21.5,-1)", 20),
        ("=ROUND(626.3,-3)", 1000),
        ("=ROUND(1.98,-1)", 0),
        ("=ROUND(-50.55,-2)", -100),
        ("=ROUNDUP(3.2,0)", 4),
        ("=ROUNDUP(76.9,0)", 77),
        ("=ROUNDUP(3.14159,3)", 3.142),
        ("=ROUNDUP(-3.14159,1)", -3.2),
        ("=ROUNDUP(31415.92654,-2)", 31_500),
        ("=ROUNDDOWN(3.2,0)", 3),
        ("=ROUNDDOWN(76.9,0)", 76),
        ("=ROUNDDOWN(3.14159,3)", 3.141),
        ("=ROUNDDOWN(-3.14159,1)", -3.1),
        ("=ROUNDDOWN(31415.92654,-2)", 31_400),
        ("=ROUND(1.005,2)", 1.01),
        ("=ROUND(2.675,2)", 2.68),
        ("=ROUND(2.5*1.15,2)", 2.88),
        ("=ROUND(0.5,0)", 1),
        ("=ROUND(-0.5,0)", -1),
        ("=ROUND(-0.4,0)", 0),
        ("=ROUND(5.015,2.9)", 5.02),
        ("=ROUND(1E+300,2)", 1e300),
        ("=ROUND(1.5E-300,2)", 0),
        ("=ROUND(123456789.123456789,20)", 123456789.123456789),
        ("=ROUND(5,-400)", 0),
        ('=ROUND("2.5",0)', 3),
        ("=ROUND(TRUE,0)", 1),
        ("=ROUND(A1,2)", 0),
        ('=ROUND("x",2)', "#VALUE!"),
        ("=ROUND(#N/A,2)", "#N/A"),
        ("=ROUND(1.25,)", 1),
        # as Excel stores it (workbooks of IronCalc's tests)
        ('=INT(" 10 ")', 10),
        ('=INT("2024-01-10")', 45_301),
        ('=INT(" 2024-01-10 ")', "#VALUE!"),
        ("=SUM(ROUND({1.005,2.675},2))", 1.01 + 2.68),
        ("=ROUNDUP(1E-20,2)", 0.01),
        ("=ROUNDUP(3*0.1*10,0)", 3),
        ("=ROUNDDOWN(4.35*100,0)", 435),
        # Microsoft: TRUNC, INT, examples
        ("=TRUNC(8.9)", 8),
        ("=TRUNC(-8.9)", -8),
        ("=TRUNC(0.45)", 0),
        ("=TRUNC(-1.239,2)", -1.23),
        ("=INT(8.9)", 8),
        ("=INT(-8.9)", -9),
        ("=INT(19.5)", 19),
        ("=INT((0.1+0.7)*10)", 8),
        # seen in Excel 2003 and 2007 (joeu2004 in microsoft.public.excel, 2010): INT takes 15 digits
        ("=INT(123456789-0.0000004)", 123_456_789),
        ("=INT(123456789-0.0000005)", 123_456_788),
        ("=INT(10^14+0.5)", 100_000_000_000_001),
        ("=INT(10^14-1+0.5)", 99_999_999_999_999),
        ("=INT(0)", 0),
        ("=INT(-1E-300)", -1),
    ],
)
def test_rounding_to_digits(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: MROUND, CEILING, FLOOR, CEILING.MATH, FLOOR.MATH, CEILING.PRECISE, FLOOR.PRECISE, EVEN, ODD
        ("=MROUND(10,3)", 9),
        ("=MROUND(-10,-3)", -9),
        ("=MROUND(1.3,0.2)", 1.4),
        ("=MROUND(5,-2)", "#NUM!"),
        ("=MROUND(6.05,0.1)", 6.0),
        ("=MROUND(7.05,0.1)", 7.1),
        ("=MROUND(5,0)", 0),
        ("=MROUND(TRUE,2)", "#VALUE!"),
        ("=MROUND(,2)", "#N/A"),
        ("=MROUND(A1,2)", 0),
        ("=MROUND(0,-2)", 0),
        ("=CEILING(2.5,1)", 3),
        ("=CEILING(-2.5,-2)", -4),
        ("=CEILING(-2.5,2)", -2),
        ("=CEILING(1.5,0.1)", 1.5),
        ("=CEILING(0.234,0.01)", 0.24),
        ("=CEILING(2.5,-2)", "#NUM!"),
        ("=CEILING(0,-2)", 0),
        ("=CEILING(2.5,0)", 0),
        ("=CEILING(0.1*3,0.1)", 0.3),
        ("=CEILING(-0.5,2)", 0),
        ("=FLOOR(3.7,2)", 2),
        ("=FLOOR(-2.5,-2)", -2),
        ("=FLOOR(-2.5,2)", -4),
        ("=FLOOR(2.5,-2)", "#NUM!"),
        ("=FLOOR(1.58,0.1)", 1.5),
        ("=FLOOR(0.234,0.01)", 0.23),
        ("=FLOOR(2.5,0)", "#DIV/0!"),
        ("=FLOOR(0,0)", 0),
        ("=FLOOR(0.7,0.1)", 0.7),
        ("=CEILING.MATH(24.3,5)", 25),
        ("=CEILING.MATH(6.7)", 7),
        ("=CEILING.MATH(-8.1,2)", -8),
        ("=CEILING.MATH(-5.5,2,-1)", -6),
        ("=CEILING.MATH(-5.5,,1)", -6),
        ("=CEILING.MATH(5,0)", 0),
        ("=FLOOR.MATH(24.3,5)", 20),
        ("=FLOOR.MATH(6.7)", 6),
        ("=FLOOR.MATH(-8.1,2)", -10),
        ("=FLOOR.MATH(-5.5,2,-1)", -4),
        ("=CEILING.PRECISE(4.3)", 5),
        ("=CEILING.PRECISE(-4.3)", -4),
        ("=CEILING.PRECISE(4.3,2)", 6),
        ("=CEILING.PRECISE(4.3,-2)", 6),
        ("=CEILING.PRECISE(-4.3,2)", -4),
        ("=CEILING.PRECISE(-4.3,-2)", -4),
        ("=ISO.CEILING(4.3)", 5),
        ("=FLOOR.PRECISE(-3.2,-1)", -4),
        ("=FLOOR.PRECISE(3.2,1)", 3),
        ("=FLOOR.PRECISE(3.2)", 3),
        ("=EVEN(1.5)", 2),
        ("=EVEN(3)", 4),
        ("=EVEN(2)", 2),
        ("=EVEN(-1)", -2),
        ("=EVEN(0)", 0),
        ("=ODD(1.5)", 3),
        ("=ODD(3)", 3),
        ("=ODD(2)", 3),
        ("=ODD(-1)", -1),
        ("=ODD(-2)", -3),
        ("=ODD(0)", 1),
        ("=ODD(0.5)", 1),
    ],
)
def test_rounding_to_multiples(formula: str, value: object) -> None:
    assert value_of(formula) == value


@given(st.decimals(-10_000_000, 10_000_000, places=6), st.integers(-3, 6))
def test_a_decimal_number_is_rounded_as_on_paper(number: Decimal, digits: int) -> None:
    on_paper = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert rounded(float(number), digits) == float(on_paper)


@given(st.integers(-(10**11), 10**11), st.integers(0, 999))
def test_int_is_the_whole_number_below(whole: int, thousandths: int) -> None:
    assert floor_of(whole + thousandths / 1000) == whole
