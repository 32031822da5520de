"""The dispatch of a problem: every step, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.problem import Problem
from dhxl.errors import NoSolutionError

__all__ = ["Costs", "Dispatch", "NotProvenError", "UnitTotals", "WrongResultError"]

Array = npt.NDArray[np.float64]


class NotProvenError(NoSolutionError):
    """A method has no schedule, or no proof for it, though the problem may well have one."""


class WrongResultError(RuntimeError):
    """A schedule that breaks a limit of its problem, or a bound above a cost: a fault of a method, not of the input."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The parts of the cash cost, EUR; what is earned is negative."""

    fuel_eur: float
    om_eur: float
    start_eur: float
    power_bought_eur: float
    charges_eur: float
    power_sold_eur: float
    sale_fee_eur: float
    power_bonus_eur: float
    co2_eur: float
    storage_cycle_eur: float

    @property
    def total_eur(self) -> float:
        """Sum of the parts."""
        return float(sum(getattr(self, part.name) for part in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class UnitTotals:
    """Sums over all steps, one value a unit; ``cost_eur`` is fuel, O&M, starts and CO2 of the fuel less the bonus."""

    heat_mwh: Array
    full_load_hours: Array
    starts: Array
    fuel_mwh: Array
    power_out_mwh: Array
    power_in_mwh: Array
    cost_eur: Array
    co2_t: Array


@dataclass(frozen=True, slots=True, eq=False)
class Dispatch:
    """What runs when, and what it costs.

    ``heat_mw`` and ``running`` (number of running units) have shape (units, n); the other arrays have shape (n,):
    ``charge_mw`` is positive into the store and negative out of it, ``level_mwh`` the content at the end of a step.
    ``bound_eur`` is a proven lower bound of the least ``objective_eur``, the cash cost plus the price of unserved heat.
    ``note`` says where another method than the one wanted was used, and why.
    """

    problem: Problem
    method: str
    heat_mw: Array
    running: npt.NDArray[np.int64]
    charge_mw: Array
    level_mwh: Array
    power_out_mw: Array
    power_in_mw: Array
    unserved_mw: Array
    rejected_mw: Array
    units: UnitTotals
    grid_co2_t: float
    costs: Costs
    unserved_eur: float
    bound_eur: float
    note: str = ""

    @property
    def bought_mw(self) -> Array:
        """Power from the grid."""
        return np.maximum(self.power_in_mw - self.power_out_mw, 0.0)

    @property
    def sold_mw(self) -> Array:
        """Power to the grid."""
        return np.maximum(self.power_out_mw - self.power_in_mw, 0.0)

    @property
    def own_use_mw(self) -> Array:
        """Own power that own heat pumps and electric boilers take."""
        return np.minimum(self.power_out_mw, self.power_in_mw)

    @property
    def cost_eur(self) -> float:
        """Cash cost, without the price of unserved heat."""
        return self.costs.total_eur

    @property
    def objective_eur(self) -> float:
        """What is minimised: cash cost and the price of unserved heat."""
        return self.costs.total_eur + self.unserved_eur

    @property
    def gap(self) -> float:
        """Proven distance to the optimum as a share of the objective."""
        return (self.objective_eur - self.bound_eur) / max(abs(self.objective_eur), 1e-9)

    @property
    def first_unserved_step(self) -> int | None:
        """Number of the first step (from 1) in which heat is lacking."""
        lacking = np.flatnonzero(self.unserved_mw > 1e-6)
        return int(lacking[0]) + 1 if lacking.size else None

    def mwh(self, power_mw: Array) -> float:
        """Energy of a power over all steps."""
        return float(power_mw.sum()) * self.problem.settings.step_h
