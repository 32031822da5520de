"""Arrays made, cut, joined, sorted and filtered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of

NINE = "{1,2,3;4,5,6;7,8,9}"
CELLS = {"A1": "b", "B1": 3, "A2": "a", "B2": 1, "A3": "B", "B3": 2, "A5": "#N/A", "B5": 5} | {
    "D1": 3,
    "D2": "x",
    "D4": True,
    "D5": 1,
    "D6": "#N/A",
    "D7": False,
    "D8": "A",
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: SEQUENCE, example: =SEQUENCE(4,5)
        ("=SEQUENCE(2,3)", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        ("=SEQUENCE(3)", [[1.0], [2.0], [3.0]]),
        ("=SEQUENCE(,3)", [[1.0, 2.0, 3.0]]),
        ("=SEQUENCE(2,2,10,-5)", [[10.0, 5.0], [0.0, -5.0]]),
        ("=SEQUENCE(2,,5)", [[5.0], [6.0]]),
        ("=SEQUENCE(1)", 1.0),
        ("=SEQUENCE(2.9)", [[1.0], [2.0]]),
        ("=SEQUENCE(0)", "#CALC!"),
        ("=SEQUENCE(-1)", "#VALUE!"),
        ('=SEQUENCE("x")', "#VALUE!"),
        ("=SUM(SEQUENCE(100))", 5050.0),
        # Microsoft: TAKE, DROP, examples
        (f"=TAKE({NINE},2)", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        (f"=TAKE({NINE},,2)", [[1.0, 2.0], [4.0, 5.0], [7.0, 8.0]]),
        (f"=TAKE({NINE},-2)", [[4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]),
        (f"=TAKE({NINE},2,2)", [[1.0, 2.0], [4.0, 5.0]]),
        (f"=TAKE({NINE},9)", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]),
        (f"=TAKE({NINE},-1,-1)", 9.0),
        (f"=TAKE({NINE},0)", "#CALC!"),
        (f"=DROP({NINE},2)", [[7.0, 8.0, 9.0]]),
        (f"=DROP({NINE},,2)", [[3.0], [6.0], [9.0]]),
        (f"=DROP({NINE},-2)", [[1.0, 2.0, 3.0]]),
        (f"=DROP({NINE},2,2)", 9.0),
        (f"=DROP({NINE},3)", "#CALC!"),
        (f"=DROP({NINE},-3)", "#CALC!"),
        (f"=DROP({NINE},0,0)", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]),
        ("=TAKE(A1:B5,-2)", [[None, None], ["#N/A", 5.0]]),
        ("=SUM(TAKE(B:B,2))", 4.0),
        ("=ISREF(DROP(B1:B5,1))", True),
        (f"=CHOOSEROWS({NINE},1,-1)", [[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]]),
        (f"=CHOOSECOLS({NINE},{{3,1}})", [[3.0, 1.0], [6.0, 4.0], [9.0, 7.0]]),
        (f"=CHOOSECOLS({NINE},4)", "#VALUE!"),
        (f"=CHOOSEROWS({NINE},0)", "#VALUE!"),
        (f"=CHOOSEROWS({NINE},2,2)", [[4.0, 5.0, 6.0], [4.0, 5.0, 6.0]]),
        # Microsoft: VSTACK, HSTACK, examples
        ('=VSTACK({1,2;3,4},{"A","B","C"})', [[1.0, 2.0, "#N/A"], [3.0, 4.0, "#N/A"], ["A", "B", "C"]]),
        ('=HSTACK({1,2;3,4},"A")', [[1.0, 2.0, "A"], [3.0, 4.0, "#N/A"]]),
        ("=VSTACK(A5,1)", [["#N/A"], [1.0]]),
        ("=HSTACK(1/0,2)", [["#DIV/0!", 2.0]]),
        ("=SUM(VSTACK(B1:B3,B5))", 11.0),
        # Microsoft: TOROW, TOCOL, WRAPROWS, WRAPCOLS, EXPAND, remarks and examples
        ("=TOROW({1,2;3,4})", [[1.0, 2.0, 3.0, 4.0]]),
        ("=TOCOL({1,2;3,4})", [[1.0], [2.0], [3.0], [4.0]]),
        ("=TOCOL({1,2;3,4},,TRUE)", [[1.0], [3.0], [2.0], [4.0]]),
        ("=TOROW(A1:A5)", [["b", "a", "B", None, "#N/A"]]),
        ("=TOROW(A1:A5,1)", [["b", "a", "B", "#N/A"]]),
        ("=TOROW(A1:A5,2)", [["b", "a", "B", None]]),
        ("=TOROW(A1:A5,3)", [["b", "a", "B"]]),
        ("=TOROW(A1:A5,4)", "#VALUE!"),
        ("=TOROW(A4:A5,3)", "#CALC!"),
        ('=WRAPROWS({"A","B","C","D","E"},3)', [["A", "B", "C"], ["D", "E", "#N/A"]]),
        ('=WRAPROWS({"A","B","C","D","E"},3,"x")', [["A", "B", "C"], ["D", "E", "x"]]),
        ('=WRAPCOLS({"A","B","C","D","E"},3,"x")', [["A", "D"], ["B", "E"], ["C", "x"]]),
        ('=WRAPROWS({"A","B"},5)', [["A", "B"]]),
        ("=WRAPROWS({1,2},0)", "#NUM!"),
        ("=WRAPROWS({1,2;3,4},1)", "#VALUE!"),
        ("=EXPAND({1,2;3,4},3,3)", [[1.0, 2.0, "#N/A"], [3.0, 4.0, "#N/A"], ["#N/A", "#N/A", "#N/A"]]),
        ('=EXPAND({1,2},2,,"-")', [[1.0, 2.0], ["-", "-"]]),
        ("=EXPAND({1,2},1,1)", "#VALUE!"),
    ],
)
def test_an_array_is_shaped_as_excel_shapes_it(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SORT({3;1;2})", [[1.0], [2.0], [3.0]]),
        ("=SORT({3;1;2},,-1)", [[3.0], [2.0], [1.0]]),
        ("=SORT({3,1,2},,,TRUE)", [[1.0, 2.0, 3.0]]),
        ("=SORT(A1:B3)", [["a", 1.0], ["b", 3.0], ["B", 2.0]]),
        ("=SORT(A1:B3,2)", [["a", 1.0], ["B", 2.0], ["b", 3.0]]),
        ("=SORT(A1:B3,{1,2},{1,1})", [["a", 1.0], ["B", 2.0], ["b", 3.0]]),
        ("=SORT(A1:B3,{1,2},{-1,1})", [["B", 2.0], ["b", 3.0], ["a", 1.0]]),
        # numbers, texts, FALSE and TRUE, error values; blanks last either way
        ("=SORT(D1:D8)", [[1.0], [3.0], ["A"], ["x"], [False], [True], ["#N/A"], [None]]),
        ("=SORT(D1:D8,1,-1)", [["#N/A"], [True], [False], ["x"], ["A"], [3.0], [1.0], [None]]),
        ("=SORT(A1:B3,3)", "#VALUE!"),
        ("=SORT(A1:B3,1,2)", "#VALUE!"),
        ("=SORT(A1:B3,1,0)", "#VALUE!"),
        ("=SORT(7)", 7.0),
        ("=SORTBY(A1:A3,B1:B3)", [["a"], ["B"], ["b"]]),
        ("=SORTBY(A1:A3,B1:B3,-1)", [["b"], ["B"], ["a"]]),
        ("=SORTBY({1;2;3},{1;1;0},-1,{1;2;9},-1)", [[2.0], [1.0], [3.0]]),
        ("=SORTBY({1;2;3},{1;1;0},1,{1;2;9},)", [[3.0], [1.0], [2.0]]),
        ("=SORTBY({1,2,3},{3,2,1})", [[3.0, 2.0, 1.0]]),
        ("=SORTBY(A1:A3,B1:B2)", "#VALUE!"),
        ("=UNIQUE({1;2;1;3})", [[1.0], [2.0], [3.0]]),
        ("=UNIQUE({1;2;1;3},,TRUE)", [[2.0], [3.0]]),
        ("=UNIQUE({1,2,1},TRUE)", [[1.0, 2.0]]),
        ("=UNIQUE({1,2,1})", [[1.0, 2.0, 1.0]]),
        ("=UNIQUE(A1:A3)", [["b"], ["a"]]),
        ('=UNIQUE({1,"1",TRUE},TRUE)', [[1.0, "1", True]]),
        ("=UNIQUE({1;1},,TRUE)", "#CALC!"),
        ("=COUNTA(UNIQUE(A1:A3))", 2.0),
        ("=FILTER({1;2;3},{1;0;1})", [[1.0], [3.0]]),
        ("=FILTER({1,2,3},{0,1,0})", 2.0),
        ("=FILTER({1,2;3,4},{TRUE;FALSE})", [[1.0, 2.0]]),
        ('=FILTER({1;2},{0;0},"none")', "none"),
        ("=FILTER({1;2},{0;0})", "#CALC!"),
        ("=FILTER({1;2},{1;0;1})", "#VALUE!"),
        ('=FILTER({1;2},{1;"x"})', "#VALUE!"),
        ("=FILTER({1;2},{1;#N/A})", "#N/A"),
        ("=FILTER(A5,1)", "#N/A"),
    ],
)
def test_an_array_is_sorted_and_filtered_as_excel_does(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value


def test_a_filter_by_a_condition_over_cells() -> None:
    assert value_of("=FILTER(A1:B3,B1:B3>1)", CELLS, array=True) == [["b", 3.0], ["B", 2.0]]
    assert value_of('=SUM(FILTER(B1:B3,(A1:A3="b")*(B1:B3<3),0))', CELLS, array=True) == 2.0


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=20))
def test_sorting_and_thinning_out_agree_with_python(numbers: list[int]) -> None:
    cells = {f"A{row}": number for row, number in enumerate(numbers, 1)}
    area = f"A1:A{len(numbers)}"
    assert value_of(f'=TEXTJOIN(",",TRUE,SORT({area}))', cells) == ",".join(map(str, sorted(numbers)))
    first = list(dict.fromkeys(numbers))
    assert value_of(f'=TEXTJOIN(",",TRUE,UNIQUE({area}))', cells) == ",".join(map(str, first))
    assert value_of(f"=SUM(TAKE({area},3))+SUM(IFERROR(DROP({area},3),0))", cells) == sum(numbers)
    assert value_of(f"=SUM(SORTBY({area},{area},-1)*1)", cells, array=True) == sum(numbers)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=20), st.integers(1, 7))
def test_wrapped_and_flattened_again_an_array_is_the_same(numbers: list[int], size: int) -> None:
    cells = {f"A{row}": number for row, number in enumerate(numbers, 1)}
    area = f"A1:A{len(numbers)}"
    flat = value_of(f"=TOROW({area})", cells)
    assert value_of(f"=TOROW(WRAPROWS({area},{size}),2)", cells) == flat
    assert value_of(f"=TOROW(WRAPCOLS({area},{size}),2,TRUE)", cells) == flat


def test_texts_stand_as_excel_sorts_them_accents_and_hyphens_last() -> None:
    words = ["Zebra", "äpfel", "Apfel", "co-op", "coop", "cop", "A1", "7", "_", "Ärger"]
    cells = {f"A{row}": word for row, word in enumerate(words, 1)}
    ordered = ["_", "7", "A1", "Apfel", "äpfel", "Ärger", "coop", "co-op", "cop", "Zebra"]
    assert value_of('=TEXTJOIN(" ",TRUE,SORT(A1:A10))', cells) == " ".join(ordered)
    assert value_of('=AND("Ärger"<"Bauer","a"<"ä","co-op">"coop","co-op"<"cop")') is True
