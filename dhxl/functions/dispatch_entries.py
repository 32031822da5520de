"""What stands in the ranges of a dispatch, for the reference: columns of units and series, rows of settings."""

from __future__ import annotations

import dataclasses
from typing import Any

from dhxl.core.dispatch import METHODS, SETTING_FIELDS, UNIT_FIELDS
from dhxl.core.dispatch.fields import EVERY, SERIES_LIMITS, Field, Kind
from dhxl.core.dispatch.problem import Settings, Unit
from dhxl.functions.arguments import Argument, text, whole
from dhxl.units import FRACTION, SUFFIXES, suffix_of

__all__ = ["SERIES_ENTRIES", "SETTING_ENTRIES", "UNIT_ENTRIES"]


def _entry(field: Field, note: str = "") -> Argument:
    """Return a field as a reference shows it, with its unit."""
    suffix = suffix_of(field.name)
    return Argument(
        field.name,
        field.text + note,
        "whole" if field.whole else "number",
        SUFFIXES[suffix][0] if suffix else FRACTION,
        at_least=field.at_least,
        at_most=field.at_most,
        above=field.above,
    )


def _entries(fields: dict[str, Field], owner: type[Any]) -> tuple[Argument, ...]:
    """Return fields with their defaults, the kinds of unit that they are for, and whether a series may stand there."""
    defaults = {one.name: one.default for one in dataclasses.fields(owner)}
    entries = []
    for field in fields.values():
        kinds = "" if field.kinds == EVERY else f"; {', '.join(kind for kind in Kind if kind in field.kinds)} only"
        entry = _entry(field, kinds + (" (or a column of series)" if field.series else ""))
        default = defaults[field.name]
        required = field.needed or default is dataclasses.MISSING
        entries.append(entry if required else entry.with_default(default))
    return tuple(entries)


UNIT_ENTRIES = (
    text("unit", "Name, as results and messages call it"),
    text("type", "Kind of unit", tuple(Kind)),
    *_entries(UNIT_FIELDS, Unit),
)
SERIES_ENTRIES = (
    _entry(SERIES_LIMITS["demand_mw"]),
    _entry(SERIES_LIMITS["electricity_eur_per_mwh"], "; needed for heat_pump, chp and electric_boiler").with_default(
        None
    ),
    whole("month", "Month of the step, for DH_DISPATCH_MONTHLY", at_least=1, at_most=12).with_default(None),
)
SETTING_ENTRIES = (
    text("method", "optimal: least cost, proven; milp: by HiGHS; priority: by rules", METHODS).with_default(
        Settings().method
    ),
    *_entries(SETTING_FIELDS, Settings),
)
