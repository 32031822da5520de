"""What a function wizard says of an argument."""

from __future__ import annotations

import pytest

from dhxl.functions.arguments import Argument, number, text, vector
from dhxl.functions.wizard import argument_text
from tests.functions.cases import FUNCTIONS


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (number("length_m", "Length", "m", above=0), "Length (> 0 m)"),
        (number("power_mw", "Power", "MW"), "Power (MW)"),
        (number("share", "Share", "-", at_least=0, at_most=1), "Share (>= 0 and <= 1)"),
        (number("base_degc", "Base", "°C").with_default(20.0), "Base (°C; default 20)"),
        (number("peak_mw", "Peak", "MW").with_default(None), "Peak (MW; may be left out)"),
        (vector("weights", "Weights", "-").with_default((1.0, 2.0)), "Weights (may be left out)"),
        (text("method", "Method", ("optimal", "milp")), "Method (one of optimal, milp)"),
        (text("title", "Title"), "Title"),
    ],
)
def test_unit_limits_and_default_stand_behind_the_meaning(argument: Argument, words: str) -> None:
    assert argument_text(argument) == words


def test_a_long_text_is_cut() -> None:
    long = argument_text(text("name", "x" * 300))
    assert len(long) == 255
    assert long.endswith("...")


def test_no_argument_of_the_registry_loses_its_meaning() -> None:
    for function in FUNCTIONS:
        for argument in function.arguments:
            assert argument_text(argument).startswith(argument.text)
