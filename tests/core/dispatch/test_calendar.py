"""Steps are steps: leap years, days of 23 and 25 hours, quarter-hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dhxl.core.dispatch import Dispatch, Kind, Problem, Settings, Unit, dispatch
from tests.conftest import REPOSITORY

BOILER = Unit("Boiler", Kind.BOILER, 20.0, heat_efficiency=0.9, fuel_eur_per_mwh=58.0)
PUMP = Unit("Heat pump", Kind.HEAT_PUMP, 6.0, min_share=0.5, cop=3.5, start_eur=20.0)
STORE = Settings(charges_eur_per_mwh=20.0, storage_mwh=6.0, storage_charge_mw=3.0, storage_loss_per_h=0.01)


@pytest.fixture(scope="module")
def year() -> np.ndarray:
    data = np.genfromtxt(REPOSITORY / "benchmarks" / "dispatch_benchmark.csv", delimiter=",", names=True)
    return np.array([data["demand_MW"], data["price_EUR_MWh"]])


def solved(series: np.ndarray, settings: Settings = STORE) -> Dispatch:
    return dispatch(Problem((BOILER, PUMP), series[0], series[1], settings))


def test_a_leap_year_has_a_day_more(year: np.ndarray) -> None:
    """Proves: 8784 hours are solved and proven; the day inserted costs what such a day adds.

    Sensitivity: cut to 8760 hours, the cost of a day and its 24 levels are missing.
    """
    noon_of_february_28th = 58 * 24 + 12
    day = year[:, noon_of_february_28th - 24 : noon_of_february_28th]
    leap = np.insert(year, [noon_of_february_28th] * 24, day, axis=1)
    short, long = solved(year), solved(leap)
    assert long.level_mwh.shape == (8784,)
    assert long.gap < 1e-8
    assert long.mwh(leap[0]) == pytest.approx(short.mwh(year[0]) + day[0].sum())
    per_mwh = short.cost_eur / short.mwh(year[0])
    assert long.cost_eur - short.cost_eur == pytest.approx(per_mwh * day[0].sum(), rel=0.3)


def test_days_of_23_and_25_hours_are_taken_in_the_order_of_time(year: np.ndarray) -> None:
    """Proves: a year on the legal clock, its hour lost in March and doubled in October, is the same row of steps.

    Sensitivity: an hour dropped or averaged in October changes the heat by that hour's demand. Labels of the clock do
    not enter: days of 24, 23 and 25 steps, solved one by one from level to level, cost the whole.
    """
    units = (BOILER, replace(PUMP, start_eur=0.0))
    whole = dispatch(Problem(units, year[0], year[1], STORE))
    lengths = [24] * 86 + [23] + [24] * 216 + [25]
    lengths += [24] * ((8760 - sum(lengths)) // 24)
    assert (len(lengths), sum(lengths)) == (365, 8760)
    begin, level, cost = 0, 0.0, 0.0
    for length in lengths:
        end = begin + length
        day = replace(STORE, storage_start_mwh=level, storage_end_mwh=float(whole.level_mwh[end - 1]))
        cost += dispatch(Problem(units, year[0, begin:end], year[1, begin:end], day)).cost_eur
        begin, level = end, float(whole.level_mwh[end - 1])
    assert cost == pytest.approx(whole.cost_eur, rel=1e-8)


def test_quarter_hours_of_equal_value_cost_no_more_than_their_hours(year: np.ndarray) -> None:
    """Proves: step_h scales energy, power limits and losses alike. Sensitivity: MW taken as MWh would cost four times.

    Without store and starts the same cost; with them a finer choice can only save.
    """
    month = year[:, :744]
    fine = np.repeat(month, 4, axis=1)
    alone = Settings(charges_eur_per_mwh=20.0)
    free = replace(PUMP, start_eur=0.0)
    hours = dispatch(Problem((BOILER, free), *month, alone))
    quarters = dispatch(Problem((BOILER, free), *fine, replace(alone, step_h=0.25)))
    assert quarters.cost_eur == pytest.approx(hours.cost_eur, rel=1e-12)
    hours, quarters = solved(month), solved(fine, replace(STORE, step_h=0.25))
    assert quarters.gap < 1e-8
    assert 0.97 * hours.cost_eur < quarters.cost_eur <= hours.cost_eur * (1 + 1e-3)


def test_ten_units_of_all_kinds_are_solved_and_proven(year: np.ndarray) -> None:
    """Proves: ten slots with minimum loads, a must-take source, hourly cells. Sensitivity: each unit left out is dearer
    or the heat of the source missing.
    """
    week = year[:, :168]
    sun = Unit("Sun", Kind.SOURCE, np.maximum(0.0, np.sin(np.arange(168) * np.pi / 12 - np.pi / 2)), must_take=1)
    units = (
        sun,
        Unit("Waste heat", Kind.SOURCE, 1.0, om_eur_per_mwh=3.0),
        PUMP,
        Unit("Air pump", Kind.HEAT_PUMP, 2.0, min_share=0.3, cop=3.0 + np.cos(np.arange(168) * np.pi / 12)),
        *(
            Unit(f"CHP {k}", Kind.CHP, 2.0 + k, min_share=0.5, heat_efficiency=0.44, power_efficiency=0.4,
                 fuel_eur_per_mwh=50.0 + k) for k in (1, 2)
        ),
        Unit("Chips", Kind.BOILER, 3.0, min_share=0.3, heat_efficiency=0.85, fuel_eur_per_mwh=38.0),
        Unit("Electrode", Kind.ELECTRIC_BOILER, 5.0, heat_efficiency=0.99),
        Unit("Gas", Kind.BOILER, 4.0, count=2, min_share=0.2, heat_efficiency=0.92, fuel_eur_per_mwh=58.0),
        BOILER,
    )  # fmt: skip
    assert len(units) == 10
    settings = replace(STORE, heat_rejection_mw=1.0)
    found = dispatch(Problem(units, *week, settings))
    assert found.method == "optimal"
    assert found.gap < 1e-8
    assert found.heat_mw[0] == pytest.approx(sun.heat_mw)
    for k in range(1, 10):
        less = dispatch(Problem(units[:k] + units[k + 1 :], *week, settings))
        assert less.objective_eur >= found.objective_eur - 1e-6
    assert dispatch(Problem(units[:3] + units[9:], *week, settings)).objective_eur > 1.02 * found.objective_eur
