"""TRUE and FALSE, and what kind of value something is."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import value_of

CELLS = {"A1": 50, "A2": 100, "A3": True, "A4": False, "A5": "text", "A6": "TRUE", "A8": "#N/A", "A9": "", "A10": 0}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: AND, OR, NOT, XOR, examples
        ("=AND(A1>1,A1<100)", True),
        ("=AND(A2>1,A2<100)", False),
        ("=OR(A1>1,A1<100)", True),
        ("=OR(A2<1,A2<50)", False),
        ("=NOT(A1>100)", True),
        ("=XOR(3>0,2<9)", False),
        ("=XOR(3>12,4>6)", False),
        ("=XOR(TRUE,TRUE,TRUE)", True),
        ("=AND(A1:A6)", False),
        ("=AND(A1:A3)", True),
        ("=OR(A4:A7)", False),
        ("=OR(A10,A4)", False),
        ("=AND(A5)", "#VALUE!"),
        ("=AND(A6)", "#VALUE!"),
        ("=AND(A7)", "#VALUE!"),
        ("=OR(A5:A7,A9)", "#VALUE!"),
        ("=AND(A5,TRUE)", True),
        ('=AND("TRUE",TRUE)', True),
        ('=AND("false",TRUE)', False),
        ('=AND("yes",TRUE)', "#VALUE!"),
        ('=OR("1",TRUE)', "#VALUE!"),
        ("=AND(TRUE,)", False),
        ("=AND(FALSE,A8)", "#N/A"),
        ("=OR(TRUE,1/0)", "#DIV/0!"),
        ("=OR({0,0,2})", True),
        ('=AND({1,"x"})', True),
        ("=OR(A1:A2=100)", "#VALUE!"),
        ("=NOT(0)", True),
        ("=NOT(A7)", True),
        ('=NOT("TRUE")', False),
        ('=NOT("x")', "#VALUE!"),
        ("=NOT({1,0})", [[False, True]]),
        ("=NOT(A8)", "#N/A"),
        ("=TRUE()", True),
        ("=FALSE()", False),
        ("=TRUE()+TRUE", 2.0),
        ("=SUMPRODUCT(--NOT(A1:A4))", 1.0),
        # Microsoft: the IS functions, ISEVEN, ISODD, TYPE, ERROR.TYPE, NA, examples
        ("=ISLOGICAL(TRUE)", True),
        ('=ISLOGICAL("TRUE")', False),
        ("=ISNUMBER(4)", True),
        ("=ISERROR(#REF!)", True),
        ("=ISNA(#REF!)", False),
        ("=ISNA(A8)", True),
        ("=ISERR(A8)", False),
        ("=ISERR(1/0)", True),
        ("=ISERROR(NOWHERE)", True),
        ("=ISERROR(A1:A2)", True),
        ("=ISTEXT(A5)", True),
        ("=ISTEXT(A9)", True),
        ("=ISTEXT(A7)", False),
        ("=ISNONTEXT(A7)", True),
        ("=ISNONTEXT(A8)", True),
        ("=ISNONTEXT(A5)", False),
        ("=ISBLANK(A7)", True),
        ("=ISBLANK(A9)", False),
        ("=ISBLANK(A10)", False),
        ('=ISBLANK("")', False),
        ("=ISBLANK(A8)", False),
        ("=ISNUMBER(A3)", False),
        ("=ISNUMBER(A7)", False),
        ('=ISNUMBER("4")', False),
        ("=ISLOGICAL(A3)", True),
        ("=SUMPRODUCT(--ISNUMBER(A1:A10))", 3.0),
        ("=SUMPRODUCT(--ISBLANK(A1:A10))", 1.0),
        ("=SUMPRODUCT(--ISERROR(A1:A10))", 1.0),
        ("=ISEVEN(-1)", False),
        ("=ISEVEN(2.5)", True),
        ("=ISEVEN(5)", False),
        ("=ISEVEN(0)", True),
        ("=ISEVEN(40900)", True),
        ("=ISODD(-1)", True),
        ("=ISODD(2.5)", False),
        ("=ISODD(5)", True),
        ("=ISODD(-3.9)", True),
        ('=ISEVEN("4")', True),
        ('=ISEVEN("x")', "#VALUE!"),
        ("=ISEVEN(TRUE)", "#VALUE!"),
        ("=ISEVEN(A7)", True),
        ("=ISODD(A8)", "#N/A"),
        ("=NA()", "#N/A"),
        ("=ISNA(NA())", True),
        ('=TYPE("Smith")', 2.0),
        ('=TYPE("Mr. "&"Smith")', 2.0),
        ('=TYPE(2+"Smith")', 16.0),
        ("=TYPE({1,2;3,4})", 64.0),
        ("=TYPE(A1)", 1.0),
        ("=TYPE(A7)", 1.0),
        ("=TYPE(A3)", 4.0),
        ("=TYPE(A8)", 16.0),
        ("=TYPE(A5)", 2.0),
        ("=ERROR.TYPE(#NULL!)", 1.0),
        ("=ERROR.TYPE(1/0)", 2.0),
        ("=ERROR.TYPE(A8)", 7.0),
        ("=ERROR.TYPE(#VALUE!)", 3.0),
        ("=ERROR.TYPE(#REF!)", 4.0),
        ("=ERROR.TYPE(NOWHERE)", 5.0),
        ("=ERROR.TYPE(#NUM!)", 6.0),
        ("=ERROR.TYPE(A1)", "#N/A"),
        ("=ERROR.TYPE(FILTER({1,2},{0,0}))", 14.0),
    ],
)
def test_logic_gives_what_excel_gives(formula: str, value: object) -> None:
    got = value_of(formula, CELLS)
    assert got == value
    assert isinstance(got, bool) == isinstance(value, bool)


def test_a_condition_over_cells_needs_an_array_formula() -> None:
    assert value_of("=OR(A1:A2=100)", CELLS, array=True) is True
    assert value_of("=AND(A1:A2=100)", CELLS, array=True) is False
