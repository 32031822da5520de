"""An older workbook brought up to the installed dhxl: its macros renewed, all else byte for byte as it was."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from dhxl.functions.stamp import functions_stamp
from dhxl.workbook.package import Package
from dhxl.workbook.storage import refuse_if_open, write_whole
from dhxl.workbook.vba import xlwings_version
from dhxl.workbook.vba_project import MacroState, macro_state, with_current_macros

__all__ = ["UpgradeReport", "upgrade"]


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What an upgrade did: what the macros were made with before and are now, and which modules changed."""

    written: Path
    before: MacroState
    now: MacroState
    modules: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything had to change."""
        return bool(self.modules)


def upgrade(book: str | Path, out: str | Path | None = None) -> UpgradeReport:
    """Put the current macros of dhxl and of xlwings into a workbook.

    Parameters
    ----------
    book : path
        The workbook.
    out : path, optional
        Where to write; without it the workbook itself is renewed.

    Raises
    ------
    WorkbookError
        The workbook holds no VBA project or a locked one, is open elsewhere, or cannot be written.
    """
    source = Path(book)
    target = Path(out) if out is not None else source
    package = Package.open(source)
    parts, modules = with_current_macros(package)
    before = macro_state(package) or MacroState("", "", "", events=False)
    content = parts.rebuilt(package) if modules else package.container.raw
    if modules or target != source:
        refuse_if_open(target)
        write_whole(target, content)
    now = MacroState(
        metadata.version("dhxl"), functions_stamp(), xlwings_version(), before.events or "ThisWorkbook" in modules
    )
    return UpgradeReport(target, before, now, modules, tuple(_notes(package, now)))


def _notes(package: Package, now: MacroState) -> list[str]:
    notes = []
    if not now.events:
        notes.append(
            "the module ThisWorkbook holds code of your own and stays as it is; for the snapshot on saving call "
            "DhxlOpened in Workbook_Open and DhxlBeforeSave in Workbook_BeforeSave"
        )
    if all(sheet.name.casefold() != "xlwings.conf" for sheet in package.sheets):
        notes.append(
            "the hidden sheet xlwings.conf is missing: add it with INTERPRETER_WIN in A1 and %DHXL_PYTHON% in B1, "
            "USE UDF SERVER in A2 and True in B2, or make the workbook anew with dhxl new"
        )
    return notes
