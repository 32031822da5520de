"""Limits of arguments: what is outside, and how it is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core.checks import outside, outside_anywhere, require, vector_of
from dhxl.errors import InputError


def test_inclusive_limits_hold_their_limit_and_exclusive_ones_do_not() -> None:
    assert outside("gap_m", 0, at_least=0) == []
    assert outside("gap_m", 20, at_most=20) == []
    assert outside("gap_m", 0, above=0) == ["gap_m must be > 0 m, got 0"]
    assert outside("share", 1, below=1) == ["share must be < 1, got 1"]


def test_both_limits_are_named_with_their_unit() -> None:
    assert outside("hours_h", 9000, above=0, at_most=8784) == ["hours_h must be > 0 h and <= 8784 h, got 9000"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_outside_even_without_limits(value: float) -> None:
    assert outside("heat_mwh", value) == [f"heat_mwh must be a finite number, got {value}"]
    assert outside_anywhere("heat_mwh", np.array([0.0, value]))[0].startswith("heat_mwh (value 2 of 2) must be")


@given(values=st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_a_vector_is_outside_where_one_of_its_values_is(values: list[float]) -> None:
    found = outside_anywhere("heat_mwh", np.array(values), at_least=-1, below=5)
    assert bool(found) == any(outside("heat_mwh", x, at_least=-1, below=5) for x in values)


def test_a_number_is_a_vector_of_one_and_a_table_is_none() -> None:
    assert vector_of("heat_mwh", 5).tolist() == [5.0]
    with pytest.raises(InputError, match=r"shape \(2, 2\)"):
        vector_of("heat_mwh", [[1, 2], [3, 4]])


def test_all_faults_are_raised_together() -> None:
    with pytest.raises(InputError) as caught:
        require(["first"], [], ["second", "third"])
    assert caught.value.problems == ("first", "second", "third")
