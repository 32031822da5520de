"""The limits that every schedule keeps, whoever made it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.problem import Problem, Unit
from dhxl.core.dispatch.result import Dispatch, WrongResultError

__all__ = ["REACH", "least_steps", "require_possible"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

REACH = 1e-6  # MW or MWh, and of the greatest heat of the problem; more is no rounding


def least_steps(problem: Problem, hours: float) -> int:
    """Return the steps that a least time takes, at most all there are.

    Examples
    --------
    >>> least_steps(Problem((), np.ones(8), np.zeros(8)), 2.5)
    3
    """
    return max(1, min(math.ceil(hours / problem.settings.step_h - 1e-9), problem.steps))


def require_possible(found: Dispatch) -> None:
    """Raise if a dispatch breaks a limit of its problem.

    Parameters
    ----------
    found : Dispatch

    Raises
    ------
    WrongResultError
        Naming the limit, by how much it is broken at most, and in which step.
    """
    problem = found.problem
    size = max(float(problem.demand_mw.max()), problem.settings.storage_mwh, float(found.heat_mw.max(initial=0.0)), 1.0)
    for limit, excess in _excesses(found):
        most = float(np.max(excess, initial=0.0))
        if not most <= REACH * size:
            step = int(np.argmax(excess)) + 1
            raise WrongResultError(f"a schedule of method {found.method} breaks {limit} by {most:.3g} in step {step}")


def _excesses(found: Dispatch) -> Iterator[tuple[str, Array]]:
    """Yield every limit and by how much it is broken in each step."""
    problem, settings = found.problem, found.problem.settings
    given = found.heat_mw.sum(axis=0) + found.unserved_mw - found.rejected_mw - found.charge_mw
    yield "the heat balance", np.abs(given - problem.demand_mw)
    yield "the demand (unserved_mw)", np.maximum(found.unserved_mw - problem.demand_mw, -found.unserved_mw)
    yield "heat_rejection_mw", np.maximum(found.rejected_mw - settings.heat_rejection_mw, -found.rejected_mw)
    if any(np.any(power) for power in (found.power_in_mw, found.power_out_mw)):
        yield "import_limit_mw", found.bought_mw - settings.import_limit_mw
        yield "export_limit_mw", found.sold_mw - settings.export_limit_mw
    for unit, heat, running in zip(problem.units, found.heat_mw, found.running, strict=True):
        for limit, excess in _unit_excesses(problem, unit, heat, running):
            yield f"{limit} of unit {unit.name}", excess
    yield from _store_excesses(found)


def _unit_excesses(problem: Problem, unit: Unit, heat: Array, running: Counts) -> Iterator[tuple[str, Array]]:
    full = np.broadcast_to(np.multiply(unit.heat_mw, unit.available), heat.shape)
    if unit.must_take:
        yield "must_take", np.abs(heat - unit.count * full)
        return
    least = np.multiply(unit.min_share, unit.heat_mw)
    yield "count", np.maximum(running - unit.count, -running).astype(np.float64)
    yield "heat_mw", heat - running * full
    yield "min_share", running * least - heat
    if unit.min_up_h > 0 or unit.min_down_h > 0:
        change = np.diff(running, prepend=running[:1])
        up, down = least_steps(problem, unit.min_up_h), least_steps(problem, unit.min_down_h)
        yield "min_up_h", (_sum_of_last(np.maximum(change, 0), up) - running).astype(np.float64)
        yield "min_down_h", (_sum_of_last(np.maximum(-change, 0), down) - unit.count + running).astype(np.float64)


def _sum_of_last(values: Counts, number: int) -> Counts:
    total = np.concatenate(([0], np.cumsum(values)))
    return total[1:] - total[np.maximum(np.arange(1, values.size + 1) - number, 0)]


def _store_excesses(found: Dispatch) -> Iterator[tuple[str, Array]]:
    settings, level = found.problem.settings, found.level_mwh
    if settings.storage_mwh == 0:
        yield "storage_mwh", np.abs(found.charge_mw) + np.abs(level)
        return
    h = settings.step_h
    yield "storage_mwh", np.maximum(level - settings.storage_mwh, -level)
    yield "storage_charge_mw", found.charge_mw - settings.storage_charge_mw
    yield "storage_discharge_mw", -found.charge_mw - settings.storage_discharge_mw
    begin = level[-1] if settings.storage_cyclic else settings.storage_start_mwh
    kept = np.concatenate(([begin], level[:-1])) * (1 - settings.storage_loss_per_h) ** h
    yield "the balance of the store", np.abs(level - kept - found.charge_mw * h)
    if not settings.storage_cyclic:
        end = np.zeros_like(level)
        end[-1] = abs(level[-1] - settings.level_at_end_mwh)
        yield "storage_end_mwh", end
