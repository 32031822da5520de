"""The copy of a workbook that the calculation engine gets: same cells, formulas put the way it understands them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts.headless.asked import Place as AskedPlace
from dhxl.hosts.headless.asked import asked_calls, asked_place
from dhxl.hosts.headless.copy_package import minimal_package
from dhxl.hosts.headless.engine import PLACE, kept_array
from dhxl.hosts.headless.facts import PackageFacts
from dhxl.hosts.headless.limits import refuse_too_large
from dhxl.hosts.headless.planning import Plan, Planner
from dhxl.hosts.headless.reading import Place, Reading
from dhxl.hosts.headless.shared_ranges import SharedRanges
from dhxl.hosts.headless.stored import counts
from dhxl.hosts.headless.translate import LEFT_OUT_FORMULA
from dhxl.hosts.native.evaluate import Code
from dhxl.hosts.native.library import Here
from dhxl.workbook import patch
from dhxl.workbook.cells import SheetCells
from dhxl.workbook.formulas import function_calls, is_dh, located_calls
from dhxl.workbook.names import Reference, quoted_sheet, range_position
from dhxl.workbook.package import MOST_CELLS, Package
from dhxl.workbook.tables import Table, plain_references, tables
from dhxl.workbook.values import CellValue
from dhxl.workbook.xmltext import escaped, plain

__all__ = ["EngineCopy", "Live", "Place", "engine_copy", "reading_of"]

_WHAT_IF: Final = "is a data table (what-if analysis), which is not calculated headlessly"
_AS_DISPLAYED: Final = "the workbook calculates with the precision as displayed, which is not done headlessly"
_DYNAMIC: Final = re.compile(rb"\scm\s*=")  # the metadata of a dynamic array
_OTHER_WORKBOOK: Final = re.compile(r"\[[1-9]\d*\][^\[\]!,;()]*!")
_FAR: Final = re.compile(r"(?:'(?:[^']|'')*\[(?:[^']|'')*'|\[[1-9]\d*\][^\[\]!,;()'\s]*)![$\w.:]+")
_THIS_WORKBOOK: Final = re.compile(r"\[0\]!")
_DELETED: Final = re.compile(r"#REF!\.?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?")
_RANGE: Final = re.compile(r"(?<![\w.])\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}:\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(])")
_DEFINED_NAME: Final = re.compile(rb"(<(?:\w+:)?definedName\b[^<>]*>)([^<]*)(</)")
_SEVERAL_SHEETS: Final = re.compile(
    r"(?<![\w.!$'])(?:([^\W\d][\w.]*):([\w.]+)|'((?:[^'\[\]:]|'')+):((?:[^'\[\]:]|'')+)')!"
    r"(\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})?)?"
)
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"?')


@dataclass(frozen=True, slots=True)
class Live:
    """A formula that calls worksheet functions, for the engine; ``key`` is its array's, where it is one."""

    text: str
    area: Reference
    key: int | None


@dataclass(frozen=True, slots=True)
class EngineCopy:
    """What the engine loads.

    ``arrays`` are the cells of the array formulas, whose keys are their places in it, ``dynamic`` the keys of those
    that take as many cells as their result has; ``calls`` the cells of the formulas that call worksheet functions, by
    address; ``kept`` says which formulas stay at their saved values and why; ``codes`` are what the engine has dhxl
    calculate. ``held`` are formulas that stand in the copy as their saved values, but could be calculated; ``clocks``
    those in the copy whose results may change with nothing else; ``plans`` those of which more is to be said than their
    text. ``reading`` tells what each formula reads, ``shared`` which ranges are handed over once.
    """

    content: bytes
    arrays: tuple[Reference, ...]
    dynamic: frozenset[int]
    calls: Mapping[str, Reference]
    kept: Mapping[Place, str]
    codes: Sequence[tuple[Code, Here]]
    held: Mapping[Place, Live]
    clocks: Mapping[Place, Live]
    plans: Mapping[Place, Plan]
    reading: Reading
    shared: SharedRanges


def engine_copy(
    package: Package,
    functions: Mapping[str, WorksheetFunction] = REGISTRY,
    *,
    hold_calls: bool = False,
    hold: Collection[Place] = (),
    stale: bool = False,
) -> EngineCopy:
    """Return the engine's copy of a workbook.

    Calls of worksheet functions learn the address of their cell and what is left out; array formulas keep their
    result for their other cells; references to tables become plain ones; what the engine calculates otherwise than
    Excel calls back to dhxl's own rules; formulas that refer to other workbooks or to functions that neither has
    become their last saved values, as in a spreadsheet program that does not update links; so do those without a saved
    value that hold what nothing vouches for.

    Parameters
    ----------
    package : Package
        The workbook.
    functions : mapping of str to WorksheetFunction
        The worksheet functions that formulas may call.
    hold_calls : bool
        Whether the formulas that call worksheet functions stand there as their saved values.
    hold : collection of sheet, row, column
        Further formulas that do.
    stale : bool
        Whether no stored result vouches for anything.

    Raises
    ------
    WorkbookError
        It holds too many formulas, array formulas cover too many cells, or a worksheet function gets too many.
    """
    refuse_too_large(package)
    parts: dict[str, bytes] = {}
    work = _copying(package, functions, hold_calls, frozenset(hold), stale)
    shared = work.shared
    for sheet in package.sheets:
        if sheet.kind == "worksheet":
            cells = package.cells(sheet.name)
            parts[sheet.name] = patch.engine_copy(cells, _Rewrite(work, sheet.name, cells))
            tables_of = (at for at, cell in cells.cells.items() if cell.formula_kind == "table")
            work.kept |= dict.fromkeys(((sheet.name, *at) for at in tables_of), _WHAT_IF)
    names = _DEFINED_NAME.sub(lambda found: _name(found, work.known), package.part(package.main))
    arrays = tuple(work.arrays), frozenset(work.dynamic)
    found = (*arrays, work.calls, work.kept, work.planner.codes, work.held, work.clocks, work.plans)
    if shared.values:
        parts[shared.sheet] = shared.worksheet()
    return EngineCopy(minimal_package(package, parts, names), *found, Reading(package, work.read), shared)


def reading_of(package: Package) -> Reading:
    """Return what the formulas of a workbook read, without a copy of it."""
    return Reading(package, _copying(package, {}).read)


@dataclass(slots=True)
class _Copying:
    """What the sheets of a workbook have in common while they are copied, and what was found in them."""

    package: Package
    known: Mapping[str, Table]
    mention: re.Pattern[str] | None
    functions: Mapping[str, WorksheetFunction]
    planner: Planner
    shared: SharedRanges
    hold_calls: bool
    hold: frozenset[Place]
    stale: bool
    arrays: list[Reference] = field(default_factory=list)
    dynamic: set[int] = field(default_factory=set)
    calls: dict[str, Reference] = field(default_factory=dict)
    kept: dict[Place, str] = field(default_factory=dict)
    held: dict[Place, Live] = field(default_factory=dict)
    clocks: dict[Place, Live] = field(default_factory=dict)
    plans: dict[Place, Plan] = field(default_factory=dict)

    @property
    def setting(self) -> str:
        """Why no formula of the workbook is calculated; empty where they are."""
        return _AS_DISPLAYED if self.package.calculation.get("fullPrecision") in ("0", "false") else ""

    def is_stored(self, place: Place, value: CellValue) -> bool:
        """Return whether a formula has a stored result that can vouch for what is not verified, now or at the proof."""
        return place in self.hold or (not self.stale and counts(self.package, value))

    def plain(self, formula: str, row: int) -> str:
        """Return a formula in forms of reference that everything here reads."""
        text = _plain(formula, self.known, row, self.mention)
        if "!" in text and ":" in text and _SEVERAL_SHEETS.search(text):
            text = _outside_text(text, lambda piece: _SEVERAL_SHEETS.sub(self._each_sheet, piece))
        return text

    def _each_sheet(self, found: re.Match[str]) -> str:
        """Return a range over several sheets as a union of its cells on each; as it is where a sheet is missing."""
        bare_first, bare_last, first, last, cells = found.groups()
        names = [sheet.name for sheet in self.package.sheets if sheet.kind == "worksheet"]
        ends = [(bare_first or first).replace("''", "'").casefold(), (bare_last or last).replace("''", "'").casefold()]
        known = [name.casefold() for name in names]
        if cells is None or not set(ends) <= set(known):
            return found[0]
        low, high = sorted(map(known.index, ends))
        return f"({','.join(f'{quoted_sheet(name)}!{cells}' for name in names[low : high + 1])})"

    def read(self, place: Place) -> tuple[Reference, ...] | None:
        """Return the cells and ranges that a formula reads, None where it calculates which."""
        sheet, row, col = place
        cells = self.package.cells(sheet)
        if cells.cells[row, col].formula_kind == "table":
            return None  # all that its formulas rest on, for other values of its input cells
        text = self.plain(cells.cells[row, col].formula or "", row)
        text = _FAR.sub("0", text) if "[" in text else text
        return self.planner.read(sheet, row, col, text, array=(row, col) in cells.arrays)


def _copying(
    package: Package,
    functions: Mapping[str, WorksheetFunction],
    hold_calls: bool = False,
    hold: frozenset[Place] = frozenset(),
    stale: bool = False,
) -> _Copying:
    known = {table.name.lower(): table for table in tables(package)}
    shared = SharedRanges.beside([sheet.name for sheet in package.sheets])
    planner = Planner(PackageFacts(package), _names(package, known), partial(_array_at, package), shared)
    return _Copying(package, known, _mention_of(known), functions, planner, shared, hold_calls, hold, stale)


@dataclass(frozen=True, slots=True)
class _Rewrite:
    """The formulas of one sheet as the engine gets them."""

    work: _Copying
    sheet: str
    cells: SheetCells

    def __call__(self, row: int, col: int, formula: str) -> str | None:
        """Return a formula for the engine, None where the saved value is to stand instead."""
        work, place = self.work, (self.sheet, row, col)
        array = (row, col) in self.cells.arrays
        text = work.plain(formula, row)
        reason = _reason_to_keep(text) or work.setting
        if not reason:
            plan = work.planner.plan(self.sheet, row, col, text, array=array)
            text = plan.text
            if plan.unsupported:
                reason = f"calls {', '.join(plan.unsupported)}, which is not calculated headlessly"
            elif plan.unverified and not work.is_stored(place, self.cells.value(row, col)):
                reason = f"holds {', '.join(plan.unverified)}, which is not known to be calculated as Excel does"
            elif plan.volatile:
                work.plans[place] = plan
        if reason:
            work.kept[place] = reason
            return None
        if "DH_" in text.upper() and (called := [name for name in _called(text) if is_dh(name)]):
            return self._calling(row, col, text, called, array=array)
        hold = place in work.hold
        if place in work.plans and work.plans[place].volatile and not array:
            work.clocks[place] = Live(text, self._covered(row, col), None)
        if array:
            return self._array(row, col, text, hold=hold)
        if hold:
            work.held[place] = Live(text, self._covered(row, col), None)
        return None if hold else text

    def _calling(self, row: int, col: int, text: str, called: list[str], *, array: bool) -> str | None:
        """Return a formula that calls worksheet functions."""
        work, address = self.work, Reference(self.sheet, row, col, row, col).address
        _refuse_large_ranges(text, address)
        work.calls[address] = self._covered(row, col)
        if work.functions:
            text = asked_calls(text, lambda asked: self._asked(row, col, asked))
            text = located_calls(text, PLACE + address, LEFT_OUT_FORMULA)
        results = [work.functions[name].result.shape for name in called if name in work.functions]
        if array or any(shape in ("column", "table") for shape in results):
            return self._array(row, col, text, hold=work.hold_calls)
        if not work.hold_calls:
            return text
        work.held[self.sheet, row, col] = Live(text, self._covered(row, col), None)
        return None

    def _array(self, row: int, col: int, text: str, *, hold: bool) -> str | None:
        """Return the formula of the first cell of an array."""
        work, covered = self.work, self._covered(row, col)
        key = len(work.arrays)
        work.arrays.append(covered)
        if _DYNAMIC.search(self.cells.xml, *self._tag(row, col)):
            work.dynamic.add(key)
        text = kept_array(text, covered, key)
        plan = work.plans.get((self.sheet, row, col))
        if plan and plan.volatile:
            work.clocks[self.sheet, row, col] = Live(text, covered, key)
        if not hold:
            return text
        work.held[self.sheet, row, col] = Live(text, covered, key)
        return None

    def _tag(self, row: int, col: int) -> tuple[int, int]:
        cell = self.cells.cells[row, col]
        return cell.start, self.cells.xml.index(b">", cell.start, cell.end)

    def _covered(self, row: int, col: int) -> Reference:
        return Reference(self.sheet, *self.cells.arrays.get((row, col), (row, col, row, col)))

    def _asked(self, row: int, col: int, asked: str) -> AskedPlace:
        return asked_place(self.work.package, Reference(self.sheet, row, col, row, col), asked)


def _names(package: Package, known: Mapping[str, Table]) -> Callable[[str, str], str | None]:
    """Return a function that gives the text of a defined name as seen from a sheet; without one, the workbook's own."""
    mention = _mention_of(known)
    texts = [(one, _plain(one.text, known, 0, mention)) for one in package.names]
    of_book = {one.name.casefold(): text for one, text in reversed(texts) if one.sheet is None}
    of_sheets = {(one.sheet.casefold(), one.name.casefold()): text for one, text in texts if one.sheet is not None}

    def text(name: str, sheet: str) -> str | None:
        key = name.casefold()
        own = of_sheets.get((sheet.casefold(), key)) if of_sheets and sheet else None
        return of_book.get(key) if own is None else own

    return text


def _array_at(package: Package, place: Reference) -> Reference | None:
    """Return the cells of the array formula that begins in a cell, None where none does."""
    sheets = {one.name.casefold(): one for one in package.sheets if one.kind == "worksheet"}
    entry = sheets.get(place.sheet.casefold())
    area = package.cells(entry.name).arrays.get((place.first_row, place.first_col)) if entry else None
    return Reference(entry.name, *area) if entry and area else None


def _refuse_large_ranges(text: str, address: str) -> None:
    for found in _RANGE.finditer(text):
        first_row, first_col, last_row, last_col = range_position(found[0])
        if (last_row - first_row + 1) * (last_col - first_col + 1) > MOST_CELLS:
            raise WorkbookError(f"{address}: a worksheet function takes at most {MOST_CELLS:,} cells, got {found[0]}")


def _name(found: re.Match[bytes], known: Mapping[str, Table]) -> bytes:
    text = plain(found[2])
    new = _plain(text, known, 0, _mention_of(known))
    return found[0] if new == text else found[1] + escaped(new).encode() + found[3]


def _mention_of(known: Mapping[str, Table]) -> re.Pattern[str] | None:
    """Return what finds the names of tables in formulas, None where there are no tables."""
    return re.compile("|".join(map(re.escape, known)), re.IGNORECASE) if known else None


def _plain(formula: str, known: Mapping[str, Table], row: int, mention: re.Pattern[str] | None) -> str:
    """Return a formula without forms of reference that the engine does not read."""
    text = formula
    if "#REF!" in text:
        text = _outside_text(text, lambda piece: _DELETED.sub("#REF!", piece))
    if "[" in text or (mention and mention.search(text)):
        if "[0]!" in text:
            text = _outside_text(text, lambda piece: _THIS_WORKBOOK.sub("", piece))
        text = plain_references(text, known, row)
    return text


def _reason_to_keep(text: str) -> str:
    if "]" in text and _OTHER_WORKBOOK.search(_TEXT.sub("", text)):
        return "refers to another workbook"
    if "!" in text and ":" in text and _SEVERAL_SHEETS.search(_TEXT.sub("", text)):
        return "refers to a range over several sheets, which is not calculated headlessly"
    return ""


def _called(text: str) -> list[str]:
    """Return the names of the functions that a formula calls."""
    return [call.name for call in function_calls(text)]


def _outside_text(text: str, change: Callable[[str], str]) -> str:
    pieces = []
    at = 0
    for found in _TEXT.finditer(text):
        pieces += [change(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*pieces, change(text[at:])])
