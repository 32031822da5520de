"""Trends and correlation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING, Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.functions.pairs import pairs
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import (
    DIV0,
    MISSING,
    NA,
    NUM,
    REF,
    VALUE,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    finite,
    grid_of,
)

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_DEPENDENT: Final = 1e-7  # of a column's length: what is left beside the other columns counts as nothing below this
_NOTHING: Final = 1e-14  # the same of a column that is constant but for the last bits


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over pairs of numbers, about their means."""

    count: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float


def _sums(ys: Value, xs: Value) -> _Sums:
    found = pairs(xs, ys)
    count = len(found)
    if not count:
        raise Wrong(DIV0)
    x = math.fsum(pair[0] for pair in found) / count
    y = math.fsum(pair[1] for pair in found) / count
    from_x, from_y = [pair[0] - x for pair in found], [pair[1] - y for pair in found]
    squares = [finite(math.fsum(map(mul, *both))) for both in ((from_x, from_x), (from_y, from_y), (from_x, from_y))]
    return _Sums(count, x, y, *squares)


def _quotient(above: float, below: float) -> float:
    if below == 0:
        raise Wrong(DIV0)
    return finite(above / below)


@function("CORREL PEARSON", "A A")
def _correlation(first: Value, second: Value) -> float:
    sums = _sums(first, second)
    share = _quotient(sums.xy, math.sqrt(sums.xx) * math.sqrt(sums.yy))
    return max(-1.0, min(1.0, share))


@function("RSQ", "A A")
def _squared_correlation(ys: Value, xs: Value) -> float:
    return _correlation(ys, xs) ** 2  # type: ignore[no-any-return]


@function("COVAR COVARIANCE.P", "A A")
def _covariance(first: Value, second: Value) -> float:
    sums = _sums(first, second)
    return sums.xy / sums.count


@function("COVARIANCE.S", "A A")
def _covariance_of_sample(first: Value, second: Value) -> float:
    sums = _sums(first, second)
    return _quotient(sums.xy, sums.count - 1)


@function("SLOPE", "A A")
def _slope(ys: Value, xs: Value) -> float:
    sums = _sums(ys, xs)
    return _quotient(sums.xy, sums.xx)


@function("INTERCEPT", "A A")
def _intercept(ys: Value, xs: Value) -> float:
    sums = _sums(ys, xs)
    return finite(sums.y - _quotient(sums.xy, sums.xx) * sums.x)


@function("STEYX", "A A")
def _standard_error(ys: Value, xs: Value) -> float:
    sums = _sums(ys, xs)
    if sums.count < 3:
        raise Wrong(DIV0)
    rest = sums.yy - _quotient(sums.xy * sums.xy, sums.xx)
    return math.sqrt(max(0.0, rest) / (sums.count - 2))


@function("FORECAST FORECAST.LINEAR", "N A A")
def _forecast(at: float, ys: Value, xs: Value) -> float:
    sums = _sums(ys, xs)
    return finite(sums.y + _quotient(sums.xy, sums.xx) * (at - sums.x))


@function("PROB", "A A N V?")
def _probability(outcomes: Value, chances: Value, lower: float, upper: Scalar = MISSING) -> float:
    found = pairs(outcomes, chances)
    if not found:
        raise Wrong(DIV0)
    if any(not 0 < chance <= 1 for _, chance in found) or abs(math.fsum(chance for _, chance in found) - 1) > 1e-7:
        raise Wrong(NUM)
    last = lower if upper is MISSING else as_number(upper)
    return math.fsum(chance for outcome, chance in found if lower <= outcome <= last)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a trend is sought in: the values, a column of the variables each, and whether all runs in one row."""

    ys: Numbers
    xs: Numbers
    in_row: bool
    shape: tuple[int, int]
    several: bool  # each column (row) of the known x is a variable of its own


def _matrix(value: Value) -> Numbers:
    import numpy as np

    rows = grid_of(value).rows
    for row in rows:
        for one in row:
            if isinstance(one, CellError):
                raise Wrong(one)
            if type(one) is not float:
                raise Wrong(VALUE)
    return np.array(rows, dtype=float)


def _given(known_ys: Value, known_xs: Value) -> _Given:
    import numpy as np

    ys = _matrix(known_ys)
    height, width = len(ys), ys.size // len(ys)
    in_row = height == 1 and width > 1
    xs = np.arange(1.0, ys.size + 1).reshape(height, width) if known_xs is MISSING else _matrix(known_xs)
    if xs.shape == ys.shape:
        return _Given(ys.ravel(), xs.reshape(-1, 1), in_row, (height, width), several=False)
    if width == 1 and xs.shape[0] == height:
        return _Given(ys.ravel(), xs, in_row, (height, width), several=True)
    if height == 1 and xs.size == len(xs) * width:
        return _Given(ys.ravel(), xs.T, in_row, (height, width), several=True)
    raise Wrong(REF)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A linear function by least squares: factors, constant, and what of the spread it leaves."""

    factors: Numbers
    constant: float
    errors: Numbers
    constant_error: float
    used: int
    free: int
    explained: float
    unexplained: float


def _fit(given: _Given, *, constant: bool) -> _Fit:
    """Return the least squares; of variables that depend on others the factor is 0."""
    import numpy as np

    ys, xs = given.ys, given.xs
    means = np.array([math.fsum(column) / len(column) for column in xs.T]) if constant else np.zeros(xs.shape[1])
    mean = math.fsum(ys) / len(ys) if constant else 0.0
    about, rest = xs - means, ys - mean
    used = _independent(about, xs)
    factors, errors = np.zeros(xs.shape[1]), np.zeros(xs.shape[1])
    inverse = np.zeros((len(used), len(used)))
    if used:
        upright, triangle = np.linalg.qr(about[:, used])
        found = np.linalg.solve(triangle, upright.T @ rest)
        # once more for what is left, which takes away most of the error of rounding
        found = found + np.linalg.solve(triangle, upright.T @ (rest - about[:, used] @ found))
        factors[used] = found
        inverse = np.linalg.inv(triangle)
    left = rest - about @ factors
    unexplained = math.fsum(left * left)
    whole = math.fsum(rest * rest)
    if unexplained <= 1e-28 * whole:
        unexplained = 0.0
    free = len(ys) - len(used) - constant
    variance = unexplained / free if free > 0 else 0.0
    errors[used] = np.sqrt(variance * np.sum(inverse * inverse, axis=1))
    at_zero = means[used] @ inverse
    constant_error = math.sqrt(variance * (1 / len(ys) + float(at_zero @ at_zero))) if constant else 0.0
    level = mean - math.fsum(means * factors)
    return _Fit(factors, level, errors, constant_error, len(used), free, whole - unexplained, unexplained)


def _independent(about: Numbers, xs: Numbers) -> list[int]:
    """Return the variables that are no combination of others that are kept, nor of the constant.

    As in Excel the one with the greatest spread is kept first, then that with the greatest left beside it, and so on.
    """
    import numpy as np

    used: list[int] = []
    left = about.copy()
    whole = np.maximum(_DEPENDENT * np.linalg.norm(about, axis=0), _NOTHING * np.linalg.norm(xs, axis=0))
    while len(used) < about.shape[1]:
        lengths = np.linalg.norm(left, axis=0)
        lengths[used] = -1.0
        greatest = int(np.argmax(np.where(lengths > whole, lengths, -1.0)))
        if lengths[greatest] <= whole[greatest]:
            break
        used.append(greatest)
        direction = left[:, greatest] / lengths[greatest]
        for _ in range(2):
            left = left - np.outer(direction, direction @ left)
    return sorted(used)


def _flag(value: Scalar, default: bool) -> bool:
    return default if value is MISSING else as_logical(value)


def _lines(fit: _Fit, *, constant: bool, stats: bool, shown: Callable[[float], float]) -> Grid:
    """Return what LINEST shows: factors from the last variable to the first, the constant, and statistics below."""
    factors = [shown(float(factor)) for factor in fit.factors[::-1]]
    first = [finite(one) for one in (*factors, shown(fit.constant))]
    if not stats:
        return Grid([first])
    width = len(first)
    whole = fit.explained + fit.unexplained
    fill: list[Scalar] = [NA] * (width - 2)
    share: Scalar = fit.explained / whole if whole else 1.0
    error = math.sqrt(fit.unexplained / fit.free) if fit.free > 0 else 0.0
    if fit.free <= 0 or fit.unexplained == 0:
        ratio: Scalar = NUM
    else:
        ratio = finite(fit.explained / max(1, fit.used) / (fit.unexplained / fit.free))
    errors: list[Scalar] = [float(one) for one in fit.errors[::-1]]
    return Grid(
        [
            first,
            [*errors, fit.constant_error if constant else NA],
            [share, error, *fill],
            [ratio, float(fit.free), *fill],
            [fit.explained, fit.unexplained, *fill],
        ]
    )


@function("LINEST", "A A? V? V?")
def _linear(ys: Value, xs: Value = MISSING, constant: Scalar = MISSING, stats: Scalar = MISSING) -> Grid:
    level = _flag(constant, default=True)
    fit = _fit(_given(ys, xs), constant=level)
    return _lines(fit, constant=level, stats=_flag(stats, default=False), shown=lambda factor: factor)


def _logarithms(given: _Given) -> _Given:
    import numpy as np

    if (given.ys <= 0).any():
        raise Wrong(NUM)
    logs = np.array([math.log(y) for y in given.ys])
    return _Given(logs, given.xs, given.in_row, given.shape, given.several)


@function("LOGEST", "A A? V? V?")
def _exponential(ys: Value, xs: Value = MISSING, constant: Scalar = MISSING, stats: Scalar = MISSING) -> Grid:
    level = _flag(constant, default=True)
    fit = _fit(_logarithms(_given(ys, xs)), constant=level)
    return _lines(fit, constant=level, stats=_flag(stats, default=False), shown=_exp)


def _exp(number: float) -> float:
    try:
        return math.exp(number)
    except OverflowError:
        raise Wrong(NUM) from None


def _along(given: _Given, fit: _Fit, new_xs: Value, shown: Callable[[float], float]) -> Grid:
    """Return the values of a trend at new places, in their shape."""
    if new_xs is MISSING:
        places, shape = given.xs, given.shape
    else:
        new = _matrix(new_xs)
        if not given.several:
            places, shape = new.reshape(-1, 1), (len(new), new.size // len(new))
        elif given.in_row:
            places, shape = new.T, (1, new.size // len(new))
        else:
            places, shape = new, (len(new), 1)
        if places.shape[1] != given.xs.shape[1]:
            raise Wrong(REF)
    values = [finite(shown(fit.constant + math.fsum(place * fit.factors))) for place in places]
    height, width = shape
    return Grid([values[row * width : (row + 1) * width] for row in range(height)])


@function("TREND", "A A? A? V?")
def _trend(ys: Value, xs: Value = MISSING, new_xs: Value = MISSING, constant: Scalar = MISSING) -> Grid:
    given = _given(ys, xs)
    return _along(given, _fit(given, constant=_flag(constant, default=True)), new_xs, lambda value: value)


@function("GROWTH", "A A? A? V?")
def _growth(ys: Value, xs: Value = MISSING, new_xs: Value = MISSING, constant: Scalar = MISSING) -> Grid:
    given = _logarithms(_given(ys, xs))
    return _along(given, _fit(given, constant=_flag(constant, default=True)), new_xs, _exp)
