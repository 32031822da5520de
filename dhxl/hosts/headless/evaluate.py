"""One formula calculated without a workbook."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import formualizer as fz
import xlsxwriter

from dhxl.errors import InputError
from dhxl.functions import REGISTRY
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.asked import asked_calls
from dhxl.hosts.headless.built_in import is_built_in
from dhxl.hosts.headless.engine import PLACE, Engine, Message
from dhxl.hosts.headless.facts import NoBook
from dhxl.hosts.headless.planning import Planner
from dhxl.hosts.headless.translate import LEFT_OUT_FORMULA, cell, rows_of_cells
from dhxl.workbook.formulas import function_calls, located_calls

__all__ = ["evaluated", "is_range_name"]

_ANSWER: Final = "DHXL_ANSWER"
_SHEET: Final = "Formula"
_NAME: Final = re.compile(r"[^\W\d][\w.]*")
_LOOKS_LIKE_CELL: Final = re.compile(r"[A-Za-z]{1,3}\d+|[Rr](\d*[Cc]\d*)?|[Cc]\d*|(?i:true|false)")
_TOKEN: Final = re.compile(r"(?:, got|:) TokenSpan \{.*?start: (\d+).*\}")  # of the parser, "=" being character 0

Rows = Sequence[Sequence[float | str | bool | None]]


def is_range_name(name: str) -> bool:
    """Return whether a range may have this name: letters, digits, dots and underscores, and no cell address.

    Examples
    --------
    >>> is_range_name("series"), is_range_name("A1"), is_range_name("my series"), is_range_name("units_1")
    (True, False, False, True)
    """
    return len(name) <= 255 and bool(_NAME.fullmatch(name)) and not _LOOKS_LIKE_CELL.fullmatch(name)


def evaluated(
    formula: str, ranges: Mapping[str, Rows] | None = None, on_note: Callable[[str], object] | None = None
) -> Cell | list[list[Cell]]:
    """Return what a formula gives: a cell, rows of cells, or an error value with its sentence.

    Parameters
    ----------
    formula : str
        As typed into a cell, with English names and commas; ``=`` and the braces of an array formula may be there.
    ranges : mapping of str to rows, optional
        Ranges that the formula may name.
    on_note : callable, optional
        Called with the note on a right answer that is worth a look.

    Raises
    ------
    InputError
        The formula cannot be read, or a range has no proper name.

    Examples
    --------
    >>> evaluated("=DH_LHD(6000,3000)")
    2.0
    >>> evaluated("=SUM(years)", {"years": [[1], [2]]})
    3.0
    """
    text = formula.strip().removeprefix("{").strip().removeprefix("=").strip()
    text = text.removesuffix("}").strip() if formula.strip().startswith("{=") else text
    _refuse_unreadable(text)
    answers: list[Any] = []
    places = {name.casefold(): place for name, place in _places(ranges or {}).items()}
    planner = Planner(NoBook(), lambda name, _sheet: places.get(name.casefold()), lambda _place: None)
    plan = planner.plan(_SHEET, 1, 1, text, array=True)
    engine = Engine(_book_with(ranges or {}), codes=planner.codes)

    def keep(value: object) -> float:
        answers.append(value)
        return 0.0

    engine.register(_ANSWER, keep)
    for position, rows in enumerate((ranges or {}).values()):
        engine.set_rows(engine.sheet_names[position + 1], 1, 1, [list(row) for row in rows])
    told = asked_calls(plan.text, lambda _asked: ("", 0, 0))
    engine.set_formula(_SHEET, 1, 1, f"={_ANSWER}(({located_calls(told, PLACE, LEFT_OUT_FORMULA)}))")
    engine.calculate()
    if on_note:
        for note in engine.notes.values():
            on_note(note)
        for name in plan.unverified:
            on_note(f"{name} is not known to be calculated as Excel does")
    if answers and isinstance(answers[-1], list):
        return _explained(rows_of_cells(answers[-1]), engine.messages.get(""))
    value = cell(answers[-1]) if answers else engine.value(_SHEET, 1, 1)
    if isinstance(value, CellError):
        message = engine.messages.get("")
        if message and message.code == value.code:
            return CellError(value.code, message.sentence)
        reason = f"the formula {value.message}" if value.message else _reason(text, value.code)
        return CellError(value.code, reason)
    return 0.0 if value is None else value


def _explained(rows: list[list[Cell]], message: Message | None) -> list[list[Cell]]:
    """Return rows with the sentences behind their error values."""

    def cell_with_sentence(cell: Cell, at: tuple[int, int]) -> Cell:
        if not isinstance(cell, CellError):
            return cell
        error = message.elements.get(at) if message else None
        return error if error and error.code == cell.code else CellError(cell.code, f"the formula gives {cell.code}")

    if not any(isinstance(cell, CellError) for row in rows for cell in row):
        return rows
    return [[cell_with_sentence(cell, (r, c)) for c, cell in enumerate(row)] for r, row in enumerate(rows)]


def _places(ranges: Mapping[str, Rows]) -> dict[str, str]:
    """Return the cells of each range, each on its own sheet."""
    found = {}
    for position, (name, rows) in enumerate(ranges.items(), start=1):
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(rows) - 1, len(rows[0]) - 1, row_abs=True, col_abs=True)
        found[name] = f"Range{position}!$A$1:{last}"
    return found


def _book_with(ranges: Mapping[str, Rows]) -> bytes:
    """Return an empty workbook with a named range for each of the ranges."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet(_SHEET)
        for position, name in enumerate(ranges, start=1):
            if not is_range_name(name):
                raise InputError(f"{name!r} cannot name a range; use letters, digits and underscores, no cell address")
            book.add_worksheet(f"Range{position}")
            book.define_name(name, f"={_places(ranges)[name]}")
    return content.getvalue()


def _refuse_unreadable(text: str) -> None:
    try:
        fz.parse(f"={text}")
    except (fz.ParserError, fz.TokenizerError, RuntimeError, ValueError) as error:
        reason = str(error).partition("ParserError at position ")[2].partition(": ")[2] or str(error)
        reason = _TOKEN.sub(lambda found: f" at {text[int(found[1]) - 1 :]!r}", reason)
        hint = "; arguments are separated by commas" if ";" in text else ""
        raise InputError(f"the formula {text!r} cannot be read: {reason}{hint}") from None


def _reason(text: str, code: str) -> str:
    if code == "#NAME?":
        unknown = [c.name for c in function_calls(text) if c.name not in REGISTRY and not is_built_in(c.name)]
        if unknown:
            close = difflib.get_close_matches(unknown[0], REGISTRY, 1, 0.75)
            return f"there is no function {unknown[0]}" + (f"; did you mean {close[0]}?" if close else "")
        return "the formula names something that does not exist; name ranges with --range"
    return f"the formula gives {code}"
