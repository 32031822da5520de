"""Random small dispatch problems over all kinds of units and settings, the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from dhxl.core.dispatch import Kind, Problem, Settings, Unit

__all__ = ["drawn_problem"]


class _Draw:
    def __init__(self, seed: int, steps: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.steps = steps

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, *values: float) -> float:
        return float(self.rng.choice(values))

    def value(self, low: float, high: float) -> Any:
        """A number, or in a quarter of the cases one for every step."""
        return self.rng.uniform(low, high, self.steps) if self.chance(0.25) else float(self.rng.uniform(low, high))


def _unit(draw: _Draw, number: int, step_h: float, memory: bool) -> Unit:
    kind = Kind(str(draw.rng.choice(list(Kind))))
    values: dict[str, Any] = {}
    if kind is Kind.HEAT_PUMP:
        values["cop"] = draw.value(1.5, 5.0)
    if kind in (Kind.CHP, Kind.BOILER, Kind.ELECTRIC_BOILER):
        values["heat_efficiency"] = draw.value(0.4, 1.0)
    if kind is Kind.CHP:
        values |= {"power_efficiency": draw.value(0.2, 0.5), "power_bonus_eur_per_mwh": draw.one_of(0.0, 5.7, 30.0)}
    if kind in (Kind.CHP, Kind.BOILER):
        values |= {"fuel_eur_per_mwh": draw.value(10.0, 90.0), "fuel_co2_kg_per_mwh": draw.one_of(0.0, 200.0)}
    if draw.chance(0.6):
        values["om_eur_per_mwh"] = draw.value(0.0, 12.0)
    if kind is Kind.SOURCE and draw.chance(0.5):
        return Unit(f"unit {number}", kind, draw.rng.uniform(0.0, 3.0, draw.steps), must_take=1, **values)
    values["min_share"] = draw.one_of(0.0, 0.0, 0.2, 0.5, 1.0)
    values["count"] = int(draw.one_of(1, 1, 1, 2, 3))
    if draw.chance(0.2):
        values["available"] = draw.rng.choice([0.0, 0.3, 0.7, 1.0], draw.steps)
    if memory and draw.chance(0.6):
        values |= {
            "start_eur": draw.one_of(0.0, 20.0, 150.0),
            "min_up_h": draw.one_of(0, 1, 2, 3) * step_h,
            "min_down_h": draw.one_of(0, 1, 2, 3) * step_h,
            "count": int(draw.one_of(1, 1, 2)),
        }
    return Unit(f"unit {number}", kind, float(np.round(draw.rng.uniform(1.0, 8.0), 1)), **values)


def _store(draw: _Draw, cyclic: bool) -> dict[str, Any]:
    capacity = draw.one_of(1.0, 2.9, 10.0, 25.0)
    start = draw.one_of(0.0, 0.0, 0.5, 1.0) * capacity
    store: dict[str, Any] = {
        "storage_mwh": capacity,
        "storage_loss_per_h": draw.one_of(0.0, 0.0, 0.01, 0.05),
        "storage_cycle_eur_per_mwh": draw.one_of(0.0, 0.0, 0.1, 3.0),
    }
    if draw.chance(0.6):
        store |= {"storage_charge_mw": draw.value(0.5, 6.0), "storage_discharge_mw": draw.value(0.5, 6.0)}
        store = {name: float(np.mean(value)) for name, value in store.items()}
    if cyclic:
        return store | {"storage_cyclic": True}
    if draw.chance(0.3):
        store["storage_end_mwh"] = draw.one_of(0.0, 0.3 * capacity, start)
    return store | {"storage_start_mwh": start}


def drawn_problem(seed: int, steps: int, *, store: bool = False, memory: bool = False, cyclic: bool = False) -> Problem:
    """Return a random problem.

    Parameters
    ----------
    seed : int
    steps : int
    store, memory, cyclic : bool
        Whether there is a store, whether some units have start costs and least times, and whether the store's level at
        the end is that at the start, whichever it is.
    """
    draw = _Draw(seed, steps)
    step_h = draw.one_of(1.0, 0.5, 0.25)
    units = tuple(_unit(draw, number, step_h, memory) for number in range(1, int(draw.rng.integers(2, 7))))
    settings: dict[str, Any] = _store(draw, cyclic) if store else {}
    for name, share, low, high in (
        ("charges_eur_per_mwh", 0.7, 0.0, 50.0),
        ("sale_fee_eur_per_mwh", 0.4, 0.0, 10.0),
        ("export_limit_mw", 0.4, 0.0, 3.0),
        ("import_limit_mw", 0.4, 0.0, 3.0),
        ("heat_rejection_mw", 0.5, 0.0, 6.0),
        ("co2_eur_per_t", 0.3, 0.0, 100.0),
        ("electricity_co2_kg_per_mwh", 0.3, 0.0, 500.0),
    ):
        if draw.chance(share):
            settings[name] = draw.value(low, high)
    if draw.chance(0.4):
        settings["own_use_charge_share"] = float(draw.rng.uniform())
    demand = np.round(draw.rng.uniform(0.0, 14.0, steps), 2)
    price = np.round(draw.rng.uniform(-20.0, 220.0, steps), 1)
    return Problem(units, demand, price, Settings(step_h=step_h, **settings))
