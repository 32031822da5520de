"""Limits stand in the registry for the spreadsheet and in core for Python: both refuse the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dhxl.errors import InputError
from dhxl.functions import REGISTRY
from dhxl.functions.arguments import Argument
from dhxl.functions.spec import WorksheetFunction

CATEGORIES = {"DH Network", "DH Pipes", "DH Demand", "DH Plant", "DH Finance", "DH Environment"}


def just_outside(argument: Argument) -> list[float]:
    beyond = [math.nextafter(x, -math.inf) for x in [argument.at_least] if x is not None]
    beyond += [math.nextafter(x, math.inf) for x in [argument.at_most] if x is not None]
    return beyond + [x for x in (argument.above, argument.below) if x is not None]


def limit_cases() -> list[Any]:
    return [
        pytest.param(function, position, value, id=f"{function.name}-{argument.name}-{value:g}")
        for function in REGISTRY.values()
        if function.category in CATEGORIES
        for position, argument in enumerate(function.arguments)
        if argument.shape in ("number", "vector")
        for value in just_outside(argument)
    ]


@pytest.mark.parametrize(("function", "position", "value"), limit_cases())
def test_core_refuses_what_the_registry_refuses(function: WorksheetFunction, position: int, value: float) -> None:
    cells = function.examples[0].cells
    values = [
        argument.value(cells[i]) if i < len(cells) else argument.default
        for i, argument in enumerate(function.arguments)
    ]
    argument = function.arguments[position]
    if argument.shape == "vector":
        vector = np.array(values[position], dtype=float)
        vector[0] = value
        values[position] = vector
    else:
        values[position] = value
    with pytest.raises(InputError, match=argument.name):
        function.function(*values)
