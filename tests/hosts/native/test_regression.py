"""Trends and correlation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.expected import exactly, published
from tests.hosts.native.sheet import value_of

# Microsoft: LINEST, example 3 (value of office buildings)
OFFICES = [
    (2310, 2, 2, 20, 142_000), (2333, 2, 2, 12, 144_000), (2356, 3, 1.5, 33, 151_000), (2379, 3, 2, 43, 150_000),
    (2402, 2, 3, 53, 139_000), (2425, 4, 2, 23, 169_000), (2448, 2, 1.5, 99, 126_000), (2471, 2, 2, 34, 142_900),
    (2494, 3, 3, 23, 163_000), (2517, 4, 4, 55, 169_000), (2540, 2, 3, 22, 149_000),
]  # fmt: skip
OFFICE_CELLS = {f"{'ABCDE'[col]}{row}": one for row, line in enumerate(OFFICES, 2) for col, one in enumerate(line)}
# Microsoft: GROWTH and LOGEST, examples
UNITS = {f"B{row}": y for row, y in enumerate((33_100, 47_300, 69_000, 102_000, 150_000, 220_000), 2)}
UNITS |= {f"A{row}": x for row, x in enumerate(range(11, 17), 2)} | {"A9": 17, "A10": 18}
# Microsoft: TREND, example
PRICES = (133_890, 135_000, 135_790, 137_300, 138_130, 139_100, 139_900, 141_120, 141_890, 143_230, 144_000, 145_290)
PRICE_CELLS = {f"A{row}": month for row, month in enumerate(range(1, 13), 2)}
PRICE_CELLS |= {f"B{row}": price for row, price in enumerate(PRICES, 2)}
PRICE_CELLS |= {f"A{row}": month for row, month in enumerate(range(13, 18), 15)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=CORREL({3,2,4,5,6},{9,7,12,15,17})", published("0.997054486")),
        ("=PEARSON({9,7,5,3,1},{10,6,1,5,3})", published("0.699379")),
        ("=RSQ({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", published("0.05795")),
        ("=COVAR({3,2,4,5,6},{9,7,12,15,17})", exactly(5.2)),
        ("=COVARIANCE.P({3,2,4,5,6},{9,7,12,15,17})", exactly(5.2)),
        ("=COVARIANCE.S({2,4,8},{5,11,12})", published("9.666666667")),
        ("=SLOPE({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", published("0.305556")),
        ("=INTERCEPT({2,3,9,1,8},{6,5,11,7,5})", published("0.0483871")),
        ("=STEYX({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", published("3.305719")),
        ("=FORECAST(30,{6,7,9,15,21},{20,28,31,38,40})", published("10.607253")),
        ("=FORECAST.LINEAR(30,{6,7,9,15,21},{20,28,31,38,40})", published("10.607253")),
        ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},2)", 0.1),
        ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},1,3)", exactly(0.8)),
        ("=PROB({0,1},{0.2,0.3},1)", "#NUM!"),
        ('=PROB({"a","b"},{"a","b"},1)', "#DIV/0!"),
        ("=LINEST({1,9,5,7},{0,4,2,3})", [[exactly(2), exactly(1)]]),
        ("=SUM(LINEST({3100,4500,4400,5400,7500,8100},{1,2,3,4,5,6})*{9,1})", published("11000")),
        # hard inputs
        ("=SLOPE({1,2,3},{5,5,5})", "#DIV/0!"),
        ("=CORREL({1,2,3},{5,5,5})", "#DIV/0!"),
        ("=CORREL({1,2,3},{5,6})", "#N/A"),
        ('=SLOPE({1,"x",5},{1,2,3})', 2),
        ("=STEYX({1,2},{1,2})", "#DIV/0!"),
        ("=COVARIANCE.S({1},{2})", "#DIV/0!"),
        ("=SLOPE(A1:A3,B1:B3)", "#DIV/0!"),
        ("=SLOPE({1,#N/A,3},{1,2,3})", "#N/A"),
        ("=LINEST({1,2,3},{1,2})", "#REF!"),
        ('=LINEST({1,2,"x"},{1,2,3})', "#VALUE!"),
        ("=LOGEST({1,-2,3})", "#NUM!"),
        ("=LINEST({2;4;6})", [[exactly(2), pytest.approx(0, abs=1e-14)]]),
        ("=LINEST({2,4,6},{1,2,3},FALSE)", [[exactly(2), 0]]),
        ("=TREND({1,2,3})", [[exactly(1), exactly(2), exactly(3)]]),
        ("=TREND({1;2;3},,5)", exactly(5)),
        ("=GROWTH({2,4,8},{1,2,3},{4,5})", [[exactly(16), exactly(32)]]),
        ("=LOGEST({2,4,8},{1,2,3})", [[exactly(2), exactly(1)]]),
        ("=LOGEST({2,4,8},{1,2,3},FALSE)", [[exactly(2), 1]]),
    ],
)
def test_trends(formula: str, value: object) -> None:
    assert value_of(formula) == value


def test_a_trend_of_several_variables_has_the_statistics_that_microsoft_publishes() -> None:
    rows = value_of("=LINEST(E2:E12,A2:D12,TRUE,TRUE)", OFFICE_CELLS)
    assert rows == [
        [published(x) for x in ("-234.2371645", "2553.21066", "12529.76817", "27.64138737", "52317.83051")],
        [published(x) for x in ("13.26801148", "530.6691519", "400.0668382", "5.429374042", "12237.3616")],
        [published("0.996747993"), published("970.5784629"), "#N/A", "#N/A", "#N/A"],
        [published("459.7536742"), 6, "#N/A", "#N/A", "#N/A"],
        [published("1732393319"), published("5652135.316"), "#N/A", "#N/A", "#N/A"],
    ]


def test_an_exponential_trend_is_that_which_microsoft_publishes() -> None:
    assert value_of("=LOGEST(B2:B7,A2:A7)", UNITS) == [[published("1.463275628"), published("495.3047702")]]
    assert value_of("=GROWTH(B2:B7,A2:A7,A9:A10)", UNITS) == [[published("320196.7184")], [published("468536.0542")]]


def test_a_linear_trend_goes_on_as_microsoft_publishes() -> None:
    further = ("146171.5152", "147189.6970", "148207.8788", "149226.0606", "150244.2424")
    assert value_of("=TREND(B2:B13,A2:A13,A15:A19)", PRICE_CELLS) == [[published(one)] for one in further]
    assert value_of("=TREND(B2:B13,,A15:A19)", PRICE_CELLS) == [[published(one)] for one in further]


# What Excel gives, from EPPlus (LinestTest.cs)
@pytest.mark.parametrize(
    ("formula", "rows"),
    [
        ("=LINEST({9;12},{34,8;65,7})", [["0", "0.096774194", "5.709677419"]]),
        ("=LINEST({9;12},{34,8,15,2534;65,7,2431,6769})", [["0.000708383", "0", "0", "0", "7.204958678"]]),
        (
            "=LINEST({10;20;30;40;50},{1,11;4,20;8,32;7,29;9,35},TRUE,TRUE)",
            [
                ["1.479751", "0", "-7.58567"],
                ["0.368054", "0", "9.891007"],
                ["0.843458", "7.22362", "#N/A"],
                ["16.16418", "3", "#N/A"],
                ["843.4579", "156.5421", "#N/A"],
            ],
        ),
        (
            "=LINEST({1,9,5,7,0},{4,2,3,6,5;2,2,8,5,1},FALSE,TRUE)",
            [
                ["0.778248214", "0.263826409", "0"],
                ["0.697161675", "0.727487085", "#N/A"],
                ["0.607537607", "4.517526365", "#N/A"],
                ["2.32202225", "3", "#N/A"],
                ["94.77586663", "61.22413337", "#N/A"],
            ],
        ),
        (
            "=LINEST({1,9,5,7,11,2},,FALSE,TRUE)",
            [
                ["1.417582418", "0"],
                ["0.464407618", "#N/A"],
                ["0.65077627", "4.43016632"],
                ["9.317469205", "5"],
                ["182.8681319", "98.13186813"],
            ],
        ),
        ("=LINEST({1,9,5,7},{0,4,2,3},,FALSE)", [["2", "1"]]),
        ("=LINEST({1,9,5,7},{0,4,2,3},FALSE)", [["2.310344828", "0"]]),
    ],
)
def test_of_variables_that_depend_on_each_other_that_with_the_greatest_spread_is_kept(
    formula: str, rows: list[list[str]]
) -> None:
    assert value_of(formula) == [[one if one[0] == "#" else published(one) for one in row] for row in rows]


def test_a_line_through_two_points_leaves_nothing_unexplained() -> None:
    assert value_of("=LINEST({1,3},{1,2},TRUE,TRUE)") == [
        [exactly(2), exactly(-1)], [0, 0], [1, 0], ["#NUM!", 0], [exactly(2), 0],
    ]  # fmt: skip


def test_rows_of_variables_give_what_columns_give() -> None:
    lying = {
        f"{'ABCDEFGHIJK'[place]}{col + 1}": one for place, line in enumerate(OFFICES) for col, one in enumerate(line)
    }
    along = value_of("=LINEST(A5:K5,A1:K4,TRUE,TRUE)", lying)
    down = value_of("=LINEST(E2:E12,A2:D12,TRUE,TRUE)", OFFICE_CELLS)
    assert isinstance(down, list)
    assert along == [[one if isinstance(one, str) else pytest.approx(one, rel=1e-13) for one in row] for row in down]
    standing = value_of("=TREND(E2:E12,A2:D12,A3:D4)", OFFICE_CELLS)
    assert value_of("=TREND(A5:K5,A1:K4,B1:C4)", lying) == [[row[0] for row in standing]]  # type: ignore[union-attr]


@given(
    st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)), min_size=3, max_size=20).filter(
        lambda points: len({x for x, _ in points}) > 2 and len({y for _, y in points}) > 1
    )
)
def test_slope_intercept_and_forecast_are_the_same_line(points: list[tuple[int, int]]) -> None:
    cells = {f"A{row}": x for row, (x, _) in enumerate(points, 1)}
    cells |= {f"B{row}": y for row, (_, y) in enumerate(points, 1)}
    ys, xs = f"B1:B{len(points)}", f"A1:A{len(points)}"
    slope, level = value_of(f"=SLOPE({ys},{xs})", cells), value_of(f"=INTERCEPT({ys},{xs})", cells)
    near = {"rel": 1e-9, "abs": 1e-9}
    assert value_of(f"=LINEST({ys},{xs})", cells) == [[pytest.approx(slope, **near), pytest.approx(level, **near)]]
    assert value_of(f"=FORECAST(7,{ys},{xs})", cells) == pytest.approx(slope * 7 + level, **near)  # type: ignore[operator]
    assert value_of(f"=RSQ({ys},{xs})", cells) == pytest.approx(value_of(f"=CORREL({ys},{xs})^2", cells), **near)
