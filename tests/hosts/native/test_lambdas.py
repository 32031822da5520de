"""Functions that call a LAMBDA."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import value_of

CELLS = {"A1": 1, "B1": 2, "C1": 3, "A2": 4, "B2": 5, "C2": 6, "D1": "a", "D2": "#N/A"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: SCAN, examples; BYROW, BYCOL, MAP, REDUCE, MAKEARRAY in the same way
        ("=SCAN(1,A1:C2,LAMBDA(a,b,a*b))", [[1.0, 2.0, 6.0], [24.0, 120.0, 720.0]]),
        ('=SCAN("",{"a","b";"c","d"},LAMBDA(a,b,a&b))', [["a", "ab"], ["abc", "abcd"]]),
        ("=SCAN(0,A1:C1,LAMBDA(a,b,a+b))", [[1.0, 3.0, 6.0]]),
        ("=SCAN(,A1:C1,LAMBDA(a,b,a*10+b))", [[1.0, 12.0, 123.0]]),
        ("=SCAN(0,D1:D2,LAMBDA(a,b,a+b))", [["#VALUE!"], ["#VALUE!"]]),
        ("=REDUCE(,A1:C2,LAMBDA(a,b,a+b^2))", 1.0 + 4 + 9 + 16 + 25 + 36),
        ("=REDUCE(1,A1:C2,LAMBDA(a,b,a*b))", 720.0),
        ("=REDUCE(0,D1:D2,LAMBDA(a,b,a+b))", "#VALUE!"),
        ("=REDUCE(A1:C1,A2:C2,LAMBDA(a,b,a+b))", [[16.0, 17.0, 18.0]]),
        ("=MAP(A1:C2,LAMBDA(x,IF(x>4,x*x,x)))", [[1.0, 2.0, 3.0], [4.0, 25.0, 36.0]]),
        ("=MAP(A1:C1,A2:C2,LAMBDA(x,y,MAX(x,y)-x))", [[3.0, 3.0, 3.0]]),
        ("=MAP(5,LAMBDA(x,x+1))", 6.0),
        ("=MAP(A1:B1,LAMBDA(x,SEQUENCE(2)))", [["#CALC!", "#CALC!"]]),
        ("=MAP(D1:D2,LAMBDA(x,IFERROR(x,0)))", [["a"], [0.0]]),
        ("=BYROW(A1:C2,LAMBDA(r,SUM(r)))", [[6.0], [15.0]]),
        ("=BYCOL(A1:C2,LAMBDA(c,MAX(c)))", [[4.0, 5.0, 6.0]]),
        ('=BYROW(A1:C2,LAMBDA(r,TEXTJOIN("-",TRUE,r)))', [["1-2-3"], ["4-5-6"]]),
        ("=BYROW(A1:C2,LAMBDA(r,r))", [["#CALC!"], ["#CALC!"]]),
        ("=SUM(BYROW(A1:C2,LAMBDA(r,INDEX(r,2))))", 7.0),
        ("=MAKEARRAY(2,3,LAMBDA(r,c,r*10+c))", [[11.0, 12.0, 13.0], [21.0, 22.0, 23.0]]),
        ("=MAKEARRAY(0,3,LAMBDA(r,c,1))", "#VALUE!"),
        ("=BYROW(A1:C2,LAMBDA(a,b,1))", "#VALUE!"),
        ("=BYROW(A1:C2,SUM(A1))", "#VALUE!"),
        ("=MAP(A1:B1)", "#VALUE!"),
        ("=LAMBDA(x,x)", "#CALC!"),
        ("=LET(f,2,MAP(A1:C1,LAMBDA(x,x*f)))", [[2.0, 4.0, 6.0]]),
        ("=MAP(A1:B1,LAMBDA(x,SUM(MAP(A2:B2,LAMBDA(y,x*y)))))", [[9.0, 18.0]]),
        ("=MAP(A1:B1,LAMBDA(x,z))", [["#NAME?", "#NAME?"]]),
        ("=MAP(A1:B1,LAMBDA(_xlpm.x,_xlpm.x+1))", [[2.0, 3.0]]),
    ],
)
def test_a_lambda_is_called_as_excel_calls_it(formula: str, value: object) -> None:
    assert value_of(formula, CELLS, array=True) == value
