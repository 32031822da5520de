"""Which functions the calculation engine itself has."""

from __future__ import annotations

from functools import cache

import formualizer as fz

__all__ = ["is_built_in"]


@cache
def is_built_in(function: str) -> bool:
    """Return whether the engine itself has a function.

    Examples
    --------
    >>> is_built_in("SUMPRODUCT"), is_built_in("GETPIVOTDATA")
    (True, False)
    """
    scratch = fz.Workbook()
    scratch.add_sheet("A")
    try:
        scratch.set_formula("A", 1, 1, f"={function}()")
    except RuntimeError:
        return False
    value = scratch.evaluate_cell("A", 1, 1)
    return not (isinstance(value, dict) and value.get("kind") == "Name")
