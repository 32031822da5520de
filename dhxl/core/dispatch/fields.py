"""The columns of a unit and the settings of a dispatch: meaning, limits, default, and for which kinds of unit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import outside

__all__ = ["METHODS", "SERIES_LIMITS", "SETTING_FIELDS", "UNIT_FIELDS", "Field", "Kind", "step_name"]

METHODS = ("optimal", "milp", "priority")


class Kind(StrEnum):
    """Kinds of unit."""

    HEAT_PUMP = "heat_pump"
    CHP = "chp"
    BOILER = "boiler"
    ELECTRIC_BOILER = "electric_boiler"
    SOURCE = "source"


EVERY = frozenset(Kind)
FUELLED = frozenset((Kind.CHP, Kind.BOILER))


def step_name(step: int) -> str:
    """Return how a message names a step; steps are counted from 1 there."""
    return f"step {step + 1}"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the units, or a setting.

    ``needed`` and ``kinds`` are the kinds of unit that must and may have it; a ``series`` field may vary from step to
    step; limits are inclusive except ``above``. ``default`` is taken where nothing is given.
    """

    name: str
    text: str
    default: float = 0.0
    at_least: float | None = 0.0
    above: float | None = None
    at_most: float | None = 1e6
    series: bool = True
    whole: bool = False
    kinds: frozenset[Kind] = EVERY
    needed: frozenset[Kind] = frozenset()

    def faults(self, value: float | npt.NDArray[np.float64], place: Callable[[int], str] = step_name) -> list[str]:
        """Return sentences on a value outside the limits; of a series on its first one, and the place of that."""
        if isinstance(value, np.ndarray):
            fits = np.isfinite(value)
            if self.at_least is not None:
                fits &= value >= self.at_least
            if self.above is not None:
                fits &= value > self.above
            if self.at_most is not None:
                fits &= value <= self.at_most
            if fits.all():
                return []
            step = int(np.argmin(fits))
            return [f"{fault} in {place(step)}" for fault in self.faults(float(value[step]))]
        if math.isinf(value) and value == self.default:
            return []
        if self.whole and math.isfinite(value) and value != math.floor(value):
            return [f"{self.name} must be a whole number, got {value:.12g}"]
        return outside(self.name, value, at_least=self.at_least, above=self.above) or outside(
            self.name, value, at_most=self.at_most
        )


def _by_name(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


UNIT_FIELDS = _by_name(
    Field("heat_mw", "Heat output at full load, of one unit", needed=EVERY, at_most=1e5),
    Field("count", "Number of equal units", default=1.0, series=False, whole=True, at_most=50),
    Field("min_share", "Least load as a share of full load while running; 1 = on or off only", at_most=1.0),
    Field(
        "cop",
        "Heat per power taken",
        above=0.0,
        at_least=None,
        at_most=100.0,
        kinds=frozenset((Kind.HEAT_PUMP,)),
        needed=frozenset((Kind.HEAT_PUMP,)),
    ),
    Field(
        "heat_efficiency",
        "Heat per fuel (lower heating value); of an electric boiler per power taken",
        above=0.0,
        at_least=None,
        at_most=2.0,
        kinds=FUELLED | {Kind.ELECTRIC_BOILER},
        needed=FUELLED | {Kind.ELECTRIC_BOILER},
    ),
    Field(
        "power_efficiency",
        "Power per fuel (lower heating value)",
        above=0.0,
        at_least=None,
        at_most=2.0,
        kinds=frozenset((Kind.CHP,)),
        needed=frozenset((Kind.CHP,)),
    ),
    Field("fuel_eur_per_mwh", "Price of fuel (lower heating value)", at_least=-1e6, kinds=FUELLED, needed=FUELLED),
    Field("om_eur_per_mwh", "Variable operation and maintenance per heat", at_least=-1e6),
    Field("power_bonus_eur_per_mwh", "Bonus per power produced", at_least=-1e6, kinds=frozenset((Kind.CHP,))),
    Field("start_eur", "Cost of a start of one unit", at_most=1e9),
    Field("min_up_h", "Least time in operation after a start", series=False, at_most=8784),
    Field("min_down_h", "Least time at rest after a stop", series=False, at_most=8784),
    Field("fuel_co2_kg_per_mwh", "Emission of the fuel", kinds=FUELLED, at_most=1e5),
    Field("priority", "Place in the order of the method priority; lower runs first", series=False, at_least=None),
    Field("available", "Share of full load that is available", default=1.0, at_most=1.0),
    Field(
        "must_take",
        "1: the available heat must be taken",
        series=False,
        whole=True,
        at_most=1.0,
        kinds=frozenset((Kind.SOURCE,)),
    ),
)

SETTING_FIELDS = _by_name(
    Field(
        "gap_target", "Certified distance to the optimum that is good enough", default=1e-5, at_most=1.0, series=False
    ),
    Field(
        "time_limit_s",
        "Time that a dispatch may take, its proof included; 10 in a cell of Excel",
        default=60.0,
        at_least=1.0,
        series=False,
    ),
    Field(
        "step_h",
        "Length of a step; blank: what makes the rows a year (35040: 0.25), else 1",
        default=1.0,
        above=0.0,
        at_least=None,
        at_most=24.0,
        series=False,
    ),
    Field("charges_eur_per_mwh", "Charges and taxes on power bought"),
    Field("own_use_charge_share", "Share of the charges that is due on own power used", at_most=1.0, series=False),
    Field("sale_fee_eur_per_mwh", "Fee on power sold"),
    Field("export_limit_mw", "Most power that can be sold", default=math.inf),
    Field("import_limit_mw", "Most power that can be bought", default=math.inf),
    Field("storage_mwh", "Capacity of the heat store", series=False, at_most=1e7),
    Field("storage_charge_mw", "Most heat into the store", default=math.inf, series=False, at_most=1e6),
    Field("storage_discharge_mw", "Most heat out of the store", default=math.inf, series=False, at_most=1e6),
    Field("storage_loss_per_h", "Share of the content lost in an hour", series=False, at_most=0.999),
    Field(
        "storage_start_mwh",
        "Content before the first step; the word cyclic: the best one, at both ends",
        series=False,
        at_most=1e7,
    ),
    Field("storage_end_mwh", "Content after the last step; at the start if blank", series=False, at_most=1e7),
    Field("storage_cycle_eur_per_mwh", "Cost of every MWh charged and of every MWh discharged", series=False),
    Field("heat_rejection_mw", "Most heat that can be thrown away"),
    Field("unserved_eur_per_mwh", "Price of heat that is not delivered", default=10000.0),
    Field("co2_eur_per_t", "Price of the emissions of fuel and of power bought", at_most=1e5),
    Field("electricity_co2_kg_per_mwh", "Emission of power bought", at_most=1e5),
)

SERIES_LIMITS = _by_name(
    Field("demand_mw", "Heat demand", at_most=1e5),
    Field("electricity_eur_per_mwh", "Price of power on the exchange", at_least=-1e6),
)
