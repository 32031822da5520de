"""SUBTOTAL and AGGREGATE: hidden rows, rows that a filter hides, totals among the cells, error values."""

from __future__ import annotations

import pytest

from tests.hosts.native.sheet import Facts, value_of

SALES = {"A2": 120, "A3": 10, "A4": 150, "A5": 23}
SCORES = {
    "A1": "#DIV/0!", "B1": 82, "A2": 72, "B2": 65, "A3": 30, "B3": 95, "A4": "#NUM!", "B4": 63, "A5": 31, "B5": 53,
    "A6": 96, "B6": 71, "A7": 32, "B7": 55, "A8": 81, "B8": 83, "A9": 33, "B9": 100, "A10": 53, "B10": 91,
    "A11": 34, "B11": 89,
}  # fmt: skip
COLUMN = {"D1": 1, "D2": 2, "D3": 4, "D4": 8, "D5": 16, "D6": "text", "D7": True}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUBTOTAL(9,A2:A5)", 303),  # Microsoft: SUBTOTAL, example
        ("=SUBTOTAL(1,A2:A5)", 75.75),
        ("=SUBTOTAL(2,A2:A5)", 4),
        ("=SUBTOTAL(103,A1:A9)", 4),
        ("=SUBTOTAL(4,A2:A5)", 150),
        ("=SUBTOTAL(105,A2:A5)", 10),
        ("=SUBTOTAL(6,A3:A4)", 1500),
        ("=SUBTOTAL(9,A2:A3,A5)", 153),
        ("=SUBTOTAL(9,B1:B9)", 0),
        ("=SUBTOTAL(1,B1:B9)", "#DIV/0!"),
        ("=SUBTOTAL(12,A2:A5)", "#VALUE!"),
        ("=SUBTOTAL(0,A2:A5)", "#VALUE!"),
        ("=SUBTOTAL(9,{1,2})", "#VALUE!"),
    ],
)
def test_subtotals(formula: str, value: object) -> None:
    assert value_of(formula, SALES) == value


@pytest.mark.parametrize("number", range(1, 12))
def test_a_subtotal_without_anything_hidden_is_the_function_itself(number: int) -> None:
    names = ("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV", "STDEVP", "SUM", "VAR", "VARP")
    plain = value_of(f"={names[number - 1]}(D1:D9)", COLUMN)
    assert value_of(f"=SUBTOTAL({number},D1:D9)", COLUMN) == plain
    assert value_of(f"=SUBTOTAL({number + 100},D1:D9)", COLUMN) == plain
    assert value_of(f"=AGGREGATE({number},4,D1:D9)", COLUMN) == plain


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # row 2 is hidden by hand, row 4 by a filter, row 5 holds a subtotal
        ("=SUBTOTAL(9,D1:D5)", 1 + 2 + 4),
        ("=SUBTOTAL(109,D1:D5)", 1 + 4),
        ("=SUBTOTAL(103,D1:D7)", 4),
        ("=AGGREGATE(9,0,D1:D5)", 1 + 2 + 4 + 8),
        ("=AGGREGATE(9,,D1:D5)", 1 + 2 + 4 + 8),
        ("=AGGREGATE(9,1,D1:D5)", 1 + 4),
        ("=AGGREGATE(9,4,D1:D5)", 31),
        ("=AGGREGATE(9,5,D1:D5)", 1 + 4 + 16),
        ("=AGGREGATE(14,5,D1:D5,1)", 16),
        ("=AGGREGATE(14,1,D1:D5,1)", 4),
    ],
)
def test_hidden_rows_and_totals_are_left_out_as_asked(formula: str, value: float) -> None:
    facts = Facts(
        hidden=frozenset({2}),
        filtered=frozenset({4}),
        formulas={(5, 4): "IF(1,subtotal(9,D9:D10))", (3, 4): 'LEN("SUBTOTAL(9,A1)")'},
    )
    assert value_of(formula, COLUMN, facts=facts) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: AGGREGATE, example
        ("=AGGREGATE(4,6,A1:A11)", 96),
        ("=AGGREGATE(14,6,A1:A11,3)", 72),
        ("=AGGREGATE(15,6,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(12,6,A1:A11,B1:B11)", 68),
        ("=AGGREGATE(4,4,A1:A11)", "#DIV/0!"),
        ("=AGGREGATE(15,6,A1:A11,1)", 30),
        ("=AGGREGATE(15,6,B1:B11/(A1:A11>50),1)", 65),
        ("=AGGREGATE(9,6,A1:A11*1)", "#VALUE!"),
        ("=SUM(AGGREGATE(14,6,B1:B11,{1,2}))", 195),
        ("=AGGREGATE(16,6,A1:A11,0.5)", 34),
        ("=AGGREGATE(17,6,A1:A11,2)", 34),
        ("=AGGREGATE(14,6,A1:A11,99)", "#NUM!"),
        ("=AGGREGATE(20,6,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(9,8,A1:A11)", "#VALUE!"),
        ("=AGGREGATE(2,4,A1:A11)", 9),
        ("=AGGREGATE(3,6,A1:A11)", 9),
        ("=AGGREGATE(3,4,A1:A11)", 11),
    ],
)
def test_aggregates_leave_error_values_out(formula: str, value: object) -> None:
    assert value_of(formula, SCORES) == value
