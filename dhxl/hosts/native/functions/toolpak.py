"""How functions of what was once Excel's Analysis ToolPak take their arguments: TRUE and FALSE are no numbers there.

Beside the kinds of :mod:`dhxl.hosts.native.library` there is ``D``, a date: the body gets the day number of the 1900
date system, a whole number, in a workbook with the 1904 date system too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dhxl.hosts.native.dates import LAST_DAY, days_1904
from dhxl.hosts.native.library import Here, function
from dhxl.hosts.native.values import NUM, VALUE, Scalar, Wrong, as_number

__all__ = ["day_of", "number_of_day", "strict_number", "toolpak"]


def strict_number(value: Scalar) -> float:
    """Return the number of a value that is neither TRUE nor FALSE.

    Raises
    ------
    Wrong
        It is TRUE, FALSE, a text that shows no number, or an error value.
    """
    if isinstance(value, bool):
        raise Wrong(VALUE)
    return as_number(value)


def day_of(number: float, here: Here) -> int:
    """Return the day number of the 1900 date system for a date as the workbook counts it.

    Raises
    ------
    Wrong
        There is no such date.
    """
    day = math.floor(number) + days_1904(here.book.date1904)
    if number < 0 or day > LAST_DAY:
        raise Wrong(NUM)
    return day


def number_of_day(day: int, here: Here) -> int:
    """Return a day number of the 1900 date system as the workbook counts it.

    Raises
    ------
    Wrong
        The workbook has no such date.
    """
    number = day - days_1904(here.book.date1904)
    if number < 0 or day > LAST_DAY:
        raise Wrong(NUM)
    return number


def toolpak(names: str, signature: str, *, gives_date: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Declare a function of the former Analysis ToolPak.

    Parameters
    ----------
    names : str
        Its name, or several for the same function.
    signature : str
        Kinds of the arguments, ``D`` among them.
    gives_date : bool
        Whether the result is a day number of the 1900 date system.
    """
    kinds = [part[0] for part in signature.split()]
    dated = gives_date or "D" in kinds
    declared = function(names, signature.replace("N", "V").replace("D", "V"), needs_place=dated)

    def plain(body: Callable[..., Any]) -> Callable[..., Any]:
        def called(*values: Any) -> Any:
            return body(*(strict_number(one) if kind == "N" else one for kind, one in zip(kinds, values, strict=False)))

        return declared(called)

    def placed(body: Callable[..., Any]) -> Callable[..., Any]:
        def called(here: Here, *values: Any) -> Any:
            given: list[Any] = []
            for kind, one in zip(kinds, values, strict=False):
                if kind == "R":
                    given.append(one)
                else:
                    number = strict_number(one)
                    given.append(day_of(number, here) if kind == "D" else number)
            result = body(*given)
            return number_of_day(result, here) if gives_date else result

        return declared(called)

    return placed if dated else plain
