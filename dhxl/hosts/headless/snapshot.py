"""The snapshot that lets a workbook stand without the engine: live results copied to their saved cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from dhxl.errors import WorkbookError
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.engine import fixed_clock
from dhxl.hosts.headless.model import Constant, Model
from dhxl.workbook.names import Reference
from dhxl.workbook.values import same_value

__all__ = ["Snapshot", "take_snapshot"]

LIVE, SAVED, STAMP = "live_", "saved_", "saved_at"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What became of a snapshot: ``obstacle`` says why none was taken; ``changed`` whether a saved value is new."""

    changed: bool
    obstacle: str = ""


def take_snapshot(model: Model) -> Snapshot:
    """Copy the values of each ``live_x`` to the constants of ``saved_x`` and recalculate.

    Only a live, calculated workbook without an error in a live cell or in a cell that calls a worksheet function is
    copied; otherwise the saved values stay as they are. ``saved_at`` gets the moment (UTC) if a saved value changes
    beyond 15 significant digits.

    Raises
    ------
    WorkbookError
        A saved range is missing, has another shape than its live one, or holds formulas.
    """
    pairs = _pairs(model)
    if not pairs:
        return Snapshot(False)
    if obstacle := _obstacle(model, [live for _, live, _ in pairs]):
        return Snapshot(False, obstacle)
    stamp = model.reference(STAMP)
    changed = False
    for name, live, saved in pairs:
        rows = [[_constant(value) for value in row] for row in model.cells(live)]
        if not _same(model.cells(saved), rows):
            model.put(saved, rows, name)
            changed = True
    if changed:
        moment = fixed_clock() or datetime.now(UTC)
        model.put(stamp, [[f"{moment:%Y-%m-%d %H:%M}"]], STAMP)
        model.calculate()
    return Snapshot(changed)


def _pairs(model: Model) -> list[tuple[str, Reference, Reference]]:
    pairs = []
    problems: list[str] = []
    for defined in model.package.names:
        if defined.sheet is not None or not defined.name.lower().startswith(LIVE):
            continue
        block = defined.name[len(LIVE) :]
        try:
            live, saved = model.reference(defined.name), model.reference(SAVED + block)
        except WorkbookError as error:
            problems.extend(error.problems)
            continue
        if (live.rows, live.columns) != (saved.rows, saved.columns):
            problems.append(
                f"{SAVED}{block} ({saved.address}) must have {live.rows} x {live.columns} cells as {LIVE}{block} "
                f"({live.address}) has, got {saved.rows} x {saved.columns}"
            )
        if formula := model.formula_in(saved):
            problems.append(f"{SAVED}{block}: {formula.address} holds a formula, saved results must be constants")
        pairs.append((SAVED + block, live, saved))
    if problems:
        raise WorkbookError(problems)
    return pairs


def _obstacle(model: Model, live: list[Reference]) -> str:
    if model.value("engine_live") is not True:
        return "engine_live is not TRUE"
    for place in [*live, *model.calls.values()]:
        for position, value in zip(place.cells(), (value for row in model.cells(place) for value in row), strict=True):
            if isinstance(value, CellError):
                return f"{Reference(place.sheet, *position, *position).address} is {value.code}"
    return ""


def _constant(value: Cell) -> Constant:
    return value if isinstance(value, (float, bool, str)) else None


def _same(stored: list[list[Cell]], rows: list[list[Constant]]) -> bool:
    pairs = zip(chain(*stored), chain(*rows), strict=True)
    return all(same_value(_constant(old), new) for old, new in pairs)
