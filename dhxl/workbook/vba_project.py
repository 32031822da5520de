"""The VBA project of an existing workbook: which macros of dhxl it holds, and the current ones put in their place."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dhxl.errors import WorkbookError
from dhxl.workbook.macro_free import Parts
from dhxl.workbook.package import Package
from dhxl.workbook.vba import BOOK_MODULE, CLASSES, book_events, excel_file, put_modules, source_only, vba_modules

__all__ = ["MacroState", "macro_state", "stale_modules", "with_current_macros"]

_CONSTANT: Final = re.compile(r'(?mi)^Public Const (DHXL_\w+) As String = "([^"]*)"')
_LIBRARY: Final = re.compile(r"xlwings(?:32|64)-([\w.]+)\.dll")
_HEAD: Final = ("Attribute ", "VERSION ", "BEGIN", "MultiUse")  # of a module, as files and projects hold it
_FIRST_EVENT: Final = "DhxlOpened"
_PROJECT: Final = "xl/vbaProject.bin"  # where Excel puts it, and where alone the package for VBA projects looks
_MODULE_LINE: Final = re.compile(rb"(?m)^Module=")
# Code, as it compares, that hands events on to dhxl and does nothing else.
_OWN_EVENTS: Final = re.compile(r"(?:optionexplicit|(?:\n|^)(?:privatesubworkbook_\w+\([^)]*\)|dhxl\w+|endsub))*")
_SIGNATURE: Final = "vbaprojectsignature"
# What stands in modules of others that dhxl brings along; a module of that name without it is the user's own.
_ORIGIN: Final = {"xlwings": "Zoomer Analytics", "Dictionary": "VBA-Dictionary"}


@dataclass(frozen=True, slots=True)
class MacroState:
    """What a workbook's macros were made with; empty texts where they are not dhxl's.

    ``events`` tells whether the workbook's own module hands its events on to dhxl, ``signed`` whether the project
    carries a signature.
    """

    dhxl: str
    functions: str
    xlwings: str
    events: bool
    signed: bool = False


def macro_state(package: Package) -> MacroState | None:
    """Return what a workbook's macros were made with; None where it holds no VBA project.

    Raises
    ------
    WorkbookError
        The package that reads VBA projects is not installed, or the project cannot be read.
    """
    if _project_part(package) is None:
        return None
    with tempfile.TemporaryDirectory() as folder, _opened(package, Path(folder)) as file:
        sources = _sources(file)
    known = dict(_CONSTANT.findall(sources.get("dhxlinfo", "")))
    library = _LIBRARY.search(sources.get("xlwings", ""))
    return MacroState(
        dhxl=known.get("DHXL_VERSION", ""),
        functions=known.get("DHXL_FUNCTIONS", ""),
        xlwings=library[1] if library else "",
        events=_FIRST_EVENT.casefold() in sources.get(BOOK_MODULE.casefold(), "").casefold(),
        signed=any(_SIGNATURE in name.lower() for name in package.part_names),
    )


def with_current_macros(package: Package) -> tuple[Parts, tuple[str, ...]]:
    """Return a workbook's parts with the current macros of dhxl and the names of the modules that changed.

    Modules of the user's own stay, and so does the module of the workbook itself where it holds code of the user's. A
    signature of the project goes, since it no longer fits.

    Raises
    ------
    WorkbookError
        The workbook holds no VBA project, a locked one, one that cannot be read, or a module of the user's own by a
        name that dhxl needs.
    """
    part = _project_part(package)
    if part is None:
        raise WorkbookError(
            f"{package.path}: holds no macros to renew; dhxl new makes a workbook with them, and dhxl thaw "
            "carries the inputs of a frozen copy into its original"
        )
    with tempfile.TemporaryDirectory() as folder:
        with _opened(package, Path(folder)) as file:
            stored = _sources(file)
            _refuse_taken_names(package, stored)
            stale = _stale(stored)
            if not stale:
                return Parts({}), ()
            put_modules(file, stale)
            _save(file, package)
        result = Package.open(Path(folder) / _DRAFT)
    parts = _difference(package, result)
    compiled = dict(parts.changed)
    compiled[part] = source_only(_with_declared_classes(compiled[part]))
    return Parts(compiled, parts.removed, parts.added), tuple(stale)


def stale_modules(package: Package) -> tuple[str, ...]:
    """Return the modules that :func:`with_current_macros` would change; none where there is no VBA project.

    Raises
    ------
    WorkbookError
        The project cannot be read, or xlwings is not installed.
    """
    if _project_part(package) is None:
        return ()
    with tempfile.TemporaryDirectory() as folder, _opened(package, Path(folder)) as file:
        return tuple(_stale(_sources(file)))


_DRAFT: Final = "draft.xlsm"


def _opened(package: Package, folder: Path) -> Any:
    draft = folder / _DRAFT
    draft.write_bytes(package.container.raw)
    return excel_file()(draft)


def _sources(file: Any) -> dict[str, str]:
    from pyopenvba import PyOpenVBAError

    try:
        return {name.casefold(): source for name, source in file.vba_modules().items()}
    except PyOpenVBAError as error:
        raise WorkbookError(f"the VBA project cannot be read ({error})") from error


def _save(file: Any, package: Package) -> None:
    from pyopenvba import PyOpenVBAError

    try:
        file.save(allow_invalidate_signature=True)
    except PyOpenVBAError as error:
        locked = "is locked with a password; unlock it in Excel's VBA editor first"
        reason = locked if "password" in str(error) else f"cannot be changed ({error})"
        raise WorkbookError(f"{package.path}: the VBA project {reason}") from error


def _difference(before: Package, after: Package) -> Parts:
    """Return as changes what differs between two packages, part by part."""
    kept = set(before.part_names) & set(after.part_names)
    changed: Mapping[str, bytes] = {name: after.part(name) for name in kept if after.part(name) != before.part(name)}
    return Parts(
        changed,
        frozenset(before.part_names) - kept,
        {name: after.part(name) for name in after.part_names if name not in kept},
    )


def _project_part(package: Package) -> str | None:
    part = package.main_relation("vbaProject")
    if part is not None and part != _PROJECT:
        raise WorkbookError(f"{package.path}: holds its VBA project as {part}, Excel as {_PROJECT}; save it in Excel")
    return part


def _stale(stored: Mapping[str, str]) -> dict[str, str]:
    wanted = dict(vba_modules())
    if _OWN_EVENTS.fullmatch(_code(stored.get(BOOK_MODULE.casefold(), ""))):
        wanted[BOOK_MODULE] = book_events()
    return {name: new for name, new in wanted.items() if _code(stored.get(name.casefold(), "")) != _code(new)}


def _with_declared_classes(project: bytes) -> bytes:
    """Return a VBA project that names the class modules of dhxl as such; LibreOffice leaves that out on saving."""
    from pyopenvba.cfb import CFB

    container = CFB.from_bytes(project)
    listed = container.get_stream("PROJECT")
    lacking = [name.encode() for name in CLASSES if not re.search(rb"(?mi)^Class=%b\r?$" % name.encode(), listed)]
    at = _MODULE_LINE.search(listed)
    if not lacking or at is None:
        return project
    lines = b"".join(b"Class=%b\r\n" % name for name in lacking)
    container.write_stream("PROJECT", listed[: at.start()] + lines + listed[at.start() :])
    return bytes(container.to_bytes())


def _refuse_taken_names(package: Package, stored: Mapping[str, str]) -> None:
    taken = [
        name
        for name, origin in _ORIGIN.items()
        if _code(source := stored.get(name.casefold(), "")) and origin.casefold() not in source.casefold()
    ]
    if taken:
        raise WorkbookError(
            f"{package.path}: holds a module {taken[0]} of your own, a name that the macros of dhxl need; rename it in "
            "Excel's VBA editor first"
        )


def _code(source: str) -> str:
    """Return a module's code as it compares: without attributes, and however Excel's editor spaces and cases words."""
    lines = [line.strip() for line in source.replace("\r\n", "\n").split("\n")]
    told = [line for line in lines if line not in ("", "END") and not line.startswith(_HEAD)]
    return "" if told == ["Option Explicit"] else "\n".join("".join(line.split()) for line in told).casefold()
