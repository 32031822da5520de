"""An older workbook brought up to the installed dhxl: its macros and their texts renewed, all else byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.functions.stamp import functions_stamp
from dhxl.hosts.versions import is_newer
from dhxl.studies.signature import signature_notes
from dhxl.workbook.macro_free import Parts
from dhxl.workbook.new_sheet import with_hidden_sheet
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.sheets.hidden import SETTINGS, TEXTS, setting_rows, text_rows
from dhxl.workbook.storage import write_whole
from dhxl.workbook.vba import xlwings_version
from dhxl.workbook.vba_project import MacroState, macro_state, with_current_macros

__all__ = ["UpgradeReport", "renew_macros", "upgrade"]

_MACRO: Final = b"FmlaMacro"  # of a button
_OURS: Final = "DH_"  # how functions of dhxl begin; other rows on the sheet of texts are the user's


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What an upgrade did: what the macros were made with before and are now, and which modules changed.

    ``texts`` tells whether the hidden sheet with the texts for help while typing was renewed, ``settings`` whether the
    hidden one that says where Python is was missing and is there now, ``written`` which file holds the result; it was
    touched only where something in it had to change.
    """

    written: Path
    before: MacroState
    now: MacroState
    modules: tuple[str, ...]
    texts: bool
    settings: bool
    notes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything had to change."""
        return bool(self.modules) or self.texts or self.settings


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
        The workbook holds no VBA project, a locked one, or one of a newer dhxl; it is open elsewhere, or cannot be
        written.
    """
    source = Path(book)
    target = Path(out) if out is not None else source
    package = Package.open(source)
    if target.suffix.lower() != source.suffix.lower():
        raise WorkbookError(f"{target}: must end in {source.suffix} as {source.name} does")
    before = macro_state(package) or MacroState("", "", "", events=False)
    if is_newer(before.dhxl):
        raise WorkbookError(
            f"{source}: its macros are of dhxl {before.dhxl}, newer than the installed {metadata.version('dhxl')} "
            "(pip install --upgrade dhxl)"
        )
    macros, modules = with_current_macros(package)
    texts = _with_current_texts(package)
    parts = Parts({**macros.changed, **texts}, macros.removed, macros.added)
    settings = all(sheet.name.casefold() != SETTINGS for sheet in package.sheets)
    if settings:
        parts = with_hidden_sheet(package, parts, SETTINGS, setting_rows())
    content = parts.rebuilt(package) if modules or texts or settings else package.container.raw
    _write(package, target, content)
    now = MacroState(
        metadata.version("dhxl"),
        functions_stamp(),
        xlwings_version(),
        before.events or "ThisWorkbook" in modules,
        before.signed and not modules,
    )
    notes = (*signature_notes(package, target), *_notes(package, before, now))
    return UpgradeReport(target, before, now, modules, bool(texts), settings, notes)


def renew_macros(book: Path, template: str) -> str:
    """Renew the macros of a workbook that was just made of a template; return what the user should know of it.

    Macros stay where a signature or a password would be lost by it, where they are not dhxl's, and where the package
    that reads them is not installed.

    Parameters
    ----------
    book : path
        The new workbook; it has no other user yet.
    template : str
        What it was made of, for the note.
    """
    try:
        state = macro_state(Package.open(book))
        if state is None or not state.dhxl:
            return ""
        if state.signed:
            current = (state.functions, state.xlwings) == (functions_stamp(), xlwings_version())
            told = f"{template}: its macros are signed and of dhxl {state.dhxl}, so they stay as they are"
            return "" if current else f"{told}; dhxl upgrade {template} renews them, to be signed anew"
        report = upgrade(book)
    except WorkbookError as error:
        reason = "; ".join(error.problems).removeprefix(f"{book}: ")
        return f"the macros of {template} stay as they are ({reason})" if xlwings_version() else ""
    if not report.modules:
        return ""
    return (
        f"{template} holds macros of dhxl {report.before.dhxl} and xlwings {report.before.xlwings}; the new workbook "
        f"got the current ones, and so does the template by dhxl upgrade {template}"
    )


def _write(package: Package, target: Path, content: bytes) -> None:
    """Write the result, unless the target holds it already."""
    same = target.exists() and package.path.exists() and target.samefile(package.path)
    if same and content is package.container.raw:
        return
    if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return
    if same and target.read_bytes() != package.container.raw:
        raise WorkbookError(f"{target}: was changed by another program since it was read; run again")
    write_whole(target, content)


def _with_current_texts(package: Package) -> dict[str, bytes]:
    """Return the changed sheet of texts; nothing where it is current, absent, or not as dhxl writes it."""
    sheet = next((one for one in package.sheets if one.name == TEXTS and one.kind == "worksheet"), None)
    if sheet is None:
        return {}
    cells = package.cells(TEXTS)
    rows: dict[int, dict[int, object]] = {}
    for row, col in cells.cells:
        if (value := cells.value(row, col)) is not None:
            rows.setdefault(row, {})[col] = value
    wanted = [dict(enumerate(told, start=1)) for told in text_rows()]
    if rows.get(1, {}).get(1) != wanted[0][1]:
        return {}
    kept = [rows[row] for row in sorted(rows) if row > 1 and not str(rows[row].get(1, "")).startswith(_OURS)]
    values: dict[tuple[int, int], object] = dict.fromkeys(cells.cells)
    told: list[Mapping[int, object]] = [*wanted, *kept]
    for row, texts in enumerate(told, start=1):
        values |= {(row, col): text or None for col, text in texts.items()}
    new = with_values(cells, values)
    return {} if new == package.part(sheet.part) else {sheet.part: new}


def _notes(package: Package, before: MacroState, now: MacroState) -> list[str]:
    notes = []
    if before.signed and not now.signed:
        notes.append("the signature of the macros is gone, as it fits the old ones only; sign them anew in Excel")
    if not now.events:
        notes.append(
            "the module ThisWorkbook holds code of your own and stays as it is; for the snapshot on saving call "
            "DhxlOpened in Workbook_Open and DhxlBeforeSave in Workbook_BeforeSave"
        )
    if not any(_MACRO in package.part(name) for name in package.part_names if name.lower().endswith(".vml")):
        notes.append("no button runs a macro in this workbook; Alt+F8 lists them, or start anew with dhxl new")
    return notes
