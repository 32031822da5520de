"""Mean, spread, order and shape."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.expected import exactly, published
from tests.hosts.native.sheet import value_of

STRENGTH = "{1345,1301,1368,1322,1310,1370,1318,1350,1303,1299}"
AGES = "{4,5,8,7,11,4,3}"
MIXED = {"A1": 1, "A2": "text", "A3": True, "A4": None, "A5": 4, "A6": "5", "A7": 4}
RANKED = {"A1": 7, "A2": 3.5, "A3": 3.5, "A4": 1, "A5": 2, "A6": "x"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=MEDIAN({1,2,3,4,5})", 3),
        ("=MEDIAN({1,2,3,4,5,6})", 3.5),
        ("=MODE({5.6,4,4,3,2,4})", 4),
        ("=MODE.SNGL({1,2,2,1})", 1),
        ("=MODE({1,2,3})", "#N/A"),
        ("=MODE.MULT({1,2,3,4,3,2,1,2,3,5,6,1})", [[1], [2], [3]]),
        ("=LARGE({3,5,3,5,4;4,2,4,6,7},3)", 5),
        ("=LARGE({3,5,3,5,4;4,2,4,6,7},7)", 4),
        ("=SMALL({3,4,5,2,3,4,6,4,7},4)", 4),
        ("=SMALL({1,4,8,3,7,12,54,8,23},2)", 3),
        ("=LARGE({1,2},3)", "#NUM!"),
        ("=LARGE({1,2},0)", "#NUM!"),
        ("=SMALL({3,1,2},1.5)", 2),
        ("=SUM(LARGE({3,1,2},{1,2}))", 5),
        ("=PERCENTILE({1,3,2,4},0.3)", exactly(1.9)),
        ("=PERCENTILE({1,3},1.1)", "#NUM!"),
        ("=PERCENTILE.INC({1,3},1)", 3),
        ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.25)", 2.5),
        ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0)", "#NUM!"),
        ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.01)", "#NUM!"),
        ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.1)", 1),
        ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.9)", 9),
        ("=QUARTILE({1,2,4,7,8,9,10,12},1)", 3.5),
        ("=QUARTILE({1,2,4,7,8,9,10,12},4.9)", 12),
        ("=QUARTILE({1,2,4,7,8,9,10,12},5)", "#NUM!"),
        ("=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},1)", 15),
        ("=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},3)", 43),
        ("=QUARTILE.EXC({6,7,15},0)", "#NUM!"),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},2)", 0.333),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},4)", 0.555),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},8)", 0.666),
        ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},5)", 0.583),
        ("=PERCENTRANK({13,12,11},14)", "#N/A"),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},7)", 0.7),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43)", 0.381),
        ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43,1)", 0.3),
        (f"=STDEV({STRENGTH})", published("27.46391572")),
        (f"=STDEV.S({STRENGTH})", published("27.46391572")),
        (f"=STDEVP({STRENGTH})", published("26.05455814")),
        (f"=STDEV.P({STRENGTH})", published("26.05455814")),
        (f"=VAR({STRENGTH})", published("754.2666667")),
        (f"=VARP({STRENGTH})", exactly(678.84)),
        ("=STDEV(5)", "#DIV/0!"),
        ("=STDEVP(5)", 0),
        ("=VARP(A9)", "#DIV/0!"),
        ("=AVEDEV(4,5,6,7,5,4,3)", published("1.020408")),
        (f"=DEVSQ({AGES})", 48),
        (f"=GEOMEAN({AGES})", published("5.476986969656962")),
        (f"=HARMEAN({AGES})", published("5.028375962")),
        ("=GEOMEAN(4,9)", 6),
        ("=GEOMEAN(1,0)", "#NUM!"),
        ("=GEOMEAN({1E+200,1E+200,1E-100})", pytest.approx(1e100, rel=1e-12)),
        ("=HARMEAN(-1,2)", "#NUM!"),
        ("=TRIMMEAN({4,5,6,7,2,3,4,5,1,2,3},0.2)", published("3.778")),
        ("=TRIMMEAN({1,2},1)", "#NUM!"),
        ("=SKEW(3,4,5,2,3,4,5,6,4,7)", published("0.359543071")),
        ("=SKEW.P(3,4,5,2,3,4,5,6,4,7)", published("0.303193339")),
        ("=KURT(3,4,5,2,3,4,5,6,4,7)", published("-0.151799637")),
        ("=SKEW(1,2)", "#DIV/0!"),
        ("=SKEW(2,2,2)", "#DIV/0!"),
        ("=KURT(1,2,3)", "#DIV/0!"),
        ("=STANDARDIZE(42,40,1.5)", published("1.333333333")),
        ("=STANDARDIZE(42,40,0)", "#NUM!"),
        ("=FREQUENCY({79;85;78;85;50;81;95;88;97},{70;79;89})", [[1], [2], [4], [2]]),
        ("=FREQUENCY({1,2,3},{3,1,1})", [[2], [1], [0], [0]]),
        ("=MEDIAN(A9)", "#NUM!"),
        ("=AVEDEV(A9)", "#NUM!"),
        ("=MEDIAN(#N/A,1)", "#N/A"),
    ],
)
def test_measures(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=AVERAGE(A1:A7)", 3),
        ("=AVERAGEA(A1:A7)", exactly(10 / 6)),
        ("=MAXA(A2:A3)", 1),
        ("=MINA(A1:A7)", 0),
        ("=STDEVA(A1:A7)", exactly(statistics.stdev([1, 0, 1, 4, 0, 4]))),
        ("=STDEVPA(A1:A7)", exactly(statistics.pstdev([1, 0, 1, 4, 0, 4]))),
        ("=VARA(A1:A7)", exactly(statistics.variance([1, 0, 1, 4, 0, 4]))),
        ("=VARPA(A1:A7)", exactly(statistics.pvariance([1, 0, 1, 4, 0, 4]))),
        ("=MEDIAN(A1:A7)", 4),
        ('=MEDIAN(A1:A7,TRUE,"2")', 2),
        ('=MEDIAN(A1,"x")', "#VALUE!"),
        ("=MODE(A1:A7)", 4),
        # as Excel stores it (FormulaEvalTestData of Apache POI)
        ('=MODE(A1,"1",2,3)', "#VALUE!"),
        ("=MODE(A1,1,A4)", "#VALUE!"),
        ("=SMALL(A1:A7,1)", 1),
    ],
)
def test_texts_and_truth_values_count_where_excel_counts_them(formula: str, value: object) -> None:
    assert value_of(formula, MIXED) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=RANK(A2,A1:A6,1)", 3),  # Microsoft: RANK, example
        ("=RANK(A1,A1:A6,1)", 5),
        ("=RANK(A1,A1:A6)", 1),
        ("=RANK.EQ(A2,A1:A6)", 2),
        ("=RANK.AVG(A2,A1:A6)", 2.5),
        ("=RANK.AVG(94,{89,88,92,101,94,97,95})", 4),  # Microsoft: RANK.AVG, example
        ("=RANK(A4,(A1:A2,A4:A5))", 4),
        ("=RANK(9,A1:A6)", "#N/A"),
    ],
)
def test_ranks(formula: str, value: object) -> None:
    assert value_of(formula, RANKED) == value


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_every_number_is_counted_once_by_frequency(numbers: list[float], limits: list[float]) -> None:
    cells = {f"A{row}": number for row, number in enumerate(numbers, 1)}
    cells |= {f"B{row}": limit for row, limit in enumerate(limits, 1)}
    assert value_of(f"=SUM(FREQUENCY(A1:A{len(numbers)},B1:B{len(limits)}))", cells) == len(numbers)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=30))
def test_quartiles_and_order_agree_with_python(numbers: list[int]) -> None:
    cells = {f"A{row}": number for row, number in enumerate(numbers, 1)}
    place = f"A1:A{len(numbers)}"
    quartiles = statistics.quantiles(numbers, n=4, method="inclusive")
    assert [value_of(f"=QUARTILE({place},{k})", cells) for k in (1, 2, 3)] == pytest.approx(quartiles, rel=1e-12)
    assert value_of(f"=MEDIAN({place})", cells) == statistics.median(numbers)
    assert [value_of(f"=SMALL({place},{k + 1})", cells) for k in range(len(numbers))] == sorted(numbers)
    assert value_of(f"=VAR({place})", cells) == pytest.approx(statistics.variance(numbers), rel=1e-12)
