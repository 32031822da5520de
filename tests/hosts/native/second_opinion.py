"""Everyday formulas calculated by dhxl, LibreOffice and IronCalc, and where their answers differ.

Run as a program it prints the differences that docs/engines.md does not hold yet, as rows of its tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.workbook.names import cell_address, cell_position
from tests.hosts.native.everyday import BESIDE, CELLS, FORMULAS
from tests.hosts.native.sheet import Facts, value_of
from tests.shipped import REPOSITORY

__all__ = ["DOCUMENT", "Answers", "Asked", "Difference", "asked", "differences", "documented", "of_dhxl", "of_ironcalc",
           "of_libreoffice", "of_model", "same", "shown", "unknown", "workbook"]  # fmt: skip

DOCUMENT: Final = REPOSITORY / "docs" / "engines.md"

_FIRST_ROW, _HEIGHT, _COLUMN, _WIDTH, _OWN_ROW = 101, 12, 30, 6, 5
_DYNAMIC: Final = re.compile(
    r"\b(SEQUENCE|SORT|SORTBY|UNIQUE|FILTER|XLOOKUP|XMATCH|TAKE|DROP|CHOOSECOLS|CHOOSEROWS|VSTACK|HSTACK|TOCOL|TOROW"
    r"|WRAPROWS|WRAPCOLS|EXPAND|TEXTSPLIT|TEXTBEFORE|TEXTAFTER|LET)\("
)
_AGREEMENT: Final = 1e-9
_NEAR_ZERO: Final = 1e-10
_UNKNOWN: Final = frozenset({"#NAME?", "#ERROR!", "#N/IMPL!"})  # what an engine shows for what it does not have

Answer = list[list[Any]]
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Asked:
    """A formula as the table spells it, and where it stands; Excel saves formulas of newer functions as arrays."""

    spelled: str
    row: int
    col: int

    @property
    def formula(self) -> str:
        """The formula without the braces of an array formula."""
        return self.spelled[1:-1] if self.braced else self.spelled

    @property
    def braced(self) -> bool:
        return self.spelled.startswith("{")

    @property
    def over_arrays(self) -> bool:
        return self.braced or bool(_DYNAMIC.search(self.formula))


@dataclass(frozen=True)
class Difference:
    """A formula to which an engine gives another answer than dhxl; an empty answer is the same as dhxl's."""

    formula: str
    dhxl: str
    libreoffice: str
    ironcalc: str


@cache
def asked() -> tuple[Asked, ...]:
    """Return the formulas with their places: below the data, or in one of its rows to the right."""
    below = [line for subject, text in FORMULAS.items() if subject != BESIDE for line in _lines(text)]
    return (
        *(Asked(line, _FIRST_ROW + _HEIGHT * at, _COLUMN) for at, line in enumerate(below)),
        *(Asked(line, _OWN_ROW, _COLUMN + _WIDTH * (at + 1)) for at, line in enumerate(_lines(FORMULAS[BESIDE]))),
    )


def _lines(text: str) -> list[str]:
    return list(filter(None, text.splitlines()))


def _data() -> Iterator[tuple[tuple[int, int], object]]:
    for top, values in CELLS.items():
        row, col = cell_position(top)
        yield from (((row + at, col), value) for at, value in enumerate(values) if value is not None)


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")


@cache
def of_dhxl() -> Answers:
    """Return what dhxl's own rules give."""
    data = dict(_data())
    cells = {cell_address(*at): value for at, value in data.items() if not _is_formula(value)}
    formulas = {at: str(value)[1:] for at, value in data.items() if _is_formula(value)}
    cells |= {cell_address(*at): value_of(formula, cells) for at, formula in formulas.items()}
    facts = Facts(formulas=formulas)
    return {
        one.spelled: _rows(
            value_of(one.formula, cells, at=cell_address(one.row, one.col), array=one.over_arrays, facts=facts)
        )
        for one in asked()
    }


def _rows(value: Any) -> Answer:
    return value if isinstance(value, list) else [[value]]


def workbook(path: Path) -> None:
    """Write the data and all formulas, arrays over as many cells as dhxl gives values."""
    with xlsxwriter.Workbook(path, {"use_future_functions": True}) as book:
        sheet = book.add_worksheet("S")
        for (row, col), value in _data():
            if _is_formula(value):
                sheet.write_formula(row - 1, col - 1, value)
            elif isinstance(value, str):
                sheet.write_string(row - 1, col - 1, value)
            else:
                sheet.write(row - 1, col - 1, value)
        for one in asked():
            rows = of_dhxl()[one.spelled]
            top, left = one.row - 1, one.col - 1
            if one.braced or len(rows) > 1 or len(rows[0]) > 1:
                sheet.write_array_formula(top, left, top + len(rows) - 1, left + len(rows[0]) - 1, one.formula)
            else:
                sheet.write_formula(top, left, one.formula)


def of_libreoffice(values: Mapping[tuple[int, int], object]) -> Answers:
    """Return LibreOffice's answers from all values of the sheet."""
    return _answers(lambda row, col: values.get((row, col)))


def of_model(model: Model) -> Answers:
    """Return the answers of the workbook calculated headlessly."""
    return _answers(lambda row, col: model.cell("S", row, col))


def of_ironcalc(path: Path) -> Answers:
    """Return IronCalc's answers to the workbook."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
    model.evaluate()
    return _answers(lambda row, col: model.get_cell_value(0, row, col))


def _answers(read: Callable[[int, int], object]) -> Answers:
    def one_of(one: Asked) -> Answer:
        rows = of_dhxl()[one.spelled]
        return [[_plain(read(one.row + r, one.col + c)) for c in range(len(line))] for r, line in enumerate(rows)]

    return {one.spelled: one_of(one) for one in asked()}


def _plain(value: Any) -> object:
    value = getattr(value, "code", value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def unknown(answer: Answer) -> bool:
    """Return whether an engine does not have what a formula asks of it."""
    return answer[0][0] in _UNKNOWN


def differences(libreoffice: Answers, ironcalc: Answers) -> dict[str, Difference]:
    """Return where an engine that knows a formula answers otherwise than dhxl."""
    found = {}
    for spelled, ours in of_dhxl().items():
        others = [
            "" if same(ours, theirs) or unknown(theirs) else shown(theirs)
            for theirs in (libreoffice[spelled], ironcalc[spelled])
        ]
        if any(others):
            found[spelled] = Difference(spelled, shown(ours), *others)
    return found


def same(ours: Answer, theirs: Answer) -> bool:
    """Return whether two answers are the same: numbers to 1e-9, what is empty as 0 or an empty text."""
    array = len(ours) > 1 or len(ours[0]) > 1
    return all(
        _same(a, b, in_array=array) for lines in zip(ours, theirs, strict=True) for a, b in zip(*lines, strict=True)
    )


def _same(ours: Any, theirs: Any, *, in_array: bool) -> bool:
    if theirs is None:
        return ours in (None, 0.0, "") and not isinstance(ours, bool)
    if isinstance(ours, bool) and in_array and type(theirs) is float:
        return float(ours) == theirs  # so LibreOffice saves TRUE and FALSE in arrays
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if ours is None or isinstance(ours, float):
        return type(theirs) is float and math.isclose(ours or 0.0, theirs, rel_tol=_AGREEMENT, abs_tol=_NEAR_ZERO)
    return bool(ours == theirs)


def shown(answer: Answer) -> str:
    """Return an answer as the document spells it, numbers with 9 digits."""
    return "; ".join(", ".join(map(_shown, line)) for line in answer)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, CellError):
        return value.code
    return "" if value is None else str(value) if str(value).startswith("#") else f'"{value}"'


def documented() -> dict[str, Difference]:
    """Return the rows of the document's tables."""
    found = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split(" | ")]
            found[cells[0]] = Difference(*(cell.replace("¦", "|") for cell in cells))
    return found


def row_of(difference: Difference) -> str:
    """Return the row of the document's table."""
    cells = [difference.formula, difference.dhxl, difference.libreoffice, difference.ironcalc]
    return "| " + " | ".join(f"`{cell}`" if cell else "" for cell in cells) + " |"
