"""Random small problems: the exact methods against HiGHS at gap 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dhxl.core.dispatch import Kind, Problem, Settings, Unit, dispatch
from dhxl.errors import NoSolutionError

Oracle = Callable[[Problem, float | None], float | None]


def random_unit(rng: np.random.Generator, number: int) -> Unit:
    kind = [Kind.HEAT_PUMP, Kind.CHP, Kind.BOILER, Kind.ELECTRIC_BOILER, Kind.SOURCE][rng.integers(5)]
    common = {
        "heat_mw": float(rng.uniform(1, 6)),
        "count": int(rng.integers(1, 3)),
        "min_share": float(rng.choice([0.0, 0.4, 1.0])),
        "om_eur_per_mwh": float(rng.uniform(0, 5)),
    }
    if kind is Kind.HEAT_PUMP:
        own = {"cop": float(rng.uniform(2, 5))}
    elif kind is Kind.CHP:
        own = {
            "heat_efficiency": 0.45, "power_efficiency": float(rng.uniform(0.3, 0.45)),
            "fuel_eur_per_mwh": float(rng.uniform(20, 70)), "power_bonus_eur_per_mwh": float(rng.uniform(0, 10)),
        }  # fmt: skip
    elif kind is Kind.BOILER:
        own = {"heat_efficiency": 0.9, "fuel_eur_per_mwh": float(rng.uniform(20, 70)), "fuel_co2_kg_per_mwh": 201.0}
    elif kind is Kind.ELECTRIC_BOILER:
        own = {"heat_efficiency": 0.99}
    else:
        own = {}
    return Unit(f"{kind.value} {number}", kind, **common, **own)  # type: ignore[arg-type]


def random_problem(seed: int, *, store: bool) -> Problem:
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(4, 7 if store else 10))
    units = tuple(random_unit(rng, number) for number in range(int(rng.integers(2, 4))))
    demand = rng.uniform(0.5, 12, steps)
    price = rng.uniform(-40, 220, steps)
    h = float(rng.choice([1.0, 0.5, 0.25]))
    settings = {
        "step_h": h,
        "charges_eur_per_mwh": float(rng.choice([0.0, 20.0, 60.0])),
        "sale_fee_eur_per_mwh": float(rng.choice([0.0, 3.0])),
        "own_use_charge_share": float(rng.choice([0.0, 0.3])),
        "co2_eur_per_t": float(rng.choice([0.0, 80.0])),
        "heat_rejection_mw": float(rng.choice([0.0, 2.0])),
    }
    if store:
        capacity = float(rng.uniform(1, 12))
        settings |= {
            "storage_mwh": capacity,
            "storage_charge_mw": float(rng.uniform(0.5, 6)),
            "storage_discharge_mw": float(rng.uniform(0.5, 6)),
            "storage_loss_per_h": float(rng.choice([0.0, 0.005])),
            "storage_cycle_eur_per_mwh": float(rng.choice([0.0, 0.5])),
        }
    return Problem(units, demand, price, Settings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("store", [False, True], ids=["without a store", "with a store"])
@pytest.mark.parametrize("seed", range(60))
def test_the_least_cost_is_that_of_a_mixed_integer_programme(seed: int, store: bool, oracle: Oracle) -> None:
    """Proves: cost of unit combinations, the kink between buying and selling, limits and losses of the store.

    Sensitivity: HiGHS knows nothing of merit orders or value functions; one wrong swap price or piece shows up.
    """
    problem = random_problem(seed, store=store)
    try:
        found = dispatch(problem).objective_eur
    except NoSolutionError:
        found = None
    expected = oracle(problem, found)
    assert (found is None) == (expected is None)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-6)
