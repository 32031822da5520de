"""numpy-financial and pyxirr over random flows: one rate, several, none."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy_financial
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dhxl.core.dated_flows import dated_net_present_value, dated_rate_of_return
from dhxl.core.finance import net_present_value
from dhxl.core.rates import internal_rate_of_return
from dhxl.errors import NoSolutionError

DAY_ZERO = date(1899, 12, 30)
amounts = st.floats(-1e6, 1e6).map(lambda x: round(x, 2))
random_flows = st.lists(amounts, min_size=2, max_size=15)
investments = st.tuples(st.floats(1e3, 1e6), st.lists(st.floats(1.0, 1e5), min_size=1, max_size=25)).map(
    lambda pair: [-pair[0], *pair[1]]
)
dated = st.lists(st.tuples(amounts, st.integers(1, 7000)), min_size=2, max_size=15, unique_by=lambda pair: pair[1])
rates = st.floats(-0.6, 2.0)
WIDTH = 1e-5  # how sharply the others' iterations are trusted to end
GRID = np.expm1(np.linspace(math.log(0.02), math.log(100.0), 400))


def days_and_dates(offsets: list[int]) -> tuple[np.ndarray, list[date]]:
    days = 40000 + np.array(offsets)
    return days, [DAY_ZERO + timedelta(days=int(day)) for day in days]


def years_of(days: np.ndarray) -> np.ndarray:
    return (days - days.min()) / 365


def value_at(rate: float, flows: list[float], years: np.ndarray) -> tuple[float, float]:
    """Return the present value and the sum of its terms' sizes."""
    terms = np.array(flows) * (1 + rate) ** -years
    return math.fsum(terms), float(np.abs(terms).sum())


def from_guess(rate: float) -> float:
    return abs(math.log((1 + rate) / 1.1))


def changes_sign_at(rate: float, flows: list[float], years: np.ndarray) -> bool:
    below = value_at((1 + rate) * (1 - WIDTH) - 1, flows, years)[0]
    above = value_at((1 + rate) * (1 + WIDTH) - 1, flows, years)[0]
    return below * above <= 0


def peer_rate(call: Callable[[], float | None]) -> float | None:
    """Return what another library found, None where it found nothing, or nothing above -1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        rate = call()
    return None if rate is None or not math.isfinite(rate) or rate <= -1 else float(rate)


def own_rate(call: Callable[[], float]) -> float | None:
    try:
        return call()
    except NoSolutionError:
        return None


def assert_agreement(own: float | None, peer: float | None, flows: list[float], years: np.ndarray) -> None:
    """Both rates are zeros of the present value and ours is not the farther one; without one none is crossed."""
    if own is None:
        values = [value_at(rate, flows, years)[0] for rate in GRID]
        assert not (min(values) < 0 < max(values))
        assert peer is None or not changes_sign_at(peer, flows, years)
        return
    value, size = value_at(own, flows, years)
    last_bit = float(years.max()) * 4e-16 / (1 + own)  # what the spacing of numbers near -1 is worth
    assert abs(value) <= (1e-9 * max(1.0, float(years.max())) + last_bit) * size
    if peer is not None and changes_sign_at(peer, flows, years) and abs(own - peer) > 3 * WIDTH * (1 + peer):
        assert from_guess(own) < from_guess(peer)


@given(rate=rates, flows=random_flows)
def test_net_present_value_is_that_of_both(rate: float, flows: list[float]) -> None:
    ours = net_present_value(rate, flows, 0)
    size = value_at(rate, flows, np.arange(len(flows), dtype=float))[1]
    for theirs in (pyxirr.npv(rate, flows), float(numpy_financial.npv(rate, flows))):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-11 * size)


@given(rate=rates, pairs=dated)
def test_net_present_value_of_dates_is_that_of_pyxirr(rate: float, pairs: list[tuple[float, int]]) -> None:
    flows = [flow for flow, _ in pairs]
    days, dates = days_and_dates([day for _, day in pairs])
    size = value_at(rate, flows, years_of(days))[1]
    assert dated_net_present_value(rate, flows, days) == pytest.approx(
        pyxirr.xnpv(rate, dates, flows), rel=1e-9, abs=1e-11 * size
    )


@given(flows=investments)
def test_the_one_rate_of_an_investment_is_that_of_both(flows: list[float]) -> None:
    rate = internal_rate_of_return(flows)
    assume(-0.9 < rate < 10)
    assert rate == pytest.approx(pyxirr.irr(flows), rel=1e-8, abs=1e-9)
    assert rate == pytest.approx(float(numpy_financial.irr(flows)), rel=1e-8, abs=1e-9)


@given(flows=investments, seed=st.integers(0, 2**32 - 1))
def test_the_one_rate_of_a_dated_investment_is_that_of_pyxirr(flows: list[float], seed: int) -> None:
    gaps = np.random.default_rng(seed).integers(20, 700, len(flows) - 1)
    days, dates = days_and_dates([1, *(1 + np.cumsum(gaps)).tolist()])
    rate = own_rate(lambda: dated_rate_of_return(flows, days))  # none is a number where nearly all is lost in days
    assume(rate is not None and -0.9 < rate < 10)
    assert rate == pytest.approx(pyxirr.xirr(dates, flows), rel=1e-7, abs=1e-8)


@settings(max_examples=200)
@given(flows=random_flows)
def test_rates_of_any_flows_agree_whether_there_is_one_or_several_or_none(flows: list[float]) -> None:
    years = np.arange(len(flows), dtype=float)
    own = own_rate(lambda: internal_rate_of_return(flows))
    assert_agreement(own, peer_rate(lambda: pyxirr.irr(flows, silent=True)), flows, years)
    assert_agreement(own, peer_rate(lambda: float(numpy_financial.irr(flows))), flows, years)


@settings(max_examples=200)
@given(pairs=dated)
def test_rates_of_any_dated_flows_agree_whether_there_is_one_or_several_or_none(
    pairs: list[tuple[float, int]],
) -> None:
    flows = [flow for flow, _ in pairs]
    days, dates = days_and_dates([day for _, day in pairs])
    own = own_rate(lambda: dated_rate_of_return(flows, days))
    assert_agreement(own, peer_rate(lambda: pyxirr.xirr(dates, flows, silent=True)), flows, years_of(days))


@given(factors=st.lists(st.floats(0.6, 1.6), min_size=2, max_size=3))
def test_every_rate_of_flows_made_from_several_is_known_and_the_nearest_is_given(
    factors: list[float],
) -> None:
    factors.sort()
    assume(all(high / low > 1.05 for low, high in pairwise(factors)))
    away = sorted(from_guess(factor - 1) for factor in factors)
    assume(away[1] - away[0] > 1e-3)
    flows = np.array([-1000.0])
    for factor in factors:
        flows = np.convolve(flows, [1.0, -factor])
    nearest = min((factor - 1 for factor in factors), key=from_guess)
    assert internal_rate_of_return(flows) == pytest.approx(nearest, abs=1e-8)
    days, dates = days_and_dates([1 + 365 * k for k in range(flows.size)])
    assert dated_rate_of_return(flows, days) == pytest.approx(nearest, abs=1e-8)
    for theirs in (pyxirr.irr(flows), pyxirr.xirr(dates, flows)):
        assert min(abs(theirs - (factor - 1)) for factor in factors) < 1e-6


@pytest.mark.parametrize("flows", [[1.0, -2.0, 1.5], [-5.0, 1.0, -1.0], [3.0, -1.0, 3.0, -1.0, 3.0]])
def test_flows_without_a_rate_have_none_in_any_of_the_three(flows: list[float]) -> None:
    days, dates = days_and_dates([1 + 365 * k for k in range(len(flows))])
    for call in (lambda: internal_rate_of_return(flows), lambda: dated_rate_of_return(flows, days)):
        with pytest.raises(NoSolutionError):
            call()
    assert peer_rate(lambda: pyxirr.irr(flows, silent=True)) is None
    assert peer_rate(lambda: pyxirr.xirr(dates, flows, silent=True)) is None
    assert peer_rate(lambda: float(numpy_financial.irr(flows))) is None
