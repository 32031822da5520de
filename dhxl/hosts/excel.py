"""Excel desktop: the module that xlwings' server imports, with a function for each worksheet function.

A wrapper in the workbook's VBA project calls ``XLPy.CallUDF("dhxl.hosts.excel", "DH_LHD", Array(...))`` with one entry
for each declared argument, in order; neither workbook nor calling cell, so that Excel is never asked back.

**Arguments** are what ``Range.Value2`` holds, or the value itself where the argument is no range; of a ``Range`` object
Value2 is read here. VBA's Missing is a left-out argument, Empty a blank cell, an error value of Excel the same error
value here. An array of one dimension is a row. Dates are day numbers and currencies numbers, however they come.

**Answers** are what a cell or an array of cells takes: numbers, texts, TRUE and FALSE. xlwings passes one value as a
value, one row as an array of one dimension, all else as an array of two. An error is a text of three parts in the
place of the value, as a whole or as an element of the array::

    #DHERR|2036|DH_IRR: flows_eur never change sign

The wrapper replaces each such text by ``CVErr(2036)`` and keeps the third part, which may have several lines and
further bars, as the sentence of the calling cell; for element r, c of an array that of the cell r rows below and c
columns beside the first calling one. The number is one of ``ERROR_NUMBERS``. No exception leaves a function.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from xlwings import arg, func, ret
from xlwings.conversion import Accessor, ConversionContext, Pipeline

from dhxl.functions import REGISTRY
from dhxl.functions.cells import LEFT_OUT, CellError, CellOrRange, Range
from dhxl.functions.dispatch_tables import limit_to_cells
from dhxl.functions.spec import WorksheetFunction
from dhxl.functions.wizard import argument_text
from dhxl.hosts.python import DAY_ZERO

__all__ = ["ERROR_NUMBERS", "MARK", "cells_of", "excel_value"]

MARK: Final = "#DHERR|"
# Numbers of Excel's error values (XlCVError); those after 2042 came with dynamic arrays.
ERROR_NUMBERS: Final[Mapping[str, int]] = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
# COM passes VBA's error values as whole numbers, 2000 as this one; numbers of cells are never whole numbers there.
_COM_ERROR: Final = -2146828288
_COM_MISSING: Final = -2147352572
_ERRORS: Final = {_COM_ERROR + number: CellError(code) for code, number in ERROR_NUMBERS.items()}
_PLAIN: Final = frozenset({float, str, bool, type(None)})
_DAY_S: Final = 86_400

_log = logging.getLogger("dhxl")
_log.addHandler(logging.NullHandler())


def cells_of(value: Any) -> CellOrRange:
    """Return the cell, or the rows of cells, that an argument stands for as COM passes it.

    Rows of numbers, texts, truth values and blanks are returned as they are.

    Examples
    --------
    >>> cells_of(-2146826281), cells_of(((1.0, "a"), (None, True)))
    (CellError(code='#DIV/0!', message=''), ((1.0, 'a'), (None, True)))
    >>> cells_of((1.0, 2.0))
    ((1.0, 2.0),)
    """
    if not isinstance(value, (tuple, list)):
        cell: CellOrRange = _cell(value)
        return cell
    rows: Range = value if {tuple, list}.issuperset(map(type, value)) else (value,)
    if _PLAIN.issuperset(map(type, chain.from_iterable(rows))):
        return rows
    return [row if _PLAIN.issuperset(map(type, row)) else list(map(_cell, row)) for row in rows]


def excel_value(answer: Any) -> list[list[Any]]:
    """Return rows for Excel of what a worksheet function answers.

    Examples
    --------
    >>> excel_value(2.0), excel_value(CellError("#NUM!", "no solution"))
    ([[2.0]], [['#DHERR|2036|no solution']])
    """
    rows = answer if isinstance(answer, list) else [[answer]]
    return [
        [_marked(cell) if isinstance(cell, CellError) else cell for cell in row] if CellError in map(type, row) else row
        for row in rows
    ]


class _Cells(Accessor):
    """Arguments and answers as they are, without xlwings' walk over every cell and its dates for day numbers."""

    @classmethod
    def reader(cls, options: Mapping[str, Any]) -> Pipeline:
        return Pipeline([_read])

    @classmethod
    def writer(cls, options: Mapping[str, Any]) -> Pipeline:
        return Pipeline([_write])


def _read(passed: ConversionContext) -> None:
    # Value2: where Value holds a date, pywin32 makes a datetime of it, which fails for some (pywin32 issue 1466)
    passed.value = cells_of(passed.value if passed.range is None else passed.range.api.Value2)


def _write(answered: ConversionContext) -> None:
    answered.value = excel_value(answered.value)


def _cell(value: Any) -> Any:
    if type(value) is int:
        return LEFT_OUT if value == _COM_MISSING else _ERRORS.get(value, float(value))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None)  # COM states UTC for what is the time on the sheet
        past_midnight = moment - datetime(moment.year, moment.month, moment.day)
        return (moment.date() - DAY_ZERO).days + past_midnight.total_seconds() / _DAY_S
    return float((value - DAY_ZERO).days) if isinstance(value, date) else value


def _marked(error: CellError) -> str:
    return f"{MARK}{ERROR_NUMBERS.get(error.code, ERROR_NUMBERS['#VALUE!'])}|{error.message or error.code}"


def _offered(function: WorksheetFunction) -> Callable[..., Any]:
    """Return a worksheet function as xlwings offers it: every argument may be missing, the function itself tells."""

    def call(*cells: CellOrRange) -> Any:
        try:
            return function(*cells)
        except Exception as error:  # noqa: BLE001 - the outermost door of this host
            _log.exception("%s in Excel", function.name)
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            return CellError("#VALUE!", f"{function.name}: {reason} (internal error, please report it)")

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.summary
    call.__annotations__ = {}
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(argument.name, kind, default=LEFT_OUT) for argument in function.arguments]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    offered: Callable[..., Any] = ret(convert=_Cells)(call)
    for argument in function.arguments:
        offered = arg(argument.name, convert=_Cells, doc=argument_text(argument))(offered)
    return func(category=function.category)(offered)  # last, since xlwings' arg forgets the category


globals().update({name: _offered(function) for name, function in REGISTRY.items()})
limit_to_cells()
