"""What kind of value something is."""

from __future__ import annotations

from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native.library import function
from dhxl.hosts.native.values import NA, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number

_ERRORS: Final = (
    *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
    *("#SPILL!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!"),
)


@function("ISBLANK", "V")
def _is_blank(value: Scalar) -> bool:
    return value is None


@function("ISERROR", "V")
def _is_error(value: Scalar) -> bool:
    return isinstance(value, CellError)


@function("ISERR", "V")
def _is_err(value: Scalar) -> bool:
    return isinstance(value, CellError) and value.code != NA.code


@function("ISNA", "V")
def _is_na(value: Scalar) -> bool:
    return isinstance(value, CellError) and value.code == NA.code


@function("ISLOGICAL", "V")
def _is_logical(value: Scalar) -> bool:
    return isinstance(value, bool)


@function("ISNUMBER", "V")
def _is_number(value: Scalar) -> bool:
    return isinstance(value, (float, int)) and not isinstance(value, bool)


@function("ISTEXT", "V")
def _is_text(value: Scalar) -> bool:
    return isinstance(value, str)


@function("ISNONTEXT", "V")
def _is_no_text(value: Scalar) -> bool:
    return not isinstance(value, str)


def _whole(value: Scalar) -> int:
    if isinstance(value, bool):
        raise Wrong(VALUE)
    return int(as_number(value))


@function("ISEVEN", "V")
def _is_even(value: Scalar) -> bool:
    return _whole(value) % 2 == 0


@function("ISODD", "V")
def _is_odd(value: Scalar) -> bool:
    return _whole(value) % 2 == 1


@function("NA")
def _na() -> Scalar:
    raise Wrong(NA)


@function("ERROR.TYPE", "V")
def _error_type(value: Scalar) -> int:
    if not isinstance(value, CellError) or value.code not in _ERRORS:
        raise Wrong(NA)
    return _ERRORS.index(value.code) + 1


@function("TYPE", "R")
def _type(value: Value) -> int:
    if isinstance(value, Area) and value.height == value.width == 1:
        value = value.at(0, 0)
    if isinstance(value, (Area, Grid)):
        return 64
    if isinstance(value, (CellError, Areas)):
        return 16
    return 4 if isinstance(value, bool) else 2 if isinstance(value, str) else 1
