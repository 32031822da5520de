"""The cheapest split of given heat over running units, for many steps at once; the power balance is met exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dhxl.core.dispatch.budget import Budget
from dhxl.core.dispatch.problem import Value

__all__ = ["Grid", "Rows", "least_cost"]

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
REACH_MW = 1e-9  # heat and power that are missing by rounding only


class Rows(NamedTuple):
    """Running units: least heat and room above it in MW, EUR/MWh heat, MWh power taken per MWh heat."""

    low: tuple[Value, ...]
    room: tuple[Value, ...]
    cost: tuple[Value, ...]
    use: tuple[Value, ...]

    def at(self, places: Places) -> Rows:
        """Return the rows in some of the steps."""
        return Rows(*(tuple(_at(value, places) for value in values) for values in self))


class Grid(NamedTuple):
    """What power costs and earns, EUR/MWh, ``buy`` at least ``sell``; limits of power, MW, may be infinite."""

    buy: Value
    sell: Value
    imports: Value
    exports: Value

    def at(self, places: Places) -> Grid:
        """Return the grid in some of the steps."""
        return Grid(*(_at(value, places) for value in self))


def _at(value: Value, places: Places) -> Value:
    return value[places] if isinstance(value, np.ndarray) else value


def _total(weights: Iterable[Value], values: Iterable[Value], like: Array) -> Array:
    total = np.zeros_like(like)
    for weight, value in zip(weights, values, strict=True):
        if isinstance(weight, np.ndarray) or weight != 0.0:
            total += weight * value
    return total


def least_cost(rows: Rows, grid: Grid, heat_mw: Array, budget: Budget) -> tuple[list[Array], Array]:
    """Heat of every row at least cost, and that cost.

    Parameters
    ----------
    rows : Rows
    grid : Grid
    heat_mw : ndarray
        Heat to be given by all rows together, MW, shape (n,).
    budget : Budget
        The time that it may take.

    Returns
    -------
    heat : list of ndarray
        MW, one array (n,) a row.
    rate : ndarray
        EUR/h, shape (n,); infinite where the rows cannot give that heat.

    Notes
    -----
    The cost of power ``max(buy net, sell net)`` is the highest of ``price x net`` over the prices from sell to buy
    (beyond them where power is limited). By strong duality the least cost is the highest of the merit-order costs over
    these prices, which lies at sell, at buy, or where two rows swap places. At a swap price the merit orders on both
    sides of it are mixed so that the power balance is met.
    """
    rest = heat_mw - sum(rows.low)
    possible = np.flatnonzero((rest >= -REACH_MW) & (rest <= sum(rows.room) + REACH_MW))
    if possible.size == heat_mw.size:
        return _bought(rows, grid, rest, budget)
    heat = [np.zeros_like(heat_mw) for _ in rows.low]
    rate = np.full(heat_mw.shape, np.inf)
    if possible.size:
        _place(possible, (heat, rate), _bought(rows.at(possible), grid.at(possible), rest[possible], budget))
    return heat, rate


def _place(places: Places, into: tuple[list[Array], Array], found: tuple[list[Array], Array]) -> None:
    for row, new in zip(into[0], found[0], strict=True):
        row[places] = new
    into[1][places] = found[1]


def _merit_heat(rows: Rows, price: Value, rest: Array, budget: Budget) -> list[Array]:
    """Heat of every row when the rest is filled in order of cost at a power price, ties in order of rows."""
    merit = [c + price * u if isinstance(u, np.ndarray) or u else c for c, u in zip(rows.cost, rows.use, strict=True)]
    ahead: list[Value] = [0.0] * len(merit)
    for i, room in enumerate(rows.room):
        budget.check_time()
        for j in range(i):
            first = np.less_equal(merit[j], merit[i])
            ahead[i] = ahead[i] + rows.room[j] * first
            ahead[j] = ahead[j] + room * np.logical_not(first)
    return [
        low + np.minimum(np.maximum(rest - before, 0.0), room)
        for low, room, before in zip(rows.low, rows.room, ahead, strict=True)
    ]


def _bought(rows: Rows, grid: Grid, rest: Array, budget: Budget) -> tuple[list[Array], Array]:
    """Split where power is bought; the steps in which it is not are left to :func:`_sold`."""
    gives = any(np.any(np.less(use, 0.0)) for use in rows.use)
    if gives and not any(np.any(np.greater(use, 0.0)) for use in rows.use):
        return _sold(rows, grid, rest, budget)
    heat = _merit_heat(rows, grid.buy, rest, budget)
    net = _total(rows.use, heat, rest)
    rate = _total(rows.cost, heat, rest) + grid.buy * net
    others = np.flatnonzero((net < -REACH_MW) | (net > grid.imports + REACH_MW))
    if others.size:
        _place(others, (heat, rate), _sold(rows.at(others), grid.at(others), rest[others], budget))
    return heat, rate


def _sold(rows: Rows, grid: Grid, rest: Array, budget: Budget) -> tuple[list[Array], Array]:
    """Split where power is sold; the steps in which it is not are left to :func:`_balanced`."""
    heat = _merit_heat(rows, grid.sell, rest, budget)
    net = _total(rows.use, heat, rest)
    rate = _total(rows.cost, heat, rest) + grid.sell * net
    others = np.flatnonzero((net > REACH_MW) | (net < -np.asarray(grid.exports) - REACH_MW))
    if others.size:
        _place(others, (heat, rate), _balanced(rows.at(others), grid.at(others), rest[others], budget))
    return heat, rate


def _balanced(rows: Rows, grid: Grid, rest: Array, budget: Budget) -> tuple[list[Array], Array]:
    """Split where the power price lies at a swap of two rows: own power is just used up, or a limit is reached."""
    buy, sell = (np.broadcast_to(price, rest.shape) for price in (grid.buy, grid.sell))
    exports, imports = (np.broadcast_to(limit, rest.shape) for limit in (grid.exports, grid.imports))
    least_price = np.where(np.isfinite(exports), -np.inf, sell)
    most_price = np.where(np.isfinite(imports), np.inf, buy)
    candidates = [sell, buy]
    for i in range(len(rows.use)):
        for j in range(i):
            apart = np.broadcast_to(rows.use[i], rest.shape) - rows.use[j]
            swap = (np.asarray(rows.cost[j]) - rows.cost[i]) / np.where(apart == 0.0, np.inf, apart)
            if np.any(apart):
                candidates.append(np.clip(np.where(apart == 0.0, sell, swap), least_price, most_price))
    export_room = np.where(np.isfinite(exports), exports, 0.0)
    import_room = np.where(np.isfinite(imports), imports, 0.0)
    best = np.full(rest.shape, -np.inf)
    price = sell
    for candidate in candidates:
        heat = _merit_heat(rows, candidate, rest, budget)
        value = _total(rows.cost, heat, rest) + candidate * _total(rows.use, heat, rest)
        value -= np.maximum(sell - candidate, 0.0) * export_room + np.maximum(candidate - buy, 0.0) * import_room
        price = np.where(value > best, candidate, price)
        best = np.maximum(value, best)
    beside = 1e-9 * (1.0 + np.abs(price))
    cheap, dear = (_merit_heat(rows, near, rest, budget) for near in (price - beside, price + beside))
    most, least = _total(rows.use, cheap, rest), _total(rows.use, dear, rest)
    wanted = np.where(price > buy + beside, imports, np.where(price < sell - beside, -exports, 0.0))
    between = most > least
    share = np.where(between, np.clip(wanted, least, most) - least, 0.0) / np.where(between, most - least, 1.0)
    heat = [share * high + (1.0 - share) * low for high, low in zip(cheap, dear, strict=True)]
    net = _total(rows.use, heat, rest)
    rate = _total(rows.cost, heat, rest) + np.maximum(buy * net, sell * net)
    rate[(net > imports + REACH_MW) | (net < -exports - REACH_MW)] = np.inf
    return heat, rate
