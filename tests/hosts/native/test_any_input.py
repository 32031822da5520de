"""Lookups, texts, arrays, logic and information withstand any input: a value or an error value comes out."""

from __future__ import annotations

import math
import random
from itertools import product

import pytest

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions import (
    arrays,
    information,
    logic,
    lookups,
    references,
    sorting,
    splitting,
    texts,
)
from dhxl.hosts.native.library import LIBRARY, Function, Here, called
from dhxl.hosts.native.values import DIV0, MISSING, NA, Area, Areas, Grid, Value, Wrong
from tests.hosts.native.sheet import Facts

_MODULES = {one.__name__ for one in (arrays, information, logic, lookups, references, sorting, splitting, texts)}
_OURS = sorted(name for name, of in LIBRARY.items() if of.body.__module__ in _MODULES)
_CUT = Area("S", 2, 2, 9, 4, [[1.0, "b", None], ["x", NA, True]])  # the engine left out the blanks below
_VALUES: tuple[Value, ...] = (
    *(0.0, 1.0, -1.0, 2.5, 1e300, -1e300, 5e-324),
    *("", "abc", "5", "*", "~", "ä😀ß\n", "TRUE", "9" * 300),
    *(True, False, None, MISSING, NA, DIV0),
    Grid([[1.0]]),
    Grid([[1.0, "a"], [None, NA]]),
    Grid([["b"], [2.0], [False]]),
    Area("S", 1, 1, 1, 1, [[None]]),
    Area("S", 3, 1, 3, 1, [["text"]]),
    Area("S", 1, 1, 1_048_576, 1, [[3.0], [1.0]]),
    _CUT,
    Areas((_CUT, Area("S", 1, 1, 1, 1, [[7.0]]))),
)
_MOST = 1500  # combinations of each number of arguments
_EVERYWHERE = frozenset({"ROW", "ISFORMULA", "FORMULATEXT"})  # whose result is as tall as the whole column given


def _given(of: Function) -> list[tuple[Value, ...]]:
    chance = random.Random(7)
    most = len(of.kinds) + 2 * len(of.repeated)
    found: list[tuple[Value, ...]] = []
    for count in range(of.least, most + 1):
        if not of.takes(count):
            continue
        if len(_VALUES) ** count <= _MOST:
            found += product(_VALUES, repeat=count)
        else:
            found += [tuple(chance.choice(_VALUES) for _ in range(count)) for _ in range(_MOST)]
    return found


def _is_tall(value: Value) -> bool:
    return isinstance(value, Area) and value.height > 10_000


@pytest.mark.parametrize("name", _OURS)
def test_a_function_gives_a_value_or_an_error_value(name: str) -> None:
    of, here = LIBRARY[name], Here("S", 5, 5, Facts())
    for arguments in _given(of):
        kinds = [of.kind(at) for at in range(len(arguments))]
        # a whole column where one value is wanted, or kept whole in the result, only takes its time
        tall = [kind for kind, one in zip(kinds, arguments, strict=True) if _is_tall(one)]
        if tall and (name in _EVERYWHERE or set(tall) & set("VNTL") or of.body.__module__ not in _SEARCHING):
            continue
        try:
            value = called(of, here, arguments)
        except Wrong:
            continue
        rows = value.rows if isinstance(value, (Grid, Area)) else [[value]]
        assert isinstance(value, Areas) or all(_is_plain(one) for row in rows for one in row), (name, arguments)


_SEARCHING = {lookups.__name__, references.__name__, information.__name__, logic.__name__}


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return len(value) <= 32_767 and value.encode("utf-8") is not None
    return value is None or value is MISSING or isinstance(value, (bool, CellError))
