"""The two hidden sheets that programs read: settings of xlwings, and texts for help while typing a formula."""

from __future__ import annotations

from typing import Final

from dhxl.workbook.page import Book
from dhxl.workbook.wrappers import function_texts

__all__ = ["INTERPRETER", "SETTINGS", "TEXTS", "setting_rows", "text_rows", "write"]

SETTINGS: Final = "xlwings.conf"
TEXTS: Final = "_IntelliSense_"  # the name that Excel-DNA IntelliSense looks for; it must be the last sheet
INTERPRETER: Final = "%DHXL_PYTHON%"  # an environment variable, so that the file fits every machine

# Read by the VBA module of xlwings, in one block from A1; a key that is there but empty spares a search for files.
# Words instead of truth values: those would be spelled in the language of Windows.
_SETTINGS: Final = (
    ("INTERPRETER_WIN", INTERPRETER),
    ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),
    ("UDF MODULES", "dhxl.hosts.excel"),
    ("USE UDF SERVER", "True"),
    ("DEBUG UDFS", "False"),
    ("SHOW CONSOLE", "False"),
    ("CONDA PATH", ""),
    ("CONDA ENV", ""),
    ("PYTHONPATH", ""),
    ("LICENSE_KEY", ""),
    ("ONEDRIVE_CONSUMER_WIN", ""),
    ("ONEDRIVE_COMMERCIAL_WIN", ""),
    ("SHAREPOINT_WIN", ""),
    ("ONEDRIVE_CONSUMER_MAC", ""),
    ("ONEDRIVE_COMMERCIAL_MAC", ""),
    ("SHAREPOINT_MAC", ""),
)


def write(book: Book) -> None:
    """Write both sheets behind all others."""
    settings = book.xlsx.add_worksheet(SETTINGS)
    settings.set_vba_name("Settings")
    for row, (key, value) in enumerate(setting_rows()):
        settings.write_string(row, 0, key)
        if value:
            settings.write_string(row, 1, value)
    settings.very_hidden()
    texts = book.xlsx.add_worksheet(TEXTS)
    texts.set_vba_name("IntelliSense")
    for row, told in enumerate(text_rows()):
        for col, words in enumerate(told):
            if words:
                texts.write_string(row, col, words)
    texts.very_hidden()


def setting_rows() -> tuple[tuple[str, str], ...]:
    """Return what stands on the sheet of settings: names and values."""
    return _SETTINGS


def text_rows() -> list[tuple[str, ...]]:
    """Return what stands on the sheet of texts: a header, then name, text, nothing and the arguments of each function.

    Each argument has two columns, its name and its text.
    """
    told = [
        (text.name, text.summary, "", *(words for argument in text.arguments for words in argument))
        for text in function_texts()
    ]
    return [("FunctionInfo",), *told]
