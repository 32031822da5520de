"""The proof before anything is written: the engine calculates a workbook as it stands, and every stored result counts.

Formulas that call worksheet functions stand at their stored results. A formula cell whose stored result the engine does
not reproduce is unproven, with the reason; so is one without a stored result that holds something for which nothing
else vouches. Unproven cells are held at what the file says, so that what rests on them can be proven in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from dhxl.functions.cells import Cell, CellError, described
from dhxl.hosts.headless.engine import Engine
from dhxl.hosts.headless.engine_copy import EngineCopy
from dhxl.hosts.headless.reading import Index, Place
from dhxl.hosts.headless.stored import counts
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue, number_text, same_value

__all__ = ["Proof", "Unproven", "has_results", "proven", "same_result", "stored_result", "unproven_as_kept"]

ROUNDING: Final = 1e-12  # relative: two programs round the same operations differently in the last digits
ITERATION: Final = 1e-7  # relative: what Excel iterates, it iterates to 0.00001 percent (Microsoft: IRR, RATE, XIRR)
_ITERATED: Final = frozenset(
    {"IRR", "XIRR", "RATE", "YIELD", "ODDFYIELD", "MIRR", "BETA.INV", "GAMMA.INV", "T.INV", "F.INV", "CHISQ.INV"}
)
_ROUNDS: Final = 25  # of holding cells and proving again
_MANY: Final = 100
_LONGEST: Final = 60  # characters of a text that a reason quotes


@dataclass(frozen=True, slots=True)
class Unproven:
    """Why a cell is held at what the file says.

    ``calculated`` is what dhxl would have made of it, None where it cannot tell; ``stored`` is None without a result.
    """

    place: Place
    reason: str
    calculated: Cell
    stored: CellValue

    @property
    def address(self) -> str:
        """Return the cell's address."""
        sheet, row, col = self.place
        return Reference(sheet, row, col, row, col).address

    @property
    def text(self) -> str:
        """Return the reason, with what dhxl would have calculated and what the file says."""
        if self.calculated is None:
            return self.reason
        told = "the file holds no result" if self.stored is None else f"the file says {shown(self.stored)}"
        return f"{self.reason}; dhxl would calculate {shown(self.calculated)}, {told}"

    def __str__(self) -> str:
        return f"{self.address}: {self.text}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof found.

    ``unproven`` are the held cells in the order of sheets, rows and columns; ``volatile`` those that hold the clock and
    the like, which stay at their stored result as long as nothing else that they read changes. ``rounded`` are the
    engine's values where they differ from the stored ones by rounding, ``proved`` counts the reproduced cells.
    """

    unproven: tuple[Unproven, ...] = ()
    volatile: frozenset[Place] = frozenset()
    rounded: Mapping[Place, float] = field(default_factory=dict)
    proved: int = 0

    @property
    def held(self) -> frozenset[Place]:
        """Return the cells that the engine gets as their stored values."""
        return self.volatile | {one.place for one in self.unproven}


Loaded = tuple[EngineCopy, Engine]


def proven(package: Package, loaded: Loaded, load: Callable[[Collection[Place]], Loaded]) -> tuple[Proof, Loaded]:
    """Return the proof of a workbook whose calling formulas stand at their stored results, and the engine that has it.

    The cells that the proof holds are constants in that engine.

    Parameters
    ----------
    package : Package
        The workbook.
    loaded : tuple of EngineCopy and Engine
        What the engine loaded, and the engine.
    load : callable
        Loads it anew with further formulas at their stored results.
    """
    work = _Work(package, loaded, load)
    return work.proof(), (work.copy, work.engine)


def unproven_as_kept(package: Package, copy: EngineCopy) -> tuple[Unproven, ...]:
    """Return the formulas that nothing calculates, whatever their results are."""
    return tuple(
        Unproven(place, reason, None, stored_result(package, place[0], place[1:]))
        for place, reason in copy.kept.items()
    )


def has_results(package: Package) -> bool:
    """Return whether any formula of a workbook has a stored result that counts."""
    return any(
        cell.formula is not None and stored_result(package, sheet.name, (cell.row, cell.col)) is not None
        for sheet in package.sheets
        if sheet.kind == "worksheet"
        for cell in package.cells(sheet.name).cells.values()
    )


def stored_result(package: Package, sheet: str, at: tuple[int, int]) -> CellValue:
    """Return the stored result of a formula's cell, None where there is none."""
    value = package.cells(sheet).value(*at)
    return value if counts(package, value) else None


def shown(value: Cell | CellValue) -> str:
    """Return how a reason quotes a value."""
    if isinstance(value, (ErrorValue, CellError)):
        return value.code
    if isinstance(value, float):
        return number_text(value)
    return described(value)


class _Work:
    """One proof."""

    def __init__(self, package: Package, loaded: Loaded, load: Callable[[Collection[Place]], Loaded]) -> None:
        self.package = package
        self.copy, self.engine = loaded
        self.load = load
        self.reading = self.copy.reading
        self.placeholders = package.calculation.get("fullCalcOnLoad") in ("1", "true")
        self.unproven: dict[Place, Unproven] = {}
        self.volatile: set[Place] = set()
        self.rounded: dict[Place, float] = {}

    def proof(self) -> Proof:
        """Return the proof."""
        self.unproven = {one.place: one for one in unproven_as_kept(self.package, self.copy)}
        self.hold_at_once()
        self.engine.calculate()
        wrong = self.differing()
        for _ in range(_ROUNDS):
            if not wrong:
                break
            self.hold({place: wrong[place] for place in self.roots(wrong)})
            self.engine.calculate()
            wrong = self.differing()
        self.hold(wrong)
        order = {sheet.name: number for number, sheet in enumerate(self.package.sheets)}
        found = sorted(self.unproven.values(), key=lambda one: (order[one.place[0]], *one.place[1:]))
        proved = sum(1 for _ in self.native())
        return Proof(tuple(found), frozenset(self.volatile), self.rounded, proved)

    def hold_at_once(self) -> None:
        """Hold what no result can prove: the clock and the like."""
        for place, plan in self.copy.plans.items():
            if plan.volatile and place not in self.copy.held and self.stored(place) is not None:
                self.volatile.add(place)
                self.engine.hold(self.reading.area(place), self.rows(place))

    def differing(self) -> dict[Place, Cell]:
        """Return the formulas whose stored results are not reproduced, with the first differing value of each."""
        found: dict[Place, Cell] = {}
        self.rounded.clear()
        for place, positions in self.native():
            sheet = place[0]
            stored_of, value_of = self.package.cells(sheet).cells, self.engine.value
            for at in positions:
                cell = stored_of.get(at)
                stored = cell.value if cell else None
                if stored is None:
                    continue
                value = value_of(sheet, *at)
                if same_result(stored, value) or (self.placeholders and stored == 0.0):
                    continue
                if type(value) is float and self.is_rounded(place, stored, value):
                    self.rounded[sheet, *at] = value
                else:
                    found[place] = value
                    break
        if found and (unknown := self.unknown()):
            found = {place: value for place, value in found.items() if place not in unknown}
        return found

    def native(self) -> Iterator[tuple[Place, list[tuple[int, int]]]]:
        """Yield each formula that is not held, with the cells that it fills."""
        aside = {*self.copy.held, *self.unproven, *self.volatile}
        for sheet in self.package.sheets:
            if sheet.kind != "worksheet":
                continue
            cells = self.package.cells(sheet.name)
            for at, cell in cells.cells.items():
                place = (sheet.name, *at)
                if cell.formula is None or place in aside:
                    continue
                area = cells.arrays.get(at)
                yield place, [at] if area is None else list(Reference(sheet.name, *area).cells())

    def stored(self, place: Place) -> CellValue:
        """Return a stored result that counts."""
        return stored_result(self.package, place[0], place[1:])

    def is_rounded(self, place: Place, stored: CellValue, value: Cell) -> bool:
        """Return whether two numbers differ by no more than rounding explains."""
        if type(stored) is not float or type(value) is not float:
            return False
        difference, size = abs(stored - value), max(abs(stored), abs(value))
        if difference <= ROUNDING * size:
            return True
        formula = self.formula(place)
        if difference <= ITERATION * size and any(call.name in _ITERATED for call in function_calls(formula)):
            return True
        return difference <= ROUNDING * self.largest_read(place)

    def largest_read(self, place: Place) -> float:
        """Return the largest number in the cells that a formula reads."""
        largest = 0.0
        for area in self.reading.of(place) or ():
            for row in self.engine.values(area.sheet, area.first_row, area.first_col, area.last_row, area.last_col):
                largest = max(largest, max((abs(one) for one in row if type(one) is float), default=0.0))
        return largest

    def unknown(self) -> set[Place]:
        """Return the formulas that rest on worksheet functions without a stored result, whose values are not known."""
        return self.reading.resting_on([place for place in self.copy.held if self.stored(place) is None])

    def roots(self, wrong: Mapping[Place, Cell]) -> list[Place]:
        """Return those of the differing cells that rest on no other; all of them where each rests on another."""
        every = Index(cell for one in wrong for cell in self.filled(one))
        found = [place for place in wrong if not self.reading.reads_any(place, every)]
        return found or self.circles(wrong) or list(wrong)

    def circles(self, wrong: Mapping[Place, Cell]) -> list[Place]:
        """Return those of some cells that rest on themselves; none where they are too many to ask."""
        if len(wrong) > _MANY:
            return []
        return [place for place in wrong if place in self.reading.resting_on(list(self.filled(place)))]

    def filled(self, place: Place) -> Iterator[Place]:
        """Yield the cells that a formula fills."""
        return ((place[0], *at) for at in self.reading.area(place).cells())

    def hold(self, wrong: Mapping[Place, Cell]) -> None:
        """Hold formulas at what the file says."""
        for place, value in wrong.items():
            circular = isinstance(value, CellError) and "circular" in value.message
            reason = "depends on itself, and where an iteration ends is not known" if circular else self.reason(place)
            self.unproven[place] = Unproven(place, reason, None if circular else value, self.stored(place))
        if len(wrong) > _MANY:  # each edit of an open workbook walks through all that rests on it
            aside = {place for place in self.unproven if place not in self.copy.kept}
            self.copy, self.engine = self.load(aside | self.volatile)
            self.reading = self.copy.reading
            return
        for place in wrong:
            self.engine.hold(self.reading.area(place), self.rows(place))

    def rows(self, place: Place) -> list[list[CellValue]]:
        """Return the stored values of the cells that a formula fills."""
        area = self.reading.area(place)
        flat = [self.stored((area.sheet, *at)) for at in area.cells()]
        return [flat[at : at + area.columns] for at in range(0, len(flat), area.columns)]

    def formula(self, place: Place) -> str:
        """Return a formula."""
        return self.package.cells(place[0]).cells[place[1:]].formula or ""

    def reason(self, place: Place) -> str:
        """Return what a formula holds."""
        return f"holds {construct(self.formula(place))}"


def construct(formula: str) -> str:
    """Return what a reason calls a formula: its outermost function, and the first within it; or the formula itself.

    Examples
    --------
    >>> construct("LINEST(LN(A1:A9),B1:B9)"), construct("A1-B1")
    ('LINEST over LN', '=A1-B1')
    """
    calls = function_calls(formula)
    if not calls:
        return f"={formula}" if len(formula) < _LONGEST else f"={formula[: _LONGEST - 3]}..."
    inner = next((call.name for call in calls[1:] if call.end <= calls[0].end), "")
    return f"{calls[0].name} over {inner}" if inner and inner != calls[0].name else calls[0].name


def same_result(stored: CellValue, value: Cell) -> bool:
    """Return whether a calculated value is a stored result; a blank shows as 0."""
    return same_value(stored, 0.0 if value is None else value)
