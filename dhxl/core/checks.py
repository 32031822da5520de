"""Limits of arguments: one wording for every message, and all faults of a call at once."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dhxl.errors import InputError
from dhxl.units import SUFFIXES, suffix_of

__all__ = ["Vector", "outside", "outside_anywhere", "require", "vector_of"]

Vector = npt.NDArray[np.float64]


def outside(
    name: str,
    value: float,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    where: str = "",
) -> list[str]:
    """Sentence on an argument outside its limits, or nothing.

    Parameters
    ----------
    name : str
        Argument with its unit suffix, from which the unit of the message follows.
    value : float
        What came; anything but a finite number is outside every limit.
    at_least, above, at_most, below : float, optional
        Inclusive and exclusive limits.
    where : str, optional
        Place in a vector, put behind the name.

    Returns
    -------
    list of str
        One sentence, or an empty list.

    Examples
    --------
    >>> outside("trench_length_m", 0.0, above=0)
    ['trench_length_m must be > 0 m, got 0']
    >>> outside("share", 0.5, at_least=0, at_most=1)
    []
    """
    if not math.isfinite(value):
        return [f"{name}{where} must be a finite number, got {value:.12g}"]
    if (
        (at_least is None or value >= at_least)
        and (above is None or value > above)
        and (at_most is None or value <= at_most)
        and (below is None or value < below)
    ):
        return []
    suffix = suffix_of(name)
    unit = f" {SUFFIXES[suffix][0]}" if suffix else ""
    signs = ((">=", at_least), (">", above), ("<=", at_most), ("<", below))
    limits = " and ".join(f"{sign} {limit:.12g}{unit}" for sign, limit in signs if limit is not None)
    return [f"{name}{where} must be {limits}, got {value:.12g}"]


def outside_anywhere(
    name: str,
    values: Vector,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
) -> list[str]:
    """Sentence on the first value of a vector outside its limits, or nothing.

    Parameters
    ----------
    name : str
        Argument with its unit suffix.
    values : ndarray
        One-dimensional.
    at_least, above, at_most, below : float, optional
        Inclusive and exclusive limits.

    Returns
    -------
    list of str
        One sentence, or an empty list.

    Examples
    --------
    >>> outside_anywhere("heat_mwh", np.array([1.0, -1.0]), at_least=0)
    ['heat_mwh (value 2 of 2) must be >= 0 MWh, got -1']
    """
    fits = np.isfinite(values)
    for limit, test in (
        (at_least, np.greater_equal),
        (above, np.greater),
        (at_most, np.less_equal),
        (below, np.less),
    ):
        if limit is not None:
            fits &= test(values, limit)
    if fits.all():
        return []
    first = int(np.argmin(fits))
    where = f" (value {first + 1} of {values.size})"
    limits = {"at_least": at_least, "above": above, "at_most": at_most, "below": below}
    return outside(name, float(values[first]), where=where, **limits)


def vector_of(name: str, values: npt.ArrayLike) -> Vector:
    """One-dimensional array of the values of an argument.

    Parameters
    ----------
    name : str
        Argument, for the message.
    values : array_like
        At least one number; a single number is a vector of one.

    Returns
    -------
    ndarray
        Shape (n,).

    Raises
    ------
    InputError
        Empty, or of more than one dimension.

    Examples
    --------
    >>> vector_of("flows_eur", [1, 2])
    array([1., 2.])
    """
    vector = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if vector.ndim != 1 or not vector.size:
        raise InputError(f"{name} must be a row or column of numbers, got an array of shape {vector.shape}")
    return vector


def require(*faults: Iterable[str]) -> None:
    """Nothing, if no check has found a fault.

    Parameters
    ----------
    *faults : iterable of str
        What the checks returned.

    Raises
    ------
    InputError
        All faults, one per line.

    Examples
    --------
    >>> require([], [])
    """
    problems = [sentence for found in faults for sentence in found]
    if problems:
        raise InputError(problems)
