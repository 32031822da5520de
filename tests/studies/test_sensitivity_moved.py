"""Studies written into a workbook whose sheet Sensitivity was moved about in LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhxl.studies.sensitivity import sensitivity, vary
from dhxl.studies.tables import cases_table
from dhxl.studies.writing import write_studies
from dhxl.workbook.package import Package
from tests.libreoffice import Office
from tests.shipped import BOOK, cell_of
from tests.workbook.books import members

pytestmark = pytest.mark.libreoffice


def test_a_study_finds_its_area_on_a_renamed_sheet_with_rows_and_a_column_inserted(
    libreoffice: Office, tmp_path: Path
) -> None:
    above = cell_of("sensitivity_table")
    path = tmp_path / "moved.xlsm"
    libreoffice.run(
        """
        book = opened(arguments["path"])
        insert_rows(book, "Sensitivity", arguments["row"], 3)
        insert_columns(book, "Sensitivity", 2, 1)
        rename_sheet(book, "Sensitivity", "Was wäre, wenn")
        saved(book, arguments["out"])
        """,
        path=str(libreoffice.copy(BOOK)),
        out=str(path),
        row=above.first_row,
    )
    before = members(path)
    report = sensitivity(path, [vary("heat_tariff_eur_per_mwh=110,120")], ["npv_eur_1"])
    write_studies(Package.open(path), [cases_table(report, combined=True)])
    package = Package.open(path)
    place = package.resolve("sensitivity_table")
    corner = (above.first_row + 3, above.first_col + 1)
    assert (place.sheet, place.first_row, place.first_col) == ("Was wäre, wenn", *corner)
    header, *rows = package.values(place)
    assert header[:2] == ["heat_tariff_eur_per_mwh\nEUR/MWh", "npv_eur_1\nEUR"]
    assert [row[:2] for row in rows[:2]] == [
        [tariff, case.outputs[0]] for tariff, case in zip((110, 120), report.cases, strict=True)
    ]
    (flag,) = package.values(package.resolve("sensitivity_table_stale"))
    assert flag == [0.0]
    after = members(path)
    assert [name for name in before if before[name] != after[name]] == [package.sheet(place.sheet).part]
