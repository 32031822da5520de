"""What a function wizard says of an argument: meaning, unit and limits, and what holds where it is left out."""

from __future__ import annotations

import math

from dhxl.functions.arguments import Argument
from dhxl.functions.spec import WIZARD_TEXT_LENGTH
from dhxl.units import FRACTION

__all__ = ["argument_text"]

_CUT = "..."


def argument_text(argument: Argument) -> str:
    """Return what a function wizard says of an argument, at most 255 characters.

    Examples
    --------
    >>> from dhxl.functions import REGISTRY
    >>> argument_text(REGISTRY["DH_LHD"].arguments[1])
    'Length of the trenches, not of the pipes in them (> 0 m)'
    """
    unit = "" if argument.unit == FRACTION or argument.limits else argument.unit
    facts = [fact for fact in (unit, argument.limits, _default(argument)) if fact]
    text = f"{argument.text} ({'; '.join(facts)})" if facts else argument.text
    return text if len(text) <= WIZARD_TEXT_LENGTH else text[: WIZARD_TEXT_LENGTH - len(_CUT)] + _CUT


def _default(argument: Argument) -> str:
    if not argument.optional:
        return ""
    default = argument.default
    if isinstance(default, str):
        return f"default {default}"
    if isinstance(default, (int, float)) and math.isfinite(default):
        return f"default {default:.12g}"
    return "may be left out"
