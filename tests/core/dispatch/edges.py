"""Random problems at the edges of what may be asked: units that are not there, nothing available, limits of zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from dhxl.core.dispatch import Problem, Settings
from tests.core.dispatch.drawn import drawn_problem

__all__ = ["edge_problem"]


def edge_problem(seed: int) -> Problem:
    """Return a random problem of at most 8 steps with some of its edges drawn."""
    rng = np.random.default_rng(seed + 500_000)
    steps = int(rng.choice([1, 1, 2, 5, 8]))
    store = bool(rng.random() < 0.6)
    problem = drawn_problem(
        seed, steps, store=store, memory=bool(rng.random() < 0.5), cyclic=store and bool(rng.random() < 0.15)
    )
    units = []
    for unit in problem.units:
        change: dict[str, Any] = {}
        draw = rng.random()
        if draw < 0.2 and not unit.must_take:
            change["count"] = 0
        elif draw < 0.4:
            change["available"] = float(rng.choice([0.0, 1e-9]))
        elif draw < 0.5:
            change["heat_mw"] = 0.0
        if rng.random() < 0.1 and not unit.must_take:
            change |= {"min_up_h": 8784.0}
        units.append(replace(unit, **change))
    if rng.random() < 0.1:
        units = []
    settings: dict[str, Any] = {}
    for name in ("export_limit_mw", "import_limit_mw", "heat_rejection_mw"):
        if rng.random() < 0.25:
            settings[name] = 0.0
    if store and rng.random() < 0.3:
        settings["storage_loss_per_h"] = float(rng.choice([0.5, 0.99, 0.999]))
    if store and rng.random() < 0.2:
        settings[str(rng.choice(["storage_charge_mw", "storage_discharge_mw"]))] = 0.0
    if rng.random() < 0.1:
        settings["step_h"] = float(rng.choice([2.0, 24.0]))
    given: Settings = replace(problem.settings, **settings)
    demand = problem.demand_mw * (rng.random() > 0.15) * (rng.random(steps) > 0.15)
    price = problem.electricity_eur_per_mwh * (rng.random() > 0.15)
    return Problem(tuple(units), demand, price, given)
