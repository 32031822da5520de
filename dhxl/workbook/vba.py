"""The macro side of the package: content type, and the VBA project made from its sources.

The sources are the files of templates/vba, the modules written from the registry, and the two that the installed
xlwings ships. No compiled code goes into the file; Excel compiles it when it opens the workbook.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from dhxl.errors import WorkbookError
from dhxl.workbook.rezip import with_part
from dhxl.workbook.wrappers import function_module, info_module, text_module

__all__ = [
    "BOOK_MODULE",
    "CLASSES",
    "as_macro_workbook",
    "book_events",
    "excel_file",
    "put_modules",
    "source_only",
    "vba_modules",
    "xlwings_version",
]

BOOK_MODULE: Final = "ThisWorkbook"
PROJECT: Final = "xl/vbaProject.bin"
CLASSES: Final = ("Dictionary",)
_OWN: Final = ("DhxlCall", "DhxlMacros", "DhxlSaving", "DhxlEvents")
_REPOSITORY: Final = Path(__file__).parents[2]
# Of the stream that keeps compiled code: version 0xFFFF and nothing after it (MS-OVBA 2.3.4.1, on writing).
_NOTHING_COMPILED: Final = bytes.fromhex("cc61ffff000000")
_PLAIN: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def as_macro_workbook(xlsx: bytes, path: Path) -> None:
    """Write a plain workbook as a macro-enabled one with a VBA project whose modules match the sheets' code names.

    Raises
    ------
    WorkbookError
        The packages that write VBA projects and bring xlwings' module are not installed.
    """
    draft = path.with_name(f"{path.stem}.draft.xlsm")
    try:
        draft.write_bytes(with_part(xlsx, "[Content_Types].xml", lambda part: part.replace(_PLAIN, _MACRO)))
        with excel_file()(draft) as file:
            file.add_vba_project()
            put_modules(file, vba_modules())
            file.set_module(BOOK_MODULE, book_events())
            file.save()
        path.write_bytes(with_part(draft.read_bytes(), PROJECT, source_only))
    finally:
        draft.unlink(missing_ok=True)


@cache
def vba_modules() -> Mapping[str, str]:
    """Return the source of every module that dhxl puts into a workbook, by name.

    Raises
    ------
    WorkbookError
        xlwings is not installed.
    """
    version = xlwings_version()
    place = importlib.util.find_spec("xlwings")
    if not version or place is None or place.origin is None:
        raise WorkbookError("the macros of a workbook need the package xlwings: pip install dhxl[excel]")
    folder = Path(place.origin).parent
    sources = {
        "xlwings": _private((folder / "xlwings.bas").read_text(encoding="cp1252")),
        "Dictionary": (folder / "addin" / "Dictionary.cls").read_text(encoding="cp1252"),
        "DhxlInfo": info_module(version),
        "DhxlFunctions": function_module(),
        "DhxlTexts": text_module(),
    }
    sources |= {name: _source(f"{name}.bas") for name in _OWN}
    return MappingProxyType({name: _lines(source) for name, source in sources.items()})


def book_events() -> str:
    """Return what stands in the module of the workbook itself: its events, each handed on to a module of dhxl."""
    return _lines(_source(f"{BOOK_MODULE}.cls"))


def xlwings_version() -> str:
    """Return the version of the installed xlwings, nothing where there is none."""
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def put_modules(file: Any, modules: Mapping[str, str]) -> None:
    """Put modules into an opened file's VBA project, new or in place of those of the same name."""
    from pyopenvba import VBAModuleKind

    project = file.vba_project()
    known = {name.casefold() for name in project.module_names()}
    for name, source in modules.items():
        if name.casefold() in known:
            file.set_module(name, source)
        else:
            kind = VBAModuleKind.other if name in CLASSES else VBAModuleKind.standard
            project.add_module(name, source, kind=kind)


def source_only(project: bytes) -> bytes:
    """Return a VBA project without compiled code, so that Excel compiles the sources when it opens them."""
    from pyopenvba.cfb import CFB

    container = CFB.from_bytes(project)
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOTHING_COMPILED)
    return bytes(container.to_bytes())


def excel_file() -> Any:
    """Return the class that opens the VBA project of a file.

    Raises
    ------
    WorkbookError
        The package that writes VBA projects is not installed.
    """
    try:
        from pyopenvba import ExcelFile
    except ImportError as error:
        raise WorkbookError("the macros of a workbook need the package pyOpenVBA: pip install dhxl[excel]") from error
    return ExcelFile


def _private(module: str) -> str:
    """Return a module whose procedures the function wizard and the list of macros do not show."""
    head, _, rest = module.partition("\n")
    return f"{head}\nOption Private Module\n{rest}"


def _source(name: str) -> str:
    packed = files("dhxl").joinpath("templates", "vba", name)
    place = packed if packed.is_file() else _REPOSITORY / "templates" / "vba" / name
    return place.read_text(encoding="ascii")


def _lines(source: str) -> str:
    """Return a source with the line ends that VBA needs."""
    return source.replace("\r\n", "\n").replace("\n", "\r\n")
