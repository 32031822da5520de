"""District heating in Excel: the worksheet functions, in Python.

Every worksheet function can be called by its name, ``dhxl.DH_LHD(6000, 3000)``, with the cells that its arguments
stand for: numbers, texts, rows of cells, None for a blank cell. Arguments may be named. What would be an error value
in a cell is raised as InputError or NoSolutionError.

Examples
--------
>>> import dhxl
>>> dhxl.DH_LHD(6000, trench_length_m=3000)
2.0
>>> dhxl.DH_LHD([6000, 4500], 3000)
[[2.0], [1.5]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dhxl.errors import DhxlError, InputError, NoSolutionError, WorkbookError

if TYPE_CHECKING:
    __version__: str

__all__ = ["DhxlError", "InputError", "NoSolutionError", "WorkbookError", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("dhxl")
    if name.startswith("DH_"):
        from dhxl.hosts.python import function_of

        return function_of(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from dhxl.functions import REGISTRY

    return sorted([*globals(), "__version__", *REGISTRY])
