"""Depreciation, as Excel calculates it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value", "within"),
    [
        # Microsoft: examples of each function
        ("=SLN(30000,7500,10)", 2250, 1e-9),
        ("=SYD(30000,7500,10,1)", 4090.91, 0.005),
        ("=SYD(30000,7500,10,10)", 409.09, 0.005),
        ("=DB(1000000,100000,6,1,7)", 186083.33, 0.005),
        ("=DB(1000000,100000,6,2,7)", 259639.42, 0.005),
        ("=DB(1000000,100000,6,3,7)", 176814.44, 0.005),
        ("=DB(1000000,100000,6,4,7)", 120410.64, 0.005),
        ("=DB(1000000,100000,6,5,7)", 81999.64, 0.005),
        ("=DB(1000000,100000,6,6,7)", 55841.76, 0.005),
        ("=DB(1000000,100000,6,7,7)", 15845.10, 0.005),
        ("=DDB(2400,300,10*365,1)", 1.32, 0.005),
        ("=DDB(2400,300,10*12,1,2)", 40.0, 1e-9),
        ("=DDB(2400,300,10,1,2)", 480.0, 1e-9),
        ("=DDB(2400,300,10,2,1.5)", 306.0, 1e-9),
        ("=DDB(2400,300,10,10)", 22.12, 0.005),
        ("=VDB(2400,300,10*365,0,1)", 1.32, 0.005),
        ("=VDB(2400,300,10*12,0,1)", 40.0, 1e-9),
        ("=VDB(2400,300,10,0,1)", 480.0, 1e-9),
        ("=VDB(2400,300,10*12,6,18)", 396.31, 0.005),
        ("=VDB(2400,300,10*12,6,18,1.5)", 311.81, 0.005),
        ("=VDB(2400,300,10,0,0.875,1.5)", 315.0, 1e-9),
        ("=AMORLINC(2400,39679,39813,300,1,0.15,1)", 360.0, 1e-9),
        ("=AMORDEGRC(2400,39679,39813,300,1,0.15,1)", 776.0, 0),
        # ExcelFinancialFunctions, "Compatibility": Excel's VDB from the middle of a period, with and without the switch
        ("=VDB(100,10,13,0,0.5,1,FALSE)", 3.846153846, 1e-9),
        ("=VDB(100,10,13,0.5,1,1,FALSE)", 3.846153846 - 0.147928994, 1e-9),
        ("=VDB(100,10,13,0.5,1,1,TRUE)", 3.846153846, 1e-9),
        # the rate of DB has three digits: 1 - 0.1^(1/6) = 0.3187 is 0.319
        ("=DB(1000000,100000,6,1)", 319000.0, 1e-9),
        ("=DB(1000,0,5,1)", 1000.0, 1e-9),
        ("=DB(0,0,5,1)", 0.0, 0),
        # never below the salvage value
        ("=DDB(100,90,10,1)", 10.0, 1e-12),
        ("=DDB(100,90,10,2)", 0.0, 0),
        ("=DDB(100,10,1,1)", 90.0, 1e-12),
        ("=VDB(100,20,5,0,5)", 80.0, 1e-12),
        ("=VDB(100,0,5,5,5,2,TRUE)", 0.0, 0),
        # texts, blanks, TRUE
        ('=SLN("1,000",A1,"10")', 100.0, 1e-12),
        ("=SLN(TRUE,0,2)", 0.5, 0),
        ("=SLN(100,120,10)", -2.0, 0),
    ],
)
def test_a_depreciation_function_gives_what_excel_gives(formula: str, value: float, within: float) -> None:
    assert value_of(formula) == pytest.approx(value, rel=0, abs=within)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=SLN(1,0,0)", "#DIV/0!"),
        ("=SYD(100,10,5,6)", "#NUM!"),
        ("=SYD(100,10,5,0)", "#NUM!"),
        ("=DB(100,10,5,6)", "#NUM!"),
        ("=DB(100,10,5,7,6)", "#NUM!"),
        ("=DB(100,10,5,1,13)", "#NUM!"),
        ("=DB(-1,10,5,1)", "#NUM!"),
        ("=DDB(100,10,5,6)", "#NUM!"),
        ("=DDB(100,10,5,1,0)", "#NUM!"),
        ("=VDB(100,10,5,3,2)", "#NUM!"),
        ("=VDB(100,10,5,0,6)", "#NUM!"),
        ("=VDB(100,10,5,-1,2)", "#NUM!"),
        ('=VDB(100,10,5,0,1,2,"x")', "#VALUE!"),
        ("=AMORLINC(100,39679,39813,300,1,0.15,1)", "#NUM!"),
        ("=AMORLINC(2400,39679,39813,300,1,0.15,2)", "#NUM!"),
        ("=AMORDEGRC(2400,39679,39813,300,1,0.5,1)", "#NUM!"),
    ],
)
def test_a_depreciation_function_refuses_what_excel_refuses(formula: str, code: str) -> None:
    assert value_of(formula) == code


@given(st.floats(1, 1e6), st.floats(0, 1), st.integers(1, 40))
def test_all_years_together_wear_down_to_the_salvage_value(cost: float, share: float, life: int) -> None:
    salvage = cost * share
    years = "{" + ";".join(str(year) for year in range(1, life + 1)) + "}"
    worn = pytest.approx(cost - salvage, abs=1e-9 * cost)
    assert value_of(f"=SUM(SYD({cost!r},{salvage!r},{life},{years}))") == worn
    assert value_of(f"=VDB({cost!r},{salvage!r},{life},0,{life})") == worn


@given(st.floats(1, 1e6), st.floats(0, 1), st.integers(2, 40), st.floats(0.5, 5), st.booleans())
def test_whole_periods_of_vdb_add_up(cost: float, share: float, life: int, factor: float, no_switch: bool) -> None:
    parts = [
        value_of(f"=VDB({cost!r},{cost * share!r},{life},{start},{end},{factor!r},{no_switch})".upper())
        for start, end in ((0, 1), (1, life), (0, life))
    ]
    assert parts[0] + parts[1] == pytest.approx(parts[2], abs=1e-9 * cost)  # type: ignore[operator]
