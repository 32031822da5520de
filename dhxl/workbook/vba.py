"""The macro side of the package: content type and VBA project."""

from __future__ import annotations

from pathlib import Path

from dhxl.errors import WorkbookError
from dhxl.workbook.rezip import with_part

__all__ = ["as_macro_workbook"]

_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def as_macro_workbook(xlsx: bytes, path: Path) -> None:
    """Write a plain workbook as a macro-enabled one with a VBA project whose modules match the sheets' code names.

    Raises
    ------
    WorkbookError
        The package that writes VBA projects is not installed.
    """
    try:
        from pyopenvba import ExcelFile
    except ImportError as error:
        raise WorkbookError("building a workbook needs the package pyOpenVBA: pip install dhxl[build]") from error
    draft = path.with_name(f"{path.stem}.draft.xlsm")
    try:
        draft.write_bytes(with_part(xlsx, "[Content_Types].xml", lambda part: part.replace(_PLAIN, _MACRO)))
        with ExcelFile(draft) as file:
            file.add_vba_project().add_module("DhxlInfo", "Option Explicit\r\n")
            file.save()
        path.write_bytes(with_part(draft.read_bytes(), "", bytes))
    finally:
        draft.unlink(missing_ok=True)
