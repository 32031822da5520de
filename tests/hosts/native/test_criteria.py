"""COUNTIF, SUMIFS and the like, with Excel's criteria."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.hosts.native.library import LIBRARY
from dhxl.hosts.native.values import Area
from tests.hosts.native.sheet import value_of

FRUIT = {"A2": "apples", "A3": "oranges", "A4": "peaches", "A5": "apples", "B2": 32, "B3": 54, "B4": 75, "B5": 86}
HOMES = {
    "A2": 100_000, "A3": 200_000, "A4": 300_000, "A5": 400_000,
    "B2": 7000, "B3": 14_000, "B4": 21_000, "B5": 28_000, "C2": 250_000,
}  # fmt: skip
GRADES = {
    "A2": 89,
    "B2": 1,
    "A3": 93,
    "B3": 2,
    "A4": 96,
    "B4": 2,
    "A5": 85,
    "B5": 3,
    "A6": 91,
    "B6": 1,
    "A7": 88,
    "B7": 1,
}
MIXED = {
    "A1": 23, "A2": "23", "A3": "x", "A4": None, "A5": "", "A6": True, "A7": "TRUE", "A8": "#N/A", "A9": 0,
    "A10": "X*y", "A11": "Xay", "A12": "#DIV/0!",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: COUNTIF, examples
        ('=COUNTIF(A2:A5,"apples")', 2),
        ("=COUNTIF(A2:A5,A4)", 1),
        ("=COUNTIF(A2:A5,A2)+COUNTIF(A2:A5,A3)", 3),
        ('=COUNTIF(B2:B5,">55")', 2),
        ('=COUNTIF(B2:B5,"<>"&B4)', 3),
        ('=COUNTIF(B2:B5,">=32")-COUNTIF(B2:B5,">85")', 3),
        ('=COUNTIF(A2:A5,"*")', 4),
        ('=COUNTIF(A2:A5,"?????es")', 2),
        ('=COUNTIFS(A2:A5,"apples",B2:B5,">50")', 1),
        ('=COUNTIFS(A2:A5,"<n")', 2),
        ('=SUMIF(A2:A5,"*es",B2:B5)', 32 + 54 + 75 + 86),
        ('=SUMIF(A2:A5,"p*",B2:B5)', 75),
        ('=SUMIF(A2:A5,"*ng*",B2:B5)', 54),
        ('=SUMIF(A2:A5,"a*l*s",B2:B5)', 118),
        ('=AVERAGEIF(A2:A5,"APPLES",B2:B5)', 59),
        ('=AVERAGEIF(A2:A5,"pears",B2:B5)', "#DIV/0!"),
        ('=MAXIFS(B2:B5,A2:A5,"pears")', 0),
        ('=SUMIFS(B2:B5,A2:A4,"apples")', "#VALUE!"),
        ('=SUMIFS(B2:B5,A2:A5,"apples",B2:B5,"<80")', 32),
    ],
)
def test_criteria_on_texts_and_numbers(formula: str, value: object) -> None:
    assert value_of(formula, FRUIT) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: SUMIF, example 1; AVERAGEIF, example 1
        ('=SUMIF(A2:A5,">160000",B2:B5)', 63_000),
        ('=SUMIF(A2:A5,">160000")', 900_000),
        ("=SUMIF(A2:A5,300000,B2:B5)", 21_000),
        ('=SUMIF(A2:A5,">"&C2,B2:B5)', 49_000),
        ('=AVERAGEIF(B2:B5,"<23000")', 14_000),
        ('=AVERAGEIF(A2:A5,"<250000")', 150_000),
        ('=AVERAGEIF(A2:A5,"<95000")', "#DIV/0!"),
        ('=AVERAGEIF(A2:A5,">250000",B2:B5)', 24_500),
        # of the target the first cell counts, the range gives the size
        ('=SUMIF(A2:A5,">160000",B2)', 63_000),
        ('=SUMIF(A2:A5,">160000",B2:B3)', 63_000),
        ('=SUMIF(A2:A5,">160000",B2:C9)', 63_000),
        ('=AVERAGEIF(A2:A5,">250000",B2:B3)', 24_500),
        ('=SUMIF(A:A,">160000",B:B)', 63_000),
        ('=SUMIFS(B:B,A:A,"<>200000")', 56_000),
        ('=SUMIFS(C:C,A:A,"")', 0),
        ('=SUMIFS(C:C,D:D,"")', 250_000),
        ('=COUNTIFS(A:A,"")', 1_048_576 - 4),
        ('=COUNTIFS(A:A,"<>")', 4),
        ("=COUNTBLANK(A:A)", 1_048_576 - 4),
        ("=COUNTBLANK(A1:C5)", 15 - 9),
    ],
)
def test_targets_and_whole_columns(formula: str, value: object) -> None:
    assert value_of(formula, HOMES) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: MAXIFS and MINIFS, example 1
        ("=MAXIFS(A2:A7,B2:B7,1)", 91),
        ("=MINIFS(A2:A7,B2:B7,1)", 88),
        ("=AVERAGEIFS(A2:A7,B2:B7,2)", 94.5),
        ("=AVERAGEIFS(A2:A7,B2:B7,7)", "#DIV/0!"),
        # one criterion after the other
        ("=SUM(SUMIF(B2:B7,{1,3},A2:A7))", 89 + 91 + 88 + 85),
        ("=SUMPRODUCT(COUNTIF(B2:B7,B2:B7))", 3 * 3 + 2 * 2 + 1),
        ("=SUMPRODUCT(1/COUNTIF(B2:B7,B2:B7))", 3),
        ("=SUMPRODUCT(SUMIFS(A2:A7,B2:B7,{2,3}))", 93 + 96 + 85),
    ],
)
def test_criteria_one_by_one_and_as_arrays(formula: str, value: object) -> None:
    assert value_of(formula, GRADES) == (value if isinstance(value, str) else pytest.approx(value, rel=1e-15))


@pytest.mark.parametrize(
    ("wanted", "cells"),
    [
        ("23", "A1 A2"),
        ('"23"', "A1 A2"),
        ('"=23"', "A1 A2"),
        ('"<>23"', "A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12"),
        ('">22"', "A1"),
        ('"<=0"', "A9"),
        ('""', "A4 A5"),
        ('"="', "A4"),
        ('"<>"', "A1 A2 A3 A5 A6 A7 A8 A9 A10 A11 A12"),
        ('"*"', "A2 A3 A5 A7 A10 A11"),
        ('"?*"', "A2 A3 A7 A10 A11"),
        ('"<>*"', "A1 A4 A6 A8 A9 A12"),
        ('"x"', "A3"),
        ('"=X"', "A3"),
        ('"<>x"', "A1 A2 A4 A5 A6 A7 A8 A9 A10 A11 A12"),
        ('"x~*y"', "A10"),
        ('"x?y"', "A10 A11"),
        ("TRUE", "A6"),
        ('"TRUE"', "A6"),
        ('"<>TRUE"', "A1 A2 A3 A4 A5 A7 A8 A9 A10 A11 A12"),
        ('"#N/A"', "A8"),
        ('"<>#N/A"', "A1 A2 A3 A4 A5 A6 A7 A9 A10 A11 A12"),
        ("NA()", "A8"),
        ("B1", "A9"),  # a blank criterion means 0
        ('">w"', "A3 A10 A11"),
        ('"2.3E1"', "A1 A2"),
        ('"$23.00"', "A1 A2"),
    ],
)
def test_a_criterion_is_met_by_the_cells_that_meet_it_in_excel(wanted: str, cells: str) -> None:
    if wanted == "NA()":
        wanted = "#N/A"
    assert value_of(f"=COUNTIF(A1:A12,{wanted})", MIXED) == len(cells.split())
    met = [f"A{row}" for row in range(1, 13) if value_of(f"=COUNTIF(A{row},{wanted})", MIXED) == 1]
    assert met == cells.split()


def test_dates_as_texts_are_numbers_to_a_criterion() -> None:
    days = {"A1": 45_292, "A2": 45_293, "A3": "1/2/2024"}
    assert value_of('=COUNTIF(A1:A3,">1/1/2024")', days) == 1
    assert value_of('=COUNTIF(A1:A3,"2024-01-02")', days) == 2


def test_an_error_value_counts_only_where_its_cell_is_added() -> None:
    cells = {"A1": "a", "A2": "b", "B1": 1, "B2": "#DIV/0!", "C1": "5", "C2": True}
    assert value_of('=SUMIF(A1:A2,"a",B1:B2)', cells) == 1
    assert value_of('=SUMIF(A1:A2,"b",B1:B2)', cells) == "#DIV/0!"
    assert value_of('=SUMIF(A1:A2,"?",C1:C2)', cells) == 0
    assert value_of('=MAXIFS(B1:B2,A1:A2,"b")', cells) == "#DIV/0!"
    assert value_of(f'=COUNTIF(A1:A2,"{"a" * 256}")', cells) == "#VALUE!"


def test_sums_over_all_criteria_together_are_the_sum() -> None:
    cells: dict[str, object] = {f"A{row}": f"k{row % 7}" for row in range(1, 101)}
    cells |= {f"B{row}": row * 1.5 for row in range(1, 101)}
    parts = sum(value_of(f'=SUMIF(A1:A100,"K{key}",B1:B100)', cells) for key in range(7))  # type: ignore[misc]
    assert parts == value_of("=SUM(B1:B100)", cells)
    rest = value_of('=SUMIF(A1:A100,"<>k3",B1:B100)', cells)
    assert rest + value_of('=SUMIF(A1:A100,"k3",B1:B100)', cells) == parts  # type: ignore[operator]


@pytest.mark.parametrize("wanted", [3.0, ">3", "<>3", "word", "w*"])
def test_ten_thousand_cells_are_tested_in_a_few_milliseconds(wanted: object) -> None:
    rows = [[float(row % 9) if row % 2 else f"word {row % 5}"] for row in range(10_000)]
    area = Area("S", 1, 1, 10_000, 1, rows)
    body = LIBRARY["COUNTIF"].body
    best = min(_seconds(lambda: body(area, wanted)) for _ in range(5))
    assert best < 0.02


def _seconds(call: object) -> float:
    start = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - start


@given(st.lists(st.sampled_from([1, 2.5, "1", "2.50", "a", "A", "b*", "", "TRUE", True, None, "#N/A"]), max_size=12))
def test_many_criteria_on_one_range_give_what_each_gives_alone(values: list[object]) -> None:
    cells = {f"A{row}": value for row, value in enumerate([*values, 1, "a", "x", 7], 1)}
    last = len(values) + 4
    together = value_of(f"=COUNTIF(A1:A{last},A1:A{last})", cells, array=True)
    alone = [value_of(f"=COUNTIF(A1:A{last},A{row})", cells) for row in range(1, last + 1)]
    assert together == [[one] for one in alone]
