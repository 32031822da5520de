"""What the buttons of a workbook run: each macro is a function on the workbook that is open in Excel.

The VBA project holds a Sub for each entry of ``MACROS``. It runs the entry's statement through xlwings' RunPython; on
macOS it saves a copy of the workbook first where the macro takes one, and names the file in the statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dhxl.macros.looking import check_workbook, freeze_copy, show_help, why_red
from dhxl.macros.studies import recalculate, run_sensitivity, storage_sweep, tornado

__all__ = [
    "MACROS",
    "Macro",
    "check_workbook",
    "freeze_copy",
    "recalculate",
    "run_sensitivity",
    "show_help",
    "storage_sweep",
    "tornado",
    "why_red",
]


@dataclass(frozen=True, slots=True)
class Macro:
    """A button: the function that it runs, and whether it works on a copy of the workbook."""

    function: str
    copies: bool = True

    def statement(self, copy: str = "") -> str:
        """Return the statement of Python, with the file of a copy that was saved before.

        Examples
        --------
        >>> MACROS["DhxlTornado"].statement()
        'import dhxl.macros; dhxl.macros.tornado()'
        >>> MACROS["DhxlCheck"].statement("/tmp/copy.xlsm")
        "import dhxl.macros; dhxl.macros.check_workbook(copy='/tmp/copy.xlsm')"
        """
        return f"import dhxl.macros; dhxl.macros.{self.function}({f'copy={copy!r}' if copy else ''})"


# by the Sub of the VBA project
MACROS: Final[Mapping[str, Macro]] = MappingProxyType(
    {
        "DhxlRecalculate": Macro("recalculate"),
        "DhxlSensitivity": Macro("run_sensitivity"),
        "DhxlTornado": Macro("tornado"),
        "DhxlStorage": Macro("storage_sweep"),
        "DhxlFreeze": Macro("freeze_copy"),
        "DhxlCheck": Macro("check_workbook"),
        "DhxlWhy": Macro("why_red"),
        "DhxlHelp": Macro("show_help", copies=False),
    }
)
