"""Pages of the worksheet functions: complete, and true to what the functions give."""

from __future__ import annotations

import json
import re

import pytest

from dhxl.functions import REGISTRY
from dhxl.functions.arguments import Argument, anything, number, table, text, vector, whole
from dhxl.functions.cells import CellError, is_range
from dhxl.functions.docstrings import documentation_of
from dhxl.functions.pages import _argument, description, page, table_notes, upright, wrapped_call
from dhxl.hosts.headless.evaluate import evaluated
from tests.hosts.test_same_number import same

NO_SOURCE = {"DH Dispatch", "DH Info"}  # the method is dhxl's own

every_page = pytest.mark.parametrize("name", REGISTRY)


@every_page
def test_a_page_says_all_that_a_reader_needs(name: str) -> None:
    function, one = REGISTRY[name], page(name)
    assert (one.name, one.syntax, one.summary) == (name, function.syntax, function.summary)
    assert [line.name for line in one.arguments] == [argument.name for argument in function.arguments]
    for line, argument in zip(one.arguments, function.arguments, strict=True):
        assert line.text
        assert line.optional == argument.optional == bool(line.default)
    assert function.result.unit == "-" or function.result.unit in one.result
    assert one.result
    assert not one.result.endswith(".")
    assert one.examples
    assert all(example.result or example.rows for example in one.examples)
    assert one.category in NO_SOURCE or (one.calculation and one.sources)
    assert one.errors or all(argument.shape == "anything" for argument in function.arguments)


@every_page
def test_no_markup_of_the_documentation_is_left_on_a_page(name: str) -> None:
    one = page(name)
    prose = [one.summary, one.result, *one.sources, *(error.text for error in one.errors)]
    prose += [block.text for block in one.calculation if block.kind != "code"]
    prose += [line.details for line in one.arguments]
    for said in prose:
        assert "``" not in said
        assert ".. " not in said.replace("...", "")
        assert not re.search(r":\w+:`", said)
        assert said.count("`") % 2 == 0
        assert "\n" not in said


@every_page
def test_the_documentation_has_no_section_that_a_page_would_lose(name: str) -> None:
    documentation_of(REGISTRY[name].documentation, {})


@every_page
def test_a_formula_on_a_page_can_be_typed_and_gives_what_stands_beside_it(name: str) -> None:
    for example in page(name).examples:
        if not example.ranges and example.result:
            value = evaluated(example.formula)
            assert not isinstance(value, CellError), value.message
            numeric = is_range(value) or isinstance(value, float)
            shown = evaluated(f"={example.result}") if numeric else example.result
            assert same(value, shown, 1e-5), example.formula


@every_page
def test_a_description_is_plain_json_with_all_that_the_page_says(name: str) -> None:
    told = json.loads(json.dumps(description(name), allow_nan=False))
    function = REGISTRY[name]
    assert (told["name"], told["category"], told["syntax"]) == (name, function.category, function.syntax)
    assert told["result"] == {
        "shape": function.result.shape,
        "unit": function.result.unit,
        "text": page(name).result,
    }
    assert [line["unit"] for line in told["arguments"]] == [argument.unit for argument in function.arguments]
    assert [line["limits"] for line in told["arguments"]] == [argument.limits for argument in function.arguments]
    assert len(told["examples"]) == len(function.examples)
    assert told["elementwise"] is function.elementwise


@pytest.mark.parametrize(
    ("argument", "allowed", "default"),
    [
        (number("length_m", "Length", "m", above=0), "> 0", ""),
        (number("length_m", "Length", "m", at_least=0, at_most=20).with_default(1.5), "0 to 20", "1.5"),
        (number("share", "Share", "-", above=0, below=1).with_default(None), "> 0, < 1", "none"),
        (number("price_eur", "Price", "EUR"), "", ""),
        (whole("dn", "Diameter"), "whole number", ""),
        (whole("dn", "Diameter", at_least=20), "whole number >= 20", ""),
        (text("item", "Item"), "text", ""),
        (text("method", "Method", ("fast", "exact")).with_default("fast"), "fast, exact", "fast"),
        (vector("flows_eur", "Flows", "EUR"), "row or column", ""),
        (vector("share", "Shares", "-", at_least=0, at_most=1), "row or column, each 0 to 1", ""),
        (vector("share", "Shares", "-").with_default((1.0,) * 4), "row or column", "1, 1, 1, ... (4 values)"),
        (vector("share", "Shares", "-").with_default((0.5, 1.0)), "row or column", "0.5, 1"),
        (table("units", "Units", (number("heat_mw", "Heat", "MW"),)), "table", ""),
        (anything("trigger", "Trigger"), "anything", ""),
    ],
)  # fmt: skip
def test_what_an_argument_takes_is_said_shortly(argument: Argument, allowed: str, default: str) -> None:
    line = _argument(argument)
    assert (line.allowed, line.default) == (allowed, default)
    assert [entry.name for entry in line.entries] == [entry.name for entry in argument.entries]


def test_an_example_shows_the_calculated_number_and_that_of_its_source() -> None:
    (example,) = page("DH_PIPE_U").examples
    assert (example.formula, example.result) == ("=DH_PIPE_U(100, 2)", "0.216439")
    assert example.source.endswith("; source: 0.2148")


def test_a_long_range_is_cut_and_an_argument_left_out_stays_out() -> None:
    (example,) = page("DH_HEAT_DEMAND").examples
    assert example.formula == "=DH_HEAT_DEMAND(temperature_degc, 17520, 2, , , , , 2)"
    assert example.ranges[0].rows == (("25",), ("25",), ("25",), ("... 8760 rows",))
    assert example.rows == (("2",), ("2",), ("2",), ("... 8760 rows",))


def test_the_entries_of_a_table_are_told_once() -> None:
    units = table_notes(page("DH_DISPATCH"))[0]
    assert {"unit", "type", "heat_mw", "cop"} <= {entry.name for entry in units[1][0].entries}
    ((details, tables),) = table_notes(page("DH_DISPATCH_SUMMARY"))
    assert details == "As for DH_DISPATCH."
    assert [line.name for line in tables] == ["units", "series", "settings"]
    assert not any(line.entries for line in tables)


def test_a_long_call_is_broken_between_arguments() -> None:
    lines = wrapped_call(REGISTRY["DH_PIPE_LOSS"].syntax, 80).split("\n")
    assert all(len(line) <= 80 for line in lines)
    assert lines[1].startswith(" " * len("DH_PIPE_LOSS(") + "[")
    assert wrapped_call("DH_LHD(a, b)", 80) == "DH_LHD(a, b)"


def test_a_wide_table_is_turned_unless_it_is_long_too() -> None:
    assert upright([["a", "b", "c"], ["1", "2", "3"]], 2) == ([("a", "1"), ("b", "2"), ("c", "3")], True)
    rows = [["a", "b", "c"]] * 4
    assert upright(rows, 2) == (rows, False)
