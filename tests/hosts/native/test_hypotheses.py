"""Tests of hypotheses."""

from __future__ import annotations

import pytest

from tests.hosts.native.expected import published
from tests.hosts.native.sheet import value_of

BEFORE, AFTER = "{3,4,5,8,9,1,2,4,5}", "{6,19,3,2,14,4,5,17,1}"
POINTS = "{3,6,7,8,6,5,4,2,1,9}"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=CHISQ.TEST({58,35;11,25;10,23},{45.35,47.65;17.56,18.44;16.09,16.91})", published("0.000308192")),
        ("=FTEST({6,7,9,15,21},{20,28,31,38,40})", published("0.64831785")),
        (f"=Z.TEST({POINTS},4)", published("0.090574")),
        (f"=2*MIN(Z.TEST({POINTS},4),1-Z.TEST({POINTS},4))", published("0.181148")),
        (f"=ZTEST({POINTS},6)", published("0.863043")),
        (f"=T.TEST({BEFORE},{AFTER},2,1)", published("0.196016")),
        # hard inputs
        ("=CHITEST({1,2},{1,2,3})", "#N/A"),
        ("=CHITEST({1,2},{0,2})", "#DIV/0!"),
        ("=FTEST({1},{1,2})", "#DIV/0!"),
        ("=FTEST({2,2},{1,2})", "#DIV/0!"),
        ("=ZTEST({2,2},1)", "#DIV/0!"),
        ("=ZTEST({1,3},2,0)", "#NUM!"),
        ("=TTEST({1,2},{1,2,3},1,1)", "#N/A"),
        ("=TTEST({1,2},{1,2,3},3,2)", "#NUM!"),
        ("=TTEST({1,2},{1,2,3},1,4)", "#NUM!"),
        ("=TTEST({1,1},{2,2},1,3)", "#DIV/0!"),
        ("=ZTEST({1,3},2)", 0.5),
        ("=FTEST({1,2,3},{5,6,7})", pytest.approx(1, rel=1e-14)),
    ],
)
def test_hypotheses(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_the_order_of_samples_does_not_matter_and_two_tails_are_twice_one(kind: int) -> None:
    one = value_of(f"=T.TEST({BEFORE},{AFTER},1,{kind})")
    assert value_of(f"=T.TEST({AFTER},{BEFORE},1,{kind})") == pytest.approx(one, rel=1e-13)
    assert value_of(f"=T.TEST({BEFORE},{AFTER},2,{kind})") == pytest.approx(2 * one, rel=1e-15)  # type: ignore[operator]
