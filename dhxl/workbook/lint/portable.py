"""The functions that Excel 2016, LibreOffice and the headless engine calculate alike.

A test calculates each of them in the headless engine and in LibreOffice.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COMPUTED_ADDRESS", "OF_PLACES", "OF_SINGLE_VALUES", "PORTABLE", "VOLATILE"]

VOLATILE: Final = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "INFO", "CELL"})
COMPUTED_ADDRESS: Final = frozenset({"OFFSET", "INDIRECT"})

# Of an argument they read where it is, not what it holds; of OFFSET it is the first one.
OF_PLACES: Final = frozenset(
    {
        "AREAS",
        "CELL",
        "COLUMN",
        "COLUMNS",
        "FORMULATEXT",
        "ISFORMULA",
        "ISREF",
        "OFFSET",
        "ROW",
        "ROWS",
        "SHEET",
        "SHEETS",
    }
)

# Given a range, the headless engine answers some of them wrongly in silence: SUM(LEN(A1:A5)) counts the first cell.
OF_SINGLE_VALUES: Final = frozenset(
    {
        "ABS", "DATE", "DAY", "EXP", "HOUR", "INT", "ISBLANK", "ISERROR", "ISNA", "ISNUMBER", "ISTEXT", "LEFT", "LEN",
        "LN", "LOG10", "LOWER", "MID", "MOD", "MONTH", "N", "POWER", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP", "SIGN",
        "SQRT", "TRIM", "UPPER", "WEEKDAY", "YEAR",
    }
)  # fmt: skip

PORTABLE: Final = OF_SINGLE_VALUES | {
    "AND", "AVERAGE", "AVERAGEIF", "CHOOSE", "COLUMN", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF",
    "COUNTIFS", "CUMIPMT", "DB", "DDB", "FALSE", "FV", "HLOOKUP", "IF", "IFERROR", "INDEX", "IPMT", "IRR", "LARGE",
    "MATCH", "MAX", "MEDIAN", "MIN", "MIRR", "NA", "NOT", "NPER", "NPV", "OR", "PI", "PMT", "PPMT", "PRODUCT", "PV",
    "RATE", "ROW", "ROWS", "SLN", "SMALL", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TRUE", "VLOOKUP", "XIRR", "XNPV",
}  # fmt: skip
