"""dhxl doctor: each trouble is found on a machine that has it, named, and mended by what it says."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from dhxl.cli import main
from dhxl.doctor.examine import examine
from dhxl.doctor.interpreter import ENVIRONMENT, VARIABLE, record_interpreter
from dhxl.doctor.machine import Machine, this_machine
from dhxl.doctor.trial import Trial
from tests.doctor.machines import (
    RULES,
    SECURITY,
    FakeRegistry,
    found,
    mac,
    windows,
)
from tests.studies.test_upgrade import older


def test_a_sound_machine_has_no_findings_but_good_ones() -> None:
    assert {finding.verdict for finding in examine(windows())} == {"ok"}


def test_an_engine_that_does_not_start_is_told_on_every_system() -> None:
    machine = windows(system="Linux", tried=lambda *_: Trial(problem="ImportError: cannot open shared object file"))
    finding = found(machine, "engine")
    assert (finding.verdict, "formualizer" in finding.mend) == ("trouble", True)


def test_a_dispatch_that_is_not_compiled_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHXL_COMPILE", "0")
    assert found(windows(), "compiled").mend == "dhxl setup"


def test_settings_that_may_not_be_read_are_findings_and_the_rest_is_looked_at() -> None:
    class Closed(FakeRegistry):
        def value(self, path: str, name: str) -> str | int | None:
            if "Defender" in path:
                raise PermissionError(13, "Access is denied")
            return super().value(path, name)

    sound_machine = windows()
    assert isinstance(sound_machine.registry, FakeRegistry)
    registry = Closed(sound_machine.registry.stored)
    findings = examine(dataclasses.replace(sound_machine, registry=registry))
    assert [one.text for one in findings if one.verdict != "ok"] == ["this could not be looked at (Access is denied)"]


def test_a_registry_that_is_closed_altogether_is_no_traceback() -> None:
    class Closed(FakeRegistry):
        def value(self, path: str, name: str) -> str | int | None:
            raise PermissionError(13, "Access is denied")

    findings = examine(dataclasses.replace(windows(), registry=Closed({})))
    assert sum("could not be looked at" in one.text for one in findings) >= 3


def test_a_mac_without_setup_lacks_two_things(tmp_path: Path) -> None:
    verdicts = {finding.name: finding.verdict for finding in examine(mac(tmp_path))}
    assert (verdicts["interpreter"], verdicts["script"], verdicts["functions"]) == ("trouble", "trouble", "warning")


def test_a_mac_after_setup_lacks_nothing(tmp_path: Path) -> None:
    (tmp_path / "Library/Containers/com.microsoft.Excel/Data").mkdir(parents=True)
    machine = mac(tmp_path, exists=lambda path: path.exists() or str(path) == "/usr/local/bin/python3")
    record_interpreter(machine)
    verdicts = {finding.name: finding.verdict for finding in examine(machine)}
    assert (verdicts["interpreter"], verdicts["answer"], verdicts["script"]) == ("ok", "ok", "ok")
    assert found(dataclasses.replace(machine, python=Path("/opt/python3")), "interpreter").verdict == "warning"
    assert found(dataclasses.replace(machine, exists=lambda _path: False), "interpreter").verdict == "trouble"


def test_on_this_machine_the_command_ends_well_and_says_where_excel_is(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    if this_machine().system == "Linux":
        assert code == 0
        assert [one["verdict"] for one in told["findings"] if one["name"] == "excel"] == ["not here"]
    assert code == int(told["troubles"] > 0)
    assert set(told) == {"findings", "troubles", "warnings"}
    assert all(set(one) == {"name", "verdict", "text", "mend"} for one in told["findings"])


def printed(machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setattr("dhxl.cli.doctor.this_machine", lambda: machine)
    main(["doctor"])
    return capsys.readouterr().out.splitlines()


def test_troubles_come_first_and_the_last_line_sums_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = windows({(SECURITY, "VBAWarnings"): 4, (ENVIRONMENT, VARIABLE): "D:/old/python.exe"})
    lines = printed(machine, monkeypatch, capsys)
    verdicts = [line[:9].strip() for line in lines if line[:1].strip()][:-1]
    assert verdicts == sorted(verdicts, key=["trouble", "warning", "not here", "ok"].index)
    assert lines[-1] == "2 troubles, 1 warning"
    assert not any("\x1b" in line for line in lines)
    assert printed(windows(), monkeypatch, capsys)[-1] == (
        "0 troubles, 0 warnings, nothing keeps workbooks from working"
    )


def test_on_a_screen_the_same_stands_there_in_colours_unless_these_are_not_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = printed(windows({(SECURITY, "VBAWarnings"): 4}), monkeypatch, capsys)
    assert "\x1b[1;31mtrouble" in lines[0]
    monkeypatch.setenv("NO_COLOR", "1")
    lines = printed(windows({(SECURITY, "VBAWarnings"): 4}), monkeypatch, capsys)
    assert ("trouble" in lines[0], "31m" in lines[0]) == (True, False)


def test_a_missing_workbook_ends_with_a_code_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "nowhere.xlsm"]) == 1
    assert "nowhere.xlsm: does not exist" in capsys.readouterr().out


def test_every_finding_that_is_not_good_says_what_mends_it(tmp_path: Path) -> None:
    everything_wrong = windows(
        {(RULES, "d4f940ab-401b-4efc-aadc-ad5f3c50688a"): 1, (SECURITY, "VBAWarnings"): 4},
        python=Path("C:/Users/ann/WindowsApps/python.exe"),
        has=lambda _name: False,
        exists=lambda _path: False,
        environment={},
        zone=lambda _path: "ZoneId=3",
    )
    findings = examine(everything_wrong, older(tmp_path / "old.xlsm"))
    assert sum(finding.verdict == "trouble" for finding in findings) >= 8
    assert all(finding.mend for finding in findings if finding.verdict != "ok")
