"""dhxl doctor: the Python that workbooks start, its library, and whether it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dhxl.doctor.examine import examine
from dhxl.doctor.interpreter import ENVIRONMENT, FOR_ALL, VARIABLE
from dhxl.doctor.trial import Trial
from tests.doctor.machines import (
    EXCEL,
    PYTHON,
    found,
    sound,
    windows,
)


def test_python_from_the_store_cannot_be_started() -> None:
    python = Path("C:/Users/ann/AppData/Local/Microsoft/WindowsApps/python.exe")
    finding = found(windows(python=python), "store_python")
    assert (finding.verdict, "python.org" in finding.mend) == ("trouble", True)


def test_python_without_pywin32_cannot_answer() -> None:
    finding = found(windows(has=lambda name: name != "pythoncom"), "com")
    assert (finding.verdict, "pywin32" in finding.mend) == ("trouble", True)


def test_a_missing_xlwings_is_told() -> None:
    finding = found(windows(xlwings=""), "xlwings")
    assert (finding.verdict, finding.mend) == ("trouble", f"{PYTHON} -m pip install dhxl[excel]")


def test_a_missing_library_is_told_with_its_name() -> None:
    finding = found(windows(exists=lambda path: path.name == "python.exe"), "library")
    assert (finding.verdict, "xlwings64-0.37.8.dll" in finding.text) == ("trouble", True)
    assert finding.mend.startswith(f"{PYTHON} -m pip install --force-reinstall --no-deps xlwings==0.37.8")


def test_a_library_that_pip_has_put_elsewhere_for_one_user_is_told_with_its_place() -> None:
    roaming = "C:/Users/ann/AppData/Roaming"
    files = (PYTHON, f"{roaming}/Python/xlwings64-0.37.8.dll")
    machine = windows(environment={VARIABLE: PYTHON, "APPDATA": roaming}, exists=lambda path: path.as_posix() in files)
    finding = found(machine, "library")
    assert (finding.verdict, f"{roaming}/Python" in finding.text) == ("trouble", True)
    assert "py -m venv" in finding.mend


def test_a_library_that_a_virus_scanner_holds_back_is_told() -> None:
    finding = found(windows(head=lambda _path: b""), "library")
    assert (finding.verdict, "cannot be read" in finding.text) == ("trouble", True)


def test_a_library_marked_as_coming_from_the_internet_may_be_blocked() -> None:
    finding = found(windows(zone=lambda path: "ZoneId=3" if path.suffix == ".dll" else ""), "library")
    assert (finding.verdict, "Unblock-File" in finding.mend) == ("warning", True)


def test_the_library_is_looked_for_beside_the_python_that_workbooks_start() -> None:
    other = "D:/team/python.exe"
    exists = {other, EXCEL, "D:/team/xlwings64-0.36.0.dll"}
    machine = windows(
        {(ENVIRONMENT, VARIABLE): other},
        exists=lambda path: path.as_posix() in exists,
        tried=lambda *_: sound(xlwings="0.36.0"),
    )
    assert found(machine, "library").verdict == "ok"


def test_python_that_was_never_recorded_is_told() -> None:
    machine = windows()
    machine.registry.remove(ENVIRONMENT, VARIABLE)
    finding = found(machine, "interpreter")
    assert (finding.verdict, finding.mend) == ("trouble", "dhxl setup")


def test_python_that_is_gone_is_told_and_not_tried() -> None:
    machine = windows({(ENVIRONMENT, VARIABLE): "D:/old/python.exe"})
    finding = found(machine, "interpreter")
    assert (finding.verdict, "gone" in finding.text) == ("trouble", True)
    assert not [one for one in examine(machine) if one.name == "answer"]


@pytest.mark.parametrize("value", ["python", "python.exe", f'"{PYTHON}"', f"{PYTHON} ", "C:/Users/ann/dhxl.exe"])
def test_what_excel_cannot_start_is_told_though_it_is_recorded(value: str) -> None:
    machine = windows({(ENVIRONMENT, VARIABLE): value}, exists=lambda _path: True)
    finding = found(machine, "interpreter")
    assert (finding.verdict, finding.mend) == ("trouble", "dhxl setup")


def test_a_python_without_a_window_is_a_warning() -> None:
    value = PYTHON.replace("python.exe", "pythonw.exe")
    assert (
        found(windows({(ENVIRONMENT, VARIABLE): value}, exists=lambda _path: True), "interpreter").verdict == "warning"
    )


def test_a_python_that_it_has_recorded_for_all_users_is_found() -> None:
    machine = windows({(FOR_ALL, VARIABLE): PYTHON})
    machine.registry.remove(ENVIRONMENT, VARIABLE)
    finding = found(machine, "interpreter")
    assert (finding.verdict, "for all users" in finding.text) == ("ok", True)


@pytest.mark.parametrize(
    ("problem", "mend"),
    [
        ("ModuleNotFoundError: No module named 'dhxl'", "pip install dhxl, or dhxl setup"),
        ("ModuleNotFoundError: No module named 'dhxl.functions.stamp'", "pip install --upgrade dhxl"),
        ("ModuleNotFoundError: No module named 'xlwings'", "pip install dhxl[excel]"),
        ("ImportError: DLL load failed while importing pywintypes: not found", "--force-reinstall pywin32"),
        ("ImportError: DLL load failed while importing _highs: not found", "may be behind it"),
        ("AttributeError: module 'win32com.gen_py.00020813' has no attribute 'CLSIDToClassMap'", "gen_py"),
        ("No Python at 'C:\\Python311\\python.exe'", "py -m venv"),
        ("This program is blocked by group policy", "ask IT"),
    ],
)
def test_a_recorded_python_that_does_not_start_dhxl_is_told_with_its_remedy(problem: str, mend: str) -> None:
    finding = found(windows(tried=lambda *_: Trial(problem=problem)), "answer")
    assert (finding.verdict, problem in finding.text, mend in finding.mend) == ("trouble", True, True)


def test_conda_mends_its_own_packages() -> None:
    def exists(path: Path) -> bool:
        return path.name == "conda-meta" or path.as_posix() in (PYTHON, EXCEL)

    machine = windows(exists=exists, tried=lambda *_: Trial(problem="No module named 'pywintypes'"))
    assert found(machine, "answer").mend == "conda install --force-reinstall pywin32"


def test_a_python_that_takes_too_long_is_a_warning() -> None:
    finding = found(windows(tried=lambda *_: Trial(problem="no answer within 60 s", slow=True)), "answer")
    assert (finding.verdict, "virus scanner may" in finding.text) == ("warning", True)


def test_a_recorded_python_with_another_dhxl_is_a_warning() -> None:
    finding = found(windows(tried=lambda *_: sound(dhxl="0.0.1")), "answer")
    assert (finding.verdict, "dhxl 0.0.1" in finding.text) == ("warning", True)


def test_the_recorded_python_is_started_as_the_desktop_would_not_as_an_activated_window() -> None:
    asked: list[tuple[str, tuple[str, ...], Mapping[str, str]]] = []

    def tried(python: str, modules: tuple[str, ...], environment: Mapping[str, str]) -> Trial:
        asked.append((python, modules, environment))
        return sound()

    registry = {
        (FOR_ALL, "Path"): "%SystemRoot%\\system32",
        (ENVIRONMENT, "Path"): "C:\\Users\\ann\\bin",
        (ENVIRONMENT, "PYTHONHOME"): "C:\\wrong",
    }
    window = {VARIABLE: PYTHON, "CONDA_PREFIX": "C:\\conda", "PATH": "C:\\conda", "SYSTEMROOT": "C:\\Windows"}
    examine(windows(registry, environment=window, tried=tried))
    python, modules, environment = asked[1]
    assert (python, modules[0], "pythoncom" in modules) == (PYTHON, "dhxl.hosts.excel", True)
    assert environment["PATH"] == "C:\\Windows\\system32;C:\\Users\\ann\\bin"
    assert (environment["PYTHONHOME"], "CONDA_PREFIX" in environment) == ("C:\\wrong", False)


def test_a_python_made_of_the_one_from_the_store_may_not_start() -> None:
    finding = found(windows(origin=Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation")), "store_python")
    assert (finding.verdict, "may" in finding.text) == ("warning", True)


def test_a_python_in_onedrive_is_a_warning() -> None:
    cloud = "C:/Users/ann/OneDrive - Firm"
    python = f"{cloud}/dhxl/Scripts/python.exe"
    machine = windows(
        {(ENVIRONMENT, VARIABLE): python},
        environment={VARIABLE: python, "OneDriveCommercial": cloud},
        exists=lambda _path: True,
    )
    assert found(machine, "python_cloud").verdict == "warning"


def test_a_path_with_other_letters_may_hinder_xlwings() -> None:
    python = "C:/Users/Αννα/dhxl/Scripts/python.exe"
    machine = windows({(ENVIRONMENT, VARIABLE): python}, exists=lambda _path: True)
    finding = found(machine, "python_letters")
    assert (finding.verdict, "may" in finding.text) == ("warning", True)


def test_another_python_than_this_one_is_a_warning() -> None:
    machine = windows(python=Path("C:/other/python.exe"))
    assert found(machine, "interpreter").verdict == "warning"


def test_a_window_from_before_the_setup_has_to_be_opened_anew() -> None:
    finding = found(windows(environment={}), "restart")
    assert (finding.verdict, "anew" in finding.mend) == ("warning", True)
