"""Builds and calculates the shipped workbooks: ``python templates/build.py [FOLDER] [--studies]``.

Every template is a folder beside this file (study.toml and its series). The case of the published study becomes
workbook.xlsm at the top of the repository, each other one a workbook beside its folder. Sheet Sensitivity keeps the
preset studies of the workbook that is there; ``--studies`` calculates them anew, which takes minutes and is needed
after a change of any number. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DHXL_COMPILE", "1")  # before dhxl is imported: the bytes are those of the compiled dispatch

from dhxl.hosts.headless import Model
from dhxl.studies.renewal import write_presets
from dhxl.studies.run import run
from dhxl.workbook.builder import EPOCH, write_workbook
from dhxl.workbook.case import read_case
from dhxl.workbook.package import Package
from dhxl.workbook.study_areas import INPUT_NAMES, PREFIX
from dhxl.workbook.values import ErrorValue

TEMPLATES = Path(__file__).parent
BOOKS = {"geothermal": "workbook.xlsm", "biomass": "templates/biomass.xlsm"}


def build(folder: Path, studies: bool = False) -> list[Path]:
    """Write the calculated workbook of every template into a folder; return the files."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(EPOCH))
    written = []
    for template, book in BOOKS.items():
        target = folder / book
        with tempfile.TemporaryDirectory() as scratch:
            draft = Path(scratch) / target.name
            write_workbook(read_case(TEMPLATES / template), draft)
            run(draft, stale=True)  # xlsxwriter has no results, it writes 0
            source = TEMPLATES.parent / book
            if studies:
                source = Path(scratch) / f"studies-{target.name}"
                write_presets(draft, source, workers=None)
            if source.is_file():
                carry_studies(Package.open(source), draft)
            target.parent.mkdir(parents=True, exist_ok=True)
            written.append(Path(shutil.copyfile(draft, target)))
    return written


def carry_studies(source: Package, target: Path) -> None:
    """Copy the studies that stand in a workbook into another one of the same inputs."""
    package = Package.open(target)
    names = [name.name for name in source.names if name.name.startswith(PREFIX)]
    if INPUT_NAMES not in names or source.values(source.resolve(INPUT_NAMES)) != package.values(
        package.resolve(INPUT_NAMES)
    ):
        return
    with Model(package) as model:
        model.calculate()
        for name in names:
            rows = source.values(source.resolve(name))
            place = model.reference(name)
            if model.formula_in(place) or (len(rows), len(rows[0])) != (place.rows, place.columns):
                continue
            model.put(place, [[None if isinstance(x, ErrorValue) else x for x in row] for row in rows], name)
        model.calculate()
        model.save(target)


def main() -> None:
    """Read the command line and tell which files were written."""
    parser = argparse.ArgumentParser(description="Builds and calculates the shipped workbooks.")
    parser.add_argument("folder", nargs="?", type=Path, default=TEMPLATES.parent, help="where to write them")
    parser.add_argument("--studies", action="store_true", help="calculate the preset studies too (minutes)")
    chosen = parser.parse_args()
    for path in build(chosen.folder, chosen.studies):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
