"""A commitment for quarter-hours and half-hours from the same problem in hours, which is solved many times faster."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.optimal import beyond_reach, optimal_dispatch
from dhxl.core.dispatch.plant import kinds_of
from dhxl.core.dispatch.problem import Problem, Settings, Unit
from dhxl.errors import NoSolutionError

__all__ = ["hourly_commitment"]

Counts = npt.NDArray[np.int64]
Holder = TypeVar("Holder", Unit, Settings)


def hourly_commitment(problem: Problem, budget: Budget) -> Counts | None:
    """Return which units run if they are switched on the hour only, at least cost with the means of the hours.

    Parameters
    ----------
    problem : Problem
    budget : Budget
        The time and memory that it may take.

    Returns
    -------
    ndarray or None
        Running units, shape (units, n), least times observed; None where the steps are no parts of hours, or nothing
        was found. In single steps of an hour these units may not fit the demand.
    """
    parts = round(1.0 / problem.settings.step_h)
    if parts < 2 or abs(parts * problem.settings.step_h - 1.0) > 1e-9 or problem.steps % parts:
        return None

    def mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(values.reshape(-1, parts).mean(axis=1))

    def hourly(holder: Holder) -> Holder:
        values = {f.name: getattr(holder, f.name) for f in fields(holder)}
        means: dict[str, Any] = {name: mean(v) for name, v in values.items() if isinstance(v, np.ndarray)}
        return replace(holder, **means)

    hours = Problem(
        tuple(map(hourly, problem.units)),
        mean(problem.demand_mw),
        mean(problem.electricity_eur_per_mwh),
        replace(hourly(problem.settings), step_h=1.0),
    )
    if beyond_reach(hours, kinds_of(hours)):
        return None
    try:
        running = optimal_dispatch(hours, budget).running
    except NoSolutionError:
        return None
    return np.repeat(running, parts, axis=1)
