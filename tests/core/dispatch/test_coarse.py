"""Quarter-hours that are too many for the time begin with what the hours say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dhxl.core.dispatch import Settings, dispatch
from dhxl.core.dispatch.budget import budget_of
from dhxl.core.dispatch.coarse import hourly_commitment
from dhxl.core.dispatch.commitment import committed_dispatch
from dhxl.core.dispatch.priority import priority_dispatch
from dhxl.core.dispatch.problem import Problem
from tests.core.dispatch.test_budget import plant_with_store


def quarters(steps: int) -> Problem:
    """Return the plant of the tests of time and memory in quarter-hours."""
    problem = plant_with_store(steps)
    settings: Settings = replace(problem.settings, step_h=0.25, heat_rejection_mw=1.0)
    return replace(problem, settings=settings)


def test_the_units_of_the_hours_are_possible_in_quarter_hours_and_near_the_optimum() -> None:
    """Proves: least times and the store are kept, and that it is worth its time.

    Sensitivity: the schedule by rules alone is dearer; with steps taken as hours, least times would be too long.
    """
    problem = quarters(240)
    running = hourly_commitment(problem, budget_of(60.0))
    assert running is not None
    assert running.shape == (3, 240)
    assert np.all(running[:, ::4] == running[:, 3::4])
    found = committed_dispatch(problem, running, "milp", -np.inf)
    least = dispatch(problem)
    assert least.method == "optimal"
    assert least.objective_eur - 1e-6 <= found.objective_eur <= 1.02 * least.objective_eur
    assert found.objective_eur < priority_dispatch(problem).objective_eur


@pytest.mark.parametrize(("step_h", "steps"), [(1.0, 24), (0.25, 30), (0.4, 20), (2.0, 8)])
def test_steps_that_are_no_parts_of_whole_hours_have_none(step_h: float, steps: int) -> None:
    problem = plant_with_store(steps)
    assert (
        hourly_commitment(replace(problem, settings=replace(problem.settings, step_h=step_h)), budget_of(9.0)) is None
    )
