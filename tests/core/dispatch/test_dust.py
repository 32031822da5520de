"""Dust in lists of pieces: swept away it leaves a bound from below, and short lists."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch import Kind, Problem, Settings, Unit
from dhxl.core.dispatch.budget import budget_of
from dhxl.core.dispatch.dust import DUST, swept
from dhxl.core.dispatch.pieces import SLOPE, XL, XR, YL, YR, Array, value_at
from dhxl.core.dispatch.plant import combinations, plant_of
from dhxl.core.dispatch.with_store import best_path, cost_to_go, model_of, pinned


def drawn_list(seed: int) -> Array:
    """Return a list of pieces of all widths, with gaps, jumps, points and dust."""
    rng = np.random.default_rng(seed)
    rows = []
    x, y = 0.0, float(rng.uniform(0, 100))
    for _ in range(int(rng.integers(2, 30))):
        x += float(rng.choice([0.0, 0.0, 0.0, 1e-14, 3e-10, 0.5]))
        width = float(rng.choice([0.0, 1e-14, 1e-12, 3e-10, 0.7, 2.0]))
        slope = float(rng.choice([-50.0, 0.0, 20.0, 20.0, 10000.0]))
        y += float(rng.choice([0.0, 0.0, 1e-12, -3.0, 3.0]))
        rows.append([x, x + width, y, slope, y + slope * width, 0.0])
        x, y = x + width, y + slope * width
    return np.array(rows)


@pytest.mark.parametrize("seed", range(200))
def test_a_swept_list_is_nowhere_higher_than_it_says_and_has_a_value_wherever_it_had_one(seed: int) -> None:
    """Proves: a cost to go that was swept bounds the true one from below.

    Sensitivity: dust given to the dearer neighbour, or taken away where it was the cheapest, lies above at once.
    """
    before = drawn_list(seed)
    after = before.copy()
    n, raised = swept(after, len(after))
    after = after[:n]
    assert 0.0 <= raised < 1e-7
    for piece in before:
        for x, y in ((piece[XL], piece[YL]), (piece[XR], piece[YR])):
            inside = (after[:, XL] <= x) & (x <= after[:, XR])
            assert inside.any()
            assert (after[inside, YL] + after[inside, SLOPE] * (x - after[inside, XL])).min() <= y + raised + 1e-10
    assert np.all(after[1:, XL] >= after[:-1, XR])
    ends = after[:, YL] + after[:, SLOPE] * (after[:, XR] - after[:, XL])
    assert ends == pytest.approx(after[:, YR], abs=1e-9)
    again = after.copy()
    assert swept(again, n)[0] <= n


@pytest.mark.parametrize("seed", range(200))
def test_sweeping_changes_nothing_that_is_wider_than_dust(seed: int) -> None:
    """Proves: values away from dust stay. Sensitivity: a lowest value spread too far would show beside it."""
    before = drawn_list(seed)
    after = before.copy()
    n, _ = swept(after, len(after))
    wide = before[before[:, XR] - before[:, XL] > 1e-3]
    for piece in wide:
        x = 0.5 * (piece[XL] + piece[XR])
        assert value_at(after[:n], n, x) == pytest.approx(piece[YL] + piece[SLOPE] * (x - piece[XL]), abs=1e-8)


def test_one_level_reached_by_sums_that_differ_in_rounding_is_one_point() -> None:
    """Proves: the dust itself goes. Sensitivity: unswept, nine tenths of the pieces of a 48 MWh store were dust."""
    xs = [0.3, 0.1 + 0.2, 0.1 + 0.2 + 1e-13]
    dust = np.array([[x, x, 5.0 - k, 0.0, 5.0 - k, 0.0] for k, x in enumerate(sorted(xs))])
    n, raised = swept(dust, 3)
    assert n == 1
    assert raised == 0.0
    assert dust[0, YL] == 3.0
    assert dust[0, XR] - dust[0, XL] < DUST


def test_the_cost_to_go_of_an_engine_that_is_on_or_off_stays_short() -> None:
    """Proves: no list of 500 hours with a store of 48 MWh has more pieces than levels that differ.

    Sensitivity: without sweeping the longest of these lists has more than 500 pieces.
    """
    rng = np.random.default_rng(7)
    hours = np.arange(500)
    demand = np.maximum(0.3, 3 + 2.5 * np.cos(2 * np.pi * hours / 500) + rng.normal(0, 0.2, 500))
    price = 80 + 40 * np.sin(2 * np.pi * (hours - 9) / 24) + rng.normal(0, 25, 500)
    engine = Unit("C", Kind.CHP, 1.5, min_share=1.0, heat_efficiency=0.47, power_efficiency=0.39, fuel_eur_per_mwh=40.0)
    boiler = Unit("B", Kind.BOILER, 6.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
    problem = Problem((engine, boiler), demand, price, Settings(charges_eur_per_mwh=40.0, storage_mwh=48.0))
    plant = plant_of(problem)
    model = model_of(problem, plant, combinations(plant), budget_of(60.0))
    costs = cost_to_go(model, pinned(0.0))
    sizes = np.concatenate([np.diff(lists.at) for lists in costs.held.values()])
    widths = np.concatenate([np.diff(lists.rows[: lists.at[-1], : XR + 1]).ravel() for lists in costs.held.values()])
    assert sizes.size > 500
    assert sizes.max() < 300
    assert np.mean((widths > 0) & (widths < DUST)) < 1e-3
    assert best_path(model, costs, 0.0).level_mwh[-1] == pytest.approx(0.0, abs=1e-9)
