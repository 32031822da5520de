"""Loans: numpy-financial as an oracle, hand sums and laws."""

from __future__ import annotations

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import loans
from dhxl.core.finance import net_present_value
from dhxl.errors import InputError
from dhxl.functions import REGISTRY

rates = st.floats(0.0005, 0.3)
tenors = st.integers(1, 60)
amounts = st.floats(1.0, 1e9)


@given(loan=amounts, rate=rates, tenor=tenors)
def test_the_debt_service_is_the_payment_of_numpy_financial(loan: float, rate: float, tenor: int) -> None:
    assert loans.loan_annuity(loan, rate, tenor) == pytest.approx(-numpy_financial.pmt(rate, tenor, loan), rel=1e-9)


@given(loan=amounts, rate=rates, tenor=tenors)
def test_interest_and_repayment_of_every_year_are_those_of_numpy_financial(
    loan: float, rate: float, tenor: int
) -> None:
    schedule = loans.annuity_loan_schedule(loan, rate, tenor)
    years = np.arange(1, tenor + 1)
    assert schedule[:, 2] == pytest.approx(-numpy_financial.ipmt(rate, years, tenor, loan), rel=1e-8, abs=1e-9 * loan)
    assert schedule[:, 3] == pytest.approx(-numpy_financial.ppmt(rate, years, tenor, loan), rel=1e-8, abs=1e-9 * loan)


def test_the_first_repayment_is_that_of_the_published_example() -> None:
    schedule = loans.annuity_loan_schedule(2000, 0.10 / 12, 24)
    assert schedule[0, 3] == pytest.approx(75.62, abs=5e-3), "Microsoft: PPMT function, example (10 %, 2 years)"


@given(
    loan=amounts,
    rate=st.floats(-0.02, 0.3),
    tenor=tenors,
    grace=st.integers(0, 10),
    more=st.integers(0, 5),
    linear=st.booleans(),
)
def test_a_schedule_repays_the_loan_with_interest(
    loan: float, rate: float, tenor: int, grace: int, more: int, linear: bool
) -> None:
    tenor += grace
    make = loans.linear_loan_schedule if linear else loans.annuity_loan_schedule
    year, opening, interest, repayment, payment, closing = make(loan, rate, tenor, grace, tenor + more).T
    assert year.tolist() == list(range(1, tenor + more + 1))
    assert opening[0] == loan
    assert (opening[1:] == closing[:-1]).all()
    assert closing[tenor - 1] == 0
    assert not opening[tenor:].any()
    assert not payment[tenor:].any()
    assert not repayment[:grace].any()
    assert interest == pytest.approx(rate * opening, rel=1e-12)
    assert repayment.sum() == pytest.approx(loan, rel=1e-12)
    assert net_present_value(rate, payment) == pytest.approx(loan, rel=1e-9)
    constant = (repayment if linear else payment)[grace:tenor]
    assert constant == pytest.approx(np.full(constant.size, constant[0]), rel=1e-6)
    if not linear:
        assert constant[0] == pytest.approx(loans.loan_annuity(loan, rate, tenor, grace), rel=1e-9)


def test_without_interest_both_kinds_are_the_same() -> None:
    assert loans.loan_annuity(1200, 0, 12) == 100
    assert (loans.annuity_loan_schedule(1200, 0, 12) == loans.linear_loan_schedule(1200, 0, 12)).all()
    assert loans.annuity_loan_schedule(1200, 1e-300, 12)[:, 5] == pytest.approx(np.arange(1100, -1, -100.0), rel=1e-12)


def test_the_longest_loan_at_any_rate_is_repaid() -> None:
    for rate in (1e-9, 0.05, 10.0, 1e6):
        schedule = loans.annuity_loan_schedule(1000, rate, loans.MOST_YEARS)
        assert np.isfinite(schedule).all()
        assert schedule[-1, 5] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((-1, 0.05, 10), "loan_eur must be >= 0 EUR, got -1"),
        ((1, -1, 10), "interest_rate must be > -1, got -1"),
        ((1, 0.05, 0), "tenor_years must be >= 1 a and <= 1000 a, got 0"),
        ((1, 0.05, 10, -1), "grace_years must be >= 0 a, got -1"),
        ((1, 0.05, 10, 10), r"grace_years must be < tenor_years \(10 a\), got 10"),
    ],
)
def test_wrong_arguments_are_told(arguments: tuple[float, ...], sentence: str) -> None:
    for call in (loans.loan_annuity, loans.annuity_loan_schedule, loans.linear_loan_schedule):
        with pytest.raises(InputError, match=sentence):
            call(*arguments)


def test_a_schedule_is_not_cut_short() -> None:
    with pytest.raises(InputError, match="years must be >= 10 a and <= 1000 a, got 9"):
        loans.linear_loan_schedule(1, 0.05, 10, 0, 9)


def test_the_table_of_a_sheet_keeps_its_size_when_the_tenor_changes() -> None:
    sizes = {len(REGISTRY["DH_LOAN_SCHEDULE"](1000, 0.04, tenor, 2, "Linear", 20)) for tenor in (5, 10, 20)}
    assert sizes == {21}
