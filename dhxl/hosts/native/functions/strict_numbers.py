"""Numbers as the functions take them that once were the Analysis ToolPak: stricter than those built in."""

from __future__ import annotations

from dhxl.hosts.native.values import MISSING, NA, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number, scalars

__all__ = ["numbers_of_toolpak", "toolpak_number"]


def toolpak_number(value: Scalar) -> float:
    """Return a number; TRUE and FALSE are none, and between commas nothing may be left out.

    Raises
    ------
    Wrong
        It is none.

    Examples
    --------
    >>> toolpak_number("5"), toolpak_number(None)
    (5.0, 0.0)
    """
    if value is MISSING:
        raise Wrong(NA)
    if isinstance(value, bool):
        raise Wrong(VALUE)
    return as_number(value)


def numbers_of_toolpak(*values: Value) -> list[float]:
    """Return the numbers in arguments: a blank cell by itself does not count, among others it is 0.

    Raises
    ------
    Wrong
        There is none, or something that is no number.
    """
    found: list[float] = []
    for value in values:
        cells = list(scalars(value))
        if isinstance(value, Area) and len(cells) < value.height * value.width:
            cells.append(None)  # for all that are blank at the end
        several = isinstance(value, (Area, Areas, Grid)) and len(cells) > 1
        found += [toolpak_number(one) for one in cells if several or one is not None]
    if not found:
        raise Wrong(VALUE)
    return found
