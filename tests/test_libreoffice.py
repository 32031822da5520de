"""The harness itself: that LibreOffice really computes, and that edits made there can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from dhxl.workbook.values import ErrorValue
from tests import libreoffice as harness
from tests.libreoffice import Office
from tests.workbook.books import PLANT, town_book

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook of which every stored result is wrong."""
    path = town_book(tmp_path_factory.mktemp("poisoned") / "town.xlsm")
    package = Package.open(path)
    cells = package.cells("Plant")
    wrong = {place: 666.0 for place, cell in cells.cells.items() if cell.formula or place in cells.children}
    package.save(path, {PLANT: with_values(cells, wrong)})
    return path


def test_every_value_is_computed_anew(libreoffice: Office, poisoned: Path) -> None:
    """Proves: no stored result gets through.

    Sensitivity: a plain conversion echoes the poison, since LibreOffice trusts files marked as Excel's.
    """
    before = poisoned.read_bytes()
    values = libreoffice.recalculated_values(poisoned)["Plant"]
    assert values[1, 2] == 0.1 * 2 and values[10, 2] == (9 + 0.1) * 2
    assert values[3, 4] == "gas boiler & <more> x"
    assert values[4, 4] is True
    assert values[5, 4] == ErrorValue("#DIV/0!")
    assert [values[row, 6] for row in (1, 2, 3)] == [1.0, 11.0, 21.0]
    assert [values[row, 2] for row in (40, 41, 42)] == [2.0, 1.0 * 1.0 + 1.0, 1.0]
    assert 666.0 not in values.values()
    assert poisoned.read_bytes() == before


def test_a_plain_conversion_echoes_stored_results(libreoffice: Office, poisoned: Path, tmp_path: Path) -> None:
    echoed = Package.open(libreoffice.converted(poisoned, "xlsx", tmp_path)).cells("Plant")
    assert echoed.value(1, 2) == 666.0


def test_numbers_come_with_all_their_digits(libreoffice: Office, tmp_path: Path) -> None:
    path = town_book(tmp_path / "town.xlsm")
    package = Package.open(path)
    package.save(path, {PLANT: with_values(package.cells("Plant"), {(1, 1): 1 / 3})})
    assert libreoffice.recalculated_values(path)["Plant"][1, 2] == 2 / 3


def test_edits_made_in_libreoffice_are_read_back(libreoffice: Office, tmp_path: Path) -> None:
    path = town_book(tmp_path / "town.xlsm")
    out = tmp_path / "edited.xlsm"
    result = libreoffice.run(
        """
        book = opened(arguments["path"])
        insert_rows(book, "Bob's town", 3, 2)
        rename_sheet(book, "Plant", "L'impianto")
        set_value(book, "L'impianto", "A1", 50)
        set_formula(book, "Bob's town", "F1", "=SUM(heat)*2")
        book.calculateAll()
        result = [value(book, "L'impianto", "B1"), named_value(book, "discount_rate"), errors(book)]
        saved(book, arguments["out"])
        """,
        path=str(libreoffice.copy(path)),
        out=str(out),
    )
    assert result[:2] == [100.0, 50.0]
    assert set(result[2].values()) == {"#DIV/0!", "#NAME?"} and "'L''impianto'.D5" in result[2]
    book = Package.open(out)
    assert book.macros and book.sheets[0].name == "L'impianto"
    assert book.resolve("heat").address == "'Bob''s town'!B2:B6"
    assert book.values(book.resolve("discount_rate")) == [[50.0]]
    assert book.cells("Bob's town").value(1, 6) == 26.0
    assert not list(tmp_path.glob(".~lock*"))


def test_a_pdf_is_made_also_of_a_file_with_a_lock_beside_it(
    libreoffice: Office, poisoned: Path, tmp_path: Path
) -> None:
    poisoned.with_name(f".~lock.{poisoned.name}#").write_bytes(b"Anna,anna,host,21.11.2026 10:00,file:///x;")
    assert libreoffice.converted(poisoned, "pdf", tmp_path).read_bytes().startswith(b"%PDF")


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_first_start_that_ends_with_81_is_repeated(tmp_path: Path) -> None:
    program, python = harness.programs()
    stand_in = tmp_path / "soffice"
    stand_in.write_text(
        f'#!/bin/sh\n[ -e "$0.once" ] && exec "{program}" "$@"\ntouch "$0.once"\nexit 81\n', encoding="utf-8"
    )
    stand_in.chmod(0o755)
    office = Office(stand_in, python, tmp_path)
    try:
        assert office.run("result = arguments['number'] + 1", number=1) == 2
        assert office.process and office.process.poll() is None
    finally:
        office.stop()
    assert office.process is None


def test_a_failing_script_fails_the_test_with_its_traceback(libreoffice: Office) -> None:
    with pytest.raises(AssertionError, match=r"the script failed in LibreOffice:[\s\S]*ZeroDivisionError"):
        libreoffice.run("1 / 0")


def test_a_file_that_libreoffice_cannot_open_fails_the_test(libreoffice: Office, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"opens nothing|NoSuchElement|IllegalArgument|not exist"):
        libreoffice.run('opened(arguments["path"])', path=str(tmp_path / "none.xlsx"))


def test_where_libreoffice_is_absent_tests_skip_and_fail_on_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "_found", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="is not on this machine"):
        harness.programs()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="is not on this machine"):
        harness.programs()
