"""The dispatch problem as frozen data: units, settings, and the demand and power price of every step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.calendar import STEP_OF_ROWS, calendar_faults
from dhxl.core.dispatch.fields import METHODS, SERIES_LIMITS, SETTING_FIELDS, UNIT_FIELDS, Kind, step_name
from dhxl.errors import InputError

__all__ = ["Problem", "Settings", "Unit", "Value", "setting_faults", "unit_faults"]

Array = npt.NDArray[np.float64]
Value = float | Array  # the same in every step, or one value a step


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit, or several equal ones; what each field means and its limits stand in :data:`fields.UNIT_FIELDS`."""

    name: str
    kind: Kind
    heat_mw: Value
    count: int = 1
    min_share: Value = 0.0
    cop: Value | None = None
    heat_efficiency: Value | None = None
    power_efficiency: Value | None = None
    fuel_eur_per_mwh: Value | None = None
    om_eur_per_mwh: Value = 0.0
    power_bonus_eur_per_mwh: Value = 0.0
    start_eur: Value = 0.0
    min_up_h: float = 0.0
    min_down_h: float = 0.0
    fuel_co2_kg_per_mwh: Value = 0.0
    priority: float | None = None
    available: Value = 1.0
    must_take: int = 0

    @property
    def remembers(self) -> bool:
        """Whether its operation depends on the steps before: start costs or least times."""
        return max(self.min_up_h, self.min_down_h) > 0 or bool(np.any(np.greater(self.start_eur, 0.0)))


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Method, grid, store and prices; what each field means and its limits stand in :data:`fields.SETTING_FIELDS`."""

    method: str = "optimal"
    gap_target: float = 1e-5
    time_limit_s: float = 60.0
    step_h: float = 1.0
    charges_eur_per_mwh: Value = 0.0
    own_use_charge_share: float = 0.0
    sale_fee_eur_per_mwh: Value = 0.0
    export_limit_mw: Value = math.inf
    import_limit_mw: Value = math.inf
    storage_mwh: float = 0.0
    storage_charge_mw: float = math.inf
    storage_discharge_mw: float = math.inf
    storage_loss_per_h: float = 0.0
    storage_start_mwh: float = 0.0
    storage_end_mwh: float | None = None
    storage_cyclic: bool = False
    storage_cycle_eur_per_mwh: float = 0.0
    heat_rejection_mw: Value = 0.0
    unserved_eur_per_mwh: Value = 10000.0
    co2_eur_per_t: Value = 0.0
    electricity_co2_kg_per_mwh: Value = 0.0

    @property
    def level_at_end_mwh(self) -> float:
        """Content of the store after the last step (without meaning where it is cyclic)."""
        return self.storage_start_mwh if self.storage_end_mwh is None else self.storage_end_mwh


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A dispatch problem: what is asked of a method.

    Parameters
    ----------
    units : tuple of Unit
        In the order in which ties are broken.
    demand_mw : ndarray
        Heat demand of every step, MW, shape (n,), at least 0.
    electricity_eur_per_mwh : ndarray
        Exchange price of power in every step, EUR/MWh, shape (n,); may be negative.
    settings : Settings

    Raises
    ------
    InputError
        Anything outside its limits, all at once.
    """

    units: tuple[Unit, ...]
    demand_mw: Array
    electricity_eur_per_mwh: Array
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        for name in ("demand_mw", "electricity_eur_per_mwh"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.float64))
        problems = _series_faults(self)
        meant = STEP_OF_ROWS.get(self.demand_mw.size, self.settings.step_h)
        if meant != self.settings.step_h:
            faults = calendar_faults(self.demand_mw.size, self.settings.step_h)
            problems += [f"demand_mw {fault}" for fault in faults]
        for number, unit in enumerate(self.units, start=1):
            faults = [sentence for _, sentence in unit_faults(unit)] + _length_faults(unit, self.steps)
            problems += [f"unit {number} ({unit.name}), {fault}" for fault in faults]
        problems += [sentence for _, sentence in setting_faults(self.settings)]
        problems += _length_faults(self.settings, self.steps)
        if problems:
            raise InputError(problems)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.demand_mw.size


def _length_faults(holder: Unit | Settings, steps: int) -> list[str]:
    values = {f.name: getattr(holder, f.name) for f in fields(holder)}
    return [
        f"{name} has {value.size} values for {steps} steps"
        for name, value in values.items()
        if isinstance(value, np.ndarray) and value.shape != (steps,)
    ]


def _series_faults(problem: Problem) -> list[str]:
    faults = []
    if problem.demand_mw.ndim != 1 or not problem.demand_mw.size:
        faults.append("demand_mw must be a row of at least one number")
    if problem.electricity_eur_per_mwh.shape != problem.demand_mw.shape:
        faults.append(
            f"electricity_eur_per_mwh has {problem.electricity_eur_per_mwh.size} values "
            f"for {problem.demand_mw.size} of demand_mw"
        )
    for name, limits in SERIES_LIMITS.items():
        faults += limits.faults(getattr(problem, name))
    return faults


def unit_faults(unit: Unit, place: Callable[[int], str] = step_name) -> list[tuple[str, str]]:
    """Return what a unit lacks, has too much, or has outside its limits, as (field, sentence).

    Parameters
    ----------
    unit : Unit
    place : callable, optional
        How a message names a step.

    Returns
    -------
    list of tuple of str

    Examples
    --------
    >>> unit_faults(Unit("B", Kind.BOILER, -4.5, heat_efficiency=0.9))[0]
    ('heat_mw', 'heat_mw must be >= 0 MW, got -4.5')
    """
    faults = []
    for name, limits in UNIT_FIELDS.items():
        value = getattr(unit, name)
        if value is None:
            if unit.kind in limits.needed:
                faults.append((name, f"{name} is needed for a {unit.kind}"))
        elif unit.kind in limits.kinds:
            faults += [(name, sentence) for sentence in limits.faults(value, place)]
        elif np.any(np.not_equal(value, limits.default)):
            faults.append((name, f"{name} has no meaning for a {unit.kind} and must be blank"))
    return faults


def setting_faults(settings: Settings, place: Callable[[int], str] = step_name) -> list[tuple[str, str]]:
    """Return settings outside their limits or in contradiction to each other, as (setting, sentence).

    Parameters
    ----------
    settings : Settings
    place : callable, optional
        How a message names a step.

    Returns
    -------
    list of tuple of str

    Examples
    --------
    >>> setting_faults(Settings(storage_mwh=2.0, storage_start_mwh=3.0))
    [('storage_start_mwh', 'storage_start_mwh must be <= storage_mwh (2 MWh), got 3')]
    """
    faults = []
    if settings.method not in METHODS:
        faults.append(("method", f"method must be one of {', '.join(METHODS)}, got {settings.method!r}"))
    for name, limits in SETTING_FIELDS.items():
        value = getattr(settings, name)
        if value is not None:
            faults += [(name, sentence) for sentence in limits.faults(value, place)]
    for name in ("storage_start_mwh", "storage_end_mwh"):
        level = getattr(settings, name)
        if level is not None and level > settings.storage_mwh:
            faults.append((name, f"{name} must be <= storage_mwh ({settings.storage_mwh:.12g} MWh), got {level:.12g}"))
    if settings.storage_cyclic and settings.storage_end_mwh is not None:
        faults.append(("storage_end_mwh", "storage_end_mwh must be blank where storage_start_mwh is cyclic"))
    return faults
