"""What a schedule adds up to: energy, starts, emissions and the parts of its cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.fields import Kind
from dhxl.core.dispatch.limits import require_possible
from dhxl.core.dispatch.plant import Plant, power_use
from dhxl.core.dispatch.problem import Problem, Value
from dhxl.core.dispatch.result import Costs, Dispatch, UnitTotals, WrongResultError

__all__ = ["checked_bound", "dispatch_of"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

CONTRADICTION = 1e-7  # of the cost; more is no rounding


def _operation(problem: Problem, plant: Plant, heat: Array, on: Counts) -> tuple[Counts, Counts]:
    """Return the running units of every unit and step, and how many start; nothing starts in the first step.

    Of equal units none starts in a step in which another one stops: that one goes on instead.
    """
    running = np.zeros((len(problem.units), problem.steps), dtype=np.int64)
    starts = np.zeros_like(running)
    for g, slot in enumerate(plant.slot):
        number = on[g]
        if not plant.switched[g]:
            full = np.broadcast_to(plant.high[g], (problem.steps,))
            share = np.divide(heat[g], full, out=np.zeros(problem.steps), where=full > 0)
            number = np.ceil(share - 1e-9).astype(np.int64)
        running[slot] += number
    starts[:, 1:] = np.maximum(np.diff(running, axis=1), 0)
    return running, starts


def checked_bound(bound_eur: float, objective_eur: float) -> float:
    """Return a lower bound, at most the cost of a schedule that exists.

    Raises
    ------
    WrongResultError
        The bound is above the cost by more than rounding: it, or the schedule, is wrong.
    """
    if bound_eur > objective_eur + CONTRADICTION * max(abs(objective_eur), 1.0):
        raise WrongResultError(f"a lower bound of {bound_eur:.9g} EUR is above a cost of {objective_eur:.9g} EUR")
    return min(bound_eur, objective_eur)


def dispatch_of(
    problem: Problem,
    plant: Plant,
    heat: Array,
    on: Counts,
    method: str,
    bound_eur: float | None = None,
    discharge_mwh: Array | None = None,
    level_mwh: Array | None = None,
) -> Dispatch:
    """Return the dispatch that a schedule of the plant's rows amounts to.

    Parameters
    ----------
    problem : Problem
    plant : Plant
        Whose rows the schedule refers to.
    heat : ndarray
        MW, shape (rows, n).
    on : ndarray
        Running units, shape (rows, n).
    method : str
        What found it.
    bound_eur : float, optional
        Proven lower bound of cost and unserved heat; without it the schedule itself is proven optimal.
    discharge_mwh, level_mwh : ndarray, optional
        Heat out of the store in a step and content at its end, shape (n,); without a store left out.

    Returns
    -------
    Dispatch

    Raises
    ------
    WrongResultError
        The schedule breaks a limit of the problem, or the bound is above its cost.
    """
    settings, n, h = problem.settings, problem.steps, problem.settings.step_h
    unit_heat = np.zeros((len(problem.units), n))
    for g, slot in enumerate(plant.slot):
        unit_heat[slot] += heat[g]
    running, starts = _operation(problem, plant, heat, on)
    charge = np.zeros(n) if discharge_mwh is None else -discharge_mwh / h
    out, into = np.zeros(n), np.zeros(n)
    lines: list[tuple[float, ...]] = []
    for unit, q, begun in zip(problem.units, unit_heat, starts, strict=True):
        use = power_use(unit)
        power_out = -q * use if unit.kind is Kind.CHP else np.zeros(n)
        power_in = q * use if unit.kind in (Kind.HEAT_PUMP, Kind.ELECTRIC_BOILER) else np.zeros(n)
        out, into = out + power_out, into + power_in
        fuel: Array = np.zeros(n)
        fuel_price: Value = 0.0
        if unit.kind in (Kind.CHP, Kind.BOILER):
            assert unit.heat_efficiency is not None and unit.fuel_eur_per_mwh is not None
            fuel, fuel_price = q / unit.heat_efficiency, unit.fuel_eur_per_mwh
        carbon = fuel * unit.fuel_co2_kg_per_mwh / 1000
        sums = (
            q * h,
            fuel * h,
            power_out * h,
            power_in * h,
            carbon * h,
            fuel * fuel_price * h,
            q * unit.om_eur_per_mwh * h,
            begun * unit.start_eur,
            -power_out * unit.power_bonus_eur_per_mwh * h,
            carbon * settings.co2_eur_per_t * h,
        )
        full = float(np.max(unit.heat_mw)) * unit.count
        full_load = float(q.sum()) * h / full if full > 0 else 0.0
        lines.append((*(float(np.sum(x)) for x in sums), full_load, float(begun.sum())))
    table = np.array(lines).reshape(len(lines), 12).T
    heat_mwh, fuel_mwh, out_mwh, in_mwh, co2_t = table[:5]
    fuel_eur, om_eur, start_eur, bonus_eur, co2_eur = table[5:10]
    full_load_hours, number_of_starts = table[10:]
    bought, sold, own = np.maximum(into - out, 0.0), np.maximum(out - into, 0.0), np.minimum(into, out)
    price, charges = problem.electricity_eur_per_mwh, settings.charges_eur_per_mwh
    grid_carbon = bought * settings.electricity_co2_kg_per_mwh / 1000

    def total(rate: Array) -> float:
        return float(np.sum(rate)) * h

    costs = Costs(
        fuel_eur=float(fuel_eur.sum()),
        om_eur=float(om_eur.sum()),
        start_eur=float(start_eur.sum()),
        power_bought_eur=total(bought * price),
        charges_eur=total((bought + settings.own_use_charge_share * own) * charges),
        power_sold_eur=-total(sold * price),
        sale_fee_eur=total(sold * settings.sale_fee_eur_per_mwh),
        power_bonus_eur=float(bonus_eur.sum()),
        co2_eur=float(co2_eur.sum()) + total(grid_carbon * settings.co2_eur_per_t),
        storage_cycle_eur=total(np.abs(charge) * settings.storage_cycle_eur_per_mwh),
    )
    unserved_eur = total(heat[-1] * settings.unserved_eur_per_mwh)
    objective = costs.total_eur + unserved_eur
    found = Dispatch(
        problem=problem,
        method=method,
        heat_mw=unit_heat,
        running=running,
        charge_mw=charge,
        level_mwh=np.zeros(n) if level_mwh is None else level_mwh,
        power_out_mw=out,
        power_in_mw=into,
        unserved_mw=heat[-1],
        rejected_mw=-heat[-2],
        units=UnitTotals(
            heat_mwh,
            full_load_hours,
            number_of_starts,
            fuel_mwh,
            out_mwh,
            in_mwh,
            fuel_eur + om_eur + start_eur + bonus_eur + co2_eur,
            co2_t,
        ),
        grid_co2_t=total(grid_carbon),
        costs=costs,
        unserved_eur=unserved_eur,
        bound_eur=objective if bound_eur is None else checked_bound(bound_eur, objective),
    )
    require_possible(found)
    return found
