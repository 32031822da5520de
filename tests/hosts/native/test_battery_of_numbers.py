"""Every function of numbers, by discovery: whatever comes in, a value or an error value comes out."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest

from dhxl.functions.cells import CellError
from dhxl.hosts.native import functions
from dhxl.hosts.native.library import LIBRARY, Here, called
from dhxl.hosts.native.values import MISSING, NA, Area, Areas, Grid, Value, Wrong, scalars
from tests.hosts.native.sheet import Facts

SUBJECTS = ("aggregates", "arithmetic", "counts", "criteria", "database", "distributions", "engineering", "hypotheses",
            "matrices", "regression", "rounding", "statistics", "subtotals", "trigonometry")  # fmt: skip
NAMES = sorted(name for name, of in LIBRARY.items() if of.body.__module__.rpartition(".")[2] in SUBJECTS)
NUMBERS: tuple[Value, ...] = (0.0, 1.0, -1.0, 0.5, 2.0, 3.7, 10.0, -1e-300, 1e15, -1e300, 1.7e308)
OTHERS: tuple[Value, ...] = ("5", "x", "", True, None, MISSING, NA, Grid([[1.0, "x"], [None, 4.0]]))
CELLS: tuple[Value, ...] = (
    Area("S", 1, 1, 4, 2, [["k", "v"], ["a", 1.0], ["b", 1e308], [None, True]]),
    Area("S", 1, 1, 3, 1, [[1.0], [2.0]]),
    Area("S", 1, 1, 1_048_576, 1, [[3.0], [-1e308], [1e308]]),
    Areas((Area("S", 1, 1, 1, 1, [[1.0]]), Area("S", 2, 1, 2, 1, [["x"]]))),
    Area("S", 9, 9, 9, 9, [[NA]]),
)
HERE = Here("S", 100, 26, Facts())


def _fills(index: int, kind: str) -> tuple[Value, ...]:
    if kind in "RA":
        return (*CELLS, *OTHERS, *NUMBERS[:4]) if index < 2 else (CELLS[0], CELLS[1], MISSING, 1.0)
    return (*NUMBERS, *OTHERS) if index < 2 else (0.0, 1.0, -2.0, 1e300, True, MISSING)


def test_the_subjects_are_all_there() -> None:
    assert set(SUBJECTS) <= set(functions.__all__)
    assert len(NAMES) > 250


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_out_is_a_value_of_a_cell(name: str) -> None:
    of, random = LIBRARY[name], Random(name)
    kinds = (of.kinds + of.repeated)[: max(of.least, 3)] if of.repeated else of.kinds
    if name in ("TRANSPOSE", "MUNIT"):  # of a whole column or of size 1E+15 it takes long
        return
    for count in range(of.least, len(kinds) + 1):
        if not of.takes(count):
            continue
        every = list(product(*(_fills(index, kind) for index, kind in enumerate(kinds[:count]))))
        for arguments in random.sample(every, min(80, len(every))):
            try:
                result = called(of, HERE, arguments)
            except Wrong as wrong:
                assert wrong.error.code.startswith("#")
                continue
            for one in scalars(result):
                assert isinstance(one, (float, str, bool, CellError)) or one is None, arguments
                assert not isinstance(one, float) or math.isfinite(one), arguments


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BETAINV", "BETA.INV"), ("CONFIDENCE", "CONFIDENCE.NORM"), ("FTEST", "F.TEST"), ("FDIST", "F.DIST.RT"),
        ("GAMMALN", "GAMMALN.PRECISE"), ("LOGINV", "LOGNORM.INV"), ("NORMINV", "NORM.INV"), ("VAR", "VAR.S"),
        ("PERCENTRANK", "PERCENTRANK.INC"), ("QUARTILE", "QUARTILE.INC"), ("VARP", "VAR.P"), ("STDEV", "STDEV.S"),
    ],
)  # fmt: skip
def test_old_and_new_names_are_one_function(old: str, new: str) -> None:
    assert LIBRARY[old].body is LIBRARY[new].body
