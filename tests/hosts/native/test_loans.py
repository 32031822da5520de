"""Loans and savings with equal payments, as Excel calculates them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of

rates = st.floats(-0.5, 2).filter(lambda rate: rate == 0 or abs(rate) > 1e-9)


@pytest.mark.parametrize(
    ("formula", "value", "within"),
    [
        # Microsoft: examples of each function
        ("=PMT(0.08/12,10,10000)", -1037.03, 0.005),
        ("=PMT(0.08/12,10,10000,0,1)", -1030.16, 0.005),
        ("=PMT(0.06/12,18*12,0,50000)", -129.08, 0.005),
        ("=IPMT(0.1/12,1,3*12,8000)", -66.67, 0.005),
        ("=IPMT(0.1,3,3,8000)", -292.45, 0.005),
        ("=PPMT(0.1/12,1,2*12,2000)", -75.62, 0.005),
        ("=PPMT(0.08,10,10,200000)", -27598.05, 0.005),
        ("=FV(0.06/12,10,-200,-500,1)", 2581.40, 0.005),
        ("=FV(0.12/12,12,-1000)", 12682.50, 0.005),
        ("=FV(0.11/12,35,-2000,,1)", 82846.25, 0.005),
        ("=FV(0.06/12,12,-100,-1000,1)", 2301.40, 0.005),
        ("=PV(0.08/12,12*20,500,,0)", -59777.15, 0.005),
        ("=RATE(4*12,-200,8000)", 0.0077015, 1e-7),
        ("=NPER(0.12/12,-100,-1000,10000,1)", 59.6738657, 1e-7),
        ("=NPER(0.12/12,-100,-1000,10000)", 60.0821229, 1e-7),
        ("=NPER(0.12/12,-100,-1000)", -9.57859404, 1e-8),
        ("=CUMIPMT(0.09/12,30*12,125000,13,24,0)", -11135.23213, 1e-5),
        ("=CUMIPMT(0.09/12,30*12,125000,1,1,0)", -937.5, 1e-9),
        ("=CUMPRINC(0.09/12,30*12,125000,13,24,0)", -934.1071234, 1e-7),
        ("=CUMPRINC(0.09/12,30*12,125000,1,1,0)", -68.27827118, 1e-8),
        ("=ISPMT(0.1/12,1,3*12,8000000)", -64814.8148, 1e-4),
        ("=ISPMT(0.1,1,3,8000000)", -533333.3333, 1e-4),
        ("=EFFECT(0.0525,4)", 0.0535427, 1e-7),
        ("=NOMINAL(0.053543,4)", 0.05250032, 1e-8),
        # no interest
        ("=PMT(0,10,1000)", -100.0, 1e-12),
        ("=PV(0,10,-100)", 1000.0, 1e-12),
        ("=FV(0,10,-100,-50)", 1050.0, 1e-12),
        ("=NPER(0,-100,1000)", 10.0, 1e-12),
        ("=RATE(10,-100,1000)", 0.0, 1e-12),
        ("=IPMT(0,3,10,1000)", 0.0, 0),
        ("=PPMT(0,3,10,1000)", -100.0, 1e-12),
        # at the beginning of a period: the first payment bears no interest
        ("=IPMT(0.1,1,3,1000,0,1)", 0.0, 0),
        ("=IPMT(0.1,2,2,1000,0,1)", -1000 / 2.1 * 0.1, 1e-10),  # 1000 - a is owed, a = 1000*1.1/2.1
        # parts of periods, left-out arguments, blanks, texts, TRUE
        ("=FV(0.21,0.5,0,-100)", 110.0, 1e-10),
        ("=PV(0.1,2,,-121)", 100.0, 1e-10),
        ("=PMT(,10,1000)", -100.0, 1e-12),
        ("=PMT(A1,10,1000)", -100.0, 1e-12),
        ('=PMT("0%","10","1,000")', -100.0, 1e-12),
        ("=PMT(0.1,1,1000,0,TRUE)", -1000.0, 1e-10),
        ("=PMT(0.1,1,1000,0,7)", -1000.0, 1e-10),
        ("=RATE(1,0,-100,110)", 0.1, 1e-14),
        ("=RATE(1,0,-100,50)", -0.5, 1e-14),
        ("=EFFECT(0.1,1.9)", 0.1, 1e-15),
        ("=ISPMT(0.1,0,4,1000)", -100.0, 1e-12),
    ],
)
def test_a_loan_function_gives_what_excel_gives(formula: str, value: float, within: float) -> None:
    assert value_of(formula) == pytest.approx(value, rel=0, abs=within)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=PMT(0.1,0,1000)", "#NUM!"),
        ("=IPMT(0.1,0,3,1000)", "#NUM!"),
        ("=IPMT(0.1,4,3,1000)", "#NUM!"),
        ("=PPMT(0.1,4,3,1000)", "#NUM!"),
        ("=NPER(0.1,-10,1000)", "#NUM!"),
        ("=NPER(0,0,1000)", "#NUM!"),
        ("=RATE(0,-1,1)", "#NUM!"),
        ("=RATE(10,100,1000)", "#NUM!"),
        ("=PV(-1,10,1)", "#NUM!"),
        ("=FV(1000,1000,1)", "#NUM!"),
        ("=CUMIPMT(0,10,1000,1,2,0)", "#NUM!"),
        ("=CUMIPMT(0.1,10,-1000,1,2,0)", "#NUM!"),
        ("=CUMIPMT(0.1,10,1000,3,2,0)", "#NUM!"),
        ("=CUMIPMT(0.1,10,1000,1,11,0)", "#NUM!"),
        ("=CUMIPMT(0.1,10,1000,1,2,2)", "#NUM!"),
        ("=CUMPRINC(0.1,10,1000,0,2,0)", "#NUM!"),
        ("=CUMPRINC(0.1,10,1000,1,2,TRUE)", "#VALUE!"),
        ("=ISPMT(0.1,1,0,1)", "#DIV/0!"),
        ("=EFFECT(0,4)", "#NUM!"),
        ("=EFFECT(0.1,0.5)", "#NUM!"),
        ("=NOMINAL(-0.1,4)", "#NUM!"),
        ('=PMT("a",1,1)', "#VALUE!"),
        ("=PMT(1/0,1,1)", "#DIV/0!"),
    ],
)
def test_a_loan_function_refuses_what_excel_refuses(formula: str, code: str) -> None:
    assert value_of(formula) == code


def test_a_loan_function_over_an_array_is_called_for_each_element() -> None:
    rows = value_of("=PPMT(0.05,{1;2;3},3,1000)")
    assert isinstance(rows, list)
    assert sum(row[0] for row in rows) == pytest.approx(-1000)  # type: ignore[misc]


@given(rates, st.integers(1, 60), st.floats(1, 1e7), st.floats(-1e7, 1e7), st.sampled_from((0, 1)), st.data())
def test_interest_and_principal_add_up_to_the_payment(
    rate: float, periods: int, present: float, future: float, kind: int, data: st.DataObject
) -> None:
    period = data.draw(st.integers(1, periods))
    rest = f"{periods},{present!r},{future!r},{kind})"
    parts = [value_of(f"={name}({rate!r},{period},{rest}") for name in ("IPMT", "PPMT")]
    payment = value_of(f"=PMT({rate!r},{rest}")
    size = max(abs(part) for part in parts if isinstance(part, float))
    assert sum(parts) == pytest.approx(payment, abs=1e-9 * size)  # type: ignore[type-var]


@given(st.floats(1e-4, 0.5), st.integers(2, 40), st.sampled_from((0, 1)))
def test_cumulated_interest_is_the_sum_and_all_principal_is_the_loan(rate: float, periods: int, kind: int) -> None:
    each = value_of(f"=SUM(IPMT({rate!r},ROW,{periods},1000,0,{kind}))".replace("ROW", _column(periods)))
    assert value_of(f"=CUMIPMT({rate!r},{periods},1000,1,{periods},{kind})") == pytest.approx(each)
    assert value_of(f"=CUMPRINC({rate!r},{periods},1000,1,{periods},{kind})") == pytest.approx(-1000)


def _column(count: int) -> str:
    return "{" + ";".join(str(number) for number in range(1, count + 1)) + "}"


@given(rates, st.integers(1, 40), st.floats(1, 1e6), st.sampled_from((0, 1)))
def test_a_loan_is_paid_back_by_its_payments(rate: float, periods: int, present: float, kind: int) -> None:
    payment = value_of(f"=PMT({rate!r},{periods},{present!r},0,{kind})")
    assert value_of(f"=PV({rate!r},{periods},{payment!r},0,{kind})") == pytest.approx(present, rel=1e-9)
    if abs(rate) > 1e-6 and 0.01 < (1 + rate) ** periods < 1000:  # else the payment hardly tells the periods
        assert value_of(f"=NPER({rate!r},{payment!r},{present!r},0,{kind})") == pytest.approx(periods, rel=1e-6)
