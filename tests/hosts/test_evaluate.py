"""One formula without a workbook."""

from __future__ import annotations

from typing import Any

import pytest

from dhxl.errors import InputError
from dhxl.functions.cells import CellError
from dhxl.hosts.headless.evaluate import evaluated, is_range_name


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=DH_LHD(6000,3000)", 2.0),
        ("DH_LHD(6000,3000)", 2.0),
        ("  = dh_lhd( 6000 , 3000 )", 2.0),
        ("{=DH_LOAD_DURATION({1;3;2})}", [[3.0], [2.0], [1.0]]),
        ("=SUM(DH_LOAD_DURATION(years))", 6.0),
        ("=years", [[1.0], [2.0], [3.0]]),
        ("=INDEX(town,2,2)", 7.0),
        ('=DH_LHD(6000,3000)>1.5', True),
        ('="a"&"b"', "ab"),
        ('=IFERROR(DH_LHD(1,0),"none")', "none"),
        ("=B1", 0.0),
        ("=-2^2", 4.0),
    ],
)  # fmt: skip
def test_a_formula_gives_what_its_cell_would_show(formula: str, value: Any) -> None:
    assert evaluated(formula, {"years": [[1], [2], [3]], "town": [["hour", "demand"], [0, 7]]}) == value


@pytest.mark.parametrize(
    ("formula", "code", "sentence"),
    [
        ("=DH_LHD(6000,0)", "#VALUE!", "DH_LHD: trench_length_m must be > 0 m, got 0"),
        ("=DH_LHD(6000)", "#VALUE!", "DH_LHD: trench_length_m is missing ("),
        ("=DH_LHD(,3000)", "#VALUE!", "DH_LHD: heat_sold_mwh is missing ("),
        ("=DH_LHD(1,2,3)", "#VALUE!", "DH_LHD: takes at most 2 arguments, got 3"),
        ("=DH_LHD(1/0,3)", "#DIV/0!", "DH_LHD: heat_sold_mwh holds #DIV/0!"),
        ("=DH_PAYBACK({-10,1})", "#NUM!", "DH_PAYBACK: "),
        ("=1/0", "#DIV/0!", "the formula gives #DIV/0!"),
        ("=DH_LDH(1,2)", "#NAME?", "there is no function DH_LDH; did you mean DH_LHD?"),
        ("=GETPIVOTDATA(1)", "#NAME?", "there is no function GETPIVOTDATA"),
        ("=SUM(nobody)", "#NAME?", "the formula names something that does not exist; name ranges with --range"),
        ("=A1", "#VALUE!", "the formula depends on itself (circular reference)"),
    ],
)
def test_an_error_value_comes_with_its_sentence(formula: str, code: str, sentence: str) -> None:
    value = evaluated(formula)
    assert isinstance(value, CellError)
    assert value.code == code
    assert value.message.startswith(sentence)


@pytest.mark.parametrize("formula", ["", "=", "=1+", "=SUM(1", "=)", '="open', "=1 2 3,"])
def test_a_formula_that_cannot_be_read_is_refused(formula: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        evaluated(formula)


def test_a_formula_with_semicolons_is_told_of_commas() -> None:
    with pytest.raises(InputError, match="arguments are separated by commas"):
        evaluated("=SUM(1;2)")


@pytest.mark.parametrize("name", ["A1", "r", "c", "R1C1", "xfd12", "my range", "1st", "", "TRUE", "a-b"])
def test_a_range_may_not_be_named_like_a_cell(name: str) -> None:
    assert not is_range_name(name)
    with pytest.raises(InputError, match="cannot name a range"):
        evaluated("=1", {name: [[1.0]]})


def test_text_that_looks_like_a_formula_stays_text() -> None:
    assert evaluated("=INDEX(rows,1,1)&INDEX(rows,1,2)", {"rows": [["=1+1", "=cmd|' /C calc'!A0"]]}) == (
        "=1+1=cmd|' /C calc'!A0"
    )


def test_blank_cells_of_a_range_stay_blank() -> None:
    assert evaluated("=rows", {"rows": [[1.0, None], [None, "a"]]}) == [[1.0, None], [None, "a"]]


def test_a_year_of_three_columns_is_evaluated_at_once() -> None:
    year = [[float(hour), hour / 8, 20.0] for hour in range(8760)]
    assert evaluated("=SUM(DH_LOAD_DURATION(INDEX(year,0,2)))", {"year": year}) == sum(row[1] for row in year)
