"""What a workbook of another version is told when it first reaches Python."""

from __future__ import annotations

from importlib import metadata

import pytest

from dhxl.functions import spec
from dhxl.functions.stamp import functions_stamp
from dhxl.hosts.versions import greeting, moment


def test_a_workbook_that_knows_the_same_functions_is_told_nothing() -> None:
    assert greeting("0.0.1", functions_stamp()) == ""


def test_an_older_workbook_is_told_of_the_upgrade() -> None:
    told = greeting("0.0.1", "000000000000")
    assert "dhxl upgrade" in told
    assert metadata.version("dhxl") in told


def test_a_newer_workbook_is_told_to_install() -> None:
    assert "pip install --upgrade dhxl" in greeting("99.0", "000000000000")


def test_the_checksum_changes_with_the_arguments_of_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    before = functions_stamp()
    function = spec.REGISTRY["DH_LHD"]
    changed = type(function)(
        function.name, function.category, function.arguments[:1], function.result, function.examples, function.function
    )
    monkeypatch.setitem(spec._FUNCTIONS, "DH_LHD", changed)
    assert functions_stamp.__wrapped__() != before


def test_the_time_is_the_one_that_builds_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert moment() == "1970-01-01 00:00"
