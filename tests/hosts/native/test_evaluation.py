"""Excel's rules of evaluation: operators, kinds of value, arrays, one cell of a range."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import value_of

CELLS = {"A1": 1, "A2": 2, "A3": 3, "B1": "x", "B2": "y", "B3": "x", "C1": True, "D1": "#N/A"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1-0.9-0.1", 0.0),
        ("=(1-0.9-0.1)", 1 - 0.9 - 0.1),
        ("=0.1+0.2=0.3", True),
        ("=-2^2", 4.0),
        ("=2^3^2", 64.0),
        ("=10%*200", 20.0),
        ('="x "&0.1*3', "x 0.3"),
        ('="5"=5', False),
        ('="WÄRME"="Wärme"', True),
        ('=TRUE>"z"', True),
        ("=E1=0", True),
        ('=E1=""', True),
        ('="5"*2', 10.0),
        ('="a"*2', "#VALUE!"),
        ("=1/0", "#DIV/0!"),
        ("=D1+1", "#N/A"),
        ("=SUM(A1:A3*1)", "#VALUE!"),
        ("=SUM({1,2,3}*2)", 12.0),
        ('=SUMPRODUCT(A1:A3*(B1:B3="x"))', 4.0),
        ('=SUMPRODUCT((B1:B3="x")+0,A1:A3)', 4.0),
        ("=IF(C1,A2,A3)", 2.0),
        ("=IFERROR(D1,7)", 7.0),
        ("=CHOOSE(2,A1,A2,A3)", 2.0),
        ("=LET(a,A3,b,a*2,a+b)", 9.0),
        ("=SUM((A1:A2,A3))", 6.0),
        ("=SUM(A1:A3 A2:A5)", 5.0),
        ("=A1:A2 A3", "#NULL!"),
        ("=NOWHERE+1", "#NAME?"),
        ('=SUM(A1,TRUE,"3")', 5.0),
        ("=SUM(A1,C1)", 1.0),
    ],
)
def test_an_expression_gives_what_excel_gives(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value


def test_a_range_where_one_value_is_wanted_is_the_cell_of_the_own_row() -> None:
    assert value_of("=A1:A3*2", CELLS, at="E2") == 4.0
    assert value_of("=Amounts*2", CELLS, at="E3", names={"Amounts": "S!$A$1:$A$3"}) == 6.0
    assert value_of("=A1:A3*2", CELLS, at="E9") == "#VALUE!"
    assert value_of("=A1:A3*2", CELLS, at="E9", array=True) == [[2.0], [4.0], [6.0]]
