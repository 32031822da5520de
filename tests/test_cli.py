"""The command line: what it prints where, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dhxl.cli.evaluate
from dhxl import __version__
from dhxl.cli import main
from dhxl.functions import REGISTRY
from dhxl.functions.pages import page
from dhxl.studies.outputs import OUTPUTS
from tests.hosts.books import feasibility_book


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


Capture = pytest.CaptureFixture[str]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_version_is_printed(capsys: Capture) -> None:
    assert outcome(capsys, "--version") == (0, f"dhxl {__version__}\n", "")


def test_help_shows_the_commands_and_examples(capsys: Capture) -> None:
    code, out, _ = outcome(capsys, "--help")
    assert code == 0
    assert all(word in out for word in ("run", "eval", "names", "functions", "examples:", "Exit code"))


@pytest.mark.parametrize("arguments", [(), ("walk",), ("eval",), ("run",), ("run", "a.xlsx", "--fast")])
def test_wrong_usage_has_exit_code_2(capsys: Capture, arguments: tuple[str, ...]) -> None:
    code, out, err = outcome(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: dhxl")


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        ("=DH_LHD(6000,3000)", "2"),
        ("=1/3", "0.3333333333333333"),
        ("=0.1+0.2", "0.30000000000000004"),
        ("=1E+21", "1e+21"),
        ("=2>1", "TRUE"),
        ("=1>2", "FALSE"),
        ('="Sesto è qui"', "Sesto è qui"),
        ("={1,2.5;3,4}", "1\t2.5\n3\t4"),
        ('={"a",TRUE}', "a\tTRUE"),
    ],
)
def test_eval_prints_the_value(capsys: Capture, formula: str, printed: str) -> None:
    assert outcome(capsys, "eval", formula) == (0, f"{printed}\n", "")


@pytest.mark.parametrize(
    ("formula", "value"),
    [("=DH_LHD(6000,3000)", 2), ("=0.1+0.2", 0.1 + 0.2), ("=2>1", True), ("={1,2;3,4}", [[1, 2], [3, 4]])],
)
def test_eval_prints_the_value_as_json(capsys: Capture, formula: str, value: Any) -> None:
    code, out, err = outcome(capsys, "eval", formula, "--json")
    assert (code, json.loads(out), err) == (0, {"value": value}, "")


def test_eval_says_what_is_wrong_on_standard_error(capsys: Capture) -> None:
    code, out, err = outcome(capsys, "eval", "=DH_LHD(-1,0)")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "DH_LHD: heat_sold_mwh must be >= 0 MWh/a, got -1",
        "DH_LHD: trench_length_m must be > 0 m, got 0",
    ]


def test_eval_gives_an_error_as_json(capsys: Capture) -> None:
    code, out, _ = outcome(capsys, "eval", "=DH_PAYBACK({-10,1})", "--json")
    assert code == 1
    assert json.loads(out)["error"] == "#NUM!"
    assert json.loads(out)["message"].startswith("DH_PAYBACK: ")


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_range_is_a_whole_file_or_one_of_its_columns(capsys: Capture, tmp_path: Path) -> None:
    file = written(tmp_path / "town.csv", "hour,demand_mw\n0,5\n1,7.5\n")
    assert outcome(capsys, "eval", "=SUM(load)", "--range", f"load={file}:demand_mw") == (0, "12.5\n", "")
    assert outcome(capsys, "eval", "=town", "--range", f"town={file}") == (0, "hour\tdemand_mw\n0\t5\n1\t7.5\n", "")
    two = outcome(capsys, "eval", "=SUM(a_)+ROWS(b_)", "--range", f"a_={file}:hour", "--range", f"b_={file}")
    assert two == (0, "4\n", "")


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_a_csv_file_may_have_other_separators_a_mark_and_windows_line_ends(
    capsys: Capture, tmp_path: Path, separator: str
) -> None:
    file = written(tmp_path / "town.csv", f"\ufeffhour{separator}demand\r\n0{separator}5\r\n1{separator}7\r\n")
    assert outcome(capsys, "eval", "=SUM(load)", "--range", f"load={file}:demand") == (0, "12\n", "")


def test_what_may_surprise_about_a_file_or_an_answer_is_a_note(capsys: Capture, tmp_path: Path) -> None:
    file = written(tmp_path / "flows.csv", "flow;x\n-100;0\n230,0;0\n-131,25;0\n")
    code, out, err = outcome(capsys, "eval", "=ROUND(DH_IRR(flow),9)", "--range", f"flow={file}:flow")
    assert (code, out) == (0, "0.05\n")
    notes = [
        f"{file}: decimal commas are read as such, 230,0 as 230.0",
        "DH_IRR: the flows have 2 rates of return: 5 % and 25 %; 5 % is given, the one nearest to 10 %. "
        "Judge them by the net present value",
    ]
    assert err.splitlines() == [f"note: {note}" for note in notes]
    code, out, _ = outcome(capsys, "eval", "=ROUND(DH_IRR(flow),9)", "--range", f"flow={file}:flow", "--json")
    assert (code, json.loads(out)) == (0, {"value": 0.05, "notes": notes})


def test_a_column_with_gaps_is_not_added_up(capsys: Capture, tmp_path: Path) -> None:
    file = written(tmp_path / "b.csv", "demand_mw\n1.5\n\n2\n")
    sentence = f"{file}: the column demand_mw must have a number in each of its 3 rows: line 3 is blank; gaps are not "
    for formula in ("=SUM(d)", "=ROWS(d)"):
        code, out, err = outcome(capsys, "eval", formula, "--range", f"d={file}:demand_mw")
        assert (code, out, err) == (1, "", f"{sentence}filled in: write values there\n")


def test_an_hour_that_lacks_stops_a_calculation_and_a_change_of_the_clocks_does_not(
    capsys: Capture, tmp_path: Path
) -> None:
    lines = ["time,a", *(f"2024-01-01 {hour:02d}:00,1" for hour in (0, 1, 3, 4))]
    file = written(tmp_path / "t.csv", "\n".join(lines))
    code, out, err = outcome(capsys, "eval", "=SUM(a)", "--range", f"a={file}:a")
    assert (code, out) == (1, "")
    assert "before line 4 lacks 2024-01-01 02:00" in err
    file = written(tmp_path / "t.csv", "\n".join(lines).replace("2024-01-01", "2024-03-31"))
    code, out, err = outcome(capsys, "eval", "=SUM(a)", "--range", f"a={file}:a")
    assert (code, out) == (0, "4\n")
    assert "the hour that lacks on 2024-03-31 as clocks go forward" in err


def test_formulas_in_a_csv_file_stay_text(capsys: Capture, tmp_path: Path) -> None:
    file = written(tmp_path / "evil.csv", "name\n=1+1\n\"=cmd|' /C calc'!A0\"\n@SUM(1)\n")
    assert outcome(capsys, "eval", "=rows_", "--range", f"rows_={file}:name") == (
        0,
        "=1+1\n=cmd|' /C calc'!A0\n@SUM(1)\n",
        "",
    )


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        ("", "", "the file is empty"),
        ("a,b\n1,2\n3\n", "", "line 3 must have 2 fields as the header has, got 1"),
        ("a,b\n1,2,3\n", ":a", "line 2 must have 2 fields as the header has, got 3"),
        ("load,price\n1,2\n", ":lod", "the column 'lod' is missing (columns: load, price); did you mean 'load'?"),
        ("a,a\n1,2\n", ":a", "the column 'a' is there several times"),
        ("a,b\n", ":a", "the column 'a' has no rows below its header"),
        ('a,b\n"1,2\n', "", "line 2 cannot be read (unexpected end of data)"),
        ("a\0b\n", "", "the file must be text, it holds zero bytes"),
    ],
)  # fmt: skip
def test_a_bad_csv_file_is_a_sentence(capsys: Capture, tmp_path: Path, content: str, place: str, sentence: str) -> None:
    file = written(tmp_path / "town.csv", content)
    assert outcome(capsys, "eval", "=SUM(town)", "--range", f"town={file}{place}") == (1, "", f"{file}: {sentence}\n")


def test_a_csv_file_in_another_encoding_is_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    file = written(tmp_path / "town.csv", "città\n1\n", "latin-1")
    code, _, err = outcome(capsys, "eval", "=SUM(town)", "--range", f"town={file}")
    assert (code, err) == (1, f"{file}: must be UTF-8 text, byte 5 is not; save it as CSV UTF-8\n")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("town", "--range must be NAME=FILE.csv or NAME=FILE.csv:COLUMN, got 'town'"),
        ("=x.csv", "--range must be NAME=FILE.csv or NAME=FILE.csv:COLUMN, got '=x.csv'"),
        ("town=nowhere.csv", "nowhere.csv: does not exist"),
        ("town=nowhere.csv:column", "nowhere.csv: does not exist"),
    ],
)
def test_a_bad_range_is_a_sentence(capsys: Capture, option: str, sentence: str) -> None:
    assert outcome(capsys, "eval", "=1", "--range", option) == (1, "", f"{sentence}\n")


def test_a_path_of_windows_has_a_drive_and_no_column(capsys: Capture) -> None:
    assert outcome(capsys, "eval", "=1", "--range", r"town=C:\town.csv") == (1, "", "C:\\town.csv: does not exist\n")


def test_run_prints_a_table_and_where_it_was_written(capsys: Capture, tmp_path: Path) -> None:
    book, out = feasibility_book(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    code, printed, err = outcome(capsys, "run", book, "-o", out)
    assert (code, err) == (0, "")
    assert out.exists()
    lines = printed.splitlines()
    assert "Heat pumps" in lines[0]
    assert "CHP and boilers" in lines[0]
    rows = {line.split("│")[0].strip(): line for line in lines if "│" in line}
    assert list(rows) == [output.label for output in OUTPUTS if not output.optional]
    assert rows["Payback from start of operation"].split("│")[2].strip() == "none"
    assert rows["NPV"].split("│")[2].strip() == "51,429"
    assert lines[-3] == "checks failed: 0   alerts: 1"
    assert lines[-2].startswith("  alert Results!")
    assert lines[-1].startswith(f"written to {out} (")


def test_run_prints_json_alone_on_standard_output(capsys: Capture, tmp_path: Path) -> None:
    code, printed, err = outcome(capsys, "run", feasibility_book(tmp_path / "book.xlsx"), "--json")
    report = json.loads(printed)
    assert (code, err) == (0, "")
    assert [entry["solution"] for entry in report["solutions"]] == [1, 2]
    assert set(report["solutions"][0]) == {"solution", "title", *(one.name for one in OUTPUTS if not one.optional)}
    assert report["solutions"][0]["payback_from_operation_years"] is None
    assert (report["checks_total"], report["alerts_total"], report["changed"]) == (0, 1, True)
    assert (report["checks"], len(report["alerts"])) == ([], 1)
    assert report["seconds"] > 0
    assert report["written"] == str(tmp_path / "book.xlsx")


def test_a_second_run_says_that_nothing_had_changed(capsys: Capture, tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    outcome(capsys, "run", book)
    content = book.read_bytes()
    assert f"nothing had changed in {book}" in outcome(capsys, "run", book)[1]
    assert book.read_bytes() == content


def test_bad_inputs_are_one_line_each_and_nothing_is_written(capsys: Capture, tmp_path: Path) -> None:
    def change(_: Any, sheets: dict[str, Any]) -> None:
        sheets["Prices"].write("D2", "abc")
        sheets["Prices"].write("D4", -1)

    book = feasibility_book(tmp_path / "book.xlsx", change)
    code, printed, err = outcome(capsys, "run", book, "-o", tmp_path / "out.xlsx")
    assert (code, printed) == (1, "")
    assert err.splitlines() == [
        "Prices!D2 (heat_sold_mwh): must be a decimal >= 0, got 'abc'",
        "Prices!D4 (heat_tariff_eur_per_mwh): must be a decimal between 0 and 500, got -1",
    ]
    assert not (tmp_path / "out.xlsx").exists()
    assert json.loads(outcome(capsys, "run", book, "--json")[1]) == {"errors": err.splitlines()}


def test_a_place_that_cannot_be_written_is_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    code, printed, err = outcome(capsys, "run", book, "-o", tmp_path / "nowhere" / "out.xlsx")
    assert (code, printed, len(err.splitlines())) == (1, "", 1)
    assert "out.xlsx" in err
    (tmp_path / "folder.xlsx").mkdir()
    code, printed, err = outcome(capsys, "run", book, "-o", tmp_path / "folder.xlsx")
    assert (code, printed, len(err.splitlines())) == (1, "", 1)


def test_names_lists_reference_value_and_unit(capsys: Capture, tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    code, printed, _ = outcome(capsys, "names", book)
    rows = {line.split("│")[0].strip(): [cell.strip() for cell in line.split("│")] for line in printed.splitlines()}
    assert code == 0
    assert rows["heat_tariff_eur_per_mwh"] == ["heat_tariff_eur_per_mwh", "Prices!D4", "114", "EUR/MWh"]
    assert rows["demand"] == ["demand", "Series!B2:B49", "48 x 1 cells", ""]
    assert "saved_at" in rows
    assert "live_demand" not in rows
    listed = {entry["name"]: entry for entry in json.loads(outcome(capsys, "names", book, "--json")[1])}
    assert listed["design_years"] == {
        "name": "design_years",
        "refers_to": "Prices!D6",
        "rows": 1,
        "columns": 1,
        "value": 3,
        "unit": "a",
        "input": True,
    }
    assert not listed["npv_eur_2"]["input"]
    assert listed["npv_eur_2"]["unit"] == "EUR"


def test_names_can_be_narrowed_down(capsys: Capture, tmp_path: Path) -> None:
    def listed(*options: str) -> list[str]:
        return [one["name"] for one in json.loads(outcome(capsys, "names", book, *options, "--json")[1])]

    book = feasibility_book(tmp_path / "book.xlsx")
    assert listed("TARIFF") == ["heat_tariff_eur_per_mwh"]
    assert listed("_rate") == ["discount_rate"]
    assert set(listed("--inputs")) >= {"heat_sold_mwh", "price_scenario"}
    assert not {"npv_eur_1", "ChecksTotal"} & set(listed("--inputs"))
    assert listed("no such name") == []


def test_functions_lists_all_of_them_with_one_line_each(capsys: Capture) -> None:
    code, printed, _ = outcome(capsys, "functions")
    lines = printed.splitlines()
    assert code == 0
    categories = list(dict.fromkeys(function.category for function in REGISTRY.values()))
    assert [line for line in lines if line and not line.startswith(" ")] == categories
    listed = [line.split(maxsplit=1) for line in lines if line.startswith("  ")]
    assert listed == [[function.name, function.summary] for function in REGISTRY.values()]
    assert [one["name"] for one in json.loads(outcome(capsys, "functions", "--json")[1])] == list(REGISTRY)


@pytest.mark.parametrize("name", REGISTRY)
def test_functions_shows_the_whole_page_of_one(capsys: Capture, name: str) -> None:
    code, printed, err = outcome(capsys, "functions", name.lower())
    words, one = " ".join(printed.split()), page(name)
    assert (code, err) == (0, "")
    assert words.startswith(one.syntax)
    assert one.summary in words
    assert all(f" {line.name} " in words for line in one.arguments)
    assert all(" ".join(example.formula.split()) in words for example in one.examples)
    assert all(title in printed for title in ("Arguments\n", "Result", "Examples\n"))
    assert max(map(len, printed.splitlines())) <= 100
    assert not any(line.endswith(" ") for line in printed.splitlines())


def test_functions_explains_equation_source_and_errors(capsys: Capture) -> None:
    _, printed, _ = outcome(capsys, "functions", "DH_PIPE_U")
    lines = printed.splitlines()
    assert "      R_soil       = ln(4 Z / D) / (2 pi lambda_soil)" in lines
    assert "  [3] EN 253: Preinsulated bonded pipe systems (dimensions)." in lines
    assert any(line.startswith("  =DH_PIPE_U(100, 2) -> 0.216439    (isoplus") for line in lines)
    assert any(line.startswith("  #VALUE!  No such pipe") for line in lines)
    assert "cover_m Soil above the casing m 0 to 20 1" in [" ".join(line.split()) for line in lines]


def test_functions_gives_all_of_a_page_as_json(capsys: Capture) -> None:
    told = json.loads(outcome(capsys, "functions", "DH_LHD", "--json")[1])
    assert told["result"]["unit"] == "MWh/(m·a)"
    assert told["calculation"][0].startswith("`LHD = Q / L`")
    assert told["examples"][0] == {
        "formula": "=DH_LHD(6000, 3000)",
        "result": "2",
        "source": "hand sum",
        "ranges": [],
        "rows": [],
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("DH_LHDD", "there is no function DH_LHDD; did you mean DH_LHD?"),
        ("DH_PIPE_LOS", "there is no function DH_PIPE_LOS; did you mean DH_PIPE_LOSS"),
        ("payback", "there is no function payback; did you mean DH_PAYBACK or DH_DISCOUNTED_PAYBACK?"),
        ("DH_SOMETHING", "there is no function DH_SOMETHING; dhxl functions lists them"),
    ],
)
def test_functions_helps_with_a_wrong_name(capsys: Capture, name: str, sentence: str) -> None:
    code, printed, err = outcome(capsys, "functions", name)
    assert (code, printed) == (1, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1


def test_a_page_has_colours_on_a_screen_only(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in outcome(capsys, "functions", "DH_PIPE_U")[1]
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["functions", "DH_PIPE_U"]) == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
    assert plain != screen.getvalue()
    assert max(map(len, plain.splitlines())) <= 80
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["functions"]) == 0
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in screen.getvalue().splitlines()) <= 80


def test_a_page_can_be_read_on_a_console_without_special_letters() -> None:
    with started("functions", "DH_LHD", PYTHONIOENCODING="ascii") as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"trench_length_m | Length of the trenches" in out


def test_an_interruption_has_exit_code_130(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(dhxl.cli.evaluate, "evaluate_command", interrupted)
    assert outcome(capsys, "eval", "=1") == (130, "", "interrupted; no file was harmed\n")


def test_an_unexpected_exception_is_a_sentence_without_traceback(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(dhxl.cli.evaluate, "evaluate_command", broken)
    code, out, err = outcome(capsys, "eval", "=1")
    assert (code, out) == (1, "")
    assert err == "internal error, please report it: RuntimeError: two lines (DHXL_DEBUG=1 shows where)\n"


def started(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dhxl", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def test_a_reader_that_leaves_early_is_no_problem() -> None:
    with started("eval", "=DH_TEMPERATURE_YEAR({1,2,3,4,5,6,7,8,9,10,11,12})") as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_console_that_cannot_show_a_letter_replaces_it() -> None:
    with started("eval", '="5 °C → Sesto è"', PYTHONIOENCODING="ascii") as process:
        out, err = process.communicate()
    assert (process.returncode, out.strip(), err) == (0, b"5 ?C ? Sesto ?", b"")


def test_colours_and_progress_are_left_out_where_nobody_looks(tmp_path: Path) -> None:
    with started("run", str(feasibility_book(tmp_path / "book.xlsx"))) as process:
        out, err = process.communicate()
    assert process.returncode == 0
    assert b"\x1b" not in out + err
    assert err == b""


def test_progress_is_shown_on_a_screen_and_goes_away(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    code = main(["run", str(feasibility_book(tmp_path / "book.xlsx"))])
    assert code == 0
    assert "Writing" in screen.getvalue()
    assert "checks failed" in capsys.readouterr().out
