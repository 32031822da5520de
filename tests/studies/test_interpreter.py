"""Where workbooks find Python: recorded, found again, taken back, and nothing else touched."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dhxl.errors import WorkbookError
from dhxl.studies.interpreter import ENVIRONMENT, VARIABLE, forget_interpreter, record_interpreter, recorded
from dhxl.studies.machine import NoRegistry
from tests.studies.machines import PYTHON, FakeRegistry, mac, windows

SETTINGS = "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"


def test_windows_gets_one_environment_variable_of_the_account_and_is_told() -> None:
    told: list[bool] = []
    registry = FakeRegistry({(ENVIRONMENT, "PATH"): "C:\\bin"})
    machine = windows(registry=None, tell_all=lambda: told.append(True))
    machine = dataclasses.replace(machine, registry=registry)
    report = record_interpreter(machine)
    assert (report.changed, recorded(machine), told) == (True, str(machine.python), [True])
    assert set(registry.values) == {(ENVIRONMENT.casefold(), "path"), (ENVIRONMENT.casefold(), VARIABLE.casefold())}
    assert "Enable Content" in report.advice


def test_a_second_time_changes_nothing() -> None:
    machine = windows(python=Path(PYTHON))
    record_interpreter(machine)
    assert not record_interpreter(machine).changed


def test_taking_back_leaves_windows_as_it_was() -> None:
    registry = FakeRegistry({(ENVIRONMENT, "PATH"): "C:\\bin"})
    machine = dataclasses.replace(windows(), registry=registry)
    before = dict(registry.values)
    record_interpreter(machine)
    assert forget_interpreter(machine).changed
    assert registry.values == before
    assert not forget_interpreter(machine).changed


def test_a_mac_keeps_what_other_workbooks_have_set(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    file.parent.mkdir(parents=True)
    file.write_text('"INTERPRETER_MAC","/opt/other/python"\n"SHOW CONSOLE","False"\n', encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    machine = mac(tmp_path)
    assert record_interpreter(machine).changed
    assert recorded(machine) == "/usr/local/bin/python3"
    assert '"SHOW CONSOLE","False"' in file.read_text(encoding="utf-8")
    forget_interpreter(machine)
    assert sorted(file.read_text(encoding="utf-8").splitlines()) == sorted(before.splitlines())


def test_a_mac_gets_the_script_that_excel_starts(tmp_path: Path) -> None:
    record_interpreter(mac(tmp_path))
    scripts = tmp_path / "Library/Application Scripts/com.microsoft.Excel"
    assert [path.name for path in scripts.iterdir()] == ["xlwings-0.37.8.applescript"]


def test_elsewhere_nothing_is_recorded(tmp_path: Path) -> None:
    machine = mac(tmp_path, system="Linux")
    assert not record_interpreter(machine).changed
    assert not forget_interpreter(machine).changed
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_written_are_told_in_a_sentence() -> None:
    class Locked(NoRegistry):
        def put(self, path: str, name: str, value: str) -> None:
            raise PermissionError(13, "Access is denied")

    with pytest.raises(WorkbookError, match="cannot be written"):
        record_interpreter(dataclasses.replace(windows(), registry=Locked()))
