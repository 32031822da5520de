"""The registry: every worksheet function is declared once, and every host reads the declaration.

``WorksheetFunction.__call__`` is the only door to a calculation from a spreadsheet: it turns cells into values,
checks them, computes, and shapes the answer; whatever goes wrong becomes an error value with a sentence.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import numpy as np

from dhxl.errors import DhxlError, InputError, NoSolutionError
from dhxl.functions.arguments import Argument
from dhxl.functions.cells import LEFT_OUT, CellError, CellOrRange, is_range
from dhxl.functions.ranges import Rows, frame, place_in, several_rows
from dhxl.units import FRACTION, SUFFIXES, suffix_of, unit_fits

__all__ = ["CATEGORIES", "REGISTRY", "Example", "Result", "WorksheetFunction", "example", "worksheet_function"]

CATEGORIES = (
    "DH Network",
    "DH Pipes",
    "DH Demand",
    "DH Plant",
    "DH Dispatch",
    "DH Finance",
    "DH Environment",
    "DH Info",
)
WIZARD_TEXT_LENGTH = 255  # what Excel's function wizard shows of a description
# Reserved identifiers of VBA (MS-VBAL 3.3.5.2), and names of its library that the wrappers use or that mislead there.
VBA_WORDS = frozenset(
    (
        "abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl "
        "cdec cdecl cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal "
        "declare default defbool defbyte defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj "
        "defsng defstr defvar dim do doevents double each else elseif empty end endif enum eqv erase event exit "
        "false fix for friend function get global gosub goto if imp implements in input inputb int integer is "
        "lbound len lenb let like lineinput lock long longlong longptr loop lset me mod new next not nothing null "
        "on open option optional or paramarray preserve print private pset public put raiseevent redim rem resume "
        "return rset scale seek select set sgn shared single spc static step stop string sub tab then to true "
        "type typeof ubound unlock until variant wend while with withevents write xor "
        "alias base binary compare dictionary err error explicit lib line mid name object property text time "
        "timer value width"
    ).split()
)

ResultShape = Literal["number", "text", "column", "table"]
SINGLE_RESULTS = ("number", "text")
SINGLE_VALUES = ("number", "whole", "text")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Result:
    """What a function returns: shape, unit (of a number or a column) and a word on it."""

    shape: ResultShape
    unit: str = FRACTION
    text: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """Cells that go in and the value that comes out; tested, and shown in the function's page."""

    cells: tuple[CellOrRange, ...]
    result: Any
    source: str
    rel: float = 1e-9


def example(result: Any, *cells: CellOrRange, source: str, rel: float = 1e-9) -> Example:
    """Return an example; ``rel`` is the relative tolerance where the source prints rounded numbers."""
    return Example(cells, result, source, rel)


@dataclass(frozen=True, slots=True)
class WorksheetFunction:
    """A worksheet function as every host sees it."""

    name: str
    category: str
    arguments: tuple[Argument, ...]
    result: Result
    examples: tuple[Example, ...]
    function: Callable[..., Any]
    note: Callable[..., str] | None = None

    @property
    def summary(self) -> str:
        """The first line of the documentation: what is returned."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    @property
    def documentation(self) -> str:
        """The whole documentation of the calculation."""
        return inspect.getdoc(self.function) or ""

    @property
    def syntax(self) -> str:
        """The call with its arguments, optional ones in brackets."""
        return f"{self.name}({', '.join(f'[{a.name}]' if a.optional else a.name for a in self.arguments)})"

    @property
    def elementwise(self) -> bool:
        """Whether ranges may stand in for single cells: all arguments are single values, and so is the result."""
        return self.result.shape in SINGLE_RESULTS and all(one.shape in SINGLE_VALUES for one in self.arguments)

    def __call__(self, *cells: CellOrRange) -> Any:
        """Return the answer for cells: a number, a text, rows of cells, or a CellError; never raises DhxlError.

        Where the function takes single cells and gets ranges, it answers cell by cell, and what is wrong with one
        of them is an error value in its own place.
        """
        if any(map(is_range, cells)) and self.elementwise and len(cells) <= len(self.arguments):
            return self._each(cells)
        return self._one(cells)

    def note_on(self, *cells: CellOrRange) -> str:
        """Return the sentence that goes with a right answer for cells that is worth a look, mostly none."""
        if self.note is None or len(cells) > len(self.arguments):
            return ""
        try:
            given = zip(self.arguments, cells + (LEFT_OUT,) * (len(self.arguments) - len(cells)), strict=True)
            said = self.note(*_values(given))
        except (DhxlError, ArithmeticError):
            return ""
        return f"{self.name}: {said}" if said else ""

    def _one(self, cells: tuple[CellOrRange, ...]) -> Any:
        try:
            if len(cells) > len(self.arguments):
                most = len(self.arguments)
                raise InputError(f"takes at most {most} argument{'s' * (most != 1)}, got {len(cells)}")
            cells = cells + (LEFT_OUT,) * (len(self.arguments) - len(cells))
            values = _values(zip(self.arguments, cells, strict=True))
            with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
                return self._shaped(self.function(*values))
        except DhxlError as error:
            return CellError(error.code, self._sentence(error))
        except ArithmeticError:
            return CellError(NoSolutionError.code, self._sentence(_no_result()))

    def _each(self, cells: tuple[CellOrRange, ...]) -> Any:
        given = dict(zip((argument.name for argument in self.arguments), cells, strict=False))
        try:
            ranges = {name: rows for name, cell in given.items() if (rows := several_rows(name, cell)) is not None}
            if not ranges:
                return self._one(cells)
            single = (argument for argument in self.arguments if argument.name not in ranges)
            _values((argument, given.get(argument.name, LEFT_OUT)) for argument in single)
            size = frame(ranges)
        except DhxlError as error:
            return CellError(error.code, self._sentence(error))
        cell_of = [_cell_of(ranges[name]) if name in ranges else _always(cell) for name, cell in given.items()]
        return [
            [self._placed(self._one(tuple(cell(r, c) for cell in cell_of)), size, r, c) for c in range(size[1])]
            for r in range(size[0])
        ]

    def _placed(self, answer: Any, size: tuple[int, int], row: int, column: int) -> Any:
        if not isinstance(answer, CellError):
            return answer
        named = f"{self.name} ({place_in(size, row, column)}): "
        lines = (named + line.removeprefix(f"{self.name}: ") for line in answer.message.split("\n"))
        return CellError(answer.code, "\n".join(lines))

    def _sentence(self, error: DhxlError) -> str:
        prefix = f"{self.name}: "
        return "\n".join(line if line.startswith(prefix) else prefix + line for line in error.problems)

    def _shaped(self, value: Any) -> Any:
        shape = self.result.shape
        if shape == "number":
            return _finite(value)
        if shape == "text":
            return str(value)
        if shape == "column":
            column = np.asarray(value, dtype=np.float64).ravel() + 0.0
            if not np.isfinite(column).all():
                raise _no_result()
            return column[:, None].tolist()
        return [[_table_cell(cell) for cell in row] for row in value]


def _values(given: Iterable[tuple[Argument, CellOrRange]]) -> list[Any]:
    """Return the values that cells stand for; all that is wrong with them at once."""
    values: list[Any] = []
    problems: list[str] = []
    for argument, cell in given:
        try:
            values.append(argument.value(cell))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return values


def _cell_of(rows: Rows) -> Callable[[int, int], Any]:
    """Return what gives the cell at a place of a frame; one row or one column is repeated."""
    down, across = len(rows) > 1, len(rows[0]) > 1
    return lambda row, column: rows[row * down][column * across]


def _always(cell: CellOrRange) -> Callable[[int, int], Any]:
    return lambda _row, _column: cell


def _table_cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return bool(value) if isinstance(value, (bool, np.bool_)) else _finite(value)


def _finite(value: Any) -> float:
    """Return a result as a number, which a spreadsheet shows without the sign of a negative zero."""
    x = float(value) + 0.0
    if not math.isfinite(x):
        raise _no_result()
    return x


def _no_result() -> NoSolutionError:
    return NoSolutionError("no finite result for these inputs")


_FUNCTIONS: dict[str, WorksheetFunction] = {}
REGISTRY: Mapping[str, WorksheetFunction] = MappingProxyType(_FUNCTIONS)


def worksheet_function(
    name: str,
    *,
    category: str,
    arguments: tuple[Argument, ...],
    result: Result,
    examples: tuple[Example, ...],
    note: Callable[..., str] | None = None,
) -> Callable[[F], F]:
    """Return a decorator that registers a function and gives it back unchanged.

    It may be applied to a function of ``dhxl.core`` as it stands:
    ``worksheet_function("DH_LHD", ...)(network.linear_heat_density)``. ``note`` takes the same values and says what
    is worth a look about a right answer, nothing where all is as usual.

    Raises
    ------
    ValueError
        The declaration is not fit for every host: all faults at once.
    """

    def register(function: F) -> F:
        declared = _with_defaults(function, arguments)
        entry = WorksheetFunction(name, category, declared, result, examples, function, note)
        faults = _faults(entry)
        if name in _FUNCTIONS:
            faults.append("is registered already")
        if faults:
            raise ValueError("\n".join(f"{name}: {fault}" for fault in faults))
        _FUNCTIONS[name] = entry
        return function

    return register


def _with_defaults(function: Callable[..., Any], arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    parameters = inspect.signature(function).parameters
    return tuple(
        argument.with_default(parameters[argument.name].default)
        if argument.name in parameters and parameters[argument.name].default is not inspect.Parameter.empty
        else argument
        for argument in arguments
    )


def _faults(entry: WorksheetFunction) -> list[str]:
    faults = []
    if not re.fullmatch(r"DH_[A-Z][A-Z0-9_]{1,27}", entry.name):
        faults.append("name must be DH_ and 2 to 28 capitals, digits or underscores")
    if entry.category not in CATEGORIES:
        faults.append(f"category {entry.category!r} is none of {', '.join(CATEGORIES)}")
    if not 0 < len(entry.summary) <= WIZARD_TEXT_LENGTH:
        faults.append(f"first line of the documentation must have 1 to {WIZARD_TEXT_LENGTH} characters")
    parameters = list(inspect.signature(entry.function).parameters.values())
    if [p.name for p in parameters] != [a.name for a in entry.arguments]:
        faults.append("arguments differ from the function's signature in name or order")
    if any(p.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters):
        faults.append("arguments must be positional")
    optional = [a.optional for a in entry.arguments]
    if optional != sorted(optional):
        faults.append("optional arguments must stand last")
    for argument in entry.arguments:
        faults.extend(f"{argument.name} {fault}" for fault in _argument_faults(argument))
    shape, unit = entry.result.shape, entry.result.unit
    if shape in ("number", "column") and unit != FRACTION and not any(unit in known for known in SUFFIXES.values()):
        faults.append(f"result unit {unit!r} is unknown")
    if not entry.examples:
        faults.append("needs an example")
    if any(len(one.cells) > len(entry.arguments) for one in entry.examples):
        faults.append("has an example with too many arguments")
    return faults


def _argument_faults(argument: Argument) -> list[str]:
    faults = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", argument.name):
        faults.append("must be lower case with underscores")
    if argument.name in VBA_WORDS:
        faults.append("is a word of VBA")
    if not 0 < len(argument.text) <= WIZARD_TEXT_LENGTH:
        faults.append(f"needs a text of at most {WIZARD_TEXT_LENGTH} characters")
    if argument.shape in ("number", "whole", "vector") and not unit_fits(argument.name, argument.unit):
        known = suffix_of(argument.name)
        faults.append(f"has unit {argument.unit!r}, but its name says {SUFFIXES[known] if known else FRACTION!r}")
    if argument.optional and argument.default is not None and argument.limits:
        try:
            argument.value(argument.default)
        except InputError as error:
            faults.append(f"has a default outside its limits: {error}")
    return faults
