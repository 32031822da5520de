"""Powers, logarithms, whole numbers and combinations."""

from __future__ import annotations

import math

import pytest

from tests.hosts.native.expected import published
from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=ABS(-2.5)", 2.5),
        ("=SIGN(-0.001)", -1),
        ("=SIGN(0)", 0),
        ("=SQRT(16)", 4),
        ("=SQRT(-16)", "#NUM!"),
        ("=SQRTPI(1)", published("1.772454")),  # Microsoft: SQRTPI, example
        ("=SQRTPI(2)", published("2.506628")),
        ("=SQRTPI(-1)", "#NUM!"),
        ("=EXP(1)", published("2.71828183")),  # Microsoft: EXP, example
        ("=EXP(710)", "#NUM!"),
        ("=EXP(-1000)", 0),
        ("=LN(86)", published("4.4543473")),  # Microsoft: LN, example
        ("=LN(0)", "#NUM!"),
        ("=LOG10(100000)", 5),
        ("=LOG10(0)", "#NUM!"),
        ("=LOG(10)", 1),  # Microsoft: LOG, example
        ("=LOG(8,2)", 3),
        ("=LOG(86,2.7182818)", published("4.4543473")),
        ("=LOG(1000)", 3),
        ("=LOG(5,1)", "#DIV/0!"),
        ("=LOG(5,-1)", "#NUM!"),
        ("=LOG(5,)", "#NUM!"),
        ("=POWER(5,2)", 25),  # Microsoft: POWER, example
        ("=POWER(98.6,3.2)", published("2401077.222")),
        ("=POWER(4,5/4)", published("5.656854249")),
        ("=POWER(0,0)", "#NUM!"),
        ("=POWER(0,-1)", "#DIV/0!"),
        ("=POWER(-8,0.5)", "#NUM!"),
        ("=MOD(3,2)", 1),  # Microsoft: MOD, example
        ("=MOD(-3,2)", 1),
        ("=MOD(3,-2)", -1),
        ("=MOD(-3,-2)", -1),
        # as Excel stores it (workbooks of IronCalc's tests): the rest of the numbers as they are stored
        ("=MOD(5,1E-10)", 9.999981783901343e-11),
        ("=MOD(5,-1E-10)", -1.821609865774887e-16),
        ("=MOD(10.0000000001,0.1)", 9.999945316252479e-11),
        ("=MOD(-7.8,2.3)", 1.3999999999999995),
        ("=MOD(5,0)", "#DIV/0!"),
        ("=MOD(1E+20,3)", "#NUM!"),
        ("=MOD(A1,3)", 0),
        ("=QUOTIENT(5,2)", 2),  # Microsoft: QUOTIENT, example
        ("=QUOTIENT(4.5,3.1)", 1),
        ("=QUOTIENT(-10,3)", -3),
        ("=QUOTIENT(1,0)", "#DIV/0!"),
        # functions of the Analysis ToolPak take no truth values and nothing left out
        ("=QUOTIENT(TRUE,1)", "#VALUE!"),
        ("=GCD(,5)", "#N/A"),
        ("=GCD(TRUE,5)", "#VALUE!"),
        ("=LCM(A1,A2)", "#VALUE!"),
        ("=LCM(A1:A2)", 0),
        ("=LCM(A1,5)", 5),
        ("=LCM(A1:A2,5)", 0),
        ("=GCD(A1:A2,5)", 5),
        ("=SERIESSUM(TRUE,0,1,{1,2})", "#VALUE!"),
        ("=SERIESSUM(0,0,2,{1,2,3})", "#NUM!"),
        ("=EXP(-745)", 0),
        ("=GCD(5,2)", 1),  # Microsoft: GCD, example
        ("=GCD(24,36)", 12),
        ("=GCD(7,1)", 1),
        ("=GCD(5,0)", 5),
        ("=GCD(-1,2)", "#NUM!"),
        ("=GCD({12,18},A1:A3,24.9)", 6),
        ('=GCD("x",2)', "#VALUE!"),
        ("=LCM(5,2)", 10),  # Microsoft: LCM, example
        ("=LCM(24,36)", 72),
        ("=LCM(0,5)", 0),
        ("=FACT(5)", 120),  # Microsoft: FACT, example
        ("=FACT(1.9)", 1),
        ("=FACT(0)", 1),
        ("=FACT(-1)", "#NUM!"),
        ("=FACT(170)", float(math.factorial(170))),
        ("=FACT(171)", "#NUM!"),
        ("=FACTDOUBLE(6)", 48),  # Microsoft: FACTDOUBLE, example
        ("=FACTDOUBLE(7)", 105),
        ("=FACTDOUBLE(-1)", 1),
        ("=FACTDOUBLE(-2)", "#NUM!"),
        ("=COMBIN(8,2)", 28),  # Microsoft: COMBIN, example
        ("=COMBIN(8.9,2.9)", 28),
        ("=COMBIN(2,8)", "#NUM!"),
        ("=COMBIN(8,-1)", "#NUM!"),
        ("=COMBIN(1030,515)", "#NUM!"),
        ("=COMBINA(4,3)", 20),  # Microsoft: COMBINA, example
        ("=COMBINA(10,3)", 220),
        ("=PERMUT(100,3)", 970_200),  # Microsoft: PERMUT, example
        ("=PERMUT(3,2)", 6),
        ("=PERMUT(2,3)", "#NUM!"),
        ("=PERMUTATIONA(3,2)", 9),  # Microsoft: PERMUTATIONA, example
        ("=PERMUTATIONA(2,2)", 4),
        ("=MULTINOMIAL(2,3,4)", 1260),  # Microsoft: MULTINOMIAL, example
        ("=MULTINOMIAL(-1,2)", "#NUM!"),
        ("=SERIESSUM(PI()/4,0,2,{1,-0.5,0.041666667,-0.001388889})", published("0.707103")),  # Microsoft: SERIESSUM
        ("=BASE(7,2)", "111"),  # Microsoft: BASE, examples
        ("=BASE(100,16)", "64"),
        ("=BASE(15,2,10)", "0000001111"),
        ("=BASE(-1,2)", "#NUM!"),
        ("=BASE(5,1)", "#NUM!"),
        ("=BASE(0,2)", "0"),
        ('=DECIMAL("FF",16)', 255),  # Microsoft: DECIMAL, examples
        ("=DECIMAL(111,2)", 7),
        ('=DECIMAL("zap",36)', 45_745),
        ('=DECIMAL("9",8)', "#NUM!"),
        ("=ROMAN(499,0)", "CDXCIX"),  # Microsoft: ROMAN, examples
        ("=ROMAN(499,1)", "LDVLIV"),
        ("=ROMAN(499,2)", "XDIX"),
        ("=ROMAN(499,3)", "VDIV"),
        ("=ROMAN(499,4)", "ID"),
        ("=ROMAN(499,TRUE)", "CDXCIX"),
        ("=ROMAN(499,FALSE)", "ID"),
        ("=ROMAN(2026)", "MMXXVI"),
        ("=ROMAN(0)", ""),
        ("=ROMAN(4000)", "#VALUE!"),
        ('=ARABIC("LVII")', 57),  # Microsoft: ARABIC, examples
        ('=ARABIC("mcmxii")', 1912),
        ('=ARABIC("-MMXI")', -2011),
        ('=ARABIC("")', 0),
        ('=ARABIC("ABC")', "#VALUE!"),
        # Microsoft: SUMX2MY2, SUMX2PY2, SUMXMY2, examples
        ("=SUMX2MY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", -55),
        ("=SUMX2PY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", 521),
        ("=SUMXMY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", 79),
        ("=SUMXMY2({1,2},{1,2,3})", "#N/A"),
        ("=SUMX2PY2(A1:A3,B1:B3)", "#DIV/0!"),  # as Excel stores it (FormulaEvalTestData of Apache POI)
        ('=SUMXMY2({1,"x",5},{2,7,8})', 10),
    ],
)
def test_arithmetic(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize("form", range(5))
def test_arabic_reads_what_roman_writes(form: int) -> None:
    for number in range(1, 4000, 13 if form else 1):
        text = value_of(f"=ROMAN({number},{form})")
        if form < 2:
            assert value_of(f'=ARABIC("{text}")') == number
        assert set(str(text)) <= set("MDCLXVI")


def test_a_number_is_quotient_times_divisor_and_rest() -> None:
    for number in range(-20, 21):
        for divisor in (-7, -2, 3, 5):
            rest = value_of(f"=MOD({number},{divisor})")
            assert value_of(f"=INT({number}/{divisor})*{divisor}+{rest}") == number
