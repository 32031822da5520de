"""Sums and counts over a table with headers."""

from __future__ import annotations

import pytest

from tests.hosts.native.expected import exactly, published
from tests.hosts.native.sheet import value_of

# Microsoft: the orchard of the examples of the database functions
ROWS = [
    ["Tree", "Height", "Age", "Yield", "Profit", "Height"],
    ["=Apple", ">10", None, None, None, "<16"],
    ["=Pear"],
    [],
    ["Tree", "Height", "Age", "Yield", "Profit"],
    ["Apple", 18, 20, 14, 105],
    ["Pear", 12, 12, 10, 96],
    ["Cherry", 13, 14, 9, 105],
    ["Apple", 14, None, 10, 75],
    ["Pear", 9, 8, 8, 77],
    ["Apple", 12, 11, 6, 45],
]
ORCHARD = {f"{'ABCDEF'[col]}{row}": one for row, line in enumerate(ROWS, 1) for col, one in enumerate(line)}
ORCHARD |= {"H1": "tree", "H2": "app", "H4": "Tree", "H5": "<>Pear", "H7": "Profit", "H8": 105, "I1": "Age", "I2": "="}
ORCHARD |= {
    "J1": "Rule",
    "J2": True,
    "K1": "Tree",
    "K2": "Cherry",
    "L1": "Age",
    "L2": None,
    "M1": "Yield",
    "M2": ">100",
    "N2": "Apple",
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples (the apple trees between 10 and 16 feet and all pear trees)
        ('=DCOUNT(A5:E11,"Age",A1:F2)', 1),
        ('=DCOUNTA(A5:E11,"Profit",A1:F2)', 2),
        ('=DMAX(A5:E11,"Profit",A1:F3)', 96),
        ('=DMIN(A5:E11,"Profit",A1:B2)', 45),
        ('=DSUM(A5:E11,"Profit",A1:A2)', 225),
        ('=DAVERAGE(A5:E11,"Yield",A1:B2)', 10),
        ("=DAVERAGE(A5:E11,3,A5:E11)", 13),
        ('=DSTDEV(A5:E11,"Yield",A1:A3)', published("2.96648")),
        ('=DSTDEVP(A5:E11,"Yield",A1:A3)', published("2.6532998")),
        ('=DVAR(A5:E11,"Yield",A1:A3)', exactly(8.8)),
        ('=DVARP(A5:E11,"Yield",A1:A3)', exactly(7.04)),
        ('=DGET(A5:E11,"Yield",A1:A3)', "#NUM!"),
        # hard inputs
        ('=DPRODUCT(A5:E11,"Yield",A1:F3)', 10 * 6 * 10 * 8),
        ("=DSUM(A5:E11,E5,A1:A2)", 225),
        ("=DSUM(A5:E11,5,A1:A2)", 225),
        ("=DSUM(A5:E11,6,A1:A2)", "#VALUE!"),
        ('=DSUM(A5:E11,"Size",A1:A2)', "#VALUE!"),
        ('=DSUM(A5:E11,"PROFIT",H1:H2)', 225),  # a text is met by those that begin with it
        ('=DSUM(A5:E11,"Profit",H4:H5)', 225 + 105),
        ("=DCOUNT(A5:E11,,H7:H8)", 2),
        ("=DCOUNTA(A5:E11,,I1:I2)", 1),
        ('=DCOUNT(A5:E11,"Profit",A1:A4)', 6),  # a row without conditions is met by all
        ('=DGET(A5:E11,"Yield",K1:K2)', 9),
        ('=DGET(A5:E11,"Tree",K1:K2)', "Cherry"),
        ('=DGET(A5:E11,"Tree",M1:M2)', "#VALUE!"),
        ('=DSUM(A5:E11,"Profit",M1:M2)', 0),
        ('=DMAX(A5:E11,"Profit",M1:M2)', 0),
        ('=DAVERAGE(A5:E11,"Profit",M1:M2)', "#DIV/0!"),
        ('=DSTDEV(A5:E11,"Yield",K1:K2)', "#DIV/0!"),
        ('=DSUM(A5:E11,"Profit",J1:J2)', "#VALUE!"),
        ('=DSUM(A5:E11,"Profit",N1:N2)', 0),
        ('=DSUM(A5:E5,"Profit",A1:A2)', "#VALUE!"),
        ('=DSUM(A5:E11,"Profit",L1:L2)', 105 + 96 + 105 + 75 + 77 + 45),
        ('=DSUM(A5:E11,"Profit",K1:K1)', "#VALUE!"),
    ],
)
def test_sums_over_a_table(formula: str, value: object) -> None:
    assert value_of(formula, ORCHARD) == value


def test_an_error_value_counts_only_in_a_record_that_is_chosen() -> None:
    cells = {
        "A1": "k",
        "B1": "v",
        "A2": "a",
        "B2": 1,
        "A3": "b",
        "B3": "#DIV/0!",
        "D1": "k",
        "D2": "a",
        "E1": "k",
        "E2": "b",
    }
    assert value_of('=DSUM(A1:B3,"v",D1:D2)', cells) == 1
    assert value_of('=DSUM(A1:B3,"v",E1:E2)', cells) == "#DIV/0!"


# As Excel stores it (DGet.xls of Apache POI)
@pytest.mark.parametrize(
    ("condition", "value"),
    [("a", "Text"), ("b", "#VALUE!"), ("c", "#NUM!"), ("", "#NUM!"), ("=TRUE", "#VALUE!"), ("TRUE", "#VALUE!")],
)
def test_dget_passes_records_by_that_have_nothing_in_the_field(condition: str, value: str) -> None:
    cells = {"A1": "One", "B1": "Two", "A2": "a", "A3": "a", "B3": "Text", "A4": "b", "A5": "c", "B5": 1, "A6": "c"}
    cells |= {"B6": 2, "A7": True, "B7": 3, "D1": "One", "D2": condition}
    assert value_of('=DGET(A1:B7,"Two",D1:D2)', cells) == value


def test_a_condition_that_is_true_or_false_means_such_cells() -> None:
    cells = {"A1": "One", "B1": "Two", "A2": True, "B2": 3, "A3": "TRUE", "B3": 5, "D1": "One", "D2": True}
    cells |= {"E1": "One", "E2": "TRUE"}
    assert value_of('=DSUM(A1:B3,"Two",D1:D2)', cells) == 3
    assert value_of('=DSUM(A1:B3,"Two",E1:E2)', cells) == 5
