"""Bad input in copies of the shipped workbook: a sentence with address and limit, exit code 1, nothing written."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from dhxl.cli import main
from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference, cell_address
from dhxl.workbook.package import Package
from tests.libreoffice import Office
from tests.shipped import BOOK, cell_of, with_workbook_part, written

Capture = pytest.CaptureFixture[str]
HOURLY = ("outdoor_degc", "electricity_shape_eur_per_mwh")


def state(folder: Path) -> dict[Path, tuple[int, int, bytes]]:
    """Return of each file when it was written, which one it is, and its content."""
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes() if path.is_file() else b"")
        for path in folder.iterdir()
    }


def refused(capsys: Capture, book: Path) -> list[str]:
    """Run a workbook that must fail, prove that nothing was written, and return the lines on standard error."""
    before = state(book.parent)
    code = main(["run", str(book)])
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert "Traceback" not in printed.err
    assert "internal error" not in printed.err
    assert state(book.parent) == before
    return printed.err.splitlines()


def column(name: str, title: str, row: int) -> Reference:
    """Return a cell of a unit table by its column's name; row 1 is the header."""
    package = Package.open(BOOK)
    header = package.values(package.resolve(name))[0]
    return cell_of(name, row, header.index(title) + 1)


def test_inputs_that_their_cells_do_not_allow_are_all_named_with_address_limit_and_what_came(
    capsys: Capture, tmp_path: Path
) -> None:
    section = cell_of("network_sections", 6)
    bad: dict[Reference, object] = {
        cell_of("price_scenario"): "Mid",
        cell_of("heat_demand_mwh"): -44922.0,
        section: "DN 100",
        column("units_1", "heat_mw", 2): "eleven",
        column("units_1", "type", 3): "turbine",
        cell_of("gas_price_eur_per_sm3_low"): "abc",
        cell_of("design_years"): 2.5,
        cell_of("outdoor_degc", 91): "n/a",
        cell_of("outdoor_degc", 92): None,
        cell_of("electricity_shape_eur_per_mwh", -1): None,
    }
    limits = {
        "price_scenario": "one of Low, Medium, High, got 'Mid'",
        "heat_demand_mwh": "a decimal between 1 and 10000000, got -44922",
        "gas_price_eur_per_sm3_low": "a decimal between 0.001 and 10, got 'abc'",
        "design_years": "a whole number between 0 and 5, got 2.5",
    }
    hours = {91: "'n/a'", 92: "a blank cell"}
    expected = {
        *(f"{cell_of(name).address} ({name}): must be {text}" for name, text in limits.items()),
        f"{section.address}: must be a whole number between 20 and 500, got 'DN 100'",
        f"{column('units_1', 'heat_mw', 2).address}: must be a decimal between 0 and 5000, got 'eleven'",
        f"{column('units_1', 'type', 3).address}: must be one of heat_pump, chp, boiler, electric_boiler, source, "
        "got 'turbine'",
        *(
            f"{cell_of('outdoor_degc', row).address} (outdoor_degc): must be a decimal between -60 and 60, got {got}"
            for row, got in hours.items()
        ),
        f"{cell_of(HOURLY[1], -1).address} ({HOURLY[1]}): must be a decimal between -1000 and 10000, got a blank cell",
    }
    lines = refused(capsys, written(bad, tmp_path / "town.xlsm"))
    assert set(lines) == expected
    assert len(lines) == len(expected)


def test_a_year_of_text_gives_a_screen_of_sentences(capsys: Capture, tmp_path: Path) -> None:
    bad = {cell_of("outdoor_degc", row): f"{row % 30},5" for row in range(1, 8761)}
    lines = refused(capsys, written(bad, tmp_path / "town.xlsm"))
    assert len(lines) == 21
    first = cell_of("outdoor_degc").address
    assert lines[0] == f"{first} (outdoor_degc): must be a decimal between -60 and 60, got '1,5'"
    assert lines[-1] == "and 8740 more"


def test_a_frosty_hour_is_no_bad_input(capsys: Capture, tmp_path: Path) -> None:
    book = written({cell_of("outdoor_degc", 91): -25.0}, tmp_path / "town.xlsm")
    assert main(["run", str(book), "-o", str(tmp_path / "out.xlsm")]) == 0
    assert "checks failed: 0" in capsys.readouterr().out


def test_a_pipe_that_does_not_exist_and_a_misspelt_unit_column_are_errors_in_their_cells_with_the_sentences_behind(
    capsys: Capture, tmp_path: Path
) -> None:
    section, title = cell_of("network_sections", 6), column("units_3", "heat_mw", 1)
    book = written({section: 110.0, title: "heat_mv"}, tmp_path / "town.xlsm")
    with Model.open(book) as model:
        losses, table = model.reference("live_dispatch_3"), model.reference("units_3").address
        loss = cell_address(section.first_row, section.first_col + 4)
        model.calculate()
        inside_table = model.cell(losses.sheet, losses.first_row + 1, losses.first_col + 1)
        errors = [inside_table, model.value("npv_eur_3"), model.value("sections_loss_mwh")]
        assert [one.code for one in errors if isinstance(one, CellError)] == ["#VALUE!"] * 3
        assert not isinstance(model.value("npv_eur_1"), CellError), "the other solutions are not concerned"
    dispatch = f"{losses.sheet}!{cell_address(losses.first_row, losses.first_col)}: DH_DISPATCH: units"
    lines = refused(capsys, book)
    assert lines[0] == (
        f"{section.sheet}!{loss}: DH_PIPE_LOSS: dn must be one of 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200, 250, "
        "300, 350, 400, 450, 500, got 110"
    )
    assert lines[1].startswith(f"{dispatch} has an unknown column 'heat_mv' (known: unit, type, heat_mw, count, ")
    assert lines[1].endswith(f"; see {title.address}")
    assert lines[2:] == [f"{dispatch} has no column heat_mw; see {table}"]


def shortened(target: Path, *names: str) -> Path:
    """Write the workbook with names that end one row earlier."""
    last = cell_of(names[0], -1).first_row
    return with_workbook_part(target, rf'(name="(?:{"|".join(names)})">[^<]*){last}', rf"\g<1>{last - 1}")


def test_8759_rows_of_the_series_are_refused(capsys: Capture, tmp_path: Path) -> None:
    book = shortened(tmp_path / "town.xlsm", "series")
    (sentence,) = refused(capsys, book)
    package = Package.open(book)
    assert sentence.startswith(package.resolve("live_dispatch_1").address.partition(":")[0])
    place = package.resolve("series").address
    assert sentence.endswith(f": DH_DISPATCH: series has 8759 rows; a year of 1 h steps has 8760 or 8784; see {place}")


def test_8759_rows_of_temperatures_and_prices_are_refused(capsys: Capture, tmp_path: Path) -> None:
    book = shortened(tmp_path / "town.xlsm", *HOURLY)
    package = Package.open(book)
    assert refused(capsys, book) == [
        f"{package.resolve(name).address} ({name}): must have 8760 or 8784 rows, one for each hour of a year "
        "(or 35040 or 35136 quarter-hours), got 8759"
        for name in HOURLY
    ]


def test_text_that_a_formula_gives_in_one_hour_is_traced_to_that_hour_in_seconds(
    capsys: Capture, tmp_path: Path
) -> None:
    hour = cell_of("outdoor_degc", 91)
    package = Package.open(BOOK)
    cell = package.cells(hour.sheet).cells[hour.first_row, hour.first_col]
    xml = package.part(package.sheet(hour.sheet).part)
    address = cell_address(hour.first_row, hour.first_col)
    formula = f'<c r="{address}" s="{cell.style}" t="str"><f>"n/a"</f><v>n/a</v></c>'.encode()
    book = tmp_path / "town.xlsm"
    part = {package.sheet(hour.sheet).part: xml[: cell.start] + formula + xml[cell.end :]}
    book.write_bytes(package.rebuilt(part, compress=False))
    started = time.perf_counter()
    lines = refused(capsys, book)
    assert time.perf_counter() - started < 20
    demand = package.resolve("live_load").address.partition(":")[0]
    assert lines == [
        f"{demand}: DH_HEAT_DEMAND: temperature_degc (value 91 of 8760) must be a number >= -70 °C and <= 60 °C, "
        f"got 'n/a'; see {hour.address}"
    ]


def test_missing_results_are_named(capsys: Capture, tmp_path: Path) -> None:
    pattern = '<definedName name="(?:npv_eur_1|ChecksTotal)">[^<]*</definedName>'
    book = with_workbook_part(tmp_path / "town.xlsm", pattern, "")
    assert refused(capsys, book) == [f"{book}: published names are missing: npv_eur_1, ChecksTotal"]


def test_a_missing_name_of_a_table_is_named_with_the_first_cell_that_needs_it(capsys: Capture, tmp_path: Path) -> None:
    book = with_workbook_part(tmp_path / "town.xlsm", '<definedName name="units_2">[^<]*</definedName>', "")
    (sentence,) = refused(capsys, book)
    dispatch = Package.open(book).resolve("live_dispatch_2").address.partition(":")[0]
    assert re.fullmatch(
        rf"{dispatch} \(and \d+ more cells\): uses the name units_2, which does not exist \(=IF\(engine_live,.*\)",
        sentence,
    )


def test_a_deleted_sheet_of_results_is_refused(capsys: Capture, tmp_path: Path) -> None:
    book = with_workbook_part(tmp_path / "town.xlsm", '<sheet name="Emissions"[^>]*/>', "")
    (sentence,) = refused(capsys, book)
    assert sentence.startswith(f"{book}: published names have lost their cells (sheet deleted?): co2_t_1 (Emissions!")


@pytest.mark.libreoffice
def test_a_sheet_of_inputs_deleted_in_libreoffice_is_refused_with_the_names_that_lost_their_cells(
    capsys: Capture, tmp_path: Path, libreoffice: Office
) -> None:
    book = tmp_path / "town.xlsm"
    libreoffice.run(
        """
        book = opened(arguments["path"])
        remove_sheet(book, "Plant")
        saved(book, arguments["out"])
        """,
        path=str(libreoffice.copy(BOOK)),
        out=str(book),
    )
    lines = refused(capsys, book)
    assert any("uses the name unit" in line and "whose cells or sheet were deleted" in line for line in lines)
    assert all(re.match(r"[A-Z]\w+![A-Z]+\d+\b.*: (uses the name|refers to cells)", line) for line in lines[:-1])
    assert len(lines) <= 21


def test_a_rate_of_return_without_change_of_sign_is_a_sentence(capsys: Capture) -> None:
    sentence = "DH_IRR: flows_eur must hold an outflow (negative) and an inflow (positive) to have a rate of return"
    assert main(["eval", "=DH_IRR({1;2;3})"]) == 1
    assert tuple(capsys.readouterr()) == ("", f"{sentence}\n")
    assert main(["eval", "=DH_IRR({1;2;3})", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"error": "#NUM!", "message": sentence}


def other_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", "Dear reader")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Dear reader", "is no Excel workbook (.xlsx or .xlsm)"),
        (b"", "is empty"),
        (BOOK.read_bytes()[:300_000], "is damaged"),
        (other_zip(), "is no Excel workbook (.xlsx or .xlsm)"),
    ],
    ids=["text", "empty", "truncated", "another zip"],
)
def test_a_file_that_is_no_workbook_is_refused(capsys: Capture, tmp_path: Path, content: bytes, sentence: str) -> None:
    book = tmp_path / "town.xlsm"
    book.write_bytes(content)
    (line,) = refused(capsys, book)
    assert line.startswith(f"{book}: {sentence}")


def test_a_missing_file_and_a_folder_are_refused(capsys: Capture, tmp_path: Path) -> None:
    missing, folder = tmp_path / "none.xlsm", tmp_path / "folder.xlsm"
    folder.mkdir()
    assert refused(capsys, missing) == [f"{missing}: does not exist"]
    assert refused(capsys, folder) == [f"{folder}: is a folder, a workbook is expected"]


def test_the_process_ends_with_code_1_and_leaves_no_output(tmp_path: Path) -> None:
    cells: Mapping[Reference, object] = {cell_of("heat_demand_mwh"): -1.0}
    book = written(cells, tmp_path / "town.xlsm")
    before = state(tmp_path)
    command = [sys.executable, "-m", "dhxl", "run", str(book), "-o", str(tmp_path / "out.xlsm")]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    place = cell_of("heat_demand_mwh").address
    sentence = f"{place} (heat_demand_mwh): must be a decimal between 1 and 10000000, got -1\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", sentence)
    assert state(tmp_path) == before
