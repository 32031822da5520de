"""Matrices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.expected import exactly
from tests.hosts.native.sheet import value_of


def _near(rows: list[list[float]]) -> list[list[object]]:
    return [[pytest.approx(one, abs=1e-14) for one in row] for row in rows]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=MDETERM({1,3,8,5;1,3,6,1;1,1,1,0;7,3,10,2})", 88),
        ("=MDETERM({3,6,1;1,1,0;3,10,2})", 1),
        ("=MDETERM({3,6;1,1})", -3),
        ("=MDETERM({1,3,8,5;1,3,6,1})", "#VALUE!"),
        ("=MINVERSE({4,-1;2,0})", _near([[0, 0.5], [-1, 2]])),
        ("=MINVERSE({1,2,1;3,4,-1;0,2,0})", _near([[0.25, 0.25, -0.75], [0, 0, 0.5], [0.75, -0.25, -0.25]])),
        ("=MMULT({1,3;7,2},{2,0;0,2})", [[2, 6], [14, 4]]),
        ("=MMULT({3,4},{5;6})", 39),
        # hard inputs
        ("=MMULT({1,2},{1,2})", "#VALUE!"),
        ('=MMULT({1,"x"},{1;2})', "#VALUE!"),
        ("=MMULT({1,#N/A},{1;2})", "#N/A"),
        ("=MMULT(A1:B1,{1;2})", "#VALUE!"),
        ("=MINVERSE({1,2;2,4})", "#NUM!"),
        ("=MINVERSE({1,2,3;4,5,6})", "#VALUE!"),
        ("=MDETERM({1,2;2,4})", 0),
        ("=MDETERM(5)", 5),
        ("=MINVERSE(4)", 0.25),
        ("=MDETERM({0.5,0.25;0.125,2})", exactly(0.96875)),
        ('=TRANSPOSE({1,"a",TRUE})', [[1], ["a"], [True]]),
        ("=TRANSPOSE({1,2;3,4})", [[1, 3], [2, 4]]),
        ("=MUNIT(2)", [[1, 0], [0, 1]]),
        ("=MUNIT(0)", "#VALUE!"),
        ("=SUM(MUNIT(3.9))", 3),
        ("=SUMPRODUCT(MMULT({1,2;3,4},{1;1}))", 10),
    ],
)
def test_matrices(formula: str, value: object) -> None:
    assert value_of(formula) == value


@given(st.lists(st.integers(-9, 9), min_size=9, max_size=9))
def test_a_matrix_times_its_inverse_is_the_unit(numbers: list[int]) -> None:
    cells = {f"{'ABC'[place % 3]}{place // 3 + 1}": number for place, number in enumerate(numbers)}
    determinant = value_of("=MDETERM(A1:C3)", cells)
    if abs(determinant) < 0.5:  # type: ignore[arg-type]
        return
    unit = value_of("=MMULT(A1:C3,MINVERSE(A1:C3))", cells)
    assert unit == [[pytest.approx(float(row == col), abs=1e-11) for col in range(3)] for row in range(3)]
    assert determinant == round(determinant)  # type: ignore[arg-type]
    assert value_of("=MDETERM(TRANSPOSE(A1:C3))", cells) == determinant
