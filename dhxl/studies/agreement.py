"""Whether two ways to the same cell agree, and how a workbook fares in another engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Model
from dhxl.hosts.libreoffice import LIBREOFFICE
from dhxl.hosts.second import engine_at_hand, saved_results, second_values, with_cells
from dhxl.studies.totals import read_cells
from dhxl.workbook.formulas import formula_tokens
from dhxl.workbook.lint import Finding
from dhxl.workbook.names import Reference, reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.values import ERROR_CODES, CellValue, ErrorValue

__all__ = ["AGREEMENT", "KINDS", "Comparison", "Differing", "compared", "differing", "listed", "shown", "told"]

AGREEMENT: Final = 1e-9  # relative difference up to which two ways to the same number agree, §7 of docs/convention.md
RESIDUAL: Final = 1e-12  # of the largest number that was added: what may remain where numbers cancel
ROUNDING: Final = 1e-14  # of the largest number that was added: its last digits, of which LibreOffice passes on 15
KINDS: Final = ("numbers", "texts", "truth values", "errors")
_MOST_FOLLOWED: Final = 50  # cells of a range whose own sources are looked at, too
_LIBREOFFICE_ERRORS: Final = ("#NUM!", "#VALUE!")  # LibreOffice says #VALUE! of arguments for which Excel says #NUM!

_Place = tuple[int, int]
_Values = Mapping[str, Mapping[_Place, Cell | CellValue]]
Differing = tuple[Reference, Cell, Cell | CellValue]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What another engine makes of a workbook's native formulas.

    ``counts`` tells how many values of each of KINDS were compared; ``not_compared`` are the cells that one of the two
    engines does not calculate, with the reason.
    """

    engine: str
    counts: Mapping[str, int]
    apart: tuple[Differing, ...]
    not_compared: tuple[tuple[Reference, str], ...]

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each cell on which the engines do not agree."""
        for place, ours, other in self.apart:
            text = f"is {shown(ours)}, in {self.engine} {shown(other)}"
            yield Finding("W604", place.sheet, place.address, text)

    def notes(self) -> Iterator[str]:
        """Yield a sentence for each reason why cells are not compared."""
        cells: dict[str, list[str]] = {}
        for place, reason in self.not_compared:
            cells.setdefault(reason, []).append(place.address)
        for reason, places in cells.items():
            yield f"{listed(places)}: not compared with {self.engine}: {reason}"


def compared(package: Package, engine: str | None) -> Comparison:
    """Return how another engine's values compare with the headless engine's.

    Both calculate without the DH_ functions, whose stored results are given to either.

    Parameters
    ----------
    package : Package
        Any workbook.
    engine : str or None
        As in :func:`dhxl.hosts.second.second_values`.
    """
    engine = engine_at_hand(engine)
    book = with_cells(package, saved_results(package))
    with Model(book, registered=False) as model:
        model.calculate()
        ours: dict[str, dict[_Place, Any]] = model.values()
        kept = {place: reason for address, reason in model.kept.items() if (place := reference_of(address))}
        constants: dict[str, dict[_Place, Any]] = {}
        for place in kept:
            at = place.first_row, place.first_col
            constants.setdefault(place.sheet, {})[at] = ours[place.sheet][at]
        opinion = second_values(book, engine=engine, constants=constants, stand_ins=ours)
        left_out = kept | {
            Reference(sheet, *at, *at): reason
            for sheet, places in opinion.not_calculated.items()
            for at, reason in places.items()
        }
        order = {sheet.name: number for number, sheet in enumerate(package.sheets)}
        return Comparison(
            engine=opinion.engine,
            counts=_counts(ours, left_out),
            apart=tuple(one for one in differing(model, opinion.values, opinion.engine) if one[0] not in left_out),
            not_compared=tuple(sorted(left_out.items(), key=lambda one: (order[one[0].sheet], one[0].first_row))),
        )


def differing(model: Model, others: _Values, engine: str = "") -> Iterator[Differing]:
    """Yield the formulas' cells whose value is another than the calculated one, with both values.

    Numbers may differ by 1e-9 of the larger one. Where large numbers cancel, what remains has no size of its own: both
    may be anything up to 1e-12 of the largest number that the formula reads or holds, or that the cells read from which
    it takes them, and differ by the last digits of that number, 1e-14 of it.
    """
    scale = _Scale(model)
    for sheet, cells in model.values().items():
        other_cells = others.get(sheet, {})
        for (row, col), ours in cells.items():
            other = other_cells.get((row, col))
            if not _agree(ours, other, engine) and not scale.cancels((sheet, row, col), ours, other):
                yield Reference(sheet, row, col, row, col), ours, other


def shown(value: Cell | CellValue) -> str:
    """Return a value as a sentence spells it."""
    if value is None:
        return "blank"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, bool):
        return str(value).upper()
    return value.code if isinstance(value, CellError | ErrorValue) else f"{value}"


def listed(places: Iterable[str]) -> str:
    """Return the first three addresses and how many more there are."""
    found = list(places)
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _counts(values: _Values, left_out: Mapping[Reference, str]) -> dict[str, int]:
    found = Counter(
        _kind(value)
        for sheet, cells in values.items()
        for at, value in cells.items()
        if Reference(sheet, *at, *at) not in left_out
    )
    return {kind: found[kind] for kind in KINDS}


def _kind(value: Cell | CellValue) -> str:
    if isinstance(value, bool):
        return "truth values"
    if isinstance(value, float):
        return "numbers"
    return "texts" if value is None or isinstance(value, str) else "errors"


def _agree(ours: Cell, other: Cell | CellValue, engine: str) -> bool:
    if type(ours) is float and type(other) is float:
        return abs(ours - other) <= AGREEMENT * max(abs(ours), abs(other))
    if isinstance(ours, CellError):
        code = getattr(other, "code", "")
        alike = _LIBREOFFICE_ERRORS if engine == LIBREOFFICE and ours.code in _LIBREOFFICE_ERRORS else (ours.code,)
        return (code if code in ERROR_CODES or not code else "#VALUE!") in alike
    if ours is None:
        return other in (None, "", 0.0)
    if engine == LIBREOFFICE and bool in (type(ours), type(other)):  # it has TRUE and FALSE as the numbers 1 and 0
        return isinstance(ours, bool | float) and isinstance(other, bool | float) and float(ours) == float(other)
    return (ours == "" and other in (None, "")) or (type(ours) is type(other) and ours == other)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The size of what formulas read; each range is looked at once."""

    model: Model
    largest: dict[Reference, float] = field(default_factory=dict)

    def cancels(self, place: tuple[str, int, int], ours: Cell, other: Cell | CellValue) -> bool:
        """Return whether two numbers are what remains where larger ones cancel."""
        if type(ours) is not float or type(other) is not float:
            return False
        size, apart = max(abs(ours), abs(other)), abs(ours - other)
        for steps in (1, 2):
            largest = self.read(place, steps)
            if size <= RESIDUAL * largest or apart <= ROUNDING * largest:
                return True
        return False

    def read(self, place: tuple[str, int, int], steps: int) -> float:
        """Return the largest number that a formula reads or holds, or, in further steps, that its sources read."""
        areas = read_cells(self.model, *place)
        found = [*map(self._largest_in, areas), *_numbers_in(self.model, *place)]
        if steps > 1:
            near = [
                (area.sheet, *at) for area in areas if area.rows * area.columns <= _MOST_FOLLOWED for at in area.cells()
            ]
            found += [self.read(at, steps - 1) for at in near if at[1:] in self.model.formulas(at[0])]
        return max(found, default=0.0)

    def _largest_in(self, area: Reference) -> float:
        if area not in self.largest:
            values = chain.from_iterable(self.model.cells(area))
            self.largest[area] = max((abs(value) for value in values if type(value) is float), default=0.0)
        return self.largest[area]


def _numbers_in(model: Model, sheet: str, row: int, col: int) -> list[float]:
    """Return the numbers that a cell's formula itself holds."""
    cell = model.package.cells(sheet).cells.get((row, col))
    text = (cell.formula if cell else None) or ""
    return [float(text[start:end]) for kind, start, end in formula_tokens(text) if kind == "number"]


def told(old: Iterable[Differing], opinion: Comparison | None, package: Package) -> str:
    """Return what a second engine tells of stored results that are not the calculated ones; nothing without one."""
    if opinion is None:
        return ""
    unknown = {place for place, _ in opinion.not_compared}
    unknown |= {Reference(name, *at, *at) for name, cells in saved_results(package).items() for at in cells}
    known = [(place, was) for place, _, was in old if place not in unknown]
    if not known:
        return f"; {opinion.engine} does not calculate these cells"
    apart = {place: other for place, _, other in opinion.apart}
    doubtful = [(place.address, _agree_stored(was, apart[place], opinion)) for place, was in known if place in apart]
    if stored := [address for address, as_stored in doubtful if as_stored]:
        return f"; {opinion.engine} gives the stored result of {listed(stored)}, so dhxl calculates that otherwise"
    if doubtful:
        return f"; {opinion.engine} gives a third result in {listed(address for address, _ in doubtful)}"
    return f"; {opinion.engine} calculates as dhxl does, so the file was saved by a program that does not calculate"


def _agree_stored(was: Cell | CellValue, other: Cell | CellValue, opinion: Comparison) -> bool:
    code = getattr(was, "code", None)
    return _agree(CellError(code) if code else was, other, opinion.engine)  # type: ignore[arg-type]
