"""Runs a script against a waiting LibreOffice; started with LibreOffice's own Python, so nothing of dhxl is here.

Usage: ``python libreoffice_runner.py PIPE``, a JSON object with ``source`` and ``arguments`` on standard input; on
standard output a JSON object with ``result``, ``error`` or ``waiting`` (nobody listens on the pipe yet).
"""

import json
import os
import re
import sys
import traceback

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table.CellContentType import EMPTY, FORMULA, VALUE

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
}
_NUMBER_RESULT, _ERROR_RESULT = 1, 4  # com.sun.star.sheet.FormulaResult
_opened = []
_running = {}


def _property(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def opened(path):
    """Return a hidden document; macros do not run and it is closed at the end of the script."""
    options = (_property("Hidden", True), _property("MacroExecutionMode", 0), _property("UpdateDocMode", 0))
    document = _running["desktop"].loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, options)
    if document is None:
        raise RuntimeError(path + ": LibreOffice opens nothing; damaged, or a lock file stands beside it")
    _opened.append(document)
    return document


def saved(document, path):
    """Save a document in the format of the file's suffix and return the path."""
    options = (_property("FilterName", FILTERS[path.rpartition(".")[2].lower()]), _property("Overwrite", True))
    document.storeToURL(uno.systemPathToFileUrl(path), options)
    return path


def sheet(document, name):
    """Return a sheet by name."""
    return document.Sheets.getByName(name)


def cell(document, name, address):
    """Return a cell by sheet name and address."""
    return sheet(document, name).getCellRangeByName(address)


def value_of(one):
    """Return what a cell holds: number, text, None, or an object with the error's code."""
    if one.Type == EMPTY:
        return None
    if one.getError():
        return {"error": one.String}
    number = one.Type == VALUE or (one.Type == FORMULA and one.FormulaResultType2 == _NUMBER_RESULT)
    return one.Value if number else one.String


def value(document, name, address):
    """Return what the cell of a sheet holds."""
    return value_of(cell(document, name, address))


def named_value(document, name):
    """Return what the first cell of a defined name holds."""
    return value_of(document.NamedRanges.getByName(name).getReferredCells().getCellByPosition(0, 0))


def set_named(document, name, content, row=1, column=1):
    """Put a number or text into a cell of a defined name, counted from 1 inside it; negative rows from its end."""
    area = document.NamedRanges.getByName(name).getReferredCells()
    at = row - 1 if row > 0 else area.Rows.Count + row
    one = area.getCellByPosition(column - 1, at)
    if isinstance(content, str):
        one.String = content
    else:
        one.Value = content


def set_value(document, name, address, content):
    """Put a number or text into a cell."""
    if isinstance(content, str):
        cell(document, name, address).String = content
    else:
        cell(document, name, address).Value = content


def set_formula(document, name, address, formula):
    """Put a formula, with ``=`` and English names, into a cell."""
    cell(document, name, address).Formula = formula


def insert_rows(document, name, row, count=1):
    """Insert rows above a row, counted from 1."""
    sheet(document, name).Rows.insertByIndex(row - 1, count)


def insert_columns(document, name, column, count=1):
    """Insert columns to the left of a column, counted from 1."""
    sheet(document, name).Columns.insertByIndex(column - 1, count)


def delete_rows(document, name, row, count=1):
    """Delete rows, counted from 1."""
    sheet(document, name).Rows.removeByIndex(row - 1, count)


def rename_sheet(document, old, new):
    """Give a sheet another name."""
    sheet(document, old).Name = new


def remove_sheet(document, name):
    """Delete a sheet."""
    document.Sheets.removeByName(name)


def numbers(document):
    """Return of each sheet its used cells row by row, from A1: exact numbers, texts, None for errors."""
    found = {}
    for name in document.Sheets.ElementNames:
        cursor = sheet(document, name).createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = sheet(document, name).getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        found[name] = area.getDataArray()
    return found


def errors(document):
    """Return the addresses of all cells whose formula gives an error, with what they show."""
    found = {}
    for name in document.Sheets.ElementNames:
        for area in sheet(document, name).queryFormulaCells(_ERROR_RESULT).RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    one = sheet(document, name).getCellByPosition(column, row)
                    address = re.sub(r"\$", "", one.AbsoluteName)
                    found[address.lstrip(".")] = one.String
    return found


def _connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    return resolver.resolve("uno:pipe,name=" + pipe + ";urp;StarOffice.ComponentContext")


def _main():
    request = json.load(sys.stdin)
    try:
        context = _connected(sys.argv[1])
    except NoConnectException:
        return {"waiting": True}
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    _running["desktop"] = desktop
    space = {**globals(), "arguments": request["arguments"], "desktop": desktop, "result": None}
    try:
        exec(request["source"], space)
        return {"result": space["result"]}
    except Exception:  # noqa: BLE001  whatever a script raises is its answer
        return {"error": traceback.format_exc()}
    finally:
        for document in _opened:
            document.close(True)


json.dump(_main(), sys.stdout)
sys.stdout.flush()
os._exit(0)  # the bridge to LibreOffice now and then crashes while the interpreter ends, after all is done
