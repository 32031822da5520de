"""A second engine that decides on the cells which dhxl's own does not reproduce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dhxl.hosts.headless import Model, Unproven
from dhxl.hosts.second import SecondOpinion, saved_results, second_values
from dhxl.workbook.names import Reference
from dhxl.workbook.values import CellValue, ErrorLike, same_value

__all__ = ["Arbitrated", "arbitrate"]

_MOST_PASSES: Final = 5  # new values change arguments of worksheet functions, whose results change the values
_ROUNDING: Final = 1e-12  # relative difference of two programs that calculate the same

_Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Arbitrated:
    """A cell that dhxl does not reproduce and that took its value from another engine."""

    cell: Unproven
    engine: str
    value: CellValue

    def __str__(self) -> str:
        return (
            f"{self.cell.text}; {self.engine} reproduces it and what it rests on, and gives its value, "
            f"{_shown(self.value)}"
        )


def arbitrate(model: Model, engine: str | None) -> tuple[Arbitrated, ...]:
    """Let a second engine decide on the unproven cells of a calculated workbook; return those that it decides.

    A cell takes its new value from the other engine if that one reproduces its stored result, and those of all unproven
    cells on which it rests.

    Parameters
    ----------
    model : Model
        The calculated workbook; it is calculated again with the new values.
    engine : str or None
        See :func:`dhxl.hosts.second.engine_at_hand`.

    Raises
    ------
    WorkbookError
        The engine is not at hand or gives up.
    """
    doubtful = [one for one in model.proof.unproven if one.stored is not None]
    if not doubtful:
        return ()
    before = second_values(model.package, engine=engine, constants=saved_results(model.package))
    decided = [one for one in doubtful if _reproduces(before, model, one.place)]
    rest = {one.place for one in model.proof.unproven} - {one.place for one in decided}
    behind = model.resting_on(rest)
    decided = [one for one in decided if one.place not in behind]
    if not decided:
        return ()
    model.accept([one.place for one in decided])
    last: dict[_Place, list[list[CellValue]]] = {}
    now = before
    for _ in range(_MOST_PASSES):
        now = second_values(model.package, engine=engine, constants=_given(model))
        new = {one.place: _rows(now, model.filled(one.place)) for one in decided}
        if new == last:
            break
        for place, rows in new.items():
            model.take(place, rows)
        model.calculate()
        last = new
    return tuple(Arbitrated(one, now.engine, last[one.place][0][0]) for one in decided)


def _reproduces(opinion: SecondOpinion, model: Model, place: _Place) -> bool:
    """Return whether an engine gives the stored results of a formula's cells."""
    sheet, row, col = place
    if (row, col) in opinion.not_calculated.get(sheet, {}):
        return False
    cells, values = model.package.cells(sheet), opinion.values.get(sheet, {})
    return all(_same(cells.value(*at), values.get(at)) for at in model.filled(place).cells())


def _same(stored: CellValue, value: CellValue) -> bool:
    if type(stored) is float and type(value) is float:
        return abs(stored - value) <= _ROUNDING * max(abs(stored), abs(value))
    return same_value(stored, value) or (stored in (None, "") and value in (None, ""))


def _given(model: Model) -> dict[str, dict[tuple[int, int], CellValue | ErrorLike]]:
    """Return the results of worksheet functions and the inputs as the model has them now."""
    found: dict[str, dict[tuple[int, int], CellValue | ErrorLike]] = {}
    for area in model.calls.values():
        for at, value in zip(area.cells(), (one for row in model.cells(area) for one in row), strict=True):
            found.setdefault(area.sheet, {})[at] = value  # type: ignore[assignment]
    for sheet, constants in model.constants.items():
        found.setdefault(sheet, {}).update(constants)
    return found


def _rows(opinion: SecondOpinion, area: Reference) -> list[list[CellValue]]:
    values: Mapping[tuple[int, int], CellValue] = opinion.values.get(area.sheet, {})
    flat = [values.get(at) for at in area.cells()]
    return [flat[at : at + area.columns] for at in range(0, len(flat), area.columns)]


def _shown(value: CellValue) -> str:
    return "blank" if value is None else f"{value:.12g}" if type(value) is float else f"{value}"
