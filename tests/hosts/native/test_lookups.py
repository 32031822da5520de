"""Looking values up: every way of MATCH, LOOKUP and XLOOKUP, on sorted and unsorted data of all kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of

FRUIT = (
    {"A1": "Fruit", "B1": "Price", "C1": "Count", "A2": "Apples", "B2": 0.69, "C2": 40, "A3": "Bananas", "B3": 0.34}
    | {"C3": 38, "A4": "Lemons", "B4": 0.55, "C4": 15, "A5": "Oranges", "B5": 0.25, "C5": 25, "A6": "Pears"}
    | {"B6": 0.59, "C6": 40, "A8": "Almonds", "B8": 2.8, "C8": 10, "A9": "Cashews", "B9": 3.55, "C9": 16}
    | {"A10": "Peanuts", "B10": 1.25, "C10": 20, "A11": "Walnuts", "B11": 1.75, "C11": 12}
)
FREQUENCY = {"A2": 4.14, "A3": 4.19, "A4": 5.17, "A5": 5.77, "A6": 6.39} | {
    "B2": "red",
    "B3": "orange",
    "B4": "yellow",
    "B5": "green",
    "B6": "blue",
}
PARTS = {"A1": "Axles", "B1": "Bearings", "C1": "Bolts", "A2": 4, "B2": 4, "C2": 9} | {
    "A3": 5,
    "B3": 7,
    "C3": 10,
    "A4": 6,
    "B4": 8,
    "C4": 11,
}
COUNTS = {"B2": 25, "B3": 38, "B4": 40, "B5": 41}
MIXED = {"A1": 5, "A2": "5", "A3": True, "A5": "a*b", "A6": "#N/A", "A7": "axxb", "A8": "", "A9": 0, "B1": "row one"}
CODES = {"A1": "AA", "B1": 1, "C1": 100, "A2": "BB", "B2": 2, "C2": 200, "A3": "CC", "B3": 3, "C3": 300}


@pytest.mark.parametrize(
    ("formula", "cells", "value"),
    [
        # Microsoft: MATCH, example
        ("=MATCH(39,B2:B5,1)", COUNTS, 2.0),
        ("=MATCH(41,B2:B5,0)", COUNTS, 4.0),
        ("=MATCH(40,B2:B5,-1)", COUNTS, "#N/A"),
        ("=MATCH(39,B2:B5)", COUNTS, 2.0),
        ("=MATCH(39,B2:B5,)", COUNTS, "#N/A"),
        ("=MATCH(24,B2:B5)", COUNTS, "#N/A"),
        ("=MATCH(1E+306,B:B)", COUNTS, 5.0),
        ("=MATCH(38,B:B,0)", COUNTS, 3.0),
        ("=MATCH(38,A3:C3,0)", COUNTS, 2.0),
        ("=MATCH(38,3:3,0)", COUNTS, 2.0),
        ("=MATCH(38,A2:B5,0)", COUNTS, "#N/A"),
        ("=MATCH({25,41},B2:B5,0)", COUNTS, [[1.0, 4.0]]),
        ("=MATCH(8,{9,8,7,7,1},-1)", {}, 2.0),
        ("=MATCH(7.5,{9,8,7,7,1},-1)", {}, 2.0),
        # the search by halves ends at the last of equal values, either way round (techcommunity.microsoft.com 3782888)
        ("=MATCH(7,{9,8,7,7,1},-1)", {}, 4.0),
        ("=MATCH(0,{3,2,2},-1)", {}, 3.0),
        ("=MATCH(3,{1,3,3,9})", {}, 3.0),
        # unsorted: middle 9 is too much, then 1, then 5
        ("=MATCH(6,{1,5,9,2,3})", {}, 2.0),
        ("=MATCH(2,{5,1,4})", {}, 2.0),
        ("=MATCH(9,{5,1,4})", {}, 3.0),
        ('=MATCH("zzz",{"a",1,2,"b",3})', {}, 4.0),
        ("=MATCH(5,A1:A9,0)", MIXED, 1.0),
        ('=MATCH("5",A1:A9,0)', MIXED, 2.0),
        ("=MATCH(TRUE,A1:A9,0)", MIXED, 3.0),
        ("=MATCH(1,A1:A9,0)", MIXED, "#N/A"),
        ('=MATCH("",A1:A9,0)', MIXED, 8.0),
        ("=MATCH(Z1,A1:A9,0)", MIXED, 9.0),
        ("=MATCH(A6,A1:A9,0)", MIXED, "#N/A"),
        ("=MATCH(1/0,A1:A9,0)", MIXED, "#DIV/0!"),
        ('=MATCH("a*b",A6:A9,0)', MIXED, 2.0),
        ('=MATCH("a~*b",A1:A9,0)', MIXED, 5.0),
        ('=MATCH("A??B",A1:A9,0)', MIXED, 7.0),
        ('=MATCH("x~b",{"x~b"},0)', {}, "#N/A"),
        ('=MATCH("x~~b",{"x~b"},0)', {}, 1.0),
        ('=MATCH("wärme",{"WÄRME"},0)', {}, 1.0),
        ("=MATCH(0.3,{0.1,0.2,0.3},0)", {}, 3.0),
        ("=MATCH(0.1+0.2,{0.3},0)", {}, "#N/A"),
        ('=MATCH(REPT("a",256),{"a"},0)', {}, "#VALUE!"),
        ('=MATCH(REPT("a",255),{"a"},0)', {}, "#N/A"),
        ('=MATCH(1,{1},"x")', {}, "#VALUE!"),
    ],
)
def test_match_finds_what_excel_finds(formula: str, cells: dict[str, object], value: object) -> None:
    assert value_of(formula, cells) == value


@pytest.mark.parametrize(
    ("formula", "cells", "value"),
    [
        # Microsoft: HLOOKUP, example
        ('=HLOOKUP("Axles",A1:C4,2,TRUE)', PARTS, 4.0),
        ('=HLOOKUP("Bearings",A1:C4,3,FALSE)', PARTS, 7.0),
        ('=HLOOKUP("B",A1:C4,3,TRUE)', PARTS, 5.0),
        ('=HLOOKUP("Bolts",A1:C4,4)', PARTS, 11.0),
        ('=HLOOKUP(3,{1,2,3;"a","b","c";"d","e","f"},2,TRUE)', {}, "c"),
        ('=HLOOKUP("Bolts",1:4,4,0)', PARTS, 11.0),
        ('=HLOOKUP("Bolts",A1:C4,5,0)', PARTS, "#REF!"),
        ('=HLOOKUP("Bolts",A1:C4,0,0)', PARTS, "#VALUE!"),
        ('=HLOOKUP("Nut",A1:C4,2,0)', PARTS, "#N/A"),
        ('=VLOOKUP("lemons",A2:C6,2,FALSE)', FRUIT, 0.55),
        ('=VLOOKUP("lemons",A:C,3,)', FRUIT, 15.0),
        ('=VLOOKUP("?e*",A2:C6,3,FALSE)', FRUIT, 15.0),
        ('=VLOOKUP("Kiwis",A2:C6,3)', FRUIT, 38.0),
        ('=VLOOKUP("Aa",A2:C6,3)', FRUIT, "#N/A"),
        ('=VLOOKUP("Kiwis",A2:C6,3,FALSE)', FRUIT, "#N/A"),
        ('=VLOOKUP("Lemons",A2:C6,{2,3},FALSE)', FRUIT, [[0.55, 15.0]]),
        ('=VLOOKUP({"Lemons";"Pears"},A2:C6,3,FALSE)', FRUIT, [[15.0], [40.0]]),
        ('=SUM(VLOOKUP({"Lemons";"Pears"},A2:C6,3,FALSE))', FRUIT, 55.0),
        ('=VLOOKUP("Lemons",A2:C6,4,FALSE)', FRUIT, "#REF!"),
        ('=VLOOKUP("Lemons",A2:C6,0.9,FALSE)', FRUIT, "#VALUE!"),
        ('=VLOOKUP("Lemons",A2:C6,2.9,FALSE)', FRUIT, 0.55),
        ('=VLOOKUP("Lemons",A2:C6,"2",FALSE)', FRUIT, 0.55),
        ('=VLOOKUP("Lemons",A2:C6,2,"FALSE")', FRUIT, 0.55),
        ('=VLOOKUP("Lemons",A2:C6,2,"0")', FRUIT, "#VALUE!"),
        ('=VLOOKUP("Lemons",A2:C6,2,1/0)', FRUIT, "#DIV/0!"),
        ("=VLOOKUP(5,A1:B9,2,FALSE)", MIXED, "row one"),
        ('=VLOOKUP("5",A1:B9,2,FALSE)', MIXED, 0.0),
        ('=VLOOKUP("5",A1:B9,2,FALSE)=""', MIXED, True),
        # unsorted: the middle, 3, is not too much; then 9 is, and 2 is not
        ('=VLOOKUP(4,{5,"a";1,"b";3,"c";2,"d";9,"e"},2)', {}, "d"),
        # the middle, 8, is too much; then 5, the first of the two before it, is
        ('=VLOOKUP(4,{5,"a";1,"b";8,"c";2,"d";9,"e"},2)', {}, "#N/A"),
        # Microsoft: LOOKUP, example
        ("=LOOKUP(4.19,A2:A6,B2:B6)", FREQUENCY, "orange"),
        ("=LOOKUP(5.75,A2:A6,B2:B6)", FREQUENCY, "yellow"),
        ("=LOOKUP(7.66,A2:A6,B2:B6)", FREQUENCY, "blue"),
        ("=LOOKUP(0,A2:A6,B2:B6)", FREQUENCY, "#N/A"),
        ('=LOOKUP("C",{"a","b","c","d";1,2,3,4})', {}, 3.0),
        ('=LOOKUP("bump",{"a",1;"b",2;"c",3})', {}, 2.0),
        # a table as lookup vector: its first column; its first row where it is wider than high
        ('=LOOKUP("BB",A1:C3,C1:C3)', CODES, 200.0),
        ('=LOOKUP("BB",A1:C3)', CODES, 200.0),
        ('=LOOKUP("BB",A1:A3,C1:C3)', CODES, 200.0),
        ("=LOOKUP(2,{1,2,3},{10;20;30})", {}, 20.0),
        ("=LOOKUP(3,{1,2,3},{10;20})", {}, "#N/A"),
        # the last row that fulfils a condition
        ('=LOOKUP(2,1/(A1:A3<>"CC"),C1:C3)', CODES, 200.0),
        ('=LOOKUP(2,1/(A1:A3="none"),C1:C3)', CODES, "#N/A"),
        ("=LOOKUP(9.99E+307,A1:A9)", MIXED, 0.0),
        ("=LOOKUP(9.99E+307,A:A)", FREQUENCY, 6.39),
        ('=LOOKUP(REPT("z",255),A:A)', CODES, "CC"),
    ],
)
def test_the_older_lookups_give_what_excel_gives(formula: str, cells: dict[str, object], value: object) -> None:
    assert value_of(formula, cells) == value


@pytest.mark.parametrize(
    ("formula", "cells", "value"),
    [
        # Microsoft: XMATCH, example
        ("=XMATCH(4,{5,4,3,2,1})", {}, 2.0),
        ("=XMATCH(4.5,{5,4,3,2,1},1)", {}, 1.0),
        ("=XMATCH(4.5,{5,4,3,2,1},-1)", {}, 2.0),
        ("=XMATCH(4.5,{5,4,3,2,1})", {}, "#N/A"),
        ("=XMATCH(2,{2,1,2},0,-1)", {}, 3.0),
        ("=XMATCH(3,{1,2,2,9},-1)", {}, 2.0),
        ("=XMATCH(3,{1,2,2,9},-1,-1)", {}, 3.0),
        ("=XMATCH(0,{3,2,2},1)", {}, 2.0),
        ("=XMATCH(0,{3,2,2},1,-2)", {}, 3.0),  # techcommunity.microsoft.com 3782888
        ("=XMATCH(3,{1,2,4,8},-1,2)", {}, 2.0),
        ("=XMATCH(3,{1,2,4,8},1,2)", {}, 3.0),
        ("=XMATCH(9,{1,2,4,8},1,2)", {}, "#N/A"),
        ("=XMATCH(0,{1,2,4,8},-1,2)", {}, "#N/A"),
        ("=XMATCH(4,{1,2,4,8},0,2)", {}, 3.0),
        ("=XMATCH(3,{1,2,4,8},0,2)", {}, "#N/A"),
        ("=XMATCH(3,{8,4,2,1},-1,-2)", {}, 3.0),
        ("=XMATCH(3,{8,4,2,1},1,-2)", {}, 2.0),
        ("=XMATCH(4,{8,4,2,1},0,-2)", {}, 2.0),
        ("=XMATCH(8,{8,4,2,1},0,2)", {}, "#N/A"),  # by halves in the wrong direction
        ('=XMATCH("a*b",{"axb","a*b"})', {}, 2.0),
        ('=XMATCH("a*b",{"axb","a*b"},2)', {}, 1.0),
        ('=XMATCH("a*b",{"axb"},2,2)', {}, "#VALUE!"),
        ("=XMATCH(1,{1},3.9)", {}, "#VALUE!"),
        ("=XMATCH(1,{1},0,0)", {}, "#VALUE!"),
        ("=XMATCH(1,{1,2;3,4})", {}, "#VALUE!"),
        ("=XMATCH(Z1,A1:A9)", MIXED, 4.0),  # a blank is found as a blank
        ("=XMATCH(5,A1:A9)", MIXED, 1.0),
        ('=XMATCH("5",A1:A9)', MIXED, 2.0),
        ("=XMATCH({1,2},{2,1})", {}, [[2.0, 1.0]]),
        ('=XLOOKUP("Lemons",A2:A6,C2:C6)', FRUIT, 15.0),
        ('=XLOOKUP("Kiwis",A2:A6,C2:C6)', FRUIT, "#N/A"),
        ('=XLOOKUP("Kiwis",A2:A6,C2:C6,"none")', FRUIT, "none"),
        ('=XLOOKUP("Kiwis",A2:A6,C2:C6,"none",-1)', FRUIT, 38.0),
        ('=XLOOKUP("P*",A:A,C:C,,2)', FRUIT, 40.0),
        ('=XLOOKUP("P*",A:A,C:C,,2,-1)', FRUIT, 20.0),
        ('=XLOOKUP("Lemons",A2:A6,B2:C6)', FRUIT, [[0.55, 15.0]]),
        ('=SUM(XLOOKUP("Lemons",A2:A6,B2:C6))', FRUIT, 15.55),
        ('=XLOOKUP("Bolts",A1:C1,A2:C4)', PARTS, [[9.0], [10.0], [11.0]]),
        ('=XLOOKUP("Bolts",A1:C1,A2:A4)', PARTS, "#VALUE!"),
        ('=XLOOKUP({"Bolts","Axles"},A1:C1,A2:C2)', PARTS, [[9.0, 4.0]]),
        ('=XLOOKUP("Bolts",A1:C1,XLOOKUP(5,A1:A4,A1:C4))', PARTS, 10.0),
        ("=XLOOKUP(1/0,A1:C1,A2:C2,7)", PARTS, "#DIV/0!"),
        ("=ISREF(XLOOKUP(5,A1:A4,B1:B4))", PARTS, True),
        ("=XLOOKUP(41,B2:B5,B2:B5,,0,2)", COUNTS, 41.0),
        ("=XLOOKUP(39.5,B2:B5,B2:B5,,1,2)", COUNTS, 40.0),
    ],
)
def test_the_newer_lookups_give_what_excel_gives(formula: str, cells: dict[str, object], value: object) -> None:
    assert value_of(formula, cells) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: INDEX, reference form, examples
        ("=INDEX(A2:C6,2,3)", 38.0),
        ("=INDEX((A1:C6,A8:C11),2,2,2)", 3.55),
        ("=SUM(INDEX(A1:C11,0,3,1))", 216.0),
        # Microsoft: INDEX, array form
        ("=INDEX({1,2;3,4},0,2)", [[2.0], [4.0]]),
        ("=INDEX({1,2;3,4},2)", [[3.0, 4.0]]),
        ("=INDEX(A2:C6,2)", "#REF!"),
        ("=INDEX(A2:C6,2,)", [["Bananas", 0.34, 38.0]]),
        ("=INDEX(A2:A6,3)", "Lemons"),
        ("=INDEX(A2:C2,3)", 40.0),
        ("=INDEX(A2:C2,1,2)", 0.69),
        ("=INDEX(A2:C2,2,1)", "#REF!"),
        ("=INDEX(A2:C2,,2)", 0.69),
        ("=INDEX(A2:A6,6)", "#REF!"),
        ("=INDEX(A2:A6,-1)", "#VALUE!"),
        ('=INDEX(A2:A6,"2")', "Bananas"),
        ("=INDEX(A2:A6,2.9)", "Bananas"),
        ("=INDEX(A2:A6,TRUE)", "Apples"),
        ("=INDEX(A:A,10)", "Peanuts"),
        ("=INDEX(A:C,10,2)", 1.25),
        ("=INDEX(A:A,500)", 0.0),
        ("=ISBLANK(INDEX(A:A,500))", True),
        ('=INDEX(A:A,500)=""', True),
        ("=INDEX(C2:C6,{1;3})", [[40.0], [15.0]]),
        ("=SUM(INDEX(B2:C6,0,2))", 158.0),
        ("=SUMPRODUCT(INDEX(B2:C6,0,1),INDEX(B2:C6,0,2))", 0.69 * 40 + 0.34 * 38 + 0.55 * 15 + 0.25 * 25 + 0.59 * 40),
        ('=INDEX(C2:C6,MATCH("Lemons",A2:A6,0))', 15.0),
        ('=INDEX(C2:C6,MATCH(1,(A2:A6="Lemons")*(B2:B6>0.5),0))', "#VALUE!"),
        ('=INDEX(C2:C6,MATCH(1,INDEX((A2:A6="Lemons")*(B2:B6>0.5),0),0))', 15.0),
        ("=INDEX((A1:C6,A8:C11),2,2,3)", "#REF!"),
        ("=INDEX(A2:C6,1,1,2)", "#REF!"),
        ("=INDEX(7,1)", 7.0),
        ("=INDEX(7,2)", "#REF!"),
        ("=INDEX(1/0,1)", "#DIV/0!"),
    ],
)
def test_index_gives_what_excel_gives(formula: str, value: object) -> None:
    assert value_of(formula, FRUIT) == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)


def test_a_match_over_a_condition_needs_an_array_formula_or_index() -> None:
    formula = '=INDEX(C2:C6,MATCH(1,(A2:A6="Lemons")*(B2:B6>0.5),0))'
    assert value_of(formula, FRUIT, array=True) == 15.0


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.integers(-60, 60))
def test_in_sorted_data_every_search_by_halves_gives_what_going_through_gives(found: list[int], sought: int) -> None:
    rising = sorted(found)
    cells = {f"A{row}": value for row, value in enumerate(rising, 1)} | {
        f"B{row}": value for row, value in enumerate(rising[::-1], 1)
    }
    last = len(rising)
    below, above = sum(one <= sought for one in rising), sum(one >= sought for one in rising)
    assert value_of(f"=MATCH({sought},A1:A{last})", cells) == (below or "#N/A")
    assert value_of(f"=MATCH({sought},B1:B{last},-1)", cells) == (above or "#N/A")
    assert value_of(f"=MATCH({sought},A:A)", cells) == (below or "#N/A")
    for side in (-1, 1):
        through = value_of(f'=XLOOKUP({sought},A1:A{last},A1:A{last},"no",{side})', cells)
        assert value_of(f'=XLOOKUP({sought},A1:A{last},A1:A{last},"no",{side},2)', cells) == through
        assert value_of(f'=XLOOKUP({sought},B1:B{last},B1:B{last},"no",{side},-2)', cells) == through
    exact = value_of(f'=XLOOKUP({sought},A1:A{last},A1:A{last},"no")', cells)
    assert exact == (sought if sought in rising else "no")
    assert value_of(f'=IFERROR(VLOOKUP({sought},A1:A{last},1,FALSE),"no")', cells) == exact


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12), st.integers(-5, 5))
def test_a_number_is_found_where_it_stands_first(found: list[int], sought: int) -> None:
    cells = {f"A{row}": value for row, value in enumerate(found, 1)}
    place = found.index(sought) + 1 if sought in found else "#N/A"
    assert value_of(f"=MATCH({sought},A1:A{len(found)},0)", cells) == place
    assert value_of(f"=XMATCH({sought},A1:A{len(found)})", cells) == place
