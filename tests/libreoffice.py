"""LibreOffice as a second spreadsheet program for the tests: converts, recalculates, edits.

A test asks for the fixture ``libreoffice`` and carries the marker of the same name::

    @pytest.mark.libreoffice
    def test_something(libreoffice: Office, tmp_path: Path) -> None:
        values = libreoffice.recalculated_values(path)["Cashflow"][7, 3]
        pdf = libreoffice.converted(path, "pdf", tmp_path)
        npv = libreoffice.run(
            '''
        book = opened(arguments["path"])
        insert_rows(book, "Costs", 12)
        rename_sheet(book, "Plant", "Anlage")
        set_value(book, "Prices", "C7", 120)
        book.calculateAll()
        result = named_value(book, "npv_eur_1")
        saved(book, arguments["out"])
        ''',
            path=str(path),
            out=str(tmp_path / "out.xlsm"),
        )

What a script can call stands in libreoffice_runner.py. Where LibreOffice is absent such tests are skipped, on CI
they fail. One program with its own profile serves the whole test run; files are opened as copies, so lock files
beside the originals do not matter and none are left.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dhxl.hosts.libreoffice import bare_environment, find_libreoffice
from dhxl.workbook.package import Package
from dhxl.workbook.patch import without_caches
from dhxl.workbook.values import CellValue

_RUNNER = Path(__file__).with_name("libreoffice_runner.py")
_FIRST_START = 81  # exit code of the first start on a new profile: start again
_STARTS = 5
_TRIES = 2  # a signal ends LibreOffice's Python once in some hundred scripts, without a word on what it did
_PATIENCE_S = 120  # of one script, of starting up and of stopping


@dataclass
class Office:
    """A LibreOffice of the test run's own, started when first needed."""

    program: Path
    python: Path
    folder: Path
    pipe: str = field(default_factory=lambda: f"dhxl{os.getpid()}{secrets.token_hex(4)}")
    process: subprocess.Popen[bytes] | None = None

    def run(self, source: str, **arguments: Any) -> Any:
        """Run a script in LibreOffice's Python and return what it leaves in ``result`` (anything that JSON holds)."""
        self._start()
        answer = self._asked(textwrap.dedent(source), arguments)
        if "error" in answer:
            raise AssertionError(f"the script failed in LibreOffice:\n{answer['error']}")
        return answer["result"]

    def converted(self, path: Path, kind: str, folder: Path) -> Path:
        """Return the file as LibreOffice writes it in another format (xlsx, xlsm, ods, pdf), with cached values."""
        target = folder / f"{path.stem}.{kind}"
        source = 'saved(opened(arguments["path"]), arguments["target"])'
        self.run(source, path=str(self.copy(path)), target=str(target))
        return target

    def recalculated_values(self, path: Path) -> dict[str, dict[tuple[int, int], CellValue]]:
        """Return all values of all worksheets as LibreOffice computes them, none taken from the file's caches.

        Every stored result is stripped before LibreOffice sees the file. Types come from what it saves, numbers from
        its memory, since it saves 15 digits only.
        """
        package = Package.open(path)
        sheets = [package.cells(sheet.name) for sheet in package.sheets if sheet.kind == "worksheet"]
        parts = [sheet.part for sheet in package.sheets if sheet.kind == "worksheet"]
        stripped = self.copy(path)
        stripped.write_bytes(
            package.rebuilt({part: without_caches(sheet) for part, sheet in zip(parts, sheets, strict=True)})
        )
        target = stripped.with_name(f"calculated-{stripped.stem}.xlsx")
        numbers = self.run(
            """
            book = opened(arguments["path"])
            book.calculateAll()
            saved(book, arguments["target"])
            result = numbers(book)
            """,
            path=str(stripped),
            target=str(target),
        )
        saved = Package.open(target)
        return {
            sheet.name: {
                (row, col): float(numbers[sheet.name][row - 1][col - 1]) if type(cell.value) is float else cell.value
                for (row, col), cell in saved.cells(sheet.name).cells.items()
                if cell.value is not None
            }
            for sheet in saved.sheets
            if sheet.kind == "worksheet"
        }

    def copy(self, path: Path) -> Path:
        """Return a copy of a file that no lock file concerns."""
        folder = self.folder / secrets.token_hex(4)
        folder.mkdir()
        return Path(shutil.copyfile(path, folder / path.name))

    def stop(self) -> None:
        """End LibreOffice."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self._asked("desktop.terminate()", {})
        try:
            self.process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._killed(self.process)
        self.process = None

    def _start(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        profile = (self.folder / "profile").as_uri()
        command = [str(self.program), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"]
        command += ["--nodefault", f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext"]
        for _ in range(_STARTS):
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=bare_environment(),
                start_new_session=os.name == "posix",
            )
            if self._answers(self.process):
                return
            if self.process.returncode != _FIRST_START:
                break
        raise AssertionError(
            f"{self.program} does not start (exit code {self.process.returncode if self.process else None})"
        )

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Return whether the program takes a script before it ends or patience does."""
        pause_s = 0.2
        for _ in range(int(_PATIENCE_S / pause_s)):
            if "result" in self._asked("result = True", {}):
                return True
            try:
                process.wait(pause_s)
            except subprocess.TimeoutExpired:
                continue
            return False
        self._killed(process)
        return False

    def _asked(self, source: str, arguments: dict[str, Any]) -> dict[str, Any]:
        for _ in range(_TRIES):
            ended = subprocess.run(
                [str(self.python), str(_RUNNER), self.pipe],
                input=json.dumps({"source": source, "arguments": arguments}).encode(),
                capture_output=True,
                timeout=_PATIENCE_S,
                env=bare_environment(),
                check=False,
            )
            if ended.returncode >= 0:
                break
        if ended.returncode:
            return {"error": f"exit code {ended.returncode}\n{ended.stderr.decode(errors='replace')}"}
        answer: dict[str, Any] = json.loads(ended.stdout)
        return answer

    @staticmethod
    def _killed(process: subprocess.Popen[bytes]) -> None:
        """End the program and what it started, which stand in a group of their own."""
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(_PATIENCE_S)


@cache
def _found() -> tuple[Path, Path] | None:
    """Return LibreOffice and the Python that reaches it, None where either is absent."""
    program = find_libreoffice()
    if program is None:
        return None
    own = program.resolve().parent
    pythons = (own / "python", own / "python.exe", own.parent / "Resources" / "python", Path("/usr/bin/python3"))
    for python in (*pythons, Path(sys.executable)):
        if python.exists():
            test = subprocess.run(
                [str(python), "-c", "import uno"], capture_output=True, env=bare_environment(), check=False
            )
            if test.returncode == 0:
                return program, python
    return None


def programs() -> tuple[Path, Path]:
    """Return LibreOffice and its Python; without them the test is skipped, on CI it fails."""
    found = _found()
    if found is None:
        message = "LibreOffice with its Python (packages libreoffice-calc and python3-uno) is not on this machine"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return LibreOffice for the whole test run."""
    office = Office(*programs(), tmp_path_factory.mktemp("libreoffice"))
    yield office
    office.stop()
