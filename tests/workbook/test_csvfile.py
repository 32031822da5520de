"""Columns of csv files: numbers with one meaning are read, all else is told with its line."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.errors import DhxlError, InputError
from dhxl.workbook.csvfile import CsvFile, csv_file
from dhxl.workbook.numerals import is_numeral, numbers, plain_numeral, unclear


def file(folder: Path, content: str) -> CsvFile:
    (folder / "town.csv").write_text(content, encoding="utf-8")
    return csv_file(folder / "town.csv")


def refused(folder: Path, content: str, column: str) -> str:
    with pytest.raises(DhxlError) as caught:
        file(folder, content).strict_column(column)
    return str(caught.value).replace(f"{folder / 'town.csv'}: ", "")


@pytest.mark.parametrize(
    ("content", "column", "values"),
    [
        ("demand_mw;price\n1,5;80,3\n2,25;-5,1\n", "demand_mw", [1.5, 2.25]),
        ("demand_mw;price\n1,5;80,3\n2,25;-5,1\n", "price", [80.3, -5.1]),
        ("demand_mw\n1,5\n2,25\n", "demand_mw", [1.5, 2.25]),
        ("demand_mw\tprice\n1,234\t0,5\n2\t1\n", "demand_mw", [1.234, 2.0]),  # 0,5 proves the comma
        ("demand_mw;price\n1.234;0.5\n12.345;1\n", "demand_mw", [1.234, 12.345]),  # 0.5 proves the point
        ("demand_mw,price\n1.234,20\n12.345,30\n", "demand_mw", [1.234, 12.345]),  # so does a comma between fields
        ("demand_mw;price\n1234.567;2\n1.234;3\n", "demand_mw", [1234.567, 1.234]),
        ("a;b\n1e3;2\n-.5E-2;3\n", "a", [1000.0, -0.005]),
        ("a;b\n 1 ;2\n+2;3\n", "a", [1.0, 2.0]),
        ("demand, MW;price, EUR\n1,5;3\n2,5;4\n", "demand, MW", [1.5, 2.5]),
    ],
)
def test_a_column_of_numbers_is_read_by_the_mark_that_the_file_proves(
    tmp_path: Path, content: str, column: str, values: list[float]
) -> None:
    assert file(tmp_path, content).strict_column(column) == values


def test_decimal_commas_are_told(tmp_path: Path) -> None:
    assert file(tmp_path, "a;b\n1,5;2\n").notes == (
        f"{tmp_path / 'town.csv'}: decimal commas are read as such, 1,5 as 1.5",
    )
    assert file(tmp_path, "a;b\n1.5;2\n").notes == ()


@pytest.mark.parametrize(
    ("content", "column", "said"),
    [
        ("a;b\n1.234;2\n2.345;3\n", "a", "2 rows: line 2 has '1.234', line 3 has '2.345'; '1.234' may be thousands or "
         "decimals: write 1234 or 1.2340; one number with more or fewer decimals than three decides for the"),
        ("a\n500.000\n950\n", "a", "2 rows: line 2 has '500.000'; '500.000' may be thousands or decimals: write"),
        ("a;b\n1,234;2\n", "a", "1 rows: line 2 has '1,234'; '1,234' may be thousands or decimals"),
        ("a;b\n1.5;2\n2,5;3\n", "a", "2 rows: line 2 has '1.5', line 3 has '2,5'; the file has decimal points ('1.5') "
         "and decimal commas ('2,5'): write points throughout"),
        ("a;b\n1.5;2\n3;2,5\n", "b", "2 rows: line 3 has '2,5'; the file has decimal points ('1.5') and"),
        ('a,b\n"1,5",2\n', "a", "1 rows: line 2 has '1,5'; write 1.5 for '1,5'"),
        ("a;b\n1.234,5;2\n0,5;1\n", "a", "2 rows: line 2 has '1.234,5'; write 1234.5 for '1.234,5'"),
        ("a;b\n1 234;2\n3;1\n", "a", "2 rows: line 2 has '1 234'; write 1234 for '1 234'"),
        ("a;b\n1'234.5;2\n3;1\n", "a", "2 rows: line 2 has \"1'234.5\"; write 1234.5 for \"1'234.5\""),
        ("a;b\n12 MW;2\n13 MW;1\n", "a", "2 rows: line 2 has '12 MW', line 3 has '13 MW'; write 12 for '12 MW'"),
        ("a;b\n1;2\nn/e;1\n", "a", "2 rows: line 3 has 'n/e'; gaps are not filled in: write values there"),
        ("a;b\n1;2\n-;1\n", "a", "2 rows: line 3 has '-'; gaps are not filled in: write values there"),
        ("a;b\n1;2\nNaN;1\n", "a", "2 rows: line 3 has 'NaN'; gaps are not filled in: write values there"),
        ("a;b\n1;2\nN/A;1\n", "a", "2 rows: line 3 has 'N/A'; gaps are not filled in: write values there"),
        ("a;b\nn/e;2\nn/e;1\n", "a", "2 rows: line 2 has 'n/e', line 3 has 'n/e'; gaps are not filled in"),
        ("a;b\n1;2\n;1\n", "a", "2 rows: line 3 is blank; gaps are not filled in: write values there"),
        ("a\n1.5\n\n2\n", "a", "3 rows: line 3 is blank; gaps are not filled in: write values there"),
        ("a;b\n1;2\n\n2;2\n", "a", "3 rows: line 3 is blank; gaps are not filled in: write values there"),
        ("a\n1\noffline\n2\n", "a", "3 rows: line 3 has 'offline'; write numbers in place of texts"),
        ("a\n1e999\n2\n", "a", "2 rows: line 2 has '1e999'; write a number"),
        ("a\n" + "1\nn/e\n" * 30, "a", "60 rows: line 3 has 'n/e', line 5 has 'n/e', line 7 has 'n/e' and 27 more"),
    ],
)  # fmt: skip
def test_what_is_no_number_in_a_column_of_numbers_is_told_with_its_line(
    tmp_path: Path, content: str, column: str, said: str
) -> None:
    assert refused(tmp_path, content, column).startswith(
        f"the column {column} must have a number in each of its {said}"
    )


@pytest.mark.parametrize(
    ("content", "column", "values"),
    [
        ("name\n=1+1\n@SUM(1)\n", "name", ["=1+1", "@SUM(1)"]),
        ("unit,heat_mw\nBoiler 1,2\n2,3\n", "unit", ["Boiler 1", 2.0]),
        ("type;a\nheat_pump;1\n;2\n", "type", ["heat_pump", None]),
        ("line\nNorth, old\nSouth\n", "line", ["North, old", "South"]),
        ("day;a\n01.02.2024;1\n02.02.2024;2\n", "day", ["01.02.2024", "02.02.2024"]),
        ("pipe\n2 pipes\nDN 100\n", "pipe", ["2 pipes", "DN 100"]),
    ],
)
def test_a_column_of_texts_stays_one(tmp_path: Path, content: str, column: str, values: list[object]) -> None:
    assert file(tmp_path, content).strict_column(column) == values


def test_a_table_for_functions_may_have_blank_cells_and_names_but_no_gap_of_a_series(tmp_path: Path) -> None:
    units = "unit,type,heat_mw,cop\nHP,heat_pump,3,cop_of_air\nB,boiler,5,\n,,,\n"
    assert file(tmp_path, units).rows()[1:] == [
        ["HP", "heat_pump", 3.0, "cop_of_air"], ["B", "boiler", 5.0, None], [None, None, None, None],
    ]  # fmt: skip
    assert file(tmp_path, "charges,20\nmethod,priority\n").rows() == [["charges", 20.0], ["method", "priority"]]
    for content, said in (
        ("unit,heat_mw\nHP,3\nB,n/e\n", "line 3 has 'n/e'"),
        ("unit;heat_mw\nHP;3 MW\nB;1\n", "line 2 has '3 MW'"),
        ("demand_mw;price\n1;2\n;3\n", "line 3 is blank"),
        ("label;demand_mw\n" + "x;1\n" * 30 + "y;\n", "line 32 is blank"),
        ("label;demand_mw\n" + "x;1\n" * 30 + "y;off\n", "line 32 has 'off'"),
    ):
        with pytest.raises(InputError, match=said):
            file(tmp_path, content).rows()


def test_blank_lines_at_the_end_are_told_and_those_before_the_header_are_none(tmp_path: Path) -> None:
    found = file(tmp_path, "\n\na\n1\n2\n\n\n")
    assert found.strict_column("a") == [1.0, 2.0]
    assert [note.partition(": ")[2] for note in found.notes] == ["2 blank lines at the end of the file left out"]
    assert "line 5 has 'x'" in refused(tmp_path, "\n\na\n1\nx\n", "a")
    assert "line 4 has 'x'" in refused(tmp_path, 'a,b\n"two\nlines",1\n3,x\n4,5\n', "b")


def hours(*texts: str) -> str:
    return "time;a\n" + "".join(f"{text};{row}\n" for row, text in enumerate(texts))


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 01:00", "2024-01-01 02:00"),
         "line 4 repeats 2024-01-01 01:00"),
        (("01.01.2024 00:00", "01.01.2024 01:00", "01.01.2024 04:00", "01.01.2024 05:00"),
         "before line 4 lacks 2024-01-01 02:00 and 1 more"),
        (("2024-01-01T00:00Z", "2024-01-01T01:00Z", "2024-01-01T03:00Z", "2024-01-01T04:00Z"),
         "before line 4 lacks 2024-01-01 02:00"),
        (("2024-01-01 03:00", "2024-01-01 02:00", "2024-01-01 01:00", "2024-01-01 00:00"),
         "line 3 is before line 2, and so on to the end: put the oldest row first"),
        (("2024-01-01 00:00", "2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 01:00"),
         "line 3 and others repeat the time of the line before: keep one row for each time"),
        (("2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 01:30"),
         "line 5 (2024-01-01 01:30) is before line 4"),
        (("2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 01:20", "2024-01-01 02:20"),
         "line 4 (2024-01-01 01:20) is 20 min after line 3, where steps are 60 min"),
        (("2024-01-01 00:00", "2024-01-01 01:00", "", "2024-01-01 03:00"), "line 4 has no time"),
        (("2024-01-01 00:00", "2024-01-01 01:00", "later", "2024-01-01 03:00"), "line 4 has 'later'"),
        (("1.1.2024 0:00", "1.1.2024 1:00", "1.1.2024 3:00", "1.1.2024 4:00"), "before line 4 lacks 2024-01-01 02:00"),
        (("01/13/2024 00:00", "01/13/2024 01:00", "01/13/2024 03:00"), "before line 4 lacks 2024-01-13 02:00"),
        (("01.01.2024 00:00 - 01.01.2024 01:00", "01.01.2024 01:00 - 01.01.2024 02:00",
          "01.01.2024 03:00 - 01.01.2024 04:00"), "before line 4 lacks 2024-01-01 02:00"),
        (("2024-06-30 00:00", "2024-06-30 01:00", "2024-06-30 03:00", "2024-06-30 04:00"),
         "before line 4 lacks 2024-06-30 02:00"),  # a Sunday, but no change of the clocks
    ],
)  # fmt: skip
def test_times_that_do_not_follow_each_other_are_told_with_their_lines(
    tmp_path: Path, times: Sequence[str], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        file(tmp_path, hours(*times)).timed()
    assert f"the column time must have times of equal steps: {said}" in str(caught.value)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("2024-03-31 00:00", "2024-03-31 01:00", "2024-03-31 03:00", "2024-03-31 04:00"),
         "before line 4 the hour that lacks on 2024-03-31 as clocks go forward"),
        (("27.10.2024 01:00", "27.10.2024 02:00", "27.10.2024 02:00", "27.10.2024 03:00"),
         "at line 4 the hour that comes twice on 2024-10-27 as clocks go back"),
        (("27.10.2024 02:30", "27.10.2024 02:45", "27.10.2024 02:00", "27.10.2024 02:15"),
         "at line 4 the hour that comes twice on 2024-10-27 as clocks go back"),
        (("31.03.2024 01:30", "31.03.2024 01:45", "31.03.2024 03:00", "31.03.2024 03:15"),
         "before line 4 the hour that lacks on 2024-03-31 as clocks go forward"),
    ],
)  # fmt: skip
def test_changes_of_the_clocks_are_named_as_such_and_stop_nothing(
    tmp_path: Path, times: Sequence[str], said: str
) -> None:
    (note,) = file(tmp_path, hours(*times)).timed()
    assert note.endswith(f"are those of the legal clock: {said}; no row is added or left out")


@pytest.mark.parametrize(
    "content",
    [
        hours("2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00"),
        hours("2024-03-31T01:00+01:00", "2024-03-31T03:00+02:00", "2024-03-31T04:00+02:00"),  # in true time all is even
        "date,flow\n2024-01-01,-100\n2025-01-01,110\n2026-01-01,5\n",  # years have no constant length
        "date,hour,a\n2024-01-01,0,1\n2024-01-01,1,2\n2024-01-01,2,3\n",  # days beside hours
        "note,a\nwet,1\ndry,2\n",
        "a,b\n1,2\n3,4\n",
    ],
)
def test_of_even_times_and_of_none_nothing_is_said(tmp_path: Path, content: str) -> None:
    assert file(tmp_path, content).timed() == ()


def test_days_without_trade_are_a_note_and_so_are_times_without_a_step(tmp_path: Path) -> None:
    week = file(tmp_path, hours("2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"))
    assert "before line 4 lacks 2024-01-06 00:00 and 1 more" in week.timed()[0]
    odd = hours(*(f"2024-01-01 {time}" for time in ("00:00", "00:10", "01:00", "01:07", "03:00", "03:03")))
    assert "have no constant step" in file(tmp_path, odd).timed()[0]


def test_a_year_of_quarter_hours_is_read_at_once(tmp_path: Path) -> None:
    """Proves: reading, checking and timing 35,136 rows take far below a second of work even on a slow machine."""
    start = datetime(2023, 1, 1)
    lines = [
        f"{start + timedelta(minutes=15 * row):%d.%m.%Y %H:%M};{row % 24},{row % 9 + 1};{row % 50}"
        for row in range(35136)
    ]
    (tmp_path / "town.csv").write_text("\n".join(["Zeit;a;b", *lines]), encoding="utf-8")
    started = time.process_time()
    found = csv_file(tmp_path / "town.csv")
    values, said = found.strict_column("a"), found.timed()
    assert time.process_time() - started < 1.0
    assert (len(values), values[0], said) == (35136, 0.1, ())


@given(value=st.floats(-1e9, 1e9), decimals=st.integers(0, 9))
def test_a_number_written_with_a_comma_reads_as_with_a_point(value: float, decimals: int) -> None:
    text = f"{value:.{decimals}f}"
    assert numbers([text.replace(".", ",")], ",") == numbers([text], ".") == [float(text)]


@given(whole=st.integers(1, 10**9 - 1), decimals=st.integers(0, 9999), separator=st.sampled_from([".", ",", " ", "'"]))
def test_a_number_in_groups_is_written_out_where_it_has_one_meaning(whole: int, decimals: int, separator: str) -> None:
    mark = "." if separator == "," else ","
    grouped = f"{whole:,}".replace(",", separator)
    text = f"{grouped}{mark}{decimals:04d}"
    assert is_numeral(text)
    assert plain_numeral(text) == f"{whole}.{decimals:04d}"
    assert plain_numeral(grouped) == ("" if unclear(grouped) else str(whole))


@given(text=st.text("0123456789.,-+eE '%MW/n", max_size=12))
def test_no_text_breaks_the_reading_and_what_is_read_has_one_meaning(text: str) -> None:
    for mark in (".", ",", ""):
        (number,) = numbers([text.strip()], mark)  # type: ignore[arg-type]
        if number is not None:
            assert number == float(text.strip().replace(",", "."))
    if plain := plain_numeral(text.strip()):
        float(plain)
