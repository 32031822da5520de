"""Unit suffixes of names and how the units are spelled; one unit per quantity, see §4 of docs/convention.md."""

from __future__ import annotations

import re

__all__ = ["FRACTION", "SUFFIXES", "suffix_of", "unit_fits"]

_VARIANT = re.compile(r"_(low|medium|high|[1-9])$")
FRACTION = "-"

# suffix -> accepted spellings; the first is the usual one. Longest suffix wins.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "mwh": ("MWh", "MWh/a"),
    "mw": ("MW",),
    "kw": ("kW",),
    "degc": ("°C",),
    "k": ("K",),
    "kd": ("K·d",),
    "w_per_m": ("W/m",),
    "w_per_mk": ("W/(m·K)",),
    "mwh_per_m": ("MWh/(m·a)",),
    "kw_per_m": ("kW/m",),
    "m": ("m",),
    "mm": ("mm",),
    "m3": ("m³",),
    "m3_per_h": ("m³/h",),
    "eur": ("EUR", "EUR/a"),
    "eur_per_mwh": ("EUR/MWh",),
    "eur_per_sm3": ("EUR/Sm³",),
    "eur_per_m": ("EUR/m",),
    "eur_per_m2": ("EUR/m²",),
    "eur_per_m3": ("EUR/m³",),
    "eur_per_t": ("EUR/t",),
    "eur_per_kw": ("EUR/kW",),
    "t": ("t CO2e", "t CO2e/a"),
    "kg_per_mwh": ("kg CO2e/MWh",),
    "kwh_per_sm3": ("kWh/Sm³",),
    "sm3": ("Sm³", "Sm³/a"),
    "bar": ("bar",),
    "pa_per_m": ("Pa/m",),
    "m_per_s": ("m/s",),
    "m2_per_s": ("m²/s",),
    "s": ("s",),
    "h": ("h", "h/a"),
    "per_h": ("1/h",),
    "days": ("d",),
    "years": ("a",),
}


def suffix_of(name: str) -> str | None:
    """Return the unit suffix that a name ends in, or None.

    The longest known suffix that follows an underscore (or is the whole name) counts, so that
    ``loss_mwh_per_m`` is MWh/(m·a) and not metres. A price scenario or the number of a solution may follow it.

    Examples
    --------
    >>> suffix_of("loss_mwh_per_m")
    'mwh_per_m'
    >>> suffix_of("efficiency") is None
    True
    >>> suffix_of("gas_price_eur_per_sm3_low"), suffix_of("npv_eur_4")
    ('eur_per_sm3', 'eur')
    """
    name = _VARIANT.sub("", name)
    found = [s for s in SUFFIXES if name == s or name.endswith("_" + s)]
    return max(found, key=len) if found else None


def unit_fits(name: str, unit: str) -> bool:
    """Return whether a name's suffix and a spelled unit agree.

    A name without a known suffix fits only the unit of fractions and counts, ``-``.

    Examples
    --------
    >>> unit_fits("trench_length_m", "m"), unit_fits("efficiency", "-"), unit_fits("power_mw", "kW")
    (True, True, False)
    """
    suffix = suffix_of(name)
    return unit == FRACTION if suffix is None else unit in SUFFIXES[suffix]
