"""The areas of a workbook that hold results of studies: what they are called.

A study writes constants into them; all else on their sheet is formulas. ``sensitivity_inputs`` holds every input on
which results rest, live, and ``sensitivity_inputs_<study>`` what it was when the study was written.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BREAK_EVEN",
    "FREE",
    "INPUTS",
    "INPUT_NAMES",
    "PREFIX",
    "RESULTS",
    "SCENARIOS",
    "STALE",
    "STORAGE",
    "STUDIES",
    "TAX",
    "TITLES",
    "TORNADO",
    "area",
    "kept",
]

PREFIX: Final = "sensitivity_"
TAX, BREAK_EVEN, STORAGE, TORNADO, FREE = "tax", "break_even", "storage", "tornado", "table"
STUDIES: Final = (TAX, BREAK_EVEN, STORAGE, TORNADO, FREE)
TITLES: Final = {
    TAX: "Payback against electricity charges",
    BREAK_EVEN: "Break-even charges",
    STORAGE: "Size of the heat store",
    TORNADO: "Tornado of the NPV",
    FREE: "Any other study",
}

SCENARIOS: Final = ("Low", "Medium", "High")  # price scenarios, of each a third of the area of payback
INPUT_NAMES: Final = f"{PREFIX}input_names"
INPUTS: Final = f"{PREFIX}inputs"
RESULTS: Final = f"{PREFIX}results"
STALE: Final = f"{PREFIX}stale"


def area(study: str, part: str = "") -> str:
    """Return the name of a study's area, or of a cell that belongs to it.

    Examples
    --------
    >>> area("tax"), area("tax", "at")
    ('sensitivity_tax', 'sensitivity_tax_at')
    """
    return f"{PREFIX}{study}_{part}" if part else f"{PREFIX}{study}"


def kept(what: str, study: str) -> str:
    """Return the name of what a study keeps of the inputs, of their weights, or of the results.

    Examples
    --------
    >>> kept("inputs", "tax"), kept("counts", "tax")
    ('sensitivity_inputs_tax', 'sensitivity_counts_tax')
    """
    return f"{PREFIX}{what}_{study}"
