"""IronCalc as a further calculation engine: what it computes of a workbook, without a program to install."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from dhxl.errors import WorkbookError
from dhxl.hosts.plain_formulas import Formulas, Places, is_plain, plain_formulas
from dhxl.workbook.cells import SheetCells
from dhxl.workbook.formulas import function_calls
from dhxl.workbook.names import cell_address
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue, value_xml
from dhxl.workbook.xmltext import attributes, escaped, escaped_string

__all__ = ["IRONCALC", "has_ironcalc", "lacking", "recalculated", "refused", "refused_alone"]

IRONCALC: Final = "IronCalc"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RESULT: Final = "<v>0</v>"  # IronCalc complains on the screen of formulas that have none
_LIFTING: Final = ("SUMPRODUCT",)  # takes functions of single values over ranges, which IronCalc does in arrays only
_OF_DATES: Final = frozenset(
    {
        "DATE", "DATEDIF", "DATEVALUE", "DAY", "DAYS", "DAYS360", "EDATE", "EOMONTH", "MONTH", "NETWORKDAYS",
        "NETWORKDAYS.INTL", "TEXT", "WEEKDAY", "WEEKNUM", "WORKDAY", "WORKDAY.INTL", "YEAR", "YEARFRAC",
    }
)  # fmt: skip
_REFUSALS: Final = {
    "#ERROR!": f"{IRONCALC} cannot read the formula",
    "#N/IMPL!": f"{IRONCALC} does not calculate this yet",
    "#CIRC!": f"{IRONCALC} does not iterate, and the cell depends on itself",
}

_Place = tuple[int, int]


def has_ironcalc() -> bool:
    """Return whether the package is installed."""
    try:
        import ironcalc  # noqa: F401
    except ImportError:
        return False
    return True


def recalculated(package: Package, formulas: Formulas | None = None) -> dict[str, dict[_Place, CellValue]]:
    """Return all values of a workbook as IronCalc computes them, by sheet, row and column.

    It gets a copy that holds constants and formulas and no stored result, so that none can be echoed. What it cannot
    calculate has an error value of its own, see :func:`refused`.

    Parameters
    ----------
    package : Package
        The workbook.
    formulas : mapping, optional
        What :func:`dhxl.hosts.plain_formulas.plain_formulas` makes of it, where that is known already.

    Raises
    ------
    WorkbookError
        The package is not installed, or gives up.
    """
    engine = _engine()
    formulas = plain_formulas(package) if formulas is None else formulas
    with tempfile.TemporaryDirectory(prefix="dhxl", ignore_cleanup_errors=True) as scratch:
        book = Path(scratch) / "book.xlsx"
        book.write_bytes(_copy(package, formulas))
        try:
            model = engine.load_from_xlsx(str(book), "en", "UTC")
            model.evaluate()
        except engine.WorkbookError as error:
            raise WorkbookError(f"{package.path}: {IRONCALC} cannot read the workbook ({error})") from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise WorkbookError(f"{package.path}: {IRONCALC} broke off ({error}); use LibreOffice") from None
    names = [sheet.name for sheet in package.sheets]
    values: dict[str, dict[_Place, CellValue]] = {
        sheet.name: {} for sheet in package.sheets if sheet.kind == "worksheet"
    }
    error_type = engine.CellType.ErrorValue
    for sheet, row, col in model.get_all_cells():
        value = model.get_cell_value(sheet, row, col)
        if value is None:
            continue
        if type(value) is str and value.startswith("#") and model.get_cell_type(sheet, row, col) == error_type:
            value = ErrorValue(value)
        values[names[sheet]][row, col] = value
    return values


def lacking(package: Package, formulas: Formulas) -> dict[str, dict[_Place, str]]:
    """Return the cells whose formulas call what IronCalc does not have, with the reason."""
    found: dict[str, dict[_Place, str]] = {}
    for sheet, texts in formulas.items():
        for at, text in texts.items():
            called = dict.fromkeys(call.name for call in function_calls(text)) if "(" in text else {}
            unknown = [name for name in called if not _has(name)]
            if unknown:
                found.setdefault(sheet, {})[at] = f"{IRONCALC} has no {', '.join(unknown)}"
            elif package.date1904 and _OF_DATES & called.keys():
                found.setdefault(sheet, {})[at] = f"{IRONCALC} does not count days from 1904"
    return found


def refused(formulas: Formulas, values: Mapping[str, Mapping[_Place, CellValue]]) -> dict[str, dict[_Place, str]]:
    """Return the cells that IronCalc did not calculate, or that read such cells, with the reason."""
    found: dict[str, dict[_Place, str]] = {}
    for sheet, cells in values.items():
        for at, value in cells.items():
            if isinstance(value, ErrorValue) and value.code in _REFUSALS and at in formulas.get(sheet, {}):
                found.setdefault(sheet, {})[at] = _REFUSALS[value.code]
    return found


def refused_alone(formulas: Formulas, found: Places) -> dict[str, dict[_Place, str]]:
    """Return those of the refused cells whose formulas IronCalc does not calculate whatever they read."""
    model, names = _engine().create("alone", "en", "UTC"), list(formulas)
    for number, name in enumerate(names):
        if number:
            model.add_sheet(name)
        else:
            model.rename_sheet(0, name)
    alone: dict[str, dict[_Place, str]] = {}
    for sheet, places in found.items():
        for at, reason in places.items():
            cell = (names.index(sheet), *at)
            model.set_user_input(*cell, f"={formulas[sheet][at]}")
            model.evaluate()
            if model.get_cell_value(*cell) in _REFUSALS:
                alone.setdefault(sheet, {})[at] = reason
            model.clear_cell_contents(*cell)
    return alone


def _engine() -> Any:
    try:
        import ironcalc
    except ImportError as error:
        raise WorkbookError(
            f'the second engine {IRONCALC} is not installed; pip install "dhxl[second]" brings it'
        ) from error
    return ironcalc


@cache
def _has(function: str) -> bool:
    """Return whether IronCalc knows a function; of one that it knows it says what is wrong with the arguments."""
    model = _engine().create("functions", "en", "UTC")
    model.set_user_input(0, 1, 1, f"={function}()")
    model.evaluate()
    return bool(model.get_cell_value(0, 1, 1) != "#NAME?")


def _copy(package: Package, formulas: Formulas) -> bytes:
    """Return a workbook of the same cells, names and sheets, and of nothing else."""
    sheets = package.sheets
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": _main(package),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    for number, sheet in enumerate(sheets, start=1):
        rows = _rows(package.cells(sheet.name), formulas[sheet.name]) if sheet.kind == "worksheet" else ()
        data = "".join(rows)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, _HEAD + content)
    return stream.getvalue()


_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _main(package: Package) -> str:
    sheets = "".join(
        f'<sheet name="{_attribute(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(package.sheets, start=1)
    )
    names = "".join(
        f'<definedName name="{_attribute(one.name)}">{escaped(one.text)}</definedName>'
        for one in package.names
        if is_plain(one)
    )
    named = f"<definedNames>{names}</definedNames>" if names else ""
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>{named}</workbook>'


def _attribute(text: str) -> str:
    return escaped_string(text).replace('"', "&quot;")


def _rows(cells: SheetCells, formulas: Mapping[_Place, str]) -> Iterator[str]:
    current = 0
    for (row, col), cell in sorted(cells.cells.items()):
        text = formulas.get((row, col))
        if (row, col) in cells.children or (text is None and cell.value is None):
            continue
        if row != current:
            if current:
                yield "</row>"
            yield f'<row r="{row}"{_hidden(cells, row)}>'
            current = row
        address = cell_address(row, col)
        if text is None:
            kind, element = value_xml(cell.value, constant=True, prefix="", where=address)
            yield f'<c r="{address}"' + (f' t="{kind}"' if kind else "") + f">{element}</c>"
        else:
            yield f'<c r="{address}"><f{_array(cells, (row, col), text)}>{escaped(text)}</f>{_NO_RESULT}</c>'
    if current:
        yield "</row>"


def _hidden(cells: SheetCells, row: int) -> str:
    """Return that a row is hidden: some functions leave hidden rows out."""
    place = cells.rows.get(row)
    tag = cells.xml[place.start : place.tag_end] if place else b""
    return ' hidden="1"' if b"hidden" in tag and attributes(tag).get(b"hidden") in (b"1", b"true") else ""


def _array(cells: SheetCells, at: _Place, text: str) -> str:
    area = cells.arrays.get(at)
    if area is None and not any(f"{name}(" in text.upper() for name in _LIFTING):
        return ""
    first_row, first_col, last_row, last_col = area or (*at, *at)
    return f' t="array" ref="{cell_address(first_row, first_col)}:{cell_address(last_row, last_col)}"'
