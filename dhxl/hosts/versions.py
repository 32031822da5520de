"""What a workbook's macros ask when they first reach Python: whether both sides know the same functions, and the time.

Called by the VBA module DhxlCall.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import metadata

from dhxl.functions.stamp import functions_stamp
from dhxl.hosts.headless.engine import fixed_clock

__all__ = ["greeting", "is_newer", "moment"]


def greeting(version: str, stamp: str) -> str:
    """Return a sentence for the status bar where a workbook's functions and the installed ones differ, else nothing.

    Parameters
    ----------
    version : str
        The dhxl that the workbook's macros were made with.
    stamp : str
        Their checksum of all functions.

    Examples
    --------
    >>> greeting("0.0.1", "another")[:37]
    'dhxl: this workbook knows the functio'
    >>> greeting("0.0.1", functions_stamp())
    ''
    """
    if stamp == functions_stamp():
        return ""
    installed = metadata.version("dhxl")
    if is_newer(version):
        return (
            f"dhxl: this workbook was made with dhxl {version}, {installed} is installed; functions that it lacks give "
            "#NAME? (pip install --upgrade dhxl)"
        )
    return (
        f"dhxl: this workbook knows the functions of dhxl {version}, {installed} is installed; it calculates as "
        "before, and dhxl upgrade brings it the new functions"
    )


def moment() -> str:
    """Return the time (UTC) as workbooks keep it: by the clock, or by SOURCE_DATE_EPOCH where that is set."""
    return f"{fixed_clock() or datetime.now(UTC):%Y-%m-%d %H:%M}"


def is_newer(version: str) -> bool:
    """Return whether a version of dhxl is newer than the installed one."""
    return _numbers(version) > _numbers(metadata.version("dhxl"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", version)[:3])
