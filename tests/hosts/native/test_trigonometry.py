"""Angles."""

from __future__ import annotations

import math

import pytest

from tests.hosts.native.expected import exactly
from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=PI()", math.pi),
        ("=SIN(PI()/2)", 1),
        ("=SIN(30*PI()/180)", exactly(0.5)),
        ("=COS(RADIANS(60))", exactly(0.5)),
        ("=TAN(RADIANS(45))", exactly(1)),
        ("=SIN(134217728)", "#NUM!"),
        # as Excel stores it (47813.xlsx of Apache POI, workbooks of IronCalc's tests)
        ("=SIN(PI())", exactly(1.22514845490862e-16)),
        ("=COS(RADIANS(90))", exactly(6.1257422745431e-17)),
        ("=COS(RADIANS(270))", exactly(-1.83772268236293e-16)),
        ("=SIN(RADIANS(540))", exactly(3.67544536472586e-16)),
        ("=TAN(PI())", exactly(-1.22514845490862e-16)),
        ("=COT(PI()-1E-12)", exactly(-999788629259.2037)),
        ("=SIN(134217727)", pytest.approx(math.sin(134_217_727), rel=1e-10)),
        ("=ASIN(2)", "#NUM!"),
        ("=DEGREES(ASIN(-0.5))", exactly(-30)),
        ("=DEGREES(ACOS(-0.5))", exactly(120)),
        ("=ATAN(1)*4", math.pi),
        ("=ATAN2(1,1)*4", math.pi),
        ("=DEGREES(ATAN2(-1,-1))", -135),
        ("=ATAN2(-1,0)", math.pi),
        ("=ATAN2(0,0)", "#DIV/0!"),
        ("=SINH(1)", exactly(1.1752011936438014)),
        ("=COSH(0)", 1),
        ("=TANH(-2)", exactly(-0.9640275800758169)),
        ("=SINH(1000)", "#NUM!"),
        ("=ASINH(SINH(2.5))", exactly(2.5)),
        ("=ACOSH(10)", exactly(2.993222846126381)),
        ("=ACOSH(0.5)", "#NUM!"),
        ("=ATANH(1)", "#NUM!"),
        ("=ATANH(TANH(0.7))", exactly(0.7)),
        ("=SEC(PI()/3)", exactly(2)),
        ("=CSC(PI()/6)", exactly(2)),
        ("=CSC(0)", "#DIV/0!"),
        ("=COT(RADIANS(45))", exactly(1)),
        ("=COT(0)", "#DIV/0!"),
        ("=SECH(0)", 1),
        ("=SECH(1000)", 0),
        ("=CSCH(0)", "#DIV/0!"),
        ("=CSCH(1)*SINH(1)", exactly(1)),
        ("=COTH(1)*TANH(1)", exactly(1)),
        ("=COTH(1E+10)", 1),
        ("=CSCH(1E+10)", 0),
        ("=ACOT(0)*2", math.pi),
        ("=ACOT(-1)*4/3", exactly(math.pi)),
        ("=ACOTH(6)", exactly(0.16823611831060642)),
        ("=ACOTH(1)", "#NUM!"),
        ("=ACOTH(-1.0000000001)", exactly(-11.859499013905017)),
        ("=DEGREES(PI())", 180),
        ("=RADIANS(270)", exactly(1.5 * math.pi)),
        ("=SIN(A1)", 0),
        ('=SIN("x")', "#VALUE!"),
        ("=SUM(SIN({0,0}))", 0),
    ],
)
def test_angles(formula: str, value: object) -> None:
    assert value_of(formula) == value
