"""Sums, counts and products over cells."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import value_of

CELLS = {"A1": 5, "A2": "15", "A3": True, "A4": None, "A5": "", "A6": 30, "A7": "text", "B1": 2, "B6": 3, "D1": "#N/A"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(A1:A7)", 35),
        ('=SUM("5",15,TRUE)', 21),  # Microsoft: SUM, remarks on values typed in
        ('=SUM(A1,"x")', "#VALUE!"),
        ("=SUM(A1:D1)", "#N/A"),
        ("=SUM(A4)", 0),
        ("=SUM(0.1,0.2,-0.3)", 5.551115123125783e-17),
        ("=SUM(1E+308,1E+308)", "#NUM!"),
        ("=PRODUCT(A1:A7,2)", 300),
        ("=PRODUCT(A4:A5)", 0),
        ("=SUMSQ(3,4)", 25),  # Microsoft: SUMSQ, example
        ("=AVERAGE(A1:A7)", 17.5),
        ("=AVERAGE(1,)", 0.5),
        ("=AVERAGE(A4:A5)", "#DIV/0!"),
        ("=MIN(A1:A7)", 5),
        ("=MIN(A4:A5)", 0),
        ("=MIN(A1,TRUE)", 1),
        ("=MAX(A1:A7,-5)", 30),
        ("=MAX(A3)", 0),
        ("=COUNT(A1:A7)", 2),
        ('=COUNT(A1:A7,"2",TRUE,"x",)', 5),
        ("=COUNT(D1,1/0)", 0),
        ("=COUNTA(A1:A7)", 6),
        ("=COUNTA(D1,1/0)", 2),
        ("=SUMPRODUCT({3,4;8,6;1,9},{2,7;6,7;5,3})", 156),  # Microsoft: SUMPRODUCT, example of an earlier edition
        ("=SUMPRODUCT(A1:A7,B1:B7)", 100),
        ("=SUMPRODUCT(A1:A7)", 35),
        ("=SUMPRODUCT(A1:A7,B1:B6)", "#VALUE!"),
        ("=SUMPRODUCT(A1:D1)", "#N/A"),
        ("=SUMPRODUCT((A1:A7=30)*1)", 1),
        ("=SUMPRODUCT(--(A1:A7=30),B1:B7)", 3),
        ("=SUMPRODUCT(A:A,B:B)", 100),
        ("=SUMPRODUCT(A3:A3,B1:B1)", 0),
        ("=SUMPRODUCT(3)", 3),
        ("=SUMPRODUCT(A2:A2,B1:B1)", "#VALUE!"),  # as Excel stores it (FormulaEvalTestData of Apache POI)
    ],
)
def test_sums_and_counts(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value
