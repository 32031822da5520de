"""The calculation engine in memory: formualizer with dhxl's worksheet functions at its disposal."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from weakref import WeakMethod

import formualizer as fz

from dhxl.errors import WorkbookError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import Cell, CellError
from dhxl.functions.info import WHY, CellNote
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts.headless.callbacks import native_calls
from dhxl.hosts.headless.planning import CALC
from dhxl.hosts.headless.shared_ranges import SharedRanges
from dhxl.hosts.headless.translate import argument, cell, engine_value, rows_of_cells
from dhxl.hosts.native.evaluate import Code
from dhxl.hosts.native.library import Here
from dhxl.interrupts import held
from dhxl.workbook.names import Reference, cell_address
from dhxl.workbook.values import ErrorValue

__all__ = ["PLACE", "Engine", "Message", "fixed_clock", "kept_array"]

PLACE: Final = "@"  # stands before the address that a rewritten DH_ call passes as its first argument
_KEPT: Final = "DHXL_KEPT"
_TAKEN: Final = "DHXL_TAKEN"
_NOT_AVAILABLE: Final = {"type": "Error", "kind": "Na"}
_MOST_LINES: Final = 20  # of the sentence on a range of answers

_log = logging.getLogger("dhxl")
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Message:
    """The sentence behind the error value of a cell; ``address`` is empty where the cell is not known.

    ``elements`` are the error values in a range of answers by row and column, counted from 0; ``code`` is then that of
    the first one, and ``sentence`` has a line for each.
    """

    address: str
    code: str
    sentence: str
    elements: Mapping[tuple[int, int], CellError] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = self.sentence.split("\n")
        return "\n".join(f"{self.address}: {line}" if self.address else line for line in lines)


class LiveFormula(Protocol):
    """A formula for the engine; ``key`` is that of an array formula."""

    @property
    def text(self) -> str:
        """Return the formula without ``=``."""

    @property
    def area(self) -> Reference:
        """Return the cells that it fills."""

    @property
    def key(self) -> int | None:
        """Return its number among the array formulas, None where it is none."""


def _weakly(method: Callable[..., object], *first: object) -> Callable[..., object]:
    """Return a method for the engine, which would keep what holds it alive for good if it held that in turn."""
    reference = WeakMethod(method)

    def call(*arguments: object) -> object:
        alive = reference()
        assert alive is not None, "the engine calls only while it is held"
        return alive(*first, *arguments)

    return call


class Engine:
    """An open calculation.

    Parameters
    ----------
    content : bytes, optional
        A workbook file; without it the workbook is empty.
    functions : mapping of str to WorksheetFunction
        The worksheet functions that formulas may call; empty to calculate as on a machine without dhxl.
    date1904 : bool
        Whether day numbers count from 1904.
    codes : sequence
        What formulas have dhxl calculate by Excel's rules, see :mod:`dhxl.hosts.headless.planning`.
    shared : SharedRanges, optional
        The ranges that these formulas share.
    """

    def __init__(
        self,
        content: bytes | None = None,
        *,
        functions: Mapping[str, WorksheetFunction] = REGISTRY,
        date1904: bool = False,
        codes: Sequence[tuple[Code, Here]] = (),
        shared: SharedRanges | None = None,
    ) -> None:
        settings = fz.EvaluationConfig()
        settings.enable_parallel = False  # callbacks stay on the caller's thread, where Ctrl-C arrives
        settings.date_system = "1904" if date1904 else "1900"
        config = fz.WorkbookConfig(eval_config=settings, enable_changelog=False)
        try:
            self._book = fz.Workbook.from_bytes(content, config=config) if content else fz.Workbook(config=config)
        except (OSError, RuntimeError, ValueError, fz.FormualizerHostError, fz.ExcelEvaluationError) as error:
            raise WorkbookError(f"the calculation engine cannot read the workbook: {error}") from error
        self._book.set_temporal_egress("serial")
        if moment := fixed_clock():
            self._book.set_deterministic_clock(moment)
        self._messages: dict[str, Message] = {}
        self._notes: dict[str, tuple[object, str]] = {}
        self._called: set[str] = set()
        self._interrupted = False
        self._hold = held()
        self._on_call: Callable[[], None] | None = None
        self._arrays: dict[float, list[list[Any]]] = {}
        self._sizes: dict[float, tuple[int, int]] = {}
        self.register(_KEPT, _weakly(self._keep))
        self.register(_TAKEN, _weakly(self._take))
        for name, callback in native_calls(codes, shared).items():
            self.register(name, _weakly(self._by_rule, callback) if name == CALC else callback)
        for function in functions.values():
            self.register(function.name, _weakly(self._call, function))
        for name in REGISTRY.keys() - functions.keys():
            self.register(name, _unknown)

    @property
    def sheet_names(self) -> list[str]:
        """Names of the sheets in tab order."""
        return self._book.sheet_names

    @property
    def messages(self) -> Mapping[str, Message]:
        """The last sentence of each cell in which a function gave an error value, by address."""
        return self._messages

    @property
    def notes(self) -> Mapping[str, str]:
        """The last note of each cell in which a right answer is worth a look, by address."""
        return {address: note for address, (_, note) in self._notes.items()}

    def register(self, name: str, callback: Callable[..., object]) -> None:
        """Offer a function to formulas."""
        self._book.register_function(name, callback)

    def calculate(self, on_call: Callable[[], None] | None = None) -> None:
        """Calculate all formulas that are not up to date.

        Parameters
        ----------
        on_call : callable, optional
            Called before each call of a worksheet function.

        Raises
        ------
        WorkbookError
            The engine gave up.
        KeyboardInterrupt
            The user interrupted it. Nothing that it has calculated may be used then.
        """
        self._called.clear()
        self._on_call = on_call
        try:
            with held() as self._hold:
                self._book.evaluate_all()
        except (RuntimeError, ValueError, fz.ExcelEvaluationError, fz.FormualizerHostError) as error:
            if self._interrupted:
                raise KeyboardInterrupt from None
            raise WorkbookError(f"the calculation engine gave up: {error}") from error
        finally:
            self._on_call = None
        if self._interrupted:
            raise KeyboardInterrupt

    def value(self, sheet: str, row: int, col: int) -> Cell:
        """Return the value of a cell."""
        return cell(self._book.get_value(sheet, row, col))

    def values_at(self, sheet: str, places: Iterable[tuple[int, int]]) -> list[Cell]:
        """Return the values of some cells of a sheet."""
        get_value = self._book.get_value
        return [cell(get_value(sheet, row, col)) for row, col in places]

    def values(self, sheet: str, first_row: int, first_col: int, last_row: int, last_col: int) -> list[list[Cell]]:
        """Return the values of a rectangle of cells."""
        address = fz.RangeAddress(sheet, first_row, first_col, last_row, last_col)
        return rows_of_cells(self._book.sheet(sheet).get_values(address))

    def precedents(self, address: str) -> list[str]:
        """Return the addresses of the cells and ranges that a cell's formula refers to."""
        found = []
        for entry in self._book.precedents(address).precedents:
            reference = entry.reference
            place = reference.resolved or reference.address or reference.declared
            if place is None and reference.resolution:
                place = reference.resolution.resolved or reference.resolution.address
            if place:
                found.append(place)
        return found

    def set_rows(self, sheet: str, row: int, col: int, rows: list[list[Any]]) -> None:
        """Put constants into a rectangle of cells, all at once: an edit walks through everything that rests on it."""
        self._book.set_values_batch(sheet, row, col, rows)

    def set_live(self, formulas: Iterable[LiveFormula]) -> None:
        """Put formulas in the place of the values that were held for them."""
        columns: dict[tuple[str, int], list[tuple[int, str]]] = {}
        arrays = []
        for one in formulas:
            at = (one.area.sheet, one.area.first_col)
            columns.setdefault(at, []).append((one.area.first_row, f"={one.text}"))
            if one.key is not None:
                arrays.append((one.area, one.key))
        for (sheet, col), cells in columns.items():
            for first, texts in _runs(sorted(cells)):
                self._book.set_formulas_batch(sheet, first, col, [[text] for text in texts])
        for area, key in arrays:
            self.fill_array(area, key)

    def hold(self, place: Reference, rows: Sequence[Sequence[object]]) -> None:
        """Put the values of a formula's cells in the place of the formula."""
        values = [[None if one is None else engine_value(_cell_of(one)) for one in row] for row in rows]
        self.set_rows(place.sheet, place.first_row, place.first_col, values)

    def fill_array(self, place: Reference, key: int) -> None:
        """Let the other cells of an array formula take their values from its first cell, see :func:`kept_array`."""
        first_row, first_col = place.first_row, place.first_col
        anchor = cell_address(first_row, first_col)
        rows = [[f"={_TAKEN}({anchor},{key},{row},{col})" for col in range(place.columns)] for row in range(place.rows)]
        if place.columns > 1:
            self._book.set_formulas_batch(place.sheet, first_row, first_col + 1, [rows[0][1:]])
        if place.rows > 1:
            self._book.set_formulas_batch(place.sheet, first_row + 1, first_col, rows[1:])

    def size(self, key: int) -> tuple[int, int] | None:
        """Return how many rows and columns an array formula has given; None where it was not calculated."""
        return self._sizes.get(key)

    def set_formula(self, sheet: str, row: int, col: int, formula: str) -> None:
        """Put a formula into a cell.

        Raises
        ------
        WorkbookError
            The formula cannot be read.
        """
        try:
            self._book.set_formula(sheet, row, col, formula)
        except RuntimeError as error:
            raise WorkbookError(f"the formula cannot be read: {error}") from error

    def _keep(self, key: float, rows: float, columns: float, value: Any) -> Any:
        of = value if isinstance(value, list) and value and value[0] else [[value]]
        self._sizes[key] = len(of), len(of[0])
        kept = _fitted(int(rows), int(columns), value)
        self._arrays[key] = kept
        return kept[0][0]

    def _take(self, _anchor: object, key: float, row: float, column: float) -> Any:
        return self._arrays[key][int(row)][int(column)]

    def _by_rule(self, callback: Callable[..., object], *arguments: object) -> object:
        """Return what a compiled formula gives; many may be calculated for long without any other call."""
        if not (self._interrupted or self._hold.noted):
            return callback(*arguments)
        self._interrupted = True
        self._book.cancel()
        return engine_value(CellError("#VALUE!"))

    def _call(self, function: WorksheetFunction, *arguments: object) -> object:
        if not (self._interrupted or self._hold.noted):
            try:
                return self._answer(function, arguments)
            except KeyboardInterrupt:
                pass
        self._interrupted = True
        self._book.cancel()
        return engine_value(CellError("#VALUE!"))

    def _answer(self, function: WorksheetFunction, arguments: tuple[object, ...]) -> object:
        """Return what the engine gets for a call, and keep the sentence of an error."""
        address = ""
        if arguments and isinstance(arguments[0], str) and arguments[0].startswith(PLACE):
            address, arguments = arguments[0].removeprefix(PLACE), arguments[1:]
        if address not in self._called:
            self._called.add(address)
            self._messages.pop(address, None)
            self._notes.pop(address, None)
        if self._on_call:
            self._on_call()
        answer: object
        try:
            cells: Any = tuple(map(argument, arguments))
            answer = self._hold.call(function, *(self._with_sentence(*cells) if function.name == WHY else cells))
            if not isinstance(answer, CellError) and (note := function.note_on(*cells)):
                self._notes[address] = answer, note
        except Exception as error:  # noqa: BLE001 - the outermost door of this host
            _log.exception("%s in %s", function.name, address or "a formula")
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            answer = CellError("#VALUE!", f"{function.name}: {reason} (internal error, please report it)")
        if message := _message(address, function, answer):
            self._messages[address] = message
        return engine_value(answer)

    def _with_sentence(self, address: str, row: float, column: float, asked: object, *more: object) -> tuple[Any, ...]:
        """Return the arguments of DH_WHY with the sentence of the asked cell, whose place :func:`asked_calls` tells."""
        while isinstance(asked, (list, tuple)) and asked:
            asked = asked[0]
        if isinstance(asked, CellError) and (message := self._messages.get(address)):
            element = message.elements.get((int(row), int(column)))
            asked = CellError(asked.code, element.message if element else message.sentence)
        elif asked == (noted := self._notes.get(address, (None, "")))[0] and noted[1]:
            asked = CellNote(noted[1])
        return asked, *more


def _runs(cells: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first row and the texts of cells that follow each other in a column."""
    start = 0
    for at in range(1, len(cells) + 1):
        if at == len(cells) or cells[at][0] != cells[at - 1][0] + 1:
            yield cells[start][0], [text for _, text in cells[start:at]]
            start = at


def _cell_of(value: object) -> object:
    """Return an error value of a file as one of a cell."""
    return CellError(value.code) if isinstance(value, ErrorValue) else value


def _unknown(*_: object) -> dict[str, str]:
    """Return what a function gives on a machine without dhxl."""
    return {"type": "Error", "kind": "Name"}


def _message(address: str, function: WorksheetFunction, answer: object) -> Message | None:
    """Return what is to be said of an answer, None where nothing is in error."""
    if isinstance(answer, CellError):
        return Message(address, answer.code, answer.message or answer.code)
    if not (isinstance(answer, list) and function.elementwise):
        return None
    elements = {
        (r, c): cell for r, row in enumerate(answer) for c, cell in enumerate(row) if isinstance(cell, CellError)
    }
    if not elements:
        return None
    lines = [line for error in elements.values() for line in error.message.split("\n")]
    rest = len(lines) - _MOST_LINES
    shown = lines if rest <= 0 else [*lines[:_MOST_LINES], f"{function.name}: {rest} more faults in this range"]
    return Message(address, next(iter(elements.values())).code, "\n".join(shown), elements)


def fixed_clock() -> datetime | None:
    """Return the moment that SOURCE_DATE_EPOCH sets, or None where it is not set.

    Raises
    ------
    WorkbookError
        SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WorkbookError(f"SOURCE_DATE_EPOCH must be seconds since 1970 (a whole number), got {epoch!r}") from error


def kept_array(formula: str, place: Reference, key: int) -> str:
    """Return the formula for the first cell of an array formula: it keeps the whole result and shows its first value.

    The engine's own spilling is not used: in 0.13 it holds 10,000 cells at most, is blocked by stored values, and
    formulas that read spilled cells may miss a change.
    """
    return f"{_KEPT}({key},{place.rows},{place.columns},{formula})"


def _fitted(height: int, width: int, value: Any) -> list[list[Any]]:
    """Return a result in the shape of an array formula's cells, as Excel fills them.

    One value, one row or one column is repeated; beyond other results stands #N/A; what does not fit is cut off.
    """
    rows = value if isinstance(value, list) and value and value[0] else [[value]]
    wide = [row * width if len(row) == 1 else (row + [_NOT_AVAILABLE] * (width - len(row)))[:width] for row in rows]
    if len(wide) == 1:
        return wide * height
    return (wide + [[_NOT_AVAILABLE] * width] * (height - len(wide)))[:height]
