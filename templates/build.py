"""Builds and calculates the shipped workbooks: ``python templates/build.py [FOLDER]``.

Every template is a folder beside this file (study.toml and its series). The case of the published study becomes
workbook.xlsm at the top of the repository. The same sources give the same bytes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from dhxl.studies.run import run
from dhxl.workbook.builder import EPOCH, write_workbook
from dhxl.workbook.case import read_case

TEMPLATES = Path(__file__).parent
BOOKS = {"geothermal": "workbook.xlsm"}


def build(folder: Path) -> list[Path]:
    """Write the calculated workbook of every template into a folder; return the files."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(EPOCH))
    written = []
    for template, book in BOOKS.items():
        with tempfile.TemporaryDirectory() as scratch:
            draft = Path(scratch) / book
            write_workbook(read_case(TEMPLATES / template), draft)
            run(draft)
            written.append(Path(shutil.copyfile(draft, folder / book)))
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES.parent):
        sys.stdout.write(f"{path}\n")
