"""The cost of a schedule, added up from the problem's own columns step by step and unit by unit."""

from __future__ import annotations

import numpy as np

from dhxl.core.dispatch import Dispatch, Kind

__all__ = ["recounted_objective"]


def recounted_objective(found: Dispatch) -> float:
    """Return cash cost and price of unserved heat of a schedule, without the accounts of the package."""
    problem, settings = found.problem, found.problem.settings
    n, h = problem.steps, settings.step_h

    def row(value: object) -> np.ndarray:
        return np.broadcast_to(np.asarray(0.0 if value is None else value, dtype=float), (n,))

    taken, made = np.zeros(n), np.zeros(n)
    total = float((found.unserved_mw * row(settings.unserved_eur_per_mwh)).sum()) * h
    total += float(np.abs(found.charge_mw).sum()) * settings.storage_cycle_eur_per_mwh * h
    for unit, heat, running in zip(problem.units, found.heat_mw, found.running, strict=True):
        total += float((heat * row(unit.om_eur_per_mwh)).sum()) * h
        if unit.kind in (Kind.BOILER, Kind.CHP):
            fuel = heat / row(unit.heat_efficiency)
            carbon = row(unit.fuel_co2_kg_per_mwh) * row(settings.co2_eur_per_t) / 1000
            total += float((fuel * (row(unit.fuel_eur_per_mwh) + carbon)).sum()) * h
        if unit.kind is Kind.CHP:
            power = heat / row(unit.heat_efficiency) * row(unit.power_efficiency)
            made = made + power
            total -= float((power * row(unit.power_bonus_eur_per_mwh)).sum()) * h
        if unit.kind is Kind.HEAT_PUMP:
            taken = taken + heat / row(unit.cop)
        if unit.kind is Kind.ELECTRIC_BOILER:
            taken = taken + heat / row(unit.heat_efficiency)
        starts = np.maximum(np.diff(running, prepend=running[:1]), 0)
        total += float((starts * row(unit.start_eur)).sum())
    bought, sold, own = np.maximum(taken - made, 0), np.maximum(made - taken, 0), np.minimum(taken, made)
    grid_carbon = row(settings.electricity_co2_kg_per_mwh) * row(settings.co2_eur_per_t) / 1000
    price, charges = problem.electricity_eur_per_mwh, row(settings.charges_eur_per_mwh)
    total += float((bought * (price + charges + grid_carbon)).sum()) * h
    total += float((own * charges).sum()) * settings.own_use_charge_share * h
    return total - float((sold * (price - row(settings.sale_fee_eur_per_mwh))).sum()) * h
