"""The texts that a function wizard shows: of a function what it returns, of an argument its meaning and limits."""

from __future__ import annotations

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
    if not argument.optional or argument.default is None:
        return ""
    plain = isinstance(argument.default, (int, float, str))
    return f"default {argument.default}" if plain else "may be left out"
