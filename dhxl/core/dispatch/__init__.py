"""Dispatch of heat and power units and one store: least cost, step by step, with a proof."""

from __future__ import annotations

from dhxl.core.dispatch.fields import METHODS, SETTING_FIELDS, UNIT_FIELDS, Kind
from dhxl.core.dispatch.problem import Problem, Settings, Unit
from dhxl.core.dispatch.result import Costs, Dispatch, UnitTotals
from dhxl.core.dispatch.solve import dispatch, remembered_dispatch, warm

__all__ = [
    "METHODS",
    "SETTING_FIELDS",
    "UNIT_FIELDS",
    "Costs",
    "Dispatch",
    "Kind",
    "Problem",
    "Settings",
    "Unit",
    "UnitTotals",
    "dispatch",
    "remembered_dispatch",
    "warm",
]
