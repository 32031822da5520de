"""The door of the dispatch: one problem in, one result out, whatever the method; equal problems are solved once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import fields, replace

import numpy as np

from dhxl.core.dispatch.accounts import checked_bound
from dhxl.core.dispatch.beside import begin_beside, worth_compiling
from dhxl.core.dispatch.budget import Budget, OverBudgetError, budget_of
from dhxl.core.dispatch.compiled import compiles
from dhxl.core.dispatch.fields import Kind
from dhxl.core.dispatch.optimal import CERTIFIED, beyond_reach, optimal_dispatch
from dhxl.core.dispatch.plant import kinds_of
from dhxl.core.dispatch.problem import Problem, Settings, Unit
from dhxl.core.dispatch.result import Dispatch, NotProvenError

__all__ = ["dispatch", "remembered_dispatch", "warm"]

EXACT_SHARE = 0.6  # of the time, before another method is tried with the rest
MOST_BYTES = 96_000_000  # of remembered results, the newest excepted

_lock = threading.Lock()
_remembered: OrderedDict[bytes, Future[Dispatch]] = OrderedDict()


def dispatch(problem: Problem) -> Dispatch:
    """Return what runs when, by the method that the problem asks for.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Dispatch
        Of least cost by ``optimal``; where that cannot hold the problem, what ``milp`` finds, said in ``note``.

    Raises
    ------
    InputError
        The solver that the problem needs is not installed.
    NoSolutionError
        No operation meets the heat balance in every step.

    Examples
    --------
    >>> boiler = Unit("Boiler", Kind.BOILER, 2.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
    >>> found = dispatch(Problem((boiler,), np.array([1.0, 3.0]), np.zeros(2)))
    >>> found.cost_eur, found.unserved_mw.tolist(), found.first_unserved_step
    (150.0, [0.0, 1.0], 2)
    """
    method = problem.settings.method
    budget = budget_of(problem.settings.time_limit_s)
    if method == "priority":
        return _by_priority(problem, budget)
    if method == "milp":
        from dhxl.core.dispatch.milp import milp_dispatch

        return milp_dispatch(problem, "", budget)
    plant = kinds_of(problem)
    beyond = beyond_reach(problem, plant)
    if not beyond:
        beside = begin_beside(problem) if not compiles() and worth_compiling(problem, plant) else None
        exact = budget.share(EXACT_SHARE)
        try:
            found = optimal_dispatch(problem, exact)
        except NotProvenError as error:
            beyond = str(error)
            if isinstance(error, OverBudgetError) and not compiles():
                faster = beside.result(exact.seconds_left) if beside else None
                if faster is not None:
                    return faster
                beyond += "; dhxl setup compiles the dispatch, which makes it many times faster"
        else:
            if found.gap <= CERTIFIED:
                return found
            beyond = f"the best level of the cyclic store is only known to {found.gap:.1e} of the cost"
    from dhxl.core.dispatch.milp import milp_dispatch

    return milp_dispatch(problem, beyond, budget)


def _by_priority(problem: Problem, budget: Budget) -> Dispatch:
    """Return the dispatch by rule, beside the least cost that was possible as far as that is known in time."""
    from dhxl.core.dispatch.commitment import proven_bound
    from dhxl.core.dispatch.priority import priority_dispatch

    found = priority_dispatch(problem, None, budget)
    bound = proven_bound(problem, budget.share(EXACT_SHARE))
    found = replace(found, bound_eur=checked_bound(bound.eur, found.objective_eur))
    if bound.ended_by and found.gap > CERTIFIED:
        note = f"the bound is what was proven within {bound.ended_by}"
        found = replace(found, note=f"{found.note}; {note}" if found.note else note)
    return found


def remembered_dispatch(problem: Problem) -> Dispatch:
    """Return the dispatch of a problem, solved once for all problems of the same content; safe across threads.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Dispatch
        Shared by all who ask: its arrays cannot be written to.
    """
    key = _fingerprint(problem)
    with _lock:
        known = _remembered.get(key)
        if known is None:
            mine: Future[Dispatch] = Future()
            _remembered[key] = mine
        else:
            _remembered.move_to_end(key)
    if known is not None:
        return known.result()
    try:
        found = dispatch(problem)
    except BaseException as error:
        with _lock:
            _remembered.pop(key, None)
        mine.set_exception(error)
        raise
    for array in _arrays(found):
        array.setflags(write=False)
    mine.set_result(found)
    _forget_oldest()
    return found


def warm() -> None:
    """Compile, or load from the cache on disk, what a dispatch needs, so that no cell waits for it."""
    from dhxl.core.dispatch.halves import LEAST_STEPS

    heat_pump = Unit("Heat pump", Kind.HEAT_PUMP, 1.0, min_share=0.5, cop=3.0, start_eur=1.0)
    chp = Unit("CHP", Kind.CHP, 1.0, min_share=0.3, heat_efficiency=0.5, power_efficiency=0.4, fuel_eur_per_mwh=40.0)
    settings = Settings(
        storage_mwh=20.0,
        storage_loss_per_h=0.01,
        storage_cycle_eur_per_mwh=0.1,
        import_limit_mw=0.5,
        export_limit_mw=0.5,
    )
    for change, steps in (
        ({}, LEAST_STEPS),
        ({"storage_cyclic": True}, 60),  # enough for lists that are worked on in every way
        ({"storage_start_mwh": 5.0, "storage_end_mwh": 6.0}, 60),
    ):
        demand, price = 1.0 + 0.8 * np.sin(np.arange(steps) / 3), 60.0 + 50.0 * np.cos(np.arange(steps) / 2)
        for method in ("optimal", "priority"):
            dispatch(Problem((heat_pump, chp), demand, price, replace(settings, method=method, **change)))


def _fingerprint(problem: Problem) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    values = [getattr(unit, field.name) for unit in problem.units for field in fields(unit)]
    values += [getattr(problem.settings, field.name) for field in fields(problem.settings)]
    for value in (problem.demand_mw, problem.electricity_eur_per_mwh, *values):
        if isinstance(value, np.ndarray):
            digest.update(b"array %d;" % value.size)
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            digest.update(repr(value).encode() + b";")
    return digest.digest()


def _arrays(found: Dispatch) -> list[np.ndarray]:
    held = [getattr(found, field.name) for field in fields(found)]
    held += [getattr(found.units, field.name) for field in fields(found.units)]
    held += [found.problem.demand_mw, found.problem.electricity_eur_per_mwh]
    return [value for value in held if isinstance(value, np.ndarray)]


def _forget_oldest() -> None:
    with _lock:
        done = [(key, future) for key, future in _remembered.items() if future.done()]
        sizes = [sum(array.nbytes for array in _arrays(future.result())) for _, future in done]
        total = sum(sizes)
        for (key, _), size in zip(done[:-1], sizes[:-1], strict=True):
            if total <= MOST_BYTES:
                return
            del _remembered[key]
            total -= size
