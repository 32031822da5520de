"""The reference pages of the worksheet functions."""

from __future__ import annotations

import json

import pytest

from dhxl.functions import REGISTRY
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts.reference import description, page


@pytest.mark.parametrize("function", REGISTRY.values(), ids=list(REGISTRY))
def test_a_page_names_every_argument_with_its_text_and_an_example(function: WorksheetFunction) -> None:
    text = page(function)
    words = " ".join(text.split())
    assert text.startswith(function.syntax)
    assert function.summary in words
    for argument in function.arguments:
        assert f"{argument.name}: {argument.text}" in words
    assert f"={function.name}(" in text
    assert max(len(line) for line in text.splitlines()) < 200


@pytest.mark.parametrize("function", REGISTRY.values(), ids=list(REGISTRY))
def test_a_description_is_plain_json(function: WorksheetFunction) -> None:
    assert json.loads(json.dumps(description(function), allow_nan=False))["name"] == function.name


def test_the_page_of_the_linear_heat_density_reads_as_a_person_would_write_it() -> None:
    lines = page(REGISTRY["DH_LHD"]).splitlines()
    assert lines[0] == "DH_LHD(heat_sold_mwh, trench_length_m)    [DH Network]"
    assert "Result" in lines
    assert "  number in MWh/(m·a)" in lines
    assert any(line.startswith("  =DH_LHD(6000, 3000) -> 2 ") for line in lines)
