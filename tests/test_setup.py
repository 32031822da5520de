"""``dhxl setup``: compiling once, and what processes do before and after."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from dhxl.cli import main
from dhxl.core.dispatch.compiled import SWITCH, compiled, compiles, remember_compiled
from dhxl.doctor.interpreter import recorded
from dhxl.doctor.machine import this_machine
from tests.conftest import REPOSITORY
from tests.doctor.machines import PYTHON, FakeRegistry, windows


@pytest.fixture
def fresh_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(SWITCH)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def square(x: float) -> float:
    return x * x


def test_a_fresh_machine_does_not_wait_for_the_compiler(fresh_machine: Path) -> None:
    assert not compiles()
    assert compiled(square) is square


def test_a_machine_that_has_compiled_goes_on_doing_so(fresh_machine: Path) -> None:
    remember_compiled()
    assert compiles()
    assert [path.parent for path in fresh_machine.rglob("compiled-*")] == [fresh_machine / "dhxl"]


def test_the_environment_has_the_last_word(fresh_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "1")
    assert compiles()
    remember_compiled()
    monkeypatch.setenv(SWITCH, "0")
    assert not compiles()


def test_setup_compiles_in_a_process_of_its_own_and_remembers(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def run(_command: list[str], env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(env[SWITCH])
        return subprocess.CompletedProcess(_command, 0, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["setup"]) == 0
    assert asked == ["1"]
    assert compiles()
    assert "compiled" in capsys.readouterr().out


def test_a_compiler_that_fails_is_told_and_not_remembered(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 1, b"", b"Traceback\nLoweringError: no space left")

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["setup"]) == 1
    assert not compiles()
    assert "no space left" in capsys.readouterr().err


def failing(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.CompletedProcess(command, 1, b"", b"LoweringError: no space left")


def test_a_compiler_that_fails_does_not_hide_that_python_is_recorded(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = dataclasses.replace(windows(), registry=FakeRegistry({}))
    monkeypatch.setattr("dhxl.cli.setup.this_machine", lambda: machine)
    monkeypatch.setattr(subprocess, "run", failing)
    assert main(["setup", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["recorded"]["changed"], told["compiled"], "no space left" in told["errors"][0]) == (True, False, True)
    assert recorded(machine) == PYTHON
    assert main(["setup"]) == 1
    assert "as before: environment variable DHXL_PYTHON" in capsys.readouterr().out


def test_settings_that_cannot_be_written_do_not_keep_setup_from_compiling(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Locked(FakeRegistry):
        def put(self, path: str, name: str, value: str) -> None:
            raise PermissionError(13, "Access is denied")

    machine = dataclasses.replace(windows(), registry=Locked({}))
    monkeypatch.setattr("dhxl.cli.setup.this_machine", lambda: machine)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, b"", b""))
    assert main(["setup"]) == 1
    told = capsys.readouterr()
    assert ("Access is denied" in told.err, "is compiled" in told.out) == (True, True)


def test_setup_is_taken_back_without_compiling(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = windows()
    monkeypatch.setattr("dhxl.cli.setup.this_machine", lambda: machine)
    monkeypatch.setattr(subprocess, "run", failing)
    assert main(["setup", "--undo"]) == 0
    assert "taken back: environment variable DHXL_PYTHON" in capsys.readouterr().out
    assert main(["setup", "--undo"]) == 0
    assert "Nothing was recorded" in capsys.readouterr().out


@pytest.mark.skipif(this_machine().system != "Linux", reason="says what Linux lacks")
def test_on_linux_setup_says_what_it_did_and_that_excel_is_not_there(
    fresh_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, b"", b""))
    assert main(["setup"]) == 0
    told = capsys.readouterr().out
    assert ("Excel does not run on Linux" in told, "dhxl run" in told, "is compiled" in told) == (True, True, True)


@pytest.mark.parametrize(
    ("system", "machine", "wanted"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", True),
        ("linux", "riscv64", False),
        ("darwin", "arm64", True),
        ("darwin", "x86_64", False),
        ("win32", "AMD64", True),
        ("win32", "ARM64", False),
        ("emscripten", "wasm32", False),
    ],
)
def test_the_compiler_is_asked_for_where_it_has_wheels(system: str, machine: str, wanted: bool) -> None:
    """Proves: dhxl installs where numba cannot be had. Sensitivity: pip would build it from source there, and fail."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        asked = [Requirement(one) for one in tomllib.load(file)["project"]["dependencies"]]
    (marker,) = [one.marker for one in asked if one.name == "numba"]
    assert marker is not None
    place = {"sys_platform": system, "platform_machine": machine, "platform_python_implementation": "CPython"}
    assert marker.evaluate(place) is wanted
