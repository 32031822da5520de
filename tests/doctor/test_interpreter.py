"""Where workbooks find Python: recorded, found again, taken back, and nothing else touched."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from dhxl.doctor.interpreter import (
    ENVIRONMENT,
    FOR_ALL,
    VARIABLE,
    forget_interpreter,
    record_interpreter,
    recorded,
)
from dhxl.doctor.machine import Machine, NoRegistry
from dhxl.errors import WorkbookError
from tests.doctor.machines import PYTHON, FakeRegistry, mac, windows

SETTINGS = "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"


def mac_with_excel(home: Path, **changes: Any) -> Machine:
    """Return a Mac on which Excel was started before, which makes its folder."""
    (home / SETTINGS).parent.mkdir(parents=True, exist_ok=True)
    return mac(home, **changes)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_windows_gets_one_environment_variable_of_the_account_and_is_told() -> None:
    told: list[bool] = []
    registry = FakeRegistry({(ENVIRONMENT, "PATH"): "C:\\bin"})
    machine = windows(registry=None, tell_all=lambda: told.append(True))
    machine = dataclasses.replace(machine, registry=registry)
    report = record_interpreter(machine)
    assert (report.changed, recorded(machine), told) == (True, str(machine.python), [True])
    assert set(registry.stored) == {(ENVIRONMENT.casefold(), "path"), (ENVIRONMENT.casefold(), VARIABLE.casefold())}
    assert all(
        word in report.advice for word in ("Enable Content", "Trusted Locations", "Unblock", "is not needed", "doctor")
    )


def test_a_second_time_changes_nothing() -> None:
    machine = windows(python=Path(PYTHON))
    record_interpreter(machine)
    assert not record_interpreter(machine).changed


def test_another_python_in_its_place_is_told() -> None:
    machine = dataclasses.replace(windows(), registry=FakeRegistry({(ENVIRONMENT, VARIABLE): "D:/old/python.exe"}))
    assert record_interpreter(machine).place.endswith(f"= {PYTHON} (before: D:/old/python.exe)")


def test_what_it_has_recorded_for_all_users_needs_no_record_of_the_account() -> None:
    registry = FakeRegistry({(FOR_ALL, VARIABLE): PYTHON})
    machine = dataclasses.replace(windows(), registry=registry)
    report = record_interpreter(machine)
    assert (report.changed, "for all users" in report.place, len(registry.stored)) == (False, True, 1)
    left = forget_interpreter(machine)
    assert (left.changed, "only IT changes" in left.advice, len(registry.stored)) == (False, True, 1)


def test_taking_back_the_accounts_record_tells_that_the_one_for_all_users_holds() -> None:
    registry = FakeRegistry({(FOR_ALL, VARIABLE): "D:/team/python.exe", (ENVIRONMENT, VARIABLE): PYTHON})
    machine = dataclasses.replace(windows(), registry=registry)
    assert "D:/team/python.exe" in forget_interpreter(machine).advice
    assert recorded(machine) == "D:/team/python.exe"


def test_taking_back_leaves_windows_as_it_was() -> None:
    registry = FakeRegistry({(ENVIRONMENT, "PATH"): "C:\\bin"})
    machine = dataclasses.replace(windows(), registry=registry)
    before = dict(registry.stored)
    record_interpreter(machine)
    assert forget_interpreter(machine).changed
    assert registry.stored == before
    assert not forget_interpreter(machine).changed


def test_a_mac_keeps_what_other_workbooks_have_set(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    machine = mac_with_excel(tmp_path)
    file.write_text('"INTERPRETER_MAC","/opt/other/python"\n"SHOW CONSOLE","False"\n', encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    assert record_interpreter(machine).changed
    assert recorded(machine) == "/usr/local/bin/python3"
    assert '"SHOW CONSOLE","False"' in file.read_text(encoding="utf-8")
    forget_interpreter(machine)
    assert sorted(file.read_text(encoding="utf-8").splitlines()) == sorted(before.splitlines())


def test_a_mac_gets_the_script_that_excel_starts(tmp_path: Path) -> None:
    record_interpreter(mac_with_excel(tmp_path))
    assert [path.name for path in (tmp_path / SCRIPTS).iterdir()] == ["xlwings-0.37.8.applescript"]


def test_taking_back_leaves_a_mac_as_it_was(tmp_path: Path) -> None:
    machine = mac_with_excel(tmp_path)
    assert record_interpreter(machine).changed
    assert not record_interpreter(machine).changed
    assert len(files(tmp_path)) == 2
    assert forget_interpreter(machine).changed
    assert files(tmp_path) == {}
    assert not forget_interpreter(machine).changed


def test_a_script_that_xlwings_itself_has_put_there_stays(tmp_path: Path) -> None:
    machine = mac_with_excel(tmp_path)
    script = tmp_path / SCRIPTS / "xlwings-0.37.8.applescript"
    script.parent.mkdir(parents=True)
    script.write_text("theirs", encoding="utf-8")
    record_interpreter(machine)
    forget_interpreter(machine)
    assert files(tmp_path) == {f"{SCRIPTS}/xlwings-0.37.8.applescript": b"theirs"}


def test_what_somebody_has_set_since_stays_on_a_mac(tmp_path: Path) -> None:
    machine = mac_with_excel(tmp_path)
    record_interpreter(machine)
    file = tmp_path / SETTINGS
    file.write_text(
        file.read_text("utf-8").replace('"INTERPRETER_MAC","/usr/local', '"INTERPRETER_MAC","/opt'), "utf-8"
    )
    assert "it stays" in forget_interpreter(machine).advice
    assert file.read_text("utf-8") == '"INTERPRETER_MAC","/opt/bin/python3"\n'


def test_a_second_python_of_dhxl_does_not_take_the_first_for_somebodys(tmp_path: Path) -> None:
    machine = mac_with_excel(tmp_path)
    record_interpreter(machine)
    second = dataclasses.replace(machine, python=Path("/opt/bin/python3"))
    record_interpreter(second)
    forget_interpreter(second)
    assert recorded(second) == ""


def test_a_name_in_the_settings_removes_nothing_elsewhere(tmp_path: Path) -> None:
    machine = mac_with_excel(tmp_path)
    (tmp_path / "mine.applescript").write_text("mine", encoding="utf-8")
    (tmp_path / SETTINGS).write_text('"DHXL_SCRIPT","../../../mine.applescript"\n', encoding="utf-8")
    forget_interpreter(machine)
    assert (tmp_path / "mine.applescript").exists()


def test_a_mac_on_which_excel_was_never_started_is_left_alone(tmp_path: Path) -> None:
    report = record_interpreter(mac(tmp_path))
    assert (report.changed, "start it once" in report.advice) == (False, True)
    assert files(tmp_path) == {}


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
