"""LibreOffice as a second calculation engine: what it computes of a workbook, found and started when asked for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.hosts.plain_formulas import Formulas
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.lint.portable import PORTABLE
from dhxl.workbook.package import Package
from dhxl.workbook.patch import without_caches
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["LIBREOFFICE", "bare_environment", "find_libreoffice", "recalculated", "refused"]

LIBREOFFICE: Final = "LibreOffice"
_NAMES: Final = ("soffice", "libreoffice")
_PLACES: Final = (
    Path("/usr/lib/libreoffice/program/soffice"),
    Path("/opt/libreoffice/program/soffice"),
    Path("/snap/bin/libreoffice"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.com"),  # the console form: it waits until all is done
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.exe"),
)
_FIRST_START: Final = 81  # exit code of the first start on a new profile: start again
_STARTS: Final = 3
_PATIENCE_S: Final = 300
_PYTHONS: Final = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
# Files marked as Excel's are not calculated on load by default (2, "never"); 0 is "always".
_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def find_libreoffice() -> Path | None:
    """Return the program, from the search path or one of the usual places; None where it is not installed."""
    on_path = [Path(found) for name in _NAMES if (found := shutil.which(name))]
    return next((place for place in (*on_path, *_PLACES) if place.exists()), None)


def bare_environment() -> dict[str, str]:
    """Return the environment without what belongs to this Python: LibreOffice brings its own."""
    return {name: value for name, value in os.environ.items() if name not in _PYTHONS}


def recalculated(package: Package) -> dict[str, dict[tuple[int, int], CellValue]]:
    """Return all values of a workbook as LibreOffice computes them, by sheet, row and column.

    It gets a copy without any stored result, so that none can be echoed. Numbers come with 15 significant digits.

    Raises
    ------
    WorkbookError
        LibreOffice is not installed, does not start, or gives no workbook back.
    """
    program = find_libreoffice()
    if program is None:
        raise WorkbookError(
            "the second engine needs LibreOffice (soffice), which is neither on the search path nor in a usual place; "
            "install it from libreoffice.org, or your system's package libreoffice-calc"
        )
    with tempfile.TemporaryDirectory(prefix="dhxl", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch).resolve()
        book = folder / f"book{'.xlsm' if package.macros else '.xlsx'}"
        book.write_bytes(_stripped(package))
        found = Package.open(_converted(program, book, folder))
        return {
            sheet.name: {
                place: cell.value for place, cell in found.cells(sheet.name).cells.items() if cell.value is not None
            }
            for sheet in found.sheets
            if sheet.kind == "worksheet"
        }


def refused(
    formulas: Formulas, values: Mapping[str, Mapping[tuple[int, int], CellValue]]
) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells that LibreOffice did not calculate since it lacks a function, with the reason."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet, texts in formulas.items():
        for at, text in texts.items():
            value = values.get(sheet, {}).get(at)
            if isinstance(value, ErrorValue) and value.code == "#NAME?":
                called = dict.fromkeys(call.name for call in function_calls(text) if call.name not in PORTABLE)
                if called:
                    found.setdefault(sheet, {})[at] = f"{LIBREOFFICE} does not know {' or '.join(called)} as it stands"
    return found


def _stripped(package: Package) -> bytes:
    sheets = [sheet for sheet in package.sheets if sheet.kind == "worksheet"]
    return package.rebuilt({sheet.part: without_caches(package.cells(sheet.name)) for sheet in sheets})


def _converted(program: Path, book: Path, folder: Path) -> Path:
    """Return the workbook as LibreOffice writes it, in a folder of its own and with a profile of its own."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    out = folder / "calculated"
    command = [str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(book)]
    for _ in range(_STARTS):
        code, said = _ended(command)
        if code != _FIRST_START:
            break
    written = out / f"{book.stem}.xlsx"
    if not written.exists():
        raise WorkbookError(f"{program}: calculates no workbook (exit code {code}){f': {said}' if said else ''}")
    return written


def _ended(command: list[str]) -> tuple[int, str]:
    """Return exit code and last word of a program; on interruption it ends too, with what it started."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=bare_environment(),
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            said, _ = process.communicate(timeout=_PATIENCE_S)
        except BaseException as error:
            if sys.platform != "win32":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise WorkbookError(f"{command[0]}: did not answer within {_PATIENCE_S} s") from error
            raise
    lines = said.decode(errors="replace").strip().splitlines() or [""]
    return process.returncode, lines[-1]
